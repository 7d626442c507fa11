"""The shell of `vybor-workshop dataset`: reads the rows, has examples made of them, and keeps them as a growth."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from vybor.foundation.clock import wall_time
from vybor.foundation.errors import VyborError
from vybor_workshop import growth, json_files
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset import examples, making, reading
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.card import Card
from vybor_workshop.dataset.making import Made, Split
from vybor_workshop.growth import Growth
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.materials import Say
from vybor_workshop.model import recipe as recipes
from vybor_workshop.model.recipe import Given

RULES = ("rules.py", "following.py", "making.py", "examples.py", "reading.py", "base.py")
"""The modules beside this one that decide what is made: their text is the rules' version."""


class Overtaken(VyborError):
    """What was made is stale before it was kept."""

    exit_code = 75  # EX_TEMPFAIL


class Ready(msgspec.Struct, frozen=True):
    """Examples, and what is told of them."""

    examples: tuple[examples.Example, ...]
    card: Card
    base: Base


def ready(data: DataSet, home: Path, kit: str, base: Base, split: Split, say: Say) -> Ready:
    """Make the examples of a kit. Raises TooFew, PlaceError.

    Where the kit's wishes to forget grew while its rows were read, they are read again.
    """
    while True:
        wish = reading.wish(data, home, kit)
        with reading.opened(data) as rows:
            choices = reading.choices(rows, kit, say, reading.CHOICES, wish.offers)
            made = making.made(kit, choices, wish.spans, base, split)
        if reading.wish(data, home, kit) == wish:
            return Ready(made.examples, _card(kit, made, wish.deleted, base), base)
        say("something was deleted meanwhile: reading again")


def keep(ready: Ready, home: Path, data: DataSet) -> Growth:
    """Put them into the next growth, whole or not at all. Raises PlaceError, AddressInUse.

    Raises Overtaken where something was deleted since they were made: then none of it stays.
    """
    kit = ready.card.kit
    with growth.making(home, kit) as folder:
        made = Growth(kit, 0, folder)
        examples.write(made.examples, ready.examples)
        json_files.write(made.dataset, ready.card)
    kept = growth.growths(home, kit)[-1]
    if kept in growth.forget(home, kit, stale.remember(data, home, kit).places):
        raise Overtaken(
            f"the person had something deleted meanwhile, so growth {kept.name} is stale already; make another one"
        )
    return kept


def rules_version() -> str:
    """Twelve hex digits that change with the rules."""
    whole = hashlib.sha256()
    for name in RULES:
        whole.update(Path(__file__).with_name(name).read_bytes())
    return whole.hexdigest()[:12]


def base_for(data: DataSet, kit: str, named: str, cache: Path, say: Say, given: Given) -> Base:
    """The base that a recipe names, else the one that the kit writes with. Raises VyborError."""
    with reading.opened(data) as rows:
        model = reading.newest_model(rows, kit)
    worn = recipe_of(model, recipes.names())
    recipe = recipes.load(named or worn or DEFAULT)
    worn = recipe_of(model, (*recipes.names(), recipe.name))  # it may be a file of the owner's
    if model and worn != recipe.name:
        say(f"the kit writes with {worn or model}: what is trained for {recipe.name} it cannot wear")
    return bases.opened(recipe, cache, say, given)


def recipe_of(model: str, names: Iterable[str]) -> str:
    """The recipe that a model of the record was built from: its name begins with that; empty if none is."""
    found = [name for name in names if model == name or model.startswith(f"{name}-")]
    return max(found, key=len, default="")


DEFAULT = "smollm2-135m"
"""The model that a kit starts with."""


def _card(kit: str, made: Made, deleted: Collection[stale.Place], base: Base) -> Card:
    tally = made.tally
    return Card(
        kit=kit,
        made_at=wall_time(),
        rules=rules_version(),
        recipe=base.recipe,
        base_sha256=base.sha256,
        examples_sha256=hashlib.sha256(examples.lines(made.examples)).hexdigest(),
        deletions=len(deleted),
        deleted=tuple(sorted(deleted)),
        rows=tally.rows,
        first=made.examples[0].place,
        last=made.examples[-1].place,
        parts=making.sizes(made.examples, base),
        kept=dict(tally.kept),
        dropped=dict(tally.dropped),
        sentences_dropped=dict(tally.sentences_dropped),
        rows_dropped=dict(tally.rows_dropped),
    )
