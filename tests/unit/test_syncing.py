"""One sync, with a folder in the kit's place: what comes, what is set aside, and what is not kept."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from unit.log_kit import KIT, SIGNS, WORKSTATION, Writer, segment, segments
from unit.test_kits import offer
from vybor.foundation.errors import AddressInUse, Missing, PlaceError
from vybor.segments import receipt
from vybor.segments.rows import Span
from vybor.segments.segment import Segment
from vybor_workshop import cli
from vybor_workshop.kits import fetching, home, stick, syncing
from vybor_workshop.kits.home import Kit
from vybor_workshop.kits.keys import Ingested, KitKeys
from vybor_workshop.kits.syncing import NOT_WHOLE, Say, Synced
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest

HERE = home.Workstation("desk", WORKSTATION, SigningKey.generate())


class Beside:
    """The kit's outbox, and how it is reached."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True)
        self.told: list[str] = []
        self.fetches: list[set[str]] = []
        self.fails_after = 1000
        self.then: Callable[[], None] = lambda: None

    def lay(self, *some: Segment) -> None:
        for one in some:
            (self.folder / one.name).write_bytes(one.content)

    def fetch(self, kit: Kit, without: Path, say: Say) -> None:
        left_out = {line.removeprefix("/") for line in without.read_text().splitlines()}
        there = {path.name for path in self.folder.iterdir()}
        for path in kit.incoming.iterdir():
            if path.name not in there:
                path.unlink()
        self.fetches.append(there - left_out)
        for name in sorted(there - left_out)[: self.fails_after]:
            shutil.copy(self.folder / name, kit.incoming / name)
        if self.fails_after < len(there - left_out):
            raise fetching.NotReached("the wire is cut")

    def deliver(self, kit: Kit, say: Say) -> None:
        for path in sorted(kit.receipts.iterdir()):
            for name in receipt.read(path.read_bytes(), HERE.signs.verify_key, KIT).segments:
                self.told.append(name)
                (self.folder / name).unlink(missing_ok=True)
        self.then()


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    made = home.Home(tmp_path / "home")
    made.workstation()
    keys = made.kits_folder / ".new"
    keys.mkdir(parents=True)
    told = msgspec.structs.replace(offer(KIT), verifies_with=bytes(SIGNS.verify_key).hex())
    return made.keep(told, "192.168.1.20", "", keys)


@pytest.fixture
def there(tmp_path: Path) -> Beside:
    return Beside(tmp_path / "outbox")


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return DataSet(str(tmp_path / "data"), tmp_path)


def sync(kit: Kit, there: Beside, data: DataSet, refuses: Sequence[str] = (), say: Say = lambda _: None) -> Synced:
    return syncing.sync(kit, HERE, refusing(data, refuses), there, say)


def refusing(data: DataSet, names: Sequence[str]) -> syncing.TakeIn:
    def take_in(some: Sequence[Segment], keys: KitKeys) -> Ingested:
        good = [one for one in some if one.name not in names]
        taken = ingest(good, keys, data, lambda _: None)
        aside = {one.name: "it is strange" for one in some if one.name in names}
        return Ingested(taken.names, {**taken.quarantined, **aside})

    return take_in


def test_what_was_set_aside_and_is_then_deleted_is_nowhere_on_the_workstation(
    kit: Kit, there: Beside, data: DataSet, tmp_path: Path
) -> None:
    writer = Writer()
    strange = segment([writer.take("zebra")], SigningKey.generate())
    wish = segment([writer.delete(Span(1, 1, 1))])
    there.lay(strange)
    assert set(sync(kit, there, data).quarantined) == {strange.name}
    assert list(kit.incoming.iterdir()) == []
    assert strange.content in (path.read_bytes() for path in (tmp_path / "data").rglob("*.segment"))
    (there.folder / strange.name).unlink()
    there.lay(wish)
    assert sync(kit, there, data) == Synced(1, {})
    there.lay(strange)  # an older kit, or a stick, brings it once more
    assert set(sync(kit, there, data).quarantined) == {strange.name}
    held = [path for folder in ("home", "data") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert not [path for path in held if strange.content in path.read_bytes()]
    assert (tmp_path / "data" / f"quarantine/kit={KIT}/{strange.name}.reason.txt").exists()


def test_what_was_fetched_and_is_deleted_on_the_kit_before_it_was_taken_in_goes(
    kit: Kit, there: Beside, data: DataSet
) -> None:
    old, new = segments(Writer().say("the zebra is"), 2)
    (kit.incoming / old.name).write_bytes(old.content)
    there.lay(new)
    assert sync(kit, there, data) == Synced(1, {})
    assert there.told == [new.name]


def test_what_is_set_aside_is_fetched_once_a_sync(kit: Kit, there: Beside, data: DataSet) -> None:
    good, strange = segments(Writer().say("I want tea"), 2)
    there.lay(good, strange)
    assert set(sync(kit, there, data, [strange.name]).quarantined) == {strange.name}
    assert there.fetches == [{good.name, strange.name}, set()]
    assert there.told == [good.name]
    assert sync(kit, there, data) == Synced(1, {})


def test_what_rots_on_the_kit_is_said_and_the_rest_is_taken_in(kit: Kit, there: Beside, data: DataSet) -> None:
    said: list[str] = []
    good, bad = segments(Writer().say("I want tea"), 2)
    there.lay(good, msgspec.structs.replace(bad, content=bad.content[:-1]))
    assert sync(kit, there, data, say=said.append) == Synced(1, {bad.name: NOT_WHOLE})
    assert any("stays on the kit" in line for line in said)
    assert (there.told, list(kit.incoming.iterdir())) == ([good.name], [])
    there.lay(bad)
    assert sync(kit, there, data) == Synced(1, {})


def test_a_cut_is_told_after_what_came_is_taken_in(kit: Kit, there: Beside, data: DataSet) -> None:
    there.lay(*segments(Writer().say("I want some more tea"), 2))
    there.fails_after = 1
    with pytest.raises(fetching.NotReached, match="the wire is cut"):
        sync(kit, there, data)
    assert len(there.told) == 1
    assert len(there.fetches) == 1
    assert home.Home(kit.folder.parents[1]).kits()[0].card.synced_at == ""
    there.fails_after = 1000
    assert sync(kit, there, data).segments == 2


def test_a_kit_that_is_paired_again_meanwhile_is_where_it_said_last(
    kit: Kit, there: Beside, data: DataSet
) -> None:
    """`keep` waits for the sync; a sync that began before it writes down when it ended, and nothing else."""
    there.lay(*segments(Writer().say("tea")))
    there.then = lambda: home.note(kit, host="10.0.0.9") and None
    sync(kit, there, data)
    (now,) = home.Home(kit.folder.parents[1]).kits()
    assert now.card.host == "10.0.0.9"
    assert now.card.synced_at


def test_the_list_of_kits_says_what_is_known_of_agreeing_and_no_more(
    kit: Kit, there: Beside, data: DataSet, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before its wearer has agreed a kit seals nothing, and so nothing comes: that is no *synced*."""

    def listed() -> str:
        assert cli.main(["kit", "list", "--home", str(kit.folder.parents[1])]) == 0
        return capsys.readouterr().out

    assert listed().endswith("never synced\n")
    sync(kit, there, data)
    assert "nothing has come yet: its wearer has not agreed" in listed()
    assert "synced" not in listed()
    there.lay(*segments(Writer().say("tea")))
    sync(kit, there, data)
    assert "something came last 20" in listed()
    assert "agreed" not in listed()
    sync(kit, there, data)
    assert "something came last 20" in listed()


def test_a_card_from_before_that_was_noted_is_not_said_to_wait_for_anybody() -> None:
    known = {"name": "", "host": "", "port": 1, "user": "", "kit": "", "verifies_with": "", "paired_at": ""}
    card = msgspec.convert(known | {"synced_at": "2026-01-01", "data": ("here",)}, home.Card)
    assert home.standing(card) == "synced 2026-01-01"


# --- by a stick


def lay_on(folder: Path, *some: Segment) -> Path:
    outbox = folder / f"vybor-{KIT}" / "outbox"
    outbox.mkdir(parents=True)
    for one in some:
        (outbox / one.name).write_bytes(one.content)
    return outbox


def test_a_stick_gets_receipts_for_what_was_taken_in_and_keeps_all(
    kit: Kit, data: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home.Home, "workstation", lambda _: HERE)
    good, strange, bad = segments(Writer().say("I want some more tea"), 2)
    bad = msgspec.structs.replace(bad, content=bad.content[:-1])
    outbox = lay_on(tmp_path / "stick", good, strange, bad)
    (outbox / "notes.txt").write_text("mine")
    found = stick.brought(home.Home(tmp_path / "home"), tmp_path / "stick", refusing(data, [strange.name]), print)
    assert [synced for _, synced in found] == [Synced(1, {strange.name: "it is strange", bad.name: NOT_WHOLE})]
    assert len(list(outbox.iterdir())) == 4
    (told,) = (tmp_path / "stick" / f"vybor-{KIT}" / "inbox").iterdir()
    assert receipt.read(told.read_bytes(), HERE.signs.verify_key, KIT).segments == (good.name,)
    card = home.Home(tmp_path / "home").kits()[0].card
    assert card.synced_at
    assert card.came_at == card.synced_at


def test_a_stick_waits_for_no_sync(kit: Kit, data: DataSet, tmp_path: Path) -> None:
    lay_on(tmp_path / "stick")
    with home.alone(kit), pytest.raises(AddressInUse, match="is being synced already"):
        list(stick.brought(home.Home(tmp_path / "home"), tmp_path / "stick", refusing(data, []), print))


def test_a_key_that_is_gone_is_not_replaced_while_kits_know_it(
    kit: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at, key = ["--home", str(tmp_path / "home")], tmp_path / "home" / "workstation.key"
    before = key.read_bytes()
    key.unlink()
    assert cli.main(["sync", *at]) == PlaceError.exit_code
    assert "put it back from a copy" in capsys.readouterr().err
    assert cli.main(["kit", "add", "127.0.0.1:1", *at]) == PlaceError.exit_code
    assert not key.exists()
    assert cli.main(["kit", "remove", kit.card.name, *at]) == 0
    home.Home(tmp_path / "home").workstation()
    assert key.read_bytes() != before


# --- rsync's own words, and stores that do not last


def test_what_was_pruned_between_listing_and_reading_is_not_missed(kit: Kit) -> None:
    fetching.run(kit, ["sh", "-c", f"exit {fetching.VANISHED}"], print)
    with pytest.raises(fetching.NotReached, match="not there"):
        fetching.run(kit, ["sh", "-c", "echo not there; exit 23"], print)


def test_no_receipt_is_given_for_what_is_gone_with_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["sync", "--home", str(tmp_path), "--data", "memory://rows"]) == Missing.exit_code
    assert "gone when this command ends" in capsys.readouterr().err
