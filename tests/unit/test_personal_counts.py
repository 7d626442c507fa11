"""What a person's counts weigh: fitted by the kit's own mixture to earlier sentences, judged by later ones."""

import random
from collections.abc import Iterator

import pytest

from unit.evaluate_person import words as word_list
from vybor.bundles.manifest import Kind
from vybor.contracts.numbers import CountsNumbers
from vybor.instant.personal import USUAL, Personal
from vybor.instant.tier import WordList
from vybor_workshop.personal import counts, fitting, rules
from vybor_workshop.personal.fit import TooLittle
from vybor_workshop.personal.record import Said


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordList]:
    opened = WordList.open(word_list(tmp_path_factory.mktemp("words") / "words.sqlite"))
    yield opened
    opened.close()


def quiet(_line: str) -> None:
    """Progress is for people."""


def habits(count: int, seed: int = 2) -> list[Said]:
    """Somebody who says the same things often, and some once."""
    lot = random.Random(seed)
    own = ("Zora likes the thing", "thank you Zora", "I am at home", "the blue kettle boils over")
    said = []
    for number in range(count):
        rare = " ".join(lot.choice("abcdefgh") * lot.randint(2, 5) for _ in range(4))
        text = rare if lot.random() < 0.2 else lot.choice(own)
        said.append(Said(f"{text}.", f"2026-03-{1 + number * 20 // count:02}", "en"))
    return said


def noise(count: int, seed: int = 4) -> list[Said]:
    """Somebody who never says the same twice, in words of the list."""
    lot = random.Random(seed)
    listed = ("the", "then", "thing", "thank", "you", "am", "at", "home", "in", "London")
    return [
        Said(" ".join(lot.choices(listed, k=5)), f"2026-03-{1 + number // 10:02}", "en") for number in range(count)
    ]


def test_what_was_captured_is_what_the_mixture_says(words: WordList) -> None:
    said = habits(60)
    numbers = CountsNumbers(shares=(0.05, 0.2, 0.4), half_grown=50.0)
    captured = list(counts._captured(said, words, quiet))
    run = counts.replayed(said, 0, numbers, words, quiet)
    assert len(captured) == sum(each.count for each in run.read)
    assert counts._nats(captured, numbers) == pytest.approx(sum(each.nats for each in run.read), rel=0.01)


def test_who_has_habits_gets_larger_shares_and_they_pass(words: WordList) -> None:
    found = counts.fit(habits(240), words, quiet)
    assert sum(found.numbers.shares) > sum(USUAL.shares)
    figures = fitting.figures_of_counts(found, None, words, quiet)
    assert figures["ppl"].value < figures["ppl_usual"].value
    judged = rules.judged(Kind.COUNTS, figures, has_predecessor=False)
    assert rules.passes(judged), judged
    assert figures["held"].value == 60


def test_whose_seldom_pairs_say_nothing_is_rid_of_them(words: WordList) -> None:
    found = counts.fit(habits(480), words, quiet)
    assert found.numbers.prunes
    figures = fitting.figures_of_counts(found, None, words, quiet)
    assert figures["rows"].value < figures["rows_usual"].value
    assert figures["rows_over_usual"].value < 1


def test_the_same_numbers_again_are_no_news(words: WordList) -> None:
    found = counts.fit(habits(200), words, quiet)
    figures = fitting.figures_of_counts(found, found.numbers, words, quiet)
    judged = rules.judged(Kind.COUNTS, figures, has_predecessor=True)
    assert {rule.rule for rule in judged if not rule.holds} == {"other-numbers"}


def test_what_cannot_be_measured_does_not_hold() -> None:
    assert {rule.rule for rule in rules.judged(Kind.COUNTS, {}, has_predecessor=True) if rule.holds} == set()


def test_later_sentences_are_kept_back(words: WordList) -> None:
    """What is kept back changes nothing of what is found."""
    said = noise(200)
    found = counts.fit(said, words, quiet)
    others = [*said[: found.held], *habits(200)[: len(said) - found.held]]
    assert counts.fit(others, words, quiet).numbers == found.numbers


def test_a_replay_lets_go_as_the_kit_does(words: WordList) -> None:
    said = habits(400)
    numbers = CountsNumbers(least_pair=2, least_triple=3, fresh=200)
    run = counts.replayed(said, 390, numbers, words, quiet)
    own = Personal()
    for each in said:
        own.learn(each.text)
    own.file.prune(numbers, own.file.kept((), 200), ("", ""), 10**6)
    assert run.rows == own.file.rows
    assert run.gone > 0


def test_too_little_is_said_in_a_sentence(words: WordList) -> None:
    with pytest.raises(
        TooLittle, match="there are 199 sentences to learn from what counts weigh, and 200 are needed"
    ):
        counts.fit(habits(199), words, quiet)


def test_with_as_few_as_are_taken_enough_are_kept_back_to_be_judged_by() -> None:
    assert counts.LEAST_SENTENCES - round(counts.LEAST_SENTENCES * counts.TUNED) >= rules.LEAST_HELD
