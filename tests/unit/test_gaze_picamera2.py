"""picamera2 in a process of its own: the helper as it runs, and what becomes of it when it does not."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources import picamera, yuv
from vybor.gaze.sources import picamera2_helper as helper
from vybor.gaze.sources.feed import Feed, Rule
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame
from vybor.gaze.sources.picamera import Head, Picamera
from world.camera import ADDRESS, Camera
from world.camera.face import Face
from world.camera.person import Pose
from world.picamera2_stand_in import picamera2_manner, system_python

WIDTH, HEIGHT, HZ = 320, 240, 30.0
CLOCK = SystemClock()
SETTINGS = GazeSettings(camera="picamera2", width=WIDTH, height=HEIGHT, hz=HZ)
PATIENCE_S = 20.0
Opening = Callable[..., Picamera]
T = TypeVar("T")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opening]:
    """Opens cameras, and closes them when the test is over."""
    sources: list[Picamera] = []

    def open_one(python: str = "", settings: GazeSettings = SETTINGS) -> Picamera:
        sources.append(Picamera(settings, CLOCK, python or system_python(tmp_path)))
        return sources[-1]

    yield open_one
    for source in sources:
        source.close()


def frames(source: Picamera, count: int) -> list[Frame]:
    return [source.read() for _ in range(count)]


def test_colours_and_padded_rows_survive(opened: Opening) -> None:
    """Full-range YUV is asked for and read; rows are 384 bytes for 300 pixels, white in between."""
    source = opened(settings=GazeSettings(camera="picamera2", width=300, height=226, hz=HZ))
    seen = frames(source, 3)[-1].rgb
    drawn = Face(300, 226).frame(Pose(0.5, 0.5, 0.0))
    assert seen.shape == (226, 300, 3)
    np.testing.assert_allclose(seen.mean(axis=(0, 1)), drawn.mean(axis=(0, 1)), atol=2.0)
    assert np.abs(seen.astype(int) - drawn).mean() < 10


def test_odd_sizes_are_made_even(opened: Opening) -> None:
    assert opened(settings=GazeSettings(camera="picamera2", width=301, height=227, hz=HZ)).read().rgb.shape[
        :2
    ] == (
        226,
        300,
    )


def test_the_time_is_the_sensors_and_not_the_pipes(opened: Opening) -> None:
    """Half the exposure of 8 ms before the end of the exposure, which was 12 ms before picamera2 had the frame."""
    for frame in frames(opened(), 3):
        assert CLOCK.now_ns() - frame.captured_ns >= seconds(0.016)
        assert frame.captured_sd_ns == seconds(0.004) + picamera.READOUT_NS // 2


def test_buffers_are_given_back(opened: Opening) -> None:
    """The camera has four, and waits for ever when all are kept."""
    assert len(frames(opened(), 3 * helper.BUFFERS)) == 3 * helper.BUFFERS


def test_without_a_sensors_time_the_arrival_counts(opened: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(*picamera2_manner("timeless"))
    for frame in frames(opened(), 2):
        assert frame.captured_sd_ns == round(0.5e9 / HZ)


def test_what_anybody_prints_does_not_get_between_the_frames(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*picamera2_manner("chatty"))
    drawn = Face(WIDTH, HEIGHT).frame(Pose(0.5, 0.5, 0.0))
    for frame in frames(opened(), 6):
        assert np.abs(frame.rgb.astype(int) - drawn).mean() < 10


# --- what can be wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manner", "sentence"),
    [
        ("none", "picamera2: there is no camera; check its cable"),
        ("taken", "picamera2: another program uses the camera; close it"),
        ("taken-of-old", "picamera2: another program uses the camera; close it"),
        ("breaks", r"picamera2: the camera does not work \(Camera frontend has timed out!\); check its cable"),
    ],
)
def test_why_there_is_no_picture_is_said(
    manner: str, sentence: str, opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*picamera2_manner(manner))
    source = opened()
    with pytest.raises(CameraMissing, match=sentence) as raised:
        source.read()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("manner", "status"),
    [("none", helper.NO_CAMERA), ("taken", helper.TAKEN), ("breaks", helper.FAILED)],
)
def test_each_reason_has_its_status(
    manner: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*picamera2_manner(manner))
    command = [system_python(tmp_path), "-I", helper.__file__, "320", "240", "30"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ended:
        assert ended.stdout is not None and ended.stderr is not None
        assert ended.wait(PATIENCE_S) == status
        assert ended.stdout.read() == b""
        last = ended.stderr.read().decode().splitlines()[-1]
    assert last.startswith(helper.SAYS)


def test_a_python_without_picamera2_is_named_with_the_remedy(opened: Opening, tmp_path: Path) -> None:
    python = system_python(tmp_path, packages=())
    source = opened(python)
    with pytest.raises(
        CameraMissing, match=r"bin/python3 has no module \w+; install it .apt install python3-picam"
    ):
        source.read()
    assert source._program.status() == helper.MISSING


def test_a_picamera2_among_foreign_packages_is_told(opened: Opening, tmp_path: Path) -> None:
    """What simplejpeg raises in the presence of the other NumPy (picamera2 #1088 #1211)."""
    broken = tmp_path / "broken"
    (broken / "picamera2").mkdir(parents=True)
    (broken / "libcamera.py").write_text("class ColorSpace: ...\n")
    (broken / "picamera2/__init__.py").write_text(
        'raise ValueError("numpy.dtype size changed,\\nmay indicate binary incompatibility")\n'
    )
    source = opened(system_python(tmp_path, packages=(broken,)))
    with pytest.raises(CameraMissing, match=r"cannot load picamera2 \(numpy\.dtype size changed, may .*reinstall"):
        source.read()


def test_the_systems_modules_are_not_hidden_by_the_kits(opened: Opening, tmp_path: Path) -> None:
    """picamera2 imports a v4l2 of the system's, and one of the kit's lies beside the helper."""
    system = tmp_path / "system"
    (system / "picamera2").mkdir(parents=True)
    (system / "libcamera.py").write_text("class ColorSpace: ...\n")
    (system / "v4l2.py").write_text('WHOSE = "of the system"\n')
    (system / "picamera2/__init__.py").write_text("import v4l2\nraise ValueError(v4l2.WHOSE)\n")
    with pytest.raises(CameraMissing, match=r"cannot load picamera2 \(of the system\)"):
        opened(system_python(tmp_path, packages=(system,))).read()


def test_no_python_at_all_is_told() -> None:
    with pytest.raises(CameraMissing, match=r"no-such-python cannot be started .*install python3-picamera2"):
        Picamera(SETTINGS, CLOCK, "no-such-python")


def test_a_picture_that_never_changes_its_time_is_no_picture(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(*picamera2_manner("frozen"))
    monkeypatch.setattr(picamera, "OLD_FRAMES", 3)
    with pytest.raises(CameraStopped, match=r"gives pictures from \d+\.\d s ago only"):
        opened().read()


# --- other programs in the helper's place: what comes through the pipe is not trusted --------------------------


def in_its_place(where: Path, *, content: bytes, then: str = "exit 0") -> str:
    (where / "content").write_bytes(content)
    path = where / "python3"
    path.write_text(f"#!/bin/sh\ncat '{where / 'content'}'\n{then}\n")
    path.chmod(0o755)
    return str(path)


def picture(number: int = 1, **changes: int) -> bytes:
    """A header and a grey picture of 64 x 48, taken just now."""
    facts = {
        "width": 64,
        "height": 48,
        "stride": 128,
        "sensor_ns": 0,
        "exposure_ns": 0,
        "length": 128 * 72,
    } | changes
    return helper.HEADER.pack(helper.MAGIC, *facts.values()) + bytes([128]) * (128 * 72)


def test_a_helper_that_dies_in_the_middle_of_a_frame_gives_no_half_frame(opened: Opening, tmp_path: Path) -> None:
    content = picture() + picture()[:-1]
    source = opened(in_its_place(tmp_path, content=content, then="echo 'Segmentation fault' >&2; kill -9 $$"))
    assert source.read().rgb.shape == (48, 64, 3)
    with pytest.raises(CameraStopped, match=r"exit status -9, its last words: Segmentation fault.*started again"):
        source.read()


def test_a_helper_that_dies_in_the_middle_of_its_first_header(opened: Opening, tmp_path: Path) -> None:
    source = opened(in_its_place(tmp_path, content=picture()[:5]))
    with pytest.raises(CameraMissing, match=r"has ended \(exit status 0\); check the camera's cable"):
        source.read()


@pytest.mark.parametrize(
    "changes",
    [
        {"length": 128 * 72 + 1},
        {"length": 0},
        {"length": 2**32 - 1},
        {"width": 0},
        {"width": 130},
        {"width": 63},
        {"height": 2**31},
        {"stride": 2**31, "length": 0},
    ],
)
def test_a_length_that_cannot_be_is_not_believed(changes: dict[str, int], opened: Opening, tmp_path: Path) -> None:
    source = opened(in_its_place(tmp_path, content=picture(**changes)))
    with pytest.raises(CameraStopped, match=r"bytes for \d+ x \d+ pixels in rows of \d+, which cannot be"):
        source.read()


def test_what_is_no_header_is_told(opened: Opening, tmp_path: Path) -> None:
    source = opened(in_its_place(tmp_path, content=b"Hello from the pygame community. " * 4))
    with pytest.raises(CameraStopped, match="is no picture; it is started again"):
        source.read()


# --- a helper that hangs, and one that is left behind ----------------------------------------------------------


def test_a_helper_that_hangs_is_killed_and_another_started(
    opened: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = f"ipc://{tmp_path / 'wire'}"
    monkeypatch.setenv(ADDRESS, wire)
    world = Camera(wire)
    python = system_python(tmp_path)
    started: list[Picamera] = []

    def again() -> Picamera:
        started.append(Picamera(SETTINGS, CLOCK, python))
        return started[-1]

    feed = Feed(again, CLOCK, Rule(first_pause_s=0.01, silent_after_ns=seconds(3)))
    try:
        until(lambda: feed.take() is not None)
        world.stall()
        stopped = until(lambda: feed.tend(CLOCK.now_ns()))
        assert stopped.trouble is m.Trouble.CAMERA_STOPPED
        told = re.search(r"no frame for (\d+\.\d)", stopped.detail)
        assert told is not None
        assert float(told[1]) >= 3
        until(lambda: feed.take() is not None and feed.tend(CLOCK.now_ns()) is None)  # one may be of the first
        assert len(started) == 2
        assert started[0]._program.status() == -9
    finally:
        feed.close()
        world.close()


def until(reached: Callable[[], T | bool | None]) -> T:
    """Ask until there is an answer."""
    end_ns = CLOCK.now_ns() + seconds(PATIENCE_S)
    while not (answer := reached()):
        assert CLOCK.now_ns() < end_ns, "it never came to that"
    return answer


def test_the_helper_ends_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    """Stdin is held by the process `gaze`; a killed one holds nothing."""
    command = [system_python(tmp_path), "-I", helper.__file__, "320", "240", "30"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as left:
        assert left.stdin is not None and left.stdout is not None
        assert left.stdout.read(4) == helper.MAGIC
        left.stdin.close()
        assert left.wait(PATIENCE_S) == 0


def test_the_helper_ends_when_nobody_reads(tmp_path: Path) -> None:
    command = [system_python(tmp_path), "-I", helper.__file__, "320", "240", "30"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as left:
        assert left.stdout is not None
        left.stdout.close()
        assert left.wait(PATIENCE_S) == 0


def test_the_kit_is_not_loaded_by_the_helper(tmp_path: Path) -> None:
    """It runs by its path on a Python that has no Vybor, where an installed wheel has put it."""
    code = (
        f"import runpy, sys; runpy.run_path({helper.__file__!r}); print([n for n in sys.modules if 'vybor' in n])"
    )
    done = subprocess.run(
        [system_python(tmp_path, packages=()), "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# --- the pure parts -------------------------------------------------------------------------------------------


def test_a_time_of_the_other_clock_is_translated() -> None:
    slept_ns = seconds(3600)
    now_ns = seconds(100)
    assert helper.monotonic(now_ns - 5, now_ns, now_ns + slept_ns) == now_ns - 5
    assert helper.monotonic(now_ns - 5 + slept_ns, now_ns, now_ns + slept_ns) == now_ns - 5


def test_a_spare_end_of_the_buffer_is_no_part_of_the_picture() -> None:
    stream = {"size": (64, 48), "stride": 128}
    head = picamera.head_of(helper.header(stream, {}, yuv.size_of(48, 128)))
    assert head == Head(width=64, height=48, stride=128, sensor_ns=0, exposure_ns=0, length=128 * 72)


def test_the_middle_of_the_exposure() -> None:
    head = Head(width=64, height=48, stride=128, sensor_ns=1000, exposure_ns=200, length=128 * 72)
    assert picamera.taken_at(head, 5000, HZ) == (900, 100 + picamera.READOUT_NS // 2)


def test_the_systems_python_is_the_systems() -> None:
    assert Path(picamera.SYSTEM_PYTHON).is_absolute()
    assert os.path.commonpath([picamera.SYSTEM_PYTHON, "/usr/bin"]) == "/usr/bin"
