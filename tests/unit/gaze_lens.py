"""A camera at the edge of the world that does what a test puts into it."""

import queue
import threading

import numpy as np

from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame

PATIENCE_S = 10.0


def frame(captured_ns: int) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), captured_ns, 0)


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
