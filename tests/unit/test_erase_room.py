"""What a deletion asks of the deciding process: it forgets before the record does, and its own files after it."""

from collections.abc import Collection
from pathlib import Path

import pytest

from unit.test_deciding import Writer
from unit.test_erase_desk import Bus
from unit.test_rights_page import speak
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Scope
from vybor.core.desks.erase_desk import EraseDesk
from vybor.core.desks.erase_room import EraseRoom, Holders, dated
from vybor.core.desks.owed import Owed
from vybor.foundation import clock
from vybor.foundation.bus import Answered, Asked


class Holder:
    """In place of each that holds something of the person's."""

    is_to_forget = False

    def __init__(self) -> None:
        self.forgot = 0
        self.left: Collection[str] | None = None

    def forget(self) -> None:
        self.forgot += 1

    def keep(self, left: Collection[str], now_ns: int) -> None:
        self.left = left

    def forget_all(self) -> str:
        self.forgot += 1
        return "the phrases cannot be removed; remove them there"


class Room:
    def __init__(self, folder: Path) -> None:
        self.writer = Writer()
        self.bus = Bus()
        self.holders = [Holder() for _ in Holders._fields]
        desk = EraseDesk(self.bus, Owed(folder / "owed.json"))  # type: ignore[arg-type]  # as much of a bus as it needs
        self.room = EraseRoom(self.bus, desk, Holders(*self.holders))  # type: ignore[arg-type]

    def ask(self, request: str, scope: Scope, **which: object) -> None:
        asked = Asked(b"", m.Erase(request=request, scope=scope, **which))
        self.writer.state = self.room.asked(self.writer.state, asked, self.writer.rules, 0)

    def turn(self) -> None:
        self.writer.state = self.room.turn(self.writer.state, self.writer.rules, 1, is_saved=True)

    def answer(self, **told: object) -> None:
        request = next(one.request for who, one in reversed(self.bus.asked) if who == "journal")
        reply = Answered("journal", m.Erased(**{"request": request, "rows": 3, "sentences": 1, **told}))
        self.writer.state = self.room.answered(self.writer.state, reply, self.writer.rules, 1)

    @property
    def text(self) -> str:
        return self.writer.state.writing.text


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def asked_of_journal(room: Room) -> list[bool]:
    """Whether it was only to find, of each that was asked."""
    return [one.only_find for who, one in room.bus.asked if isinstance(one, m.Erase)]


def test_what_would_be_gone_cannot_be_brought_back_before_the_record_deletes_it(room: Room) -> None:
    speak(room.writer)
    said = room.writer.decided[-1].decision
    room.ask("cli", Scope.UTTERANCE, session=said.session, number=said.number)
    assert room.writer.state.writing.said
    room.turn()
    room.answer(texts=("I",))
    assert asked_of_journal(room) == [True]
    assert (room.writer.state.writing.said, room.writer.state.writing.past) == ("", ())
    room.turn()
    assert asked_of_journal(room) == [True, False]
    room.writer.choose(0)
    assert room.text == "I"
    room.answer(texts=("I",))
    assert room.text == "I"  # written anew since: another sentence
    learning, own, phrases, *_ = room.holders
    assert (learning.forgot, own.forgot, phrases.forgot) == (1, 1, 0)


def test_what_is_deleted_falls_silent_and_what_was_said_before_it_goes_on(room: Room) -> None:
    answers = [tile.slot for tile in room.writer.state.tiles if tile.role is Role.MENU]
    room.writer.choose(answers[0])
    room.writer.choose(next(tile.slot for tile in room.writer.state.tiles if tile.label == "Yes."))
    speak(room.writer)
    said = room.writer.decided[-1].decision
    room.ask("cli", Scope.UTTERANCE, session=said.session, number=said.number)
    room.turn()
    room.answer(texts=("I",))
    assert room.holders[Holders._fields.index("speaking")].left == {"Yes."}


def test_what_the_person_writes_stays_where_the_record_tells_what_is_gone_and_goes_where_it_cannot(
    room: Room,
) -> None:
    for request, told, left in (("1", {"texts": ("We",)}, "I"), ("2", {"texts": ()}, "")):
        room.writer.choose(0) if not room.text else None
        room.ask(request, Scope.UTTERANCE, session="before", number=1)
        room.turn()
        room.answer(rows=0, **{**told, "texts": ()})
        room.turn()
        room.answer(**told)
        assert room.text == left
        for who, command in list(room.bus.asked):
            if who == "generator":
                done = Answered(who, m.Done(request=command.request))
                room.writer.state = room.room.answered(room.writer.state, done, room.writer.rules, 2)
        room.turn()


def test_phrases_that_cannot_be_removed_are_said(room: Room) -> None:
    room.ask("cli", Scope.EVERYTHING)
    room.turn()
    room.answer()
    for who, command in list(room.bus.asked):
        if who in ("generator", "gaze", "headband"):
            done = Answered(who, m.Done(request=command.request))
            room.writer.state = room.room.answered(room.writer.state, done, room.writer.rules, 2)
    room.turn()
    (reply,) = room.bus.answers
    assert isinstance(reply, m.Refused)
    assert "phrases" in reply.reason


def test_who_asks_again_after_a_start_takes_nothing_that_was_written_since(tmp_path: Path) -> None:
    first = Room(tmp_path)
    first.ask("cli", Scope.TODAY)
    first.turn()
    first.answer()
    again = Room(tmp_path)
    again.writer.choose(0)
    again.ask("cli", Scope.TODAY)
    assert again.text == "I"
    assert asked_of_journal(again) == []  # the record has done it
    assert again.holders[0].forgot == 1


def test_a_day_that_is_today_is_today_and_today_has_its_day() -> None:
    today = clock.today().isoformat()
    wish = m.Erase(request="1", scope=Scope.TODAY, day=today)
    assert dated(m.Erase(request="1", scope=Scope.TODAY)) == wish
    assert dated(m.Erase(request="1", scope=Scope.DAY, day=today)) == wish
    for other in (
        m.Erase(request="1", scope=Scope.TODAY, day="1999-12-31"),
        m.Erase(request="1", scope=Scope.DAY, day="1999-12-31"),
        m.Erase(request="1", scope=Scope.EVERYTHING),
    ):
        assert dated(other) == other


def test_while_the_kit_starts_it_is_asked_later(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.writer.state = type(room.writer.state)(offer=1, prompts=1)
    room.ask("cli", Scope.TODAY)
    (reply,) = room.bus.answers
    assert isinstance(reply, m.Refused)
    assert "starting" in reply.reason
