"""How a machine of its own is judged: a unit that dies every few seconds is never taken for a sound one."""

import os
import platform

import pytest

from world import rootfs
from world.appliance import Unit, read_units, unsteady

SHOWN = """\
MainPID=612
NRestarts=0
Id=vybor-core.service
ActiveState=active
SubState=running

MainPID=0
NRestarts=7
Id=vybor-voice.service
ActiveState=activating
SubState=auto-restart
"""
RUNS = Unit("active", "running", 612, 0)
DIES = Unit("activating", "auto-restart", 0, 7)


def test_what_systemd_shows_is_read() -> None:
    assert read_units(SHOWN) == {"core": RUNS, "voice": DIES}


@pytest.mark.parametrize(
    ("unit", "dead"),
    [
        (RUNS, False),
        (DIES, True),
        (Unit("failed", "failed", 0, 0), True),
        (Unit("inactive", "dead", 0, 0), True),
        (Unit("activating", "start", 700, 0), False),
    ],
)
def test_who_waits_for_its_next_start_is_dead(unit: Unit, dead: bool) -> None:
    assert unit.is_dead == dead


def test_only_the_first_start_is_waited_for() -> None:
    assert Unit("activating", "start", 700, 0).starts_first
    assert not Unit("activating", "start", 700, 1).starts_first
    assert not DIES.starts_first
    assert not RUNS.starts_first


def test_a_unit_that_runs_at_this_moment_but_keeps_starting_again_is_found() -> None:
    before = {"core": RUNS, "voice": Unit("active", "running", 613, 2)}
    now = {"core": RUNS, "voice": Unit("active", "running", 800, 4)}
    assert unsteady(now, before, {"voice": 2}) == []
    assert unsteady(now, before, {"voice": 1}) == ["voice started again 2 times, 1 would be right"]
    assert unsteady(now, before, {"core": 1}) == ["voice started again 2 times, 0 would be right"]
    assert unsteady(now) == ["voice started again 4 times, 0 would be right"]
    assert unsteady({"voice": DIES}, {"voice": DIES}) == ["voice is activating (auto-restart)"]


def test_where_its_programs_cannot_run_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert "x86-64" in rootfs.missing()
