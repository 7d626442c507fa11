"""The driver of the Cyton: how it begins, what it counts, and what it says when there is nothing to stream."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.cyton_desk import HZ, Desk, ramp, streamed, worn
from vybor.foundation.clock import MILLISECOND_NS, SECOND_NS
from vybor.headband.devices.cyton import dialogue, finding
from vybor.headband.devices.cyton.finding import Found
from vybor.headband.port import HeadbandMissing, HeadbandStopped
from world.cyton_board import BANNER, Board

WAITS = 1
"""The newest frame is believed once the next one begins."""
OLD = "OpenBCI V3 32bit Board\n\rSetting ADS1299 Channel Values\n\rADS1299 Device ID: 0x3E\n\r$$$"


def test_what_the_electrodes_feel_is_what_comes_with_its_index_and_its_time() -> None:
    desk = Desk(Board())
    headband = worn(desk)
    headband.start()
    began_ns = desk.clock.now_ns()
    chunks = streamed(headband, desk, 4.0)
    felt = np.hstack([chunk.microvolts for chunk in chunks])
    assert felt.shape == (8, 4 * HZ - WAITS)
    assert felt[:, 500] == pytest.approx(ramp(500)[:8], abs=0.02)
    assert chunks[0].first == 0
    assert [chunk.first for chunk in chunks[1:]] == [chunk.end for chunk in chunks[:-1]]
    for chunk in chunks[20:]:
        assert abs(chunk.at_ns - began_ns - chunk.first * SECOND_NS // HZ) <= 8 * MILLISECOND_NS


def test_a_daisy_makes_sixteen_channels_at_half_the_rate() -> None:
    desk = Desk(Board(has_daisy=True))
    headband = worn(desk, "cyton_daisy")
    headband.start()
    chunks = streamed(headband, desk, 4.0)
    felt = np.hstack([chunk.microvolts for chunk in chunks])
    assert felt.shape == (16, 2 * HZ - WAITS)
    own, daisy = np.add(ramp(200), ramp(201)) / 2, np.add(ramp(199), ramp(200)) / 2
    assert felt[:, 100] == pytest.approx([*own[:8], *daisy[8:]], abs=0.02)
    assert chunks[-1].period_ns == pytest.approx(8e6, rel=0.005)


def test_a_cyton_whose_daisy_is_not_wanted_sends_eight() -> None:
    desk = Desk(Board(has_daisy=True))
    headband = worn(desk)
    headband.start()
    assert np.hstack([chunk.microvolts for chunk in streamed(headband, desk, 1.0)]).shape == (8, HZ - WAITS)


def test_what_is_lost_leaves_a_gap_and_moves_nothing() -> None:
    desk = Desk(Board())
    desk.lose = {10, *range(300, 400), 500, 502}
    headband = worn(desk)
    headband.start()
    chunks = streamed(headband, desk, 4.0)
    for chunk in chunks:
        assert chunk.microvolts[0].tolist() == pytest.approx(
            [2.0 * index for index in range(chunk.first, chunk.end)], abs=0.02
        )
    there = {index for chunk in chunks for index in range(chunk.first, chunk.end)}
    assert there == set(range(1000 - WAITS)) - desk.lose


def test_a_silence_of_many_turns_of_the_counter_is_counted() -> None:
    desk = Desk(Board())
    headband = worn(desk)
    headband.start()
    streamed(headband, desk, 1.0)
    desk.board.in_reach = False
    assert streamed(headband, desk, 5.0) == []
    desk.board.in_reach = True
    chunks = streamed(headband, desk, 1.0)
    assert chunks[0].end == HZ
    assert abs(chunks[1].first - 6 * HZ) <= 4
    assert chunks[-1].microvolts[0, -1] == pytest.approx(2.0 * (chunks[-1].end - 1), abs=0.02)


@pytest.mark.parametrize(
    ("board", "as_what", "says"),
    [
        (Board(banner="hello\n"), "cyton", r"what answers there is no Cyton \(hello\): name another port"),
        (Board(banner="\x00"), "cyton", r"what answers there is no Cyton \(no text\)"),
        (Board(banner="OpenBCI Ganglion v2.0.1$$$"), "cyton", r"no Cyton \(OpenBCI Ganglion v2.0.1\$\$\$\)"),
        (Board(banner=OLD), "cyton", r"a firmware that says no version, and 2 and 3 are known: load version 3"),
        (Board(banner=BANNER.replace("v3.1.2", "v9.0.1")), "cyton", r"firmware 9\.0\.1, and 2 and 3 are known"),
        (Board(), "cyton_daisy", r"its board has no Daisy: seat the Daisy .* set headband.board to cyton"),
    ],
)
def test_what_is_no_such_headband_is_said_in_one_sentence(board: Board, as_what: str, says: str) -> None:
    headband = worn(Desk(board), as_what)
    with pytest.raises(HeadbandMissing, match=rf"^no {as_what} on the serial port /dev/ttyUSB7: .*{says}"):
        headband.start()
    headband.stop()


def test_a_port_where_nothing_answers_is_said() -> None:
    desk = Desk(Board(banner="."))
    desk.board.hear = lambda received: b""  # type: ignore[method-assign]
    with pytest.raises(HeadbandMissing, match=r"nothing answers there: plug the dongle in"):
        worn(desk).start()


def test_a_board_that_is_off_is_said_and_found_once_it_is_on() -> None:
    desk = Desk(Board())
    desk.board.in_reach = False
    headband = worn(desk)
    with pytest.raises(HeadbandMissing, match="the board is off or far: switch it to PC and bring it near"):
        headband.start()
    headband.stop()
    desk.board.in_reach = True
    headband.start()
    assert streamed(headband, desk, 0.2)


def test_a_board_that_streamed_already_is_stopped_first() -> None:
    desk = Desk(Board())
    desk.heard(b"b")
    headband = worn(desk)
    headband.start()
    chunks = streamed(headband, desk, 1.0)
    assert chunks[0].first == 0
    assert headband.damage.junk_bytes == 0


def test_a_dongle_that_is_pulled_is_said_and_let_go() -> None:
    desk = Desk(Board())
    headband = worn(desk)
    headband.start()
    streamed(headband, desk, 1.0)
    desk.is_there = False
    with pytest.raises(HeadbandStopped, match=r"/dev/ttyUSB7 has gone .* plug the dongle in again"):
        headband.read()
    headband.stop()
    assert not desk.is_open
    desk.is_there = True
    headband.start()
    assert streamed(headband, desk, 0.2)[0].first == 0


def test_nothing_comes_before_the_start_and_after_the_stop() -> None:
    desk = Desk(Board())
    headband = worn(desk)
    headband.stop()
    assert headband.read() == ()
    headband.start()
    headband.start()
    streamed(headband, desk, 0.2)
    headband.stop()
    headband.stop()
    assert headband.read() == ()
    assert not desk.is_open
    assert not desk.board.streaming


@settings(max_examples=60, deadline=None)
@given(answer=st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode)))
def test_any_answer_is_one_sentence_or_a_banner(answer: bytes) -> None:
    try:
        told = dialogue.banner(answer)
    except dialogue.Unlike as unlike:
        assert "\n" not in str(unlike)
        assert len(str(unlike)) < 160
    else:
        assert told.firmware


# --- impedance ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("has_daisy", "as_what"), [(False, "cyton"), (True, "cyton_daisy")])
def test_impedances_are_those_of_the_electrodes(has_daisy: bool, as_what: str) -> None:
    dice = random.Random(1)
    ohms = [round(10 ** dice.uniform(3, 5.5)) for _ in range(16)]
    noise = np.random.default_rng(1).normal(0, 10, (16, 20_000))
    desk = Desk(Board(has_daisy=has_daisy), lambda index: (5_000 + noise[:, index % 20_000]).tolist())
    desk.board.ohms = [float(one) for one in ohms]
    headband = worn(desk, as_what)
    headband.start()
    told = list(headband.impedances())
    assert told == pytest.approx(ohms[: len(told)], rel=0.01, abs=600)
    assert len(told) == (16 if has_daisy else 8)


def test_an_open_electrode_has_no_end_of_ohms() -> None:
    desk = Desk(Board(), lambda index: [200_000.0, *[0.0] * 7])
    headband = worn(desk)
    headband.start()
    told = headband.impedances()
    assert next(told) == math.inf
    assert next(told) == pytest.approx(5_000, abs=50)


def test_a_board_that_goes_while_it_is_measured_is_said() -> None:
    desk = Desk(Board())
    headband = worn(desk)
    headband.start()
    desk.board.in_reach = False
    with pytest.raises(HeadbandStopped, match="sends nothing"):
        next(headband.impedances())


# --- ports --------------------------------------------------------------------------------------------------


def test_the_only_dongle_is_found() -> None:
    other, one, two = (
        Found(path, "a thing", may_be_dongle)
        for path, may_be_dongle in (("/dev/ttyACM0", False), ("/dev/ttyUSB0", True), ("/dev/ttyUSB1", True))
    )
    assert finding.only_dongle([other, one]) == "/dev/ttyUSB0"
    with pytest.raises(HeadbandMissing, match="no dongle of OpenBCI is plugged in; plug it in, or name its"):
        finding.only_dongle([other])
    with pytest.raises(HeadbandMissing, match="/dev/ttyUSB0 and /dev/ttyUSB1 may both be a dongle"):
        finding.only_dongle([one, other, two])
    assert finding.path_of("/dev/ttyUSB9") == "/dev/ttyUSB9"
