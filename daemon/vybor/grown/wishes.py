"""What is told of versions, and which of them somebody may have worn. Pure."""

from vybor.contracts.messages import Became, Grown, GrownState, WearGrown
from vybor.grown import pairs
from vybor.grown.shelf import became
from vybor.grown.versions import FACTORY, Shelf, Version

WEARABLE = (GrownState.ON_TRIAL, GrownState.GOOD, GrownState.LEFT, GrownState.ROLLED_BACK)


def is_wearable(version: Version) -> bool:
    """Whether it may be put on by hand."""
    return version.has_files and version.state in WEARABLE


def refusal(shelf: Shelf, wish: WearGrown, base: str = "") -> str:
    """Why a wish cannot be fulfilled, in a sentence; empty: it can. `base`: the weights that it has to be for."""
    if wish.back:
        return "" if shelf.worn or shelf.model else "nothing is worn: the model is as it came"
    if wish.serial == FACTORY:
        return ""
    version = shelf.version(wish.serial)
    there = ", ".join([*(str(one.serial) for one in shelf.versions if is_wearable(one)), "factory"])
    if version is None:
        return f"there is no version {wish.serial}; there are: {there}"
    if not is_wearable(version):
        why = f"{version.state.value}: {version.reason}" if version.reason else version.state.value
        return f"version {wish.serial} cannot be worn ({why}); there are: {there}"
    is_for_another = bool(base) and version.base != base
    if is_for_another or (not pairs.is_model(version) and pairs.model_for(shelf, version) is None):
        return f"version {wish.serial} was made for another model than the kit has; retrain on the kit's model"
    return ""


def told(shelf: Shelf, worn: int) -> tuple[Grown, ...]:
    """Every version, and every bundle that was refused unread, by their numbers. `worn`: of the adapters."""
    grown = [
        Grown(
            became=became(one),
            at=one.at,
            is_worn=one.serial in (shelf.model, worn),
            whole=(one.name or "a model") if pairs.is_model(one) else "",
        )
        for one in shelf.versions
    ]
    known = {one.serial for one in shelf.versions}
    grown += [
        Grown(became=Became(serial=one.serial, state=GrownState.REFUSED, reason=one.reason), at=one.at)
        for one in shelf.passed
        if one.serial not in known
    ]
    return tuple(sorted(grown, key=lambda one: one.became.serial))
