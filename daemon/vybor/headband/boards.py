"""Which headbands there are, and what their channels are for."""

import msgspec

from vybor.foundation.errors import SettingsError


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """One headband. Channels are places in the rows of `Chunk.microvolts`, from 0."""

    name: str
    brainflow: str
    """Its name in BrainFlow's BoardIds."""
    hz: int
    channels: int
    labels: tuple[str, ...] = ()
    """What its maker calls the channels, where they have names."""
    frontal: tuple[int, ...]
    """Over the left and the right eye: blinks."""
    against: tuple[int, ...] = ()
    """Far from the eyes, taken from the frontal ones; empty where the reference itself is far from them."""
    leaning: float = 0.0
    """Which way a blink points: 1 up, -1 down, 0 where that is a matter of the wiring."""
    coupling_hz: float = 0.0
    """Below this its amplifier lets ever less through (first order); 0: it lets everything through."""
    temporal: tuple[int, ...]
    """Over the left and the right jaw muscle: clenches."""
    rail_microvolts: float
    """The converter ends here."""
    columns: int
    """Of a BrainFlow recording of it."""
    counter_modulo: int = 0
    """The package number counts samples up to this; 0: it does not count samples."""
    counter_step: int = 1
    """By how much the package number grows from sample to sample."""
    serial: bool = False
    keep_alive: str = ""
    """A command that the headband wants to hear every now and then."""
    other_info: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What each channel is called: by its maker, else by its number."""
        return self.labels or tuple(f"CH{place + 1}" for place in range(self.channels))

    @property
    def eyes(self) -> tuple[int, ...]:
        """Every channel that blinks are seen with."""
        return self.frontal + self.against


# Rates, rows and columns from BrainFlow's board descriptions. Cyton: 4.5 V at a gain of 24. Muse: 12 bits of
# 125/256 microvolts; it falls asleep without `k`, and BrainFlow does not send it. Its reference lies between the
# eyes, so that its ears see the lids five times as well as AF7 and AF8 do (380 to 70 microvolts), and its coupling
# is the one that leaves the least rebound: measured on recordings of a Muse 2016, assumed for the others.
# The Cyton's and the Ganglion's electrodes go where the wearer's page says: two on the forehead, two over the jaw.
CYTON_RAIL = 187_500.0
MUSE_RAIL = 1_000.0
ATHENA_RAIL = 725.0

BOARDS: tuple[Board, ...] = (
    Board(
        name="cyton",
        brainflow="CYTON_BOARD",
        hz=250,
        channels=8,
        frontal=(0, 1),
        temporal=(2, 3),
        rail_microvolts=CYTON_RAIL,
        columns=24,
        counter_modulo=256,
        serial=True,
    ),
    Board(
        name="cyton_daisy",
        brainflow="CYTON_DAISY_BOARD",
        hz=125,
        channels=16,
        frontal=(0, 1),
        temporal=(2, 3),
        rail_microvolts=CYTON_RAIL,
        columns=32,
        counter_modulo=256,
        counter_step=2,
        serial=True,
    ),
    Board(
        name="ganglion",
        brainflow="GANGLION_NATIVE_BOARD",
        hz=200,
        channels=4,
        frontal=(0, 1),
        temporal=(2, 3),
        rail_microvolts=15_000.0,
        columns=15,
        other_info="fw:auto",
    ),
    *(
        Board(
            name=name,
            brainflow=f"{name.upper()}_BOARD",
            hz=256,
            channels=4,
            labels=("TP9", "AF7", "AF8", "TP10"),
            frontal=(1, 2),
            against=(0, 3),
            leaning=1.0,
            coupling_hz=1.75,
            temporal=(0, 3),
            rail_microvolts=MUSE_RAIL,
            columns=columns,
            keep_alive="k",
        )
        for name, columns in (("muse_2", 8), ("muse_s", 8), ("muse_2016", 7))
    ),
    Board(
        name="muse_s_athena",
        brainflow="MUSE_S_ATHENA_BOARD",
        hz=256,
        channels=4,
        labels=("TP9", "AF7", "AF8", "TP10"),
        frontal=(1, 2),
        against=(0, 3),
        coupling_hz=1.75,
        temporal=(0, 3),
        rail_microvolts=ATHENA_RAIL,
        columns=11,
        keep_alive="k",
    ),
    Board(
        name="synthetic",
        brainflow="SYNTHETIC_BOARD",
        hz=250,
        channels=16,
        frontal=(11, 12),
        temporal=(9, 15),
        rail_microvolts=CYTON_RAIL,
        columns=32,
    ),
)

BY_NAME = {board.name: board for board in BOARDS}


def board_named(name: str) -> Board:
    """Raises SettingsError for a name that is not in the table."""
    if name not in BY_NAME:
        known = ", ".join(BY_NAME)
        raise SettingsError(
            f"headband.board: there is no headband called {name!r}; use none, auto, other, recording or one of "
            f"{known}"
        )
    return BY_NAME[name]
