"""What can go wrong on a kit, done to a real one while somebody writes with it."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from vybor.foundation.clock import wall_time
from vybor.processes import PROCESSES
from world.appliance import PORT, Appliance, NotThere
from world.camera import Camera
from world.rootfs import run

STARVED_S, SLICE_S, SHARE = 8.0, 0.2, 0.05
GONE_S = 6.0
CLOCK_LIBRARY = "usr/local/lib/wall_clock.so"
CLOCK_FILE = "etc/vybor/test-clock"
CLOCK = f"[Service]\nEnvironment=LD_PRELOAD=/{CLOCK_LIBRARY} VYBOR_TEST_CLOCK=/{CLOCK_FILE}\n"
YEAR_S = 31_557_600
PLAYER = "usr/local/bin/aplay"
PLAYS = "#!/bin/sh\nexec sleep $(($(wc -c) / 44100 + 1))\n"
"""Takes as long as a card would: what is played in no time was not heard."""
DISK_MB = 64
LOOPBACK = """\
import fcntl, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", int(sys.argv[1])))
"""
"""Sets the flags of the machine's only network, IFF_UP or none (netdevice(7), SIOCSIFFLAGS): it has no `ip`."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, and what ends it."""

    name: str
    does: Callable[[Appliance, Camera], None]
    ends: Callable[[Appliance, Camera], None]
    is_over: Callable[[Appliance], bool]
    restarts: Mapping[str, int] = field(default_factory=dict)
    """How often it may make systemd start a process again; no other process may start again at all."""


def nothing(machine: Appliance, camera: Camera) -> None:
    """It ends by itself."""


def signalled(process: str, number: signal.Signals) -> Fault:
    """A process is killed, or hangs until the watchdog ends it."""
    before: list[int] = []

    def does(machine: Appliance, camera: Camera) -> None:
        before.append(machine.pid(process))
        os.kill(before[-1], number)

    def is_over(machine: Appliance) -> bool:
        return machine.pid(process) not in (0, before[-1])

    kind = "killed" if number is signal.SIGKILL else "hung"
    return Fault(f"{kind}.{process}", does, nothing, is_over, {process: 1})


def starved(process: str) -> Fault:
    """A process gets a twentieth of the time for a while."""
    running: list[threading.Thread] = []

    def starve(pid: int) -> None:
        for _ in range(round(STARVED_S / SLICE_S)):
            for number, share in ((signal.SIGSTOP, 1 - SHARE), (signal.SIGCONT, SHARE)):
                try:
                    os.kill(pid, number)
                except ProcessLookupError:  # its watchdog was quicker
                    return
                time.sleep(SLICE_S * share)

    def does(machine: Appliance, camera: Camera) -> None:
        running.append(threading.Thread(target=starve, args=(machine.pid(process),)))
        running[-1].start()

    return Fault(f"starved.{process}", does, nothing, lambda machine: not running[-1].is_alive(), {process: 1})


def _data_limit(child: psutil.Process, to: str = "") -> str:
    """Set how much memory it may have, or tell it. As its own user, who may do so where root is not almighty."""
    told = [] if to else ["--output=SOFT", "--noheadings", "--raw"]
    done = subprocess.run(
        ["prlimit", f"--pid={child.pid}", f"--data{to}", *told],
        user=child.uids().real,
        group=child.gids().real,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def without_memory(process: str) -> Fault:
    """A process gets no more memory for a while than it has: it does without, or ends and is started again."""
    over = threading.Event()

    def give_back(child: psutil.Process, before: str) -> None:
        with suppress(psutil.NoSuchProcess, subprocess.CalledProcessError):
            _data_limit(child, f"={before}:")
        over.set()

    def does(machine: Appliance, camera: Camera) -> None:
        child = psutil.Process(machine.pid(process))
        over.clear()
        before = _data_limit(child)
        _data_limit(child, f"={child.memory_full_info().data}:")
        threading.Timer(STARVED_S, give_back, (child, before)).start()

    return Fault(f"no_memory.{process}", does, nothing, lambda machine: over.is_set(), {process: 1})


def clock_jumps(name: str, seconds_on: Callable[[], int]) -> Fault:
    """The wall clock is set, as it is when the network's time comes, or a dead battery's."""

    def does(machine: Appliance, camera: Camera) -> None:
        if Path(CLOCK_LIBRARY).name not in Path(f"/proc/{machine.pid('core')}/maps").read_text():
            raise NotThere("the clock that can be set is not loaded")
        set_clock(machine, seconds_on())

    return Fault(f"clock.{name}", does, lambda machine, camera: set_clock(machine, 0), lambda machine: True)


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
    """The loudspeaker goes, and comes back."""
    return Fault(
        "removed.sound",
        lambda machine, camera: _for_a_while(
            lambda: machine.write(PLAYER, "#!/bin/sh\necho 'no such device' >&2\nexit 1\n", mode=0o755),
            lambda: machine.write(PLAYER, PLAYS, mode=0o755),
        ),
        nothing,
        lambda machine: True,
    )


def panel_gone() -> Fault:
    """The panel's cable comes off: the display finds no screen until it is back."""
    gone = "etc/systemd/system/vybor-display.service.d/zz-gone.conf"

    def takes(machine: Appliance) -> None:
        machine.write(gone, "[Service]\nEnvironment=SDL_VIDEODRIVER=kmsdrm\n")
        machine.run("systemctl", "daemon-reload")
        os.kill(machine.pid("display"), signal.SIGKILL)

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

    def fill(machine: Appliance) -> None:
        with (machine.state / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass

    def does(machine: Appliance, camera: Camera) -> None:
        with suppress(OSError):  # that it is full
            fill(machine)

    def ends(machine: Appliance, camera: Camera) -> None:
        (machine.state / "filler").unlink()

    return Fault("disk.full", does, ends, lambda machine: True)


def disk_slow() -> Fault:
    """No write comes to the disk for a while: a card that tidies itself up keeps everybody waiting."""

    def does(machine: Appliance, camera: Camera) -> None:
        run("fsfreeze", "--freeze", machine.state)
        threading.Timer(GONE_S, run, ("fsfreeze", "--unfreeze", machine.state)).start()

    return Fault("disk.slow", does, nothing, lambda machine: True)


def network_gone() -> Fault:
    """The network goes, loopback and all, and comes back."""
    return Fault(
        "removed.network",
        lambda machine, camera: _for_a_while(
            lambda: machine.run("python3", "-c", LOOPBACK, "0"),
            lambda: machine.run("python3", "-c", LOOPBACK, "1"),
        ),
        nothing,
        lambda machine: True,
    )


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


@contextmanager
def disk(image: Path, folder: Path) -> Iterator[Path]:
    """A disk of its own, mounted; made if it is not there. What it lost it lost: no write is waited for."""
    if not image.exists():
        with image.open("wb") as opened:
            opened.truncate(DISK_MB << 20)
        run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
    folder.mkdir(exist_ok=True)
    run("mount", "-o", "loop,errors=remount-ro", image, folder)
    try:
        yield folder
    finally:
        run("umount", folder)


def break_disk(folder: Path) -> None:
    """Report an error to the file system of a folder: the kernel makes it read-only."""
    source = run("findmnt", "--noheadings", "--output", "SOURCE", folder).strip()
    Path(f"/sys/fs/ext4/{Path(source).name}/trigger_fs_error").write_text("worn out", encoding="utf-8")


def mend_disk(image: Path) -> None:
    """Check a file system that had an error, as the machine does when it starts."""
    run("sh", "-c", f"e2fsck -fp '{image}' || [ $? -le 2 ]")


def power_is_cut(machine: Appliance, image: Path, after: Path) -> None:
    """What is on the disk at this moment is all there will be; `after` becomes that disk."""
    shutil.copyfile(image, after)
    machine.cut()
