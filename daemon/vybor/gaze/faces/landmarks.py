"""MediaPipe's face landmarker: a frame in, a face out. The only module that loads MediaPipe."""

from pathlib import Path

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from vybor.gaze.faces import landmarker_file
from vybor.gaze.faces.face import Face
from vybor.gaze.faces.patches import patches
from vybor.gaze.sources.frames import Frame

MILLISECOND_NS = 1_000_000


class Landmarker:
    """Finds the face in each frame of a video: the detector runs only when the face was lost."""

    def __init__(self, path: Path) -> None:
        """Load the model; raises Missing if the file is not there or is not the right one."""
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=landmarker_file.read(path)),
            running_mode=vision.RunningMode.VIDEO,
            num_faces=1,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        self._landmarker = vision.FaceLandmarker.create_from_options(options)
        self._last_ms = 0

    def find(self, frame: Frame) -> Face | None:
        """The face in the frame, or None."""
        # MediaPipe wants times that rise.
        self._last_ms = max(self._last_ms + 1, frame.captured_ns // MILLISECOND_NS)
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=frame.rgb)
        found = self._landmarker.detect_for_video(image, self._last_ms)
        if not found.face_landmarks:
            return None
        height, width = frame.rgb.shape[:2]
        marks = np.array([(mark.x, mark.y, mark.z) for mark in found.face_landmarks[0]], np.float32)
        points = marks * np.array([width, height, width], np.float32)
        return Face(
            points=points,
            blendshapes={shape.category_name: shape.score for shape in found.face_blendshapes[0]},
            pose=np.asarray(found.facial_transformation_matrixes[0], np.float32),
            eyes=patches(frame.rgb, points),
        )

    def close(self) -> None:
        """Free the native side; left to the garbage collector it fails at the end of the process."""
        self._landmarker.close()
