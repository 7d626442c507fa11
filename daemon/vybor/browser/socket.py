"""A page's WebSocket on the server: takes over from uvicorn once a page asks for it.

Who may: a page that the kit itself has served (`Origin`, which no page elsewhere can give), asked for by one
of the kit's own names, that says the key first.
"""

import asyncio
import logging
from typing import cast

from uvicorn.config import Config
from uvicorn.server import ServerState
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import RemoteProtocolError

from vybor.browser import talk
from vybor.browser.desk import Desk, Line
from vybor.pages.guard import is_known
from vybor.pages.heads import Held

log = logging.getLogger("vybor.browser")

PATH = "/display"
KEY_WITHIN_S = 10.0
"""Who asked for a line says the key by then."""
MOST_UNSENT_BYTES = 1_000_000
"""A page that does not read is let go, and comes back."""
LONGEST_LETTERS = 32_768
"""Of what a page says at once: the widths of its letters are a third of it."""
TAKEN, WRONG_KEY, UNREADABLE, RESTART, DONE = 4001, 4003, 4000, 1012, 1000


class Unreadable(Exception):
    """No page of ours says that; nothing that follows can be understood either."""


class Socket(asyncio.Protocol, Held):
    """One connection."""

    desk: Desk
    name: str

    def __init__(self, config: Config, server_state: ServerState, app_state: object) -> None:
        self._is_tls = config.is_ssl
        self._connections = server_state.connections
        self._loop = asyncio.get_running_loop()
        self.since_s = self._loop.time()
        self._transport: asyncio.Transport | None = None
        self._web = WSConnection(ConnectionType.SERVER)
        self._said = ""
        """What has come of a message that is not whole yet."""
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
        """First its request, which uvicorn has read and hands over whole; then what it says."""
        if not self._is_there():
            return
        try:
            self._web.receive_data(data)
            for event in self._web.events():
                self._take(event)
                if not self._is_there():
                    return
        except (RemoteProtocolError, UnicodeError):  # h11 lets names of hosts pass that are none
            self._refuse(400)
        except Unreadable as error:
            log.info("a page was let go: %s", error)
            self._end(UNREADABLE, "unreadable")

    @property
    def waits(self) -> bool:
        """Whether it has not said the key yet: then it makes room for whoever comes."""
        return not self._is_in

    def end(self) -> None:
        """End it now."""
        self._connections.discard(self)
        if self._transport:
            self._transport.abort()

    def shutdown(self) -> None:
        """The server ends: the page comes back when it is there again."""
        self._end(RESTART, "restart")

    def _take(self, event: Event) -> None:
        match event:
            case Request():
                if status := refused(event, self.name, is_tls=self._is_tls):
                    self._refuse(status)
                else:
                    self._write(AcceptConnection())
            case TextMessage():
                self._said += event.data
                if len(self._said) > LONGEST_LETTERS:
                    raise Unreadable(f"it says more than {LONGEST_LETTERS} letters at once")
                if event.message_finished:
                    said, self._said = self._said, ""
                    self._hear(talk.understood(said))
            case Message():
                raise Unreadable("it says something that is no text")
            case Ping():
                self._write(event.response())
            case CloseConnection() if self._web.state is ConnectionState.REMOTE_CLOSING:
                self._end(DONE, "")
            case CloseConnection():
                raise Unreadable(event.reason or "it does not speak WebSocket")

    def _refuse(self, status: int) -> None:
        self._write(RejectConnection(status_code=status, headers=[(b"connection", b"close")]))
        if self._transport:
            self._transport.close()

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
        self._loop.call_soon_threadsafe(self._write, TextMessage(payload.decode()))

    def _end_from_anywhere(self, code: int, why: str) -> None:
        self._loop.call_soon_threadsafe(self._end, code, why)

    def _is_there(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def _write(self, event: Event) -> None:
        if not self._is_there():
            return
        assert self._transport is not None
        if self._transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            log.info("a page was let go: it reads nothing")
            self._transport.abort()
            return
        self._transport.write(self._web.send(event))

    def _end(self, code: int, why: str) -> None:
        if self._web.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
            self._write(CloseConnection(code, why))
        if self._transport:
            self._transport.close()


def refused(request: Request, name: str, *, is_tls: bool) -> int:
    """The status with which a request for a line is refused; 0: it is not. Pure."""
    origins = [value for field, value in request.extra_headers if field == b"origin"]
    keys = [value for field, value in request.extra_headers if field == b"sec-websocket-key"]
    if request.target != PATH or len(keys) != 1 or len(origins) != 1:
        return 400
    if not is_known(request.host, name):
        return 421
    origin = f"{'https' if is_tls else 'http'}://{request.host}"
    return 0 if origins[0] == origin.encode() else 403


def of(desk: Desk, name: str) -> type[Socket]:
    """The class that the server makes a connection of, with what all have in common."""
    return type("SocketOfTheKit", (Socket,), {"desk": desk, "name": name})
