"""liblsl as the drivers need it: without it there is no headband."""

from types import ModuleType

from vybor.headband.port import HeadbandMissing
from vybor.streams import library


def loaded() -> ModuleType:
    """The binding. Raises HeadbandMissing where it cannot be."""
    try:
        return library.loaded()
    except library.LibraryMissing as error:
        raise HeadbandMissing(str(error)) from None
