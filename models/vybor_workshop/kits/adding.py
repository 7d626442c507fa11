"""Pairs this workstation with a kit: both sides show six digits and five words, and a person on each says yes."""

import contextlib
import re
import secrets
import select
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

import msgspec

from vybor.foundation.errors import Missing, VyborError
from vybor.pairing import workstation_side
from vybor.pairing.lines import LONGEST_BYTES, PAIRING_PORT, Broken, Reveal, Verdict, written
from vybor_workshop.kits.home import Home, Kit, Workstation, public_key

CONNECT_S = 10.0
PATIENCE_S = 200.0
"""A little longer than a kit's window is open."""


class NotPaired(VyborError):
    """The kit, or somebody, said no."""

    exit_code = 77  # EX_NOPERM


class Owner(Protocol):
    """The person at the workstation."""

    def show(self, digits: str, words: tuple[str, ...]) -> None:
        """Show what is to be the same on the kit's screen, and ask."""
        ...

    def descriptor(self) -> int:
        """What becomes readable when they have answered."""
        ...

    def said(self) -> bool | None:
        """Their answer, or None while it is none that is understood. Raises EOFError where nobody can answer."""
        ...


class Host(msgspec.Struct, frozen=True):
    """A kit's address, as it was typed."""

    name: str
    port: int


def host_of(typed: str, port: int = PAIRING_PORT) -> Host:
    """A name, an address, or one of them with another port than that. Raises Missing."""
    with contextlib.suppress(ValueError):
        return Host(str(ip_address(typed)), port)
    found = re.fullmatch(r"(?P<name>[0-9A-Za-z][0-9A-Za-z_.-]*|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?", typed)
    if found is None or not _is_name(found["name"]) or not 0 < int(found["port"] or port) < 65536:
        raise Missing(f"{typed or 'nothing'} is no address; it stands on the kit's screen, such as 192.168.1.20")
    return Host(found["name"].strip("[]"), int(found["port"] or port))


def _is_name(name: str) -> bool:
    """Whether a network may know it: what ends in a number, or stands in brackets, is an address, or nothing."""
    if not name.startswith("[") and not name.rpartition(".")[2].isdecimal():
        return True
    try:
        return bool(ip_address(name.strip("[]")))
    except ValueError:
        return False


def add(home: Home, host: Host, name: str, owner: Owner, say: Callable[[str], None]) -> Kit:
    """Pair with the kit there, and write it down. Raises NotPaired, Missing, PlaceError."""
    workstation = home.workstation()
    with home.fresh_keys() as keys:
        attempt = workstation_side.Attempt(_revealed(workstation, keys))
        talk = _Talk(_connected(host), attempt, owner, say)
        with contextlib.closing(talk):
            try:
                talk.hold()
            except Broken as error:
                raise NotPaired(f"the kit at {host.name} was not paired: {error}") from None
            except TimeoutError:
                raise NotPaired(f"the kit at {host.name} was not paired: nobody answered in time") from None
            except OSError as error:
                raise NotPaired(f"the kit at {host.name} was not paired: it has gone ({error})") from None
        offer = talk.attempt.offer
        if offer is None or not talk.attempt.is_kept:
            raise NotPaired(f"the kit at {host.name} was not paired: it has hung up")
        return home.keep(offer, host.name, name, keys)


def _revealed(workstation: Workstation, keys: Path) -> Reveal:
    return Reveal(
        name=re.sub(r"[^\w.-]", "", workstation.name)[:40] or "workstation",
        seals_to=bytes(workstation.opens.public_key).hex(),
        verifies_with=bytes(workstation.signs.verify_key).hex(),
        read_key=public_key(keys, "read_key"),
        write_key=public_key(keys, "write_key"),
        nonce=secrets.token_hex(32),
    )


def _connected(host: Host) -> socket.socket:
    try:
        return socket.create_connection((host.name, host.port), timeout=CONNECT_S)
    except (OSError, UnicodeError) as error:  # a name that is none is no UTF-8 to Python
        why = getattr(error, "strerror", "") or error
        raise Missing(
            f"no kit waits for pairing at {host.name}:{host.port} ({why}); open the window "
            "on its screen (Menu, Tools, Kit, Workstation, Pair), and look there for its address"
        ) from None


class _Talk:
    """One attempt, from the first line to the last."""

    def __init__(
        self,
        peer: socket.socket,
        attempt: workstation_side.Attempt,
        owner: Owner,
        say: Callable[[str], None],
    ) -> None:
        self._peer = peer
        self.attempt = attempt
        self._owner = owner
        self._say = say
        self._said: bool | None = None
        self._rest = b""

    def close(self) -> None:
        """Hang up."""
        self._peer.close()

    def hold(self) -> None:
        """Until the kit has kept the keys, or it failed. Raises Broken, OSError."""
        self._peer.sendall(self.attempt.hello)
        while not self.attempt.is_kept:
            is_asked = self.attempt.compared is not None and self._said is None
            watched: list[socket.socket | int] = [self._peer]
            if is_asked:
                watched.append(self._owner.descriptor())
            ready, _, _ = select.select(watched, [], [], PATIENCE_S)
            if not ready:
                raise TimeoutError
            if self._peer in ready:
                self._hear()
            elif is_asked:
                self._ask()

    def _hear(self) -> None:
        told = self._peer.recv(LONGEST_BYTES)
        if not told:
            raise Broken("it has hung up")
        *lines, self._rest = (self._rest + told).split(b"\n")
        if len(self._rest) > LONGEST_BYTES:
            raise Broken("a line of it is far too long")
        for line in lines:
            before = self.attempt.compared
            self.attempt, answer = workstation_side.heard(self.attempt, line + b"\n", said_here=bool(self._said))
            self._peer.sendall(answer)
            if self.attempt.compared and before is None:
                self._owner.show(*self.attempt.compared)

    def _ask(self) -> None:
        try:
            said = self._owner.said()
        except EOFError:
            raise Broken("nobody is here to say whether the digits are the same; do it in a terminal") from None
        if said is not None:
            self._answer(same=said)

    def _answer(self, *, same: bool) -> None:
        self._said = same
        self._peer.sendall(written(Verdict(same=same)))
        if not same:
            raise Broken("the digits are not the same: somebody may stand between; try again in another network")
        self._say("now yes is to be said on the kit's screen")
