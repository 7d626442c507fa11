"""The meddler counts what it did, not what it let pass: frames that came out otherwise, twice, or late."""

from pathlib import Path

import pytest
import zmq

from vybor.foundation.clock import SystemClock, seconds
from world import meddler
from world.meddler import Meddler, Way, is_meddled

FRAMES = [b"t %d" % number for number in range(200)]
EMPTY = [b"t "] * 50
"""Of these nothing can be damaged."""
FRAME = [b"t", b"what was said"]


@pytest.mark.parametrize(
    ("sent", "late_s", "meddled"),
    [
        ([FRAME], 0, False),
        ([FRAME], 0.019, False),
        ([FRAME], 0.02, True),
        ([FRAME, FRAME], 0, True),
        ([[b"t", b"what was sa"]], 0, True),
        ([list(FRAME)], 0, False),
    ],
)
def test_what_comes_out_as_it_was_said_was_not_meddled_with(
    sent: list[list[bytes]], late_s: float, meddled: bool
) -> None:
    assert is_meddled(FRAME, sent, seconds(late_s)) == meddled


def carried(folder: Path, way: Way | None, frames: list[bytes]) -> tuple[list[bytes], int]:
    """What came of what was said, and how many the meddler says it meddled with."""
    sitting = Meddler(folder, ("says", "hears"), SystemClock())
    context = zmq.Context()
    says, hears = context.socket(zmq.XPUB), context.socket(zmq.SUB)
    try:
        says.setsockopt(zmq.SNDHWM, 0)
        hears.setsockopt(zmq.RCVHWM, 0)
        says.bind(f"ipc://{sitting.of('says') / 'says'}")
        hears.connect(f"ipc://{sitting.of('hears') / 'says'}")
        hears.subscribe(b"")
        assert says.recv() == b"\x01"  # the subscription has come through
        sitting.meddled = {"says": way} if way else {}
        for frame in frames:
            says.send(frame)
        came: list[bytes] = []
        while len(came) < len(frames) * (2 if way is Way.DOUBLED else 1):
            assert hears.poll(20_000), "it does not come"
            came.append(hears.recv())
        return came, sitting.count
    finally:
        context.destroy(linger=0)
        sitting.close()


def test_of_the_damaged_those_are_counted_that_came_out_otherwise(tmp_path: Path) -> None:
    came, count = carried(tmp_path, Way.CORRUPTED, FRAMES)
    otherwise = sum(one != other for one, other in zip(FRAMES, came, strict=True))
    assert 0 < count == otherwise < len(FRAMES)
    assert carried(tmp_path / "empty", Way.CORRUPTED, EMPTY) == (EMPTY, 0)


def test_of_the_late_those_are_counted_that_were_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meddler, "LATEST_S", 0.04)
    assert carried(tmp_path / "a", Way.DELAYED, FRAMES[:20])[1] > 0
    monkeypatch.setattr(meddler, "LATEST_S", 0.0)
    came, count = carried(tmp_path / "b", Way.DELAYED, FRAMES[:20])
    assert (came, count) == (FRAMES[:20], 0)


def test_what_is_said_once_and_comes_twice_is_counted_once(tmp_path: Path) -> None:
    came, count = carried(tmp_path / "a", Way.DOUBLED, FRAMES[:20])
    assert (len(came), count) == (40, 20)
    assert carried(tmp_path / "b", None, FRAMES[:20]) == (FRAMES[:20], 0)
