"""A Cyton over pyserial, for any machine that Python runs on."""

import contextlib
from collections.abc import Callable, Iterator

from vybor.foundation.clock import Clock, seconds
from vybor.headband.boards import Board
from vybor.headband.devices.cyton import dialogue, finding, frames, greeting, impedance, pairing
from vybor.headband.devices.cyton.serial_port import SerialPort
from vybor.headband.devices.timeline import Timeline
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped

ANSWER_S = 1.0
"""Without a Daisy, `c` is not answered."""
SILENT_NS = seconds(2)


class CytonHeadband:
    """A Cyton, or one with a Daisy if the board has more channels than a Cyton."""

    def __init__(
        self, board: Board, clock: Clock, port: str, opened: Callable[[str, Clock], SerialPort] = SerialPort
    ) -> None:
        self._board = board
        self._clock = clock
        self._path = port
        self._opened = opened
        self._port: SerialPort | None = None
        self._has_daisy = board.channels > frames.CHANNELS
        self._received = frames.Received()
        self._half: frames.Frame | None = None
        self._timeline = self._begun()

    @property
    def damage(self) -> frames.Received:
        """How many bytes and frames were lost on the way since the start."""
        return self._received

    def start(self) -> None:
        """Reset the board and begin to stream. Raises HeadbandMissing or HeadbandStopped; then call `stop`."""
        self.stop()
        path = finding.path_of(self._path)
        port = self._port = self._opened(path, self._clock)
        try:
            self._set_up(port)
        except dialogue.Unlike as unlike:
            raise HeadbandMissing(f"no {self._board.name} on the serial port {path}: {unlike}") from None
        self._received, self._half, self._timeline = frames.Received(), None, self._begun()
        port.send(dialogue.STREAM)

    def read(self) -> tuple[Chunk, ...]:
        """The samples since the last call. Raises HeadbandStopped."""
        return self._taken(self._port.arrived()) if self._port else ()

    def stop(self) -> None:
        """Let go of the port, whatever state it is in."""
        port, self._port = self._port, None
        if port is None:
            return
        # a dongle that has gone cannot be told
        with contextlib.suppress(HeadbandStopped):
            port.send(dialogue.STOP)
        port.close()

    def impedances(self) -> Iterator[float]:
        """Ohms of each electrode, channel after channel, about a second and a half each; call it once started.

        Meanwhile its samples carry the current that this is measured with: nothing else should be made of them.
        Raises HeadbandStopped.
        """
        for channel in range(self._board.channels):
            yield self._impedance(channel)

    def _set_up(self, port: SerialPort) -> None:
        """Have the board start anew, with as many channels as are wanted. Raises Unlike."""
        told = greeting.greet(port)
        if self._has_daisy:
            port.send(dialogue.SIXTEEN_CHANNELS)
            dialogue.check_sixteen(port.answer(dialogue.ANSWER_END, ANSWER_S))
        elif told.has_daisy:
            port.send(dialogue.EIGHT_CHANNELS)
            port.answer(dialogue.ANSWER_END, ANSWER_S)

    def _begun(self) -> Timeline:
        modulo = pairing.PAIRS_MODULO if self._has_daisy else frames.COUNTER_MODULO
        return Timeline(self._board.hz, modulo, self._clock.now_ns())

    def _taken(self, arrived: bytes) -> tuple[Chunk, ...]:
        self._received, whole = frames.parse(self._received, arrived)
        if not whole:
            return ()
        if self._has_daisy:
            self._half, samples = pairing.paired(self._half, whole)
        else:
            samples = pairing.single(whole)
        return self._timeline.chunks(samples.counters, samples.microvolts, self._clock.now_ns())

    def _impedance(self, channel: int) -> float:
        port = self._port
        if port is None:
            raise HeadbandStopped(f"the {self._board.name} does not stream; start it first")
        port.send(dialogue.lead_off(channel, is_on=True))
        try:
            state = impedance.Measuring(channel, self._board.hz, is_averaged=self._has_daisy)
            heard_ns = self._clock.now_ns()
            while not impedance.is_whole(state):
                for chunk in self._taken(port.awaited()):
                    state, heard_ns = impedance.felt(state, chunk), self._clock.now_ns()
                if self._clock.now_ns() - heard_ns > SILENT_NS:
                    raise HeadbandStopped(f"the {self._board.name} sends nothing; see that it is on and near")
        finally:
            port.send(dialogue.lead_off(channel, is_on=False))
        return impedance.ohms(state)
