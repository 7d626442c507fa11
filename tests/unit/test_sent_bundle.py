"""A bundle that comes over SFTP: whole or none, resumed at any byte, and written nowhere but at its end."""

import os
import random
import shutil
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from paramiko import ServerInterface, SFTPAttributes, SFTPHandle
from paramiko.sftp import SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_PERMISSION_DENIED

from unit.test_one_folder import packet, text
from vybor.bundles.bundle import MOST_BYTES, RESERVE_BYTES
from vybor.bundles.manifest import FILE_NAME
from vybor.sync import inbox, sent_bundle, sftp
from vybor.sync.forced import Way
from vybor.sync.one_folder import WRITES_ANEW, Inbox
from vybor.sync.sent_bundle import GOES_ON

CONTENT = b"all of a bundle"
NAME = f"55555555-000007-{len(CONTENT)}.bundle"
NOTHING = SFTPAttributes()
WAYS = [WRITES_ANEW, GOES_ON]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Inbox]:
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield Inbox(ServerInterface(), folder)
    os.close(folder)


def opened(box: Inbox, flags: int = GOES_ON, name: str = NAME) -> SFTPHandle:
    handle = box.open(f"/{name}", flags, NOTHING)
    assert isinstance(handle, SFTPHandle), handle
    return handle


def there(box: Inbox) -> int | None:
    seen = box.stat(f"/{NAME}")
    return None if isinstance(seen, int) else seen.st_size


def test_it_is_gone_on_with_at_any_byte_and_then_it_is_whole(box: Inbox, tmp_path: Path) -> None:
    for cut in range(len(CONTENT)):
        assert there(box) is None
        first = opened(box, WRITES_ANEW)
        assert first.write(0, CONTENT[:cut]) == SFTP_OK
        first.close()
        assert inbox.bundles(tmp_path) == []
        assert inbox.next_receipt(tmp_path) is None, "it is left alone until the rest comes"
        assert there(box) == cut
        then = opened(box)
        assert then.write(cut, CONTENT[cut:]) == SFTP_OK
        then.close()
        assert [path.name for path in inbox.bundles(tmp_path)] == [NAME]
        assert (tmp_path / NAME).read_bytes() == CONTENT
        (tmp_path / NAME).unlink()


@pytest.mark.parametrize("flags", WAYS)
def test_nobody_writes_into_what_is_whole(box: Inbox, tmp_path: Path, flags: int) -> None:
    handle = opened(box)
    assert handle.write(0, CONTENT) == SFTP_OK
    assert handle.write(len(CONTENT), b"!") == SFTP_FAILURE
    assert handle.write(0, b"A") == SFTP_FAILURE
    assert box.open(NAME, flags, NOTHING) == SFTP_PERMISSION_DENIED
    assert (tmp_path / NAME).read_bytes() == CONTENT
    handle.close()


def test_begun_anew_it_begins_empty(box: Inbox, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"of another")
    opened(box, WRITES_ANEW).close()
    assert (tmp_path / NAME).read_bytes() == b""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(WAYS),
            st.lists(st.tuples(st.integers(0, 20) | st.sampled_from([2**63, 2**64 - 1]), st.binary(max_size=9))),
        ),
        max_size=5,
    )
)
@example([(GOES_ON, [(5, b"x")])])
def test_wherever_somebody_writes_it_grows_at_its_end_and_never_beyond_its_name(
    box: Inbox, tmp_path: Path, sessions: list[tuple[int, list[tuple[int, bytes]]]]
) -> None:
    known = b""
    for flags, writes in sessions:
        handle = box.open(NAME, flags, NOTHING)
        if len(known) == len(CONTENT):
            assert handle == SFTP_PERMISSION_DENIED
            continue
        assert isinstance(handle, SFTPHandle)
        known = b"" if flags == WRITES_ANEW else known
        for offset, piece in writes:
            is_next = offset == len(known) and offset + len(piece) <= len(CONTENT)
            assert handle.write(offset, piece) == (SFTP_OK if is_next else SFTP_FAILURE)
            known += piece if is_next else b""
        handle.close()
        assert (tmp_path / NAME).read_bytes() == known
        assert bool(inbox.bundles(tmp_path)) is (len(known) == len(CONTENT))
    (tmp_path / NAME).unlink(missing_ok=True)


names = st.from_regex(FILE_NAME) | st.tuples(
    st.sampled_from(["", "/", "../", "/../", "d/", "./", "//"]),
    st.from_regex(FILE_NAME, fullmatch=True),
    st.sampled_from(["", "/", "/..", "\n", "\x00", ".part", ".bundle"]),
).map("".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=names, flags=st.sampled_from(WAYS) | st.integers(0, 2**16))
@example("55555555-000001-0.bundle", GOES_ON)
@example(f"55555555-000001-{MOST_BYTES + 1}.bundle", GOES_ON)
@example("55555555-٠٠٠٠٠١-5.bundle", GOES_ON)
@example(f"/{NAME}", GOES_ON)
@example(NAME, os.O_RDONLY)
@example(NAME, os.O_RDWR | os.O_CREAT)
def test_no_name_leads_out_and_none_is_read(box: Inbox, tmp_path: Path, name: str, flags: int) -> None:
    handle = box.open(name, flags, NOTHING)
    plain = name.removeprefix("/")
    if isinstance(handle, SFTPHandle):
        assert flags in WAYS
        found = FILE_NAME.fullmatch(plain)
        assert found
        assert 0 < int(found["size"]) <= MOST_BYTES
        assert handle.read(0, 9) == handle.stat() or isinstance(handle.read(0, 9), int)
        handle.close()
        assert [path.name for path in tmp_path.iterdir()] == [plain]
        (tmp_path / plain).unlink()
    assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.parent.glob("*.bundle")) == []


def test_links_pipes_and_folders_of_that_name_are_left_alone(box: Inbox, tmp_path: Path) -> None:
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_text("secret")
    for make in (
        lambda path: path.symlink_to(secret),
        lambda path: path.hardlink_to(secret),
        os.mkfifo,
        lambda path: path.mkdir(),
    ):
        make(tmp_path / NAME)
        for flags in WAYS:
            assert isinstance(box.open(NAME, flags, NOTHING), int)
        seen = box.stat(NAME)
        assert seen == SFTP_NO_SUCH_FILE or (tmp_path / NAME).stat().st_nlink > 1
        shutil.rmtree(tmp_path / NAME) if (tmp_path / NAME).is_dir() else (tmp_path / NAME).unlink()
    assert secret.read_text() == "secret"
    secret.unlink()


def test_the_room_that_the_person_s_words_need_is_left(
    box: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / NAME).write_bytes(CONTENT[:10])
    monkeypatch.setattr(sent_bundle, "_free", lambda _: RESERVE_BYTES + len(CONTENT) - 11)
    assert box.open(NAME, GOES_ON, NOTHING) == SFTP_FAILURE
    monkeypatch.setattr(sent_bundle, "_free", lambda _: RESERVE_BYTES + len(CONTENT) - 10)
    opened(box).close()
    assert (tmp_path / NAME).read_bytes() == CONTENT[:10]


def test_of_a_large_one_not_all_is_brought_onto_the_disk_at_its_end(
    box: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(sent_bundle, "SYNC_BYTES", 4)
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    handle = opened(box)
    for at in range(0, 9, 3):
        assert handle.write(at, CONTENT[at : at + 3]) == SFTP_OK
    handle.close()
    assert synced == [6, 9]


def said_to_it(chance: random.Random) -> bytes:
    """Anything that a client may ask, of a bundle's name or one near it, at offsets that mean something or not."""
    named = text(chance.choice([NAME, f"/{NAME}", f"../{NAME}", f"{NAME}/x", "/", "a.receipt"]).encode())
    handle = text(chance.choice([b"hx1", b"hx2", b"hx9", b""]))
    offset = struct.pack(">Q", chance.choice([0, 3, 6, 9, 12, len(CONTENT), 2**31, 2**63, 2**64 - 1]))
    piece = text(chance.choice([CONTENT[:3], CONTENT, b"", chance.randbytes(40)]))
    flags = struct.pack(">I", chance.choice([0x02, 0x0A, 0x0E, 0x1A, 0x1E, 0x2A, 0xFF])) + bytes(4)
    kinds = {3: named + flags, 4: handle, 5: handle + offset + bytes(4), 6: handle + offset + piece, 17: named}
    kinds |= {8: handle, 9: named + flags, 10: handle + flags, 13: named, 18: named + named, 20: named + named}
    kind = chance.choice([*kinds, 3, 6, 6, 6])
    return packet(kind, struct.pack(">I", 7) + kinds[kind])


@pytest.mark.parametrize("seed", range(8))
def test_whatever_comes_over_the_wire_nothing_but_a_beginning_of_it_lies_there(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    (reads, writes), (answers, answered) = os.pipe(), os.pipe()
    os.set_blocking(answered, False)
    served = threading.Thread(target=sftp.serve, args=(Way.WRITE, tmp_path, reads, answered))
    served.start()
    os.write(writes, packet(1, struct.pack(">I", 3)) + b"".join(said_to_it(chance) for _ in range(120)))
    os.close(writes)
    served.join(10)
    assert not served.is_alive()
    for descriptor in (reads, answers, answered):
        os.close(descriptor)
    left = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert left.pop(NAME, 0) <= len(CONTENT)
    assert left.pop("a.receipt", 0) == 0
    assert left == {}
    assert not list(tmp_path.parent.glob("*.bundle"))
