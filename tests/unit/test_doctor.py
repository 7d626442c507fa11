"""The doctor's findings on machines that the test furnishes."""

import hashlib
import sqlite3  # noqa: TID251  (as a stranger opens it)
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.contracts.channels import EVERY_PROCESS
from vybor.doctor import board, examining, listening, rooms
from vybor.doctor.findings import Finding, Mark
from vybor.doctor.machine import Machine
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.foundation.places import LONGEST_RUNTIME, Places
from vybor.foundation.settings import CommitSettings, ScanUse, Settings
from vybor.gaze.faces import landmarker_file
from vybor.instant import word_list
from vybor.instant.keys import Order
from world.machine import bare, install, put

NOBODY = Settings(gaze=GazeSettings(source=GazeSource.NONE))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(runtime=tmp_path / "run", state=tmp_path / "state", share=tmp_path / "share")
    for folder in (made.runtime, made.state, made.share):
        folder.mkdir()
    return made


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with nothing on it."""
    return bare(tmp_path)


def only(findings: Iterable[Finding]) -> Finding:
    (finding,) = findings
    return finding


def troubles(findings: Iterable[Finding]) -> list[str]:
    return [finding.text for finding in findings if finding.mark is Mark.TROUBLE]


# --- folders ----------------------------------------------------------------------------------------------------


def test_folders_that_can_be_made_are_no_trouble(tmp_path: Path) -> None:
    places = Places(runtime=tmp_path / "not/yet", state=tmp_path / "there", share=tmp_path)
    assert troubles(rooms.folders(places)) == []
    assert list(tmp_path.iterdir()) == [], "a doctor changes nothing"


def test_a_path_too_long_for_sockets_is_told(places: Places) -> None:
    long = msgspec.structs.replace(places, runtime=Path("/" + "x" * LONGEST_RUNTIME))
    (told, *_) = troubles(rooms.folders(long))
    assert told.startswith("sockets: the path /xxx")
    assert told.endswith("is 1 bytes too long; name another with --runtime")


def test_a_folder_that_cannot_be_written_to_is_told(places: Places) -> None:
    """A file in its place refuses even the superuser, who may run the tests."""
    in_the_way = places.share / "file"
    in_the_way.touch()
    told = troubles(rooms.folders(msgspec.structs.replace(places, state=in_the_way / "state")))
    assert told == [f"the record: {in_the_way} cannot be written to; mend its owner or name another folder"]


@pytest.mark.parametrize(("free_mb", "mark"), [(99, Mark.TROUBLE), (999, Mark.NOTE), (1000, Mark.OK)])
def test_room_on_the_disk(free_mb: int, mark: Mark) -> None:
    finding = rooms.room(free_mb, Path("/state"))
    assert (finding.mark, f"{free_mb} MB" in finding.text) == (mark, True)


# --- the words, the landmarker ----------------------------------------------------------------------------------


def test_a_word_list_opens_or_is_told(places: Places) -> None:
    path = places.words("en")
    assert f"there is no word list {path}" in only(troubles(rooms.words(places, NOBODY)))
    path.write_bytes(b"this is no database")
    assert f"the word list {path} is damaged" in only(troubles(rooms.words(places, NOBODY)))
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.executescript(word_list.SCHEMA)
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", (str(word_list.SCHEMA_VERSION),))
        connection.execute("INSERT INTO words VALUES (2, 'tea', 'tea', 1.0, 0.0)")
        order = Order.of((), [word_list.Word(2, "tea", "tea", 1.0)])
        connection.executemany("INSERT INTO keypad VALUES (?, ?)", order.packed().items())
    connection.close()
    assert only(rooms.words(places, NOBODY)) == Finding(Mark.OK, f"words: {path}")


def test_a_missing_and_a_wrong_landmarker_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "face_landmarker.task"
    missing = rooms.landmarker(path)
    assert (missing.mark, "No such file or directory" in missing.text) == (Mark.TROUBLE, True)
    path.write_bytes(b"another model")
    assert rooms.landmarker(path).mark is Mark.TROUBLE
    monkeypatch.setattr(landmarker_file, "SHA256", hashlib.sha256(b"another model").hexdigest())
    assert rooms.landmarker(path) == Finding(Mark.OK, f"face landmarker: {path}")


# --- eyes and headband ------------------------------------------------------------------------------------------


def camera(places: Places, machine: Machine, named: str) -> Finding:
    """What is said of the camera itself."""
    return list(rooms.camera(places, GazeSettings(camera=named), machine))[-1]


def test_without_a_camera_in_the_settings_nothing_is_missing(places: Places, machine: Machine) -> None:
    assert only(rooms.camera(places, NOBODY.gaze, machine)).mark is Mark.NOTE


def test_the_camera_program_of_the_pi_comes_first(places: Places, machine: Machine) -> None:
    assert camera(places, machine, "auto").text == (
        "camera: there is no /dev/video0; plug it in, or mend the settings"
    )
    put(machine, "/dev/video0")
    assert camera(places, machine, "auto") == Finding(Mark.OK, "camera: /dev/video0")
    install(machine, "rpicam-vid")
    assert camera(places, machine, "auto") == Finding(Mark.OK, "camera: rpicam-vid")


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("rpicam", "camera: the program rpicam-vid is not there; install rpicam-apps"),
        (
            "picamera2",
            "camera: the system's Python has no picamera2; install it (apt install python3-picamera2)",
        ),
        ("v4l2:/dev/video7", "camera: there is no /dev/video7; plug it in, or mend the settings"),
        ("/no/such/folder", "camera: there is no /no/such/folder; mend [gaze] camera"),
    ],
)
def test_a_camera_that_is_not_there_is_told(places: Places, machine: Machine, named: str, told: str) -> None:
    assert camera(places, machine, named) == Finding(Mark.TROUBLE, told)


def test_picamera2_is_the_systems(places: Places, machine: Machine) -> None:
    put(machine, "/usr/lib/python3/dist-packages/picamera2/__init__.py")
    assert camera(places, machine, "picamera2").mark is Mark.OK


def test_a_recording_takes_the_camera_s_place(places: Places, machine: Machine, tmp_path: Path) -> None:
    assert camera(places, machine, str(tmp_path)).mark is Mark.OK


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"board": "cyton"}, "headband: cyton is on a serial port; name it in [headband] serial_port"),
        (
            {"board": "cyton", "serial_port": "/dev/ttyUSB0"},
            "headband: there is no /dev/ttyUSB0; plug it in, or mend the settings",
        ),
        ({"board": "muse_2"}, "headband: muse_2 needs Bluetooth; plug in or switch on (rfkill) an adapter"),
        (
            {"board": "recording", "recording": "/no.csv"},
            "headband: the recording /no.csv cannot be read (No such file or directory); name another file "
            "([headband] recording)",
        ),
        (
            {"board": "recording"},
            "headband: [headband] board is recording, and no file is named; set [headband] recording",
        ),
    ],
)
def test_a_headband_that_is_not_there_is_told(machine: Machine, settings: dict[str, str], told: str) -> None:
    assert only(rooms.headband(HeadbandSettings(**settings), machine)) == Finding(Mark.TROUBLE, told)


@pytest.mark.parametrize(
    ("holds", "says"),
    [
        ("Dear you\n", "is no XDF, no CSV of BrainFlow"),
        ("timestamps,TP9,AF7,TP10\n" + "".join(f"{at / 256},1,2,3\n" for at in range(99)), "has no AF8 among"),
        ("XDF:", "holds no stream of the type EEG"),
    ],
)
def test_a_recording_that_cannot_be_played_is_told_by_what_is_in_it(
    machine: Machine, tmp_path: Path, holds: str, says: str
) -> None:
    (tmp_path / "eeg.csv").write_text(holds)
    settings = HeadbandSettings(board="recording", recording=str(tmp_path / "eeg.csv"))
    told = only(troubles(rooms.headband(settings, machine)))
    assert told.startswith(f"headband: the recording {tmp_path}/eeg.csv {says}")
    assert told.endswith("([headband] recording)")


def test_an_unknown_headband_is_told_with_the_known_ones(machine: Machine) -> None:
    told = only(troubles(rooms.headband(HeadbandSettings(board="crown"), machine)))
    assert "'crown'" in told
    assert "muse_2" in told


def test_headbands_that_are_there(machine: Machine, tmp_path: Path) -> None:
    put(machine, "/dev/ttyUSB0")
    put(machine, "/sys/class/bluetooth/hci0/address")
    rows = "".join(f"{place / 256},1,2,3,4\n" for place in range(100))
    (tmp_path / "eeg.csv").write_text("timestamps,TP9,AF7,AF8,TP10\n" + rows)
    there = (
        HeadbandSettings(board="cyton", serial_port="/dev/ttyUSB0"),
        HeadbandSettings(board="muse_s"),
        HeadbandSettings(board="recording", recording=str(tmp_path / "eeg.csv")),
    )
    assert {only(rooms.headband(settings, machine)).mark for settings in there} == {Mark.OK}
    assert "a CSV with a header, of a muse_2" in only(rooms.headband(there[-1], machine)).text
    assert only(rooms.headband(HeadbandSettings(), machine)).mark is Mark.NOTE
    for settings in (
        HeadbandSettings(board="cyton", serial_port="auto"),
        HeadbandSettings(board="muse_2", lsl_stream="*"),
    ):
        found = only(rooms.headband(settings, machine))
        assert found.mark is Mark.NOTE
        assert "`vybor headband scan`" in found.text


# --- sight, machine --------------------------------------------------------------------------------------


def test_without_eyes_tiles_have_to_light_up_for_something() -> None:
    blind = GazeSettings(source=GazeSource.NONE)
    for rule in (CommitSettings(scan=ScanUse.OFF), CommitSettings(switch=False, biosignal=False)):
        assert "no tile can be chosen; vybor config set gaze.source" in only(troubles(rooms.choosing(blind, rule)))
    told = only(rooms.choosing(blind, CommitSettings()))
    assert told.mark is Mark.NOTE
    assert "once the switch was pressed" in told.text
    assert list(rooms.choosing(blind, CommitSettings(scan=ScanUse.ALWAYS))) == []
    assert list(rooms.choosing(GazeSettings(), CommitSettings(scan=ScanUse.OFF))) == []


def test_a_font_needs_both_weights(machine: Machine) -> None:
    assert only(rooms.fonts(machine)).mark is Mark.NOTE
    put(machine, "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        put(machine, f"/usr/share/fonts/truetype/dejavu/{name}")
    assert only(rooms.fonts(machine)) == Finding(Mark.OK, "font: DejaVuSans.ttf")
    put(machine, "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf")
    assert only(rooms.fonts(machine)) == Finding(Mark.OK, "font: NotoSans-Regular.ttf")


@pytest.mark.parametrize("module", ["systemd.daemon", "supervisor"])
def test_what_keeps_the_kit_running_is_there_or_told(machine: Machine, module: str) -> None:
    if module.startswith("systemd"):
        machine.at("/run/systemd/system").mkdir(parents=True)
    assert f"Python's {module} is missing; " in only(troubles(board.keeper(machine)))
    with_module = msgspec.structs.replace(machine, has_module=lambda name: name == module)
    assert only(board.keeper(with_module)).mark is Mark.OK


@pytest.mark.parametrize(
    ("options", "mark"),
    [
        ("coherent_pool=1M console=tty1", Mark.OK),
        ("cgroup_disable=memory console=tty1", Mark.TROUBLE),
        ("cgroup_disable=memory console=tty1 cgroup_enable=memory", Mark.OK),
    ],
)
def test_a_kernel_that_ignores_memory_limits_is_told(machine: Machine, options: str, mark: Mark) -> None:
    put(machine, "/proc/cmdline", options + "\n")
    assert only(board.memory_limits(machine)).mark is mark


# --- the kit ----------------------------------------------------------------------------------------------------


def test_a_kit_that_does_not_run_is_only_noted(places: Places) -> None:
    heard = listening.listen(places.runtime, 0.1)
    assert heard == {}
    assert only(listening.running(heard, places.runtime)).mark is Mark.NOTE


def test_what_runs_tells_its_troubles_and_what_hangs_is_told(places: Places) -> None:
    voice, gaze = Bus("voice", places.runtime, SystemClock()), Bus("gaze", places.runtime, SystemClock())
    try:
        missing = m.Notice(process="gaze", trouble=m.Trouble.CAMERA_MISSING, detail="plug it in")
        voice.publish(m.Health(at_ns=1, process="voice", pid=1))
        gaze.publish(m.Health(at_ns=1, process="gaze", pid=2, troubles=(missing,)))
        heard = listen_while(voice, gaze, places=places)
    finally:
        voice.close()
        gaze.close()
    findings = list(listening.running(heard, places.runtime))
    assert Finding(Mark.OK, "voice: it runs") in findings
    told = troubles(findings)
    assert "gaze: camera_missing: plug it in" in told
    assert "core: it does not answer; see journalctl -u vybor-core, or where `vybor up` runs" in told
    assert len(findings) == len(EVERY_PROCESS)


def listen_while(*buses: Bus, places: Places) -> dict[str, m.Health | None]:
    """Listen as the doctor does, while the processes' loops go on in another thread."""
    done = threading.Event()

    def loops() -> None:
        while not done.is_set():
            for bus in buses:
                bus.receive(0.01)
                bus.tend()

    thread = threading.Thread(target=loops)
    thread.start()
    try:
        return listening.listen(places.runtime, 10)
    finally:
        done.set()
        thread.join()


def test_examine_says_everything_and_counts_what_is_to_mend(places: Places, machine: Machine) -> None:
    said: list[str] = []
    assert examining.examine(places, None, machine, said.append) == 1
    assert said[0] == "ok       settings: none are set; every line is understood"
    bad = [line for line in said if line.startswith("TROUBLE  ")]
    assert said[-1] == f"{len(bad)} to mend"
    assert any(line.startswith("TROUBLE  language model: there is no model") for line in bad)


def test_examine_goes_on_with_settings_that_are_wrong_and_names_each_line(
    places: Places, machine: Machine
) -> None:
    file = places.share / "vybor.toml"
    file.write_text('[gaze]\nsource = "telepathy"\nhz = 900\n')
    said: list[str] = []
    assert examining.examine(places, file, machine, said.append) == 1
    assert said[0] == (
        f"TROUBLE  settings: {file}, line 2: gaze.source is one of camera, pointer, eyetracker or none, "
        'not "telepathy"'
    )
    assert said[1].startswith(f"TROUBLE  settings: {file}, line 3: gaze.hz is a number")
    assert any("language model" in line for line in said)


def test_examine_without_the_settings_that_were_named(places: Places, machine: Machine) -> None:
    said: list[str] = []
    assert examining.examine(places, places.share / "nowhere.toml", machine, said.append) == 1
    assert "nowhere.toml cannot be read (No such file or directory)" in said[0]


def test_examine_of_a_healthy_kit_has_nothing_to_mend(
    places: Places, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = [Finding(Mark.OK, "all"), Finding(Mark.NOTE, "no headband")]
    monkeypatch.setattr(examining, "findings_of", lambda *_: iter(healthy))
    said: list[str] = []
    assert examining.examine(places, None, machine, said.append) == 0
    assert said == ["ok       all", "note     no headband", "", "nothing to mend"]
