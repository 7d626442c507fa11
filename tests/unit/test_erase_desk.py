"""A deletion goes through every store, one after another, and says where it did not; whatever ends, it goes on."""

from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Scope, Trouble
from vybor.core.desks.erase_desk import (
    JOURNAL_WITHIN_NS,
    NOT_TOLD_FOR_NS,
    OTHERS_WITHIN_NS,
    SAVED_WITHIN_NS,
    EraseDesk,
    Gone,
)
from vybor.core.desks.owed import Owed
from vybor.foundation.bus import Answered, Asked

NAMED = {"scope": Scope.UTTERANCE, "session": "s", "number": 5}
TEXTS = ("Ada hid it",)


class Bus:
    def __init__(self) -> None:
        self.asked: list[tuple[str, m.AnyCommand]] = []
        self.answers: list[m.AnyReply] = []

    def new_request(self) -> str:
        return str(len(self.asked) + 1)

    def ask(self, who: str, command: m.AnyCommand) -> None:
        self.asked.append((who, command))

    def take_back(self, who: str, request: str) -> None:
        self.asked.append((who, m.Hush(request=f"not {request}")))

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        self.answers.append(reply)


class Desk(EraseDesk):
    """With what was asked, and answers from each."""

    def __init__(self, folder: Path) -> None:
        self.bus = Bus()
        super().__init__(self.bus, Owed(folder / "owed.json"))  # type: ignore[arg-type]  # as much of a bus as it needs

    def wish(self, scope: Scope = Scope.LAST, asked: Asked | None = None, **which: object) -> None:
        assert self.begin(m.Erase(request="x", scope=scope, **which), 0, asked) == ""

    def go_on(self, now_ns: int = 1, *, is_saved: bool = True, has_forgotten: bool = True) -> None:
        self.turn(now_ns, is_saved=is_saved, has_forgotten=has_forgotten)

    def found(self, **told: object) -> Gone | None:
        request = self.bus.asked[-1][1].request
        reply = m.Erased(**{"request": request, "rows": 7, "sentences": 1, "texts": TEXTS, **told})
        return self.answered(Answered("journal", reply), 1)

    def others_answer(self) -> None:
        for who, command in list(self.bus.asked):
            if who in ("generator", "gaze", "headband"):
                self.answered(Answered(who, m.Done(request=command.request)), 2)

    def troubles(self, now_ns: int = 3) -> list[Trouble]:
        return [notice.trouble for notice in self.notices(now_ns)]

    def by(self, who: str) -> list[m.AnyCommand]:
        return [command for each, command in self.bus.asked if each == who]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def to_journal(desk: Desk) -> None:
    """As far as the record is asked to delete."""
    desk.go_on()
    if isinstance(command := desk.by("journal")[-1], m.Erase) and command.only_find:
        desk.found(session="s", number=5)
        desk.go_on()


def test_the_record_first_has_what_was_chosen_then_the_room_forgets_and_only_then_the_record(desk: Desk) -> None:
    desk.wish()
    desk.go_on(is_saved=False)
    assert desk.bus.asked == []
    desk.go_on()
    assert desk.bus.asked == [("journal", m.Erase(request="1", scope=Scope.LAST, only_find=True))]
    assert desk.troubles() == [Trouble.ERASING]
    assert desk.found(session="s", number=5) == Gone(TEXTS)
    assert desk.texts == TEXTS
    desk.go_on(is_saved=False)
    assert len(desk.bus.asked) == 1  # an undo that brought it back is not written down yet
    desk.go_on()
    assert desk.bus.asked[1:] == [("journal", m.Erase(request="x", **NAMED))]  # not what was said since
    assert desk.found(texts=(*TEXTS, "Ada")) == Gone(("Ada",), is_learned=True)
    assert desk.bus.asked[2:] == [("generator", m.CountAnew(request="3"))]
    desk.go_on()
    assert desk.troubles() == [Trouble.ERASING]
    desk.others_answer()
    desk.go_on(has_forgotten=False)
    assert desk.is_busy
    desk.go_on()
    assert desk.troubles() == [Trouble.ERASED]
    assert desk.troubles(10**11) == []
    assert desk.texts == ()


@pytest.mark.parametrize("scope", [Scope.TODAY, Scope.EVERYTHING])
def test_where_all_at_hand_goes_with_the_wish_nothing_is_looked_for_first(desk: Desk, scope: Scope) -> None:
    desk.wish(scope)
    desk.go_on()
    assert desk.bus.asked == [("journal", m.Erase(request="x", scope=scope))]
    assert desk.found(texts=()) == Gone(is_learned=True)


def test_with_everything_the_looks_go_and_only_then(desk: Desk) -> None:
    desk.wish(Scope.EVERYTHING)
    assert desk.forgets_all
    desk.go_on()
    desk.found()
    assert {who for who, _ in desk.bus.asked} == {"journal", "generator", "gaze", "headband"}
    assert isinstance(desk.by("headband")[-1], m.ForgetUsual)


def test_who_asked_by_command_hears_how_it_went_and_no_text(desk: Desk) -> None:
    desk.wish(asked=Asked(b"", m.Erase(request="cli", scope=Scope.LAST)))
    another = m.Erase(request="y", scope=Scope.LAST)
    assert "something else" in desk.begin(another, 0, Asked(b"", another))
    to_journal(desk)
    desk.found()
    desk.others_answer()
    desk.go_on()
    assert desk.bus.answers == [m.Erased(request="cli", rows=7, sentences=1)]


def test_nothing_to_delete_is_said_and_nothing_that_is_said_later_goes(desk: Desk) -> None:
    desk.wish()
    desk.go_on()
    assert desk.found(rows=0, sentences=0, texts=()) is None
    assert desk.troubles() == [Trouble.NOTHING_TO_ERASE]
    assert len(desk.bus.asked) == 1
    desk.wish(Scope.UTTERANCE)
    to_journal(desk)
    assert desk.found(rows=0, sentences=0, texts=()) == Gone(is_learned=True)
    desk.others_answer()
    desk.go_on()
    assert desk.troubles() == [Trouble.NOTHING_TO_ERASE]


def test_what_takes_too_long_is_not_said_to_be_gone(tmp_path: Path) -> None:
    limits = (SAVED_WITHIN_NS, JOURNAL_WITHIN_NS, SAVED_WITHIN_NS, JOURNAL_WITHIN_NS, OTHERS_WITHIN_NS)
    for stage, limit_ns in enumerate(limits):
        desk = Desk(tmp_path / str(stage))
        desk.wish(asked=Asked(b"", m.Erase(request="cli", scope=Scope.LAST)))
        steps = (lambda d: d.go_on(0), lambda d: d.found(session="s"), lambda d: d.go_on(0), lambda d: d.found())
        for step in steps[:stage]:
            step(desk)
        desk.go_on(limit_ns, is_saved=False)
        assert desk.is_busy
        desk.go_on(limit_ns + 2, is_saved=False)
        assert desk.troubles(limit_ns + 3) == [Trouble.NOT_ERASED]
        assert desk.troubles(limit_ns + 3 + NOT_TOLD_FOR_NS) == []
        (reply,) = desk.bus.answers
        assert isinstance(reply, m.Refused)
        assert reply.reason


def test_a_refusal_is_passed_on(desk: Desk) -> None:
    desk.wish(Scope.DAY, Asked(b"", m.Erase(request="cli", scope=Scope.DAY, day="x")), day="x")
    desk.go_on(0)
    assert desk.answered(Answered("journal", m.Refused(request="1", reason="no such day")), 1) is None
    assert desk.bus.answers == [m.Refused(request="cli", reason="no such day")]
    assert desk.found(request="1") is None  # too late: nobody waits for it


def test_what_is_chosen_meanwhile_is_deleted_next(desk: Desk) -> None:
    desk.wish()
    assert desk.begin(m.Erase(request="", scope=Scope.EVERYTHING), 1) == ""
    to_journal(desk)
    desk.found()
    desk.others_answer()
    desk.go_on()
    assert desk.forgets_all
    desk.go_on()
    (_, command) = desk.bus.asked[-1]
    assert isinstance(command, m.Erase)
    assert (command.scope, command.only_find) == (Scope.EVERYTHING, False)


def test_what_could_not_be_removed_is_named(tmp_path: Path) -> None:
    aside = {"aside": ("journal.damaged-1.sqlite",)}
    for number, told in enumerate(({}, aside, {"left": "somebody else reads the record; end them to remove it"})):
        desk = Desk(tmp_path / str(number))
        desk.wish(Scope.EVERYTHING, Asked(b"", m.Erase(request="cli", scope=Scope.EVERYTHING)))
        desk.go_on()
        desk.found(**told)
        if not told:
            desk.left("the phrases cannot be removed")
        desk.others_answer()
        desk.go_on()
        assert desk.troubles(5) == [Trouble.NOT_ERASED]
        (reply,) = desk.bus.answers
        assert isinstance(reply, m.Refused)
        assert "remove" in reply.reason


def test_a_journal_that_ended_before_it_could_answer_knows_no_text_and_all_at_hand_goes(desk: Desk) -> None:
    desk.wish(Scope.UTTERANCE)
    desk.go_on()
    desk.found(rows=0, texts=())  # another process of it had done it already
    desk.go_on()
    assert desk.found(texts=()) == Gone(is_all=True, is_learned=True)


def test_where_the_texts_were_told_before_a_journal_that_knows_none_changes_nothing(desk: Desk) -> None:
    desk.wish(Scope.UTTERANCE)
    to_journal(desk)
    assert desk.found(texts=()) == Gone(is_learned=True)


# --- a start in between ------------------------------------------------------------------------------------------


def test_a_wish_goes_on_after_a_start_wherever_it_was_cut(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    first.wish()
    again = Desk(tmp_path)  # nothing was asked yet
    assert again.resumed(0) == Gone()
    again.go_on()
    assert again.by("journal") == [m.Erase(request="1", scope=Scope.LAST, only_find=True)]
    again.found(session="s", number=5)
    again.go_on()
    third = Desk(tmp_path)  # the record was asked, and may have done it
    assert third.resumed(0) == Gone()
    third.go_on()
    assert third.by("journal") == [
        m.Erase(request="x", **NAMED)
    ]  # the same wish by its name, and no other sentence
    third.found()
    fourth = Desk(tmp_path)  # the record has forgotten, the others may not have
    assert fourth.resumed(0) == Gone(is_learned=True)
    assert fourth.by("journal") == []
    assert fourth.by("generator") == [m.CountAnew(request="1")]
    fourth.others_answer()
    fourth.go_on()
    assert fourth.troubles() == [Trouble.ERASED]
    assert Desk(tmp_path).resumed(0) is None
    assert list(tmp_path.iterdir()) == []


def test_everything_goes_on_with_phrases_and_looks_and_deletes_nothing_that_came_since(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    first.wish(Scope.EVERYTHING)
    first.go_on()
    first.found(rows=0, texts=())
    again = Desk(tmp_path)
    assert again.resumed(0) == Gone(is_learned=True)
    assert again.forgets_all
    assert {who for who, _ in again.bus.asked} == {"generator", "gaze", "headband"}


def test_what_learned_and_did_not_answer_is_asked_again_at_the_next_start(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.wish()
    to_journal(desk)
    desk.found()
    desk.go_on(OTHERS_WITHIN_NS + 2)
    assert desk.troubles(OTHERS_WITHIN_NS + 3) == [Trouble.NOT_ERASED]
    assert Desk(tmp_path).resumed(0) == Gone(is_learned=True)


@pytest.mark.parametrize(("scope", "again"), [(Scope.TODAY, True), (Scope.EVERYTHING, False)])
def test_what_a_silent_journal_may_have_done_is_asked_again_but_never_for_more(
    tmp_path: Path, scope: Scope, again: bool
) -> None:
    """What is written after *NOT deleted* is no part of an *everything* that was wished before."""
    desk = Desk(tmp_path)
    desk.wish(scope, day="2026-02-28" if scope is Scope.TODAY else "")
    desk.go_on(0)
    desk.go_on(JOURNAL_WITHIN_NS + 1)
    assert desk.troubles(JOURNAL_WITHIN_NS + 2) == [Trouble.NOT_ERASED]
    assert (Desk(tmp_path).resumed(0) is not None) == again


def test_what_was_refused_is_owed_no_more(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.wish(Scope.DAY, day="x")
    desk.go_on()
    desk.answered(Answered("journal", m.Refused(request="1", reason="no such day")), 1)
    assert Desk(tmp_path).resumed(0) is None


def test_who_asks_again_after_a_start_hears_how_it_ends(tmp_path: Path) -> None:
    Desk(tmp_path).wish(Scope.UTTERANCE)
    again = Desk(tmp_path)
    again.resumed(0)
    wish = m.Erase(request="x", scope=Scope.UTTERANCE)
    assert again.begin(wish, 0, Asked(b"", wish)) == ""
    to_journal(again)
    again.found()
    again.others_answer()
    again.go_on()
    assert again.bus.answers == [m.Erased(request="x", rows=7, sentences=1)]


def test_all_that_is_owed_goes_on_one_after_another(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.wish(Scope.TODAY, day="2026-02-28")
    assert desk.begin(m.Erase(request="", scope=Scope.EVERYTHING), 1) == ""
    again = Desk(tmp_path)
    assert again.resumed(0) == Gone(is_all=True)
    again.go_on()
    assert again.by("journal") == [m.Erase(request="x", scope=Scope.TODAY, day="2026-02-28")]
    again.found()
    again.others_answer()
    again.go_on()
    assert again.resumed(0) == Gone(is_all=True)
    assert again.forgets_all


def test_a_note_that_cannot_be_read_has_all_learned_anew_and_one_that_cannot_be_written_ends_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "owed.json").write_bytes(b"\xff[")
    assert Desk(tmp_path).resumed(0) == Gone(is_learned=True)
    desk = Desk(tmp_path / "nowhere")
    desk.wish()
    to_journal(desk)
    desk.found()
    desk.others_answer()
    desk.go_on()
    assert desk.troubles() == [Trouble.ERASED]


def test_what_the_model_learned_is_told_of(desk: Desk) -> None:
    desk.wish(Scope.UTTERANCE, Asked(b"", m.Erase(request="x", scope=Scope.UTTERANCE)))
    to_journal(desk)
    desk.found()
    desk.answered(Answered("generator", m.Forgotten(request=desk.by("generator")[-1].request, is_stale=True)), 3)
    desk.go_on()
    assert desk.troubles() == [Trouble.ERASED_STALE]
    assert desk.bus.answers == [m.Erased(request="x", rows=7, sentences=1, is_stale=True)]


def test_what_sync_alone_can_remove_is_asked_of_it(desk: Desk) -> None:
    desk.wish(Scope.TODAY)
    desk.go_on()
    desk.found()
    told = m.Forgotten(request=desk.by("generator")[-1].request, is_stale=False, may_have_arrived=True)
    desk.answered(Answered("generator", told), 3)
    assert isinstance(desk.by("sync")[-1], m.ForgetArrived)
    desk.go_on()
    assert desk.troubles() == [Trouble.ERASING]
    desk.answered(Answered("sync", m.Done(request=desk.by("sync")[-1].request)), 6)
    desk.go_on()
    assert desk.troubles() == [Trouble.ERASED]
