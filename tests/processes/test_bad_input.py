"""Bad input at start: one sentence that names the thing and the remedy, an exit code, nothing lost."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from processes.stage import Kit, hands, kit
from processes.test_writing import saving, spell
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Saving
from vybor.display import calibrated
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock


def vybor(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vybor", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The only line on stderr."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("vybor: ")
    return lines[0]


def test_a_bad_line_of_the_settings_is_named_by_who_starts_the_kit_by_hand(tmp_path: Path) -> None:
    settings = tmp_path / "vybor.toml"
    settings.write_text('[gaze]\nsource = "telepathy"\n')
    done = vybor("up", "--config", settings, "--runtime", tmp_path / "run", "--state", tmp_path / "state")
    assert done.returncode == 78
    assert "line 2: gaze.source" in sentence(done)


@pytest.mark.parametrize("command", [["config"], ["config", "show"], ["config", "set", "language", "ru"]])
def test_a_bad_line_is_named_by_who_shows_or_changes_the_settings(tmp_path: Path, command: list[str]) -> None:
    settings = tmp_path / "vybor.toml"
    settings.write_text('[gaze]\nsource = "telepathy"\n')
    done = vybor(*command, "--config", settings)
    assert done.returncode == 78
    assert 'gaze.source is one of camera, pointer, eyetracker or none, not "telepathy"' in sentence(done)
    assert settings.read_text() == '[gaze]\nsource = "telepathy"\n'


def test_the_doctor_names_a_bad_line_and_goes_on(tmp_path: Path) -> None:
    settings = tmp_path / "vybor.toml"
    settings.write_text('[gaze]\nsource = "telepathy"\n')
    done = vybor("doctor", "--config", settings, "--runtime", tmp_path, "--state", tmp_path, "--share", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "line 2: gaze.source" in done.stdout.splitlines()[0]
    assert "language model" in done.stdout


PATIENCE_S = 60
SOUNDS = """\
[gaze]
source = "telepathy"
[voice]
player = ["sh", "-c", "cat > $0/part.$$ && mv $0/part.$$ $0/$PPID.$$", "{sounds}"]
"""


def notice_of_settings(running: Kit, names: set[str]) -> str:
    """What the screen says of the settings, once all of these run."""
    told, spoke = "", set[str]()
    deadline = time.perf_counter() + PATIENCE_S
    with closing(Bus("watch", running.runtime, SystemClock(), [m.Shown, m.Health])) as bus:
        while not (told and names <= spoke):
            assert time.perf_counter() < deadline, (told, spoke)
            for arrival in bus.receive(0.1):
                match arrival:
                    case Heard(message=m.Shown(screen=m.Screen() as screen)):
                        told = "".join(n.detail for n in screen.notices if n.trouble is m.Trouble.SETTINGS_WRONG)
                    case Heard(message=m.Health(process=name)):
                        spoke.add(name)
    return told


@pytest.mark.parametrize("content", [b"[gaze\n", b'[display]\nswitch_key = "bogus"\n', b"\xff", None])
def test_a_mistake_in_the_settings_silences_no_process_and_stands_on_the_screen(
    tmp_path: Path, content: bytes | None
) -> None:
    names = ("core", "journal", "voice", "safe", "display")
    with kit(tmp_path) as running:
        running.state.mkdir()
        (running.state / calibrated.MARK).touch()  # later starts show the words without waiting for a camera
        running.config.unlink()
        if content is None:
            running.config.mkdir()
        else:
            running.config.write_bytes(content)
        running.start(*names, SDL_VIDEODRIVER="dummy")
        told = notice_of_settings(running, {*names})
        assert str(running.config) in told
        for name in names:
            assert running.is_running(name), running.log(name)
            assert running.log(name).count(f"ERROR: settings: {told}") == 1


def test_with_a_wrong_setting_help_is_called_and_the_right_ones_hold(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    with (
        kit(tmp_path, "core", "voice", "safe", settings=SOUNDS.format(sounds=sounds)) as running,
        hands(running.runtime) as person,
    ):
        person.choose(Role.MENU)
        person.choose(Role.HELP)
        person.until(lambda: bool(list(sounds.glob(f"{running.pid('voice')}.*"))), 30)


def test_missing_settings_are_named(tmp_path: Path) -> None:
    done = vybor("config", "--config", tmp_path / "nowhere.toml")
    assert done.returncode == 78
    assert "nowhere.toml" in sentence(done)


def test_an_ipc_path_in_use_is_named(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: bool(person.screen))
        done = vybor("run", "core", *running.arguments())
        assert done.returncode == 75
        assert f"core already runs in {running.runtime}" in done.stderr.strip().splitlines()[-1]
        assert "--runtime" in done.stderr
        assert running.is_running("core")


def test_a_path_too_long_for_a_socket_is_named(tmp_path: Path) -> None:
    done = vybor("run", "core", "--runtime", tmp_path / ("x" * 120), "--state", tmp_path)
    assert done.returncode == 73
    assert "--runtime" in sentence(done)


def test_a_state_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a folder")
    done = vybor("run", "journal", "--runtime", tmp_path / "run", "--state", tmp_path / "state")
    assert done.returncode == 73
    assert "state" in sentence(done)


def test_without_a_kit_there_is_nobody_to_calibrate(tmp_path: Path) -> None:
    done = vybor("gaze", "calibrate", "--runtime", tmp_path)
    assert done.returncode == 69
    assert "vybor up" in sentence(done)


def test_units_that_cannot_be_written_are_one_sentence() -> None:
    done = vybor("units", "--out", "/proc/foo")
    assert done.returncode == 73
    assert "/proc/foo" in sentence(done)


def test_an_unknown_process_is_a_usage_error() -> None:
    done = vybor("run", "telepathy")
    assert done.returncode == 2
    assert "telepathy" in done.stderr


def test_settings_in_force_are_shown_and_changes_marked(tmp_path: Path) -> None:
    settings = tmp_path / "vybor.toml"
    settings.write_text('language = "ru"\n[commit]\npad_s = 0.6\n')
    done = vybor("config", "--config", settings)
    assert done.returncode == 0
    assert 'language = "ru"  # changed; the default is "en"' in done.stdout
    assert "pad_s = 0.6  # changed; the default is 0.35" in done.stdout
    assert "refractory_s = 0.5\n" in done.stdout


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a mebibyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_kit_that_starts_on_a_card_turned_read_only_has_its_text_and_writes_on(
    tmp_path: Path, small_disk: Path
) -> None:
    (tmp_path / "state").symlink_to(small_disk)
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        spell(person, "hi")
        person.until(lambda: saving(person) is Saving.SAVED)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: person.text() == "Hi")
        spell(person, "mum")
        assert person.text() == "Hi mum"
        person.until(lambda: saving(person) is Saving.NOT_SAVING)
        assert person.screen is not None
        assert m.Trouble.JOURNAL_FAILED in {notice.trouble for notice in person.screen.notices}


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path, small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    (tmp_path / "state").symlink_to(small_disk)
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.choose(Role.MENU)
        person.choose(Role.TOOLS)
        person.choose(Role.LETTERS)
        person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED)
        with ballast.open("wb", buffering=0) as opened, pytest.raises(OSError, match="No space"):
            while True:
                opened.write(b"x" * 4096)
        for label in ("a b c d e f '", "g h i j k l m"):
            person.choose(Role.GROUP, label)
            person.choose(Role.BACK)
        person.until(lambda: person.screen is not None and person.screen.saving is Saving.NOT_SAVING)
        person.until(
            lambda: (
                person.screen is not None
                and m.Trouble.DISK_FULL in {notice.trouble for notice in person.screen.notices}
            )
        )
        ballast.unlink()
        person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED)
        person.until(lambda: person.screen is not None and not person.screen.notices[1:])
