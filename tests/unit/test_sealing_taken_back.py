"""What is taken back or deleted is gone at once; what cannot be sealed is said, and the journal goes on."""

from pathlib import Path

import msgspec
import pytest

from unit.record_writer import Bus, Writer
from unit.test_sealing import ROWS, WORKSTATION, Desk
from vybor.contracts import messages as m
from vybor.contracts import wire
from vybor.foundation.bus import Asked
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.journal import desk
from vybor.journal.outbox import Outbox
from vybor.journal.process import Journal
from vybor.segments import rows


@pytest.fixture
def kit(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_rows_and_what_waits_of_them_go_together_whatever_ends_the_journal_then(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    assert len(kit.files()) == 2
    kit.store.erase(rows.Deletion((rows.Span(1, 2, 2),)), [], "wish")
    kit.store.close()  # before anybody was told
    kit.open()
    kit.turn()
    kit.ask(seal=True)
    kit.turn()
    assert [sequence for sequence in kit.sequences() if sequence <= 2 * ROWS] == [1, *range(3, 2 * ROWS + 1)]


def test_offers_that_showed_it_go_with_the_rows_in_the_same_step(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    first, second = kit.files()
    kit.store.erase(rows.Deletion((), (rows.Span(1, ROWS + 1, ROWS + 1),)), [], "wish")
    kit.store.close()  # before anybody was told
    kit.open()
    kit.turn()
    assert [one in kit.files() for one in (first, second)] == [True, False]


def test_what_is_taken_back_is_gone_at_once_though_the_disk_failed_before(kit: Desk) -> None:
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    kit.sealing._try_ns = 10**18  # something else could not be written a moment ago
    kit.ask(agree=False)
    assert kit.files() == []
    kit.ask(agree=True, seal=True)
    kit.sealing._try_ns = 0
    kit.turn()
    assert len(kit.files()) == 1
    kit.ask(unpair=True)
    assert kit.files() == []


def test_an_outbox_that_cannot_be_tidied_is_tried_again(kit: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "keep_only", _fails)
        broken.setattr(Outbox, "clear", _fails)
        kit.ask(agree=False)
        assert "cannot be written" in kit.sealing.trouble
        assert len(kit.files()) == 1
    kit.turn()
    assert kit.files() == []


def _fails(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_a_workstation_that_nothing_can_be_sealed_to_is_refused_and_ends_nothing(kit: Desk) -> None:
    lost = msgspec.structs.replace(WORKSTATION, seals_to=bytes(32).hex())
    assert isinstance(desk.done(kit.sealing, m.Leave(request="1", pair=lost)), m.Refused)
    assert kit.store.leaving.paired() is None
    for strange in ("zz" * 32, bytes(32).hex()):  # as an older journal may have it
        kit.store.leaving.pair("desk", strange, WORKSTATION.verifies_with)
        kit.ask(agree=True)
        kit.keep(ROWS)
        kit.sealing._try_ns = 0
        kit.turn()
        assert "pair it again" in kit.sealing.trouble


def test_a_row_that_is_the_first_of_a_segment_is_in_it(kit: Desk) -> None:
    kit.share()
    kit.keep(2 * ROWS)
    kit.turn()
    kit.store.leaving.forget([rows.Span(1, ROWS + 1, ROWS + 1)])
    assert [one.first.sequence for one in kit.store.leaving.unfetched()] == [1]


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, -1])
def test_a_number_that_the_record_does_not_count_to_is_noise_on_the_bus(number: int, kit: Desk) -> None:
    kit.keep()
    strange = msgspec.structs.replace(kit.store.latest(1)[0], number=number)
    with pytest.raises(NOT_UNDERSTOOD):
        wire.unpack_command(wire.pack_command(m.Record(request="1", decision=strange)))


@pytest.mark.parametrize("key", ["zz", "", "ab" * 31, "AB" * 32, "ab" * 32 + "\n"])
def test_a_key_that_is_none_is_noise_on_the_bus(key: str) -> None:
    for strange in ({"seals_to": key}, {"verifies_with": key}):
        pair = msgspec.structs.replace(WORKSTATION, **strange)
        with pytest.raises(NOT_UNDERSTOOD):
            wire.unpack_command(wire.pack_command(m.Leave(request="1", pair=pair)))
    assert wire.unpack_command(wire.pack_command(m.Leave(request="1", pair=WORKSTATION)))


def test_whatever_fails_in_the_midst_no_transaction_is_left_open(kit: Desk) -> None:
    kit.keep()
    strange = msgspec.structs.replace(kit.store.latest(1)[0], session="another", number=2**63)
    with pytest.raises(OverflowError), kit.store._transaction():
        kit.store._insert([("decision", strange.session, strange.number, b"")])
    kit.keep()
    assert kit.store.count() == 2


def test_what_is_taken_back_while_something_is_deleted_is_gone_at_once(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "journal.sqlite")
    for number in range(40):
        writer.say(f"Sentence {number}")
    writer.store.close()
    bus = Bus()
    journal = Journal(writer.path, bus, "boot-a")  # type: ignore[arg-type]  # as much of a bus as it needs
    outbox = tmp_path / "outbox"

    def ask(command: m.AnyCommand) -> None:
        journal.asked(Asked(b"", command), 0)

    ask(m.Leave(request="1", pair=WORKSTATION, agree=True, seal=True))
    journal.turn(10)
    assert list(outbox.iterdir())
    ask(m.Erase(request="2", scope=m.Scope.LAST))
    journal.turn(20)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(Outbox, "keep_only", _fails)
        ask(m.Leave(request="3", agree=False))
        journal.turn(30)
    journal.turn(40)
    assert not any(isinstance(reply, m.Erased) for reply in bus.replies)
    assert list(outbox.iterdir()) == []
    journal.close()


def test_a_workstation_that_was_removed_and_is_paired_again_hears_of_deletions_before_the_wearer_agrees(
    kit: Desk,
) -> None:
    """It has what it fetched before."""
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    kit.store.leaving.fetched([path.name for path in kit.files()])
    kit.ask(unpair=True)
    kit.ask(pair=WORKSTATION)
    known = kit.store.leaving.paired()
    assert known is not None
    assert (known.agreed, known.had) == (False, True)
    other = msgspec.structs.replace(WORKSTATION, seals_to=WORKSTATION.verifies_with)
    kit.ask(pair=other)
    assert not (known := kit.store.leaving.paired()) or not known.had


@pytest.mark.parametrize("by", ["unpaired", "replaced", "taken back"])
def test_what_may_have_been_read_without_a_receipt_is_told_of_deletions_once_it_is_paired_again(
    kit: Desk, by: str
) -> None:
    """Rsync may have read a segment, and the receipt for it never came."""
    kit.share()
    kit.keep(ROWS)
    kit.turn()
    kit.store.erase(rows.Deletion((rows.Span(1, 1, 1),)), [], "first")
    kit.ask(seal=True)
    kit.turn()
    assert kit.files()
    if by == "taken back":
        kit.ask(agree=False)
    if by == "replaced":
        kit.ask(pair=msgspec.structs.replace(WORKSTATION, seals_to=WORKSTATION.verifies_with))
        assert not (known := kit.store.leaving.paired()) or not known.had
    else:
        kit.ask(unpair=True)
    assert kit.files() == []
    kit.store.erase(rows.Deletion((rows.Span(1, 2, 2),)), [], "second")
    kit.ask(pair=WORKSTATION)
    known = kit.store.leaving.paired()
    assert known is not None
    assert (known.agreed, known.had) == (False, True)
    kit.turn()
    assert kit.sequences() == [ROWS + 1, ROWS + 2]


def test_a_workstation_to_which_nothing_was_ever_agreed_has_nothing(kit: Desk) -> None:
    kit.keep(ROWS)
    for _ in range(2):
        kit.ask(pair=WORKSTATION)
        known = kit.store.leaving.paired()
        assert known is not None
        assert not known.had
        kit.ask(unpair=True)


def test_the_same_box_with_another_signature_is_another_workstation(kit: Desk) -> None:
    kit.share()
    other = msgspec.structs.replace(WORKSTATION, verifies_with=WORKSTATION.seals_to)
    kit.ask(pair=other)
    known = kit.store.leaving.paired()
    assert known is not None
    assert not known.agreed
