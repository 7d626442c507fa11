"""Phrases by own use, what never moves among them, and the person's own."""

from pathlib import Path

import msgspec
import pytest

from unit.interest_record import Record
from unit.test_deciding import MENU, RULES, UNDO, Writer, slot_of
from vybor.composer.phrases import FIXED, LONGEST, MOST_KEPT, STANDARD, Book, phrases_page
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.state import Decided
from vybor.core.words.phrase_book import PhraseBook
from vybor.foundation import small_files
from vybor.foundation.clock import seconds
from vybor.instant.personal import Personal


def as_it_is(phrase: str) -> str:
    return phrase


def opened(folder: Path, personal: Personal | None = None) -> PhraseBook:
    known = personal or Personal()
    return PhraseBook(folder / "phrases-en.txt", lambda: known, as_it_is)


def labels(book: Book, page: int = 0, text: str = "") -> dict[int, str]:
    placed = phrases_page(Writing(text=text, mode=Mode.PHRASES, page=page), "en", book)
    return {slot: choice.label for slot, choice in placed.items() if choice.role is Role.PHRASE}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("page", range(4))
def test_pain_and_breath_never_move(language: str, page: int) -> None:
    pain = FIXED[language].values()
    for often in (0, 50):
        book = Book(("Hello.",), uses=lambda phrase, n=often: n if phrase in pain else 1)  # type: ignore[misc]
        placed = phrases_page(Writing(mode=Mode.PHRASES, page=page), language, book)
        assert {slot: placed[slot].label for slot in FIXED[language]} == FIXED[language]
        assert [choice.label for choice in placed.values()].count(FIXED[language][6]) == 1


def test_what_is_said_most_comes_first_then_the_own_the_newest_before() -> None:
    uses = {"See you later.": 3, "Thank you.": 1}
    book = Book(("Old one.", "New one."), uses=lambda phrase: uses.get(phrase, 0))
    shown = list(labels(book).values())
    assert [one for one in shown if one not in FIXED["en"].values()] == [
        *("See you later.", "Thank you.", "New one.", "Old one."),
    ]


def test_every_phrase_is_on_some_page() -> None:
    book = Book(tuple(f"Phrase {number}." for number in range(MOST_KEPT)))
    found = {label for page in range(30) for label in labels(book, page).values()}
    assert {*book.own, *STANDARD["en"], *FIXED["en"].values()} == found
    assert labels(book, 0).keys() == labels(book, 1).keys()


def test_a_phrase_said_twice_stands_on_the_empty_line_but_never_pain() -> None:
    for uses, stands in ((1, False), (2, True)):
        said = {"Thank you.": uses, "I am in pain.": 90}
        book = Book(uses=lambda phrase, said=said: said.get(phrase, 0))  # type: ignore[misc]
        writer = Writer()
        writer.rules = msgspec.structs.replace(RULES, book=lambda book=book: book)  # type: ignore[misc]
        writer.state = deciding.begin(writer.rules, writer.now_ns)
        shown = {tile.slot: (tile.role, tile.label) for tile in writer.state.tiles}
        assert (shown[2] == (Role.PHRASE, "Thank you.")) == stands
        assert [role for role, _ in shown.values()].count(Role.CANDIDATE) == (2 if stands else 3)
        writer.propose("Where", "Can", "Please")
        assert (Role.PHRASE in {tile.role for tile in writer.state.tiles}) == stands
        writer.choose(0)
        assert Role.PHRASE not in {tile.role for tile in writer.state.tiles}


def test_where_phrases_come_first_they_stand_in_the_place_of_words_until_a_line_is_begun() -> None:
    book = Book(("Mine.",), uses=lambda phrase: 3 if phrase == "See you later." else 0)
    writer = Writer()
    writer.rules = msgspec.structs.replace(RULES, book=lambda: book, phrases_first=True)
    writer.state = deciding.begin(writer.rules, writer.now_ns)
    writer.propose("Where", "Can", "Please")
    words_only = msgspec.structs.replace(writer.rules, phrases_first=False)
    usual = deciding.refreshed(writer.state, words_only, writer.now_ns).tiles
    shown = {tile.slot: (tile.role, tile.label) for tile in writer.state.tiles}
    assert [shown[slot][1] for slot in (0, 1, 2)] == ["See you later.", "Mine.", "Thank you."]
    assert {shown[slot][0] for slot in (0, 1, 2)} == {Role.PHRASE}
    others = {tile.slot: (tile.role, tile.label) for tile in usual if tile.slot > 2}
    assert {slot: each for slot, each in shown.items() if slot > 2} == others, (
        "all else stands where it always does"
    )
    writer.choose(1)
    assert writer.state.writing.text == "Mine."
    writer.propose("Where", "Can", "Please")
    assert Role.PHRASE not in {tile.role for tile in writer.state.tiles}


def test_uses_are_counted_in_and_out(tmp_path: Path) -> None:
    personal = Personal()
    book = opened(tmp_path, personal).book()
    for _ in range(2):
        personal.learn("Thank you.")
    assert book.uses("Thank you.") == 2
    personal.forget("Thank you.")
    assert (book.uses("Thank you."), book.uses("Thank")) == (1, 0)


def test_a_phrase_that_cannot_be_written_is_told_on_the_screen_for_a_while(tmp_path: Path) -> None:
    file = PhraseBook(tmp_path / "nowhere" / "phrases-en.txt", Personal, as_it_is)
    wish = Decided(decision=Record().take("boat", ()), keep="Hello there.")
    file.chosen(wish, 0)
    (told,) = file.notices(seconds(15))
    assert (told.trouble, told.process) == (m.Trouble.PHRASE_NOT_KEPT, "core")
    assert "cannot be written" in told.detail
    assert file.notices(seconds(15) + 1) == ()
    file.chosen(wish, 0)
    (tmp_path / "nowhere").mkdir()
    file.chosen(wish, 1)
    assert (file.notices(2), file.book().own) == ((), ("Hello there.",))


def test_a_text_is_kept_by_choosing_and_removed_and_kept_again(tmp_path: Path) -> None:
    file = opened(tmp_path)
    writer = Writer()
    writer.rules = msgspec.structs.replace(RULES, book=file.book)
    for slot in (0, 1, MENU):
        writer.choose(slot)
    for role in (Role.TOOLS, Role.PHRASES, Role.KEEP):
        writer.choose(slot_of(writer, role))
    assert writer.decided[-1].keep == "I you"
    assert file.keep("I you") == ""
    writer.state = deciding.refreshed(writer.state, writer.rules, writer.now_ns)
    assert "I you" in [tile.label for tile in writer.state.tiles if tile.role is Role.PHRASE]
    assert writer.state.writing.text == "I you"
    writer.choose(slot_of(writer, Role.FORGET))
    assert writer.state.writing.mode is Mode.FORGETTING
    writer.choose(0)
    assert writer.decided[-1].forget == "I you"
    assert file.forget("I you") == ""
    writer.state = deciding.refreshed(writer.state, writer.rules, writer.now_ns)
    assert [tile.label for tile in writer.state.tiles if tile.role is Role.KEEP] == ["I you"]
    assert opened(tmp_path).book().own == ()


def test_the_book_outlives_the_process_and_bad_phrases_are_refused(tmp_path: Path) -> None:
    book = opened(tmp_path)
    assert book.keep("  See you   on Sunday. ") == ""
    assert book.keep("See you on Sunday.") == ""
    assert "needs words" in book.keep(" \n")
    assert f"of which {LONGEST} fit" in book.keep("a" * (LONGEST + 1))
    assert "there is no phrase" in book.forget("Never kept.")
    assert opened(tmp_path).book().own == ("See you on Sunday.",)
    for number in range(MOST_KEPT - 1):
        assert book.keep(f"Phrase {number}.") == ""
    assert "remove one first" in book.keep("One more.")


def test_a_file_that_cannot_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "phrases-en.txt"
    file.write_bytes(b"\xff\xfe broken")
    book = opened(tmp_path)
    assert "cannot be read" in book.keep("Hello.")
    assert file.read_bytes() == b"\xff\xfe broken"


def test_commands_are_answered(tmp_path: Path) -> None:
    personal = Personal()
    personal.learn("Good morning.")
    book = opened(tmp_path, personal)
    assert book.asked(m.KeepPhrase(request="1", text="Good morning."), 0) == m.Done(request="1")
    assert book.asked(m.TellPhrases(request="2"), 0) == m.Phrases(request="2", phrases=(("Good morning.", 1),))
    refused = book.asked(m.ForgetPhrase(request="3", text="Good night."), 0)
    assert isinstance(refused, m.Refused)
    assert "vybor phrases list" in refused.reason
    assert book.asked(m.ForgetPhrase(request="4", text="Good morning."), 0) == m.Done(request="4")
    assert book.asked(m.HearPartner(request="5", text="Hi"), 0) is None


def test_a_private_text_is_not_offered_to_be_kept() -> None:
    writer = Writer()
    for slot in (0, MENU):
        writer.choose(slot)
    for role in (Role.TOOLS, Role.UNLEARN):
        writer.choose(slot_of(writer, role))
    writer.choose(MENU)
    for role in (Role.TOOLS, Role.PHRASES):
        writer.choose(slot_of(writer, role))
    assert Role.KEEP not in {tile.role for tile in writer.state.tiles}
    assert UNDO == 8


def test_an_own_phrase_that_has_a_fixed_place_has_no_other(tmp_path: Path) -> None:
    pain = FIXED["en"][6]
    book = Book((pain, "Hello."), uses=lambda phrase: 50 if phrase == pain else 1)
    assert pain not in book.ranked("en")
    placed = phrases_page(Writing(mode=Mode.PHRASES), "en", book)
    assert [slot for slot, choice in placed.items() if choice.label == pain] == [6]


def test_all_are_forgotten_in_every_language_even_where_they_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "phrases-ru.txt").write_text("Привет.\n")
    (tmp_path / "phrases-en.txt").write_bytes(b"\xff\xfe")
    book = opened(tmp_path)
    assert book.keep("Hello there.") != ""
    book.forget_all()
    assert list(tmp_path.iterdir()) == []
    assert book.keep("Hello there.") == ""
    assert book.book().own == ("Hello there.",)


def test_halves_that_a_sudden_end_left_go_with_the_next_start_and_with_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = tmp_path / ".phrases-en.txt.77"
    half.write_text("Zelda\n")
    book = opened(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".phrases-ru.txt.77").write_text("Зельда\n")
    (tmp_path / "journal.sqlite").write_text("kept")
    synced: list[Path] = []
    monkeypatch.setattr(small_files, "sync_folder", synced.append)
    assert book.forget_all() == ""
    assert [path.name for path in tmp_path.iterdir()] == ["journal.sqlite"]
    assert synced == [tmp_path]  # a power cut does not bring it back


def test_what_cannot_be_removed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = opened(tmp_path)
    book.keep("Hello there.")

    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(small_files, "sync_folder", fails)
    assert "remove them there" in book.forget_all()
