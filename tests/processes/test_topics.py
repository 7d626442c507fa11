"""Topic documents: added by the command, offered by the real generator, and gone for good once removed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from processes.test_generator import FOLLOWS, Core, core
from unit import paper_files
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.retrieval.index import Index
from world import tiny_model

MODEL = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "nowhere")) / "model"
needs_model = pytest.mark.skipif(not MODEL.is_dir(), reason="needs the built model in $VYBOR_SHARE_FOR_TESTS")

BAKERY = "Zolotarev bakery on Linden Street sells fresh bread and rye rolls until six. It is closed on Mondays."
TEXT = "We could buy bread at"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    tiny_model.bigrams(folder / "model", FOLLOWS)
    return folder


@contextmanager
def generator(folder: Path, share: Path) -> Iterator[tuple[Kit, Core]]:
    with kit(folder, "generator", share=share) as running, core(running.runtime) as asking:
        asking.until(lambda: asking.health is not None)
        yield running, asking


def topic(running: Kit, *words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "vybor", "topic", *map(str, words), "--runtime", str(running.runtime)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)


def document(folder: Path, name: str = "bakery.txt", text: str = BAKERY) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def offered(
    asking: Core, number: int, prefix: str = "", text: str = TEXT, partner: str = ""
) -> dict[str, m.Candidate]:
    """What the generator proposes for a text."""
    prompt = m.Prompt(at_ns=asking.clock.now_ns(), number=number, text=text, prefix=prefix, partner=partner)
    asking._bus.publish(prompt)
    asking.until(lambda: bool(asking.heard) and asking.heard[-1].prompt == number)
    return now(asking)


def now(asking: Core) -> dict[str, m.Candidate]:
    return {candidate.words[0]: candidate for candidate in asking.heard[-1].candidates}


def holders(folder: Path, *spelled: str) -> list[str]:
    """The files under a folder that hold some letters."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    held = {file.name: file.read_bytes().decode("utf-8", "replace").casefold() for file in files}
    return [name for name, text in held.items() if any(word.casefold() in text for word in spelled)]


def test_a_document_is_offered_until_it_is_removed_and_never_again(tiny: Path, tmp_path: Path) -> None:
    with generator(tmp_path, tiny) as (running, asking):
        assert "Zolotarev" not in offered(asking, 1)
        done = topic(running, "add", document(tmp_path))
        assert (done.returncode, done.stdout) == (0, "bakery.txt: kept, 18 words, passages: 1\n")
        asking.until(lambda: "Zolotarev" in now(asking))  # the prompt at hand is answered anew
        word = now(asking)["Zolotarev"]
        assert (word.source, word.origin) == (Source.TOPIC, "bakery.txt")
        assert list(offered(asking, 2, prefix="zo")) == ["Zolotarev"]
        assert "Zolotarev" not in offered(asking, 3, text="The weather is")
        assert "Zolotarev" in offered(asking, 4)

        done = topic(running, "remove", "bakery.txt")
        assert (done.returncode, done.stdout.startswith("bakery.txt: removed")) == (0, True)
        asking.until(lambda: "Zolotarev" not in now(asking))
        assert all("Zolotarev" not in offered(asking, 5 + n, prefix=p) for n, p in enumerate(("", "z", "zo")))
        assert holders(running.state, "zolotarev", "linden", "bakeri") == []
        running.kill("generator")
        running.start("generator")
        assert "Zolotarev" not in offered(asking, 20, prefix="zo")
        assert "Traceback" not in running.log("generator")


def test_a_name_and_words_that_are_no_text_are_replaced(tiny: Path, tmp_path: Path) -> None:
    no_text = b"\xff\xfe".decode("utf-8", "surrogateescape")
    with generator(tmp_path, tiny) as (running, _):
        assert topic(running, "add", document(tmp_path, f"{no_text}.txt")).stdout.startswith("??.txt: kept")
        done = topic(running, "search", no_text, "bread", "bakery")
        assert (done.returncode, done.stderr) == (0, "")
        assert "??.txt" in done.stdout
        done = topic(running, "remove", f"{no_text}.txt")
        assert (done.returncode, done.stdout.startswith("??.txt: removed")) == (0, True)
        done = topic(running, "remove", f"{no_text}.txt")
        assert (done.returncode, done.stderr) == (
            69,
            "vybor: there is no document ??.txt; there are: none at all\n",
        )


def test_what_the_other_person_asks_finds_notes_too(tiny: Path, tmp_path: Path) -> None:
    with generator(tmp_path, tiny) as (running, asking):
        topic(running, "add", document(tmp_path))
        assert "Zolotarev" not in offered(asking, 1, text="I like")
        assert "Zolotarev" in offered(asking, 2, text="I like", partner="Which bakery has fresh bread and rolls?")
        assert "Zolotarev" not in offered(asking, 3, text="I like")


@needs_model
def test_the_model_reads_the_notes_and_says_where_a_word_is_from(tmp_path: Path) -> None:
    with generator(tmp_path, MODEL.parent) as (running, asking):
        alone = offered(asking, 1, text="The bakery is on")
        assert "Linden" not in alone
        topic(running, "add", document(tmp_path))
        told = offered(asking, 2, text="The bakery is on")
        assert (told["Linden"].source, told["Linden"].origin) == (Source.MODEL, "bakery.txt")
        assert told["the"].origin == ""
        named = offered(asking, 3, prefix="zo")
        assert next(iter(named)) == "Zolotarev"
        assert "Zolotar" not in named
        topic(running, "remove", "bakery.txt")
        asking.until(lambda: "Zolotarev" not in now(asking))
        assert offered(asking, 4, text="The bakery is on") == pytest.approx(alone)


def test_commands_list_search_and_are_done_once(tiny: Path, tmp_path: Path) -> None:
    with generator(tmp_path, tiny) as (running, _):
        assert "there are no topic documents" in topic(running, "list").stdout
        (tmp_path / "hours.pdf").write_bytes(
            paper_files.pdf(["Opening hours.", "The library is open on Sundays."])
        )
        (tmp_path / "trip.docx").write_bytes(paper_files.word([("heading", "Lake"), ("text", "We row a boat.")]))
        for said in ("kept", "replaced"):
            done = topic(running, "add", document(tmp_path), tmp_path / "hours.pdf", tmp_path / "trip.docx")
            assert done.returncode == 0, done.stderr
            assert [line.split(",")[0].split(": ")[1] for line in done.stdout.splitlines()] == [said] * 3
            listed = topic(running, "list").stdout.splitlines()
            assert [line.split()[0] for line in listed] == ["bakery.txt", "hours.pdf", "trip.docx"]
        found = topic(running, "search", "Is", "the", "library", "open").stdout
        assert "hours.pdf, page 2 (answers " in found
        assert " % of these words; would be used)" in found
        assert "would be used" in found
        assert topic(running, "search", "submarine").stdout == "nothing is found for these words\n"
        assert topic(running, "remove", "trip.docx").returncode == 0
        again = topic(running, "remove", "trip.docx")
        assert (again.returncode, again.stdout) == (69, "")
        assert "there is no document trip.docx; there are: bakery.txt, hours.pdf" in again.stderr
        half = topic(running, "remove", "Hours", "bakery.txt")
        assert (half.returncode, half.stdout.startswith("bakery.txt: removed")) == (69, True)
        assert half.stderr == (
            "vybor: there is no document Hours; did you mean hours.pdf? there are: bakery.txt, hours.pdf\n"
        )


def test_what_the_person_wrote_is_no_carer_s_to_search(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    index = Index(tmp_path / "state" / "topics.sqlite")
    said = (m.Sentence(text="My sister keeps bees."),)
    list(index.following(m.Sentences(request="", sentences=said, session="s", number=1)))
    index.close()
    with generator(tmp_path, tiny) as (running, asking):
        assert "sister" in offered(asking, 1, prefix="s", text="The bees of my")
        assert topic(running, "search", "bees").stdout == "nothing is found for these words\n"
        assert "there are no topic documents" in topic(running, "list").stdout


def refused(done: "subprocess.CompletedProcess[str]", code: int) -> str:
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines), done.stdout) == (code, 1, "")
    return lines[0]


def test_bad_files_and_no_kit_are_said_in_one_sentence(tiny: Path, tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG")
    silent = Kit(tmp_path)
    assert "no kit runs in" in refused(topic(silent, "list"), 69)
    with generator(tmp_path, tiny) as (running, _):
        broken = tmp_path / "broken.docx"
        broken.write_bytes(b"PK")
        done = topic(running, "add", picture, document(tmp_path), broken)
        assert (done.returncode, done.stdout) == (65, "bakery.txt: kept, 18 words, passages: 1\n")
        pictured, damaged = done.stderr.splitlines()
        assert pictured == "vybor: cat.png is no document that Vybor reads; save it as .txt, .md, .pdf or .docx"
        assert damaged.startswith("vybor: broken.docx ")
        assert topic(running, "list").stdout.startswith("bakery.txt ")


def test_a_damaged_index_is_a_trouble_and_words_still_come(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    file = tmp_path / "state" / "topics.sqlite"
    file.write_bytes(b"this is no database " * 300)
    with generator(tmp_path, tiny) as (running, asking):
        assert "like" in offered(asking, 1, text="I")
        asking.until(lambda: bool(asking.troubles))
        (notice,) = asking.troubles or ()
        assert notice.trouble is m.Trouble.TOPICS_FAILED
        assert "move the file away" in refused(topic(running, "add", document(tmp_path)), 69)
        file.unlink()
        assert topic(running, "add", document(tmp_path)).returncode == 0
        asking.until(lambda: asking.troubles == ())


def test_a_long_document_holds_up_no_word(tiny: Path, tmp_path: Path) -> None:
    text = " ".join(f"The boat number{n} sails to harbour{n % 977} with cargo{n % 3571}." for n in range(12_000))
    with generator(tmp_path, tiny) as (running, asking):
        offered(asking, 1, text="I")
        command = [sys.executable, "-m", "vybor", "topic", "add", str(document(tmp_path, "boats.md", text))]
        with subprocess.Popen([*command, "--runtime", str(running.runtime)], stdout=subprocess.DEVNULL) as adding:
            number, slowest_s = 1, 0.0
            while adding.poll() is None:
                number += 1
                begun_ns = asking.clock.now_ns()
                offered(asking, number, text="I like" if number % 2 else "I")
                slowest_s = max(slowest_s, (asking.clock.now_ns() - begun_ns) / 1e9)
        assert adding.returncode == 0
        assert slowest_s < SILENT_S, "the screen would say that the model does not answer"
        assert "boats.md  96000 words" in topic(running, "list").stdout


SILENT_S = 3.0
"""A process unheard for so long counts as gone."""


@pytest.mark.parametrize("wait_s", [0.5, 0.65, 0.8, 10.0])
def test_a_kill_while_adding_leaves_all_or_nothing(tiny: Path, tmp_path: Path, wait_s: float) -> None:
    text = " ".join(f"The boat number{n} sails." for n in range(3000))
    with generator(tmp_path, tiny) as (running, asking):
        file = document(tmp_path, "boats.md", text)
        command = [sys.executable, "-m", "vybor", "topic", "add", str(file), "--runtime", str(running.runtime)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as adding:
            until(asking, lambda: adding.poll() is not None, wait_s)
            running.kill("generator")
            adding.send_signal(signal.SIGKILL)
        index = Index(running.state / "topics.sqlite")
        assert {topic.words for topic in index.listed()} <= {12_000}
        assert index.size == (250 if index.listed() else 0)
        assert index.listed() or wait_s < 10
        index.close()


def until(asking: Core, reached: Callable[[], bool], limit_s: float) -> None:
    """Wait, but not for ever."""
    end_ns = asking.clock.now_ns() + round(limit_s * 1e9)
    while asking.clock.now_ns() < end_ns and not reached():
        asking.listen()
