"""The house stays as it was drawn: the top level, the sizes, no paths of a machine, no drawers."""

import ast
import re
import runpy
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[2]
TOP = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "NOTICE",
    "daemon",
    "firmware_config",
    "models",
    "deploy",
    "tests",
    "systemd",
}
LINES = 400
FUNCTION_LINES = 60
ONE_FILE_BY_RULE = Path("daemon/vybor/contracts/messages.py")
"""The language of the house stands in one file, however long it gets."""
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this tree is not under git")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_the_top_level_is_fixed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP


def test_rooms_are_not_crowded() -> None:
    long = {path.relative_to(ROOT) for path in tracked("*.py") if len(path.read_text().splitlines()) > LINES}
    assert long <= {ONE_FILE_BY_RULE}


def test_functions_can_be_read_in_one_sitting() -> None:
    long = []
    for path in tracked("daemon/*.py", "models/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES:
                long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []


def test_no_path_of_a_machine_is_named() -> None:
    machine = re.compile(r"(?<![\w.~$}])/(?:work|root|home/\w+)/")
    texts = [path for path in tracked() if path.suffix in {".py", ".md", ".toml", ".sh", ""}]
    assert [path.name for path in texts if machine.search(path.read_text())] == []


def test_there_are_no_drawers() -> None:
    assert [path.name for path in tracked("*.py") if path.stem in DRAWERS] == []


def test_nothing_catches_everything() -> None:
    broad = re.compile(r"except\s*(?:Exception|BaseException)?\s*:")
    assert [p.name for p in tracked("daemon/*.py", "models/*.py") if broad.search(p.read_text())] == []


@pytest.mark.parametrize("asked_for", ["default", "ci"])
def test_no_example_is_timed_whichever_profile_is_asked_for(asked_for: str) -> None:
    before = settings.get_current_profile_name()
    try:
        settings.load_profile(asked_for)
        runpy.run_path(str(ROOT / "tests" / "conftest.py"))
        assert settings().deadline is None
        assert settings().derandomize is (asked_for == "ci")  # and nothing else of it is changed
    finally:
        settings.load_profile(before)
