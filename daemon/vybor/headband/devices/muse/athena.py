"""How a Muse S Athena speaks: everything by one characteristic, in packets of tagged blocks.

Written down by owners (BrainFlow), held against a minute of a real one. A packet is its length, a 16-bit counter,
its time in milliseconds, and blocks. Of the first block the tag, its own 8-bit count and three bytes more end the
packet's head; each later one has a head of its own. Numbers are little-endian; samples of electrodes have 14 bits,
least first.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import MILLISECOND_NS, SECOND_NS, seconds
from vybor.headband.devices import clock_fit
from vybor.headband.devices.muse import grouping, packets
from vybor.headband.devices.muse.counted import Counted
from vybor.headband.devices.muse.moving import FITTED_NS
from vybor.headband.port import Chunk

HZ = 256
MOTION_HZ = 52
HEAD, TIME, TAG, COUNT = 14, slice(3, 9), 9, 10
BLOCK_HEAD = 5
BYTES = {0x11: 28, 0x12: 28, 0x34: 30, 0x35: 40, 0x36: 40, 0x47: 36, 0x53: 24, 0x88: 20, 0x98: 20}
"""Of a block, by its tag: electrodes (4 or 8 of them), optics, motion, reference, battery."""
ELECTRODES = {0x11: 4, 0x12: 8}
SAMPLES = {0x11: 4, 0x12: 2}
"""Of each electrode in a block."""
MOTION, BATTERY = 0x47, (0x88, 0x98)
ROWS = 4
"""TP9, AF7, AF8, TP10; the others are plugs that nothing is in."""
MICROVOLTS = 1450.0 / 16383.0
MIDDLE = 8192
G = 1 / 16384
DEGREES_A_SECOND = -0.007476806640625
PACKETS_HZ = 36.6
"""Of the recorded one; a little more or less is no matter."""
SLACK_NS = seconds(3)
"""Packets may come late by as much, and then all at once."""
Samples = NDArray[np.float32]


class Block(msgspec.Struct, frozen=True):
    """What one sensor says in a packet."""

    tag: int
    count: int
    """Of this sensor's blocks, 0 to 255."""
    payload: bytes


class Packet(msgspec.Struct, frozen=True):
    """One packet, and as much of it as is understood."""

    counter: int
    made_ms: int
    """By the headband's own clock."""
    blocks: tuple[Block, ...]


def packets_in(notification: bytes) -> list[Packet]:
    """The packets of a notification, up to where it is cut short."""
    found: list[Packet] = []
    while len(notification) >= HEAD and HEAD <= notification[0] <= len(notification):
        packet, notification = notification[: notification[0]], notification[notification[0] :]
        counter, made_ms = int.from_bytes(packet[1:3], "little"), int.from_bytes(packet[TIME], "little")
        found.append(Packet(counter, made_ms, tuple(_blocks(packet))))
    return found


def microvolts(block: Block) -> Samples:
    """The electrodes' samples of a block, 4 x samples."""
    bits = np.unpackbits(np.frombuffer(block.payload, np.uint8), bitorder="little")
    values = bits.reshape(-1, 14).astype(np.int32) @ (1 << np.arange(14))
    each = values.reshape(SAMPLES[block.tag], ELECTRODES[block.tag]).T[:ROWS]
    return ((each - MIDDLE) * MICROVOLTS).astype(np.float32)


def _blocks(packet: bytes) -> list[Block]:
    tag, count, start = packet[TAG], packet[COUNT], HEAD
    found: list[Block] = []
    while tag in BYTES and start + BYTES[tag] <= len(packet):
        end = start + BYTES[tag]
        found.append(Block(tag, count, packet[start:end]))
        if end + BLOCK_HEAD > len(packet):
            break
        tag, count, start = packet[end], packet[end + 1], end + BLOCK_HEAD
    return found


class Athena:
    """Packets in their order; blocks by their own count."""

    needs = (packets.CONTROL, packets.ATHENA)
    listens = (packets.ATHENA, packets.ATHENA_TOO)
    version = "v6"
    preset = "p1041"
    begins = ("dc001", "dc001", "L1")
    """It begins to stream when it is told so twice; L1: packets come as soon as they are full."""

    def __init__(self) -> None:
        self.battery: float | None = None
        self._grouping: grouping.Grouping[Packet] = grouping.Grouping(1, SECOND_NS / PACKETS_HZ)
        self._electrodes = Counted(HZ, clock_fit.SPACING_NS)
        self._moved = Counted(MOTION_HZ, FITTED_NS)
        self._made_ms: int | None = None
        self._made_ns = 0
        """When the last packet was made, by its clock as far as ours bears it out."""
        self._came_ns = 0

    def take(self, uuid: str, packet: bytes, at_ns: int) -> bool:
        """Take in a notification."""
        if uuid not in self.listens:
            return False
        said = packets_in(packet)
        for one in said:
            self._grouping = grouping.take(self._grouping, 0, one.counter, one, at_ns)
        return bool(said)

    def give(self, now_ns: int) -> tuple[Chunk, ...]:
        """The samples of packets that are in order."""
        self._grouping, groups = grouping.ready(self._grouping, now_ns)
        for group in groups:
            if said := group.parts[0]:
                made_ns = self._made(said, group.last_ns)
                for block in said.blocks:
                    self._put(block, made_ns, group.last_ns)
        chunks = self._electrodes.chunks()
        motion = self._moved.motion() if chunks else None
        return (*chunks[:-1], msgspec.structs.replace(chunks[-1], motion=motion)) if chunks else ()

    def _made(self, packet: Packet, at_ns: int) -> int:
        """When a packet was made: so much after the last one as its clock says, and no more than ours allows."""
        last_ms = packet.made_ms if self._made_ms is None else self._made_ms
        step_ns = (packet.made_ms - last_ms) * MILLISECOND_NS
        self._made_ns += max(0, min(step_ns, at_ns - self._came_ns + SLACK_NS))
        self._made_ms, self._came_ns = packet.made_ms, at_ns
        return self._made_ns

    def _put(self, block: Block, made_ns: int, at_ns: int) -> None:
        if block.tag in ELECTRODES:
            self._electrodes.put(block.count, microvolts(block), made_ns, at_ns)
        elif block.tag == MOTION:
            axes = np.frombuffer(block.payload, "<i2").reshape(packets.MOTION_SAMPLES, 6).T
            scaled = np.vstack([axes[3:] * DEGREES_A_SECOND, axes[:3] * G]).astype(np.float32)
            self._moved.put(block.count, scaled, made_ns, at_ns)
        elif block.tag in BATTERY:
            percent = int.from_bytes(block.payload[:2], "little") / packets.BATTERY_STEP
            self.battery = percent if percent <= 100 else self.battery
