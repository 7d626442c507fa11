"""Which driver has the headband: what the settings name, and what of it works on this machine."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from vybor.foundation.clock import Clock
from vybor.foundation.errors import SettingsError
from vybor.foundation.headband_settings import Driver, HeadbandSettings
from vybor.headband.boards import BOARDS, BY_NAME, Board, board_named
from vybor.headband.devices import brainflow_boards
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.auto import AutoHeadband
from vybor.headband.devices.brainflow_headband import BrainFlowHeadband, loads
from vybor.headband.devices.lsl.headband import LslHeadband
from vybor.headband.devices.playback.headband import PlayedHeadband
from vybor.headband.devices.playback.opening import opened
from vybor.headband.port import Headband, HeadbandMissing

NONE = "none"
AUTO = "auto"
OTHER = "other"
RECORDING = "recording"
UNNAMED = (NONE, AUTO, OTHER)
"""What says nothing of its channels."""
NOBODY = "none is set up; name one in headband.board if one is to be worn"


class Chosen(msgspec.Struct, frozen=True):
    """A headband, what it is, and why by this driver."""

    headband: Headband
    board: Board
    why: str = ""


class NoHeadband:
    """The headband of someone who wears none."""

    def start(self) -> None:
        """Raises HeadbandMissing: there is none."""
        raise HeadbandMissing(NOBODY)

    def read(self) -> tuple[()]:
        """Nothing comes."""
        return ()

    def stop(self) -> None:
        """Nothing is held."""


class Unusable(NoHeadband):
    """One that is to be worn, and that the settings do not let anybody use: it is told as one that is missing."""

    def __init__(self, why: str) -> None:
        self._why = why

    def start(self) -> None:
        """Raises HeadbandMissing: why."""
        raise HeadbandMissing(self._why)


def _muse(board: Board, settings: HeadbandSettings, clock: Clock) -> Headband:
    from vybor.headband.devices.muse.headband import MuseHeadband  # noqa: PLC0415  (bleak: only where it is wanted)

    return MuseHeadband(board, clock, settings.address)


def _athena(board: Board, settings: HeadbandSettings, clock: Clock) -> Headband:
    from vybor.headband.devices.muse.athena import Athena  # noqa: PLC0415  (likewise)
    from vybor.headband.devices.muse.headband import MuseHeadband  # noqa: PLC0415

    return MuseHeadband(board, clock, settings.address, ((board, Athena),))


def _any_muse(clock: Clock, address: str) -> Headband:
    from vybor.headband.devices.muse.athena import Athena  # noqa: PLC0415  (likewise)
    from vybor.headband.devices.muse.classic import Classic  # noqa: PLC0415
    from vybor.headband.devices.muse.headband import MuseHeadband  # noqa: PLC0415

    board = BY_NAME["muse_2"]
    return MuseHeadband(board, clock, address, ((board, Classic), (BY_NAME["muse_s_athena"], Athena)))


def _cyton(board: Board, settings: HeadbandSettings, clock: Clock) -> Headband:
    from vybor.headband.devices.cyton.headband import CytonHeadband  # noqa: PLC0415  (pyserial: likewise)

    return CytonHeadband(board, clock, settings.serial_port)


def _stream(board: Board, settings: HeadbandSettings, clock: Clock) -> Headband:
    return LslHeadband(board, clock, settings.lsl_stream)


Maker = Callable[[Board, HeadbandSettings, Clock], Headband]
SHIFTS = "BrainFlow's driver shifts its electrodes against each other after a lost packet"
UNCOUNTED = "BrainFlow's driver does not count what is lost"
DIRECT: dict[str, tuple[Maker, str]] = {
    "muse_2016": (_muse, SHIFTS),
    "muse_2": (_muse, SHIFTS),
    "muse_s": (_muse, SHIFTS),
    "muse_s_athena": (_athena, UNCOUNTED),
    "cyton": (_cyton, ""),
    "cyton_daisy": (_cyton, ""),
}
"""Boards with a driver of our own, and why it is better than BrainFlow's; without a reason it is not."""


def settled(settings: HeadbandSettings, clock: Clock) -> Chosen:
    """The same for a kit that runs: what is wrong is said as a trouble, and nothing dies of it again and again."""
    try:
        return chosen(settings, clock)
    except (SettingsError, HeadbandMissing) as error:
        return Chosen(Unusable(str(error)), BOARDS[0])


def chosen(settings: HeadbandSettings, clock: Clock) -> Chosen:
    """The headband that the settings name, or the recording where they name that.

    Raises SettingsError for a board that is not known or lacks its port or driver, HeadbandMissing for a bad
    recording.
    """
    if settings.board == RECORDING:  # and by no other board: an old file would choose for the wearer
        return _recording(settings, clock)
    if settings.lsl_stream and settings.board in UNNAMED:
        raise SettingsError(
            f"headband.board: name the headband whose samples the stream {settings.lsl_stream} brings"
        )
    if settings.board == NONE:
        return Chosen(NoHeadband(), BOARDS[0])
    if settings.board == AUTO:
        return Chosen(_auto(settings, clock), BOARDS[0], "the first one that is found")
    if settings.board == OTHER:
        board = brainflow_boards.by_number(settings.brainflow_id)
        headband = BrainFlowHeadband(board, clock, settings.serial_port, settings.address)
        return Chosen(headband, board, f"{board.brainflow} by its number")
    board = board_named(settings.board)
    if settings.lsl_stream:
        return Chosen(
            _stream(board, settings, clock), board, f"the stream {settings.lsl_stream} brings its samples"
        )
    if board.serial and not settings.serial_port:
        raise SettingsError(
            f"headband.serial_port: a {board.name} needs the port of its dongle, for example /dev/ttyUSB0, or auto"
        )
    driver, why = driven_by(board, settings.driver, loads)
    if driver is Driver.DIRECT:
        return Chosen(DIRECT[board.name][0](board, settings, clock), board, why)
    headband = BrainFlowHeadband(board, clock, settings.serial_port, address=settings.address)
    return Chosen(headband, board, why)


def _recording(settings: HeadbandSettings, clock: Clock) -> Chosen:
    if not settings.recording:
        raise SettingsError("headband.recording: name the file to play, or another headband.board")
    try:
        recorded = opened(Path(settings.recording), settings.board)
    except HeadbandMissing as error:
        raise HeadbandMissing(f"headband.recording: {error}") from None
    return Chosen(PlayedHeadband(recorded, clock), recorded.board, "it plays a recording")


def driver_of(acquisition: Acquisition) -> str:
    """What speaks with the headband, in words; empty where none is set, or none was found yet."""
    headband = acquisition.headband
    worn = headband.worn if isinstance(headband, AutoHeadband) and acquisition.found else headband
    match worn:
        case None | NoHeadband() | AutoHeadband():
            return ""
        case BrainFlowHeadband():
            return "BrainFlow's driver"
        case PlayedHeadband():
            return "playback"
        case LslHeadband():
            return "Lab Streaming Layer"
        case _:
            return "the kit's own driver"


def _auto(settings: HeadbandSettings, clock: Clock) -> Headband:
    from vybor.headband.devices import nearby  # noqa: PLC0415  (bleak: only where it is wanted)

    def by_radio(duration_s: float) -> tuple[nearby.Heard, ...]:
        heard = nearby.by_radio(duration_s)
        return tuple(one for one in heard if settings.address.upper() in ("", one.address.upper()))

    def make(kind: str, where: str) -> tuple[Headband, Board, str]:
        board = BY_NAME["muse_2" if kind == "muse" else kind]
        try:
            driver, why = driven_by(board, settings.driver, loads)
        except SettingsError as error:
            raise HeadbandMissing(str(error)) from None
        if driver is Driver.BRAINFLOW:
            port, address = (where, "") if board.serial else ("", where)
            return BrainFlowHeadband(board, clock, port, address), board, why
        worn = msgspec.structs.replace(settings, address=where, serial_port=where)
        return (_any_muse(clock, where) if kind == "muse" else DIRECT[kind][0](board, worn, clock)), board, why

    return AutoHeadband(make, by_radio, lambda: nearby.dongle(settings.serial_port))


def driven_by(board: Board, wanted: Driver, brainflow_loads: Callable[[], bool]) -> tuple[Driver, str]:
    """Which driver a board gets, and why. Raises SettingsError for a direct one where there is none."""
    _, better = DIRECT.get(board.name, (None, ""))
    if wanted is Driver.DIRECT and board.name not in DIRECT:
        raise SettingsError(f"headband.driver: a {board.name} has no direct driver; use auto or brainflow")
    if wanted is not Driver.AUTO:
        return wanted, "headband.driver says so"
    if board.name not in DIRECT:
        return Driver.BRAINFLOW, "there is no other"
    if better:
        return Driver.DIRECT, better
    if not brainflow_loads():
        return Driver.DIRECT, "BrainFlow's library does not load here"
    return Driver.BRAINFLOW, "its library loads here"
