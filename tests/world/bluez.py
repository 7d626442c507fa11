"""A stand-in `org.bluez` on a private bus, in a process of its own: real Bluetooth clients talk to its devices.

    python -m world.bluez --control ipc://PATH --device KIND@ADDRESS@NAME [--device ...] [--speed N] [--seed N]

The bus is the one that DBUS_SYSTEM_BUS_ADDRESS names. KIND is one of those in `KINDS`. The test commands it over
the control wire (`world.bluez_wire.Hand`). It ends on SIGTERM.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import zmq
import zmq.asyncio
from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from vybor.foundation.clock import Clock, SystemClock, seconds
from world import bluez_wire as w
from world.athena_device import Athena, RecordedAthena
from world.bluetooth_device import Device
from world.bluez_links import ADAPTER_PATH, Link
from world.bluez_objects import ADAPTER, AGENTS, Objects
from world.ganglion_device import Ganglion
from world.muse_device import Muse, RestingMuse
from world.recorded_muse import RecordedMuse

KINDS: dict[str, Callable[[str, str, float], Device]] = {
    "muse": lambda address, name, speed: Muse(address, name, speed=speed),
    "resting_muse": lambda address, name, speed: RestingMuse(address, name, speed=speed),
    "athena": Athena,
    "ganglion": Ganglion,
    "recorded_athena": lambda address, name, _: RecordedAthena(address, name, Path(os.environ[RECORDING])),
    "recorded_muse": lambda address, name, _: RecordedMuse(address, name, Path(os.environ[RECORDING])),
}
RECORDING = "RECORDED_HEADBAND"
"""The variable that names the file."""
TICK_S = 0.004
AT_ONCE = 40
"""Signals; after a halt there are more, and the bus takes them bit by bit."""
ADVERTISED_EVERY_S = 0.15
CONNECT_S = 0.15
UNREACHED_S = 1.5
FAILED = "org.bluez.Error.Failed"


class Bluez:
    """The service: answers clients, lets devices speak, obeys the test."""

    def __init__(self, bus: MessageBus, devices: list[Device], clock: Clock, seed: int) -> None:
        self._bus = bus
        self._clock = clock
        self._objects = Objects()
        self._links = [Link(device, self._objects, seed + place) for place, device in enumerate(devices)]
        self._tasks: set[asyncio.Task[None]] = set()
        self._searchers: set[str] = set()
        self._objects.all["/org/bluez"] = {AGENTS: {}}
        self._say([self._adapter()])
        bus.add_message_handler(self._heard)

    async def run(self, control: "zmq.asyncio.Socket") -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._speak())
            tasks.create_task(self._advertise())
            tasks.create_task(self._obey(control))

    async def _speak(self) -> None:
        while True:
            for link in self._links:
                said = link.heard(link.device.due(self._clock.now_ns()))
                for start in range(0, len(said), AT_ONCE):
                    self._say(said[start : start + AT_ONCE])
                    await asyncio.sleep(TICK_S)
            await asyncio.sleep(TICK_S)

    async def _advertise(self) -> None:
        while True:
            if self._searchers and self._objects.has(ADAPTER_PATH):
                for link in self._links:
                    self._say(link.advertised())
            await asyncio.sleep(ADVERTISED_EVERY_S)

    async def _obey(self, control: "zmq.asyncio.Socket") -> None:
        while True:
            wish = w.unpack_wish(await control.recv())
            at_ns = self._clock.now_ns()
            link = next(one for one in self._links if wish.address in ("", one.device.address))
            self._do(wish, link)
            device = link.device
            told = w.Told(
                at_ns=at_ns,
                connected=link.connected,
                discovering=bool(self._searchers),
                began_ns=device.began_ns,
                commands=tuple(device.commands),
                lost=link.air.lost,
            )
            await control.send(w.pack(told))

    def _do(self, wish: w.AnyWish, link: Link) -> None:
        match wish:
            case w.SwitchOff() | w.Drop():
                link.in_reach = isinstance(wish, w.Drop)
                self._say(link.disconnect())
            case w.SwitchOn():
                link.in_reach = True
                self._say(link.advertised() if self._searchers else [])
            case w.Have(weather=weather):
                link.air.weather = weather
            case w.Refuse(times=times):
                link.refusals = times
            case w.Become():
                _become(link.device, wish)
            case w.Unplug():
                for one in self._links:
                    self._say(one.forget())
                self._say([self._objects.remove(ADAPTER_PATH)] if self._objects.has(ADAPTER_PATH) else [])
            case w.Plug():
                self._say([self._adapter()])

    def _adapter(self) -> Message:
        values = {"Address": "00:1A:7D:DA:71:13", "Name": "stand-in", "Alias": "stand-in", "Powered": True}
        return self._objects.add(
            ADAPTER_PATH, ADAPTER, values | {"Discovering": False, "Roles": ["central", "peripheral"]}
        )

    def _say(self, messages: list[Message]) -> None:
        for message in messages:
            self._bus.send(message)

    def _heard(self, asked: Message) -> Message | bool | None:
        """One message: a client that left, or a call."""
        if asked.member == "NameOwnerChanged" and not asked.body[2]:
            self._left(asked.body[0])
        if asked.message_type is not MessageType.METHOD_CALL:
            return None
        if answer := self._objects.answer(asked):
            return answer
        if not self._objects.has(asked.path or ""):
            return Message.new_error(asked, "org.freedesktop.DBus.Error.UnknownObject", "no such object")
        for link in self._links:
            if asked.path == link.path:
                return self._to_device(asked, link)
            if uuid := link.uuid_of(asked.path or ""):
                return self._to_characteristic(asked, link, uuid)
        return self._to_adapter(asked)

    def _left(self, client: str) -> None:
        self._searchers.discard(client)
        for link in self._links:
            for listeners in link.listeners.values():
                listeners.discard(client)

    def _to_adapter(self, asked: Message) -> Message:
        sender = asked.sender or ""
        if asked.member == "StartDiscovery":
            self._searchers.add(sender)
            self._say([self._objects.change(ADAPTER_PATH, ADAPTER, {"Discovering": True})])
        elif asked.member == "StopDiscovery":
            self._searchers.discard(sender)
            self._say([self._objects.change(ADAPTER_PATH, ADAPTER, {"Discovering": bool(self._searchers)})])
        return Message.new_method_return(asked)

    def _to_device(self, asked: Message, link: Link) -> Message | bool:
        if asked.member == "Connect":
            task = asyncio.create_task(self._connect(asked, link))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return True
        if asked.member == "Disconnect":
            self._say(link.disconnect())
        return Message.new_method_return(asked)

    async def _connect(self, asked: Message, link: Link) -> None:
        await asyncio.sleep(CONNECT_S if link.in_reach else UNREACHED_S)
        if link.refusals or not link.in_reach:
            link.refusals = max(0, link.refusals - 1)
            self._say([Message.new_error(asked, FAILED, "Software caused connection abort")])
            return
        if not link.connected:
            self._say(link.connect())
        self._say([Message.new_method_return(asked)])

    def _to_characteristic(self, asked: Message, link: Link, uuid: str) -> Message:
        listeners = link.listeners.setdefault(asked.path or "", set())
        match asked.member:
            case "StartNotify":
                listeners.add(asked.sender or "")
            case "StopNotify":
                listeners.discard(asked.sender or "")
            case "ReadValue":
                return Message.new_method_return(asked, "ay", [link.device.read(uuid)])
            case "WriteValue":
                said = link.device.written(uuid, bytes(asked.body[0]), self._clock.now_ns())
                self._say(link.heard(said))
        return Message.new_method_return(asked)


def _become(device: Device, wish: w.Become) -> None:
    if not isinstance(device, Muse):
        raise TypeError(f"a {type(device).__name__} stays what it is")
    if wish.presets is not None:
        device.presets = wish.presets
    device.firmware = wish.firmware or device.firmware
    device.percent = device.percent if wish.percent is None else wish.percent
    if wish.sleeps_after_s is not None:
        device.sleeps_after_ns = seconds(wish.sleeps_after_s)


async def serve(chosen: argparse.Namespace) -> None:
    """Be BlueZ until SIGTERM, or until the bus is gone."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    watched = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
    await bus.call(
        Message("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch",
                signature="s", body=[watched])
    )  # fmt: skip
    devices = [KINDS[kind](address, name, chosen.speed) for kind, address, name in chosen.device]
    bluez = Bluez(bus, devices, SystemClock(), chosen.seed)
    context = zmq.asyncio.Context()
    control = context.socket(zmq.REP)
    control.bind(chosen.control)
    await bus.request_name("org.bluez")
    ended = asyncio.create_task(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]
    running = asyncio.create_task(bluez.run(control))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    try:
        await asyncio.wait([running, ended], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (running, ended):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError, EOFError):
                await task
        bus.disconnect()
        context.destroy(linger=0)


def main() -> int:
    """Be BlueZ until SIGTERM."""
    parser = argparse.ArgumentParser(prog="world.bluez", description="A stand-in org.bluez on a private bus.")
    parser.add_argument("--control", required=True, help="the ZeroMQ address on which to be commanded")
    parser.add_argument("--device", action="append", required=True, type=lambda text: text.split("@"),
                        help=f"KIND@ADDRESS@NAME, of the kinds {', '.join(KINDS)}")  # fmt: skip
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster than its rate it samples")
    parser.add_argument("--seed", type=int, default=1)
    asyncio.run(serve(parser.parse_args()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
