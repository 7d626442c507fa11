"""`vybor-workshop publish` and `vybor-workshop model grown`: their grammar, and what they print."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.errors import Missing
from vybor.foundation.progress import on_stderr
from vybor_workshop import meant
from vybor_workshop.meant import WrongUse

if TYPE_CHECKING:
    from vybor_workshop.kits.home import Home, Kit
    from vybor_workshop.log.data_set import DataSet

Parsed = argparse.Namespace


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kit",
        nargs="?",
        default="",
        metavar="KIT",
        help="the kit, by name, address or number; not needed where one alone is paired",
    )
    meant.data_argument(parser)
    meant.home_argument(parser)


def _publish_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument(
        "--growth", default="", metavar="NUMBER", help="which growth, or which fit; without it, the kit's newest"
    )
    parser.add_argument(
        "--again", action="store_true", help="also one that was published before: it gets a new number"
    )
    parser.add_argument(
        "--kind",
        choices=("adapter", "interest", "counts", "signs", "model", "frames"),
        default="adapter",
        help="adapter: a growth's, some megabytes (the usual); interest, counts, signs: what `personal fit` "
        "found, a kilobyte; model: a whole one, from --model; frames: what makes sentences from key words",
    )
    parser.add_argument(
        "--frames", default="", metavar="NUMBER", help="with --kind frames: which, by its number (the newest)"
    )
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="with --kind model: the folder that `model build` made"
    )


def _publish(parsed: Parsed) -> int:
    from vybor.bundles import numbers
    from vybor.bundles.manifest import Kind
    from vybor_workshop import growth
    from vybor_workshop.frames import kept as frames
    from vybor_workshop.log import stale
    from vybor_workshop.personal import keeping as fits
    from vybor_workshop.publish import fate, publishing
    from vybor_workshop.publish.queue import Queue

    if (parsed.kind == "model") != (parsed.model is not None):
        raise WrongUse("--kind model and --model DIR go together; an adapter comes from a growth")
    if parsed.kind == "model" and parsed.growth:
        raise WrongUse("a whole model comes from no growth; leave out --growth")
    if (parsed.kind == "frames" and parsed.growth) or (parsed.kind != "frames" and parsed.frames):
        raise WrongUse("--kind frames and --frames NUMBER go together, and come from no growth")
    home, data = _surroundings(parsed)
    kit = _kit(home, parsed.kit)
    wish = publishing.Wish(
        deleted=stale.known(data, home.folder, kit.card.kit).places,
        became=fate.became(data, kit.card.kit),
        again=parsed.again,
    )
    queue = Queue(home.folder, kit, home.workstation())
    if parsed.kind in numbers.FORMS:
        where = fits.named(home.folder, kit.card.kit, Kind(parsed.kind), parsed.growth)
        made = publishing.publish_fit(queue, where, wish)
    elif parsed.kind == "model":
        on_stderr("reading, packing and signing the model: some seconds for each hundred megabytes")
        made = publishing.publish_model(queue, parsed.model.absolute(), wish)
    elif parsed.kind == "frames":
        made = publishing.publish_frames(queue, frames.named(home.folder, parsed.frames), wish)
    else:
        made = publishing.publish_growth(queue, growth.named(home.folder, kit.card.kit, parsed.growth), wish)
    print(
        f"{made.name} is signed for {kit.card.name} as number {made.serial} ({made.size / 1e6:.1f} MB); "
        "`vybor-workshop sync` sends it, and `vybor-workshop model grown` says what becomes of it"
    )
    return 0


def _grown(parsed: Parsed) -> int:
    home, data = _surroundings(parsed)
    kits = home.named([parsed.kit] if parsed.kit else [])
    for kit in kits:
        for line in _told(home, kit, data):
            print(line)
    return 0


def _told(home: "Home", kit: "Kit", data: "DataSet") -> list[str]:
    from vybor.bundles import numbers
    from vybor_workshop.growth import growths
    from vybor_workshop.log import stale
    from vybor_workshop.publish import fate, record, told

    number = kit.card.kit
    deleted = stale.known(data, home.folder, number).places
    grown = [told.growth_line(each, deleted) for each in growths(home.folder, number)]
    fitted = [each for kind in numbers.FORMS for each in growths(home.folder, number, kind)]
    grown += [told.fit_line(each, len(deleted)) for each in fitted]
    became = fate.became(data, number)
    sent = [told.sent_line(one, became.get(one.serial)) for one in record.all_of(home.folder, number)]
    lines = [*grown, *sent] or ["nothing yet; begin with `vybor-workshop dataset`"]
    return [f"{kit.card.name}  {number}", *(f"  {line}" for line in lines)]


def _surroundings(parsed: Parsed) -> "tuple[Home, DataSet]":
    from vybor_workshop.kits.home import Home
    from vybor_workshop.log.data_set import DataSet

    home = Home(parsed.home.absolute(), parsed.data)
    return home, DataSet(home.data_url, home.folder / "locks")


def _kit(home: "Home", name: str) -> "Kit":
    """The kit that is meant. Raises Missing."""
    kits = home.named([name] if name else [])
    if len(kits) > 1:
        names = ", ".join(kit.card.name for kit in kits)
        raise Missing(f"more than one kit is paired; name one of: {names}")
    return kits[0]


ROWS: Sequence[tuple[tuple[str, ...], str, Callable[[Parsed], int], Callable[[argparse.ArgumentParser], None]]] = (
    (
        ("publish",),
        "sign a growth that passed its gate, numbers that a fit found, or a whole model, for its kit: the next "
        "sync sends it",
        _publish,
        _publish_arguments,
    ),
    (
        ("model", "grown"),
        "list the growths of kits, what of them was published, and what became of it there",
        _grown,
        _arguments,
    ),
)
"""Words, what it does, the function, the grammar."""
