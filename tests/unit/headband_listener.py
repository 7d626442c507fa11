"""Somebody to whom `vybor headband stream` tells what a kit says, without a bus."""

import json

import msgspec

from vybor.commands.headband.stream import Telling, released, step
from vybor.commands.open_text import Came
from vybor.contracts import messages as m
from vybor.contracts.messages import Signal
from vybor.foundation.clock import seconds
from vybor.headband.devices.lsl.outlets import Mark, Sent

ALL = tuple(Signal)
OPEN = m.Screen(at_ns=5, offer=7, mode=m.Mode.WORDS, text="nobody's business", tiles=())
PRIVATE = msgspec.structs.replace(OPEN, at_ns=6, private=True)
GAZE = m.Gaze(at_ns=9, at_sd_ns=0, eyes=m.Eyes.OPEN, point=m.GazePoint(x=0.1, y=0.2, sd_x=0.01, sd_y=0.02))
BLINK = m.Gesture(at_ns=8, at_sd_ns=0, ended_ns=8 + seconds(0.4), kind=m.GestureKind.DOUBLE_BLINK, log_odds=2.5)
SWITCH = m.SwitchPress(at_ns=10)
SHOWN = m.Shown(at_ns=11, screen=OPEN, highlight=m.Highlight(at_ns=11, offer=7, slot=3))

SAID_NS = seconds(0.2)
"""The screen is said so often."""


class Listening:
    """Somebody to whom a kit is told, message by message, each in a turn of its own."""

    def __init__(self, signals: tuple[Signal, ...] = ALL) -> None:
        self.telling, self.now_ns, self.found = Telling(signals), 0, list[Sent]()

    def hear(self, *messages: m.AnyMessage, after_ns: int = SAID_NS) -> list[Sent]:
        """Messages that came together, after so long; returns what was sent of them and before them."""
        since_ns = self.now_ns - 1  # a turn begins before anything is read in it
        self.now_ns += after_ns
        some: list[Sent] = []
        for message in messages:
            self.telling, at_once = step(self.telling, message, Came(since_ns, self.now_ns))
            some.extend(at_once)
        self.telling, held = released(self.telling, self.now_ns)
        self.found.extend([*some, *held])
        return [*some, *held]


def sent(*messages: m.AnyMessage, signals: tuple[Signal, ...] = ALL) -> list[Sent]:
    """What is sent by a kit that says its screen again behind each message."""
    listener, screens = Listening(signals), list[m.Screen]()
    for message in messages:
        listener.hear(message)
        screens.extend([message] if isinstance(message, m.Screen) else [])
        for _ in range(3):
            listener.hear(*screens[-1:])
    return listener.found


def marks(found: list[Sent]) -> list[tuple[str, int, dict[str, object]]]:
    return [(each.stream, each.at_ns, json.loads(each.text)) for each in found if isinstance(each, Mark)]
