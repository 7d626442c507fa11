"""Which data sets the card of a kit names: none where nothing could be written; one that is away stays on it."""

import shutil
from pathlib import Path

import pytest

from unit.log_kit import KIT, Writer, in_memory, segment
from unit.test_syncing import Beside, kit, there
from unit.test_whereabouts import ZEBRA, card, rows, sync, two
from vybor.foundation.errors import PlaceError
from vybor.segments.rows import Span
from vybor_workshop.kits import home, whereabouts
from vybor_workshop.kits.home import Kit
from vybor_workshop.kits.syncing import Synced
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet

__all__ = ["kit", "there", "two"]


def test_an_empty_folder_is_a_disk_that_is_not_plugged_in(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    first, second, writer = two
    first.rename(tmp_path / "unplugged")
    first.mkdir()
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    assert sync(kit, there, second).owed == 1
    assert list(first.iterdir()) == []


def test_another_disk_in_its_place_is_not_the_data_set_that_was_there(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    first, second, writer = two
    first.rename(tmp_path / "unplugged")
    first.mkdir()
    (first / "holiday.jpg").touch()
    wish = segment([writer.delete(Span(1, 1, 3))])
    there.lay(wish)
    assert sync(kit, there, second).owed == 1
    shutil.rmtree(first)
    (tmp_path / "unplugged").rename(first)
    assert sync(kit, there, second) == Synced(1, {})
    assert there.told[-1] == wish.name
    assert ZEBRA not in rows(first)


def test_a_store_where_nothing_is_any_more_is_away_too(kit: Kit, tmp_path: Path) -> None:
    data = in_memory(tmp_path)
    with pytest.raises(PlaceError, match="is not there, or is empty"):
        list(whereabouts.holding(data, KIT))
    data.put("rows/kit=other/day=2026-03-01/decision.parquet", b"")
    assert list(whereabouts.holding(data, KIT)) == []


def test_nothing_is_begun_anew_where_a_place_of_the_kit_is_away(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer], tmp_path: Path
) -> None:
    """Else the deletion would be done in what was begun, and never in what comes back."""
    first, _, writer = two
    first.rename(tmp_path / "unplugged")
    wish = segment([writer.delete(Span(1, 1, 3))])
    there.lay(wish)
    with pytest.raises(PlaceError, match=f"put it back where it was; .*kit change {KIT} --no-data {first}"):
        sync(kit, there, first)
    assert not first.exists()
    assert wish.name not in there.told
    (tmp_path / "unplugged").rename(first)
    assert sync(kit, there, first) == Synced(1, {})
    assert ZEBRA not in rows(first)


@pytest.mark.parametrize("can_make", [False, True], ids=["folder", "file"])
def test_a_mistyped_place_that_takes_nothing_is_never_on_the_card(
    kit: Kit,
    there: Beside,
    two: tuple[Path, Path, Writer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    can_make: bool,
) -> None:
    first, second, writer = two
    mistyped = tmp_path / "a file" / "rows"
    if not can_make:
        mistyped.parent.touch()
    there.lay(segment([writer.delete(Span(1, 1, 3))]))

    def refuses(*_: object) -> None:
        raise PlaceError("there is no such bucket")

    with monkeypatch.context() as patched, pytest.raises(PlaceError):
        patched.setattr(DataSet, "put", refuses)
        sync(kit, there, mistyped)
    assert card(kit).data == (str(first), str(second))
    assert sync(kit, there, first) == Synced(1, {})


def test_a_place_that_knows_of_deletions_still_does_once_it_is_on_the_card(
    kit: Kit, there: Beside, two: tuple[Path, Path, Writer]
) -> None:
    """The card of a kit that was removed, or of another workstation, did not name it."""
    _, second, writer = two
    there.lay(segment([writer.delete(Span(1, 1, 3))]))
    sync(kit, there, second)
    home.note(kit, data=())
    there.lay(segment(writer.say("thank you")))
    sync(kit, there, second)
    assert card(kit).data == (str(second),)
    assert len(stale.read(DataSet(str(second), second.parent), KIT).deletions) == 1
