"""Which board some channels are of, by names, number and rate: for recordings and streams. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.headband.boards import BOARDS, BY_NAME, Board

RATE_TOLERANCE = 0.1
"""A rate that was measured by somebody else's clock is off by less; no two boards are as close."""
MICROVOLTS_OF = {"microvolts": 1.0, "microvolt": 1.0, "uv": 1.0, "µv": 1.0, "μv": 1.0, "": 1.0}
MICROVOLTS_OF |= {"volts": 1e6, "volt": 1e6, "v": 1e6, "millivolts": 1e3, "millivolt": 1e3, "mv": 1e3}
"""Units as the field writes them; where none is written, samples are microvolts."""


class Unfit(ValueError):
    """The channels are of no board that is known; the text says what they are, as the end of a sentence."""


class Layout(msgspec.Struct, frozen=True):
    """Of which board they are, and where its channels stand among them."""

    board: Board
    places: tuple[int, ...]


def layout(labels: Sequence[str], channels: int, hz: float, named: str = "") -> Layout:
    """The board with these channels; one that is `named` goes first. Raises Unfit.

    Names count first, so that other channels may stand between; where there are none, the number must be right.
    """
    candidates = sorted(BOARDS, key=lambda board: board.name != named)
    for board in candidates:
        places = _places(board, labels, channels)
        if places and is_rate(board, hz):
            return Layout(board, places)
    raise Unfit(_lacking(labels, candidates) or _sentence(channels, hz))


def of_board(board: Board, labels: Sequence[str], channels: int, hz: float) -> tuple[int, ...]:
    """Where that board's channels stand. Raises Unfit."""
    places = _places(board, labels, channels)
    if not places or not is_rate(board, hz):
        what = f"a {board.name} has {board.channels} at {board.hz}"
        raise Unfit(f"has {channels} channels at {hz:g} samples a second, and {what}")
    return places


def is_rate(board: Board, hz: float) -> bool:
    """Whether it samples as often as that."""
    return abs(hz - board.hz) <= RATE_TOLERANCE * board.hz


def microvolts_of(unit: str) -> float:
    """How many microvolts one of these is. Raises Unfit."""
    known = unit.strip().lower()
    if known not in MICROVOLTS_OF:
        raise Unfit(f"has its samples in {unit!r}, and microvolts, millivolts and volts are understood")
    return MICROVOLTS_OF[known]


def _places(board: Board, labels: Sequence[str], channels: int) -> tuple[int, ...]:
    known = [label.strip().upper() for label in labels]
    wanted = [label.upper() for label in board.labels]
    if wanted and all(known.count(label) == 1 for label in wanted):
        return tuple(known.index(label) for label in wanted)
    return tuple(range(channels)) if channels == board.channels else ()


def _lacking(labels: Sequence[str], candidates: Sequence[Board]) -> str:
    """Which names of a headband's channels are missing or there twice, if others of its names are there."""
    known = [label.strip().upper() for label in labels]
    board = max(candidates, key=lambda board: sum(label.upper() in known for label in board.labels))
    counts = {label: known.count(label.upper()) for label in board.labels}
    lacking = [label for label, count in counts.items() if not count]
    twice = [label for label, count in counts.items() if count > 1]
    if not (lacking or twice) or len(lacking) == len(counts):
        return ""
    what = f"has no {' and no '.join(lacking)}" if lacking else f"has more than one {' and one '.join(twice)}"
    return f"{what} among its channels, and a {board.name} has {', '.join(board.labels)}, each once"


def _sentence(channels: int, hz: float) -> str:
    shapes = dict.fromkeys((board.channels, board.hz) for board in BY_NAME.values())
    known = ", ".join(f"{count} at {rate}" for count, rate in shapes)
    return f"has {channels} channels at {hz:g} samples a second, and the headbands that are known have {known}"
