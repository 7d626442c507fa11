"""Frames from a recording: a folder of pictures in the order of their names, or a video file."""

import threading
from collections.abc import Generator
from pathlib import Path

import cv2
import numpy as np

from vybor.foundation.clock import Clock
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame, Pixels

PICTURES = (".bmp", ".jpeg", ".jpg", ".png", ".webp")

Pictures = Generator[Pixels, None, None]


class Playback:
    """Shows a recording once, at the pace of the settings. Raises CameraMissing if there is nothing to show."""

    def __init__(self, path: Path, settings: GazeSettings, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._period_ns = round(1e9 / settings.hz)
        self._pictures = _folder(path) if path.is_dir() else _video(path)
        self._due_ns = clock.now_ns()
        self._interrupted = threading.Event()

    def read(self) -> Frame:
        """Wait until the next picture is due. Raises CameraStopped at the end."""
        if (early_ns := self._due_ns - self._clock.now_ns()) > 0:
            self._interrupted.wait(early_ns / 1e9)
        if self._interrupted.is_set():
            raise CameraStopped(f"the recording {self._path} was interrupted")
        bgr = next(self._pictures, None)
        if bgr is None:
            raise CameraStopped(f"the recording {self._path} has ended; it begins again")
        now_ns = self._clock.now_ns()
        self._due_ns = max(self._due_ns, now_ns) + self._period_ns
        return Frame(np.ascontiguousarray(bgr[:, :, ::-1]), now_ns, 0)

    def interrupt(self) -> None:
        """Wait for no further picture."""
        self._interrupted.set()

    def close(self) -> None:
        """Close the file."""
        self._pictures.close()


def _folder(path: Path) -> Pictures:
    try:
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in PICTURES)
    except OSError as error:
        raise CameraMissing(
            f"the folder {path} cannot be read ({error.strerror}); put it where the kit may read"
        ) from None
    if not files:
        raise CameraMissing(f"the folder {path} holds no pictures ({', '.join(PICTURES)})")
    return _each_file(files)


def _video(path: Path) -> Pictures:
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG) if path.is_file() else None  # a pipe would hang
    if capture is None or not capture.isOpened():
        raise CameraMissing(f"{path} cannot be opened as a video; name another file or a folder of pictures")
    return _each_frame(capture)


def _each_file(files: list[Path]) -> Pictures:
    for file in files:
        bgr = _picture(file)
        if bgr is None:
            raise CameraStopped(f"{file} is not a picture; take it out of the folder")
        yield bgr


def _picture(file: Path) -> Pixels | None:
    """A picture; None for what is none: a pipe, which would hang, or a size that OpenCV refuses."""
    try:
        bgr = cv2.imread(str(file), cv2.IMREAD_COLOR) if file.is_file() else None
    except cv2.error:
        return None
    return None if bgr is None else np.asarray(bgr, np.uint8)


def _each_frame(capture: cv2.VideoCapture) -> Pictures:
    try:
        while True:
            there, bgr = capture.read()
            if not there:
                return
            yield np.asarray(bgr, np.uint8)
    finally:
        capture.release()
