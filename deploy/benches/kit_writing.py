"""A whole kit before its stand-ins, somebody who writes with it, and somebody who hears it."""

import itertools
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benches.kit_listener import Listener
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import VyborError
from vybor.foundation.gaze_settings import GazeSettings
from vybor.processes import PROCESSES
from world.bodies import EyesAndHeadband
from world.person import Body, Person, Stuck, Written
from world.play import FIRST_OFFER_LIMIT_S, World, decisions, read_sentences

SENTENCES = Path(__file__).parents[2] / "tests/world/forty.txt"
ALL_LIMIT_S = 30.0
"""By then everything has said how it fares, counted from the first tiles."""
RECORD_LIMIT_S = 10.0
IDLE = {"eyetracker", "browser"}
"""Processes that the world's settings leave nothing to do: they say how they fare, and no more."""
BY_NEED = {"PanelStatus"}
"""What stands on the screen only while a browser wants to come in."""
SAID_HZ: Mapping[tuple[str, str], float] = {
    (name, channel.topic): channel.hz
    for channel in channels.CHANNELS
    for name in channel.publishers
    if channel.hz and channel.topic not in BY_NEED and (name not in IDLE or channel.carries is m.Health)
} | {("gaze", "Gaze"): GazeSettings().hz}
"""Who of such a kit has to say which state, and how often, by the table of channels."""
WATCHDOG_S = {process.name: process.watchdog_s for process in PROCESSES}


@contextmanager
def kit(
    folder: Path, share: Path, clock: Clock, settings: str = ""
) -> Iterator[tuple[World, Person, Listener, Body]]:
    """A whole kit; its person, who has looked at the dots; who hears it; the person's body.

    Raises Stuck, VyborError.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    world = World(folder, share, settings, panel=f"[panel]\nport = {port}\n")
    with world.running() as (camera, cyton):
        bus = Bus("person", world.runtime, clock, [m.Shown])
        listener = Listener(world.runtime, clock, WATCHDOG_S)
        try:
            body = EyesAndHeadband(camera, cyton, clock, 1)
            person = Person(bus, body, clock, lambda line: None)
            person.wait_for_offer(FIRST_OFFER_LIMIT_S)
            listener.wait_for_all(ALL_LIMIT_S)
            yield world, person, listener, body
        finally:
            listener.close()
            bus.close()


def write_for(person: Person, clock: Clock, for_ns: int, doing: str) -> list[Written]:
    """Sentence after sentence, until the time is over. Raises Stuck."""
    began_ns, told_ns, written = clock.now_ns(), clock.now_ns(), list[Written]()
    for sentence in itertools.cycle(read_sentences(SENTENCES)):
        now_ns = clock.now_ns()
        if now_ns - began_ns >= for_ns:
            return written
        if now_ns - told_ns >= seconds(30):
            told_ns = now_ns
            left_min = (for_ns - (now_ns - began_ns)) / 60e9
            print(f"{doing}: {len(written)} sentences, {left_min:.0f} min left", flush=True)
        written.append(person.write(sentence))
    return written


def record_of(state: Path, person: Person, clock: Clock) -> list[m.Decision]:
    """The record, once it has the sentence that was spoken last. Raises VyborError if it does not get it."""
    deadline_ns = clock.now_ns() + seconds(RECORD_LIMIT_S)
    while not (kept := decisions(state)) or kept[-1].action is not m.Action.SPEAK:
        if clock.now_ns() > deadline_ns:
            raise VyborError(f"what was spoken last is not in the record after {RECORD_LIMIT_S:.0f} s")
        person.look_away()
    return kept


@contextmanager
def ended_where_stuck() -> Iterator[None]:
    """Somebody who cannot go on, or a kit that is not whole, ends the bench with one sentence."""
    try:
        yield
    except Stuck as error:
        print(f"bench: the person could not go on: {error}", file=sys.stderr)
        sys.exit(1)
    except VyborError as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
