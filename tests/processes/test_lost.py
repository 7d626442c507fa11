"""Eyes that are lost for long: real core, journal and voice; the camera and the screen are played."""

import shutil
from pathlib import Path

import pytest

from processes.stage import Kit, hands
from processes.test_writing import kept
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Trouble

SETTINGS = """\
[commit]
arm_s = 0.05
refractory_s = 0.05
lost_s = 1
alarm_s = 2
scan = "off"
[voice]
engine = "espeak"
player = ["sh", "-c", "cat > $0/part.$$ && mv $0/part.$$ $0/$$.wav", "{sounds}"]
"""
SPOKEN_BYTES = 50_000
"""A second of it, at 22,050 Hz in 16 bits; a probe that nobody is to hear is silent."""


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_somebody_is_asked_for_aloud_until_the_eyes_are_back_and_nothing_of_it_is_the_wearers(
    tmp_path: Path,
) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()

    def heard() -> bool:
        return any(len(path.read_bytes()) > SPOKEN_BYTES and _is_loud(path) for path in sounds.glob("*.wav"))

    def is_told() -> bool:
        return person.screen is not None and Trouble.INPUTS_LOST in {
            each.trouble for each in person.screen.notices
        }

    running = Kit(tmp_path, settings=SETTINGS.format(sounds=sounds))
    running.start("core", "journal", "voice")
    try:
        with hands(running.runtime) as person:
            person.choose(Role.PHRASES)
            assert not is_told()
            person.place = None
            person.until(is_told)
            person.until(heard)
            assert person.screen is not None
            assert (person.screen.said, person.screen.saying, person.screen.text) == ("", False, "")
            person.look_at(person.tile(Role.BACK))
            person.until(lambda: not is_told())
    finally:
        running.stop()
    assert [decision.action for decision in kept(tmp_path / "state")] == [m.Action.PAGE]


def _is_loud(path: Path) -> bool:
    return len(set(path.read_bytes()[100:])) > 100
