"""A headband's driver in a process of its own: real drivers spin, hang, and end the process that they run in.

    python -m world.headband_host      and requests on stdin, answers on stdout

`Hosted` is the test's end of it, and is a `Headband` as any other.
"""

import os
import struct
import subprocess
import sys
import time
from typing import IO

import msgspec
import numpy as np

from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import VyborError
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.devices import link
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.choosing import chosen
from vybor.headband.devices.link import Phase
from vybor.headband.port import Chunk, Headband, HeadbandAway, HeadbandMissing, HeadbandStopped, Motion

ERRORS: dict[str, type[VyborError]] = {
    error.__name__: error for error in (HeadbandMissing, HeadbandAway, HeadbandStopped)
}
LENGTH = struct.Struct("<I")
PATIENCE_S = 60.0
STREAMS, LATE_S = 0.8, 0.3
"""Samples of so much of the time have to come, but for what is still on its way."""


class Request(msgspec.Struct, frozen=True):
    """One call."""

    call: str
    duration_s: float = 0.0
    settings: HeadbandSettings | None = None


class Sent(msgspec.Struct, frozen=True):
    """An array on the pipe."""

    shape: tuple[int, int]
    numbers: bytes


class SentChunk(msgspec.Struct, frozen=True):
    """A chunk on the pipe."""

    first: int
    microvolts: Sent
    at_ns: int
    period_ns: float
    at_sd_ns: int
    motion: tuple[int, Sent, Sent, int, float] | None


class Reply(msgspec.Struct, frozen=True):
    """What became of it."""

    chunks: tuple[SentChunk, ...] = ()
    number: float | None = None
    error: str = ""
    says: str = ""


pack = msgspec.msgpack.Encoder().encode
unpack_request = msgspec.msgpack.Decoder(Request).decode
unpack_reply = msgspec.msgpack.Decoder(Reply).decode


class Died(Exception):
    """The process of the driver has ended."""


class Hosted:
    """A driver in a child. Raises Died where that has ended."""

    def __init__(self, settings: HeadbandSettings, environment: dict[str, str]) -> None:
        around = {**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "world.headband_host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=around,
        )
        self._call("be", settings)

    def start(self) -> None:
        """As the driver does."""
        self._call("start")

    def read(self) -> tuple[Chunk, ...]:
        """As the driver does."""
        return tuple(_taken(chunk) for chunk in self._call("read").chunks)

    def stop(self) -> None:
        """As the driver does."""
        self._call("stop")

    def battery(self) -> float | None:
        """As the driver does."""
        return self._call("battery").number

    def spend(self, duration_s: float) -> float:
        """Start, read as the kit does for so long, and stop; returns how much of a core it used, 0 to 1."""
        return self._call("spend", duration_s=duration_s).number or 0.0

    def end(self) -> None:
        """End the child."""
        self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                pipe.close()

    def _call(self, call: str, settings: HeadbandSettings | None = None, duration_s: float = 0.0) -> Reply:
        assert self.child.stdin
        assert self.child.stdout
        try:
            _write(self.child.stdin, pack(Request(call, duration_s, settings)))
            reply = unpack_reply(_read(self.child.stdout))
        except (EOFError, BrokenPipeError):
            raise Died(f"the driver's process has ended, with status {self.child.wait()}") from None
        if reply.error:
            raise ERRORS.get(reply.error, VyborError)(reply.says)
        return reply


def _taken(sent: SentChunk) -> Chunk:
    motion = None
    if sent.motion:
        first, gyro, accel, at_ns, period_ns = sent.motion
        motion = Motion(first=first, gyro=_array(gyro), accel=_array(accel), at_ns=at_ns, period_ns=period_ns)
    return Chunk(
        first=sent.first,
        microvolts=_array(sent.microvolts),
        at_ns=sent.at_ns,
        period_ns=sent.period_ns,
        at_sd_ns=sent.at_sd_ns,
        motion=motion,
    )


def _array(sent: Sent) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return np.frombuffer(sent.numbers, np.float32).reshape(sent.shape)


def _sent(array: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Sent:
    return Sent((array.shape[0], array.shape[1]), array.astype(np.float32).tobytes())


def _sent_chunk(chunk: Chunk) -> SentChunk:
    moved = chunk.motion
    return SentChunk(
        chunk.first,
        _sent(chunk.microvolts),
        chunk.at_ns,
        chunk.period_ns,
        chunk.at_sd_ns,
        (moved.first, _sent(moved.gyro), _sent(moved.accel), moved.at_ns, moved.period_ns) if moved else None,
    )


def _write(pipe: IO[bytes], said: bytes) -> None:
    pipe.write(LENGTH.pack(len(said)) + said)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    return pipe.read(length)


def _do(request: Request, headband: Headband) -> Reply:
    match request.call:
        case "start":
            headband.start()
        case "read":
            return Reply(tuple(_sent_chunk(chunk) for chunk in headband.read()))
        case "stop":
            headband.stop()
        case "battery":
            return Reply(number=headband.battery() if hasattr(headband, "battery") else None)
        case "spend":
            return Reply(number=_spent(headband, request.duration_s))
    return Reply()


def _spent(headband: Headband, duration_s: float) -> float:
    """In a thread, as in the kit. Raises HeadbandMissing where it does not stream: that costs little."""
    acquisition = Acquisition(headband, SystemClock())
    acquisition.begin()
    try:
        until = time.perf_counter() + PATIENCE_S
        while acquisition.link.phase is not Phase.STREAMING:
            if time.perf_counter() > until:
                raise HeadbandMissing(f"no sample has come for {PATIENCE_S:.0f} s: {acquisition.link.detail}")
            time.sleep(link.POLL_S)
        acquisition.take()
        used_s, began, came_s = time.process_time(), time.perf_counter(), 0.0
        while time.perf_counter() - began < duration_s:
            time.sleep(0.5)
            came_s += sum((chunk.end - chunk.first) * chunk.period_ns / 1e9 for chunk in acquisition.take())
        took_s = time.perf_counter() - began
        share = (time.process_time() - used_s) / took_s
    finally:
        acquisition.end()
    if came_s < STREAMS * took_s - LATE_S:
        raise HeadbandMissing(f"of {took_s:.1f} s only {came_s:.1f} s of samples came")
    return share


def main() -> int:
    """Host a driver until stdin ends."""
    pipes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a driver prints is no answer
    headband: Headband | None = None
    while True:
        try:
            request = unpack_request(_read(pipes[0]))
        except EOFError:
            return 0
        try:
            if request.settings is not None:
                headband = chosen(request.settings, SystemClock()).headband
            assert headband
            reply = _do(request, headband)
        except VyborError as error:
            reply = Reply(error=type(error).__name__, says=str(error))
        _write(pipes[1], pack(reply))


if __name__ == "__main__":
    sys.exit(main())
