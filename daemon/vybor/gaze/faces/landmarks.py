"""MediaPipe's face landmarker: a frame in, a face out. The only module that loads MediaPipe."""

from pathlib import Path

import numpy as np

from vybor.gaze.faces import landmarker_file, no_plots
from vybor.gaze.faces import person as p
from vybor.gaze.faces.face import Face, Floats, Place
from vybor.gaze.faces.patches import cut, even
from vybor.gaze.sources.frames import Frame

with no_plots.kept_out():
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision
    from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark

MILLISECOND_NS = 1_000_000
FOLLOWED = 2
"""Of one face alone MediaPipe smooths the landmarks: behind a blink a look then creeps for a second."""
MOST_FACES = 3
"""The person, and two who lean in."""


class Landmarker:
    """Finds the person's face in each frame of a video."""

    def __init__(self, path: Path) -> None:
        """Load the model; raises Missing if the file is not there or is not the right one."""
        self._model = landmarker_file.read(path)
        self._landmarker = self._made(vision.RunningMode.VIDEO, faces=FOLLOWED)
        self._for_all: vision.FaceLandmarker | None = None
        self._last_ms = 0

    def find(self, frame: Frame, near: Place | None = None) -> Face | None:
        """The face in the frame: of two the nearer to a place, in pixels, or the larger; None if there is none."""
        # MediaPipe wants times that rise.
        self._last_ms = max(self._last_ms + 1, frame.captured_ns // MILLISECOND_NS)
        found = self._landmarker.detect_for_video(_image(frame), self._last_ms)
        if not found.face_landmarks:
            return None
        height, width = frame.rgb.shape[:2]
        faces = [_points(marks, width, height) for marks in found.face_landmarks]
        which = p.largest(faces) if near is None else p.nearest(faces, near)
        points = faces[which]
        grey = cut(frame.rgb, points)
        return Face(
            points=points,
            blendshapes={shape.category_name: shape.score for shape in found.face_blendshapes[which]},
            pose=np.asarray(found.facial_transformation_matrixes[which], np.float32),
            eyes=even(grey),
            light=grey.mean(axis=(1, 2)),
            contrast=grey.std(axis=(1, 2)),
            size=(width, height),
        )

    def everyone(self, frame: Frame) -> list[Floats]:
        """The landmarks of each face in this frame alone: 478 x 3, in pixels."""
        if self._for_all is None:
            self._for_all = self._made(vision.RunningMode.IMAGE, faces=MOST_FACES)
        height, width = frame.rgb.shape[:2]
        return [_points(marks, width, height) for marks in self._for_all.detect(_image(frame)).face_landmarks]

    def close(self) -> None:
        """Free the native side; left to the garbage collector it fails at the end of the process."""
        for landmarker in (self._landmarker, self._for_all):
            if landmarker is not None:
                landmarker.close()

    def _made(self, mode: vision.RunningMode, *, faces: int) -> vision.FaceLandmarker:
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=self._model),
            running_mode=mode,
            num_faces=faces,
            output_face_blendshapes=mode is vision.RunningMode.VIDEO,
            output_facial_transformation_matrixes=mode is vision.RunningMode.VIDEO,
        )
        return vision.FaceLandmarker.create_from_options(options)


def _image(frame: Frame) -> mediapipe.Image:
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=frame.rgb)


def _points(marks: list[NormalizedLandmark], width: int, height: int) -> Floats:
    shares = np.array([(mark.x, mark.y, mark.z) for mark in marks], np.float32)
    return shares * np.array([width, height, width], np.float32)
