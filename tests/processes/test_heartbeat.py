"""The heartbeat as systemd would hear it: from real processes, on a socket that the test binds in its place."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("systemd.daemon", reason="needs Python's systemd module (systemd-python)")

PATIENCE_S = 30.0
WATCHDOG_S = 0.2
SILENCE_S = 1.0
"""Twenty beats: a slow machine can only make a silence longer."""

HANGING_ROOM = """
import os, sys, time
from pathlib import Path
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.heartbeat import heartbeat
from vybor.foundation.loop import run

class Room:
    def turn(self, now_ns):
        if Path(sys.argv[1], "hang").exists():
            print("hanging", flush=True)
            time.sleep(1000)
        return 0.01
    def troubles(self):
        return ()
    def close(self):
        pass

clock = SystemClock()
run(Room(), Bus("journal", Path(sys.argv[1]), clock), clock, heartbeat(os.environ))
"""


class Listener:
    """What systemd binds: the socket that READY=1 and WATCHDOG=1 are sent to."""

    def __init__(self, folder: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"},
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": str(round(WATCHDOG_S * 1e6)),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def next(self, wait_s: float = PATIENCE_S) -> str:
        """The next thing that is said; nothing if nothing is."""
        self._socket.settimeout(wait_s)
        try:
            return self._socket.recv(4096).decode()
        except (TimeoutError, BlockingIOError):
            return ""

    def rest(self) -> list[str]:
        """All that has been said and not been heard yet."""
        return list(iter(lambda: self.next(0), ""))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    made = Listener(tmp_path)
    yield made
    made.close()


def test_a_process_is_ready_then_beats_and_says_when_it_stops(tmp_path: Path, listener: Listener) -> None:
    command = [sys.executable, "-m", "vybor", "run", "voice"]
    for name in ("runtime", "state", "share"):
        command += [f"--{name}", str(tmp_path / name)]
    voice = subprocess.Popen(command, env=listener.environment, stderr=subprocess.DEVNULL)
    try:
        assert [listener.next() for _ in range(5)] == ["READY=1", *["WATCHDOG=1"] * 4]
        voice.send_signal(signal.SIGTERM)
        assert voice.wait(PATIENCE_S) == 0
        assert listener.rest()[-1] == "STOPPING=1"
    finally:
        voice.kill()
        voice.wait()


def test_a_loop_that_hangs_feeds_the_watchdog_no_more(tmp_path: Path, listener: Listener) -> None:
    command = [sys.executable, "-c", HANGING_ROOM, str(tmp_path)]
    room = subprocess.Popen(command, env=listener.environment, stdout=subprocess.PIPE)
    try:
        assert [listener.next() for _ in range(5)] == ["READY=1", *["WATCHDOG=1"] * 4]
        (tmp_path / "hang").touch()
        assert room.stdout
        assert room.stdout.readline() == b"hanging\n"
        assert set(listener.rest()) <= {"WATCHDOG=1"}
        assert listener.next(SILENCE_S) == ""
        assert room.poll() is None
    finally:
        room.kill()
        room.communicate()
