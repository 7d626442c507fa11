"""What the stage of deploy/image does to a system, done to Debian's, which then boots: a kit that is nobody's yet.

pi-gen's part stands in: the mounts and the shell that it gives a stage (`on_chroot`). Of Raspberry Pi there are no
packages here, none of the stages before ours, and no ARM.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from boot.packages import LACK, packages, suite
from vybor.foundation.clock import SystemClock
from world import rootfs
from world.appliance import Appliance

ROOT = Path(__file__).parents[2]
STAGE = ROOT / "deploy/image/stage-vybor/00-kit"
OF_LITE = ("bluez", "console-setup", "locales")
"""What Raspberry Pi OS Lite has and the stage sets, beside what the kit itself needs."""
ON_CHROOT = """\
on_chroot() { chroot "$ROOTFS_DIR" /bin/bash -e "$@"; }
export -f on_chroot
mount -t proc proc "$ROOTFS_DIR/proc"
mount --bind /dev "$ROOTFS_DIR/dev"
mount --bind /dev/pts "$ROOTFS_DIR/dev/pts"
mount -t tmpfs tmpfs "$ROOTFS_DIR/run"
mount -t tmpfs tmpfs "$ROOTFS_DIR/tmp"
exec ./01-run.sh
"""
CONFIG = "# the maker's\ncamera_auto_detect=1\n[all]\n"
CMDLINE = "console=tty1 root=ROOTDEV rootwait\n"
"""Before pi-gen knows the number of the partition."""
LEAN = "etc/dpkg/dpkg.cfg.d/lean"
KEYS = ("ed25519", "rsa")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(LACK), reason=LACK)]


class Card:
    """The system that becomes an image, and the folder in which the stage finds its packages."""

    def __init__(self, machine: Appliance, folder: Path) -> None:
        self.machine = machine
        self.stage = folder / "00-kit"
        shutil.copytree(STAGE, self.stage)
        (self.stage / "files").mkdir()
        for package in packages():
            shutil.copy(package, self.stage / "files")

    def lay(self) -> "subprocess.CompletedProcess[str]":
        """Run the stage as pi-gen does, in Russian."""
        return subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "bash", "-euc", ON_CHROOT],
            cwd=self.stage,
            env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "ROOTFS_DIR": str(self.machine.root),
                "LOCALE_DEFAULT": "ru_RU.UTF-8",
                "LC_ALL": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def look(self) -> list[str]:
        """What `look` says of it as it is now."""
        command = [str(self.stage / "look"), str(self.machine.root)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()

    def text(self, path: str) -> str:
        return (self.machine.root / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Card]:
    needs = [need for package in packages() for need in rootfs.dependencies(package, suite())]
    lite = rootfs.base(suite(), "amd64", [*needs, *OF_LITE], rootfs.CACHE)
    folder = tmp_path_factory.mktemp("card")
    with Appliance(lite, folder, SystemClock()).mounted() as machine:
        machine.write("boot/firmware/config.txt", CONFIG)
        machine.write("boot/firmware/cmdline.txt", CMDLINE)
        machine.write("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        for kind in KEYS:
            machine.write(f"etc/ssh/ssh_host_{kind}_key", "made when Debian's package was installed\n", mode=0o600)
        yield Card(machine, folder)


def test_a_system_that_would_leave_licences_out_is_no_image(card: Card) -> None:
    card.machine.write(LEAN, "path-exclude=/usr/share/doc/*\n")
    done = card.lay()
    assert done.returncode != 0
    assert "not all that the packages have came into the system" in done.stderr
    assert "/usr/share/doc/vybor/copyright" in done.stderr
    (card.machine.root / LEAN).unlink()


def test_the_kit_is_laid_on_it_and_nothing_of_one_kit_is_there(card: Card) -> None:
    done = card.lay()
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert card.look() == []
    assert card.text("etc/machine-id") == "uninitialized\n"
    assert not list((card.machine.root / "etc/ssh").glob("ssh_host_*"))
    assert (card.machine.root / "usr/share/doc/vybor/copyright").exists()
    assert not (card.machine.root / "srv/vybor-packages").exists()


def test_its_boot_files_radio_and_language_are_set(card: Card) -> None:
    assert card.text("boot/firmware/config.txt").startswith(CONFIG)
    assert "dtparam=watchdog=on" in card.text("boot/firmware/config.txt")
    assert card.text("boot/firmware/cmdline.txt") == CMDLINE.replace("\n", " cgroup_enable=memory\n")
    assert "MaxConnectionInterval=24" in card.text("etc/bluetooth/main.conf").splitlines()
    assert (card.machine.root / "etc/systemd/system.conf.d/70-vybor.conf").exists()
    assert card.text("etc/vybor/vybor.toml").splitlines()[-1] == 'language = "ru"'
    fonts = [file.name for file in (card.machine.root / "etc/console-setup").glob("cached_*Terminus*")]
    assert fonts == ["cached_Uni2-Terminus16.psf.gz"]


def test_it_boots_as_a_kit_and_then_has_keys_of_its_own(card: Card) -> None:
    machine = card.machine
    machine.boot()
    machine.until(machine.is_whole, "every process")
    assert machine.run("systemctl", "is-enabled", "vybor.target") == "enabled\n"
    assert machine.run("vybor", "firmware", "check", "--board", "pi5").splitlines()[-1] == "nothing to do"
    machine.run(
        "vybor", "firmware", "undo", "--board", "pi5", ok=(69,)
    )  # no state before that it could go back to
    assert {"en_GB.utf8", "ru_RU.utf8"} <= set(machine.run("locale", "-a").split())
    assert len(card.text("etc/machine-id").strip()) == 32
    found = " ".join(card.look())  # what it made itself must not have been in the image
    for made in ("etc/machine-id", "panel/page.pem was written by a kit", "var/lib/vybor/journal"):
        assert made in found
