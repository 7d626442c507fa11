"""Clients that are slow, or say nothing, before the real server of pages: they keep nobody out, and go."""

import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from vybor.pages import certificate, heads
from vybor.pages.guard import HEADERS
from vybor.pages.serving import Serving

LIMIT_S = 10.0
PIECE, PIECES = b"a" * 65_536, 400
"""More than lies on the way between two sockets."""


async def pages(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/large":
        await StreamingResponse(large())(scope, receive, send)
        return
    if scope["path"] == "/watched":
        scope[heads.WATCHED]()
    if scope["method"] == "POST":
        while (await receive()).get("more_body"):
            pass
    await PlainTextResponse("well")(scope, receive, send)


async def large() -> AsyncIterator[bytes]:
    for _ in range(PIECES):
        yield PIECE


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("REQUEST_S", "STALLED_S", "GREETING_S"):
        monkeypatch.setattr(heads, name, 0.5)
    made = certificate.ready(tmp_path, "kitchen", "2026-03-01T12:00:00+00:00")
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    served = Serving(pages, made.path, [listening])
    try:
        yield listening.getsockname()[1]
    finally:
        served.close()


def connected(port: int) -> ssl.SSLSocket:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    there = trusting.wrap_socket(socket.create_connection(("127.0.0.1", port), LIMIT_S))
    there.settimeout(LIMIT_S)
    return there


def ended(there: socket.socket, since_s: float) -> float:
    """After how many seconds the kit ends this connection; what it still says is read."""
    try:
        while there.recv(65_536):
            pass
    except (ConnectionError, ssl.SSLError):
        pass
    return time.perf_counter() - since_s


def is_answered(port: int) -> bool:
    with httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=False, timeout=LIMIT_S) as client:
        return client.get("/").text == "well"


def test_more_that_say_nothing_than_there_is_room_for_keep_nobody_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "REQUEST_S", LIMIT_S)  # no time ends them
    with ExitStack() as held:
        idle = [held.enter_context(connected(port)) for _ in range(heads.MOST_AT_ONCE + 8)]
        idle[-1].sendall(b"GET / HTT")
        for _ in range(3):
            assert is_answered(port)
        began_s = time.perf_counter()
        assert ended(idle[0], began_s) < LIMIT_S / 2  # who waited for longest made room
        idle[-1].sendall(b"P/1.1\r\nHost: kitchen\r\nConnection: close\r\n\r\n")
        assert idle[-1].recv(65_536).startswith(b"HTTP/1.1 200")  # and nobody who came late had to


@pytest.mark.parametrize(
    "piece",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: kitchen\r\n",
        b"POST / HTTP/1.1\r\nHost: kitchen\r\nContent-Length: 9\r\n\r\npin=",
        b"GET / HTTP/1.1\r\nHost: kitchen\r\n\r\nGET / HT",
    ],
)
def test_what_does_not_come_whole_in_time_is_not_waited_for(piece: bytes, port: int) -> None:
    with connected(port) as there:
        began_s = time.perf_counter()
        there.sendall(piece)
        assert (
            0.2 < ended(there, began_s) < LIMIT_S * 0.8
        )  # the last of them by what uvicorn waits between requests
    assert is_answered(port)


def test_a_form_that_a_page_watches_over_may_take_longer_and_the_next_one_may_not(port: int) -> None:
    with connected(port) as there:
        there.sendall(b"POST /watched HTTP/1.1\r\nHost: kitchen\r\nContent-Length: 9\r\n\r\n")
        for _ in range(9):
            time.sleep(0.1)
            there.sendall(b"a")
        assert there.recv(65_536).startswith(b"HTTP/1.1 200")
        there.sendall(b"POST / HTTP/1.1\r\nHost: kitchen\r\nContent-Length: 9\r\n\r\npin=")
        began_s = time.perf_counter()
        assert ended(there, began_s) < LIMIT_S / 2


def test_one_byte_after_another_gains_no_time(port: int) -> None:
    with connected(port) as there:
        began_s = time.perf_counter()
        try:
            for byte in b"GET / HTTP/1.1\r\nHost: " + b"a" * 400:
                there.sendall(bytes([byte]))
                time.sleep(0.05)
        except (ConnectionError, ssl.SSLError):
            pass
        assert time.perf_counter() - began_s < 4


def test_who_never_greets_is_let_go(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), LIMIT_S) as there:
        began_s = time.perf_counter()
        assert ended(there, began_s) < LIMIT_S / 2


def test_who_asks_and_does_not_read_is_let_go(port: int) -> None:
    with connected(port) as there:
        there.sendall(b"GET /large HTTP/1.1\r\nHost: kitchen\r\n\r\n")
        read = len(there.recv(100))  # it is on its way
        time.sleep(3)
        try:
            while piece := there.recv(1 << 20):
                read += len(piece)
        except (ConnectionError, ssl.SSLError):
            pass
        assert read < len(PIECE) * PIECES
    assert is_answered(port)


def test_who_reads_slowly_gets_it_all(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it takes longer than an answer may stand still, and no kernel holds up pieces for as long as that."""
    monkeypatch.setattr(heads, "STALLED_S", 2.0)
    began_s = time.perf_counter()
    with connected(port) as there:
        there.sendall(b"GET /large HTTP/1.1\r\nHost: kitchen\r\nConnection: close\r\n\r\n")
        read = 0
        while piece := there.recv(1 << 16):
            read += len(piece)
            time.sleep(0.002)
        assert read > len(PIECE) * PIECES
        assert time.perf_counter() - began_s > heads.STALLED_S


def test_what_is_no_http_is_answered_as_carefully(port: int) -> None:
    with connected(port) as there:
        there.sendall(b"\x00\x01 nonsense\r\n\r\n")
        told = there.recv(65_536).decode().lower()
    assert told.startswith("http/1.1 400")
    for name, value in HEADERS.items():
        assert f"\r\n{name}: {value.lower()}\r\n" in told
