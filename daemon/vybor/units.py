"""systemd's part of the kit, rendered from the table of processes: `systemd/` holds what this module writes.

A unit restarts for ever (StartLimitIntervalSec=0), since a dead unit is a person without a voice. Its watchdog is
fed by the loop that does the work. Each process is a user of its own: what one keeps no other can open, and they
meet in one folder of sockets, where nobody can remove another's (its sticky bit). `systemd-analyze security` says
what the hardening is worth.
"""

from pathlib import Path

from vybor import unit_doors
from vybor.foundation.keys import SEALED
from vybor.processes import BY_NAME, PROCESSES, Process
from vybor.unit_doors import BUNDLE_USER, KNOWN_TO
from vybor.unit_files import GROUP, LOCKED, ORIGIN, PROGRAM, RUNTIME, SHARE, TARGET, file, user_of

STATE = "/var/lib/vybor"
UNLOCK = "vybor-unlock.service"
USERS = "vybor.sysusers"
FOLDERS = "vybor.tmpfiles"
PROTECTION = "/etc/vybor/protection.json"
OUTBOX = "/var/lib/vybor/outbox"
OUTBOX_GROUP = "vybor-outbox"
OUTBOX_OF = "journal"
ARRIVED = "/var/lib/vybor/arrived"
ARRIVED_GROUP = "vybor-arrived"
ARRIVED_OF = "sync"
NEIGHBOURS = "localhost link-local 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"
MULTICAST_DNS = "224.0.0.251"
"""Where the kit is announced while its window for pairing is open: it does not leave the local network."""
LAB_STREAMING = (
    "255.255.255.255 224.0.0.1 224.0.0.183 239.255.172.215 "
    "ff02:113d:6fdd:2c17:a643:ffe2:1bd1:3cd2 ff05:113d:6fdd:2c17:a643:ffe2:1bd1:3cd2"
)
"""Where liblsl asks who sends what, as it comes: all of a network, and groups that do not leave the house."""
DRIVERS = {
    "alsa": "snd",
    "drm": "drm",
    "video4linux": "videodev",
    "media": "mc",
    "ttyUSB": "usbserial",
    "ttyACM": "cdc_acm",
}
"""The kernel's module that brings a class of devices, where it is not built in. systemd looks a class up when the
unit starts, and drops one that the kernel does not know yet: a device that is plugged in later would stay shut
until the next boot (systemd.resource-control(5), DeviceAllow=)."""
SHELL = "/bin/sh"
"""sshd runs forced commands by the user's shell; they are all that it runs."""
WAS_PROTECTED = (
    f'[ -e {PROTECTION} ] || find -H {STATE} -name outbox -prune -o -name "*.damaged-*" -prune -o'
    f" -type f -exec head -qc {len(SEALED)} {{}} + 2>/dev/null | grep -qaF {SEALED.decode('ascii')}"
)
"""Of a shell: the word of protection is there, or a store that is encrypted all the same.

What waits for the workstation, and what was set aside, tells nothing of that, and may be much.
"""


def render() -> dict[str, str]:
    """Every file of systemd/ by its name: the target, one service a process, users and folders."""
    services = {name_of(process): service(process) for process in PROCESSES}
    doors = unit_doors.doors()
    there = {TARGET: target((*services, *doors)), UNLOCK: unlock(), **services, **doors, **unit_doors.behind()}
    return {**there, **logins(), USERS: users(), FOLDERS: folders()}


def write(folder: Path) -> list[Path]:
    """Write all units into a folder, which is made if need be; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in render().items():
        written.append(folder / name)
        written[-1].parent.mkdir(exist_ok=True)
        written[-1].write_text(text, encoding="utf-8")
    return written


def name_of(process: Process) -> str:
    """The unit's file name."""
    return f"vybor-{process.name}.service"


def target(wanted: tuple[str, ...]) -> str:
    """The kit as a whole: enabling it enables every process, stopping it stops them."""
    unit = ("Description=Vybor, the writing kit", *(f"Wants={name}" for name in wanted))
    return file({"Unit": unit, "Install": ("WantedBy=multi-user.target",)})


def service(process: Process) -> str:
    """The unit of one process."""
    return file(
        {
            "Unit": (
                f"Description=Vybor {process.name}: {process.does}",
                f"PartOf={TARGET}",
                "StartLimitIntervalSec=0",
                *((f"Wants={UNLOCK}", f"After={UNLOCK}") if process.credentials else ()),
                *_drivers(process),
                *_instead_of_login(process),
            ),
            "Service": (
                *_run(process),
                *_limits(process),
                *_places(process),
                *_devices(process),
                *_console(process),
                *_network(process),
                *LOCKED.splitlines(),
                *(() if process.write_execute else ("MemoryDenyWriteExecute=yes",)),
            ),
        }
    )


def unlock() -> str:
    """Gives the processes the key of what they keep, on a protected kit; if it fails they start all the same.

    No path tells a kit whose word of protection is lost: its key may be on a stick, and its stores have their
    usual names. So their first bytes are looked at, which costs a kit that was never protected some milliseconds.
    """
    return file(
        {
            "Unit": ("Description=Vybor: the key of what is kept",),
            "Service": (
                "Type=oneshot",
                "RemainAfterExit=yes",
                f"ExecCondition={SHELL} -c '{WAS_PROTECTED}'",
                f"ExecStart={PROGRAM} unlock --boot",
                "Environment=CONFIGURATION_DIRECTORY=/etc/vybor",
                "TimeoutStartSec=60",
                "LimitCORE=0",
                "NoNewPrivileges=yes",
                "PrivateNetwork=yes",
                "ProtectHome=yes",
                "PrivateTmp=yes",
                "UMask=0077",
            ),
        }
    )


def logins() -> dict[str, str]:
    """For login prompts at the kit's own consoles: started by hand, one would stop for good who has it.

    Raspberry Pi OS does that where its first user is set up (userconf-pi's cancel-rename).
    """
    part = file({"Unit": ("RefuseManualStart=yes",)})
    return {f"{_login_at(process.console)}.d/vybor.conf": part for process in PROCESSES if process.console}


def users() -> str:
    """sysusers.d: a user a process, and the group in which they meet."""
    groups = sorted({group for process in PROCESSES for group in process.groups})
    known = (f"g {group} -" for group in groups)  # a unit whose group is not there does not start at all
    rows = (f'u {user_of(process)} - "Vybor {process.name}" - {_shell(process)}' for process in PROCESSES)
    gathers = f'u {BUNDLE_USER} - "Vybor bundle" - -'
    members = (f"m {user_of(process)} {GROUP}" for process in PROCESSES)
    return "\n".join((ORIGIN, f"g {GROUP} -", *known, *rows, gathers, *members)) + "\n"


def folders() -> str:
    """tmpfiles.d: the sockets' folder, where the group writes and nobody removes another's; settings; passages."""
    outbox = f"d {OUTBOX} 2750 {user_of(BY_NAME[OUTBOX_OF])} {OUTBOX_GROUP} -"
    arrived = f"d {ARRIVED} 2750 {user_of(BY_NAME[ARRIVED_OF])} {ARRIVED_GROUP} -"
    return f"{ORIGIN}\nd {RUNTIME} 3770 root {GROUP} -\nd /etc/vybor 0750 root {GROUP} -\n{outbox}\n{arrived}\n"


def _shell(process: Process) -> str:
    return SHELL if process.shell else "-"


def _run(process: Process) -> tuple[str, ...]:
    return (
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={PROGRAM} run {process.name}",
        "Restart=always",
        "RestartSec=1",
        f"WatchdogSec={process.watchdog_s}",
        "TimeoutStartSec=120",
        "TimeoutStopSec=5",
    )


def _limits(process: Process) -> tuple[str, ...]:
    return (
        f"MemoryMax={process.memory_max_mb}M",
        f"OOMScoreAdjust={process.oom_score_adjust}",
        "OOMPolicy=continue",
        "LimitCORE=0",  # a core dump would store what was being written
    )


def _places(process: Process) -> tuple[str, ...]:
    """The sockets of all; for who keeps something, a folder of its own."""
    state = (f"StateDirectory=vybor/{process.name}", "StateDirectoryMode=0700") if process.writes_state else ()
    return (
        f"User={user_of(process)}",
        f"Group={GROUP}",
        f"Environment=RUNTIME_DIRECTORY={RUNTIME} CONFIGURATION_DIRECTORY=/etc/vybor VYBOR_SHARE={SHARE}",
        f"ReadWritePaths={RUNTIME}",
        *(f"Environment={name}={path}" for of, name, path in KNOWN_TO if of == process.name),
        *_passing(process),
        *state,
        *(f"LoadCredential={name}" for name in process.credentials),
    )


def _passing(process: Process) -> tuple[str, ...]:
    """Folders that one process writes, and whoever is in its group reads; for the others they are not there."""
    outbox = _folder(process, "VYBOR_OUTBOX", OUTBOX, (OUTBOX_OF, OUTBOX_GROUP))
    return (*outbox, *_folder(process, "VYBOR_ARRIVED", ARRIVED, (ARRIVED_OF, ARRIVED_GROUP)))


def _folder(process: Process, name: str, folder: str, who: tuple[str, str]) -> tuple[str, ...]:
    writes, group = who
    told = (f"Environment={name}={folder}",)
    if process.name == writes:
        return (*told, f"ReadWritePaths=-{folder}")  # "-": who keeps the record starts without it, and says so
    return told if group in process.groups else ()


def _devices(process: Process) -> tuple[str, ...]:
    groups = (f"SupplementaryGroups={' '.join(process.groups)}",) if process.groups else ()
    if not process.devices:
        return (*groups, "PrivateDevices=yes")
    return (*groups, "DevicePolicy=closed", *(f"DeviceAllow=char-{name} rw" for name in process.devices))


def _drivers(process: Process) -> tuple[str, ...]:
    loading = [f"modprobe@{DRIVERS[name]}.service" for name in process.devices if name in DRIVERS]
    return tuple(line for each in loading for line in (f"Wants={each}", f"After={each}"))


def _instead_of_login(process: Process) -> tuple[str, ...]:
    """The login prompt of the console would take the keys that call for help; tty2 still has one."""
    login = _login_at(process.console)
    return (f"Conflicts={login}", f"After={login}") if process.console else ()


def _login_at(console: str) -> str:
    return f"getty@{console.removeprefix('/dev/')}.service"


def _console(process: Process) -> tuple[str, ...]:
    """A console is its user's to read; where there is none (a container), that is no reason not to start."""
    if not process.console:
        return ()
    return (
        f"Environment=VYBOR_CONSOLE={process.console}",
        f"ExecStartPre=-+/usr/bin/chown --silent {user_of(process)} {process.console}",
    )


def _network(process: Process) -> tuple[str, ...]:
    """Sockets in the file system only; whoever must hear udev shares the machine's network without speaking IP.

    Whoever listens speaks with addresses of a home or a house alone; who announces itself or looks for streams, to
    all in it at once, and asks the kernel (AF_NETLINK) by which interfaces.
    """
    if process.listens:
        families = "AF_UNIX AF_INET AF_INET6"
        at_once = [
            *([MULTICAST_DNS] if process.announces else []),
            *([LAB_STREAMING] if process.streams else []),
        ]
        return (
            f"IPAddressAllow={' '.join((NEIGHBOURS, *at_once))}",
            f"RestrictAddressFamilies={families}{' AF_NETLINK' if at_once else ''}",
        )
    if process.hotplug:
        return ("RestrictAddressFamilies=AF_UNIX AF_NETLINK",)
    return ("PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX")
