"""One contract for every source of frames, and what each says when there is nothing to see."""

import errno
import os
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.gaze.sources import opening, v4l2
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame, FrameSource
from vybor.gaze.sources.opening import open_source
from vybor.gaze.sources.rpicam import RpicamVid
from world.camera import install
from world.camera.face import Face
from world.camera.person import Pose
from world.picamera2_stand_in import system_python

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


def open_recording(settings_of: Callable[[Path], GazeSettings]) -> "Opening":
    return lambda where: open_source(settings_of(where), CLOCK)


def picamera2(where: Path) -> FrameSource:
    settings = GazeSettings(camera="picamera2", width=WIDTH, height=HEIGHT, hz=HZ)
    return open_source(settings, CLOCK, system_python(where))


Opening = Callable[[Path], FrameSource]
RECORDINGS = {"folder": open_recording(folder), "video": open_recording(video)}
TURNED = open_recording(lambda where: msgspec.structs.replace(folder(where), turned=180))
EVERY = RECORDINGS | {"rpicam": open_recording(rpicam), "picamera2": picamera2, "upside down": TURNED}
SOURCES = pytest.mark.parametrize("opened", EVERY.values(), ids=EVERY)


def frames(source: FrameSource, count: int) -> list[Frame]:
    return [source.read() for _ in range(count)]


@SOURCES
def test_frames_are_rgb_and_their_times_rise_at_the_pace_asked_for(opened: Opening, tmp_path: Path) -> None:
    source = opened(tmp_path)
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
def test_a_frame_stays_as_it_was_when_the_next_is_read(opened: Opening, tmp_path: Path) -> None:
    source = opened(tmp_path)
    try:
        first = source.read()
        before = first.rgb.copy()
        source.read()
    finally:
        source.close()
    np.testing.assert_array_equal(first.rgb, before)


@SOURCES
def test_a_read_that_waits_can_be_interrupted_from_another_thread(opened: Opening, tmp_path: Path) -> None:
    source = opened(tmp_path)
    source.read()
    threading.Timer(0.05, source.interrupt).start()
    try:
        with pytest.raises(CameraStopped):
            frames(source, 10_000)
    finally:
        source.close()


@pytest.mark.parametrize("opened", RECORDINGS.values(), ids=RECORDINGS)
def test_a_recording_says_that_it_has_ended(opened: Opening, tmp_path: Path) -> None:
    source = opened(tmp_path)
    seen = frames(source, 12)
    with pytest.raises(CameraStopped, match="has ended"):
        source.read()
    source.close()
    for frame, rgb in zip(seen, pictures(), strict=True):
        assert np.abs(frame.rgb.astype(int) - rgb).mean() < 6


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_camera_that_hangs_in_another_way_gives_upright_pictures(degrees: int, tmp_path: Path) -> None:
    hangs = msgspec.structs.replace(folder(tmp_path), turned=degrees)
    source, turned = (open_source(each, CLOCK) for each in (msgspec.structs.replace(hangs, turned=0), hangs))
    try:
        once, again = source.read().rgb, turned.read().rgb
    finally:
        source.close()
        turned.close()
    clockwise = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    np.testing.assert_array_equal(again, cv2.rotate(once, clockwise[degrees]))
    assert again.flags["C_CONTIGUOUS"]


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
    talk = f"while :; do head -c {WIDTH * HEIGHT * 3 // 2} /dev/zero; head -c 200000 /dev/zero >&2; done"
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
        ("v4l2:/dev/video99", r"there is no /dev/video99; plug the camera in"),
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


def png(side: int) -> bytes:
    """A picture that says it is so large, and is nearly empty."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("spoil", [pipe, Path.mkdir, lambda path: path.write_bytes(png(100_000))])
def test_what_would_hang_or_end_the_process_is_no_picture(spoil: Callable[[Path], object], tmp_path: Path) -> None:
    settings = folder(tmp_path)
    spoil(tmp_path / "pictures" / "0.png")
    with pytest.raises(CameraStopped, match=r"0\.png is not a picture"):
        open_source(settings, CLOCK).read()


def test_a_pipe_is_no_video(tmp_path: Path) -> None:
    pipe(tmp_path / "eyes.avi")
    with pytest.raises(CameraMissing, match="cannot be opened as a video"):
        open_source(GazeSettings(camera=str(tmp_path / "eyes.avi")), CLOCK)


def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(CameraMissing, match="cannot be read"):
        open_source(GazeSettings(camera=str(tmp_path)), CLOCK)


def test_without_any_camera_both_kinds_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pi without rpicam-apps and without a USB camera."""
    monkeypatch.setattr(opening, "FIRST_DEVICE", "/dev/video99")
    with pytest.raises(CameraMissing) as raised:
        open_source(GazeSettings(camera="auto", rpicam_program="no-such-program"), CLOCK)
    assert str(raised.value) == (
        "no camera is found: there is no /dev/video99; plug the camera in, or name another in [gaze] camera; "
        "for a camera on the Pi's own connector install rpicam-apps (no-such-program is not there)"
    )


TAKEN = "another program uses the camera: close it"


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: *** failed to acquire camera /base/axi/pcie@120000/rp1/i2c@88000/imx708@1a ***",
        "[0:19:06] [29]  INFO Camera camera.cpp:839 Pipeline handler in use by another process\nERROR: *** no ***",
        "[0:52.24] [98] ERROR V4L2 v4l2_videodevice.cpp:1047 Unable to set format: Device or resource busy",
    ],
)
def test_a_camera_that_another_program_has_is_told_from_one_that_is_not_there(said: str, tmp_path: Path) -> None:
    """What rpicam-apps and libcamera print (rpicam-apps #496, go2rtc #1184)."""
    source = open_source(program(tmp_path, f"echo '{said}' >&2; exit 255"), CLOCK)
    with pytest.raises(CameraMissing, match=TAKEN):
        source.read()
    source.close()


def test_a_device_that_another_program_films_with_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver's own word, EBUSY, for the question whether frames could be had."""
    device = tmp_path / "video0"
    device.write_bytes(b"")

    def busy(descriptor: int, request: int, content: bytes) -> bytes:
        assert (request, len(content)) == (v4l2.REQUEST_BUFFERS, 20)
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(v4l2.fcntl, "ioctl", busy)
    with pytest.raises(CameraMissing, match=f"video0 cannot be opened as a camera: {TAKEN}"):
        open_source(GazeSettings(camera=f"v4l2:{device}"), CLOCK)


def test_a_file_that_is_no_camera_is_told(tmp_path: Path) -> None:
    (tmp_path / "video0").write_bytes(b"")
    with pytest.raises(CameraMissing, match="video0 cannot be opened as a camera; plug one in"):
        open_source(GazeSettings(camera=f"v4l2:{tmp_path / 'video0'}"), CLOCK)
