"""What the trainer is given: its settings, and the texts as tokens with what each of them teaches."""

import dataclasses
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

LOSS_DIGITS = 6
"""Behind the point, of every loss that is told: one look is held against another."""


class Objective(StrEnum):
    """What is learned."""

    SFT = "sft"
    """The text that was written, where it was truly taken."""
    LISTWISE = "listwise"
    """That, and which of the words that were seen was chosen. An experiment."""


class Share(StrEnum):
    """What a text is for."""

    TRAIN = "train"
    EARLY = "early"
    """Said later than what is learned from: says when to stop."""
    GENERAL = "general"
    """Of nobody in particular: what must not be forgotten."""


@dataclasses.dataclass(frozen=True)
class Offered:
    """Words that were seen at a choice: each the whole line of tokens up to its end."""

    weight: float
    chosen: int
    lines: tuple[tuple[int, ...], ...]


@dataclasses.dataclass(frozen=True)
class Text:
    """A text as tokens: header and all."""

    share: Share
    tokens: tuple[int, ...]
    weights: tuple[float, ...]
    """How much each token teaches; 0 for the header."""
    offered: tuple[Offered, ...] = ()


@dataclasses.dataclass(frozen=True)
class Settings:
    """`settings.json`: everything that decides what comes out, and where it goes."""

    base: str
    """A GGUF file, or a Hugging Face directory."""
    base_sha256: str
    growth: str
    """The folder for checkpoints/, runs/, adapter/ and losses.jsonl."""
    objective: Objective
    seed: int
    epochs: float
    learning_rate: float
    rank: int
    alpha: int
    row_tokens: int
    """Tokens of one step's row, at most; a text that is longer has a row of its own."""
    general_row_tokens: int
    """The same of the row of general text that goes with it."""
    kl_weight: float
    general_weight: float
    sft_weight: float
    """Beside the listwise loss."""
    patience: int
    """So many looks at the early texts without a gain end it."""
    looks: int
    """Times an epoch that the early texts are looked at, and a checkpoint is made."""
    processes: int
    threads: int
    resume: bool = False
    stop_at: int = 0
    """For tests of what is resumed: end as if killed behind this step; 0 never."""


def settings(path: Path) -> Settings:
    """Read the settings."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Settings(**found | {"objective": Objective(found["objective"])})


def texts(path: Path) -> list[Text]:
    """Read the texts."""
    with path.open(encoding="utf-8") as lines:
        return [_text(json.loads(line)) for line in lines]


def of_share(found: Sequence[Text], share: Share) -> list[Text]:
    """Those that are for one thing."""
    return [text for text in found if text.share is share]


def _text(line: dict[str, Any]) -> Text:
    offered = tuple(
        Offered(each["weight"], each["chosen"], tuple(map(tuple, each["lines"]))) for each in line["offered"]
    )
    return Text(Share(line["share"]), tuple(line["tokens"]), tuple(line["weights"]), offered)
