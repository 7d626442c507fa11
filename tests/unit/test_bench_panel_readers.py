"""The bench's browsers read, each a live page too: where one does not, all of them end and say why."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benches import panel_readers
from vybor.panel.site.site import COOKIE

TOKENS = ("one", "two")
ANSWER_S = 30


class Pages(ThreadingHTTPServer):
    """The carer's page: what it says live, and to whom it does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.said = b"data: <p>well</p>\n\n"
        self.refused = ""
        """Of which token."""
        self.is_over = threading.Event()
        self.read = threading.Semaphore(0)
        """Pages that were given."""


class Page(BaseHTTPRequestHandler):
    """One of them."""

    server: Pages

    def do_GET(self) -> None:
        refused = bool(self.server.refused) and f"{COOKIE}={self.server.refused}" in self.headers.get("cookie", "")
        is_live = self.path == "/live"
        self.send_response(503 if is_live and refused else 200)
        self.end_headers()
        if not is_live:
            self.server.read.release()
        elif not refused:
            self.wfile.write(self.server.said)
            self.wfile.flush()
            self.server.is_over.wait()

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def served() -> Iterator[Pages]:
    with Pages() as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        try:
            yield pages
        finally:
            pages.is_over.set()
            pages.shutdown()


def readers(pages: Pages) -> "subprocess.Popen[str]":
    base = f"http://127.0.0.1:{pages.server_port}"
    command = [sys.executable, "-m", panel_readers.__name__, base, "/,/sync", *TOKENS]
    pipe = subprocess.PIPE
    known = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=known)


def test_they_read_until_they_are_told_to_end_and_tell_how_long_each_page_took() -> None:
    with served() as pages, readers(pages) as reading:
        assert reading.stdout
        assert reading.stdout.readline() == "reading\n"
        assert all(pages.read.acquire(timeout=ANSWER_S) for _ in TOKENS)
        told, _ = reading.communicate("")
        assert reading.returncode == 0
        assert len(json.loads(told)) >= len(TOKENS)


def test_a_live_page_that_is_refused_ends_all_before_they_are_said_to_read() -> None:
    with served() as pages:
        pages.refused = TOKENS[1]
        with readers(pages) as reading:
            told, why = reading.communicate()
    assert (reading.returncode, told) == (1, "")
    assert "/live answered 503" in why


@pytest.mark.parametrize("is_said", [True, False])
def test_a_live_page_that_ends_early_ends_all(is_said: bool) -> None:
    with served() as pages:
        if is_said:
            pages.said += b"event: over\ndata:\n\n"
        with readers(pages) as reading:
            assert reading.stdout
            assert reading.stderr
            if not is_said:
                assert reading.stdout.readline() == "reading\n"
                pages.is_over.set()
            assert "/live ended by itself" in reading.stderr.readline()
            assert reading.wait() == 1


class Ended(Exception):
    """All of them end, and why."""


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., object]], str]:
    """The program in this process, with this in place of a reader's thread; why it ended."""

    def end_all(why: str) -> None:
        raise Ended(why)

    def ended(begin: Callable[..., object]) -> str:
        monkeypatch.setattr(panel_readers, "begin", begin)
        with pytest.raises(Ended) as ended:
            panel_readers.main()
        return str(ended.value)

    monkeypatch.setattr(panel_readers, "end_all", end_all)
    monkeypatch.setattr(panel_readers, "PATIENCE_S", 0.0)
    monkeypatch.setattr(panel_readers.os, "nice", lambda by: by)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # or it would end whoever runs this later
    monkeypatch.setattr(sys, "argv", ["readers", "http://localhost", "/", "token"])
    return ended


def test_who_hears_nothing_of_a_live_page_is_not_said_to_read(
    main: Callable[[Callable[..., object]], str],
) -> None:
    assert main(lambda *_: threading.Thread()) == "a live page has not come"


def test_a_reader_that_is_lost_for_whatever_reason_ends_all(main: Callable[[Callable[..., object]], str]) -> None:
    lost = threading.ExceptHookArgs((ValueError, ValueError("it is odd"), None, None))
    assert main(lambda *_: threading.excepthook(lost)) == "a reader is lost: ValueError('it is odd')"
