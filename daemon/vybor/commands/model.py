"""`vybor model …`: what the workstation sent, adapters, whole models, numbers, in a kit that runs."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from vybor.commands.surroundings import Make, places_of
from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState
from vybor.contracts.numbers import Learned
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
AS_IT_CAME = {
    Learned.ADAPTER: "the model as it came",
    Learned.FRAMES: "frames: none that was sent",
    Learned.INTEREST: "interest: everybody's numbers",
    Learned.COUNTS: "counts: everybody's numbers",
    Learned.SIGNS: "signs: as the kit's own fitting found them",
}
WHICH = """\
Versions come from the paired workstation (`vybor-workshop publish`, then `sync`): what the model learned, which
it wears, or a whole model in its place. Each is checked, tried in a process of its own, and used on trial until
enough of its words were taken; if it is no good, the one before that was good goes on. What was learned goes with
the model that it was made for: `use` puts that on too, and a whole model wears the newest good version that goes
with it. The model as it came, `factory`, is always there. While one model takes another's place the word lists
write. What makes whole sentences from a word, `frames`, is worn beside it, and taken off, by itself (`--kind`).
Beside these there are numbers of one person: `interest`, `counts` and `signs`, each worn, and taken off, by
itself (`--kind`); without them everybody's hold, and for signs what the kit's own fitting found."""


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
        "have the model wear this version, or be this whole one; it is on trial anew unless it was good",
        uses=("runtime",),
        example="model use 3",
        more=WHICH,
    )
    use.add_argument(
        "serial",
        metavar="SERIAL",
        type=_serial,
        help="its number in the list, or factory: the model as it came, alone",
    )
    _kind_of(use, "with factory: of which kind none is to be worn (adapter)")
    back = make(
        parts,
        "rollback",
        _rollback,
        "go back to the version before that was good, or to the model as it came",
        uses=("runtime",),
        example="model rollback",
    )
    _kind_of(back, "of which kind (adapter, which stands for whole models too)")


def _kind_of(parser: argparse.ArgumentParser, explained: str) -> None:
    kinds = [kind.value for kind in Learned]
    parser.add_argument("--kind", choices=kinds, default=Learned.ADAPTER.value, help=explained)


def told(wish: m.WearGrown | None, runtime: Path, clock: Clock) -> m.GrownTold:
    """Ask the kit that runs there, or have it wear something. Raises Missing if it refuses, or if none runs."""
    from msgspec.structs import replace

    from vybor.commands import asking

    with asking.reached("generator", "model", runtime, clock) as generator:
        request = generator.new_request()
        asked = replace(wish, request=request) if wish else m.TellGrown(request=request)
        reply = generator.told(asked, lambda words: print(words, file=sys.stderr))
    if not isinstance(reply, m.GrownTold):
        raise Missing("the kit is of another version; start it again")
    return reply


def lines(known: m.GrownTold) -> Iterator[str]:
    """A line for each version, and why where something is wrong."""
    if known.by_hand:
        yield f"the model wears {known.by_hand}, which somebody laid there; take it away to wear a version"
    for kind in Learned:
        found = [one for one in known.grown if one.kind is kind]
        by_hand = known.by_hand if kind is Learned.ADAPTER else ""
        if found or kind is Learned.ADAPTER:
            is_factory = not by_hand and not any(one.is_worn for one in found)
            yield f"{_mark(is_factory)} {FACTORY:>7}  {AS_IT_CAME[kind]}"
        for one in found:
            yield from _lines_of(one, known)
    yield f"model: {known.model or 'none is loaded'}"


def _lines_of(one: m.Grown, known: m.GrownTold) -> Iterator[str]:
    yield f"{_mark(one.is_worn)} {one.became.serial:>7}  {', '.join(_about(one, known))}"
    if one.became.reason:
        yield f"{'':11}{one.became.reason}"


def _mark(is_worn: bool) -> str:
    return "*" if is_worn else " "


def _about(one: m.Grown, known: m.GrownTold) -> Iterator[str]:
    became, is_adapter = one.became, one.kind in (Learned.ADAPTER, Learned.FRAMES)
    if one.whole:
        yield f"whole model {one.whole}"
    yield STATES[became.state] if one.kind is Learned.ADAPTER else f"{one.kind}: {STATES[became.state]}"
    if one.kind is Learned.FRAMES:
        yield "for whole sentences from a word alone"
    if became.growth:
        yield f"{'growth' if is_adapter else 'fit'} {became.growth}"
    if one.at:
        yield f"came {one.at[:10]}"
    if became.starts:
        yield f"starts {became.starts}"
    if became.choices:
        yield _choices(one)
    if became.is_stale:
        yield "learned from what was deleted since: retrain"
    if became.base and is_adapter and not one.whole and any(each.whole for each in known.grown):
        yield f"goes with {_models(became.base, known)}"


def _choices(one: m.Grown) -> str:
    if one.kind is Learned.SIGNS:
        return f"choices by signs {one.became.choices}, of them taken back at once or in vain {one.became.undone}"
    return f"words taken {one.became.choices}, of them taken back at once {one.became.undone}"


def _models(base: str, known: m.GrownTold) -> str:
    """The models that were built from these weights, as they are called here."""
    factory = [FACTORY] if base == known.factory else []
    sent = [str(each.became.serial) for each in known.grown if each.whole and each.became.base == base]
    return ", ".join([*factory, *sent]) or "no model that is here"


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
    return _shown(m.WearGrown(request="", serial=parsed.serial, kind=Learned(parsed.kind)), parsed)


def _rollback(parsed: argparse.Namespace) -> int:
    return _shown(m.WearGrown(request="", back=True, kind=Learned(parsed.kind)), parsed)


def _shown(wish: m.WearGrown | None, parsed: argparse.Namespace) -> int:
    print("\n".join(lines(told(wish, places_of(parsed).runtime, SystemClock()))))
    return 0
