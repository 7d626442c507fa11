"""Whoever is killed while a version is taken in and put on starts again with the old one or the new one, whole."""

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from unit.versions_kit import Bus, Kit
from vybor.bundles.manifest import Kind
from vybor.foundation import small_files
from vybor.generator.candidates import Proposer
from vybor.generator.grown.installing import Known, install
from vybor.generator.grown.kept_shelf import NO_ROOM_NS, KeptShelf
from vybor.generator.network import adapter
from vybor.grown import shelf
from vybor.grown.folder import Folder
from vybor.grown.versions import Shelf
from world import grown, tiny_adapter, tiny_model

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
KILLED = 9
Files = dict[str, bytes]


def took_in(folder: Folder, bundle: Path) -> None:
    """All that is done with a version, by the desk's own steps, up to its first answer."""
    kept = KeptShelf(folder, "boot")
    known = Known({Kind.ADAPTER: kept.now.highest})
    installed = install(bundle, {Kind.ADAPTER: folder}, Bus().paired, tiny_model.BASE, known)
    assert installed.version, installed
    serial = installed.version.serial
    steps: list[Callable[[Shelf], Shelf]] = [
        lambda found: shelf.came(found, installed.version),  # type: ignore[arg-type]
        lambda found: shelf.try_it(found, serial),
        lambda found: shelf.put_on(found, serial),
        lambda found: shelf.begun(found, "boot"),
        lambda found: shelf.proven(found, f"tiny+{serial}"),
        shelf.good,
        shelf.ended,
    ]
    for step in steps:
        kept.change(step(kept.now), 0)


def killed_at(point: int, work: Callable[[], None]) -> bool:
    """Do it in a process that is gone at its so-manieth step onto the disk; whether it was."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    left = point

    def or_die(do: Callable[..., object]) -> Callable[..., object]:
        def done(*how: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(KILLED)
            return do(*how, **more)

        return done

    for name in ("fsync", "replace", "rename", "open", "mkdir", "unlink"):
        setattr(os, name, or_die(getattr(os, name)))
    try:
        work()
    finally:
        os._exit(0)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files]:
    folder = tmp_path_factory.mktemp("adapters")
    return grown.files(folder / "one"), grown.files(folder / "two", seed=10)


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files]:
    """Whole models."""
    folder = tmp_path_factory.mktemp("wholes")
    made = grown.whole(folder / "one"), grown.whole(folder / "two", seed=5)
    one, two = ({name: path.read_bytes() for name, path in each.items()} for each in made)
    return one, two


def is_whole(folder: Folder, serial: int, files: Files) -> bool:
    return all((folder.files(serial) / name).read_bytes() == content for name, content in files.items())


def in_use(found: Shelf) -> int:
    return found.model or found.worn


@pytest.mark.parametrize("kind", [Kind.ADAPTER, pytest.param(Kind.MODEL, marks=pytest.mark.slow)])
def test_at_every_single_step(
    tmp_path: Path, files: tuple[Files, Files], wholes: tuple[Files, Files], kind: Kind
) -> None:
    if kind is Kind.MODEL:
        files = wholes
    base = grown.OTHER_BASE if kind is Kind.MODEL else tiny_model.BASE
    bundles = [
        grown.sent(tmp_path / "arrived", serial, files[serial - 1], kind=kind, base=base) for serial in (1, 2)
    ]
    point, worn = 0, list[int]()
    took_in(Folder(tmp_path / "before"), bundles[0])
    while True:
        folder = Folder(tmp_path / f"grown-{point}")
        shutil.copytree(tmp_path / "before", folder.path)
        is_killed = killed_at(point, lambda folder=folder: took_in(folder, bundles[1]))  # type: ignore[misc]
        kept = KeptShelf(folder, "boot")
        assert in_use(kept.now) in {1, 2}, point
        assert is_whole(folder, in_use(kept.now), files[in_use(kept.now) - 1])
        assert folder.read() == (kept.now, "")
        worn.append(in_use(kept.now))
        assert (kept.now.model > 0) is (kind is Kind.MODEL)
        if not is_killed:
            break
        if kept.now.highest == 1:  # it is taken in anew, whatever was begun
            folders, known = {Kind.ADAPTER: folder}, Known({Kind.ADAPTER: 1})
            again = install(bundles[1], folders, Bus().paired, tiny_model.BASE, known)
            assert again.version
            assert is_whole(folder, 2, files[1])
        point += 1
    assert point > 20
    assert set(worn[:10]) == {1}
    assert worn[-1] == 2


def test_what_lies_there_half_made_is_gone_by_the_next_start(tmp_path: Path, files: tuple[Files, Files]) -> None:
    bundle = grown.sent(tmp_path / "arrived", 1, files[0])
    for point in range(0, 40, 3):
        folder = Folder(tmp_path / f"grown-{point}")
        killed_at(point, lambda folder=folder: took_in(folder, bundle))  # type: ignore[misc]
        kept = KeptShelf(folder, "boot")
        left = {path.name for path in folder.path.iterdir()} if folder.path.exists() else set()
        known = {str(one.serial).zfill(6) for one in kept.now.versions}
        assert {name.partition(".")[0] for name in left} - {"state"} == known, point


def test_at_every_single_step_of_the_very_first_one_no_note_seems_lost(
    tmp_path: Path, files: tuple[Files, Files]
) -> None:
    bundle, point = grown.sent(tmp_path / "arrived", 1, files[0]), 0
    while True:
        folder = Folder(tmp_path / f"grown-{point}")
        is_killed = killed_at(point, lambda folder=folder: took_in(folder, bundle))  # type: ignore[misc]
        assert folder.read()[1] == "", point
        if not is_killed:
            break
        if KeptShelf(folder, "boot").now.highest == 0:  # it is not passed over
            again = install(
                bundle, {Kind.ADAPTER: folder}, Bus().paired, tiny_model.BASE, Known({Kind.ADAPTER: 0})
            )
            assert again.version, point
        point += 1
    assert point > 20


def test_a_rotten_file_of_what_is_worn_is_found_when_it_is_loaded(
    tmp_path: Path, files: tuple[Files, Files]
) -> None:
    folder = Folder(tmp_path / "grown")
    took_in(folder, grown.sent(tmp_path / "arrived", 1, files[0]))
    small_files.write_bytes(folder.files(1) / adapter.WEIGHTS, b"rotten")
    assert KeptShelf(folder, "boot").now.worn == 1  # the model refuses it, and the desk goes back
    assert msgspec.json.decode((folder.path / "state.json").read_bytes())["worn"] == 1


# --- a try that was none -----------------------------------------------------------------------------------------


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    made = tiny_adapter.write(tmp_path / "random")
    return Kit(tmp_path, Proposer(made, threads=1), Bus(), made.folder)


def no_process(*_: object) -> None:
    raise OSError(errno.EAGAIN, "Resource temporarily unavailable")


def no_room(folder: Folder, found: Shelf) -> None:
    if any(one.tries for one in found.versions):
        raise OSError(errno.ENOSPC, "No space left on device")
    with folder._writing:
        folder._write(found)


@pytest.mark.parametrize(
    ("where", "wants", "says"),
    [
        ("vybor.generator.grown.desk.Trying", no_process, "version 3 cannot be tried now (Resource temporarily"),
        ("vybor.grown.folder.Folder.write", no_room, "cannot be written (No space left"),
    ],
)
def test_a_version_that_nothing_can_be_tried_with_now_waits_and_is_not_refused(
    kit: Kit,
    files: tuple[Files, Files],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    wants: Callable[..., None],
    says: str,
) -> None:
    grown.sent(kit.arrived, 3, files[0])
    with monkeypatch.context() as patched:
        patched.setattr(where, wants)
        kit.until(lambda: "grown_no_room" in kit.troubles())
        for _ in range(20):
            kit.turn()
        assert says in "".join(notice.detail for notice in kit.desk.troubles())
    assert [one.tries for one in kit.desk.shelf.versions] == [one.tries for one in kit.again().desk.shelf.versions]
    assert (kit.state_of(3), [one.tries for one in kit.desk.shelf.versions]) == ("trying", [0])
    kit.now_ns += NO_ROOM_NS
    kit.until(lambda: kit.desk.worn == 3)
    assert "grown_no_room" not in kit.troubles()


@pytest.mark.parametrize("asked", [True, False])
def test_switched_off_while_it_is_tried_is_no_try_and_killed_is(
    kit: Kit, files: tuple[Files, Files], asked: bool
) -> None:
    grown.sent(kit.arrived, 3, files[0])
    for _ in range(shelf.MOST_TRIES):
        kit.until(lambda kit=kit: kit.desk._trying is not None)  # type: ignore[misc]
        trying = kit.desk._trying
        assert trying is not None
        if asked:  # as systemd asks: all of them at once, and the loop goes round once more
            os.kill(trying[1]._child.pid, signal.SIGTERM)
            trying[1]._child.wait()
            kit.turn()
            kit.desk.ended()
        kit.desk.close()
        kit = kit.again()
    kit.until(lambda: kit.state_of(3) != "trying")
    assert (kit.desk.worn, kit.state_of(3)) == ((3, "on_trial") if asked else (0, "refused"))
