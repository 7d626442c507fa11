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
import sys
from pathlib import Path

import msgspec

from vybor.foundation import small_files, tied
from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing, PlaceError
from vybor.pairing.lines import SSH_KEY
from vybor.sync import forced
from vybor.sync.forced import Way

log = logging.getLogger("vybor.sync")

SSHD = Path("/usr/sbin/sshd")
KEYGEN = "/usr/bin/ssh-keygen"
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""An sshd that root starts locks its first half up in there."""
AGAIN_NS = seconds(5)
LIBRARIES = Path(__file__).parents[2]
"""Where Python finds this package."""
MARKS = {Way.READ: (".forced read ", "/rrsync -ro "), Way.WRITE: (".forced write ", "/rrsync -wo ")}
"""By what a key's line is told from the other one's: now, and before there was SFTP."""
LET_IN = "Accepted publickey"
LINES_BYTES = 65_536
BINDS, SEE = "bind", "; see sync.address and sync.port"
"""In the last words of one that could not listen; and the remedy."""


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
        f"Subsystem sftp {forced.SUBSYSTEM}",  # a name to be told by: what runs is the key's own program
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
    keys = ((Way.READ, door.outbox, read_key), (Way.WRITE, door.inbox, write_key))
    return "".join(f'restrict,command="{_command(way, folder)}" {key}\n' for way, folder, key in keys)


def _command(way: Way, folder: Path) -> str:
    """The program that stands behind a key, as the user's shell reads it. Raises PlaceError."""
    program = (f"PYTHONPATH={_plain(LIBRARIES)}", _plain(sys.executable), "-P", "-s", "-m", forced.__name__)
    return " ".join((*program, way.value, _plain(folder)))


def keys_in(written: str) -> dict[Way, str]:
    """The keys of a file that `authorized_keys` made, in this version or an earlier one. Pure."""
    lines = written.splitlines()
    found = {way: [line for line in lines if any(mark in line for mark in marks)] for way, marks in MARKS.items()}
    keys = {way: SSH_KEY.search(of_it[0]) for way, of_it in found.items() if len(of_it) == 1}
    return {way: key[0] for way, key in keys.items() if key}


def _plain(path: Path | str) -> str:
    """A path inside a command inside quotation marks. Raises PlaceError for one that would break out."""
    quoted = shlex.quote(str(path))
    if '"' in quoted or "\\" in quoted or "\n" in quoted:
        raise PlaceError(f"{path} has a quotation mark in its name; name another folder with --state")
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
        has_ended = self._child is not None and self._child.poll() is not None
        was_let_in = self._has_let_in()  # its last words, too
        if has_ended:
            why = self._last.rstrip(".") or "it said nothing"
            self.trouble = f"sshd has ended: {why}{SEE if BINDS in why.lower() else ''}"
            self._shut()
            self._again_ns = now_ns + AGAIN_NS
        if self._child and now_ns >= self._again_ns:
            self.trouble = ""  # it stands: one that cannot ends sooner
        if self._child is None and now_ns >= self._again_ns:
            self._start(now_ns)
        return was_let_in

    def close(self) -> None:
        """End it; whoever is inside finishes what they fetch."""
        if self._child:
            self._child.terminate()
            self._child.wait()
            self._shut()
        self.trouble = ""

    def _shut(self) -> None:
        if self._child and self._child.stderr:
            self._child.stderr.close()
        self._child = None

    def _start(self, now_ns: int) -> None:
        self._again_ns = now_ns + AGAIN_NS
        for needed in (SSHD, forced.RRSYNC):
            if not needed.exists():
                self.trouble = f"{needed} is missing; install openssh-server and rsync"
                return
        try:
            written = self._door.folder / "sshd_config"
            written.write_text(configuration(self._door), encoding="utf-8")
            if self._door.user == "root":
                PRIVILEGE_SEPARATION.mkdir(exist_ok=True, mode=0o755)
            self._child = subprocess.Popen(
                tied.command(str(SSHD), "-D", "-e", "-f", str(written)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            self.trouble = f"sshd cannot be started: {error}"
            return
        if self._child.stderr:
            descriptor = self._child.stderr.fileno()
            fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_NONBLOCK)

    def _has_let_in(self) -> bool:
        """By what it has said since the last turn, which is logged to its end."""
        if not self._child or not self._child.stderr:
            return False
        try:
            told = os.read(self._child.stderr.fileno(), LINES_BYTES)
        except BlockingIOError:
            return False
        lines = told.decode("utf-8", "replace").splitlines()
        for line in lines:
            log.info("sshd: %s", line.strip())
            self._last = line.strip()
        return any(LET_IN in line for line in lines)


def keep_keys(door: Door, read_key: str, write_key: str) -> None:
    """From now on these two keys open the door, and none else. Raises OSError, PlaceError."""
    content = authorized_keys(door, read_key, write_key)
    small_files.write_bytes(door.keys, content.encode(), 0o600, is_synced=True)


def renew_keys(door: Door) -> None:
    """The keys stay, and what stands behind them is this version's. Raises OSError, PlaceError."""
    try:
        written = small_files.read(door.keys, LINES_BYTES, links=False).decode("utf-8", "replace")
    except FileNotFoundError:
        return
    keys = keys_in(written)
    if len(keys) < len(Way):
        log.warning("sync: the keys of the workstation are not those that were written; pair it again")
    elif written != authorized_keys(door, keys[Way.READ], keys[Way.WRITE]):
        keep_keys(door, keys[Way.READ], keys[Way.WRITE])


def forget_keys(door: Door) -> None:
    """Nobody comes in any more."""
    door.keys.unlink(missing_ok=True)
