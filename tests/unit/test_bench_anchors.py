"""The bench `anchors`: which words are given, what is taken, and that what is taken back costs what it costs."""

import argparse
from pathlib import Path

import msgspec
import pytest

from benches import anchors, goals, options
from benches.anchors_person import Anchored, Looked, agreeing, intent_of, part_of, rarest
from benches.writing_kit import Kit
from benches.writing_person import Attention, Written
from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Role, Source
from vybor.core.decision.rules import Rules
from vybor.foundation.settings import CommitSettings
from vybor.instant.anchors import sentences_in, there_already
from vybor.instant.pattern import Pattern
from world import tiny_adapter

WORDS = ("I", "want", "the", "doctor", "soup", "where", "is", "my", "hot")
MINE = sentences_in("Where is the doctor? I want hot soup.")
COMMONNESS = {"doctor": 0.001, "soup": 0.0005, "hot": 0.01}


def phrase(text: str) -> Phrase:
    return Phrase(0, tuple(text.split()))


def instant(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    if prompt.anchors:
        return there_already(prompt, MINE)
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    fitting = [word for word in WORDS if pattern.fits(word.lower())]
    return tuple(m.Candidate(words=(word,), p=0.1, source=Source.NGRAM) for word in fitting[: prompt.count])


def nothing(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return ()


RULES = Rules(session="s", language="en", commit=CommitSettings(), instant=instant, count=4, anchors=True)
WAY = Anchored("anchors", RULES, nothing, lambda word: COMMONNESS.get(word, 0.1), says_intent=True)


def test_the_rarest_telling_words_are_given() -> None:
    assert rarest(["i", "want", "the", "hot", "soup", "now"], WAY.commonness) == ["soup", "hot"]
    assert rarest(["i", "dont", "know"], WAY.commonness) == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("where is it", Intent.ASK),
        ("i need it", Intent.WANT),
        ("i dont like it", Intent.REFUSE),
        ("im cold", Intent.FEEL),
        ("dinner was late", None),
        ("i", None),
    ],
)
def test_the_form_of_a_phrase_tells_what_it_does(text: str, intent: Intent | None) -> None:
    assert intent_of(text.split()) is intent


def test_a_part_is_a_run_of_words_without_marks_that_lacks_one() -> None:
    assert agreeing("Don't you like soup?", ["dont", "you", "like", "tea"]) == 3
    assert part_of("Don't you like soup?", 3) == "Don't you like"
    assert part_of("I want soup.", 3) == "I want"
    assert part_of("No, thank you.", 2) == ""
    assert part_of("I want soup.", 1) == ""


def test_a_sentence_that_is_the_phrase_is_taken_whole() -> None:
    looked = WAY.look(phrase("where is the doctor"))
    assert (looked.whole, looked.anchors, looked.part) == ("own", 1, 0)
    assert looked.written.acts[-1].chosen == "Where is the doctor?"
    assert looked.written.selections == looked.looking + 1
    assert [act.role for act in looked.written.acts[:4]] == [Role.MENU, Role.TOOLS, Role.ANCHORS, Role.INTENT]


def test_what_agrees_is_taken_as_a_part_and_the_rest_written() -> None:
    looked = WAY.look(phrase("i want hot soup the doctor"))
    assert (looked.whole, looked.part) == ("", 3)
    assert looked.anchors == 1
    by_words = Kit("words", RULES, nothing, takes_runs=True).write(phrase("soup the doctor"), Attention())
    assert looked.written.selections == looked.looking + 3 + by_words.selections


def test_where_nothing_agrees_the_person_goes_back_and_writes() -> None:
    looked = WAY.look(phrase("hot is the soup"))
    assert (looked.whole, looked.part) == ("", 0)
    by_words = Kit("words", RULES, nothing, takes_runs=True)
    alone = by_words.write(phrase("hot is the soup"), Attention())
    assert looked.written.selections == looked.looking + 1 + alone.selections
    without = WAY.look(phrase("where is my"))
    assert without.anchors == 0
    assert without.written.selections == by_words.write(phrase("where is my"), Attention()).selections


def test_when_the_time_is_over_no_other_phrase_is_begun() -> None:
    write = anchors.pair(RULES, nothing, WAY.commonness, says_intent=False)
    phrases = [phrase("my soup"), phrase("hot soup")]
    assert len(anchors.write_each(phrases, {"fresh": write}, minutes=0)) == 1
    assert len(anchors.write_each(phrases, {"fresh": write}, minutes=5)) == 2


def test_phrases_that_were_not_begun_in_time_are_still_to_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "phrases.txt").write_text("my soup\nhot soup\nhot is the soup\n", encoding="utf-8")
    words = ["anchors", "--share", "x", "--phrases", str(tmp_path / "phrases.txt")]
    monkeypatch.setattr("sys.argv", [*words, "--json", str(tmp_path / "a.json")])
    monkeypatch.setattr(anchors, "measure", lambda parsed, phrases: {"phrases": 1.0})
    anchors.main()
    made = msgspec.json.decode((tmp_path / "a.json").read_bytes(), type=goals.Measured)
    assert (made.figures, made.left) == ({"phrases": 1.0}, 2)


def test_a_folder_that_is_not_there_is_named_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"there is no folder .*none; make it first"):
        options.new_file(str(tmp_path / "none" / "figures.json"))
    with pytest.raises(argparse.ArgumentTypeError, match="is a folder; name a file in it"):
        options.new_file(str(tmp_path))
    assert options.new_file(str(tmp_path / "figures.json")) == tmp_path / "figures.json"


def test_a_file_that_cannot_be_written_is_named_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is a folder; name a file in it"):
        options.new_file(str(tmp_path))
    file = tmp_path / "figures.json"
    assert options.new_file(str(file)) == file
    for _ in range(2):  # before it is there, and when it is
        monkeypatch.setattr(options.os, "access", lambda path, mode: path not in (tmp_path, file))
        with pytest.raises(argparse.ArgumentTypeError, match=r"figures\.json cannot be written; name another"):
            options.new_file(str(file))
        file.touch()


def written(selections: int) -> Written:
    return Written(characters=10, words=4, keystrokes=0, selections=selections, positions=0, none=0)


def test_what_is_saved_is_paired_and_break_even_is_where_gain_meets_loss() -> None:
    theirs, ours = [written(10), written(20)] * 20, [written(8), written(18)] * 20
    assert anchors.saved_between(theirs, ours, seed=1) == (0.5, 0.5)
    assert anchors.break_even({"saved.fresh": -1.0, "saved.again": 3.0}) == {"break_even": 0.25}
    assert anchors.break_even({"saved.fresh": 0.5, "saved.again": 3.0}) == {"break_even": 0.0}
    assert anchors.break_even({"saved.fresh": -1.0, "saved.again": -0.1}) == {}


def test_what_an_adapter_for_sentences_gains_is_paired_with_the_same_phrase_without_it() -> None:
    def both(selections: int) -> anchors.Both:
        return anchors.Both(written(9), Looked(written(selections)))

    done = [{"fresh": both(20), "framed": both(16)}, {"fresh": both(12), "framed": both(8)}] * 20
    assert anchors.gained(done, seed=1) == {"gained": 1.0, "gained_low": 1.0, "gained_high": 1.0}


def test_words_are_asked_of_the_model_as_it_is_and_sentences_of_the_adapter(tmp_path: Path) -> None:
    made = tiny_adapter.write(tmp_path / "model")
    adapter = tiny_adapter.peft(tmp_path / "frames", tiny_adapter.halves())
    asked: list[m.Prompt] = []
    propose = anchors.with_frames(lambda prompt: (asked.append(prompt), ())[1], made.folder, adapter, threads=1)
    words = m.Prompt(at_ns=0, number=1, text="I like")
    propose(words)
    propose(m.Prompt(at_ns=0, number=2, text="", anchors=("tea",)))
    assert asked == [words]


def test_a_phrase_said_before_is_found_as_the_persons_own_and_costs_less() -> None:
    learned, own = anchors.said_before([phrase("hot is the soup"), phrase("where is my doctor")])
    knowing = msgspec.structs.replace(
        RULES, instant=lambda asked: there_already(asked, own) if asked.anchors else instant(asked)
    )
    write = anchors.pair(knowing, nothing, WAY.commonness, says_intent=False)
    both = write(phrase("hot is the soup"))
    assert both.anchors.whole == "own"
    assert "doctor" in learned.file.followers(())
    figures = anchors.of_condition([both], 1, "again")
    assert figures["saved.again"] == (both.words.selections - both.anchors.written.selections) / 4
    assert (figures["whole.again"], figures["whole.again.own"], figures["whole.again.model"]) == (1, 1, 0)
