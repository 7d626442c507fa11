"""The lines that the kit wants in files of the machine, with their reasons: read from `firmware_config/`."""

import re
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.foundation.errors import Missing, VyborError

FOLDERS = (Path(__file__).parents[1] / "firmware_config", Path(__file__).parents[3] / "firmware_config")
"""Where the fragments lie: inside `vybor` in a wheel, at the top of a checkout."""
SECTION = re.compile(r"\[([^\]]+)\]\s*")
UNWANTED = "-"
ALL = "all"


class FileDamaged(VyborError):
    """A file of the machine is not what it should be, so that nobody dares to change it."""

    exit_code = 65  # EX_DATAERR


class State(StrEnum):
    """How a wanted line stands in a file."""

    THERE = "there"
    MISSING = "missing"
    CONTRADICTED = "contradicted"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One line that should be in a file, or must not be."""

    section: str = ALL
    line: str
    why: str = ""
    unwanted: bool = False


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How one wanted line stands, and what is in its way."""

    wanted: Wanted
    state: State
    instead: str = ""
    """The line that contradicts it."""


class Edit(msgspec.Struct, frozen=True):
    """What a file should say, and how its lines stand now."""

    text: str
    findings: tuple[Finding, ...]


def folder() -> Path:
    """Where the fragments lie. Raises Missing."""
    for path in FOLDERS:
        if path.is_dir():
            return path
    raise Missing(f"the fragments of the firmware are not in {FOLDERS[0]}; install the kit again")


def read(name: str) -> str:
    """A fragment as it stands. Raises Missing."""
    path = folder() / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Missing(f"{path} cannot be read ({error.strerror}); install the kit again") from None


def parse(text: str, why: str = "") -> tuple[Wanted, ...]:
    """The wanted lines of a fragment: the comment right above a line, or `why`, is its reason."""
    wanted: list[Wanted] = []
    section, comment = ALL, ""
    for raw in text.split("\n"):
        line = raw.strip()
        if line.startswith("#"):
            comment = f"{comment} {line.lstrip('# ')}".strip()
            continue
        if heading := SECTION.fullmatch(line):
            section = heading.group(1)
        elif line:
            bare = line.removeprefix(UNWANTED)
            wanted.append(
                Wanted(section=section, line=bare, why=comment or why, unwanted=line.startswith(UNWANTED))
            )
        comment = ""
    return tuple(wanted)


def lines_of(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, whatever else Unicode knows."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def end_of_line(text: str) -> str:
    """What ends the lines of a file."""
    return "\r\n" if "\r\n" in text else "\n"


def ended(text: str) -> str:
    """The text with its last line ended."""
    return text if not text or text.endswith("\n") else text + end_of_line(text)
