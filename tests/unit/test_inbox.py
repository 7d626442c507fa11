"""The inbox: whatever the workstation puts there, receipts are read and nothing else is followed or waited for."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vybor.foundation.errors import PlaceError
from vybor.sync import forced, inbox, sshd
from vybor.sync.forced import Way

names = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=40).filter(
    lambda name: name not in (".", "..")
)


def drained(folder: Path) -> list[str]:
    """All that counts as a receipt, one after another, as the process takes them."""
    found = []
    for _ in range(50):
        if (one := inbox.next_receipt(folder)) is None:
            return found
        found.append(one[0].name)
        inbox.remove(one[0])
    raise AssertionError("it never ends")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, st.sampled_from(["file", "folder", "link", "pipe", "huge", "loop"]), max_size=6))
def test_only_receipts_are_read_and_the_rest_is_gone(
    tmp_path_factory: pytest.TempPathFactory, put: dict[str, str]
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.receipt").write_text("kept")
    folder = tmp_path_factory.mktemp("inbox")
    for name, kind in {**put, "good.receipt": "file"}.items():
        lay(folder / name, kind, outside)
    found = drained(folder)
    assert "good.receipt" in found
    assert all(inbox.NAME.fullmatch(name) for name in found)
    left = [path for path in folder.iterdir() if not (path.is_file() and path.name.startswith("."))]
    assert left == []
    assert (outside / "a.receipt").read_text() == "kept"


def lay(path: Path, kind: str, outside: Path) -> None:
    if kind == "file":
        path.write_text("{}")
    elif kind == "folder":
        path.mkdir()
        (path / "b.receipt").symlink_to(outside / "a.receipt")
    elif kind == "link":
        path.symlink_to(outside)
    elif kind == "loop":
        path.symlink_to(path.name)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as opened:
            opened.truncate(2**40)


def test_what_rsync_is_writing_is_left_alone_for_a_while(tmp_path: Path) -> None:
    begun = tmp_path / ".a.receipt.Xy12ab"
    begun.write_text("{")
    assert inbox.next_receipt(tmp_path) is None
    assert begun.exists()
    os.utime(begun, (1, 1))
    assert inbox.next_receipt(tmp_path) is None
    assert not begun.exists()


def test_a_link_to_a_receipt_is_none_and_goes(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("{}")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.receipt").symlink_to(outside)
    assert inbox.next_receipt(tmp_path / "inbox") is None
    assert list((tmp_path / "inbox").iterdir()) == []
    assert outside.exists()


def test_no_folder_is_no_receipt(tmp_path: Path) -> None:
    assert inbox.next_receipt(tmp_path / "none") is None


def door(folder: Path, user: str = "vybor-sync") -> sshd.Door:
    return sshd.Door(folder=folder, outbox=folder / "out box", port=2222, user=user, address="127.0.0.1")


def test_the_two_keys_may_do_one_thing_each(tmp_path: Path) -> None:
    read, write = sshd.authorized_keys(door(tmp_path), "ssh-ed25519 A", "ssh-ed25519 B").splitlines()
    program = f"PYTHONPATH={sshd.LIBRARIES} {sys.executable} -P -s -m vybor.sync.forced"
    assert read == f"restrict,command=\"{program} read '{tmp_path}/out box'\" ssh-ed25519 A"
    assert write == f'restrict,command="{program} write {tmp_path}/inbox" ssh-ed25519 B'
    with pytest.raises(PlaceError, match="quotation mark"):
        sshd.authorized_keys(door(tmp_path / 'a"b'), "ssh-ed25519 A", "ssh-ed25519 B")
    assert forced.rsync(Way.READ, "/out box") == ["/usr/bin/rrsync", "-ro", "/out box"]
    assert forced.rsync(Way.WRITE, "/in") == ["/usr/bin/rrsync", "-wo", "-no-del", "-no-lock", "-munge", "/in"]


READ_KEY, WRITE_KEY = f"ssh-ed25519 {'A' * 68}", f"ssh-ed25519 {'B' * 68}"
BEFORE = (
    f"restrict,command=\"/usr/bin/rrsync -ro '/out box'\" {READ_KEY}\n"
    f'restrict,command="/usr/bin/rrsync -wo -no-del -no-lock -munge /in" {WRITE_KEY}\n'
)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("moved", [False, True])
def test_whoever_was_paired_before_goes_on_being_paired(tmp_path: Path, *, swapped: bool, moved: bool) -> None:
    here = door(tmp_path)
    now = sshd.authorized_keys(here, READ_KEY, WRITE_KEY)
    written = now.replace(sys.executable, "/elsewhere/python3.9") if moved else BEFORE
    here.keys.write_text("".join(reversed(written.splitlines(keepends=True))) if swapped else written)
    sshd.renew_keys(here)
    assert here.keys.read_text() == now
    told = here.keys.stat().st_mtime_ns
    sshd.renew_keys(here)
    assert here.keys.stat().st_mtime_ns == told


@pytest.mark.parametrize("written", ["", "nonsense", BEFORE[:40], BEFORE.splitlines()[0], BEFORE + BEFORE])
def test_a_file_of_keys_that_says_something_else_is_left_alone(tmp_path: Path, written: str) -> None:
    here = door(tmp_path)
    sshd.renew_keys(here)
    assert not here.keys.exists()
    here.keys.write_text(written)
    sshd.renew_keys(here)
    assert here.keys.read_text() == written


@pytest.mark.parametrize(("user", "root"), [("vybor-sync", "no"), ("root", "forced-commands-only")])
def test_the_door_has_no_other_way_in(tmp_path: Path, user: str, root: str) -> None:
    lines = sshd.configuration(door(tmp_path, user)).splitlines()
    assert {
        "Port 2222",
        "ListenAddress 127.0.0.1",
        f"AllowUsers {user}",
        f"PermitRootLogin {root}",
        "AuthenticationMethods publickey",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "DisableForwarding yes",
        "PermitTTY no",
        "UsePAM no",
    } <= set(lines)
    assert [line for line in lines if line.startswith("Subsystem")] == ["Subsystem sftp vybor-sftp"]


def test_without_sshd_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sshd, "SSHD", tmp_path / "sshd")
    child = sshd.Sshd(door(tmp_path))
    assert not child.turn(0, wanted=True)
    assert child.trouble == f"{tmp_path}/sshd is missing; install openssh-server and rsync"
    child.turn(1, wanted=False)
    assert child.trouble == ""


def program(path: Path, does: str) -> Path:
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o700)
    return path


def test_a_door_that_cannot_be_opened_stays_a_trouble_until_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sshd, "SSHD", program(tmp_path / "ends", "echo Cannot bind any address. >&2; exit 255"))
    monkeypatch.setattr(forced, "RRSYNC", tmp_path / "ends")
    child, now_ns = sshd.Sshd(door(tmp_path)), 0
    for _ in range(2):
        assert not child.turn(now_ns, wanted=True)
        os.waitid(os.P_PID, child._child.pid, os.WEXITED | os.WNOWAIT)  # type: ignore[union-attr]
        child.turn(now_ns + 1, wanted=True)
        assert child.trouble == "sshd has ended: Cannot bind any address; see sync.address and sync.port"
        now_ns += 2 * sshd.AGAIN_NS
    monkeypatch.setattr(sshd, "SSHD", program(tmp_path / "stands", "exec sleep 60"))
    child.turn(now_ns, wanted=True)
    assert child.trouble
    child.turn(now_ns + sshd.AGAIN_NS, wanted=True)
    assert child.trouble == ""
    child.close()
