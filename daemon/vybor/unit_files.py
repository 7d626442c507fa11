"""What every unit of the kit has in common: names, walls, and the form of the file."""

from vybor.foundation.places import PACKAGED
from vybor.processes import Process

PROGRAM = "/usr/lib/vybor/bin/vybor"
SHARE = str(PACKAGED)
RUNTIME = "/run/vybor"
TARGET = "vybor.target"
GROUP = "vybor"
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


def user_of(process: Process) -> str:
    """The user that a process runs as."""
    return f"vybor-{process.name}"


def file(sections: dict[str, tuple[str, ...]]) -> str:
    """A unit of these sections."""
    blocks = ("\n".join((f"[{name}]", *lines)) for name, lines in sections.items())
    return "\n\n".join((ORIGIN, *blocks)) + "\n"
