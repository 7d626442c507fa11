"""Every place of the kit that holds what was written, or what was made of it, and whether it is encrypted."""

import os
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.foundation import database, keys, sealed_files, small_files
from vybor.foundation.errors import PlaceError
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
        patterns=("phrases-*.txt", ".phrases-*.txt.*"),
        holds="the phrases that are kept",
    ),
    Kind(
        name="fittings",
        process="core",
        patterns=("fitting.json",),
        holds="how the wearer blinks, clenches and moves their face, as accepted; how often it led to nothing; "
        "where Undo and Speak stand, and how far looks fell beside",
    ),
    Kind(
        name="flicker",
        process="core",
        patterns=("flicker.json",),
        holds="by which role it was confirmed, what a trial found; on which days it was used, and too much",
    ),
    Kind(
        name="what is on",
        process="core",
        patterns=("wishes.json", "owed.json"),
        holds="whether nothing is learned, whether the wearer rests, what is still to be deleted: no text",
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
        holds="how the eyes look at dots, and 84 grey points of each eye; no text, no face",
    ),
    Kind(
        name="usual EEG",
        process="headband",
        patterns=("engagement.json",),
        holds="how strong some bands of the wearer's EEG usually are: no sample and no text",
    ),
    Kind(
        name="adapter",
        process="generator",
        patterns=("adapter.onnx_adapter", "adapter/*", "grown/*/*", "grown-*/*/*"),
        holds="what the model learned from the wearer: words may be got out of it",
    ),
    Kind(
        name="segments",
        process="journal",
        patterns=("outbox/*.segment", "journal.damaged-outbox/*.segment"),
        holds="parts of the record that wait for the workstation, also of one that was set aside",
    ),
    Kind(
        name="bundles",
        process="sync",
        patterns=("arrived/*.bundle", "arrived/.*.bundle.*", "sync/inbox/*.bundle", "sync/inbox/.*.bundle.*"),
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
    return stores_in(places.state)


def stores_in(state: Path) -> list[Store]:
    """Every kind, in the kit's own folder of this name and in those that systemd makes."""
    return [_store(kind, state) for kind in KINDS]


def opened_up(places: Places, key: Callable[[str], Key]) -> Iterator[Path]:
    """Write every encrypted store without a key again; yields each. `key` tells that of a process.

    What was damaged and set aside stays as it is. Raises PlaceError; what was not reached stays encrypted.
    """
    for store in stores(places):
        for path in store.paths:
            if path.name.startswith("."):  # half of a file that was being written: what it was to be is not there
                small_files.remove(path)
            if held(store.kind, path) is not Held.SEALED or is_aside(path):
                continue
            try:
                _open_up(store.kind, path, key(store.kind.process))
            except (database.Error, OSError) as error:
                raise PlaceError(
                    f"{path} could not be opened up ({error}); the key is kept: make room if the disk is full,"
                    " move the file away if it is damaged, and try again"
                ) from None
            yield path


def is_aside(path: Path) -> bool:
    """Whether a file was damaged and set aside (journal/store.py)."""
    return ".damaged-" in path.name


def sealed_aside(places: Places) -> list[Path]:
    """What is encrypted, and damaged: nobody can open it up."""
    return [
        path
        for store in stores(places)
        for path in store.paths
        if is_aside(path) and held(store.kind, path) is Held.SEALED
    ]


def _open_up(kind: Kind, path: Path, key: Key) -> None:
    if kind.is_database:
        database.check_key(path, key)
        database.resealed(path, key, keys.NONE)
    else:
        sealed_files.resealed(path, sealed_files.read(path, LARGEST_SMALL_FILE, key), keys.NONE)


def held(kind: Kind, path: Path) -> Held:
    """How one file is kept."""
    if kind.name == "segments":
        return Held.TO_WORKSTATION
    if path.exists() and not path.is_file():
        return Held.UNKNOWN
    try:
        state = database.state_of(path)
    except database.OperationalError:
        return Held.HIDDEN
    if state is database.State.SEALED:
        return Held.SEALED
    if kind.is_database and state is database.State.UNKNOWN:
        return Held.UNKNOWN
    return Held.EMPTY if state is database.State.ABSENT else Held.BARE


def _store(kind: Kind, state: Path) -> Store:
    paths: list[Path] = []
    try:
        for folder in (state, state / kind.process):
            if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
                return Store(kind, (), Held.HIDDEN)
            paths += [path for pattern in kind.patterns for path in sorted(folder.glob(pattern))]
    except PermissionError:
        return Store(kind, (), Held.HIDDEN)
    found = {held(kind, part) for path in paths for part in (path, *_left_beside(path))}
    worst = next((one for one in _WORST_FIRST if one in found), Held.EMPTY)
    return Store(kind, tuple(paths), worst)


def _left_beside(path: Path) -> list[Path]:
    """What an encryption that was cut off left, until the store is opened with its key: it may be bare."""
    beside = (path.with_name(path.name + ending) for ending in (database.FRESH, database.FORMER))
    return [part for part in beside if part.exists()]


_WORST_FIRST = (Held.BARE, Held.UNKNOWN, Held.HIDDEN, Held.SEALED, Held.TO_WORKSTATION)
