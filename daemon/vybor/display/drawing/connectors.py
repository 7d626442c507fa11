"""Which graphics card has a screen, and whether one is still connected to it, as the kernel says."""

from pathlib import Path

CARDS = Path("/sys/class/drm")


def card_with_screen(cards: Path) -> str | None:
    """The number of the graphics card that a screen is connected to; None if none is, or only by chance."""
    for status in sorted(cards.glob("card*-*/status")):
        if status.read_text(encoding="ascii").strip() == "connected":
            return status.parent.name.partition("-")[0].removeprefix("card")
    return None


def is_pulled_out(cards: Path, card: str) -> bool:
    """Whether no screen is connected to a card any more.

    Drawing goes on as if there were one: SDL asks once, when the window opens, and the kernel shows frames to
    nobody. A connector that cannot tell (a panel on ribbon often cannot) counts as connected.
    """
    states = [_state(status) for status in cards.glob(f"card{card}-*/status")]
    return "disconnected" in states and not {"connected", "unread"} & set(states)


def _state(status: Path) -> str:
    """What a connector says of itself, or that it could not be asked."""
    try:
        return status.read_text(encoding="ascii").strip()
    except OSError:
        return "unread"
