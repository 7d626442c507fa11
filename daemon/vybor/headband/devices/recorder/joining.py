"""One count of samples over every time that a headband was connected anew. Pure."""

import msgspec

from vybor.headband.port import Chunk


class Joined(msgspec.Struct, frozen=True):
    """What is known of the samples before."""

    before: int = 0
    """To be added to the indices since the headband was connected last."""
    last: Chunk | None = None
    """The newest chunk, as it was joined."""


def join(joined: Joined, chunk: Chunk) -> tuple[Joined, Chunk]:
    """The chunk with the index that it would have if the headband had never gone."""
    moved = msgspec.structs.replace(chunk, first=joined.before + chunk.first)
    last = joined.last
    if last is not None and moved.first < last.end:
        away = round((chunk.at_ns - last.time_of(last.end)) / chunk.period_ns)
        moved = msgspec.structs.replace(chunk, first=last.end + max(0, away))
    return Joined(moved.first - chunk.first, moved), moved
