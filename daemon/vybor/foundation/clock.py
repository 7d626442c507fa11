"""Time as an interface: everything that waits or dates takes a Clock. The only module that reads the clock."""

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

SECOND_NS = 1_000_000_000
MILLISECOND_NS = 1_000_000


class Clock(Protocol):
    """Where time comes from."""

    def now_ns(self) -> int:
        """CLOCK_MONOTONIC nanoseconds: the same for all processes of a machine, never set back."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def now_ns(self) -> int:
        """CLOCK_MONOTONIC nanoseconds."""
        return time.monotonic_ns()


def wall_time() -> str:
    """UTC in ISO 8601, for names and for people; never for order."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def local_time() -> str:
    """The moment as the kit's clock on the wall has it, in ISO 8601 with its zone: `2026-11-27T02:21:00+09:00`.

    For people and for days, never for order.
    """
    return _here().isoformat(timespec="seconds")


def on_the_wall(at: str) -> str:
    """A time in ISO 8601 as the kit's clock on the wall shows it: `2026-02-28 14:03`; empty where it is none."""
    time.tzset()
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return ""


def today() -> date:
    """The day on the wall, where the kit stands; for people, never for order."""
    return _here().date()


def minutes_of_the_day() -> int:
    """Minutes since midnight on the wall, where the kit stands; for people, never for order."""
    now = _here()
    return 60 * now.hour + now.minute


def _here() -> datetime:
    """Now, in the kit's zone: that may have been set since this process began."""
    time.tzset()
    return datetime.now(UTC).astimezone()


def seconds_since(written: Path) -> float:
    """How long ago a file was written, by the calendar's clock; negative if that was set back since."""
    return time.time() - written.stat().st_mtime


def written_at(file: Path) -> str:
    """When a file was written, in ISO 8601, for people; empty where there is none."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
    except (OSError, ValueError, OverflowError):
        return ""


def seconds_since_touched(file: Path) -> float:
    """How long ago anything was done to a file, whatever time it was given; negative as above."""
    return time.time() - file.stat().st_ctime


def seconds(duration_s: float) -> int:
    """Seconds as nanoseconds."""
    return round(duration_s * SECOND_NS)


def next_due_ns(due_ns: int, now_ns: int, every_ns: int) -> int:
    """When it is time again for what is due every so often, and was done now.

    A turn that came late moves no later one, or what should come so often would come less often. Whoever is late
    by a whole turn begins anew: nothing is made up for.
    """
    on_time_ns = due_ns + every_ns
    return on_time_ns if on_time_ns > now_ns else now_ns + every_ns
