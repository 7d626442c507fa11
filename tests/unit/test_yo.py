"""ё is е everywhere: who leaves the dots out finds the word, and one word spelled in two ways is one."""

import os
from pathlib import Path

import msgspec
import pytest

from unit.test_russian_endings import RUSSIAN
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor.generator.words import beginning, yo_spellings
from vybor.instant.manners import is_rude
from vybor.instant.mix import Known, mixed, weight
from vybor.instant.pattern import Pattern
from vybor.instant.tier import Personal, WordList
from vybor.retrieval.notes import begins
from vybor.retrieval.stems import stem
from world import tiny_model
from world.desk import Desk
from world.mind import plain

LIST = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "")) / "words-ru.sqlite"


def test_the_model_is_asked_for_either_spelling() -> None:
    assert yo_spellings("еще") == {"еще", "ёще", "ещё"}
    assert yo_spellings("ещё") == {"еще", "ёще", "ещё"}
    assert yo_spellings("the") == {"the"}
    spelled = beginning("Я", "еще").spellings
    assert {" еще".encode(), " ещё".encode(), " Ещё".encode()} <= set(spelled)
    assert " Ё".encode() in beginning("Я", "Е").spellings
    assert " ё".encode() not in beginning("Я", "Е").spellings


def test_letters_and_groups_fit_both() -> None:
    for typed in ("еще", "ещё"):
        assert Pattern.of(typed, ()).fits("еще")
        assert begins("ещё", typed)
        assert begins("еще", typed)
    assert Pattern.of("", ("еёжзийклм",)).fits("еж")


def test_both_spellings_are_one_candidate() -> None:
    model = [m.Candidate(words=("ещё",), p=0.4, source=Source.MODEL)]
    instant = [m.Candidate(words=("еще",), p=0.2, source=Source.NGRAM)]
    (one,) = mixed(instant, model, Known({"еще": 0.2}))
    assert one.words == ("ещё",)
    assert one.p == pytest.approx(weight(Known()) * 0.4 + (1 - weight(Known())) * 0.2)


def test_what_was_said_in_either_spelling_counts_as_one_word() -> None:
    personal = Personal()
    for text in ("Моё имя Пётр.", "Зовите Петр, он Пётр."):
        personal.learn(text)
    assert personal.file.followers(())["петр"] == 3
    assert personal.written("петр", inside=True, least=2) == "Пётр"


def test_stems_rudeness_and_the_scripted_person_know_no_dots() -> None:
    assert stem("ещё") == stem("еще")
    assert is_rude("ёбаный", "ru") == is_rude("ебаный", "ru")
    assert plain("Ещё") == plain("еще")


@pytest.mark.skipif(not LIST.is_file(), reason="needs the built list in $VYBOR_SHARE_FOR_TESTS")
def test_the_russian_list_has_each_word_once_and_finds_it_by_both() -> None:
    words = WordList.open(LIST)
    by_e, by_yo = (words.propose("", prefix=prefix, count=4) for prefix in ("все", "всё"))
    words.close()
    assert [one.words for one in by_e] == [one.words for one in by_yo]
    assert len({plain(one.words[0]) for one in by_e}) == 4


def test_a_word_stands_on_the_screen_once() -> None:
    desk = Desk(RUSSIAN)
    assert desk.state.prompt is not None
    offered = [m.Candidate(words=(word,), p=0.2, source=Source.MODEL) for word in ("ещё", "еще")]
    desk.answer(offered, desk.state.prompt.number, "test")
    labels = [tile.label for tile in desk.state.tiles if tile.role is m.Role.CANDIDATE]
    assert sorted(labels) == ["Ещё", "Работа"]


def test_the_models_spellings_count_together_and_either_finds_them(tmp_path: Path) -> None:
    said = {"<|im_start|>": {"Я": 1.0}, "Я": {" ещё": 0.5, " еще": 0.3, " хочу": 0.2}}
    said |= {word: {" хочу": 1.0} for word in (" ещё", " еще", " хочу")}
    proposer = Proposer(bundle.open_bundle(tiny_model.bigrams(tmp_path / "tiny", said)), threads=1)

    def offered(**asked: object) -> dict[str, float]:
        prompt = msgspec.structs.replace(m.Prompt(at_ns=0, number=1, text="Я", count=4), **asked)
        return {one.words[0]: one.p for one in proposer.propose(prompt, lambda: True) or ()}

    assert offered() == pytest.approx({"ещё": 0.8, "хочу": 0.2}, abs=0.02)
    assert offered(exclude=("Еще",)) == pytest.approx({"хочу": 0.2}, abs=0.02)
    for typed in ("е", "ё", "еще", "ещё"):
        assert offered(prefix=typed) == pytest.approx({"ещё": 1.0}, abs=0.02)
