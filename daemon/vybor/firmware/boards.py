"""Which boards there are."""

import re
from enum import StrEnum


class Board(StrEnum):
    """A board that the kit knows, by the filter of its family in config.txt if it is a Pi."""

    PI5 = "pi5"
    PI4 = "pi4"
    JETSON_ORIN = "jetson-orin"

    @property
    def is_pi(self) -> bool:
        """Whether it starts from a config.txt."""
        return self is not Board.JETSON_ORIN


RELATIVES = {Board.PI5: ("pi500", "cm5"), Board.PI4: ("pi400", "cm4", "cm4s"), Board.JETSON_ORIN: ()}
"""Filters of the same family, which may hold for the board at hand."""
MODELS = (
    (re.compile(r"Raspberry Pi (5|500|Compute Module 5)\b"), Board.PI5),
    (re.compile(r"Raspberry Pi (4|400|Compute Module 4S?)\b"), Board.PI4),
    (re.compile(r"Jetson\b.*\bOrin\b"), Board.JETSON_ORIN),
)
"""What the device tree calls them (/proc/device-tree/model)."""


def board_of(model: str) -> Board | None:
    """The board of a device tree's model; None if it is not known."""
    return next((board for pattern, board in MODELS if pattern.search(model)), None)
