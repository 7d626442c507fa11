"""Words that a carer gave: kept by the deciding process, and offered where letters speak for them."""

from pathlib import Path

import pytest

from unit.test_own_phrases import opened
from vybor.contracts import messages as m
from vybor.core.words.answers import Instant
from vybor.core.words.given_words import LONGEST, MOST, WordBook
from vybor.core.words.phrase_book import TOLD_FOR_NS
from vybor.foundation import sealed_files
from vybor.instant.echo import supplied

WORDS = ("Zolotarev", "Zoë", "ibuprofen")


def book(folder: Path) -> WordBook:
    return WordBook(folder / "phrases-words-en.txt")


def give(words: WordBook, *texts: str, now_ns: int = 0) -> m.AnyReply | None:
    return words.asked(m.Give(request="g", what=m.Gift.WORDS, were=words.words, texts=texts), now_ns)


def test_words_outlive_the_process_and_are_told(tmp_path: Path) -> None:
    words = book(tmp_path)
    assert give(words, "Zolotarev", " ibuprofen ") == m.Done(request="g")
    told = book(tmp_path).asked(m.TellGiven(request="t", what=m.Gift.WORDS), 0)
    assert told == m.Given(
        request="t", what=m.Gift.WORDS, texts=("Zolotarev", "ibuprofen"), longest=LONGEST, most=MOST
    )
    assert words.asked(m.TellGiven(request="t", what=m.Gift.PHRASES), 0) is None
    assert opened(tmp_path).asked(m.TellGiven(request="t", what=m.Gift.WORDS), 0) is None


@pytest.mark.parametrize("text", ["", "two words", "a\x00", "123", "a" * (LONGEST + 1)])
def test_what_is_no_word_is_refused_and_nothing_changes(tmp_path: Path, text: str) -> None:
    words = book(tmp_path)
    give(words, "Zoë")
    assert isinstance(give(words, "Zoë", text), m.Refused)
    assert (words.words, book(tmp_path).words) == (("Zoë",), ("Zoë",))


def test_too_many_and_changed_meanwhile_are_refused(tmp_path: Path) -> None:
    words = book(tmp_path)
    many = tuple(f"word{n}" for n in range(MOST + 1))
    assert "remove one first" in str(give(words, *many))
    late = words.asked(m.Give(request="g", what=m.Gift.WORDS, were=("Zoë",), texts=()), 0)
    assert "changed meanwhile" in str(late)


def test_the_wearer_is_told_until_they_can_have_seen_it(tmp_path: Path) -> None:
    words = book(tmp_path)
    give(words, "Zoë", now_ns=5)
    (notice,) = words.notices()
    assert (notice.trouble, notice.detail) == (m.Trouble.WORDS_GIVEN, "")
    words.acted(5 + TOLD_FOR_NS - 1)
    assert words.notices()
    words.acted(5 + TOLD_FOR_NS)
    assert words.notices() == ()


def test_everything_takes_them_too(tmp_path: Path) -> None:
    words, phrases = book(tmp_path), opened(tmp_path)
    phrases.beside = words.forget
    give(words, "Zoë")
    assert phrases.forget_all() == ""
    assert (list(tmp_path.iterdir()), words.words, words.notices()) == ([], (), ())


def test_a_file_that_cannot_be_read_or_written_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "phrases-words-en.txt"
    file.write_bytes(b"\xff\xfe")
    assert "cannot be read" in str(give(book(tmp_path), "Zoë"))
    assert file.read_bytes() == b"\xff\xfe"
    file.unlink()
    words = book(tmp_path)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealed_files, "write", fails)
    assert "nothing was changed" in str(give(words, "Zoë"))
    assert (words.words, words.notices()) == ((), ())


def prompt(text: str = "I saw ", prefix: str = "", groups: tuple[str, ...] = (), **more: object) -> m.Prompt:
    return m.Prompt(at_ns=0, number=1, text=text, prefix=prefix, groups=groups, **more)  # type: ignore[arg-type]


FOUND = (m.Candidate(words=("zoo",), p=0.5, source=m.Source.NGRAM),)


def offered(asked: m.Prompt, words: tuple[str, ...] = WORDS) -> list[str]:
    return [candidate.words[0] for candidate in supplied(FOUND, asked, words)]


def test_they_come_where_letters_speak_for_them_and_nowhere_else() -> None:
    assert offered(prompt()) == ["zoo"]
    assert set(offered(prompt(prefix="z"))) == {"zoo", "Zolotarev", "Zoë"}
    assert offered(prompt(prefix="zol"))[0] == "Zolotarev"
    assert offered(prompt(prefix="i")) == ["zoo", "ibuprofen"]
    assert offered(prompt(text="", prefix="i"))[-1] == "Ibuprofen"
    assert "Zolotarev" in offered(prompt(groups=("xyz", "mno", "jkl")))
    assert offered(prompt(prefix="z", exclude=("Zolotarev", "Zoë"))) == ["zoo"]
    assert len(offered(prompt(prefix="zo", count=2))) == 2


def test_a_word_that_is_there_is_not_there_twice_and_all_is_at_most_one() -> None:
    found = supplied(FOUND, prompt(prefix="zo"), ("Zoo", "Zolotarev"))
    assert sorted(candidate.words[0] for candidate in found) == ["Zolotarev", "zoo"]
    assert sum(candidate.p for candidate in found) <= 1


def test_the_instant_tier_has_them_without_a_word_list_too(tmp_path: Path) -> None:
    words = book(tmp_path)
    give(words, *WORDS)
    instant = Instant(None, None, None, "en", words)  # type: ignore[arg-type]
    assert [one.words[0] for one in instant.answer(prompt(prefix="ib"))] == ["ibuprofen"]
    assert instant.answer(prompt()) == ()
