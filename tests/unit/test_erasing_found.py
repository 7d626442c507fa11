"""What is found to be deleted: told before it is, on its day, and with all that came meanwhile."""

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from unit.record_writer import Bus, Writer, erase
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role, Scope
from vybor.foundation import clock, keys
from vybor.foundation.bus import Asked
from vybor.foundation.keys import Key
from vybor.journal import marks, store
from vybor.journal.eraser import Eraser
from vybor.journal.finding import Search
from vybor.segments.rows import Deletion, Kind, Span
from vybor.utterances.hiding import FORGOTTEN


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path / "journal.sqlite")


class Room:
    """An eraser, and what it is asked one thing after another."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.bus = Bus()
        self.left: list[tuple[Deletion, bool]] = []
        self.eraser = Eraser(writer.path, self.bus, self.leaves, lambda: None)  # type: ignore[arg-type]
        self.now_ns = 0

    def leaves(self, deletion: Deletion, all_of_it: bool) -> None:
        self.left.append((deletion, all_of_it))

    def ask(self, request: str, scope: Scope = Scope.LAST, **which: object) -> str:
        wish = m.Erase(request=request, scope=scope, **which)
        return self.eraser.asked(Asked(request.encode(), wish), self.writer.store)

    def end(self) -> m.Erased:
        while not self.bus.replies:
            self.step()
        reply = self.bus.replies.pop()
        assert isinstance(reply, m.Erased)
        return reply

    def step(self) -> None:
        self.now_ns += 10**10
        assert self.eraser.is_busy(self.writer.store, self.now_ns)
        self.eraser.step(self.writer.store, self.now_ns)


def test_what_would_be_gone_is_told_and_stays_until_it_is_asked_for_by_its_name(writer: Writer) -> None:
    writer.say("Thank you")
    said = writer.say("Ada hid it")
    room = Room(writer)
    assert room.ask("1", only_find=True) == ""
    found = room.end()
    assert (found.texts, found.session, found.number) == (("Ada hid it",), said.session, said.number)
    assert writer.store.count() == 7
    assert room.left == []
    writer.say("Come here")  # meanwhile
    read: list[str] = []
    writer.store._database.set_trace_callback(read.append)
    assert room.ask("2", Scope.UTTERANCE, session=found.session, number=found.number) == ""
    assert room.end().texts == ("Ada hid it",)
    reads = [line for line in read if "LIMIT" in line and " 0)" not in line]
    assert "(boot, sequence) > (1, 9)" in reads[0]  # what was read is not read again
    assert [one.text_before for one in writer.store.latest(99) if one.action is Action.SPEAK] == [
        "Thank you",
        "Come here",
    ]


def test_what_was_found_before_another_deletion_is_looked_for_anew(writer: Writer) -> None:
    writer.say("Thank you")
    said = writer.say("Ada hid it")
    room = Room(writer)
    room.ask("1", only_find=True)
    room.end()
    erase(writer, Scope.LAST)
    room.ask("2", Scope.UTTERANCE, session=said.session, number=said.number)
    assert room.end().rows == 0


def test_who_asks_again_is_answered_and_who_only_looks_makes_way(writer: Writer) -> None:
    """A deciding process that has started again asks for the same, or for what it wanted to find."""
    for number in range(40):
        writer.say(f"Sentence {number}")
    room = Room(writer)
    room.ask("1", only_find=True)
    room.step()
    assert room.ask("2", only_find=True) == ""
    (replaced,) = room.bus.replies
    assert isinstance(replaced, m.Refused)
    room.bus.replies.clear()
    assert room.end().request == "2"
    room.ask("3")
    room.step()
    assert "something else" in room.ask("4")
    assert room.ask("3") == ""
    assert (room.end().rows, len(room.left)) == (4, 1)


def test_what_was_done_before_an_end_is_taken_out_of_what_leaves_again(writer: Writer) -> None:
    writer.say("Ada hid it")
    room = Room(writer)
    room.ask("1", Scope.EVERYTHING)
    room.end()
    again = Room(writer.again())
    assert again.ask("1", Scope.EVERYTHING) == ""
    assert again.left == room.left
    assert (again.left[0][1], again.end().rows) == (True, 5)


def test_what_brings_it_back_while_the_rest_is_looked_through_goes_too(writer: Writer) -> None:
    first = writer.say("Ada hid Zelda")
    for number in range(30):
        writer.say(f"Sentence {number}", *"abc")
    room = Room(writer)
    room.ask("1", Scope.UTTERANCE, session=first.session, number=first.number)
    while not looks_through_the_rest(room):
        room.step()
    writer.choose(Action.UNDO, "Ada hid Zelda")
    writer.choose(Action.CLEAR, "")
    assert room.end().rows == 7
    assert b"Zelda" not in writer.bytes()


def looks_through_the_rest(room: Room) -> bool:
    assert room.eraser._job
    inner = room.eraser._job.steps.gi_yieldfrom
    return inner is not None and inner.gi_code.co_name == "_without"  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", [keys.NONE, Key(bytes(range(32)))], ids=["bare", "with a key"])
def test_a_small_record_passes_through_the_memory_and_a_large_one_does_not(
    tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(tmp_path / "journal.sqlite", key=key)

    def swept_in() -> int:
        writer.say("Ada hid it")
        erase(writer, Scope.LAST)
        found: int = writer.store._database.execute("PRAGMA temp_store").fetchone()[0]
        return found

    assert swept_in() == 2
    pages, size = (
        int(writer.store._database.execute(f"PRAGMA page_{one}").fetchone()[0]) for one in ("count", "size")
    )
    monkeypatch.setattr(store, "IN_MEMORY_BYTES", pages * size - 1)
    assert swept_in() == 1


def test_deletions_stay_to_travel_whatever_is_deleted_around_them(writer: Writer) -> None:
    for request in ("first", "second"):
        writer.say("Ada hid it")
        last = writer.store.newest[1]
        writer.store.erase(Deletion((Span(1, 1, last),)), (), request)
    assert [row.kind for row in writer.store.rows((0, 0), 99)] == [Kind.DELETION, Kind.DELETION]
    assert writer.store.deletion_of("first") != writer.store.deletion_of("second")


def test_a_day_is_from_its_midnight_to_the_next_one_and_today_is_the_day_of_the_wish(writer: Writer) -> None:
    for _ in range(4):
        writer.choose(Action.PAGE, "")
    day = date(2026, 3, 1)
    midnight = datetime(day.year, day.month, day.day).astimezone().astimezone(UTC)
    second = timedelta(seconds=1)
    moments = (midnight - second, midnight, midnight + timedelta(days=1) - second, midnight + timedelta(days=1))
    for sequence, at in enumerate(moments, start=1):
        told = (at.isoformat(timespec="seconds"), sequence)
        writer.store._database.execute("UPDATE row SET at = ? WHERE sequence = ?", told)
    assert erase(writer, Scope.TODAY, day=day.isoformat()).rows == 2  # chosen on that day, done on another
    assert [row.sequence for row in writer.store.rows((0, 0), 99) if row.kind == Kind.DECISION] == [1, 4]
    assert erase(writer, Scope.TODAY).rows == 0
    writer.choose(Action.PAGE, "")
    assert erase(writer, Scope.TODAY).rows == 1
    assert erase(writer, Scope.DAY, day=clock.today().isoformat()).rows == 0


@pytest.mark.parametrize("epoch", [1, 9, 10, 999, 10**17])
def test_marks_count_on(epoch: int) -> None:
    assert marks.read(marks.written("s", epoch)) == ("s", epoch)


def test_groups_of_letters_that_were_looked_at_belong_to_the_word(writer: Writer) -> None:
    """As letters that were spelled do: they tell the name, though nothing is written yet."""
    writer.say("Thank you")
    writer.choose(Action.PAGE, "", looks=("abc", "def"))
    writer.choose(Action.PAGE, "", prefix="a")
    writer.choose(Action.TAKE, "Ada", looks=("abc", "def"))
    writer.speak()
    assert erase(writer, Scope.LAST).rows == 5
    assert {one.text_after for one in writer.store.latest(9)} == {"Thank", "Thank you", ""}
    assert all(not one.looks and not one.prefix for one in writer.store.latest(9))


def test_a_sentence_of_common_words_is_gone_from_what_was_offered_and_said_again(writer: Writer) -> None:
    whole = tuple(
        m.OfferedTile(slot=0, role=role, label=label, grey=grey, source=None, p=None, gaze_ms=0.0)
        for role, label, grey in ((Role.SENTENCE, "I want tea.", ""), (Role.CANDIDATE, "want", "tea"))
    )
    writer.say("I want it")
    writer.say("Is there tea")
    gone = writer.say("I want tea")
    writer.choose(Action.PAGE, "", shown=whole)
    writer.choose(Action.REPEAT, "", said="I want tea.", shown=())
    erase(writer, Scope.UTTERANCE, session=gone.session, number=gone.number)
    assert b"want tea" not in writer.bytes()
    page, repeated = writer.store.latest(2)
    assert [(one.label, one.grey) for one in page.shown] == [(FORGOTTEN, ""), (FORGOTTEN, FORGOTTEN)]
    assert repeated.said == FORGOTTEN
    assert msgspec.structs.replace(page, shown=()).text_before == ""


def test_many_rows_that_stay_are_made_anew_one_by_one(writer: Writer) -> None:
    """The journal has 100 MB, and each of them may have 2 kB and more."""
    for number in range(5):
        writer.say(f"Sentence {number}", *("Zelda" for _ in range(60)))
    writer.store._database.execute("BEGIN")
    for copy in range(1, 41):  # rows as those
        writer.store._database.execute(
            "INSERT INTO row (boot, sequence, kind, at, session, number, record)"
            " SELECT boot, sequence + 100 * ?, kind, at, session || ?, number, record FROM row"
            " WHERE sequence <= 20 AND kind = 'decision'",
            (copy, copy),
        )
    writer.store._database.execute("COMMIT")
    named = writer.again("later").say("Ada hid Zelda")
    again = writer.again("later")
    tracemalloc.start()
    wish = m.Erase(request="1", scope=Scope.UTTERANCE, session=named.session, number=named.number)
    steps = Search(again.store, wish, date(2026, 1, 1)).plan()
    with pytest.raises(StopIteration) as found:
        while True:
            next(steps)
    sizes = [len(record) for _, record in found.value.value.changed]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(sizes) == sum(span.last - span.first + 1 for span in found.value.value.deletion.offers) > 300
    assert most < sum(sizes) / 2


def test_what_was_found_is_not_held_for_long(writer: Writer) -> None:
    writer.say("Ada hid it")
    room = Room(writer)
    room.ask("1", only_find=True)
    room.end()
    assert room.eraser._found
    assert not room.eraser.is_busy(writer.store, room.now_ns + 60 * 10**9)
    assert room.eraser._found is None
