"""Engagement: exact of known bands, slow to be told, and absent whenever anything speaks against it."""

import math
import random
import statistics

import pytest

from unit.headband_seconds import HZ, REST, USUAL, Wearer, known_by, powers, window
from vybor.headband.detecting import engagement, usual
from vybor.headband.detecting.bands import Powers
from vybor.headband.detecting.engagement import (
    ALPHA_WINDOWS,
    ANCHORED,
    ENGAGEMENT_WINDOWS,
    LEAST_REMEMBERED,
    REMEMBERED,
    WINDOW,
    Around,
)
from vybor.headband.detecting.usual import LEAST, MOST, RENEWED_EVERY, Baseline

MEDIAN = statistics.median(USUAL)
SPREAD = usual.MAD * statistics.median(abs(each - MEDIAN) for each in USUAL)


def anchored(at: float = MEDIAN, electrodes: int = 1) -> Wearer:
    """Somebody who is known, and has written with the headband for a quarter of an hour: no rest, no reading."""
    wearer = Wearer(known_by(USUAL, electrodes=electrodes))
    wearer.writes = True
    for _ in range(ENGAGEMENT_WINDOWS):
        wearer.feel([powers(at)] * electrodes)
    return wearer


def test_z_is_the_distance_from_what_is_usual_in_robust_deviations() -> None:
    wearer = anchored()
    for value in (-1.0, -0.7, -1.4):
        told = wearer.feel([powers(value)])
        # every window moves the level a little, by the 225th part of what it differs
        assert told.engagement == pytest.approx((value - MEDIAN) / SPREAD, abs=0.03)
    assert SPREAD > usual.LEAST_SPREAD


def test_the_level_of_the_first_minute_is_taken_off() -> None:
    told = anchored(at=-0.8).feel([powers(-0.6)])
    assert told.engagement == pytest.approx(0.2 / SPREAD, abs=0.03)


def test_the_first_minute_may_be_as_far_off_as_it_is() -> None:
    wearer = Wearer(known_by(USUAL))
    wearer.writes = True
    told = wearer.feel_all([MEDIAN + 4.5 * SPREAD] * ANCHORED)
    assert told[-1] == pytest.approx(0.0, abs=0.01)


def test_nothing_is_told_of_who_is_not_known_nor_in_the_first_minute() -> None:
    chance, stranger = random.Random(1), Wearer()
    told = stranger.feel_all(chance.gauss(-1, 0.2) for _ in range(LEAST + ANCHORED + 1))
    assert told[: LEAST + ANCHORED - 1] == [None] * (LEAST + ANCHORED - 1)
    assert told[-1] is not None
    friend = Wearer(known_by(USUAL))
    assert [each is None for each in friend.feel_all([-1.0] * ANCHORED)] == [True] * (ANCHORED - 1) + [False]


def test_muscle_makes_it_absent_at_once_and_it_comes_back() -> None:
    wearer = anchored()
    loud = powers(-0.2, muscle=REST * engagement.MUSCLE_TIMES * 1.1)
    just = powers(-0.2, muscle=REST * engagement.MUSCLE_TIMES * 0.9)
    assert wearer.feel([just]).engagement is not None
    assert wearer.feel([loud]).engagement is None
    assert wearer.feel([just]).engagement is not None


LOUDER = powers(-1.0, muscle=REST * engagement.MUSCLE_TIMES * 1.25)
"""No second of it is believed by somebody whose muscle was at rest before."""


def test_muscle_that_stays_louder_for_an_hour_is_usual_and_all_is_learned_anew() -> None:
    wearer = anchored()
    wearer.writes = False
    told = [wearer.feel([LOUDER]).engagement for _ in range(engagement.LOUD_WINDOWS + LEAST + ANCHORED)]
    assert told[: engagement.LOUD_WINDOWS + LEAST] == [None] * (engagement.LOUD_WINDOWS + LEAST)
    assert told[-1] is not None
    (known,) = wearer.known.usual
    assert known is not None
    assert known.muscle == pytest.approx(math.log(LOUDER.muscle))


@pytest.mark.parametrize(
    ("believed", "eyes_open"),
    [(True, True), (False, True), (False, False)],
    ids=["now and then", "gone", "closed"],
)
def test_what_was_learned_stays_where_it_is_not_muscle_alone_that_leaves_nothing(
    believed: bool, eyes_open: bool
) -> None:
    """Somebody who eats and is quiet in turn, electrodes that fell off, and eyes that are closed."""
    wearer = anchored()
    kept = wearer.known.baseline
    for place in range(engagement.LOUD_WINDOWS * 3 // 2):
        quiet = believed and place % 4 == 0
        wearer.feel(
            [powers(MEDIAN) if quiet else LOUDER if believed or not eyes_open else None], eyes_open=eyes_open
        )
    assert wearer.known.baseline is kept


def test_an_hour_of_loud_muscle_may_have_pauses_in_which_the_headband_is_off() -> None:
    wearer = anchored()
    wearer.writes = False
    for _ in range(3):
        wearer.passed += 5 * 70
        for _ in range(engagement.LOUD_WINDOWS // 3):
            wearer.feel([LOUDER])
    assert wearer.known.baseline.windows == ()


def test_before_it_is_known_what_is_usual_loud_muscle_is_learned_by_nobody() -> None:
    stranger = Wearer()
    for _ in range(LEAST):
        stranger.feel([powers(-1.0, muscle=engagement.MUSCLE_MICROVOLTS**2 * 1.1)])
    assert stranger.known.baseline.windows == ()


def test_an_electrode_that_is_no_good_leaves_the_others_and_none_leaves_nothing() -> None:
    wearer = anchored(electrodes=2)
    assert wearer.feel([powers(-0.7), None]).engagement == pytest.approx((-0.7 - MEDIAN) / SPREAD, abs=0.03)
    assert wearer.feel([None, None]).engagement is None


def test_two_electrodes_count_as_their_middle() -> None:
    told = anchored(electrodes=2).feel([powers(-0.7), powers(-0.9)])
    assert told.engagement == pytest.approx((-0.8 - MEDIAN) / SPREAD, abs=0.03)


def test_too_few_seconds_and_stale_ones_say_nothing() -> None:
    for believed, is_told in ((range(13, 20), False), (range(12, 20), True), (range(10), False)):
        wearer = anchored()
        seconds = window([powers(-1.0)], wearer.passed)
        silent = window([None], wearer.passed)
        mixed = [seconds[place] if place in believed else silent[place] for place in range(WINDOW)]
        known = engagement.step(wearer.known, mixed, Around(HZ, (), True))
        assert (known.told.engagement is not None) is is_told


def test_a_slow_drift_is_taken_off_and_a_step_is_seen() -> None:
    wearer, chance, an_hour = anchored(), random.Random(4), 900
    wearer.writes = False
    drift = [MEDIAN + SPREAD * (2.0 * place / an_hour + chance.gauss(0, 1)) for place in range(an_hour)]
    told = [each for each in wearer.feel_all(drift) if each is not None]
    assert len(told) == an_hour
    assert all(abs(statistics.mean(told[place : place + 225])) < 0.6 for place in range(0, an_hour, 225))
    assert statistics.stdev(told) == pytest.approx(1.0, abs=0.25)
    step = wearer.feel([powers(MEDIAN + 4.0 * SPREAD)]).engagement
    assert step is not None
    assert step > 1.5


def test_what_is_far_off_hardly_moves_the_level() -> None:
    wearer = anchored()
    before = wearer.known.level.at
    wearer.feel([powers(3.0, alpha=-4.0)])
    assert wearer.known.level.at - before <= engagement.FARTHEST / engagement.ENGAGEMENT_WINDOWS + 1e-9
    assert wearer.known.told.engagement == engagement.MOST


def test_across_a_gap_nothing_is_told_and_after_a_long_one_the_level_is_taken_anew() -> None:
    for gap_s, is_anchored in ((5, True), (70, False)):
        wearer = anchored()
        wearer.passed += 5 * gap_s
        early = window([powers(-1.0)], wearer.passed)[: engagement.LEAST_IN_WINDOW - 1]
        assert engagement.step(wearer.known, early, Around(HZ)).told.engagement is None
        assert (wearer.feel([powers(-1.0)]).engagement is not None) is is_anchored


def test_an_index_that_begins_anew_is_a_headband_that_was_put_on() -> None:
    wearer = anchored()
    wearer.passed = 0
    assert wearer.feel([powers(-1.0)]).engagement is None
    assert wearer.known.usual


def test_what_is_usual_is_learned_only_where_no_sign_was_made() -> None:
    wearer = Wearer()
    for _ in range(3):
        wearer.feel([powers(-1.0)])
    wearer.feel([powers(-1.0)], signs=((wearer.passed + 3) * 50,))
    assert len(wearer.known.baseline.windows) == 3
    wearer.feel([powers(-1.0)])
    assert len(wearer.known.baseline.windows) == 4


def test_a_sign_that_is_known_later_than_a_second_does_not_count_before() -> None:
    wearer = Wearer()
    ends = window([powers(-1.0)], 0)
    late = Around(HZ, signs=(ends[-1].known + 1,))
    known = engagement.step(wearer.known, ends, late)
    assert len(known.baseline.windows) == 1
    assert known.sign_at == ends[-1].known + 1


def test_what_is_usual_is_renewed_slowly_and_never_grows_without_end() -> None:
    known = Baseline()
    for place in range(MOST + 4 * RENEWED_EVERY):
        known = usual.with_window(known, (engagement.level(powers(-1.0 + place / 1000)),))
    assert len(known.windows) == MOST
    newest = [window[0].engagement for window in known.windows if window[0]]
    assert newest[-5:] == pytest.approx([-1.0 + place / 1000 for place in (149, 164, 179, 194, 209)])


def test_how_a_signal_is_cut_changes_nothing() -> None:
    chance = random.Random(2)
    seconds, signs = [], (4_000, 30_000, 41_111)
    for place in range(70):
        felt = powers(chance.gauss(-1, 0.2), chance.gauss(-1, 0.2), math.exp(chance.gauss(0, 0.3)))
        seconds += window([felt if chance.random() < 0.9 else None], place * WINDOW)
    whole = engagement.step(engagement.Engagement(), seconds, Around(HZ, signs, True))
    known, start = engagement.Engagement(), 0
    while start < len(seconds):
        end = start + chance.randrange(1, 40)
        part = seconds[start:end]
        told = tuple(at for at in signs if at <= part[-1].known and (not start or at > seconds[start - 1].known))
        known, start = engagement.step(known, part, Around(HZ, told, True)), end
    assert known == whole
    assert known.told.engagement is not None


# --- drowsiness -----------------------------------------------------------------------------------------------


RESTED = [-1.2 + 0.05 * (place * 4 % 9) for place in range(LEAST)]
"""From -1.2 to -.8."""
RISE = 6 * usual.centre(RESTED).spread


def alphas(wearer: Wearer, rise: float, windows: int, eyes_open: bool | None = True) -> list[bool]:
    """Whether somebody whose alpha has risen so far is drowsy, window by window; they write."""
    felt = [[powers(-2.0, RESTED[place] + rise)] for place in range(windows)]
    return [wearer.feel(each, eyes_open=eyes_open).is_drowsy for each in felt]


def awake() -> Wearer:
    """Somebody who is rested, for half an hour."""
    wearer = Wearer(known_by([-2.0 + 0.1 * (place % 3) for place in range(LEAST)], RESTED))
    wearer.writes = True
    assert not any(any(alphas(wearer, 0.0, LEAST)) for _ in range(ALPHA_WINDOWS // LEAST))
    return wearer


def test_alpha_that_stays_high_is_drowsiness_after_half_a_minute_and_ends_as_slowly() -> None:
    wearer = awake()
    told = alphas(wearer, RISE, 15)
    assert told.index(True) == 7  # the median of fifteen windows
    assert wearer.known.told.alpha == pytest.approx(engagement.MOST, abs=1.5)
    told = alphas(wearer, 0.0, 15)
    assert 6 <= told.index(False) <= 10


def test_between_the_two_bounds_it_stays_what_it_was() -> None:
    middling = RISE / 6 * (engagement.DROWSY + engagement.AWAKE) / 2
    wearer = awake()
    assert not any(alphas(wearer, middling, 15))
    alphas(wearer, RISE, 15)
    assert all(alphas(wearer, middling, 15))


def test_a_short_rise_is_none() -> None:
    wearer = awake()
    assert not any(alphas(wearer, RISE, 6) + alphas(wearer, 0.0, 15))


@pytest.mark.parametrize("eyes_open", [False, None])
def test_closed_eyes_and_eyes_that_nobody_sees_say_nothing_of_it(eyes_open: bool | None) -> None:
    wearer = awake()
    assert not any(alphas(wearer, RISE, 30, eyes_open))
    assert wearer.known.told.alpha is None


def test_closed_eyes_say_nothing_of_engagement_and_are_not_learned() -> None:
    wearer = anchored()
    kept, wearer.writes = wearer.known.baseline, False
    wearer.passed += 30
    assert wearer.feel([powers(-1.0)], eyes_open=False).engagement is None
    assert wearer.known.baseline is kept


def test_who_cannot_be_judged_any_more_is_not_drowsy() -> None:
    wearer = awake()
    assert alphas(wearer, RISE, 15)[-1]
    muscle = [wearer.feel([powers(-2.0, 0.0, muscle=100.0)]).is_drowsy for _ in range(15)]
    assert muscle.index(False) == REMEMBERED - LEAST_REMEMBERED


@pytest.mark.parametrize("eyes_open", [False, None])
def test_who_was_not_seen_with_open_eyes_for_a_minute_is_not_drowsy(eyes_open: bool | None) -> None:
    wearer = awake()
    assert alphas(wearer, RISE, 15)[-1]
    windows = alphas(wearer, RISE, 16, eyes_open)
    assert windows == [True] * 15 + [False]
    assert not any(alphas(wearer, RISE, LEAST_REMEMBERED - 1)), "and what was known of before is forgotten"


def test_alpha_is_that_of_the_electrodes_behind_and_of_the_others_where_those_say_nothing() -> None:
    rested, rise = powers(-2.0, -1.0), powers(-2.0, -0.7)
    for felt, is_risen in (
        ([rise, rise, rested], False),
        ([rested, rested, rise], True),
        ([rise, rise, None], True),
    ):
        levels = [-2.0 + 0.1 * (place % 3) for place in range(LEAST)]
        wearer = Wearer(known_by(levels, RESTED, electrodes=3))
        wearer.writes, wearer.behind = True, (2,)
        for _ in range(ALPHA_WINDOWS):
            wearer.feel([rested] * 3)
        told = wearer.feel(felt).alpha
        assert told is not None
        assert (told > 1.0) is is_risen


def test_the_least_powers_are_numbers() -> None:
    least = engagement.level(Powers(1e-4, 1e-4, 1e-4, 1e-4))
    assert all(math.isfinite(each) for each in (least.engagement, least.alpha, least.muscle))
