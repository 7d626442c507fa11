"""A page's WebSocket on the server: takes over from uvicorn once a page asks for it.

Who may: a page that the kit itself has served (`Origin`, which no page elsewhere can give), asked for by one
of the kit's own names, that says the key first.
"""

import asyncio
import logging
from typing import cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from vybor.browser import frames, talk
from vybor.browser.desk import Desk, Line
from vybor.browser.frames import Opcode, Unreadable
from vybor.pages.guard import is_known

log = logging.getLogger("vybor.browser")

PATH = b"/display"
KEY_WITHIN_S = 10.0
"""Who asked for a line says the key by then."""
MOST_UNSENT_BYTES = 1_000_000
"""A page that does not read is let go, and comes back."""
TAKEN, WRONG_KEY, UNREADABLE, RESTART = 4001, 4003, 4000, 1012


class Socket(asyncio.Protocol):
    """One connection."""

    desk: Desk
    name: str

    def __init__(self, config: Config, server_state: ServerState, app_state: object) -> None:
        self._is_tls = config.is_ssl
        self._connections = server_state.connections
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._is_open = False
        self._is_in = False
        self._line = Line(self._send_from_anywhere, self._end_from_anywhere)
        self._limit = self._loop.call_later(KEY_WITHIN_S, self._too_late)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)  # type: ignore[arg-type]  # uvicorn lists its own kinds alone

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._limit.cancel()
        self._connections.discard(self)
        self.desk.gone(self._line)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """First its request, which uvicorn has read and hands over whole; then frames."""
        self._buffer += data
        if not self._is_open:
            self._open()
        try:
            while self._is_open and self._transport and not self._transport.is_closing():
                frame, self._buffer = frames.read(self._buffer)
                if frame is None:
                    return
                self._take(frame)
        except Unreadable as error:
            log.info("a page was let go: %s", error)
            self._end(UNREADABLE, "unreadable")

    def shutdown(self) -> None:
        """The server ends: the page comes back when it is there again."""
        self._end(RESTART, "restart")

    def _open(self) -> None:
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        request, *lines = head.split(b"\r\n")
        fields = [
            (name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)
        ]
        status = refused(request, fields, self.name, is_tls=self._is_tls)
        assert self._transport is not None
        if status:
            self._transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self._transport.close()
            return
        key = dict(fields)[b"sec-websocket-key"]
        self._is_open = True
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
            b"sec-websocket-accept: " + frames.accept(key) + b"\r\n\r\n"
        )

    def _take(self, frame: frames.Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            self._end(1000, "")
        elif frame.opcode is Opcode.PING:
            self._write(frames.made(Opcode.PONG, frame.payload))
        elif frame.opcode is Opcode.TEXT:
            self._hear(talk.understood(frame.payload))

    def _hear(self, said: talk.AnySaid | None) -> None:
        if said is None:
            raise Unreadable("it says nothing that a page of the kit would say")
        if isinstance(said, talk.Hello):
            if self._is_in or not self.desk.opens(said.key):
                log.warning("a page came with another key; `vybor browser` says the link with the right one")
                self._end(WRONG_KEY, "key")
                return
            self._is_in = True
            self._limit.cancel()
            if before := self.desk.come(self._line, said):
                before.end(TAKEN, "taken")
        elif not self._is_in:
            raise Unreadable("it speaks before it has said the key")
        elif not self.desk.said(self._line, said):
            raise Unreadable("it is not the display any more, or says more than can be read")

    def _too_late(self) -> None:
        self._end(UNREADABLE, "late")

    def _send_from_anywhere(self, payload: bytes) -> None:
        self._loop.call_soon_threadsafe(self._write, frames.made(Opcode.TEXT, payload))

    def _end_from_anywhere(self, code: int, why: str) -> None:
        self._loop.call_soon_threadsafe(self._end, code, why)

    def _write(self, frame: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            log.info("a page was let go: it reads nothing")
            self._transport.abort()
            return
        self._transport.write(frame)

    def _end(self, code: int, why: str) -> None:
        if self._transport and not self._transport.is_closing():
            if self._is_open:
                self._transport.write(frames.closing(code, why))
            self._transport.close()


def refused(request: bytes, fields: list[tuple[bytes, bytes]], name: str, *, is_tls: bool) -> bytes:
    """The status with which a request for a line is refused; empty: it is not. Pure."""
    held = dict(fields)
    host = held.get(b"host", b"").decode("latin-1")
    once = all(sum(key == each for key, _ in fields) == 1 for each in (b"host", b"origin", b"sec-websocket-key"))
    if request.split(b" ")[:2] != [b"GET", PATH] or held.get(b"sec-websocket-version") != b"13" or not once:
        return b"400 Bad Request"
    if not is_known(host, name):
        return b"421 Misdirected Request"
    origin = f"{'https' if is_tls else 'http'}://{host}".encode("latin-1")
    return b"" if held[b"origin"] == origin else b"403 Forbidden"


def of(desk: Desk, name: str) -> type[Socket]:
    """The class that the server makes a connection of, with what all have in common."""
    return type("SocketOfTheKit", (Socket,), {"desk": desk, "name": name})
