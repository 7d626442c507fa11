"""Piper as a program beside the kit, with its voice in memory before there is anything to say.

Loading a voice takes a second or more, so one Piper always waits at its standard input. It is given a word first:
what it writes for that shows that it is ready, and the first run of a model is its slowest. Then it gets one
sentence, and the end of the program is the end of the sentence; the next Piper starts at once. Its samples come
through memory (memfd), as raw ones: as a WAV file Piper would put them on the disk in between.
"""

import contextlib
import os
import select
import sys
from collections.abc import Sequence
from pathlib import Path

from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing
from vybor.foundation.settings import Engine, VoiceSettings
from vybor.sound import alarm
from vybor.sound.chain import Program
from vybor.voice import speech, voice_file
from vybor.voice.voice_file import VoiceFile

PACKAGE = "piper-tts"
LOADS_WITHIN_NS = seconds(90)
AGAIN_NS = seconds(30)
"""After a failure Piper is tried again so much later."""
STEADY_NS = seconds(0.1)
"""What Piper wrote for its first word is whole once it has not grown for so long."""
FIRST_WORD = "1"
"""Every voice can say a number."""
ANSWERS_WITHIN_S, MORE_S_PER_LETTER, AT_MOST_S = 1.5, 0.01, 4.0
"""So long a person waits for the first sound without thinking that nothing comes."""
CLOSE_S = 1.0
MADE_NO_SOUND = "it made no sound"
OOM_SCORE = "300"
"""Piper is given up before the room that calls for help; its size is that of its voice."""


def found(settings: VoiceSettings) -> tuple[VoiceFile | None, str]:
    """The voice that the settings name, or why there is none; neither where none is wanted."""
    if settings.engine is Engine.ESPEAK:
        return None, ""
    if not settings.piper_voice:
        wanted = settings.engine is Engine.PIPER
        return None, "no voice is named; vybor config set voice.piper_voice FILE.onnx" if wanted else ""
    try:
        return voice_file.read(Path(settings.piper_voice)), ""
    except Missing as error:
        return None, str(error)


def is_packaged() -> bool:
    """Whether the package piper-tts is installed beside the kit. Asking does not load it."""
    from importlib import metadata  # noqa: PLC0415  (3 MB, and few have it)

    try:
        metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        return False
    return True


def command(settings: VoiceSettings, voice: Path) -> list[str]:
    """Piper reading lines from its standard input and writing raw samples to its output."""
    program = [sys.executable, "-P", "-m", "piper"] if is_packaged() else [settings.piper_program]
    slower = speech.USUAL_WORDS_PER_MINUTE / settings.words_per_minute
    quieter = settings.volume / 100  # a voice is as loud as it can be by itself
    return [
        *(*program, "--model", str(voice), "--output_raw"),
        *(["--length_scale", f"{slower:.3f}"] if slower != 1 else []),
        *(["--volume", f"{quieter:.2f}"] if quieter < 1 else []),
    ]


def within_ns(text: str) -> int:
    """How long a text may take to be rendered."""
    return seconds(min(AT_MOST_S, ANSWERS_WITHIN_S + MORE_S_PER_LETTER * len(text)))


class Piper:
    """The Piper that waits, or the one that works on a sentence."""

    def __init__(self, command: Sequence[str], voice: VoiceFile, ends: select.epoll) -> None:
        self._command = command
        self._voice = voice
        self._ends = ends
        self._program: _Waiting | None = None
        self._leaving: list[_Waiting] = []
        self._start_ns = 0
        self.problem = ""
        """Why espeak-ng speaks instead, if it does."""

    def turn(self, now_ns: int) -> None:
        """Start one where there is none, see whether it is ready, notice when it is gone."""
        self._leaving = [program for program in self._leaving if not program.has_ended()]
        if self._program is None:
            if now_ns >= self._start_ns:
                self._start(now_ns)
            return
        if self._program.is_at_work:
            return
        if self._program.gets_ready(now_ns):
            self.problem = ""
        if self._program.has_ended():
            self._give_up(self._program.problem() or "it ended before it was asked for anything", now_ns)
        elif not self._program.is_ready and now_ns >= self._program.began_ns + LOADS_WITHIN_NS:
            self._give_up("it does not get ready", now_ns)

    @property
    def is_starting(self) -> bool:
        """Whether one loads its voice."""
        return self._program is not None and not (self._program.is_ready or self._program.is_at_work)

    @property
    def is_ready(self) -> bool:
        """Whether one waits with its voice loaded."""
        return self._program is not None and self._program.is_ready

    def begin(self, text: str, language: str) -> bool:
        """Give it a sentence, if it is ready and its voice speaks all of it; then ask `rendered`."""
        if {spoken for spoken, _ in speech.pieces(text, language)} != {self._voice.language}:
            return False
        if self._program is None or not self._program.is_ready:
            self.problem = self.problem or "it is still loading its voice"
            return False
        return self._program.ask(text)

    def rendered(self, now_ns: int) -> bytes | None:
        """The sentence as a WAV file once it is there; None before, and nothing (b"") if it failed."""
        if self._program is None:
            return b""
        if not self._program.has_ended():
            return None
        frames = self._program.frames()
        problem = self._program.problem() or ("" if any(frames) else MADE_NO_SOUND)
        self._give_up(problem, now_ns)
        return b"" if problem else alarm.wav_of(frames, self._voice.rate_hz)

    def cancel(self, problem: str, now_ns: int) -> None:
        """Nobody waits for this sentence any more; with a problem, there is a pause before the next."""
        self._give_up(problem, now_ns)

    def close(self) -> None:
        """End it, and wait for its end."""
        self._let_go()
        for program in self._leaving:
            program.wait(CLOSE_S)

    def _let_go(self) -> None:
        if self._program is not None:
            self._program.close()
            self._leaving.append(self._program)
            self._program = None

    def _start(self, now_ns: int) -> None:
        try:
            self._program = _Waiting(self._command, self._ends, now_ns)
        except OSError as error:
            told = f"{self._command[0]} cannot be started ({error.strerror}); pip install {PACKAGE}"
            self._give_up(told, now_ns)

    def _give_up(self, problem: str, now_ns: int) -> None:
        self._let_go()
        self.problem = problem
        self._start_ns = now_ns + AGAIN_NS if problem else 0


class _Waiting:
    """One Piper, from its start to its end. Raises OSError if it cannot be started."""

    def __init__(self, command: Sequence[str], ends: select.epoll, now_ns: int) -> None:
        reads, self._writes = os.pipe()
        self._samples = os.memfd_create("samples")
        try:
            self._program = Program(command, reads, self._samples, ends)
        except OSError:
            os.close(self._writes)
            os.close(self._samples)
            raise
        finally:
            os.close(reads)
        _prefer_to_lose(self._program.pid)
        self.began_ns = self._grew_ns = now_ns
        self._size = 0
        self.is_ready = False
        self.is_at_work = False
        self._tell(FIRST_WORD)

    def gets_ready(self, now_ns: int) -> bool:
        """Whether it has just become ready, by what it has written."""
        if self.is_ready:
            return False
        size = os.fstat(self._samples).st_size
        if size != self._size:
            self._size, self._grew_ns = size, now_ns
        self.is_ready = size > 0 and now_ns - self._grew_ns >= STEADY_NS
        return self.is_ready

    def ask(self, text: str) -> bool:
        """Hand it the only sentence that it will say; False if it is gone."""
        self.is_ready = False
        self.is_at_work = self._tell(text)
        os.close(self._writes)
        self._writes = -1
        return self.is_at_work

    def has_ended(self) -> bool:
        """Whether it is gone."""
        return self._program.ended()

    def wait(self, longest_s: float) -> None:
        """Wait for its end."""
        self._program.wait(longest_s)

    def problem(self) -> str:
        """Why it failed, if it did."""
        return self._program.problem()

    def frames(self) -> bytes:
        """The samples behind those of the first word."""
        return os.pread(self._samples, os.fstat(self._samples).st_size - self._size, self._size)

    def close(self) -> None:
        """End it, and let go of what it wrote."""
        self._program.kill()
        if self._writes >= 0:
            os.close(self._writes)
        os.close(self._samples)

    def _tell(self, text: str) -> bool:
        try:
            return os.write(self._writes, f"{text}\n".encode()) > 0
        except BrokenPipeError:
            return False


def _prefer_to_lose(pid: int) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(OOM_SCORE, encoding="ascii")
