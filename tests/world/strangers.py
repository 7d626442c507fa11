"""What a stranger, or somebody with one of the two keys, tries at the kit's door."""

import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vybor_workshop.kits import fetching
from vybor_workshop.kits.home import Kit

Done = subprocess.CompletedProcess[str]
LIMIT_S = 30


def ssh(kit: Kit, key: str, *command: str) -> Done:
    """Ask for a shell, or for a command."""
    return _run([*fetching.ssh(kit, key), at(kit), *command])


def rsync(kit: Kit, key: str, *what: str) -> Done:
    """Ask for files, or send some."""
    return _run(["rsync", "-rl", "-e", shlex.join(fetching.ssh(kit, key)), "--", *what])


def at(kit: Kit) -> str:
    """Whom one asks."""
    return f"{kit.card.user}@{kit.card.host}"


def key(path: Path) -> None:
    """A key that nobody knows."""
    _run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)])


def refused(kit: Kit) -> dict[str, bool]:
    """Everything that must not be let in; whether it was not."""
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        receipt = folder / "x.receipt"
        receipt.write_text("{}")
        (got := folder / "got").mkdir()
        told = {
            "shell": all(ssh(kit, name, "id").returncode for name in ("read_key", "write_key")),
            "read_by_write_key": bool(rsync(kit, "write_key", f"{at(kit)}:/", str(got)).returncode),
            "write_by_read_key": bool(rsync(kit, "read_key", str(receipt), f"{at(kit)}:/").returncode),
            "third_key": _third_key(kit),
            "changed_host_key": _changed_host_key(kit, folder),
        }
        told["nothing_came"] = not list(got.iterdir())
    return told


def _third_key(kit: Kit) -> bool:
    stranger = kit.folder / "stranger"
    key(stranger)
    try:
        return "Permission denied" in ssh(kit, "stranger", "id").stderr
    finally:
        for path in (stranger, stranger.with_name("stranger.pub")):
            path.unlink()


def _changed_host_key(kit: Kit, folder: Path) -> bool:
    known = kit.folder / "known_hosts"
    before = known.read_text()
    key(folder / "other")
    known.write_text(f"{kit.card.kit} {(folder / 'other.pub').read_text()}")
    try:
        return "verification failed" in rsync(kit, "read_key", f"{at(kit)}:/", str(folder / "got")).stderr
    finally:
        known.write_text(before)


def _run(command: Sequence[str]) -> Done:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=LIMIT_S
    )
