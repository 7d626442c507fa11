"""The person's own counts: learned at once, forgotten exactly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.foundation import database
from vybor.instant.counts import Change, CountsFile, Mark
from vybor.instant.expectation import ALONE
from vybor.instant.personal import USUAL, Personal

TEXTS = st.lists(
    st.sampled_from(["My sister Anna.", "my dog", "Hello", "Anna, hello! Hello?", "…", "", "I I I I"])
)
CONTEXTS = [(), ("my",), ("my", "sister"), ("never", "said")]


def learned(texts: list[str]) -> Personal:
    own = Personal()
    for text in texts:
        own.learn(text)
    return own


def rows(own: Personal) -> dict[str, list[object]]:
    tables = ("followers", "written", "texts", "recent")
    return {table: list(own.file._database.execute(f"SELECT * FROM {table}")) for table in tables}


@given(TEXTS, TEXTS)
def test_what_is_forgotten_leaves_no_trace(kept: list[str], passing: list[str]) -> None:
    own = learned(kept)
    for text in passing:
        own.learn(text)
    for text in reversed(passing):
        assert own.forget(text)
    for context in CONTEXTS:
        assert own.expectation(context) == learned(kept).expectation(context)
    assert rows(own) == rows(learned(kept))


@given(TEXTS)
def test_it_is_one_distribution(texts: list[str]) -> None:
    own = learned(texts)
    for context in CONTEXTS:
        expectation = own.expectation(context)
        words = set(expectation.likely(1000))
        total = sum(expectation.p(word) for word in words)
        assert total == pytest.approx(1.0 if words else 0.0)
        assert expectation.p_of_all() == pytest.approx(total)
        assert 0 <= expectation.share <= max(USUAL.shares)


def test_its_share_grows_with_what_was_learned_and_with_what_stands_here() -> None:
    little, much = learned(["My sister Anna."]), learned(["My sister Anna."] * 100)
    shares = [
        own.expectation(context).share for own in (little, much) for context in ((), ("my",), ("my", "sister"))
    ]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


def test_where_the_base_list_knows_nothing_it_has_an_equal_say() -> None:
    own = learned(["My sister Anna."])
    assert own.expectation(("sister",)).share_beside(base_knows=False) == ALONE
    assert own.expectation(("brother",)).share_beside(base_knows=False) < ALONE


def test_what_was_never_learned_cannot_be_forgotten() -> None:
    own = learned(["Hello"])
    assert not own.forget("hello")
    assert own.forget("Hello")
    assert not own.forget("Hello")


def test_how_a_word_is_written_is_learned_inside_sentences_and_at_their_start_apart() -> None:
    own = learned(["Anna met ANNA and Anna"])
    assert own.written("anna", inside=True, least=1) == "ANNA"
    assert own.written("anna", inside=False, least=1) == "Anna"
    assert own.written("anna", inside=True, least=2) is None
    assert own.written("nobody", inside=True, least=1) is None


def test_trailing_off_is_no_word() -> None:
    own = learned(["well… so…"])
    assert sorted(set(own.expectation(()).likely(9))) == ["so", "well"]


def test_it_is_there_again_after_a_restart_and_another_connection_sees_what_is_learned(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    writing, reading = CountsFile(path), Personal(CountsFile(path))
    assert reading.expectation(()).levels[-1].words.counts == {}
    writing.change([Change("My sister Anna.")], Mark("s", 7))
    assert reading.expectation(("my",)).p("sister") > 0
    writing.close()
    again = CountsFile(path)
    assert again.mark == Mark("s", 7)
    assert Personal(again).expectation(("my", "sister")).p("anna") > 0


def test_what_one_connection_has_read_another_need_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    writing, reading = CountsFile(path), CountsFile(path)
    reading.read_ahead()
    writing.change([Change("Well said, Anna. Well.")])
    writing.read_ahead()
    reading.take_over(writing)
    assert reading.seen(()) is writing.seen(())
    assert reading.recent() is writing.recent()
    assert reading.seen(("^",), least=2).counts == {"well": 2}
    writing.change([Change("Anna")])
    assert reading.followers(())["anna"] == 2
    writing.close()
    reading.close()


def test_no_byte_of_a_forgotten_text_is_left(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    file = CountsFile(path)
    file.change([Change("Zoroaster keeps bees."), Change("I keep bees.")])
    file.change([Change("Zoroaster keeps bees.", said=False)])
    file.compact()
    file.close()
    left = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"oroaster" not in left
    assert b"bees" in left


def test_a_change_is_counted_whole_or_not_at_all(tmp_path: Path) -> None:
    file = CountsFile(tmp_path / "own.sqlite")
    file.change([Change("one two")], Mark("s", 1))

    def broken() -> Iterator[Change]:
        yield Change("three four")
        raise database.OperationalError("disk I/O error")

    with pytest.raises(database.OperationalError):
        file.change(broken(), Mark("s", 2))
    assert file.mark == Mark("s", 1)
    assert set(file.followers(())) == {"one", "two"}


def test_a_damaged_file_and_a_newer_one_are_said(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    path.write_bytes(b"no database at all, and longer than a header of SQLite would be " * 20)
    with pytest.raises(database.DatabaseError):
        CountsFile(path)
    path.unlink()
    newer = CountsFile(path)
    newer._database.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    newer.close()
    with pytest.raises(database.DatabaseError, match="version 99"):
        CountsFile(path)
