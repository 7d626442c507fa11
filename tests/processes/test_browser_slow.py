"""Clients that are slow or say nothing before the server of the display's page: the wearer's own page comes in."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Ping, Pong, Request, TextMessage

from processes.test_panel_slow import LIMIT_S, connected, ended
from unit.panel_browser import HandClock
from unit.test_browser_socket import HELLO, KEY
from vybor.browser import socket as lines
from vybor.browser.desk import Desk
from vybor.browser.site import Site
from vybor.pages import certificate, heads
from vybor.pages.guard import Guard
from vybor.pages.serving import Serving

PLAIN, TLS = False, True


@pytest.fixture(params=[PLAIN, TLS], ids=["here", "network"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, bool]]:
    """A port, and whether TLS is spoken there."""
    made = certificate.ready(tmp_path, "kitchen", "2026-03-01T12:00:00+00:00") if request.param else None
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    desk = Desk(HandClock(), KEY)
    pages = Guard(Site("en"), "kitchen")
    serving = Serving(pages, made.path if made else None, [listening], lines.of(desk, "kitchen"))
    try:
        yield listening.getsockname()[1], request.param
    finally:
        serving.close()
        desk.close()


class Line:
    """A page's end of it, on a real socket."""

    def __init__(self, wire: socket.socket, host: str, *, is_tls: bool) -> None:
        self.wire = wire
        self._web = WSConnection(ConnectionType.CLIENT)
        self._came: list[Event] = []
        origin = f"{'https' if is_tls else 'http'}://{host}".encode()
        self.say(Request(host, "/display", extra_headers=[(b"origin", origin)]))
        assert isinstance(self.next(), AcceptConnection)

    def say(self, event: Event) -> None:
        self.wire.sendall(self._web.send(event))

    def next(self) -> Event:
        while not self._came:
            self._web.receive_data(self.wire.recv(65_536) or None)
            self._came += self._web.events()
        return self._came.pop(0)


def wire(port: int, *, is_tls: bool) -> socket.socket:
    if is_tls:
        return connected(port)
    there = socket.create_connection(("127.0.0.1", port), LIMIT_S)
    there.settimeout(LIMIT_S)
    return there


def line(held: ExitStack, port: int, *, is_tls: bool) -> Line:
    return Line(held.enter_context(wire(port, is_tls=is_tls)), f"localhost:{port}", is_tls=is_tls)


def greeted(held: ExitStack, port: int, *, is_tls: bool) -> Line:
    page = line(held, port, is_tls=is_tls)
    page.say(TextMessage(HELLO))
    page.say(Ping(b"in"))
    assert page.next() == Pong(b"in")
    return page


def test_more_that_say_nothing_than_there_is_room_for_keep_no_page_out(served: tuple[int, bool]) -> None:
    port, is_tls = served
    with ExitStack() as held:
        first = greeted(held, port, is_tls=is_tls)
        idle = [held.enter_context(wire(port, is_tls=is_tls)) for _ in range(heads.MOST_AT_ONCE + 8)]
        assert ended(idle[0], time.perf_counter()) < heads.REQUEST_S / 2  # who waited for longest made room
        first.say(Ping(b"still"))
        assert first.next() == Pong(b"still")  # and not the display
        greeted(held, port, is_tls=is_tls)


def test_lines_without_a_key_keep_no_page_out(served: tuple[int, bool]) -> None:
    port, is_tls = served
    with ExitStack() as held:
        first = greeted(held, port, is_tls=is_tls)
        strangers = [line(held, port, is_tls=is_tls) for _ in range(heads.MOST_AT_ONCE + 8)]
        assert ended(strangers[0].wire, time.perf_counter()) < lines.KEY_WITHIN_S / 2
        first.say(Ping(b"still"))
        assert first.next() == Pong(b"still")
        greeted(held, port, is_tls=is_tls)


def test_a_head_that_does_not_come_is_not_waited_for(
    served: tuple[int, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, is_tls = served
    monkeypatch.setattr(heads, "REQUEST_S", 0.5)
    with wire(port, is_tls=is_tls) as there:
        there.sendall(b"GET / HTT")
        assert ended(there, time.perf_counter()) < LIMIT_S / 2


def test_a_line_stands_for_longer_than_any_request(
    served: tuple[int, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, is_tls = served
    monkeypatch.setattr(heads, "REQUEST_S", 0.5)
    monkeypatch.setattr(heads, "STALLED_S", 0.5)
    monkeypatch.setattr(lines, "KEY_WITHIN_S", 0.5)
    with ExitStack() as held:
        page = greeted(held, port, is_tls=is_tls)
        time.sleep(1.5)
        page.say(Ping(b"still"))
        assert page.next() == Pong(b"still")


def test_a_line_whose_key_does_not_come_ends(served: tuple[int, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    port, is_tls = served
    monkeypatch.setattr(lines, "KEY_WITHIN_S", 0.5)
    with ExitStack() as held:
        page = line(held, port, is_tls=is_tls)
        assert isinstance(page.next(), CloseConnection)


def test_who_never_greets_by_tls_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "GREETING_S", 0.5)
    made = certificate.ready(tmp_path, "kitchen", "2026-03-01T12:00:00+00:00")
    listening = socket.create_server(("127.0.0.1", 0))
    desk = Desk(HandClock(), KEY)
    serving = Serving(Site("en"), made.path, [listening], lines.of(desk, "kitchen"))
    try:
        with socket.create_connection(listening.getsockname(), LIMIT_S) as there:
            assert ended(there, time.perf_counter()) < LIMIT_S / 2
    finally:
        serving.close()
        desk.close()
