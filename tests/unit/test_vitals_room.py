"""The room that tells of battery and heat: what it says, and whom it calls."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Thrift
from vybor.foundation.bus import Answered, Asked
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.settings import Language, Settings
from vybor.foundation.vitals_settings import Profile, VitalsSettings
from vybor.vitals import process, sysfs
from vybor.vitals.process import STALE_NS, WITHIN_NS, VitalsRoom, Watching
from vybor.vitals.sysfs import Battery, Reading
from world.sysfs import Sysfs


class Bus:
    """Keeps what is said, and what is asked of the voice."""

    def __init__(self) -> None:
        self.said: list[m.Vitals] = []
        self.asked: list[m.Alert] = []
        self.answers: list[m.Refused] = []
        self.taken_back: list[tuple[str, str]] = []

    def publish(self, message: m.Vitals) -> None:
        self.said.append(message)

    def new_request(self) -> str:
        return f"vitals-{len(self.asked)}"

    def ask(self, receiver: str, command: m.Alert) -> None:
        assert receiver == "voice"
        self.asked.append(command)

    def take_back(self, receiver: str, request: str) -> None:
        self.taken_back.append((receiver, request))

    def answer(self, _asked: Asked, reply: m.Refused) -> None:
        self.answers.append(reply)


class Told:
    """What is read, as the test wants it."""

    reading = Reading()

    def __call__(self, _now_ns: int) -> Reading:
        return self.reading


class Stage:
    def __init__(self, settings: Settings) -> None:
        self.bus, self.told = Bus(), Told()
        watching = Watching(Path("/nowhere"), SystemClock())
        watching.reading = self.told  # type: ignore[method-assign]
        self.room = VitalsRoom(self.bus, watching, settings)  # type: ignore[arg-type]
        self.now_ns = 0

    def read(self, reading: Reading, later_s: float = 5) -> m.Vitals:
        self.told.reading = reading
        self.now_ns += seconds(later_s)
        self.room.turn(self.now_ns)
        return self.bus.said[-1]


def stage(language: Language = Language.ENGLISH, profile: Profile = Profile.FULL) -> Stage:
    return Stage(Settings(language=language, vitals=VitalsSettings(profile=profile)))


def on_battery(percent: int) -> Reading:
    return Reading(battery=Battery(percent, is_discharging=True), temperature_c=50)


def test_what_has_changed_is_said_once() -> None:
    here = stage()
    for percent in (60, 60, 59, 59):
        here.read(on_battery(percent))
    said = [(each.battery_percent, each.is_discharging, each.temperature_c, each.thrift) for each in here.bus.said]
    assert said == [(60, True, 50, Thrift.NOTHING), (59, True, 50, Thrift.NOTHING)]


def test_a_machine_without_sensors_says_so_at_its_start() -> None:
    here = stage()
    here.read(Reading())
    here.read(Reading())
    assert here.bus.said == [m.Vitals(at_ns=seconds(5))]
    assert here.room.troubles() == ()


def test_a_quiet_kit_says_that_it_saves() -> None:
    assert stage(profile=Profile.QUIET).read(Reading()).thrift is Thrift.CANDIDATES


@pytest.mark.parametrize(("language", "word"), [(Language.ENGLISH, "battery"), (Language.RUSSIAN, "батарея")])
def test_a_battery_that_runs_out_is_said_aloud_in_the_wearer_s_language(language: Language, word: str) -> None:
    here = stage(language)
    here.read(on_battery(11))
    assert here.bus.asked == []
    here.read(on_battery(10))
    here.read(on_battery(9))
    (alert,) = here.bus.asked
    assert word in alert.text
    assert (alert.language, alert.until_ns) == (language.value, seconds(10) + WITHIN_NS)
    here.read(on_battery(5))
    assert len(here.bus.asked) == 2


def test_a_voice_that_does_not_take_it_in_time_is_not_to_say_it_later() -> None:
    here = stage()
    here.read(on_battery(10))
    here.read(on_battery(10), later_s=WITHIN_NS / 1e9)
    assert here.bus.taken_back == []
    here.read(on_battery(10), later_s=1)
    assert here.bus.taken_back == [("voice", here.bus.asked[0].request)]
    here.read(on_battery(10), later_s=60)
    assert len(here.bus.taken_back) == 1


def test_a_voice_that_took_it_is_asked_for_nothing_back() -> None:
    here = stage()
    here.read(on_battery(10))
    here.room.answered(Answered("voice", m.Done(request=here.bus.asked[0].request)), here.now_ns)
    here.read(on_battery(10), later_s=60)
    assert here.bus.taken_back == []


def test_it_takes_no_commands() -> None:
    here = stage()
    here.room.asked(Asked(b"panel", m.Practise(request="1")), 0)
    assert [reply.request for reply in here.bus.answers] == ["1"]


def test_a_chip_that_hangs_holds_nobody_up_and_what_it_said_holds_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, clock = Sysfs(tmp_path), SystemClock()
    machine.battery(8)
    hangs, goes_on = threading.Event(), threading.Event()
    read = sysfs.read

    def reads_once(place: Path) -> Reading:
        if hangs.is_set():
            goes_on.wait(20)
        return read(place)

    monkeypatch.setattr(process, "READ_S", 0.01)
    monkeypatch.setattr(process.sysfs, "read", reads_once)
    watching = Watching(tmp_path, clock)
    watching.begin()
    until(lambda: watching.reading(clock.now_ns()).battery == Battery(8, is_discharging=True))
    hangs.set()
    machine.battery(7)
    threading.Event().wait(0.1)
    now_ns = clock.now_ns()
    assert watching.reading(now_ns).battery == Battery(8, is_discharging=True)
    assert watching.reading(now_ns + STALE_NS + 1) == Reading()
    hangs.clear()
    goes_on.set()
    until(lambda: watching.reading(clock.now_ns()).battery == Battery(7, is_discharging=True))
    watching.end()


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it never came to that")
