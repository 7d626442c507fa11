"""What an image needs: decided from what is there, each lack in one sentence. Writes nothing."""

import functools
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUITES = {
    "trixie": ("2026-06-18-raspios-trixie-arm64", "deb13", "cloudinit-rpi"),
    "bookworm": ("2026-06-18-raspios-bookworm-arm64", "deb12", "systemd"),
}
"""Of each: the version of pi-gen that the recipe was written for, how our packages are marked, and by what
Raspberry Pi Imager sets user, key and network (its `init_format`)."""
SOURCE = "https://github.com/RPi-Distro/pi-gen"
ARCHITECTURE = "arm64"
NEEDED_GB = 20
"""Four systems, each a copy of the one before (.6 + .9 + 2 + 3 GB), the image and its copy (4.5 GB each), and the
packages of Debian. Reckoned, never measured."""
USAGE, NO_INPUT, UNAVAILABLE, TRY_LATER, NO_PERMISSION = 64, 66, 69, 75, 77
"""Exit codes, as sysexits(3) has them."""
NAME = re.compile(r"(?!root$)[a-z][-a-z0-9]{0,30}")
KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/=]+( [^\n]*)?\n?")
PLAIN = re.compile(r"[-+.,/\w]+", re.ASCII)


class Refused(Exception):
    """Something is missing or wrong: an exit code, and one sentence that names it and the remedy."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Machine:
    """What the machine at hand is like, as far as pi-gen cares."""

    architecture: str
    """As uname -m says."""
    runs_arm64: bool
    is_root: bool
    programs: str
    """Where they are looked for: a PATH."""
    free_gb: float | None = None
    """None: it is looked up."""


def name(what: str, given: str) -> str:
    """A user's or a machine's name."""
    if not NAME.fullmatch(given):
        raise Refused(USAGE, f"{given!r} is no name of a {what}: small letters, digits and '-', as in kit-2")
    return given


def plain(path: Path) -> Path:
    """A whole path that pi-gen and debootstrap can bear."""
    whole = path.resolve()
    if not PLAIN.fullmatch(str(whole)):
        raise Refused(
            USAGE, f"pi-gen cannot work in '{whole}': take a folder without spaces and signs in its name"
        )
    return whole


def public_key(file: Path | None) -> str:
    """The line of a public SSH key; empty if none is wanted."""
    if file is None:
        return ""
    like = "name your public key, as in ~/.ssh/id_ed25519.pub"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(NO_INPUT, f"{file} cannot be read; {like}") from None
    if "PRIVATE KEY" in text:
        raise Refused(USAGE, f"{file} is the private half and stays with you; {like}")
    if not KEY.fullmatch(text):
        raise Refused(USAGE, f"{file} is no public SSH key of one line; {like}")
    return text.strip()


def clone(suite: str) -> str:
    """The command that fetches pi-gen."""
    return f"git clone --branch {SUITES[suite][0]} {SOURCE}"


def program(called: str) -> None:
    """A program that is needed before anything else can be looked at."""
    if shutil.which(called) is None:
        raise Refused(UNAVAILABLE, f"{called} is missing; on Debian or Ubuntu: sudo apt install {called}")


def checkout(place: Path, suite: str) -> str:
    """The commit of a checkout of pi-gen, which must be the one that the recipe was written for."""
    if not (place / "build.sh").exists():
        raise Refused(NO_INPUT, f"there is no pi-gen in {place}: {clone(suite)}")
    program("git")
    tag = SUITES[suite][0]
    # The checkout is its owner's, and this is root.
    git = ["git", "-c", "safe.directory=*", "-C", str(place), "rev-parse", "--verify", "--quiet"]
    commits = [
        subprocess.run([*git, what], capture_output=True, text=True, check=False).stdout.strip()
        for what in ("HEAD", f"{tag}^{{commit}}")
    ]
    if not commits[0] or commits[0] != commits[1]:
        raise Refused(UNAVAILABLE, f"{place} is not at {tag}, which the recipe was written for: {clone(suite)}")
    return commits[0]


def older(first: Path, second: Path) -> int:
    """Below 0 if dpkg holds the first package for older; for sorting."""
    versions = [package.name.split("_")[1] for package in (first, second)]
    told = subprocess.run(["dpkg", "--compare-versions", versions[0], "lt", versions[1]], check=False)
    return -1 if told.returncode == 0 else int(versions[0] != versions[1])


def packages(folder: Path, suite: str) -> list[Path]:
    """The newest of both packages in a folder."""
    program("dpkg")
    again = f"deploy/package --suite {suite} --architecture {ARCHITECTURE} --out {folder}"
    found = []
    for pattern in (f"vybor_*+{SUITES[suite][1]}_{ARCHITECTURE}.deb", "vybor-factory-model_*_all.deb"):
        there = sorted(folder.glob(pattern), key=functools.cmp_to_key(older))
        if not there:
            others = [other.name for other in sorted(folder.glob(f"{pattern.partition('_')[0]}_*.deb"))]
            instead = f", only {', '.join(others)}" if others else ""
            raise Refused(NO_INPUT, f"there is no {pattern} in {folder}{instead}; make it: {again}")
        found.append(there[-1])
    for package in found:
        command = ["dpkg-deb", "-f", str(package), "Architecture"]
        says = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        if says not in (ARCHITECTURE, "all"):
            wrong = f"is for {says}, whatever its name says" if says else "is damaged"
            raise Refused(NO_INPUT, f"{package} {wrong}; make it again: {again}")
    return found


def missing(depends: str, path: str) -> list[str]:
    """What to install for pi-gen: its file `depends` names a program a line, with its package behind ':'."""
    lacks = set()
    for line in depends.splitlines():
        called, _, package = line.partition("#")[0].strip().partition(":")
        if called and shutil.which(called, path=path) is None:
            lacks.add(package or called)
    return sorted(lacks)


def machine(here: Machine, pi_gen: Path, room_gb: float, out: Path) -> None:
    """Whether this machine can make an image; raises Refused."""
    if not here.is_root:
        raise Refused(NO_PERMISSION, "pi-gen mounts what it makes and so needs root: call this with sudo")
    if lacks := missing((pi_gen / "depends").read_text(encoding="utf-8"), here.programs):
        raise Refused(UNAVAILABLE, f"pi-gen needs what is not there: sudo apt install {' '.join(lacks)}")
    if not here.runs_arm64:
        raise Refused(
            UNAVAILABLE,
            f"this machine is {here.architecture} and runs no ARM64 programs: sudo apt install qemu-user-static "
            "(on Debian 13 qemu-user-binfmt), or take a Pi with 64 bits",
        )
    if room_gb < NEEDED_GB:
        raise Refused(TRY_LATER, f"{out} has room for {room_gb:.0f} GB of {NEEDED_GB} needed: name another --out")


def finished(log: str, stages: Sequence[Path]) -> list[Path]:
    """The stages that pi-gen's log says were brought to their end, from the first one without a gap."""
    done = []
    for stage in stages:
        if not re.search(rf"\] End {re.escape(str(stage))}$", log, re.MULTILINE):
            break
        done.append(stage)
    return done


def quoted(values: Mapping[str, str]) -> str:
    """Lines that a shell reads as these values, whatever is in them."""
    return "".join("{}='{}'\n".format(key, value.replace("'", "'\\''")) for key, value in values.items())
