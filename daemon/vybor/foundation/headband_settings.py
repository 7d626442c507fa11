"""`[headband]`: which one is worn, what speaks with it, and what is known of its wearer's signs."""

from enum import StrEnum
from typing import Annotated

import msgspec

Seconds = Annotated[float, msgspec.Meta(ge=0.001, le=60)]
LEAST_HOLD_S = 2.0
"""A shorter one could be a clench that was meant to choose: those last up to 1.5 s."""


class Board(StrEnum):
    """Which headband there is; vybor.headband.boards knows them."""

    NONE = "none"
    AUTO = "auto"
    RECORDING = "recording"
    CYTON = "cyton"
    CYTON_DAISY = "cyton_daisy"
    GANGLION = "ganglion"
    MUSE_2 = "muse_2"
    MUSE_S = "muse_s"
    MUSE_2016 = "muse_2016"
    MUSE_S_ATHENA = "muse_s_athena"
    SYNTHETIC = "synthetic"
    OTHER = "other"


class Driver(StrEnum):
    """What speaks with the headband; vybor.headband.devices.choosing says which boards have which."""

    AUTO = "auto"
    BRAINFLOW = "brainflow"
    DIRECT = "direct"


class HeadbandSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[headband]`."""

    board: Board = Board.NONE
    """Which headband is worn: none, one by its name, `auto`: whichever is found, or a recording in its place."""
    driver: Driver = Driver.AUTO
    """What speaks with it: BrainFlow, or the kit itself (direct); `auto`: the better one that works here."""
    brainflow_id: Annotated[int, msgspec.Meta(ge=-1, le=1000)] = -1
    """Where board is `other`: which of BrainFlow's, by the number in its documentation; -1: none is named."""
    address: str = ""
    """Which one it is if several of its kind are near: its Bluetooth address, such as `00:55:DA:B5:1A:2B`."""
    serial_port: str = ""
    """Where a headband on a cable or dongle is, such as `/dev/ttyUSB0`; `auto`: the only dongle on USB."""
    recording: str = ""
    """A BrainFlow CSV, XDF, a text file of OpenBCI's GUI or a Muse's CSV, to play back instead of a headband."""
    lsl_stream: str = ""
    """The stream of Lab Streaming Layer that brings the samples of `board`, by its name; `*`: the only one."""
    double_blink_gap_s: Seconds = 0.7
    """The longest time between the onsets of the two blinks of a double blink."""
    help_clench_s: Annotated[float, msgspec.Meta(ge=0, le=10)] = 3.0
    """How long the teeth are held together to call for help, from any page but rest; at least 2, or 0: never."""
    brow: bool = False
    """Whether raised brows are noticed by the forehead's muscle; `commit.brow` says whether they choose."""
    blink_microvolts: Annotated[float, msgspec.Meta(ge=0, le=5000)] = 0.0
    """How high this person's double blinks are, as a fitting found; 0: not known, and any height will do."""
    blink_rhythm_s: Annotated[float, msgspec.Meta(ge=0, le=5)] = 0.0
    """From the first to the second of them; 0: not known."""
    clench_times: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.0
    """How strong this person's clenches are, in multiples of what is loud; 0: not known."""
    learned: bool = True
    """Whether what the workstation learned of this person's signs holds; else what a fitting found does alone."""
