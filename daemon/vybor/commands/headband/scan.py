"""`vybor headband scan`: what is on the radio, on serial ports and on Lab Streaming Layer, and how to set it."""

import math
from collections.abc import Callable, Iterator

import msgspec

from vybor.foundation.clock import Clock
from vybor.headband.boards import BY_NAME
from vybor.headband.devices import layout, nearby
from vybor.headband.devices.cyton import finding, greeting
from vybor.headband.devices.cyton.finding import Found
from vybor.headband.devices.cyton.headband import CytonHeadband
from vybor.headband.devices.lsl import headband as lsl
from vybor.headband.port import HeadbandMissing, HeadbandStopped

LISTEN_S = 3.0
GOOD_KILOOHMS, POOR_KILOOHMS = 250.0, 750.0
"""For dry electrodes: OpenBCI's own program colours them so."""

Line = tuple[bool, str]
"""Whether it tells of a headband, and the words."""


class Search(msgspec.Struct, frozen=True):
    """How to look."""

    clock: Clock
    named: tuple[str, ...] = ()
    """Serial ports to ask, whatever they look like."""
    is_measured: bool = False
    """Whether electrodes are measured."""
    is_asked: bool = True
    """Whether ports are asked at all: a board starts anew when it is."""


def told(search: Search) -> Iterator[Line]:
    """What is there, one kind after the other."""
    for look in SEARCHES:
        yield from look(search)


def on_serial_ports(search: Search) -> Iterator[Line]:
    """Cytons."""
    there = finding.ports()
    known = {found.path for found in there}
    for path in search.named:
        if path not in known:
            there = (*there, Found(path, "named here", may_be_dongle=False))
    if not there:
        yield False, "serial ports: none on USB; plug the dongle in, or name its port with --port"
    for found in there:
        if search.is_asked and (found.may_be_dongle or found.path in search.named):
            yield from _asked(found, search)
        else:
            maybe = "may be a dongle of OpenBCI; not asked" if found.may_be_dongle else "no dongle of OpenBCI"
            yield False, f"{found.path} ({found.about}): {maybe}"


def on_streams(_search: Search) -> Iterator[Line]:
    """Streams of EEG on Lab Streaming Layer."""
    try:
        there = lsl.streams()
    except HeadbandMissing as error:
        yield False, f"streams: {error}"
        return
    if not there:
        yield False, "streams: no EEG is sent by Lab Streaming Layer near here"
    for stream in there:
        try:
            board = layout.layout(stream.labels, stream.channels, stream.hz).board.name
        except layout.Unfit as unfit:
            yield False, f"the stream {stream.told} {unfit}"
        else:
            yield True, f"the stream {stream.told}: like a {board}"
            yield True, f"  to use it: vybor config set headband.lsl_stream '{stream.name}'"
            yield True, f"             vybor config set headband.board {board}    # or another with these channels"


def on_radio(_search: Search) -> Iterator[Line]:
    """Muses and Ganglions that advertise."""
    try:
        there = nearby.by_radio(LISTEN_S)
    except HeadbandMissing as error:
        yield False, f"Bluetooth: {error}"
        return
    if not there:
        yield False, "Bluetooth: no headband is heard; switch one on and bring it near"
    for heard in there:
        strength = f", {heard.rssi} dBm" if heard.rssi is not None else ", somebody has a link with it"
        yield True, f"{heard.name} ({heard.address}{strength})"
        yield True, f"  to use it: vybor config set headband.address {heard.address}"
        board = "ganglion" if heard.kind == "ganglion" else "auto"
        yield True, f"             vybor config set headband.board {board}"


SEARCHES: tuple[Callable[[Search], Iterator[Line]], ...] = (on_radio, on_serial_ports, on_streams)
"""Where headbands are looked for."""


def _asked(found: Found, search: Search) -> Iterator[Line]:
    try:
        banner = greeting.who_is_at(found.path, search.clock)
    except (HeadbandMissing, HeadbandStopped) as error:
        yield False, f"{found.path} ({found.about}): {error}"
        return
    board = "cyton_daisy" if banner.has_daisy else "cyton"
    beside = ", with a Daisy" if banner.has_daisy else ""
    yield True, f"{found.path}: a Cyton{beside}, firmware {banner.firmware}"
    yield True, f"  to use it: vybor config set headband.serial_port {found.path}"
    yield True, f"             vybor config set headband.board {board}"
    if search.is_measured:
        yield from _measured(found.path, board, search.clock)


def _measured(path: str, board: str, clock: Clock) -> Iterator[Line]:
    """Each electrode, while nobody moves."""
    headband = CytonHeadband(BY_NAME[board], clock, path)
    try:
        headband.start()
        for channel, ohms in enumerate(headband.impedances()):
            yield True, f"  channel {channel + 1}: {_contact(ohms)}"
    except (HeadbandMissing, HeadbandStopped) as error:
        yield True, f"  {error}"
    finally:
        headband.stop()


def _contact(ohms: float) -> str:
    """An impedance, and what to do about it."""
    if math.isinf(ohms):
        return "open: it touches nothing, or is not plugged in"
    kiloohms = ohms / 1000
    if kiloohms <= GOOD_KILOOHMS:
        return f"{kiloohms:.0f} kiloohms, good"
    if kiloohms <= POOR_KILOOHMS:
        return f"{kiloohms:.0f} kiloohms, poor: seat it anew, moisten the skin"
    return f"{kiloohms:.0f} kiloohms: hardly any contact; seat it anew, moisten the skin"
