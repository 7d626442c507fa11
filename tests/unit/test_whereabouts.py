"""A kit's card knows every data set that took its rows, and what the wearer deletes is deleted in each."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from unit.log_kit import KIT, WORKSTATION, Writer, everything, segment, segments
from unit.test_kits import offer
from unit.test_syncing import HERE, Beside, kit, there
from vybor.foundation.errors import Missing, PlaceError
from vybor.segments.rows import Span
from vybor_workshop import cli
from vybor_workshop.kits import changing, fetching, home, stick, syncing, taking_in, whereabouts
from vybor_workshop.kits.home import Home, Kit
from vybor_workshop.kits.syncing import Say, Synced
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet

__all__ = ["kit", "there"]
ZEBRA = b"zebra"


def sync(kit: Kit, there: Beside, data: Path, say: Say = lambda _: None) -> Synced:
    kept = kit.folder.parents[1]
    fresh = Home(kept).paired(KIT)
    assert fresh
    return syncing.sync(fresh, HERE, taking_in.into(str(data), kept, say), there, say)


def rows(folder: Path) -> bytes:
    return everything(DataSet(str(folder), folder.parent))


def card(kit: Kit) -> home.Card:
    found = Home(kit.folder.parents[1]).paired(KIT)
    assert found
    return found.card


@pytest.fixture
def two(kit: Kit, there: Beside, tmp_path: Path) -> tuple[Path, Path, Writer]:
    """The home's own data set has the text, the second one other rows of the kit."""
    first, second, writer = kit.folder.parents[1] / "data", tmp_path / "second", Writer()
    there.lay(segment(writer.say("the zebra")))
    assert sync(kit, there, first) == Synced(1, {})
    there.lay(segment(writer.say("more tea")))
    assert sync(kit, there, second) == Synced(1, {})
    assert ZEBRA in rows(first)
    return first, second, writer


def test_a_deletion_goes_to_the_data_set_that_has_the_text(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer]
) -> None:
    first, second, writer = two
    assert card(kit).data == (str(first), str(second))
    wish = segment([writer.delete(Span(1, 1, 3))])
    there.lay(wish)
    said: list[str] = []
    assert sync(kit, there, second, said.append) == Synced(1, {})
    assert said == [
        "kitchen: of what the wearer deleted no row was here",
        "kitchen: 3 rows were deleted, as the wearer wished",
    ]
    assert ZEBRA not in rows(first)
    assert there.told[-1] == wish.name
    told = [stale.read(DataSet(str(each), each.parent), KIT).deletions for each in (first, second)]
    assert [len(each) for each in told] == [1, 1]  # whoever learned from either is stale by the same count


def test_a_card_of_before_has_its_rows_in_the_homes_own_data_set(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer]
) -> None:
    first, second, writer = two
    home.note(kit, data=())
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, second) == Synced(1, {})
    assert ZEBRA not in rows(first)


def test_what_cannot_be_deleted_yet_is_owed_and_the_kit_gets_its_receipt_afterwards(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    first, second, writer = two
    first.rename(tmp_path / "unplugged")
    wish, words = segment([writer.delete(Span(1, 1, 3))]), segment(writer.say("and toast"))
    there.lay(wish, words)
    said: list[str] = []
    assert sync(kit, there, second, said.append) == Synced(1, {}, 1)
    assert wish.name not in there.told
    assert words.name in there.told
    assert any(f"NOT deleted in {first} yet" in line and "--no-data" in line for line in said)
    assert not first.exists()  # nothing is begun where the disk belongs
    (tmp_path / "unplugged").rename(first)
    assert sync(kit, there, second) == Synced(1, {})
    assert there.told[-1] == wish.name
    assert ZEBRA not in rows(first)


def test_a_password_of_a_place_is_not_said(kit: Kit, there: Beside, two: tuple[Path, Path, Writer]) -> None:
    _, second, writer = two
    home.note(kit, data=(*card(kit).data, "sftp://clinic:secret@127.0.0.1:1/rows"), agreed=())
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    said: list[str] = []
    assert sync(kit, there, second, said.append).owed == 1
    assert "secret" not in "".join(said)
    assert any("--no-data sftp://clinic:***@127.0.0.1:1/rows" in line for line in said)


def test_a_damaged_data_set_owes_it_too_and_the_others_are_told(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer]
) -> None:
    first, second, writer = two
    (second / f"rows/kit={KIT}/stale.json").write_text("{")
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, first).owed == 1
    assert ZEBRA not in rows(first)


@pytest.mark.parametrize("cut", ["write", "remove"])
def test_what_was_cut_off_in_another_place_is_done_with_the_next_sync(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """`stale.json` names the deletion there already, and the rows are as they were."""
    first, second, writer = two
    if cut == "write":  # a row of the day stays, so that the file is written anew
        there.lay(segment(writer.say("and toast")))
        assert sync(kit, there, first) == Synced(1, {})
    real: Callable[..., None] = getattr(DataSet, cut)

    def fails(self: DataSet, *told: object) -> None:
        if Path(self.root) == first:
            raise PlaceError("the disk is gone")
        real(self, *told)

    wish = segment([writer.delete(Span(1, 1, 3))])
    there.lay(wish)
    with monkeypatch.context() as patched:
        patched.setattr(DataSet, cut, fails)
        assert sync(kit, there, second) == Synced(0, {}, 1)
    assert wish.name not in there.told
    assert len(stale.read(DataSet(str(first), first.parent), KIT).deletions) == 1
    assert ZEBRA in rows(first)
    assert sync(kit, there, second) == Synced(1, {})
    assert there.told[-1] == wish.name
    assert ZEBRA not in rows(first)


def test_a_place_that_knows_one_deletion_is_told_the_other(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    first, second, writer = two
    there.lay(segment([writer.delete(Span(1, 9, 9))]))
    assert sync(kit, there, second) == Synced(1, {})
    first.rename(tmp_path / "unplugged")
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, second).owed == 1
    (tmp_path / "unplugged").rename(first)
    assert sync(kit, there, second) == Synced(1, {})
    assert ZEBRA not in rows(first)
    told = stale.read(DataSet(str(first), first.parent), KIT).deletions
    assert [each.is_done for each in told] == [True, True]


def test_where_nothing_but_what_was_set_aside_is_it_is_deleted_too(
    kit: Kit, there: Beside, tmp_path: Path
) -> None:
    first, second, writer = tmp_path / "first", tmp_path / "second", Writer()
    strange = segment(writer.say("the zebra"), SigningKey.generate())
    there.lay(strange)
    assert set(sync(kit, there, first).quarantined) == {strange.name}
    (there.folder / strange.name).unlink()
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, second) == Synced(1, {})
    assert not list(first.rglob("*.segment"))


def test_one_place_has_one_name_whatever_leads_there(kit: Kit, there: Beside, tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "rows")
    writer = Writer()
    for name in ("rows", "link"):
        there.lay(segment(writer.say("tea")))
        sync(kit, there, tmp_path / name)
    assert card(kit).data == (str(tmp_path / "rows"),)


def test_a_place_is_on_the_card_before_it_has_a_row(
    kit: Kit, there: Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise PlaceError("the power is gone")

    monkeypatch.setattr(taking_in, "ingest", cut)
    there.lay(segment(Writer().say("tea")))
    with pytest.raises(PlaceError, match="the power is gone"):
        sync(kit, there, tmp_path / "rows")
    assert card(kit).data == (str(tmp_path / "rows"),)


def test_places_that_agree_are_left_alone_until_something_is_deleted(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, writer = two
    assert set(card(kit).agreed) == {str(first), str(second)}
    monkeypatch.setattr(syncing, "BATCH", 1)
    looked: list[str] = []
    real = whereabouts.DataSet

    def opened(url: str, locks: Path) -> DataSet:
        looked.append(url)
        return real(url, locks)

    monkeypatch.setattr(whereabouts, "DataSet", opened)
    there.lay(*segments(writer.say("some more tea and toast"), 2))
    assert sync(kit, there, second).segments == 3
    assert set(looked) <= {str(second), str(kit.folder.parents[1] / "data")}
    home.note(kit, agreed=())  # a card of before, or something is owed
    looked.clear()
    there.lay(*segments(writer.say("thank you very much"), 2))
    assert sync(kit, there, second).segments == 3
    assert looked.count(str(second)) == 1
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, second) == Synced(1, {})
    assert ZEBRA not in rows(first)


def test_a_place_that_is_away_is_asked_once_a_sync_for_what_is_owed(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, writer = two
    first.rename(tmp_path / "unplugged")
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, second).owed == 1
    assert card(kit).agreed == ()
    monkeypatch.setattr(syncing, "BATCH", 1)
    asked: list[str] = []
    real = whereabouts.tell_all
    monkeypatch.setattr(taking_in, "tell_all", lambda *told: asked.append("") or real(*told))
    there.lay(*segments(writer.say("some more tea and toast"), 2))
    assert sync(kit, there, second) == Synced(3, {}, 1)
    assert len(asked) == 1


def test_a_place_that_is_gone_for_good_owes_nothing_once_the_owner_says_so(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, writer = two
    shutil.rmtree(second)
    wish = segment([writer.delete(Span(1, 1, 3))])
    there.lay(wish)
    assert sync(kit, there, first).owed == 1
    at = ["--home", str(kit.folder.parents[1])]
    assert cli.main(["kit", "change", KIT, "--no-data", str(second), *at]) == 0
    assert str(second) not in capsys.readouterr().out
    assert sync(kit, there, first) == Synced(1, {})
    with pytest.raises(Missing, match="its card names"):
        changing.changed_card(kit, "", "", "/nowhere")


def test_a_data_set_that_is_begun_after_all_others_were_lost_knows_what_was_deleted(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    *lost, writer = two
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    sync(kit, there, tmp_path / "second")
    for each in lost:
        shutil.rmtree(each)
    home.note(kit, data=(), agreed=())
    there.lay(segment([writer.delete(Span(1, 4, 4))]))
    sync(kit, there, tmp_path / "third")
    found = stale.read(DataSet(str(tmp_path / "third"), tmp_path), KIT).deletions
    assert [each.is_done for each in found] == [True, True]


def test_a_place_that_is_there_is_not_gone_for_good(
    kit: Kit, two: tuple[Path, Path, Writer], capsys: pytest.CaptureFixture[str]
) -> None:
    _, second, _ = two
    at = ["--home", str(kit.folder.parents[1])]
    assert cli.main(["kit", "change", KIT, "--no-data", str(second), *at]) == changing.StillThere.exit_code
    assert f"{second} is there and has rows of kitchen" in capsys.readouterr().err
    assert str(second) in card(kit).data
    shutil.rmtree(second / f"rows/kit={KIT}")
    assert cli.main(["kit", "change", KIT, "--no-data", str(second), *at]) == 0
    assert str(second) not in card(kit).data


def test_rows_that_the_owner_removed_by_hand_owe_nothing(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer]
) -> None:
    first, second, writer = two
    shutil.rmtree(second / "rows")
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, first) == Synced(1, {})


def test_a_stick_gets_no_receipt_for_what_is_owed(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    first, second, writer = two
    first.rename(tmp_path / "unplugged")
    outbox = tmp_path / "stick" / f"vybor-{KIT}" / "outbox"
    outbox.mkdir(parents=True)
    for one in segments([writer.delete(Span(1, 1, 3))]):
        (outbox / one.name).write_bytes(one.content)
    kept = Home(kit.folder.parents[1])
    take_in = taking_in.into(str(second), kept.folder, lambda _: None)
    kept.workstation()
    key = kept.folder / "workstation.key"
    told = msgspec.json.decode(key.read_bytes()) | {"opens": bytes(WORKSTATION).hex()}
    key.write_bytes(msgspec.json.encode(told))
    ((_, synced),) = stick.brought(kept, tmp_path / "stick", take_in, lambda _: None)
    assert synced == Synced(0, {}, 1)
    assert not list((tmp_path / "stick").rglob("*.receipt"))


def test_a_kit_that_is_paired_again_keeps_its_name_and_its_places(kit: Kit, tmp_path: Path) -> None:
    home.note(kit, name="parlour", data=("s3://clinic/rows",))
    (keys := kit.folder.parent / ".new").mkdir()
    again = Home(kit.folder.parents[1]).keep(offer(KIT), "192.168.1.21", "", keys)
    assert (again.card.name, again.card.data, again.card.host) == (
        "parlour",
        ("s3://clinic/rows",),
        "192.168.1.21",
    )
    assert card(kit) == again.card


def test_a_kit_has_a_new_address(kit: Kit) -> None:
    at = ["--home", str(kit.folder.parents[1])]
    assert cli.main(["kit", "change", "kitchen", "--host", "192.168.1.77", "--name", "parlour", *at]) == 0
    assert (card(kit).host, card(kit).port, card(kit).name) == ("192.168.1.77", kit.card.port, "parlour")
    assert cli.main(["kit", "change", "parlour", "--host", "kit.lan:2299", *at]) == 0
    assert (card(kit).host, card(kit).port) == ("kit.lan", 2299)
    for wrong in ("no/where", "10.0.0.300", "10.0.0", "10.0.0.300:2222", "[zz]", "[::12345]", "kit.lan:99999"):
        assert cli.main(["kit", "change", "parlour", "--host", wrong, *at]) == 69
    assert card(kit).host == "kit.lan"
    assert cli.main(["kit", "change", "parlour", *at]) == 69


@pytest.mark.parametrize("wrong", [["nobody"], ["--data", "memory://x"], ["--from", "/stick"]])
def test_a_timer_is_installed_for_what_can_be_synced_alone(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: list[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    at = ["--home", str(kit.folder.parents[1])]
    assert cli.main(["sync", *wrong, "--install-timer", *at]) == 69
    assert not (tmp_path / "config").exists()


def test_a_timer_says_whose_place_it_takes(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("vybor_workshop.kits.ways.transfer", lambda _by: None)
    at = ["--home", str(kit.folder.parents[1]), "--install-timer"]
    for words, says in (["kitchen"], False), (["kitchen"], False), ([KIT], True):
        assert cli.main(["sync", *words, *at]) == 0
        assert ("takes the place of the one before" in capsys.readouterr().out) == says


class Gone:
    """Kits that cannot be reached, until somebody has enough of it."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.asked = 0

    def fetch(self, kit: Kit, without: Path, say: Say) -> None:
        self.asked += 1
        if self.asked > self.times:
            raise KeyboardInterrupt
        raise fetching.NotReached("nobody answers")


def test_watching_goes_on_and_says_the_same_trouble_once(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = Gone(times=3)
    waited: list[float] = []
    monkeypatch.setattr("vybor_workshop.kits.ways.transfer", lambda _by: gone)
    monkeypatch.setattr("threading.Event.wait", lambda _self, seconds: waited.append(seconds))
    code = cli.main(["sync", "--watch", "--every", "7", "--home", str(kit.folder.parents[1])])
    assert (code, gone.asked, waited) == (130, 4, [7, 7, 7])
    assert capsys.readouterr().err.count("nobody answers") == 1
