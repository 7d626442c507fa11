"""The fitting from its first page to what is proposed, by people who differ, in virtual time."""

import msgspec
import pytest

from unit.fitting_person import SETTINGS, Body, Fitter
from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitPhase, FitWish, Mode, Role, Sign
from vybor.fitting.face import FACE
from vybor.fitting.proposal import ways
from vybor.fitting.results import result
from vybor.fitting.trial import Course, Cue, Event, Trial
from vybor.foundation import fitted
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.settings import CommitSettings, ScanUse, Settings
from vybor.selector.ways import Headband

USUAL = tuple(sign for sign in Sign if sign not in (*FACE, Sign.FLICKER))
WAYS = ("commit.pad", "commit.switch", "commit.biosignal", "commit.long_blink")


def test_who_does_all_well_relies_on_all_and_on_gaze_alone_as_before() -> None:
    person = Fitter(Body()).start().run()
    results = person.results()
    tried = {sign: (each.hits, each.cues, each.false_alarms, each.reliable) for sign, each in results.items()}
    assert tried == dict.fromkeys(USUAL, (8, 8, 0, True))
    assert results[Sign.SWITCH].latency_s == pytest.approx(0.5, abs=0.1)
    assert not set(WAYS) & person.proposed().keys()


def test_a_fitting_takes_about_three_minutes() -> None:
    person = Fitter(Body()).start()
    began_ns = person.now_ns
    person.run()
    assert 150 < (person.now_ns - began_ns) / 1e9 < 250


def test_slow_lids_get_the_gap_that_they_need() -> None:
    person = Fitter(Body(gap_s=1.1)).start(Sign.DOUBLE_BLINK).run()
    found = person.results()[Sign.DOUBLE_BLINK]
    assert (found.hits, found.pair_gap_s) == (8, pytest.approx(1.1))
    assert person.proposed()["headband.double_blink_gap_s"] == pytest.approx(1.3)


def test_a_gap_is_never_longer_than_a_second_and_a_half() -> None:
    person = Fitter(Body(gap_s=1.45)).start(Sign.DOUBLE_BLINK).run()
    assert person.proposed()["headband.double_blink_gap_s"] == 1.5


def test_a_biosignal_that_is_missed_too_often_is_left_out_and_gaze_stays() -> None:
    body = Body(misses=lambda sign, cue: sign in (Sign.DOUBLE_BLINK, Sign.CLENCH) and cue % 3 == 0)
    person = Fitter(body).start().run()
    assert person.proposed()["commit.biosignal"] is False
    assert "commit.pad" not in person.proposed()


def test_a_sign_that_is_hard_is_not_added_though_it_works() -> None:
    person = Fitter(Body(effort=Effort.HARD)).start(Sign.PAD, Sign.CLENCH).run()
    assert person.results()[Sign.CLENCH].reliable
    assert person.proposed() == {"commit.biosignal": False}


def test_one_miss_of_ten_is_good_enough_and_two_of_eight_are_not() -> None:
    once = Fitter(Body(misses=lambda sign, cue: cue == 3)).start(Sign.SWITCH).run().results()[Sign.SWITCH]
    twice = Fitter(Body(misses=lambda sign, cue: cue in (3, 5))).start(Sign.SWITCH).run().results()[Sign.SWITCH]
    assert (once.hits, once.cues, once.reliable) == (9, 10, True)
    assert (twice.hits, twice.cues, twice.reliable) == (6, 8, False)


def test_who_cannot_is_asked_three_times_and_no_more() -> None:
    body = Body(misses=lambda sign, cue: True)
    person = Fitter(body).start().run()
    assert {sign: sum(asked is sign for asked, _ in body.asked) for sign in (*USUAL, *FACE)} == dict.fromkeys(
        (*USUAL, *FACE), 3
    )
    assert not any(each.reliable for each in person.results().values())
    assert person.proposed() == {}  # nothing is taken away from who has nothing else


def test_a_hand_that_presses_by_itself_is_not_relied_on_if_eyes_are() -> None:
    person = Fitter(Body(presses_unasked_s=7)).start().run()
    assert person.results()[Sign.SWITCH].false_alarms > 3
    assert person.proposed()["commit.switch"] is False


def test_eyes_that_choose_by_themselves_choose_no_more_where_a_hand_can_be_relied_on() -> None:
    person = Fitter(Body(stares=True)).start(Sign.PAD, Sign.SWITCH).run()
    found = person.results()[Sign.PAD]
    assert (found.false_alarms, found.reliable) == (1, False)
    assert person.proposed()["commit.pad"] is False


def test_eyes_that_choose_by_themselves_and_are_alone_choose_more_slowly() -> None:
    proposed = Fitter(Body(stares=True)).start(Sign.PAD).run().proposed()
    assert "commit.pad" not in proposed
    assert proposed["commit.pad_s"] > 1.4 * CommitSettings().pad_s
    assert proposed["commit.certainty"] == 0.95
    assert proposed["commit.arm_s"] == 0.4


def test_eyes_that_do_not_open_again_are_not_asked_twice_and_never_relied_on() -> None:
    body = Body(reopens=False)
    person = Fitter(body).start(Sign.LONG_BLINK).run()
    assert body.asked == [(Sign.LONG_BLINK, 1)]
    found = person.results()[Sign.LONG_BLINK]
    assert (found.reopened, found.hits, found.reliable) == (False, 0, False)


def test_closing_the_eyes_is_proposed_where_nothing_but_eyes_can_be_relied_on() -> None:
    alone = Fitter(Body()).start(Sign.PAD, Sign.LONG_BLINK).run()
    assert alone.proposed()["commit.long_blink"] is True
    with_switch = Fitter(Body()).start(Sign.PAD, Sign.SWITCH, Sign.LONG_BLINK).run()
    assert "commit.long_blink" not in with_switch.proposed()


def test_nobody_is_asked_for_what_they_leave_out() -> None:
    body = Body(skips=(Sign.DOUBLE_BLINK, Sign.CLENCH))
    person = Fitter(body).start().run()
    assert {sign for sign, _ in body.asked} == {Sign.PAD, Sign.SWITCH, Sign.LONG_BLINK}
    assert "commit.biosignal" not in person.proposed()
    assert person.results()[Sign.CLENCH].skipped


def test_who_leaves_out_everything_is_back_where_they_were() -> None:
    person = Fitter(Body(skips=tuple(Sign))).start().run()
    assert person.stage is None
    assert person.state.writing.mode is Mode.WORDS


def test_times_for_the_scan_are_those_of_this_person() -> None:
    person = Fitter(Body(reaction_s=0.9, slower_s=0.1)).start(Sign.SWITCH).run()
    proposed = person.proposed()
    assert proposed["commit.scan_reaction_s"] == pytest.approx(
        0.5, abs=0.06
    )  # half: what comes in turn is foreseen
    found = person.results()[Sign.SWITCH]
    assert found.slow_s is not None
    assert proposed["commit.scan_step_s"] >= found.slow_s - float(proposed["commit.scan_reaction_s"])
    assert found.slower_s == pytest.approx(0.4, abs=0.1)


def test_who_is_slow_is_as_reliable_as_who_is_quick() -> None:
    found = Fitter(Body(reaction_s=3.2)).start(Sign.SWITCH).run().results()[Sign.SWITCH]
    assert (found.hits, found.false_alarms, found.reliable) == (8, 0, True)


def test_an_answer_that_comes_too_late_is_missed_and_no_false_alarm_beside() -> None:
    found = Fitter(Body(reaction_s=4.1)).start(Sign.SWITCH).run().results()[Sign.SWITCH]
    assert (found.hits, found.false_alarms) == (0, 0)


def test_eyes_that_cannot_stay_at_an_edge_get_a_shorter_look() -> None:
    body = Body(edge_s=0.4, misses=lambda sign, cue: False)
    person = Fitter(body).start(Sign.PAD).run()
    found = person.results()[Sign.PAD]
    assert found.hits < found.cues
    assert 0.25 <= person.proposed()["commit.pad_s"] < CommitSettings().pad_s


def test_what_is_proposed_can_be_run_with() -> None:
    person = Fitter(Body(gap_s=1.1, reaction_s=0.8)).start().run()
    settings = fitted.over(SETTINGS, person.state.fits.proposed)
    assert settings.headband.double_blink_gap_s > 1.1
    assert settings != SETTINGS


# --- on the screen ----------------------------------------------------------------------------------------


def test_nothing_of_it_is_recorded_and_the_text_is_there_afterwards() -> None:
    person = Fitter(Body())
    text = msgspec.structs.replace(person.state.writing, text="I would", past=("", "I"), prefix="li")
    person.state = msgspec.structs.replace(person.state, writing=text)
    person.start().run()
    assert person.decided == []
    person.take(Role.BACK)
    now = person.state.writing
    assert (now.text, now.past, now.prefix, now.mode) == (text.text, text.past, text.prefix, text.mode)
    assert [each.decision.text_after for each in person.decided] == ["I would"]


def test_who_accepts_is_back_at_once_and_it_is_known() -> None:
    person = Fitter(Body(gap_s=1.1)).start(Sign.DOUBLE_BLINK).run()
    person.take(Role.FIT_ACCEPT)
    assert (person.state.fits.accepted, person.stage, person.state.writing.mode) == (1, None, Mode.WORDS)


def test_it_is_begun_with_a_tile_and_each_sign_with_another() -> None:
    person = Fitter(Body())
    for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.FIT):
        person.tick()
        person.take(role)
    assert person.stage is not None
    assert (person.stage.phase, person.stage.sign, person.stage.trials) == (FitPhase.INTRO, Sign.PAD, 5)
    person.take(Role.FIT_SKIP)
    assert person.stage.sign is Sign.SWITCH
    person.take(Role.FIT_BEGIN)
    assert person.stage.phase is FitPhase.STILL


def test_a_press_in_the_trial_of_the_switch_chooses_nothing_and_three_lead_out() -> None:
    person = Fitter(Body()).start(Sign.SWITCH)
    person.wish(FitWish.BEGIN)
    person.tick()
    person._look_at(9, person.now_ns)
    for _ in range(12):
        person.tick()
    for pressed in range(3):
        assert person.stage is not None
        assert person.stage.phase is FitPhase.STILL, pressed
        person.press()
        person.tick()
    assert (person.stage and person.stage.phase, person.state.writing.mode) == (FitPhase.INTRO, Mode.FITTING)


def test_help_is_called_from_the_middle_of_a_trial_and_the_text_stands() -> None:
    person = Fitter(Body()).start(Sign.SWITCH)
    person.wish(FitWish.BEGIN)
    for _ in range(30):
        person.tick()
    person.take(Role.MENU)
    person.tick()
    assert person.state.fits.now is not None
    assert person.state.fits.now.now is None
    person.take(Role.HELP)
    assert person.decided[-1].call_help
    assert person.stage is None
    assert person.state.writing.mode is Mode.WORDS


def test_a_fitting_that_was_left_goes_on_with_the_sign_that_it_was_left_at() -> None:
    person = Fitter(Body()).start()
    person.wish(FitWish.SKIP)
    person.wish(FitWish.BEGIN)
    person.tick()
    for role in (Role.MENU, Role.BACK):
        person.take(role)
        person.tick()
    assert (person.stage, person.state.writing.mode) == (None, Mode.WORDS)
    for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.FIT):
        person.take(role)
        person.tick()
    assert person.stage is not None
    assert (person.stage.phase, person.stage.sign) == (FitPhase.INTRO, Sign.SWITCH)


def test_a_fitting_that_was_left_is_forgotten_after_a_while() -> None:
    person = Fitter(Body()).start()
    person.take(Role.BACK)
    for _ in range(15 * 190):
        person.tick()
    assert person.state.fits.now is None


def test_a_trial_whose_cues_are_not_shown_asks_nobody() -> None:
    person = Fitter(Body()).start(Sign.SWITCH)
    person.wish(FitWish.BEGIN)
    person.show = lambda screen=None: None  # type: ignore[method-assign]
    for _ in range(15 * 40):
        person.tick()
    assert person.stage is not None
    assert person.stage.phase is FitPhase.INTRO


def test_a_cue_beneath_the_dots_of_calibration_asks_nobody() -> None:
    person = Fitter(Body()).start(Sign.SWITCH)
    person.wish(FitWish.BEGIN)
    dot = m.CalibrationTarget(at_ns=0, dot=1, dots=9)

    def covered(screen: m.Screen | None = None) -> None:
        person.hear(m.Shown(at_ns=person.now_ns, screen=screen or person.screen(), target=dot))

    person.show = covered  # type: ignore[method-assign]
    for _ in range(15 * 40):
        person.tick()
    assert person.stage is not None
    assert person.stage.phase is FitPhase.INTRO


def test_a_headband_that_is_gone_says_nothing_of_the_person() -> None:
    person = Fitter(Body()).start(Sign.CLENCH)
    person.wish(FitWish.BEGIN)
    for _ in range(15 * 20):
        person.tick()
    person.headband = Headband.GONE
    person.tick()
    assert person.stage is not None
    assert (person.stage.phase, person.state.fits.results) == (FitPhase.INTRO, ())


def test_what_the_person_has_begun_is_not_begun_again_from_the_terminal() -> None:
    person = Fitter(Body()).start()
    person.wish(FitWish.SKIP)
    person.start()
    assert person.stage is not None
    assert person.stage.sign is Sign.SWITCH


def test_a_page_that_nobody_answers_goes_away() -> None:
    person = Fitter(Body()).start()
    for _ in range(15 * 200):
        person.tick()
    assert (person.stage, person.state.writing.mode) == (None, Mode.WORDS)


def test_at_rest_no_fitting_begins() -> None:
    person = Fitter(Body())
    resting = msgspec.structs.replace(person.state.writing, mode=Mode.REST)
    person.state = msgspec.structs.replace(person.state, writing=resting)
    assert "rests" in person.wish(FitWish.START)
    assert person.state.fits.now is None


# --- what holds -------------------------------------------------------------------------------------------


def value(key: str, new: bool | float, was: bool | float) -> m.FitValue:
    return m.FitValue(key=key, value=new, was=was)


def test_what_was_fitted_holds_until_the_settings_say_something_else() -> None:
    values = (value("commit.pad_s", 0.3, 0.35), value("headband.double_blink_gap_s", 1.2, 0.7))
    assert fitted.over(SETTINGS, values).commit.pad_s == 0.3
    later = msgspec.structs.replace(SETTINGS, commit=CommitSettings(pad_s=0.6))
    assert fitted.over(later, values).commit.pad_s == 0.6
    assert fitted.over(later, values).headband.double_blink_gap_s == 1.2


@pytest.mark.parametrize(
    "bad",
    [
        (value("commit.pad_s", 99.0, 0.35),),
        (value("commit.pad_s", True, 0.35),),
        (
            value("commit.pad", False, True),
            value("commit.switch", False, True),
            value("commit.biosignal", False, True),
        ),
        (value("display.width", 320, 1280),),
    ],
)
def test_what_cannot_be_leaves_the_settings_alone(bad: tuple[m.FitValue, ...]) -> None:
    settings = msgspec.structs.replace(SETTINGS, headband=HeadbandSettings())
    assert fitted.over(settings, bad) == settings


def test_what_would_be_chosen_with_is_all_that_is_on_and_there() -> None:
    headband = HeadbandSettings(board=Board.CYTON)
    settings = Settings(headband=headband)
    found = [m.FitResult(sign=sign) for sign in Sign]
    off = [value("commit.switch", False, True), value("commit.long_blink", True, False)]
    assert ways(found, [], settings) == (Sign.PAD, Sign.SWITCH, Sign.DOUBLE_BLINK, Sign.CLENCH)
    assert ways(found, off, settings) == (Sign.PAD, Sign.LONG_BLINK, Sign.DOUBLE_BLINK, Sign.CLENCH)
    assert ways(found, off, Settings()) == (Sign.PAD, Sign.LONG_BLINK)


def test_the_edge_stays_a_way_though_the_switch_alone_was_tried() -> None:
    switch = [m.FitResult(sign=Sign.SWITCH, reliable=True)]
    assert ways(switch, [], Settings()) == (Sign.PAD, Sign.SWITCH)
    blind = Settings(gaze=GazeSettings(source=GazeSource.NONE))
    assert ways(switch, [], blind) == (Sign.SWITCH,)
    assert ways([m.FitResult(sign=Sign.SWITCH, skipped=True)], [], Settings()) == (Sign.PAD,)
    lit = Settings(commit=CommitSettings(scan=ScanUse.ALWAYS))
    assert ways(switch, [], lit) == (Sign.SWITCH,)


def test_a_sign_whose_trial_was_left_is_not_relied_on_however_well_it_began() -> None:
    cues = tuple(
        Cue(at, shown_ns=at, over_ns=at + seconds(0.5)) for at in range(seconds(10), seconds(50), seconds(5))
    )
    events = tuple(Event(Sign.SWITCH, cue.asked_ns + seconds(0.5)) for cue in cues)
    whole = Trial(Sign.SWITCH, 1, 0, seconds(50), Course.OVER, cues, events)
    left = msgspec.structs.replace(whole, course=Course.LEFT)
    found = [result(Sign.SWITCH, [trial], Effort.EASY) for trial in (whole, left)]
    assert [(each.hits, each.cues, each.reliable) for each in found] == [(8, 8, True), (8, 8, False)]


def test_what_follows_an_answer_at_once_was_not_made_unasked() -> None:
    """Two slow blinks answered, and the headband found its double blink a little behind the first of them."""
    cue = Cue(seconds(10), shown_ns=seconds(10), over_ns=seconds(12))
    blinks = (Event(None, seconds(10.5)), Event(None, seconds(11.4)))
    for onset_s, false_alarms in ((10.9, 0), (11.2, 1)):
        events = (*blinks, Event(Sign.DOUBLE_BLINK, seconds(onset_s)))
        trial = Trial(Sign.DOUBLE_BLINK, 1, 0, seconds(12), Course.OVER, (cue,), events)
        found = result(Sign.DOUBLE_BLINK, [trial], None)
        assert (found.hits, found.false_alarms) == (1, false_alarms)
