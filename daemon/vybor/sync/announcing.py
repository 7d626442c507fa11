"""Announces the kit in the local network while its window is open, and at no other time: by DNS-SD, to neighbours.

A kit that said all day that it is there would say where somebody lives who cannot defend themselves.
"""

import logging
import secrets
from collections.abc import Sequence
from ipaddress import IPv4Address
from threading import Event, Thread

from vybor.pairing import hint

log = logging.getLogger("vybor.sync")

OVER_S = 2.0
"""So long its end is waited for: it says three times that it is over."""


def speaks_at(address: str, found: Sequence[str]) -> tuple[str, ...]:
    """The IPv4 addresses that are announced: the one that the kit listens at, or all that were found. Pure."""
    return tuple(one for one in ([address] if address else found) if _is_fourth(one))


def _is_fourth(address: str) -> bool:
    try:
        IPv4Address(address)
    except ValueError:
        return False
    return True


class Announcement:
    """From its making until `close`. Nothing waits for it, and without it the address is typed."""

    def __init__(self, port: int, addresses: Sequence[str]) -> None:
        self._port, self._addresses = port, tuple(addresses)
        self._over = Event()
        self._thread = Thread(target=self._speak, name="announcing", daemon=True)
        if self._addresses:
            self._thread.start()

    def close(self) -> None:
        """Say that it is over, without waiting for that."""
        self._over.set()

    def ended(self) -> bool:
        """Wait for a moment until it is over; whether it is."""
        self._over.set()
        if self._thread.ident:
            self._thread.join(OVER_S)
        return not self._thread.is_alive()

    def _speak(self) -> None:
        from zeroconf import Error, IPVersion, ServiceInfo, Zeroconf  # noqa: PLC0415  (16 MB, for three minutes)

        name = hint.called(secrets.token_bytes(hint.NUMBER_BYTES))
        told = ServiceInfo(
            hint.KIND,
            f"{name}.{hint.KIND}",
            port=self._port,
            server=f"{name}.local.",
            parsed_addresses=list(self._addresses),
        )
        try:
            with Zeroconf(interfaces=list(self._addresses), ip_version=IPVersion.V4Only) as network:
                if not self._over.is_set():
                    network.register_service(told)
                log.info("pairing: announced as %s", name)
                self._over.wait()
        except (OSError, Error) as error:
            log.warning("pairing: the kit cannot be announced (%s): its address is typed", error)
