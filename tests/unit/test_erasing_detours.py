"""What was written in another sentence and taken back there goes too, and that sentence is whole."""

import itertools
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.log_kit import KEYS, KIT, everything, in_memory, segments
from unit.record_writer import Writer, erase
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Scope
from vybor.foundation import keys
from vybor.foundation.keys import Key
from vybor.journal import sealing
from vybor.journal.leaving import BEFORE_ALL
from vybor.journal.story import story_of
from vybor.segments.rows import Deletion, Row
from vybor.utterances.hiding import FORGOTTEN
from vybor_workshop.log.ingest import ingest

KEY = Key(bytes(range(32)))
GONE = "My aunt Zelda keeps bees"


def say(_line: str) -> None:
    """Nobody listens."""


@pytest.fixture(params=[keys.NONE, KEY], ids=["bare", "with a key"])
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Writer:
    return Writer(tmp_path / "journal.sqlite", key=request.param)


def leaves(writer: Writer) -> list[Row]:
    """All rows as they leave the kit."""
    return [row for kept in writer.store.leaving.after(BEFORE_ALL, 10_000) if (row := sealing.as_row(KIT, kept))]


def is_whole(decisions: list[m.Decision]) -> bool:
    """Whether each choice goes on where the last one ended."""
    return all(one.text_after == after.text_before for one, after in itertools.pairwise(decisions))


def by_undo(writer: Writer) -> None:
    writer.write("Zelda")
    writer.choose(Action.UNDO, "I want")


def by_deleting_the_word(writer: Writer) -> None:
    writer.write("Zelda has")
    writer.choose(Action.DELETE, "I want Zelda")
    writer.choose(Action.DELETE, "I want")


def by_undoing_more_and_other_words(writer: Writer) -> None:
    writer.write("my Zelda now")
    for text in ("I want my Zelda", "I want my", "I want"):
        writer.choose(Action.UNDO, text)


def by_letters(writer: Writer) -> None:
    for prefix in ("ze", "zelda"):
        writer.choose(Action.STEER, "I want", prefix=prefix)
    writer.choose(Action.UNDO, "I want", prefix="ze")


@pytest.mark.parametrize("detour", [by_undo, by_deleting_the_word, by_undoing_more_and_other_words, by_letters])
def test_what_was_taken_back_in_another_sentence_goes_too(
    writer: Writer, detour: Callable[[Writer], None], tmp_path: Path
) -> None:
    first = writer.say(GONE)
    writer.write("I want")
    detour(writer)
    writer.write("tea")
    writer.speak()
    data = in_memory(tmp_path)
    sent = leaves(writer)
    assert ingest(segments(sent), KEYS, data, say).names
    assert b"elda" in everything(data)
    told = erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    assert told.sentences == 1
    for word in (b"Zelda", b"zelda"):
        assert word not in writer.bytes()
    kept = writer.store.latest(1000)
    assert [one.text_before for one in kept if one.action is Action.SPEAK] == ["I want tea"]
    assert is_whole(kept)
    assert story_of(kept).sentences == [m.Sentence(text="I want tea")]
    deletion = [row for row in leaves(writer) if row.sequence > sent[-1].sequence]
    ingest(segments(deletion), KEYS, data, say)
    assert b"Zelda" not in everything(data)
    assert b"zelda" not in everything(data)
    assert b"I want tea" in everything(data)


def test_what_must_not_be_learned_stays_said_though_it_was_said_of_a_detour(writer: Writer) -> None:
    """Else the text before it would be open again after a start."""
    first = writer.say(GONE)
    writer.write("I want Zelda")
    writer.choose(Action.PRIVACY, "I want Zelda", learn=False, shown=())
    writer.choose(Action.UNDO, "I want", learn=False, shown=())
    before = story_of(writer.store.latest(1000))
    erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    kept = writer.store.latest(1000)
    assert b"Zelda" not in writer.bytes()
    assert [one.action for one in kept] == [Action.TAKE, Action.TAKE, Action.PRIVACY]
    assert is_whole(kept)
    after = story_of(kept)
    assert (after.text, after.past) == (before.text, before.past[-len(after.past) :])
    assert after.private == {"I", "I want"}


def test_undo_in_memory_hears_of_these_texts_too(writer: Writer) -> None:
    first = writer.say(GONE)
    writer.write("I want Zelda")
    writer.choose(Action.DELETE, "I want")
    told = erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    assert told.texts == (GONE, "I want Zelda")


def test_what_stands_where_a_sentence_ended_stays_with_the_way_to_it(writer: Writer) -> None:
    first = writer.say(GONE)
    writer.write("Call Zelda now")
    writer.choose(Action.UNDO, "Call Zelda")
    writer.speak()
    before = writer.store.count()
    told = erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    assert before - writer.store.count() == 6  # five words and the speaking
    assert told.rows == 7  # and what was spoken
    assert b"Call Zelda" in writer.bytes()


def test_a_sentence_of_common_words_that_was_begun_again_and_changed(writer: Writer) -> None:
    first = writer.say("I want to go home")
    writer.say("Home is far")
    writer.say("Then we go")
    writer.write("I want to go home")
    writer.choose(Action.UNDO, "I want to go")
    writer.write("out")
    writer.speak()
    erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    assert b"go home" not in writer.bytes()
    assert b"I want to go out" in writer.bytes()
    assert is_whole(writer.store.latest(1000))


def test_names_of_documents_go_from_what_was_read_beside_it(writer: Writer) -> None:
    first = writer.say(GONE)
    context = m.Context(notes=("Letters to Zelda.txt", "recipes.md"), tokens=7)
    writer.write("tea", context=context)
    erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    assert b"Zelda" not in writer.bytes()
    (kept,) = writer.store.latest(1)
    assert kept.context == m.Context(notes=(FORGOTTEN, "recipes.md"), tokens=7)


def test_on_the_workstation_nothing_beside_the_text_stays_of_rows_that_showed_it(
    writer: Writer, tmp_path: Path
) -> None:
    """There nobody knows the words: what was said beside the text, whence words came and what was read goes."""
    first = writer.say(GONE)
    tile = m.OfferedTile(
        slot=0,
        role=m.Role.CANDIDATE,
        label="bread",
        grey="",
        source=None,
        p=0.1,
        gaze_ms=0.0,
        origin="Zelda's list",
    )
    writer.write("Tea")
    writer.choose(Action.REPEAT, "Tea", said=f"{GONE}.", shown=(tile,), context=m.Context(notes=("Zelda.txt",)))
    writer.choose(Action.TAKE, "Tea now", shown=(tile,), written="now")
    data = in_memory(tmp_path)
    sent = leaves(writer)
    ingest(segments(sent), KEYS, data, say)
    erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    row = leaves(writer)[-1]
    assert msgspec.json.decode(row.record, type=Deletion).offers
    ingest(segments([row]), KEYS, data, say)
    assert b"elda" not in writer.bytes()
    assert b"elda" not in everything(data)
    assert b"'written': 'now'" in everything(data)
    assert b"Tea now" in everything(data)


STEPS = st.lists(
    st.sampled_from(["Zelda", "bees", "tea", "we", "undo", "undo", "delete", "speak", "clear"]), max_size=40
)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_whatever_was_written_and_taken_back_the_record_goes_on_and_no_hidden_word_is_left(
    steps: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    writer = Writer(tmp_path_factory.mktemp("record") / "journal.sqlite")
    first = writer.say(GONE)
    past = [""]
    for step in steps:
        match step:
            case "undo":
                if len(past) > 1:
                    past.pop()
                    writer.choose(Action.UNDO, past[-1])
            case "speak" | "clear" | "delete" if not writer.text:
                pass
            case "speak":
                writer.speak()
                past = [""]
            case "clear":
                writer.choose(Action.CLEAR, "")
                past = [""]
            case "delete":
                writer.choose(Action.DELETE, writer.text.rpartition(" ")[0])
                past.append(writer.text) if writer.text else past.clear()
                past = past or [""]
            case word:
                writer.choose(Action.TAKE, f"{writer.text} {word}".strip())
                past.append(writer.text)
    ended = {
        one.text_before for one in writer.store.latest(1000) if not one.text_after and one.text_before != GONE
    }
    stays = {word for text in (*ended, writer.text) for word in text.split()}
    erase(writer, Scope.UTTERANCE, session=first.session, number=first.number)
    kept = writer.store.latest(1000)
    assert is_whole(kept)
    assert (kept[-1].text_after if kept else "") == writer.text
    for word in {"Zelda", "bees"} - stays:
        assert word.encode() not in writer.bytes()
    writer.store.close()
