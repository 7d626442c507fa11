"""A camera at the edge of the world that does what a test puts into it."""

import queue
import threading

import numpy as np

from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame

PATIENCE_S = 10.0


ROOM = np.random.default_rng(1).integers(60, 200, (48, 64, 3)).astype(np.uint8)
"""Light enough, and nothing in it."""


def frame(captured_ns: int, rgb: np.ndarray = ROOM) -> Frame:
    return Frame(rgb, captured_ns, 0)


class Lens:
    """A camera that does what the test puts into it."""

    def __init__(self) -> None:
        self.acts: queue.Queue[Frame | CameraMissing | CameraStopped | RuntimeError] = queue.Queue()
        self.read_again = threading.Semaphore(0)
        self.closed = threading.Event()

    def read(self) -> Frame:
        self.read_again.release()
        act = self.acts.get(timeout=PATIENCE_S)
        if isinstance(act, Exception):
            raise act
        return act

    def interrupt(self) -> None:
        self.acts.put(CameraStopped("interrupted"))

    def close(self) -> None:
        self.closed.set()
