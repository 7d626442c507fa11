"""Connections that ask for nothing, or take nothing, keep nobody out.

uvicorn waits for ever for a head that does not come, and for a reader that does not read. Here a request comes
whole within some seconds or its connection ends; and where too many are open, the one that has waited for longest
makes room for whoever comes. So whoever only holds connections open holds nobody up.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import partial
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from vybor.pages.guard import HEADERS

REQUEST_S = 8.0
"""A whole request, head and form, comes within so long of its first byte, or of the connection's beginning."""
STALLED_S = 20.0
"""So long an answer may stand still on its way to a browser."""
GREETING_S = 5.0
"""TLS is agreed on within so long."""
MOST_AT_ONCE = 64
"""Connections."""
WATCHED = "vybor.watched"
"""In a request's scope: a page calls it that watches itself over how long the rest of its form may take."""


class Held(ABC):
    """A connection, which may have to make room for another one."""

    since_s = 0.0
    """Since when it has waited, if it waits."""

    @property
    @abstractmethod
    def waits(self) -> bool:
        """Whether nobody misses it."""

    @abstractmethod
    def end(self) -> None:
        """End it now, whatever is on its way."""


def make_room(connections: Iterable[object], newest: Held) -> None:
    """If too many are there, another one that waits goes, or the newest itself."""
    held = list(connections)
    if len(held) > MOST_AT_ONCE:
        waiting = [each for each in held if isinstance(each, Held) and each is not newest and each.waits]
        min(waiting, key=lambda each: each.since_s, default=newest).end()


class Heads(H11Protocol, Held):
    """One connection of a browser, which is not waited for without end."""

    _is_watched = False
    """Whether a page watches over its form, or a line has taken it over."""
    _request_due: asyncio.TimerHandle | None = None
    _reading_due: asyncio.TimerHandle | None = None
    _left = 0
    """So many bytes were to be read when that was looked at last."""

    @property
    def waits(self) -> bool:
        """Whether it has asked for nothing yet, not wholly, or takes no answer."""
        return self.flow.write_paused or self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there: if too many are, another one that waits goes, or they themselves."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self.since_s = self.loop.time()
        self._expect()
        make_room(self.connections, self)

    def data_received(self, data: bytes) -> None:
        """A piece of a request."""
        super().data_received(data)
        if self.scope:
            cast("dict[str, object]", self.scope)[WATCHED] = self._watch
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._expect()
        else:
            self._came()

    def on_response_complete(self) -> None:
        """It was answered, and waits from now on."""
        self.since_s = self.loop.time()
        self._is_watched = False
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """A line takes it over, and has its own times."""
        self._watch()
        self._read()
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """The answer finds no room: it is not read."""
        super().pause_writing()
        self._left = self.transport.get_write_buffer_size()
        self._reading_due = self._reading_due or self.loop.call_later(STALLED_S, self._stands_still)

    def resume_writing(self) -> None:
        """It is read."""
        super().resume_writing()
        self._read()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._came()
        self._read()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered with what protects every other answer too."""
        protecting = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        head = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close"), *protecting]
        for event in (
            h11.Response(status_code=400, headers=head, reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii")),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def end(self) -> None:
        """End it now, whatever is on its way."""
        self.connections.discard(self)
        self.transport.abort()

    def _watch(self) -> None:
        self._is_watched = True
        self._came()

    def _expect(self) -> None:
        if self._is_watched:
            return
        self._request_due = self._request_due or self.loop.call_later(REQUEST_S, self.end)

    def _stands_still(self) -> None:
        """Nothing of it went for so long: end. Else it may go on, however slowly."""
        left, before = self.transport.get_write_buffer_size(), self._left
        if left >= before:
            self.end()
            return
        self._left = left
        self._reading_due = self.loop.call_later(STALLED_S, self._stands_still)

    def _came(self) -> None:
        if self._request_due:
            self._request_due.cancel()
        self._request_due = None

    def _read(self) -> None:
        if self._reading_due:
            self._reading_due.cancel()
        self._reading_due = None


def loop() -> asyncio.AbstractEventLoop:
    """A loop that waits for nobody's TLS for long; uvicorn makes it."""
    made = asyncio.SelectorEventLoop()
    made.create_server = partial(made.create_server, ssl_handshake_timeout=GREETING_S)  # type: ignore[method-assign]
    return made
