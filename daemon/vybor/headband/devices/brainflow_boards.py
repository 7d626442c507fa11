"""Any board of BrainFlow's, by its number: what BrainFlow says of it, and which electrodes can be used."""

from collections.abc import Sequence

from vybor.foundation.errors import SettingsError
from vybor.headband.boards import Board
from vybor.headband.devices.brainflow_headband import native

FRONTAL = (("AF7", "AF8"), ("FP1", "FP2"), ("AF3", "AF4"), ("F7", "F8"), ("F5", "F6"))
TEMPORAL = (("TP9", "TP10"), ("T7", "T8"), ("T3", "T4"), ("FT7", "FT8"), ("P7", "P8"), ("CP5", "CP6"))
"""Pairs of places, the best first."""
UNKNOWN_RAIL = float("inf")
"""BrainFlow does not say where a converter ends."""


def by_number(number: int) -> Board:
    """What is known of it. Raises SettingsError for one that does not do, HeadbandMissing without BrainFlow.

    Where BrainFlow names the electrodes, those over eyes and jaw are taken; where it names none, channels 1 and 2
    belong over the eyes and 3 and 4 over the jaw.
    """
    shim = native()
    ids = {int(one): str(one.name) for one in shim.BoardIds}
    if number < 0 or number not in ids:
        raise SettingsError(
            f"headband.brainflow_id: BrainFlow has no headband {number}; its documentation lists them"
        )
    described = shim.BoardShim.get_board_descr(number)
    channels = len(described.get("eeg_channels", ()))
    if channels < 4:
        raise SettingsError(
            f"headband.brainflow_id: {ids[number]} has {channels} EEG channels, and four are needed; name another"
        )
    names = str(described.get("eeg_names", "")).upper()
    frontal, temporal = places(ids[number], names.split(",") if names else ())
    return Board(
        name=ids[number].lower().removesuffix("_board"),
        brainflow=ids[number],
        hz=int(described["sampling_rate"]),
        channels=channels,
        frontal=frontal,
        temporal=temporal,
        rail_microvolts=UNKNOWN_RAIL,
        columns=int(described["num_rows"]),
    )


def places(board: str, names: Sequence[str]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Which channels lie over the eyes and over the jaw. Raises SettingsError if there are none."""
    if not names:
        return (0, 1), (2, 3)
    found = [
        next(
            ((names.index(left), names.index(right)) for left, right in wanted if {left, right} <= set(names)),
            None,
        )
        for wanted in (FRONTAL, TEMPORAL)
    ]
    frontal, temporal = found
    if frontal is None or temporal is None:
        lacking = "forehead" if frontal is None else "temples"
        raise SettingsError(
            f"headband.brainflow_id: {board} has no electrodes at the {lacking} (only {', '.join(names)}); "
            "name another one"
        )
    return frontal, temporal
