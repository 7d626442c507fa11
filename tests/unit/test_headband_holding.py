"""Teeth held together for seconds, on signals whose truth is known, and in recordings in which nobody did so."""

from collections import Counter

import numpy as np
import pytest

from unit.headband_replay import CYTON, READY_S, Microvolts, clench, felt, kinds, seen
from unit.test_headband_real_recording import recording
from vybor.contracts.messages import GestureKind
from vybor.core.decision import calling
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole
from vybor.headband.process import hold_s
from world.cyton_scalp import HZ

HELD = GestureKind.LONG_CLENCH
HOLD_S = HeadbandSettings().help_clench_s
SHORTER_S = 0.5
"""Than any hold that can be set: what is not as long as this is far from a call for help."""


def held(lasts_s: float, strength: float = 1.0, more_s: float = 2.0) -> Microvolts:
    """A clench of this strength, where 1 is that of the scripted scalp."""
    lasts = READY_S + lasts_s + more_s
    quiet, skin = felt([], lasts), felt([(READY_S, clench(lasts_s))], lasts)
    return (quiet + strength * (skin - quiet)).astype(np.float32)


@pytest.mark.parametrize("lasts_s", [3.3, 6.0, 12.0])
def test_a_held_clench_is_told_once_while_it_lasts_and_is_no_other(lasts_s: float) -> None:
    found = seen(held(lasts_s), hold_s=HOLD_S)
    assert Counter(one.kind for one in found) == {HELD: 1}
    (one,) = found
    assert abs(one.onset / HZ - READY_S) <= 0.1
    assert 0 <= one.known / HZ - READY_S - HOLD_S <= 0.15
    assert one.log_odds >= calling.LEAST_LOG_ODDS


@pytest.mark.parametrize("lasts_s", [0.6, 1.5])
def test_a_clench_that_chooses_is_no_call_and_one_in_between_is_nothing(lasts_s: float) -> None:
    found = seen(held(lasts_s), hold_s=HOLD_S)
    assert Counter(one.kind for one in found) == {GestureKind.CLENCH: 1}
    assert seen(held(2.5), hold_s=HOLD_S) == []


def test_it_can_be_held_again() -> None:
    skin = felt([(READY_S + 8 * place, clench(3.5)) for place in range(3)], READY_S + 25)
    assert Counter(one.kind for one in seen(skin, hold_s=HOLD_S)) == {HELD: 3}


def test_where_it_is_switched_off_nothing_is_told() -> None:
    assert seen(held(6.0)) == []


@pytest.mark.parametrize("strength", [0.1, 0.2, 0.3])
def test_a_jaw_that_is_tense_or_yawns_is_too_faint_to_call(strength: float) -> None:
    """There is no recording of a yawn: muscle at up to a third of a clench, for six seconds, stands in for it."""
    found = seen(held(6.0, strength), hold_s=HOLD_S)
    assert [one for one in found if one.log_odds >= calling.LEAST_LOG_ODDS] == []


@pytest.mark.parametrize(("bite_s", "pause_s"), [(0.3, 0.3), (0.5, 0.25), (0.8, 0.2)])
def test_chewing_on_both_sides_is_no_held_clench(bite_s: float, pause_s: float) -> None:
    bites = [(READY_S + place * (bite_s + pause_s), clench(bite_s)) for place in range(25)]
    assert kinds(seen(felt(bites, READY_S + 30), hold_s=SHORTER_S * 4), HELD) == []


def test_one_jaw_alone_is_no_held_clench() -> None:
    skin = felt([(READY_S, clench(6.0))], READY_S + 8)
    skin[3] = felt([], READY_S + 8, seed=2)[3]
    assert kinds(seen(skin, hold_s=HOLD_S), HELD) == []


def test_a_moment_of_quiet_begins_it_anew() -> None:
    skin = held(6.0)
    gap = slice(round((READY_S + 2.8) * HZ), round((READY_S + 3.2) * HZ))
    skin[:, gap] = felt([], READY_S + 8)[:, gap]
    found = kinds(seen(skin, hold_s=HOLD_S), HELD)
    assert found == []


@pytest.mark.parametrize("value", [np.nan, 187_500.0])
def test_an_electrode_that_is_lost_says_nothing_of_a_jaw(value: float) -> None:
    skin = held(6.0)
    skin[2, round((READY_S + 1) * HZ) : round((READY_S + 4) * HZ)] = value
    assert kinds(seen(skin, hold_s=HOLD_S), HELD) == []


def test_a_headband_that_lost_its_forehead_calls_all_the_same() -> None:
    skin = held(4.0)
    skin[:2] = np.nan
    assert Counter(one.kind for one in seen(skin, hold_s=HOLD_S)) == {HELD: 1}


def test_it_does_not_matter_where_the_signal_is_cut() -> None:
    skin = held(4.0)
    whole = seen(skin, (skin.shape[1] // 2,), hold_s=HOLD_S)
    assert seen(skin, range(1, skin.shape[1], 7), hold_s=HOLD_S) == whole


@pytest.mark.parametrize(("set_s", "held_s"), [(0.0, 0.0), (0.5, 2.0), (2.0, 2.0), (4.5, 4.5)])
def test_a_hold_is_never_as_short_as_a_clench_that_chooses(set_s: float, held_s: float) -> None:
    assert hold_s(HeadbandSettings(help_clench_s=set_s)) == held_s


MUSE = (
    *("muse_p300_a.csv", "muse_p300_b.csv", "muse_p300_c.csv", "muse_ssvep_s3_a.csv"),
    *("muse_ssvep_s1_a.csv", "muse_ssvep_s1_b.csv", "muse_ssvep_s1_c.csv"),
)


@pytest.mark.slow
@pytest.mark.parametrize("name", [MUSE[1], pytest.param("all", marks=pytest.mark.slow)])
def test_in_thirteen_minutes_of_people_at_a_screen_no_jaw_is_loud_for_half_a_second(name: str) -> None:
    """780 s; the longest loud time of both jaws is 0.24 s. Even so it could be one in four minutes (95 %)."""
    muse = BY_NAME["muse_2016"]
    for each in MUSE if name == "all" else (name,):
        rows = np.genfromtxt(recording(each), delimiter=",", skip_header=1, dtype=np.float32)
        found = seen(np.ascontiguousarray(rows[:, 1:5].T), board=muse, hold_s=SHORTER_S)
        assert kinds(found, HELD) == []


@pytest.mark.slow
@pytest.mark.parametrize("temporal", [(2, 3), (4, 5), (0, 1), (6, 7)])
def test_blinks_chewing_and_clenches_of_a_real_person_are_no_held_clench(
    temporal: tuple[int, int],
) -> None:
    """90 s, wherever the electrodes are: the longest loud time is that of a clench, 0.37 s."""
    skin = whole(opened(recording("openbci_blinks_jaw_alpha.txt")))
    first = skin.copy()
    first[[2, 3]], first[list(temporal)] = skin[list(temporal)], skin[[2, 3]]
    assert kinds(seen(first, board=CYTON, hold_s=SHORTER_S), HELD) == []
