"""supervisor's configuration, read and run by the real supervisor."""

import configparser
import fcntl
import importlib.util
import os
import pty
import re
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from vybor import cli, supervision
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import AddressInUse, Missing, PlaceError
from vybor.foundation.places import LONGEST_RUNTIME, Places
from vybor.processes import PROCESSES

PATIENCE_S = 30

needs_supervisor = pytest.mark.skipif(not importlib.util.find_spec("supervisor"), reason="needs supervisor")


def places_in(folder: Path) -> Places:
    for name in ("run", "state", "share"):
        (folder / name).mkdir(parents=True)
    return Places(runtime=folder / "run", state=folder / "state", share=folder / "share")


def read(text: str) -> configparser.RawConfigParser:
    """The configuration as supervisor's own parser reads it."""
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"), strict=False)
    parser.read_string(text)
    return parser


def test_every_process_is_a_program_that_never_stays_down(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    commands = {row.name: supervision.command(row.name, places, Path("/etc/kit.toml")) for row in PROCESSES}
    parsed = read(supervision.render(places.runtime, commands, "word"))
    for row in PROCESSES:
        program = parsed[f"program:{row.name}"]
        assert program["autorestart"] == "true"
        assert int(program["startretries"]) > 1_000_000
        assert shlex.split(program["command"]) == [
            *(sys.executable, "-m", "vybor", "run", row.name),
            *("--runtime", str(tmp_path / "run"), "--state", str(tmp_path / "state")),
            *("--share", str(tmp_path / "share"), "--config", "/etc/kit.toml"),
        ]


def test_nothing_listens_on_the_network(tmp_path: Path) -> None:
    sections = read(supervision.render(tmp_path, {"one": ["true"]}, "word")).sections()
    assert "inet_http_server" not in sections
    assert "unix_http_server" in sections


def test_the_longest_folder_for_sockets_has_room_for_supervisor_s_own() -> None:
    longest = "/" + "x" * (LONGEST_RUNTIME - 1)
    while_binding = f"{longest}/{supervision.CONTROL}.4194304"  # the kernel's highest process id
    assert len(while_binding) <= 107


@pytest.mark.parametrize("name", ["a ;b", "a #b", "a\nb"])
def test_a_folder_that_the_format_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(PlaceError, match="name another"):
        supervision.render(Path("/run") / name, {}, "word")


def test_without_supervisor_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing, match=r"pip install supervisor"):
        supervision.up(places_in(tmp_path), None, PROCESSES)


def test_output_that_takes_nothing_more_is_no_error() -> None:
    """A full disk may have room again: the descriptor stays what it is."""
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        assert supervision.Output(full, "w", closefd=False).write(b"told") == len(b"told")
        with pytest.raises(OSError, match="No space left"):
            os.write(full, b"told")
    finally:
        os.close(full)


@needs_supervisor
def test_a_second_kit_in_the_same_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = places_in(tmp_path)
    options = (("--runtime", places.runtime), ("--state", places.state), ("--share", places.share))
    with socket.socket(socket.AF_UNIX) as answering:
        answering.bind(str(places.runtime / supervision.CONTROL))
        answering.listen()
        with pytest.raises(AddressInUse, match=r"already runs in .*; stop it \(.* shutdown\)"):
            supervision.up(places, None, PROCESSES)
        typed = ["up", *(str(word) for option in options for word in option)]
        assert cli.main(typed) == AddressInUse.exit_code
    assert "already runs" in (said := capsys.readouterr().err)
    assert supervision.STARTS not in said
    assert not supervision.is_up(places.runtime), "a socket that was left behind is no kit"


class Supervised:
    """A supervisor of two small programs, each of which says its process id."""

    def __init__(self, runtime: Path, passed: Sequence[int] = ()) -> None:
        # one write a line: print() may make several, between which the other program's come
        script = (
            "import os, signal; os.write(1, f'{os.environ[\"WHO\"]} {os.getpid()}\\n'.encode()); signal.pause()"
        )
        commands = {
            name: ["env", f'WHO={name} 100% "here"', sys.executable, "-c", script] for name in ("one", "two")
        }
        self.runtime = runtime
        configuration = runtime / supervision.CONFIGURATION
        configuration.write_text(supervision.render(runtime, commands, "word"))
        self.control = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(configuration)]
        self.process = subprocess.Popen(
            supervision.supervisor_command(configuration), stdout=subprocess.PIPE, pass_fds=passed
        )
        assert self.process.stdout
        self._output = self.process.stdout.fileno()
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._output, selectors.EVENT_READ)
        self._printed = ""

    def line(self, beginning: str) -> str:
        """The next line that begins so, taken out of what was printed."""
        while True:
            for line in self._printed.splitlines(keepends=True):
                if line.startswith(beginning) and line.endswith("\n"):
                    self._printed = self._printed.replace(line, "", 1)
                    return line
            assert self._ready.select(PATIENCE_S), f"supervisor is silent; waiting for {beginning!r}"
            self._printed += os.read(self._output, 65_536).decode()

    def started(self, name: str) -> psutil.Process:
        """The process of a program that says that it has started."""
        return psutil.Process(int(self.line(f'{name} 100% "here" ').split()[-1]))

    def close(self) -> None:
        """End it, whatever state it is in."""
        children = psutil.Process(self.process.pid).children() if self.process.poll() is None else []
        self.process.kill()
        for child in children:
            child.kill()
        self.process.communicate()
        self._ready.close()


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    runtime = tmp_path / "a 100% folder's"
    runtime.mkdir()
    made = Supervised(runtime)
    yield made
    made.close()


@needs_supervisor
def test_a_killed_process_comes_back_and_the_others_go_on(supervised: Supervised) -> None:
    one, two = supervised.started("one"), supervised.started("two")
    one.kill()
    again = supervised.started("one")
    assert again.pid != one.pid
    assert not one.is_running()
    assert two.is_running()


@needs_supervisor
def test_all_end_on_sigterm_and_nothing_is_left_behind(supervised: Supervised) -> None:
    children = [supervised.started("one"), supervised.started("two")]
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.process.wait(PATIENCE_S) == 0
    assert [child.is_running() for child in children] == [False, False]


@needs_supervisor
def test_all_are_asked_to_end_before_any_is_waited_for(tmp_path: Path) -> None:
    """Each waits for the others to be asked as well: asked one after another, it would be killed."""
    script = (
        "import os, pathlib, signal, sys, time\n"
        "here, me = pathlib.Path(sys.argv[1]), sys.argv[2]\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "(here / f'{me}.up').touch()\n"
        "signal.sigwait([signal.SIGTERM])\n"
        "(here / f'{me}.asked').touch()\n"
        "while len(list(here.glob('*.asked'))) < 3: time.sleep(0.01)\n"
        "(here / f'{me}.well').touch()\n"
    )
    names = ("one", "two", "three")
    (tmp_path / "ends.py").write_text(script)
    commands = {name: [sys.executable, str(tmp_path / "ends.py"), str(tmp_path), name] for name in names}
    configuration = tmp_path / supervision.CONFIGURATION
    configuration.write_text(supervision.render(tmp_path, commands, "word"))
    started = subprocess.Popen(supervision.supervisor_command(configuration))
    try:
        until(lambda: len(list(tmp_path.glob("*.up"))) == 3)
        started.send_signal(signal.SIGTERM)
        assert started.wait(PATIENCE_S) == 0
    finally:
        started.kill()
        started.wait()
    assert sorted(path.stem for path in tmp_path.glob("*.well")) == sorted(names)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    while not holds():
        assert time.perf_counter() < deadline, "it never came to that"
        time.sleep(0.02)


@needs_supervisor
def test_a_terminal_that_hangs_up_ends_nothing_and_what_dies_then_comes_back(tmp_path: Path) -> None:
    """A carer's SSH drops, or a window is closed: supervisor leads the session and has SIGHUP first."""
    configuration = tmp_path / supervision.CONFIGURATION
    started = [sys.executable, "-c", "import signal; signal.pause()", str(tmp_path)]
    configuration.write_text(supervision.render(tmp_path, dict.fromkeys(("one", "two"), started), "word"))
    control = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(configuration)]

    def pid(name: str) -> int:
        """0 while it does not run."""
        asked = subprocess.run([*control, "pid", f"kit:{name}"], capture_output=True, text=True, check=False)
        return int(asked.stdout) if asked.stdout.strip().isdigit() else 0

    child, terminal = pty.fork()
    if child == 0:
        command = supervision.supervisor_command(configuration)
        os.execv(command[0], command)
    try:
        until(lambda: pid("one") > 0 and pid("two") > 0)
        one, two = pid("one"), pid("two")
        os.close(terminal)  # SIGHUP; and from now on every write fails
        psutil.Process(one).kill()
        until(lambda: pid("one") not in (0, one))
        assert pid("two") == two
        subprocess.run([*control, "shutdown"], capture_output=True, check=True)
        until(lambda: not psutil.pid_exists(two))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        for process in psutil.process_iter(["cmdline"]):  # what is left where something failed
            if str(tmp_path) in " ".join(process.info["cmdline"] or ()):
                process.kill()


@needs_supervisor
def test_a_hang_up_starts_nothing_again_where_the_output_goes_elsewhere(supervised: Supervised) -> None:
    one, two = supervised.started("one"), supervised.started("two")
    supervised.process.send_signal(signal.SIGHUP)
    one.kill()
    supervised.started("one")
    assert two.is_running()


@needs_supervisor
def test_what_was_held_for_the_kit_is_held_for_as_long_as_it_runs(tmp_path: Path) -> None:
    """deploy/prepare removes no environment that somebody holds."""
    with (tmp_path / "ready").open("w") as held, (tmp_path / "ready").open() as asks:
        fcntl.flock(held, fcntl.LOCK_SH)
        kit = Supervised(tmp_path, [held.fileno()])
        held.close()
        try:
            kit.started("one")
            with pytest.raises(BlockingIOError):
                fcntl.flock(asks, fcntl.LOCK_EX | fcntl.LOCK_NB)
            kit.process.send_signal(signal.SIGTERM)
            assert kit.process.wait(PATIENCE_S) == 0
            fcntl.flock(asks, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            kit.close()


@needs_supervisor
def test_supervisorctl_is_answered_on_the_socket(supervised: Supervised) -> None:
    pids = {name: supervised.started(name).pid for name in ("one", "two")}
    told = subprocess.run([*supervised.control, "pid", "kit:two"], capture_output=True, text=True, check=True)
    assert int(told.stdout) == pids["two"]
    unknown = [
        *supervised.control[:3],
        "-s",
        f"unix://{supervised.runtime / supervision.CONTROL}",
        "pid",
        "kit:two",
    ]
    assert "Unauthorized" in subprocess.run(unknown, capture_output=True, text=True, check=False).stdout


def test_what_is_typed_to_end_it_is_found_in_an_environment_that_is_on_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("python", "supervisorctl"):
        (tmp_path / name).touch(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", "/nowhere")
    asked = supervision.asked(Path("/run/vybor"), "shutdown")
    assert asked == f"{tmp_path}/supervisorctl -c /run/vybor/up.conf shutdown"


@needs_supervisor
def test_the_kit_goes_up_and_what_its_processes_say_is_in_the_output(tmp_path: Path) -> None:
    """Into a file, where supervisor's own lines and those of the processes could write over each other."""
    places = places_in(tmp_path)
    output = tmp_path / "output"
    command = [sys.executable, "-m", "vybor", "up"]
    for row in PROCESSES:
        command += ["--without", row.name] if row.name != "voice" else []
    for name, folder in (("--runtime", places.runtime), ("--state", places.state), ("--share", places.share)):
        command += [name, str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with output.open("wb") as opened:
        kit = subprocess.Popen(command, stdout=opened, env=environment)
    core = Bus("core", places.runtime, SystemClock(), hears=[m.Health])
    try:
        assert any(core.receive(0.5) for _ in range(2 * PATIENCE_S)), "the voice says nothing of its health"
        kit.send_signal(signal.SIGTERM)
        assert kit.wait(PATIENCE_S) == 0
    finally:
        core.close()
        kit.kill()
        kit.wait()
    lines = output.read_text().splitlines()
    assert any("spawned: 'voice'" in line for line in lines)
    assert [line for line in lines if "CRIT" in line] == []
    assert (places.runtime / supervision.CONFIGURATION).stat().st_mode & 0o777 == 0o600
    for language in ("en", "ru"):  # of which this folder has no help call
        assert any(re.match(rf"vybor\.voice: WARNING: .*help-{language}\.wav", line) for line in lines)
    assert [line for line in lines if not re.match(r"\d{4}-|vybor\.", line)] == []
    assert any("stopped: voice (exit status 0)" in line for line in lines)
