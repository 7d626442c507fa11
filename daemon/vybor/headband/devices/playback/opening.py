"""Which kind of recording a file is."""

from pathlib import Path

from vybor.headband.devices.playback import text
from vybor.headband.devices.playback.recorded import Recorded


def opened(path: Path, named: str = "") -> Recorded:
    """A recording of a headband that is known; `named` is the board that goes first where two could be meant.

    Raises HeadbandMissing if the file is no recording, or none that can be played.
    """
    from vybor.headband.devices.playback import xdf  # noqa: PLC0415  (pyxdf: only where a recording is played)

    found = xdf.opened(path, named) if xdf.is_one(path) else text.opened(path, named)
    next(found.rows())  # a file that begins well may hold nothing
    return found
