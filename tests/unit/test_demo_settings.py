"""The settings of `deploy/demo`: what its person changed outlives it, and an option holds for one time."""

import sys
from pathlib import Path

import pytest

from vybor.commands.settings import configuring
from vybor.foundation import displays, settings_reading
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.headband_settings import Board
from vybor.foundation.settings import Settings
from world import demo_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "vybor.toml"


def begins(file: Path, *options: str) -> Settings:
    """The demo starts; what holds then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["demo", str(file), *options])
        assert demo_settings.main() == 0
    return settings_reading.load(file)


def test_what_was_changed_beside_it_stays(file: Path) -> None:
    first = begins(file)
    assert (first.gaze.source, first.headband.board) == (GazeSource.POINTER, Board.NONE)
    configuring.put(file, "commit.lost_s", ["9"])
    configuring.put(file, "display.theme", ["night"])
    configuring.put(file, "gaze.source", ["none"])
    again = begins(file)
    assert (again.commit.lost_s, again.display.theme.value, again.gaze.source) == (9, "night", GazeSource.NONE)
    before = file.read_bytes()
    assert begins(file) == again
    assert file.read_bytes() == before
    assert begins(file, "--camera").gaze.source is GazeSource.CAMERA, "what is asked for is done"
    assert begins(file).commit.lost_s == 9


def test_an_option_holds_for_one_time(file: Path) -> None:
    assert begins(file, "--camera").gaze.source is GazeSource.CAMERA
    assert begins(file).gaze.source is GazeSource.POINTER
    recording = str(file.with_name("one.xdf"))
    played = begins(file, "--recording", recording).headband
    assert (played.board, str(played.recording)) == (Board.RECORDING, recording)
    assert begins(file).headband.board is Board.NONE


def test_a_dongle_that_is_pulled_out_is_none_and_another_headband_that_was_set_stays(file: Path) -> None:
    with_it = begins(file, "--dongle", "/dev/ttyUSB0").headband
    assert (with_it.board, str(with_it.serial_port)) == (Board.CYTON, "/dev/ttyUSB0")
    assert begins(file).headband.board is Board.NONE
    configuring.put(file, "headband.board", ["muse_2"])
    assert begins(file, "--dongle", "/dev/ttyUSB0").headband.board.value == "muse_2"


def test_a_file_of_a_demo_before_that_wrote_all_of_it_is_taken_over(file: Path) -> None:
    file.write_text('[gaze]\nsource = "camera"\n[headband]\nboard = "none"\nserial_port = ""\nrecording = ""\n')
    assert begins(file).gaze.source is GazeSource.POINTER


def test_settings_that_do_not_hold_are_named_and_left_as_they_are(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo", str(file)])
    for content in ("[commit]\nlost_s = -1\n", "[gaze\n"):
        file.write_text(content)
        assert demo_settings.main() == 78
        told = capsys.readouterr().err
        assert told.startswith("demo: ")
        assert len(told.splitlines()) == 1
        assert file.read_text() == content


def test_the_page_in_a_browser_is_the_display_for_one_time(file: Path) -> None:
    assert displays.display_of(begins(file, "--browser").browser.listen) == "browser"
    assert displays.display_of(begins(file).browser.listen) == "display"
