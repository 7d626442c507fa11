"""What is kept of the kit's key beside the key: which one it is, and by which ways it comes.

A passphrase does not make the key: it opens it (Argon2id, then libsodium's secret box). So it can be changed, and
a stick with the key goes on opening the kit, without a store being written anew.
"""

from enum import StrEnum
from pathlib import Path

import msgspec
from nacl import pwhash, utils
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from vybor.foundation import keys, small_files
from vybor.foundation.errors import VyborError
from vybor.foundation.keys import Key

LARGEST_FILE = 4096
SHORTEST = 12
"""Letters of a passphrase, spaces aside. Fewer are tried out by a thief with the card, slow as a try is made."""
NO_LETTERS = "what was typed are no letters of this terminal; type the passphrase on another keyboard or terminal"
NOT_TYPED = "no passphrase was typed, and nothing was changed; try again"
MOST_OPERATIONS, MOST_MEMORY_BYTES = 20, 1 << 30


class ProtectionError(VyborError):
    """The kit's key cannot be made, found or opened."""

    exit_code = 77  # EX_NOPERM


class Machine(StrEnum):
    """Whether the machine opens the key by itself, and with what."""

    NO = "no"
    HOST = "host"
    """By a key of systemd's, which lies on the same card."""
    TPM = "tpm2"


class Cost(msgspec.Struct, frozen=True):
    """Of one try of a passphrase."""

    operations: int = pwhash.argon2id.OPSLIMIT_MODERATE
    memory_bytes: int = pwhash.argon2id.MEMLIMIT_MODERATE


class Wrapped(msgspec.Struct, frozen=True, kw_only=True):
    """The key, locked by a passphrase."""

    salt: bytes
    cost: Cost
    box: bytes


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """A kit that is protected."""

    mark: bytes
    """Of the master secret."""
    machine: Machine = Machine.NO
    passphrase: Wrapped | None = None
    once: Machine = Machine.NO
    """With what the machine kept this key before a passphrase alone was to open it: older copies have that."""


def wrapped(secret: bytes, passphrase: str, cost: Cost | None = None) -> Wrapped:
    """Lock a secret by a passphrase; takes some 256 MB for a second. Raises ProtectionError for a short one."""
    if sum(not letter.isspace() for letter in passphrase) < SHORTEST:
        raise ProtectionError(
            f"a passphrase needs {SHORTEST} letters or more; take four words that do not belong together"
        )
    cost = cost or Cost()
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    return Wrapped(salt=salt, cost=cost, box=bytes(_box(passphrase, salt, cost).encrypt(secret)))


def typed_for(protection: Protection) -> Wrapped:
    """What a passphrase is typed for. Raises ProtectionError where none opens it: nobody is to be asked then."""
    found = protection.passphrase
    if found is None:
        raise ProtectionError("no passphrase opens this kit; plug in the stick with its key")
    if found.cost.operations > MOST_OPERATIONS or found.cost.memory_bytes > MOST_MEMORY_BYTES:
        raise ProtectionError("what is kept of the passphrase is damaged; unlock the kit with a stick")
    return found


def unwrapped(protection: Protection, passphrase: str) -> bytes:
    """The master secret. Raises ProtectionError for a wrong passphrase, and where none opens it."""
    found = typed_for(protection)
    try:
        secret = _box(passphrase, found.salt, found.cost).decrypt(found.box)
    except (CryptoError, ValueError, TypeError):
        raise ProtectionError("that is not the passphrase of this kit; try again, or plug in the stick") from None
    return checked(protection, Key(secret))


def checked(protection: Protection, key: Key) -> bytes:
    """The secret, if it is this kit's. Raises ProtectionError."""
    if not key.secret:
        raise ProtectionError(f"there is no key in it: {key.locked or 'the file is not there'}")
    if key.mark != protection.mark:
        raise ProtectionError("that is the key of another kit; plug in the stick of this one")
    return key.secret


def read(path: Path) -> Protection | None:
    """How a kit is protected; None if it is not. Raises ProtectionError."""
    try:
        return msgspec.json.decode(small_files.read(path, LARGEST_FILE), type=Protection)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise ProtectionError(f"this user may not look at {path}; use sudo") from None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProtectionError(f"{path} cannot be read ({error})") from None


def write(path: Path, protection: Protection) -> None:
    """Keep how a kit is protected. Raises OSError."""
    small_files.write_bytes(path, msgspec.json.encode(protection), 0o600, is_synced=True)


def new_key() -> Key:
    """A key for a kit that had none."""
    return Key(keys.new_secret())


def _box(passphrase: str, salt: bytes, cost: Cost) -> SecretBox:
    try:
        typed = passphrase.encode()
    except UnicodeEncodeError:
        raise ProtectionError(NO_LETTERS) from None
    return SecretBox(
        pwhash.argon2id.kdf(SecretBox.KEY_SIZE, typed, salt, opslimit=cost.operations, memlimit=cost.memory_bytes)
    )
