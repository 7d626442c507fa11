"""The kit without systemd: supervisor keeps the processes of the table running, and `vybor up` hands over to it.

supervisor, because it restarts one process and leaves the others alone; honcho and foreman end all when one ends.

A terminal that hangs up ends nothing: whoever writes must not lose the kit, and the call for help with it, because
a carer's SSH dropped or a window was closed. supervisor by itself starts all again on SIGHUP, and dies of the
first line that it cannot print; its programs would live on with nobody who starts them again.
"""

import configparser
import errno
import fcntl
import importlib.util
import io
import os
import secrets
import shlex
import shutil
import signal
import socket
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from vybor.foundation import small_files
from vybor.foundation.errors import AddressInUse, Missing, PlaceError
from vybor.foundation.places import Places
from vybor.foundation.progress import on_stderr
from vybor.processes import Process

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CONFIGURATION = "up.conf"
CONTROL = "up.sock"
"""supervisor adds its process id while it binds: a longer name would not fit into a socket's address."""
LARGEST_BYTES = 200_000
"""Of its configuration: eight commands with long folders are a tenth of it."""
NEVER_GIVE_UP = 1_000_000_000
GROUP = "kit"
"""All of them: supervisor ends the programs of a group together, and one group after another."""
STARTS = "vybor: the kit starts; Ctrl-C here ends it, and it goes on if this terminal is closed"


def up(places: Places, config: Path | None, processes: Iterable[Process]) -> NoReturn:
    """Become supervisor and run the processes until SIGTERM or SIGINT; output goes to the terminal while it lasts.

    Raises Missing without supervisor, AddressInUse if a kit runs in this folder, and PlaceError for a folder whose
    name supervisor cannot read or where somebody else has put its configuration.
    """
    if importlib.util.find_spec("supervisor") is None:
        raise Missing("supervisor is not installed; install it (pip install supervisor) or use systemd")
    if is_up(places.runtime):
        raise AddressInUse(
            f"a kit already runs in {places.runtime}; stop it ({asked(places.runtime, 'shutdown')}), "
            "or name another folder with --runtime"
        )
    commands = {process.name: command(process.name, places, config) for process in processes}
    written = write(
        places.runtime, render(places.runtime, commands, secrets.token_hex(16), as_root=not os.geteuid())
    )
    on_stderr(STARTS)
    _append_to_output()
    os.execv(sys.executable, supervisor_command(written))


def supervisor_command(configuration: Path) -> list[str]:
    """What runs supervisor by this configuration, and goes on when its terminal is gone."""
    return [sys.executable, "-m", "vybor.supervision", str(configuration)]


def _append_to_output() -> None:
    """Supervisor opens its output a second time for its programs: in a file, one would write over the other."""
    sys.stdout.flush()
    output = sys.stdout.fileno()
    fcntl.fcntl(output, fcntl.F_SETFL, fcntl.fcntl(output, fcntl.F_GETFL) | os.O_APPEND)


def command(process: str, places: Places, config: Path | None) -> list[str]:
    """How one process is started, with this Python and in these folders."""
    folders = ("--runtime", str(places.runtime), "--state", str(places.state), "--share", str(places.share))
    settings = ("--config", str(config.absolute())) if config else ()
    return [sys.executable, "-m", "vybor", "run", process, *folders, *settings]


def write(runtime: Path, configuration: str) -> Path:
    """Put supervisor's configuration into the folder of sockets; raises PlaceError where that is not this user's.

    What it holds is run, so it must be nobody else's; and others may write to that folder.
    """
    path = runtime / CONFIGURATION
    try:
        if not _may_replace(path):
            raise PlaceError(
                f"{path} belongs to somebody else or is no file; remove it, or name another folder with --runtime"
            )
        small_files.write(path, configuration, 0o600)
    except OSError as error:
        raise PlaceError(
            f"{path} cannot be written ({error.strerror}); mend its owner, or name another folder with --runtime"
        ) from None
    return path


def _may_replace(path: Path) -> bool:
    """Whether nothing is there, or a regular file of this user's."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(there.st_mode) and there.st_uid == os.geteuid()


def is_up(runtime: Path) -> bool:
    """Whether a supervisor answers in this folder. A socket that was left behind refuses."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.setblocking(False)  # one that takes no more callers would never answer
        return asking.connect_ex(os.fsencode(runtime / CONTROL)) == 0


def asked(runtime: Path, what: str, *processes: str) -> str:
    """What is typed to ask this of the supervisor of this folder, about these processes."""
    names = (f"{GROUP}:{process}" for process in processes)
    # an environment that nobody has activated is on no PATH
    looked_in = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    program = shutil.which("supervisorctl", path=looked_in) or "supervisorctl"
    return " ".join((program, "-c", str(runtime / CONFIGURATION), what, *names))


def programs(runtime: Path) -> list[str]:
    """What `vybor up` was asked to run here; nothing if its configuration is not a file that can be read."""
    written = configparser.RawConfigParser()
    try:
        content = small_files.read(runtime / CONFIGURATION, LARGEST_BYTES, links=False)
        written.read_string(content.decode("utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return []
    return [name.partition(":")[2] for name in written.sections() if name.startswith("program:")]


def render(runtime: Path, commands: Mapping[str, Sequence[str]], password: str, *, as_root: bool = False) -> str:
    """The configuration: one program a process, and all that it prints on the supervisor's own output.

    `supervisorctl -c <runtime>/up.conf status` asks how they are; it finds the password there, and no other user
    does. `as_root` says that root starts this on purpose, which supervisor otherwise calls critical. Raises
    PlaceError for a name that the format cannot hold.
    """
    control = runtime / CONTROL
    who = {"username": "vybor", "password": password}
    supervisor = _section(
        "supervisord",
        nodaemon="true",
        logfile="/dev/null",  # in the foreground it prints the same lines
        logfile_maxbytes="0",
        pidfile=runtime / "up.pid",
        umask="007",
        **({"user": "root"} if as_root else {}),
    )
    server = _section("unix_http_server", file=control, chmod="0700", **who)
    interface = _section(
        "rpcinterface:supervisor",
        **{"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
    )
    client = _section("supervisorctl", serverurl=f"unix://{control}", **who)
    programs = (_program(name, started) for name, started in commands.items())
    together = (_section(f"group:{GROUP}", programs=",".join(commands)),) if commands else ()
    return "\n".join((supervisor, server, interface, client, *programs, *together))


def _program(name: str, started: Sequence[str]) -> str:
    return _section(
        f"program:{name}",
        command=shlex.join(started),
        autorestart="true",
        startsecs="1",
        startretries=NEVER_GIVE_UP,
        stopsignal="TERM",
        stopwaitsecs="5",
        stopasgroup="true",  # a room ends its own children, but not when it hangs
        killasgroup="true",
        redirect_stderr="true",
        stdout_logfile="/dev/fd/1",
        stdout_logfile_maxbytes="0",
    )


def _section(title: str, **values: object) -> str:
    return "\n".join((f"[{title}]", *(f"{key}={_value(str(value))}" for key, value in values.items()))) + "\n"


def _value(text: str) -> str:
    """A value as supervisor reads it: `%` expands, and what follows ` ;` or ` #` is a comment."""
    if not text.isprintable() or any(mark in text for mark in (" ;", " #")):
        raise PlaceError(
            f"supervisor cannot read {text!r}, which holds ' ;', ' #' or a control character; name another folder"
        )
    return text.replace("%", "%%")


class Output(io.FileIO):
    """A descriptor for what is printed; a line that cannot be written is dropped, and nobody hears of it."""

    def write(self, told: "ReadableBuffer") -> int:
        """Bytes that are done with. Where the terminal has hung up, the descriptor leads nowhere from then on."""
        try:
            return super().write(told)
        except OSError as error:
            if error.errno == errno.EIO:
                self._lead_nowhere()
            return memoryview(told).nbytes

    def _lead_nowhere(self) -> None:
        """For whoever opens it anew, as supervisor does when a program starts: a dead terminal refuses that."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def main(configuration: str) -> None:
    """Run supervisor in this process until SIGTERM or SIGINT; SIGHUP is nothing to it."""
    sys.stdout, sys.stderr = _printing(1), _printing(2)
    from supervisor import options, supervisord  # noqa: PLC0415  (it keeps the stderr that it finds)

    supervisor_s = options.ServerOptions.setsignals

    def set_signals(its: object) -> None:
        supervisor_s(its)
        signal.signal(signal.SIGHUP, lambda _number, _frame: None)  # ignored, its programs would ignore it too

    options.ServerOptions.setsignals = set_signals
    supervisord.main(["-c", configuration])


def _printing(descriptor: int) -> io.TextIOWrapper:
    written = io.BufferedWriter(Output(descriptor, "w", closefd=False))
    return io.TextIOWrapper(written, "utf-8", "backslashreplace", line_buffering=True)


if __name__ == "__main__":
    main(sys.argv[1])
