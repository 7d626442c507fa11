"""A stand-in for `rpicam-vid`, with the options that the kit uses and the real program's habits.

Of rpicam-apps 1.x: the default is five seconds and H.264; rows are padded to 64 bytes; yuv420 is full-range BT.601
(sYCC); without --flush the end of a frame waits in stdio's buffer for the next one; errors go to stderr as
`ERROR: *** … ***` with exit status 255; SIGINT ends it; a reader that goes away ends it.
"""

import argparse
import contextlib
import os
import sys
import time
from typing import NoReturn

import cv2
import msgspec
import numpy as np
import zmq

from vybor.foundation.clock import SystemClock
from world.camera.client import ADDRESS
from world.camera.face import Face, Image
from world.camera.person import Body, Wish
from world.camera.worn import lit

ROW_ALIGNMENT = 64
STDIO_BUFFER = 4096
START_S = 0.3
"""A sensor takes a moment to begin; the first wish arrives meanwhile."""
POLL_S = 0.02


class CameraError(Exception):
    """What the real program throws and prints."""


class Parser(argparse.ArgumentParser):
    """Complains as boost::program_options does."""

    def error(self, message: str) -> NoReturn:
        """Raise what `main` prints."""
        raise CameraError(message)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of the real program that the kit uses; any other is an error."""
    parser = Parser(prog="rpicam-vid", add_help=False, allow_abbrev=False)
    parser.add_argument("--codec", default="h264")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--framerate", type=float, default=30.0)
    parser.add_argument("--timeout", "-t", type=int, default=5000)
    parser.add_argument("--verbose", "-v", type=int, nargs="?", const=2, default=1)
    parser.add_argument("--nopreview", "-n", action="store_true")
    parser.add_argument("--flush", action="store_true")
    parser.add_argument("--output", "-o", default="")
    options = parser.parse_args(arguments)
    if options.codec != "yuv420":
        raise CameraError(f"this stand-in has no encoder for {options.codec}")
    if options.output != "-":
        raise CameraError("this stand-in writes to stdout alone: -o -")
    return options


class Wire:
    """Hears the newest wish."""

    def __init__(self, address: str | None) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.SUB)
        self._socket.setsockopt(zmq.CONFLATE, 1)
        self._socket.setsockopt(zmq.SUBSCRIBE, b"")
        if address:
            self._socket.connect(address)
        self.wish = Wish()

    def hear(self, wait_s: float) -> Wish:
        """The newest wish, or the one before if there is none within `wait_s`."""
        if self._socket.poll(round(wait_s * 1000)):
            self.wish = msgspec.json.decode(self._socket.recv(), type=Wish)
        return self.wish


class Writer:
    """Writes frames as stdio does: with or without leaving the end of each in a buffer."""

    def __init__(self, *, flush: bool) -> None:
        self._flush = flush
        self._left = b""

    def write(self, frame: bytes) -> None:
        """Write one frame to stdout; raises BrokenPipeError when nobody reads any more."""
        waiting = self._left + frame
        keep = 0 if self._flush else len(waiting) % STDIO_BUFFER
        self._left = waiting[len(waiting) - keep :]
        left = memoryview(waiting)[: len(waiting) - keep]
        while left:
            left = left[os.write(sys.stdout.fileno(), left) :]


def i420(rgb: Image) -> bytes:
    """Full-range BT.601 planes Y, U, V, the rows padded to the alignment."""
    height, width = rgb.shape[:2]
    light, red, blue = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    stride = -(-width // ROW_ALIGNMENT) * ROW_ALIGNMENT
    half = (width // 2, height // 2)
    planes = [(light, stride)]
    planes += [(cv2.resize(plane, half, interpolation=cv2.INTER_AREA), stride // 2) for plane in (blue, red)]
    return b"".join(np.pad(plane, ((0, 0), (0, row - plane.shape[1]))).tobytes() for plane, row in planes)


def film(options: argparse.Namespace, wire: Wire) -> None:
    """Write frames at the asked pace until the time is up or the wish has it otherwise."""
    clock = SystemClock()
    first = wire.hear(START_S)
    if not first.plugged:
        raise CameraError("no cameras available")
    face, body, writer = Face(options.width, options.height), Body(seed=os.getpid()), Writer(flush=options.flush)
    period_ns = round(1e9 / options.framerate)
    started_ns = due_ns = clock.now_ns()
    while not options.timeout or due_ns - started_ns < options.timeout * 1_000_000:
        while (early_ns := due_ns - clock.now_ns()) > 0:
            wire.hear(min(early_ns / 1e9, POLL_S))
        wish = wire.hear(0)
        _obey(wish, first, writer)
        pose = body.pose(wish, clock.now_ns() / 1e9)
        rgb = face.frame(pose if wish.present else None)
        writer.write(i420(rgb if wish.light == 1 else lit(rgb, wish.light)))
        due_ns += period_ns * max(1, -((due_ns - clock.now_ns()) // period_ns))  # what comes too late is dropped


def _obey(wish: Wish, first: Wish, writer: Writer) -> None:
    """Hang or end, if that is wished of this run of the program."""
    if not wish.plugged:
        raise CameraError("failed to queue request")
    if wish.crashes > first.crashes:
        writer.write(bytes(10_000))
        os._exit(139)
    while wish.stalls > first.stalls:
        time.sleep(1)


def main(arguments: list[str]) -> int:
    """Run as the real program does; returns the exit status."""
    try:
        with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
            film(parse(arguments), Wire(os.environ.get(ADDRESS)))
    except CameraError as error:
        print(f"ERROR: *** {error} ***", file=sys.stderr)
        return 255
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
