"""systemd units, rendered from the table of processes: `systemd/` holds what this module writes.

A unit restarts for ever (StartLimitIntervalSec=0), since a dead unit is a person without a voice. Its watchdog is
fed by the loop that does the work. `systemd-analyze security` says what the hardening is worth.
"""

from pathlib import Path

from vybor.processes import PROCESSES, Process

PROGRAM = "/usr/lib/vybor/bin/vybor"
SHARE = "/usr/share/vybor"
TARGET = "vybor.target"
ORIGIN = "# Rendered by `vybor units` from daemon/vybor/processes.py: change it there."

LOCKED = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
LockPersonality=yes
KeyringMode=private
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
UMask=0007
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
PrivateTmp=yes
IPAddressDeny=any
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM"""
"""What holds for every process. Not here: ~@resources, since onnxruntime places its threads on cores."""


def render() -> dict[str, str]:
    """Every file of systemd/ by its name: the target, and one service a process."""
    services = {name_of(process): service(process) for process in PROCESSES}
    return {TARGET: target(tuple(services)), **services}


def write(folder: Path) -> list[Path]:
    """Write all units into a folder, which is made if need be; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in render().items():
        written.append(folder / name)
        written[-1].write_text(text, encoding="utf-8")
    return written


def name_of(process: Process) -> str:
    """The unit's file name."""
    return f"vybor-{process.name}.service"


def target(services: tuple[str, ...]) -> str:
    """The kit as a whole: enabling it enables every process, stopping it stops them."""
    unit = ("Description=Vybor, the writing kit", *(f"Wants={service}" for service in services))
    return _file({"Unit": unit, "Install": ("WantedBy=multi-user.target",)})


def service(process: Process) -> str:
    """The unit of one process."""
    return _file(
        {
            "Unit": (
                f"Description=Vybor {process.name}: {process.does}",
                f"PartOf={TARGET}",
                "StartLimitIntervalSec=0",
            ),
            "Service": (
                *_run(process),
                *_limits(process),
                *_places(process),
                *_devices(process),
                *_network(process),
                *LOCKED.splitlines(),
                *(() if process.write_execute else ("MemoryDenyWriteExecute=yes",)),
            ),
        }
    )


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
    )


def _places(process: Process) -> tuple[str, ...]:
    """One folder of sockets for all, which outlives each of them; the folder of records for its writers."""
    state = ("StateDirectory=vybor", "StateDirectoryMode=0770") if process.writes_state else ()
    return (
        "User=vybor",
        "Group=vybor",
        f"Environment=VYBOR_SHARE={SHARE}",
        "ConfigurationDirectory=vybor",
        "RuntimeDirectory=vybor",
        "RuntimeDirectoryMode=0770",
        "RuntimeDirectoryPreserve=yes",
        *state,
    )


def _devices(process: Process) -> tuple[str, ...]:
    groups = (f"SupplementaryGroups={' '.join(process.groups)}",) if process.groups else ()
    if not process.devices:
        return (*groups, "PrivateDevices=yes")
    return (*groups, "DevicePolicy=closed", *(f"DeviceAllow=char-{name} rw" for name in process.devices))


def _network(process: Process) -> tuple[str, ...]:
    """Sockets in the file system only; whoever must hear udev shares the machine's network without speaking IP."""
    if process.hotplug:
        return ("RestrictAddressFamilies=AF_UNIX AF_NETLINK",)
    return ("PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX")


def _file(sections: dict[str, tuple[str, ...]]) -> str:
    blocks = ("\n".join((f"[{name}]", *lines)) for name, lines in sections.items())
    return "\n\n".join((ORIGIN, *blocks)) + "\n"
