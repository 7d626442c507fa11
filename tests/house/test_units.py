"""The units in systemd/ are those of the table, and systemd has nothing to say against them."""

import os
import re
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from vybor import unit_doors, unit_files, units
from vybor.panel import gathering
from vybor.processes import BY_NAME, PROCESSES, Process

COMMITTED = Path(__file__).parents[2] / "systemd"
HIGHEST_EXPOSURE = 15
"""Tenths of `systemd-analyze security`'s mark from 0 (safe) to 10; an untouched service has 9.6."""

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
each_process = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)


def test_the_committed_units_are_the_rendered_ones() -> None:
    files = [path for path in COMMITTED.rglob("*") if path.is_file()]
    committed = {str(path.relative_to(COMMITTED)): path.read_text(encoding="utf-8") for path in files}
    assert committed == units.render(), "run `vybor units --out systemd`"


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    once = {path: path.read_bytes() for path in units.write(folder)}
    assert once == {path: path.read_bytes() for path in units.write(folder)}
    assert {str(path.relative_to(folder)): content.decode() for path, content in once.items()} == units.render()


def test_the_target_wants_every_process() -> None:
    wanted = re.findall(r"^Wants=(.*)$", units.render()[unit_files.TARGET], re.MULTILINE)
    services = [f"vybor-{process.name}.service" for process in PROCESSES]
    assert wanted == [*services, "vybor-settings.socket", "vybor-power.socket", unit_doors.BUNDLE_SOCKET]


@each_process
def test_a_unit_has_the_limits_of_its_row(process: Process) -> None:
    unit, service = units.service(process).split("[Service]")
    assert "StartLimitIntervalSec=0" in unit.splitlines()
    lines = service.splitlines()
    assert {
        "Type=notify",
        f"ExecStart=/usr/lib/vybor/bin/vybor run {process.name}",
        f"WatchdogSec={process.watchdog_s}",
        f"MemoryMax={process.memory_max_mb}M",
        f"OOMScoreAdjust={process.oom_score_adjust}",
        "Restart=always",
        "RestartSec=1",
        f"User=vybor-{process.name}",
        "Group=vybor",
        "ReadWritePaths=/run/vybor",
    } <= set(lines)
    assert (f"StateDirectory=vybor/{process.name}" in lines) == process.writes_state
    assert ("StateDirectoryMode=0700" in lines) == process.writes_state
    assert [line for line in lines if line.startswith("LoadCredential=")] == [
        f"LoadCredential={name}" for name in process.credentials
    ]
    assert ("MemoryDenyWriteExecute=yes" in lines) != process.write_execute


PROMISES = {
    "PartOf=vybor.target": "stopping the kit stops every part of it",
    "NotifyAccess=main": "no child may say that its parent is well",
    "Restart=always": "whatever ends a process, it comes back",
    "TimeoutStartSec=120": "a slow card is given two minutes before a start counts as failed",
    "TimeoutStopSec=5": "a process that will not end holds up the shutdown for five seconds, not for ninety",
    "OOMPolicy=continue": "a killed child, such as a player of sound, does not take its process with it",
    "LimitCORE=0": "a core dump would store what was being written",
    "UMask=0007": "the group may connect to a socket, and nobody else",
    "NoNewPrivileges=yes": "nothing that it starts can become root",
    "CapabilityBoundingSet=": "it has no right of root's",
    "ProtectSystem=strict": "it writes nowhere but in its own folders",
    "ProtectHome=yes": "it sees nobody's home",
    "ProtectProc=invisible": "it sees no other user's processes, nor their command lines",
    "PrivateTmp=yes": "it leaves nothing where others look",
    "IPAddressDeny=any": "nothing leaves the kit, even if an address family slips through",
    "SystemCallFilter=~@privileged": "no system call of root's",
}
"""What every unit says, and why: whoever changes one of these lines breaks a promise."""


@each_process
def test_a_unit_keeps_its_promises(process: Process) -> None:
    _, service = units.service(process).split("[Unit]")
    lines = service.splitlines()
    broken = {line: why for line, why in PROMISES.items() if line not in lines}
    assert broken == {}
    for line in PROMISES:  # said once: the last one holds
        key = line.partition("=")[0]
        assert key == "SystemCallFilter" or sum(said.startswith(f"{key}=") for said in lines) == 1


@each_process
def test_a_unit_has_a_network_only_to_hear_of_devices(process: Process) -> None:
    lines = units.service(process).splitlines()
    if process.listens:
        return
    assert not [line for line in lines if line.startswith("IPAddressAllow")]
    families = "AF_UNIX AF_NETLINK" if process.hotplug else "AF_UNIX"
    assert f"RestrictAddressFamilies={families}" in lines
    assert ("PrivateNetwork=yes" in lines) != process.hotplug


LISTENING = [process for process in PROCESSES if process.listens]


@pytest.mark.parametrize("process", LISTENING, ids=lambda process: process.name)
def test_who_listens_speaks_with_neighbours_alone(process: Process) -> None:
    lines = units.service(process).splitlines()
    assert "IPAddressDeny=any" in lines
    (allowed,) = (line.partition("=")[2].split() for line in lines if line.startswith("IPAddressAllow="))
    at_once = {*units.LAB_STREAMING.split()}
    assert (units.MULTICAST_DNS in allowed) == process.announces
    assert at_once & {*allowed} == (at_once if process.streams else set())
    for name in set(allowed) - {"localhost", "link-local", units.MULTICAST_DNS} - at_once:
        assert ip_network(name).is_private
    asks_the_kernel = process.announces or process.streams
    families = "AF_UNIX AF_INET AF_INET6"
    assert f"RestrictAddressFamilies={families}{' AF_NETLINK' if asks_the_kernel else ''}" in lines


def test_where_streams_are_looked_for_is_all_of_a_network_or_a_group_that_does_not_leave_the_house() -> None:
    for name in units.LAB_STREAMING.split():
        address = ip_address(name)
        leaves = "ff0e" if address.version == 6 else "224.0.1"
        assert name == "255.255.255.255" or address.is_multicast
        assert not name.startswith(leaves)


def test_who_has_the_camera_has_no_network_and_who_takes_looks_from_it_has_no_camera() -> None:
    by_name = {process.name: process for process in PROCESSES}
    assert not by_name["gaze"].listens
    assert not by_name["eyetracker"].devices
    assert [process.name for process in PROCESSES if process.streams] == ["eyetracker"]


def test_four_alone_listen_and_sync_alone_has_a_shell_or_announces_itself() -> None:
    assert [process.name for process in LISTENING] == ["eyetracker", "sync", "panel", "browser"]
    assert [process.name for process in PROCESSES if process.announces] == ["sync"]
    shells = re.findall(r'^u (\S+) - "[^"]*" - (\S+)$', units.users(), re.MULTILINE)
    assert [user for user, shell in shells if shell != "-"] == ["vybor-sync"]  # sshd runs what is forced by it


@pytest.mark.parametrize(
    ("told", "group", "writer", "reader"),
    [
        (f"VYBOR_OUTBOX={units.OUTBOX}", units.OUTBOX_GROUP, "journal", "sync"),
        (f"VYBOR_ARRIVED={units.ARRIVED}", units.ARRIVED_GROUP, "sync", "generator"),
    ],
)
def test_one_process_writes_what_passes_and_one_alone_reads_it(
    told: str, group: str, writer: str, reader: str
) -> None:
    by_name = {process.name: units.service(process).splitlines() for process in PROCESSES}
    knows = {name for name, lines in by_name.items() if f"Environment={told}" in lines}
    folder = told.partition("=")[2]
    # "-": whoever has removed the folder would have no journal until the machine starts anew
    writes = {name for name, lines in by_name.items() if f"ReadWritePaths=-{folder}" in lines}
    assert f"ReadWritePaths={folder}" not in [line for lines in by_name.values() for line in lines]
    reads = {process.name for process in PROCESSES if group in process.groups}
    assert (knows, writes, reads) == ({writer, reader}, {writer}, {reader})


@each_process
def test_who_has_a_console_gets_it_from_the_login_prompt(process: Process) -> None:
    """It is started after the prompt has let go, or the prompt would take it back; and it may read its keys."""
    lines = units.service(process).splitlines()
    if not process.console:
        assert not [line for line in lines if "getty" in line or "chown" in line or "CONSOLE" in line]
        return
    assert f"After=getty@{Path(process.console).name}.service" in lines
    assert f"Environment=VYBOR_CONSOLE={process.console}" in lines
    chown = f"ExecStartPre=-+/usr/bin/chown --silent vybor-{process.name} {process.console}"
    assert chown in lines  # as root (+), and no reason not to start where there is no console (-)


@each_process
def test_nobody_ends_who_has_a_console_by_starting_its_login_prompt(process: Process) -> None:
    """What a prompt conflicts with it stops, and systemd starts that no more. A machine's start may want both."""
    part = units.render().get(f"getty@{Path(process.console).name}.service.d/vybor.conf", "")
    assert ("RefuseManualStart=yes" in part.splitlines()) == bool(process.console)


def test_the_folders_are_the_group_s_and_nobody_takes_another_s_socket() -> None:
    made = [line.split() for line in units.folders().splitlines() if not line.startswith("#")]
    assert made == [
        # sticky (1): no process removes another's socket; setgid (2): sockets are the group's; others see nothing
        ["d", "/run/vybor", "3770", "root", "vybor", "-"],
        # the settings are read by the kit and written by root
        ["d", "/etc/vybor", "0750", "root", "vybor", "-"],
        # what is sealed is the journal's, and setgid gives each file to the group that reads it
        ["d", "/var/lib/vybor/outbox", "2750", "vybor-journal", "vybor-outbox", "-"],
        # so is what the workstation sent, which sync lays there and the generator looks into
        ["d", "/var/lib/vybor/arrived", "2750", "vybor-sync", "vybor-arrived", "-"],
    ]


@each_process
def test_a_unit_opens_the_devices_of_its_row_and_no_others(process: Process) -> None:
    lines = units.service(process).splitlines()
    allowed = [line for line in lines if line.startswith("DeviceAllow=")]
    assert allowed == [f"DeviceAllow=char-{name} rw" for name in process.devices]
    assert ("PrivateDevices=yes" in lines) == (not process.devices)
    assert ("DevicePolicy=closed" in lines) == bool(process.devices)


@each_process
def test_a_class_of_devices_is_known_to_the_kernel_before_a_unit_that_opens_it_starts(process: Process) -> None:
    """Else systemd drops it, and what is plugged in later stays shut."""
    always_there = {"tty", "input", "dma_heap"}  # of every kernel that a kit has: they are no modules
    lines = units.service(process).splitlines()
    for name in set(process.devices) - always_there:
        loaded = f"modprobe@{units.DRIVERS[name]}.service"
        assert f"Wants={loaded}" in lines
        assert f"After={loaded}" in lines


def test_every_user_and_group_of_a_unit_is_made_before_it_starts() -> None:
    made = re.findall(r"^[ug] (\S+)", units.users(), re.MULTILINE)
    for process in PROCESSES:
        service = units.service(process)
        named = re.findall(r"^(?:User|Group|SupplementaryGroups)=(.*)$", service, re.MULTILINE)
        assert {name for line in named for name in line.split()} <= set(made)


def test_a_console_is_taken_from_the_login_prompt_and_from_nobody_else() -> None:
    for process in PROCESSES:
        conflicts = re.findall(r"^Conflicts=(.*)$", units.service(process), re.MULTILINE)
        assert conflicts == ([f"getty@{Path(process.console).name}.service"] if process.console else [])


def analyse(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """systemd-analyze, looking for units in `folder` and then where the machine has its own."""
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"}
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units in a folder of their own, with a program that this machine has."""
    kinds = (".service", ".socket", ".target")
    paths = [path for path in units.write(tmp_path / "system") if path.suffix in kinds]
    for path in paths:
        path.write_text(
            path.read_text(encoding="utf-8").replace(unit_files.PROGRAM, "/bin/true"), encoding="utf-8"
        )
    return paths


@needs_systemd
def test_systemd_understands_every_line(installed: list[Path]) -> None:
    verified = analyse(installed[0].parent, "verify", *map(str, installed))
    assert (verified.returncode, verified.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    ("right", "wrong"), [("RestartSec=1", "RestartSec=soon"), ("RestartSec=1", "RestartSecs=1")]
)
def test_a_line_that_systemd_does_not_understand_would_be_noticed(
    installed: list[Path], right: str, wrong: str
) -> None:
    """It tells of it on stderr only: the exit code stays 0."""
    path = next(path for path in installed if path.name == "vybor-core.service")
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    assert path.name in analyse(path.parent, "verify", str(path)).stderr


@needs_systemd
@each_process
def test_a_unit_is_locked_up_well(process: Process, installed: list[Path]) -> None:
    unit = installed[0].parent / units.name_of(process)
    marked = analyse(
        unit.parent, "security", "--offline=true", f"--threshold={HIGHEST_EXPOSURE}", "--no-pager", str(unit)
    )
    assert marked.returncode == 0, marked.stdout.splitlines()[-1]


def test_the_panel_alone_asks_for_a_bundle_and_who_gathers_it_reads_the_log_and_speaks_with_nobody() -> None:
    asked = units.render()[unit_doors.BUNDLE_SOCKET].splitlines()
    assert {f"ListenStream={unit_doors.BUNDLE_AT}", "SocketUser=vybor-panel", "SocketMode=0600"} <= {*asked}
    assert {"Accept=yes", "MaxConnections=1"} <= {*asked}
    assert Path(unit_doors.BUNDLE_AT) == gathering.SOCKET
    gathers = unit_doors.bundle().splitlines()
    may = {"SupplementaryGroups=systemd-journal", "PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX"}
    assert {*may, *unit_files.LOCKED.splitlines(), "StandardOutput=socket", "RuntimeMaxSec=90"} <= {*gathers}
    assert not [
        line for line in gathers if line.startswith(("ReadWritePaths", "StateDirectory", "LoadCredential"))
    ]
    assert "systemd-journal" not in units.service(BY_NAME["panel"])


@needs_systemd
def test_who_gathers_a_bundle_is_locked_up_well(installed: list[Path]) -> None:
    unit = installed[0].parent / unit_doors.BUNDLE
    marked = analyse(
        unit.parent, "security", "--offline=true", f"--threshold={HIGHEST_EXPOSURE}", "--no-pager", str(unit)
    )
    assert marked.returncode == 0, marked.stdout.splitlines()[-1]


@pytest.mark.parametrize(("name", "process"), [("settings", "panel"), ("power", "core")])
def test_a_door_opens_for_one_process_and_only_that_one_knows_of_it(name: str, process: str) -> None:
    lines = units.render()[f"vybor-{name}.socket"].splitlines()
    path = f"/run/vybor-{name}.sock"
    assert {f"ListenStream={path}", f"SocketUser=vybor-{process}", "SocketMode=0600", "Accept=yes"} <= set(lines)
    assert "PartOf=vybor.target" in lines
    knows = [
        row.name
        for row in PROCESSES
        if f"Environment=VYBOR_{name.upper()}={path}" in units.service(row).splitlines()
    ]
    assert knows == [process]


@pytest.mark.parametrize("name", ["settings", "power"])
def test_what_is_behind_a_door_has_no_right_of_root_s_and_makes_no_socket(name: str) -> None:
    lines = units.render()[f"vybor-{name}@.service"].splitlines()
    kept = set(PROMISES) - {"PartOf=vybor.target", "NotifyAccess=main", "Restart=always", "TimeoutStartSec=120"}
    kept -= {"TimeoutStopSec=5", "OOMPolicy=continue"}
    assert kept | {"RestrictAddressFamilies=none", "PrivateNetwork=yes", "PrivateDevices=yes"} <= set(lines)
    writes = [line for line in lines if line.startswith("ReadWritePaths=")]
    assert writes == (["ReadWritePaths=/etc/vybor"] if name == "settings" else [])


def test_switching_off_is_done_by_systemd_of_a_program_that_does_nothing_as_nobody() -> None:
    lines = units.render()["vybor-power@.service"].splitlines()
    assert {"ExecStart=/bin/true", "DynamicUser=yes", "StandardInput=null", "SuccessAction=poweroff"} <= set(lines)
    assert "RefuseManualStart=yes" in lines
    others = {name for name, text in units.render().items() if "SuccessAction" in text or "poweroff" in text}
    assert others == {"vybor-power@.service"}


@needs_systemd
@pytest.mark.parametrize("name", ["settings", "power"])
def test_what_is_behind_a_door_is_locked_up_well(name: str, installed: list[Path]) -> None:
    unit = installed[0].parent / f"vybor-{name}@.service"
    marked = analyse(
        unit.parent, "security", "--offline=true", f"--threshold={HIGHEST_EXPOSURE}", "--no-pager", str(unit)
    )
    assert marked.returncode == 0, marked.stdout.splitlines()[-1]
