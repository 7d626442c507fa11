"""`vybor …`: the kit's commands, one an intention. Heavy modules are loaded by the command that needs them."""

import argparse
import faulthandler
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from vybor.foundation import heartbeat, log, places, settings
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import VyborError
from vybor.foundation.start import Start
from vybor.processes import BY_NAME, PROCESSES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error is one sentence on stderr and its exit code."""
    parsed = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = parsed.command
    try:
        return command(parsed)
    except VyborError as error:
        print(f"vybor: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return 141


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="vybor", description="A writing kit for people who choose instead of typing."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    up = _command(commands, "up", _up, "start the kit here, without systemd (supervisor keeps it running)")
    up.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="PROCESS",
        choices=sorted(BY_NAME),
        help="leave a process out; may be given more than once",
    )
    run = _command(commands, "run", _run, "run one process of the kit")
    run.add_argument("process", choices=[row.name for row in PROCESSES], help="which one")
    _command(commands, "calibrate", _calibrate, "show the nine dots again, in a kit that runs")
    _command(commands, "doctor", _doctor, "check this machine and this kit, and say what to mend")
    units = _command(commands, "units", _units, "write the systemd units of the kit")
    units.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    _command(commands, "config", _config, "show the settings in force; changed ones are marked")
    return top


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    does: Callable[[argparse.Namespace], int],
    explained: str,
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=explained, description=explained[:1].upper() + explained[1:] + ".")
    made.set_defaults(command=does)
    made.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings (TOML); otherwise vybor/vybor.toml in the folder for configuration, if it is there",
    )
    made.add_argument("--runtime", type=Path, metavar="DIR", help="folder for sockets")
    made.add_argument("--state", type=Path, metavar="DIR", help="folder for the journal and the kept looks")
    made.add_argument(
        "--share", type=Path, metavar="DIR", help="folder of the model, the words and the landmarker"
    )
    return made


def _places(parsed: argparse.Namespace) -> places.Places:
    default = places.default_places(os.environ)
    return places.Places(
        runtime=(parsed.runtime or default.runtime).absolute(),
        state=(parsed.state or default.state).absolute(),
        share=(parsed.share or default.share).absolute(),
    )


def _settings_file(parsed: argparse.Namespace) -> Path | None:
    named: Path | None = parsed.config
    return named or places.settings_file(os.environ)


def _run(parsed: argparse.Namespace) -> int:
    row = BY_NAME[parsed.process]
    faulthandler.enable()  # a crash of a native library leaves its stack in the log
    log.start_logging(row.name, os.environ)
    where = _places(parsed)
    places.prepare(where, writes_state=row.writes_state)
    start = Start(
        places=where,
        settings=settings.load(_settings_file(parsed)),
        clock=SystemClock(),
        heart=heartbeat.heartbeat(os.environ),
    )
    row.load()(start)
    return 0


def _up(parsed: argparse.Namespace) -> int:
    from vybor import supervision  # noqa: PLC0415  (only this command needs it)

    settings.load(_settings_file(parsed))
    where = _places(parsed)
    places.prepare(where)
    rows = tuple(row for row in PROCESSES if row.name not in parsed.without)
    print("vybor: the kit starts; Ctrl-C here ends it", file=sys.stderr, flush=True)
    return supervision.up(where, _settings_file(parsed), rows)


def _calibrate(parsed: argparse.Namespace) -> int:
    from vybor import calibrate  # noqa: PLC0415  (only this command needs it)

    print(calibrate.calibrate(_places(parsed).runtime, SystemClock()))
    return 0


def _doctor(parsed: argparse.Namespace) -> int:
    from vybor import doctor  # noqa: PLC0415  (only this command needs it)

    return doctor.examine(_places(parsed), settings.load(_settings_file(parsed)))


def _units(parsed: argparse.Namespace) -> int:
    from vybor import units  # noqa: PLC0415  (only this command needs it)

    for written in units.write(parsed.out):
        print(written)
    return 0


def _config(parsed: argparse.Namespace) -> int:
    default = msgspec.to_builtins(settings.Settings())
    for line in _settings_lines(msgspec.to_builtins(settings.load(_settings_file(parsed))), default, ""):
        print(line)
    return 0


def _settings_lines(values: dict[str, object], default: dict[str, object], section: str) -> list[str]:
    """TOML lines, plain keys before tables; a changed value says what the default is."""
    lines: list[str] = []
    tables: list[str] = []
    for key, value in values.items():
        usual = default[key]
        if isinstance(value, dict) and isinstance(usual, dict):
            tables += ["", f"[{key}]", *_settings_lines(value, usual, key)]
            continue
        shown = msgspec.json.encode(value).decode()
        changed = "" if value == usual else f"  # changed; the default is {msgspec.json.encode(usual).decode()}"
        lines.append(f"{key} = {shown}{changed}")
    return lines + tables
