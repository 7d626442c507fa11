"""Plans a file of keys in sections (BlueZ's `main.conf`): single keys are set, all else stays as it is. Pure.

GLib reads it (`GKeyFile`): a section may stand there twice, and the last value of a key holds.
"""

import re
from collections.abc import Iterator, Sequence

from vybor.firmware import fragments
from vybor.firmware.config_txt import OFF
from vybor.firmware.fragments import Edit, Finding, State, Wanted, lines_of


def plan(text: str, wants: Sequence[Wanted]) -> Edit:
    """What the file should say: each key once with its value, behind its commented default if there is one."""
    findings: list[Finding] = []
    for want in wants:
        lines = lines_of(text)
        key, _, value = want.line.partition("=")
        said = [number for number, name in _keys(lines, want.section) if name == key]
        against = [number for number in said if _value(lines[number]) != value]
        there = bool(said) and not against
        state = State.THERE if there else State.CONTRADICTED if against else State.MISSING
        instead = lines[against[-1]].strip() if against else ""
        findings.append(Finding(wanted=want, state=state, instead=instead))
        if not there:
            text = _set(lines, want, against, said)
    return Edit(text, tuple(findings))


def _set(lines: list[str], want: Wanted, against: Sequence[int], said: Sequence[int]) -> str:
    """The file with the key set; other values of it are commented out."""
    end = fragments.end_of_line("".join(lines))
    for number in against:
        lines[number] = OFF + lines[number]
    if len(said) > len(against):
        return "".join(lines)
    place = against[-1] + 1 if against else _place(lines, want)
    if place is None:
        return f"{fragments.ended(''.join(lines))}{end if lines else ''}[{want.section}]{end}{want.line}{end}"
    before = fragments.ended("".join(lines[:place]))
    return f"{before}{want.line}{end}{''.join(lines[place:])}"


def _place(lines: Sequence[str], want: Wanted) -> int | None:
    """The line behind which a new key belongs; None if its section is not there."""
    key = want.line.partition("=")[0]
    default = re.compile(rf"#\s*{re.escape(key)}\s*=")
    place = None
    for number, section, line in _sections(lines):
        if section == want.section and line.strip():
            place = number + 1
        if section == want.section and default.match(line.strip()):
            return number + 1
    return place


def _sections(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Every line with its number and its section."""
    section = ""
    for number, line in enumerate(lines):
        if heading := fragments.SECTION.fullmatch(line.strip()):
            section = heading.group(1)
        yield number, section, line


def _keys(lines: Sequence[str], wanted: str) -> Iterator[tuple[int, str]]:
    for number, section, line in _sections(lines):
        key, assigned, _ = line.partition("=")
        if section == wanted and assigned and not line.lstrip().startswith(("#", "[")):
            yield number, key.strip()


def _value(line: str) -> str:
    return line.partition("=")[2].strip()
