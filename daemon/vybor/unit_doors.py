"""Doors that systemd holds: each may be opened by one process alone, and what is behind it can do one thing.

Their sockets are not among the kit's own: there, each of its processes could lay another one in its place.
"""

from vybor.processes import BY_NAME
from vybor.unit_files import GROUP, LOCKED, PROGRAM, RUNTIME, SHARE, TARGET, file, user_of

BUNDLE_SOCKET = "vybor-bundle.socket"
BUNDLE = "vybor-bundle@.service"
BUNDLE_USER = "vybor-bundle"
BUNDLE_ASKED_BY = "panel"
BUNDLE_AT = "/run/vybor-bundle.socket"
SETTINGS, SETTINGS_DOOR, SETTINGS_OF = "vybor-settings", "/run/vybor-settings.sock", "panel"
POWER, POWER_DOOR, POWER_OF = "vybor-power", "/run/vybor-power.sock", "core"
KNOWN_TO = ((SETTINGS_OF, "VYBOR_SETTINGS", SETTINGS_DOOR), (POWER_OF, "VYBOR_POWER", POWER_DOOR))
"""Which process is told of which door, and by what name."""


def doors() -> dict[str, str]:
    """The sockets, by the names of their files."""
    return {
        f"{SETTINGS}.socket": door(SETTINGS_DOOR, SETTINGS_OF, "changes of the settings", at_once=2),
        f"{POWER}.socket": door(POWER_DOOR, POWER_OF, "switching the machine off", at_once=1),
        BUNDLE_SOCKET: door(BUNDLE_AT, BUNDLE_ASKED_BY, "a log bundle", at_once=1),
    }


def behind() -> dict[str, str]:
    """What each of them starts, by the names of their files."""
    return {f"{SETTINGS}@.service": settings_behind(), f"{POWER}@.service": power_behind(), BUNDLE: bundle()}


def door(path: str, process: str, why: str, at_once: int) -> str:
    """A socket in a folder that root alone writes; who connects has one connection's worth of what is behind."""
    return file(
        {
            "Unit": (f"Description=Vybor: the door to {why}", f"PartOf={TARGET}"),
            "Socket": (
                f"ListenStream={path}",
                "Accept=yes",
                f"MaxConnections={at_once}",
                f"SocketUser={user_of(BY_NAME[process])}",
                f"SocketGroup={GROUP}",
                "SocketMode=0600",
                "RemoveOnStop=yes",
            ),
        }
    )


def bundle() -> str:
    """Gathers a log bundle and prints it to who asked: it reads the log, writes nothing, and has no network."""
    return file(
        {
            "Unit": (
                "Description=Vybor: gathers a log bundle",
                f"PartOf={TARGET}",
                "CollectMode=inactive-or-failed",
            ),
            "Service": (
                f"ExecStart={PROGRAM} bundle --out -",
                "StandardInput=null",
                "StandardOutput=socket",
                "StandardError=journal",
                "RuntimeMaxSec=90",
                "TimeoutStopSec=5",
                "MemoryMax=200M",
                "OOMScoreAdjust=900",
                "LimitCORE=0",
                f"User={BUNDLE_USER}",
                f"Group={GROUP}",
                "SupplementaryGroups=systemd-journal",
                f"Environment=RUNTIME_DIRECTORY={RUNTIME} CONFIGURATION_DIRECTORY=/etc/vybor VYBOR_SHARE={SHARE}",
                "PrivateDevices=yes",
                "PrivateNetwork=yes",
                "RestrictAddressFamilies=AF_UNIX",
                *LOCKED.splitlines(),
                "MemoryDenyWriteExecute=yes",
            ),
        }
    )


def settings_behind() -> str:
    """Takes one change from the carer's page: root, since the file is root's, and without one of root's rights.

    It reaches no bus and no manager, for it may make no socket.
    """
    return file(
        {
            "Unit": (
                "Description=Vybor: a change of the settings from the carer's page",
                "CollectMode=inactive-or-failed",
            ),
            "Service": (
                "Type=oneshot",
                f"ExecStart={PROGRAM} config take",
                "StandardInput=socket",
                "StandardOutput=socket",
                "StandardError=journal",
                "TimeoutStartSec=30",
                "User=root",
                f"Group={GROUP}",
                "Environment=CONFIGURATION_DIRECTORY=/etc/vybor",
                "ReadWritePaths=/etc/vybor",
                "MemoryMax=150M",
                "OOMScoreAdjust=600",
                "LimitCORE=0",
                *_shut(),
            ),
        }
    )


def power_behind() -> str:
    """Does nothing, as nobody: that it was started is what systemd switches the machine off for, in order."""
    return file(
        {
            "Unit": (
                "Description=Vybor: the carer's page switches the machine off",
                "CollectMode=inactive-or-failed",
                "RefuseManualStart=yes",
                "SuccessAction=poweroff",
            ),
            "Service": (
                "Type=oneshot",
                "ExecStart=/bin/true",
                "StandardInput=null",
                "TimeoutStartSec=5",
                "DynamicUser=yes",
                "MemoryMax=20M",
                "LimitCORE=0",
                *_shut(),
            ),
        }
    )


def _shut() -> tuple[str, ...]:
    """Neither devices nor a network, nor any new socket at all."""
    return (
        "PrivateDevices=yes",
        "PrivateNetwork=yes",
        "RestrictAddressFamilies=none",
        *LOCKED.splitlines(),
        "MemoryDenyWriteExecute=yes",
    )
