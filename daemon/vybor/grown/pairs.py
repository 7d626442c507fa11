"""Which adapter goes with which model, and which of the two answers for what goes wrong. Pure.

An adapter goes with every model that was built from the weights that it was made for: the model as it came, or one
that was sent. So whoever comes or goes, what is worn fits what is loaded; beside that the newest good one is worn.
"""

import msgspec

from vybor.bundles.manifest import Kind
from vybor.contracts.messages import GrownState
from vybor.grown.versions import FACTORY, Shelf, Version


def is_model(version: Version) -> bool:
    """Whether it is a whole model."""
    return version.kind is Kind.MODEL


def is_good(version: Version) -> bool:
    """Whether one may go back to it."""
    return version.state is GrownState.GOOD and version.has_files


def fits(shelf: Shelf, adapter: Version, model: int) -> bool:
    """Whether it can be worn on that model. Of the model as it came this is not known before it was looked at."""
    if model == FACTORY:
        return shelf.factory in ("", adapter.base)
    found = shelf.version(model)
    return found is not None and found.takes_adapters and found.base == adapter.base


def adapter_for(shelf: Shelf, model: int) -> int:
    """What a model that is put on wears: the newest good one that goes with it."""
    return behind(shelf, FACTORY, model)


def behind(shelf: Shelf, serial: int, model: int) -> int:
    """What is gone back to from an adapter, on that model; from FACTORY: the newest there is."""
    good = (one for one in shelf.versions if not is_model(one) and is_good(one) and fits(shelf, one, model))
    return max((one.serial for one in good if not serial or one.serial < serial), default=FACTORY)


def model_behind(shelf: Shelf, serial: int) -> int:
    """What is gone back to from a whole model."""
    good = (one.serial for one in shelf.versions if is_model(one) and is_good(one) and one.serial < serial)
    return max(good, default=FACTORY)


def model_for(shelf: Shelf, adapter: Version) -> int | None:
    """The model to wear it on: that which is loaded, else as it came, else the newest good one; or none."""
    good = sorted((one.serial for one in shelf.versions if is_model(one) and is_good(one)), reverse=True)
    return next((each for each in (shelf.model, FACTORY, *good) if fits(shelf, adapter, each)), None)


def answerable(shelf: Shelf) -> int:
    """Who is at fault if something is: what is on trial, an adapter first; else what came last; or nobody."""
    there = [one for one in (shelf.wearing, shelf.standing) if one]
    on_trial = [one.serial for one in there if one.state is GrownState.ON_TRIAL]
    return on_trial[0] if on_trial else max((one.serial for one in there), default=FACTORY)


def is_in_use(shelf: Shelf, serial: int) -> bool:
    """Whether it is worn, or loaded."""
    return serial != FACTORY and serial in (shelf.worn, shelf.model)


def without(shelf: Shelf, serial: int) -> Shelf:
    """What is loaded and worn once this is taken off: behind it the one before it that was good."""
    if serial == shelf.model and serial != FACTORY:
        model = model_behind(shelf, serial)
        return msgspec.structs.replace(shelf, model=model, worn=adapter_for(shelf, model))
    return msgspec.structs.replace(shelf, worn=behind(shelf, serial, shelf.model))


def all_behind(shelf: Shelf) -> frozenset[int]:
    """What is gone back to from what is worn, and from what is loaded."""
    after = (without(shelf, shelf.worn), without(shelf, shelf.model))
    return frozenset(serial for each in after for serial in (each.model, each.worn))


def with_model(shelf: Shelf, model: int) -> Shelf:
    """The same with another model, and what goes with that."""
    worn = shelf.wearing
    keeps = worn is not None and is_good(worn) and fits(shelf, worn, model)
    return msgspec.structs.replace(shelf, model=model, worn=shelf.worn if keeps else adapter_for(shelf, model))


def mended(shelf: Shelf) -> Shelf:
    """A note that names what is not there, or as what it is not, has rotted: that is as it came."""
    standing, worn = shelf.standing, shelf.wearing
    has_model = standing is not None and is_model(standing) and standing.has_files
    has_worn = worn is not None and not is_model(worn) and worn.has_files
    return msgspec.structs.replace(
        shelf, model=shelf.model if has_model else FACTORY, worn=shelf.worn if has_worn else FACTORY
    )
