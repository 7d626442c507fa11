"""The index finds by stems, and what is removed is gone to its last byte."""

import os
import signal
import sqlite3  # noqa: TID251  (as a stranger opens it)
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.retrieval import schema
from vybor.retrieval.index import MOST_OWN, Found, Index, Kind
from vybor.retrieval.schema import TopicsError
from vybor.retrieval.stems import content

BAKERY = (
    m.Passage(text="Zolotarev bakery on Linden Street sells rye rolls.", place="page 1"),
    m.Passage(text="It is closed on Mondays and open until six.", place="page 2"),
)
GARDEN = (m.Passage(text="The tomatoes in the garden need water every evening."),)
RUSSIAN = (m.Passage(text="Пекарня на Липовой улице печёт ржаной хлеб."),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "topics.sqlite"


def found(index: Index, text: str, language: str = "en") -> list[Found]:
    return index.search(content(text), language, 5)


def told(
    index: Index, *spoken: str, taken_back: tuple[str, ...] = (), number: int = 1, anew: bool = False
) -> None:
    """The record tells what was spoken and taken back."""
    sentences = (
        *(m.Sentence(text=text) for text in spoken),
        *(m.Sentence(text=text, spoken=False) for text in taken_back),
    )
    for _ in index.following(m.Sentences(request="", sentences=sentences, session="s", number=number, anew=anew)):
        pass


def holders(path: Path, *spelled: str) -> list[tuple[str, str]]:
    """The files beside the index that hold some letters, in capitals or not."""
    files = [
        (file.name, file.read_bytes().decode("utf-8", "replace").casefold()) for file in path.parent.iterdir()
    ]
    return [(name, word) for name, held in files for word in spelled if word.casefold() in held]


def test_other_forms_of_a_word_are_found_with_their_place(path: Path) -> None:
    index = Index(path)
    index.add("bakery.txt", BAKERY)
    index.add("garden.md", GARDEN)
    (only,) = found(index, "Bakeries?")
    assert (only.name, only.place, only.kind) == ("bakery.txt", "page 1", Kind.TOPIC)
    assert [one.name for one in found(index, "a tomato")] == ["garden.md"]
    assert found(index, "the ship sails") == []
    assert found(index, "and the") == []


def test_russian_is_found_by_stems_and_e_is_yo(path: Path) -> None:
    index = Index(path)
    index.add("хлеб.txt", RUSSIAN)
    assert [one.name for one in found(index, "хлебом", "ru")] == ["хлеб.txt"]
    assert [one.name for one in found(index, "печет", "ru")] == ["хлеб.txt"]
    assert found(index, "хлебом", "en") == []


def test_the_best_is_first_and_of_equals_the_newer(path: Path) -> None:
    index = Index(path)
    index.add("old", [m.Passage(text="Rye bread.")])
    index.add("new", [m.Passage(text="Rye bread.")])
    index.add("best", [m.Passage(text="Rye bread with butter.")])
    assert [one.name for one in found(index, "rye bread and butter")] == ["best", "new", "old"]


def test_adding_again_changes_nothing_and_a_new_version_replaces_the_old(path: Path) -> None:
    index = Index(path)
    index.add("bakery.txt", BAKERY)
    before = index.revision
    index.add("bakery.txt", BAKERY)
    assert index.revision == before
    index.add("bakery.txt", BAKERY[1:])
    assert index.revision > before
    assert index.listed() == (m.Topic(name="bakery.txt", passages=1, words=9),)
    assert found(index, "bakery") == []
    assert holders(path, "zolotarev", "bakeri") == []


def test_a_removed_document_leaves_no_byte(path: Path) -> None:
    index = Index(path)
    index.add("bakery.txt", BAKERY)
    index.add("garden.md", GARDEN)
    assert holders(path, "zolotarev") != []
    assert index.remove("bakery.txt")
    gone = ("zolotarev", "bakeri", "bakery.txt", "linden", "monday", "page 2")
    assert holders(path, *gone) == []
    assert [topic.name for topic in index.listed()] == ["garden.md"]
    assert [one.name for one in found(index, "tomato, bakery")] == ["garden.md"]
    assert not index.remove("bakery.txt")
    assert index.remove("garden.md")
    index.close()
    assert holders(path, *gone, "tomato", "garden") == []


def test_what_the_person_said_is_learned_and_exactly_forgotten(path: Path) -> None:
    index = Index(path)
    assert index.learned == ("", 0)
    bees = "My sister keeps bees behind the barn."
    told(index, bees, f"{bees} ", "The bees were loud.", number=7)
    assert index.learned == ("s", 7)
    index.add("bakery.txt", BAKERY)
    assert len(found(index, "bees")) == 2
    assert {one.kind for one in found(index, "bees")} == {Kind.OWN}
    assert index.search(content("bees"), "en", 5, [Kind.TOPIC]) == []
    assert [topic.name for topic in index.listed()] == ["bakery.txt"]
    told(index, taken_back=(bees,), number=9)
    assert index.learned == ("s", 9)
    assert [one.text for one in found(index, "bees")] == ["The bees were loud."]
    assert holders(path, "sister", "barn") == []
    told(index, " \n", taken_back=(bees,))
    assert index.size == 3


def test_what_is_spoken_and_taken_back_in_one_answer_leaves_nothing(path: Path) -> None:
    index = Index(path)
    told(index, "My sister keeps bees.", taken_back=("My sister keeps bees.",))
    assert found(index, "bees") == []
    assert holders(path, "sister") == []


def test_another_record_is_learned_anew_and_documents_stay(path: Path) -> None:
    index = Index(path)
    told(index, "My sister keeps bees.", number=7)
    index.add("bakery.txt", BAKERY)
    told(index, "The boat sails.", number=3, anew=True)
    assert (found(index, "bees"), len(found(index, "boat"))) == ([], 1)
    index.forget_own()
    assert (index.learned, found(index, "boat"), len(index.listed())) == (("", 0), [], 1)
    assert holders(path, "boat", "sister") == []


def test_learning_goes_in_steps_and_a_step_that_is_not_the_last_changes_nothing(path: Path) -> None:
    index = Index(path)
    sentences = tuple(m.Sentence(text=f"The boat number{number} sails.") for number in range(50))
    learning = index.following(m.Sentences(request="", sentences=sentences, session="s", number=9))
    assert len([None for _ in zip(range(2), learning, strict=False)]) == 2
    assert (found(index, "boat"), index.learned) == ([], ("", 0))
    assert list(learning) == []
    assert (len(found(index, "boat")), index.learned) == (5, ("s", 9))


def test_the_last_step_of_a_document_has_no_word_left_to_look_at(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(path)
    adding = index.adding("diary.txt", BAKERY * 20)
    for _ in range(2):
        next(adding)
    for work in ("words", "stems", "language_of"):
        monkeypatch.delattr(f"vybor.retrieval.index.{work}")
    assert list(adding) == []
    assert index.listed() == (m.Topic(name="diary.txt", words=340, passages=40),)


def test_an_index_of_before_learns_too(path: Path) -> None:
    Index(path).close()
    with sqlite3.connect(path) as before:
        before.execute("DROP TABLE learned")
    index = Index(path)
    told(index, "The boat sails.")
    assert index.learned == ("s", 1)


def test_only_the_newest_own_texts_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vybor.retrieval.index.MOST_OWN", 3)
    index = Index(path)
    for number in range(5):
        told(index, f"The boat number{number} sails.")
    assert sorted(one.text[9:16] for one in found(index, "boat")) == ["number2", "number3", "number4"]
    assert MOST_OWN > 3


def test_vectors_go_with_their_document(path: Path) -> None:
    index = Index(path)
    index.add("bakery.txt", BAKERY)
    waiting = index.without_vector(10)
    assert [text for _, text in waiting] == [passage.text for passage in BAKERY]
    index.keep_vectors((number, b"meaning!" * 96) for number, _ in waiting)
    assert index.without_vector(10) == []
    assert [number for number, _ in index.vectors("en")] == [number for number, _ in waiting]
    index.remove("bakery.txt")
    assert index.vectors("en") == []
    assert holders(path, "meaning!") == []


def test_a_sweep_that_was_cut_off_is_done_at_the_next_opening(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(path)
    index.add("bakery.txt", BAKERY)
    index.close()
    index = Index(path)
    monkeypatch.setattr(schema, "swept", lambda _database: False)
    index.remove("bakery.txt")
    index.close()
    assert holders(path, "bakeri") != []  # a stem stays in FTS5's segments until they are merged
    monkeypatch.undo()
    Index(path).close()
    assert holders(path, "bakeri", "zolotarev", "linden") == []


def test_a_full_disk_is_said_and_changes_nothing(path: Path) -> None:
    index = Index(path)
    index.add("bakery.txt", BAKERY)
    (pages,) = index._database.execute("PRAGMA page_count").fetchone()
    index._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TopicsError, match=r"full.*make room"):
        index.add("garden.md", GARDEN * 500)
    assert [topic.name for topic in index.listed()] == ["bakery.txt"]
    assert [one.name for one in found(index, "bakery, tomatoes")] == ["bakery.txt"]
    assert index.remove("bakery.txt")


def test_what_is_no_index_is_said_in_one_sentence(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(TopicsError, match=r"is damaged .*add the documents again with `vybor topic add`$"):
        Index(path)
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes (name)")
    other.close()
    with pytest.raises(TopicsError, match="is another program's, not version 1"):
        Index(path)
    with pytest.raises(TopicsError, match="cannot be used"):
        Index(path.parent / "no folder" / "topics.sqlite")


def test_another_version_and_damage_inside_are_said(path: Path) -> None:
    index = Index(path)
    index.add("garden.md", GARDEN * 200)
    index.close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(TopicsError, match="is version 7, not version 1"):
        Index(path)
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 1")
    database.close()
    whole = bytearray(path.read_bytes())
    whole[4096 * 3 : 4096 * 3 + 600] = os.urandom(600)
    path.write_bytes(whole)
    with pytest.raises(TopicsError, match="is damaged"):
        Index(path)


WORK = """
import sys
from pathlib import Path
from vybor.contracts import messages as m
from vybor.retrieval.index import Index

index = Index(Path(sys.argv[1]))
kept = [m.Passage(text=f"The harbour has boat number{number}.") for number in range(40)]
said = m.Sentence(text="The lighthouse is old.")
there = m.Sentences(request="", sentences=(said,), session="s", number=1)
gone = m.Sentences(request="", sentences=(m.Sentence(text=said.text, spoken=False),), session="s", number=2)
print("ready", flush=True)
while True:
    index.add("harbour", kept)
    list(index.following(there))
    index.remove("harbour")
    list(index.following(gone))
"""


def test_a_kill_at_any_moment_leaves_the_index_whole(path: Path) -> None:
    for number in range(12):
        with subprocess.Popen([sys.executable, "-c", WORK, str(path)], stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(0.013 * number)
            child.send_signal(signal.SIGKILL)
        index = Index(path)
        assert {topic.passages for topic in index.listed()} <= {40}
        assert len(found(index, "harbour")) == (5 if index.listed() else 0)
        if not index.listed():
            assert holders(path, "harbour") == []
        if not found(index, "lighthouse"):
            assert holders(path, "lighthous") == []
        index.close()


CUT_OFF = """
import os, signal, sqlite3, sys

database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")  # pages go to the log before the end
database.execute("UPDATE sweeping SET due = due")  # something whole stands before it in the log
database.execute("BEGIN")
for number in range(400):
    text = f"The lighthouse of {number} is old. " * 20
    database.execute("INSERT INTO passage (document, text, place, language) VALUES (1, ?, '', 'en')", (text,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_being_written_when_the_power_went_is_nowhere_after_the_next_start(path: Path) -> None:
    Index(path).close()
    subprocess.run([sys.executable, "-c", CUT_OFF, str(path)], check=False)
    assert holders(path, "lighthouse")
    index = Index(path)
    assert holders(path, "lighthouse") == []
    index.close()
