"""The bench of engagement: on a scalp whose alpha is known."""

import numpy as np
import pytest

from benches import headband_engagement, headband_files
from benches.headband_files import Recording
from unit.headband_replay import CYTON, felt
from unit.test_headband_real_recording import recording
from vybor.foundation.errors import Missing
from world.cyton_scalp import HZ

FROM_S, UNTIL_S = 32.0, 40.0


def scalp(seed: int, rise: float = 0.0) -> Recording:
    """Forty-five seconds, with more alpha for some of them."""
    skin = felt([], 45.0, seed)
    at_s = np.arange(skin.shape[1]) / HZ
    is_high = (at_s >= FROM_S) & (at_s < UNTIL_S)
    skin += (rise * np.sin(2 * np.pi * 10 * at_s) * is_high).astype(np.float32)
    return Recording(CYTON, skin)


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return headband_engagement.figures([("rest", scalp(1)), ("alpha", scalp(2, rise=25.0))])


def test_of_somebody_who_is_known_most_is_told_and_of_a_stranger_nothing(figures: dict[str, float]) -> None:
    for name in ("rest", "alpha"):
        assert figures[f"{name}.minutes"] == pytest.approx(0.74, abs=0.01)
        assert 0.05 < figures[f"{name}.absent"] < 0.4
        assert figures[f"{name}.left_out"] < 0.3
        assert figures[f"{name}.cold"] == 0.0
        assert 0.2 < figures[f"{name}.z_iqr"] < 4
    assert abs(figures["rest.z_median"]) < 0.5


def test_a_rise_of_alpha_is_found_where_it_is(figures: dict[str, float]) -> None:
    """A value is of the four seconds before it."""
    assert FROM_S < figures["alpha.alpha_longest_from_s"] < FROM_S + 4
    assert UNTIL_S < figures["alpha.alpha_longest_until_s"] < UNTIL_S + 4.5
    assert figures["alpha.alpha_high"] > figures["rest.alpha_high"]
    assert figures["alpha.drowsy"] == 0.0  # it did not last for half a minute


@pytest.mark.slow
def test_on_a_real_recording_the_alpha_of_closed_eyes_is_found_at_the_back_of_the_head() -> None:
    """By eye it lasts from 64 to 76 s. Ninety seconds take two to four here."""
    felt_by = headband_files.read(recording("openbci_blinks_jaw_alpha.txt"))
    found = headband_engagement.figures([("openbci", felt_by)], jaws=(7, 8))
    assert 64 < found["openbci.alpha_longest_from_s"] < 70
    assert 71 < found["openbci.alpha_longest_until_s"] < 80


@pytest.mark.parametrize("jaws", [(0, 1), (3, 9)])
def test_a_channel_that_is_not_there_is_said(jaws: tuple[int, int]) -> None:
    with pytest.raises(Missing, match="has the channels 1 to 8; name two of them with --jaws"):
        headband_engagement.figures([("rest", scalp(1))], jaws)


def test_a_recording_of_which_nothing_can_be_believed_is_said() -> None:
    nothing = Recording(CYTON, np.full((8, 5 * HZ), np.nan, np.float32))
    with pytest.raises(Missing, match="too little of the first recording can be believed"):
        headband_engagement.figures([("nothing", nothing)])


def test_of_a_second_recording_without_anything_there_is_no_share(capsys: pytest.CaptureFixture[str]) -> None:
    short = Recording(CYTON, np.zeros((8, 10), np.float32))
    found = headband_engagement.figures([("rest", scalp(1)), ("short", short)])
    assert found["short.minutes"] == 0.0
    assert {key for key in found if key.startswith("short.")} == {"short.minutes"}
    assert "not to be had, for there was nothing to count: short.absent" in capsys.readouterr().out
