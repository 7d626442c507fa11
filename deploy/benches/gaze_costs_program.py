"""What `deploy/bench gaze --costs` runs beside the process, each in a process of its own.

    python -m benches.gaze_costs_program LANDMARKER looks FOLDER | alone WIDTH HEIGHT HZ SECONDS | memory FRAMES

`looks`: nine dots of the drawn face, kept as the kit keeps them. `alone`: MediaPipe at so many frames a second.
`memory`: the room with the camera, as fast as it can. The last line of the output is JSON.
"""

import itertools
import json
import select
import sys
import tempfile
import time
from pathlib import Path

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from benches.headband_playing import resident_mb
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SECOND_NS, SystemClock
from vybor.gaze.camera import CameraRoom, Parts
from vybor.gaze.faces.features import features
from vybor.gaze.faces.finding import Finding
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.looks.calibrating import Calibrating
from vybor.gaze.looks.calibration import DOTS, SAMPLES
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points.model import Look
from vybor.gaze.sources.feed import Feed, Rule
from vybor.gaze.sources.frames import Frame
from world.camera.face import Face
from world.camera.person import Pose

SIZE = (640, 480)
FRAME_NS = SECOND_NS // 15
SETTLES = 4
WARM_UP = 1000
"""Frames before memory is looked at for the first time."""
PLACES = 120
"""Frames that are drawn beforehand, each with another look."""


def main() -> None:
    """Do one of the three."""
    landmarker, what, *rest = sys.argv[1:]
    if what == "looks":
        told = looks(Path(landmarker), Path(rest[0]))
    elif what == "alone":
        told = alone(Path(landmarker), int(rest[0]), int(rest[1]), float(rest[2]), float(rest[3]))
    else:
        told = memory(Path(landmarker), int(rest[0]))
    print(json.dumps(told))


def looks(landmarker: Path, folder: Path) -> dict[str, float]:
    """Nine dots that the drawn face looks at."""
    face, finder, at_ns = Face(*SIZE), Landmarker(landmarker), 0
    kept = []
    for x, y in DOTS:
        rows = []
        for _ in range(SETTLES + SAMPLES):
            at_ns += FRAME_NS
            seen = finder.find(Frame(np.ascontiguousarray(face.frame(Pose(x, y, 0.0))), at_ns, 0))
            assert seen is not None
            rows.append(features(seen))
        kept.append(Look(x=x, y=y, rows=np.array(rows[SETTLES:]), calibration=1))
    finder.close()
    Looks(folder).keep(kept)
    return {"looks": float(len(kept))}


def drawn(width: int, height: int) -> list[np.ndarray]:
    """The drawn face, looking about."""
    face = Face(width, height)
    places = np.random.default_rng(1).uniform(0.05, 0.95, (PLACES, 2))
    return [np.ascontiguousarray(face.frame(Pose(float(x), float(y), 0.0))) for x, y in places]


def alone(landmarker: Path, width: int, height: int, hz: float, duration_s: float) -> dict[str, float]:
    """Processor time a frame of MediaPipe's landmarker with all that the kit asks it for, and nothing else."""
    frames = [
        mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=frame) for frame in drawn(width, height)
    ]
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=landmarker.read_bytes()),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with vision.FaceLandmarker.create_from_options(options) as finder:
        count, settled = 0, round(3 * hz)
        began = spent = 0.0
        due = time.perf_counter()
        for number, image in enumerate(
            itertools.islice(itertools.cycle(frames), settled + round(hz * duration_s))
        ):
            if number == settled:
                began = time.process_time()
            time.sleep(max(0.0, due - time.perf_counter()))
            due = max(due, time.perf_counter() - 1 / hz) + 1 / hz
            assert finder.detect_for_video(image, 1 + round(1000 * number / hz)).face_landmarks
            count += number >= settled
        spent = time.process_time() - began
    return {"cpu_ms": 1e3 * spent / count}


class Unending:
    """A source whose next frame is there at once."""

    def __init__(self, frames: list[np.ndarray], clock: SystemClock) -> None:
        self._frames = itertools.cycle(frames)
        self._clock = clock

    def read(self) -> Frame:
        """The next one; a millisecond later, so that the reader does not take the whole machine."""
        time.sleep(0.001)
        return Frame(next(self._frames), self._clock.now_ns(), 0)

    def interrupt(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""


def memory(landmarker: Path, wanted: int) -> dict[str, float]:
    """Resident memory of a process with the room, after the first thousand looks and after the last."""
    clock = SystemClock()
    frames = drawn(*SIZE)
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        runtime, kept = Path(folder) / "run", Path(folder) / "looks"
        runtime.mkdir()
        looks(landmarker, kept)
        bus, ear = Bus("gaze", runtime, clock), Bus("display", runtime, clock, [m.Gaze])
        feed = Feed(lambda: Unending(frames, clock), clock, Rule())
        calibrating = Calibrating(Looks(kept), is_tried=True)
        room = CameraRoom(bus, Parts(feed, lambda: Finding(Landmarker(landmarker)), calibrating, clock))
        count, first_mb = 0, 0.0
        while count < wanted:
            select.select([feed.descriptor], [], [], 1.0)
            room.turn(clock.now_ns())
            bus.tend()
            for arrival in ear.receive(0):
                if isinstance(arrival, Heard) and isinstance(arrival.message, m.Gaze):
                    count += arrival.message.point is not None
            if not first_mb and count >= WARM_UP:
                first_mb = resident_mb()
        last_mb = resident_mb()
        room.close()
        bus.close()
        ear.close()
    return {
        "looks": float(count),
        "after_1000_mb": first_mb,
        "after_all_mb": last_mb,
        "grows_mb": last_mb - first_mb,
    }


if __name__ == "__main__":
    main()
