"""One device as BlueZ has it: known or not, advertised, connected, its characteristics listened to by whom."""

from dbus_fast import Message

from world.bluetooth_air import Air
from world.bluetooth_device import Device, Notified
from world.bluez_objects import CHARACTERISTIC, DEVICE, SERVICE, Objects

ADAPTER_PATH = "/org/bluez/hci0"
MTU = 247


class Link:
    """The device's objects, and what becomes of what it says."""

    def __init__(self, device: Device, objects: Objects, seed: int) -> None:
        self.device = device
        self.air = Air(seed)
        self.in_reach = True
        self.connected = False
        self.refusals = 0
        self.listeners: dict[str, set[str]] = {}
        """Bus names by characteristic path."""
        self._objects = objects
        self.path = f"{ADAPTER_PATH}/dev_{device.address.replace(':', '_')}"
        self._service = f"{self.path}/service0010"
        self._paths = {
            one.uuid: f"{self._service}/char{17 + n:04x}" for n, one in enumerate(device.characteristics)
        }

    def advertised(self) -> list[Message]:
        """What BlueZ says when it hears the device while it searches."""
        if not self.in_reach or self.connected:
            return []
        if self._objects.has(self.path):
            return [self._objects.change(self.path, DEVICE, {"RSSI": -55})]
        device = self.device
        known: dict[str, object] = {
            "Address": device.address,
            "AddressType": "public",
            "Name": device.name,
            "Alias": device.name,
        }
        known |= {"Paired": False, "Trusted": False, "Connected": False, "ServicesResolved": False}
        known |= {"RSSI": -54, "UUIDs": [device.service], "Adapter": ADAPTER_PATH}
        return [self._objects.add(self.path, DEVICE, known)]

    def connect(self) -> list[Message]:
        """The link is up and its characteristics are known."""
        self.connected = True
        said = [self._objects.change(self.path, DEVICE, {"Connected": True})]
        service = {"UUID": self.device.service, "Device": self.path, "Primary": True}
        said.append(self._objects.add(self._service, SERVICE, service))
        for one in self.device.characteristics:
            known: dict[str, object] = {
                "UUID": one.uuid,
                "Service": self._service,
                "Flags": list(one.flags),
                "MTU": MTU,
            }
            known |= {"Notifying": False}
            said.append(self._objects.add(self._paths[one.uuid], CHARACTERISTIC, known))
        return [*said, self._objects.change(self.path, DEVICE, {"ServicesResolved": True})]

    def disconnect(self) -> list[Message]:
        """The link is gone."""
        if not self.connected:
            return []
        self.connected = False
        self.device.left()
        self.air.clear()
        self.listeners.clear()
        said = [self._objects.change(self.path, DEVICE, {"ServicesResolved": False, "Connected": False})]
        return [*said, *(self._objects.remove(path) for path in (*self._paths.values(), self._service))]

    def forget(self) -> list[Message]:
        """The adapter is gone, and all that it knew."""
        gone = self.disconnect()
        return [*gone, self._objects.remove(self.path)] if self._objects.has(self.path) else gone

    def heard(self, said: list[Notified]) -> list[Message]:
        """The signals for what the device says, as far as it arrives and somebody listens."""
        wanted = [one for one in said if self.connected and self.listeners.get(self._paths[one[0]])]
        return [
            self._objects.change(self._paths[uuid], CHARACTERISTIC, {"Value": value})
            for uuid, value in self.air.through(wanted)
        ]

    def uuid_of(self, path: str) -> str | None:
        """Which characteristic an object is; None if it is none of this device's."""
        return next((uuid for uuid, one in self._paths.items() if one == path), None)
