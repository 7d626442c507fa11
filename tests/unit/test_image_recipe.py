"""The recipe of deploy/image: whole, without a secret; and `look`, which lets no kit's own into an image."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
IMAGE = ROOT / "deploy/image"
KIT = IMAGE / "stage-vybor/00-kit"
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBb0wner somebody's key\n"
SCRIPTS = sorted(file for file in IMAGE.rglob("*") if file.suffix == ".sh" or file.name in ("build", "look"))


def module(name: str) -> ModuleType:
    sys.path.insert(0, str(IMAGE))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(IMAGE))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(IMAGE)))
def test_a_script_of_the_recipe_parses_and_can_be_run(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert script.stat().st_mode & 0o111


def programs(folder: Path, **does: str) -> dict[str, str]:
    """An environment in which these programs are found first."""
    for name, lines in does.items():
        (folder / name.replace("_", ".")).write_text(f"#!/bin/bash\n{lines}\n", encoding="utf-8")
        (folder / name.replace("_", ".")).chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


TOO_OLD, NEW = "exit 1", '[ "$1" = -c ] || echo "made by ${0##*/}"'


@pytest.mark.parametrize(
    ("newer", "code", "says"),
    [(NEW, 0, "made by python3.12"), (TOO_OLD, 69, "image: Python 3.11 or newer is needed, and none was found")],
)
def test_a_python_that_would_fail_in_the_last_minute_makes_no_image(
    newer: str, code: int, says: str, tmp_path: Path
) -> None:
    found = programs(tmp_path, python3=TOO_OLD, python3_11=TOO_OLD, python3_12=newer, python3_13=TOO_OLD)
    done = subprocess.run([str(IMAGE / "build")], capture_output=True, text=True, check=False, env=found)
    assert (done.returncode, done.stdout + done.stderr) == (code, f"{says}\n")


def test_the_recipe_is_whole() -> None:
    there = {str(script.relative_to(IMAGE)) for script in SCRIPTS}
    kit = str(KIT.relative_to(IMAGE))
    last = "export/04-vybor/00-run.sh"
    assert there == {"build", "stage-vybor/prerun.sh", f"{kit}/01-run.sh", f"{kit}/look", last}
    for script in (KIT / "01-run.sh", IMAGE / last):  # both look the system over, and end with what that says
        assert re.search(r'^\S*/look"? "\$\{ROOTFS_DIR\}"$', script.read_text(encoding="utf-8").splitlines()[-1])


STAGE = """\
copy_previous() { mkdir "$ROOTFS_DIR"; echo copied; }
on_chroot() { cat; }
export -f copy_previous on_chroot
exec "$1"
"""
"""What pi-gen has for a stage."""


def test_a_system_that_was_made_long_ago_gets_new_lists_before_anything_is_installed(tmp_path: Path) -> None:
    command = ["bash", "-euc", STAGE, "-", str(IMAGE / "stage-vybor/prerun.sh")]
    where = {"PATH": "/usr/bin:/bin", "ROOTFS_DIR": str(tmp_path / "rootfs")}
    told = [subprocess.run(command, capture_output=True, text=True, check=True, env=where).stdout for _ in "ab"]
    assert told == ["copied\napt-get update\n", "apt-get update\n"]


def test_an_image_has_the_packages_that_the_installer_puts_on_a_pi() -> None:
    installer = (ROOT / "deploy/install.sh").read_text(encoding="utf-8")
    (on_a_pi,) = re.findall(r"apt_get install -y --no-install-recommends ([a-z][a-z -]+) \|\|", installer)
    listed = (KIT / "00-packages-nr").read_text(encoding="utf-8")
    assert [line for line in listed.splitlines() if not line.startswith("#")] == on_a_pi.split()


def test_what_it_expects_to_be_enabled_is_the_unit_of_ours_that_can_be() -> None:
    look = (KIT / "look").read_text(encoding="utf-8")
    (unit,) = re.findall(r"multi-user\.target\.wants/(\S+) \]", look)
    assert "WantedBy=multi-user.target" in (ROOT / "systemd" / unit).read_text(encoding="utf-8")


def test_no_secret_is_among_the_files_of_the_recipe() -> None:
    for file in IMAGE.rglob("*"):
        if file.is_file() and file.suffix != ".pyc":
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"[A-Za-z0-9+/]{64}|\$[156y]\$|psk=|FIRST_USER_PASS", text), file


def test_the_commands_of_the_page_are_understood() -> None:
    page = (ROOT / "deploy/docs/hardware.md").read_text(encoding="utf-8")
    shown = re.findall(r"^    (?:sudo )?deploy/image/build (.*?)(?:  #.*)?$", page, flags=re.MULTILINE)
    assert shown
    for line in shown:
        assert module("making").grammar().parse_args(line.split()).pi_gen
    for suite in ("trixie", "bookworm"):
        assert module("needs").SUITES[suite][0] in page
    assert f"    {module('needs').clone('trixie')}\n" in page
    assert module("needs").clone("trixie") in module("making").HELP


# --- what an image must not have ------------------------------------------------------------------------------


def look(root: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(KIT / "look"), str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """As much of a system as is looked at."""
    for folder in ("etc/ssh", "etc/vybor", "etc/systemd/system/multi-user.target.wants", "home/owner/.ssh"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("var/lib/vybor/outbox", "root", "srv", "etc/NetworkManager/system-connections"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/systemd/system/multi-user.target.wants/vybor.target").symlink_to("/lib/systemd/vybor.target")
    (tmp_path / "etc/systemd/system/userconfig.service").symlink_to("/dev/null")
    (tmp_path / "etc/machine-id").write_text("uninitialized\n")
    (tmp_path / "etc/shadow").write_text("root:*:1::::::\nowner:!:1::::::\nsync:!*:1::::::\n")
    (tmp_path / "etc/vybor/vybor.toml").write_text('language = "ru"\n')
    (tmp_path / "home/owner/.ssh/authorized_keys").write_text(PUBLIC)
    return tmp_path


def test_a_system_that_is_nobody_s_yet_may_become_an_image(system: Path) -> None:
    done = look(system)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("etc/ssh/ssh_host_ed25519_key", "x", "is a key of one machine"),
        ("etc/machine-id", "0123456789abcdef0123456789abcdef\n", "is that of one machine"),
        ("var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n", "is that of one machine"),
        ("var/lib/systemd/credential.secret", "x", "is a secret of one machine"),
        ("var/lib/systemd/random-seed", "x", "is a secret of one machine"),
        ("etc/credstore.encrypted/vybor.key", "x", "is a secret of one machine"),
        ("var/lib/vybor/panel/page.pem", "x", "keys, certificates and texts lie there"),
        ("var/lib/vybor/journal/journal.sqlite", "x", "keys, certificates and texts lie there"),
        ("etc/vybor/other", "x", "is no setting"),
        ("root/.ssh/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n", "is a private key"),
        ("etc/ssl/private/x.pem", "-----BEGIN PRIVATE KEY-----\n", "is a private key"),
        ("etc/NetworkManager/system-connections/home.nmconnection", "x", "is a network of somebody"),
        ("boot/firmware/cmdline.txt.vybor-1", "root=ROOTDEV\n", "an undo would take a kit back to it"),
        ("etc/systemd/system.conf.d/70-vybor.conf.vybor-1.absent", "", "an undo would take a kit back to it"),
        ("srv/vybor-packages/x.deb", "x", "was forgotten"),
    ],
)
def test_what_belongs_to_one_kit_is_found(file: str, text: str, says: str, system: Path) -> None:
    (system / file).parent.mkdir(parents=True, exist_ok=True)
    (system / file).write_text(text)
    done = look(system)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert says in line


@pytest.mark.parametrize("field", ["$y$j9T$abc", "", "x"])
def test_a_password_or_none_is_found(field: str, system: Path) -> None:
    (system / "etc/shadow").write_text(f"root:*:1::::::\nanna:{field}:1::::::\n")
    done = look(system)
    assert (done.returncode, done.stderr) == (1, "look: anna has a password, or needs none\n")


SYSTEM = "etc/systemd/system"


@pytest.mark.parametrize(
    "file",
    ["etc/shadow", f"{SYSTEM}/multi-user.target.wants/vybor.target", f"{SYSTEM}/userconfig.service"],
)
def test_what_must_be_there_is_missed(file: str, system: Path) -> None:
    (system / file).unlink()
    assert look(system).returncode == 1
