"""The scripted face and the stand-in for rpicam-vid behave as the real ones do."""

import os
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from world.camera import ADDRESS, Camera, install
from world.camera.face import Face, turned
from world.camera.person import SACCADE_S, Body, Pose, Wish
from world.camera.rpicam_vid import main

WIDTH, HEIGHT = 320, 240
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2
ARGUMENTS = ["--codec", "yuv420", "--width", str(WIDTH), "--height", str(HEIGHT), "--framerate", "30"]
FRAME_S = 1 / 30
TO_STDOUT = ["--timeout", "0", "--nopreview", "--flush", "-o", "-"]


def test_a_saccade_takes_its_forty_milliseconds() -> None:
    body = Body(seed=1)
    body.pose(Wish(), 10.0)
    xs = [body.pose(Wish(x=0.9), 10.0 + 0.001 + n * SACCADE_S / 4).x for n in range(6)]
    assert xs[0] == pytest.approx(0.5, abs=0.03)
    assert 0.55 < xs[2] < 0.85
    assert xs[5] == pytest.approx(0.9, abs=0.03)


def test_lids_take_their_time_too() -> None:
    body = Body(seed=1)
    body.pose(Wish(), 10.0)
    assert 0 < body.pose(Wish(eyes_open=False), 10.04).lids < 1
    assert body.pose(Wish(eyes_open=False), 10.2).lids == 1
    assert body.pose(Wish(), 10.5).lids == 0


def test_a_resting_head_moves_a_little_and_only_a_little() -> None:
    body = Body(seed=1)
    shifts = [body.pose(Wish(), 10.0 + n / 15).head[0] for n in range(150)]
    assert 0.0005 < np.std(shifts) < 0.01
    assert np.abs(np.diff(shifts)).max() < 0.01


def test_eyes_that_go_left_on_the_screen_go_right_in_the_picture() -> None:
    assert turned(Pose(0.1, 0.5, 0.0))[0] > 1
    assert turned(Pose(0.5, 0.9, 0.0))[1] > 1


def darkest_column(face: Face, pose: Pose) -> float:
    """Where the dark of the irises lies across the picture, on the mean."""
    eyes = face.frame(pose)[HEIGHT // 3 : HEIGHT // 2, WIDTH // 3 : 2 * WIDTH // 3].min(axis=2)
    dark = np.clip(70.0 - eyes, 0, None)
    return float((dark.sum(axis=0) * np.arange(dark.shape[1])).sum() / dark.sum())


def test_irises_are_where_the_person_looks() -> None:
    face = Face(WIDTH, HEIGHT)
    left, middle, right = (darkest_column(face, Pose(x, 0.5, 0.0)) for x in (0.1, 0.5, 0.9))
    assert left > middle + 1.5 > right + 3


def test_shut_eyes_show_no_white() -> None:
    face = Face(WIDTH, HEIGHT)
    for eye in face._eyes:
        patches = []
        for lids in (0.0, 1.0):
            face.frame(Pose(0.5, 0.5, lids))
            rows, columns = eye._skin.shape[:2]
            patches.append(face._picture[eye.top : eye.top + rows, eye.left : eye.left + columns])
            patches[-1] = patches[-1].min(axis=2).astype(int).copy()
        assert (patches[0] < 40).sum() > 3 * (patches[1] < 40).sum()


def test_two_frames_are_never_the_same() -> None:
    face = Face(WIDTH, HEIGHT)
    assert (face.frame(Pose(0.5, 0.5, 0.0)) != face.frame(Pose(0.5, 0.5, 0.0))).any()


class Program:
    """A running stand-in and the wire to it."""

    def __init__(self, folder: Path) -> None:
        self.address = f"ipc://{folder / 'camera'}"
        self.camera = Camera(self.address)
        self._program = str(install(folder))
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, ADDRESS: self.address}
        process = subprocess.Popen(
            [self._program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
        self._started.append(process)
        return process

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()
        self.camera.close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    started = Program(tmp_path)
    yield started
    started.close()


def read_frame(process: "subprocess.Popen[bytes]") -> np.ndarray:
    assert process.stdout is not None
    content = process.stdout.read(FRAME_BYTES)
    assert len(content) == FRAME_BYTES, "the program ended"
    return np.frombuffer(content, np.uint8)[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([*ARGUMENTS, *TO_STDOUT, "--brightest"], "unrecognized arguments: --brightest"),
        (["--width", "wide", *TO_STDOUT], "invalid int value"),
        (TO_STDOUT, "no encoder for h264"),
        (["--codec", "yuv420"], "writes to stdout alone"),
    ],
)
def test_wrong_options_end_it_as_they_end_the_real_one(
    capfd: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(arguments) == 255
    out, errors = capfd.readouterr()
    assert out == ""
    assert errors.startswith("ERROR: *** ")
    assert complaint in errors


def test_it_ends_when_its_time_is_up(program: Program) -> None:
    process = program.start(*ARGUMENTS, "--timeout", "200", "-n", "--flush", "-o", "-")
    out, _ = process.communicate()
    assert process.returncode == 0
    assert len(out) % FRAME_BYTES == 0
    assert 1 <= len(out) // FRAME_BYTES <= 7


def test_without_flush_the_end_of_a_frame_waits_for_the_next(program: Program) -> None:
    process = program.start(*ARGUMENTS, "--timeout", "200", "-n", "-o", "-")
    out, _ = process.communicate()
    assert len(out) % 4096 == 0
    assert len(out) % FRAME_BYTES != 0


def test_it_follows_the_wire_and_leaves_an_empty_room(program: Program) -> None:
    process = program.start(*ARGUMENTS, *TO_STDOUT)
    with_person = read_frame(process)
    assert with_person.std() > 30
    program.camera.leave()
    for _ in range(200):
        if read_frame(process).std() < 5:
            break
    else:
        raise AssertionError("the person did not leave")
    program.camera.come()
    for _ in range(200):
        if read_frame(process).std() > 30:
            break
    else:
        raise AssertionError("the person did not come back")


def test_a_reader_that_goes_away_ends_it(program: Program) -> None:
    process = program.start(*ARGUMENTS, *TO_STDOUT)
    read_frame(process)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(10) == 0
    process.stdout = None


def test_without_its_cable_there_is_no_camera(program: Program) -> None:
    program.camera.unplug()
    process = program.start(*ARGUMENTS, *TO_STDOUT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (255, b"ERROR: *** no cameras available ***\n")


def test_a_crash_leaves_half_a_frame_and_a_new_run_works(program: Program) -> None:
    process = program.start(*ARGUMENTS, *TO_STDOUT)
    read_frame(process)
    program.camera.crash()
    out, _ = process.communicate()
    assert process.returncode == 139
    assert len(out) % FRAME_BYTES == 10_000
    read_frame(program.start(*ARGUMENTS, *TO_STDOUT))


def test_a_stalled_run_is_silent_and_a_new_run_works(program: Program) -> None:
    process = program.start(*ARGUMENTS, *TO_STDOUT)
    assert process.stdout is not None
    read_frame(process)
    program.camera.stall()
    pipe = process.stdout.fileno()
    while select.select([pipe], [], [], 12 * FRAME_S)[0]:
        assert os.read(pipe, FRAME_BYTES), "the program ended"
    read_frame(program.start(*ARGUMENTS, *TO_STDOUT))


def test_the_portrait_needs_no_download() -> None:
    import skimage.data  # noqa: PLC0415

    assert (Path(skimage.data.__file__).parent / "astronaut.png").exists()
    assert cv2.haveImageReader(str(Path(skimage.data.__file__).parent / "astronaut.png"))
