"""The kit's own sshd: it knows two keys, each of which may do one thing. What it is told is pure; then it is run.

It runs as the user of this process and can become nobody else. Its configuration, host key and port are its own,
and it shares nothing with an sshd of the machine.
"""

import fcntl
import logging
import os
import pwd
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing, PlaceError

log = logging.getLogger("vybor.sync")

SSHD = Path("/usr/sbin/sshd")
KEYGEN = "/usr/bin/ssh-keygen"
RRSYNC = Path("/usr/bin/rrsync")
SETPRIV = "/usr/bin/setpriv"
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""An sshd that root starts locks its first half up in there."""
AGAIN_NS = seconds(5)
LET_IN = "Accepted publickey"
LINES_BYTES = 65_536


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """Where it listens, and what lies behind it."""

    folder: Path
    """Of this process alone: keys and configuration."""
    outbox: Path
    port: int
    address: str = ""
    """Empty: all of the machine's."""
    user: str

    @property
    def inbox(self) -> Path:
        """Where receipts arrive."""
        return self.folder / "inbox"

    @property
    def host_key(self) -> Path:
        """The key that the workstation knows the kit by."""
        return self.folder / "host_key"

    @property
    def keys(self) -> Path:
        """Of the paired workstation."""
        return self.folder / "authorized_keys"


def configuration(door: Door) -> str:
    """sshd_config(5)."""
    root = "forced-commands-only" if door.user == "root" else "no"
    lines = [
        f"Port {door.port}",
        *([f"ListenAddress {door.address}"] if door.address else []),
        f"HostKey {_quoted(door.host_key)}",
        "HostKeyAlgorithms ssh-ed25519",
        f"AuthorizedKeysFile {_quoted(door.keys)}",
        "PubkeyAcceptedAlgorithms ssh-ed25519",
        f"AllowUsers {door.user}",
        f"PermitRootLogin {root}",
        "AuthenticationMethods publickey",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "UsePAM no",
        "StrictModes no",  # the folder is this process's alone, and it looks at that itself
        "DisableForwarding yes",
        "PermitTTY no",
        "PermitUserRC no",
        "PermitUserEnvironment no",
        "PrintMotd no",
        "PrintLastLog no",
        "UseDNS no",
        "PidFile none",
        "LoginGraceTime 20",
        "MaxAuthTries 3",
        "MaxStartups 5:50:10",
        "ClientAliveInterval 15",
        "ClientAliveCountMax 4",
        "LogLevel INFO",
    ]
    return "\n".join(lines) + "\n"


def authorized_keys(door: Door, read_key: str, write_key: str) -> str:
    """One key that reads the outbox and one that writes to the inbox; neither has a shell or anything else."""
    commands = (
        (f"{RRSYNC} -ro", door.outbox, read_key),
        (f"{RRSYNC} -wo -no-del -no-lock -munge", door.inbox, write_key),
    )
    return "".join(f'restrict,command="{command} {_plain(folder)}" {key}\n' for command, folder, key in commands)


def _plain(folder: Path) -> str:
    """A folder inside a command inside quotation marks. Raises PlaceError for one that would break out."""
    quoted = shlex.quote(str(folder))
    if '"' in quoted or "\\" in quoted or "\n" in quoted:
        raise PlaceError(f"the folder {folder} has a quotation mark in its name; name another one with --state")
    return quoted


def _quoted(path: Path) -> str:
    return f'"{path}"'


def user_name() -> str:
    """Whoever runs this process."""
    return pwd.getpwuid(os.geteuid()).pw_name


def prepare(door: Door) -> str:
    """Make the folders and, once, the host key; return its public half. Raises Missing, PlaceError."""
    try:
        for folder in (door.folder, door.inbox):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        door.folder.chmod(0o700)
        door.outbox.mkdir(parents=True, exist_ok=True, mode=0o750)  # who fetches nothing yet finds it empty
        if not door.host_key.exists():
            made = door.host_key.with_name(".host_key")
            for old in (made, made.with_name(".host_key.pub")):
                old.unlink(missing_ok=True)
            told = [KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(made)]
            subprocess.run(told, check=True, capture_output=True, stdin=subprocess.DEVNULL)
            made.with_name(".host_key.pub").replace(door.host_key.with_name("host_key.pub"))
            made.replace(door.host_key)
        public = door.host_key.with_name("host_key.pub").read_text(encoding="ascii").split()
    except FileNotFoundError as error:
        raise Missing(f"{error.filename} is missing; install openssh-server and rsync") from None
    except (OSError, subprocess.CalledProcessError) as error:
        raise PlaceError(f"the keys of the kit's door cannot be kept in {door.folder}: {error}") from None
    return " ".join(public[:2])


class Sshd:
    """The child, while a workstation is paired."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._child: subprocess.Popen[bytes] | None = None
        self._again_ns = 0
        self._last = ""
        self.trouble = ""

    def turn(self, now_ns: int, *, wanted: bool) -> bool:
        """Keep it running while it is wanted; whether somebody was let in since the last turn."""
        if not wanted:
            self.close()
            return False
        was_let_in = any(LET_IN in line for line in self._lines())
        if self._child and self._child.poll() is not None:
            self.trouble = f"sshd has ended: {self._last or 'it said nothing'}"
            self._child = None
            self._again_ns = now_ns + AGAIN_NS
        if self._child is None and now_ns >= self._again_ns:
            self._start(now_ns)
        return was_let_in

    def close(self) -> None:
        """End it; whoever is inside finishes what they fetch."""
        if self._child:
            self._child.terminate()
            self._child.wait()
            if self._child.stderr:
                self._child.stderr.close()
        self._child = None
        self.trouble = ""

    def _start(self, now_ns: int) -> None:
        self._again_ns = now_ns + AGAIN_NS
        for needed in (SSHD, RRSYNC):
            if not needed.exists():
                self.trouble = f"{needed} is missing; install openssh-server and rsync"
                return
        try:
            written = self._door.folder / "sshd_config"
            written.write_text(configuration(self._door), encoding="utf-8")
            if self._door.user == "root":
                PRIVILEGE_SEPARATION.mkdir(exist_ok=True, mode=0o755)
            self._child = subprocess.Popen(
                # it ends with this process, even if that is killed
                [SETPRIV, "--pdeathsig", "TERM", "--", str(SSHD), "-D", "-e", "-f", str(written)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            self.trouble = f"sshd cannot be started: {error}"
            return
        self.trouble = ""
        if self._child.stderr:
            descriptor = self._child.stderr.fileno()
            fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_NONBLOCK)

    def _lines(self) -> Iterator[str]:
        """What it has said since the last turn."""
        if not self._child or not self._child.stderr:
            return
        try:
            told = os.read(self._child.stderr.fileno(), LINES_BYTES)
        except BlockingIOError:
            return
        for line in told.decode("utf-8", "replace").splitlines():
            log.info("sshd: %s", line.strip())
            self._last = line.strip()
            yield line


def keep_keys(door: Door, read_key: str, write_key: str) -> None:
    """From now on these two keys open the door, and none else. Raises OSError, PlaceError."""
    content = authorized_keys(door, read_key, write_key)
    small_files.write_bytes(door.keys, content.encode("ascii"), 0o600, is_synced=True)


def forget_keys(door: Door) -> None:
    """Nobody comes in any more."""
    door.keys.unlink(missing_ok=True)
