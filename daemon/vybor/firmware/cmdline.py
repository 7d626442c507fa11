"""Plans `cmdline.txt`: the kernel's options, one line for all. Pure."""

import re
from collections.abc import Sequence

from vybor.firmware.fragments import Edit, FileDamaged, Finding, State, Wanted

OPTION = re.compile(r'(?:"[^"]*"|[^\s"])+')
"""An option; a value in quotes may hold spaces."""
LONGEST = 2047
"""Bytes that an ARM64 kernel keeps of its command line (COMMAND_LINE_SIZE is 2048, with the byte that ends it)."""


def plan(text: str, wants: Sequence[Wanted]) -> Edit:
    """What the line should say: wanted options once, at its end; unwanted ones gone. Raises FileDamaged."""
    full = [line for line in text.split("\n") if line.strip("\ufeff \t\r")]
    if len(full) != 1:
        raise FileDamaged(
            f"cmdline.txt has {len(full)} lines where the kernel reads one; join them into one line and try again"
            if full
            else "cmdline.txt is empty, and a Pi does not start from it; restore it before anything else"
        )
    findings = tuple(_finding(want, OPTION.findall(full[0])) for want in wants)
    line = full[0]
    for want in wants:
        if want.unwanted:
            line = _without(line, want.line)
    added = [f.wanted.line for f in findings if f.state is State.MISSING]
    bare = line.rstrip(" \t\r") if added else line
    changed = " ".join((bare, *added)) + line[len(bare) :]
    if (length := len(changed.strip("\ufeff \t\r").encode())) > LONGEST:
        raise FileDamaged(
            f"cmdline.txt would have {length} bytes, and the kernel drops what is behind {LONGEST}; take out what "
            "nobody needs and try again"
        )
    return Edit(text.replace(full[0], changed, 1), findings)


def _finding(want: Wanted, options: Sequence[str]) -> Finding:
    saying = next((option for option in options if _says(option, want.line)), "")
    if want.unwanted:
        return Finding(wanted=want, state=State.CONTRADICTED if saying else State.THERE, instead=saying)
    return Finding(wanted=want, state=State.THERE if saying else State.MISSING)


def _says(option: str, wanted: str) -> bool:
    """Whether it says so, by itself or in a list such as cgroup_enable=cpuset,memory."""
    key, assigned, value = option.partition("=")
    wanted_key, wanted_assigned, wanted_value = wanted.partition("=")
    return (key, assigned) == (wanted_key, wanted_assigned) and wanted_value in value.split(",")


def _without(line: str, unwanted: str) -> str:
    """The line without an option, or without that one of a list; nothing else is touched."""

    def shortened(found: "re.Match[str]") -> str:
        option, space = found.group(1), found.group(2)
        if not _says(option, unwanted):
            return found.group(0)
        key, _, value = option.partition("=")
        left = [item for item in value.split(",") if item != unwanted.partition("=")[2]]
        return f"{key}={','.join(left)}{space}" if left else ""

    core = line.rstrip()
    shorter = re.sub(rf"({OPTION.pattern})([ \t]*)", shortened, core)
    # the last option leaves the space behind that stood before it
    return (shorter if shorter == core else shorter.rstrip()) + line[len(core) :]
