"""The page of topic documents, with the real readers behind it: files made to harm end with a sentence each."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Sequence
from html import unescape
from pathlib import Path
from typing import BinaryIO

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from unit import hostile_files, paper_files
from unit.panel_browser import BASE, Browser
from unit.panel_rooms import Rooms, inside, post
from vybor.contracts import messages as m
from vybor.pages.heads import WATCHED
from vybor.panel import undo, uploads
from vybor.panel.site import topics
from vybor.retrieval.apart import MOST_FILES

BREAD = b"Zolotarev bakery on Linden Street sells fresh bread."
File = tuple[str, bytes]


def send(browser: Browser, *files: File, csrf: str = "") -> str:
    """An upload; the page that comes."""
    parts = [("document", (name, content)) for name, content in files]
    reply = browser.client.post("/topics/add", data={"csrf": csrf or browser.csrf()}, files=parts)
    assert reply.status_code == 200, reply.text
    return reply.text


def told(text: str) -> list[str]:
    found = re.search(r'<div class="told" role="status">(.*?)</div>', text, re.DOTALL)
    return [unescape(line) for line in re.findall(r"<p>([^<]*)</p>", found[1])] if found else []


def listed(text: str) -> list[str]:
    return [unescape(name) for name in re.findall(r"<dt>([^<]*)</dt>", text)]


def test_documents_are_added_listed_removed_and_each_is_undone(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        pages = paper_files.pdf(["It is open on Sundays."])
        text = send(browser, ("bakery.txt", BREAD), ("hours.pdf", pages))
        assert told(text) == ["bakery.txt: kept.", "hours.pdf: kept."]
        assert listed(text) == ["bakery.txt", "hours.pdf"]
        assert "8 words" in text
        text = post(browser, "/topics/remove", name="bakery.txt")
        assert (told(text)[0].startswith("bakery.txt: removed."), listed(text)) == (True, ["hours.pdf"])
        assert listed(post(browser, "/topics/undo")) == ["bakery.txt", "hours.pdf"]
        assert told(post(browser, "/topics/undo")) == ["There is nothing to undo any more."]
        assert told(send(browser, ("bakery.txt", b"Another text."))) == [
            "bakery.txt: kept in place of the one before."
        ]
        assert "8 words" in post(browser, "/topics/undo")
        send(browser, ("new.md", b"New words."))
        assert listed(post(browser, "/topics/undo")) == ["bakery.txt", "hours.pdf"]
        assert told(post(browser, "/topics/remove", name="no.pdf"))[0].startswith("no.pdf is not there any more")
        assert b"".join(file.read_bytes() for file in tmp_path.glob("tmp*")) == b""
        assert rooms.asked


HOSTILE = {
    "bomb.docx": lambda: hostile_files.unpacked_document(300),
    "lying.docx": lambda: hostile_files.lying_document(900),
    "deep.pdf": lambda: hostile_files.deep_page(200_000),
    "locked.pdf": lambda: paper_files.pdf(["The bakery."], password="secret"),
    "nothing.pdf": lambda: b"",
    "program.exe": lambda: b"MZ" + bytes(100),
    "picture.txt": lambda: b"\x89PNG" + bytes(range(256)) * 9,
    "scan.pdf": lambda: paper_files.pdf([""]),
}


@pytest.mark.parametrize("language", ["en", pytest.param("ru", marks=pytest.mark.slow)])
def test_files_made_to_harm_end_with_a_sentence_each_and_the_others_are_kept(
    tmp_path: Path, language: str
) -> None:
    with inside(tmp_path, language) as (browser, _):
        text = send(browser, *((name, made()) for name, made in HOSTILE.items()), ("bakery.txt", BREAD))
        assert len(told(text)) == len(HOSTILE) + 1
        for line, name in zip(told(text), [*HOSTILE, "bakery.txt"], strict=True):
            assert line.startswith(name)
            assert len(re.findall(r"[.!?](?: |$)", line.removeprefix(name))) >= 1
        assert len({line.partition(" ")[2] for line in told(text)}) >= 6
        assert listed(text) == ["bakery.txt"]


NAMES = [
    ("../../../etc/passwd.txt", "passwd.txt"),
    ("C:\\notes\\a.txt", "a.txt"),
    ("a\x00b.txt", "a b.txt"),
    ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
    ("<script>alert(1)</script>.txt", "script>.txt"),
    ("б" * 200 + ".txt", "б" * 76 + ".txt"),
    ("\u202e\u2066.txt", ".txt"),
]


@pytest.mark.parametrize(("name", "kept"), NAMES)
def test_a_name_is_a_name_and_nothing_else(tmp_path: Path, name: str, kept: str) -> None:
    with inside(tmp_path) as (browser, _):
        boundary = "x" * 30
        head = f'name="document"; filename="{name}"'.encode().replace(b"\r\n", b"%0D%0A")
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{browser.csrf()}\r\n'
            f"--{boundary}\r\nContent-Disposition: form-data; ".encode()
            + head
            + b"\r\n\r\n"
            + BREAD
            + f"\r\n--{boundary}--\r\n".encode()
        )
        kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
        reply = browser.client.post("/topics/add", content=body, headers=kind)
        assert reply.status_code == 200
        assert "<script>" not in reply.text
        assert "set-cookie" not in reply.headers
        if kept == ".txt":
            assert told(reply.text)[0].startswith(".txt is no document")
        else:
            assert listed(reply.text) == [kept]
        assert {path.name for path in tmp_path.iterdir()} <= {
            "topics.sqlite",
            "topics.sqlite-wal",
            "topics.sqlite-shm",
        }


def test_a_thousand_files_and_too_many_bytes_keep_nothing(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        assert told(send(browser, *((f"{n}.txt", BREAD) for n in range(1000)))) == [
            f"At most {MOST_FILES} documents are taken at once: nothing was kept; choose fewer."
        ]
        assert told(send(browser, ("large.txt", b"a" * (uploads.MOST_BYTES + 1)))) == [
            "At most 20 MB are taken at once: nothing was kept; choose fewer or smaller documents."
        ]
        assert told(send(browser, ("", b""))) == ["No document was chosen: choose one, and add it then."]
        assert not any(isinstance(command, m.AddTopic) for command in rooms.asked)
        assert list(tmp_path.glob("tmp*")) == []


def test_a_document_beyond_the_most_that_are_kept_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "MOST_DOCUMENTS", 1)
    with inside(tmp_path) as (browser, _):
        text = send(browser, ("a.txt", BREAD), ("b.txt", BREAD), ("a.txt", b"Other words."))
        assert next(line.partition(":")[0] for line in told(text)) == "a.txt"
        assert told(text)[1].startswith("b.txt was not kept, for there are 1 documents already")
        assert listed(text) == ["a.txt"]


def test_a_full_disk_is_said_and_nothing_is_left_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "ROOM_BYTES", 10**18)
    with inside(tmp_path) as (browser, _):
        assert told(send(browser, ("a.txt", BREAD)))[0].startswith("The kit’s disk has no room for that")
    monkeypatch.setattr(uploads, "ROOM_BYTES", 0)
    with inside(tmp_path) as (browser, _):
        browser.site.uploads = tmp_path / "nowhere"
        assert told(send(browser, ("a.txt", BREAD)))[0].startswith("The kit’s disk has no room for that")


def test_what_waits_on_the_disk_says_nothing_without_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    whole = uploads.received

    async def looked(*given: object) -> uploads.Upload:
        came = await whole(*given)  # type: ignore[arg-type]
        came.file.seek(0)
        seen.append(came.file.read())
        return came

    monkeypatch.setattr(uploads, "received", looked)
    with inside(tmp_path) as (browser, _):
        assert told(send(browser, ("bakery.txt", BREAD))) == ["bakery.txt: kept."]
    assert len(seen[0]) > len(BREAD)
    assert b"bakery" not in seen[0]
    assert b"Zolotarev" not in seen[0]


def test_one_upload_at_a_time_is_read(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, _):
        browser.site.reads = True
        assert told(send(browser, ("a.txt", BREAD)))[0].startswith("Another document is being read")
        browser.site.reads = False
        assert told(send(browser, ("a.txt", BREAD))) == ["a.txt: kept."]
        assert not browser.site.reads


@pytest.mark.parametrize("silent", [(m.ListTopics,), (m.AddTopic,)])
def test_a_model_that_does_not_answer_is_said(tmp_path: Path, silent: Sequence[type[m.Command]]) -> None:
    with inside(tmp_path) as (browser, rooms):
        rooms.silent = tuple(silent)
        (line,) = told(send(browser, ("a.txt", BREAD)))
        assert "answer" in line
        assert browser.site.undo.topics is None


def test_it_is_for_who_came_in_with_a_form_of_their_own(tmp_path: Path) -> None:
    files = [("document", ("a.txt", BREAD))]
    assert Browser().client.post("/topics/add", data={"csrf": "x"}, files=files).status_code == 303
    with inside(tmp_path) as (browser, rooms):
        reply = browser.client.post("/topics/add", data={"csrf": "x" * 43}, files=files)
        assert reply.status_code == 403
        reply = browser.client.post("/topics/add", files=files)
        assert reply.status_code == 403
        reply = browser.client.post("/topics/add", data={"csrf": browser.csrf()})
        assert reply.status_code == 400  # no form with files
        evil = {"origin": "https://evil.example"}
        assert browser.client.post("/topics/add", files=files, headers=evil).status_code == 403
        assert browser.client.post("/topics", data={}).status_code == 405
        for path in ("/topics/remove", "/topics/undo"):
            assert browser.client.post(path, data={"csrf": "x", "name": "a.txt"}).status_code == 403
        assert added(rooms) == 0


def added(rooms: Rooms) -> int:
    return sum(isinstance(command, m.AddTopic | m.RemoveTopic) for command in rooms.asked)


def test_a_document_that_could_not_be_brought_back_can_be_still(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        send(browser, ("bakery.txt", BREAD))
        post(browser, "/topics/remove", name="bakery.txt")
        rooms.silent = (m.AddTopic,)
        assert told(post(browser, "/topics/undo"))[0].startswith("bakery.txt: the language model has not answered")
        rooms.silent, rooms.refuses = (), (m.AddTopic,)
        assert told(post(browser, "/topics/undo")) == ["That was not done. The kit says: the disk is full"]
        rooms.refuses = ()
        assert listed(post(browser, "/topics/undo")) == ["bakery.txt"]
        assert browser.site.undo.topics is None


def test_of_several_documents_those_alone_wait_on_that_are_not_back(tmp_path: Path) -> None:
    with inside(tmp_path) as (browser, rooms):
        send(browser, ("a.txt", BREAD), ("b.txt", BREAD))
        send(browser, ("a.txt", b"Other words."), ("b.txt", b"Other words."))
        rooms.refuses, rooms.refused_name = (m.AddTopic,), "b.txt"
        post(browser, "/topics/undo")
        assert browser.site.undo.topics
        assert browser.site.undo.topics.names == ("b.txt",)


def test_a_document_whose_words_are_not_told_is_not_replaced(tmp_path: Path) -> None:
    """Else to undo that would take away both."""
    with inside(tmp_path) as (browser, rooms):
        send(browser, ("bakery.txt", BREAD))
        rooms.silent = (m.TellTopic,)
        (line,) = told(send(browser, ("bakery.txt", b"Another text.")))
        assert line.startswith("The language model does not answer now")
        assert added(rooms) == 1
        assert "8 words" in browser.client.get("/topics").text


def test_the_server_is_told_to_wait_for_a_form_of_who_came_in_alone(tmp_path: Path) -> None:
    watched: list[str] = []

    async def served(scope: Scope, receive: Receive, send_: Send) -> None:
        scope[WATCHED] = lambda: watched.append(scope["path"])
        await browser.app(scope, receive, send_)

    with inside(tmp_path) as (browser, _):
        client = TestClient(served, base_url=BASE, follow_redirects=False, headers={"origin": BASE})
        files = [("document", ("a.txt", BREAD))]
        assert client.post("/topics/add", data={"csrf": "x"}, files=files).status_code == 303
        assert client.post("/enter", data={"pin": "1"}).status_code == 403
        assert watched == []
        client.cookies.update(browser.client.cookies)
        assert client.post("/topics/add", data={"csrf": browser.csrf()}, files=files).status_code == 200
        assert watched == ["/topics/add"]


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "",
            "text/plain",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/mixed; boundary=x",
        ),
        *("multipart/form-data; boundary=" + "x" * 71, "multipart/form-data; boundary=a\x00", "x" * 9000),
    ],
)
def test_what_is_no_form_with_files_has_no_boundary(kind: str) -> None:
    assert uploads.boundary(kind) == ""


def test_removed_documents_wait_no_longer_than_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "TOPICS_WAIT_S", 0.0)

    async def waits() -> tuple[bool, bool]:
        last = undo.Undo()
        last.topiced({"a.txt": (m.Passage(text="Fresh bread."),)})
        before = last.topics is not None
        await asyncio.sleep(0.01)
        return before, last.topics is not None

    assert asyncio.run(waits()) == (True, False)


KEY_BYTES = 32


def coming(*pieces: bytes, then_s: float = 0.0) -> AsyncIterator[bytes]:
    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece
        await asyncio.sleep(then_s)

    return come()


@pytest.mark.parametrize("length", [3, 5])
def test_an_upload_of_which_more_or_less_comes_than_was_said_is_none(length: int, tmp_path: Path) -> None:
    with pytest.raises(uploads.Broken):
        asyncio.run(uploads.received(coming(b"ab", b"cd"), length, tmp_path))
    came = asyncio.run(uploads.received(coming(b"ab", b"cd"), 4, tmp_path))
    other = asyncio.run(uploads.received(coming(b"ab", b"cd"), 4, tmp_path))
    with came.file, other.file:
        assert len(came.key) == KEY_BYTES
        assert came.key != other.key


@pytest.mark.parametrize("limit", ["PIECE_S", "WHOLE_S"])
def test_an_upload_that_stands_still_is_waited_for_no_longer_than_it_may(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, limit, 0.05)
    made: list[BinaryIO] = []
    opened = uploads.tempfile.TemporaryFile  # type: ignore[attr-defined]
    monkeypatch.setattr(
        uploads.tempfile,  # type: ignore[attr-defined]
        "TemporaryFile",
        lambda **given: made.append(opened(**given)) or made[-1],  # type: ignore[func-returns-value]
    )
    with pytest.raises(uploads.Broken):
        asyncio.run(asyncio.wait_for(uploads.received(coming(b"ab", then_s=9), 4, tmp_path), 5))
    assert [file.closed for file in made] == [True]
    with pytest.raises(uploads.Broken):
        asyncio.run(asyncio.wait_for(uploads.passed_over(coming(b"ab", then_s=9)), 5))


def test_after_an_upload_that_breaks_the_next_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(tmp_path) as (browser, _):
        assert browser.client.post("/topics/add", data={"csrf": "x"}, files=[("document", ("a.txt", BREAD))])
        assert not browser.site.reads
        monkeypatch.setattr(topics, "READ_WITHIN_S", 0.0)
        assert "a.txt" in told(send(browser, ("a.txt", BREAD)))[0]
        assert listed(browser.client.get("/topics").text) == []
        monkeypatch.undo()
        assert told(send(browser, ("a.txt", BREAD))) == ["a.txt: kept."]


def test_what_is_not_back_waits_no_longer_than_it_would_have(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = {"a.txt": (m.Passage(text="Fresh bread."),)}

    async def waits(after_s: float, *, is_changed: bool) -> bool:
        kept = undo.Undo()
        kept.topiced(documents)
        last = kept.topics
        assert last
        kept.forget_topics()
        await asyncio.sleep(after_s)
        if is_changed:
            kept.topiced({})
            kept.forget_topics()
        kept.not_back(last, documents)
        return kept.topics is not None

    monkeypatch.setattr(undo, "TOPICS_WAIT_S", 0.1)
    assert asyncio.run(waits(0.0, is_changed=False))
    assert not asyncio.run(waits(0.15, is_changed=False))
    assert not asyncio.run(waits(0.01, is_changed=True))


def test_documents_that_are_too_large_to_wait_are_not_undone() -> None:
    async def waits() -> bool:
        last = undo.Undo()
        noise = random.Random(1).randbytes(undo.MOST_PACKED)
        last.topiced({"a.txt": (m.Passage(text=noise.hex()),)})
        return last.topics is not None

    assert not asyncio.run(waits())
