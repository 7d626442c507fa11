"""What a process is handed when it starts: it looks nothing up by itself."""

from pathlib import Path

import msgspec

from vybor.foundation import keys
from vybor.foundation.clock import Clock
from vybor.foundation.heartbeat import Heartbeat
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """The surroundings of one process: `main(start)` is the entry of every row of processes.py."""

    places: Places
    settings: Settings
    file: Path | None = None
    """Where the settings stand, or would; None: nobody knows."""
    wrong: tuple[str, ...] = ()
    """What of the settings could not be understood, a sentence each; there the default holds."""
    clock: Clock
    heart: Heartbeat
    key: keys.Key = keys.NONE
    """What the process locks with what it keeps."""
