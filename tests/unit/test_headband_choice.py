"""Which headband the settings mean, what recordings can be played, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import SettingsError
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.foundation.settings import Settings
from vybor.headband.boards import BOARDS, BY_NAME, CYTON_RAIL, board_named
from vybor.headband.detecting import gestures
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.brainflow_headband import BrainFlowHeadband
from vybor.headband.devices.choosing import NoHeadband, chosen, settled
from vybor.headband.devices.cyton.headband import CytonHeadband
from vybor.headband.devices.lsl.headband import LslHeadband
from vybor.headband.devices.muse.headband import MuseHeadband
from vybor.headband.devices.playback.headband import PlayedHeadband
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole
from vybor.headband.port import HeadbandMissing
from vybor.headband.process import HeadbandRoom

OPENBCI_TEXT = """%OpenBCI Raw EEG Data
%Number of channels = 8
%Sample Rate = 250.0 Hz
%First Column = SampleIndex
0, 1.50, -2.25, 3, 4, 5, 6, 7, 8.00, 0.040, 0.420, 0.238, 12:00:53.329, 1557936053329
1, 11.50, -12.25, 13, 14, 15, 16, 17, 18.00, 0.000, 0.000, 0.000, 12:00:53.336, 1557936053336
"""


def choose(**settings: str) -> object:
    return chosen(HeadbandSettings(**settings), SystemClock()).headband


def test_a_board_by_its_name() -> None:
    assert isinstance(choose(board="ganglion"), BrainFlowHeadband)
    assert isinstance(choose(board="muse_2"), MuseHeadband)
    assert isinstance(choose(board="none"), NoHeadband)
    assert isinstance(choose(board="muse_2", lsl_stream="*"), LslHeadband)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            {"board": "crown"},
            "headband.board: there is no headband called 'crown'; use none, auto, other, recording or one of cyt",
        ),
        ({"board": "cyton"}, "headband.serial_port: a cyton needs the port of its dongle"),
        ({"board": "recording"}, "headband.recording: name the file"),
        ({"lsl_stream": "Muse"}, "headband.board: name the headband whose samples the stream Muse brings"),
    ],
)
def test_a_wrong_setting_is_one_sentence(settings: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        choose(**settings)


def test_every_board_has_two_eyes_and_two_jaws() -> None:
    for board in BOARDS:
        assert board_named(board.name) is board
        assert len(set(board.frontal + board.temporal)) == 4
    assert len(BY_NAME) == len(BOARDS)


def test_the_table_agrees_with_brainflow() -> None:
    shim = pytest.importorskip("brainflow.board_shim")
    for board in BOARDS:
        described = shim.BoardShim.get_board_descr(shim.BoardIds[board.brainflow])
        assert described["sampling_rate"] == board.hz
        assert described["num_rows"] == board.columns
        assert max(board.frontal + board.temporal) < len(described["eeg_channels"])
        assert len(described["eeg_channels"]) == board.channels
        assert (described["timestamp_channel"], described["package_num_channel"]) == (board.columns - 2, 0)
        assert not board.labels or described["eeg_names"] == ",".join(board.labels)


def test_the_rail_is_where_the_converter_ends() -> None:
    assert pytest.approx(4.5 / 24 * 1e6) == CYTON_RAIL


def test_a_recording_of_brainflow_plays_as_it_is(tmp_path: Path) -> None:
    recording = tmp_path / "kept.csv"
    recording.write_text("\t".join(["0.0"] * 24) + "\n")
    assert opened(recording, "recording").board is BY_NAME["cyton"]
    recording.write_text(",".join(["0.0"] * 8) + "\n")
    assert opened(recording, "muse_s").board.name == "muse_s"
    assert opened(recording, "recording").board.name == "muse_2"


def test_a_text_file_of_openbci_is_a_recording(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text(OPENBCI_TEXT)
    found = opened(tmp_path / "old.txt", "recording")
    (rows,) = found.rows()
    assert found.board.name == "cyton"
    assert rows.counters.tolist() == [0, 1]
    assert whole(found)[:, 1].tolist() == [11.5, -12.25, 13, 14, 15, 16, 17, 18]
    assert rows.at_s[1] - rows.at_s[0] == pytest.approx(0.007, abs=1e-6)
    assert rows.at_s[0] > 0


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"\xff\xfe\x00", b"1,2,3\n", OPENBCI_TEXT.partition("0, 1.50")[0].encode()]
)
def test_what_is_no_recording_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    recording = tmp_path / "letter.txt"
    recording.write_bytes(content)
    with pytest.raises(HeadbandMissing, match=r"^headband.recording: the recording .*letter\.txt "):
        choose(board="recording", recording=str(recording))


def test_a_recording_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        HeadbandMissing, match=r"none\.csv cannot be read \(No such file or directory\); name another"
    ):
        choose(board="recording", recording=str(tmp_path / "none.csv"))


def test_nobody_wears_a_headband() -> None:
    with pytest.raises(HeadbandMissing, match="none is set up"):
        NoHeadband().start()
    assert NoHeadband().read() == ()


def test_without_brainflow_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brainflow", None)
    with pytest.raises(HeadbandMissing, match=r"not installed; install the package brainflow anew"):
        BrainFlowHeadband(BY_NAME["muse_2"], SystemClock()).start()


def test_without_brainflow_a_cyton_has_a_driver_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brainflow", None)
    for board in ("cyton", "cyton_daisy"):
        assert isinstance(choose(board=board, serial_port="/dev/ttyUSB0"), CytonHeadband)


def test_a_library_for_another_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    shim = pytest.importorskip("brainflow.board_shim")

    def wrong_machine() -> None:
        raise OSError("wrong ELF class")

    monkeypatch.setattr(shim.BoardControllerDLL, "get_instance", wrong_machine)
    with pytest.raises(
        HeadbandMissing, match=r"does not load .*wrong ELF class.* build BrainFlow from its source"
    ):
        BrainFlowHeadband(BY_NAME["muse_2"], SystemClock()).start()


def test_a_gap_that_was_accepted_after_a_fitting_holds_at_once(tmp_path: Path) -> None:
    clock = SystemClock()
    bus = Bus("headband", tmp_path, clock)
    try:
        rule = gestures.Rule(BOARDS[0], HeadbandSettings().double_blink_gap_s)
        room = HeadbandRoom(Acquisition(NoHeadband(), clock), rule, bus, Settings())
        value = m.FitValue(key="headband.double_blink_gap_s", value=1.2, was=0.7)
        for values, gap_s in (((value,), 1.2), ((), 0.7)):
            fitted = m.Fitted(at_ns=1, values=values)
            room.heard(Heard(publisher="core", message=fitted, missed=0), 1)
            assert room._rule.pair_s == gap_s
    finally:
        bus.close()


@pytest.mark.parametrize("board", ["none", "synthetic", "muse_2"])
def test_a_recording_left_in_the_settings_is_not_played_by_another_board(tmp_path: Path, board: str) -> None:
    """It would choose for the wearer, and be taken for today's data."""
    left = tmp_path / "old.csv"
    left.write_text("not even a recording")
    assert not isinstance(choose(board=board, recording=str(left)), PlayedHeadband)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"board": "recording"}, "name the file to play"),
        ({"board": "recording", "recording": "/nowhere.csv"}, "cannot be read"),
        ({"board": "cyton"}, "needs the port of its dongle"),
    ],
)
def test_settings_that_let_nobody_use_a_headband_are_a_trouble_and_no_end(
    tmp_path: Path, settings: dict[str, str], why: str
) -> None:
    clock = SystemClock()
    choice = settled(HeadbandSettings(**settings), clock)
    acquisition = Acquisition(choice.headband, clock)
    acquisition.turn()
    assert acquisition.link.trouble is m.Trouble.HEADBAND_MISSING
    assert why in acquisition.link.detail
    acquisition.end()
