"""The scripted person goes through the trial of the eyes: the whole kit with its camera, and `vybor fit`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import FitPhase, Mode, Role
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock, seconds
from world.bodies import EyesAlone
from world.mind import Wish, wish
from world.person import Person
from world.play import World, decisions

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
pytestmark = [
    pytest.mark.skipif(not SHARE, reason="deploy/test builds the model and the words; run it through that"),
    pytest.mark.slow,
]
LIMIT_S = 200.0
CENTRE = (0.5, 0.5)


def stage(person: Person) -> m.FitStage | None:
    return person._screen().fitting if person._tiles() else None


def choose(person: Person, role: Role, *, label: bool = False) -> None:
    tile = next(tile for tile in person._tiles() if tile.role is role and (tile.label or not label))
    person._choose(Wish(tile, "it is asked for"), lambda screen: wish(screen, ""))


def test_eyes_alone_are_tried_before_the_camera_and_the_text_comes_back(tmp_path: Path) -> None:
    clock = SystemClock()
    world = World(tmp_path, Path(SHARE))
    with world.running() as (camera, _):
        bus = Bus("person", world.runtime, clock, [m.Shown])
        body = EyesAlone(camera, clock)
        person = Person(bus, body, clock, print)
        person.wait_for_offer(90)
        command = [
            sys.executable,
            "-m",
            "vybor",
            "fit",
            "--only",
            "pad",
            "--json",
            "--runtime",
            str(world.runtime),
        ]
        pipe = subprocess.PIPE
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, text=True)
        until_ns = clock.now_ns() + seconds(LIMIT_S)
        while child.poll() is None:
            assert clock.now_ns() < until_ns, stage(person)
            person.see()
            match stage(person):
                case m.FitStage(phase=FitPhase.INTRO):
                    choose(person, Role.FIT_BEGIN)
                    body.look(*CENTRE)
                case m.FitStage(phase=FitPhase.CUE):
                    choose(person, Role.FIT_TARGET, label=True)
                    body.look(*CENTRE)
                case m.FitStage(phase=FitPhase.EFFORT):
                    choose(person, Role.FIT_EFFORT)
        (found,) = json.loads(child.communicate()[0])["results"]
        if stage(person) is not None:
            choose(person, Role.BACK)
        assert person._screen().mode is Mode.WORDS
        bus.close()
    assert (found["reliable"], found["wrong"], found["false_alarms"], found["effort"]) == (True, 0, 0, "easy"), (
        found
    )
    assert all(decision.action is m.Action.PAGE for decision in decisions(world.state))
