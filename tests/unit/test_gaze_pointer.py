"""A pointer stands for the eyes, place for place, and needs nothing heavy."""

import subprocess
import sys
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.loop import deliver
from vybor.gaze.pointer import PointerRoom, gaze
from vybor.points.source import Spot


def test_a_place_of_the_pointer_is_a_look_with_a_small_error() -> None:
    look = gaze(Spot(at_ns=42, place=(-0.02, 1.1)), 0.01)
    point = m.GazePoint(x=-0.02, y=1.1, sd_x=0.01, sd_y=0.01)
    assert look == m.Gaze(at_ns=42, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)


def test_on_the_bus_pointer_comes_in_and_gaze_goes_out(tmp_path: Path) -> None:
    clock = SystemClock()
    display = Bus("display", tmp_path, clock, hears=[m.Gaze])
    bus = Bus("gaze", tmp_path, clock, hears=[m.Pointer])
    room = PointerRoom(bus, sd=0.02, state=tmp_path)
    found: list[m.AnyMessage] = []
    for number in range(400):
        display.publish(m.Pointer(at_ns=number, x=0.25, y=0.75))
        deliver(room, bus, 0.01, clock)
        found += [arrival.message for arrival in display.receive(0.01) if isinstance(arrival, Heard)]
        if found:
            break
    display.ask("gaze", m.Calibrate(request=display.new_request()))
    answers: list[m.AnyReply] = []
    for _ in range(400):
        deliver(room, bus, 0.01, clock)
        display.tend()
        answers += [arrival.reply for arrival in display.receive(0.01) if isinstance(arrival, Answered)]
        if answers:
            break
    display.close()
    bus.close()
    assert isinstance(found[0], m.Gaze)
    assert found[0].point == m.GazePoint(x=0.25, y=0.75, sd_x=0.02, sd_y=0.02)
    assert isinstance(answers[0], m.Refused)
    assert "no camera to calibrate" in answers[0].reason


def test_a_pointer_loads_neither_mediapipe_nor_opencv_nor_numpy() -> None:
    code = "import vybor.gaze.process, sys; print(*{'mediapipe', 'cv2', 'numpy'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_looks_of_a_time_with_a_camera_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks" / "000001.npz").write_bytes(b"looks")
    clock = SystemClock()
    asking, bus = Bus("core", tmp_path, clock), Bus("gaze", tmp_path, clock)
    room = PointerRoom(bus, sd=0.02, state=tmp_path)
    asking.ask("gaze", m.ForgetLooks(request="1"))
    replies: list[m.AnyReply] = []
    for _ in range(200):
        deliver(room, bus, 0.01, clock)
        asking.tend()
        replies += [one.reply for one in asking.receive(0.01) if isinstance(one, Answered)]
        if replies:
            break
    assert replies == [m.Done(request="1")]
    assert list((tmp_path / "looks").iterdir()) == []
    asking.close()
    bus.close()
