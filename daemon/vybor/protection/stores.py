"""Every place of the kit that holds what was written, or what was made of it, and whether it is encrypted."""

import os
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.foundation import database, keys, sealed_files
from vybor.foundation.keys import Key
from vybor.foundation.places import Places

LARGEST_SMALL_FILE = 16_000_000


class Held(StrEnum):
    """How a store is kept."""

    EMPTY = "nothing there"
    BARE = "not encrypted"
    SEALED = "encrypted"
    TO_WORKSTATION = "encrypted for the workstation alone"
    UNKNOWN = "damaged, or not the kit's"
    HIDDEN = "this user may not look; use sudo"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of store."""

    name: str
    process: str
    patterns: tuple[str, ...]
    holds: str
    is_database: bool = False


KINDS = (
    Kind(
        name="record",
        process="journal",
        patterns=("journal*.sqlite",),
        holds="every choice, with the text around it, and what was set aside as damaged",
        is_database=True,
    ),
    Kind(
        name="own words",
        process="core",
        patterns=("own-words-*.sqlite",),
        holds="which words were said after which, and the last sentences",
        is_database=True,
    ),
    Kind(
        name="own phrases",
        process="core",
        patterns=("phrases-*.txt",),
        holds="the phrases that are kept",
    ),
    Kind(
        name="topics",
        process="generator",
        patterns=("topics*.sqlite",),
        holds="topic documents, and what was said, to be found again",
        is_database=True,
    ),
    Kind(
        name="looks",
        process="gaze",
        patterns=("looks/*.npz",),
        holds="how the eyes look at dots: no text and no picture",
    ),
    Kind(
        name="adapter",
        process="generator",
        patterns=("adapter.onnx_adapter", "adapter/*", "grown/*/*"),
        holds="what the model learned from the wearer: words may be got out of it",
    ),
    Kind(
        name="segments",
        process="journal",
        patterns=("outbox/*.segment",),
        holds="parts of the record that wait for the workstation",
    ),
    Kind(
        name="bundles",
        process="sync",
        patterns=("arrived/*.bundle",),
        holds="what the model learned from the wearer, as the workstation sent it: words may be got out of it",
    ),
)
WITHOUT_TEXT = (
    "logs and `vybor bundle`: no text of the wearer's goes into them",
    "exports and pages (`authorship --html`): not encrypted; they lie where they were written to",
)


class Store(msgspec.Struct, frozen=True):
    """One kind of store on this kit."""

    kind: Kind
    paths: tuple[Path, ...]
    held: Held


def stores(places: Places) -> list[Store]:
    """Every kind, in the kit's own folder and in those that systemd makes."""
    return [_store(kind, places) for kind in KINDS]


def opened_up(places: Places, key: Callable[[str], Key]) -> Iterator[Path]:
    """Write every encrypted store without a key again; yields each. `key` tells that of a process.

    Raises database.Error and OSError; what was not reached stays encrypted.
    """
    for store in stores(places):
        for path in store.paths:
            if held(store.kind, path) is not Held.SEALED:
                continue
            if store.kind.is_database:
                database.check_key(path, key(store.kind.process))
                database.resealed(path, key(store.kind.process), keys.NONE)
            else:
                bare = sealed_files.read(path, LARGEST_SMALL_FILE, key(store.kind.process))
                sealed_files.resealed(path, bare, keys.NONE)
            yield path


def held(kind: Kind, path: Path) -> Held:
    """How one file is kept."""
    if kind.name == "segments":
        return Held.TO_WORKSTATION
    try:
        state = database.state_of(path)
    except database.OperationalError:
        return Held.HIDDEN
    if state is database.State.SEALED:
        return Held.SEALED
    if kind.is_database and state is database.State.UNKNOWN:
        return Held.UNKNOWN
    return Held.EMPTY if state is database.State.ABSENT else Held.BARE


def _store(kind: Kind, places: Places) -> Store:
    paths: list[Path] = []
    try:
        for folder in (places.state, places.state / kind.process):
            if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
                return Store(kind, (), Held.HIDDEN)
            paths += [path for pattern in kind.patterns for path in sorted(folder.glob(pattern))]
    except PermissionError:
        return Store(kind, (), Held.HIDDEN)
    found = {held(kind, path) for path in paths}
    worst = next((one for one in _WORST_FIRST if one in found), Held.EMPTY)
    return Store(kind, tuple(paths), worst)


_WORST_FIRST = (Held.BARE, Held.UNKNOWN, Held.HIDDEN, Held.SEALED, Held.TO_WORKSTATION)
