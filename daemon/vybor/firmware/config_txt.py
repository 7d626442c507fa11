"""Plans `config.txt` of a Raspberry Pi: what is missing comes into a marked block at its end. Pure.

The firmware reads from top to bottom; the last value of a property holds, overlays add up. Filters such as [pi5]
hold until another of their kind, or [all], ends them (Raspberry Pi documentation, "Conditional filters").
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

import msgspec

from vybor.firmware import fragments
from vybor.firmware.boards import RELATIVES, Board
from vybor.firmware.fragments import Edit, FileDamaged, Finding, State, Wanted, lines_of

BEGIN = "# --- vybor: begin. Written by `vybor firmware apply`, which replaces it as a whole"
END = "# --- vybor: end"
WITH = "# with: "
"""In the block, before the names of the profiles that it was made with."""
OFF = "#vybor-off: "
"""Stands before a line of somebody else that contradicts the kit."""
MODEL = re.compile(r"(pi|cm)\d.*")
YES = {"on", "1", "true", "yes", "y", "enable", "enabled", "okay"}
NO = {"off", "0", "false", "no", "n", "disable", "disabled"}


class Reach(IntEnum):
    """Whether a line holds for a board."""

    NEVER = 0
    PERHAPS = 1
    """Depends on what only the running firmware knows: a pin, a screen, a serial number, the exact model."""
    SURELY = 2


class Setting(msgspec.Struct, frozen=True):
    """One thing that a line says. `kind` is dtoverlay, dtparam, or empty for a plain property."""

    kind: str
    name: str
    value: str


class Said(msgspec.Struct, frozen=True):
    """A setting of the file, and where it holds."""

    number: int
    """The line, from 0."""
    setting: Setting
    reach: Reach


def plan(text: str, wants: Sequence[Wanted], board: Board, names: Sequence[str] = ()) -> Edit:
    """What the file should say for this board; the block remembers `names`.

    Raises FileDamaged if the kit's block has no end.
    """
    wants = [want for want in wants if want.section in (fragments.ALL, board.value)]
    lines = lines_of(_without_block(text))
    for number in _contradicting([want for want in wants if want.unwanted], list(_said(lines, board))):
        lines[number] = OFF + lines[number]
    others = "".join(lines)
    alone = _findings(wants, lines, board)
    absent = [f.wanted for f in alone if f.state is not State.THERE and not f.wanted.unwanted]
    if absent:
        others = fragments.ended(others)
        end = fragments.end_of_line(text)
        if _filters(lines):
            # so that whatever stands behind the block keeps its meaning when the block is moved
            others += f"[{fragments.ALL}]{end}"
        others += "".join(line + end for line in _block(absent, names))
    return Edit(others, _findings(wants, lines_of(text), board))


def value_of(text: str, name: str, board: Board) -> str:
    """The value that holds for a plain property; empty if there is none."""
    settings = [s.setting for s in _said(lines_of(text), board) if s.reach is Reach.SURELY]
    return next((s.value for s in reversed(settings) if not s.kind and s.name == name), "")


def remembered(text: str) -> tuple[str, ...]:
    """The names in the kit's block."""
    for line in _block_of(text):
        if line.startswith(WITH):
            return tuple(name.strip() for name in line.removeprefix(WITH).split(","))
    return ()


def lost(before: str, after: str) -> tuple[str, ...]:
    """Lines inside the kit's block that the next one has not: a profile's of before, or somebody else's."""
    kept = {line.strip() for line in lines_of(after)}
    return tuple(
        line for line in _block_of(before) if settings_of(line) and line not in kept and not line.startswith("#")
    )


def included(text: str) -> tuple[str, ...]:
    """The files that the firmware reads as well, and nobody here does."""
    words = (line.split() for line in lines_of(text))
    return tuple(line[1] for line in words if len(line) == 2 and line[0] == "include")


def settings_of(line: str) -> tuple[Setting, ...]:
    """What a line says; nothing for a comment, a heading or an include."""
    key, assigned, value = (part.strip() for part in line.strip().lstrip("\ufeff").partition("="))
    if not assigned or key.startswith("#"):
        return ()
    if key == "dtoverlay":
        return (Setting("dtoverlay", value.split(",")[0].strip(), ""),)
    if key == "dtparam":
        parts = (part.partition("=") for part in value.split(","))
        return tuple(
            Setting("dtparam", name.strip(), _truth(setting.strip() or "on")) for name, _, setting in parts
        )
    return (Setting("", key, value),)


def _truth(value: str) -> str:
    lower = value.lower()
    return "on" if lower in YES else "off" if lower in NO else value


def _without_block(text: str) -> str:
    kept: list[str] = []
    begun: int | None = None
    for number, line in enumerate(lines_of(text), start=1):
        if line.strip() == BEGIN:
            begun = number
        elif line.strip() == END and begun is not None:
            begun = None
        elif begun is None:
            kept.append(line)
    if begun is not None:
        raise FileDamaged(
            f"config.txt, line {begun}: Vybor's block begins here and never ends; put a line {END!r} where it "
            "should, or delete this line"
        )
    return "".join(kept)


def _block_of(text: str) -> Iterator[str]:
    inside = False
    for line in map(str.strip, lines_of(text)):
        inside = line == BEGIN or (inside and line != END)
        if inside:
            yield line


def _block(absent: Sequence[Wanted], names: Sequence[str]) -> Iterator[str]:
    yield BEGIN
    if names:
        yield WITH + ", ".join(names)
    for section in dict.fromkeys(want.section for want in absent):
        yield f"[{section}]"
        yield from (want.line for want in absent if want.section == section)
    if absent[-1].section != fragments.ALL:
        yield f"[{fragments.ALL}]"
    yield END


def _filters(lines: Sequence[str]) -> dict[str, str]:
    """The filters that hold behind these lines, by their kind."""
    filters: dict[str, str] = {}
    for line in lines:
        filters = _filtered(line, filters)
    return filters


def _filtered(line: str, filters: dict[str, str]) -> dict[str, str]:
    """The filters behind a line, given those before it."""
    heading = fragments.SECTION.fullmatch(line.strip().lstrip("\ufeff"))
    if not heading:
        return filters
    name = heading.group(1).strip().lower()
    if name == fragments.ALL:
        return {}
    kind = "model" if MODEL.fullmatch(name) else re.split(r"[=:\d]", name)[0]
    return {**filters, kind: name}


def _reach(filters: dict[str, str], board: Board) -> Reach:
    return min((_reach_of(kind, name, board) for kind, name in filters.items()), default=Reach.SURELY)


def _reach_of(kind: str, name: str, board: Board) -> Reach:
    if name == board.value:
        return Reach.SURELY
    if kind == "none" or (kind == "model" and name not in RELATIVES[board]):
        return Reach.NEVER
    return Reach.PERHAPS


def _said(lines: Sequence[str], board: Board) -> Iterator[Said]:
    filters: dict[str, str] = {}
    for number, line in enumerate(lines):
        filters = _filtered(line, filters)
        reach = _reach(filters, board)
        if reach is not Reach.NEVER:
            yield from (Said(number, setting, reach) for setting in settings_of(line))


def _findings(wants: Sequence[Wanted], lines: Sequence[str], board: Board) -> tuple[Finding, ...]:
    said = list(_said(lines, board))
    return tuple(_finding(want, said, lines) for want in wants)


def _finding(want: Wanted, said: Sequence[Said], lines: Sequence[str]) -> Finding:
    (wanted,) = settings_of(want.line)
    if want.unwanted:
        against = _contradicting([want], said)
        state = State.CONTRADICTED if against else State.THERE
    elif wanted.kind == "dtoverlay":
        loaded = any(_is_overlay(s.setting, wanted.name) for s in said if s.reach is Reach.SURELY)
        against, state = [], State.THERE if loaded else State.MISSING
    else:
        state, against = _valued(wanted, said)
    return Finding(wanted=want, state=state, instead=lines[against[-1]].strip() if against else "")


def _valued(wanted: Setting, said: Sequence[Said]) -> tuple[State, list[int]]:
    """The last word counts, and a filter that may hold may have it."""
    against: list[int] = []
    there = False
    for one in said:
        if (one.setting.kind, one.setting.name) != (wanted.kind, wanted.name):
            continue
        if one.setting.value != wanted.value:
            against.append(one.number)
        elif one.reach is Reach.SURELY:
            there, against = True, []
    if against:
        return State.CONTRADICTED, against
    return State.THERE if there else State.MISSING, []


def _contradicting(unwanted: Sequence[Wanted], said: Sequence[Said]) -> list[int]:
    """The lines that say what must not be said."""
    bad = [setting for want in unwanted for setting in settings_of(want.line)]
    return sorted(
        {
            one.number
            for one in said
            if any(
                one.setting == setting or (setting.kind == "dtoverlay" and _is_overlay(one.setting, setting.name))
                for setting in bad
            )
        }
    )


def _is_overlay(setting: Setting, name: str) -> bool:
    """Whether it loads an overlay, by its own name or that of its form for one board (vc4-kms-v3d-pi5)."""
    return setting.kind == "dtoverlay" and re.fullmatch(rf"{re.escape(name)}(-pi\d)?", setting.name) is not None
