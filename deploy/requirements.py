"""Prints what demo, tests and benches need: the kit's own needs, the extras of its rooms, the tests' groups.

With --small the kit's own needs alone: with these every command says what it does and which version it is.
"""

import sys
import tomllib
from pathlib import Path

EXTRAS = (
    "core",
    "journal",
    "sync",
    "display",
    "generator",
    "topics",
    "gaze",
    "headband",
    "eyetracker",
    "panel",
    "browser",
    "systemd",
    "supervisor",
    "workshop",
)
GROUPS = ("world", "dev")

project = tomllib.loads(Path(__file__).with_name("..").joinpath("pyproject.toml").read_text(encoding="utf-8"))
needs = list(project["project"]["dependencies"])
if "--small" not in sys.argv:
    for extra in EXTRAS:
        needs += project["project"]["optional-dependencies"][extra]
    for group in GROUPS:
        needs += project["dependency-groups"][group]
print("\n".join(dict.fromkeys(needs)))
