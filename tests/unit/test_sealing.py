"""What leaves the journal: nothing unasked, nothing private, nothing lost, and pruned on a receipt alone."""

import hashlib
import sqlite3  # noqa: TID251  (as a stranger opens it)
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from unit.test_journal import decision
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.journal import desk, migrations, sealing, store
from vybor.journal.leaving import Place
from vybor.journal.outbox import Outbox
from vybor.journal.sealing import QUIET_NS, Sealing
from vybor.segments import receipt, rows, segment

ROWS = 5
"""In a segment: fewer than on a kit, since each is on the disk before the next is written."""
READS, SIGNS = PrivateKey.generate(), SigningKey.generate()
WORKSTATION = m.Workstation(
    name="desk", seals_to=bytes(READS.public_key).hex(), verifies_with=bytes(SIGNS.verify_key).hex()
)
OTHER = msgspec.structs.replace(WORKSTATION, name="other", seals_to=bytes(PrivateKey.generate().public_key).hex())


class Desk:
    """A journal, its outbox, and the workstation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "outbox"
        self.path = folder / "journal.sqlite"
        self.aside = folder / "journal.damaged-outbox"
        self.now_ns = 0
        self.number = 0
        self.open()

    def open(self) -> None:
        self.store = store.open_store(self.path, "boot-a")
        self.sealing = Sealing(
            self.store.leaving, Outbox(self.folder, self.aside), self.store.kit, lambda: self.store.begin, ROWS
        )

    def ask(self, **wish: object) -> m.Leaving:
        told = desk.done(self.sealing, m.Leave(request="1", **wish))  # type: ignore[arg-type]
        assert isinstance(told, m.Leaving)
        return told

    def share(self) -> None:
        self.ask(pair=WORKSTATION)
        self.ask(agree=True)

    def keep(self, count: int = 1, *, learn: bool = True) -> None:
        for _ in range(count):
            self.number += 1
            one = decision(self.number, f"word {self.number}", "", m.Action.CLEAR)  # a text at hand waits
            self.tell(msgspec.structs.replace(one, learn=learn))

    def tell(self, one: m.Decision) -> None:
        if self.store.keep(one):
            self.sealing.tidy_now()
        self.sealing.kept(self.now_ns)

    def turn(self, after_s: float = 0.0) -> None:
        self.now_ns += seconds(after_s)
        while self.sealing.turn(self.now_ns):
            pass

    def files(self) -> list[segment.Segment]:
        found = sorted(self.folder.glob("*")) if self.folder.exists() else []
        return [segment.Segment(path.name, path.read_bytes()) for path in found]

    def fetched(self) -> list[rows.Row]:
        """What the workstation reads of all that lies there."""
        kit = VerifyKey(bytes.fromhex(self.sealing.verifies_with))
        return [row for one in self.files() for row in rows.read(segment.opened(one, READS, kit))]

    def sequences(self) -> list[int]:
        return [row.sequence for row in self.fetched()]

    def receipt(self, *names: str, by: SigningKey = SIGNS) -> bytes:
        told = receipt.Receipt(kit=self.store.kit, segments=names, at="2026-01-01T00:00:00+00:00")
        return receipt.signed(told, by)


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def test_nothing_is_sealed_before_a_workstation_is_paired_and_the_wearer_agreed(kit: Desk) -> None:
    kit.keep(3)
    kit.ask(agree=True, seal=True)  # nobody to agree to
    kit.turn(QUIET_NS / 1e9)
    assert not kit.folder.exists()
    assert kit.ask(pair=WORKSTATION, seal=True).sharing == m.Sharing(workstation="desk", rows=3, unsealed=3)
    kit.turn(QUIET_NS / 1e9)
    assert not kit.files()
    kit.ask(agree=True)
    kit.turn(QUIET_NS / 1e9)
    assert kit.sequences() == [1, 2, 3]
    assert kit.ask().sharing == m.Sharing(workstation="desk", agreed=True, rows=3, segments=1)


def test_when_it_is_sealed(kit: Desk) -> None:
    kit.share()
    kit.keep(3)
    kit.turn(QUIET_NS / 1e9 - 1)
    assert not kit.files()
    kit.turn(1)
    assert kit.sequences() == [1, 2, 3]
    kit.keep(ROWS + 1)
    kit.turn()
    assert kit.sequences() == list(range(1, ROWS + 4))
    kit.keep()
    kit.turn()
    kit.ask(seal=True)
    kit.turn()
    assert kit.sequences() == list(range(1, ROWS + 6))


@pytest.mark.parametrize(
    ("waiting", "quiet_ns", "asked", "due"),
    [
        (0, QUIET_NS, True, False),
        (2, 0, False, True),
        (1, 0, False, False),
        (1, 0, True, True),
        (1, QUIET_NS, False, True),
    ],
)
def test_is_due(waiting: int, quiet_ns: int, asked: bool, due: bool) -> None:
    assert sealing.is_due(waiting, 2, quiet_ns, asked=asked) is due


def test_rows_that_stay_are_not_said_to_wait(kit: Desk) -> None:
    """Nor those that were deleted; what waits behind many that stay is."""
    kit.keep(2)
    kit.keep(3, learn=False)
    kit.share()
    assert (kit.ask().sharing.rows, kit.ask().sharing.unsealed) == (2, 2)
    kit.turn(QUIET_NS / 1e9)
    kit.keep(2 * ROWS, learn=False)
    kit.keep(1)
    kit.keep(2 * ROWS, learn=False)
    sharing = kit.ask().sharing
    assert (sharing.rows, sharing.unsealed, sharing.segments) == (3, 1, 1)
    kit.ask(seal=True)
    kit.turn()
    assert (kit.ask().sharing.rows, kit.ask().sharing.unsealed) == (3, 0)


def test_of_very_many_it_is_said_how_many_wait_at_most(kit: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vybor.journal.sealing.LOOKED_AT", 2 * ROWS)
    kit.share()
    kit.keep(2 * ROWS + 1, learn=False)
    assert kit.ask().sharing.unsealed == 1
    kit.keep(ROWS, learn=True)
    assert kit.ask().sharing.unsealed == ROWS + 1


def test_private_rows_stay_on_the_kit(kit: Desk) -> None:
    kit.share()
    kit.keep(2)
    kit.keep(ROWS, learn=False)
    kit.keep()
    kit.ask(seal=True)
    kit.turn()
    assert kit.sequences() == [1, 2, ROWS + 3]
    assert kit.ask().sharing.rows == 3


def test_what_cannot_be_read_stays_and_the_rest_leaves(kit: Desk) -> None:
    kit.share()
    kit.keep(3)
    kit.store._database.execute("UPDATE row SET record = x'ff' WHERE sequence = 2")
    kit.store._database.execute("UPDATE row SET kind = 'poem' WHERE sequence = 3")
    kit.ask(seal=True)
    kit.turn()
    assert kit.sequences() == [1]


def test_the_record_leaves_as_it_is(kit: Desk) -> None:
    kit.share()
    kit.keep()
    kit.ask(seal=True)
    kit.turn()
    told = msgspec.json.decode(kit.fetched()[0].record, type=m.Decision)
    assert told == kit.store.latest(1)[0]
    assert kit.fetched()[0].kit == kit.store.kit


def test_a_receipt_prunes_what_it_names_and_nothing_else(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    first, second = (one.name for one in kit.files())
    assert kit.ask(receipt=kit.receipt(first, by=SigningKey.generate())).refused
    assert kit.ask(receipt=b"{}").refused
    assert kit.ask(receipt=kit.receipt("../journal.sqlite", "no such thing")).refused == ""
    kit.turn()
    assert len(kit.files()) == 2
    told = kit.ask(receipt=kit.receipt(first))
    kit.turn()
    assert [one.name for one in kit.files()] == [second]
    assert told.sharing.segments == 1
    assert told.sharing.synced_at
    kit.ask(receipt=kit.receipt(first, second))
    kit.turn()
    assert (kit.files(), kit.ask().sharing.rows, kit.path.exists()) == ([], 0, True)


def test_a_receipt_without_a_workstation_is_none(kit: Desk) -> None:
    assert "no workstation" in kit.ask(receipt=kit.receipt("x")).refused


def test_what_was_agreed_to_can_be_taken_back(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    kit.ask(receipt=kit.receipt(kit.files()[0].name))
    kit.ask(agree=False)
    kit.turn()
    assert kit.files() == []
    kit.keep()
    kit.turn(QUIET_NS / 1e9)
    assert kit.files() == []
    kit.ask(agree=True)
    kit.turn()
    assert kit.sequences() == list(range(ROWS + 1, 2 * ROWS + 2))


def test_another_workstation_gets_all_once_it_is_agreed_to_and_the_same_one_no_more_than_before(kit: Desk) -> None:
    kit.share()
    kit.keep(2)
    kit.ask(seal=True)
    kit.turn()
    there = kit.files()
    assert kit.ask(pair=msgspec.structs.replace(WORKSTATION, name="renamed")).sharing.agreed
    kit.turn()
    assert kit.files() == there
    assert not kit.ask(pair=OTHER).sharing.agreed
    kit.turn()
    assert kit.files() == []
    kit.ask(agree=True, seal=True)
    kit.turn()
    assert len(kit.files()) == 1
    with pytest.raises(segment.Damaged, match="another workstation"):
        kit.fetched()
    kit.ask(unpair=True)
    kit.turn()
    assert (kit.files(), kit.ask().sharing) == ([], m.Sharing())


def test_deleted_rows_are_in_no_segment_that_still_waits(kit: Desk) -> None:
    kit.share()
    kit.keep(3 * ROWS)
    kit.turn()
    first = kit.files()[0]
    kit.ask(receipt=kit.receipt(first.name))
    kit.store._database.execute("DELETE FROM row WHERE sequence = ?", (ROWS + 2,))
    kit.sealing.forget([rows.Span(1, ROWS + 2, ROWS + 2)])
    assert kit.files() == []
    kit.turn(QUIET_NS / 1e9)
    assert sorted(kit.sequences()) == [n for n in range(ROWS + 1, 3 * ROWS + 1) if n != ROWS + 2]
    kit.sealing.forget([rows.Span(1, 1, 1)])
    assert len(kit.store.leaving.unfetched()) == len(kit.files())


def test_what_is_gone_from_the_outbox_is_sealed_anew_and_what_is_strange_there_is_removed(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    (kit.folder / kit.files()[0].name).unlink()
    (kit.folder / ".begun").write_bytes(b"half")
    (kit.folder / "link").symlink_to(kit.path)
    kit.store.close()
    kit.open()
    kit.turn()
    assert kit.sequences() == list(range(1, 2 * ROWS + 1))
    assert kit.path.exists()
    assert len(kit.files()) == 2


def test_a_full_disk_is_said_and_nothing_is_passed_over(kit: Desk) -> None:
    kit.share()
    kit.keep(2)
    kit.folder.write_text("a file in the place of the folder")
    kit.ask(seal=True)
    kit.turn()
    assert "the outbox cannot be written" in kit.sealing.trouble
    kit.folder.unlink()
    kit.turn(10)
    assert (kit.sequences(), kit.sealing.trouble) == ([1, 2], "")


class Cut(Exception):
    """The current is gone."""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["keep", "seal", "fetch", "receipt", "tidy"]), max_size=15), data=st.data())
def test_cut_anywhere_every_row_arrives_and_none_is_pruned_early(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], data: st.DataObject
) -> None:
    """The kit is cut off between any two writes of the outbox and the journal, and started again."""
    kit = Desk(tmp_path_factory.mktemp("kit"))
    kit.share()
    has: dict[str, set[int]] = {}
    for step in steps:
        if data.draw(st.booleans()):
            cut_in(kit, data.draw(st.sampled_from(["put", "keep_only", "_sync"])))
        try:
            if step == "keep":
                kit.keep(3)
            elif step == "seal":
                kit.ask(seal=True)
                kit.turn()
            elif step == "fetch":
                has |= {one.name: read_by_workstation(kit, one) for one in kit.files() if segment.is_whole(one)}
            elif step == "receipt":
                kit.ask(receipt=kit.receipt(*has))
            else:
                kit.sealing.tidy()
                kit.turn()
        except Cut:
            kit.store.close()
            kit.open()
        there = set().union(*has.values()) if has else set()
        waiting = {
            n for one in kit.store.leaving.unfetched() for n in range(one.first.sequence, one.last.sequence + 1)
        }
        mark = kit.store.leaving.paired()
        assert mark is not None
        assert set(range(1, mark.mark.sequence + 1)) <= there | waiting
    kit.open()
    kit.ask(seal=True)
    kit.turn()
    there = set().union(*has.values()) if has else set()
    assert there | set(kit.sequences()) == set(range(1, kit.number + 1))
    kit.store.close()


def cut_in(kit: Desk, where: str) -> None:
    def cut(*_given: object) -> None:
        raise Cut

    setattr(kit.sealing._outbox, where, cut)


def read_by_workstation(kit: Desk, one: segment.Segment) -> set[int]:
    key = VerifyKey(bytes.fromhex(kit.sealing.verifies_with))
    return {row.sequence for row in rows.read(segment.opened(one, READS, key))}


def test_names_say_the_content(kit: Desk) -> None:
    kit.share()
    kit.keep()
    kit.ask(seal=True)
    kit.turn()
    one = kit.files()[0]
    assert hashlib.sha256(one.content).hexdigest() in one.name
    assert (kit.folder / one.name).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("version", range(len(migrations.MIGRATIONS)))
def test_a_journal_of_every_older_version_can_leave(tmp_path: Path, version: int) -> None:
    path = tmp_path / "journal.sqlite"
    old = sqlite3.connect(path, isolation_level=None)
    for number, migration in enumerate(migrations.MIGRATIONS[:version], start=1):
        migration(old)
        old.execute(f"PRAGMA user_version = {number}")
    if version:
        old.execute("INSERT INTO boot VALUES (1, 'boot-0', '')")
        table = "decision" if version == 1 else "row"
        record = msgspec.msgpack.encode(decision(1, "", "old"))
        old.execute(
            f"INSERT INTO {table} (boot, sequence, session, number, record) VALUES (1, 1, 's', 1, ?)", (record,)
        )
    old.close()
    kit = Desk(tmp_path)
    kit.share()
    kit.number = 1
    kit.keep()
    kit.ask(seal=True)
    kit.turn()
    assert [Place(row.boot, row.sequence) for row in kit.fetched()] == (
        [Place(1, 1), Place(2, 1)] if version else [Place(1, 1)]
    )
    assert len(kit.store.leaving.signing_key()) == 32
    kit.store.close()
