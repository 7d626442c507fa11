"""A machine of its own: real systemd, the real packages, in a container that is booted, cut off, and booted again.

What stands in: the panel (SDL's dummy driver), the camera (the world's `rpicam-vid`). All else is what a Pi runs.
"""

import ctypes
import os
import shutil
import signal
import site
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import Clock, seconds
from vybor.processes import PROCESSES
from world.bodies import EyesAlone
from world.camera import ADDRESS, Camera
from world.cyton_wire import Cyton
from world.person import Person
from world.rootfs import QUIETLY, run

WIRE = "/run/vybor/world.camera"
PORT, CONTROL = "/run/world/cyton", "/run/world/cyton.control"
PATHS = "/opt/world/tests:/opt/world/daemon:/opt/world/site"
UNSYNCED = "force-unsafe-io\n"
"""For dpkg, which else waits for the disk after each of ten thousand files; they are gone with the machine."""
CAMERA = f"""\
#!/bin/sh
export PYTHONPATH={PATHS} {ADDRESS}=ipc://{WIRE}
exec /usr/bin/python3 -m world.camera.rpicam_vid "$@"
"""
PANEL = "[Service]\nEnvironment=SDL_VIDEODRIVER=dummy\n"
ROOT = Path(__file__).parents[2]
LIMIT_S = 60.0
STEP_S = 0.05
STEADY_S = 6.0
"""How long every process must keep running before all count as back: one that keeps dying never does."""
GUARD = 'read -r _; kill -KILL "$0"'
"""Waits until nobody holds its other end: whoever runs the tests may be killed, and nobody else would end it."""
ASKED = ("Id", "ActiveState", "SubState", "MainPID", "NRestarts")


class NotThere(Exception):
    """Something did not come in time."""


@dataclass(frozen=True)
class Unit:
    """How systemd sees one process: `pid` is the machine's own number, 0 if there is none now."""

    state: str
    substate: str
    pid: int
    restarts: int

    @property
    def is_dead(self) -> bool:
        """Whether it was given up, or has just died and waits for its next start."""
        return self.state in ("failed", "inactive") or self.substate == "auto-restart"

    @property
    def starts_first(self) -> bool:
        """Whether it is still at its first start since power came on."""
        return (self.state, self.substate, self.restarts) == ("activating", "start", 0)


def read_units(told: str) -> dict[str, Unit]:
    """What `systemctl show` says of the kit's units, by the names of their processes."""
    units = {}
    for block in told.strip().split("\n\n"):
        said = dict(line.split("=", 1) for line in block.splitlines())
        name = said["Id"].removeprefix("vybor-").removesuffix(".service")
        units[name] = Unit(said["ActiveState"], said["SubState"], int(said["MainPID"]), int(said["NRestarts"]))
    return units


def unsteady(
    now: Mapping[str, Unit], before: Mapping[str, Unit] | None = None, struck: Mapping[str, int] | None = None
) -> list[str]:
    """What is not as it should be: a unit that does not run, or that has started again too often.

    `before` is how the units stood before the fault; without it none may ever have started again. `struck` says
    how often the fault may make a unit start again; all others may not at all.
    """
    found = []
    for name, unit in now.items():
        again = unit.restarts - (before[name].restarts if before else 0)
        allowed = (struck or {}).get(name, 0)
        if unit.state != "active":
            found.append(f"{name} is {unit.state} ({unit.substate})")
        if again > allowed:
            found.append(f"{name} started again {again} times, {allowed} would be right")
    return found


class Appliance:
    """One machine over an installed system, which itself stays as it is."""

    def __init__(self, installed: Path, folder: Path, clock: Clock, disk: Path | None = None) -> None:
        """`disk`: a folder of another file system, which becomes /var/lib/vybor."""
        self._clock = clock
        self._installed = installed
        self._folder = folder
        self._disk = disk
        self.root = folder / "root"
        self.console = folder / "console"
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0
        self._guard: subprocess.Popen[bytes] | None = None
        self.cyton: Cyton | None = None

    @contextmanager
    def mounted(self) -> Iterator["Appliance"]:
        """The machine's files, the stand-ins among them; in the end it is cut off, its changes are gone."""
        upper, work = self._folder / "upper", self._folder / "work"
        for folder in (self.root, upper, work):
            folder.mkdir(parents=True, exist_ok=True)
        layers = f"lowerdir={self._installed},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        try:
            self.write("usr/local/bin/rpicam-vid", CAMERA, mode=0o755)
            self.write("etc/dpkg/dpkg.cfg.d/unsynced", UNSYNCED)
            self.write("etc/systemd/system/vybor-display.service.d/panel.conf", PANEL)
            yield self
        finally:
            self.cut()
            run("umount", self.root)
            shutil.rmtree(upper)
            shutil.rmtree(work)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Put a file on the machine's disk."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        place.chmod(mode)

    # --- power -----------------------------------------------------------------------------------------------

    def boot(self, *, waits_for_the_kit: bool = True) -> None:
        """Power on; returns when the core has its socket, or when systemd answers."""
        binds = [f"--bind-ro={ROOT / name}:/opt/world/{name}" for name in ("tests", "daemon")]
        binds.append(f"--bind-ro={site.getsitepackages()[0]}:/opt/world/site")
        if self._disk:
            binds.append(f"--bind={self._disk}:/var/lib/vybor")
        with self.console.open("ab") as console:
            self._nspawn = subprocess.Popen(
                ["systemd-nspawn", *QUIETLY, *binds, "-D", str(self.root), "--boot"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
        self.until(self._is_up, "systemd")
        guard = ["sh", "-c", GUARD, str(self._leader)]
        self._guard = subprocess.Popen(guard, stdin=subprocess.PIPE, start_new_session=True)
        if waits_for_the_kit:
            self.until(self._has_core, "the core's socket")

    def _has_core(self) -> bool:
        return (self.runtime / "core").exists()

    def _is_up(self) -> bool:
        assert self._nspawn is not None
        if self._nspawn.poll() is not None:
            raise NotThere(f"the machine does not boot: {self.console.read_text(errors='replace')[-2000:]}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        self._leader = int(children[0]) if children else 0
        return self._leader > 0 and Path(f"/proc/{self._leader}/root/run/systemd/private").exists()

    def power_off(self) -> None:
        """Switch it off as its menu would."""
        assert self._nspawn is not None
        os.kill(self._leader, signal.SIGRTMIN + 4)  # systemd(1): poweroff.target
        self._has_ended()

    def goes_off(self) -> None:
        """It is being switched off from within; wait until it is."""
        self._has_ended()

    def cut(self) -> None:
        """Pull the plug: every process is gone at once."""
        if self._nspawn is None:
            return
        if self._leader and self._nspawn.poll() is None:
            os.kill(self._leader, signal.SIGKILL)  # its process namespace dies with it
        self._has_ended()

    def _has_ended(self) -> None:
        assert self._nspawn is not None
        self._nspawn.wait(LIMIT_S)
        self._nspawn = None
        if self._guard:
            self._guard.kill()  # before its number is another's
            self._guard.communicate()
            self._guard = None

    # --- what is on it ---------------------------------------------------------------------------------------

    @property
    def runtime(self) -> Path:
        """The folder of sockets, seen from outside."""
        return self.inside("/run/vybor")

    @property
    def state(self) -> Path:
        """What the kit keeps, seen from outside: SQLite opens no file through /proc."""
        return self._disk or self.root / "var/lib/vybor"

    def inside(self, path: str) -> Path:
        """A path of the running machine, seen from outside."""
        return Path(f"/proc/{self._leader}/root{path}")

    def run(self, *command: str, ok: tuple[int, ...] = (0,)) -> str:
        """Run a program on the machine as root; returns what it prints."""
        done = subprocess.run(
            ["nsenter", "-t", str(self._leader), "-a", *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
        )
        if done.returncode not in ok:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def enter_network(self) -> None:
        """The thread that calls goes on in the machine's network, where there is loopback alone."""
        with Path(f"/proc/{self._leader}/ns/net").open("rb") as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), 0):
                raise OSError(ctypes.get_errno(), "no way into the machine's network")

    def in_network(self, *command: str) -> list[str]:
        """The same program of this machine, in that network."""
        return ["nsenter", "-t", str(self._leader), "--net", *command]

    # --- how it fares ----------------------------------------------------------------------------------------

    def shown(self, process: str, name: str) -> str:
        """A property of a process's unit."""
        return self.run("systemctl", "show", f"vybor-{process}", "-P", name).strip()

    def pid(self, process: str) -> int:
        """The main process of a unit, as it is numbered out here; 0 if there is none now."""
        inner = self.shown(process, "MainPID")
        for status in Path("/proc").glob("[0-9]*/status"):
            if _numbers(status)[-1:] == [inner] and self._is_ours(int(status.parent.name)):
                return int(status.parent.name)
        return 0

    def _is_ours(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/ns/pid").readlink() == Path(f"/proc/{self._leader}/ns/pid").readlink()
        except OSError:
            return False

    def units(self) -> dict[str, Unit]:
        """How systemd sees each process."""
        names = [f"vybor-{process.name}.service" for process in PROCESSES]
        return read_units(self.run("systemctl", "show", f"--property={','.join(ASKED)}", *names))

    def dead_units(self) -> list[str]:
        """Units that systemd has given up, or is about to start again."""
        return [name for name, unit in self.units().items() if unit.is_dead]

    def is_whole(self) -> bool:
        """Whether every process runs."""
        return {unit.state for unit in self.units().values()} == {"active"}

    def settle(self, limit_s: float = LIMIT_S) -> None:
        """Wait until every process runs and goes on running for a while; raises NotThere."""
        since_ns = self._clock.now_ns()
        running: dict[str, int] = {}

        def holds() -> bool:
            nonlocal since_ns, running
            now = self.units()
            pids = {name: unit.pid for name, unit in now.items() if unit.state == "active"}
            if len(pids) < len(now) or pids != running:
                since_ns, running = self._clock.now_ns(), pids
                return False
            return self._clock.now_ns() - since_ns >= seconds(STEADY_S)

        self.until(holds, f"{STEADY_S:.0f} s in which every process goes on running", limit_s)

    def until(self, holds: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
        """Wait for something; raises NotThere."""
        deadline_ns = self._clock.now_ns() + seconds(limit_s)
        while not holds():
            if self._clock.now_ns() > deadline_ns:
                raise NotThere(f"{what} did not come within {limit_s:.0f} s")
            time.sleep(STEP_S)

    # --- what is plugged in, and who sits before it --------------------------------------------------------

    @contextmanager
    def headband(self) -> Iterator[None]:
        """A Cyton's dongle at PORT; `cyton` pulls it out and puts it back."""
        self.run("mkdir", "-p", str(Path(PORT).parent))
        program = ("-m", "world.cyton", "--port-link", PORT, "--control", f"ipc://{CONTROL}")
        with self.console.open("ab") as console:
            board = subprocess.Popen(
                ["nsenter", "-t", str(self._leader), "-a", "env", f"PYTHONPATH={PATHS}", "python3", *program],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
        try:
            self.until(lambda: self.inside(CONTROL).exists(), "the headband")
            with Cyton(f"ipc://{self.inside(CONTROL)}") as self.cyton:
                yield
        finally:
            self.cyton = None
            board.terminate()
            board.wait()

    @contextmanager
    def person(self) -> Iterator[tuple[Person, Camera]]:
        """Somebody before the camera, who sees what the panel shows."""
        mask = os.umask(0o007)  # the kit's group may connect
        camera = Camera(f"ipc://{self.inside(WIRE)}")
        bus = Bus("person", self.runtime, self._clock, [m.Shown])
        os.umask(mask)
        try:
            yield Person(bus, EyesAlone(camera, self._clock), self._clock, print), camera
        finally:
            bus.close()
            camera.close()


def _numbers(status: Path) -> list[str]:
    """The numbers of a process in each of its namespaces, this one first."""
    try:
        return next(line.split()[1:] for line in status.read_text().splitlines() if line.startswith("NSpid:"))
    except (OSError, StopIteration):
        return []
