"""No library of ours tells anybody that somebody uses it."""

import os
import subprocess
import sys
from pathlib import Path

LOAD = "import onnxruntime; onnxruntime.SessionOptions()"


def written(code: str, home: Path) -> set[str]:
    """What stands in a home after some code."""
    home.mkdir()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "CI", "ORT_"))
    }
    subprocess.run(
        [sys.executable, "-c", code], env={**environment, "HOME": str(home)}, check=True, capture_output=True
    )
    return {path.name for path in home.rglob("*") if path.is_file()}


def test_onnxruntime_numbers_no_device_of_ours(tmp_path: Path) -> None:
    """The first half shows that it would: without it the second could not fail."""
    assert "deviceid" in written(LOAD, tmp_path / "without")
    assert written(f"import vybor; {LOAD}", tmp_path / "with") == set()
