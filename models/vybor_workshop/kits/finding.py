"""Kits that say that they wait for pairing: heard in the local network, named by address, and not trusted.

Whoever is in the network may say that they are a kit. What is heard saves typing an address; whether it is the kit
shows in the digits on its screen.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, ip_address
from threading import Event
from typing import TYPE_CHECKING

import msgspec

from vybor.foundation.errors import Missing
from vybor.pairing import hint
from vybor.pairing.lines import PAIRING_PORT
from vybor_workshop.kits.adding import Host

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

LISTEN_S = 3
ANSWER_MS = 1000
MOST = 20
"""Names that are asked after; whoever floods the network is not listened to for long."""
TYPE_IT = (
    "open the window on the kit's screen (Menu, Tools, Kit, Workstation, Pair) and type the address that stands "
    "there: vybor-workshop kit add HOST"
)


class Found(msgspec.Struct, frozen=True, order=True):
    """A kit, or whoever says so."""

    address: str
    port: int
    name: str

    @property
    def typed(self) -> str:
        """As it would be typed."""
        return self.address if self.port == PAIRING_PORT else f"{self.address}:{self.port}"


def found(listen_s: float, interfaces: Sequence[str] = ()) -> list[Found]:
    """Listen for so long; who was heard, by address. Raises Missing where nothing can be heard at all."""
    from zeroconf import (  # noqa: PLC0415  (a kit whose address is typed is found without)
        Error,
        InterfaceChoice,
        IPVersion,
        ServiceBrowser,
        ServiceListener,
        Zeroconf,
    )

    class Listener(ServiceListener):
        def __init__(self) -> None:
            self.names: dict[str, None] = {}

        def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            if len(self.names) < MOST and hint.heard(name):
                self.names[name] = None

        def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            self.add_service(zc, type_, name)

        def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
            self.names.pop(name, None)

    try:
        where = list(interfaces) or InterfaceChoice.All
        with Zeroconf(interfaces=where, ip_version=IPVersion.V4Only) as network:
            listener = Listener()
            browser = ServiceBrowser(network, hint.KIND, listener)
            Event().wait(listen_s)
            told = [network.get_service_info(hint.KIND, name, ANSWER_MS) for name in tuple(listener.names)]
            browser.cancel()
    except (OSError, Error) as error:
        raise Missing(f"no kit can be heard from here ({error}); {TYPE_IT}") from None
    return sorted({one for info in told if info for one in kits(info)})


def kits(info: "ServiceInfo") -> Iterator[Found]:
    """Who announces that, if it is a neighbour's address and a kit's form."""
    name = hint.heard(info.name)
    for told in info.parsed_addresses()[:1]:
        address = ip_address(told)
        is_near = isinstance(address, IPv4Address) and (address.is_private or address.is_link_local)
        if name and is_near and 0 < (info.port or 0) < 65536:
            yield Found(told, info.port or 0, name)


def only(heard: Sequence[Found]) -> Host:
    """The one that was heard. Raises Missing for none, and for more than one. Pure."""
    if not heard:
        raise Missing(f"no kit is heard; {TYPE_IT}")
    if len(heard) > 1:
        named = ", ".join(one.typed for one in heard)
        raise Missing(
            f"more than one kit waits for pairing: {named}; type the one whose screen you see, after kit add"
        )
    return Host(heard[0].address, heard[0].port)
