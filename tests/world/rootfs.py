"""Root file systems of Debian with the kit's packages installed, made once and kept for the next run."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = ("mmdebstrap", "systemd-nspawn", "dpkg-deb")
SUITES = {(3, 11): "bookworm", (3, 13): "trixie"}
"""By the Python that runs the stand-ins: they use this machine's libraries."""
SYSTEM = ("systemd", "systemd-sysv", "dbus", "udev", "debconf")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "vybor" / "machines"
KEPT = 3
"""Installed trees in the cache; each has about 1.7 GB."""


def missing() -> str:
    """Why no machine can be made here; empty if one can."""
    if os.geteuid() != 0:
        return "a machine of its own needs root"
    if platform.machine() != "x86_64":
        return "a machine of its own is one of x86-64, whose programs this machine does not run"
    if sys.version_info[:2] not in SUITES:
        return "a machine of its own needs Python 3.11 or 3.13, as Debian has it"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"a machine of its own needs {', '.join(absent)}" if absent else ""


def run(*command: str | Path) -> str:
    """Run a program to its end; its words are the error's if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}): {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def dependencies(package: Path, suite: str) -> list[str]:
    """What a package needs of the distribution; of alternatives the one that the suite has."""
    chosen = []
    for need in run("dpkg-deb", "-f", package, "Depends").replace("\n", " ").split(","):
        names = [re.sub(r"\s*\(.*?\)", "", name).strip() for name in need.split("|")]
        chosen.append(next(name for name in names if suite != "bookworm" or not name.endswith("t64")))
    return [name for name in chosen if name and not name.startswith("vybor")]


def base(suite: str, architecture: str, needs: Sequence[str], cache: Path) -> Path:
    """A minimal system with `needs`, from the cache if it was made before."""
    wanted = sorted({*SYSTEM, *needs})
    key = hashlib.sha256(" ".join((suite, architecture, *wanted)).encode()).hexdigest()[:12]
    place = cache / f"base-{key}"
    if not place.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=cache, prefix="new-"))
        run(
            "mmdebstrap",
            "--quiet",
            "--variant=minbase",
            "--format=directory",
            f"--architectures={architecture}",
            f"--include={','.join(wanted)}",
            suite,
            fresh,
        )
        fresh.rename(place)
    return place


def installed(suite: str, architecture: str, packages: Sequence[Path], cache: Path) -> Path:
    """A system on which the packages are installed, from the cache if it was made before."""
    told = hashlib.sha256(suite.encode())
    for package in packages:
        with package.open("rb") as opened:
            told.update(hashlib.file_digest(opened, "sha256").digest())
    place = cache / f"installed-{told.hexdigest()[:12]}"
    if place.exists():
        place.touch()
        return place
    needs = [need for package in packages for need in dependencies(package, suite)]
    under = base(suite, architecture, needs, cache)
    fresh = Path(tempfile.mkdtemp(dir=cache, prefix="new-"))
    run("cp", "-a", "--reflink=auto", f"{under}/.", fresh)
    fresh.chmod(0o755)
    (fresh / "packages").mkdir()
    for package in packages:
        shutil.copy(package, fresh / "packages")
    run(
        "systemd-nspawn",
        *QUIETLY,
        "-D",
        fresh,
        "sh",
        "-c",
        "dpkg --force-unsafe-io -i /packages/*.deb && rm -r /packages",
    )
    fresh.rename(place)
    for old in sorted(cache.glob("installed-*"), key=lambda tree: tree.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old)
    return place


QUIETLY = ("--quiet", "--register=no", "--keep-unit", "--private-network")
"""systemd-nspawn's options where systemd does not run outside; there is no network but loopback."""
