"""`vybor …`: the grammar of every command. What they do is in vybor/commands/, loaded when it is called for."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

from vybor.commands import calls
from vybor.foundation import ending, places
from vybor.foundation.grammar import Parser
from vybor.foundation.places import usual_settings
from vybor.foundation.version import version
from vybor.processes import BY_NAME, PROCESSES

Commands = argparse._SubParsersAction  # argparse has no public name for it
INSTEAD = "backslashreplace"
"""What is printed of a letter that the terminal does not have: its number."""
ALL = ("config", "runtime", "state", "share")
"""The options of places; a command takes those that it uses."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error is one sentence on stderr and its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    _open_to_all_letters()
    parsed = (_running_alone() if words[:1] == ["run"] else parser()).parse_args(words)
    if getattr(parsed, "json", False) and isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=INSTEAD)  # JSON is, whatever letters the terminal has
    command: Callable[[argparse.Namespace], int] = parsed.command
    return ending.exit_code("vybor", lambda: command(parsed))


def _open_to_all_letters() -> None:
    """Bytes that are no text, and letters that the terminal does not have, end no command."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors=INSTEAD)


# --- the grammar ----------------------------------------------------------------------------------------------


def _running_alone() -> argparse.ArgumentParser:
    """The grammar of `vybor run`: every process of the kit would hold all of it for as long as it runs, 4 MB."""
    top: argparse.ArgumentParser = Parser(prog="vybor")
    _run_command(top.add_subparsers(required=True, metavar="COMMAND"))
    return top


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    from vybor.commands import given, model  # noqa: PLC0415
    from vybor.commands.accounts import grammar as accounts  # noqa: PLC0415
    from vybor.commands.fits import fitting  # noqa: PLC0415
    from vybor.commands.gaze import grammar as gaze  # noqa: PLC0415
    from vybor.commands.headband import grammar as headband  # noqa: PLC0415
    from vybor.commands.protection import grammar as protect  # noqa: PLC0415
    from vybor.commands.records import log  # noqa: PLC0415
    from vybor.firmware import command as firmware  # noqa: PLC0415

    top: argparse.ArgumentParser = Parser(
        prog="vybor", description="A writing kit for people who choose instead of typing."
    )
    top.add_argument("--version", action="version", version=f"vybor {version()}", help="say which Vybor this is")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _running_commands(commands)
    _screen_commands(commands)
    _looking_commands(commands)
    _config_commands(commands)
    given.add_to(commands, _command)
    accounts.add_to(commands, _command)
    fitting.add_to(commands, _command)
    protect.add_to(commands, _command)
    log.add_to(commands, _command)
    model.add_to(commands, _command)
    gaze.add_to(commands, _command)
    headband.add_to(commands, _command)
    firmware.add_to(commands)
    units = _command(
        commands, "units", calls.units, "write the systemd units of the kit", example="units --out DIR"
    )
    units.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to")
    completion = _command(
        commands,
        "completion",
        calls.completion,
        "print a script that completes these commands in your shell",
        example="completion bash >> ~/.bash_completion",
    )
    completion.set_defaults(grammar=parser)
    completion.add_argument("shell", choices=("bash", "zsh"), help="for which shell")
    return top


def _running_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    up = _command(
        commands,
        "up",
        calls.up,
        "start the kit here, without systemd (supervisor keeps it running)",
        uses=ALL,
        example="up --config vybor.toml --without headband",
    )
    up.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="PROCESS",
        choices=sorted(BY_NAME),
        help="leave a process out; may be given more than once",
    )
    _run_command(commands)
    _command(
        commands,
        "practice",
        calls.practice,
        "begin exercises on the wearer's screen; nothing of them is said, kept or learned",
        uses=("runtime",),
        example="practice",
    )
    partner = _command(
        commands,
        "partner",
        calls.partner,
        "tell a running kit what the other person just said, so that the words offered answer it",
        uses=("runtime",),
        example="partner 'How was your day?'",
    )
    partner.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="what they said; without words, each line that is typed is a turn, and an empty one clears",
    )
    partner.add_argument("--clear", action="store_true", help="take it off the screen again")
    partner.set_defaults(refuse=partner.error)


def _run_command(commands: "Commands[argparse.ArgumentParser]") -> None:
    run = _command(commands, "run", calls.run, "run one process of the kit", uses=ALL, example="run gaze")
    run.add_argument("process", choices=[row.name for row in PROCESSES], help="which one")


def _screen_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    screen = _command(
        commands,
        "display",
        calls.display,
        "show the other person what is said, on a screen of their own; or change the colours of a kit that runs",
        uses=("config", "runtime"),
        example="display --partner --fullscreen --screen 2",
    )
    what = screen.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--partner",
        action="store_true",
        help="open a window that faces the other person: what is said, large, and that somebody is writing",
    )
    what.add_argument(
        "--theme",
        choices=calls.THEMES,
        help="show these colours until the display starts again; usual: those of the settings",
    )
    screen.add_argument("--fullscreen", action="store_true", help="let that window fill its screen")
    screen.add_argument(
        "--screen", type=_counted, default=1, metavar="N", help="which screen it opens on, counted from 1 (1)"
    )
    page = _command(
        commands,
        "browser",
        calls.browser,
        "say the link that opens the page in a browser that is the display (browser.listen)",
        uses=("runtime",),
        example="browser",
    )
    page.add_argument(
        "--webgazer", action="store_true", help="say instead how to fetch what follows the eyes there"
    )


def _counted(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of a screen; they are counted from 1")
    return number


def _looking_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    _command(
        commands,
        "interest",
        calls.interest,
        "say what the kit has learned of the person's interest, and whether it moves words",
        uses=("runtime",),
        example="interest",
    )
    status = _command(
        commands,
        "status",
        calls.status,
        "say how the kit fares; ends with 0 if all is well, 1 if something is wrong, 3 if it does not run",
        uses=("runtime", "state", "share"),
        example="status --json",
    )
    status.add_argument("--json", action="store_true", help="as JSON, for programs")
    doctor = _command(
        commands,
        "doctor",
        calls.doctor,
        "check this machine and this kit, and say what to mend; changes nothing",
        uses=ALL,
        example="doctor --acceptance --report kit-7.md",
    )
    doctor.add_argument(
        "--acceptance",
        action="store_true",
        help="walk through the checks that need real hardware and a person; it goes on where it was left",
    )
    doctor.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="where the walk writes its report (default: vybor-acceptance.md; the answers lie beside it as .json)",
    )
    doctor.add_argument(
        "--again",
        metavar="CHECK",
        help="repeat one check of the walk, by its name in the report, and put its answer there",
    )
    doctor.set_defaults(refuse=doctor.error)
    bundle = _command(
        commands,
        "bundle",
        calls.bundle,
        "gather logs, settings and versions into one file for support; never what was written with the kit",
        uses=ALL,
        example="bundle --out vybor.tar.gz",
    )
    what = bundle.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FILE", help="the file to write (.tar.gz); - prints it")
    what.add_argument("--list", action="store_true", help="only say what would be inside")


VALUES = """\
VALUE is text, a number, true or false: `gaze.hz 15`, `language ru`, `gaze.camera v4l2:/dev/video2`.
A list is one word in TOML, `voice.player '["aplay", "-q", "-"]'`, or its words after two dashes,
`voice.player -- aplay -q -`."""


def _config_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    whole = _command(
        commands,
        "config",
        calls.config_show,
        "show the settings in force, or change them",
        uses=("config", "state"),
        example="config set gaze.camera v4l2:/dev/video2",
    )
    whole.set_defaults(changed=False, default=False)
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, show")
    show = _command(
        parts,
        "show",
        calls.config_show,
        "show the settings in force; changed ones are marked",
        uses=("config", "state"),
        example="config show --changed",
    )
    show.add_argument("--changed", action="store_true", help="only those that differ from the default")
    show.add_argument("--default", action="store_true", help="the whole file of defaults instead, documented")
    change = ("config", "runtime")
    put = _command(
        parts,
        "set",
        calls.config_set,
        "change one setting; comments stay, the version before is kept, a file that would not hold is refused",
        uses=change,
        example="config set gaze.camera v4l2:/dev/video2",
        more=VALUES,
    )
    put.add_argument("key", metavar="KEY", help="which setting, such as gaze.hz (`vybor config keys`)")
    put.add_argument("value", metavar="VALUE", nargs="+", help="what it shall be")
    unset = _command(
        parts,
        "unset",
        calls.config_unset,
        "let the default of one setting hold again",
        uses=change,
        example="config unset gaze.hz",
    )
    unset.add_argument("key", metavar="KEY", help="which setting")
    _command(
        parts,
        "undo",
        calls.config_undo,
        "bring back the settings before the last change; what held until now is kept as FILE.undone-N",
        uses=change,
        example="config undo",
    )
    _command(
        parts,
        "take",
        calls.config_take,
        "do one change that the carer's page asks for on standard input, if it is one that a carer may make",
        uses=("config",),
        example="config take --config vybor.toml",
    )
    _command(parts, "keys", calls.config_keys, "list every setting and what it may be", example="config keys")


def _command(  # noqa: PLR0913  (a row of a table, read by its names)
    commands: "Commands[argparse.ArgumentParser]",
    name: str,
    does: Callable[[argparse.Namespace], int],
    explained: str,
    *,
    uses: Sequence[str] = (),
    example: str = "",
    more: str = "",
) -> argparse.ArgumentParser:
    """One command: what it does, the places that it uses, and an example that its help ends with."""
    shown = (more, f"example:\n  vybor {example or name}")
    made = commands.add_parser(
        name,
        help=explained,
        description=explained[:1].upper() + explained[1:] + ".",
        epilog="\n\n".join(part for part in shown if part),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(command=does)
    default = places.default_places(os.environ)
    options = {
        "config": ("FILE", f"settings (default: {_escaped(usual_settings(os.environ))}, if it is there)"),
        "runtime": ("DIR", f"folder for sockets (default: {_escaped(default.runtime)})"),
        "state": ("DIR", f"folder for the journal and the kept looks (default: {_escaped(default.state)})"),
        "share": (
            "DIR",
            f"folder of the model, the words and the landmarker (default: {_escaped(default.share)})",
        ),
    }
    for option in uses:
        metavar, words = options[option]
        # SUPPRESS: `config --config FILE set …` must not be forgotten by the parser of `set`
        made.add_argument(f"--{option}", type=Path, metavar=metavar, help=words, default=argparse.SUPPRESS)
    return made


def _escaped(path: Path) -> str:
    """A path as argparse prints it in help."""
    return str(path).replace("%", "%%")
