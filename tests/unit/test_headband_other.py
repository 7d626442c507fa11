"""Any board of BrainFlow's, by its number."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from vybor.doctor import rooms
from vybor.doctor.findings import Mark
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import SettingsError
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.headband.devices import brainflow_boards
from vybor.headband.devices.choosing import chosen
from world.machine import bare


def test_a_board_by_its_number(tmp_path: Path) -> None:
    settings = HeadbandSettings(board=Board.OTHER, brainflow_id=56)
    found = chosen(settings, SystemClock())
    board = found.board
    assert board.name == "pieeg"
    assert (board.brainflow, board.hz, board.frontal, board.temporal) == ("PIEEG_BOARD", 250, (0, 1), (4, 5))
    assert found.why == "PIEEG_BOARD by its number"


def test_where_no_electrode_is_named_the_first_four_are_those_of_the_page() -> None:
    board = brainflow_boards.by_number(17)
    assert (board.brainflow, board.frontal, board.temporal) == ("FREEEEG32_BOARD", (0, 1), (2, 3))


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (-1, "headband.brainflow_id: BrainFlow has no headband -1; its documentation lists them"),
        (999, "BrainFlow has no headband 999"),
        (9, "CALLIBRI_EEG_BOARD has 1 EEG channels, and four are needed"),
        (7, "BRAINBIT_BOARD has no electrodes at the forehead (only T3, T4, O1, O2); name another one"),
    ],
)
def test_one_that_does_not_do_is_one_sentence(number: int, says: str, tmp_path: Path) -> None:
    settings = HeadbandSettings(board=Board.OTHER, brainflow_id=number)
    with pytest.raises(SettingsError, match=re.escape(says)) as told:
        chosen(settings, SystemClock())
    (found,) = rooms.headband(settings, bare(tmp_path))
    assert (found.mark, found.text) == (Mark.TROUBLE, f"headband: {told.value}")


def test_every_board_of_brainflow_is_taken_or_refused_in_a_sentence() -> None:
    shim = pytest.importorskip("brainflow.board_shim")
    taken = 0
    for one in shim.BoardIds:
        try:
            board = brainflow_boards.by_number(int(one))
        except SettingsError as error:
            assert str(error).startswith("headband.brainflow_id: ")
        else:
            taken += 1
            assert len(set(board.frontal + board.temporal)) == 4
    assert taken > 25


def test_what_brainflow_s_loading_warns_of_is_kept_from_people_and_nothing_else_is() -> None:
    pytest.importorskip("brainflow.board_shim")
    text = "pkg_resources is deprecated"
    code = f"""
import warnings
from vybor.headband.devices import brainflow_headband
assert brainflow_headband.loads()
warnings.warn("{text} and somebody else's", UserWarning)
warnings.warn_explicit("another of its", UserWarning, "shim.py", 1, module="brainflow.board_shim")
"""
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code], capture_output=True, text=True, check=True
    )
    warned = [line.partition("Warning: ")[2] for line in done.stderr.splitlines() if "UserWarning: " in line]
    assert warned == [f"{text} and somebody else's", "another of its"]
