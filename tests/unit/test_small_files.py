"""Files in a folder where others may write: no pipe hangs, no link is followed, no endless file is read."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor import supervision
from vybor.foundation import last_words, small_files
from vybor.foundation.errors import PlaceError


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """What waits for ever is ended with an error."""

    def end(_signal: int, _frame: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def trap(kind: str, path: Path, target: Path) -> None:
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "link":
            path.symlink_to(target)
        case "loop":
            path.symlink_to(path)
        case "folder":
            path.mkdir()
        case "endless":
            path.symlink_to("/dev/zero")
        case "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(path))


TRAPS = ("pipe", "link", "loop", "folder", "endless", "socket")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("[program:secret]\nnot theirs\n")
    return path


@pytest.mark.parametrize("kind", TRAPS)
def test_last_words_are_a_file_or_nothing(tmp_path: Path, secret: Path, kind: str) -> None:
    trap(kind, tmp_path / "display.last-words", secret)
    assert last_words.read(tmp_path, "display") == ""


@pytest.mark.parametrize("kind", ["pipe", "link", "loop", "endless", "socket"])
def test_last_words_take_the_place_of_a_trap_and_write_to_no_other_file(
    tmp_path: Path, secret: Path, kind: str
) -> None:
    before = secret.read_text()
    trap(kind, tmp_path / "display.last-words", secret)
    last_words.leave(tmp_path, "display", "no screen; connect one")
    assert last_words.read(tmp_path, "display") == "no screen; connect one"
    assert secret.read_text() == before
    assert [path.name for path in tmp_path.glob(".display*")] == []


def test_last_words_that_cannot_be_left_are_no_crash(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "display.last-words").mkdir()
    last_words.leave(tmp_path, "display", "no screen; connect one")
    assert "last words not kept" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == ["display.last-words"]


def test_a_flood_in_place_of_last_words_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "display.last-words").write_text("x" * 100_000)
    assert last_words.read(tmp_path, "display") == ""


def test_a_settings_file_may_be_a_link_but_no_pipe_and_no_flood(tmp_path: Path, secret: Path) -> None:
    (tmp_path / "link").symlink_to(secret)
    assert small_files.read(tmp_path / "link", 100) == secret.read_bytes()
    with pytest.raises(OSError, match="far too large"):
        small_files.read(secret, 5)
    os.mkfifo(tmp_path / "pipe")
    for wrong in ("/dev/zero", tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match="no regular file"):
            small_files.read(Path(wrong), 100)


@pytest.mark.parametrize("kind", TRAPS)
def test_up_writes_its_configuration_over_nothing_that_is_not_its_own(
    tmp_path: Path, secret: Path, kind: str
) -> None:
    before = secret.read_text()
    path = tmp_path / supervision.CONFIGURATION
    trap(kind, path, secret)
    with pytest.raises(PlaceError, match="--runtime"):
        supervision.write(tmp_path, "[supervisord]\n")
    assert secret.read_text() == before
    assert not stat.S_ISREG(path.lstat().st_mode)
    assert supervision.programs(tmp_path) == []


def test_up_refuses_a_configuration_of_another_user_and_replaces_its_own(tmp_path: Path) -> None:
    path = tmp_path / supervision.CONFIGURATION
    supervision.write(tmp_path, "[program:gaze]\n")
    supervision.write(tmp_path, "[program:core]\n")
    assert supervision.programs(tmp_path) == ["core"]
    if os.geteuid():
        pytest.skip("only root can give a file to another user")
    os.chown(path, 65534, 65534)
    with pytest.raises(PlaceError, match="belongs to somebody else"):
        supervision.write(tmp_path, "[program:gaze]\n")
    assert path.read_text() == "[program:core]\n"


def test_a_configuration_that_is_none_names_no_program(tmp_path: Path) -> None:
    (tmp_path / supervision.CONFIGURATION).write_bytes(b"\xff[")
    assert supervision.programs(tmp_path) == []
    (tmp_path / supervision.CONFIGURATION).write_text("no section\n")
    assert supervision.programs(tmp_path) == []


@pytest.mark.parametrize("kind", [kind for kind in TRAPS if kind != "endless"])
def test_nobody_answers_in_place_of_supervisor(tmp_path: Path, secret: Path, kind: str) -> None:
    trap(kind, tmp_path / supervision.CONTROL, secret)
    assert not supervision.is_up(tmp_path)


def test_a_supervisor_that_takes_no_more_callers_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as full:
        full.bind(str(tmp_path / supervision.CONTROL))
        full.listen(0)
        with socket.socket(socket.AF_UNIX) as first:
            first.connect(str(tmp_path / supervision.CONTROL))
            supervision.is_up(tmp_path)
