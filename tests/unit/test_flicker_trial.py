"""The trial of flicker, as a stage of the fitting: it is asked for by name, ends at once, and opens its gate."""

import pytest

from unit.fitting_person import Body, Fitter
from vybor.contracts import messages as m
from vybor.contracts.messages import FitPhase, FitWish, Role, Sign
from vybor.foundation.clock import seconds
from vybor.selector.ways import Headband


def tried(body: Body) -> m.FitResult:
    return Fitter(body).start(Sign.FLICKER).run().results()[Sign.FLICKER]


def test_who_answers_is_asked_twenty_times_and_relied_on() -> None:
    found = tried(Body())
    assert (found.hits, found.cues, found.wrong, found.reliable) == (20, 20, 0, True)


@pytest.mark.parametrize(("strays", "hits", "reliable"), [((3, 9), 18, True), ((3, 9, 14), 17, False)])
def test_another_tile_than_was_asked_for_is_a_miss(strays: tuple[int, ...], hits: int, reliable: bool) -> None:
    found = tried(Body(strays=lambda cue: cue in strays))
    assert (found.hits, found.cues, found.wrong, found.reliable) == (hits, 20, len(strays), reliable)


def test_who_shows_nothing_of_it_is_asked_three_times_and_no_more() -> None:
    found = tried(Body(misses=lambda sign, cue: True))
    assert (found.hits, found.cues, found.reliable) == (0, 3, False)
    always_wrong = tried(Body(strays=lambda cue: True))
    assert (always_wrong.hits, always_wrong.cues, always_wrong.reliable) == (0, 3, False)


def test_every_place_is_asked_for_and_three_tiles_stand_there() -> None:
    person = Fitter(Body()).start(Sign.FLICKER)
    asked = set()
    while (stage := person.stage) and stage.phase is not FitPhase.EFFORT:
        if stage.phase is FitPhase.INTRO:
            person.wish(FitWish.BEGIN)
        if stage.phase is FitPhase.CUE:
            asked.add(stage.slot)
            slots = [tile.slot for tile in person.state.tiles if tile.role is Role.FIT_TARGET]
            assert slots == [0, 1, 2]
            assert stage.cues == 20
        person.tick()
    assert asked == {0, 1, 2}


def test_it_is_no_part_of_the_whole_fitting() -> None:
    person = Fitter(Body()).start().run()
    assert Sign.FLICKER not in person.results()


def test_it_is_refused_with_the_reason_and_leaves_what_is_written_alone() -> None:
    person = Fitter(Body())
    person.no_flicker = "no clinician has confirmed it"
    assert person.wish(FitWish.START, only=(Sign.FLICKER,)) == (
        "flicker cannot be tried: no clinician has confirmed it"
    )
    assert person.stage is None


def at_a_cue(body: Body) -> Fitter:
    person = Fitter(body).start(Sign.FLICKER)
    person.wish(FitWish.BEGIN)
    while person.stage and person.stage.phase is not FitPhase.CUE:
        person.tick()
    person.tick()
    return person


@pytest.mark.parametrize(
    "stop",
    [
        lambda at_ns: m.SwitchPress(at_ns=at_ns),
        lambda at_ns: m.Gesture(
            at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns, kind=m.GestureKind.DOUBLE_BLINK, log_odds=2.0
        ),
        lambda at_ns: m.Gesture(at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns, kind=m.GestureKind.CLENCH, log_odds=2.0),
    ],
)
def test_one_sign_ends_it_at_once(stop: object) -> None:
    person = at_a_cue(Body(misses=lambda sign, cue: True))
    person.hear(stop(person.now_ns))  # type: ignore[operator]
    person.tick()
    assert person.stage is not None
    assert person.stage.phase is FitPhase.INTRO
    assert person.state.fits.results == ()


def test_somebody_at_the_terminal_and_the_tile_back_end_it() -> None:
    person = at_a_cue(Body(misses=lambda sign, cue: True))
    person.wish(FitWish.STOP)
    assert person.stage is None
    person = at_a_cue(Body(misses=lambda sign, cue: True))
    person.take(Role.BACK)
    assert person.stage is not None
    assert person.stage.phase is FitPhase.INTRO


def test_a_headband_that_is_gone_breaks_it_off() -> None:
    person = at_a_cue(Body(misses=lambda sign, cue: True))
    person.headband = Headband.GONE
    for _ in range(3):
        person.tick()
    assert person.stage is not None
    assert person.stage.phase is FitPhase.INTRO


def test_an_answer_from_before_the_cue_counts_for_nothing() -> None:
    person = at_a_cue(Body(misses=lambda sign, cue: True))
    stage = person.stage
    assert stage is not None
    assert stage.slot is not None
    early = person.now_ns - seconds(1)
    person.hear(m.Flickered(at_ns=early, from_ns=early, offer=1, log_odds=((stage.slot, 3.0),)))
    trial = person.state.fits.now
    assert trial is not None
    assert trial.now is not None
    from vybor.fitting.trial import answer  # noqa: PLC0415

    assert answer(trial.now, trial.now.cues[-1]) is None
