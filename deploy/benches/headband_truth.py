"""What was labelled in a recording of a headband, and how what is seen compares with it. Pure but for reading."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from vybor.contracts.messages import GestureKind
from vybor.foundation.errors import Missing
from vybor.headband.detecting.gestures import Seen

KINDS = {"blink": GestureKind.BLINK, "clench": GestureKind.CLENCH, "double_blink": GestureKind.DOUBLE_BLINK}
SLACK_S = 0.05
"""Labels are read off a plot, and a detector dates what is lost in noise some samples late."""


class Label(msgspec.Struct, frozen=True):
    """Something that the eye sees."""

    kind: GestureKind
    from_s: float
    to_s: float
    sure: bool = True


class Score(msgspec.Struct, frozen=True):
    """How many of a kind were there, were seen, and were seen for nothing."""

    there: int
    found: int
    false: int

    @property
    def recall(self) -> float | None:
        """The share of those that were there; None if none was."""
        return share(self.found, self.there)

    @property
    def precision(self) -> float | None:
        """The share of those that were seen; None if nothing was."""
        return share(self.found, self.found + self.false)


def share(part: float, whole: float) -> float | None:
    """Of nothing there is no share: None."""
    return part / whole if whole else None


def to_be_had(figures: Mapping[str, float | None]) -> dict[str, float]:
    """The figures that can be had; of the others it is said that they cannot, and none is written."""
    if unknown := sorted(key for key, value in figures.items() if value is None):
        print(f"not to be had, for there was nothing to count: {', '.join(unknown)}")
    return {key: value for key, value in figures.items() if value is not None}


def read(path: Path) -> list[Label]:
    """The labels of a file. Raises Missing."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return [
                Label(KINDS[row["kind"]], float(row["from_s"]), float(row["to_s"]), row["sure"] != "no")
                for row in csv.DictReader(lines)
            ]
    except (OSError, KeyError, ValueError) as error:
        raise Missing(f"the labels {path} cannot be read ({error}); write kind,from_s,to_s,sure") from None


def score(labels: Sequence[Label], seen: Sequence[Seen], kind: GestureKind, hz: float) -> Score:
    """Each label takes at most one that overlaps it; what overlaps a doubtful one counts neither way."""
    left = [one for one in seen if one.kind is kind]
    found = 0
    sure = [label for label in labels if label.kind is kind and label.sure]
    for label in sure:
        if hit := next((one for one in left if overlaps(one, label, hz)), None):
            left.remove(hit)
            found += 1
    doubtful = [label for label in labels if label.kind is kind and not label.sure]
    false = [one for one in left if not any(overlaps(one, label, hz) for label in doubtful)]
    return Score(len(sure), found, len(false))


def overlaps(one: Seen, label: Label, hz: float) -> bool:
    """Whether what is seen lies on a label."""
    return one.onset / hz <= label.to_s + SLACK_S and one.end / hz >= label.from_s - SLACK_S


def inside(labels: Sequence[Label], seen: Sequence[Seen], hz: float) -> int:
    """Blinks that are seen in a clench, doubtful ones included."""
    clenches = [label for label in labels if label.kind is GestureKind.CLENCH]
    lids = [one for one in seen if one.kind in (GestureKind.BLINK, GestureKind.DOUBLE_BLINK)]
    return sum(any(overlaps(one, label, hz) for label in clenches) for one in lids)
