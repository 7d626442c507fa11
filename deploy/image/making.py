"""Makes an image of Raspberry Pi OS Lite with the kit on it: `deploy/image/build` calls this.

pi-gen, which makes Raspberry Pi OS itself, is the owner's own checkout. Its stages are copied into the work folder
and ours is put behind them; the checkout stays as it is. A stage that came to its end is not made again.
"""

import argparse
import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import needs

HERE = Path(__file__).resolve().parent
STOCK = ("stage0", "stage1", "stage2")
"""Of pi-gen: together they are Raspberry Pi OS Lite."""
OURS = "stage-vybor"
LOCALES = {"en": "en_GB.UTF-8", "ru": "ru_RU.UTF-8"}
STARTED = re.compile(r"\] Begin (\S+)$")
HELP = """\
pi-gen, which makes Raspberry Pi OS, is not brought along: name your own checkout of it, at the version that this
asks for. It fetches packages of Debian and Raspberry Pi; no source is built. In the image there is no password, no
key of the kit and no network: each card makes its keys when it first starts. Never tried on a Pi.

Needs root, some 20 GB and an hour or more; called again after something stopped it, it goes on.

example:
  git clone --branch 2026-06-18-raspios-trixie-arm64 https://github.com/RPi-Distro/pi-gen
  deploy/package --suite trixie --architecture arm64 --out dist
  sudo deploy/image/build --pi-gen pi-gen --packages dist --out image
"""


def say(text: str) -> None:
    """Progress, for whoever waits."""
    print(f"image: {text}", file=sys.stderr, flush=True)


def grammar() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="deploy/image/build",
        description="An image of Raspberry Pi OS Lite with the kit on it, for a Raspberry Pi 5.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--pi-gen", type=Path, metavar="DIR", help="your checkout of pi-gen")
    add("--suite", choices=sorted(needs.SUITES), default="trixie", help="the system (trixie)")
    add("--packages", type=Path, default="dist", metavar="DIR", help="what deploy/package made (dist)")
    add("--out", type=Path, default="image", metavar="DIR", help="where to (image)")
    add("--language", choices=sorted(LOCALES), default="en", help="of the system and the kit (en)")
    add("--hostname", default="vybor", metavar="NAME", help="of the machine (vybor)")
    add("--ssh-key", type=Path, metavar="FILE", help="a public key that may come in; else the card's writer asks")
    add("--user", default="owner", metavar="NAME", help="whose key that is (owner)")
    add("--dry-run", action="store_true", help="look at what is needed, and make nothing")
    return parser


def here() -> needs.Machine:
    """The machine at hand."""
    arm = platform.machine() in ("aarch64", "arm64")
    return needs.Machine(
        architecture=platform.machine(),
        runs_arm64=arm or Path("/proc/sys/fs/binfmt_misc/qemu-aarch64").exists(),
        is_root=os.geteuid() == 0,
        programs=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin",
    )


def free_gb(folder: Path) -> float:
    """How much room there is for a folder, which need not be there yet."""
    there = next(above for above in (folder, *folder.parents) if above.exists())
    return shutil.disk_usage(there).free / 1e9


def taken_gb(work: Path) -> float:
    """How much room an earlier call has taken, which this one needs no more."""
    # Of one disk: what pi-gen mounts there, a build that was killed leaves mounted.
    command = ["du", "--summarize", "--one-file-system", "--block-size=1", str(work)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return int(told.split()[0]) / 1e9 if told else 0.0


def wishes(parsed: argparse.Namespace) -> dict[str, str]:
    """What pi-gen is told of the system, without places: the same wishes go on in the same work folder."""
    asked = {
        "PI_GEN_RELEASE": "Vybor",  # else its own note in the image says that the maker released it
        "IMG_NAME": f"vybor-{parsed.suite}",
        "RELEASE": parsed.suite,
        "IMG_FILENAME": f"vybor-{parsed.suite}-{needs.ARCHITECTURE}",
        "DEPLOY_COMPRESSION": "none",
        "TARGET_HOSTNAME": needs.name("machine", parsed.hostname),
        "LOCALE_DEFAULT": LOCALES[parsed.language],
        "KEYBOARD_KEYMAP": "us",
        "KEYBOARD_LAYOUT": "English (US)",
        "TIMEZONE_DEFAULT": "Etc/UTC",
    }
    if key := needs.public_key(parsed.ssh_key):
        # No password anywhere: the key lets in, and sudo asks for none, as on the maker's own system.
        asked |= {
            "FIRST_USER_NAME": needs.name("user", parsed.user),
            "ENABLE_SSH": "1",
            "PUBKEY_ONLY_SSH": "1",
            "PUBKEY_SSH_FIRST_USER": key,
            "PASSWORDLESS_SUDO": "1",
        }
    return asked


@contextlib.contextmanager
def alone(work: Path) -> Iterator[None]:
    """Nobody else works in this folder."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise needs.Refused(needs.TRY_LATER, f"an image is being made in {work}: wait for its end") from None
        yield


def lay_out(pi_gen: Path, packages: Sequence[Path], work: Path) -> list[Path]:
    """Copy pi-gen's stages and ours into the work folder, anew each time; the last that is returned exports."""
    recipe = work / "recipe"  # not `work` itself, where pi-gen has a folder of the same name for each stage
    shutil.rmtree(recipe, ignore_errors=True)
    stages = [recipe / name for name in (*STOCK, OURS)]
    for stage in stages:
        shutil.copytree((HERE if stage.name == OURS else pi_gen) / stage.name, stage, symlinks=True)
    (recipe / "stage2/EXPORT_IMAGE").unlink()  # of the system without the kit no image is wanted
    files = recipe / OURS / "00-kit/files"
    files.mkdir()
    for package in packages:
        shutil.copyfile(package, files / package.name)
    export = recipe / "export-image"
    shutil.copytree(pi_gen / "export-image", export, symlinks=True)
    shutil.copytree(HERE / "export", export, dirs_exist_ok=True)
    # It sets up a wizard that asks for a user on a console, over the wearer's screen. The package beside it stays:
    # by that Raspberry Pi Imager's wishes come true.
    (export / "01-user-rename/01-run.sh").unlink()
    return [*stages, export]


def go_on(steps: Sequence[Path], work: Path) -> None:
    """Mark what was made before, so that pi-gen passes over it; the kit is always laid anew."""
    log = work / "build.log"
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    for stage in needs.finished(said, steps[: len(STOCK)]):
        (stage / "SKIP").touch()


def progress(begun: Path, at: str, steps: Sequence[Path]) -> str:
    """One line for what has just begun: a step with its number, or a part of one."""
    if begun not in steps:
        return f"        {at}"
    made = ", made before" if (begun / "SKIP").exists() else ""
    return f"{steps.index(begun) + 1} of {len(steps)}  {at}{made}"


def follow(command: Sequence[str], work: Path, steps: Sequence[Path]) -> None:
    """Run pi-gen, keep all that it says, and say which part it is at."""
    at = "its beginning"
    with (
        (work / "said.log").open("ab") as log,
        subprocess.Popen(
            command, cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as child,
    ):
        assert child.stdout is not None
        for line in child.stdout:
            log.write(line)
            log.flush()
            found = STARTED.search(line.decode(errors="replace").rstrip())
            if found and Path(found[1]).is_relative_to(work / "recipe"):
                at = str(Path(found[1]).relative_to(work / "recipe"))
                say(progress(Path(found[1]), at, steps))
    if child.returncode:
        raise needs.Refused(
            needs.UNAVAILABLE,
            f"pi-gen ended with {child.returncode} at {at}: see the end of {work}/said.log, and call this again",
        )


def sum_of(file: Path) -> str:
    """SHA-256 of a large file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def manifest(image: Path, suite: str, sha256: str) -> str:
    """What Raspberry Pi Imager 2 wants to be told of an image before it sets user, key and network in it."""
    facts = image.stat()
    entry = {
        "name": f"Vybor ({suite})",
        "description": "Raspberry Pi OS Lite with the writing kit",
        "icon": "",
        "url": image.as_uri(),
        "extract_size": facts.st_size,
        "extract_sha256": sha256,
        "image_download_size": facts.st_size,
        "release_date": datetime.datetime.fromtimestamp(facts.st_mtime, datetime.UTC).date().isoformat(),
        "init_format": needs.SUITES[suite][2],
        "devices": ["pi5-64bit"],
    }
    board = {"name": "Raspberry Pi 5", "description": "", "icon": "", "tags": ["pi5-64bit"], "default": True}
    return json.dumps({"imager": {"devices": [board]}, "os_list": [entry]}, indent=2) + "\n"


def hand_over(made: Path, out: Path, suite: str, *, has_key: bool) -> None:
    """Put the image where it was asked for, with its sum and its manifest, and say how a card is written."""
    image = out / made.name
    made.replace(image)
    sha256 = sum_of(image)
    image.with_suffix(".img.sha256").write_text(f"{sha256}  {image.name}\n", encoding="utf-8")
    told = image.with_suffix(".rpi-imager-manifest")
    told.write_text(manifest(image, suite, sha256), encoding="utf-8")
    print(f"{image}\n{image.stat().st_size / 1e9:.1f} GB, sha256 {sha256}")
    print(f"Onto a card: open {told} with Raspberry Pi Imager 2, which asks for user, key and Wi-Fi")
    if has_key:
        print(f"or, if a cable is the network, without asking: sudo rpi-imager --cli {image} /dev/sdX")


def make(parsed: argparse.Namespace, machine: needs.Machine) -> None:
    """Look at all that is needed, then make the image; raises Refused."""
    asked = wishes(parsed)
    if parsed.pi_gen is None:
        raise needs.Refused(needs.USAGE, f"name a checkout of pi-gen with --pi-gen: {needs.clone(parsed.suite)}")
    out, pi_gen = needs.plain(parsed.out), needs.plain(parsed.pi_gen)
    commit = needs.checkout(pi_gen, parsed.suite)
    packages = needs.packages(parsed.packages, parsed.suite)
    mark = hashlib.sha256(repr((commit, sorted(asked.items()))).encode()).hexdigest()[:8]
    work = out / f"work-{parsed.suite}-{mark}"
    free = free_gb(out) if machine.free_gb is None else machine.free_gb
    needs.machine(machine, pi_gen, free + taken_gb(work), out)
    what = f"Raspberry Pi OS {parsed.suite} by pi-gen {commit[:8]}, {', '.join(each.name for each in packages)}"
    if parsed.dry_run:
        say(f"would make {out}/{asked['IMG_FILENAME']}.img: {what}; nothing was done")
        return
    say(what)
    with alone(work):
        steps = lay_out(pi_gen, packages, work)
        go_on(steps, work)
        places = {
            "GIT_HASH": commit,  # pi-gen asks git itself, but of the folder it is called in
            "WORK_DIR": str(work),
            "DEPLOY_DIR": str(work / "deploy"),
            "STAGE_LIST": " ".join(map(str, steps[:-1])),
            "EXPORT_CONFIG_DIR": str(steps[-1]),
            "CLEAN": "1",  # a stage that came to no end begins anew
        }
        (work / "settings").write_text(needs.quoted({**asked, **places}), encoding="utf-8")
        follow([str(pi_gen / "build.sh"), "-c", str(work / "settings")], work, steps)
        made = work / f"deploy/{asked['IMG_FILENAME']}.img"
        hand_over(made, out, parsed.suite, has_key=parsed.ssh_key is not None)
    say(f"the next one goes on from {work}; delete it when you like")


def main(arguments: Sequence[str] | None = None, machine: needs.Machine | None = None) -> int:
    """The command; an exit code."""
    try:
        make(grammar().parse_args(arguments), machine or here())
    except needs.Refused as refused:
        say(str(refused))
        return refused.code
    except KeyboardInterrupt:
        say("stopped; call this again, and it goes on")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
