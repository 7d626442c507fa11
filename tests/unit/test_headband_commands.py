"""`vybor headband`: what is found, what is recorded and where it lies, what is seen in a recording."""

import json
import os
import stat
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from devices.test_headband_cyton_port import stand_in
from unit.cyton_desk import HandClock
from unit.headband_replay import READY_S, blinks, chunk, clench, felt
from vybor import cli, supervision, unit_files
from vybor.commands.headband import grammar
from vybor.commands.headband import record as recording
from vybor.commands.headband import replay as replaying
from vybor.commands.headband import scan as scanning
from vybor.commands.recording import created
from vybor.contracts.messages import GestureKind
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import AddressInUse, PlaceError
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.headband.boards import BY_NAME
from vybor.headband.devices import nearby
from vybor.headband.devices.cyton.finding import Found
from vybor.headband.devices.lsl.headband import Stream
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole
from vybor.headband.devices.recorder.xdf import XdfFile
from vybor.headband.port import HeadbandMissing
from vybor.headband.process import rule_of

CYTON = BY_NAME["cyton"]
HZ = CYTON.hz


@pytest.fixture
def signal() -> np.ndarray:
    return felt([(READY_S, blinks(2)), (READY_S + 3, clench())], READY_S + 5)


@pytest.fixture
def kept(tmp_path: Path, signal: np.ndarray) -> Path:
    path = tmp_path / "kept.xdf"
    with path.open("wb") as file:
        made = XdfFile(file, CYTON, "2026-01-01")
        made.add(chunk(0, signal[:, :200]))
        made.add(chunk(300, signal[:, 300:]))
        made.close()
    return path


def test_a_recording_is_told_line_by_line(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["headband", "replay", str(kept)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("the stream 'vybor cyton' of an XDF file, of a cyton: 8 channels at 250 a second")
    assert "     0.80 s  nothing for 0.40 s: 100 samples are lost" in lines
    assert any("not believed: channels 1, 2, 3, 4, 5, 6, 7 and 8" in line for line in lines)
    assert any("every channel is believed" in line for line in lines)
    assert sum("  double blink, " in line and "log-odds +" in line for line in lines) == 1
    assert sum("  clench, " in line for line in lines) == 1
    assert (
        lines[-1] == "     9.00 s  the end: 2 blinks, 1 double blink, 1 clench, 0 held clenches; 100 samples lost"
    )


def test_one_and_many_have_their_words_and_channels_their_names() -> None:
    def said(one: replaying.Told) -> str:
        return next(replaying.lines([one])).split("s  ", 1)[1]

    assert said(replaying.Lost(at_s=1, samples=1, lasted_s=0.1)) == "nothing for 0.10 s: 1 sample is lost"
    assert said(replaying.Unheard(at_s=1, channels=(1,), names=("TP9",))) == "not believed: TP9"
    assert said(replaying.Unheard(at_s=1, channels=(1, 4), names=("TP9", "TP10"))) == "not believed: TP9 and TP10"
    assert said(replaying.Unheard(at_s=1, channels=(3,))) == "not believed: channel 3"
    assert said(replaying.Unheard(at_s=1, channels=())) == "every channel is believed"
    seen = {"blink": 1, "brow": 2, "long_clench": 1}
    assert said(replaying.Sum(lasted_s=2, lost=1, seen=seen)) == (
        "the end: 1 blink, 0 double blinks, 0 clenches, 1 held clench, 2 raised brows; 1 sample lost"
    )


def test_the_channels_of_a_muse_are_told_by_the_names_that_are_on_it() -> None:
    muse = BY_NAME["muse_2"]
    skin = np.random.default_rng(1).normal(0, 8, (4, 4 * muse.hz)).astype(np.float32)
    skin[0] = 0.0
    told = list(replaying.seen([chunk(0, skin, muse.hz)], rule_of(HeadbandSettings(), muse)))
    unheard = [one for one in told if isinstance(one, replaying.Unheard)]
    assert [(one.channels, one.names) for one in unheard] == [((1,), ("TP9",))]


def test_what_is_told_of_a_recording_is_what_the_room_sees(kept: Path, signal: np.ndarray) -> None:
    told = [one for one in replaying.told(kept, HeadbandSettings()) if isinstance(one, replaying.Noticed)]
    assert Counter(one.kind for one in told) == {
        GestureKind.BLINK: 2,
        GestureKind.DOUBLE_BLINK: 1,
        GestureKind.CLENCH: 1,
    }
    assert all(one.at_s < one.known_s for one in told)


def test_programs_get_json(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["headband", "replay", "--json", str(kept)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (rows[0]["type"], rows[0]["board"], rows[-1]["type"], rows[-1]["lost"]) == (
        "recording",
        "cyton",
        "sum",
        100,
    )


def test_what_is_no_recording_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter").write_text("Dear you\n")
    assert cli.main(["headband", "replay", str(tmp_path / "letter")]) == HeadbandMissing.exit_code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"vybor: the recording {tmp_path}/letter is no XDF")
    assert "headband.recording" not in said.err  # it was named here
    assert said.err.count("\n") == 1


# --- record -------------------------------------------------------------------------------------------------


def record(out: Path, source: Path, lasts_s: float) -> tuple[str, list[str]]:
    clock, said = HandClock(), []
    settings = HeadbandSettings(board=Board.RECORDING, recording=str(source))

    def wait(duration_s: float) -> None:
        clock.at_ns += seconds(duration_s)

    with recording.begun(out, settings, clock) as begun:
        begun.run(lasts_s, said.append, wait)
    return begun.ended, said


@pytest.mark.parametrize("suffix", [".xdf", ".csv"])
def test_what_is_worn_is_what_is_recorded(tmp_path: Path, kept: Path, signal: np.ndarray, suffix: str) -> None:
    out = tmp_path / f"again{suffix}"
    ended, said = record(out, kept, 4.0)
    again = whole(opened(out))
    assert 3.8 * HZ <= again.shape[1] <= 4.0 * HZ
    assert np.allclose(again[:, :200], signal[:, :200], atol=0.02)
    assert np.isnan(again[:, 200:300]).all()
    assert np.allclose(again[:, 300:], signal[:, 300 : again.shape[1]], atol=0.02)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert ended.startswith(f"{out}: ")
    assert "s of a cyton, " in ended
    assert "100 lost. It is not encrypted: whoever has the file has the signals" in ended
    assert said == ["samples come"]


def test_nothing_is_written_over_and_a_name_says_what_it_is(tmp_path: Path, kept: Path) -> None:
    with pytest.raises(PlaceError, match=r"kept\.xdf is there already; name another file, or remove it"):
        record(kept, kept, 1.0)
    with pytest.raises(PlaceError, match=r"out\.wav is neither \.xdf nor \.csv; end its name in what it shall be"):
        record(tmp_path / "out.wav", kept, 1.0)
    with pytest.raises(PlaceError, match=r"cannot be written \(No such file or directory\); name another place"):
        record(tmp_path / "nowhere" / "out.csv", kept, 1.0)


def test_without_a_headband_no_file_is_left(tmp_path: Path) -> None:
    out, clock = tmp_path / "out.xdf", HandClock()
    with pytest.raises(HeadbandMissing, match="none is set up"), recording.begun(out, HeadbandSettings(), clock):
        pass
    lone = HeadbandSettings(board=Board.CYTON, serial_port=str(tmp_path / "port"))

    def wait(duration_s: float) -> None:
        clock.at_ns += seconds(max(duration_s, 0.01))

    with (
        pytest.raises(HeadbandMissing, match=r"^nothing was recorded: "),
        recording.begun(out, lone, clock) as begun,
    ):
        begun.run(3.0, lambda _: None, wait)
    assert not out.exists()


def test_a_full_disk_is_said(tmp_path: Path, kept: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")

    class Full:
        def add(self, _chunk: object) -> None:
            with Path("/dev/full").open("wb", buffering=0) as full:
                full.write(b"x")

        def close(self) -> None:
            return

    settings, clock = HeadbandSettings(board=Board.RECORDING, recording=str(kept)), HandClock()
    choice = recording.chosen(settings, clock)
    headband, board = choice.headband, choice.board
    begun = recording.Record(tmp_path / "out.xdf", headband, lambda _: Full(), board, clock)

    def wait(duration_s: float) -> None:
        clock.at_ns += seconds(duration_s)

    with pytest.raises(PlaceError, match=r"out\.xdf cannot be written on \(No space left on device\); what came"):
        begun.run(3.0, lambda _: None, wait)


def test_the_kit_s_own_part_must_be_stopped_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bus = Bus("headband", tmp_path, SystemClock())
    try:
        arguments = ["headband", "record", "--runtime", str(tmp_path), "--out", str(tmp_path / "out.xdf")]
        assert cli.main(arguments) == AddressInUse.exit_code
        said = capsys.readouterr().err
        assert said == f"vybor: the kit's own part has the headband; {grammar._let_go(tmp_path)}\n"
    finally:
        bus.close()
    with grammar.alone(tmp_path), pytest.raises(AddressInUse):
        Bus("headband", tmp_path, SystemClock())
    with grammar.alone(tmp_path / "nowhere"):
        pass


def test_how_it_is_stopped_is_what_fits_the_kit_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert grammar._let_go(Path(unit_files.RUNTIME)) == (
        "stop it first (sudo systemctl stop vybor-headband), and start it again after"
    )
    by_hand = f"end the `vybor run headband` of {tmp_path} first, and start it again after"
    assert grammar._let_go(tmp_path) == by_hand
    monkeypatch.setattr(supervision, "is_up", lambda runtime: runtime == tmp_path)
    ctl = f"supervisorctl -c {tmp_path / supervision.CONFIGURATION}"
    told = grammar._let_go(tmp_path)
    assert f"{ctl} stop kit:headband), and start it again after (" in told
    assert told.endswith(f"{ctl} start kit:headband)")
    assert "systemctl" not in told
    assert "supervisorctl" not in grammar._let_go(tmp_path / "other")


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "soon", "1e9"])
def test_a_number_of_seconds_is_one(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["headband", "record", "--out", "x.xdf", "--seconds", typed])
    assert "is no number of seconds; name one above 0" in capsys.readouterr().err


# --- scan ---------------------------------------------------------------------------------------------------


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning.finding, "ports", lambda: ())
    monkeypatch.setattr(scanning.lsl, "streams", lambda: ())
    monkeypatch.setattr(scanning.nearby, "by_radio", lambda _: ())


def told(**how: object) -> list[scanning.Line]:
    return list(scanning.told(scanning.Search(SystemClock(), **how)))  # type: ignore[arg-type]


@pytest.mark.usefixtures("nobody")
def test_where_nothing_is_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["headband", "scan", "--runtime", str(tmp_path)]) == grammar.NOTHING_FOUND
    assert capsys.readouterr().out.splitlines() == [
        "Bluetooth: no headband is heard; switch one on and bring it near",
        "serial ports: none on USB; plug the dongle in, or name its port with --port",
        "streams: no EEG is sent by Lab Streaming Layer near here",
    ]


@pytest.mark.usefixtures("nobody")
def test_a_cyton_is_found_and_its_electrodes_are_measured(tmp_path: Path) -> None:
    port = str(tmp_path / "port")
    with stand_in(tmp_path) as worn:
        worn.seat(0, 20_000)
        _, *found = told(named=(port,))
        assert found[:3] == [
            (True, f"{port}: a Cyton, firmware 3.1.2"),
            (True, f"  to use it: vybor config set headband.serial_port {port}"),
            (True, "             vybor config set headband.board cyton"),
        ]
        measured = scanning.on_serial_ports(scanning.Search(SystemClock(), (port,), is_measured=True))
        assert next(line for _, line in measured if "channel 1" in line) == "  channel 1: 20 kiloohms, good"
        measured.close()
        worn.mute()
        assert told(named=(port,))[1] == (
            False,
            f"{port} (named here): its dongle is there, but the board is off or far: "
            "switch it to PC and bring it near",
        )


def test_what_else_is_there_is_told_and_not_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ports = (Found("/dev/ttyUSB7", "FT231X", True), Found("/dev/ttyACM0", "a modem", False))
    streams = (
        Stream("Muse-1", "x", "here", 5, 256.0, ("TP9", "AF7", "AF8", "TP10", "Right AUX")),
        Stream("Odd", "y", "there", 3, 100.0),
    )
    monkeypatch.setattr(scanning.finding, "ports", lambda: ports)
    monkeypatch.setattr(scanning.lsl, "streams", lambda: streams)
    heard = nearby.Heard("muse", "Muse-1234", "00:55:DA:B5:12:34", -60)
    monkeypatch.setattr(scanning.nearby, "by_radio", lambda _: (heard,))
    bus = Bus("headband", tmp_path, SystemClock())
    try:
        assert cli.main(["headband", "scan", "--runtime", str(tmp_path)]) == 0
    finally:
        bus.close()
    lines = [line for _, line in told(is_asked=False)]
    assert lines[0] == "Muse-1234 (00:55:DA:B5:12:34, -60 dBm)"
    assert lines[3:6] == [
        "/dev/ttyUSB7 (FT231X): may be a dongle of OpenBCI; not asked",
        "/dev/ttyACM0 (a modem): no dongle of OpenBCI",
        "the stream Muse-1 (5 channels at 256, from here): like a muse_2",
    ]
    assert lines[6] == "  to use it: vybor config set headband.lsl_stream 'Muse-1'"
    assert lines[-1].startswith("the stream Odd (3 channels at 100, from there) has 3 channels at 100 samples")


@pytest.mark.parametrize(
    ("ohms", "says"),
    [
        (float("inf"), "open: it touches nothing"),
        (20_000, "20 kiloohms, good"),
        (400_000, "400 kiloohms, poor: seat it anew"),
        (2e6, "2000 kiloohms: hardly any contact"),
    ],
)
def test_an_impedance_says_what_to_do(ohms: float, says: str) -> None:
    assert scanning._contact(ohms).startswith(says)


def test_a_file_is_there_only_for_its_owner(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with created(tmp_path / "x.xdf"):
            assert stat.S_IMODE((tmp_path / "x.xdf").stat().st_mode) == 0o600
    finally:
        os.umask(before)
