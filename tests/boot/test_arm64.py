"""The ARM64 package on an ARM64 system, every instruction by qemu: `deploy/test --arm64`.

qemu is some twenty times slower than a Pi: what is shown here is that it runs, never how fast.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from boot.packages import LACK, packages, suite
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.processes import PROCESSES
from world import rootfs
from world.appliance import Appliance

BINFMT = Path("/proc/sys/fs/binfmt_misc/qemu-aarch64")
ASKED = os.environ.get("VYBOR_ARM64", "")
REASON = LACK or ("" if ASKED else "deploy/test --arm64 runs it")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON)]

CLOCK = SystemClock()
OF_THE_OWNER = {name for process in PROCESSES for name in process.optional}
"""What a process may load if an owner has installed it: no package brings it."""
SLOW_S = 1500.0
PATIENT = """\
[Service]
WatchdogSec=600
TimeoutStartSec=900
LoadCredential=
PrivateDevices=no
PrivateNetwork=no
PrivateTmp=no
ProtectClock=no
ProtectControlGroups=no
ProtectHome=no
ProtectHostname=no
ProtectKernelLogs=no
ProtectKernelModules=no
ProtectKernelTunables=no
ProtectProc=default
ProtectSystem=no
ReadWritePaths=
RestrictAddressFamilies=
RestrictNamespaces=no
SystemCallFilter=
MemoryDenyWriteExecute=no
"""
"""What qemu's user mode cannot do for a process: namespaces and filters. They are tried without qemu."""
NO_CREDENTIALS = "[Service]\nLoadCredential=\n"
SYSTEM_UNITS = ("systemd-sysctl", "systemd-sysusers", "systemd-tmpfiles-setup", "systemd-tmpfiles-setup-dev")
"""Debian's own that ask for credentials, which needs a namespace too: without them there is no /run/vybor."""


CORE = """\
processor\t: {number}
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x4
CPU part\t: 0xd0b
CPU revision\t: 1

"""
"""A core of a Pi 5 as Linux tells it. qemu passes on what the real processor says of itself, and ONNX Runtime's
cpuinfo dies of an x86 that claims to be ARM."""
MOUNT_CPUINFO = """\
[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/bin/mount --bind /etc/cpuinfo /proc/cpuinfo
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    if not BINFMT.exists():
        pytest.skip("qemu-user-static is not registered: apt install qemu-user-static, update-binfmts --enable")
    installed = rootfs.installed(suite(), "arm64", packages(), rootfs.CACHE)
    with Appliance(installed, tmp_path_factory.mktemp("machine"), CLOCK).mounted() as made:
        made.write("etc/systemd/system/vybor-.service.d/qemu.conf", PATIENT)
        for unit in SYSTEM_UNITS:
            made.write(f"etc/systemd/system/{unit}.service.d/qemu.conf", NO_CREDENTIALS)
        made.write("etc/cpuinfo", "".join(CORE.format(number=number) for number in range(4)))
        made.write("etc/systemd/system/cpuinfo.service", MOUNT_CPUINFO)
        made.write("etc/systemd/system/sysinit.target.d/cpuinfo.conf", "[Unit]\nWants=cpuinfo.service\n")
        made.boot(waits_for_the_kit=False)
        yield made
        print(made.run("journalctl", "--no-pager", "-b"))


def test_it_is_another_machine(machine: Appliance) -> None:
    assert machine.run("uname", "-m").strip() == "aarch64"
    assert shutil.which("qemu-aarch64-static")


@pytest.mark.parametrize("module", sorted({name for process in PROCESSES for name in process.owns} - OF_THE_OWNER))
def test_a_library_of_the_kit_can_be_imported(module: str, machine: Appliance) -> None:
    machine.run("/usr/lib/vybor/bin/python", "-c", f"import {module}")


def test_every_unit_starts(machine: Appliance) -> None:
    machine.until(machine.is_whole, "every process", SLOW_S)


def test_words_are_offered_the_display_draws_and_the_model_answers(machine: Appliance) -> None:
    """The display stays on its starting page: the camera's program does not run in qemu, so no dots come."""
    bus = Bus("person", machine.runtime, CLOCK, [m.Screen, m.Shown, m.Proposals])
    words: list[str] = []
    proposed: list[m.Candidate] = []
    shown: list[int] = []

    def all_of_it() -> bool:
        for arrival in bus.receive(0.1):
            match arrival:
                case Heard(message=m.Screen() as screen):
                    words[:] = [tile.label for tile in screen.tiles if tile.role is m.Role.CANDIDATE]
                case Heard(message=m.Proposals() as proposals):
                    proposed[:] = proposals.candidates
                case Heard(message=m.Shown() as picture):
                    shown.append(picture.at_ns)
        bus.tend()
        return bool(words and proposed and shown)

    try:
        machine.run("systemctl", "restart", "vybor-core")  # the first offer was made before anybody listened
        machine.until(all_of_it, "words, a picture, and the model's words", SLOW_S)
    finally:
        bus.close()
    assert all(words)
