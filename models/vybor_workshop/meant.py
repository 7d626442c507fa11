"""What the arguments of a command mean: which kit, data set and home, and how many of what."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.foundation.errors import Missing, VyborError
from vybor_workshop.places import default_home

if TYPE_CHECKING:
    from vybor_workshop.kits.home import Kit
    from vybor_workshop.log.data_set import DataSet
    from vybor_workshop.model.recipe import Given

ROWS, EXAMPLES = "there are rows of one kit alone", "one kit alone has examples"
LANGUAGES = ("en", "ru")
HAS = "keys, kits and growths"
OWN_RECIPE = "the recipe of their base, where it is a file of your own"


class WrongUse(VyborError):
    """Options that do not go together."""

    exit_code = 64  # EX_USAGE


def count(text: str) -> int:
    """An option that is a number of things."""
    return _whole(text, 0)


def positive(text: str) -> int:
    """One that is 1 at least."""
    return _whole(text, 1)


def amount(text: str) -> float:
    """One that is a number above 0."""
    try:
        found = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no number") from None
    if not 0 < found < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is no number above 0")
    return found


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text} is not what it must be: a whole number, {least} at least")
    return int(text)


def kit_argument(parser: argparse.ArgumentParser, unneeded: str = ROWS) -> None:
    """Which kit; `unneeded`: where it need not be said."""
    parser.add_argument(
        "kit",
        nargs="?",
        default="",
        metavar="KIT",
        help=f"its name, or the beginning of its number; not needed where {unneeded}",
    )


def data_argument(parser: argparse.ArgumentParser) -> None:
    """Which data set."""
    parser.add_argument(
        "--data", default="", metavar="URL", help="the data set: a folder, or s3://… (data, in --home)"
    )


def base_arguments(parser: argparse.ArgumentParser, recipe: str) -> None:
    """Which base, and what its weights ask for; `recipe`: what is meant by that."""
    parser.add_argument("--recipe", default="", metavar="RECIPE", help=recipe)
    parser.add_argument(
        "--source", type=Path, metavar="PATH", help="weights that you have, where the recipe asks for them"
    )
    parser.add_argument(
        "--accept-terms", action="store_true", help="you have read the weights' terms of use, and accept them"
    )


def given_of(parsed: argparse.Namespace) -> "Given":
    """What the owner gives to the weights of a base."""
    from vybor_workshop.model.recipe import Given

    return Given(source=parsed.source, accepts_terms=parsed.accept_terms)


def home_argument(parser: argparse.ArgumentParser, has: str = HAS) -> None:
    """The workstation's folder; `has`: what of it the command is about."""
    parser.add_argument(
        "--home",
        type=Path,
        default=default_home(os.environ),
        metavar="DIR",
        help=f"folder of the workstation's {has} (%(default)s)",
    )


def language_argument(parser: argparse.ArgumentParser, what: str) -> None:
    """In which language; `what` is to be read in it."""
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=language_of(os.environ),
        help=f"in which language {what} (this machine's: %(default)s)",
    )


def language_of(environ: Mapping[str, str]) -> str:
    """That of the machine, as its environment says it, where the workstation speaks it; else English. Pure."""
    said = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    language = said.partition("_")[0].partition(".")[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def data_of(parsed: argparse.Namespace) -> "DataSet":
    """The data set that is named, or that of the home."""
    from vybor_workshop.log.data_set import DataSet

    home = parsed.home.absolute()
    return DataSet(parsed.data or str(home / "data"), home / "locks")


def kit_of(parsed: argparse.Namespace, data: "DataSet", named: str | None = None) -> str:
    """The number of the kit that is meant, by its name too. Raises VyborError."""
    return kit_in(data, parsed.kit if named is None else named, parsed.home.absolute())


def kit_in(data: "DataSet", name: str, home: Path) -> str:
    """The number of the kit of this name in a data set; `home` knows the names. Raises VyborError."""
    from vybor_workshop.dataset import reading
    from vybor_workshop.kits.home import Home

    kits = Home(home).kits() if name else []
    return reading.kit_of(data, name, {name: number_of(name, kits)})


def called(kit: str, home: Path) -> str:
    """A kit by its name, with its number behind it; by its number alone where nobody has named it."""
    from vybor_workshop.kits.home import Home

    name = next((one.card.name for one in Home(home).kits() if one.card.kit == kit), "")
    return f"{name} ({kit})" if name else kit


def number_of(name: str, kits: "Sequence[Kit]") -> str:
    """Of the kit that has this name or address; else what was typed, it may be the beginning of a number.

    Raises Missing where more than one is called so.
    """
    found = sorted({kit.card.kit for kit in kits if name in (kit.card.name, kit.card.host)})
    if len(found) > 1:
        raise Missing(f"{name} is the name of more than one kit; name it by its number: {', '.join(found)}")
    return found[0] if found else name
