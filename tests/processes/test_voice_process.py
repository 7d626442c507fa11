"""The process `voice` as it is started on a kit, with real programs and sound files for a card."""

import array
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from processes.sound_card import CAN_SPEAK, CARD, LONG, NO_SPEECH, PATIENCE_TURNS, TURN_S
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.settings import VoiceSettings

pytestmark = pytest.mark.skipif(not CAN_SPEAK, reason=NO_SPEECH)


@contextmanager
def voice_in(folder: Path, configuration: str) -> Iterator[subprocess.Popen[str]]:
    """The process, with this card; told to end in the end, or killed."""
    (folder / "card.conf").write_text(configuration)
    command = [sys.executable, "-m", "vybor", "run", "voice"]
    if (folder / "vybor.toml").exists():
        command += ["--config", str(folder / "vybor.toml")]
    for name in ("runtime", "state", "share"):
        command += [f"--{name}", str(folder / name[0])]
    (folder / "r").mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "ALSA_CONFIG_PATH": str(folder / "card.conf"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    voice = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield voice
    finally:
        voice.kill()
        told = voice.communicate()[1]
    assert "Traceback" not in told


def test_the_process_speaks_into_a_file_says_that_this_is_no_card_and_ends_when_it_is_asked_to(
    tmp_path: Path,
) -> None:
    sound = tmp_path / "sound.wav"
    with voice_in(tmp_path, CARD.format(file=sound, format="wav")) as voice:
        core = Bus("core", tmp_path / "r", SystemClock(), hears=[m.Health])
        try:
            core.ask("voice", m.Say(request=core.new_request(), text="I would like to go home now."))
            health = process_health(core, lambda: loudest(sound) > 5000, of=voice.pid)
            nowhere = "aplay ended at once, so the sound went nowhere; name a real card (aplay -L)"
            told = m.Notice(process="voice", trouble=m.Trouble.SOUND_MISSING, detail=nowhere)
            assert (health.process, health.troubles) == ("voice", (told,))
            voice.send_signal(signal.SIGTERM)
            assert voice.wait(20) == 0
        finally:
            core.close()
    with wave.open(str(sound)) as spoken:
        assert 1.0 < spoken.getnframes() / spoken.getframerate() < 4.0


def test_a_voice_that_dies_in_the_middle_of_a_sentence_does_not_say_it_again(tmp_path: Path) -> None:
    """The player is slow as a card is, and notes each sound that it begins."""
    begun = tmp_path / "begun"
    slow = f"#!/bin/sh\nbytes=$(wc -c)\ntest $bytes -gt 300000 && echo sentence >> {begun}\nsleep 5\n"
    player = tmp_path / "player"
    player.write_text(slow)
    player.chmod(0o755)
    (tmp_path / "vybor.toml").write_text(f'[voice]\nplayer = ["{player}"]\n')
    core: Bus | None = None
    try:
        for start in range(2):
            with voice_in(tmp_path, "") as voice:
                if core is None:
                    (tmp_path / "r").mkdir(exist_ok=True)
                    core = Bus("core", tmp_path / "r", SystemClock(), hears=[m.Health])
                    core.ask("voice", m.Say(request=core.new_request(), text=LONG))
                process_health(core, begun.exists, of=voice.pid)
                if start:
                    time.sleep(1.5)  # what is not answered is asked again every half second
                voice.kill()
                voice.wait()
    finally:
        if core:
            core.close()
    assert begun.read_text() == "sentence\n"


def process_health(core: Bus, reached: Callable[[], bool], of: int) -> m.Health:
    """The newest Health of this process once something is so, and every question is answered."""
    newest: m.Health | None = None
    for _ in range(PATIENCE_TURNS):
        for arrival in core.receive(TURN_S):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Health) and arrival.message.pid == of:
                newest = arrival.message
        core.tend()
        if newest and reached():
            return newest
    pytest.fail("it never came to that")


def loudest(sound: Path) -> int:
    """The highest sample of a finished WAV file; 0 while there is none."""
    try:
        with wave.open(str(sound)) as opened:
            samples = array.array("h", opened.readframes(opened.getnframes()))
    except (OSError, EOFError, wave.Error):
        return 0
    return max(samples, default=0)


def test_settings_refuse_a_player_without_a_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="length >= 1"):
        msgspec.convert({"player": []}, VoiceSettings)
