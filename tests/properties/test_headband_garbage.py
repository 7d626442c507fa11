"""Whatever a headband sends, nothing breaks, and of what is no signal nothing is noticed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from unit.headband_replay import CYTON, READY_S, chunk, felt
from vybor.contracts import evidence
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import gestures
from world.cyton_scalp import HZ

ODD = st.sampled_from([np.nan, np.inf, -np.inf, 187_500.0, -187_500.0, 0.0, 1e30, -3e38, 40.0, -40.0, 900.0])
RULES = tuple(gestures.Rule(BY_NAME[name], 0.7, 3.0, brow=True) for name in ("cyton", "muse_2"))


@settings(max_examples=15, deadline=None)
@given(
    rule=st.sampled_from(RULES),
    odd=arrays.arrays(np.float32, (8, 60), elements=ODD.map(np.float32)),
    gaps=st.lists(st.integers(-500, 500), min_size=1, max_size=6),
    stretch=st.integers(1, 12),
)
def test_odd_samples_and_indices_break_nothing(
    rule: gestures.Rule, odd: np.ndarray, gaps: list[int], stretch: int
) -> None:
    state: gestures.Sensing | None = None
    first = 0
    for gap in gaps:
        piece = np.repeat(odd, stretch, axis=1)
        state, seen = gestures.step(state, chunk(first, piece, rule.board.hz), rule)
        first += piece.shape[1] + gap
        assert all(abs(one.log_odds) <= 2 * evidence.CAP for one in seen)


@settings(max_examples=8, deadline=None)
@given(
    channels=st.lists(st.sampled_from([np.nan, np.inf, 187_500.0, -187_500.0, 0.0, 42.0]), min_size=8, max_size=8),
    after_s=st.floats(0.5, 3.0),
)
def test_of_channels_that_are_no_signal_nothing_is_noticed(channels: list[float], after_s: float) -> None:
    skin = felt([], READY_S + 4)
    began = round((READY_S + after_s) * HZ)
    skin[:, began:] = np.array(channels, np.float32)[:, None]
    state: gestures.Sensing | None = None
    for start in range(0, skin.shape[1], 25):
        state, seen = gestures.step(state, chunk(start, skin[:, start : start + 25]), gestures.Rule(CYTON, 0.7))
        assert [one for one in seen if one.kind in ("double_blink", "clench")] == []
