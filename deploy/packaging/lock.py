"""Writes wheels.lock: every wheel of an installed kit, pinned, with the hashes of all machines it may run on.

    python deploy/packaging/lock.py

One list for Python 3.11 and 3.13, x86-64 and ARM64: a library that resolves differently on one of them stops this.
The versions are those of deploy/constraints.txt, which the tests run with.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
PROJECT = HERE.parents[1] / "pyproject.toml"
CONSTRAINTS = HERE.parent / "constraints.txt"
LOCK = HERE / "wheels.lock"
EXTRAS = (
    "core",
    "journal",
    "sync",
    "display",
    "generator",
    "topics",
    "gaze",
    "eyetracker",
    "headband",
    "panel",
    "browser",
)
"""The device's own: nothing of the workshop, nothing of the tests."""
CLIENTS = {
    *("huggingface-hub", "hf-xet", "httpx2", "httpcore2", "truststore"),
    *("filelock", "fsspec", "tqdm", "pyyaml"),
}
"""huggingface-hub, with which tokenizers can download from a hub, and what it alone needs: a kit has no network.

tokenizers loads a file without it. (MediaPipe loads matplotlib and certifi when it is imported: they stay.)
"""
BESIDE_LIBLSL = {
    *("mne", "pyqtgraph", "qtpy", "pooch", "decorator", "lazy-loader", "psutil"),
    *("requests", "urllib3", "charset-normalizer", "platformdirs", "colorama"),
}
"""What mne-lsl asks for: the kit loads the library in its wheel, by pylsl, and nothing of its Python."""
INSTEAD = {"opencv-contrib-python": "opencv-python-headless"}
"""What MediaPipe asks for, and what the kit has: the same module without windows, which nobody opens. It spares
53 MB of the disk, and 14 of memory."""
PYTHONS = ("3.11", "3.13")
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
GLIBC_MINORS = (17, 26, 27, 28, 31, 34, 35, 36)
"""Wheels for these glibc 2.x run on Debian 12, whose glibc is 2.36."""


class Archive(msgspec.Struct):
    """Of pip's report: the hashes of one file."""

    hashes: dict[str, str]


class Download(msgspec.Struct):
    """Of pip's report: where one wheel comes from."""

    archive_info: Archive


class Metadata(msgspec.Struct):
    """Of pip's report: what a wheel calls itself."""

    name: str
    version: str


class Wheel(msgspec.Struct):
    """Of pip's report: one wheel."""

    metadata: Metadata
    download_info: Download


class Report(msgspec.Struct):
    """pip's installation report (PEP 710's cousin; pip.pypa.io, Installation Report)."""

    install: list[Wheel]


def target(python: str, architecture: str) -> list[str]:
    """What pip is told, to get wheels of another machine."""
    machine = MACHINES[architecture]
    platforms = (f"manylinux_2_{minor}_{machine}" for minor in GLIBC_MINORS)
    return [
        "--only-binary=:all:",
        "--implementation=cp",
        f"--python-version={python}",
        f"--platform=manylinux2014_{machine}",
        *(f"--platform={platform}" for platform in platforms),
    ]


def needs() -> list[str]:
    """What the device needs, as pyproject.toml says it."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = [need for extra in EXTRAS for need in project["optional-dependencies"][extra]]
    return list(dict.fromkeys([*project["dependencies"], *extras]))


def resolve(python: str, architecture: str) -> dict[str, str]:
    """`name==version` and the SHA-256 of every wheel for one machine."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "-qq"]
        command += [f"--report={report}", f"--target={scratch}/site", "-c", str(CONSTRAINTS)]
        subprocess.run([*command, *target(python, architecture), *needs(), *INSTEAD.values()], check=True)
        wheels = msgspec.json.decode(report.read_bytes(), type=Report).install
    return {
        f"{wheel.metadata.name.lower()}=={wheel.metadata.version}": wheel.download_info.archive_info.hashes[
            "sha256"
        ]
        for wheel in wheels
        if wheel.metadata.name.lower().replace("_", "-") not in CLIENTS | BESIDE_LIBLSL | INSTEAD.keys()
    }


def main() -> int:
    """Resolve for every machine and write the lock."""
    resolved = {(python, machine): resolve(python, machine) for python in PYTHONS for machine in MACHINES}
    names = {frozenset(wheels) for wheels in resolved.values()}
    if len(names) != 1:
        odd = frozenset.union(*names) - frozenset.intersection(*names)
        print(f"lock: the machines need different wheels: {json.dumps(sorted(odd))}", file=sys.stderr)
        return 1
    lines = ["# Written by deploy/packaging/lock.py: every wheel of an installed kit, for Python 3.11 and 3.13,"]
    lines += ["# x86-64 and ARM64."]
    for name in sorted(names.pop()):
        hashes = sorted({wheels[name] for wheels in resolved.values()})
        lines.append(" \\\n".join((name, *(f"    --hash=sha256:{digest}" for digest in hashes))))
    LOCK.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(LOCK)
    return 0


if __name__ == "__main__":
    sys.exit(main())
