"""The stand-in Cyton: its protocol, its frames, and a scalp that can be trusted as a truth."""

import numpy as np
import pytest

from world.cyton_board import ANSWERS, FRAME_BYTES, FULL_SCALE, MICROVOLTS_PER_COUNT, NO_BOARD, Board, frame
from world.cyton_scalp import BACKGROUND_RMS, CHANNELS, HZ, Scalp, lid_shape

REST = [0.0] * CHANNELS


def test_a_frame_is_as_openbci_writes_it() -> None:
    sent = frame(7, [100.0, -100.0, 0.0, 1e9, -1e9, 0.0, 0.0, 0.0])
    assert len(sent) == FRAME_BYTES
    assert (sent[0], sent[1], sent[-1]) == (0xA0, 7, 0xC0)
    values = [int.from_bytes(sent[2 + 3 * place : 5 + 3 * place], "big", signed=True) for place in range(5)]
    assert values[0] * MICROVOLTS_PER_COUNT == pytest.approx(100, abs=0.02)
    assert values[1] == -values[0]
    assert values[2:] == [0, FULL_SCALE, -FULL_SCALE - 1]


def test_it_streams_between_b_and_s() -> None:
    board = Board()
    assert board.frames([REST]) == b""
    assert board.hear(b"v").endswith(b"$$$")
    assert board.hear(b"b") == b""
    sent = board.frames([REST] * 300)
    assert [sent[1], sent[FRAME_BYTES * 255 + 1], sent[FRAME_BYTES * 256 + 1]] == [0, 255, 0]
    board.hear(b"s")
    assert board.frames([REST]) == b""


def test_out_of_reach_it_goes_on_counting_and_the_dongle_says_so() -> None:
    board = Board()
    board.hear(b"b")
    board.in_reach = False
    assert board.frames([REST] * 3) == b""
    assert board.hear(b"v").decode() == NO_BOARD
    assert board.hear(b"d").startswith(b"Failure")
    board.in_reach = True
    assert board.frames([REST])[1] == 3
    assert board.hear(b"vd").decode() == ANSWERS["v"] + ANSWERS["d"]


def test_the_same_seed_is_the_same_scalp_however_it_is_read() -> None:
    whole, parts = Scalp(3), Scalp(3)
    whole.blink(0.28, 120)
    parts.blink(0.28, 120)
    pieces = np.hstack([parts.samples(count) for count in (1, 7, 92, 400)])
    assert np.allclose(whole.samples(500), pieces)
    assert not np.allclose(Scalp(4).samples(500), Scalp(3).samples(500))


def test_the_background_is_as_large_as_an_eeg() -> None:
    rest = Scalp(1).samples(60 * HZ)
    spread = np.std(rest - rest.mean(axis=1, keepdims=True), axis=1)
    assert np.all((spread > 0.7 * BACKGROUND_RMS) & (spread < 2 * BACKGROUND_RMS))


def test_a_blink_is_where_and_as_large_as_was_said() -> None:
    still, moved = Scalp(1), Scalp(1)
    for scalp in (still, moved):
        scalp.samples(100)
    began, ended = moved.blink(0.28, 120, after_s=0.4)
    difference = moved.samples(400) - still.samples(400)
    felt = np.flatnonzero(np.abs(difference[0]) > 1e-9) + 100
    assert began <= felt[0] <= began + 2
    assert ended - 2 <= felt[-1] < ended
    assert ended - began == 70
    assert 100 <= difference[0].max() <= 140
    assert difference[7].max() < 10


def test_lids_close_faster_than_they_open() -> None:
    shape = lid_shape(0.28)
    assert shape.max() == pytest.approx(1)
    assert shape.argmax() < 0.4 * len(shape)


def test_a_clench_is_loud_over_the_jaw_and_swings_the_forehead() -> None:
    still, moved = Scalp(1), Scalp(1)
    began, ended = moved.clench(0.6)
    difference = moved.samples(400) - still.samples(400)
    muscle = np.diff(difference, axis=1)
    assert (began, ended) == (0, 150)
    assert np.std(muscle[2, 5:145]) > 3 * np.std(muscle[7, 5:145])
    assert difference[2].min() < -300
    assert np.abs(difference[:, 300:]).max() < 20
