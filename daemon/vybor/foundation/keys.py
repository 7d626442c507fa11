"""What the kit locks its stores with: one master secret, and for each process a key of its own made from it.

systemd hands the secret to those processes that keep something, as the credential `vybor.key`: 64 hex digits. A
kit that is not protected has none. Whatever else stands there says in a sentence why the key is not there: the kit
is protected and locked, and what is to be kept waits until somebody unlocks it.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.foundation import small_files

SEALED = b"VYBORKEY"
"""What an encrypted store begins with; the mark of its key follows."""
INSTALLED = Path("/var/lib/vybor")
"""What an installed kit keeps lies below it; there alone `vybor unlock` can do something."""
CREDENTIAL = "vybor.key"
FOLDER = "CREDENTIALS_DIRECTORY"
"""systemd's variable: the folder of the credentials of one process."""
UNLOCKED = Path("/run/credstore") / CREDENTIAL
"""Where systemd finds it for the processes of an installed kit, until the machine is turned off."""
SECRET_BYTES = 32
LARGEST_FILE = 4096
_HEX = re.compile(rb"\s*([0-9a-fA-F]{64})\s*")


class Key(msgspec.Struct, frozen=True):
    """The key of one process, or none."""

    secret: bytes = b""
    """32 bytes; empty: there is none."""
    locked: str = ""
    """Why a key that should be there is not; empty: it is there, or the kit is not protected."""

    def __repr__(self) -> str:
        return f"Key({'secret' if self.secret else self.locked or 'none'})"

    @property
    def mark(self) -> bytes:
        """8 bytes that tell one key from another, and nothing else of it."""
        return _blake2b(self.secret, digest_size=8, person=b"vybor-mark")


NONE = Key()
"""A kit that is not protected."""


def new_secret() -> bytes:
    """A master secret for a kit."""
    return os.urandom(SECRET_BYTES)


def written(secret: bytes) -> str:
    """A master secret as a file has it."""
    return f"{secret.hex()}\n"


def how_to_unlock(store: Path) -> str:
    """The remedy for a store whose key is not there: systemd hands it to an installed kit, and to no other."""
    if store.absolute().is_relative_to(INSTALLED):
        return "unlock the kit (`sudo vybor unlock`)"
    return f"start the kit with {FOLDER} naming the folder that has its {CREDENTIAL}"


def understood(content: bytes) -> Key:
    """A master secret as a file has it; of anything else, the reason that stands there."""
    if found := _HEX.fullmatch(content):
        return Key(bytes.fromhex(found.group(1).decode("ascii")))
    said = " ".join(content.decode("utf-8", errors="replace").split())
    is_said = said.startswith("locked: ") and said.isprintable()
    return Key(locked=said.removeprefix("locked: ") if is_said else "what was given as a key is none")


def read(path: Path) -> Key:
    """The master secret of a file; NONE if there is no such file."""
    try:
        return understood(small_files.read(path, LARGEST_FILE))
    except FileNotFoundError:
        return NONE
    except OSError as error:
        return Key(locked=f"the key in {path} cannot be read ({error.strerror})")


def derived(master: Key, process: str) -> Key:
    """The key of one process: from it nobody finds that of another, or the master secret."""
    if not master.secret:
        return master
    person = f"vybor-{process}".encode()
    return Key(_blake2b(digest_size=SECRET_BYTES, key=master.secret, person=person))


def _blake2b(data: bytes = b"", *, digest_size: int, person: bytes, key: bytes = b"") -> bytes:
    """A hash with a key. What has it loads OpenSSL, 3 MB in each process: those that keep nothing do without."""
    from hashlib import blake2b  # noqa: PLC0415

    return blake2b(data, digest_size=digest_size, key=key, person=person).digest()


def given(environ: Mapping[str, str]) -> Key:
    """The master secret that a command may use: that of its surroundings, else what was unlocked."""
    folder = environ.get(FOLDER)
    return read(Path(folder) / CREDENTIAL if folder else UNLOCKED)


def of_process(process: str, environ: Mapping[str, str]) -> Key:
    """What a process was handed for itself."""
    folder = environ.get(FOLDER)
    return derived(read(Path(folder) / CREDENTIAL), process) if folder else NONE
