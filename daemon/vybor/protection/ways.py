"""Where things about the key lie, and what looks for it."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.foundation.keys import CREDENTIAL, UNLOCKED
from vybor.protection import machine


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """Of one kit."""

    state: Path
    """The folder of its stores."""
    described: Path = Path("/etc/vybor/protection.json")
    sealed: Path = Path("/etc/credstore.encrypted") / CREDENTIAL
    """What the machine keeps of the key."""
    given: Path = UNLOCKED
    run: machine.Run = machine.run
    pause: Callable[[float], None]
