"""Choices out of Parquet are the choices that the kit told, as far as examples need them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from benches import ingest_events
from unit.dataset_person import Person, base, offered
from unit.dataset_workshop import Workshop, as_rows, deletion, workshop, wrote
from unit.log_kit import KEYS, KIT, in_memory, segment, segments
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.segments.rows import Kind, Row, Span
from vybor_workshop.dataset import card, making, reading
from vybor_workshop.dataset.examples import Example
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.dataset.making import Split
from vybor_workshop.kits.taking_in import into
from vybor_workshop.log.data_set import DataSet, day_of
from vybor_workshop.log.ingest import ingest

__all__ = ["workshop"]


def told(rows: Sequence[Row]) -> list[Chosen]:
    return [
        Chosen(row.boot, row.sequence, day_of(row.at), msgspec.json.decode(row.record, type=m.Decision))
        for row in rows
    ]


def read(data: DataSet, said: list[str] | None = None) -> list[Chosen | None]:
    with reading.opened(data) as rows:
        return list(reading.choices(rows, KIT, (said if said is not None else []).append))


def kept(folder: Path, rows: Sequence[Row]) -> DataSet:
    data = DataSet(str(folder / "data"), folder)
    assert not ingest(segments(rows, 50), KEYS, data, lambda _: None).quarantined
    return data


def examples_of(chosen: Sequence[Chosen | None]) -> tuple[Example, ...]:
    return making.made(KIT, chosen, (), base(), Split(least=3)).examples


def test_examples_are_the_same_as_from_what_the_kit_told(tmp_path: Path) -> None:
    rows = list(ingest_events.rows(400))
    found = examples_of(read(kept(tmp_path, rows)))
    assert found == examples_of(told(rows))
    assert sum(len(each.choices) for each in found) > 20


def test_words_in_folds_and_what_was_known_beside_come_along(tmp_path: Path) -> None:
    fold = m.OfferedTile(
        slot=4,
        role=Role.FOLD,
        label="",
        grey="",
        source=None,
        p=None,
        gaze_ms=0.0,
        members=(offered(5, "coffee", gaze_ms=500.0), offered(6, "", Role.MORE, None)),
    )
    person = Person()
    for word in ("tea", "milk", "wine"):
        person.take("I want")
        person.take(word, shown=(offered(0, word), offered(3, "", Role.SPEAK, None), fold))
        person.speak(context=m.Context(lately=2), mode=m.Mode.WORDS)
    rows = as_rows(person.rows)
    chosen = read(kept(tmp_path, rows))
    found = examples_of(chosen)
    assert found == examples_of(told(rows))
    assert [(each.label, each.seen) for each in found[0].choices[1].shown] == [("tea", True), ("coffee", True)]
    spoke = chosen[2]
    assert spoke
    assert (spoke.decision.context, spoke.decision.mode) == (m.Context(lately=2), m.Mode.WORDS)


def test_order_is_that_of_the_record_whatever_the_calendar_says(tmp_path: Path) -> None:
    first, second = Person(day="2026-05-01"), Person(day="2026-04-01", boot=2)
    first.say("I was first")
    second.say("I was second")
    data = kept(tmp_path, as_rows([*second.rows, *first.rows]))
    assert [each.boot for each in read(data) if each] == [1] * 4 + [2] * 4


def test_rows_in_an_object_store_are_read_too(tmp_path: Path) -> None:
    person = Person()
    person.say("I want tea")
    data = in_memory(tmp_path)
    ingest(segments(as_rows(person.rows)), KEYS, data, lambda _: None)
    assert [each.decision.text_after for each in read(data) if each] == ["I", "I want", "I want tea", ""]


def test_rows_of_an_older_kit_lack_what_it_did_not_tell(tmp_path: Path) -> None:
    person = Person()
    person.say("I want tea")
    rows = [
        msgspec.structs.replace(row, record=msgspec.Raw(msgspec.json.encode(_older(bytes(row.record)))))
        for row in as_rows(person.rows)
    ]
    chosen = [each for each in read(kept(tmp_path, rows)) if each]
    assert [each.decision.learn for each in chosen] == [True] * 4
    assert [each.decision.evidence.slot_without_prior for each in chosen] == [None] * 4
    assert chosen[0].decision.shown[0].label == "I"


def _older(record: bytes) -> dict[str, object]:
    told_of = msgspec.json.decode(record)
    for name in ("learn", "language", "context", "mode"):
        told_of.pop(name, None)
    told_of["evidence"].pop("slot_without_prior")
    for tile in told_of["shown"]:
        tile.pop("members")
    return dict(told_of)


def test_what_was_deleted_is_known_though_the_data_set_is_lost(workshop: Workshop) -> None:
    """The kit tells each deletion once: the next one after the loss was taken for the first of all."""
    workshop.bring(as_rows(wrote()))
    take_in = into(str(workshop.home / "data"), workshop.home, lambda _: None)
    take_in([segment([deletion(1, 161, Span(1, 1, 4))])], KEYS)
    before = workshop.grown()
    shutil.rmtree(workshop.home / "data")
    workshop.bring(as_rows(wrote()))
    take_in([], KEYS)
    again = workshop.grown()
    assert (before.examples.exists(), card.read(again.dataset).deletions) == (True, 1)
    assert b"number n0" not in again.examples.read_bytes()
    take_in([segment([deletion(1, 162, Span(1, 5, 8))])], KEYS)
    assert not before.examples.exists()
    assert card.read(workshop.grown().dataset).deletions == 2, "as many as the kit counts: else it refuses"


def test_long_reading_says_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 10)
    monkeypatch.setattr(reading, "TELL_EVERY", 20)
    said: list[str] = []
    rows = list(ingest_events.rows(45))
    read(kept(tmp_path, rows), said)
    assert said == ["read 20 choices", "read 40 choices"]
    assert {row.kind for row in rows} == {Kind.DECISION}
