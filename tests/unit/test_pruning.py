"""What of a person's counts is let go: seldom and not lately; never words, names and phrases; and the way back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_learning import Journal, settled
from vybor.contracts import messages as m
from vybor.contracts.numbers import CountsNumbers
from vybor.core.words import pruning
from vybor.core.words.learning import ASK_AGAIN_NS, Learning
from vybor.foundation.clock import seconds
from vybor.instant.counts import Change, CountsFile, DatabaseError
from vybor.instant.personal import Personal
from vybor.instant.pruning import Kept, let_go, names_in, rows_of

STRICT = CountsNumbers(least_pair=2, least_triple=3, fresh=200)
NOTHING = Kept(frozenset(), frozenset())
ONCE, TWICE, NAMED = "brown dogs bark.", "green tea please.", "we saw Zelda yesterday."
FRESH = [f"filler {number} here." for number in range(STRICT.fresh)]
END = ("", "")


def file_of(*texts: str) -> CountsFile:
    file = CountsFile()
    file.change([Change(text) for text in texts])
    return file


def old(*more: str) -> CountsFile:
    """What was said before the texts that are fresh."""
    return file_of(ONCE, TWICE, TWICE, NAMED, *more, *FRESH)


def prune(file: CountsFile, numbers: CountsNumbers = STRICT, phrases: tuple[str, ...] = ()) -> int:
    return file.prune(numbers, file.kept(phrases, numbers.fresh), END, 10**6)[1]


def rows(file: CountsFile, *words: str) -> dict[str, float]:
    return dict(file.followers(words))


def test_what_was_said_seldom_and_not_lately_is_let_go() -> None:
    file = old()
    before = file.rows
    gone = prune(file)
    assert file.rows == before - gone
    assert gone > 0
    assert rows(file, "brown") == {}
    assert rows(file, "brown", "dogs") == {}
    assert rows(file, "green") == {"tea": 2}
    assert rows(file, "green", "tea") == {}, "twice is not three times"
    assert rows(file, "filler", "7") == {"here": 1}, "it is fresh"
    assert prune(file) == 0


def test_words_names_and_phrases_are_never_let_go() -> None:
    file = old()
    words = rows(file)
    prune(file, phrases=("Brown dogs!",))
    assert rows(file) == words
    assert rows(file, "saw") == {"zelda": 1}
    assert rows(file, "we", "saw") == {"zelda": 1}
    assert rows(file, "zelda", "yesterday") == {".": 1}
    assert rows(file, "brown") == {"dogs": 1}, "it stands in a phrase"
    assert rows(file, "dogs") == {}
    assert file.times(ONCE) == 1


def test_names_are_what_is_written_large_inside_a_sentence() -> None:
    written = [("zelda", "Zelda", 1), ("may", "May", 1), ("may", "may", 5), ("i", "I", 9), ("i'm", "I'm", 9)]
    assert names_in(written) == {"zelda"}


@given(st.lists(st.sampled_from(["a b c.", "b c d.", "c d e.", "a b Zed."]), max_size=30))
def test_whatever_the_numbers_nothing_but_seldom_rows_goes(texts: list[str]) -> None:
    file = file_of(*texts)
    for numbers in (CountsNumbers(), STRICT):
        for before, word in let_go([("", "a", 1), *seen(file)], numbers, NOTHING):
            assert before
            assert rows(file, *before.split())[word] < (2 if len(before.split()) == 1 else 3)
    assert not list(let_go(seen(file), CountsNumbers(), NOTHING))


def seen(file: CountsFile) -> list[tuple[str, str, int]]:
    return list(file._database.execute("SELECT before, word, seen FROM followers"))


def test_what_is_kept_of_texts_is_what_is_counted_of_them() -> None:
    file = file_of(TWICE)
    assert set(rows_of([("green", "tea", "please", ".")])) == {
        (before, word) for before, word, _ in seen(file) if before
    }


def test_what_is_taken_back_after_it_was_let_go_leaves_nothing_below_nothing() -> None:
    file = old()
    prune(file)
    file.change([Change(ONCE, said=False)])
    assert all(count > 0 for _, _, count in seen(file))
    assert "brown" not in rows(file)


def test_step_by_step_it_is_the_same_as_at_once() -> None:
    at_once, slowly = old(), old()
    prune(at_once)
    kept, behind, steps = slowly.kept((), STRICT.fresh), END, 0
    while behind:
        behind, _ = slowly.prune(STRICT, kept, behind, 50)  # type: ignore[assignment]
        steps += 1
    assert steps > 5
    assert seen(slowly) == seen(at_once)
    assert slowly.pruned == at_once.pruned == STRICT


def test_numbers_add_up_until_all_is_counted_anew() -> None:
    file = old()
    assert file.pruned is None
    prune(file, CountsNumbers(least_triple=2, fresh=200))
    prune(file, CountsNumbers(least_pair=2, fresh=201))
    assert file.pruned == CountsNumbers(least_pair=2, least_triple=2, fresh=200)
    file.forget_all()
    assert file.pruned is None


def test_a_note_that_rotted_is_damage() -> None:
    file = old()
    prune(file)
    file._put("pruned", '{"least_pair": 9}')
    with pytest.raises(DatabaseError):
        _ = file.pruned


def test_everybody_s_numbers_weigh_as_before_and_others_otherwise() -> None:
    own = Personal(file_of(*[TWICE] * 50), CountsNumbers(shares=(0.0, 0.2, 0.5), half_grown=20))
    usual = Personal(own.file)
    words = own.file.seen(()).total
    assert usual.expectation(("green", "tea")).share == pytest.approx(0.3 * words / (words + 200))
    assert own.expectation(("green", "tea")).share == pytest.approx(0.5 * words / (words + 20))
    assert own.expectation(("never",)).share == 0


# --- while the kit runs ----------------------------------------------------------------------------------------


class Desk:
    """The deciding process's learner, with a record that tells what was said."""

    def __init__(self, path: Path, texts: list[str]) -> None:
        self.journal = Journal()
        self.learning = Learning(path, self.journal)  # type: ignore[arg-type]  # as much of a bus as it needs
        self.texts, self.now_ns = texts, 0
        self.turn()

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.now_ns += ASK_AGAIN_NS
            settled(self.learning, self.now_ns)
            asked = len(self.journal.asked)
            self.learning.turn(self.now_ns)
            if len(self.journal.asked) > asked:
                told = tuple(m.Sentence(text=text) for text in self.texts)
                told = () if self.journal.asked[-1].number else told
                reply = m.Sentences(
                    request=self.journal.asked[-1].request, sentences=told, session="s", number=9, more=False
                )
                assert self.learning.answered(reply)
            settled(self.learning, self.now_ns)

    def rows(self, *words: str) -> dict[str, float]:
        return rows(self.learning.personal.file, *words)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(pruning, "MOST_ROWS", 300)
    return Desk(tmp_path / "own.sqlite", [ONCE, TWICE, TWICE, NAMED, *FRESH])


def test_nothing_is_let_go_before_the_generator_says_what_is_worn(desk: Desk) -> None:
    desk.turn(10)
    assert desk.rows("brown") == {"dogs": 1}
    desk.learning.wear(CountsNumbers())
    desk.turn(10)
    assert desk.rows("brown") == {"dogs": 1}


def test_it_is_let_go_step_by_step_and_counted_again_when_other_numbers_are_worn(desk: Desk) -> None:
    desk.turn(2)
    desk.learning.wear(STRICT)
    desk.turn(20)
    assert desk.rows("brown") == {}
    assert desk.rows("green") == {"tea": 2}
    assert desk.learning.personal.numbers == STRICT
    assert not desk.learning._writing or not desk.learning._writing.owes_sweep
    desk.learning.wear(CountsNumbers())
    desk.turn(6)
    assert desk.rows("brown") == {"dogs": 1}
    assert desk.learning.personal.numbers == CountsNumbers()


def test_a_start_does_not_count_again_what_is_pruned_as_it_should_be(desk: Desk, tmp_path: Path) -> None:
    desk.turn(2)
    desk.learning.wear(STRICT)
    desk.turn(20)
    desk.learning.close()
    again = Desk(tmp_path / "own.sqlite", desk.texts)
    again.turn(5)
    assert again.rows("brown") == {}
    again.learning.wear(STRICT)
    again.turn(5)
    assert [asked.number for asked in again.journal.asked] == [9]
    assert again.rows("brown") == {}
    again.learning.wear(CountsNumbers(least_pair=1, least_triple=3, fresh=200))
    again.turn(20)
    assert again.rows("brown") == {"dogs": 1}
    assert again.rows("brown", "dogs") == {}


def test_phrases_that_the_person_keeps_are_kept(desk: Desk) -> None:
    desk.learning.phrases = lambda: ("brown dogs",)
    desk.learning.wear(STRICT)
    desk.turn(20)
    assert desk.rows("brown") == {"dogs": 1}
    assert desk.rows("dogs") == {}


def test_what_is_no_longer_fresh_is_looked_at_again_after_some_texts() -> None:
    looking = pruning.Pruning()
    looking.wear(STRICT)
    assert looking.is_due(0)
    step = looking.step(())
    looking.stepped(pruning.Pruned(STRICT, None, 3, STRICT), 0)
    assert not looking.is_due(seconds(100))
    looking.counted(pruning.EVERY_TEXTS - 1)
    assert not looking.is_due(seconds(100))
    looking.counted(1)
    assert looking.is_due(seconds(100))
    looking.wear(CountsNumbers(least_pair=2, fresh=200))
    looking.stepped(pruning.Pruned(step.numbers, step, 0, STRICT), 0)
    assert looking.step(()).numbers == CountsNumbers(least_pair=2, fresh=200), "a step of others is no step"
    assert looking.is_too_bare
