"""Finding a headband by Bluetooth and having a link with it: bleak over BlueZ, on whichever loop runs.

bleak is pure Python, and dbus-fast has wheels for ARM. A lost link, adapter or bus is said by a callback; nothing
of it ends the process. What goes wrong is said in one sentence, by HeadbandMissing or HeadbandAway.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec
from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError
from dbus_fast.errors import AuthError, DBusError

from vybor.headband.devices.muse.packets import SERVICE
from vybor.headband.port import HeadbandAway, HeadbandMissing

SEARCH_S = 4.0
"""One look for it; the next one follows at once. Whoever ends the process waits for this."""
LINGER_S = 1.0
"""After the first that is found: is there another one of this kind?"""
CONNECT_S = 10.0
TOO_OLD = "requires BlueZ"
"""In what bleak says of an older one."""
NO_BLUEZ = "org.freedesktop.DBus.Error.ServiceUnknown"
"""In what the bus says where nobody has that name, and nothing is installed that could take it."""
FAULTS = (BleakError, DBusError, AuthError, OSError, EOFError, TimeoutError)
"""What bleak and the bus below it raise."""


class Wanted(msgspec.Struct, frozen=True):
    """Which headband is looked for."""

    board: str
    prefix: str
    """Its name begins so."""
    service: str
    """It advertises this one."""
    address: str = ""
    """Only this one; empty: whichever there is, if there is one alone."""
    known: bool = False
    """The address is that of the one worn before: no other is taken for it."""

    def is_it(self, name: str | None, address: str) -> bool:
        """Whether a device may be the one."""
        if self.address:
            return address.upper() == self.address.upper()
        return bool(name) and str(name).startswith(self.prefix)


async def find(wanted: Wanted) -> BLEDevice:
    """The headband, once it is heard. Raises HeadbandAway if it is not, HeadbandMissing if there are two."""
    found = {device.address: device for device in await _connected(wanted)}
    if not found:
        found = await _advertised(wanted)
    if len(found) > 1:
        each = ", ".join(f"{device.name} ({address})" for address, device in sorted(found.items()))
        raise HeadbandMissing(f"two headbands are near: {each}; name the one that is worn in headband.address")
    return next(iter(found.values()))


@contextlib.asynccontextmanager
async def explained(board: str) -> AsyncIterator[None]:
    """Whatever Bluetooth raises becomes one sentence that names the remedy."""
    try:
        yield
    except BleakBluetoothNotAvailableError as error:
        raise HeadbandMissing(_unavailable(board, error.reason)) from None
    except (FileNotFoundError, ConnectionRefusedError, AuthError):
        raise HeadbandMissing(
            f"the {board} needs the system's message bus, and there is none; install and start dbus and bluez"
        ) from None
    except FAULTS as error:
        said = str(error) or "it took too long"
        if TOO_OLD in said:
            raise HeadbandMissing(f"the {board} needs BlueZ 5.55 or newer; update the package bluez") from None
        if NO_BLUEZ in said:
            raise HeadbandMissing(
                f"the {board} needs BlueZ, and it does not run; install it (sudo apt install bluez)"
            ) from None
        raise HeadbandMissing(
            f"the {board} does not answer ({said}); switch it off and on, and keep it near"
        ) from None


async def let_go(client: BleakClient, patience_s: float) -> None:
    """End the link, whatever state it is in."""
    # a headband or bus that is gone cannot be told, and bleak lets go of it all the same
    with contextlib.suppress(*FAULTS):
        async with asyncio.timeout(patience_s):
            await client.disconnect()


async def connect(device: BLEDevice, on_gone: Callable[[], None]) -> BleakClient:
    """A link with its characteristics known; `on_gone` is called once it is lost."""
    client = BleakClient(device, disconnected_callback=lambda _: on_gone(), timeout=CONNECT_S)
    await client.connect()
    return client


async def _connected(wanted: Wanted) -> Sequence[BLEDevice]:
    """Those that BlueZ still has a link with, since a process ended without letting go: they do not advertise."""
    adapter = await BleakAdapter.get()
    held = await adapter.get_connected_devices([wanted.service])
    return [device for device in held if wanted.is_it(device.name, device.address)]


async def _advertised(wanted: Wanted) -> dict[str, BLEDevice]:
    found: dict[str, BLEDevice] = {}
    heard = asyncio.Event()

    def advertised(device: BLEDevice, data: AdvertisementData) -> None:
        if wanted.is_it(data.local_name or device.name, device.address):
            found[device.address] = device
            heard.set()

    async with BleakScanner(advertised):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SEARCH_S):
                await heard.wait()
        if found and not wanted.address:
            await asyncio.sleep(LINGER_S)
    if not found:
        raise HeadbandAway(_away(wanted))
    return found


def _away(wanted: Wanted) -> str:
    if wanted.known:
        return f"the {wanted.board} ({wanted.address}) is not heard; switch it on and bring it near"
    if wanted.address:
        return (
            f"no headband with the address {wanted.address} is heard; "
            "switch it on, bring it near, or mend headband.address"
        )
    return f"no {wanted.board} is heard; switch it on, bring it near, and part it from any telephone"


def _unavailable(board: str, reason: BleakBluetoothNotAvailableReason) -> str:
    reasons = BleakBluetoothNotAvailableReason
    if reason is reasons.POWERED_OFF:
        return f"the {board} needs Bluetooth, and it is switched off; switch it on (rfkill unblock bluetooth)"
    if reason is reasons.NO_BLE_CENTRAL_ROLE:
        return f"the {board} needs Bluetooth Low Energy, and this adapter has none; plug in another one"
    if reason is reasons.DENIED_BY_SYSTEM:
        return f"the {board} needs Bluetooth, and this user may not use it; allow it in the system's D-Bus policy"
    return f"the {board} needs Bluetooth, and there is no adapter; plug one in"


class Said(msgspec.Struct, frozen=True):
    """A device that advertises, or has a link."""

    name: str
    address: str
    rssi: int | None


async def everything(duration_s: float) -> tuple[Said, ...]:
    """Every device with a name that is heard within that time. Raises HeadbandMissing without Bluetooth."""
    async with explained("headband"):
        held = await (await BleakAdapter.get()).get_connected_devices([SERVICE])
        said = {device.address: Said(device.name or "", device.address, None) for device in held}
        async with BleakScanner() as scanner:
            await asyncio.sleep(duration_s)
            for device, data in scanner.discovered_devices_and_advertisement_data.values():
                said[device.address] = Said(data.local_name or device.name or "", device.address, data.rssi)
    return tuple(one for one in said.values() if one.name)
