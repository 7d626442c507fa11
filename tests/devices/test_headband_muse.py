"""The kit's own driver of a Muse against a stand-in BlueZ that is unkind: radio, firmware, adapter, bus."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from vybor.foundation.clock import SystemClock
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.muse import headband as muse
from vybor.headband.devices.muse import radio as radio_link
from vybor.headband.devices.muse.headband import MuseHeadband
from vybor.headband.port import Chunk, HeadbandAway, HeadbandMissing, HeadbandStopped
from world import muse_device
from world.bluetooth import ADDRESS, MUSE, Bluetooth, bluetooth
from world.bluetooth_air import Weather
from world.bluez_wire import Become, Drop, Hand, Have, Plug, Refuse, SwitchOff, SwitchOn, Tell, Unplug
from world.headband_host import Hosted

OTHER = "00:55:DA:B5:99:99"
LIMIT_S = 15.0


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bluetooth]:
    with bluetooth(tmp_path_factory.mktemp("radio"), MUSE, f"muse@{OTHER}@Muse-1A2B") as made:
        yield made


@pytest.fixture
def hand(radio: Bluetooth, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """One Muse is on, of two with one name, and nothing is wrong with it."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", radio.address)
    radio.hand.wish(Plug())
    radio.hand.wish(SwitchOff(address=OTHER))
    radio.hand.wish(Have(weather=Weather()))
    radio.hand.wish(Become(presets=muse_device.PRESETS, firmware="1.2.13", percent=87.5, sleeps_after_s=0))
    radio.hand.wish(Refuse(times=0))
    radio.hand.wish(SwitchOn())
    return radio.hand


@pytest.fixture
def worn() -> Iterator[MuseHeadband]:
    made = MuseHeadband(BY_NAME["muse_2"], SystemClock(), ADDRESS)
    yield made
    made.stop()


def read_until(worn: MuseHeadband, enough: Callable[[list[Chunk]], bool], limit_s: float = LIMIT_S) -> list[Chunk]:
    chunks: list[Chunk] = []
    deadline = time.perf_counter() + limit_s
    while not enough(chunks):
        assert time.perf_counter() < deadline, f"it did not come: {len(chunks)} chunks"
        chunks.extend(worn.read())
    return chunks


def spans(samples: int) -> Callable[[list[Chunk]], bool]:
    return lambda chunks: bool(chunks) and chunks[-1].end - chunks[0].first >= samples


def wrong(chunks: list[Chunk], first: int = 0) -> int:
    """Values that are there, and are not those of their index. `first`: the sample with which it began."""
    count = 0
    for chunk in chunks:
        for place in range(4):
            true = muse_device.microvolts(place, first + chunk.first, chunk.end - chunk.first)
            count += int((np.abs(np.nan_to_num(chunk.microvolts[place] - true)) > 1e-3).sum())
    return count


@pytest.mark.parametrize(
    "weather",
    [
        pytest.param(Weather(lose=0.3), id="lost", marks=pytest.mark.slow),
        pytest.param(Weather(repeat=0.3), id="repeated", marks=pytest.mark.slow),
        pytest.param(Weather(truncate=0.3), id="cut short", marks=pytest.mark.slow),
        pytest.param(Weather(swap=0.3), id="out of order", marks=pytest.mark.slow),
        pytest.param(Weather(lose=0.15, repeat=0.15, truncate=0.15, swap=0.3), id="all of it"),
    ],
)
def test_bad_radio_moves_no_sample_from_its_place(hand: Hand, worn: MuseHeadband, weather: Weather) -> None:
    worn.start()
    read_until(worn, spans(100))
    hand.wish(Have(weather=weather))
    bad = read_until(worn, spans(400))
    assert wrong(bad) == 0
    assert any(np.isnan(chunk.microvolts).any() for chunk in bad) == bool(weather.lose or weather.truncate)
    hand.wish(Have(weather=Weather()))
    read_until(worn, spans(50))
    calm = read_until(worn, spans(100))
    assert (wrong(calm), [bool(np.isnan(chunk.microvolts).any()) for chunk in calm].count(True)) == (0, 0)


def test_how_the_head_moves_comes_with_the_samples(hand: Hand, worn: MuseHeadband) -> None:
    worn.start()
    chunks = read_until(worn, spans(400))
    moved = [chunk.motion for chunk in chunks if chunk.motion]
    assert sum(one.end - one.first for one in moved) > 60
    for one in moved:
        gyro = muse_device.axes(one.first, one.end - one.first, gyro=True).T * muse_device.GYRO_SCALE
        accel = muse_device.axes(one.first, one.end - one.first, gyro=False).T * muse_device.ACCEL_SCALE
        assert np.allclose(one.gyro, gyro, atol=1e-4)
        assert np.allclose(one.accel, accel, atol=1e-6)
    last = next(chunk for chunk in reversed(chunks) if chunk.motion)
    assert last.motion
    assert abs(last.motion.at_ns - last.at_ns) < 0.3e9


def test_the_battery_is_known(hand: Hand, worn: MuseHeadband) -> None:
    assert worn.battery() is None
    worn.start()
    read_until(worn, spans(24))
    assert worn.battery() == 87.5


def test_it_is_told_to_stay_awake(hand: Hand, worn: MuseHeadband, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muse, "KEEP_ALIVE_NS", 300_000_000)
    hand.wish(Become(sleeps_after_s=0.8))
    worn.start()
    read_until(worn, spans(256 * 2))
    assert hand.wish(Tell()).commands[-3:] == ("k", "k", "k")


def test_one_that_says_nothing_is_silent_and_no_fault(hand: Hand, worn: MuseHeadband) -> None:
    worn.start()
    read_until(worn, spans(24))
    hand.wish(Have(weather=Weather(mute=True)))
    read_for(worn, 0.3)
    assert read_for(worn, 0.5) == []
    hand.wish(Have(weather=Weather()))
    after = read_until(worn, spans(24))
    assert wrong(after) == 0
    assert after[0].first > 24 + 0.6 * muse_device.HZ


def test_a_dropped_link_is_said_at_once_and_the_same_headband_is_taken_back(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(radio_link, "SEARCH_S", 1.0)
    hand.wish(SwitchOff())
    hand.wish(SwitchOn(address=OTHER))
    worn = MuseHeadband(BY_NAME["muse_2"], SystemClock())
    worn.start()
    read_until(worn, spans(24))
    hand.wish(Drop(address=OTHER))
    began = time.perf_counter()
    with pytest.raises(HeadbandStopped, match=r"the muse_2 has gone; it is taken back as soon as it is heard"):
        read_until(worn, lambda _: False, 2.0)
    assert time.perf_counter() - began < 0.5
    worn.stop()
    hand.wish(SwitchOff(address=OTHER))
    hand.wish(SwitchOn())
    with pytest.raises(HeadbandAway, match=rf"the muse_2 \({OTHER}\) is not heard"):
        worn.start()
    worn.stop()
    hand.wish(SwitchOn(address=OTHER))
    worn.start()
    assert read_until(worn, spans(24))[0].first < 256
    worn.stop()


def test_two_of_one_name_are_both_named_and_none_is_taken(hand: Hand) -> None:
    hand.wish(SwitchOn(address=OTHER))
    worn = MuseHeadband(BY_NAME["muse_2"], SystemClock())
    says = rf"two headbands are near: Muse-1A2B \({ADDRESS}\), Muse-1A2B \({OTHER}\); name .* headband\.address$"
    with pytest.raises(HeadbandMissing, match=says):
        worn.start()
    worn.stop()
    assert not hand.wish(Tell()).connected


@pytest.mark.parametrize("address", [OTHER, OTHER.lower()])
def test_its_address_chooses(hand: Hand, address: str) -> None:
    hand.wish(SwitchOn(address=OTHER))
    worn = MuseHeadband(BY_NAME["muse_2"], SystemClock(), address)
    worn.start()
    read_until(worn, spans(24))
    assert (hand.wish(Tell()).connected, hand.wish(Tell(address=OTHER)).connected) == (False, True)
    worn.stop()
    assert not hand.wish(Tell(address=OTHER)).connected


def test_firmware_without_the_preset_is_said(hand: Hand, worn: MuseHeadband) -> None:
    hand.wish(Become(presets=(), firmware="0.9.1"))
    with pytest.raises(HeadbandMissing, match=r"refuses the preset p21 \(firmware 0\.9\.1\); update it"):
        worn.start()
    worn.stop()
    assert not hand.wish(Tell()).connected


def test_a_connection_that_fails_is_said(hand: Hand, worn: MuseHeadband) -> None:
    hand.wish(Refuse(times=1))
    with pytest.raises(
        HeadbandMissing, match=r"the muse_2 does not answer .*connection abort.*; switch it off and on"
    ):
        worn.start()
    worn.stop()
    worn.start()
    read_until(worn, spans(24))


def test_a_lost_adapter_is_said_and_one_that_is_plugged_in_again_is_used(hand: Hand, worn: MuseHeadband) -> None:
    worn.start()
    read_until(worn, spans(24))
    hand.wish(Unplug())
    with pytest.raises(HeadbandStopped):
        read_until(worn, lambda _: False, 2.0)
    worn.stop()
    with pytest.raises(HeadbandMissing, match="there is no adapter; plug one in"):
        worn.start()
    worn.stop()
    hand.wish(Plug())
    worn.start()
    read_until(worn, spans(24))


def test_a_driver_that_was_killed_leaves_a_link_that_the_next_one_takes_over(
    hand: Hand, worn: MuseHeadband, radio: Bluetooth
) -> None:
    killed = Hosted(HeadbandSettings(board=Board.MUSE_2, address=ADDRESS), radio.environment)
    killed.start()
    killed.end()
    assert hand.wish(Tell()).connected
    worn.start()
    came = read_until(worn, spans(100))
    assert min(wrong(came, first) for first in (0, 12, 24, 36)) == 0  # three packets may go by before it listens


def test_a_bus_that_dies_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bluetooth(tmp_path) as radio:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", radio.address)
        worn = MuseHeadband(BY_NAME["muse_2"], SystemClock(), ADDRESS)
        worn.start()
        read_until(worn, spans(24))
        radio.kill_bus()
        with pytest.raises(HeadbandStopped):
            read_until(worn, lambda _: False, 2.0)
        worn.stop()
        with pytest.raises(
            HeadbandMissing, match="message bus, and there is none; install and start dbus and bluez"
        ):
            worn.start()
        worn.stop()
        radio.start_bus()
        radio.start_bluez()
        worn.start()
        read_until(worn, spans(24))
        worn.stop()


def test_a_bluetoothd_that_hangs_is_not_waited_for(
    radio: Bluetooth, hand: Hand, worn: MuseHeadband, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(muse, "LET_GO_S", 0.5)
    monkeypatch.setattr(muse, "ANSWER_S", 0.5)
    worn.start()
    read_until(worn, spans(24))
    with radio.bluez_hangs(), monkeypatch.context() as hurried:
        hurried.setattr(muse, "OPEN_S", 0.7)  # with a bluetoothd that answers it has its time
        read_for(worn, 0.2)
        assert read_for(worn, 0.2) == []
        worn.stop()
        began = time.perf_counter()
        with pytest.raises(HeadbandMissing, match=r"the muse_2 does not answer \(it took too long\)"):
            worn.start()
        worn.stop()
        assert time.perf_counter() - began < 2
    worn.start()
    read_until(worn, spans(24))


@pytest.mark.parametrize(
    ("version", "says"), [("5.66", ""), ("5.50", "the muse_2 needs BlueZ 5.55 or newer; update")]
)
def test_the_version_of_bluez_is_asked_for_in_the_headbands_thread(
    radio: Bluetooth, hand: Hand, tmp_path: Path, version: str, says: str
) -> None:
    program = tmp_path / "bluetoothctl"
    program.write_text(f"#!/bin/sh\necho bluetoothctl: {version}\n")
    program.chmod(0o755)
    around = {**radio.environment, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    worn = Hosted(HeadbandSettings(board=Board.MUSE_2, address=ADDRESS), around)
    try:
        if says:
            with pytest.raises(HeadbandMissing, match=says):
                worn.start()
        else:
            assert worn.spend(0.2) > 0
    finally:
        worn.end()


def test_without_anybody_on_the_bus_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    radio = Bluetooth(tmp_path, (MUSE,), 1.0, 1)
    radio.start_bus()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", radio.address)
    worn = MuseHeadband(BY_NAME["muse_2"], SystemClock(), ADDRESS)
    try:
        with pytest.raises(
            HeadbandMissing, match=r"needs BlueZ, and it does not run; install it \(sudo apt install"
        ):
            worn.start()
    finally:
        worn.stop()
        radio.kill_bus()


def read_for(worn: MuseHeadband, duration_s: float) -> list[Chunk]:
    chunks: list[Chunk] = []
    deadline = time.perf_counter() + duration_s
    while time.perf_counter() < deadline:
        chunks.extend(worn.read())
    return chunks
