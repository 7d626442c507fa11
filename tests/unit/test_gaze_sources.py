"""One contract for every source of frames, and what each says when there is nothing to see."""

import sys
import threading
import types
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.settings import GazeSettings
from vybor.gaze.frames import CameraMissing, CameraStopped, Frame, FrameSource
from vybor.gaze.sources.opening import open_source
from vybor.gaze.sources.rpicam import RpicamVid
from world.camera import install
from world.camera.face import Face
from world.camera.person import Pose

WIDTH, HEIGHT, HZ = 320, 240, 30.0
CLOCK = SystemClock()


def pictures() -> list[np.ndarray]:
    face = Face(WIDTH, HEIGHT)
    return [face.frame(Pose(x, 0.5, 0.0)) for x in np.linspace(0, 1, 12)]


def folder(where: Path) -> GazeSettings:
    (where / "pictures").mkdir()
    for number, rgb in enumerate(pictures()):
        cv2.imwrite(str(where / "pictures" / f"{number:03d}.png"), rgb[:, :, ::-1])
    (where / "pictures" / "notes.txt").write_text("no picture")
    return GazeSettings(camera=str(where / "pictures"), width=WIDTH, height=HEIGHT, hz=HZ)


def video(where: Path) -> GazeSettings:
    path = where / "eyes.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), HZ, (WIDTH, HEIGHT))
    for rgb in pictures():
        writer.write(np.ascontiguousarray(rgb[:, :, ::-1]))
    writer.release()
    return GazeSettings(camera=str(path), width=WIDTH, height=HEIGHT, hz=HZ)


def rpicam(where: Path) -> GazeSettings:
    return GazeSettings(camera="rpicam", rpicam_program=str(install(where)), width=WIDTH, height=HEIGHT, hz=HZ)


SOURCES = pytest.mark.parametrize("settings_of", [folder, video, rpicam])
SettingsOf = Callable[[Path], GazeSettings]


def frames(source: FrameSource, count: int) -> list[Frame]:
    return [source.read() for _ in range(count)]


@SOURCES
def test_frames_are_rgb_and_their_times_rise_at_the_pace_asked_for(
    settings_of: SettingsOf, tmp_path: Path
) -> None:
    source = open_source(settings_of(tmp_path), CLOCK)
    try:
        seen = frames(source, 6)
    finally:
        source.close()
    assert {(frame.rgb.shape, frame.rgb.dtype) for frame in seen} == {((HEIGHT, WIDTH, 3), np.dtype(np.uint8))}
    times = [frame.captured_ns for frame in seen]
    assert times == sorted(set(times))
    assert times[-1] - times[0] >= seconds(2.5 / HZ)
    assert times[-1] <= CLOCK.now_ns()
    face = seen[0].rgb[HEIGHT // 3 : HEIGHT // 2, 2 * WIDTH // 5 : 3 * WIDTH // 5].mean(axis=(0, 1))
    assert face[0] > face[1] > face[2], "a face is red before it is blue"


@SOURCES
def test_a_frame_stays_as_it_was_when_the_next_is_read(settings_of: SettingsOf, tmp_path: Path) -> None:
    source = open_source(settings_of(tmp_path), CLOCK)
    try:
        first = source.read()
        before = first.rgb.copy()
        source.read()
    finally:
        source.close()
    np.testing.assert_array_equal(first.rgb, before)


@SOURCES
def test_a_read_that_waits_can_be_interrupted_from_another_thread(settings_of: SettingsOf, tmp_path: Path) -> None:
    source = open_source(settings_of(tmp_path), CLOCK)
    source.read()
    threading.Timer(0.05, source.interrupt).start()
    try:
        with pytest.raises(CameraStopped):
            frames(source, 10_000)
    finally:
        source.close()


@pytest.mark.parametrize("settings_of", [folder, video])
def test_a_recording_says_that_it_has_ended(settings_of: SettingsOf, tmp_path: Path) -> None:
    source = open_source(settings_of(tmp_path), CLOCK)
    seen = frames(source, 12)
    with pytest.raises(CameraStopped, match="has ended"):
        source.read()
    source.close()
    for frame, rgb in zip(seen, pictures(), strict=True):
        assert np.abs(frame.rgb.astype(int) - rgb).mean() < 6


def test_colours_survive_the_pipe(tmp_path: Path) -> None:
    """Full-range YUV read as full-range YUV: the portrait's wall stays as light as it is."""
    source = open_source(rpicam(tmp_path), CLOCK)
    piped = source.read().rgb
    source.close()
    drawn = Face(WIDTH, HEIGHT).frame(Pose(0.5, 0.5, 0.0))
    np.testing.assert_allclose(piped.mean(axis=(0, 1)), drawn.mean(axis=(0, 1)), atol=2.0)


def test_padded_rows_are_not_part_of_the_picture(tmp_path: Path) -> None:
    settings = GazeSettings(camera="rpicam", rpicam_program=str(install(tmp_path)), width=300, height=226, hz=HZ)
    source = open_source(settings, CLOCK)
    seen = frames(source, 3)
    source.close()
    drawn = Face(300, 226).frame(Pose(0.5, 0.5, 0.0))
    assert {frame.rgb.shape for frame in seen} == {(226, 300, 3)}
    assert np.abs(seen[-1].rgb.astype(int) - drawn).mean() < 10


def test_the_program_is_found_by_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    source = open_source(GazeSettings(camera="auto", width=WIDTH, height=HEIGHT, hz=HZ), CLOCK)
    assert isinstance(source, RpicamVid)
    source.read()
    source.close()


def program(where: Path, lines: str) -> GazeSettings:
    path = where / "rpicam-vid"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return GazeSettings(camera="rpicam", rpicam_program=str(path), width=WIDTH, height=HEIGHT, hz=HZ)


def test_a_camera_program_that_finds_no_camera_is_quoted(tmp_path: Path) -> None:
    source = open_source(program(tmp_path, "echo 'ERROR: *** no cameras available ***' >&2; exit 255"), CLOCK)
    with pytest.raises(CameraMissing, match=r"no cameras available .*check the camera's cable"):
        source.read()
    source.close()


def test_a_program_that_talks_on_and_on_does_not_block(tmp_path: Path) -> None:
    talk = f"while :; do head -c {WIDTH * HEIGHT * 3 // 2} /dev/zero; head -c 40000 /dev/zero >&2; done"
    source = open_source(program(tmp_path, talk), CLOCK)
    assert len(frames(source, 8)) == 8
    source.close()


def test_half_a_frame_is_no_frame(tmp_path: Path) -> None:
    source = open_source(program(tmp_path, "head -c 172800 /dev/zero"), CLOCK)
    source.read()
    with pytest.raises(CameraStopped, match="exit status 0"):
        source.read()
    source.close()


@pytest.mark.parametrize(
    ("camera", "sentence"),
    [
        ("rpicam", r"no-such-program cannot be started .*install rpicam-apps"),
        ("v4l2:/dev/video99", r"/dev/video99 cannot be opened as a camera; plug it in"),
        ("recording.mp4", r"names recording\.mp4, which is not there; use auto"),
    ],
)
def test_what_is_not_there_is_named_with_its_remedy(camera: str, sentence: str) -> None:
    with pytest.raises(CameraMissing, match=sentence):
        open_source(GazeSettings(camera=camera, rpicam_program="no-such-program"), CLOCK)


def test_an_empty_folder_and_a_file_that_is_no_video_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter.txt").write_text("Dear camera")
    with pytest.raises(CameraMissing, match="holds no pictures"):
        open_source(GazeSettings(camera=str(tmp_path / "empty")), CLOCK)
    with pytest.raises(CameraMissing, match="cannot be opened as a video"):
        open_source(GazeSettings(camera=str(tmp_path / "letter.txt")), CLOCK)


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"no picture")
    source = open_source(GazeSettings(camera=str(tmp_path)), CLOCK)
    with pytest.raises(CameraStopped, match=r"1\.png is not a picture"):
        source.read()


def test_without_picamera2_the_remedy_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(CameraMissing, match="install python3-picamera2"):
        open_source(GazeSettings(camera="picamera2"), CLOCK)


class LibcameraCamera:
    """picamera2's class, as far as the adapter calls it (picamera2 0.3.38's manual)."""

    def __init__(self) -> None:
        self.configured: dict[str, object] = {}
        self.running = False

    def create_video_configuration(self, **wanted: object) -> dict[str, object]:
        return wanted

    def configure(self, configuration: dict[str, object]) -> None:
        self.configured = configuration

    def start(self) -> None:
        self.running = True

    def capture_array(self, stream: str) -> np.ndarray:
        if not self.running:
            raise RuntimeError("camera stopped")
        width, height = self.configured[stream]["size"]  # type: ignore[index]
        return np.zeros((height, width, 3), np.uint8)

    def stop(self) -> None:
        self.running = False

    def close(self) -> None:
        self.running = False


def test_picamera2_is_asked_for_rgb_in_memory_and_stops_when_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("picamera2")
    module.Picamera2 = LibcameraCamera  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)
    source = open_source(GazeSettings(camera="picamera2", width=WIDTH, height=HEIGHT, hz=HZ), CLOCK)
    assert source.read().rgb.shape == (HEIGHT, WIDTH, 3)
    assert source._camera.configured["main"]["format"] == "BGR888"  # type: ignore[attr-defined]
    source.interrupt()
    with pytest.raises(CameraStopped, match="picamera2 gives no more frames"):
        source.read()
    source.close()
