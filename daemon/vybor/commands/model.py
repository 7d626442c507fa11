"""`vybor model …`: what the model learned from its person, version by version, in a kit that runs."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Iterator
from pathlib import Path

from vybor.commands.surroundings import Make, places_of
from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState
from vybor.foundation.clock import Clock, SystemClock
from vybor.foundation.errors import Missing

FACTORY = "factory"
STATES = {
    GrownState.TRYING: "is being tried",
    GrownState.ON_TRIAL: "on trial",
    GrownState.GOOD: "good",
    GrownState.LEFT: "not worn",
    GrownState.ROLLED_BACK: "rolled back",
    GrownState.REFUSED: "refused",
    GrownState.REMOVED: "removed",
}
WHICH = """\
Versions come from the paired workstation (`vybor-workshop publish`, then `sync`). Each is checked, tried in a
process of its own, and worn on trial until enough of its words were taken; if it is no good, the one before that
was good goes on. The model as it came, `factory`, is always there."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line these commands."""
    whole = make(
        commands,
        "model",
        _list,
        "what the model learned from its person: the versions there are, and which one it wears",
        uses=("runtime",),
        example="model list",
        more=WHICH,
    )
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, list")
    make(
        parts,
        "list",
        _list,
        "list the versions: which one is worn, how far each is, and why one is not used",
        uses=("runtime",),
        example="model list",
    )
    use = make(
        parts,
        "use",
        _use,
        "have the model wear this version; it is on trial anew unless it was good",
        uses=("runtime",),
        example="model use 3",
        more=WHICH,
    )
    use.add_argument("serial", metavar="SERIAL", type=_serial, help="its number in the list, or factory: none")
    make(
        parts,
        "rollback",
        _rollback,
        "go back to the version before that was good, or to the model as it came",
        uses=("runtime",),
        example="model rollback",
    )


def told(wish: m.WearGrown | None, runtime: Path, clock: Clock) -> m.GrownTold:
    """Ask the kit that runs there, or have it wear something. Raises Missing if it refuses, or if none runs."""
    from msgspec.structs import replace

    from vybor.commands import asking

    with asking.reached("generator", "model", runtime, clock) as generator:
        request = generator.new_request()
        reply = generator.told(replace(wish, request=request) if wish else m.TellGrown(request=request))
    if not isinstance(reply, m.GrownTold):
        raise Missing("the kit is of another version; start it again")
    return reply


def lines(known: m.GrownTold) -> Iterator[str]:
    """A line for each version, and why where something is wrong."""
    if known.by_hand:
        yield f"the model wears {known.by_hand}, which somebody laid there; take it away to wear a version"
    is_factory = not known.by_hand and not any(one.is_worn and not one.is_for_sentences for one in known.grown)
    yield f"{_mark(is_factory)} {FACTORY:>7}  the model as it came"
    for one in known.grown:
        yield f"{_mark(one.is_worn)} {one.became.serial:>7}  {_about(one)}"
        if one.became.reason:
            yield f"{'':11}{one.became.reason}"
    yield f"model: {known.model or 'none is loaded'}"


def _mark(is_worn: bool) -> str:
    return "*" if is_worn else " "


def _about(one: m.Grown) -> str:
    became = one.became
    told = [STATES[became.state]]
    if one.is_for_sentences:
        told.append("for whole sentences from a word alone")
    if became.growth:
        told.append(f"growth {became.growth}")
    if one.at:
        told.append(f"came {one.at[:10]}")
    if became.starts:
        told.append(f"starts {became.starts}")
    if became.choices:
        told.append(f"words taken {became.choices}, of them taken back at once {became.undone}")
    if became.is_stale:
        told.append("learned from what was deleted since: retrain")
    return ", ".join(told)


def _serial(typed: str) -> int:
    if typed == FACTORY:
        return 0
    if not (typed.isascii() and typed.isdecimal() and 0 < int(typed[:9]) < 10**6):
        raise argparse.ArgumentTypeError(
            f"{typed} is no version; name a number of `vybor model list`, or {FACTORY}"
        )
    return int(typed)


def _list(parsed: argparse.Namespace) -> int:
    return _shown(None, parsed)


def _use(parsed: argparse.Namespace) -> int:
    return _shown(m.WearGrown(request="", serial=parsed.serial), parsed)


def _rollback(parsed: argparse.Namespace) -> int:
    return _shown(m.WearGrown(request="", back=True), parsed)


def _shown(wish: m.WearGrown | None, parsed: argparse.Namespace) -> int:
    print("\n".join(lines(told(wish, places_of(parsed).runtime, SystemClock()))))
    return 0
