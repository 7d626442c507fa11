"""`vybor fit`: its grammar, and what it does with what came of a fitting."""
# ruff: noqa: PLC0415  (the command loads what it needs, and no other's)

import argparse
import sys
from typing import TYPE_CHECKING

from vybor.commands.surroundings import Make, places_of, settings_to_write
from vybor.contracts.messages import Sign
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import VyborError
from vybor.foundation.progress import on_stderr

if TYPE_CHECKING:
    from pathlib import Path

    from vybor.commands.fits import fit

MORE = """\
The wearer sees on the screen what to do: nothing first, then a sign whenever they are asked. Here Enter begins
each sign, s leaves it out, q stops; the wearer can do the same on the screen. What is proposed is set only after a
yes, or with --accept; `vybor config undo` takes it back."""
SIGNS = tuple(sign.value for sign in Sign)
BY_HEADBAND = (Sign.DOUBLE_BLINK.value, Sign.CLENCH.value)
ON_THE_SCREEN = "nothing is set; the wearer can accept it on the screen"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line this command."""
    fit = make(
        commands,
        "fit",
        _fit,
        "find in about three minutes how the wearer chooses best, and set it so; the kit must run",
        uses=("config", "runtime"),
        example="fit --only pad,switch",
        more=MORE,
    )
    fit.add_argument(
        "--only",
        type=_signs,
        default=(),
        metavar="SIGNS",
        help=f"try these alone, with commas: {', '.join(SIGNS)}",
    )
    what = fit.add_mutually_exclusive_group()
    what.add_argument("--accept", action="store_true", help="set what is proposed without asking")
    what.add_argument(
        "--forget",
        action="store_true",
        help="let the settings hold again in place of what was accepted on the screen",
    )
    what.add_argument(
        "--places",
        action="store_true",
        help="measure anew, while the wearer writes, where Undo and Speak stand best",
    )
    fit.add_argument("--json", action="store_true", help="what came of it as JSON, for programs")


def add_to_headband(parts: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach `vybor headband` to fit what a headband notices, and nothing else."""
    fit = make(
        parts,
        "fit",
        _fit,
        "find the wearer's own double blinks and clenches, and set the headband by them; the kit must run",
        uses=("config", "runtime"),
        example="headband fit",
        more=MORE,
    )
    fit.set_defaults(only=BY_HEADBAND, places=False)
    what = fit.add_mutually_exclusive_group()
    what.add_argument("--accept", action="store_true", help="set what is proposed without asking")
    what.add_argument("--forget", action="store_true", help="forget what the wearer accepted on the screen")
    fit.add_argument("--json", action="store_true", help="what came of it as JSON, for programs")


def _signs(text: str) -> tuple[str, ...]:
    named = tuple(part.strip() for part in text.split(","))
    for name in named:
        if name not in SIGNS:
            raise argparse.ArgumentTypeError(f"{name!r} is no sign; there are {', '.join(SIGNS)}")
    return named


def _fit(parsed: argparse.Namespace) -> int:
    """`vybor fit`; ends with 1 if the fitting came to no end."""
    from vybor.commands.fits import fit

    runtime, clock = places_of(parsed).runtime, SystemClock()
    if parsed.forget or parsed.places:
        print(fit.forgotten(runtime, clock) if parsed.forget else _places(runtime, clock))
        return 0
    can_set, typed = _can_set(parsed), fit.Typed(sys.stdin.fileno())
    outcome = fit.held(parsed.only, runtime, clock, typed, on_stderr)
    if parsed.json:
        print(fit.as_json(outcome))
    elif outcome is None:
        print("the fitting was left before its end; nothing has changed")
    else:
        print("\n".join(fit.table(outcome)))
    if outcome is None:
        return 1
    if not outcome.proposed:
        fit.stopped(runtime, clock)
    elif can_set and (parsed.accept or _is_wanted(typed)):
        _accepted(parsed, outcome, runtime, clock)
    elif typed.ended or not can_set:
        on_stderr(ON_THE_SCREEN)
    else:
        fit.stopped(runtime, clock)
        on_stderr("nothing is set")
    return 0


def _can_set(parsed: argparse.Namespace) -> bool:
    """Whether what is found can be set from here, asked before the wearer works for it; if not, that is said.

    Raises SettingsError and PlaceError where it is to be set without asking.
    """
    from vybor.commands.settings import configuring

    try:
        configuring.can_be_changed(settings_to_write(parsed))
    except VyborError as error:
        if parsed.accept:
            raise
        on_stderr(f"{error}; without that the wearer alone can accept what is found, on the screen")
        return False
    return True


def _accepted(parsed: argparse.Namespace, outcome: "fit.Outcome", runtime: "Path", clock: SystemClock) -> None:
    """Set what is proposed; what cannot be set stays on the screen. Raises VyborError."""
    from vybor.commands.fits import fit

    values, is_hidden = fit.to_write(outcome.proposed, fit.accepted(runtime, clock))
    try:
        _set(parsed, values)
    except VyborError:
        on_stderr(ON_THE_SCREEN)
        raise
    fit.stopped(runtime, clock)
    if is_hidden:
        fit.forgotten(runtime, clock)


def _places(runtime: "Path", clock: SystemClock) -> str:
    """`vybor fit --places`."""
    from vybor.commands.fits import places

    return "\n".join(places.measured_anew(runtime, clock))


def _is_wanted(typed: "fit.Typed") -> bool:
    """Ask, and wait for an answer; nobody there is no yes."""
    from vybor.commands.fits import fit

    on_stderr("set it so? y or n")
    while not typed.ended:
        if (line := typed.line(fit.LOOK_S)) is not None:
            return line in fit.YES
    return False


def _set(parsed: argparse.Namespace, values: dict[str, bool | float]) -> None:
    """Change the settings as `vybor config set` does, all at once."""
    from vybor.commands.settings import configuring, keys
    from vybor.doctor import supervised
    from vybor.doctor.machine import Machine

    for line in configuring.put_together(settings_to_write(parsed), values):
        on_stderr(line)
    readers = dict.fromkeys(reader for name in values for reader in keys.key_named(name).readers)
    by_systemd = [unit.process for unit in supervised.ask(Machine()) if unit.active != "inactive"]
    on_stderr(configuring.to_restart(tuple(readers), places_of(parsed).runtime, by_systemd))
