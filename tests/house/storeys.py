"""The storeys of the house, drawn from the imports: a room stands above every room that it knows.

python -m house.storeys        prints them as they are now, for the README
"""

from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PACKAGE = "vybor"


def known_rooms() -> dict[str, frozenset[str]]:
    """Each room, and the rooms that its modules import from."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    known: dict[str, set[str]] = {}
    for module in graph.modules:
        if module == PACKAGE or module.endswith("__main__"):
            continue
        rooms = {_room(other) for other in graph.find_modules_directly_imported_by(module)}
        known.setdefault(_room(module), set()).update(rooms)
    return {room: frozenset(others - {room}) for room, others in known.items()}


def storeys(known: dict[str, frozenset[str]]) -> list[list[str]]:
    """Rooms by the longest way down from them, the highest first. Raises RecursionError if two know each other."""

    @cache
    def height(room: str) -> int:
        return 1 + max(map(height, known[room]), default=0)

    heights = {room: height(room) for room in known}
    return [
        sorted(room for room in known if heights[room] == storey) for storey in range(max(heights.values()), 0, -1)
    ]


def drawn() -> list[str]:
    """A line a storey, as the README has them."""
    every = storeys(known_rooms())
    return [f"    {len(every) - place}  {' · '.join(rooms)}" for place, rooms in enumerate(every)]


def _room(module: str) -> str:
    return module.split(".")[1]


if __name__ == "__main__":
    print("\n".join(drawn()))
