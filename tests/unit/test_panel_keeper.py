"""Who has a setting changed for the page: how long is waited, and what is said where nothing comes of it."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest

from vybor.commands.settings.carer_asks import LARGEST_BYTES, Came, Do, Wish
from vybor.panel import keeper

WISH = Wish(Do.SET, "voice.volume", "90")


@contextmanager
def door(folder: Path, answer: bytes | None) -> Iterator[tuple[dict[str, str], list[bytes]]]:
    """A door as systemd holds it; behind it somebody who reads the wish and answers, or says nothing."""
    heard: list[bytes] = []
    may_go = Event()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "door"))
        listening.listen()

        def serve() -> None:
            there, _ = listening.accept()
            with there:
                heard.append(there.makefile("rb").read())
                if answer is None:
                    may_go.wait(20)
                else:
                    there.sendall(answer)

        serving = Thread(target=serve, daemon=True)
        serving.start()
        yield {keeper.DOOR: str(folder / "door")}, heard
        may_go.set()
        serving.join(20)


def test_what_comes_of_it_is_what_was_answered(tmp_path: Path) -> None:
    with door(tmp_path, msgspec.json.encode(Came(processes=("voice",)))) as (environ, heard):
        assert keeper.done(None, WISH, environ) == Came(processes=("voice",))
    assert msgspec.json.decode(heard[0], type=Wish) == WISH


def test_who_does_not_answer_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LIMIT_S", 0.2)
    with door(tmp_path, None) as (environ, _):
        assert keeper.done(None, WISH, environ) == Came(refused=keeper.LATE)


@pytest.mark.parametrize("answer", [b"", b"{", b"\xff", b'{"refused": 5}'])
def test_an_answer_that_is_none_is_said_so(answer: bytes, tmp_path: Path) -> None:
    with door(tmp_path, answer) as (environ, _):
        assert keeper.done(None, WISH, environ) == Came(refused=keeper.BROKEN)


def test_a_door_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    told = keeper.done(None, WISH, {keeper.DOOR: str(tmp_path / "nowhere")}).refused
    assert told == "the settings cannot be changed from here (No such file or directory); see `vybor doctor`"


def test_what_is_too_long_is_asked_of_nobody(tmp_path: Path) -> None:
    long = Wish(Do.SET, "display.night", "x" * LARGEST_BYTES)
    told = keeper.done(None, long, {keeper.DOOR: str(tmp_path / "nowhere")}).refused
    assert told == f"a setting has at most {LARGEST_BYTES // 2} letters"


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = tmp_path / "python"
    hangs.write_text("#!/bin/sh\nexec sleep 20\n")
    hangs.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(hangs))
    monkeypatch.setattr(keeper, "LIMIT_S", 0.2)
    assert keeper.done(tmp_path / "vybor.toml", WISH, {}) == Came(refused=keeper.LATE)


def test_where_nobody_knows_the_file_it_is_said_so() -> None:
    assert keeper.done(None, WISH, {}) == Came(refused=keeper.NO_FILE)
