"""The server of pages: uvicorn in a thread of its own, on sockets that are bound here."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from vybor.foundation.clock import seconds
from vybor.foundation.errors import PlaceError, VyborError
from vybor.foundation.settings import BrowserSettings, PanelSettings, PanelUse
from vybor.pages.heads import Heads

BACKLOG = 32
KEEP_ALIVE_S = 5
STOP_S = 2
"""Pages that are told what changes never end by themselves."""
HEAD_BYTES = 16_384
AGAIN_NS = seconds(5)
"""So often it is tried to listen where somebody else does."""


def listeners(settings: PanelSettings | BrowserSettings) -> list[socket.socket]:
    """Sockets as the settings want them; none where the page is off. Raises OSError."""
    match settings.listen:
        case PanelUse.OFF:
            return []
        case PanelUse.HERE:
            return list(_here(settings.port))
        case PanelUse.NETWORK:
            return [_on(settings.address, settings.port)]


def _here(port: int) -> Iterator[socket.socket]:
    """On the machine's own address, in the old numbers, and in the new ones where it has these."""
    yield _on("127.0.0.1", port)
    with contextlib.suppress(OSError):
        yield _on("::1", port)


def _on(address: str, port: int) -> socket.socket:
    both = not address and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or ":" in address else socket.AF_INET
    return socket.create_server((address, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)


class Serving:
    """Serves from its making until `close`."""

    def __init__(
        self,
        pages: ASGIApp,
        certificate: Path | None,
        sockets: list[socket.socket],
        line: type[asyncio.Protocol] | None = None,
    ) -> None:
        """Over TLS with a certificate, without in plain HTTP; `line` takes what comes by WebSocket."""
        self._server = uvicorn.Server(
            uvicorn.Config(
                pages,
                http=Heads,
                ws=line or "none",
                lifespan="off",
                loop="vybor.pages.heads:loop" if certificate else "asyncio",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ssl_certfile=certificate,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=STOP_S,
                h11_max_incomplete_event_size=HEAD_BYTES,
            )
        )
        logging.getLogger("uvicorn.error").setLevel(
            logging.WARNING
        )  # that it starts and ends is said by the process
        self._sockets = sockets
        self._thread = threading.Thread(target=self._server.run, args=(sockets,), name="pages", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether it serves no more, though nobody asked it to end."""
        return not self._thread.is_alive()

    def close(self) -> None:
        """Let go of every connection."""
        self._server.should_exit = True
        self._thread.join(STOP_S + 1)
        for each in self._sockets:
            each.close()


class KeptOpen:
    """A server that is made once that can be, and may then not end by itself."""

    def __init__(self, process: str, port: int, make: Callable[[], Serving]) -> None:
        """`process`: whose it is. `make` raises PlaceError and OSError, and is called again."""
        self._process = process
        self._port = port
        self._make = make
        self._serving: Serving | None = None
        self._tried_ns: int | None = None
        self.trouble = ""
        """Why it serves nobody; empty: it does, or was not made yet."""

    @property
    def is_open(self) -> bool:
        """Whether it was made."""
        return self._serving is not None

    def turn(self, now_ns: int) -> None:
        """Make it, if it is not there and it is time. Raises VyborError if it has ended by itself."""
        if self._serving:
            if self._serving.has_ended:
                raise VyborError(
                    f"the server of pages has ended by itself; see the log of {self._process} above this line"
                )
            return
        if self._tried_ns is not None and now_ns - self._tried_ns < AGAIN_NS:
            return
        self._tried_ns = now_ns
        try:
            self._serving = self._make()
        except PlaceError as error:
            self.trouble = str(error)
        except OSError as error:
            where = f"see {self._process}.port and {self._process}.address"
            self.trouble = f"nothing can listen on port {self._port} ({error.strerror}); {where}"
        else:
            self.trouble = ""

    def close(self) -> None:
        """Let go of every connection."""
        if self._serving:
            self._serving.close()
