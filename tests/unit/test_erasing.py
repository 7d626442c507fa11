"""What is deleted from the record is gone to the last byte, and what stays is whole."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.record_writer import Bus, Writer, erase
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Scope
from vybor.foundation import clock, database, keys
from vybor.foundation.bus import Asked
from vybor.foundation.keys import Key
from vybor.journal import finding, marks, store, story
from vybor.journal.eraser import Eraser
from vybor.segments.rows import Deletion, Kind, Span, Utterance
from vybor.utterances.hiding import FORGOTTEN

KEY = Key(bytes(range(32)))


@pytest.fixture(params=[keys.NONE, KEY], ids=["bare", "with a key"])
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Writer:
    key: Key = request.param
    return Writer(tmp_path / "journal.sqlite", key=key)


def spoken(writer: Writer) -> list[str]:
    return [one.text_before for one in writer.store.latest(10_000) if one.action is Action.SPEAK]


def rows_of(writer: Writer, kind: Kind) -> list[m.KeptRow]:
    return [row for row in writer.store.rows((0, 0), 10_000) if row.kind == kind]


def test_what_was_said_last_is_gone_and_the_rest_stays(writer: Writer) -> None:
    writer.say("My aunt Zelda keeps bees")
    writer.say("Ada hid the silverware")
    writer.write("I am")
    told = erase(writer, Scope.LAST)
    assert (told.sentences, told.texts) == (1, ("Ada hid the silverware",))
    assert spoken(writer) == ["My aunt Zelda keeps bees"]
    assert writer.store.latest(1)[0].text_after == "I am"
    for word in (b"Ada", b"silverware", b"hid"):
        assert word not in writer.bytes()
    assert b"Zelda" in writer.bytes()


def test_no_byte_stays_while_the_file_is_open_and_none_comes_back_after_a_restart(writer: Writer) -> None:
    for number in range(40):
        writer.say(f"Sentence {number} with Qwertz{number}q in it", *"abcdefgh" * 40)
    erase(writer, Scope.LAST)
    assert b"Qwertz39q" not in writer.bytes()
    assert b"Qwertz38q" in writer.bytes()
    again = writer.again()
    assert b"Qwertz39q" not in again.bytes()
    assert len(spoken(again)) == 39


def test_everything_leaves_a_deletion_and_nothing_else(writer: Writer) -> None:
    writer.say("My aunt Zelda keeps bees")
    writer.write("I am here")
    writer.path.with_name("journal.damaged-1.sqlite").write_bytes(b"Zelda")
    told = erase(writer, Scope.EVERYTHING)
    assert (told.rows, told.sentences, told.aside) == (10, 1, ())
    assert {row.kind for row in writer.store.rows((0, 0), 100)} == {Kind.DELETION}
    assert b"Zelda" not in writer.bytes()
    assert story.story_of(writer.store.latest(100)).text == ""


def test_a_record_set_aside_is_named_since_nobody_knows_what_it_holds(writer: Writer) -> None:
    writer.say("My aunt Zelda keeps bees")
    writer.path.with_name("journal.damaged-1.sqlite").write_bytes(b"?")
    assert erase(writer, Scope.LAST).aside == ("journal.damaged-1.sqlite",)


def test_a_sentence_by_its_name_with_its_way_back_and_forth(writer: Writer) -> None:
    first = writer.say("Ada hid the silverware")
    writer.choose(Action.UNDO, "Ada hid the silverware")
    writer.choose(Action.UNDO, "Ada hid the")
    writer.write("spoons")
    second = writer.speak()
    writer.say("Thank you")
    told = erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    assert told.sentences == 2
    assert spoken(writer) == ["Thank you"]
    assert erase(writer, Scope.UTTERANCE, session=second.session, number=second.number).rows == 0
    assert b"spoons" not in writer.bytes()


def test_what_was_taken_back_is_not_what_was_said_last(writer: Writer) -> None:
    writer.say("Ada hid the silverware")
    writer.say("Thank you")
    writer.choose(Action.UNDO, "Thank you")
    assert erase(writer, Scope.LAST).texts == ("Ada hid the silverware",)
    assert writer.store.latest(1)[0].text_after == "Thank you"


def test_said_not_to_have_been_meant_belongs_to_what_was_said(writer: Writer) -> None:
    writer.say("Ada hid the silverware")
    writer.choose(Action.REPAIR, "Ada hid the silverware")
    writer.choose(Action.TAKE, "Ada hid the cutlery")
    writer.speak()
    erase(writer, Scope.LAST)
    assert writer.store.count() == 0
    assert b"Ada" not in writer.bytes()


def test_a_word_that_was_said_nowhere_else_is_gone_from_later_offers_too(writer: Writer) -> None:
    writer.say("My aunt Zelda keeps bees")
    writer.write("I like", "Zelda", "bees and", "honey", "my")
    writer.write("my tea", "Zelda's", "keeps")
    before = {row.sequence for row in rows_of(writer, Kind.DECISION)}
    told = erase(writer, Scope.LAST)
    after = writer.store.latest(100)
    assert told.rows == 7
    labels = [tile.label for decision in after for tile in decision.shown]
    assert labels.count(FORGOTTEN) >= 4
    assert {"honey", "my", "tea", "I"} <= set(labels)
    assert b"elda" not in writer.bytes()
    (row,) = rows_of(writer, Kind.DELETION)
    deletion = msgspec.msgpack.decode(row.record, type=Deletion)
    left = {row.sequence for row in rows_of(writer, Kind.DECISION)}
    assert {n for n in before - left if not deletion.covers(1, n)} == set()
    assert deletion.offers == (Span(1, 8, 11),)
    assert b"elda" not in row.record


def test_a_day_goes_with_the_sentences_that_it_touched(writer: Writer) -> None:
    writer.say("Yesterday was Monday")
    writer.write("Ada hid")
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    writer.store._database.execute("UPDATE row SET at = ?", (f"{yesterday}T12:00:00+00:00",))
    writer.write("the silverware")
    writer.speak()
    writer.say("Thank you")
    told = erase(writer, Scope.DAY, day=clock.today().isoformat())
    assert spoken(writer) == ["Yesterday was Monday"]
    assert told.sentences == 2
    assert erase(writer, Scope.TODAY).rows == 0
    assert erase(writer, Scope.DAY, day="1999-12-31").rows == 0


def test_what_was_spoken_is_kept_with_who_brought_each_character(writer: Writer) -> None:
    writer.write("My aunt")
    writer.speak(said="My aunt.")
    (row,) = rows_of(writer, Kind.UTTERANCE)
    said = msgspec.msgpack.decode(row.record, type=Utterance)
    assert (said.text, said.number) == ("My aunt.", 3)
    assert [(one.text, one.origin) for one in said.stretches] == [
        ("My", "model"),
        (" ", "space"),
        ("aunt", "model"),
        (".", "full_stop"),
    ]


def test_of_a_private_text_no_sentence_is_kept_but_it_can_be_deleted(writer: Writer) -> None:
    writer.write("Ada hid it", learn=False, shown=())
    writer.speak(learn=False, shown=())
    assert rows_of(writer, Kind.UTTERANCE) == []
    erase(writer, Scope.LAST)
    assert b"Ada" not in writer.bytes()


def test_the_characters_are_known_after_a_restart_and_an_undo(writer: Writer) -> None:
    writer.write("My uncle")
    writer.choose(Action.UNDO, "My")
    again = writer.again(session="t")
    again.text = "My"
    again.write("aunt")
    again.speak()
    (row,) = rows_of(again, Kind.UTTERANCE)
    said = msgspec.msgpack.decode(row.record, type=Utterance)
    assert "unknown" not in {one.origin for one in said.stretches}


def test_whoever_counted_hears_of_it_and_counts_anew(writer: Writer) -> None:
    mark = marks.written("s", 0)
    assert marks.read(mark) == ("s", None)
    writer.say("Ada hid it")
    erase(writer, Scope.LAST)
    assert writer.store.epoch == 1
    assert marks.read(marks.written("s", 1)) == ("s", 1)
    assert marks.read("s@x@²") == ("s@x@²", None)
    assert marks.read("s@" + "9" * 30).epoch is None


def test_a_power_cut_before_the_sweep_is_made_good_by_the_next_start(writer: Writer) -> None:
    writer.say("Ada hid the silverware")
    writer.store.erase(Deletion((Span(1, 1, 6),)), (), "1")
    assert writer.store.owes_sweep
    again = writer.again()
    eraser = Eraser(again.path, Bus(), lambda _deletion, _all: None, lambda: None)  # type: ignore[arg-type]
    assert eraser.is_busy(again.store, 0)
    eraser.step(again.store, 0)
    assert b"silverware" not in again.bytes()
    assert not eraser.is_busy(again.store, 10**12)


def test_somebody_who_reads_the_file_delays_the_answer_and_it_says_so(writer: Writer) -> None:
    writer.say("Ada hid the silverware")
    reader = database.opened(writer.path, writer.key)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM row").fetchone()
    done: list[str] = []
    writer.store._database.set_trace_callback(done.append)
    bus = Bus()
    eraser = Eraser(writer.path, bus, lambda _deletion, _all: None, lambda: None)  # type: ignore[arg-type]
    eraser.asked(Asked(b"", m.Erase(request="1", scope=Scope.LAST)), writer.store)
    for turn in range(20):
        if eraser.is_busy(writer.store, turn * 10**10):
            eraser.step(writer.store, turn * 10**10)
    (reply,) = bus.replies
    assert isinstance(reply, m.Erased)
    assert reply.rows == 6
    assert "somebody else reads" in reply.left
    for turn in (10, 11):
        eraser.step(writer.store, turn * 10**12)
    waits = [eraser.is_busy(writer.store, 11 * 10**12 + 10**9 * second) for second in (2, 63, 65)]
    assert waits == [False, False, True]  # nobody waits for it: it is tried more and more seldom
    reader.close()
    eraser.step(writer.store, 12 * 10**12)
    assert b"silverware" not in writer.bytes()
    assert done.count("VACUUM") == 1  # the whole record is not written anew each time


def test_one_thing_at_a_time_and_no_day_that_is_none(writer: Writer) -> None:
    eraser = Eraser(writer.path, Bus(), lambda _deletion, _all: None, lambda: None)  # type: ignore[arg-type]
    wish = Asked(b"", m.Erase(request="1", scope=Scope.DAY, day="2026-02-30"))
    assert "2026-02-28" in eraser.asked(wish, writer.store)
    assert eraser.asked(Asked(b"", m.Erase(request="1", scope=Scope.LAST)), writer.store) == ""
    assert "something else" in eraser.asked(Asked(b"", m.Erase(request="2", scope=Scope.LAST)), writer.store)


@given(st.text())
def test_a_day_is_a_day_or_a_sentence_about_it(tried: str) -> None:
    try:
        begin, end = finding.day_of(m.Erase(request="1", scope=Scope.DAY, day=tried), date(2026, 1, 1))
    except ValueError:
        return
    assert begin < end


def test_choices_that_are_made_while_it_is_looked_for_are_taken_in(writer: Writer) -> None:
    for number in range(60):
        writer.say(f"Sentence {number}")
    writer.say("Ada hid the silverware")
    bus = Bus()
    eraser = Eraser(writer.path, bus, lambda _deletion, _all: None, lambda: None)  # type: ignore[arg-type]
    eraser.asked(Asked(b"", m.Erase(request="1", scope=Scope.LAST)), writer.store)
    eraser.step(writer.store, 0)
    writer.say("Ada hid the spoons")
    while eraser.is_busy(writer.store, 0):
        eraser.step(writer.store, 0)
    (reply,) = bus.replies
    assert isinstance(reply, m.Erased)
    assert reply.texts == ("Ada hid the spoons",)


STEPS = st.lists(st.sampled_from(["word", "undo", "speak", "clear", "private"]), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from([Scope.LAST, Scope.TODAY, Scope.EVERYTHING]))
def test_whatever_was_chosen_what_is_deleted_leaves_no_byte_and_the_rest_is_told(
    steps: list[str], scope: Scope
) -> None:
    writer = Writer(Path(":memory:"))
    past: list[str] = []
    for place, step in enumerate(steps):
        _take(writer, past, step, f"Wort{place}q")
    plan = _planned(writer, scope)
    writer.store.erase(plan.deletion, plan.changed, "1")
    kept = b"".join(row.record for row in writer.store.rows((0, 0), 10_000))
    assert [text for text in plan.texts if " " in text and text.encode() in kept] == []
    story.story_of(writer.store.latest(10_000))
    if scope is not Scope.LAST:
        assert writer.store.count() == 0


def _take(writer: Writer, past: list[str], step: str, word: str) -> None:
    before = writer.text
    does: dict[str, Callable[[], object]] = {
        "word": lambda: writer.choose(Action.TAKE, f"{before} {word}".strip()),
        "undo": lambda: writer.choose(Action.UNDO, past.pop()),
        "speak": writer.speak,
        "clear": lambda: writer.choose(Action.CLEAR, ""),
        "private": lambda: writer.choose(Action.TAKE, f"{before} {word}".strip(), learn=False, shown=()),
    }
    if step == "undo":
        if past:
            does[step]()
        return
    if step in ("speak", "clear") and not before:
        return
    does[step]()
    past.append(before)


def _planned(writer: Writer, scope: Scope) -> finding.Plan:
    steps = finding.Search(writer.store, m.Erase(request="1", scope=scope), clock.today()).plan()
    while True:
        try:
            next(steps)
        except StopIteration as found:
            plan: finding.Plan = found.value
            return plan


def test_that_nothing_is_to_be_learned_outlives_what_said_so(writer: Writer) -> None:
    writer.write("Ada hid it", learn=False, incognito=True, shown=())
    erase(writer, Scope.EVERYTHING)
    told = story.story_of(writer.store.latest(10))
    assert (told.incognito, told.text, told.past) == (True, "", [])
    assert b"Ada" not in writer.bytes()
    writer.text = ""
    writer.write("Thank you")
    erase(writer, Scope.EVERYTHING)
    assert writer.store.count() == 0


@given(st.integers(), st.integers(), st.text(max_size=8))
def test_no_place_that_somebody_asks_for_ends_the_journal(boot: int, sequence: int, session: str) -> None:
    opened = store.open_store(Path(":memory:"), "boot-a")
    assert opened.rows((boot, sequence), 10) == []
    assert opened.later(session or "s", sequence, 10) is None
    opened.close()


def test_the_same_wish_again_after_a_restart_deletes_nothing_more(writer: Writer) -> None:
    """The journal may end between deleting and answering: it is asked again, and another sentence is the last."""
    writer.say("Thank you")
    writer.say("Ada hid the silverware")
    rows = erase(writer, Scope.LAST, "core-1").rows
    again = writer.again()
    assert erase(again, Scope.LAST, "core-1").rows == rows
    assert spoken(again) == ["Thank you"]
    assert erase(again, Scope.LAST, "core-2").sentences == 1
    assert spoken(again) == []
