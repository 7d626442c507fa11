"""The world's own line to a stand-in: a wish goes out, an answer comes back, or it is said that none does."""

from types import TracebackType
from typing import Self

import zmq

STARTS_S = 60.0
"""A stand-in that has just been started answers within this on a machine whose cores others have."""


class Line:
    """One end of it, for a test."""

    def __init__(self, control: str, whose: str, patience_s: float = STARTS_S) -> None:
        """`control`: where the stand-in listens; `whose`: what it is called if it does not answer."""
        self._control = control
        self._whose = whose
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] = self._context.socket(zmq.REQ)
        self._socket.setsockopt(zmq.RCVTIMEO, round(patience_s * 1000))
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.connect(control)

    def __enter__(self) -> Self:
        """The end itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the socket."""
        self.close()

    def close(self) -> None:
        """Let go of the socket."""
        self._context.destroy(linger=0)

    def _ask(self, packed: bytes) -> bytes:
        """Raises TimeoutError if the stand-in does not answer."""
        self._socket.send(packed)
        try:
            return self._socket.recv()
        except zmq.Again:
            raise TimeoutError(f"the {self._whose} at {self._control} does not answer") from None
