"""Who at a browser may read what: asked on the kit, answered there, and over soon."""

import msgspec
import pytest

from unit.reading_kit import ELSEWHERE, HERE, Kit
from unit.test_deciding import MENU, RULES, slot_of
from unit.test_kit_page import roles
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Readable, ReadAnswer, ReadEnd, ReadRefusal, Role
from vybor.core.decision import deciding, practising, readers
from vybor.core.decision.readers import ASKED_NS, HOLDS_NS, LEASE_NS, MOST_ENDED, QUIET_NS, UNUSED_NS
from vybor.core.desks.reading_desk import NO_RECORD, NOT_ALLOWED, ReadingDesk
from vybor.foundation.bus import Answered, Asked
from vybor.foundation.clock import seconds


@pytest.mark.parametrize("what", list(Readable))
def test_nothing_is_read_before_the_wearer_said_yes(what: Readable) -> None:
    kit = Kit()
    assert kit.mirror() is None
    assert kit.wish(what).asked is what
    assert kit.wish().grants == ()
    assert kit.mirror() is None
    refused = kit.ask(m.ReadRecord(request="", browser=HERE, what=what))
    assert isinstance(refused, m.Refused)
    assert kit.bus.asks == []


def test_a_question_takes_no_page_away_and_the_menu_leads_to_it() -> None:
    kit = Kit()
    kit.choose(0)
    kit.show()
    offer = kit.state.offer
    kit.wish(Readable.MIRROR)
    assert (kit.state.offer, kit.state.writing.mode) == (offer, Mode.WORDS)
    assert kit.screen().readers == m.Readers(asked=Readable.MIRROR, number=1)
    kit.choose(MENU)
    kit.role(Role.READ_ASKED)
    assert kit.state.writing.mode is Mode.READ_ASKED
    assert roles(kit) == {Role.READ_YES, Role.READ_DRAFTS, Role.READ_NO, Role.BACK, Role.MENU}
    kit.role(Role.BACK)
    assert (kit.state.writing.mode, kit.state.writing.text) == (Mode.WORDS, "I")
    assert kit.wish().asked is Readable.MIRROR


@pytest.mark.parametrize("what", [Readable.LOG, Readable.EXPORT])
def test_drafts_are_asked_about_with_a_mirror_alone(what: Readable) -> None:
    kit = Kit()
    kit.wish(what)
    kit.choose(MENU)
    kit.role(Role.READ_ASKED)
    assert Role.READ_DRAFTS not in roles(kit)


def test_yes_is_far_from_where_it_was_asked_and_from_the_yes_to_more() -> None:
    kit = Kit()
    kit.wish(Readable.MIRROR)
    kit.choose(MENU)
    asked = slot_of(kit, Role.READ_ASKED)
    kit.role(Role.READ_ASKED)
    places = {role: slot_of(kit, role) for role in (Role.READ_YES, Role.READ_DRAFTS, Role.READ_NO)}
    assert asked not in places.values()
    assert abs(places[Role.READ_YES] - places[Role.READ_DRAFTS]) > 1


def test_after_a_no_nothing_is_read_and_nobody_asks_again_at_once() -> None:
    kit = Kit()
    kit.wish(Readable.LOG)
    kit.says(Role.READ_NO)
    assert kit.wish().ended is ReadEnd.NO
    assert kit.wish().grants == ()
    for browser in (HERE, ELSEWHERE):
        assert kit.wish(Readable.LOG, browser).refused is ReadRefusal.JUST_ASKED
    assert kit.screen().readers is None
    kit.later(QUIET_NS)
    assert kit.wish(Readable.LOG).asked is Readable.LOG


def test_a_question_without_an_answer_was_a_no_and_its_page_goes() -> None:
    kit = Kit()
    kit.choose(0)
    kit.wish(Readable.MIRROR)
    kit.choose(MENU)
    kit.role(Role.READ_ASKED)
    kit.later(ASKED_NS - seconds(20))
    assert kit.state.writing.mode is Mode.READ_ASKED
    kit.later(seconds(30))
    assert (kit.state.writing.mode, kit.state.writing.text) == (Mode.WORDS, "I")
    assert (kit.wish().ended, kit.mirror()) == (ReadEnd.LATE, None)


def test_an_answer_holds_for_the_question_that_stood_there() -> None:
    kit = Kit()
    kit.wish(Readable.LOG)
    kit.choose(MENU)
    kit.role(Role.READ_ASKED)
    kit.wish(leaves=True)
    kit.later(QUIET_NS)
    kit.wish(Readable.EXPORT, ELSEWHERE)
    kit.desk.known = readers.answered(kit.desk.known, ReadAnswer.YES, 1, kit.now_ns)
    assert kit.desk.known.grants == ()
    assert kit.wish(browser=ELSEWHERE).asked is Readable.EXPORT


def test_two_browsers_do_not_ask_at_once_and_one_reads_nothing_of_the_other_s() -> None:
    kit = Kit()
    kit.wish(Readable.LOG)
    assert kit.wish(Readable.MIRROR, ELSEWHERE).refused is ReadRefusal.OTHER
    kit.says(Role.READ_YES)
    assert kit.wish(browser=ELSEWHERE).grants == ()
    assert isinstance(kit.ask(m.ReadRecord(request="", browser=ELSEWHERE, what=Readable.LOG)), m.Refused)
    kit.wish(Readable.MIRROR, ELSEWHERE)
    kit.says(Role.READ_YES)
    said = kit.speak()
    assert kit.mirror() is None
    seen = kit.mirror(ELSEWHERE)
    assert seen is not None
    assert seen.said == (said,)


def test_a_mirror_has_what_is_said_from_the_yes_on_and_no_draft() -> None:
    kit = Kit()
    kit.speak()
    kit.granted(Readable.MIRROR)
    said = kit.speak(1)
    kit.choose(0)
    assert kit.mirror() == m.Mirror(request=str(kit.request), said=(said,), draft=None)


def test_a_draft_is_in_it_only_if_the_wearer_said_so() -> None:
    kit = Kit().granted(Readable.MIRROR, Role.READ_DRAFTS)
    kit.choose(0)
    assert kit.mirror() == m.Mirror(request=str(kit.request), said=(), draft="I")


def shown(kit: Kit) -> m.Mirror:
    seen = kit.mirror()
    assert seen is not None
    return seen


@pytest.mark.parametrize("way", ["incognito", "unlearn"])
def test_what_is_private_is_not_in_it_agreed_or_not(way: str) -> None:
    kit = Kit().granted(Readable.MIRROR, Role.READ_DRAFTS)
    before = kit.speak()
    kit.choose(0)
    assert shown(kit).draft == "I"
    kit.choose(MENU)
    kit.role(Role.TOOLS)
    if way == "incognito":  # this text first, then all that comes
        kit.role(Role.UNLEARN)
        kit.choose(MENU)
        kit.role(Role.TOOLS, Role.INCOGNITO)
    else:
        kit.role(Role.UNLEARN)
    assert shown(kit).draft is None
    kit.role(Role.SPEAK)
    assert shown(kit).said == ((before,) if way == "unlearn" else ())
    if way == "incognito":
        kit.choose(MENU)
        kit.choose(0)  # an answer
        assert kit.decided[-1].say == "Yes."
        assert shown(kit) == m.Mirror(request=str(kit.request))
        kit.choose(MENU)
        kit.role(Role.TOOLS, Role.LEARNING)
        assert shown(kit).said == ()
        assert kit.speak() in shown(kit).said


def test_what_was_private_is_not_in_it_when_it_is_repeated_either() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.choose(0)
    kit.choose(MENU)
    kit.role(Role.TOOLS, Role.UNLEARN, Role.SPEAK)
    kit.choose(MENU)
    kit.role(Role.REPEAT)
    assert kit.decided[-1].repeat == "I."
    assert shown(kit).said == ()


def test_answers_are_in_it_and_what_is_taken_back_is_not() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.choose(MENU)
    kit.choose(0)
    assert shown(kit).said == ("Yes.",)
    kit.role(Role.UNDO)
    assert shown(kit).said == ()
    said = kit.speak()
    assert shown(kit).said == (said,)
    kit.role(Role.UNDO)
    assert shown(kit).said == ()
    kit.role(Role.SPEAK)
    kit.choose(MENU)
    kit.role(Role.NOT_MEANT)
    assert shown(kit).said == ("That is not what I meant.",)


def test_what_is_said_again_or_not_meant_and_then_meant_stands_in_it_and_nothing_of_before_the_yes() -> None:
    kit = Kit()
    kit.speak(1)
    kit.granted(Readable.MIRROR)
    said = kit.speak()
    kit.choose(MENU)
    kit.role(Role.REPEAT, Role.UNDO)
    assert shown(kit).said == (said,)
    kit.choose(MENU)
    kit.role(Role.NOT_MEANT, Role.UNDO)
    assert shown(kit).said == (said,)
    kit.role(Role.UNDO)
    kit.choose(MENU)
    kit.role(Role.TOOLS, Role.CLEAR)
    kit.choose(MENU)
    kit.role(Role.NOT_MEANT, Role.UNDO)
    assert shown(kit).said == ()


def test_what_the_other_person_said_is_in_none_of_it() -> None:
    kit = Kit().granted(Readable.MIRROR, Role.READ_DRAFTS)
    kit.state = deciding.partnered(kit.state, "Do you want tea", RULES, kit.now_ns)
    assert kit.screen().partner
    kit.choose(0)
    assert "tea" not in str(shown(kit))
    kit.role(Role.SPEAK)
    assert "tea" not in str(shown(kit))
    assert "tea" not in str(kit.desk.known)


def test_practice_is_not_in_it() -> None:
    kit = Kit().granted(Readable.MIRROR, Role.READ_DRAFTS)
    kit.choose(0)
    kit.state = practising.begun(kit.state, RULES, kit.now_ns)
    assert shown(kit).draft == "I"
    kit.choose(0)
    assert shown(kit).draft == "I"


def test_what_is_deleted_is_not_in_it() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.speak()
    wish = m.Erase(request="e", scope=m.Scope.TODAY)
    assert not kit.desk.asked(Asked(b"log", wish), kit.state, kit.now_ns)
    assert shown(kit).said == ()
    kit.speak()
    kit.choose(MENU)
    kit.role(Role.TOOLS, Role.KIT, Role.ERASE, Role.ERASE, Role.ERASE)
    assert kit.decided[-1].erase
    assert shown(kit).said == ()


@pytest.mark.parametrize("way", [(Role.TOOLS, Role.KIT, Role.READ_END), (Role.REST,)])
def test_the_wearer_ends_it_at_any_time(way: tuple[Role, ...]) -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.speak()
    kit.choose(MENU)
    kit.role(*way)
    assert (kit.mirror(), kit.wish().ended) == (None, ReadEnd.ENDED)
    assert kit.screen().readers is None


def test_there_is_nothing_to_end_while_nobody_reads() -> None:
    kit = Kit()
    kit.choose(MENU)
    assert Role.READ_ASKED not in roles(kit)
    kit.role(Role.TOOLS, Role.KIT)
    assert Role.READ_END not in roles(kit)


def test_it_is_over_after_an_hour_though_it_is_read_all_the_while() -> None:
    kit = Kit().granted(Readable.MIRROR)
    while kit.mirror():
        kit.later(UNUSED_NS // 2)
    assert kit.now_ns >= HOLDS_NS
    assert kit.wish().ended is ReadEnd.OVER


def test_what_nobody_reads_is_over_soon() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.later(UNUSED_NS - seconds(20))
    assert kit.mirror() is not None
    kit.later(UNUSED_NS + seconds(1))
    assert (kit.mirror(), kit.wish().ended) == (None, ReadEnd.OVER)


def test_it_goes_with_the_browser_and_with_the_panel() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.wish(leaves=True)
    assert kit.mirror() is None
    kit = Kit().granted(Readable.MIRROR)
    kit.now_ns += LEASE_NS + 1
    kit.turn()
    assert (kit.mirror(), kit.screen().readers) == (None, None)
    kit.wish(Readable.LOG)
    kit.now_ns += LEASE_NS + 1
    kit.turn()
    assert kit.wish().asked is None


def test_another_process_of_the_same_name_knows_of_no_yes() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.desk = ReadingDesk(kit.bus)  # type: ignore[arg-type]
    assert kit.mirror() is None
    assert kit.screen().readers is None


@pytest.mark.parametrize(
    ("way", "refused"), [("rest", ReadRefusal.RESTS), ("practice", ReadRefusal.BUSY), ("help", ReadRefusal.BUSY)]
)
def test_nobody_is_asked_who_is_at_something_else(way: str, refused: ReadRefusal) -> None:
    kit = Kit()
    if way == "practice":
        kit.state = practising.begun(kit.state, RULES, kit.now_ns)
    else:
        kit.choose(MENU)
        kit.role(Role.REST if way == "rest" else Role.HELP)
    assert kit.wish(Readable.LOG).refused is refused
    assert kit.wish().asked is None


def test_a_kit_that_is_only_starting_asks_nobody() -> None:
    kit = Kit()
    kit.state = deciding.first(kit.now_ns)
    assert kit.wish(Readable.LOG).refused is ReadRefusal.STARTING


# --- rows of the record -------------------------------------------------------------------------------------


def rows(request: str) -> Answered:
    return Answered("journal", m.RecordTold(request=request, kit="k", rows=(), boot=1, sequence=7))


def test_rows_are_asked_for_here_and_handed_on() -> None:
    kit = Kit().granted(Readable.LOG)
    kit.send(m.ReadRecord(request="", browser=HERE, what=Readable.LOG, boot=2, sequence=3))
    receiver, asked = kit.bus.asks[-1]
    assert (receiver, asked) == (
        "journal",
        m.TellRecord(request=asked.request, whole=False, boot=2, sequence=3),
    )
    assert kit.desk.answered(rows(asked.request))
    told = kit.bus.replies[-1]
    assert isinstance(told, m.RecordTold)
    assert (told.request, told.sequence) == (str(kit.request), 7)
    assert not kit.desk.answered(rows("another"))


def test_a_yes_to_what_was_said_is_none_to_the_record() -> None:
    kit = Kit().granted(Readable.LOG)
    assert isinstance(kit.ask(m.ReadRecord(request="", browser=HERE, what=Readable.EXPORT)), m.Refused)
    assert isinstance(kit.ask(m.ReadRecord(request="", browser=HERE, what=Readable.MIRROR)), m.Refused)
    assert kit.mirror() is None
    assert kit.bus.asks == []


def test_rows_that_come_after_the_wearer_ended_it_are_handed_to_nobody() -> None:
    kit = Kit().granted(Readable.EXPORT)
    kit.send(m.ReadRecord(request="", browser=HERE, what=Readable.EXPORT))
    asked = kit.bus.asks[-1][1]
    kit.choose(MENU)
    kit.role(Role.REST)
    assert kit.desk.answered(rows(asked.request))
    told = kit.bus.replies[-1]
    assert isinstance(told, m.Refused)
    assert told.reason == NOT_ALLOWED


def test_a_record_that_does_not_answer_is_waited_for_no_longer_than_a_moment() -> None:
    kit = Kit().granted(Readable.EXPORT)
    kit.send(m.ReadRecord(request="", browser=HERE, what=Readable.EXPORT))
    assert len(kit.bus.asks) == 1
    kit.now_ns += seconds(4)
    kit.turn()
    told = kit.bus.replies[-1]
    assert isinstance(told, m.Refused)
    assert (told.reason, kit.bus.asks) == (NO_RECORD, [])


def test_learn_nothing_hides_all_however_it_came_on() -> None:
    """A draft that comes late may say that it was on before the start."""
    kit = Kit().granted(Readable.MIRROR, Role.READ_DRAFTS)
    kit.speak()
    lasting = msgspec.structs.replace(kit.state.writing.lasting, incognito=True)
    writing = msgspec.structs.replace(kit.state.writing, lasting=lasting)
    kit.state = msgspec.structs.replace(kit.state, writing=writing)
    assert shown(kit) == m.Mirror(request=str(kit.request))


def test_only_the_last_browsers_are_told_why_they_may_not_read() -> None:
    known = readers.Reading()
    for number in range(MOST_ENDED + 5):
        known = readers.asked(known, str(number), Readable.LOG, 0)
        known = readers.answered(known, ReadAnswer.NO, known.numbers, 0)
    assert len(known.ended) == MOST_ENDED
    assert readers.told(known, "0", ReadRefusal.NONE, "1").ended is ReadEnd.NONE
    assert readers.told(known, str(number), ReadRefusal.NONE, "1").ended is ReadEnd.NO
