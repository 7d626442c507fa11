"""Whether a sound that a player is through with can have been heard. Pure."""

from vybor.foundation.clock import seconds
from vybor.sound import alarm

LEAST_PART = 0.5
"""A sound that was played in less than this part of its length has gone nowhere; players buffer far less."""


def shortest_ns(wav: bytes) -> int:
    """A player that is through with a WAV file sooner has not played it."""
    return seconds(alarm.length_s(wav) * LEAST_PART)


def why(player: str) -> str:
    """The sentence for it, with the remedy."""
    return f"{player} ended at once, so the sound went nowhere; name a real card (aplay -L)"
