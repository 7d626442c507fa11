"""rsync over SSH, started from here: which commands, and what they say. The kit's keys allow these two alone."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from vybor.foundation.errors import Missing, VyborError
from vybor.segments.segment import LARGEST_BYTES
from vybor_workshop.kits.home import Kit

RSYNC = "rsync"
PARTIAL = ".partial"
"""Where in `incoming` lies what was begun."""
PATIENCE_S = 60
"""Without a byte for so long, a transfer is given up; the next one goes on where it was."""
VANISHED = 24
"""rsync's exit code where a file was pruned between listing and reading it: nothing is missing."""
SAID = re.compile(r"\s*([\d,]+)\s+(\d+)%.*?(?:xfr#(\d+), (?:to|ir)-chk=(\d+)/(\d+))?\)?\s*")

TELLS_NOTHING = ("rsync error", "rsync: connection unexpectedly closed", "rsync: [", "sftp>", "Connection closed")
"""Beginnings of lines that say that it failed, and not why."""
NOBODY_THERE = (
    *("Connection refused", "timed out", "No route to host", "Could not resolve", "Network is unreachable"),
    *("Host is down", "Name or service not known"),
)
"""What ssh says where nothing was begun, and where trying again alone does not help."""


NO_ROOM = ("No space left on device", "File too large")
"""What rsync says of a full disk, and of a kit that lets no file grow into what it keeps free."""


class NotReached(VyborError):
    """A kit that is paired does not answer, or does not let this workstation in."""

    exit_code = 69  # EX_UNAVAILABLE


def ssh(kit: Kit, key: str) -> list[str]:
    """Ssh with one key and one host key, and nothing of the owner's own configuration."""
    return ["ssh", "-F", "none", "-T", "-p", str(kit.card.port), *only(kit, key)]


def only(kit: Kit, key: str) -> list[str]:
    """What ssh and sftp are told alike: one key, one host key."""
    options = {
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": f'"{kit.folder / "known_hosts"}"',
        "GlobalKnownHostsFile": "/dev/null",
        "HostKeyAlias": kit.card.kit,
        "HostKeyAlgorithms": "ssh-ed25519",
        "UpdateHostKeys": "no",
        "ConnectTimeout": "10",
        "ServerAliveInterval": "15",
        "ServerAliveCountMax": "4",
        "LogLevel": "ERROR",
    }
    given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["-i", str(kit.folder / key), *given]


def fetch_command(kit: Kit, without: Path) -> list[str]:
    """Everything that waits there and is not named in a file, into `incoming`; what waits no more goes there."""
    return [
        *(RSYNC, "-rt", f"--timeout={PATIENCE_S}", f"--max-size={LARGEST_BYTES}", "--info=progress2"),
        *("--no-inc-recursive", "--delete", f"--partial-dir={PARTIAL}", f"--exclude-from={without}"),
        *("--include=/*.segment", "--exclude=*", "-e", shlex.join(ssh(kit, "read_key"))),
        *("--", f"{at(kit)}:/", f"{kit.incoming}/"),
    ]


def deliver_command(kit: Kit) -> list[str]:
    """All receipts."""
    return [
        *(RSYNC, "-rt", f"--timeout={PATIENCE_S}", "--include=/*.receipt", "--exclude=*"),
        *("-e", shlex.join(ssh(kit, "write_key")), "--", f"{kit.receipts}/", f"{at(kit)}:/"),
    ]


def push_command(kit: Kit, bundle: Path) -> list[str]:
    """One bundle, as it is called here: newer rrsync takes no other name, nor a partial folder."""
    return [
        *(RSYNC, "-t", f"--timeout={PATIENCE_S}", "--partial", "--info=progress2"),
        *("-e", shlex.join(ssh(kit, "write_key")), "--", str(bundle), f"{at(kit)}:/"),
    ]


def at(kit: Kit) -> str:
    """Whom one asks."""
    host = f"[{kit.card.host}]" if ":" in kit.card.host else kit.card.host
    return f"{kit.card.user}@{host}"


def run(kit: Kit, command: Sequence[str], say: Callable[[str], None]) -> None:
    """Run one of them to its end; how far it is goes to `say`. Raises NotReached, Missing."""
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise Missing(f"{command[0]} is missing; install rsync and openssh-client") from None
    with child:
        complaint = heard(child.stdout or (), lambda line: say(f"{kit.card.name}: {line}"))
        code = child.wait()
    if code not in (0, VANISHED):
        raise NotReached(reason(kit, complaint))


def heard(lines: Iterable[str], say: Callable[[str], None]) -> str:
    """Say how far rsync is, whenever that is ten per cent further; all else that it tells."""
    last, others = -1, []
    for line in lines:
        found = SAID.fullmatch(line)
        if found is None:
            others.append(line)
        elif int(found[2]) // 10 > last:
            last = int(found[2]) // 10
            say(f"{int(found[1].replace(',', '')) / 1e6:.1f} MB fetched ({found[2]} %)")
    return "".join(others)


def reason(kit: Kit, complaint: str) -> str:
    """Why it failed, in one sentence with the remedy. Pure."""
    name, number, host = kit.card.name, kit.card.kit, f"{kit.card.host}:{kit.card.port}"
    if "verification failed" in complaint or "HOST IDENTIFICATION HAS CHANGED" in complaint:
        return (
            f"what answers at {host} is not {name}: its host key is another one; if the kit was set up anew, "
            f"pair it again (vybor-workshop kit add) and forget the old one (vybor-workshop kit remove {number})"
        )
    if "Permission denied" in complaint:
        return (
            f"{name} does not know this workstation any more; pair it again (vybor-workshop kit add HOST); if "
            f"that is done, and the kit was set up anew, forget the old one (vybor-workshop kit remove {number})"
        )
    if any(told in complaint for told in NO_ROOM):
        return f"there is no room for it, here or on {name}; make some, and do this again"
    if "subsystem request failed" in complaint:
        return f"{name} does not speak SFTP; install rsync here, or a newer Vybor there"
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(TELLS_NOTHING)] or lines
    last = lines[-1] if lines else "it said nothing"
    if any(told in last for told in NOBODY_THERE):
        return (
            f"{name} could not be reached at {host} ({last}); see that it is on, in this network, unlocked, and "
            "has this workstation on its page Workstation; if its address is another one by now: "
            f"vybor-workshop kit change {number} --host ADDRESS; what was fetched is kept"
        )
    return f"{name} could not be reached at {host} ({last}); what was fetched is kept, and the next sync goes on"
