"""Connecting, silence, letting go and coming back, with the clock in the test's hand."""

import select
from collections import deque
from pathlib import Path

import numpy as np
import pytest

from unit.headband_replay import chunk
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Asked, Bus
from vybor.foundation.clock import seconds
from vybor.foundation.device_thread import STUCK_NS
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import gestures
from vybor.headband.devices import link
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.port import Chunk, HeadbandAway, HeadbandMissing, HeadbandStopped
from vybor.headband.process import LOOSE, OVERTAKEN, HeadbandRoom

ONE = Chunk(first=0, microvolts=np.zeros((8, 10), np.float32), at_ns=0, period_ns=4e6, at_sd_ns=0)


class HandClock:
    def __init__(self) -> None:
        self.at_ns = seconds(100)

    def now_ns(self) -> int:
        return self.at_ns


class ScriptedHeadband:
    """Starts and answers as told, and keeps the rules: read and stop only what was started."""

    def __init__(self) -> None:
        self.starts: deque[HeadbandMissing | HeadbandStopped | None] = deque()
        self.reads: deque[tuple[Chunk, ...] | HeadbandStopped] = deque()
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")
        if self.starts and (error := self.starts.popleft()):
            raise error

    def read(self) -> tuple[Chunk, ...]:
        found = self.reads.popleft() if self.reads else ()
        if isinstance(found, HeadbandStopped):
            raise found
        return found

    def stop(self) -> None:
        self.calls.append("stop")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def headband() -> ScriptedHeadband:
    return ScriptedHeadband()


@pytest.fixture
def acquisition(headband: ScriptedHeadband, clock: HandClock) -> Acquisition:
    return Acquisition(headband, clock)


def notice(acquisition: Acquisition, clock: HandClock) -> m.Notice | None:
    return next(iter(link.troubles(acquisition.link, clock.now_ns())), None)


def trouble(acquisition: Acquisition, clock: HandClock) -> m.Trouble | None:
    said = notice(acquisition, clock)
    return said.trouble if said else None


def test_nobody_is_told_to_blink_before_there_are_samples(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    assert trouble(acquisition, clock) is m.Trouble.HEADBAND_MISSING
    acquisition.turn()
    assert trouble(acquisition, clock) is m.Trouble.HEADBAND_MISSING
    headband.reads.append((ONE,))
    acquisition.turn()
    assert trouble(acquisition, clock) is None
    assert acquisition.take() == [ONE]
    assert acquisition.take() == []


def test_news_wakes_the_loop(acquisition: Acquisition, headband: ScriptedHeadband) -> None:
    headband.reads.append((ONE,))
    acquisition.turn()
    assert select.select([acquisition.news], [], [], 0)[0]
    acquisition.take()
    assert not select.select([acquisition.news], [], [], 0)[0]


def test_a_missing_headband_is_asked_for_ever_less_often(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    headband.starts.extend(HeadbandMissing("no port") for _ in range(10))
    waits = []
    for _ in range(7):
        waits.append(acquisition.turn())
        clock.at_ns += seconds(waits[-1])
    assert waits == [0.5, 1, 2, 4, 8, 8, 8]
    assert notice(acquisition, clock) == m.Notice(
        process="headband", trouble=m.Trouble.HEADBAND_MISSING, detail="no port"
    )
    assert headband.calls == ["start", "stop"] * 7


def test_one_that_is_merely_away_is_looked_for_without_a_pause(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    headband.starts.extend(HeadbandAway("not heard") for _ in range(4))
    assert [acquisition.turn() for _ in range(4)] == [0, 0, 0, 0]
    assert notice(acquisition, clock) == m.Notice(
        process="headband", trouble=m.Trouble.HEADBAND_MISSING, detail="not heard"
    )
    headband.starts.extend([HeadbandMissing("refused"), HeadbandMissing("refused"), HeadbandAway("not heard")])
    waits = []
    for _ in range(3):
        waits.append(acquisition.turn())
        clock.at_ns += seconds(waits[-1])
    assert waits == [0.5, 1, 0]
    headband.starts.append(HeadbandMissing("refused"))
    assert acquisition.turn() == 0.5
    assert headband.calls == ["start", "stop"] * 8


def test_it_waits_before_it_tries_again(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    headband.starts.append(HeadbandMissing("no port"))
    acquisition.turn()
    clock.at_ns += seconds(0.4)
    assert acquisition.turn() == pytest.approx(0.1)
    assert headband.calls == ["start", "stop"]


def test_silence_lets_go_and_connects_again(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    headband.reads.append((ONE,))
    acquisition.turn()
    clock.at_ns += link.SILENT_NS
    acquisition.turn()
    assert trouble(acquisition, clock) is None
    clock.at_ns += 1
    acquisition.turn()
    assert trouble(acquisition, clock) is m.Trouble.HEADBAND_STOPPED
    said = notice(acquisition, clock)
    assert said is not None
    assert said.detail == link.SILENT
    clock.at_ns += link.FIRST_RETRY_NS
    headband.reads.append((ONE,))
    acquisition.turn()
    assert trouble(acquisition, clock) is None
    assert headband.calls == ["start", "stop", "start"]


def test_a_headband_that_stopped_is_not_called_missing(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    headband.reads.extend([(ONE,), HeadbandStopped("gone")])
    acquisition.turn()
    acquisition.turn()
    headband.starts.append(HeadbandMissing("no port"))
    clock.at_ns += link.FIRST_RETRY_NS
    acquisition.turn()
    assert trouble(acquisition, clock) is m.Trouble.HEADBAND_STOPPED
    said = notice(acquisition, clock)
    assert said is not None
    assert said.detail == "no port"


def test_one_that_connects_and_never_sends_is_let_go(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    acquisition.turn()
    clock.at_ns += link.SILENT_NS + 1
    acquisition.turn()
    assert headband.calls == ["start", "stop"]
    assert trouble(acquisition, clock) is m.Trouble.HEADBAND_STOPPED


@pytest.mark.parametrize(
    ("percent", "low"), [(None, False), (80.0, False), (15.0, False), (14.4, True), (0.0, True)]
)
def test_a_battery_that_is_nearly_empty_is_said_while_all_is_well(percent: float | None, low: bool) -> None:
    class OnBattery(ScriptedHeadband):
        def battery(self) -> float | None:
            return percent

    clock, headband = HandClock(), OnBattery()
    acquisition = Acquisition(headband, clock)
    headband.reads.append((ONE,))
    acquisition.turn()
    said = link.low(acquisition.battery)
    detail = f"its battery is at {percent or 0:.0f} %; charge it"
    told = m.Notice(process="headband", trouble=m.Trouble.HEADBAND_LOW, detail=detail)
    assert said == ((told,) if low else ())


def test_the_thread_lets_go_at_the_end(headband: ScriptedHeadband, clock: HandClock) -> None:
    acquisition = Acquisition(headband, clock)
    acquisition.begin()
    acquisition.end()
    assert headband.calls[-1] == "stop"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_takes_the_process_with_it(clock: HandClock) -> None:
    class Broken(ScriptedHeadband):
        def start(self) -> None:
            raise ZeroDivisionError

    acquisition = Acquisition(Broken(), clock)
    acquisition.begin()
    assert select.select([acquisition.news], [], [], 10)[0]
    acquisition.end()
    with pytest.raises(HeadbandStopped, match="thread has ended"):
        acquisition.check(clock.now_ns())


def test_a_driver_that_hangs_is_said_and_in_the_end_left(
    acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    headband.reads.append((ONE,))
    acquisition.turn()
    clock.at_ns += 2 * link.SILENT_NS + 1
    assert trouble(acquisition, clock) is m.Trouble.HEADBAND_STOPPED
    acquisition.check(clock.now_ns())
    clock.at_ns += STUCK_NS
    with pytest.raises(HeadbandStopped, match="driver hangs"):
        acquisition.check(clock.now_ns())


def test_electrodes_that_touch_nothing_are_said_and_heal(
    tmp_path: Path, acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    bus = Bus("headband", tmp_path, clock)
    room = HeadbandRoom(acquisition, gestures.Rule(BY_NAME["cyton"], 0.7), bus)
    skin = np.random.default_rng(1).normal(0, 10, (8, 250)).astype(np.float32)
    said, began_ns = [], clock.now_ns() - seconds(1)
    for second, felt in enumerate([skin, *[np.zeros_like(skin)] * 5, skin, skin]):
        headband.reads.append((chunk(second * 250, felt, began_ns=began_ns),))
        acquisition.turn()
        room.turn(clock.now_ns())
        said.append([notice.detail for notice in room.troubles()])
        clock.at_ns += seconds(1)
    bus.close()
    assert said == [[], [], [], [], [LOOSE.detail], [LOOSE.detail], [], []]


def test_of_samples_that_waited_the_newest_are_looked_at_and_it_is_said_until_they_keep_up_again(
    tmp_path: Path, acquisition: Acquisition, headband: ScriptedHeadband, clock: HandClock
) -> None:
    bus = Bus("headband", tmp_path, clock)
    room = HeadbandRoom(acquisition, gestures.Rule(BY_NAME["cyton"], 0.7), bus)
    skin = np.random.default_rng(1).normal(0, 10, (8, 250)).astype(np.float32)
    began_ns = clock.now_ns() - seconds(1)
    for second in range(60):  # nobody looks
        headband.reads.append((chunk(second * 250, skin, began_ns=began_ns),))
        acquisition.turn()
        clock.at_ns += seconds(1)
    looked_at: list[int] = []
    said: list[list[str]] = []
    with pytest.MonkeyPatch.context() as patch:
        step = gestures.step
        patch.setattr(
            gestures, "step", lambda state, one, rule: looked_at.append(one.first) or step(state, one, rule)
        )
        for second in range(60, 66):
            room.turn(clock.now_ns())
            said.append([notice.detail for notice in room.troubles()])
            headband.reads.append((chunk(second * 250, skin, began_ns=began_ns),))
            acquisition.turn()
            clock.at_ns += seconds(1)
    bus.close()
    assert looked_at == [250 * second for second in range(58, 65)]
    assert said == [[OVERTAKEN.detail]] * 3 + [[]] * 3


def test_the_headband_takes_no_other_commands(tmp_path: Path, acquisition: Acquisition, clock: HandClock) -> None:
    bus, other = Bus("headband", tmp_path, clock), Bus("core", tmp_path, clock)
    room = HeadbandRoom(acquisition, gestures.Rule(BY_NAME["cyton"], 0.7), bus)
    other.ask("headband", m.Hush(request="1"))
    for _ in range(200):
        for arrival in bus.receive(0.02):
            if isinstance(arrival, Asked):
                room.asked(arrival, clock.now_ns())
        answers = [got for got in other.receive(0.02) if isinstance(got, Answered)]
        if answers:
            break
        clock.at_ns += seconds(1)
        other.tend()
    bus.close()
    other.close()
    reason = "headband gives its samples and forgets, and takes no other commands"
    assert [answer.reply for answer in answers] == [m.Refused(request="1", reason=reason)]
