"""The window in which a workstation may pair itself: one attempt at a time, and not for long. Its sockets.

It listens while somebody has opened it on the kit's screen, and at no other time.
"""

import contextlib
import logging
import socket
from collections.abc import Callable, Sequence

from vybor.contracts.messages import PairingEnd
from vybor.foundation.clock import seconds
from vybor.pairing import kit_side
from vybor.pairing.lines import LONGEST_BYTES, Broken, Differs, Kept, Offer, written
from vybor.sync.announcing import Announcement, speaks_at

log = logging.getLogger("vybor.sync")

OPEN_NS = seconds(180)
KEYS_WITHIN_NS = seconds(20)
"""Whoever comes in tells their keys within so long, or makes room for somebody else."""
MOST_FAILURES = 3


class Window:
    """Open from its making until `close`."""

    def __init__(
        self, address: str, port: int, offer: Callable[[], Offer], now_ns: int, found: Sequence[str] = ()
    ) -> None:
        """Begin to listen, and say so in the networks of these addresses of the machine. Raises OSError.

        `offer` makes one for each attempt, with a nonce of its own: who knew it before they committed themselves
        could try keys until the digits are the same on both sides.
        """
        self._offer = offer
        self.closes_ns = now_ns + OPEN_NS
        self.attempt: kit_side.Attempt | None = None
        self.ended = PairingEnd.NONE
        """How the last attempt that came to nothing ended."""
        self._failures = 0
        self._peer: socket.socket | None = None
        self._since_ns = 0
        self._heard = b""
        self._listening = _listener(address, port)
        self.announcement = Announcement(port, speaks_at(address, found))

    def turn(self, now_ns: int) -> None:
        """Hear what is said, let somebody in: in this order, so that whoever has gone makes room."""
        try:
            self._hear(now_ns)
        except (Broken, OSError) as error:
            log.warning("pairing: an attempt has failed: %s", error)
            self.ended = PairingEnd.DIFFERED if isinstance(error, Differs) else PairingEnd.BROKEN
            self._end()
            self._failures += 1
        self._accept(now_ns)

    def is_over(self, now_ns: int) -> bool:
        """Whether it is to be closed: by time, or by too many attempts that failed."""
        return now_ns >= self.closes_ns or self._failures >= MOST_FAILURES

    def say(self, digits: str) -> bool:
        """The person here says that these digits stand there too; whether they are those of this attempt."""
        attempt = self.attempt
        if attempt is None or attempt.compared is None or attempt.said_here or attempt.compared.digits != digits:
            return False
        self.attempt, line = kit_side.said(attempt, same=True)
        self._send(line)
        return True

    def kept(self) -> None:
        """The keys are written down here: they may be there, too."""
        self._send(written(Kept()))
        self.close()

    def close(self) -> None:
        """Listen no more; whoever is there hears a no, if they wait for one."""
        if self.attempt and self.attempt.compared and not self.attempt.is_agreed:
            self._send(kit_side.said(self.attempt, same=False)[1])
        self._end()
        self.announcement.close()
        self._listening.close()

    def _accept(self, now_ns: int) -> None:
        while True:
            try:
                peer, _ = self._listening.accept()
            except OSError:  # nobody, or somebody who has gone again
                return
            if self._peer is not None:  # one at a time
                peer.close()
                continue
            peer.setblocking(False)
            self._peer, self._since_ns, self._heard = peer, now_ns, b""
            self.attempt = kit_side.Attempt(self._offer())

    def _hear(self, now_ns: int) -> None:
        """Raises Broken, OSError."""
        if self._peer is None or self.attempt is None:
            return
        try:
            told = self._peer.recv(LONGEST_BYTES)
        except BlockingIOError:
            if not self.attempt.compared and now_ns - self._since_ns > KEYS_WITHIN_NS:
                raise Broken("it did not tell its keys in time") from None
            return
        if not told:
            raise Broken("it has hung up")
        *lines, self._heard = (self._heard + told).split(b"\n")
        if len(self._heard) > LONGEST_BYTES:
            raise Broken("a line of it is far too long")
        for line in lines:
            self.attempt, answer = kit_side.heard(self.attempt, line + b"\n")
            self._peer.sendall(answer)

    def _send(self, line: bytes) -> None:
        if self._peer:
            with contextlib.suppress(OSError):  # whoever has gone is noticed in the next turn
                self._peer.sendall(line)

    def _end(self) -> None:
        if self._peer:
            self._peer.close()
        self._peer = self.attempt = None


def _listener(address: str, port: int) -> socket.socket:
    """On one address, or on all, of both families where there are two."""
    both = not address and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or ":" in address else socket.AF_INET
    listening = socket.create_server((address, port), family=family, backlog=4, dualstack_ipv6=both)
    listening.setblocking(False)
    return listening
