"""What can happen to one process: it is killed, hangs, or gets too little time or memory."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from vybor.foundation.clock import wall_time
from world.appliance import Appliance
from world.camera import Camera
from world.fault import Fault, nothing, running

STARVED_S, SLICE_S, SHARE = 8.0, 0.2, 0.05
LESS_BYTES = 1 << 20
"""So much less than it has a process may have: what it lets go and wants again is refused too."""
NO_MEMORY = ("MemoryError", "bad_alloc", "annot allocate memory", "ut of memory", "t start new thread")


def signalled(process: str, number: signal.Signals) -> Fault:
    """A process is killed, or hangs until the watchdog ends it."""
    before: list[int] = []

    def does(machine: Appliance, camera: Camera) -> None:
        before.append(running(machine, process))
        os.kill(before[-1], number)

    def is_over(machine: Appliance) -> bool:
        return machine.pid(process) not in (0, before[-1])

    kind = "killed" if number is signal.SIGKILL else "hung"
    return Fault(f"{kind}.{process}", does, nothing, is_over, {process: 1})


def starved(process: str) -> Fault:
    """A process gets a twentieth of the time for a while."""
    starving: list[threading.Thread] = []

    def starve(pid: int) -> None:
        for _ in range(round(STARVED_S / SLICE_S)):
            for number, share in ((signal.SIGSTOP, 1 - SHARE), (signal.SIGCONT, SHARE)):
                try:
                    os.kill(pid, number)
                except ProcessLookupError:  # its watchdog was quicker
                    return
                time.sleep(SLICE_S * share)

    def does(machine: Appliance, camera: Camera) -> None:
        starving.append(threading.Thread(target=starve, args=(running(machine, process),)))
        starving[-1].start()

    return Fault(f"starved.{process}", does, nothing, lambda machine: not starving[-1].is_alive(), {process: 1})


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


def data_bytes(status: str) -> int:
    """What the kernel holds against that limit, by its /proc/PID/status: the stack is not part of it."""
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmData:")))


def speaks_of_memory(log: str) -> bool:
    """Whether a process says that it got none."""
    return any(words in log for words in NO_MEMORY)


def without_memory(process: str) -> Fault:
    """A process gets no memory for a while, not even a little that it lets go: it does without, or starts again.

    Who maps nothing in that time is spared. It was hit if it started again, or if its log says so.
    """
    over = threading.Event()
    struck: list[tuple[int, int]] = []

    def give_back(child: psutil.Process, before: str) -> None:
        with suppress(psutil.NoSuchProcess, subprocess.CalledProcessError):
            _data_limit(child, f"={before}:")
        over.set()

    def does(machine: Appliance, camera: Camera) -> None:
        child = psutil.Process(running(machine, process))
        over.clear()
        before = _data_limit(child)
        struck.append((child.pid, int(datetime.fromisoformat(wall_time()).timestamp())))
        has = data_bytes(Path(f"/proc/{child.pid}/status").read_text(encoding="utf-8"))
        _data_limit(child, f"={max(0, has - LESS_BYTES)}:")
        threading.Timer(STARVED_S, give_back, (child, before)).start()

    def hit(machine: Appliance) -> bool:
        pid, since_s = struck[-1]
        named = ("-u", f"vybor-{process}", f"--since=@{since_s}")
        log = machine.run("journalctl", "--no-pager", "-o", "cat", *named, ok=(0, 1))  # 1: nothing of it
        return machine.pid(process) != pid or speaks_of_memory(log)

    return Fault(f"no_memory.{process}", does, nothing, lambda machine: over.is_set(), {process: 1}, hit=hit)
