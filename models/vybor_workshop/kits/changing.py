"""`vybor-workshop kit change`: what the owner knows better than a kit's card."""

import argparse

from vybor.foundation.errors import Missing, VyborError
from vybor_workshop import meant
from vybor_workshop.kits.adding import host_of
from vybor_workshop.kits.home import Card, Home, Kit, alone, note
from vybor_workshop.said import without_password


class StillThere(VyborError):
    """A data set that is said to be gone has rows of the kit."""

    exit_code = 65  # EX_DATAERR


def arguments(parser: argparse.ArgumentParser) -> None:
    """The grammar."""
    parser.add_argument("kit", metavar="KIT", help="its name, address or number, as `kit list` has them")
    parser.add_argument("--host", default="", metavar="HOST", help="its address now; HOST:PORT too")
    parser.add_argument("--name", default="", metavar="NAME", help="what to call it here")
    parser.add_argument(
        "--no-data",
        default="",
        metavar="URL",
        help="a data set of it that is gone for good: nothing is left there to delete",
    )
    meant.home_argument(parser, "keys and of its kits")


def run(parsed: argparse.Namespace) -> int:
    """Write it into the card, and print what stands there. Raises VyborError."""
    home = Home(parsed.home.absolute())
    (kit,) = home.named([parsed.kit])
    with alone(kit):
        changed = changed_card(kit, parsed.host, parsed.name, parsed.no_data)
    card = changed.card
    print(f"{card.name}  {card.host}:{card.port}  {card.kit}  rows in {_places(card)}")  # noqa: T201
    return 0


def changed_card(kit: Kit, host: str, name: str, no_data: str) -> Kit:
    """The kit with what is not empty. Its keys stay, so that another machine at that address is noticed.

    Raises Missing, PlaceError, and StillThere for a data set that is not gone.
    """
    if not (host or name or no_data):
        raise Missing("nothing is to be changed; name --host, --name or --no-data")
    gone = [url for url in kit.card.data if no_data in (url, without_password(url))]
    if no_data and not gone:
        raise Missing(f"{kit.card.name} has no rows in {no_data}; its card names: {_places(kit.card)}")
    if any(_is_there(kit, url) for url in gone):
        raise StillThere(
            f"{no_data} is there and has rows of {kit.card.name}: nothing would be deleted there any more; move "
            f"the rows away first, or remove them there (rows and quarantine, kit={kit.card.kit})"
        )
    there = host_of(host, kit.card.port) if host else None
    return note(
        kit,
        name=name or kit.card.name,
        host=there.name if there else kit.card.host,
        port=there.port if there else kit.card.port,
        data=tuple(url for url in kit.card.data if url not in gone),
    )


def _places(card: Card) -> str:
    return without_password(", ".join(card.data)) or "no place yet"


def _is_there(kit: Kit, url: str) -> bool:
    """Whether a data set has something of the kit; one that cannot be reached is its owner's to know of."""
    from vybor_workshop.kits.whereabouts import holding  # noqa: PLC0415  (pyarrow, which nothing else here needs)
    from vybor_workshop.log.data_set import DataSet  # noqa: PLC0415

    try:
        return any(holding(DataSet(url, kit.folder.parents[1] / "locks"), kit.card.kit))
    except VyborError:
        return False
