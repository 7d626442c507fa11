"""Whichever headband is there: what is heard, what is taken, and what is said where that is not clear."""

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from vybor.foundation.clock import SystemClock
from vybor.foundation.headband_settings import Board, Driver, HeadbandSettings
from vybor.headband.boards import BY_NAME
from vybor.headband.boards import Board as Kind
from vybor.headband.devices import nearby
from vybor.headband.devices.auto import AutoHeadband
from vybor.headband.devices.choosing import chosen, driven_by
from vybor.headband.devices.muse.headband import MuseHeadband
from vybor.headband.devices.nearby import Heard
from vybor.headband.port import Chunk, Headband, HeadbandAway, HeadbandMissing
from world.bluetooth import ADDRESS, MUSE, Bluetooth, bluetooth
from world.bluez_wire import Hand, SwitchOff, SwitchOn

ATHENA, GANGLION = "00:55:DA:B5:A7:E4", "CB:9C:2E:63:58:F3"
ONE = Heard("muse", "Muse-1A2B", ADDRESS, -50)
OTHER = Heard("ganglion", "Ganglion-58f3", GANGLION, -60)
SAMPLES = Chunk(first=0, microvolts=np.zeros((4, 12), np.float32), at_ns=0, period_ns=4e6, at_sd_ns=0)


class Scripted:
    """A headband that gives what it is told to give."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.gives: tuple[Chunk, ...] = ()

    def start(self) -> None:
        self.calls.append("start")

    def read(self) -> tuple[Chunk, ...]:
        return self.gives

    def stop(self) -> None:
        self.calls.append("stop")


class Around:
    """What there is to find, turn by turn."""

    def __init__(self, *heard: tuple[Heard, ...], port: str | None = None) -> None:
        self.heard = deque(heard)
        self.made: list[tuple[str, str]] = []
        self.headband = Scripted()
        self.auto = AutoHeadband(self.make, lambda _: self.heard.popleft(), lambda: port)

    def make(self, kind: str, where: str) -> tuple[Headband, Kind, str]:
        self.made.append((kind, where))
        return self.headband, BY_NAME["muse_2" if kind == "muse" else kind], "a test"


def test_the_one_that_is_heard_is_taken_and_said() -> None:
    around = Around((ONE,))
    assert (around.auto.board, around.auto.read(), around.auto.battery()) == (None, (), None)
    around.auto.start()
    assert around.made == [("muse", ADDRESS)]
    assert around.auto.board is BY_NAME["muse_2"]
    assert around.auto.why == f"Muse-1A2B ({ADDRESS}) is heard; a test"


def test_a_dongle_that_is_plugged_in_comes_first() -> None:
    around = Around(port="/dev/openbci")
    around.auto.start()
    assert around.made == [("cyton", "/dev/openbci")]
    assert around.auto.why == "a dongle is at /dev/openbci; a test"


def test_none_is_away_and_two_are_named() -> None:
    around = Around((), (ONE, OTHER), (ONE,))
    with pytest.raises(HeadbandAway, match="no headband is heard, and no dongle is plugged in"):
        around.auto.start()
    around.auto.stop()
    with pytest.raises(HeadbandMissing, match=rf"Muse-1A2B \({ADDRESS}\), Ganglion-58f3 \({GANGLION}\); name"):
        around.auto.start()
    around.auto.stop()
    around.auto.start()
    assert around.headband.calls == ["start"]


def test_one_that_was_worn_is_taken_again_without_a_look_and_one_that_never_spoke_is_forgotten() -> None:
    around = Around((ONE,), (OTHER,))
    around.auto.start()
    assert around.auto.read() == ()
    around.auto.stop()
    around.auto.start()
    around.headband.gives = (SAMPLES,)
    assert around.auto.read() == (SAMPLES,)
    around.auto.stop()
    around.auto.start()
    assert around.made == [("muse", ADDRESS), ("ganglion", GANGLION)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Muse-1A2B", "muse"), ("MuseS-A7E4", "muse"), ("Ganglion-58f3", "ganglion"), ("Simblee", "ganglion")],
)
def test_names_tell_what_it_is(name: str, kind: str) -> None:
    assert nearby.kind_of(name) == kind
    assert nearby.kind_of(f"My {name}") is None


def test_a_dongle_is_where_it_is_named_or_where_the_rule_has_it(tmp_path: Path) -> None:
    usual = tmp_path / "openbci"
    assert nearby.dongle("", usual) is None
    usual.touch()
    assert nearby.dongle("", usual) == str(usual)
    assert nearby.dongle(str(tmp_path / "other"), usual) is None


@pytest.mark.parametrize(
    ("board", "wanted", "loads", "driver", "why"),
    [
        ("muse_2", Driver.AUTO, True, Driver.DIRECT, "shifts its electrodes"),
        ("muse_s_athena", Driver.AUTO, True, Driver.DIRECT, "does not count"),
        ("muse_2", Driver.BRAINFLOW, True, Driver.BRAINFLOW, "headband.driver says so"),
        ("ganglion", Driver.AUTO, False, Driver.BRAINFLOW, "there is no other"),
    ],
)
def test_the_driver_and_why(board: str, wanted: Driver, loads: bool, driver: Driver, why: str) -> None:
    found, says = driven_by(BY_NAME[board], wanted, lambda: loads)
    assert found is driver
    assert why in says


# --- by radio -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bluetooth]:
    devices = (MUSE, f"athena@{ATHENA}@MuseS-A7E4", f"ganglion@{GANGLION}@Ganglion-58f3")
    with bluetooth(tmp_path_factory.mktemp("radio"), *devices) as made:
        yield made


@pytest.fixture
def hand(radio: Bluetooth, monkeypatch: pytest.MonkeyPatch) -> Hand:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", radio.address)
    for address in (ADDRESS, ATHENA, GANGLION):
        radio.hand.wish(SwitchOn(address=address))
    return radio.hand


def test_what_is_near_is_heard(hand: Hand) -> None:
    heard = nearby.by_radio(0.6)
    assert {(one.kind, one.name, one.address) for one in heard} == {
        ("muse", "Muse-1A2B", ADDRESS),
        ("muse", "MuseS-A7E4", ATHENA),
        ("ganglion", "Ganglion-58f3", GANGLION),
    }


def test_an_athena_is_known_once_there_is_a_link(hand: Hand, tmp_path: Path) -> None:
    hand.wish(SwitchOff(address=ADDRESS))
    hand.wish(SwitchOff(address=GANGLION))
    headband = chosen(HeadbandSettings(board=Board.AUTO), SystemClock()).headband
    assert isinstance(headband, AutoHeadband)
    try:
        headband.start()
        assert headband.board is BY_NAME["muse_s_athena"]
        deadline = time.perf_counter() + 10
        while not (chunks := headband.read()):
            assert time.perf_counter() < deadline
        assert np.isfinite(chunks[0].microvolts).all()
    finally:
        headband.stop()


@pytest.mark.parametrize(
    ("board", "address", "says"),
    [
        (
            "muse_2",
            ATHENA,
            "does not speak as a muse_2 does; it is an Athena: set headband.board to muse_s_athena",
        ),
        ("muse_2", GANGLION, "does not speak as a muse_2 does; update it"),
    ],
)
def test_another_kind_of_headband_is_said(hand: Hand, board: str, address: str, says: str) -> None:
    worn = MuseHeadband(BY_NAME[board], SystemClock(), address)
    with pytest.raises(HeadbandMissing, match=says):
        worn.start()
    worn.stop()


def test_a_muse_that_is_no_athena_is_said(hand: Hand, tmp_path: Path) -> None:
    settings = HeadbandSettings(board=Board.MUSE_S_ATHENA, address=ADDRESS)
    worn = chosen(settings, SystemClock()).headband
    with pytest.raises(
        HeadbandMissing, match=r"it is no Athena: set headband.board to muse_2, muse_s or muse_2016"
    ):
        worn.start()
    worn.stop()
