"""Under which addresses this machine is reached, as the kernel tells it in /proc/net: no socket is opened.

`addresses` is pure; `read` reads the two files.
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from pathlib import Path

PROC_NET = Path("/proc/net")
MOST = 2
GLOBAL = "00"
"""The scope of an IPv6 address that others can use."""
PASSING = 0x01 | 0x20 | 0x40
"""linux/if_addr.h: temporary, deprecated or tentative addresses are not the ones to write down."""
HELD = re.compile(r"\|-- (\S+)\s+/32 host LOCAL")
"""fib_trie: a leaf that is an address of the machine itself."""


def addresses(fib_trie: str, if_inet6: str) -> tuple[str, ...]:
    """IPv4 first, then IPv6, each once, without those of the machine for itself; at most two."""
    return tuple(dict.fromkeys((*_fourth(fib_trie), *_sixth(if_inet6))))[:MOST]


def read(folder: Path = PROC_NET) -> tuple[str, ...]:
    """The addresses now; none where there is no network."""
    return addresses(_text(folder / "fib_trie"), _text(folder / "if_inet6"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:  # a kernel without this kind of address
        return ""


def _fourth(fib_trie: str) -> Iterator[str]:
    for found in HELD.finditer(fib_trie):
        try:
            address = IPv4Address(found[1])
        except AddressValueError:
            continue
        if not (address.is_loopback or address.is_link_local):
            yield str(address)


def _sixth(if_inet6: str) -> Iterator[str]:
    """Lines of address, device, prefix, scope, flags (all hexadecimal) and the device's name."""
    for line in if_inet6.splitlines():
        match line.split():
            case [digits, _, _, scope, flags, _] if scope == GLOBAL:
                try:
                    address, passing = IPv6Address(bytes.fromhex(digits)), int(flags, 16) & PASSING
                except ValueError:
                    continue
                if not passing and not address.is_loopback:
                    yield str(address)
