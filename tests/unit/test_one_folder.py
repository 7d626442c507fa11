"""What SFTP shows of the outbox and takes into the inbox: whatever is asked for, nothing outside is touched."""

import os
import random
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paramiko import ServerInterface, SFTPAttributes, SFTPHandle
from paramiko.sftp import SFTP_EOF, SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_PERMISSION_DENIED

from vybor.sync import forced, inbox, sftp
from vybor.sync.forced import Asked, Way
from vybor.sync.one_folder import MOST_LISTS, MOST_OPEN, WRITES_ANEW, Inbox, Outbox

SEGMENT = f"b000001-s0000000001-{'a' * 64}.segment"
LINK = f"b000002-s0000000001-{'b' * 64}.segment"
PIPE = f"b000003-s0000000001-{'c' * 64}.segment"
SECRET = "the secret"
ABSENT = (SFTP_NO_SUCH_FILE, SFTP_PERMISSION_DENIED)
NOTHING = SFTPAttributes()

pieces = st.sampled_from(
    [
        "..",
        ".",
        "",
        "~",
        SEGMENT,
        LINK,
        PIPE,
        "a.receipt",
        "link.receipt",
        "inside",
        "secret",
        "etc",
        "passwd",
        "proc",
        "self",
    ]
) | st.text(max_size=8)
paths = pieces | st.lists(pieces, max_size=6).map("/".join) | st.text(max_size=30)
flags = st.sampled_from(
    [os.O_RDONLY, os.O_RDWR, os.O_RDWR | os.O_CREAT, os.O_WRONLY, WRITES_ANEW, os.O_APPEND]
) | st.integers(0, 2**16)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An outbox and an inbox with links out of them, and what must not be reached."""
    root = tmp_path_factory.mktemp("around")
    (root / "secret").write_text(SECRET)
    for name in ("outbox", "inbox"):
        (root / name / "inside").mkdir(parents=True)
        (root / name / "inside" / SEGMENT).write_text(SECRET)
    (root / "outbox" / SEGMENT).write_bytes(b"sealed")
    (root / "outbox" / LINK).symlink_to(root / "secret")
    (root / "outbox" / "notes.txt").write_text(SECRET)
    os.mkfifo(root / "outbox" / PIPE)
    (root / "inbox" / "link.receipt").symlink_to(root / "secret")
    return root


def tree(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def test_of_the_outbox_segments_are_seen_and_read(around: Path) -> None:
    with opened(around / "outbox") as folder:
        box = Outbox(ServerInterface(), folder)
        listed = box.list_folder("/")
        assert isinstance(listed, list)
        assert [(one.filename, one.st_size) for one in listed] == [(SEGMENT, 6)]
        handle = box.open(f"/{SEGMENT}", os.O_RDONLY, NOTHING)
        assert isinstance(handle, SFTPHandle)
        assert handle.read(2, 3) == b"ale"
        assert handle.read(6, 3) == handle.read(2**63, 2**31) == SFTP_EOF
        handle.close()


@settings(max_examples=150, deadline=None)
@given(path=paths, flag=flags)
@example(LINK, os.O_RDONLY)
@example(PIPE, os.O_RDONLY)
@example(f"inside/{SEGMENT}", os.O_RDONLY)
@example("../secret", os.O_RDONLY)
@example("notes.txt", os.O_RDONLY)
@example(SEGMENT, os.O_RDWR)
def test_of_the_outbox_nothing_else_is_reached(around: Path, path: str, flag: int) -> None:
    before = tree(around)
    with opened(around / "outbox") as folder:
        box = Outbox(ServerInterface(), folder)
        handle = box.open(path, flag, NOTHING)
        if isinstance(handle, SFTPHandle):
            assert (path.removeprefix("/"), flag) == (SEGMENT, os.O_RDONLY)
            assert handle.read(0, 100) == b"sealed"
            assert handle.write(0, b"x") != SFTP_OK
            assert handle.chattr(NOTHING) != SFTP_OK
            handle.close()
        seen = box.stat(path)
        assert isinstance(seen, int) or seen.st_size == 6 or path in ("", ".", "/", "/.")
        listed = box.list_folder(path)
        assert isinstance(listed, int) or [one.filename for one in listed] == [SEGMENT]
        refused(box, path)
        assert box.canonicalize(path) in ("/", f"/{SEGMENT}", f"/{LINK}", f"/{PIPE}")
    assert tree(around) == before
    assert (around / "secret").read_text() == SECRET


@settings(max_examples=150, deadline=None)
@given(path=paths, flag=flags)
@example("link.receipt", WRITES_ANEW)
@example("a.receipt", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
@example("a.receipt", os.O_WRONLY | os.O_CREAT)
@example("../secret", WRITES_ANEW)
@example("inside/a.receipt", WRITES_ANEW)
def test_of_the_inbox_nothing_is_seen_and_receipts_alone_are_written(around: Path, path: str, flag: int) -> None:
    before = tree(around)
    with opened(around / "inbox") as folder:
        box = Inbox(ServerInterface(), folder)
        handle = box.open(path, flag, NOTHING)
        written = path.removeprefix("/")
        if isinstance(handle, SFTPHandle):
            assert inbox.NAME.fullmatch(written)
            assert flag == WRITES_ANEW
            assert handle.write(0, b"{}") == SFTP_OK
            assert handle.read(0, 100) != b"{}"
            assert isinstance(handle.stat(), int)
            handle.close()
            assert (around / "inbox" / written).read_text() == "{}"
            before.add(f"inbox/{written}")
        seen = box.stat(path)
        assert seen in ABSENT or path in ("", ".", "/", "/.")
        assert box.list_folder(path) == SFTP_PERMISSION_DENIED
        refused(box, path)
    assert tree(around) == before
    assert (around / "secret").read_text() == SECRET


def refused(box: Outbox | Inbox, path: str) -> None:
    """All that neither does."""
    for done in (
        box.remove(path),
        box.rename(path, f"/{SEGMENT}"),
        box.rename(f"/{SEGMENT}", path),
        box.posix_rename(f"/{SEGMENT}", path),
        box.mkdir(path, NOTHING),
        box.rmdir(path),
        box.chattr(path, NOTHING),
        box.symlink("/etc/passwd", path),
        box.readlink(path),
    ):
        assert isinstance(done, int)
        assert done != SFTP_OK


def test_a_receipt_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        box = Inbox(ServerInterface(), folder)
        handle = box.open("a.receipt", WRITES_ANEW, NOTHING)
        assert isinstance(handle, SFTPHandle)
        handle.write(0, b"half")
        assert [path.name for path in tmp_path.iterdir()] == [f".a.receipt.{os.getpid()}"]
        assert inbox.next_receipt(tmp_path) is None
        box.session_ended()
        handle.close()
        assert list(tmp_path.iterdir()) == []
        box = Inbox(ServerInterface(), folder)
        handle = box.open("a.receipt", WRITES_ANEW, NOTHING)
        assert isinstance(handle, SFTPHandle)
        assert handle.write(0, b"x" * inbox.LARGEST_BYTES) == SFTP_OK
        assert handle.write(inbox.LARGEST_BYTES, b"x") == SFTP_FAILURE
        handle.close()
        assert list(tmp_path.iterdir()) == []


def test_there_is_an_end_to_what_may_be_open_listed_and_laid_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as folder:
        box = Inbox(ServerInterface(), folder)
        handles = [box.open(f"{number}.receipt", WRITES_ANEW, NOTHING) for number in range(MOST_OPEN + 1)]
        assert handles.pop() == SFTP_FAILURE
        for handle in handles:
            assert isinstance(handle, SFTPHandle)
            handle.close()
        monkeypatch.setattr(inbox, "MOST", MOST_OPEN)
        assert box.open("more.receipt", WRITES_ANEW, NOTHING) == SFTP_FAILURE
        lists = [Outbox(ServerInterface(), folder).list_folder("/") for _ in range(2)]
        assert lists == [[], []]
        one = Outbox(ServerInterface(), folder)
        assert [one.list_folder("/") for _ in range(MOST_LISTS + 1)][-1] == SFTP_FAILURE


@pytest.mark.parametrize(
    ("original", "told"),
    [
        ("vybor-sftp", Asked.SFTP),
        ("rsync --server --sender -logDtpre.iLsfxCIvu . /", Asked.RSYNC),
        *((other, Asked.OTHER) for other in ("", "id", "rsync", "rsync --daemon", "sh -c 'rsync --server '")),
        *((other, Asked.OTHER) for other in ("/usr/lib/openssh/sftp-server", "vybor-sftp; id", "scp -f /")),
    ],
)
def test_what_a_client_asks_for_is_rsync_or_sftp_or_nothing(original: str, told: Asked) -> None:
    assert forced.asked({"SSH_ORIGINAL_COMMAND": original}) is told


def test_whoever_asks_for_something_else_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forced.main(["read", str(tmp_path)], {"SSH_ORIGINAL_COMMAND": "sh"}) == 77
    assert capsys.readouterr().err == "this key is for rsync and sftp alone\n"


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("seed", range(10))
def test_whatever_comes_over_the_wire_it_ends_and_nothing_is_touched(around: Path, way: Way, seed: int) -> None:
    before = {name for name in tree(around) if not name.startswith("inbox/.")}
    chance = random.Random(seed)
    told = b"".join(
        (packet(1, struct.pack(">I", 3)), *(scrambled(chance) for _ in range(60)), chance.randbytes(50))
    )
    reads, writes = os.pipe()
    answers, answered = os.pipe()
    folder = around / ("outbox" if way is Way.READ else "inbox")
    served = threading.Thread(target=sftp.serve, args=(way, folder, reads, answered))
    served.start()
    os.write(writes, told)
    os.close(writes)
    served.join(10)
    assert not served.is_alive()
    os.close(answered)
    said = os.read(answers, 2**16)
    for descriptor in (answers, reads):
        os.close(descriptor)
    assert SECRET.encode() not in said
    assert said[4] == 2
    assert {name for name in tree(around) if not name.startswith("inbox/.")} == before


@pytest.mark.parametrize("told", [b"", b"\x00\x05\x00\x00\x01", b"\xff\xff\xff\xff"])
def test_whoever_says_nothing_or_announces_too_much_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bytes
) -> None:
    monkeypatch.setattr(sftp, "IDLE_S", 0.05)
    (reads, writes), (answers, answered) = os.pipe(), os.pipe()
    os.write(writes, packet(1, struct.pack(">I", 3)) + told)
    sftp.serve(Way.READ, tmp_path, reads, answered)  # though the other side has not hung up
    for descriptor in (reads, writes, answers, answered):
        os.close(descriptor)


def packet(kind: int, told: bytes) -> bytes:
    return struct.pack(">IB", len(told) + 1, kind) + told


def text(told: bytes) -> bytes:
    return struct.pack(">I", len(told)) + told


def scrambled(chance: random.Random) -> bytes:
    """A request of any kind, with names and numbers that mean something, or not."""
    names = [
        b"/",
        b"..",
        b"/etc/passwd",
        SEGMENT.encode(),
        LINK.encode(),
        b"hx1",
        b"hx2",
        b"check-file",
        b"md5",
        b"\xff",
    ]
    parts = [text(chance.choice(names)) if chance.random() < 0.7 else chance.randbytes(chance.randint(0, 12))]
    parts += [text(chance.choice(names)), struct.pack(">Q", chance.choice([0, 1, 2**63])), bytes(4)]
    return packet(chance.choice([*range(3, 21), 200]), struct.pack(">I", 7) + b"".join(parts))
