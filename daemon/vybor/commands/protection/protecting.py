"""`vybor protect …` and `vybor unlock`: what each does. The key is root's; systemd hands it to the processes."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from vybor import unit_files
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation import keys, small_files
from vybor.foundation.clock import Clock
from vybor.foundation.errors import PlaceError, VyborError
from vybor.foundation.keys import CREDENTIAL, Key
from vybor.foundation.places import Places
from vybor.protection import again, described, machine, stores, unlocking
from vybor.protection.described import Cost, Machine, Protection, ProtectionError
from vybor.protection.stores import Held
from vybor.protection.ways import Ways

SAVED_WITHIN_S = 20.0
STOPS_WITHIN_S, LOOK_S = 10.0, 0.2
"""A service is killed five seconds after it was told to stop (units.py)."""
ENDED = frozenset({b"inactive", b"failed"})
"""What systemd says of a unit of which nothing runs."""
RESTART = f"sudo systemctl restart {unit_files.TARGET}"
THIEF = {
    Machine.HOST: "whoever takes the whole card can still read all of it: its key lies on the same card, for the"
    " kit to open by itself; files copied one by one cannot be read (`vybor protect passphrase --only` closes it)",
    Machine.TPM: "whoever takes the card alone can read none of what is encrypted; whoever takes the whole kit can"
    " turn it on",
    Machine.NO: "whoever takes the card, or the kit while it is off, can read none of what is encrypted",
}
ONCE = (
    "the card as it is now: whoever takes it can read none of what is encrypted. The key is the one that the"
    " machine kept before, though: an older copy of the card still opens everything, and a laboratory may find"
    " that on the card, too; `vybor protect off` and then `on --passphrase` make another key"
)
YES = ("yes", "да")
NOT_INSTALLED = (
    "`vybor protect on` encrypts what an installed kit keeps, and this is none (a demo, or a kit of `vybor up`);"
    " how its stores are kept stands below"
)
FOUND_AGAIN = (
    "what stood beside the key was lost, and is written anew: the key is the one that the kit's stores have. A"
    " passphrase that opened it does so no more: `sudo vybor protect passphrase`"
)
NOT_ON = "the kit is not protected; `sudo vybor protect on` does it"


def status(places: Places, ways: Ways | None) -> Iterator[str]:
    """Every store and how it is kept, and what a thief could read; `ways` are None where no kit is installed."""
    if ways is None:
        yield NOT_INSTALLED
    else:
        try:
            protection = again.protection_of(ways)
        except ProtectionError as error:
            yield str(error)
        else:
            yield from _told(protection, keys.read(ways.given))
    yield ""
    found = stores.stores(places)
    for store in found:
        yield f"{store.kind.name:<12} {store.held.value:<38} {store.kind.holds}"
    yield from stores.WITHOUT_TEXT
    if bare := [store.kind.name for store in found if store.held is Held.BARE]:
        yield ""
        yield f"whoever has the card can read: {', '.join(bare)}"


def _told(protection: Protection | None, given: Key) -> Iterator[str]:
    if protection is None:
        yield NOT_ON
        return
    ways = [f"the machine itself ({protection.machine.value})"] if protection.machine is not Machine.NO else []
    ways += ["the passphrase"] if protection.passphrase else []
    yield f"the kit is protected; it is opened by {', '.join([*ways, 'a stick with its key'])}"
    if given.secret:
        yield "it is unlocked until the machine is turned off"
    else:
        yield f"it is locked: {given.locked or 'no key was given'}; nothing is saved until `sudo vybor unlock`"
    is_once = protection.machine is Machine.NO and protection.once is not Machine.NO
    yield f"of what is encrypted: {ONCE if is_once else THIEF[protection.machine]}"


# --- on and off -------------------------------------------------------------------------------------------------


def on(ways: Ways, passphrase: str | None, stick: Path | None, cost: Cost | None = None) -> Iterator[str]:
    """Make a key, and have it kept by the machine, or by a passphrase or a stick alone. Raises VyborError."""
    if again.protection_of(ways):
        raise ProtectionError("the kit is protected already; see `vybor protect status`")
    if stick:
        machine.check_stick(stick, ways.run)
    key = described.new_key()
    by = Machine.NO if passphrase or stick else machine.sealed_by(ways.run)
    protection = Protection(
        mark=key.mark,
        machine=by,
        passphrase=described.wrapped(key.secret, passphrase, cost) if passphrase else None,
    )
    told = _kept(ways, key.secret, protection, stick)
    unlocking.give(ways, key.secret)
    yield from told
    yield f"the kit has a key; what it keeps is encrypted when it starts again: {RESTART}"
    yield f"until then whoever has the card can read it as before; from then on {THIEF[by]}"
    if not stick:
        yield "without its key nobody can ever read it again: keep a copy, `sudo vybor protect stick FOLDER`"


def _kept(ways: Ways, secret: bytes, protection: Protection, stick: Path | None) -> list[str]:
    """Have the key kept as it says there, or nothing of it: it goes again. Raises VyborError."""
    try:
        with _writing(ways.described.parent):
            unlocking.forget_sealed(ways)
            if protection.machine is not Machine.NO:
                machine.seal(secret, ways.sealed, protection.machine, ways.run)
                described.checked(protection, machine.unseal(ways.sealed, ways.run))
            told = [copied(secret, stick)] if stick else []
            described.write(ways.described, protection)
    except VyborError:
        with contextlib.suppress(OSError):  # it was that which failed, and that is said
            unlocking.take_away(ways)
        raise
    return told


def passphrase(ways: Ways, typed: str, *, only: bool, cost: Cost | None = None) -> str:
    """Have a passphrase open the kit, in place of the one before. Raises VyborError."""
    protection, secret = _unlocked(ways)
    changed = msgspec.structs.replace(
        protection,
        passphrase=described.wrapped(secret, typed, cost),
        machine=Machine.NO if only else protection.machine,
        once=protection.machine if only and protection.machine is not Machine.NO else protection.once,
    )
    with _writing(ways.described.parent):
        described.write(ways.described, changed)
        if only:
            unlocking.forget_sealed(ways)
    if not only and protection.machine is not Machine.NO:
        return "the passphrase opens the kit; the machine opens the kit as before"
    asked = "the passphrase opens the kit; it is asked for each time the machine is turned on"
    return asked if changed.once is Machine.NO else f"{asked}; {ONCE}"


def stick(ways: Ways, folder: Path) -> str:
    """Copy the key to a stick. Raises VyborError."""
    secret = _unlocked(ways)[1]
    machine.check_stick(folder, ways.run)
    return copied(secret, folder)


def copied(secret: bytes, folder: Path) -> str:
    """Write the key into a folder of a stick, and read it again. Raises PlaceError."""
    path = folder / CREDENTIAL
    there = keys.read(path)
    if there not in (keys.NONE, Key(secret)):
        raise PlaceError(f"{path} is there and is not the key of this kit; take another stick, or move it away")
    with _writing(folder):
        small_files.write_bytes(path, keys.written(secret).encode(), 0o600, is_synced=True)
    if keys.read(path).secret != secret:
        raise PlaceError(f"{path} does not hold what was written to it; take another stick")
    return f"the key is in {path}; whoever has it and the card can read everything: keep it in another place"


def off(places: Places, ways: Ways, ask: Callable[[], str]) -> Iterator[str]:
    """Write every store without a key again, then forget the key. Raises VyborError.

    `ask` reads whether that is meant, where something stays encrypted that nobody could read without the key.
    """
    _check_ended(places, ways)
    _, secret = _unlocked(ways)
    if aside := ", ".join(str(path) for path in stores.sealed_aside(places)):
        yield f"damaged, set aside, and staying encrypted: {aside}. Without the key nobody can ever read them"
        yield f"(`vybor protect stick DIR` keeps a copy of it). Type {YES[0]} to go on"
        if ask().strip().casefold() not in YES:
            raise ProtectionError(f"nothing was changed; {YES[0]} goes on, and moving those files away does too")
    for path in stores.opened_up(places, lambda process: keys.derived(Key(secret), process)):
        yield f"not encrypted any more: {path}"
    with _writing(ways.described.parent):
        unlocking.take_away(ways)
    yield f"the kit is not protected any more; {RESTART}"


def _check_ended(places: Places, ways: Ways) -> None:
    """Refuse while the kit runs; of one that was told to stop, wait until what has stores open has ended.

    systemd says that the target has stopped as soon as it has told its services to.
    """
    keepers = sorted({kind.process for kind in stores.KINDS})
    units = (unit_files.TARGET, *(f"vybor-{name}.service" for name in keepers))
    for _ in range(round(STOPS_WITHIN_S / LOOK_S)):
        states = ways.run(("systemctl", "show", "--property=ActiveState", "--value", *units), b"").split()
        if states[0] not in ENDED or ENDED.issuperset(states):
            break
        ways.pause(LOOK_S)
    if not ENDED.issuperset(states) or any(listening.is_answered(places.runtime, name) for name in keepers):
        raise ProtectionError(f"the kit runs; first `sudo systemctl stop {unit_files.TARGET}`")


# --- unlocking --------------------------------------------------------------------------------------------------


def unlock(places: Places, ways: Ways, clock: Clock, ask: Callable[[], str], file: Path | None) -> Iterator[str]:
    """Find the key on a stick or by the passphrase, and start anew what waits for it. Raises VyborError."""
    try:
        protection = again.protection_of(ways)
    except ProtectionError:
        protection = again.found_again(ways, keys.read(file) if file else None)
        if protection is None:
            raise
        yield FOUND_AGAIN
    if protection is None:
        raise ProtectionError(NOT_ON)
    if keys.read(ways.given).mark == protection.mark:
        yield "the kit is unlocked already"
        return
    if file:
        secret: bytes | None = described.checked(protection, keys.read(file))
    else:
        secret, failed = unlocking.asking_nobody(ways, protection)
        yield from failed
    if secret is None:
        described.typed_for(protection)  # nobody is asked for a passphrase that there never was
        secret = described.unwrapped(protection, ask())
    unlocking.give(ways, secret)
    yield "the kit is unlocked until the machine is turned off"
    if listening.is_answered(places.runtime, "journal"):
        yield from _begin_again(places, ways, clock)


def _begin_again(places: Places, ways: Ways, clock: Clock) -> Iterator[str]:
    """The journal first: what was written meanwhile is in the deciding process alone until it is saved."""
    ways.run(("systemctl", "try-restart", "vybor-journal.service"), b"")
    heard = listening.overhear(places.runtime, (m.Screen,), clock, SAVED_WITHIN_S)
    if not any(isinstance(one.message, m.Screen) and one.message.saving is m.Saving.SAVED for one in heard):
        yield f"what is on the screen is not saved yet; once it is, give the others the key: {RESTART}"
        return
    rest = (f"vybor-{name}.service" for name in ("core", "generator", "gaze"))
    ways.run(("systemctl", "try-restart", *rest), b"")
    yield "what was written meanwhile is saved"


def _unlocked(ways: Ways) -> tuple[Protection, bytes]:
    protection = again.protection_of(ways)
    if protection is None:
        raise ProtectionError(NOT_ON)
    return protection, unlocking.secret_given(ways, protection)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say in a sentence what could not be written. It is root who writes: `sudo` is no remedy."""
    try:
        yield
    except OSError as error:
        named = Path(error.filename or folder)
        path = folder if named.is_relative_to(folder) else named
        raise PlaceError(small_files.unwritten(path, error)) from None
