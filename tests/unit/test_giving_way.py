"""A kit that is paired again, or removed and paired: whatever is cut off when, nothing of it is lost."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from unit.test_kits import offer, paired
from vybor.foundation.errors import PlaceError
from vybor_workshop import cli
from vybor_workshop.kits import giving_way, home

NUMBER = "5" * 32
UNDONE = ("incoming/x.segment", "receipts/y.receipt", "outgoing/z.bundle")
PLACES = ("/mnt/rows", "s3://clinic/rows")


class Killed(BaseException):
    """As a power cut."""


def with_work(folder: Path) -> home.Kit:
    kit = paired(folder)
    for name in UNDONE:
        (kit.folder / name).write_text("undone")
    return home.note(kit, data=PLACES)


def again(folder: Path) -> home.Kit:
    keys = folder / "kits" / ".pairing-1"
    keys.mkdir()
    (keys / "read_key").write_text("the new key")
    return home.Home(folder).keep(offer(NUMBER), "192.168.1.99", "", keys)


def dying(count: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many times something is renamed, removed or written to the disk, then no more."""
    left = iter(range(count))

    def patch(owner: object, name: str) -> None:
        real: Callable[..., object] = getattr(owner, name)

        def act(*told: object, **named: object) -> object:
            if next(left, None) is None:
                raise error
            return real(*told, **named)

        monkeypatch.setattr(owner, name, act)

    for owner, name in ((Path, "rename"), (giving_way.shutil, "rmtree"), (os, "fsync"), (os, "unlink")):
        patch(owner, name)


@pytest.mark.parametrize(
    "error", [Killed(), OSError(errno.ENOSPC, "No space left on device")], ids=["kill", "full"]
)
def test_wherever_pairing_again_is_cut_off_the_kit_is_there_with_all_that_was_not_done_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    hosts = []
    for count in range(60):
        folder = tmp_path / str(count)
        with_work(folder)
        with monkeypatch.context() as patched:
            dying(count, error, patched)
            try:
                again(folder)
            except (Killed, PlaceError):
                is_whole = False
            else:
                is_whole = True
        (now,) = home.Home(folder).kits()
        hosts.append(now.card.host)
        assert now.card.data == PLACES
        assert (now.folder / "read_key").exists() == (now.card.host == "192.168.1.99")
        assert [(now.folder / name).read_text() for name in UNDONE] == ["undone"] * 3
        assert not list((folder / "kits").glob(f"*{giving_way.BEFORE}"))
        if is_whole and not left_over(folder):
            break
    assert hosts == sorted(hosts)  # as it was, then anew
    assert {hosts[0], hosts[-1]} == {"192.168.1.20", "192.168.1.99"}
    assert 6 < len(hosts) < 60


def left_over(folder: Path) -> bool:
    return (folder / "kits" / f".{NUMBER}.data").exists()


def test_what_came_since_then_is_there_beside_what_was_not_done_with(tmp_path: Path) -> None:
    kit = with_work(tmp_path)
    shutil.copytree(kit.folder, kit.folder.with_name(f".{NUMBER}{giving_way.BEFORE}"))
    (kit.incoming / "x.segment").unlink()
    (kit.incoming / "newer.segment").touch()
    assert home.Home(tmp_path).kits()
    assert {path.name for path in kit.incoming.iterdir()} == {"x.segment", "newer.segment"}


def test_a_pairing_that_goes_on_is_left_alone_and_one_that_cannot_be_mended_is_named(tmp_path: Path) -> None:
    kit = with_work(tmp_path)
    before = kit.folder.with_name(f".{NUMBER}{giving_way.BEFORE}")
    kit.folder.rename(before)
    with home.alone(kit):
        assert home.Home(tmp_path).kits() == home.Home(tmp_path).unreadable() == []
        assert before.exists()
    home.lock_of(kit.folder).unlink()
    home.lock_of(kit.folder).mkdir()
    assert [str(error) for error in home.Home(tmp_path).unreadable()] == [
        f"{home.lock_of(kit.folder)} cannot be opened (Is a directory); see that it is yours"
    ]


def test_a_kit_that_is_removed_and_paired_again_still_knows_where_its_rows_are(tmp_path: Path) -> None:
    kit = with_work(tmp_path)
    assert cli.main(["kit", "remove", "kitchen", "--home", str(tmp_path)]) == 0
    assert not kit.folder.exists()
    now = again(tmp_path)
    assert now.card.data == PLACES
    assert not left_over(tmp_path)
    assert not (now.folder / "incoming" / "x.segment").exists()
    home.Home(tmp_path).remove(home.note(now, data=PLACES[:1]))
    assert again(tmp_path).card.data == PLACES[:1]


@pytest.mark.parametrize("content", ["", "{", '"x"', "[1]", "[" * 5000])
def test_a_list_of_places_that_cannot_be_read_hinders_no_pairing(tmp_path: Path, content: str) -> None:
    (tmp_path / "kits").mkdir()
    (tmp_path / "kits" / f".{NUMBER}.data").write_text(content)
    assert again(tmp_path).card.data == ()
