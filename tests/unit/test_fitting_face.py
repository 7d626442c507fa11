"""The fitting of what a camera sees in a face: when it is tried, how large it should be, and what is proposed."""

import pytest

from unit.fitting_person import SETTINGS, Body, Fitter
from vybor.commands.fits.fit import Outcome, table
from vybor.contracts import evidence
from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitPhase, FitResult, FitWish, Role, Sign
from vybor.fitting import face
from vybor.fitting.face import FACE
from vybor.fitting.proposal import proposed, ways
from vybor.foundation import fitted
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.settings import CommitSettings, Settings
from vybor.selector.ways import Headband

BROW, CHEEK, HEAD = FACE
ALONE = Settings(gaze=GazeSettings(source=GazeSource.CAMERA))


def test_none_is_tried_where_something_else_can_be_relied_on() -> None:
    body = Body()
    person = Fitter(body).start().run()
    assert not {sign for sign, _ in body.asked} & set(FACE)
    assert person.stage is not None
    assert person.stage.more


def test_all_are_tried_where_nothing_else_can_be_relied_on_and_the_best_is_proposed() -> None:
    body = Body(misses=lambda sign, cue: sign not in FACE or (sign is BROW and cue == 2))
    person = Fitter(body, ALONE, Headband.UNSET).start().run()
    assert {sign for sign, _ in body.asked} >= set(FACE)
    assert all(person.results()[sign].reliable for sign in FACE)
    assert person.proposed()["commit.cheek"] is True  # a brow was missed once, and the head is no better
    assert not {"commit.brow", "commit.head", "commit.pad", "commit.switch"} & person.proposed().keys()
    after = fitted.over(ALONE, person.state.fits.proposed)
    assert (after.commit.cheek, after.commit.pad) == (True, True)


def test_who_wants_to_tries_them_from_the_summary() -> None:
    person = Fitter(Body()).start().run()
    person.take(Role.FIT_MORE)
    assert person.stage is not None
    assert (person.stage.phase, person.stage.sign, person.stage.trial) == (FitPhase.INTRO, BROW, 6)
    person.run()
    results = person.results()
    assert all(found.reliable for found in results.values())
    assert set(results) == set(Sign) - {Sign.FLICKER}
    assert person.proposed()["commit.brow"] is True
    assert not person.stage.more


def test_somebody_at_the_terminal_names_them() -> None:
    body = Body()
    person = Fitter(body).start(HEAD).run()
    assert {sign for sign, _ in body.asked} == {HEAD}
    assert person.proposed() == {
        "commit.head": True,
        "commit.scan_reaction_s": pytest.approx(0.25, abs=0.06),
        "commit.scan_step_s": person.proposed()["commit.scan_step_s"],
    }


def test_without_a_camera_there_are_none() -> None:
    kit = Settings(gaze=GazeSettings(source=GazeSource.POINTER))
    person = Fitter(Body(), kit, Headband.UNSET)
    person.tick()
    assert "camera" in person.wish(FitWish.START, only=(BROW,))


@pytest.mark.parametrize(
    ("sizes", "least_deg"),
    [((0.9,), 3.4), ((0.6,), 3.0), ((1.7,), None), ((2.4,), 9.0), ((4.0, 5.0), 12.0)],
)
def test_how_large_a_sign_has_to_be_follows_from_those_that_were_asked_for(
    sizes: tuple[float, ...], least_deg: float | None
) -> None:
    person = Fitter(Body(sizes=sizes)).start(HEAD).run()
    assert person.results()[HEAD].reliable
    assert person.proposed().get("gaze.head_least_deg") == (
        None if least_deg is None else pytest.approx(least_deg, abs=0.2)
    )


def test_with_that_least_most_signs_are_strong_enough_to_choose_by_themselves() -> None:
    for size in (0.9, 1.3, 2.4, 3.0):
        assert size / face.ratio(size) >= 1.25


@pytest.mark.parametrize("size", [0.5, 0.8, 1.0, 1.9])
def test_the_margin_is_what_the_log_odds_were_made_of(size: float) -> None:
    assert evidence.margin(evidence.log_odds(size)) == pytest.approx(size)


def test_the_terminal_tells_how_large_they_were() -> None:
    person = Fitter(Body(sizes=(2.4,))).start(HEAD).run()
    (line, *_) = table(Outcome(tuple(person.results().values()), person.state.fits.proposed))
    assert "2.4 times the least size" in line


def test_what_comes_unasked_is_counted_with_the_least_that_suits() -> None:
    large = Fitter(Body(sizes=(3.0,), nods_unasked_s=7, nod_size=1.2)).start(HEAD).run().results()[HEAD]
    small = Fitter(Body(sizes=(0.9,), nods_unasked_s=7, nod_size=0.6)).start(HEAD).run()
    assert (large.false_alarms, large.reliable) == (0, True)
    assert small.results()[HEAD].false_alarms > 2
    assert small.proposed() == {}


def test_signs_of_which_some_are_small_are_missed_as_they_will_be() -> None:
    found = Fitter(Body(sizes=(2.6, 2.5, 2.7, 0.55))).start(HEAD).run().results()[HEAD]
    assert (found.cues, found.reliable) == (8, True)
    uneven = Fitter(Body(sizes=(4.0, 4.0, 4.0, 4.0, 0.55, 4.0, 4.0, 4.0, 4.0))).start(HEAD).run().results()[HEAD]
    assert uneven.hits < uneven.cues


def test_one_that_is_hard_is_not_proposed() -> None:
    person = Fitter(Body(effort=Effort.HARD)).start(BROW).run()
    assert person.results()[BROW].reliable
    assert "commit.brow" not in person.proposed()


def test_one_that_is_set_and_cannot_be_relied_on_goes_only_if_something_else_can() -> None:
    kit = Settings(gaze=GazeSettings(source=GazeSource.CAMERA), commit=CommitSettings(brow=True))
    bad = FitResult(sign=BROW, cues=8, hits=4, still_s=60)
    good = FitResult(sign=Sign.SWITCH, cues=8, hits=8, still_s=60, reliable=True)
    assert [(each.key, each.value) for each in proposed((bad, good), kit)] == [("commit.brow", False)]
    assert proposed((bad,), kit) == ()


@pytest.mark.parametrize(
    ("source", "stand"),
    [
        (GazeSource.CAMERA, True),
        (GazeSource.POINTER, False),
        (GazeSource.EYETRACKER, False),
        (GazeSource.NONE, False),
    ],
)
@pytest.mark.parametrize("board", [Board.NONE, Board.CYTON])
def test_they_are_among_the_ways_where_a_camera_sees_them_with_a_headband_or_without(
    source: GazeSource, stand: bool, board: Board
) -> None:
    kit = Settings(gaze=GazeSettings(source=source), headband=HeadbandSettings(board=board))
    values = [m.FitValue(key=f"commit.{sign}", value=True, was=False, reason="") for sign in FACE]
    assert [sign for sign in ways([], values, kit) if sign in FACE] == (list(FACE) if stand else [])


def test_a_face_that_is_not_seen_says_nothing_of_the_person() -> None:
    person = Fitter(Body()).start(BROW)
    person.wish(FitWish.BEGIN)
    for _ in range(15 * 14):
        person.tick()
    hear = person.hear
    person.hear = lambda message: (  # type: ignore[method-assign, assignment]
        hear(m.Gaze(at_ns=message.at_ns, at_sd_ns=0, eyes=m.Eyes.ABSENT))
        if isinstance(message, m.Gaze)
        else hear(message)
    )
    for _ in range(15 * 3):
        person.tick()
    assert person.stage is not None
    assert (person.stage.phase, person.stage.sign) == (FitPhase.INTRO, BROW)
    assert person.state.fits.results == ()


def test_three_signs_at_once_lead_out_of_the_trial() -> None:
    person = Fitter(Body()).start(CHEEK)
    person.wish(FitWish.BEGIN)
    for _ in range(15 * 3):
        person.tick()
    for made in range(3):
        person._face(m.GestureKind.CHEEK, person.now_ns + seconds(0.7 * made), 1.8)
    for _ in range(15 * 3):
        person.tick()
    assert person.stage is not None
    assert person.stage.phase is FitPhase.INTRO


def test_while_one_is_tried_it_chooses_nothing() -> None:
    kit = Settings(gaze=SETTINGS.gaze, commit=CommitSettings(brow=True))
    person = Fitter(Body(), kit, Headband.UNSET).start(BROW).run()
    assert person.results()[BROW].hits == 8
    assert person.decided == []
