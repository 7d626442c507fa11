"""Phrases that a carer gave: they alone are told to a carer, and the wearer is told of each change."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.test_own_phrases import opened
from vybor.composer.phrases import LONGEST, MOST_KEPT
from vybor.contracts import messages as m
from vybor.core.words import given_phrases
from vybor.core.words.given_phrases import Given, arranged
from vybor.core.words.phrase_book import TOLD_FOR_NS, PhraseBook
from vybor.foundation import sealed_files

SECRET = "I do not like Anna."
SUNDAY, TEA = "See you on Sunday.", "Tea, please."


def told(book: PhraseBook) -> m.Given:
    reply = book.asked(m.TellGiven(request="t", what=m.Gift.PHRASES), 0)
    assert isinstance(reply, m.Given)
    return reply


def give(book: PhraseBook, *phrases: str, now_ns: int = 0) -> m.AnyReply | None:
    were = told(book).texts
    return book.asked(m.Give(request="g", what=m.Gift.PHRASES, were=were, texts=phrases), now_ns)


def test_what_the_wearer_keeps_is_told_to_no_carer(tmp_path: Path) -> None:
    book = opened(tmp_path)
    assert book.keep(SECRET) == ""
    assert give(book, SUNDAY) == m.Done(request="g")
    assert told(book) == m.Given(
        request="t", what=m.Gift.PHRASES, texts=(SUNDAY,), own=1, longest=LONGEST, most=MOST_KEPT
    )
    assert told(opened(tmp_path)).texts == (SUNDAY,)
    assert opened(tmp_path).book().own == (SECRET, SUNDAY)


def test_giving_what_the_wearer_keeps_tells_nothing_and_taking_it_away_leaves_it(tmp_path: Path) -> None:
    book, without = opened(tmp_path), opened(tmp_path / "without")
    (tmp_path / "without").mkdir()
    book.keep(SECRET)
    for each in (book, without):
        assert give(each, SECRET) == m.Done(request="g")
        assert told(each).texts == (SECRET,)
    assert told(book).own == 1
    again = opened(tmp_path)
    assert give(again) == m.Done(request="g")
    assert (again.book().own, told(again).texts, told(again).own) == ((SECRET,), (), 1)
    assert give(without) == m.Done(request="g")
    assert without.book().own == ()


def test_where_they_were_changed_meanwhile_nothing_is_overwritten(tmp_path: Path) -> None:
    book = opened(tmp_path)
    give(book, SUNDAY)
    late = book.asked(m.Give(request="g", what=m.Gift.PHRASES, were=(), texts=(TEA,)), 0)
    assert isinstance(late, m.Refused)
    assert "changed meanwhile" in late.reason
    assert told(book).texts == (SUNDAY,)


def test_the_order_is_the_carer_s_and_the_wearer_s_own_stay_where_they_are(tmp_path: Path) -> None:
    book = opened(tmp_path)
    give(book, "A.", "B.")
    book.keep(SECRET)
    give(book, "A.", "B.", "C.")
    assert book.book().own == ("A.", "B.", SECRET, "C.")
    give(book, "C.", "B.", "A.")
    assert book.book().own == ("C.", "B.", SECRET, "A.")
    give(book, "B.")
    assert book.book().own == ("B.", SECRET)


def test_the_wearer_is_told_until_they_can_have_seen_it(tmp_path: Path) -> None:
    book = opened(tmp_path)
    give(book, SUNDAY, now_ns=100)
    for now_ns in (100, 100 + TOLD_FOR_NS * 1000):  # however long they sleep
        assert [notice.trouble for notice in book.notices(now_ns)] == [m.Trouble.PHRASES_GIVEN]
    assert SUNDAY not in str(book.notices(100))  # notices are logged
    book.acted(100 + TOLD_FOR_NS - 1)
    assert book.notices(100 + TOLD_FOR_NS)
    book.acted(100 + TOLD_FOR_NS)
    assert book.notices(100 + TOLD_FOR_NS) == ()
    assert give(book, SUNDAY) == m.Done(request="g")
    assert book.notices(0) == ()  # nothing has changed


@pytest.mark.parametrize(
    "command", [m.KeepPhrase(request="1", text=SUNDAY), m.ForgetPhrase(request="1", text=TEA)]
)
def test_a_command_is_somebody_else_too(tmp_path: Path, command: m.AnyCommand) -> None:
    book = opened(tmp_path)
    book.keep(TEA)
    assert book.asked(command, 7) == m.Done(request="1")
    assert [notice.trouble for notice in book.notices(8)] == [m.Trouble.PHRASES_GIVEN]


def test_what_the_wearer_removes_is_given_no_more(tmp_path: Path) -> None:
    book = opened(tmp_path)
    give(book, SUNDAY, TEA)
    assert book.forget(SUNDAY) == ""
    assert (told(book).texts, told(opened(tmp_path)).texts) == ((TEA,), (TEA,))
    assert book.keep(SUNDAY) == ""
    assert told(opened(tmp_path)).texts == (TEA,)  # now it is theirs


@pytest.mark.parametrize("phrase", ["", " \n", "a\x00b", "a" * (LONGEST + 1)])
def test_what_is_no_phrase_is_refused_and_nothing_changes(tmp_path: Path, phrase: str) -> None:
    book = opened(tmp_path)
    give(book, SUNDAY)
    assert isinstance(give(book, SUNDAY, phrase), m.Refused)
    assert (told(book).texts, book.book().own) == ((SUNDAY,), (SUNDAY,))


def test_more_than_fit_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.keep(SECRET)
    assert give(book, *(f"Phrase {n}." for n in range(MOST_KEPT - 1))) == m.Done(request="g")
    refused = give(book, *told(book).texts, "One more.")
    assert isinstance(refused, m.Refused)
    assert "remove one first" in refused.reason
    assert len(book.book().own) == MOST_KEPT


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_disk_that_fails_makes_no_phrase_of_the_wearer_s_a_given_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    book = opened(tmp_path)
    book.keep(SECRET)
    give(book, SUNDAY)
    whole, calls = sealed_files.write, [0]

    def failing(*given: object) -> None:
        calls[0] += 1
        if calls[0] == fails_at:
            raise OSError(28, "No space left on device")
        whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sealed_files, "write", failing)
    assert isinstance(give(book, TEA, SUNDAY), m.Refused)
    assert told(book).texts == (SUNDAY,)
    again = opened(tmp_path)
    assert again.book().own == (SECRET, SUNDAY)
    assert SECRET not in told(again).texts
    assert again.notices(0) == ()


def test_where_it_is_not_known_which_were_given_all_are_the_wearer_s(tmp_path: Path) -> None:
    give(opened(tmp_path), SUNDAY)
    (tmp_path / "phrases-given-en.txt").write_bytes(b"\xff\xfe")
    book = opened(tmp_path)
    assert (book.book().own, told(book).texts, told(book).own) == ((SUNDAY,), (), 1)


def test_everything_takes_the_record_of_who_gave_them(tmp_path: Path) -> None:
    book = opened(tmp_path)
    give(book, SUNDAY)
    assert book.forget_all() == ""
    assert list(tmp_path.iterdir()) == []
    assert (told(book).texts, book.notices(0)) == ((), ())


PHRASE = st.sampled_from([f"{letter}." for letter in "ABCDEFG"])
PHRASES = st.lists(PHRASE, unique=True).map(tuple)


@given(PHRASES, st.data(), PHRASES)
def test_whatever_is_wanted_the_wearer_s_own_stay(
    book: tuple[str, ...], data: st.DataObject, wanted: tuple[str, ...]
) -> None:
    given_ = data.draw(st.lists(st.sampled_from(book), unique=True).map(tuple)) if book else ()
    theirs = data.draw(st.frozensets(st.sampled_from(given_))) if given_ else frozenset[str]()
    own = [phrase for phrase in book if phrase not in given_ or phrase in theirs]
    after = arranged(book, Given(given_, theirs), wanted)
    assert set(after.book) == {*own, *wanted}
    assert len(after.book) == len(set(after.book))
    assert [phrase for phrase in after.book if phrase in wanted] == list(wanted)
    assert after.given.theirs == set(own) & set(wanted)
    lines = given_phrases.written(after.given).decode().splitlines()
    assert given_phrases.read(lines, after.book) == after.given
