"""What every bench writes."""

import json
import math
import os
import platform
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

BEGAN = "VYBOR_BENCH_BEGAN"
"""The commit as it was when the bench was started (deploy/bench)."""
OWN_OPTIONS = ("--share", "--json")
"""Of these every bench has its own value; they decide no figure."""


class Origin(msgspec.Struct, frozen=True, order=True):
    """Where figures, or some of them, come from."""

    commit: str
    machine: str


def write(
    bench: str,
    figures: Mapping[str, float],
    file: Path | None,
    *,
    left: int = 0,
    origins: Collection[Origin] = (),
) -> None:
    """Print the figures, and write them as JSON if a file is named; what is no finite number is left out of that.

    `left`: how much is still to be done. `origins`: where they come from, if not all from here and now.
    """
    for key, value in sorted(figures.items()):
        print(f"{key} = {value:g}")
    told = {key: value for key, value in sorted(figures.items()) if math.isfinite(value)}
    if len(told) < len(figures):
        print(f"bench: no number, and not written: {', '.join(sorted(set(figures) - set(told)))}", file=sys.stderr)
    if file:
        every = sorted(set(origins) or {here()})
        content = {
            "bench": bench,
            "options": asked(sys.argv[1:]),
            "left": left,
            "commit": ", ".join(dict.fromkeys(each.commit for each in every)),
            "machine": "; ".join(dict.fromkeys(each.machine for each in every)),
            "figures": told,
        }
        file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """The value below which so large a share lies, the larger neighbour taken."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def asked(words: Sequence[str]) -> list[str]:
    """The options that decide what is measured; of a path its last part, for where it lies is nobody's matter."""
    told, given = [], iter(words)
    for word in given:
        name, _, value = word.partition("=")
        if name in OWN_OPTIONS:
            if not value:
                next(given, None)
        else:
            told.append(Path(word).name if "/" in word else word)
    return told


def here() -> Origin:
    """The commit that is measured, on the machine that it is measured on."""
    return Origin(commit(), machine())


def commit() -> str:
    """The commit that is measured; `+`: the tree has changes beside it, or became another one meanwhile."""
    now = _now()
    began = os.environ.get(BEGAN) or now
    return began if began == now else f"{began.removesuffix('+')}+"


def _now() -> str:
    head = _git("rev-parse", "--short=12", "HEAD")
    return (head or "unknown") + ("+" if _git("status", "--porcelain", "--", ":!deploy/measured") else "")


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def machine() -> str:
    """What it was measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    cores = len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")])
    return f"{model}, {cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    print(commit())
