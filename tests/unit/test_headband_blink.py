"""What is a blink and what is none, on excursions that are drawn: heights, widths, rises and ways."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vybor.headband.detecting import blink
from vybor.headband.detecting.blink import LEAST_THRESHOLD, Deflection, Lids

HZ = 250
QUIET_S = 4.0
Signal = NDArray[np.float64]


def watched(felt: Signal, leaning: float = 0.0) -> tuple[Lids, list[Deflection]]:
    """Eyes x samples after a quiet time; both alike if there is one row."""
    eyes = np.atleast_2d(felt)
    eyes = np.vstack([eyes, eyes]) if len(eyes) == 1 else eyes
    lids, found = blink.begin(HZ, 0, leaning), []
    for index, each in enumerate(eyes.T.tolist()):
        lids, deflection = blink.sample(lids, tuple(each))
        found += [deflection] if deflection else []
        if (index + 1) % (HZ // 10) == 0:
            lids = blink.block_over(lids)
    return lids, found


def drawn(*parts: tuple[float, float], before: float = 0.0) -> Signal:
    """A quiet time, then straight lines to each height in so many seconds, and a second of rest."""
    signal, last = [np.full(round(QUIET_S * HZ), before)], before
    for height, lasts_s in parts:
        count = max(1, round(lasts_s * HZ))
        signal.append(np.linspace(last, height, count + 1)[1:])
        last = height
    return np.concatenate([*signal, np.full(HZ, last)])


def bump(microvolts: float, width_s: float) -> Signal:
    """Up and down, so wide at half of its height."""
    return drawn((microvolts, width_s), (0.0, width_s))


def is_blink(felt: Signal, leaning: float = 0.0) -> bool | None:
    """Of the only deflection; None if there is none."""
    _, found = watched(felt, leaning)
    assert len(found) <= 1
    return found[0].is_blink if found else None


@pytest.mark.parametrize(
    ("felt", "says"),
    [
        (bump(33, 0.1), None),
        (bump(42, 0.1), True),
        (bump(-42, 0.1), True),
        (bump(1_450, 0.1), True),
        (bump(1_550, 0.1), False),
        (bump(100, 0.024), False),
        (bump(100, 0.052), True),
        (bump(100, 0.3), True),
        (drawn((100, 0.05), (100, 0.24), (0, 0.1)), True),
        (drawn((100, 0.05), (100, 0.31), (0, 0.1)), False),
        (bump(60, 0.2), True),
        (drawn((60, 0.05), (60, 0.16), (0, 0.12)), False),  # wide, and not twice as high as it must be
        (drawn((75, 0.05), (75, 0.16), (0, 0.12)), True),
        (drawn((200, 0.32), (0, 0.06)), True),
        (drawn((200, 0.42), (0, 0.06)), False),
        (drawn((200, 0.05), (200, 0.6)), False),
        (drawn((200, 0.45), (200, 0.3)), None),  # so long on its way: a drift
    ],
)
def test_height_width_and_rise_make_a_blink(felt: Signal, says: bool | None) -> None:
    assert is_blink(felt) is says


@pytest.mark.parametrize(("share", "says"), [(0.3, False), (0.4, True)])
def test_both_eyes_close(share: float, says: bool) -> None:
    felt = bump(200, 0.1)
    assert is_blink(np.vstack([felt, share * felt])) is says
    assert is_blink(np.vstack([share * felt, felt])) is says


@pytest.mark.parametrize(("microvolts", "says"), [(50, None), (85, True)])
def test_in_noise_a_blink_is_higher(microvolts: float, says: bool | None) -> None:
    """Ten microvolts to either side of the level: 67 are the least."""
    felt = bump(microvolts, 0.1)
    lids, _ = watched(felt + np.resize([10.0, -10.0], len(felt)))
    assert lids.threshold == pytest.approx(66.7, abs=2)
    assert is_blink(felt + np.resize([10.0, -10.0], len(felt))) is says


def test_nothing_is_seen_before_the_noise_is_known() -> None:
    """A second of settling, and one and a half of learning."""
    for quiet_s, threshold in ((2.4, float("inf")), (2.6, LEAST_THRESHOLD)):
        assert watched(np.zeros(round(quiet_s * HZ)))[0].threshold == threshold


@pytest.mark.parametrize(
    ("leaning", "microvolts", "says"),
    [(1.0, -65, None), (1.0, -95, True), (1.0, 40, True), (-0.7, 65, None), (-0.5, 40, True), (0.5, -40, True)],
)
def test_against_the_known_way_only_what_is_twice_as_high_counts(
    leaning: float, microvolts: float, says: bool | None
) -> None:
    assert is_blink(bump(microvolts, 0.1), leaning) is says


def test_a_slow_excursion_against_the_known_way_is_drift_and_another_spoils() -> None:
    slow = drawn((-300, 0.45), (0, 0.06))
    assert is_blink(slow, leaning=1.0) is None
    assert is_blink(slow, leaning=-1.0) is False
    assert is_blink(slow) is False
    assert is_blink(drawn((-1_600, 0.1), (0, 0.1)), leaning=1.0) is False


@pytest.mark.parametrize(("microvolts", "leaning"), [(-60, -0.25), (-45, 0.0), (60, 0.25), (1_600, 0.0)])
def test_only_what_is_surely_a_blink_tells_which_way_they_point(microvolts: float, leaning: float) -> None:
    assert watched(bump(microvolts, 0.1))[0].leaning == leaning


@pytest.mark.parametrize(("share", "count"), [(0.35, 1), (0.5, 2)])
def test_a_rebound_is_no_blink(share: float, count: int) -> None:
    felt = drawn((400, 0.08), (0, 0.08), (0, 0.2), (share * 400, 0.08), (0, 0.08))
    assert len(watched(felt)[1]) == count


def test_lids_that_hardly_open_between_two_blinks_blink_twice() -> None:
    _, found = watched(drawn((200, 0.08), (80, 0.06), (200, 0.06), (0, 0.08)))
    assert [one.is_blink for one in found] == [True, True]
    valley = round((QUIET_S + 0.14) * HZ)
    assert abs(found[1].onset - valley) <= 2


def test_after_a_step_the_new_level_counts() -> None:
    _, found = watched(drawn((200, 0.04), (200, 1.5), (280, 0.1), (200, 0.1)))
    assert [(one.is_blink, round(one.microvolts, -1)) for one in found] == [(False, 200), (True, 80)]


@pytest.mark.parametrize(
    ("microvolts", "leaning", "after_s", "least", "most"),
    [
        (12.0, 0.0, 0.5, -3.0, 3.0),  # near the level: followed at once
        (28.0, 0.0, 0.5, 18.0, 28.0),  # far from it: perhaps a blink
        (28.0, -1.0, 0.5, -9.0, 9.0),  # far, but lids do not go there
        (28.0, 1.0, 0.5, 18.0, 28.0),
    ],
)
def test_the_level_follows_what_is_no_blink(
    microvolts: float, leaning: float, after_s: float, least: float, most: float
) -> None:
    felt = np.concatenate([np.zeros(round(QUIET_S * HZ)), np.full(round(after_s * HZ), microvolts)])
    assert least <= watched(felt, leaning)[0].trace[-1] <= most


@pytest.mark.parametrize("drift", [-300.0, 300.0])
def test_a_steady_drift_is_followed_and_hides_no_blink(drift: float) -> None:
    """After it has set in: microvolts a second."""
    felt = np.concatenate([np.zeros(round(QUIET_S * HZ)), drift / HZ * np.arange(5 * HZ)])
    blinking = felt.copy()
    shape = bump(120, 0.1)[round(QUIET_S * HZ) :][: HZ // 4]
    blinking[-HZ // 2 : -HZ // 2 + len(shape)] += shape
    assert [one for one in watched(felt)[1] if one.is_blink] == []
    assert len([one for one in watched(blinking)[1] if one.is_blink]) == 1


def test_the_onset_is_the_foot_and_no_slow_beginning() -> None:
    _, (steep,) = watched(drawn((100, 0.06), (0, 0.08)))
    assert steep.onset == pytest.approx(QUIET_S * HZ, abs=0.015 * HZ)
    _, (slow,) = watched(drawn((55, 0.2), (200, 0.06), (0, 0.08)))
    assert slow.onset == pytest.approx((QUIET_S + 0.2 - blink.FOOT_S) * HZ, abs=4)
    assert slow.end == pytest.approx((QUIET_S + 0.2 + 0.06 + 0.045) * HZ, abs=4)


def test_what_cannot_be_believed_is_forgotten_but_not_how_noisy_it_was() -> None:
    lids, _ = watched(bump(60, 0.1))
    again = blink.blinded(lids)
    assert (again.noise, again.threshold, again.leaning, again.index) == (
        lids.noise,
        lids.threshold,
        lids.leaning,
        lids.index,
    )
    assert (again.level, again.trace, again.phase) == ((), (), blink.Phase.RESTING)
