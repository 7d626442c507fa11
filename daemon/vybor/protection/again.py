"""A kit whose stores are encrypted and whose word of protection is missing or damaged: the stores know their key.

Each begins with the mark of the key that it was encrypted with, which tells nothing else of it. So a key from the
machine, a stick or a file is known to be the right one, and what was lost is written anew. A passphrase opened a
box in that file, and is lost with it.
"""

from collections.abc import Iterator
from pathlib import Path

from vybor.foundation import keys, small_files
from vybor.foundation.keys import SEALED, Key
from vybor.protection import described, machine, stores
from vybor.protection.described import Machine, Protection, ProtectionError
from vybor.protection.stores import Held, Kind
from vybor.protection.ways import Ways

MARK_BYTES = 8
REMEDY = "plug in the stick with its key, or name the key with --file, and `sudo vybor unlock`"


def protection_of(ways: Ways) -> Protection | None:
    """How the kit is protected, None if it is not. Raises ProtectionError where its stores say that it was."""
    sealed = list(dict.fromkeys(kind.name for kind, _ in _sealed(ways)))
    try:
        found = described.read(ways.described)
    except ProtectionError as error:
        remedy = REMEDY if sealed else "nothing on this kit is encrypted: remove that file"
        raise ProtectionError(f"{error}; {remedy}") from None
    if found is None and sealed:
        raise ProtectionError(f"encrypted: {', '.join(sealed)}; and {ways.described} is missing; {REMEDY}")
    return found


def found_again(ways: Ways, key: Key | None) -> Protection | None:
    """Describe the protection anew, with a key that was given, else that of the machine or of a stick.

    None where no key that is at hand is the stores' own. Raises ProtectionError where a given one is not.
    """
    if key is not None:
        if not fits(ways, key):
            raise ProtectionError("that key did not encrypt what is on this kit; take the stick of this kit")
        return _described(ways, key, Machine.NO)
    if ways.sealed.exists():
        try:
            kept = machine.unseal(ways.sealed, ways.run)
        except ProtectionError:
            kept = keys.NONE
        if fits(ways, kept):
            return _described(ways, kept, machine.sealed_by(ways.run))
    for one in machine.keys_on_sticks(ways.run):
        if fits(ways, one):
            return _described(ways, one, Machine.NO)
    return None


def fits(ways: Ways, key: Key) -> bool:
    """Whether a master key is that of a store which is not set aside."""
    return bool(key.secret) and any(keys.derived(key, process).mark == mark for process, mark in _marks(ways))


def _described(ways: Ways, key: Key, by: Machine) -> Protection:
    protection = Protection(mark=key.mark, machine=by)
    try:
        described.write(ways.described, protection)
    except OSError as error:
        raise ProtectionError(small_files.unwritten(ways.described, error)) from None
    return protection


def _sealed(ways: Ways) -> Iterator[tuple[Kind, Path]]:
    for store in stores.stores_in(ways.state):
        for path in store.paths:
            if not stores.is_aside(path) and stores.held(store.kind, path) is Held.SEALED:
                yield store.kind, path


def _marks(ways: Ways) -> Iterator[tuple[str, bytes]]:
    for kind, path in _sealed(ways):
        yield kind.process, small_files.start(path, len(SEALED) + MARK_BYTES)[len(SEALED) :]
