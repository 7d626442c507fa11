"""How the head moves, from BrainFlow's second table of a board, where it has gyroscope and accelerometer."""

from types import ModuleType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vybor.headband.devices import clock_fit
from vybor.headband.port import Motion


class Session(Protocol):
    """Of BrainFlow's BoardShim, what is asked here."""

    def get_board_data(self, *, preset: int) -> NDArray[np.float64]:
        """The rows of a table since the last call."""
        ...


class BrainFlowMotion:
    """Of one session. What is lost is not counted: BrainFlow does not tell."""

    def __init__(self, shim: ModuleType, board_id: int) -> None:
        self._preset = int(shim.BrainFlowPresets.AUXILIARY_PRESET)
        self._error: type[Exception] = shim.BrainFlowError
        self._gyro: list[int] = []
        self._accel: list[int] = []
        self._next = 0
        if self._preset in [int(one) for one in shim.BoardShim.get_board_presets(board_id)]:
            described = shim.BoardShim.get_board_descr(board_id, self._preset)
            self._gyro = described.get("gyro_channels", [])
            self._accel = described.get("accel_channels", [])
            self._fit = clock_fit.begin(described["sampling_rate"])

    def take(self, session: Session, now_ns: int) -> Motion | None:
        """What has come since the last call; None where nothing has, or nothing can."""
        if not self._gyro:
            return None
        try:
            rows = session.get_board_data(preset=self._preset)
        except self._error:  # a session that is lost shows in its samples
            return None
        count = rows.shape[1]
        if not count:
            return None
        first, self._next = self._next, self._next + count
        self._fit = clock_fit.arrived(self._fit, self._next - 1, now_ns)
        gyro = rows[self._gyro].astype(np.float32)
        accel = rows[self._accel].astype(np.float32) if self._accel else np.full_like(gyro, np.nan)
        return Motion(
            first=first, gyro=gyro, accel=accel, at_ns=self._fit.time_of(first), period_ns=self._fit.period_ns
        )
