"""Putting the key where systemd finds it for the processes, until the machine is turned off; and taking it away.

What stands there is the key, or why it is not there: then nothing is kept bare by mistake (foundation/keys.py).
"""

from vybor.foundation import keys, small_files
from vybor.foundation.keys import Key
from vybor.protection import again, described, machine
from vybor.protection.described import Machine, Protection, ProtectionError
from vybor.protection.ways import Ways

STICK_WAIT_S = 3
"""At the start of the machine a stick may be found a little later than the kit begins."""


def at_boot(ways: Ways) -> str:
    """Give the processes the key if it comes by itself, else the reason why not; returns what was done."""
    try:
        protection = again.protection_of(ways)
    except ProtectionError as error:
        try:
            protection = again.found_again(ways, None)
        except ProtectionError:
            protection = None
        if protection is None:
            return _locked(ways, str(error))
    if protection is None:
        return "the kit is not protected"
    if keys.read(ways.given).mark == protection.mark:
        return "the kit is unlocked already"
    try:
        give(ways, _by_itself(ways, protection))
    except ProtectionError as error:
        return _locked(ways, str(error))
    return "the kit is unlocked"


def by_stick(ways: Ways, protection: Protection) -> bytes | None:
    """The secret, if a stick with it is plugged in. Raises ProtectionError for a stick of another kit."""
    another: ProtectionError | None = None
    for key in machine.keys_on_sticks(ways.run):
        if key == keys.NONE:
            continue
        try:
            return described.checked(protection, key)
        except ProtectionError as error:
            another = error
    if another:
        raise another
    return None


def give(ways: Ways, secret: bytes) -> None:
    """Have the processes find the key when they start."""
    _put(ways, keys.written(secret))


def take_away(ways: Ways) -> None:
    """Leave no key and no word of protection on the machine. Raises OSError.

    First the key that the processes are given: whoever started without a word of protection would still encrypt
    with it. Then the word of protection: as long as it stands, a way to the key stands too. Cut off before that,
    the kit is protected as it was; cut off behind it, what the machine keeps opens nothing.
    """
    small_files.remove(ways.given)
    small_files.remove(ways.described)
    forget_sealed(ways)


def forget_sealed(ways: Ways) -> None:
    """Have the machine keep the key no more: what it kept is overwritten, if the card does so. Raises OSError."""
    if not ways.sealed.exists():
        return
    with ways.sealed.open("r+b") as kept:
        small_files.overwrite(kept)
    small_files.remove(ways.sealed)


def asking_nobody(ways: Ways, protection: Protection) -> tuple[bytes | None, list[str]]:
    """The secret from the machine, else from a stick, as far as they have it; and what failed, a sentence each.

    Raises ProtectionError for a stick of another kit where no passphrase could be asked for.
    """
    failed: list[str] = []
    if protection.machine is not Machine.NO:
        try:
            return _by_machine(ways, protection), failed
        except ProtectionError as error:
            failed.append(str(error))
    try:
        return by_stick(ways, protection), failed
    except ProtectionError as error:
        if protection.passphrase is None:
            raise
        return None, [*failed, f"{error}; or type the passphrase"]


def _by_machine(ways: Ways, protection: Protection) -> bytes:
    try:
        return described.checked(protection, machine.unseal(ways.sealed, ways.run))
    except ProtectionError as error:
        raise ProtectionError(f"the machine does not open its key ({error})") from None


def _by_itself(ways: Ways, protection: Protection) -> bytes:
    failed = "the stick with the key is not plugged in"
    if protection.machine is not Machine.NO:
        try:
            return _by_machine(ways, protection)
        except ProtectionError as error:
            failed = str(error)
    elif protection.passphrase:
        failed = "nobody has typed the passphrase since the machine was turned on"
    for waited_s in range(STICK_WAIT_S):
        if waited_s:
            ways.pause(1.0)
        if secret := by_stick(ways, protection):
            return secret
    raise ProtectionError(failed)


def _locked(ways: Ways, why: str) -> str:
    _put(ways, f"locked: {why}\n")
    return f"the kit stays locked: {why}"


def _put(ways: Ways, text: str) -> None:
    try:
        ways.given.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        small_files.write(ways.given, text, 0o600)
    except OSError as error:
        raise ProtectionError(small_files.unwritten(ways.given, error)) from None


def secret_given(ways: Ways, protection: Protection) -> bytes:
    """The secret of a kit that is unlocked. Raises ProtectionError."""
    found: Key = keys.read(ways.given)
    if not found.secret:
        raise ProtectionError(
            f"the kit is locked: {found.locked or 'no key was given'}; first `sudo vybor unlock`"
        )
    return described.checked(protection, found)
