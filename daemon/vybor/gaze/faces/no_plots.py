"""Keeps matplotlib out of the kit: MediaPipe loads it to plot landmarks in space, which nobody here asks for.

It takes 37 MB and a second of a small board's start, and searches the machine for fonts.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

NAMES = ("matplotlib", "matplotlib.pyplot")


@contextmanager
def kept_out() -> Iterator[None]:
    """What is imported meanwhile finds an empty module in its place; whoever asks later finds matplotlib itself.

    Where it is loaded already it stays.
    """
    absent = [name for name in NAMES if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name, f"Left out: see {__name__}.")
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
