"""A headband through BrainFlow's own drivers: any board of the table.

BrainFlow's wheel has x86-64 libraries only, and its Bluetooth part, SimpleBLE, stands under BUSL-1.1: commercial
use needs a licence. Losing the system's D-Bus ends the whole process, with status 1: that is why this room is one.
"""

import contextlib
import platform
import warnings
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import Clock, seconds
from vybor.headband.boards import Board
from vybor.headband.devices import clock_fit, counting, ordering
from vybor.headband.devices.brainflow_motion import BrainFlowMotion
from vybor.headband.devices.cyton import finding
from vybor.headband.devices.timeline import dated
from vybor.headband.port import Chunk, HeadbandMissing, HeadbandStopped

Table = NDArray[np.float64]

RING_S = 60
KEEP_ALIVE_NS = seconds(30)


class BrainFlowHeadband:
    """One board."""

    def __init__(self, board: Board, clock: Clock, serial_port: str = "", address: str = "") -> None:
        self._board = board
        self._clock = clock
        self._serial_port = serial_port
        self._address = address
        self._session: Any = None
        self._counting = counting.Counting(board.hz, board.counter_modulo // board.counter_step)
        self._fit = clock_fit.begin(board.hz)
        self._kept_alive_ns = 0
        self._last: int | None = None
        self._held: Table | None = None
        """A row whose package number jumped, until the next."""
        self._rows: list[int] = []
        self._package_row = 0
        self._motion: BrainFlowMotion | None = None

    def start(self) -> None:
        """Connect and begin to stream. Raises HeadbandMissing; then call `stop`."""
        shim = native()
        board_id = shim.BoardIds[self._board.brainflow]
        try:
            self._open(shim, board_id)
            self._session.prepare_session()
            self._session.start_stream(RING_S * self._board.hz)
        except shim.BrainFlowError as error:
            raise HeadbandMissing(self._no_answer(str(error))) from None
        self._rows = shim.BoardShim.get_eeg_channels(board_id)
        self._motion = BrainFlowMotion(shim, board_id)
        self._package_row = shim.BoardShim.get_package_num_channel(board_id)
        now_ns = self._clock.now_ns()
        modulo = self._board.counter_modulo // self._board.counter_step
        self._counting = counting.Counting(self._board.hz, modulo, at_ns=now_ns)
        self._fit = clock_fit.begin(self._board.hz)
        self._last, self._held = None, None
        self._kept_alive_ns = now_ns

    def read(self) -> tuple[Chunk, ...]:
        """The samples since the last call. Raises HeadbandStopped."""
        if self._session is None:
            return ()
        shim = native()
        try:
            rows = self._session.get_board_data()
        except shim.BrainFlowError as error:
            raise HeadbandStopped(f"the {self._board.name} has stopped ({error})") from None
        now_ns = self._clock.now_ns()
        self._keep_alive(shim, now_ns)
        rows = self._in_order(rows)
        counters = [int(counter) // self._board.counter_step for counter in rows[self._package_row]]
        self._counting, runs = counting.count(self._counting, counters, now_ns)
        if not runs:
            return ()
        self._fit = clock_fit.arrived(self._fit, self._counting.next - 1, now_ns)
        moved = self._motion.take(self._session, now_ns) if self._motion else None
        microvolts = rows[self._rows].astype("float32")
        chunks = [dated(self._fit, index, microvolts[:, start:end]) for index, start, end in runs]
        return (*chunks[:-1], msgspec.structs.replace(chunks[-1], motion=moved))

    def stop(self) -> None:
        """Let go, whatever state it is in."""
        session, self._session = self._session, None
        if session is None:
            return
        shim = native()
        # a headband that is gone cannot be told to stop, and BrainFlow lets go of it all the same
        with contextlib.suppress(shim.BrainFlowError):
            session.release_session()

    def _open(self, shim: ModuleType, board_id: int) -> None:
        shim.BoardShim.disable_board_logger()
        wanted = shim.BrainFlowInputParams()
        wanted.serial_port = finding.path_of(self._serial_port)
        wanted.mac_address = self._address
        wanted.other_info = self._board.other_info
        self._session = shim.BoardShim(board_id, wanted)

    def _in_order(self, rows: Table) -> Table:
        """The rows (columns x samples) that are in their place: BrainFlow passes on what comes twice or late."""
        modulo = self._board.counter_modulo // self._board.counter_step
        if not modulo:
            return rows
        come = rows if self._held is None else np.hstack([self._held, rows])
        counters = [int(counter) // self._board.counter_step for counter in come[self._package_row]]
        decided = ordering.passed(self._last, counters, modulo)
        self._last = decided.last
        self._held = come[:, -1:] if decided.waits else None
        return come[:, list(decided.places)]

    def _keep_alive(self, shim: ModuleType, now_ns: int) -> None:
        if self._board.keep_alive and now_ns - self._kept_alive_ns > KEEP_ALIVE_NS:
            self._kept_alive_ns = now_ns
            # if it is not heard, the samples end, and that is noticed
            with contextlib.suppress(shim.BrainFlowError):
                self._session.config_board(self._board.keep_alive)

    def _no_answer(self, reason: str) -> str:
        if self._board.serial:
            where = f"on the serial port {self._serial_port}"
            return f"no {self._board.name} answers {where} ({reason}); plug the dongle in and switch it on"
        return f"no {self._board.name} is found ({reason}); switch it on and bring it near"


def loads() -> bool:
    """Whether BrainFlow's library is there and is one for this machine."""
    try:
        native()
    except HeadbandMissing:
        return False
    return True


def native() -> ModuleType:
    """BrainFlow's binding, loaded now. Raises HeadbandMissing where it cannot be."""
    warnings.filterwarnings("ignore", "pkg_resources is deprecated", UserWarning, r"brainflow\.board_shim")
    try:
        from brainflow import board_shim  # noqa: PLC0415  (a native library: only once a headband is wanted)

        board_shim.BoardControllerDLL.get_instance()
        binding: ModuleType = board_shim
    except ImportError as error:
        lacking = "BrainFlow, which is not installed" if error.name == "brainflow" else f"BrainFlow ({error})"
        raise HeadbandMissing(f"the headband needs {lacking}; install the package brainflow anew") from None
    except OSError as error:
        raise HeadbandMissing(
            f"the headband needs BrainFlow, whose library does not load on this {platform.machine()} machine "
            f"({error}); install libdbus-1-3, and on an ARM board build BrainFlow from its source"
        ) from None
    return binding
