"""A page's WebSocket: who may open it, and what is said on it, however the wire cuts it; all else ends it."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some
from uvicorn.config import Config
from uvicorn.server import ServerState
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    RejectConnection,
    Request,
    TextMessage,
)

from unit.panel_browser import HandClock
from vybor.browser import socket, talk
from vybor.browser.desk import Desk
from vybor.browser.socket import LONGEST_LETTERS, MOST_UNSENT_BYTES, RESTART, TAKEN, UNREADABLE, WRONG_KEY

KEY = "k" * 32
HOST = "localhost:8442"
ORIGIN = (b"origin", b"http://localhost:8442")
HELLO = json.dumps(
    {"kind": "hello", "key": KEY, "width": 1280, "height": 720, "regular": {"ä": 0.5}, "bold": {"ж": 0.6}},
    ensure_ascii=False,
)
MOVED = '{"kind":"moved","x":0.5,"y":0.25,"at":1}'


class Wire(asyncio.Transport):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.unread = 0
        self.has_ended = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.has_ended
        self.sent += bytes(data)

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return self.has_ended

    def close(self) -> None:
        self.has_ended = True

    abort = close


class Page:
    """A browser's end of it."""

    def __init__(self, desk: Desk, *, is_tls: bool = False) -> None:
        config = Config("nothing:nothing", ssl_certfile="certificate" if is_tls else None)
        self.wire = Wire()
        self.socket = socket.of(desk, "kitchen")(config, ServerState(), None)
        self.socket.connection_made(self.wire)
        self.web = WSConnection(ConnectionType.CLIENT)

    def ask(self, host: str = HOST, *fields: tuple[bytes, bytes], path: str = "/display") -> Event | None:
        self.say(self.web.send(Request(host, path, extra_headers=list(fields or (ORIGIN,)))))
        return next(self.heard(), None)

    def say(self, data: bytes) -> None:
        self.socket.data_received(data)

    def tell(self, text: str) -> None:
        self.say(self.web.send(TextMessage(text)))

    def heard(self) -> Iterator[Event]:
        sent, self.wire.sent = self.wire.sent, b""
        if sent:
            self.web.receive_data(sent)
        yield from self.web.events()


class Stand:
    """A desk, and pages before it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.desk = Desk(HandClock(), KEY)

    def page(self, *, is_tls: bool = False) -> Page:
        async def made() -> Page:
            return Page(self.desk, is_tls=is_tls)

        return self.loop.run_until_complete(made())

    def greeted(self) -> Page:
        page = self.page()
        assert isinstance(page.ask(), AcceptConnection)
        page.tell(HELLO)
        return page

    def said(self) -> list[talk.AnySaid]:
        return [came.said for came in self.desk.take()[1]]

    def turn(self) -> None:
        self.loop.run_until_complete(asyncio.sleep(0))

    def close(self) -> None:
        self.loop.close()
        self.desk.close()


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("host", "fields", "is_tls", "status"),
    [
        (HOST, (ORIGIN,), False, 0),
        (HOST, ((b"Origin", b"https://localhost:8442"),), True, 0),
        ("kitchen:8442", ((b"origin", b"http://kitchen:8442"),), False, 0),
        (HOST, (ORIGIN,), True, 403),
        (HOST, ((b"origin", b"http://evil.example"),), False, 403),
        (HOST, ((b"origin", b"null"),), False, 403),
        ("evil.example", ((b"origin", b"http://evil.example"),), False, 421),
        (HOST, ((b"x", b"y"),), False, 400),
        (HOST, (ORIGIN, ORIGIN), False, 400),
        (HOST, (ORIGIN, (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ==")), False, 400),
    ],
)
def test_a_line_is_for_a_page_that_the_kit_served(
    stand: Stand, host: str, fields: tuple[tuple[bytes, bytes], ...], is_tls: bool, status: int
) -> None:
    page = stand.page(is_tls=is_tls)
    answer = page.ask(host, *fields)
    if status:
        assert isinstance(answer, RejectConnection)
        assert answer.status_code == status
        assert page.wire.has_ended
    else:
        assert isinstance(answer, AcceptConnection)
        assert not page.wire.has_ended


def test_no_line_is_anywhere_else(stand: Stand) -> None:
    answer = stand.page().ask(path="/other")
    assert isinstance(answer, RejectConnection)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /display HTTP/1.1\r\nhost: localhost:8442\r\n\r\n",
        b"GET /display HTTP/1.1\r\n\r\n",
        b"GET /display HTTP/1.1\r\nhost: \xff\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
        b"GET /display HTTP/1.1\r\nhost: " + b"a" * 70 + b"\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
        b"GET /display HTTP/1.1\r\nhost: localhost:8442\r\nhost: evil.example\r\n\r\n",
        b"GET /display HTTP/1.1\r\nhost: localhost:8442\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"origin: http://localhost:8442\r\nsec-websocket-key: x\r\nsec-websocket-version: 8\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_what_is_no_request_for_a_line_is_refused(stand: Stand, request_: bytes) -> None:
    page = stand.page()
    page.say(request_)
    assert page.wire.sent.startswith(b"HTTP/1.1 400 ")
    assert page.wire.has_ended


def test_what_a_page_says_is_heard(stand: Stand) -> None:
    page = stand.greeted()
    page.tell(MOVED)
    hello, moved = stand.said()
    assert isinstance(hello, talk.Hello)
    assert (hello.regular, hello.bold) == ({"ä": 0.5}, {"ж": 0.6})
    assert moved == talk.Moved(x=0.5, y=0.25, at=1)


@given(some.lists(some.integers(1, 200), max_size=12))
def test_what_a_page_says_is_heard_however_the_wire_cuts_it(cuts: list[int]) -> None:
    stand = Stand()
    page = stand.page()
    page.ask()
    wire = page.web.send(TextMessage(HELLO)) + page.web.send(TextMessage(MOVED)) + page.web.send(Ping(b"!"))
    for cut in cuts:
        page.say(wire[:cut])
        wire = wire[cut:]
    page.say(wire)
    assert [type(said) for said in stand.said()] == [talk.Hello, talk.Moved]
    assert list(page.heard()) == [Pong(b"!")]
    assert not page.wire.has_ended
    stand.close()


def test_what_comes_behind_something_unreadable_is_not_heard(stand: Stand) -> None:
    page = stand.greeted()
    stand.said()
    page.say(page.web.send(BytesMessage(b"x")) + page.web.send(TextMessage(MOVED)))
    assert page.wire.has_ended
    assert stand.said() == []


def test_a_page_that_said_the_key_is_waited_for_no_more(stand: Stand) -> None:
    page = stand.page()
    page.ask()
    assert not page.socket._limit.cancelled()
    page.tell(HELLO)
    assert page.socket._limit.cancelled()


def test_a_message_in_pieces_is_one(stand: Stand) -> None:
    page = stand.greeted()
    page.say(page.web.send(TextMessage(MOVED[:9], message_finished=False)))
    page.say(page.web.send(TextMessage(MOVED[9:])))
    assert len(stand.said()) == 2


def masked(opcode: int, payload: bytes) -> bytes:
    """A frame as a browser sends it (RFC 6455, 5.2), with a mask that changes nothing."""
    return bytes((0x80 | opcode, 0x80 | len(payload))) + bytes(4) + payload


@pytest.mark.parametrize(
    "said",
    [
        masked(1, b'{"kind":"nothing"}'),
        masked(1, b"\xff\xfe"),
        masked(2, MOVED.encode()),
        masked(3, b""),
        masked(0, b"goes on"),
        bytes((0x81, 2)) + b"[]",
        bytes((0xC1, 0x82)) + bytes(4) + b"[]",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=["no word of ours", "no text", "bytes", "a kind unknown", "no beginning", "bare", "squeezed", "no frame"],
)
def test_what_no_page_sends_ends_the_line(stand: Stand, said: bytes) -> None:
    page = stand.greeted()
    stand.said()
    page.say(said)
    (end,) = page.heard()
    assert isinstance(end, CloseConnection)
    assert end.code == UNREADABLE
    assert page.wire.has_ended
    page.say(masked(1, MOVED.encode()))
    assert stand.said() == []


@pytest.mark.parametrize("are_pieces", [False, True])
def test_what_is_longer_than_anything_of_ours_ends_the_line(stand: Stand, are_pieces: bool) -> None:
    page = stand.greeted()
    for _ in range(5):
        if not page.wire.has_ended:
            page.say(page.web.send(TextMessage(" " * (LONGEST_LETTERS // 4), message_finished=not are_pieces)))
    assert page.wire.has_ended
    assert [end.code for end in page.heard() if isinstance(end, CloseConnection)] == [UNREADABLE]


@given(some.binary(max_size=64))
def test_noise_is_waited_for_or_ends_the_line(noise: bytes) -> None:
    stand = Stand()
    page = stand.greeted()
    page.say(noise)
    assert all(isinstance(event, CloseConnection | Pong) for event in page.heard())
    stand.close()


def test_a_wrong_key_and_no_key_end_the_line(stand: Stand) -> None:
    nearly = (HELLO.replace(KEY, key) for key in ("other", "", KEY[:-1], KEY + "k"))
    for said, code in (*((each, WRONG_KEY) for each in nearly), (MOVED, UNREADABLE)):
        page = stand.page()
        page.ask()
        page.tell(said)
        assert [end.code for end in page.heard() if isinstance(end, CloseConnection)] == [code]
    assert stand.said() == []


def test_what_comes_behind_a_wrong_key_is_not_looked_at(stand: Stand, caplog: pytest.LogCaptureFixture) -> None:
    page = stand.page()
    page.ask()
    with caplog.at_level("INFO"):
        page.say(page.web.send(TextMessage(HELLO.replace(KEY, "other"))) + page.web.send(TextMessage(MOVED)))
    assert [end.code for end in page.heard() if isinstance(end, CloseConnection)] == [WRONG_KEY]
    assert not any("let go" in record.message for record in caplog.records)


def test_a_page_that_comes_later_takes_the_display(stand: Stand) -> None:
    before, after = stand.greeted(), stand.greeted()
    stand.turn()
    assert [end.code for end in before.heard() if isinstance(end, CloseConnection)] == [TAKEN]
    assert not after.wire.has_ended


def test_a_page_that_goes_is_told_that_it_may(stand: Stand) -> None:
    page = stand.greeted()
    page.say(page.web.send(CloseConnection(1001, "going")))
    assert [end.code for end in page.heard() if isinstance(end, CloseConnection)] == [1000]
    assert page.wire.has_ended


def test_a_scene_is_sent_from_any_thread_and_not_to_who_does_not_read(stand: Stand) -> None:
    page = stand.greeted()
    line = stand.desk.take()[0]
    assert line
    line.send('{"kind":"scene","word":"хлеб"}'.encode())
    stand.turn()
    assert list(page.heard()) == [TextMessage('{"kind":"scene","word":"хлеб"}')]
    page.wire.unread = MOST_UNSENT_BYTES + 1
    line.send(b"{}")
    stand.turn()
    assert page.wire.has_ended
    assert page.wire.sent == b""


def test_bytes_are_no_words(stand: Stand) -> None:
    page = stand.greeted()
    page.say(page.web.send(BytesMessage(MOVED.encode())))
    assert page.wire.has_ended


def test_who_is_in_says_the_key_once(stand: Stand) -> None:
    page = stand.greeted()
    page.tell(HELLO)
    assert [end.code for end in page.heard() if isinstance(end, CloseConnection)] == [WRONG_KEY]
    assert page.wire.has_ended


def test_what_an_earlier_page_still_says_is_not_heard(stand: Stand) -> None:
    before = stand.greeted()
    stand.greeted()
    stand.said()
    before.tell(MOVED)
    assert stand.said() == []
    assert before.wire.has_ended


def test_a_line_that_is_lost_is_no_display_any_more_and_in_no_list(stand: Stand) -> None:
    page = stand.greeted()
    assert page.socket in page.socket._connections
    page.socket.connection_lost(None)
    assert stand.desk.take()[0] is None
    assert page.socket not in page.socket._connections


def test_a_server_that_ends_says_that_it_comes_back(stand: Stand) -> None:
    page = stand.greeted()
    page.socket.shutdown()
    assert [end.code for end in page.heard() if isinstance(end, CloseConnection)] == [RESTART]
    assert page.wire.has_ended
