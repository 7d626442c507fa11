"""A document is read by a process of its own: it says the same, and whatever the file does, one sentence comes."""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest

from unit import hostile_files, paper_files
from vybor.retrieval import apart, documents, reader
from vybor.retrieval.apart import Place
from vybor.retrieval.documents import Document, DocumentError, Why

LOCKED = paper_files.pdf(["The bakery."], password="secret")
GOOD = {
    "bakery.txt": b"Fresh bread until six.",
    "bakery.md": b"# Hours\n\nOpen *until* six.",
    "bakery.pdf": paper_files.pdf(["The bakery is on Lin-\nden Street.", "It is closed on Mondays."]),
    "bakery.docx": paper_files.word([("heading", "Hours"), ("text", "Open until six.")]),
}
HOSTILE = {
    "bomb.docx": (lambda: hostile_files.unpacked_document(300), Why.LARGE),
    "lying.docx": (lambda: hostile_files.lying_document(900), Why.LIMITS),
    "laughing.docx": (hostile_files.laughing_document, Why.DAMAGED),
    "deep.docx": (lambda: hostile_files.deep_document(100_000), Why.DAMAGED),
    "deep.pdf": (lambda: hostile_files.deep_page(200_000), Why.DAMAGED),
    "packed.pdf": (lambda: hostile_files.packed_page(10), Why.DAMAGED),
    "circling.pdf": (hostile_files.circling_page, Why.DAMAGED),
    "locked.pdf": (lambda: LOCKED, Why.LOCKED),
    "nothing.pdf": (lambda: b"", Why.DAMAGED),
    "nothing.docx": (lambda: b"", Why.DAMAGED),
    "nothing.txt": (lambda: b"", Why.EMPTY),
    "picture.docx": (lambda: b"\x89PNG\r\n" + bytes(5_000), Why.DAMAGED),
    "picture.txt": (lambda: b"\x89PNG\r\n" + bytes(range(256)) * 8, Why.NOT_TEXT),
}


def kept(content: bytes) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever asked closes it)
    file.write(content)
    file.flush()
    return file


def read(name: str, content: bytes) -> Document:
    with kept(content) as file:
        return apart.read_now(file, name)


@pytest.mark.parametrize("name", GOOD)
def test_it_says_what_is_said_here(name: str) -> None:
    assert read(name, GOOD[name]) == documents.read_content(name, GOOD[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_file_does_one_sentence_comes_of_it(name: str) -> None:
    made, why = HOSTILE[name]
    content, before = made(), rss_kb()
    with pytest.raises(DocumentError) as refused:
        read(name, content)
    assert refused.value.why is why
    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)
    assert rss_kb() - before < 30_000


def rss_kb() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1000


def test_a_file_of_the_machine_is_not_read_into_a_document() -> None:
    assert [passage.text for passage in read("out.docx", hostile_files.outside_document()).passages] == ["Bread."]


def test_it_is_told_how_far_it_is() -> None:
    seen: list[tuple[int, int]] = []
    with kept(paper_files.pdf(["One.", "Two.", "Three."])) as file:
        apart.read_now(file, "three.pdf", lambda done, whole: seen.append((done, whole)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_only_its_own_bytes_are_read_and_under_a_key_as_well() -> None:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415

    key = os.urandom(32)
    hidden = Cipher(algorithms.AES(key), modes.CTR(apart.NONCE)).encryptor().update(b"before Fresh bread. behind")
    with kept(hidden) as file:
        document = asyncio.run(apart.read(file, "a.txt", Place(7, 12), key))
    assert [passage.text for passage in document.passages] == ["Fresh bread."]


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_S", 0.5)
    begun_s = time.perf_counter()
    with pytest.raises(DocumentError, match="more memory or time"):
        read("packed.pdf", hostile_files.packed_page(60))
    assert time.perf_counter() - begun_s < 5
    assert not [each for each in children() if "vybor.retrieval.reader" in each]


def children() -> list[str]:
    me = str(os.getpid())
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "stat").read_text().rpartition(")")[2].split()[1] == me:
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def test_it_has_its_limits_before_it_looks_at_a_byte() -> None:
    """In the process itself, at the moment at which it reads."""
    code = (
        "import resource, sys\n"
        "from vybor.retrieval import documents, reader\n"
        "def look(name, content, progress):\n"
        "    told = [resource.getrlimit(limit)[1] for limit in reader.LIMITS]\n"
        "    raise documents.DocumentError(repr(told))\n"
        "documents.read_content = look\n"
        "sys.argv = ['reader', 'read', '0', '1']\n"
        "reader.main()\n"
    )
    with kept(b"x") as file:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdin=file,
            stdout=subprocess.PIPE,
            env={**os.environ, apart.NAME: "a.txt"},
            check=True,
        )
    assert repr([*reader.LIMITS.values()]).encode() in done.stdout


@pytest.mark.parametrize("said", [b"", b"\x00\x00", b"\xff" * 8, b"\x00\x00\x00\x02no"])
def test_a_process_that_says_what_nobody_understands_is_no_document(said: bytes, tmp_path: Path) -> None:
    async def told() -> object:
        stream = asyncio.StreamReader()
        stream.feed_data(said)
        stream.feed_eof()
        return await apart._frame(stream)

    assert asyncio.run(told()) is None


def test_it_comes_after_what_the_wearer_does(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os; from vybor.retrieval import reader; reader._behind_the_wearer(); print(os.nice(0))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert int(done.stdout) >= min(19, os.nice(0) + 10)
    called: list[bool] = []
    monkeypatch.setattr(reader, "_behind_the_wearer", lambda: called.append(True))
    monkeypatch.setattr(reader, "_first_to_go", lambda: None)
    monkeypatch.setattr(reader, "LIMITS", {})
    monkeypatch.setattr("signal.alarm", lambda _s: None)
    monkeypatch.setattr(sys, "argv", ["reader", "form"])
    with pytest.raises(KeyError):
        reader.main()
    assert called == [True]


def test_a_reader_that_says_more_than_any_document_has_is_not_listened_to() -> None:
    """Whatever a file has made of it, it fills nobody's memory."""

    async def heard(told: apart.Told) -> apart.Told | None:
        frame = msgspec.msgpack.encode(told)
        said = asyncio.StreamReader()
        said.feed_data(apart.LENGTH.pack(len(frame)) + frame)
        said.feed_eof()
        return await apart._frame(said)

    short = apart.No(said="no", why=Why.LIMITS)
    assert asyncio.run(heard(short)) == short
    assert asyncio.run(heard(apart.No(said="x" * apart.MOST_TOLD, why=Why.LIMITS))) is None
