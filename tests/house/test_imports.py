"""Each process leaves the others' heavy modules alone: what is loaded is looked at, not what is written."""

import subprocess
import sys

import pytest

from vybor.processes import PROCESSES, Process

HEAVY = {module for process in PROCESSES for module in process.owns}
ALSO_HEAVY = {"numpy", "scipy", "torch", "transformers", "optimum", "onnx", "gguf", "matplotlib", "vybor_workshop"}
ALSO_HEAVY |= {"pypdf", "docx", "lxml"}  # whoever adds a document reads it: no process does
ALSO_HEAVY |= {"picamera2", "libcamera"}  # of the system's Python; no process of ours imports them

ALLOWED = {
    "gaze": {"numpy", "matplotlib"},  # mediapipe draws with matplotlib
    "eyetracker": {"numpy"},
    "headband": {"numpy", "scipy"},
    "generator": {"numpy"},
}


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_process_loads_its_own_heavy_modules_at_most(process: Process) -> None:
    loaded = loaded_by(f"from vybor.processes import BY_NAME; BY_NAME[{process.name!r}].load()")
    foreign = (HEAVY | ALSO_HEAVY) - set(process.owns) - ALLOWED.get(process.name, set())
    assert loaded & foreign == set()


def test_the_command_line_loads_nothing_heavy() -> None:
    assert loaded_by("import vybor.cli") & (HEAVY | ALSO_HEAVY) == set()
