"""The room `voice` with the real espeak-ng and the real aplay; only the sound card is the test's own.

The card is a pipe that ALSA writes to: the test reads as much as a card would have played, so that nothing depends
on the machine's speed. What it plays takes its time on the voice's clock.
"""

import array
import contextlib
import fcntl
import io
import os
import shutil
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.loop import deliver
from vybor.foundation.settings import VoiceSettings
from vybor.voice.process import Voice

CAN_SPEAK = bool(shutil.which("espeak-ng") and shutil.which("aplay"))
NO_SPEECH = "needs espeak-ng and aplay (alsa-utils)"

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
        self._path = folder / "card"
        self.configuration = folder / "card.conf"
        self.configuration.write_text(CARD.format(file=self._path, format="raw"))
        self.played = bytearray()
        self.plug()

    def play(self, most_s: float = 1000.0) -> float:
        """Play what has been written, but no more than `most_s` of it; returns how long that takes."""
        wanted, before = 2 * round(most_s * RATE_HZ), len(self.played)
        with contextlib.suppress(BlockingIOError):
            while wanted > 0 and (some := os.read(self._pipe, wanted)):
                self.played += some
                wanted -= len(some)
        return (len(self.played) - before) / 2 / RATE_HZ

    @property
    def samples(self) -> "array.array[int]":
        """All that was played, without the silence of probes and of pauses."""
        return array.array("h", (sample for sample in array.array("h", bytes(self.played)) if sample))

    @property
    def heard_s(self) -> float:
        """How much sound there was."""
        return len(self.samples) / RATE_HZ

    def plug(self) -> None:
        """Be there."""
        os.mkfifo(self._path)
        self._pipe = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, 4096)
        self._keep_open = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)

    def unplug(self) -> None:
        """Be gone."""
        self._path.unlink()
        os.close(self._pipe)
        os.close(self._keep_open)

    close = unplug


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
        self.passed_s += self.card.play(play_s)
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


@contextmanager
def played_by(folder: Path) -> Iterator[Kit]:
    """A kit and its card, ended in the end; the caller sets ALSA_CONFIG_PATH."""
    runtime = folder / "run"
    runtime.mkdir()
    made = Card(folder)
    kit = Kit(runtime, made)
    try:
        yield kit
    finally:
        kit.close()
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
