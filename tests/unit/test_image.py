"""deploy/image/build: what it refuses, what it tells pi-gen (here a stand-in), and how it goes on."""

import dataclasses
import fcntl
import hashlib
import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from world import pi_gen

ROOT = Path(__file__).parents[2]
IMAGE = ROOT / "deploy/image"
KIT = "vybor_1+deb13_arm64.deb"
MODEL = "vybor-factory-model_1_all.deb"
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBb0wner somebody's key\n"
pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")


def module(name: str) -> ModuleType:
    sys.path.insert(0, str(IMAGE))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(IMAGE))


def package(folder: Path, called: str, architecture: str = "") -> None:
    name, version, rest = called.split("_")
    tree = folder / "tree"
    (tree / "DEBIAN").mkdir(parents=True, exist_ok=True)
    says = architecture or rest.removesuffix(".deb")
    told = (
        f"Package: {name}\nVersion: {version}\nArchitecture: {says}\nMaintainer: x <x@localhost>\nDescription: x\n"
    )
    (tree / "DEBIAN/control").write_text(told, encoding="utf-8")
    command = ["dpkg-deb", "--root-owner-group", "-b", str(tree), str(folder / called)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)


class Scene:
    """An owner's folders, and a machine that lacks nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pi_gen = pi_gen.checkout(folder / "pi-gen", module("needs").SUITES["trixie"][0])
        self.packages, self.out = folder / "dist", folder / "image"
        self.packages.mkdir()
        for called in (KIT, MODEL):
            package(self.packages, called)
        self.machine = module("needs").Machine(
            architecture="aarch64", runs_arm64=True, is_root=True, programs="/usr/bin:/bin", free_gb=50.0
        )

    def run(self, *arguments: str) -> int:
        places = ("--pi-gen", str(self.pi_gen), "--packages", str(self.packages), "--out", str(self.out))
        return int(module("making").main([*places, *arguments], self.machine))

    @property
    def work(self) -> Path:
        (found,) = self.out.glob("work-*")
        return found

    def ran(self) -> list[str]:
        """The stages that were made since the last call."""
        told = (self.work / "ran").read_text(encoding="utf-8").split()
        (self.work / "ran").unlink()
        return told


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_the_help_says_that_pi_gen_is_the_owner_s_and_that_no_pi_has_seen_it() -> None:
    done = subprocess.run([str(IMAGE / "build"), "--help"], capture_output=True, text=True, check=True)
    for what in (
        "--pi-gen DIR",
        "--packages DIR",
        "not brought along",
        "Never tried on a Pi",
        "sudo deploy/image",
    ):
        assert what in done.stdout


# --- what is refused ------------------------------------------------------------------------------------------


def without(name: str) -> Callable[[Scene], None]:
    return lambda scene: (scene.packages / name).unlink()


def other_machine(scene: Scene) -> None:
    without(KIT)(scene)
    package(scene.packages, "vybor_1+deb13_amd64.deb")


def other_inside(scene: Scene) -> None:
    package(scene.packages, KIT, architecture="amd64")


def damaged(scene: Scene) -> None:
    (scene.packages / MODEL).write_bytes(b"!<arch>\n")


def other_version(scene: Scene) -> None:
    (scene.pi_gen / "new").touch()
    pi_gen.git(scene.pi_gen, "add", ".")
    pi_gen.git(scene.pi_gen, "commit", "-q", "-m", "later")


def no_checkout(scene: Scene) -> None:
    shutil.rmtree(scene.pi_gen)


def lacks_programs(scene: Scene) -> None:
    (scene.pi_gen / "depends").write_text("bash\nqemu-arm-nowhere:qemu-user\nnowhere\n")


def machine_with(**facts: object) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.machine = dataclasses.replace(scene.machine, **facts)

    return change


def spaces(scene: Scene) -> None:
    scene.out = scene.folder / "my image"


def nothing(scene: Scene) -> None:
    del scene


@pytest.mark.parametrize(
    ("change", "arguments", "code", "says"),
    [
        (no_checkout, (), 66, ("there is no pi-gen in", "git clone --branch 2026-06-18-raspios-trixie-arm64")),
        (other_version, (), 69, ("is not at 2026-06-18-raspios-trixie-arm64", "git clone --branch")),
        (nothing, ("--suite", "bookworm"), 69, ("is not at 2026-06-18-raspios-bookworm-arm64",)),
        (without(KIT), (), 66, ("vybor_*+deb13_arm64.deb", "deploy/package --suite trixie --architecture arm64")),
        (without(MODEL), (), 66, ("vybor-factory-model_*_all.deb", "deploy/package")),
        (other_machine, (), 66, ("only vybor_1+deb13_amd64.deb", "deploy/package")),
        (other_inside, (), 66, (KIT, "is for amd64", "deploy/package")),
        (damaged, (), 66, (MODEL, "is damaged", "deploy/package")),
        (machine_with(is_root=False), (), 77, ("root", "sudo")),
        (lacks_programs, (), 69, ("sudo apt install nowhere qemu-user",)),
        (
            machine_with(runs_arm64=False, architecture="x86_64"),
            (),
            69,
            ("x86_64", "apt install qemu-user-static"),
        ),
        (machine_with(free_gb=7.4), (), 75, ("room for 7 GB of 20", "--out")),
        (spaces, (), 64, ("my image", "without spaces")),
        (nothing, ("--hostname", "Kit 2"), 64, ("'Kit 2'", "kit-2")),
        (nothing, ("--hostname", "root"), 64, ("'root'",)),
        (nothing, ("--ssh-key", "/nowhere.pub"), 66, ("/nowhere.pub cannot be read", "id_ed25519.pub")),
    ],
)
def test_what_it_cannot_do_it_says_in_a_sentence_and_makes_nothing(
    change: Callable[[Scene], None],
    arguments: tuple[str, ...],
    code: int,
    says: tuple[str, ...],
    scene: Scene,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(scene)
    assert scene.run(*arguments) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    for piece in says:
        assert piece in told.err
    assert not scene.out.exists()


def test_without_a_checkout_it_says_how_to_come_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert module("making").main([]) == 64
    assert "--pi-gen: git clone --branch 2026-06-18-raspios-trixie-arm64 https://" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "private half"),
        (PUBLIC + PUBLIC, "no public SSH key"),
        ("ssh-dss AAAA\n", "no public SSH key"),
        ("", "no public SSH key"),
    ],
)
def test_a_key_that_is_not_a_public_one_is_refused(
    text: str, says: str, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    key = scene.folder / "id"
    key.write_text(text, encoding="utf-8")
    assert scene.run("--ssh-key", str(key)) == 64
    told = capsys.readouterr().err
    assert says in told
    assert len(told.splitlines()) == 1


# --- what is made ---------------------------------------------------------------------------------------------


def test_a_dry_run_looks_and_makes_nothing(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert scene.run("--dry-run") == 0
    assert f"would make {scene.out}/vybor-trixie-arm64.img" in capsys.readouterr().err
    assert not scene.out.exists()


def test_an_image_is_made_named_and_summed(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    package(scene.packages, "vybor_0.9+deb13_arm64.deb")
    assert scene.run("--language", "ru") == 0
    image = scene.out / "vybor-trixie-arm64.img"
    assert image.read_text(encoding="utf-8") == "trixie with ru_RU.UTF-8\n"
    sha256 = hashlib.sha256(image.read_bytes()).hexdigest()
    told = capsys.readouterr()
    for piece in (str(image), sha256, "Raspberry Pi Imager"):
        assert piece in told.out
    assert "4 of 5  stage-vybor\n" in told.err
    check = ["sha256sum", "--check", "--quiet", f"{image.name}.sha256"]
    subprocess.run(check, cwd=scene.out, check=True)
    (entry,) = json.loads(image.with_suffix(".rpi-imager-manifest").read_text(encoding="utf-8"))["os_list"]
    assert entry["url"] == image.as_uri()
    assert (entry["extract_size"], entry["extract_sha256"]) == (image.stat().st_size, sha256)
    assert entry["init_format"] == "cloudinit-rpi"
    laid = scene.work / "recipe/stage-vybor/00-kit/files"
    assert {file.name for file in laid.iterdir()} == {KIT, MODEL}  # the newest of each


def test_the_checkout_stays_as_it_is_and_the_stock_image_is_not_exported(scene: Scene) -> None:
    assert scene.run() == 0
    assert pi_gen.git(scene.pi_gen, "status", "--porcelain") == ""
    recipe = scene.work / "recipe"
    assert not (recipe / "stage2/EXPORT_IMAGE").exists()
    assert not (recipe / "export-image/01-user-rename/01-run.sh").exists()  # no wizard over the wearer's screen
    assert (recipe / "export-image/01-user-rename/00-packages").exists()  # but what Imager's wishes come true by
    assert (recipe / "export-image/04-vybor/00-run.sh").exists()


def test_what_was_made_is_passed_over_and_what_was_not_begins_anew(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    (scene.folder / "fails-at").write_text("stage2")
    assert scene.run() == 69
    told = capsys.readouterr().err.splitlines()[-1]
    assert "ended with 100 at stage2/00-part" in told
    assert "E: no network" in (scene.work / "said.log").read_text(encoding="utf-8")
    assert scene.ran() == ["stage0", "stage1", "stage2"]
    (scene.folder / "fails-at").unlink()
    assert scene.run() == 0
    assert scene.ran() == ["stage2", "stage-vybor", "export-image"]
    assert "2 of 5  stage1, made before\n" in capsys.readouterr().err
    assert scene.run() == 0  # a newer kit is laid on the same system
    assert scene.ran() == ["stage-vybor", "export-image"]


def test_a_stage_is_made_only_as_far_as_all_before_it_are() -> None:
    stages = [Path("/x/stage0"), Path("/x/stage1"), Path("/x/stage2")]
    log = "[12:00:00] End /x/stage0\n[12:00:00] End /x/stage1/00-part\n[12:00:00] End /x/stage2\n"
    assert module("needs").finished(log, stages) == stages[:1]


def test_another_wish_is_another_system(scene: Scene) -> None:
    assert scene.run() == 0
    assert scene.run("--hostname", "kit-2") == 0
    assert len(list(scene.out.glob("work-*"))) == 2


def test_what_was_made_before_needs_no_room_a_second_time(scene: Scene) -> None:
    assert scene.run() == 0
    with (scene.work / "rootfs").open("wb") as made:
        made.write(bytes(2_000_000))
    scene.machine = dataclasses.replace(scene.machine, free_gb=module("needs").NEEDED_GB - 0.001)
    assert scene.run() == 0
    assert scene.run("--hostname", "kit-2") == 75


def test_one_at_a_time(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert scene.run() == 0
    with (scene.work / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        capsys.readouterr()
        assert scene.run() == 75
    assert "an image is being made" in capsys.readouterr().err


def test_who_stops_it_hears_how_to_go_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stops(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module("making"), "follow", stops)
    assert scene.run() == 130
    assert capsys.readouterr().err.splitlines()[-1] == "image: stopped; call this again, and it goes on"


def settings(scene: Scene, name: str) -> str:
    """What a shell reads, as pi-gen's does."""
    command = ["bash", "-euc", f'source "$1"; printf %s "${{{name}-unset}}"', "-", str(scene.work / "settings")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_key_comes_in_without_any_password(scene: Scene) -> None:
    key = scene.folder / "id.pub"
    key.write_text(PUBLIC, encoding="utf-8")
    assert scene.run("--ssh-key", str(key), "--user", "anna") == 0
    assert settings(scene, "PUBKEY_SSH_FIRST_USER") == PUBLIC.strip()
    assert [settings(scene, name) for name in ("PUBKEY_ONLY_SSH", "ENABLE_SSH", "PASSWORDLESS_SUDO")] == ["1"] * 3
    assert settings(scene, "FIRST_USER_NAME") == "anna"
    assert settings(scene, "FIRST_USER_PASS") == "unset"


def test_the_image_says_who_made_it_of_what(scene: Scene) -> None:
    assert scene.run() == 0
    assert settings(scene, "PI_GEN_RELEASE") == "Vybor"
    assert settings(scene, "GIT_HASH") == pi_gen.git(scene.pi_gen, "rev-parse", "HEAD").strip()


def test_without_a_key_nobody_is_let_in_by_the_image_itself(scene: Scene) -> None:
    assert scene.run() == 0
    for name in ("FIRST_USER_NAME", "FIRST_USER_PASS", "ENABLE_SSH", "WPA_COUNTRY"):
        assert settings(scene, name) == "unset"
