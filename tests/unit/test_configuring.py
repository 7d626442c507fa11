"""`vybor config`: what is shown, what a change leaves alone, and what it refuses."""

import re
import stat
from pathlib import Path

import pytest

from vybor import cli, supervision
from vybor.commands.settings import configuring, keys
from vybor.contracts.channels import EVERY_PROCESS
from vybor.foundation import settings, settings_reading
from vybor.foundation.errors import SettingsError

MINE = """\
# The kit of room four
language = "en"   # the carer's wish

[gaze]
# the camera on the arm
camera = "auto"
hz = 15

[commit]
pad = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "vybor.toml"
    made.write_text(MINE)
    return made


# --- keys -------------------------------------------------------------------------------------------------------


def test_every_key_is_explained_and_has_readers() -> None:
    for name, key in keys.every_key().items():
        assert key.explained.endswith((".", ")")), name
        assert set(key.readers) <= set(EVERY_PROCESS), name
        assert key.readers, name


def test_no_reader_is_named_for_a_key_that_is_gone() -> None:
    names = set(keys.every_key())
    assert {row for row in keys.READERS if row not in names} <= {key.section for key in keys.every_key().values()}


def read_by(process: str) -> tuple[set[str], set[str]]:
    """The keys that a room's code names (`settings.gaze.source`), and the tables that it takes whole."""
    rooms = Path(settings.__file__).parents[1]
    together = {"core": ("core", "fitting"), "browser": ("browser", "display")}
    folders = together.get(process, (process,))
    code = "".join(path.read_text() for folder in folders for path in (rooms / folder).rglob("*.py"))
    known = keys.every_key()
    named, whole = set(), set()
    for table, key in re.findall(r"settings\.(\w+)(?:\.(\w+))?", code):
        if table in known or f"{table}.{key}" in known:
            named.add(table if table in known else f"{table}.{key}")
        elif table in {each.section for each in known.values()}:
            whole.add(table)
    return named, whole


@pytest.mark.parametrize("process", EVERY_PROCESS)
def test_a_process_that_reads_a_key_is_among_its_readers(process: str) -> None:
    named, whole = read_by(process)
    by_name = {name for name, key in keys.every_key().items() if process in key.readers}
    assert named <= by_name
    assert whole <= {keys.every_key()[name].section for name in by_name}
    assert {name for name in by_name if name not in named} <= {
        name for name, key in keys.every_key().items() if key.section in whole
    }


def test_keys_of_a_table_come_after_those_above_all_tables() -> None:
    sections = [key.section for key in keys.every_key().values()]
    assert sections[0] == ""
    assert "" not in sections[sections.index("gaze") :]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("gaze.hzz", "did you mean gaze.hz?"),
        ("threads", "did you mean generator.threads?"),
        ("gaze", "gaze is a table; name one of its keys: gaze.source, gaze.camera"),
        ("xxxxxxxx", "`vybor config keys` lists them all"),
    ],
)
def test_a_wrong_key_is_told_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=r"^(gaze is|there is no setting)") as raised:
        keys.key_named(name)
    assert hint in str(raised.value)


# --- showing ----------------------------------------------------------------------------------------------------


def test_the_documented_file_holds_and_is_the_defaults() -> None:
    text = "\n".join(configuring.default_lines())
    assert settings_reading.parse(text, "default") == settings.Settings()
    assert text.count("\n# ") > len(keys.every_key())
    assert max(len(line) for line in text.splitlines()) <= 120


def test_only_what_was_changed(file: Path) -> None:
    file.write_text('language = "ru"\n[gaze]\nhz = 10.0\nwidth = 640\n')
    lines = configuring.in_force(file, changed_only=True)
    assert [line for line in lines if not line.startswith("#")] == [
        'language = "ru"  # changed; the default is "en"',
        "",
        "[gaze]",
        "hz = 10.0  # changed; the default is 15.0",
    ]
    assert configuring.in_force(None, changed_only=True) == []


# --- changing ---------------------------------------------------------------------------------------------------


def test_a_change_keeps_comments_order_and_every_other_line(file: Path) -> None:
    assert configuring.put(file, "gaze.camera", ["v4l2:/dev/video2"]) == 'gaze.camera = "v4l2:/dev/video2"'
    assert file.read_text() == MINE.replace('"auto"', '"v4l2:/dev/video2"')


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("language", ["ru"], settings.Language.RUSSIAN),
        ("gaze.hz", ["10"], 10.0),
        ("commit.pad", ["false"], False),
        ("commit.arm_s", ["0.3"], 0.3),
        ("voice.player", ["pw-play", "-q", "-"], ("pw-play", "-q", "-")),
        ("voice.player", ['["pw-play", "-"]'], ("pw-play", "-")),
        ("display.switch_key", ['"f1"'], "f1"),
        ("gaze.camera", ["a folder/with = and [ in it"], "a folder/with = and [ in it"),
    ],
)
def test_values_of_every_kind(file: Path, name: str, words: list[str], value: object) -> None:
    configuring.put(file, name, words)
    here: object = settings_reading.load(file)
    for part in name.split("."):
        here = getattr(here, part)
    assert here == value
    assert "# The kit of room four" in file.read_text()


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("gaze.hz", ["900"], "gaze.hz is a number from 5 to 60, not 900"),
        ("gaze.hz", ["fast"], "gaze.hz is a number from 5 to 60, not 'fast'"),
        ("gaze.source", ["telepathy"], "one of camera, pointer, eyetracker or none"),
        ("gaze.source", ["camera", "pointer"], "takes one value, not 2"),
        ("commit.pad", ["maybe"], "true or false"),
        ("commit.pad", ["1"], "commit.pad is true or false, not 1"),
        ("headband.board", ["crown"], "muse_2"),
        ("voice.player", ["[]"], "voice.player"),
        ("voice.player", ["[broken"], "not '[broken'"),
        ("gaze.hz", ["1\nlanguage = 'ru'"], "gaze.hz"),
        ("display.switch_key", ["bogus"], "display.switch_key is the name of a key, such as space"),
        ("gaze.camera", [""], "gaze.camera is auto, rpicam"),
        ("gaze.camera", ["quatsch"], "gaze.camera is auto, rpicam"),
        ("gaze.camera", ["v4l2:"], "gaze.camera is auto, rpicam"),
        ("generator.thread", ["2"], "did you mean generator.threads?"),
        ("generator.style", ["caf\udce9"], "what was typed for generator.style is no text"),
        ("voice.player", ["play", "\udce9"], "what was typed for voice.player is no text"),
    ],
)
def test_what_would_not_hold_is_refused_and_the_file_stays(
    file: Path, name: str, words: list[str], says: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        configuring.put(file, name, words)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert file.read_text() == MINE
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_whole_file_must_hold_and_the_wrong_line_can_be_mended(file: Path) -> None:
    file.write_text(MINE.replace("hz = 15", "hz = 900"))
    with pytest.raises(SettingsError, match=r"line 7: gaze\.hz"):
        configuring.put(file, "language", ["ru"])
    configuring.put(file, "gaze.hz", ["15"])
    assert settings_reading.load(file).gaze.hz == 15


def test_the_last_way_to_choose_cannot_be_switched_off(file: Path) -> None:
    configuring.put(file, "commit.switch", ["false"])
    with pytest.raises(SettingsError, match="nothing could be chosen"):
        configuring.put(file, "commit.pad", ["false"])


def test_a_file_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "new/folder/vybor.toml"
    configuring.put(file, "language", ["ru"])
    configuring.put(file, "gaze.hz", ["10"])
    configuring.put(file, "headband.board", ["none"])
    assert settings_reading.load(file).language is settings.Language.RUSSIAN
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_key_above_the_tables_stays_above_them(file: Path) -> None:
    file.write_text("[gaze]\nhz = 10\n")
    configuring.put(file, "language", ["ru"])
    assert settings_reading.load(file).language is settings.Language.RUSSIAN


def test_taking_a_key_out(file: Path) -> None:
    assert configuring.take_out(file, "gaze.hz") == "gaze.hz = 15.0"
    assert file.read_text() == MINE.replace("hz = 15\n", "")
    assert configuring.take_out(file, "voice.player") == 'voice.player = ["aplay", "-q", "-"]'
    assert len(configuring.earlier_versions(file)) == 1, "nothing was changed the second time"


def test_a_key_in_what_is_no_table_is_told(file: Path) -> None:
    file.write_text("gaze = 5\n")
    with pytest.raises(SettingsError, match=r"gaze is no table in these settings; write \[gaze\]"):
        configuring.put(file, "gaze.hz", ["10"])


# --- who must hear of it ----------------------------------------------------------------------------------------


def test_what_must_start_again(tmp_path: Path) -> None:
    assert configuring.to_restart(("gaze",), tmp_path, ()) == (
        "it holds from the next start of gaze; where `vybor up` runs, end it and start it again"
    )
    assert configuring.to_restart(("core", "display"), tmp_path, ("core", "display", "gaze")) == (
        "it holds after a new start of core and display: sudo systemctl restart vybor-core vybor-display"
    )
    assert "next start of core, display and safe;" in configuring.to_restart(
        ("core", "display", "safe"), tmp_path, ()
    )


def test_a_kit_that_supervisor_keeps_is_told_its_own_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "is_up", lambda _runtime: True)
    told = configuring.to_restart(("core", "safe"), tmp_path, ())
    assert f"-c {tmp_path / supervision.CONFIGURATION} restart kit:core kit:safe, or end `vybor up`" in told


def test_whose_settings_differ_must_start_again() -> None:
    before = settings.Settings()
    after = settings_reading.parse("[gaze]\nhz = 10.0\n[voice]\nvolume = 50\n", "mine")
    assert configuring.changed(before, before) == []
    assert configuring.changed(before, after) == ["voice", "gaze"]
    assert configuring.changed_briefly(after) == ("gaze.hz = 10.0", "voice.volume = 50")
    assert configuring.changed_briefly(after, without=("gaze.hz",)) == ("voice.volume = 50",)


def test_undo_names_the_parts_that_must_start_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vybor.toml"
    where = ["--config", str(file), "--runtime", str(tmp_path)]
    assert cli.main(["config", "set", "voice.volume", "50", *where]) == 0
    capsys.readouterr()
    assert cli.main(["config", "undo", *where]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"{file} is as it was before the last change"
    assert told[1].startswith("it holds from the next start of voice")
