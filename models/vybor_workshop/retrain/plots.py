"""How a training went, as pictures: what was learned of one's own, of general text, and of what was said later."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

Points = Mapping[str, Mapping[int, float]]
OWN, GENERAL, LATER, AWAY = "own text", "general text", "own text, said later", "away from the base"
PARTS = {"own": OWN, "general": GENERAL, "kl": AWAY}
SIZE_INCHES, DOTS = (8.0, 4.0), 110


def points(lines: Sequence[str]) -> Points:
    """The losses by what they are of and by step; of a step that was done again, the last.

    A line that a power cut or a full disk has damaged is left out: the training goes on from its checkpoints.
    """
    found: dict[str, dict[int, float]] = {name: {} for name in (OWN, GENERAL, LATER, AWAY)}
    for line in lines:
        event = _event(line)
        if event.get("event") == "step":
            for part, name in PARTS.items():
                found[name][event["step"]] = event[part]
        elif event.get("event") == "look":
            found[LATER][event["step"]] = event["early"]
    return found


def _event(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def save(folder: Path, lines: Sequence[str]) -> list[Path]:
    """Draw them into a folder. Raises OSError."""
    found = points(lines)
    folder.mkdir(exist_ok=True)
    return [
        _drawn(folder / "training_losses.png", found, (OWN, LATER, GENERAL), "nats a token"),
        _drawn(folder / "training_away.png", found, (AWAY,), "KL, nats a token of general text"),
    ]


def _drawn(path: Path, found: Points, names: Sequence[str], unit: str) -> Path:
    figure = Figure(figsize=SIZE_INCHES, dpi=DOTS)
    picture = figure.subplots()
    for name in names:
        steps = sorted(found[name])
        picture.plot(steps, [found[name][step] for step in steps], label=name, marker="o" if name == LATER else "")
    picture.set_xlabel("step")
    picture.set_ylabel(unit)
    picture.legend()
    figure.tight_layout()
    FigureCanvasAgg(figure)
    figure.savefig(path, format="png")
    return path
