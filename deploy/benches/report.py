"""What every bench writes."""

import json
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path


def write(bench: str, figures: Mapping[str, float], file: Path | None) -> None:
    """Print the figures, and write them as JSON if a file is named."""
    for key, value in sorted(figures.items()):
        print(f"{key} = {value:g}")
    if file:
        content = {
            "bench": bench,
            "commit": commit(),
            "machine": machine(),
            "figures": dict(sorted(figures.items())),
        }
        file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """The value below which so large a share lies, the larger neighbour taken."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def commit() -> str:
    """The commit that is measured; `+` says that the tree has changes beside it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return (head or "unknown") + ("+" if _git("status", "--porcelain") else "")


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def machine() -> str:
    """What it was measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    cores = len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")])
    return f"{model}, {cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
