"""The objects of BlueZ as a client sees them: paths, interfaces, properties, and the signals when they change.

Of BlueZ's own interfaces (doc/org.bluez.*.rst in its source) what BrainFlow's SimpleBLE and bleak ask for.
"""

from collections.abc import Mapping

from dbus_fast import Message, Variant

OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
AGENTS = "org.bluez.AgentManager1"

Properties = dict[str, Variant]
Interfaces = dict[str, Properties]

SIGNATURES = {
    "Powered": "b",
    "Discovering": "b",
    "Connected": "b",
    "ServicesResolved": "b",
    "Paired": "b",
    "Trusted": "b",
    "Primary": "b",
    "Notifying": "b",
    "RSSI": "n",
    "UUIDs": "as",
    "Roles": "as",
    "Flags": "as",
    "Value": "ay",
    "MTU": "q",
    "Adapter": "o",
    "Device": "o",
    "Service": "o",
}
"""Of the properties that are no strings."""


def typed(values: Mapping[str, object]) -> Properties:
    """Properties with their D-Bus types."""
    return {name: Variant(SIGNATURES.get(name, "s"), value) for name, value in values.items()}


class Objects:
    """What there is on the bus at the moment."""

    def __init__(self) -> None:
        self.all: dict[str, Interfaces] = {}

    def add(self, path: str, interface: str, values: Mapping[str, object]) -> Message:
        """Put an object there; the signal goes out from `/`, as BlueZ does it."""
        self.all.setdefault(path, {})[interface] = typed(values)
        return Message.new_signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, self.all[path]])

    def remove(self, path: str) -> Message:
        """Take an object away."""
        gone = list(self.all.pop(path))
        return Message.new_signal("/", OBJECTS, "InterfacesRemoved", "oas", [path, gone])

    def change(self, path: str, interface: str, values: Mapping[str, object]) -> Message:
        """Give properties new values."""
        changed = typed(values)
        self.all[path][interface].update(changed)
        return Message.new_signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def has(self, path: str) -> bool:
        """Whether there is such an object."""
        return path in self.all

    def answer(self, asked: Message) -> Message | None:
        """The answer to a question about objects and properties; None if it is another one."""
        match asked.interface, asked.member:
            case _, "GetManagedObjects":
                return Message.new_method_return(asked, "a{oa{sa{sv}}}", [self.all])
            case _, "GetAll":
                found = self.all.get(asked.path or "", {}).get(asked.body[0], {})
                return Message.new_method_return(asked, "a{sv}", [found])
            case _, "Get":
                found = self.all.get(asked.path or "", {}).get(asked.body[0], {})
                if asked.body[1] not in found:
                    return Message.new_error(asked, "org.freedesktop.DBus.Error.InvalidArgs", "no such property")
                return Message.new_method_return(asked, "v", [found[asked.body[1]]])
            case _, "Introspect":
                return Message.new_method_return(asked, "s", ["<node/>"])
        return None
