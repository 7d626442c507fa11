"""deploy/vybor, vybor-workshop, bench and demo: what they have prepared before they answer, and that it stays."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose `prepare` only says what it was asked for, and whose Python does nothing."""
    deploy = tmp_path / "deploy"
    (deploy / "benches").mkdir(parents=True)
    (deploy / "benches/context.py").touch()
    for name in ("vybor", "bench", "demo"):
        shutil.copy(DEPLOY / name, deploy / name)
    (deploy / "vybor-workshop").symlink_to("vybor")
    bin_folder = tmp_path / "environment/bin"
    bin_folder.mkdir(parents=True)
    (tmp_path / "environment/ready").touch()
    script(bin_folder / "python", "")
    script(deploy / "prepare", f'echo "prepared: ${{*:-all}}" >&2\necho {tmp_path}/environment')
    return deploy


def script(path: Path, lines: str) -> None:
    path.write_text(f"#!/usr/bin/env bash\n{lines}\n", encoding="utf-8")
    path.chmod(0o755)


def prepared(deploy: Path, *words: str) -> str:
    done = subprocess.run([str(deploy / words[0]), *words[1:]], capture_output=True, text=True, check=True)
    return done.stderr.strip().removeprefix("prepared: ")


@pytest.mark.parametrize(
    "words",
    [
        ("vybor", "--help"),
        ("vybor", "--version"),
        ("vybor", "up", "-h"),
        ("vybor",),
        ("vybor-workshop", "model", "build", "--help"),
    ],
)
def test_help_and_version_have_a_few_packages_prepared(checkout: Path, words: tuple[str, ...]) -> None:
    assert prepared(checkout, *words) == "--small"


@pytest.mark.parametrize(
    "words",
    [
        *(("vybor", name) for name in ("topic", "partner", "config", "status", "doctor", "interest")),
        ("vybor", "config", "set", "voice.player", "--", "play", "-h"),
        ("vybor-workshop", "share", "--out", "here"),
        ("bench", "context", "--help"),
        ("demo", "--script", "--help"),
    ],
)
def test_what_needs_no_model_has_none_built(checkout: Path, words: tuple[str, ...]) -> None:
    assert prepared(checkout, *words) == "--environment"


@pytest.mark.parametrize(
    "words", [("vybor", "up"), ("vybor", "run", "gaze"), ("bench", "context"), ("demo", "--script")]
)
def test_what_runs_the_kit_has_all_of_it_prepared(checkout: Path, words: tuple[str, ...]) -> None:
    assert prepared(checkout, *words) == "all"


PLACES = 'echo "${RUNTIME_DIRECTORY:-} ${STATE_DIRECTORY:-} ${CONFIGURATION_DIRECTORY:-}"'


def told(deploy: Path, cache: Path, *words: str, **more: str) -> str:
    """What a command is told of where to look."""
    known = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "XDG_CACHE_HOME": str(cache), **more}
    done = subprocess.run(
        [str(deploy / words[0]), *words[1:]], capture_output=True, text=True, check=True, env=known
    )
    return done.stdout.strip()


def test_while_the_demo_runs_commands_ask_it_and_it_says_how_others_do(checkout: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    python = tmp_path / "environment/bin/python"
    script(python, f'case "$*" in *"vybor up"*) trap "" HUP; exec sleep 60 ;; esac\n{PLACES}')
    demo = subprocess.Popen(
        [str(checkout / "demo")],
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "XDG_CACHE_HOME": str(cache), "DISPLAY": ":0"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        runs = cache / "vybor/demo"
        until = time.perf_counter() + 10
        while not (runs / "vybor.toml").exists():
            assert time.perf_counter() < until
            time.sleep(0.02)
        ours = f"{runs}/run {runs}-state {runs}"
        assert told(checkout, cache, "vybor", "status") == ours
        os.killpg(demo.pid, signal.SIGHUP)  # the kit goes on without its terminal
        assert told(checkout, cache, "vybor", "status") == ours
        assert told(checkout, cache, "vybor", "status", STATE_DIRECTORY="/mine") == "/mine"
        assert told(checkout, cache, "vybor", "run", "core") == ""
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        _, said = demo.communicate(timeout=10)
    assert (
        f"--runtime {runs}/run --state {runs}-state; its settings: vybor config --config {runs}/vybor.toml" in said
    )
    assert told(checkout, cache, "vybor", "status") == ""


def test_a_command_beside_another_one_takes_it_for_no_demo(checkout: Path, tmp_path: Path) -> None:
    script(tmp_path / "environment/bin/python", PLACES)
    lock = tmp_path / "cache/vybor/demo/lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as looked_at:
        fcntl.flock(looked_at, fcntl.LOCK_SH)  # as the other one does for a moment
        assert told(checkout, tmp_path / "cache", "vybor", "status") == ""


def test_benches_are_listed_in_a_folder_with_a_space_in_its_name(tmp_path: Path) -> None:
    deploy = tmp_path / "my projects/deploy"
    (deploy / "benches").mkdir(parents=True)
    shutil.copy(DEPLOY / "bench", deploy / "bench")
    bench = '"""How it fares."""\nprog="deploy/bench one"\n'
    (deploy / "benches/one.py").write_text(bench, encoding="utf-8")
    done = subprocess.run([str(deploy / "bench"), "--list"], capture_output=True, text=True, check=True)
    assert (done.stdout.split(maxsplit=1), done.stderr) == (["one", "How it fares.\n"], "")


def is_held(ready: Path) -> bool:
    return subprocess.run(["flock", "-n", "-x", str(ready), "true"], check=False).returncode == 1


@pytest.mark.parametrize(
    "words",
    [("vybor", "up"), ("vybor", "run", "gaze"), ("vybor-workshop", "sync"), ("bench", "context"), ("demo",)],
    ids=" ".join,
)
def test_what_runs_holds_its_environment(checkout: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    ready = tmp_path / "environment/ready"
    asked_before = "*benches.report* | *demo_settings*"
    script(
        tmp_path / "environment/bin/python", f'case "$*" in {asked_before}) exit ;; esac\necho runs\nexec sleep 60'
    )
    running = subprocess.Popen(
        [str(checkout / words[0]), *words[1:]],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DISPLAY": ":0"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert running.stdout
        assert running.stdout.readline() == b"runs\n"
        assert is_held(ready)
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.communicate(timeout=10)
    assert not is_held(ready)


PYTHON = """case "$*" in
  "-m venv "*) mkdir -p "$3/bin"; ln -s "$0" "$3/bin/python"; ln -s "$0" "$3/bin/pip" ;;
esac
"""


def preparing(folder: Path) -> tuple[Path, Path]:
    """A checkout of `prepare` alone, and a folder of programs that it finds before the system's."""
    deploy, programs = folder / "deploy", folder / "bin"
    deploy.mkdir()
    programs.mkdir()
    shutil.copy(DEPLOY / "prepare", deploy / "prepare")
    (deploy / "constraints.txt").touch()
    script(programs / "python3", PYTHON)
    return deploy, programs


def told_to_prepare(deploy: Path, programs: Path, option: str) -> subprocess.CompletedProcess[str]:
    """What becomes of `prepare` there; its cache lies beside it."""
    return subprocess.run(
        [str(deploy / "prepare"), option],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{programs}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(deploy.with_name("cache"))},
    )


def lacking(folder: Path, *installed: str) -> str:
    """The packages that `prepare` names to who may not install them."""
    deploy, programs = preparing(folder)
    script(programs / "id", "echo 1000")
    script(programs / "dpkg-query", "\n".join(f"echo {name} install ok installed" for name in installed))
    done = told_to_prepare(deploy, programs, "--environment")
    assert done.returncode == 69
    return done.stderr


@pytest.mark.parametrize("name", ["libglib2.0-0", "libglib2.0-0t64"])
def test_a_library_counts_by_its_older_name_and_by_its_newer_one(tmp_path: Path, name: str) -> None:
    told = lacking(tmp_path, "rsync", name)
    assert "sudo apt install python3-venv libdbus-1-3" in told
    assert "libglib2.0-0" not in told


def test_a_library_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "libglib2.0-0 " in lacking(tmp_path, "rsync", "libglib2.0-dev")


def test_an_environment_is_on_the_disk_before_it_is_marked_as_whole(tmp_path: Path) -> None:
    deploy, programs = preparing(tmp_path)
    script(programs / "dpkg-query", "echo python3-venv install ok installed")
    script(programs / "sync", f'[ -e "$2/bin/pip" ] && [ ! -e "$2/ready" ] && echo "$2" >{tmp_path}/synced')
    made = told_to_prepare(deploy, programs, "--small").stdout
    assert (tmp_path / "synced").read_text(encoding="utf-8") == made
    assert Path(made.strip(), "ready").exists()


def test_environments_are_removed_that_nobody_has_asked_for_in_a_week_and_nobody_holds(tmp_path: Path) -> None:
    deploy, programs = preparing(tmp_path)
    cache = tmp_path / "cache/vybor"
    script(programs / "dpkg-query", "echo python3-venv install ok installed")
    script(programs / "rm", f'printf "%s\\n" "$@" >>{tmp_path}/removed\nexec /bin/rm "$@"')
    days = {"environment-held": 8, "environment-left": 8, "environment-young": 6, "small-left": 8}
    for name, old_days in days.items():
        (cache / name / "bin").mkdir(parents=True)
        (cache / name / "ready").touch()
        at_s = (cache / name / "ready").stat().st_mtime - old_days * 86_400
        os.utime(cache / name / "ready", (at_s, at_s))
    with (cache / "environment-held/ready").open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        made = told_to_prepare(deploy, programs, "--small")
    assert made.returncode == 0, made.stderr
    there = {path.name for path in cache.iterdir() if path.is_dir()}
    assert there == {"environment-held", "environment-young", Path(made.stdout.strip()).name}
    removed = (tmp_path / "removed").read_text(encoding="utf-8").splitlines()
    for old in (cache / "environment-left", cache / "small-left"):  # cut off in between, none is taken for whole
        assert removed.index(f"{old}/ready") < removed.index(str(old))
