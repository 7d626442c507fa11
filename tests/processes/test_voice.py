"""The voice with the real espeak-ng and the real aplay; only the sound card is the test's own.

The card is a pipe that ALSA writes to: the test reads as much as a card would have played, so that nothing depends
on the machine's speed.
"""

import array
import fcntl
import io
import logging
import os
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.loop import deliver
from vybor.foundation.settings import VoiceSettings
from vybor.sound import alarm
from vybor.voice.process import Voice

pytestmark = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("aplay")), reason="needs espeak-ng and aplay (alsa-utils)"
)

RATE_HZ = 22_050
LONG = "This sentence is long enough to be cut short while somebody is still listening to its first words. " * 3
PATIENCE_TURNS = 800
TURN_S = 0.025

CARD = """
pcm.null {{ type null }}
pcm.!default {{
  type file
  file "{file}"
  format "{format}"
  slave.pcm "null"
}}
"""


class Card:
    """A sound card that plays when the test says so: 16 bit samples at 22,050 Hz come out of a pipe."""

    def __init__(self, folder: Path) -> None:
        pipe = folder / "card"
        os.mkfifo(pipe)
        self.configuration = folder / "card.conf"
        self.configuration.write_text(CARD.format(file=pipe, format="raw"))
        self._pipe = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, 4096)
        self._keep_open = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        self.played = bytearray()

    def play(self, most_s: float = 1000.0) -> None:
        """Play what has been written, but no more than `most_s` of it."""
        wanted = 2 * round(most_s * RATE_HZ)
        try:
            while wanted > 0 and (some := os.read(self._pipe, wanted)):
                self.played += some
                wanted -= len(some)
        except BlockingIOError:
            return

    @property
    def samples(self) -> "array.array[int]":
        """All that was played, without the silence of probes and of pauses."""
        return array.array("h", (sample for sample in array.array("h", bytes(self.played)) if sample))

    @property
    def heard_s(self) -> float:
        """How much sound there was."""
        return len(self.samples) / RATE_HZ

    def close(self) -> None:
        """Unplug it."""
        os.close(self._pipe)
        os.close(self._keep_open)


class Kit:
    """The room `voice` and one who asks it, on a real bus, with the voice's time in the test's hand."""

    def __init__(self, folder: Path, card: Card) -> None:
        self.card = card
        self.passed_s = 0.0
        self.answers: list[m.Reply] = []
        self._asked = 0
        self._clock = SystemClock()
        self._bus = Bus("voice", folder, self._clock)
        self._core = Bus("core", folder, self._clock)
        self.room = Voice(VoiceSettings(), {}, self._bus)

    def use(self, settings: VoiceSettings, calls: dict[str, bytes]) -> None:
        """The same kit with other settings or another call."""
        self.room.close()
        self.room = Voice(settings, calls, self._bus)

    def ask(self, command: m.AnyCommand) -> None:
        """Ask the voice."""
        self._asked += 1
        self._core.ask("voice", command)

    def request(self) -> str:
        """A name for a command."""
        return self._core.new_request()

    @property
    def all_answered(self) -> bool:
        """Whether each question has its answer."""
        return len(self.answers) == self._asked

    def turn(self, play_s: float = 1000.0) -> None:
        """One turn of the loop, and of the card."""
        deliver(self.room, self._bus, TURN_S, self._clock)
        self.room.turn(self._clock.now_ns() + seconds(self.passed_s))
        self.card.play(play_s)
        self._core.tend()
        arrivals = self._core.receive(0)
        self.answers += [arrival.reply for arrival in arrivals if isinstance(arrival, Answered)]

    def until(self, reached: Callable[[], bool], play_s: float = 1000.0) -> None:
        """Turn until something is so."""
        for _ in range(PATIENCE_TURNS):
            if reached():
                return
            self.turn(play_s)
        pytest.fail("it never came to that")

    def until_quiet(self) -> None:
        """Turn until everything that was asked is answered, and heard to its end."""
        self.until(lambda: self.all_answered and self.room.is_idle)
        self.card.play()

    def close(self) -> None:
        """Stop both."""
        self.room.close()
        self._bus.close()
        self._core.close()


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    made = Card(tmp_path)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(made.configuration))
    yield made
    made.close()


@pytest.fixture
def kit(tmp_path: Path, card: Card) -> Iterator[Kit]:
    runtime = tmp_path / "run"
    runtime.mkdir()
    made = Kit(runtime, card)
    yield made
    made.close()


def say(kit: Kit, text: str, language: str = "en") -> None:
    kit.ask(m.Say(request=kit.request(), text=text, language=language))


def call_of(level: int, length_s: float = 1.0) -> bytes:
    """A call for help that can be told from speech: one level all the time."""
    written = io.BytesIO()
    with wave.open(written, "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(RATE_HZ)
        opened.writeframes(array.array("h", [level] * round(RATE_HZ * length_s)).tobytes())
    return written.getvalue()


def test_a_sentence_sounds_for_as_long_as_its_words_take(kit: Kit, card: Card) -> None:
    say(kit, "I would like to go home now because I am tired.")
    kit.until_quiet()
    assert 1.5 < card.heard_s < 5
    assert max(card.samples) > 5000
    assert kit.room.troubles() == ()


def test_russian_is_spoken_by_the_russian_voice(kit: Kit, card: Card) -> None:
    say(kit, "Мне нужна помощь", "ru")
    kit.until_quiet()
    assert 0.5 < card.heard_s < 3


def test_two_sentences_take_as_long_as_both(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until_quiet()
    alone_s = card.heard_s
    for _ in range(2):
        say(kit, "I am cold.")
    kit.until_quiet()
    assert card.heard_s == pytest.approx(3 * alone_s, rel=0.02)


def test_a_sentence_that_the_bus_repeats_is_said_once(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until_quiet()
    alone_s = card.heard_s
    command = m.Say(request=kit.request(), text="I am cold.")
    for _ in range(3):
        kit.ask(command)
        kit.until(lambda: kit.all_answered)
    kit.until_quiet()
    assert card.heard_s == pytest.approx(2 * alone_s, rel=0.02)


def test_an_answer_does_not_wait_for_the_sound(kit: Kit) -> None:
    say(kit, LONG)
    say(kit, LONG)
    kit.until(lambda: kit.all_answered, play_s=0)
    assert {type(answer) for answer in kit.answers} == {m.Done}


def test_hush_cuts_speech_short_and_forgets_what_waits(kit: Kit, card: Card) -> None:
    say(kit, LONG)
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.5, play_s=0.1)
    kit.ask(m.Hush(request=kit.request()))
    kit.until(lambda: kit.all_answered, play_s=0)
    kit.until_quiet()
    assert 0.5 < card.heard_s < 1.5


def test_after_hush_a_new_sentence_is_said(kit: Kit, card: Card) -> None:
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.2, play_s=0.1)
    kit.ask(m.Hush(request=kit.request()))
    say(kit, "I am cold.")
    kit.until_quiet()
    assert 0.8 < card.heard_s < 3
    assert kit.room.troubles() == ()


def test_the_call_for_help_overtakes_speech_whole(kit: Kit, card: Card) -> None:
    kit.use(VoiceSettings(), {"en": call_of(12_345)})
    say(kit, LONG)
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.5, play_s=0.1)
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert list(card.samples[-RATE_HZ:]) == [12_345] * RATE_HZ
    assert card.heard_s < 2.5


def test_the_call_for_help_needs_no_speech_program(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_player(tmp_path / "bin", monkeypatch)
    kit.use(VoiceSettings(), {"en": call_of(12_345)})
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert list(card.samples) == [12_345] * RATE_HZ


def test_without_a_rendered_call_the_alarm_tone_sounds(kit: Kit, card: Card, tmp_path: Path) -> None:
    kit.use(VoiceSettings(), alarm.load(["en"], lambda _: tmp_path / "none.wav", logging.getLogger("vybor.voice")))
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert card.heard_s == pytest.approx(4.2, abs=0.3)


def test_a_missing_speech_program_is_told_and_heals(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    speaker = Path(shutil.which("espeak-ng") or "")
    only_player(folder, monkeypatch)
    say(kit, "I am cold.")
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "espeak-ng cannot be started (No such file or directory); install it"
    (folder / "espeak-ng").symlink_to(speaker)
    kit.passed_s += 6
    kit.until(lambda: kit.room.troubles() == ())
    assert card.heard_s == 0


def test_a_missing_player_is_told(kit: Kit) -> None:
    kit.use(VoiceSettings(player=("no-such-player", "-")), {})
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "no-such-player cannot be started (No such file or directory); install it"


def test_a_missing_sound_card_is_told_in_the_player_s_words_and_heals(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "nothing.conf"
    nothing.write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "aplay: main:831: audio open error: No such file or directory"
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card.configuration))
    kit.passed_s += 6
    kit.until(lambda: kit.room.troubles() == ())
    assert card.heard_s == 0


def test_a_call_that_could_not_be_heard_is_heard_when_the_card_is_back(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "nothing.conf"
    nothing.write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    kit.use(VoiceSettings(), {"en": call_of(12_345)})
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until(lambda: kit.room.troubles() != () and kit.all_answered)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card.configuration))
    kit.passed_s += 2
    kit.until_quiet()
    assert list(card.samples) == [12_345] * RATE_HZ


def test_a_player_that_hangs_is_given_up_and_told(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until(lambda: card.heard_s > 0.1, play_s=0.05)
    kit.passed_s += 60
    kit.until(lambda: kit.room.troubles() != (), play_s=0)
    assert trouble(kit) == "aplay does not end; the sound card may be stuck"


def trouble(kit: Kit) -> str:
    """The detail of the only trouble, which is a missing sound."""
    (notice,) = kit.room.troubles()
    assert (notice.process, notice.trouble) == ("voice", m.Trouble.SOUND_MISSING)
    return notice.detail


def only_player(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search path on which there is a player, and nothing that speaks."""
    folder.mkdir()
    (folder / "aplay").symlink_to(shutil.which("aplay") or "")
    monkeypatch.setenv("PATH", str(folder))


def test_the_process_speaks_into_a_wav_file_and_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    sound, configuration = tmp_path / "sound.wav", tmp_path / "card.conf"
    configuration.write_text(CARD.format(file=sound, format="wav"))
    command = [sys.executable, "-m", "vybor", "run", "voice"]
    for name in ("runtime", "state", "share"):
        command += [f"--{name}", str(tmp_path / name[0])]
    (tmp_path / "r").mkdir()
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(configuration), "PYTHONPATH": os.pathsep.join(sys.path)}
    voice = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    core = Bus("core", tmp_path / "r", SystemClock(), hears=[m.Health])
    try:
        core.ask("voice", m.Say(request=core.new_request(), text="I would like to go home now."))
        health = process_health(core, lambda: loudest(sound) > 5000)
        assert health == m.Health(at_ns=health.at_ns, process="voice", pid=voice.pid)
        voice.send_signal(signal.SIGTERM)
        assert voice.wait(20) == 0
    finally:
        voice.kill()
        _, told = voice.communicate()
        core.close()
    with wave.open(str(sound)) as spoken:
        assert 1.0 < spoken.getnframes() / spoken.getframerate() < 4.0
    assert "Traceback" not in told


def process_health(core: Bus, reached: Callable[[], bool]) -> m.Health:
    """The newest Health once something is so."""
    newest: m.Health | None = None
    for _ in range(PATIENCE_TURNS):
        for arrival in core.receive(TURN_S):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Health):
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
