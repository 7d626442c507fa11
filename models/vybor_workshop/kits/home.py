"""What the workstation keeps of itself and of its kits, in one folder that nobody else may enter.

workstation.key             what opens segments (X25519) and signs receipts (Ed25519)
.workstation.lock           held by whoever makes that
kits/.<number>.lock         held by whoever syncs the kit, or writes it down
kits/.<number>.before, .data  of one that was paired again, or removed (giving_way.py)
kits/.<number>.deleted      what its wearer deleted, as far as it told: that outlives data sets (log/stale.py)
kits/<number>/kit.toml      how a kit is called, where it is, the key that it signs with
kits/<number>/known_hosts   its host key
kits/<number>/read_key, write_key
kits/<number>/incoming/     segments that were fetched and are not in the data set yet
kits/<number>/receipts/     receipts that the kit does not have yet
kits/<number>/outgoing/     bundles that were published for it (vybor_workshop/publish)
"""

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import tomlkit
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from vybor.foundation import small_files
from vybor.foundation.clock import wall_time
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import AddressInUse, Missing, PlaceError
from vybor.pairing.lines import Offer, SshKey
from vybor_workshop.kits import giving_way
from vybor_workshop.kits.keys import KitKeys

KEYGEN = "ssh-keygen"


class Workstation(msgspec.Struct, frozen=True):
    """The machine that kits are paired with."""

    name: str
    opens: PrivateKey
    signs: SigningKey


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kit.toml`."""

    name: str
    host: str
    port: int
    user: str
    kit: str
    verifies_with: str
    paired_at: str
    synced_at: str = ""
    """When it was reached last, and all that waited was fetched."""
    came_at: str = ""
    """When something of it came last; empty: nothing ever did, or this card is older than that is noted."""
    data: tuple[str, ...] = ()
    """Every data set that took rows of it: what its wearer deletes is deleted in each (`whereabouts.py`)."""
    agreed: tuple[str, ...] = ()
    """Those of them that have done every deletion that any of them knows."""


def standing(card: Card) -> str:
    """How a kit stands to its workstation, as far as that is known here. Pure.

    A kit tells nobody whether its wearer has agreed: before that nothing comes, and that is all that is seen.
    """
    if not card.synced_at:
        return "never synced"
    if card.came_at:
        return f"synced {card.synced_at}, something came last {card.came_at}"
    if card.data:
        return f"synced {card.synced_at}"
    return (
        f"reached {card.synced_at}, and nothing has come yet: its wearer has not agreed on its screen, or has "
        "written nothing that leaves"
    )


class Kit(msgspec.Struct, frozen=True):
    """A paired kit and its folder."""

    card: Card
    folder: Path

    @property
    def incoming(self) -> Path:
        """What was fetched."""
        return self.folder / "incoming"

    @property
    def outgoing(self) -> Path:
        """What was published for the kit, and is still to be sent, or heard of."""
        return self.folder / "outgoing"

    @property
    def receipts(self) -> Path:
        """What the kit is still to be told."""
        return self.folder / "receipts"


class _Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    opens: str
    signs: str


class Home:
    """The folder."""

    def __init__(self, folder: Path, data_url: str = "") -> None:
        """`data_url`: where rows are kept, if that is not in the folder too."""
        self.folder = folder
        self.kits_folder = folder / "kits"
        self.data_url = data_url or str(folder / "data")

    def workstation(self) -> Workstation:
        """The machine's own keys, made when they are first asked for. Raises PlaceError.

        Never anew while kits are paired: they seal to those that they were told, and take nothing else signed.
        """
        path = self.folder / "workstation.key"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                self._check_unpaired(path)
                _make_secret(path)
            secret = msgspec.json.decode(path.read_bytes(), type=_Secret)
            opens, signs = PrivateKey(bytes.fromhex(secret.opens)), SigningKey(bytes.fromhex(secret.signs))
        except OSError as error:
            raise PlaceError(f"the keys of this workstation cannot be kept in {path} ({error.strerror})") from None
        except (msgspec.MsgspecError, ValueError, TypeError) as error:
            raise PlaceError(
                f"{path} holds no keys ({error}); put it back from a copy: without it, what kits sealed is lost"
            ) from None
        return Workstation(name=socket.gethostname()[:40] or "workstation", opens=opens, signs=signs)

    def _check_unpaired(self, path: Path) -> None:
        """Raise PlaceError where kits know a key that is gone."""
        if next(self._cards(), None) is not None:
            raise PlaceError(
                f"{path} is missing, and kits are paired by it: put it back from a copy; if there is none, forget "
                "each of them with `vybor-workshop kit remove`, and pair them again"
            )

    def kits(self) -> list[Kit]:
        """All paired kits, by name; one whose card cannot be read keeps no other from being synced."""
        return sorted((one for one in self._cards() if isinstance(one, Kit)), key=lambda kit: kit.card.name)

    def paired(self, number: str) -> Kit | None:
        """The kit of this number. Raises PlaceError for a card that cannot be read."""
        path = self.kits_folder / number / "kit.toml"
        return _read(path) if path.exists() else None

    def unreadable(self) -> list[PlaceError]:
        """What is wrong with the cards that cannot be read."""
        return [one for one in self._cards() if isinstance(one, PlaceError)]

    def _cards(self) -> Iterator[Kit | PlaceError]:
        yield from self._finished()
        found = self.kits_folder.glob(f"{'[0-9a-f]' * 32}/kit.toml") if self.kits_folder.is_dir() else ()
        for path in sorted(found):
            try:
                yield _read(path)
            except PlaceError as error:
                yield error

    def _finished(self) -> Iterator[PlaceError]:
        """Go on with pairings that were cut off; what is wrong with those that cannot be."""
        for folder in giving_way.cut_off(self.kits_folder):
            try:
                with _held(folder, folder.name):
                    giving_way.finish(folder)
            except AddressInUse:
                continue  # it is being paired right now
            except OSError as error:
                yield PlaceError(
                    f"{folder} cannot be written ({error.strerror}); see that it is yours and has room"
                )
            except PlaceError as error:
                yield error

    def named(self, names: Sequence[str]) -> list[Kit]:
        """The kits of these names or hosts; none named: all. Raises Missing for one that there is not.

        Raises PlaceError where there is none, and a card that cannot be read.
        """
        kits = self.kits()
        if not kits:
            for error in self.unreadable():
                raise error
            raise Missing("no kit is paired with this workstation; pair one with `vybor-workshop kit add HOST`")
        if not names:
            return kits
        return [_one(name, kits) for name in names]

    def keep(self, offer: Offer, host: str, name: str, keys: Path) -> Kit:
        """A kit was paired: write down all of it at once, on the disk. `keys` has its two SSH keys.

        Without a name it keeps the one that it had here, else it is called what it calls itself.
        Whoever syncs it as it was before is waited for. Raises PlaceError.
        """
        folder = self.kits_folder / offer.kit
        card = Card(
            name=name or offer.name,
            host=host,
            port=offer.port,
            user=offer.user,
            kit=offer.kit,
            verifies_with=offer.verifies_with,
            paired_at=wall_time(),
        )
        with alone(Kit(card, folder), waits=True):
            try:
                giving_way.finish(folder)
                card = _as_before(card, folder, name)
                (keys / "known_hosts").write_text(f"{offer.kit} {offer.host_key}\n", encoding="ascii")
                (keys / "kit.toml").write_text(_toml(card), encoding="utf-8")
                for undone in giving_way.UNDONE:
                    (keys / undone).mkdir(exist_ok=True, mode=0o700)
                _sync_all(keys)
                giving_way.give_way(folder, keys)
            except OSError as error:
                raise PlaceError(f"the kit cannot be written down in {folder} ({error.strerror})") from None
            with contextlib.suppress(OSError):  # it is paired; the next command goes on with what is left
                giving_way.finish(folder)
                giving_way.drop_places(folder)
        return Kit(card, folder)

    def remove(self, kit: Kit) -> None:
        """Forget a kit: its keys, and what was fetched and not taken in; where its rows are, is kept.

        Raises PlaceError, AddressInUse.
        """
        with alone(kit):
            try:
                giving_way.finish(kit.folder)
                giving_way.keep_places(kit.folder, kit.card.data)
                shutil.rmtree(kit.folder)
            except OSError as error:
                raise PlaceError(f"{kit.folder} cannot be removed ({error.strerror})") from None

    @contextlib.contextmanager
    def fresh_keys(self) -> Iterator[Path]:
        """A folder with two new SSH keys; gone afterwards, unless it is a kit's. Raises Missing, PlaceError."""
        folder = self.kits_folder / f".pairing-{os.getpid()}"
        try:
            self.kits_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            for name in ("read_key", "write_key"):
                told = [KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
                subprocess.run(told, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        except FileNotFoundError:
            raise Missing("ssh-keygen is missing; install openssh-client") from None
        except (OSError, subprocess.CalledProcessError) as error:
            raise PlaceError(f"keys for the kit cannot be made in {folder}: {error}") from None
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _make_secret(path: Path) -> None:
    """Keys that nobody has yet; of two commands that are the first at once one makes them. Raises OSError."""
    lock = os.open(
        path.with_name(".workstation.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
    )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            made = _Secret(bytes(PrivateKey.generate()).hex(), bytes(SigningKey.generate()).hex())
            small_files.write_bytes(path, msgspec.json.encode(made), 0o600, is_synced=True)
    finally:
        os.close(lock)


def _as_before(card: Card, folder: Path, name: str) -> Card:
    """A kit that is paired again is still called what it was called here, and its rows are where they were."""
    try:
        before = _read(folder / "kit.toml").card
    except PlaceError:  # there was none, or one that nobody can read
        return msgspec.structs.replace(card, data=giving_way.kept_places(folder))
    places = dict.fromkeys((*before.data, *giving_way.kept_places(folder)))
    return msgspec.structs.replace(card, name=name or before.name, data=tuple(places))


def keys_of(kit: Kit, workstation: Workstation) -> KitKeys:
    """What the ingest needs to read what a kit wrote."""
    return KitKeys(kit=kit.card.kit, name=kit.card.name, verify=_verify(kit.card), open_with=workstation.opens)


def _verify(card: Card) -> VerifyKey:
    """Raises ValueError, TypeError for a card that has none."""
    return VerifyKey(bytes.fromhex(card.verifies_with))


def public_key(folder: Path, name: str) -> SshKey:
    """The public half of one of the SSH keys."""
    return " ".join((folder / f"{name}.pub").read_text(encoding="ascii").split()[:2])


def note(kit: Kit, **changes: str | int | tuple[str, ...]) -> Kit:
    """Write into a kit's card as it is now: it may be another one than was read before. Raises PlaceError."""
    card = msgspec.structs.replace(_read(kit.folder / "kit.toml").card, **changes)
    try:
        small_files.write_bytes(kit.folder / "kit.toml", _toml(card).encode(), 0o600, is_synced=True)
    except OSError as error:
        raise PlaceError(f"{kit.folder} cannot be written ({error.strerror})") from None
    return Kit(card, kit.folder)


def lock_of(folder: Path) -> Path:
    """Beside the kit's folder, which is another one when it is paired again."""
    return folder.with_name(f".{folder.name}.lock")


@contextlib.contextmanager
def alone(kit: Kit, *, waits: bool = False) -> Iterator[None]:
    """While it lasts, nobody else syncs this kit or writes it down. Raises AddressInUse, or waits; PlaceError."""
    with _held(kit.folder, kit.card.name, waits=waits):
        yield


@contextlib.contextmanager
def _held(folder: Path, name: str, *, waits: bool = False) -> Iterator[None]:
    path = lock_of(folder)
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise PlaceError(f"{path} cannot be opened ({error.strerror}); see that it is yours") from None
    try:
        _take(held, name, waits=waits)
        yield
    finally:
        os.close(held)


def _take(lock: int, name: str, *, waits: bool) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AddressInUse(f"{name} is being synced already; wait for that to end") from None


def _sync_all(folder: Path) -> None:
    """Every file of a folder is on the disk, and that it is there. Raises OSError."""
    for path in folder.iterdir():
        if path.is_dir():
            small_files.sync_folder(path)
        else:
            with path.open("rb") as opened:
                os.fsync(opened.fileno())
    small_files.sync_folder(folder)


def _read(path: Path) -> Kit:
    """Raises PlaceError."""
    try:
        card = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Card)
        _verify(card)
        return Kit(card, path.parent)
    except (OSError, ValueError, TypeError, *NOT_UNDERSTOOD) as error:
        raise PlaceError(
            f"{path} is no card of a kit ({error}); remove its folder and pair the kit again"
        ) from None


def _one(name: str, kits: Sequence[Kit]) -> Kit:
    found = [kit for kit in kits if name in (kit.card.name, kit.card.host, kit.card.kit)]
    if not found:
        known = ", ".join(kit.card.name for kit in kits)
        raise Missing(f"there is no kit {name}; paired are: {known}")
    if len(found) > 1:
        numbers = ", ".join(kit.card.kit for kit in found)
        raise Missing(f"{name} is the name of more than one kit; name it by its number: {numbers}")
    return found[0]


def _toml(card: Card) -> str:
    return tomlkit.dumps(msgspec.to_builtins(card))
