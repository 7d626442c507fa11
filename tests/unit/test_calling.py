"""A held clench calls for help with nothing but the headband; that it does on every page is in test_walk.py."""

import msgspec
import pytest

from unit.test_deciding import MENU, RULES, UNDO, Writer, slot_of
from vybor.accounting import explaining
from vybor.commands.accounts import why
from vybor.composer.writing import Gathered, Writing, choose, help_called
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, GestureKind, Mode, Role
from vybor.core.decision import calling, deciding
from vybor.core.decision.state import Decided, Deciding
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector.ways import Headband

NOW_NS = seconds(100)
NOTHING = CommitSettings(pad=False, biosignal=False, switch=False, scan=ScanUse.OFF)


def held(at_ns: int, log_odds: float = 3.0, kind: GestureKind = GestureKind.LONG_CLENCH) -> m.Gesture:
    return m.Gesture(at_ns=at_ns - seconds(3), at_sd_ns=0, ended_ns=at_ns, kind=kind, log_odds=log_odds)


def heard(state: Deciding, made: m.Gesture, now_ns: int = NOW_NS) -> Decided | None:
    return deciding.heard(state, made, RULES, now_ns)[1]


def test_it_needs_no_screen_and_no_way_to_choose() -> None:
    rule = msgspec.structs.replace(RULES, commit=NOTHING)
    state = deciding.begin(rule, 0)
    assert state.selector.tiles == ()
    _, decided = deciding.heard(state, held(NOW_NS), rule, NOW_NS)
    assert decided is not None
    assert decided.call_help


@pytest.mark.parametrize("log_odds", [-3.0, 0.0, 1.0, 2.9, float("nan")])
def test_a_faint_one_calls_nobody(log_odds: float) -> None:
    assert heard(Writer().state, held(NOW_NS, log_odds)) is None


@pytest.mark.parametrize("kind", [kind for kind in GestureKind if kind is not GestureKind.LONG_CLENCH])
def test_no_other_gesture_calls_however_sure(kind: GestureKind) -> None:
    assert heard(Writer().state, held(NOW_NS, 50.0, kind)) is None


def test_what_comes_late_or_from_the_future_calls_nobody() -> None:
    state = Writer().state
    assert heard(state, held(NOW_NS - seconds(6))) is None
    assert heard(state, held(NOW_NS + seconds(10))) is None
    assert heard(state, held(NOW_NS - seconds(4))) is not None


def test_a_call_is_over_some_time_after_it_though_nothing_is_chosen() -> None:
    writer = Writer()
    writer.hear(held(writer.now_ns))
    called_ns = writer.now_ns
    for later_ns, is_calling in ((calling.LASTS_NS, True), (calling.LASTS_NS + seconds(1), False)):
        state = deciding.passed(writer.state, RULES, called_ns + later_ns, Headband.UNSET)
        assert state.writing.calling is is_calling


def test_it_is_recorded_as_a_call_by_the_jaw_and_can_be_explained() -> None:
    writer = Writer()
    writer.choose(0)
    writer.hear(held(writer.now_ns))
    decision = writer.decided[-1].decision
    assert (decision.action, decision.slot, decision.learn) == (Action.HELP, calling.NO_TILE, True)
    assert (decision.text_before, decision.text_after) == ("I", "I")
    assert decision.evidence.channel is m.Channelled.CLENCH
    assert decision.evidence.log_odds == m.LogOdds(signal=3.0)
    assert decision.shown == ()
    told = list(why.lines(explaining.explained(decision), "en"))
    assert told[0] == "Choice 2 of the start s: Call for help, by a clench."
    assert told[1:] == ["Before it the text was “I”, on the page “Words”.", "The text stayed as it was."]


def test_undo_stops_it_and_takes_back_nothing_else() -> None:
    writer = Writer()
    writer.choose(0)
    writer.hear(held(writer.now_ns))
    writer.choose(UNDO)
    assert writer.decided[-1].hush
    assert writer.decided[-1].was_calling
    assert writer.state.writing.text == "I"


def test_in_the_middle_of_spelling_undo_stands_where_back_does_and_takes_no_letter() -> None:
    spelled = Writing(text="Hello", prefix="te", mode=Mode.LETTERS)
    writer = Writer()
    writer.state = deciding.refreshed(msgspec.structs.replace(writer.state, writing=spelled), RULES, writer.now_ns)
    writer.hear(held(writer.now_ns))
    writer.choose(UNDO)
    assert (writer.decided[-1].hush, writer.decided[-1].was_calling) == (True, True)
    now = writer.state.writing
    assert (now.calling, now.mode, now.text, now.prefix) == (False, Mode.LETTERS, "Hello", "te")


def test_the_kit_is_at_rest_until_it_is_woken() -> None:
    writer = Writer()
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.REST))
    writer.hear(held(writer.now_ns))
    assert not writer.decided[-1].call_help
    assert writer.state.writing.mode is Mode.REST


def test_it_chooses_no_tile_and_brings_no_tile_nearer() -> None:
    writer = Writer()
    writer.show()
    writer.look(0, 0.9)
    before = writer.state.writing.text
    writer.hear(held(writer.now_ns, log_odds=2.0))
    assert writer.decided == []
    assert writer.state.writing.text == before


@pytest.mark.parametrize(
    "page",
    [
        Writing(text="Hello", looks=("abcde", "fghijkl"), mode=Mode.KEYPAD),
        Writing(text="Hello", mode=Mode.GROUP, group="abcde", looked=("fghijkl",)),
        Writing(text="Hello", gathered=Gathered(words=("doctor",)), mode=Mode.INTENT),
    ],
)
def test_what_was_looked_for_comes_back_when_the_call_is_taken_back(page: Writing) -> None:
    over_menu = msgspec.structs.replace(page, mode=Mode.MENU, under=page)
    for now in (page, over_menu):
        calling_page = help_called(now).writing
        assert calling_page.calling
        assert calling_page.text == "Hello"
        back = choose(calling_page, tile_of(Role.UNDO)).writing
        assert back == page


def tile_of(role: Role) -> m.Tile:
    whole = m.Area(left=0, top=0, right=1, bottom=1)
    return m.Tile(slot=UNDO, role=role, area=whole, pad=whole)
