"""Bluetooth for a test: a private dbus-daemon with a stand-in BlueZ on it, both in processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from world.bluez_wire import Hand, Tell

ADDRESS = "00:55:DA:B5:1A:2B"
RESTING = f"resting_muse@{ADDRESS}@Muse-1A2B"
MUSE = f"muse@{ADDRESS}@Muse-1A2B"
RULES = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
    <allow send_requested_reply="true"/><allow receive_type="method_call"/><allow receive_type="signal"/>
    <allow receive_requested_reply="true"/>
  </policy>
</busconfig>
"""


class Bluetooth:
    """The two processes, what their clients need to know, and the hand that commands them."""

    def __init__(self, folder: Path, devices: tuple[str, ...], speed: float, seed: int) -> None:
        self._folder = folder
        self._bus: subprocess.Popen[str] | None = None
        self.address = f"unix:path={folder / 'bus'}"
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": self.address}
        self._control = f"ipc://{folder / 'bluez'}"
        self._command = [sys.executable, "-m", "world.bluez", "--control", self._control, "--speed", str(speed)]
        self._command += ["--seed", str(seed), *(word for device in devices for word in ("--device", device))]
        self._bluez: subprocess.Popen[bytes] | None = None
        self._hand: Hand | None = None

    def start_bus(self) -> None:
        """A bus without anybody on it."""
        rules = self._folder / "bus.conf"
        rules.write_text(RULES.format(socket=self._folder / "bus"), encoding="utf-8")
        command = ["dbus-daemon", "--nofork", "--nopidfile", f"--config-file={rules}", "--print-address"]
        self._bus = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._bus.stdout
        assert self._bus.stdout.readline(), "the bus did not start"

    def start_bluez(self) -> Hand:
        """BlueZ on the bus; returns when it answers."""
        environment = {**os.environ, **self.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._bluez = subprocess.Popen(self._command, env=environment)
        self._hand = Hand(self._control)
        self._hand.wish(Tell())
        return self._hand

    @property
    def hand(self) -> Hand:
        """What commands it."""
        assert self._hand, "BlueZ does not run"
        return self._hand

    @contextmanager
    def bluez_hangs(self) -> Iterator[None]:
        """BlueZ answers nothing, and is still there."""
        assert self._bluez, "BlueZ does not run"
        self._bluez.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._bluez.send_signal(signal.SIGCONT)

    def kill_bus(self) -> None:
        """The bus is gone, and BlueZ with it, as after a crash."""
        for child in (self._bus, self._bluez):
            if child:
                child.kill()
                child.wait()
        if self._bus and self._bus.stdout:
            self._bus.stdout.close()
        (self._folder / "bus").unlink(missing_ok=True)
        self._bus = self._bluez = None
        if self._hand:
            self._hand.__exit__(None, None, None)
            self._hand = None


@contextmanager
def bluetooth(folder: Path, *devices: str, speed: float = 1.0, seed: int = 1) -> Iterator[Bluetooth]:
    """A bus and BlueZ with these devices (KIND@ADDRESS@NAME), switched on."""
    made = Bluetooth(folder, devices or (MUSE,), speed, seed)
    try:
        made.start_bus()
        made.start_bluez()
        yield made
    finally:
        made.kill_bus()
