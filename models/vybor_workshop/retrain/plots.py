"""How a training went, as pictures: what was learned of one's own, of general text, and of later days."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from vybor_workshop.growth import Growth

Points = Mapping[str, Mapping[int, float]]
OWN, GENERAL, LATER, AWAY = "own text", "general text", "own text of later days", "away from the base"
PARTS = {"own": OWN, "general": GENERAL, "kl": AWAY}


def points(lines: Sequence[str]) -> Points:
    """The losses by what they are of and by step; of a step that was done again, the last."""
    found: dict[str, dict[int, float]] = {name: {} for name in (OWN, GENERAL, LATER, AWAY)}
    for line in lines:
        event = json.loads(line)
        if event["event"] == "step":
            for part, name in PARTS.items():
                found[name][event["step"]] = event[part]
        elif event["event"] == "look":
            found[LATER][event["step"]] = event["early"]
    return found


def save(growth: Growth) -> list[Path]:
    """Draw them into the growth's plots/. Raises OSError."""
    told = (growth.folder / "losses.jsonl").read_text(encoding="utf-8").splitlines()
    found = points(told)
    growth.plots.mkdir(exist_ok=True)
    return [
        _drawn(growth.plots / "training_losses.png", found, (OWN, LATER, GENERAL), "nats a token"),
        _drawn(growth.plots / "training_away.png", found, (AWAY,), "KL, nats a token of general text"),
    ]


def _drawn(path: Path, found: Points, names: Sequence[str], unit: str) -> Path:
    figure, axes = plt.subplots(figsize=(7, 4))
    for name in names:
        steps = sorted(found[name])
        axes.plot(steps, [found[name][step] for step in steps], label=name, marker="o" if name == LATER else "")
    axes.set_xlabel("step")
    axes.set_ylabel(unit)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)
    return path
