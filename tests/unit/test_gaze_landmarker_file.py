"""The landmarker's file: missing or wrong is one sentence with the remedy, and both halves want the same bytes."""

from pathlib import Path

import pytest

from vybor.foundation.errors import Missing
from vybor.gaze.faces import landmarker_file
from vybor_workshop import landmarker


def test_a_missing_file_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"face_landmarker\.task cannot be read .*vybor-workshop share"):
        landmarker_file.read(tmp_path / "face_landmarker.task")


def test_other_bytes_are_refused_by_their_hash(tmp_path: Path) -> None:
    path = tmp_path / "face_landmarker.task"
    path.write_bytes(b"another model")
    with pytest.raises(Missing, match=r"has the hash 93dc44381b526080…, not 64184e229b263107…"):
        landmarker_file.read(path)


def test_what_the_workshop_fetches_is_what_the_kit_wants() -> None:
    assert landmarker.MATERIAL.sha256 == landmarker_file.SHA256
