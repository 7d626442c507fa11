"""Ways to call for help, while model, camera and more are down: real processes, a player that keeps the sounds.

The independent switch is in test_display.py (core is dead) and test_safe.py (the display is dead).
"""

from pathlib import Path

import pytest

from processes.stage import Kit
from processes.test_headband import PAUSE_S, cyton, listener, warmed_up, wearing
from processes.test_safe import CALL, PLAYER, calls_by
from processes.test_scanning import SETTINGS as BY_SWITCH
from processes.test_scanning import Hand
from vybor.contracts.messages import GestureKind, Role
from vybor.foundation.clock import seconds

HELD_SOUND = (
    '[voice]\nplayer = ["sh", "-c", "cat > $0/part.$$ && sleep 30 && mv $0/part.$$ $0/$PPID.$$", "{sounds}"]\n'
)
NO_WAY_TO_CHOOSE = '[commit]\npad = false\nbiosignal = false\nswitch = false\nscan = "off"\n'


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    folder = tmp_path / "sounds"
    folder.mkdir()
    return folder


def with_call(folder: Path, settings: str) -> Kit:
    made = Kit(folder, settings=settings)
    made.share.mkdir()
    (made.share / "help-en.wav").write_bytes(CALL)
    return made


@pytest.mark.slow
def test_a_held_clench_calls_with_headband_core_and_voice_alone(tmp_path: Path, sounds: Path) -> None:
    """No display, no camera, no model, no journal; a clench that chooses calls nobody."""
    settings = NO_WAY_TO_CHOOSE + wearing(tmp_path / "port") + PLAYER.format(sounds=sounds)
    running = with_call(tmp_path, settings)
    try:
        with cyton(tmp_path) as worn, listener(running) as listening:
            running.start("headband", "core", "voice")
            warmed_up(listening, worn)
            listening.wait_until(worn.clench().ended_ns + seconds(PAUSE_S))
            assert calls_by(sounds, running.pid("voice")) == 0
            held = worn.clench(4.0)
            listening.until(lambda: calls_by(sounds, running.pid("voice")) >= 1)
            (heard,) = listening.seen_since(held.began_ns - seconds(0.2), GestureKind.LONG_CLENCH)
            assert seconds(2.9) <= heard.ended_ns - heard.at_ns <= seconds(3.2)
    finally:
        assert running.stop() == {"headband": 0, "core": 0, "voice": 0}


@pytest.mark.slow
def test_the_tile_calls_by_a_switch_with_model_camera_and_headband_down(tmp_path: Path, sounds: Path) -> None:
    running = with_call(tmp_path, BY_SWITCH + PLAYER.format(sounds=sounds))
    running.start("core", "voice")
    person = Hand(running.runtime)
    try:
        for role in (Role.MENU, Role.HELP):
            person.take(role)
        person.until(lambda: calls_by(sounds, running.pid("voice")) >= 1)
    finally:
        person.close()
        running.stop()


@pytest.mark.slow
def test_a_voice_that_dies_while_it_calls_is_stood_in_for(tmp_path: Path, sounds: Path) -> None:
    """The voice answered that it calls; its sound goes on for half a minute, and it dies within that."""
    running = with_call(tmp_path, BY_SWITCH + HELD_SOUND.format(sounds=sounds))
    running.start("core", "voice", "safe")
    person = Hand(running.runtime)
    try:
        for role in (Role.MENU, Role.HELP):
            person.take(role)
        person.until(lambda: any(sounds.glob("part.*")))
        person.until(lambda: "calling_help" in running.log("voice"))
        sounding = set(sounds.glob("part.*"))
        running.kill("voice")
        person.until(lambda: bool(set(sounds.glob("part.*")) - sounding))
        assert "calling_help" in running.log("safe")
    finally:
        person.close()
        running.stop()
