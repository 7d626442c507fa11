"""What is made of what sftp says, with another program in its place: pruned meanwhile, silent, refused."""

from pathlib import Path

import pytest

from unit.test_kits import paired
from vybor.foundation.errors import PlaceError
from vybor_workshop.kits import by_sftp, fetching
from vybor_workshop.kits.home import Kit

NAME = f"b000001-s0000000001-{'0' * 64}.segment"
LISTED = f"-r--------    ? 0        0               4 Nov 26 13:46 {NAME}"


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(by_sftp, "LOOK_S", 0.05)
    (tmp_path / "without").write_text("")
    return paired(tmp_path / "home")


def plays(folder: Path, lists: str, gets: str) -> None:
    """A program that is called sftp and does this when it is asked."""
    played = folder / "sftp"
    played.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/given\ncase "$(cat)" in ls*) {lists} ;; *) {gets} ;; esac\n'
    )
    played.chmod(0o755)


def fetched(kit: Kit, folder: Path) -> list[str]:
    said: list[str] = []
    by_sftp.Sftp().fetch(kit, folder / "without", said.append)
    return said


def test_what_is_here_in_full_is_laid_where_it_is_verified_and_how_far_it_is_is_said(
    kit: Kit, tmp_path: Path
) -> None:
    plays(tmp_path, f"echo '{LISTED}'", f"printf text > {NAME}; sleep 0.3")
    assert fetched(kit, tmp_path) == ["kitchen: 0.0 MB fetched (100 %)"]
    assert (kit.incoming / NAME).read_text() == "text"
    given = (tmp_path / "given").read_text()
    assert "-F none -P 2222" in given
    assert "StrictHostKeyChecking=yes" in given
    assert given.endswith("-b - vybor-sync@192.168.1.20\n")


def test_what_was_pruned_between_listing_and_reading_is_not_missed(kit: Kit, tmp_path: Path) -> None:
    gone = f"touch {tmp_path}/gone; echo 'File \"/{NAME}\" not found.'; exit 1"
    plays(tmp_path, f"[ -e {tmp_path}/gone ] || echo '{LISTED}'", gone)
    assert fetched(kit, tmp_path) == []
    assert len((tmp_path / "given").read_text().splitlines()) == 3


def test_what_is_listed_and_never_there_is_given_up(kit: Kit, tmp_path: Path) -> None:
    plays(tmp_path, f"echo '{LISTED}'", "echo 'File not found.'; exit 1")
    with pytest.raises(fetching.NotReached, match="File not found"):
        fetched(kit, tmp_path)


def test_a_kit_that_falls_silent_is_given_up_and_what_came_is_kept(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.3)
    plays(tmp_path, f"echo '{LISTED}'", f"printf te > {NAME}; exec sleep 60")
    with pytest.raises(fetching.NotReached, match="the next sync goes on"):
        fetched(kit, tmp_path)
    assert (kit.incoming / fetching.PARTIAL / NAME).read_text() == "te"
    assert not (kit.incoming / NAME).exists()


def test_what_is_no_more_on_the_kit_goes_here_too(kit: Kit, tmp_path: Path) -> None:
    plays(tmp_path, f"echo '{LISTED}'", f"printf text > {NAME}")
    begun = kit.incoming / fetching.PARTIAL
    begun.mkdir()
    for folder in (begun, kit.incoming):
        (folder / NAME.replace("b", "b1", 1)).write_text("zebra")
    fetched(kit, tmp_path)
    assert [path.name for path in kit.incoming.rglob("*") if path.is_file()] == [NAME]


def test_what_is_left_out_is_not_asked_for(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "without").write_text(f"/{NAME}\n")
    plays(tmp_path, f"echo '{LISTED}'", "exit 1")
    assert fetched(kit, tmp_path) == []


def test_a_kit_without_sftp_and_a_folder_that_is_none_are_named(kit: Kit, tmp_path: Path) -> None:
    plays(tmp_path, "echo 'subsystem request failed on channel 0'; exit 1", "exit 1")
    with pytest.raises(fetching.NotReached, match="kitchen does not speak SFTP; install rsync here"):
        fetched(kit, tmp_path)
    (kit.receipts / "a.receipt").write_text("{}")
    with pytest.raises(fetching.NotReached, match="could not be reached"):
        by_sftp.Sftp().deliver(kit, print)
    (kit.incoming / fetching.PARTIAL).rmdir()
    (kit.incoming / fetching.PARTIAL).write_text("")
    with pytest.raises(PlaceError, match="cannot be used"):
        fetched(kit, tmp_path)


BUNDLE = "55555555-000007-12.bundle"


def pushed(kit: Kit, folder: Path, lists: str, puts: str) -> tuple[list[str], list[str]]:
    """What sftp is told, and what is said, when a bundle of twelve bytes is sent."""
    kit.outgoing.mkdir(exist_ok=True)
    (kit.outgoing / BUNDLE).write_bytes(b"all of this.")
    played, said = folder / "sftp", list[str]()
    played.write_text(
        f'#!/bin/sh\ntold=$(cat)\necho "$told" >> {folder}/told\n'
        f'case "$told" in ls*) {lists} ;; *) exec 3<{BUNDLE}; {puts} ;; esac\n'
    )
    played.chmod(0o755)
    (folder / "told").unlink(missing_ok=True)
    by_sftp.Sftp().push(kit, kit.outgoing / BUNDLE, said.append)
    return (folder / "told").read_text().splitlines(), said


@pytest.mark.parametrize(
    ("lists", "then"),
    [
        (f"echo 'Can\\''t ls: \"/{BUNDLE}\" not found'; exit 1", "put"),
        (f"echo '-r--------    ? 0 0 0 Nov 26 13:46 /{BUNDLE}'", "put"),
        (f"echo '-r--------    ? 0 0 5 Nov 26 13:46 /{BUNDLE}'", "reput"),
        (f"echo '-r--------    ? 0 0 12 Nov 26 13:46 /{BUNDLE}'", ""),
    ],
)
def test_a_bundle_is_sent_from_where_the_kit_has_it(kit: Kit, tmp_path: Path, lists: str, then: str) -> None:
    told, _ = pushed(kit, tmp_path, lists, "exit 0")
    assert told == [f"ls -ln /{BUNDLE}", *([f"{then} {BUNDLE} /{BUNDLE}"] if then else [])]


def test_how_far_it_is_is_said_and_a_kit_that_takes_no_more_is_given_up(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = "dd bs=6 count=1 <&3 >/dev/null 2>&1; sleep 0.3"
    assert pushed(kit, tmp_path, "exit 0", reads)[1] == ["kitchen: 0.0 MB sent (50 %)"]
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.3)
    with pytest.raises(fetching.NotReached, match="the next sync goes on"):
        pushed(kit, tmp_path, "exit 0", "exec sleep 60")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ('dest open "/x": Permission denied', "kitchen takes nothing by SFTP; update Vybor there"),
        ("vybor-sync@kitchen: Permission denied (publickey).", "does not know this workstation any more"),
        ('dest open "/x": Failure', "kitchen has no room for it now"),
        ("Connection reset by peer", "could not be reached"),
    ],
)
def test_why_a_kit_took_no_bundle(kit: Kit, told: str, says: str) -> None:
    assert says in by_sftp.refused(kit, told)
    with pytest.raises(fetching.NotReached):
        pushed(kit, Path(kit.folder.parents[2]), "exit 0", "exit 1")
