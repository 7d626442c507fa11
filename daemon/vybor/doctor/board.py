"""The board and its system: who keeps the kit running, power, heat, memory limits, packages."""

import re

from vybor.doctor.findings import Findings, module, note, ok, trouble
from vybor.doctor.machine import Machine
from vybor.vitals import sysfs

POWER_NOW = {
    0: "the voltage is too low; use the board's own power supply and a short thick cable",
    1: "the processor is slowed down; see the voltage and the heat",
    2: "the processor is throttled; see the voltage and the heat",
    3: "the processor is at its limit of heat; give it a fan or more air",
}
"""Bits of the Raspberry Pi firmware's `get_throttled`; the same, 16 bits higher: it happened since the start."""
POWER_BEFORE = {
    0: "the voltage was too low",
    1: "the processor was slowed down",
    2: "it was throttled",
    3: "it was too hot",
}
HOT_C = 70
TOO_HOT_C = 80
"""A Pi begins to slow down at 80 °C."""


def keeper(machine: Machine) -> Findings:
    """Whether something keeps the processes running."""
    if machine.at("/run/systemd/system").exists():
        yield module(machine, "systemd", "systemd.daemon", "install python3-systemd: units cannot start without")
    else:
        yield module(machine, "supervisor", "supervisor", "there is no systemd here: pip install supervisor")


def memory_limits(machine: Machine) -> Findings:
    """Whether the kernel holds processes to their limits. Kernels of the Pi have carried the opposite."""
    options = machine.text("/proc/cmdline").split()
    controllers = machine.text("/sys/fs/cgroup/cgroup.controllers").split()  # cgroup v2 names what is in force
    disabled = "cgroup_disable=memory" in options and "cgroup_enable=memory" not in options
    if controllers and "memory" not in controllers:
        yield trouble(
            "memory limits: the kernel has no memory controller; on a Pi `vybor firmware apply` adds "
            "cgroup_enable=memory to cmdline.txt, then restart"
        )
    elif not controllers and disabled:
        yield trouble(
            "memory limits: the kernel ignores them (cgroup_disable=memory); add cgroup_enable=memory to "
            "/boot/firmware/cmdline.txt and restart"
        )
    else:
        yield ok("memory limits: the kernel holds to them")


def throttled(machine: Machine) -> int | None:
    """The firmware's bits of power and heat; None where the board has no such thing."""
    said = machine.said_by("vcgencmd", "get_throttled").strip().rpartition("=")[2]
    return int(said, 16) if sysfs.THROTTLED.fullmatch(said) else sysfs.throttled(machine.at("/sys"))


def power(machine: Machine) -> Findings:
    """Whether the board has, and had, the power that it needs."""
    bits = throttled(machine)
    if bits is None:
        return
    now = [words for bit, words in POWER_NOW.items() if bits >> bit & 1]
    before = [words for bit, words in POWER_BEFORE.items() if bits >> (bit + 16) & 1]
    yield from (trouble(f"power: {words}") for words in now)
    if before and not now:
        yield note(f"power: since the start {', '.join(before)}; use the board's own power supply and give it air")
    if not before and not now:
        yield ok("power: never too low, never throttled")


def temperature_c(machine: Machine) -> float | None:
    """The hottest of the board's sensors; None where there is none."""
    return sysfs.temperature_c(machine.at("/sys"))


def heat(machine: Machine) -> Findings:
    """Whether the board is cool enough."""
    degrees = temperature_c(machine)
    if degrees is None:
        return
    if degrees >= TOO_HOT_C:
        yield trouble(f"heat: {degrees:.0f} °C; the processor slows down: give it a fan or more air")
    elif degrees >= HOT_C:
        yield note(f"heat: {degrees:.0f} °C; that is warm: leave it more air")
    else:
        yield ok(f"heat: {degrees:.0f} °C")


def restarts_itself(machine: Machine) -> Findings:
    """Whether the board restarts when its system hangs (Raspberry Pi OS sets one minute)."""
    said = machine.said_by("systemctl", "show", "--property=RuntimeWatchdogUSec").strip().partition("=")[2]
    if not said:
        return
    if said in {"0", "off", "infinity"}:
        yield note("watchdog: the board would not restart if it hung; `vybor firmware apply` mends it on a Pi")
    else:
        yield ok(f"watchdog: the board restarts if it hangs for {said}")


def facts(machine: Machine) -> dict[str, str]:
    """What the machine is, in a few words each; what cannot be read is left out."""
    release = re.search(r'^PRETTY_NAME="?([^"\n]*)', machine.text("/etc/os-release"), re.MULTILINE)
    processor = re.search(r"^model name\s*:\s*(.*)$", machine.text("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB", machine.text("/proc/meminfo"), re.MULTILINE)
    found = {
        "model": machine.text("/proc/device-tree/model").rstrip("\0\n"),
        "processor": processor.group(1) if processor else "",
        "memory": f"{int(memory.group(1)) // 1000} MB" if memory else "",
        "system": release.group(1) if release else "",
        "kernel": machine.text("/proc/sys/kernel/osrelease").strip(),
        "up": _uptime(machine),
    }
    return {name: words for name, words in found.items() if words}


def _uptime(machine: Machine) -> str:
    read = machine.text("/proc/uptime").split()
    if not read:
        return ""
    minutes = int(float(read[0])) // 60
    return f"{minutes // 1440} d {minutes // 60 % 24} h {minutes % 60} min"


def what_it_is(machine: Machine) -> Findings:
    """The machine, in one line."""
    found = facts(machine)
    shown = [found[name] for name in ("model", "system", "kernel") if name in found]
    up = f"; up for {found['up']}" if "up" in found else ""
    if shown or up:
        yield ok(f"machine: {', '.join(shown) or 'unknown'}{up}")


def packages(machine: Machine) -> Findings:
    """The kit's Debian packages, where it was installed by dpkg."""
    whole: list[str] = []
    for name, version, status in debian_packages(machine):
        if status == "ii":
            whole.append(f"{name} {version}")
        elif status[1:] not in {"n", "c"}:
            yield trouble(
                f"package {name}: it is half installed ({status}); `sudo dpkg --configure -a` goes on with it"
            )
    if whole:
        yield ok(f"packages: {', '.join(whole)}")


def debian_packages(machine: Machine) -> list[tuple[str, str, str]]:
    """Name, version and status (`ii` is installed) of each package of the kit's."""
    shown = r"${Package}\t${Version}\t${db:Status-Abbrev}\n"
    said = machine.said_by("dpkg-query", "--show", f"--showformat={shown}", "vybor*")
    rows = (line.split("\t") for line in said.splitlines())
    return [(row[0], row[1], row[2].strip()) for row in rows if len(row) == 3]
