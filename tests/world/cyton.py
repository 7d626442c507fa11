"""A stand-in OpenBCI Cyton on a pseudo-terminal, in a process of its own.

    python -m world.cyton --port-link PATH --control ipc://PATH [--seed N] [--daisy]

`PATH` becomes a link to a serial port that speaks the true protocol at 250 samples a second, so BrainFlow's own
driver reads it. The scripted person moves its face over the control wire (`Cyton`). It ends on SIGTERM.
With `--daisy` sixteen channels are sent in pairs of frames; the Daisy's are the Cyton's in reverse.
"""

import argparse
import os
import pty
import random
import signal
import sys
import tty
from pathlib import Path
from types import FrameType

import numpy as np
import zmq

from vybor.foundation.clock import SECOND_NS, Clock, SystemClock
from world import cyton_wire as w
from world.cyton_board import FRAME_BYTES, Board
from world.cyton_faults import spoilt
from world.cyton_scalp import HZ, Microvolts, Scalp
from world.cyton_wire import Acted, Cyton

__all__ = ["Acted", "Cyton", "main"]

TICK_MS = 8
"""The dongle hands over two frames at a time."""


class Port:
    """The serial port: a pseudo-terminal behind a link with a steady name."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._board_end: int | None = None
        self._computer_end: int | None = None

    @property
    def descriptor(self) -> int | None:
        """The board's end, while the dongle is plugged in."""
        return self._board_end

    def plug_in(self) -> None:
        """Make the port appear."""
        if self._board_end is not None:
            return
        # our hold on the computer's end keeps the line up while nobody has opened it
        self._board_end, self._computer_end = pty.openpty()
        tty.setraw(self._computer_end)
        os.fchmod(self._computer_end, 0o666)  # udev gives a dongle to a group; the test's kit may be in none
        os.set_blocking(self._board_end, False)
        fresh = self._link.with_name(self._link.name + ".new")
        fresh.symlink_to(os.ttyname(self._computer_end))
        fresh.rename(self._link)

    def pull_out(self) -> None:
        """Make the port go away under whoever has it open."""
        if self._board_end is None or self._computer_end is None:
            return
        self._link.unlink(missing_ok=True)
        os.close(self._board_end)
        os.close(self._computer_end)
        self._board_end = self._computer_end = None

    def read(self) -> bytes:
        """What the computer has sent."""
        if self._board_end is None:
            return b""
        try:
            return os.read(self._board_end, 4096)
        except BlockingIOError:
            return b""

    def write(self, sent: bytes) -> None:
        """Send frames or an answer; what nobody takes in time is lost, as on the radio."""
        for start in range(0, len(sent), FRAME_BYTES):
            if self._board_end is None:
                return
            try:
                os.write(self._board_end, sent[start : start + FRAME_BYTES])
            except BlockingIOError:
                return


class World:
    """Scalp, board, port and control wire, paced by the clock."""

    def __init__(self, port: Port, board: Board, control: "zmq.Socket[bytes]", clock: Clock, seed: int) -> None:
        self._port = port
        self._control = control
        self._clock = clock
        self._scalp = Scalp(seed)
        self._board = board
        self._spoil = w.Spoil()
        self._dice = random.Random(seed)
        self._began_ns = clock.now_ns()
        self._poller = zmq.Poller()
        self._poller.register(control, zmq.POLLIN)

    def turn(self) -> None:
        """Wait at most one tick; hear the computer and the person; send what is due since the start, no drift."""
        ready = dict(self._poller.poll(TICK_MS))
        if self._control in ready:
            self._control.send(w.pack(self._do(w.unpack_wish(self._control.recv()))))
        if received := self._port.read():
            self._port.write(self._board.hear(received))
        due = (self._clock.now_ns() - self._began_ns) * HZ // SECOND_NS - self._scalp.next
        if due > 0:
            self._send(self._scalp.samples(due))

    def _send(self, felt: Microvolts) -> None:
        channels = np.vstack([felt, felt[::-1]])[: self._board.channels]
        sent = self._board.frames(channels.T.tolist())
        frames = [sent[place : place + FRAME_BYTES] for place in range(0, len(sent), FRAME_BYTES)]
        for frame in spoilt(frames, self._spoil.fault, self._spoil.share, self._dice):
            self._port.write(frame)

    def _do(self, wish: w.AnyWish) -> Acted:
        match wish:
            case w.Blink(duration_s=duration_s, microvolts=microvolts):
                began, ended = self._scalp.blink(duration_s, microvolts)
            case w.DoubleBlink(duration_s=duration_s, microvolts=microvolts, gap_s=gap_s):
                began, _ = self._scalp.blink(duration_s, microvolts)
                _, ended = self._scalp.blink(duration_s, microvolts, after_s=duration_s + gap_s)
            case w.Clench(duration_s=duration_s):
                began, ended = self._scalp.clench(duration_s)
            case _:
                began = ended = self._scalp.next
                self._arrange(wish)
        return Acted(self._time_of(began), self._time_of(ended))

    def _arrange(self, wish: w.AnyWish) -> None:
        match wish:
            case w.Spoil():
                self._spoil = wish
            case w.Seat(channel=channel, ohms=ohms):
                self._board.ohms[channel] = ohms
            case w.Vanish():
                self._port.pull_out()
            case _:
                self._board.in_reach = isinstance(wish, w.Return)
                self._port.plug_in()

    def _time_of(self, sample: int) -> int:
        return self._began_ns + sample * SECOND_NS // HZ


class _Stop:
    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


def main() -> int:
    """Be a Cyton until SIGTERM."""
    parser = argparse.ArgumentParser(
        prog="world.cyton", description="A stand-in OpenBCI Cyton on a pseudo-terminal."
    )
    parser.add_argument("--port-link", type=Path, required=True, help="where the serial port shall appear")
    parser.add_argument("--control", required=True, help="the ZeroMQ address on which to be commanded")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--daisy", action="store_true", help="have sixteen channels")
    chosen = parser.parse_args()
    stop = _Stop()
    context = zmq.Context()
    control: zmq.Socket[bytes] = context.socket(zmq.REP)
    control.bind(chosen.control)
    port = Port(chosen.port_link)
    port.plug_in()
    try:
        world = World(port, Board(has_daisy=chosen.daisy), control, SystemClock(), chosen.seed)
        while not stop.asked:
            world.turn()
    finally:
        port.pull_out()
        context.destroy(linger=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
