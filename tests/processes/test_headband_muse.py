"""The process `headband` with a Muse by radio: what goes wrong is said on the bus, and heals by itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from processes.stage import Kit
from processes.test_headband import Listener, detail, listener
from unit.headband_replay import seen
from vybor.contracts.messages import Trouble
from vybor.foundation.clock import seconds
from vybor.headband.boards import BY_NAME
from world.bluetooth import ADDRESS, RESTING, Bluetooth, bluetooth
from world.bluetooth_air import Weather
from world.bluez import RECORDING
from world.bluez_wire import Become, Drop, Have, Plug, Refuse, SwitchOff, SwitchOn, Tell, Unplug
from world.recorded_muse import recorded

STOPPED, MISSING = (Trouble.HEADBAND_STOPPED,), (Trouble.HEADBAND_MISSING,)


@contextmanager
def wearing(
    folder: Path, radio: Bluetooth, more: str = "", board: str = "muse_2"
) -> Iterator[tuple[Kit, Listener]]:
    running = Kit(folder, settings=f'[headband]\nboard = "{board}"\n{more}')
    running.start("headband", **radio.environment)
    try:
        with listener(running) as listening:
            yield running, listening
    finally:
        running.stop()


def test_a_headband_that_goes_falls_silent_or_loses_its_adapter_is_said_and_heals(tmp_path: Path) -> None:
    with bluetooth(tmp_path, RESTING) as radio, wearing(tmp_path, radio) as (running, listening):
        listening.until(listening.is_well)
        for breaks, mends in (
            (SwitchOff(), SwitchOn()),
            (Have(weather=Weather(mute=True)), Have(weather=Weather())),
            (Unplug(), Plug()),
        ):
            radio.hand.wish(breaks)
            listening.until(lambda: listening.troubles() == STOPPED)
            radio.hand.wish(mends)
            listening.until(listening.is_well)
        radio.hand.wish(Become(percent=9.0))
        listening.until(lambda: listening.troubles() == (Trouble.HEADBAND_LOW,))
        assert detail(listening) == "its battery is at 9 %; charge it"
        assert "a muse_2 by MuseHeadband: BrainFlow's driver shifts its electrodes" in running.log("headband")
        assert running.stop() == {"headband": 0}
        assert not radio.hand.wish(Tell()).connected


def test_a_lost_bus_is_said_and_the_process_lives_on_until_it_is_back(tmp_path: Path) -> None:
    with bluetooth(tmp_path, RESTING) as radio, wearing(tmp_path, radio) as (running, listening):
        listening.until(listening.is_well)
        radio.kill_bus()
        listening.until(lambda: "message bus" in detail(listening))
        assert listening.troubles() == STOPPED
        radio.start_bus()
        radio.start_bluez()
        listening.until(listening.is_well)
        assert running.stop() == {"headband": 0}


@pytest.mark.slow
def test_two_headbands_of_one_name_are_told_apart_by_whoever_sets_the_kit_up(tmp_path: Path) -> None:
    other = "00:55:DA:B5:99:99"
    with bluetooth(tmp_path, RESTING, f"resting_muse@{other}@Muse-1A2B") as radio:
        with wearing(tmp_path, radio) as (_, listening):
            listening.until(lambda: "headband.address" in detail(listening))
            assert listening.troubles() == MISSING
            assert ADDRESS in detail(listening)
            assert other in detail(listening)
        with wearing(tmp_path, radio, f'address = "{other}"\n') as (_, listening):
            listening.until(listening.is_well)
            assert radio.hand.wish(Tell(address=other)).connected


@pytest.mark.slow
def test_one_that_is_switched_on_late_is_taken_within_three_seconds(tmp_path: Path) -> None:
    with bluetooth(tmp_path, RESTING) as radio:
        radio.hand.wish(SwitchOff())
        with wearing(tmp_path, radio, f'address = "{ADDRESS}"\n') as (_, listening):
            listening.until(lambda: "is heard" in detail(listening))
            on_ns = radio.hand.wish(SwitchOn()).at_ns
            listening.until(listening.is_well)
            assert listening.clock.now_ns() - on_ns < 3e9 + 1e9  # its health is said once a second


@pytest.mark.slow
def test_whichever_is_found_is_worn_and_said(tmp_path: Path) -> None:
    athena = f"athena@{ADDRESS}@MuseS-A7E4"
    with bluetooth(tmp_path, athena) as radio, wearing(tmp_path, radio, board="auto") as (running, listening):
        listening.until(listening.is_well)
        said = f"a muse_s_athena: MuseS-A7E4 ({ADDRESS}) is heard; BrainFlow's driver"
        listening.until(lambda: said in running.log("headband"))


@pytest.mark.slow
def test_what_a_real_muse_felt_is_heard_on_the_bus_at_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.environ.get("VYBOR_DATA", "")
    if not (Path(data) / "eeg" / "muse_p300_b.csv").is_file():
        pytest.skip("$VYBOR_DATA does not name the folder of the recordings")
    recording = Path(data) / "eeg" / "muse_p300_b.csv"
    monkeypatch.setenv(RECORDING, str(recording))
    microvolts = ((recorded(recording) - 2048) * 125 / 256).astype(np.float32)
    expected = seen(microvolts, board=BY_NAME["muse_2"])
    assert expected
    with (
        bluetooth(tmp_path, f"recorded_muse@{ADDRESS}@Muse-1A2B") as radio,
        wearing(tmp_path, radio) as (_, listening),
    ):
        listening.until(listening.is_well)
        began_ns = radio.hand.wish(Tell()).began_ns
        listening.wait_until(began_ns + round(expected[-1].known / 256 * 1e9) + seconds(1.5))
    assert [one.kind for one in listening.gestures] == [one.kind for one in expected]
    for heard, one in zip(listening.gestures, expected, strict=True):
        assert abs(heard.at_ns - began_ns - one.onset / 256 * 1e9) < seconds(0.03)
        assert heard.at_sd_ns < seconds(0.04)


@pytest.mark.slow
def test_failed_connections_are_tried_again_ever_more_rarely(tmp_path: Path) -> None:
    with bluetooth(tmp_path, RESTING) as radio, wearing(tmp_path, radio) as (_, listening):
        listening.until(listening.is_well)
        radio.hand.wish(Refuse(times=3))
        radio.hand.wish(Drop())
        listening.until(lambda: "does not answer" in detail(listening))
        listening.until(listening.is_well)


@pytest.mark.slow
def test_a_driver_of_brainflows_that_loses_the_bus_ends_its_own_process_alone(tmp_path: Path) -> None:
    with (
        bluetooth(tmp_path, RESTING) as radio,
        wearing(tmp_path, radio, 'driver = "brainflow"\n') as (running, listening),
    ):
        listening.until(listening.is_well)
        radio.kill_bus()
        listening.until(lambda: not running.is_running("headband"))
        assert running.stop() == {"headband": 1}
