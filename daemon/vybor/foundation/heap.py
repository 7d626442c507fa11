"""Memory that was let go of goes back to the machine."""

import contextlib
import ctypes
import gc


def give_back() -> None:
    """Collect what nobody holds, and have glibc return what is free: it would keep megabytes for later.

    `malloc_trim(0)` returns whole free pages everywhere in the heap, not at its end alone (malloc_trim(3), since
    glibc 2.8).
    """
    gc.collect()
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)
