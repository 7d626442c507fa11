"""Builds the Debian packages of the kit: `deploy/package` calls this.

    python deploy/packaging/build.py --suite bookworm --architecture arm64 --share DIR --cache DIR --out DIR

Nothing of the target is run, so ARM64 is built anywhere: wheels are unpacked by pip, for Python and machine of the
target, and held to the hashes of wheels.lock. What is already built is built no second time.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import licences
import sources
from lock import LOCK, target

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SUITES = {"bookworm": ("3.11", "deb12"), "trixie": ("3.13", "deb13")}
ARCHITECTURES = ("amd64", "arm64")
DATA = "vybor-factory-model"
UNNEEDED = (
    *("**/tests", "**/*.dll", "**/*.dylib", "matplotlib/mpl-data/sample_data"),
    *(f"onnxruntime/{part}" for part in ("transformers", "quantization", "tools")),
)
"""Of the wheels' own: tests, libraries for other systems, pictures that nobody draws, and what makes models."""
DOCUMENTS = (
    *("README.md", "NOTICE", "LICENSE", "firmware_config"),
    *("deploy/docs", "deploy/decisions", "deploy/CHANGELOG.md", "deploy/install.sh"),
)
"""Of the checkout, what the package has as documents."""
KEPT = 4
"""Of the libraries and of the packages in the cache: two distributions on two machines."""
LAUNCHER = """\
#!/usr/lib/vybor/bin/python -I
import sys

from vybor.cli import main

sys.exit(main())
"""


def run(command: Sequence[str | Path], **environment: str) -> None:
    """Run a program quietly; what it said is shown if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print("\n".join(done.stdout.splitlines()[-20:]), file=sys.stderr)
        raise SystemExit(f"package: {Path(command[0]).name} failed ({done.returncode})")


def say(text: str) -> None:
    """Progress, for whoever waits."""
    print(f"package: {text}", file=sys.stderr, flush=True)


def forget_old(folders: Iterable[Path]) -> None:
    """Leave the newest few of what can be built again; none is ever there under its name and half removed."""
    for old in sorted(folders, key=lambda folder: folder.stat().st_mtime)[:-KEPT]:
        with tempfile.TemporaryDirectory(dir=old.parent) as scratch:
            old.rename(Path(scratch) / old.name)


def put_in_place(fresh: Path, place: Path) -> None:
    """Give what was built its name, by which it is taken for whole from then on: also after a cut of the power."""
    os.sync()
    fresh.rename(place)


def wheels(python: str, architecture: str, cache: Path) -> Path:
    """A folder with every library of the device, unpacked; from the cache if it was made before."""
    key = hashlib.sha256(LOCK.read_bytes() + repr((python, architecture, UNNEEDED)).encode()).hexdigest()[:12]
    site = cache / f"device-{key}"
    if site.exists():
        return site
    say(f"fetching the libraries for Python {python} on {architecture} (a minute or two)")
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        fresh = Path(scratch) / "site"
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-compile", "--require-hashes"]
        run([*pip, *target(python, architecture), f"--target={fresh}", "-r", LOCK])
        shutil.rmtree(fresh / "bin", ignore_errors=True)
        for pattern in UNNEEDED:
            for found in list(fresh.glob(pattern)):
                shutil.rmtree(found) if found.is_dir() else found.unlink()
        fresh.chmod(0o755)
        put_in_place(fresh, site)
    site.touch()
    forget_old(cache.glob("device-*"))
    return site


def kit(tree: Path, python: str, site: Path) -> None:
    """Lay out the package `vybor`: an environment of its own that sees of the distribution only `systemd`."""
    home = tree / "usr/lib/vybor"
    packages = home / f"lib/python{python}/site-packages"
    packages.parent.mkdir(parents=True)
    shutil.copytree(site, packages, symlinks=True)
    run([sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "-w", tree, ROOT])
    (wheel,) = tree.glob("vybor-*.whl")
    run([sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-compile", "--target", packages, wheel])
    wheel.unlink()
    shutil.rmtree(packages / "bin", ignore_errors=True)
    (home / "bin").mkdir()
    (home / "bin/python").symlink_to(f"/usr/bin/python{python}")
    (home / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {python}\n"
    )
    (home / "distribution").mkdir()
    (home / "distribution/systemd").symlink_to("/usr/lib/python3/dist-packages/systemd")
    (packages / "distribution.pth").write_text("/usr/lib/vybor/distribution\n")
    program(home / "bin/vybor", LAUNCHER)
    program(tree / "usr/bin/vybor", (HERE / "vybor.sh").read_text(encoding="utf-8"))
    units = tree / "lib/systemd/system"
    units.mkdir(parents=True)
    for kind in ("service", "socket", "target"):
        for unit in ROOT.glob(f"systemd/*.{kind}"):
            shutil.copy(unit, units)
    for parts in ROOT.glob("systemd/*.d"):
        shutil.copytree(parts, units / parts.name)
    completions = tree / "usr/share/bash-completion/completions"
    completions.mkdir(parents=True)
    (completions / "vybor").write_text(completion(), encoding="utf-8")
    for told in packages.glob("*.dist-info/direct_url.json"):
        told.unlink()  # it names the folder in which this was built
    document(tree / "usr/share/doc/vybor", site)


def document(place: Path, site: Path) -> None:
    """Lay out the documents as they lie in a checkout, so that their links lead somewhere, and the licences."""
    for name in DOCUMENTS:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, place / name)
    for page in place.rglob("*.md"):
        page.write_text(without_dead_links(page.read_text(encoding="utf-8"), page.parent), encoding="utf-8")
    try:
        licences.write(site, place)
    except licences.Unlicensed as error:
        raise SystemExit(f"package: {error}") from None


def without_dead_links(text: str, folder: Path) -> str:
    """A page whose links to what is not beside it in the package are words alone."""

    def kept(found: "re.Match[str]") -> str:
        words, target = found.groups()
        alive = "://" in target or target.startswith("#") or (folder / target.partition("#")[0]).exists()
        return found.group(0) if alive else words

    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", kept, text)


def completion() -> str:
    """What bash completes, as this tree's own command prints it."""
    command = [sys.executable, "-m", "vybor", "completion", "bash"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "daemon")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def program(path: Path, text: str) -> None:
    """Write a file that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def factory_model(tree: Path, share: Path) -> None:
    """Lay out the package of the model: what the workshop put into `share`, without links into its cache."""
    place = tree / "usr/share/vybor"
    place.mkdir(parents=True)
    for item in sorted(share.iterdir()):
        if item.resolve().is_dir():
            shutil.copytree(item.resolve(), place / item.name)
        else:
            shutil.copyfile(item.resolve(), place / item.name)
    documents = tree / f"usr/share/doc/{DATA}"
    documents.mkdir(parents=True)
    shutil.copy(HERE / "factory-model.copyright", documents / "copyright")


def changelog(version: str, date: str) -> str:
    """Debian's changelog: one entry, that points at ours."""
    return (
        f"vybor ({version}) unstable; urgency=medium\n\n  * See deploy/CHANGELOG.md.\n\n"
        f" -- The Vybor developers <vybor@localhost>  {date}\n"
    )


def digest(python: str, architecture: str, version: str, share: Path) -> str:
    """What the packages are made from, in a few letters."""
    told = sources.contents()
    told.update(repr((python, architecture, version)).encode())
    for item in sorted(share.iterdir()):
        told.update(f"{item.name} {item.resolve()}".encode())
    return told.hexdigest()[:12]


def build(suite: str, architecture: str, share: Path, cache: Path, version: str) -> Path:
    """Both packages in a folder of the cache."""
    python, suffix = SUITES[suite]
    built = cache / "packages" / f"{suite}-{architecture}-{digest(python, architecture, version, share)}"
    if built.exists():
        return built
    site = wheels(python, architecture, cache)
    built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=built.parent) as scratch:
        source, tree = Path(scratch) / "source", Path(scratch) / "tree"
        say(f"laying out the files for {suite} on {architecture}")
        kit(tree / "vybor", python, site)
        factory_model(tree / DATA, share)
        shutil.copytree(HERE / "debian", source / "debian")
        shutil.copy(ROOT / "systemd/vybor.sysusers", source / "debian")
        shutil.copy(ROOT / "systemd/vybor.tmpfiles", source / "debian")
        shutil.copy(ROOT / "firmware_config/udev/70-vybor.rules", source / "debian/vybor.udev")
        date = subprocess.run(["date", "-R"], capture_output=True, text=True, check=True).stdout.strip()
        (source / "debian/changelog").write_text(changelog(f"{version}+{suffix}", date), encoding="utf-8")
        say("packing")
        made = {"VYBOR_TREE": str(tree), "VYBOR_PYTHON": python, "VYBOR_VERSION": version}
        run(["env", "-C", source, "dpkg-buildpackage", "-b", "-us", "-uc", "-d", f"-a{architecture}"], **made)
        fresh = Path(scratch) / "packages"
        fresh.mkdir()
        for package in Path(scratch).glob("*.deb"):
            package.rename(fresh / package.name)
        put_in_place(fresh, built)
    forget_old(built.parent.glob("*-*-*"))
    return built


def main() -> int:
    """Build, and put the packages into the folder that was asked for."""
    parser = argparse.ArgumentParser(prog="deploy/package", description="Build the Debian packages of the kit.")
    parser.add_argument("--suite", choices=sorted(SUITES), default="bookworm", help="the distribution (bookworm)")
    parser.add_argument("--architecture", choices=ARCHITECTURES, default="arm64", help="the machine (arm64)")
    parser.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="where to (dist)")
    parser.add_argument(
        "--package-version", metavar="VERSION", help="otherwise the project's own and the commit's time"
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, required=True, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    version = sources.version_of(own) if parsed.package_version is None else parsed.package_version
    if not sources.VERSION.fullmatch(version):
        say(f"{version!r} is no version: it begins with a digit and has letters, digits and .+~ only, as in 0.2.0")
        return 64
    built = build(parsed.suite, parsed.architecture, parsed.share, parsed.cache, version)
    parsed.out.mkdir(parents=True, exist_ok=True)
    for package in sorted(built.iterdir()):
        place = parsed.out / package.name
        place.unlink(missing_ok=True)
        shutil.copyfile(package, place)
        print(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
