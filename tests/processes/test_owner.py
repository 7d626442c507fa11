"""What an owner types beside a kit that runs: status, doctor, bundle, config, the walk."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.stage import Hands, Kit, hands, kit
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Saving
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import SystemClock

SECRET = "please nobody read this"


def vybor(*arguments: object, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vybor", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        input=typed,
        env={**os.environ, **environment},
    )


def places(running: Kit) -> list[str]:
    return [argument for argument in running.arguments() if argument not in {"--config", str(running.config)}]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kit, Hands]]:
    folder = tmp_path_factory.mktemp("owner")
    with kit(folder, "core", "journal") as started, hands(started.runtime) as person:
        person.until(lambda: person.screen is not None and person.screen.saving is Saving.SAVED)
        yield started, person


def keep(running: Kit, text: str) -> None:
    """A decision with this text, in the journal that really writes."""
    asking = Bus("headband", running.runtime, SystemClock())  # no process of this stage has the name
    decision = m.Decision(
        at_ns=1,
        session="owner",
        number=1,
        action=m.Action.TAKE,
        slot=0,
        written=text,
        text_before="",
        text_after=text,
        offer=1,
        shown=(),
        evidence=m.Evidence(
            channel=m.Channelled.SWITCH, posterior=1.0, posterior_without_prior=1.0, gaze_age_ms=1.0
        ),
    )
    try:
        asking.ask("journal", m.Record(request=asking.new_request(), decision=decision))
        while True:
            for arrival in asking.receive(0.1):
                if isinstance(arrival, Answered):
                    assert isinstance(arrival.reply, m.Done)
                    return
            asking.tend()
    finally:
        asking.close()


def test_the_bundle_of_a_running_kit_has_nothing_that_was_written(
    running: tuple[Kit, Hands], tmp_path: Path
) -> None:
    started, person = running
    keep(started, SECRET)
    person.choose(Role.MENU)
    database = b"".join(path.read_bytes() for path in started.state.rglob("*") if path.is_file())
    assert SECRET.encode() in database, "what must not be found was written"
    out = tmp_path / "bundle.tar.gz"
    done = vybor("bundle", *started.arguments(), "--out", out)
    assert done.returncode == 0, done.stderr
    with tarfile.open(out) as tar:
        members = {name: tar.extractfile(name) for name in tar.getnames()}
        texts = {name: opened.read().decode() for name, opened in members.items() if opened}
    assert not [name for name, text in texts.items() if SECRET in text]
    assert "journal    well" in texts["vybor-bundle/status.txt"]
    assert not [name for name in ("core", "journal") if SECRET in started.log(name)]
    for name in texts:
        assert name.partition("/")[2] in done.stdout


def test_the_list_of_the_bundle_writes_nothing(running: tuple[Kit, Hands], tmp_path: Path) -> None:
    done = vybor("bundle", *running[0].arguments(), "--list")
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])
    assert "log.txt" in done.stdout


def test_status_of_a_running_kit(running: tuple[Kit, Hands]) -> None:
    """The hands of this stage say no Health, so the kit is not all well."""
    done = vybor("status", *places(running[0]), "--json")
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    faring = {each["process"]: each for each in said["processes"]}
    assert faring["core"]["answers"]
    assert faring["core"]["memory_mb"] > 5
    assert not faring["display"]["answers"]
    assert said["saving"] == "saved"
    plain = vybor("status", *places(running[0]))
    assert "text       saved" in plain.stdout
    assert "display    silent" in plain.stdout


def test_status_where_no_kit_runs(tmp_path: Path) -> None:
    done = vybor("status", "--runtime", tmp_path, "--state", tmp_path, "--share", tmp_path)
    assert (done.returncode, done.stderr) == (3, "")
    assert "does not run" in done.stdout


def test_a_closed_pipe_is_no_stack(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m vybor config show --default | head -n 1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


def test_settings_are_changed_and_taken_back(tmp_path: Path) -> None:
    home = {"XDG_CONFIG_HOME": str(tmp_path), "CONFIGURATION_DIRECTORY": ""}
    done = vybor("config", "set", "gaze.camera", "v4l2:/dev/video2", "--runtime", tmp_path, **home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        'gaze.camera = "v4l2:/dev/video2"',
        "it holds from the next start of gaze; where `vybor up` runs, end it and start it again",
    ]
    file = tmp_path / "vybor/vybor.toml"
    assert 'camera = "v4l2:/dev/video2"' in file.read_text()
    shown = vybor("config", "show", "--changed", **home).stdout
    assert 'camera = "v4l2:/dev/video2"  # changed; the default is "auto"' in shown
    assert vybor("config", "set", "voice.player", "--", "pw-play", "-q", "-", **home).returncode == 0
    assert 'player = ["pw-play", "-q", "-"]' in file.read_text()
    assert vybor("config", "undo", **home).returncode == 0
    assert "pw-play" not in file.read_text()
    assert vybor("config", "unset", "gaze.camera", **home).stdout.startswith('gaze.camera = "auto"')
    wrong = vybor("config", "set", "gaze.hzz", "3", **home)
    assert (wrong.returncode, wrong.stderr) == (78, "vybor: there is no setting gaze.hzz; did you mean gaze.hz?\n")


def test_a_command_takes_no_place_that_it_does_not_use(tmp_path: Path) -> None:
    for command in (["units", "--out", str(tmp_path)], ["gaze", "calibrate"], ["completion", "bash"]):
        assert vybor(*command, "--share", tmp_path).returncode == 2


def test_a_report_without_a_walk_is_a_usage_error(tmp_path: Path) -> None:
    done = vybor("doctor", "--report", tmp_path / "report.md")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "--report belongs to --acceptance" in done.stderr


def test_a_check_that_there_is_not_cannot_be_repeated(tmp_path: Path) -> None:
    done = vybor("doctor", "--acceptance", "--again", "nonsense", "--report", tmp_path / "report.md")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "there is no check nonsense; there are start, processes" in done.stderr


def test_the_version_and_the_completion_are_printed() -> None:
    assert vybor("--version").stdout.startswith("vybor ")
    assert "complete" in vybor("completion", "bash").stdout


def test_the_walk_is_driven_through_a_pipe_and_goes_on_where_it_was_left(
    running: tuple[Kit, Hands], tmp_path: Path
) -> None:
    report = tmp_path / "report.md"
    command = ("doctor", "--acceptance", "--report", report, *running[0].arguments())
    done = vybor(*command, typed="\ny it came up by itself\n\nn the camera is missing\n")
    assert (done.returncode, done.stderr) == (1, "")
    text = report.read_text()
    assert "| processes | failed | not well: " in text
    assert "the camera is missing" in text
    done = vybor(*command, typed="s\n")
    assert "2 of " in done.stdout.splitlines()[0]
    answers = json.loads(report.with_name("report.md.json").read_text())["answers"]
    assert set(answers) == {"start", "processes", "panel"}
    assert answers["panel"]["outcome"] == "skipped"


def test_an_interrupted_walk_ends_without_a_stack(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vybor", "doctor", "--acceptance", "--report", str(tmp_path / "report.md")]
    # A background job of a shell ignores the interrupt, and so does what it starts.
    walking = subprocess.Popen(
        ["env", "--default-signal=INT", *command, "--runtime", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert walking.stdout is not None
    while "[1/" not in walking.stdout.readline():
        pass
    walking.send_signal(2)
    _, errors = walking.communicate(timeout=30)
    assert (walking.returncode, errors) == (130, "")
    assert (tmp_path / "report.md").exists()
