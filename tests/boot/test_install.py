"""The installer on a stock system: it asks nothing, and what it refuses it refuses in one sentence."""

import subprocess
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
        yield machine


def test_a_dry_run_changes_nothing(stock: Appliance) -> None:
    told = stock.run("sh", "/srv/install.sh", "--dry-run")
    assert "Nothing was done." in told
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


def test_run_again_it_keeps_everything_as_it_is(stock: Appliance) -> None:
    stock.run("sh", "/srv/install.sh")
    stock.until(stock.is_whole, "every process")


def run(release: str, folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The script, on a system that says this of itself."""
    told = folder / "os-release"
    told.write_text(release, encoding="utf-8")
    script = folder / "install.sh"
    script.write_text(SCRIPT.read_text(encoding="utf-8").replace("/etc/os-release", str(told)), encoding="utf-8")
    return subprocess.run(
        ["sh", str(script), "--dry-run", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment},
    )


BOOKWORM = 'PRETTY_NAME="Debian 12"\nVERSION_CODENAME=bookworm\n'


@pytest.mark.parametrize(
    ("release", "arguments", "code", "sentence"),
    [
        ('PRETTY_NAME="Ubuntu 22.04"\nVERSION_CODENAME=jammy\n', (), 69, "Python 3.10"),
        ('PRETTY_NAME="Fedora"\n', (), 69, "Fedora"),
        (BOOKWORM, (), 66, "--packages"),
        (BOOKWORM, ("--packages", "/nowhere"), 66, "/nowhere"),
        (BOOKWORM, ("--packages",), 64, "--packages"),
        (BOOKWORM, ("--fast",), 64, "--fast"),
    ],
)
def test_what_it_cannot_do_it_says_in_a_sentence(
    release: str, arguments: tuple[str, ...], code: int, sentence: str, tmp_path: Path
) -> None:
    done = run(release, tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_it_speaks_russian(tmp_path: Path) -> None:
    done = run(BOOKWORM, tmp_path, "--fast", LANG="ru_RU.UTF-8")
    assert "нет такого ключа: --fast" in done.stderr
