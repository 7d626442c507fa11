"""A wire that is cut after so many bytes, by whatever is done then."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable

PIECE = 4096
ABRUPT = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: the other side is told that the connection is gone."""


class Wire:
    """Carries each connection to a port of this machine, until the bytes of all together reach a limit."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.carried = 0
        self._limit: int | None = None
        self._cut: Callable[[], None] | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int, cut: Callable[[], None]) -> None:
        """After so many bytes more, do this, once."""
        with self._lock:
            self._limit, self._cut = self.carried + count, cut

    @property
    def is_cut(self) -> bool:
        """Whether that was done."""
        return self._cut is None

    def leave(self) -> None:
        """Do not cut any more."""
        with self._lock:
            self._limit = self._cut = None

    def tear(self) -> None:
        """Both ends hear that the connection is gone."""
        for end in self._open:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
                end.shutdown(socket.SHUT_RDWR)
        for end in self._open:
            end.close()
        self._open = []

    def close(self) -> None:
        """Carry nothing any more."""
        self._listening.close()
        self.tear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._to_port))
                except OSError:
                    near.close()
                    continue
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                passed, cut = self._counted(piece)
                other.sendall(passed)
                if cut:
                    cut()
            other.shutdown(socket.SHUT_WR)

    def _counted(self, piece: bytes) -> tuple[bytes, Callable[[], None] | None]:
        """What of a piece still passes, and what is to be done then."""
        with self._lock:
            if self._limit is None or self.carried + len(piece) < self._limit:
                self.carried += len(piece)
                return piece, None
            passed, cut = piece[: self._limit - self.carried], self._cut
            self.carried = self._limit
            self._limit = self._cut = None
            return passed, cut
