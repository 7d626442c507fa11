"""For the tests of the Cyton's driver: its board on a desk, with the line and the clock in the test's hand."""

from collections.abc import Callable

from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.cyton.headband import CytonHeadband
from vybor.headband.devices.cyton.serial_port import SerialPort
from vybor.headband.port import Chunk
from world.cyton_board import FRAME_BYTES, Board

HZ = 250
STEP_S = 0.04


class HandClock:
    def __init__(self) -> None:
        self.at_ns = seconds(100)

    def now_ns(self) -> int:
        return self.at_ns


def ramp(index: int) -> list[float]:
    """Sixteen channels that say which sample of the board's this is, the Daisy's with the other sign."""
    return [index * 2.0 + channel for channel in range(8)] + [-index * 2.0 - channel for channel in range(8)]


class Desk:
    """One board, whose samples are sampled by the clock."""

    def __init__(self, board: Board, felt: Callable[[int], list[float]] = ramp) -> None:
        self.board = board
        self.clock = HandClock()
        self.is_there = True
        self.is_open = False
        self.opened = 0
        self.lose: set[int] = set()
        """Frames, counted since the stream began, that do not arrive."""
        self._felt = felt
        self._sent = 0
        self._answers = b""
        self._began_ns: int | None = None
        self._sampled = 0

    def heard(self, said: bytes) -> None:
        self._answers += self.board.hear(said)
        if said == b"b" and self.board.streaming:
            self._began_ns, self._sampled, self._sent = self.clock.now_ns(), 0, 0

    def arrived(self) -> bytes:
        if not self.is_there:
            raise OSError(5, "Input/output error")
        answers, self._answers = self._answers, b""
        if self._began_ns is None or not self.board.streaming:
            return answers
        due = (self.clock.now_ns() - self._began_ns) * HZ // SECOND_NS
        felt = [self._felt(index)[: self.board.channels] for index in range(self._sampled, due)]
        self._sampled = due
        sent = self.board.frames(felt)
        frames = [sent[place : place + FRAME_BYTES] for place in range(0, len(sent), FRAME_BYTES)]
        kept = [frame for place, frame in enumerate(frames, self._sent) if place not in self.lose]
        self._sent += len(frames)
        return answers + b"".join(kept)


class DeskPort(SerialPort):
    """The line to it."""

    def __init__(self, path: str, clock: Clock, desk: Desk) -> None:
        self._path, self._clock, self._desk = path, clock, desk
        desk.opened += 1
        desk.is_open = True

    def send(self, sent: bytes) -> None:
        if self._desk.is_there:
            self._desk.heard(sent)

    def close(self) -> None:
        self._desk.is_open = False

    def _read(self, least: int) -> bytes:
        if least:
            self._desk.clock.at_ns += seconds(0.05)
        try:
            return self._desk.arrived()
        except OSError as error:
            raise self._lost(error) from None


def worn(desk: Desk, board: str = "cyton") -> CytonHeadband:
    return CytonHeadband(
        BY_NAME[board], desk.clock, "/dev/ttyUSB7", lambda path, clock: DeskPort(path, clock, desk)
    )


def streamed(headband: CytonHeadband, desk: Desk, lasts_s: float) -> list[Chunk]:
    """What comes in that time, read 25 times a second."""
    chunks: list[Chunk] = []
    for _ in range(round(lasts_s / STEP_S)):
        desk.clock.at_ns += seconds(STEP_S)
        chunks.extend(headband.read())
    return chunks
