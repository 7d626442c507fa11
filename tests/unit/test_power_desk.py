"""Switching off is a knock at systemd's door: made once, and only if the wearer has not stopped it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.display_pages import page
from unit.test_flicker_core import Kit
from unit.test_headband_acquisition import HandClock
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish
from vybor.core.decision import fit_steps, power, practising
from vybor.core.decision.state import Deciding
from vybor.core.desks.power_desk import DOOR, PowerDesk
from vybor.core.process import Core
from vybor.foundation.bus import Answered, Asked, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.loop import ALONE
from vybor.foundation.settings import Settings
from world import desk as virtual

WRITING = Deciding(tiles=page().tiles)
DOTS = m.Shown(at_ns=1, screen=None, target=m.CalibrationTarget(at_ns=1, dot=3, dots=9))


class Desk:
    """The desk on a bus, the page that asks, and systemd's door."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.clock = HandClock()
        self.door = folder / "power.sock"
        self.systemd = socket.socket(socket.AF_UNIX)
        self.systemd.settimeout(0.2)
        self.core = Bus("core", folder, self.clock)
        self.panel = Bus("panel", folder, self.clock)
        self.desk = PowerDesk(self.core, {DOOR: str(self.door), **environ})
        self.state = WRITING

    def opens(self) -> None:
        self.systemd.bind(str(self.door))
        self.systemd.listen()

    def knocks(self) -> int:
        count = 0
        try:
            while True:
                self.systemd.accept()[0].close()
                count += 1
        except TimeoutError:
            return count

    def ask(self, wish: PowerWish, *processes: str) -> m.AnyReply:
        self.panel.ask("core", m.AskPower(request=self.panel.new_request(), wish=wish, processes=processes))
        for _ in range(100):
            for arrival in self.core.receive(0.02):
                assert isinstance(arrival, Asked)
                assert self.desk.asked(arrival, self.state, self.clock.at_ns)
            for reply in self.panel.receive(0.02):
                assert isinstance(reply, Answered)
                return reply.reply
            self.clock.at_ns += seconds(0.1)
            self.panel.tend()
        raise AssertionError("the desk does not answer")

    def turns(self, for_s: float, *, is_saved: bool = True) -> None:
        until_ns = self.clock.at_ns + seconds(for_s)
        while self.clock.at_ns < until_ns:
            self.clock.at_ns += seconds(0.5)
            self.desk.turn(self.clock.at_ns, is_saved=is_saved)

    @property
    def told(self) -> m.PowerAsked:
        told = self.desk._told
        assert told
        return told

    def close(self) -> None:
        for each in (self.core, self.panel, self.systemd):
            each.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.opens()
    yield made
    made.close()


def test_it_knocks_once_after_half_a_minute(desk: Desk) -> None:
    assert isinstance(desk.ask(PowerWish.OFF), m.Done)
    desk.turns(25)
    assert (desk.knocks(), desk.told.end, desk.told.left_s) == (0, PowerEnd.WAITS, 5)
    desk.turns(60)
    assert (desk.knocks(), desk.told.end) == (1, PowerEnd.DONE)


def test_it_does_not_knock_if_the_wearer_has_chosen(desk: Desk) -> None:
    desk.ask(PowerWish.OFF)
    desk.turns(20)
    desk.desk.chosen(1)
    desk.turns(60)
    assert (desk.knocks(), desk.told.end) == (0, PowerEnd.STOPPED)


def test_it_does_not_knock_while_something_is_not_saved(desk: Desk) -> None:
    desk.ask(PowerWish.OFF)
    desk.turns(60, is_saved=False)
    assert (desk.knocks(), desk.told.end) == (0, PowerEnd.FAILED)


def test_while_dots_are_looked_at_the_wearer_loses_no_time(desk: Desk) -> None:
    desk.ask(PowerWish.OFF)
    for _ in range(50):
        desk.turns(1)
        desk.desk.heard(DOTS, desk.clock.at_ns)
    assert (desk.knocks(), desk.told.left_s) == (0, 30)
    desk.desk.heard(m.Shown(at_ns=1, screen=page()), desk.clock.at_ns)
    desk.turns(31)
    assert desk.knocks() == 1


def test_a_door_that_is_shut_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.ask(PowerWish.OFF)
    desk.turns(31)
    assert desk.told.end is PowerEnd.FAILED
    assert "systemctl status vybor-power.socket" in desk.told.reason
    desk.close()


def test_before_there_is_anything_to_read_on_nothing_is_asked_for(desk: Desk) -> None:
    desk.state = Deciding()
    assert "only starting" in getattr(desk.ask(PowerWish.OFF), "reason", "")
    desk.turns(60)
    assert desk.knocks() == 0


def test_where_nobody_starts_processes_again_none_is_asked_to_end(desk: Desk) -> None:
    assert getattr(desk.ask(PowerWish.RESTART, "panel"), "reason", "") == ALONE


def test_who_does_not_answer_is_asked_no_longer_and_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SUPERVISOR_ENABLED="1")
    assert isinstance(desk.ask(PowerWish.RESTART, "voice"), m.Done)
    desk.turns(20)
    assert desk.told.end is PowerEnd.FAILED
    assert "voice did not answer" in desk.told.reason
    assert not desk.core._pending["voice"]
    desk.close()


@pytest.mark.parametrize("is_saved", [True, False])
def test_what_is_chosen_while_the_others_start_again_is_saved_before_this_process_does(
    tmp_path: Path, is_saved: bool
) -> None:
    desk = Desk(tmp_path, SUPERVISOR_ENABLED="1")
    assert isinstance(desk.ask(PowerWish.RESTART, "voice", "core"), m.Done)
    desk.turns(11)
    desk.turns(10, is_saved=False)
    assert not desk.core._pending.get("core")
    desk.turns(10, is_saved=is_saved)
    assert bool(desk.core._pending.get("core")) is is_saved
    assert desk.told.reason == (
        "voice did not answer; it starts again once it is missed" if is_saved else power.UNSAVED
    )
    desk.close()


def test_what_became_of_an_older_wish_is_nothing_of_a_newer_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path, SUPERVISOR_ENABLED="1")
    assert isinstance(desk.ask(PowerWish.RESTART, "voice"), m.Done)
    desk.turns(11)
    assert desk.told.end is PowerEnd.DONE
    assert isinstance(desk.ask(PowerWish.OFF), m.Done)
    desk.turns(6)
    assert desk.told.end is PowerEnd.WAITS
    desk.close()


class Wearer(virtual.Desk):
    """Sits before a whole deciding process."""

    def __init__(self, core: Core, now_ns: int) -> None:
        super().__init__(core._rules)
        self.core, self.state, self.now_ns = core, core._state, now_ns

    def hear(self, message: m.AnyMessage) -> None:
        self.core.heard(Heard("display", message, 0), self.now_ns)
        self.state = self.core._state


@pytest.mark.parametrize("at", ["words", "practice", "a fitting"])
def test_whatever_the_wearer_is_at_a_choice_stops_it(at: str, tmp_path: Path) -> None:
    kit = Kit(tmp_path, Settings())
    kit.turns()
    core, now_ns = kit.core, kit.clock.at_ns
    if at == "practice":
        core._state = practising.begun(core._state, core._rules, now_ns)
    elif at == "a fitting":
        start = m.Fit(request="r", wish=m.FitWish.START)
        core._state, _ = fit_steps.asked(core._state, start, core._rules, now_ns)
    waits = power.Power(PowerWish.OFF, until_ns=now_ns + seconds(30), end=PowerEnd.WAITS)
    core._power._power = waits
    wearer = Wearer(core, now_ns)
    wearer.show()
    wearer.look(4, virtual.LOOK_S)
    assert core._power._power == waits  # looking alone chooses nothing
    wearer.press()
    assert core._power._power.end is PowerEnd.STOPPED
    kit.close()
