"""The folder of WebGazer.js that the owner fetched: what of it a page may ask for."""

from collections.abc import Mapping
from pathlib import Path

SCRIPT = Path("dist/webgazer.js")
MEDIAPIPE = Path("dist/mediapipe/face_mesh")
KINDS = {".js": "text/javascript", ".wasm": "application/wasm"}
OTHER = "application/octet-stream"
MISSING = "there is no {path}; fetch it as `vybor browser --webgazer` says, or mend browser.webgazer"


def problem(folder: Path) -> str:
    """Why the eyes cannot be followed by it: a sentence; empty: they can."""
    for part in (SCRIPT, MEDIAPIPE / "face_mesh.js"):
        try:
            if not (folder / part).is_file():
                return MISSING.format(path=folder / part)
        except OSError as error:
            return f"{folder / part} cannot be looked at ({error.strerror}); mend its rights"
    return ""


def served(folder: Path) -> Mapping[str, tuple[Path, str]]:
    """Where each file is asked for, where it lies, of what kind it is; nothing else is given out."""
    beside = (each.name for each in sorted((folder / MEDIAPIPE).iterdir()) if each.is_file())
    parts = (SCRIPT, *(MEDIAPIPE / name for name in beside))
    return {
        f"/webgazer/{part.relative_to('dist')}": (folder / part, KINDS.get(part.suffix, OTHER)) for part in parts
    }
