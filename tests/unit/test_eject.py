"""`vybor log eject`: whether anything may go onto a stick, and what lies there afterwards."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vybor.commands.asking import Say
from vybor.commands.records import eject
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock, SystemClock, seconds
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.places import Places
from vybor.sync import arriving

KIT = "5" * 32
NAMES = [f"b000001-s{number:010}-{'0' * 64}.segment" for number in range(3)]


class Journal:
    """Says how what leaves stands, one answer after another; the last one again and again."""

    def __init__(self, *sharing: m.Sharing, refused: str = "") -> None:
        self._sharing = list(sharing)
        self._refused = refused
        self.asked: list[m.Leave] = []

    def new_request(self) -> str:
        return str(len(self.asked))

    def told(self, command: m.Leave) -> m.Leaving:
        self.asked.append(command)
        sharing = self._sharing.pop(0) if len(self._sharing) > 1 else self._sharing[0]
        return m.Leaving(
            request=command.request, kit=KIT, verifies_with="", sharing=sharing, refused=self._refused
        )


def sharing(**told: object) -> m.Sharing:
    return m.Sharing(workstation="desk", **told)  # type: ignore[arg-type]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(eject, "LOOK_S", 0.002)
    monkeypatch.setattr(eject, "STICKS", (f"{tmp_path}/",))
    monkeypatch.setattr(eject, "MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(eject, "BLOCKS", tmp_path / "blocks")
    (tmp_path / "blocks/sda1").mkdir(parents=True)
    (tmp_path / "blocks/sda1/removable").write_text("1")
    (tmp_path / "mounts").write_text(f"/dev/sda1 {tmp_path}/stick vfat rw 0 0\n")
    for folder in ("stick", "outbox"):
        (tmp_path / folder).mkdir()
    for name in NAMES[:2]:
        (tmp_path / "outbox" / name).write_text("sealed")
    return tmp_path / "stick"


class Hurrying:
    """A clock that is three seconds further at each look."""

    def __init__(self) -> None:
        self._at_ns = 0

    def now_ns(self) -> int:
        self._at_ns += seconds(3)
        return self._at_ns


def ejected(
    stick: Path,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock | None = None,
    waiting: Say = lambda _: None,
) -> list[str]:
    @contextmanager
    def reached(*_given: object) -> Iterator[Journal]:
        yield journal

    monkeypatch.setattr(eject, "reached", reached)
    places = Places(runtime=stick, state=stick.parent, share=stick)
    return list(eject.ejected(places, stick, clock or SystemClock(), waiting))


def on(stick: Path) -> list[str]:
    return sorted(path.name for path in stick.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("told", "why"),
    [(m.Sharing(), "paired with no workstation"), (sharing(), "the wearer did not agree that desk may have")],
)
def test_nothing_goes_onto_a_stick_that_was_not_agreed_to(
    stick: Path, monkeypatch: pytest.MonkeyPatch, told: m.Sharing, why: str
) -> None:
    with pytest.raises(Missing, match=why):
        ejected(stick, Journal(told), monkeypatch)
    assert on(stick) == []


def test_what_is_to_be_forgotten_goes_there_after_it_was_taken_back(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ejected(stick, Journal(sharing(rows=5, unsealed=5, segments=2)), monkeypatch)
    assert said == [f"segments for desk on {stick}: 2; it is safe to take the stick out"]
    assert on(stick) == NAMES[:2]


def test_a_folder_of_the_kit_s_own_disk_is_not_called_a_stick(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stick.parent / "mounts").write_text("/dev/mmcblk0p2 / ext4 rw 0 0\n")
    (last,) = ejected(stick, Journal(sharing(agreed=True)), monkeypatch)
    assert last == (
        f"segments for desk on {stick}: 2; no stick is mounted there: carry the folder vybor-{KIT}"
        " to the workstation yourself"
    )


def test_the_stick_has_afterwards_what_waits_and_all_that_is_not_ours(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = stick / f"vybor-{KIT}" / "outbox"
    outbox.mkdir(parents=True)
    for name in (NAMES[2], f".{NAMES[2]}", "letter.txt", ".letter"):
        (outbox / name).write_text("x")
    (outbox / NAMES[0]).write_text("cut")
    ejected(stick, Journal(sharing(agreed=True)), monkeypatch)
    assert on(stick) == sorted([*NAMES[:2], "letter.txt", ".letter"])
    assert (outbox / NAMES[0]).read_text() == "sealed"


def test_receipts_are_taken_and_what_is_not_sealed_yet_is_said(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = stick / f"vybor-{KIT}" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "a.receipt").write_text("{}")
    journal = Journal(sharing(agreed=True, unsealed=7))
    said = ejected(stick, journal, monkeypatch)
    assert said[0] == "receipts taken: 1"
    assert said[1].startswith("rows that are not sealed yet, and not on the stick: 7;")
    assert [command.receipt for command in journal.asked if command.receipt] == [b"{}"]
    assert not (inbox / "a.receipt").exists()


def test_while_a_large_model_is_taken_it_is_told_how_far_that_is(
    stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "PIECE", 1_000_000)
    folder = stick / f"vybor-{KIT}" / "inbox"
    folder.mkdir(parents=True)
    for serial in (1, 2):
        (folder / f"55555555-{serial:06}-2500000.bundle").write_bytes(bytes(2_500_000))
    told: list[str] = []
    lines = ejected(stick, Journal(sharing(agreed=True)), monkeypatch, Hurrying(), told.append)
    assert told == [f"taking what the workstation sent: {done} of 5 MB" for done in (1, 2, 3, 4)]
    assert lines[0].startswith("sent by the workstation, and taken: 2;")


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        (sharing(rows=5, unsealed=5), []),
        (sharing(rows=5, unsealed=5, segments=2), ["what it is to forget waits, sealed in segments: 2"]),
        (sharing(agreed=True, rows=5, segments=2), ["rows that wait: 5, sealed in segments: 2"]),
    ],
)
def test_before_it_is_agreed_to_no_row_is_said_to_wait(
    told: m.Sharing, waits: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def reached(*_given: object) -> Iterator[Journal]:
        yield Journal(told)

    monkeypatch.setattr(eject, "reached", reached)
    assert list(eject.standing(tmp_path, SystemClock()))[1:-1] == waits


def ours(stick: Path) -> Path:
    folder = stick / f"vybor-{KIT}" / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("told", [m.Sharing(), sharing()])
def test_what_was_laid_there_before_it_was_taken_back_is_removed(
    stick: Path, monkeypatch: pytest.MonkeyPatch, told: m.Sharing
) -> None:
    ejected(stick, Journal(sharing(agreed=True)), monkeypatch)
    (ours(stick) / "my own.txt").write_text("stays")
    assert len(on(stick)) == 3
    with pytest.raises(Missing):
        ejected(stick, Journal(told), monkeypatch)
    assert on(stick) == ["my own.txt"]


@pytest.mark.parametrize("name", [f".{NAMES[0]}", NAMES[0], NAMES[2], f".{NAMES[0]}.17"])
@pytest.mark.parametrize("kind", ["dangling", "link", "pipe"])
def test_nothing_on_a_stick_leads_to_another_place_or_holds_it_up(
    stick: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str
) -> None:
    elsewhere, trap = stick.parent / "elsewhere", ours(stick) / name
    if kind == "pipe":
        os.mkfifo(trap)
    else:
        trap.symlink_to(elsewhere)
    if kind == "link":
        elsewhere.write_text("not to be touched")
    told = ejected(stick, Journal(sharing(agreed=True)), monkeypatch)
    assert f"on {stick}: 2; it is safe" in told[-1]
    assert on(stick) == NAMES[:2]
    assert not any(path.is_symlink() for path in ours(stick).iterdir())
    assert not elsewhere.exists() or elsewhere.read_text() == "not to be touched"


@pytest.mark.parametrize("part", ["outbox", "inbox"])
def test_a_folder_of_it_that_is_a_link_is_refused(stick: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    elsewhere = stick.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / NAMES[2]).write_text("not to be touched")
    (stick / f"vybor-{KIT}").mkdir()
    (stick / f"vybor-{KIT}" / part).symlink_to(elsewhere)
    with pytest.raises(PlaceError, match="leads elsewhere"):
        ejected(stick, Journal(sharing(agreed=True)), monkeypatch)
    assert [path.name for path in elsewhere.iterdir()] == [NAMES[2]]


@pytest.mark.parametrize(
    ("asked", "shut"),
    [("is_dir", "stick"), ("is_symlink", f"vybor-{KIT}"), ("is_dir", "inbox"), ("is_dir", "outbox")],
)
@pytest.mark.parametrize(
    ("number", "said"), [(errno.EACCES, "use sudo|remove it yourself"), (errno.EIO, "Input/output error")]
)
def test_a_stick_that_may_not_be_entered_or_fails_is_a_sentence(
    stick: Path, monkeypatch: pytest.MonkeyPatch, asked: str, shut: str, number: int, said: str
) -> None:
    real = getattr(Path, asked)

    def refuse(path: Path) -> object:
        if path.name == shut and path.is_relative_to(stick):
            raise OSError(number, os.strerror(number), str(path))
        return real(path)

    told = m.Sharing() if shut == "outbox" else sharing(agreed=True)
    monkeypatch.setattr(Path, asked, refuse)
    with pytest.raises(PlaceError, match=said):
        ejected(stick, Journal(told), monkeypatch)
