"""What can go wrong on a kit, done to a real one while somebody writes with it."""

import errno
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation import database
from vybor.foundation.clock import wall_time
from vybor.foundation.settings import PanelSettings
from vybor.journal import store
from vybor.processes import PROCESSES
from world.appliance import PORT, Appliance, NotThere
from world.camera import Camera
from world.fault import Fault, nothing, running
from world.faults_of_processes import signalled, starved, without_memory
from world.rootfs import run

GONE_S = 6.0
CLOCK_LIBRARY = "usr/local/lib/wall_clock.so"
CLOCK_FILE = "etc/vybor/test-clock"
CLOCK = f"[Service]\nEnvironment=LD_PRELOAD=/{CLOCK_LIBRARY} VYBOR_TEST_CLOCK=/{CLOCK_FILE}\n"
YEAR_S = 31_557_600
HELD_S = 3.0
PLAYER = "usr/local/bin/aplay"
PLAYED, REFUSED = "/run/vybor/world.played", "/run/vybor/world.refused"
"""A line for each sound."""
PLAYS = f"#!/bin/sh\necho >>{PLAYED}\nexec sleep $(($(wc -c) / 44100 + 1))\n"
"""Takes as long as a card would: what is played in no time was not heard."""
REFUSES = f"#!/bin/sh\necho >>{REFUSED}\necho 'no such device' >&2\nexit 1\n"
LOOPBACK = """\
import fcntl, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", int(sys.argv[1])))
"""
"""Sets the flags of the machine's only network, IFF_UP or none (netdevice(7), SIOCSIFFLAGS): it has no `ip`."""
ASKS_FOR_PAGE = f"""\
import socket, ssl
unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
with socket.create_connection(("127.0.0.1", {PanelSettings().port}), timeout=5) as plain:
    with unchecked.wrap_socket(plain) as there:
        there.sendall(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
        print(there.recv(4096).decode(errors="replace"))
"""


def clock_jumps(name: str, seconds_on: Callable[[], int]) -> Fault:
    """The wall clock is set, as it is when the network's time comes, or a dead battery's.

    It stays so until the sentence is said and for a while after that: the record has choices of that time.
    """
    struck: list[tuple[int, int]] = []
    """By how much, and how many choices the record had before."""

    def does(machine: Appliance, camera: Camera) -> None:
        if Path(CLOCK_LIBRARY).name not in Path(f"/proc/{running(machine, 'core')}/maps").read_text():
            raise NotThere("the clock that can be set is not loaded")
        struck.append((seconds_on(), len(recorded_at(machine.state / "journal"))))
        set_clock(machine, struck[-1][0])

    def ends(machine: Appliance, camera: Camera) -> None:
        time.sleep(HELD_S)
        set_clock(machine, 0)

    def came(machine: Appliance) -> bool:
        on, earlier = struck[-1]
        false_now = datetime.fromisoformat(wall_time()) + timedelta(seconds=on)
        return is_of(recorded_at(machine.state / "journal")[earlier:], false_now)

    return Fault(f"clock.{name}", does, ends, lambda machine: True, came=came)


def recorded_at(record: Path) -> list[datetime]:
    """When each choice was written into the record, as the clock on the wall had it then."""
    with database.reading(record / "journal.sqlite") as opened:
        asked = "SELECT at FROM row WHERE kind = ? ORDER BY boot, sequence"
        return [datetime.fromisoformat(at) for (at,) in opened.execute(asked, (store.DECISION,))]


def is_of(times: Iterable[datetime], false_now: datetime) -> bool:
    """Whether any of these lies in the days around that moment."""
    return any(abs(at - false_now) < timedelta(days=2) for at in times)


def set_clock(machine: Appliance, seconds_on: int) -> None:
    """From within a second on it is so many seconds later than it is."""
    machine.write(CLOCK_FILE, f"{seconds_on}\n")


def camera_unplugged() -> Fault:
    """The camera's cable comes off, and is put back."""
    return Fault(
        "removed.camera",
        lambda machine, camera: _for_a_while(camera.unplug, camera.plug),
        nothing,
        lambda machine: True,
    )


def headband_gone() -> Fault:
    """The headband's dongle is pulled out, and put back."""

    def does(machine: Appliance, camera: Camera) -> None:
        assert machine.cyton is not None
        _for_a_while(machine.cyton.vanish, machine.cyton.come_back)

    def is_over(machine: Appliance) -> bool:
        return "headband: it runs" in machine.run("vybor", "doctor", ok=(0, 1))

    return Fault("removed.headband", does, nothing, is_over)


def sound_gone() -> Fault:
    """The loudspeaker goes, is not there when the sentence is to be heard, and comes back."""
    before: list[tuple[int, int]] = []
    """How often something was refused before, and how often something was played until it came back."""

    def does(machine: Appliance, camera: Camera) -> None:
        before.append((_lines(machine, REFUSED), 0))
        machine.write(PLAYER, REFUSES, mode=0o755)

    def ends(machine: Appliance, camera: Camera) -> None:
        time.sleep(GONE_S)
        before[-1] = before[-1][0], _lines(machine, PLAYED)
        machine.write(PLAYER, PLAYS, mode=0o755)

    def is_over(machine: Appliance) -> bool:
        plays = _lines(machine, PLAYED) > before[-1][1]
        return plays and m.Trouble.SOUND_MISSING not in machine.run("vybor", "status", "--json", ok=(0, 1, 3))

    return Fault(
        "removed.sound", does, ends, is_over, came=lambda machine: _lines(machine, REFUSED) > before[-1][0]
    )


def _lines(machine: Appliance, path: str) -> int:
    try:
        return len(machine.inside(path).read_bytes().splitlines())
    except FileNotFoundError:
        return 0


def panel_gone() -> Fault:
    """The panel's cable comes off: the display finds no screen until it is back."""
    gone = "etc/systemd/system/vybor-display.service.d/zz-gone.conf"

    def takes(machine: Appliance) -> None:
        display = running(machine, "display")
        machine.write(gone, "[Service]\nEnvironment=SDL_VIDEODRIVER=kmsdrm\n")
        machine.run("systemctl", "daemon-reload")
        os.kill(display, signal.SIGKILL)

    def gives(machine: Appliance) -> None:
        (machine.root / gone).unlink()
        machine.run("systemctl", "daemon-reload")

    return Fault(
        "removed.display",
        lambda machine, camera: _for_a_while(lambda: takes(machine), lambda: gives(machine)),
        nothing,
        lambda machine: machine.units()["display"].state == "active",
        {"display": round(GONE_S)},  # without a panel it ends and is started again, a second later
    )


def disk_full() -> Fault:
    """Not a byte can be written, until somebody deletes something."""

    def does(machine: Appliance, camera: Camera) -> None:
        fill(machine.state / "filler")

    def ends(machine: Appliance, camera: Camera) -> None:
        (machine.state / "filler").unlink()

    return Fault("disk.full", does, ends, lambda machine: True)


def fill(path: Path) -> None:
    """Write until nothing goes in any more. Raises OSError where that is for another reason than a full disk."""
    with path.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise


def disk_slow() -> Fault:
    """No write comes to the disk for a while: a card that tidies itself up keeps everybody waiting."""

    def does(machine: Appliance, camera: Camera) -> None:
        run("fsfreeze", "--freeze", machine.state)
        threading.Timer(GONE_S, run, ("fsfreeze", "--unfreeze", machine.state)).start()

    return Fault("disk.slow", does, nothing, lambda machine: True)


def network_gone() -> Fault:
    """The network goes, loopback and all, and comes back: then who listens is reached again."""

    def takes(machine: Appliance) -> None:
        machine.run("python3", "-c", LOOPBACK, "0")
        if page_answers(machine):
            raise NotThere("the network does not go: the carer's page answers")

    return Fault(
        "removed.network",
        lambda machine, camera: _for_a_while(
            lambda: takes(machine), lambda: machine.run("python3", "-c", LOOPBACK, "1")
        ),
        nothing,
        page_answers,
    )


def page_answers(machine: Appliance) -> bool:
    """Whether the carer's page can be had on the machine itself."""
    return machine.run("python3", "-c", ASKS_FOR_PAGE, ok=(0, 1)).startswith("HTTP/1.1 ")


def together(one: Fault, other: Fault) -> Fault:
    """Two at the same moment."""
    restarts = {
        name: one.restarts.get(name, 0) + other.restarts.get(name, 0) for name in (*one.restarts, *other.restarts)
    }

    def does(machine: Appliance, camera: Camera) -> None:
        one.does(machine, camera)
        other.does(machine, camera)

    def ends(machine: Appliance, camera: Camera) -> None:
        one.ends(machine, camera)
        other.ends(machine, camera)

    return Fault(
        f"{one.name}+{other.name.partition('.')[2]}",
        does,
        ends,
        lambda machine: one.is_over(machine) and other.is_over(machine),
        restarts,
        lambda machine: one.came(machine) and other.came(machine),
    )


def _for_a_while(takes: Callable[[], object], gives: Callable[[], object]) -> None:
    takes()
    threading.Timer(GONE_S, gives).start()


REMOVED = (camera_unplugged, headband_gone, sound_gone, panel_gone, network_gone)
"""What somebody can pull out, and put back."""


def every_fault() -> list[Fault]:
    """All that is done on a machine that goes on running."""
    names = [process.name for process in PROCESSES]
    return [
        *(signalled(name, signal.SIGKILL) for name in names),
        *(signalled(name, signal.SIGSTOP) for name in names),
        *(starved(name) for name in names),
        *(without_memory(name) for name in names),
        clock_jumps("ten_years_on", lambda: 10 * YEAR_S),
        clock_jumps("before_1971", lambda: YEAR_S // 2 - round(datetime.fromisoformat(wall_time()).timestamp())),
        *(made() for made in REMOVED),
        *(together(one(), other()) for one, other in combinations(REMOVED, 2)),
        disk_full(),
        disk_slow(),
        together(disk_slow(), camera_unplugged()),
    ]


def furnish(machine: Appliance) -> None:
    """Put on the machine what the faults need, before it boots."""
    library = machine.root / CLOCK_LIBRARY
    library.parent.mkdir(parents=True, exist_ok=True)
    run("gcc", "-O2", "-shared", "-fPIC", "-o", library, Path(__file__).with_name("wall_clock.c"))
    for process in PROCESSES:
        machine.write(f"etc/systemd/system/vybor-{process.name}.service.d/clock.conf", CLOCK)
    machine.write("etc/vybor/vybor.toml", f'[headband]\nboard = "cyton"\nserial_port = "{PORT}"\n')
    set_clock(machine, 0)
    machine.write(PLAYER, PLAYS, mode=0o755)
