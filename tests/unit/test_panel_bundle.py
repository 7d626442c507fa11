"""The page of the log bundle: what is in it, the file, and what happens where there is none, or too much."""

import asyncio
import io
import os
import socket
import stat
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from unit.panel_browser import Browser
from vybor.commands import bundle
from vybor.panel import gathering, texts_leaving
from vybor.panel.gathering import Gathering, Ungathered

SMALL = b"\x1f\x8bsmall"
NOWHERE = Path("/nowhere")


def inside(*command: str) -> Browser:
    browser = Browser()
    browser.site.gathering = Gathering([sys.executable, "-c", *command], NOWHERE) if command else None
    browser.come_in()
    return browser


def printing(code: str) -> str:
    return f"import sys; sys.stdout.buffer.write({code})"


def gathered(source: Gathering) -> bytes:
    with asyncio.run(source.whole()) as whole:
        return whole.read()


def test_the_page_names_every_file_of_a_bundle() -> None:
    assert list(texts_leaving.MEMBERS) == [member.name for member in bundle.MEMBERS]
    text = inside().client.get("/bundle").text
    for name in texts_leaving.MEMBERS:
        assert f"<dt>{name}</dt>" in text


def test_a_bundle_is_handed_over_as_a_file() -> None:
    browser = inside(printing(repr(SMALL)))
    reply = browser.client.post("/bundle", data={"csrf": browser.csrf()})
    assert (reply.status_code, reply.content) == (200, SMALL)
    assert reply.headers["content-disposition"] == 'attachment; filename="vybor-bundle.tar.gz"'
    assert reply.headers["content-type"] == "application/gzip"
    assert reply.headers["content-length"] == str(len(SMALL))


@pytest.mark.parametrize(
    "code", ["pass", printing("b'no archive'"), printing(repr(SMALL)) + "; sys.exit(70)", "raise OSError"]
)
def test_what_fails_is_said_and_nothing_of_it_is_handed_over(code: str) -> None:
    browser = inside(code)
    for _ in range(2):  # and it may be tried again
        reply = browser.client.post("/bundle", data={"csrf": browser.csrf()})
        assert reply.status_code == 503
        assert "could not be gathered" in reply.text


def test_a_kit_that_cannot_gather_says_so() -> None:
    browser = inside()
    assert browser.client.post("/bundle", data={"csrf": browser.csrf()}).status_code == 503


def test_there_is_no_end_of_it_and_so_it_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_BYTES", 100_000)
    endless = "import sys\nwhile True: sys.stdout.buffer.write(b'\\x1f\\x8b' * 1000)"
    with pytest.raises(Ungathered, match="more than 100000 bytes"):
        gathered(Gathering([sys.executable, "-c", endless], NOWHERE))


def test_what_takes_too_long_is_ended_with_its_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gathering, "WITHIN_S", 1.5)
    noted = tmp_path / "pid"
    code = f"import os, pathlib, time; pathlib.Path({str(noted)!r}).write_text(str(os.getpid())); time.sleep(60)"
    source = Gathering([sys.executable, "-c", code], NOWHERE)
    with pytest.raises(Ungathered, match="more than"):
        gathered(source)
    assert not source.is_busy
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)


def test_one_at_a_time() -> None:
    browser = inside(printing(repr(SMALL)))
    assert browser.site.gathering
    browser.site.gathering.is_busy = True
    reply = browser.client.post("/bundle", data={"csrf": browser.csrf()})
    assert reply.status_code == 429
    assert "ask again in a minute" in reply.text


def test_where_systemd_gathers_the_panel_starts_nothing(tmp_path: Path) -> None:
    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()

        def serve() -> None:
            there, _ = listening.accept()
            with there:
                there.sendall(SMALL)

        serving = threading.Thread(target=serve)
        serving.start()
        assert gathered(Gathering(["false"], place)) == SMALL
        serving.join()


def test_a_socket_behind_which_nobody_is_gathers_nothing(tmp_path: Path) -> None:
    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(place))
    assert stat.S_ISSOCK(place.stat().st_mode)
    with pytest.raises(Ungathered, match="refused"):
        gathered(Gathering(["false"], place))


def test_packing_into_a_pipe_makes_the_same_archive() -> None:
    packed = io.BytesIO()
    packed.seekable = lambda: False  # type: ignore[method-assign]
    bundle.pack(packed, [(bundle.MEMBERS[0], b"versions\n")])
    with tarfile.open(fileobj=io.BytesIO(packed.getvalue())) as tar:
        assert tar.getnames() == ["vybor-bundle/about.txt"]
        opened = tar.extractfile("vybor-bundle/about.txt")
        assert opened
        assert opened.read() == b"versions\n"
