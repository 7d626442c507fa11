"""deploy/install.sh: what it refuses, what it compares, and that a terminal that hangs up does not stop it."""

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy/install.sh"
pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")


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
        (BOOKWORM, ("--packages", "gone"), 66, "gone"),
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


DPKG = """\
case "$1" in
  --print-architecture) echo amd64 ;;
  --configure) echo "dpkg $*" ;;
  *) exec /usr/bin/dpkg "$@" ;;
esac"""


class Scene:
    """A system of programs that only say what they were asked, and the script with packages beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "install.log"
        self.sums = folder / "info"
        self.sums.mkdir()
        (folder / "os-release").write_text(BOOKWORM, encoding="utf-8")
        text = SCRIPT.read_text(encoding="utf-8")
        for theirs, ours in (
            ("/etc/os-release", folder / "os-release"),
            ("/var/log/vybor-install.log", self.log),
            ("/var/lib/dpkg/info", self.sums),
            ("/proc/device-tree/model", folder / "model"),
        ):
            assert theirs in text
            text = text.replace(theirs, str(ours))
        (folder / "install.sh").write_text(text, encoding="utf-8")
        for name, says in {
            "apt-get": 'echo "apt-get $*"',
            "dpkg-query": "exit 1",
            "dpkg": DPKG,
            "df": "printf 'head\\n/dev/x 9 9 9999 1%% /\\n'",
            "id": "echo 0",
            "systemctl": "true",
            "vybor": 'echo "vybor $*"',
        }.items():
            self.program(name, says)
        for name, version in (("vybor", "1+deb12"), ("vybor-factory-model", "1")):
            self.package(name, version)

    def program(self, name: str, does: str) -> None:
        place = self.folder / "bin" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        place.chmod(0o755)

    def package(self, name: str, version: str) -> None:
        tree = self.folder / "tree"
        (tree / "DEBIAN").mkdir(parents=True, exist_ok=True)
        told = f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@localhost>\n"
        (tree / "DEBIAN/control").write_text(f"{told}Description: x\n", encoding="utf-8")
        (tree / "DEBIAN/md5sums").write_text("0  usr/x\n", encoding="utf-8")
        suffix = "amd64" if name == "vybor" else "all"
        subprocess.run(
            ["dpkg-deb", "-b", str(tree), str(self.folder / f"{name}_{version}_{suffix}.deb")],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.folder / 'bin'}:/usr/sbin:/usr/bin:/sbin:/bin"}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = ["sh", str(self.folder / "install.sh"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_dry_run_lists_what_a_pi_gets(scene: Scene) -> None:
    (scene.folder / "model").write_text("Raspberry Pi 5 Model B Rev 1.0\0", encoding="utf-8")
    told = scene.run("--dry-run").stdout
    for what in ("rpicam-apps-lite", "bluez", "boot files", "vybor.target", "Nothing was done."):
        assert what in told
    assert "boot files" not in scene.run("--dry-run", "--keep-firmware").stdout
    assert not scene.log.exists()


@pytest.mark.parametrize(
    ("installed", "sums", "says", "asks_apt"),
    [
        ("0.9", "0  usr/x", "", "install -y --no-install-recommends /"),
        ("1", "0  usr/x", "is here already", "install -y --no-install-recommends /"),
        ("1", "1  usr/x", "with other files", "install -y --no-install-recommends --reinstall /"),
        ("2", "0  usr/x", "in a newer version", ""),
    ],
)
def test_what_is_there_already_is_compared(
    scene: Scene, installed: str, sums: str, says: str, asks_apt: str
) -> None:
    suffixed = f'case "$4" in vybor) echo "installed {installed}+deb12" ;; *) echo "installed {installed}" ;; esac'
    scene.program("dpkg-query", suffixed)
    for name in ("vybor", "vybor-factory-model"):
        (scene.sums / f"{name}.md5sums").write_text(f"{sums}\n", encoding="utf-8")
    done = scene.run()
    assert says in done.stdout + done.stderr
    assert done.returncode == (0 if asks_apt else 69)
    assert asks_apt in (scene.log.read_text(encoding="utf-8") if asks_apt else "")


def test_a_package_that_cannot_be_read_is_named_before_anything_is_done(scene: Scene) -> None:
    (scene.folder / "vybor-factory-model_1_all.deb").write_bytes(b"!<arch>\n")
    done = scene.run()
    assert done.returncode == 65
    assert done.stderr == (
        "install.sh: vybor-factory-model_1_all.deb is damaged; copy it again from where it was made\n"
    )
    assert not scene.log.exists()


SHORT = "printf 'head\\n/dev/x 9 9 1100 1%% /\\n'"


def test_room_is_asked_for_by_what_is_new_alone(scene: Scene) -> None:
    scene.program("df", SHORT)
    done = scene.run()
    assert (done.returncode, done.stderr.count("only 1100 MB are free; Vybor needs 2000 MB")) == (75, 1)
    assert not scene.log.exists()
    scene.program("dpkg-query", 'case "$4" in vybor) echo "installed 1+deb12" ;; *) echo "installed 1" ;; esac')
    for name in ("vybor", "vybor-factory-model"):
        (scene.sums / f"{name}.md5sums").write_text("0  usr/x\n", encoding="utf-8")
    assert scene.run().returncode == 0


def test_where_an_installation_was_cut_off_nobody_is_sent_away_for_the_room_that_it_took(scene: Scene) -> None:
    scene.program("df", SHORT)
    scene.program("dpkg-query", 'case "${4:-}" in "") echo installed; echo half-installed ;; *) exit 1 ;; esac')
    done = scene.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "--fix-broken install" in scene.log.read_text(encoding="utf-8")


INTERRUPTED = """\
echo "apt-get $*"
[ -e "$0.mended" ] || { echo "E: dpkg was interrupted"; exit 100; }"""


def test_an_installation_that_the_power_cut_off_is_gone_on_with(scene: Scene) -> None:
    """First dpkg is asked, and whatever it cannot configure yet is apt's to bring. Neither asks."""
    scene.program("apt-get", INTERRUPTED)
    scene.program("dpkg", DPKG.replace('echo "dpkg $*"', 'echo "dpkg $*"; touch "${0%/*}/apt-get.mended"; exit 1'))
    done = scene.run()
    assert (done.returncode, done.stderr) == (0, "")
    asked = [
        line
        for line in scene.log.read_text(encoding="utf-8").splitlines()
        if line.startswith(("dpkg ", "apt-get"))
    ]
    patient = "apt-get -o DPkg::Lock::Timeout=300 -o DPkg::Options::=--force-confold"
    assert asked[:2] == ["dpkg --configure -a --force-confold", f"{patient} update"]
    assert asked[2].startswith(f"{patient} --fix-broken install -y --no-install-recommends /")


BUSY = """\
echo "apt-get $*"
case "$*" in *update) ;; *) exit ;; esac
[ -e "$0.asked" ] || { touch "$0.asked"; echo "E: Could not get lock /x/lists/lock"; exit 100; }"""


def test_who_fetches_lists_meanwhile_is_waited_for_and_what_cannot_be_fetched_is_not(scene: Scene) -> None:
    scene.program("sleep", "exec /bin/sleep 0.05")
    scene.program("apt-get", BUSY)
    assert "could not be fetched" not in scene.run().stdout
    asked = scene.log.read_text(encoding="utf-8")
    assert (asked.count(" update\n"), asked.count("lists/lock")) == (2, 1)
    scene.program("apt-get", 'echo "apt-get $*"; case "$*" in *update) exit 100 ;; esac')
    scene.log.unlink()
    assert "could not be fetched" in scene.run().stdout
    assert scene.log.read_text(encoding="utf-8").count(" update\n") == 1


def test_a_terminal_that_hangs_up_in_the_middle_stops_nothing(scene: Scene) -> None:
    """At the kit's own keyboard: the package starts the kit, which takes the console."""
    scene.program("apt-get", 'echo "apt-get $*"; sleep 2')
    child, terminal = pty.fork()
    if child == 0:
        os.execve("/bin/sh", ["sh", str(scene.folder / "install.sh")], scene.environment)
    seen = b""
    while b"2 of 4" not in seen:
        seen += os.read(terminal, 1000)
    os.close(terminal)  # SIGHUP; and from now on every write fails
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    log = scene.log.read_text(encoding="utf-8")
    assert "4 of 4" in log
    assert "vybor doctor" in log
    assert log.splitlines()[-1].startswith("Done.")


def test_a_reader_of_what_it_says_that_is_gone_stops_nothing(scene: Scene) -> None:
    """`ssh kit sudo sh install.sh` whose connection broke off, or `sudo sh install.sh | head`."""
    command = ["sh", str(scene.folder / "install.sh")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=scene.environment) as installing:
        assert installing.stdout
        assert b"Debian 12" in installing.stdout.readline()
        installing.stdout.close()
    assert installing.returncode == 0
    assert scene.log.read_text(encoding="utf-8").splitlines()[-1].startswith("Done.")
