"""What became of a bundle stands in the record, once, and stays whatever is deleted; whose bundles are taken."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from unit.test_journal_room import Room
from vybor.contracts import messages as m
from vybor.contracts.messages import GrownState, Scope
from vybor.segments import rows, segment
from vybor_workshop.log.records import table_of

BECAME = m.Became(serial=3, state=GrownState.GOOD, growth=2, base="ba5e", starts=4, choices=210, undone=9)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.journal.close()


def desk(reads: PrivateKey, signs: SigningKey) -> m.Workstation:
    keys = {"seals_to": bytes(reads.public_key).hex(), "verifies_with": bytes(signs.verify_key).hex()}
    return m.Workstation(name="desk", **keys)


def paired(room: Room) -> m.Paired:
    told = room.ask(m.TellPaired(request="1"))
    assert isinstance(told, m.Paired)
    return told


def models(room: Room) -> list[m.Became]:
    found: list[m.Became] = []
    told = room.ask(m.TellRows(request="1"))
    while isinstance(told, m.Rows) and told.rows:
        found += [msgspec.msgpack.decode(row.record, type=m.Became) for row in told.rows if row.kind == "model"]
        told = room.ask(m.TellRows(request="1", boot=told.rows[-1].boot, sequence=told.rows[-1].sequence))
    return found


def test_the_generator_hears_whose_bundles_are_taken_and_what_is_left(room: Room) -> None:
    before = paired(room)
    assert (before.workstation, before.deletions) == (None, 0)
    assert before.oldest == (1, 1)
    assert before.newest > before.oldest
    wanted = desk(PrivateKey.generate(), SigningKey.generate())
    room.ask(m.Leave(request="1", pair=wanted))
    room.erase(Scope.EVERYTHING)
    after = paired(room)
    assert (after.workstation, after.deletions, after.kit) == (wanted, 1, before.kit)
    assert after.oldest == (0, 0)


def test_everything_is_a_deletion_though_the_record_has_nothing(room: Room) -> None:
    """It may have been begun anew, and an adapter have learned from the one that was set aside."""
    room.erase(Scope.EVERYTHING)
    room.erase(Scope.LAST)
    assert paired(room).deletions == 1
    room.erase(Scope.EVERYTHING)
    assert paired(room).deletions == 2


def test_what_became_of_a_bundle_is_kept_once_and_stays_when_everything_goes(room: Room) -> None:
    for _ in range(2):
        assert isinstance(room.ask(m.KeepBecame(request="1", name="abc", became=BECAME)), m.Done)
    assert models(room) == [BECAME]
    room.erase(Scope.LAST)
    room.erase(Scope.TODAY)
    room.erase(Scope.EVERYTHING)
    assert models(room) == [BECAME]
    room.ask(m.KeepBecame(request="1", name="def", became=msgspec.structs.replace(BECAME, serial=4)))
    assert [became.serial for became in models(room)] == [3, 4]


def test_it_leaves_with_the_next_segment_and_the_workshop_has_a_table_for_it(tmp_path: Path) -> None:
    reads, signs = PrivateKey.generate(), SigningKey.generate()
    room = Room(tmp_path)
    room.ask(m.Leave(request="1", pair=desk(reads, signs), agree=True))
    room.ask(m.KeepBecame(request="1", name="abc", became=BECAME))
    told = room.ask(m.Leave(request="1", seal=True))
    assert isinstance(told, m.Leaving)
    for turn in range(50):
        room.journal.turn(turn)
    key = VerifyKey(bytes.fromhex(told.verifies_with))
    found = sorted((tmp_path / "outbox").glob("*.segment"))
    lines = b"".join(segment.opened(segment.Segment(one.name, one.read_bytes()), reads, key) for one in found)
    of_models = [row for row in rows.read(lines) if row.kind is rows.Kind.MODEL]
    (kept,) = table_of(rows.Kind.MODEL, of_models).to_pylist()
    assert (kept["serial"], kept["state"], kept["choices"]) == (3, "good", 210)
    room.journal.close()
