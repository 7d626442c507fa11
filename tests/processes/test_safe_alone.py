"""The process `safe` when its terminal hangs up, and when the voice it has asked comes too late."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from processes.stage import kit
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.loop import deliver
from vybor.foundation.places import Places
from vybor.foundation.settings import Language, Settings, VoiceSettings
from vybor.foundation.start import Start
from vybor.safe import help as helping
from vybor.safe.process import Safe
from vybor.sound import alarm

PATIENCE_S = 30.0


def until(holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    while not holds():
        assert time.perf_counter() < deadline, "it did not come"


def test_a_console_that_hangs_up_does_not_end_it(tmp_path: Path) -> None:
    with kit(tmp_path, "safe") as running:
        with closing(Bus("watch", running.runtime, SystemClock(), [m.Health])) as bus:

            def speaks() -> bool:
                return any(isinstance(arrival, Heard) for arrival in bus.receive(0.1))

            until(speaks)
            running.signal("safe", signal.SIGHUP)
            for _ in range(3):
                until(speaks)
        assert running.is_running("safe")


@contextmanager
def alone(folder: Path, *player: str) -> Iterator[tuple[Safe, Bus]]:
    """The room `safe` with this player, and its bus."""
    runtime, clock = folder / "run", SystemClock()
    runtime.mkdir()
    start = Start(
        places=Places(runtime=runtime, state=folder, share=folder),
        settings=Settings(voice=VoiceSettings(player=player)),
        clock=clock,
        heart=NoHeartbeat(),
    )
    bus = Bus("safe", runtime, clock, [m.Health])
    room = Safe(start, None, dict.fromkeys(Language, alarm.tone()), bus)
    try:
        yield room, bus
    finally:
        room.close()
        bus.close()


def test_a_call_that_the_player_sends_nowhere_is_not_taken_for_heard(tmp_path: Path) -> None:
    clock = SystemClock()
    with alone(tmp_path, "true") as (room, _):
        room._help = helping.ringing(room._help, clock.now_ns())

        def ended() -> bool:
            room.turn(clock.now_ns())
            return room._help.stage is not helping.Stage.RINGING

        until(ended)
        assert room._help.stage is helping.Stage.NOT_HEARD
        assert room._help.problem == "true ended at once, so the sound went nowhere; name a real card (aplay -L)"
        room.turn(clock.now_ns() + helping.AGAIN_NS)
        assert room._help.stage is helping.Stage.NOT_HEARD


def test_a_voice_that_comes_back_late_is_not_asked_any_more(tmp_path: Path) -> None:
    """By then this process has rung: a second call, a minute later, would come as a surprise."""
    clock = SystemClock()
    with alone(tmp_path, "sleep", "20") as (room, bus):
        room._help = helping.pressed(room._help, clock.now_ns())
        room.turn(clock.now_ns())
        assert room._help.stage is helping.Stage.ASKED
        room.turn(clock.now_ns() + helping.ACKNOWLEDGED_WITHIN_NS + seconds(0.1))
        assert room._help.stage is helping.Stage.RINGING
        with closing(Bus("voice", tmp_path / "run", clock)) as voice:
            asked: list[Asked] = []
            for _ in range(100):
                deliver(room, bus, 0.01, clock)
                bus.tend()
                asked += [arrival for arrival in voice.receive(0.01) if isinstance(arrival, Asked)]
                voice.tend()
        assert asked == []


def test_a_call_that_is_taken_back_falls_silent_at_once_and_is_not_tried_again(tmp_path: Path) -> None:
    clock = SystemClock()
    with alone(tmp_path, "sleep", "20") as (room, bus), closing(Bus("core", tmp_path / "run", clock)) as core:

        def turned_until(holds: Callable[[], bool]) -> None:
            def turned() -> bool:
                deliver(room, bus, 0.01, clock)
                room.turn(clock.now_ns())
                bus.tend()
                core.receive(0.01)
                core.tend()
                return holds()

            until(turned)

        core.ask("safe", m.CallHelp(request="call"))
        turned_until(lambda: room._chain is not None)
        rings = room._chain
        core.ask("safe", m.Hush(request="end"))
        turned_until(lambda: room._chain is None and not room._killed)
        assert rings is not None
        assert rings.gone()
        assert room.troubles() == ()
        room.turn(clock.now_ns() + helping.AGAIN_NS)
        assert room._chain is None
