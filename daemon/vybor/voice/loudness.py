"""Looks at the sound card's volume with amixer, without waiting for it."""

import os
import select
from collections.abc import Sequence

from vybor.foundation.clock import seconds
from vybor.sound import mixer
from vybor.sound.chain import Chain

LONGEST_NS = seconds(5)
AGAIN_NS = seconds(5)
"""While nothing can be heard, it is looked at so often."""
CLOSE_S = 1.0


class Loudness:
    """Whether the card of a player is muted: looked at when asked to, and until it is not."""

    def __init__(self, player: Sequence[str], ends: select.epoll) -> None:
        self._player = player
        self._ends = ends
        self._chain: Chain | None = None
        self._said = -1
        self._began_ns = 0
        self.silenced = ""
        """Why nothing can be heard; empty if it can, or if there is no telling."""

    def look(self, now_ns: int) -> None:
        """Look, unless somebody looks already."""
        if self._chain is None:
            self._said = os.memfd_create("volumes")
            self._chain = Chain([mixer.command(self._player)], b"", self._ends, into=self._said)
            self._began_ns = now_ns

    def turn(self, now_ns: int) -> None:
        """Take in what was seen; look again while that is nothing to be heard."""
        if self._chain is None:
            if self.silenced and now_ns >= self._began_ns + AGAIN_NS:
                self.look(now_ns)
            return
        if not self._chain.gone():
            if now_ns >= self._began_ns + LONGEST_NS:
                self._chain.kill()
            return
        said = os.pread(self._said, os.fstat(self._said).st_size, 0).decode(errors="replace")
        self.silenced = "" if self._chain.problem() else mixer.silenced(said, self._player)
        self._let_go()

    def close(self) -> None:
        """Stop looking."""
        if self._chain is not None:
            self._chain.kill()
            self._chain.wait(CLOSE_S)
            self._let_go()

    def _let_go(self) -> None:
        os.close(self._said)
        self._chain = None
