"""What the doctor finds of the language model: the one in use, and the one that stands behind it."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.doctor import rooms
from vybor.doctor.findings import Finding, Mark
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings
from vybor.generator.grown import worn_now
from vybor.generator.network import bundle
from vybor.grown.folder import Folder
from vybor.grown.versions import Shelf, Version

NOBODY = Settings(gaze=GazeSettings(source=GazeSource.NONE))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(runtime=tmp_path / "run", state=tmp_path / "state", share=tmp_path / "share")
    for folder in (made.runtime, made.state, made.share):
        folder.mkdir()
    return made


def only(findings: Iterable[Finding]) -> Finding:
    (finding,) = findings
    return finding


def troubles_as_findings(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.mark is Mark.TROUBLE)


def write_bundle(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    sha256 = {}
    for name in bundle.FILES:
        (folder / name).write_bytes(name.encode())
        sha256[name] = hashlib.sha256(name.encode()).hexdigest()
    manifest = bundle.Manifest(
        schema=bundle.SCHEMA,
        name="tiny",
        licence="none",
        recipe="",
        built_by="a test",
        languages=("en",),
        header="Hello.",
        eos_ids=(0,),
        shape=bundle.Shape(layers=1, kv_heads=1, head_dim=1, vocabulary=1, context=1),
        sha256=sha256,
    )
    (folder / bundle.MANIFEST).write_bytes(msgspec.json.encode(manifest))


def test_a_whole_model_is_named(places: Places) -> None:
    write_bundle(places.model)
    finding = only(rooms.model(places, NOBODY))
    assert finding.mark is Mark.OK
    assert finding.text.startswith("language model: tiny-")


def test_a_missing_and_a_damaged_model_are_told(places: Places) -> None:
    assert "there is no model" in only(troubles_as_findings(rooms.model(places, NOBODY))).text
    write_bundle(places.model)
    (places.model / bundle.WEIGHTS).write_bytes(b"damaged")
    assert "is damaged" in only(troubles_as_findings(rooms.model(places, NOBODY))).text


def sent(places: Places, grown: Path) -> Path:
    """A whole model that was sent is in use, as the note in this folder says."""
    folder = Folder(grown)
    grown.mkdir(parents=True, exist_ok=True)
    version = Version(serial=7, kit="", base="b" * 64, kind=Kind.MODEL, state=m.GrownState.GOOD, name="large")
    folder.write(Shelf(identity="x", versions=(version,), model=7))
    write_bundle(folder.files(7))
    return folder.files(7)


@pytest.mark.parametrize("where", ["grown", "generator/grown"])
def test_the_model_that_was_sent_and_is_in_use_is_named_and_the_one_behind_it_too(
    places: Places, where: str
) -> None:
    write_bundle(places.model)
    place = sent(places, places.state / where)
    named, behind = rooms.model(places, NOBODY)
    assert (named.mark, behind.mark) == (Mark.OK, Mark.OK)
    assert named.text.endswith(" (version 7 of `vybor model list`)")
    assert behind.text.startswith("language model: behind it stands tiny-")
    (place / bundle.WEIGHTS).write_bytes(b"damaged")
    assert "language model (version 7 of" in only(rooms.model(places, NOBODY)).text
    write_bundle(place)
    (places.model / bundle.WEIGHTS).write_bytes(b"damaged")
    assert "language model as it came: " in only(troubles_as_findings(rooms.model(places, NOBODY))).text


def test_a_note_that_nobody_here_may_read_is_said_to_be_one(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(places.model)
    sent(places, places.state / "grown")
    monkeypatch.setattr(worn_now.os, "access", lambda *_: False)
    noted, named = rooms.model(places, NOBODY)
    assert (noted.mark, "use sudo" in noted.text) == (Mark.NOTE, True)
    assert "version" not in named.text
