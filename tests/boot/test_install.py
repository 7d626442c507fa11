"""The installer on a stock system: it asks nothing, and what it refuses it refuses in one sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boot.packages import LACK, packages, suite
from vybor.foundation.clock import SystemClock
from world import rootfs
from world.appliance import Appliance

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy/install.sh"
pytestmark = pytest.mark.skipif(bool(LACK), reason=LACK)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """A Debian that has what ours needs of it, and nothing of ours."""
    needs = [need for package in packages() for need in rootfs.dependencies(package, suite())]
    base = rootfs.base(suite(), "amd64", needs, rootfs.CACHE)
    with Appliance(base, tmp_path_factory.mktemp("stock"), SystemClock()).mounted() as machine:
        machine.write("srv/install.sh", SCRIPT.read_text(encoding="utf-8"))
        for package in packages():
            (machine.root / "srv" / package.name).write_bytes(package.read_bytes())
        machine.boot(waits_for_the_kit=False)
        # A boot empties /tmp in its course, with what dpkg-deb has just unpacked there to read a package.
        machine.run("systemctl", "is-system-running", "--wait", ok=(0, 1))
        yield machine


def test_a_dry_run_changes_nothing(stock: Appliance) -> None:
    told = stock.run("sh", "/srv/install.sh", "--dry-run")
    assert told.endswith("Nothing was done.\n")
    assert "vybor.target" in told
    assert "rpicam" not in told  # this is no Pi
    assert not (stock.root / "usr/lib/vybor").exists()


def test_it_installs_starts_and_looks_the_kit_over(stock: Appliance) -> None:
    told = stock.run("sh", "/srv/install.sh")
    assert [line[:6] for line in told.splitlines() if line[1:5] == " of "] == [
        "1 of 4",
        "2 of 4",
        "3 of 4",
        "4 of 4",
    ]
    assert "language model: smollm2-135m" in told
    assert told.splitlines()[-1].startswith("Done.")
    stock.until(stock.is_whole, "every process")


def test_run_again_it_keeps_everything_as_it_is_and_takes_a_folder_by_its_relative_name(stock: Appliance) -> None:
    stock.run("sh", "-c", "mkdir /srv/kit && mv /srv/*.deb /srv/kit")
    told = stock.run("sh", "-c", "cd /srv && sh install.sh --packages kit")
    assert "vybor of this version is here already" in told
    assert told.splitlines()[-1].startswith("Done.")
    stock.until(stock.is_whole, "every process")


@pytest.mark.slow
def test_a_package_of_the_same_version_with_other_files_is_installed_again(stock: Appliance) -> None:
    (stock.root / "var/lib/dpkg/info/vybor-factory-model.md5sums").write_text("0  usr/share/vybor/words.sqlite\n")
    (stock.root / "usr/share/doc/vybor-factory-model/copyright").unlink()
    told = stock.run("sh", "/srv/install.sh", "--packages", "/srv/kit")
    assert "vybor-factory-model of this version is here with other files" in told
    assert (stock.root / "usr/share/doc/vybor-factory-model/copyright").exists()
    stock.until(stock.is_whole, "every process")


@pytest.mark.slow
def test_a_damaged_installation_can_be_removed_and_purging_empties_a_folder_that_cannot_be(
    stock: Appliance,
) -> None:
    """The record on a disk of its own, mounted in its place; the settings behind a link."""
    stock.run("systemctl", "stop", "vybor.target", "vybor-*.service")
    stock.run("mkdir", "-p", "/srv/settings")
    stock.run("mount", "-t", "tmpfs", "tmpfs", "/var/lib/vybor")
    stock.run("rm", "-rf", "/etc/vybor")
    stock.run("ln", "-s", "/srv/settings", "/etc/vybor")
    stock.run("touch", "/srv/settings/vybor.toml", "/srv/kept")
    stock.run("sh", "-c", "dpkg -i /srv/kit/vybor_*.deb")
    stock.run("systemctl", "start", "vybor.target")
    stock.until(stock.is_whole, "every process")
    stock.run("ln", "-s", "/srv/kept", "/var/lib/vybor/link")
    stock.run("rm", "-r", "/usr/lib/vybor/lib")
    stock.run("sh", "-c", "echo vybor vybor/remove-texts boolean true | debconf-set-selections")
    stock.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--purge", "vybor")
    assert not (stock.root / "usr/lib/vybor").exists()
    assert stock.run("ls", "-A", "/var/lib/vybor", "/srv/settings").split() == [
        "/srv/settings:",
        "/var/lib/vybor:",
    ]
    assert not (stock.root / "etc/vybor").is_symlink()
    assert (stock.root / "srv/kept").exists()  # what a link in the record leads to is not ours
    stock.run("umount", "/var/lib/vybor")
