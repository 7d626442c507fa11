"""Settings: defaults, and one sentence that names the line of what is wrong."""

import json
import os
import tempfile
from pathlib import Path

import msgspec
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.foundation.errors import SettingsError
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.key_names import NAMES
from vybor.foundation.settings import Language, ScanUse, Settings
from vybor.foundation.settings_reading import load, parse, understood, understood_text
from vybor.headband.boards import BY_NAME


def test_an_empty_file_is_the_defaults() -> None:
    assert parse("", "vybor.toml") == Settings()
    assert load(None) == Settings()


def test_what_is_set_holds_and_the_rest_is_default() -> None:
    read = parse('language = "ru"\n[gaze]\nsource = "pointer"\n', "vybor.toml")
    assert read.language is Language.RUSSIAN
    assert read.gaze.source is GazeSource.POINTER
    assert read.commit == Settings().commit


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("language = 5\n", ["vybor.toml, line 1", "language"]),
        ('\n[gaze]\n\nhz = "fast"\n', ["vybor.toml, line 4", "gaze.hz"]),
        ("[gaze]\nhz = 900\n", ["vybor.toml, line 2", "gaze.hz", "60"]),
        ("[commit]\npad_s = 0.4\nblinks = 2\n", ["vybor.toml, line 3", "commit.blinks", "is no setting"]),
        ("[comit]\npad_s = 0.4\n", ["vybor.toml, line 1", "comit", "is no setting"]),
        ("[gaze\n", ["vybor.toml", "line 1"]),
        ("[generator]\ncandidates = 9\n[gaze]\nhz = 15\n", ["vybor.toml, line 2", "generator.candidates"]),
        ("gaze.hz = 900\n", ["vybor.toml, line 1", "gaze.hz"]),
        ('language = "en"\ngaze = {hz = 900}\n', ["vybor.toml, line 2", "gaze.hz"]),
        ('[voice]\nplayer = [\n  "aplay",\n  7,\n]\n', ["vybor.toml, line 2", "voice.player is a list of words"]),
        (
            '[gaze]\nsource = "eyes"\n',
            ['line 2: gaze.source is one of camera, pointer, eyetracker or none, not "eyes"'],
        ),
        ('language = "de"\n', ["line 1", "one of en or ru"]),
        ('[wearer]\ngender = "f"\n', ['line 2: wearer.gender is one of "", feminine or masculine, not "f"']),
        ('[wearer]\naddress = "Sie"\n', ['line 2: wearer.address is one of "", ty or vy, not "Sie"']),
        ("[gaze]\nsourse = 1\n", ["is no setting; did you mean source?"]),
        ("[comit]\n", ["did you mean commit?"]),
        ("[voice]\nxyz = 1\n", ["is no setting; there are engine, piper_voice"]),
        ("[commit]\npad = false\nswitch = false\n", ["line 2", "there is no headband"]),
        (
            '[commit]\npad = false\nswitch = false\nbiosignal = false\n[headband]\nboard = "cyton"\n',
            ["line 2", "commit.biosignal"],
        ),
        ("[gaze]\nhz = 1\nhz = 2", ["line 3: gaze.hz stands there a second time"]),
        ("[gaze]\n\n[gaze]\n", ["line 3: [gaze] stands there a second time"]),
        ("[[gaze]]\n", ["line 1: gaze is a table; write [gaze]"]),
        ('\n"a.b" = 1\n', ["line 2: a.b is no setting"]),
        ('x = """\n[gaze]\nhz = 4\n"""\n[gaze]\nhz = 900\n', ["line 1: x is no setting"]),
        ('# it says:\n[voice]\nplayer = ["\\"", \'[gaze]\']\n[gaze]\n\nhz=900 # hz = 3\n', ["line 6: gaze.hz"]),
        ('[gaze]\nhz = "fast"\n', ['gaze.hz is a number from 5 to 60, not "fast"']),
        ("[commit]\nscan_step_s = 1e-12\n", ["commit.scan_step_s is a number from 0.1 to 60"]),
        ("[commit]\npad_s = 1e-12\n", ["commit.pad_s is a number from 0.001 to 60"]),
        ("[commit]\ncertainty = 0.99\n", ["line 2: commit.certainty is a number from 0.5 to 0.96, not 0.99"]),
        ("[gaze]\nhz = nan\n", ["gaze.hz is a number from 5 to 60"]),
        ("[gaze]\nhz = 1\n", ["gaze.hz is a number from 5 to 60, not 1"]),
        ("[commit]\npad = 1\n", ["commit.pad is true or false, not 1"]),
        ('[headband]\nboard = "nonsense"\n', ["line 2: headband.board is one of none, auto, recording, cyton"]),
        ('[display]\nswitch_key = "bogus"\n', ["line 2: display.switch_key is the name of a key", '"bogus"']),
        ('[gaze]\ncamera = ""\n', ["line 2: gaze.camera is auto, rpicam"]),
        ('[gaze]\ncamera = "quatsch"\n', ["line 2: gaze.camera is auto, rpicam"]),
        ('[gaze]\ncamera = "v4l2:"\n', ["line 2: gaze.camera is auto, rpicam"]),
        ('[gaze]\ncamera = "/dev/video2"\n', ["picamera2, v4l2:/dev/video0 or such"]),
        ('[gaze]\ncamera = "v4l:/dev/video2"\n', ["picamera2, v4l2:/dev/video0 or such"]),
        ('[sync]\naddress = "10.0.0.300"\n', ["line 2: sync.address is no address in numbers", '"10.0.0.300"']),
        ('[sync]\naddress = ":::::"\n', ["line 2: sync.address is no address in numbers"]),
        ("[sync]\npairing_port = 2222\n", ["line 2: sync.pairing_port is 2222, as sync.port is"]),
        ("[sync]\nport = 2223\n", ["line 2: sync.port is 2223, as sync.pairing_port is"]),
        ('[panel]\naddress = "kitchen"\n', ["line 2: panel.address"]),
        ('[panel]\naddress = "10.0.0.300"\n', ["line 2: panel.address is no address in numbers"]),
        ('[panel]\nlisten = "all"\n', ["line 2: panel.listen"]),
        ("[panel]\nport = 2222\n", ["line 2: panel.port is 2222, as sync.port is"]),
        ("[panel]\nport = 2223\n", ["line 2: panel.port is 2223, as sync.pairing_port is"]),
        ("[sync]\nport = 8443\n", ["line 2: sync.port is 8443, as panel.port is"]),
        ("[sync]\nport = 4000\npairing_port = 4000\n", ["line 3: sync.pairing_port is 4000"]),
        (
            '[headband]\naddress = "xx"\n',
            ['line 2: headband.address is no Bluetooth address, such as "00:', 'but "xx"; `vybor headband scan`'],
        ),
        ('[headband]\naddress = "00:55:DA:B5:1A"\n', ["line 2: headband.address is no Bluetooth address"]),
        ('[headband]\nserial_port = "ttyUSB0"\n', ['line 2: headband.serial_port is no port, such as "/dev']),
        (
            "[headband]\nhelp_clench_s = 1\n",
            ["line 2: headband.help_clench_s is 1, and a clench that chooses", "set 2 or more, or 0: never"],
        ),
        ('[gaze]\nrpicam_program = ""\n', ["line 2: gaze.rpicam_program is the name of a program"]),
    ],
)
def test_a_bad_line_is_named(text: str, says: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text, "vybor.toml")
    sentence = str(raised.value)
    assert "\n" not in sentence
    for part in says:
        assert part in sentence
    assert raised.value.exit_code == 78


def test_settings_without_any_way_to_choose_are_refused() -> None:
    alone = "[commit]\npad = false\nswitch = false\n"
    with pytest.raises(SettingsError, match="nothing could be chosen"):
        parse(alone, "vybor.toml")
    assert parse(alone + '[headband]\nboard = "muse_2"\n', "vybor.toml").commit.biosignal


def test_a_file_of_brackets_is_no_crash() -> None:
    with pytest.raises(SettingsError, match="not valid TOML"):
        parse("a = " + "[" * 5000, "vybor.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml cannot be read \(No such file .*--config"):
        load(tmp_path / "missing.toml")
    with pytest.raises(SettingsError, match=r"no regular file\); .*--config"):
        load(tmp_path)
    with pytest.raises(SettingsError, match="no regular file"):
        load(Path("/dev/zero"))
    (tmp_path / "long.toml").write_text("#" * 200_000)
    with pytest.raises(SettingsError, match="far too large"):
        load(tmp_path / "long.toml")
    (tmp_path / "latin.toml").write_bytes(b'language = "\xff"')
    with pytest.raises(SettingsError, match="UTF-8"):
        load(tmp_path / "latin.toml")


# --- what holds all the same ------------------------------------------------------------------------------------


def test_every_problem_of_a_file_is_found_at_once_and_the_rest_of_it_holds() -> None:
    text = 'language = "de"\n[gaze]\nhz = 900\nsourse = 1\nsource = "pointer"\n[voice]\nplayer = [7, 8]\n[wings]\n'
    read = understood_text(text, "f")
    found = [sentence.partition(": ")[0] for sentence in read.problems]
    assert sorted(found) == ["f, line 1", "f, line 3", "f, line 4", "f, line 7", "f, line 8"]
    assert read.settings == Settings(gaze=GazeSettings(source=GazeSource.POINTER))
    assert understood_text("[gaze]\nhz = 10.0\n", "f").problems == ()


@pytest.mark.parametrize("content", [b"[gaze\n", b'language = "\xff"', b"a = " + b"[" * 5000, b"#" * 200_000])
def test_a_file_that_is_none_is_the_defaults_and_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    read = understood(tmp_path / "f")
    assert read.settings == Settings()
    assert len(read.problems) == 1
    assert str(tmp_path / "f") in read.problems[0]


def test_a_file_that_may_not_be_read_is_the_defaults_and_the_remedy(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can become another user")
    with tempfile.TemporaryDirectory() as folder:  # pytest's own may be entered by this user alone
        Path(folder).chmod(0o755)
        file = Path(folder) / "vybor.toml"
        file.write_text('language = "ru"\n')
        file.chmod(0o600)
        os.seteuid(65534)
        try:
            read = understood(file)
        finally:
            os.seteuid(0)
    assert (read.settings, len(read.problems)) == (Settings(), 1)
    assert "Permission denied" in read.problems[0]
    assert "group vybor" in read.problems[0]


def test_a_file_that_is_not_there_is_the_defaults(tmp_path: Path) -> None:
    read = understood(tmp_path / "none")
    assert (read.settings, len(read.problems)) == (Settings(), 1)
    assert understood(None) == understood_text("", "f")


def test_with_no_way_to_choose_the_edge_of_the_tile_is_one() -> None:
    read = understood_text("[commit]\npad = false\nswitch = false\narm_s = 0\n", "f")
    assert [sentence.partition(": ")[0] for sentence in read.problems] == ["f, line 4", "f, line 2"]
    assert (read.settings.commit.pad, read.settings.commit.switch) == (True, False)


@pytest.mark.parametrize("port", [2222, 2223, 4000])
def test_whatever_ports_are_written_two_are_listened_at(port: int) -> None:
    read = understood_text(f'[sync]\nport = {port}\npairing_port = {port}\naddress = "10.0.0.300"\n', "f")
    assert len(read.problems) == 2
    assert read.settings.sync.port != read.settings.sync.pairing_port
    assert read.settings.sync.address == ""


@pytest.mark.parametrize("address", ["", "192.168.1.20", "fd00::1", "::"])
def test_an_address_in_numbers_is_taken(address: str) -> None:
    assert understood_text(f'[sync]\naddress = "{address}"\n', "f").problems == ()


@pytest.mark.parametrize(
    ("text", "told", "then"),
    [
        ('kind = "openface"', 'where is no path that begins with /, but "", and eyetracker.kind is openface', {}),
        ('kind = "recording"\nwhere = "looks.csv"', "eyetracker.where is no path", {"where": ""}),
        ("width_px = 1920", "eyetracker.width_px is set and height_px is not; set both", {"width_px": 0}),
        ("height_px = 1080", "eyetracker.height_px is set and width_px is not; set both", {"height_px": 0}),
    ],
)
def test_an_eye_tracker_that_could_not_be_followed_is_told_and_no_other_is_taken_for_it(
    text: str, told: str, then: dict[str, object]
) -> None:
    """A file that is not named must not become any stream of the network."""
    read = understood_text(f"[eyetracker]\n{text}\n", "f")
    (problem,) = read.problems
    assert told in problem
    tracker = read.settings.eyetracker
    assert tracker.kind == ("lsl" if "px" in text else text.split('"')[1])
    assert {key: getattr(tracker, key) for key in then} == then


@pytest.mark.parametrize("text", ['"a`b" = 1\n', '"" = 1\n', "[[gaze]]\nhz = 1\n", "gaze = 5\n", "a.b.c = 1\n"])
def test_odd_keys_are_told_and_change_nothing(text: str) -> None:
    read = understood_text(text, "f")
    assert read.problems
    assert read.settings == Settings()


@given(st.text(alphabet="[]{}=.,#\"'\\\n \tagzehbord1", max_size=60))
def test_whatever_is_written_a_process_can_start(text: str) -> None:
    read = understood_text(text, "f")
    assert understood_text(text, "f") == read
    msgspec.convert(msgspec.to_builtins(read.settings), Settings)


def test_the_headbands_are_those_that_the_room_knows() -> None:
    assert {board.value for board in Board} == {"none", "auto", "other", "recording", *BY_NAME}


def test_every_key_that_pygame_knows_is_a_key() -> None:
    pygame.display.init()
    try:
        known = {pygame.key.name(code) for name, code in vars(pygame).items() if name.startswith("K_")} - {""}
        for name in (*known, "F5", "Space"):
            assert not understood_text(f"[display]\nswitch_key = {json.dumps(name)}\n", "f").problems, name
        for name in NAMES:
            assert pygame.key.key_code(name), name
    finally:
        pygame.display.quit()


@pytest.mark.parametrize(
    ("text", "problems", "scan", "pad"),
    [
        ('[commit]\nscan = "always"\nswitch = false\n', ["commit.scan is always"], ScanUse.AUTO, True),
        (
            '[commit]\nscan = "always"\nswitch = false\npad = false\n',
            ["commit.scan is always", "commit.pad and switch are false"],
            ScanUse.AUTO,
            True,
        ),
        (
            '[commit]\nscan = "always"\nswitch = false\npad = false\n[headband]\nboard = "muse_2"\n',
            [],
            ScanUse.ALWAYS,
            False,
        ),
        ('[commit]\nscan = "always"\npad = false\n', [], ScanUse.ALWAYS, False),
    ],
)
def test_lighting_tiles_in_turn_needs_something_that_takes_them(
    text: str, problems: list[str], scan: ScanUse, pad: bool
) -> None:
    read = understood_text(text, "f")
    assert len(read.problems) == len(problems)
    assert all(begins in told for begins, told in zip(problems, read.problems, strict=True))
    assert (read.settings.commit.scan, read.settings.commit.pad) == (scan, pad)


def test_what_a_headband_can_be_found_by_is_taken_and_what_it_cannot_is_as_if_it_were_not_there() -> None:
    text = '[headband]\naddress = "00:55:da:b5:1A:2B"\nserial_port = "auto"\nhelp_clench_s = 0\n'
    taken = parse(text, "x").headband
    assert (taken.address, taken.serial_port, taken.help_clench_s) == ("00:55:da:b5:1A:2B", "auto", 0)
    assert parse("[headband]\nhelp_clench_s = 2\n", "x").headband.help_clench_s == 2
    wrong = '[headband]\naddress = "xx"\nserial_port = "y"\nhelp_clench_s = 1.9\nboard = "muse_2"\n'
    read = understood_text(wrong, "x")
    assert read.settings.headband == HeadbandSettings(board=Board.MUSE_2)
    assert len(read.problems) == 3


@pytest.mark.parametrize(
    "text",
    [
        f'[generator]\nstyle = "SECRET of mine {"a" * 200}"\n',
        '[generator]\nstyle = ["SECRET"]\n',
        '[generator.style]\nSECRET = "SECRET"\n',
        '[flicker]\nseizures = "SECRET"\n',
    ],
)
def test_what_the_wearer_wrote_and_their_health_stand_in_no_sentence(text: str) -> None:
    """Every process logs these sentences, and the carer's page shows them."""
    (problem,) = understood_text(text, "vybor.toml").problems
    assert "SECRET" not in problem
    assert "generator.style is one line" in problem or "flicker.seizures is one of" in problem
