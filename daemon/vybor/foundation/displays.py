"""Which process is the display, and how the one in a browser is opened.

One alone is it, so that nobody chooses by what another screen shows.
"""

import msgspec

from vybor.foundation.settings import PanelUse


def display_of(listen: PanelUse) -> str:
    """The kit's own screen, unless a page in a browser is to stand in its place, by `browser.listen`."""
    return "display" if listen is PanelUse.OFF else "browser"


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What `vybor browser` needs to say the link: it lies with the sockets while the page can be opened."""

    port: int
    key: str
    address: str = ""
    """In the network: the one of the kit's own addresses that it has; empty: all of them."""
    certificate: str = ""
    """SHA-256 of the certificate as browsers write it; empty where the kit itself alone opens the page."""


def links(opening: Opening, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The links that open the page, at the kit's own addresses or at the kit itself."""
    if not opening.certificate:
        return (f"http://localhost:{opening.port}/#{opening.key}",)
    named = (opening.address,) if opening.address else addresses or ("localhost",)
    hosts = (f"[{each}]" if ":" in each else each for each in named)
    return tuple(f"https://{host}:{opening.port}/#{opening.key}" for host in hosts)
