"""`vybor why`, `vybor authorship` and its check, asked of processes that run."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from processes.stage import Kit, kit
from unit.account_person import Scribe
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import SystemClock


def command(running: Kit, *words: str) -> list[str]:
    places = ["--runtime", str(running.runtime), "--state", str(running.runtime / "not-here")]
    return [sys.executable, "-m", "vybor", *words, *places]


def told(running: Kit, *words: str) -> str:
    done = subprocess.run(command(running, *words), capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


class Wearer:
    """Plays the voice and core: hears what is said to the ear, and has the journal keep an answer."""

    def __init__(self, runtime: Path) -> None:
        clock = SystemClock()
        self._voice, self._core = Bus("voice", runtime, clock), Bus("core", runtime, clock)
        self._scribe = Scribe()
        self.heard: list[str] = []
        self.shown: list[m.WordCheck | None] = []
        self._kept = 0

    def live(self) -> None:
        for arrival in self._voice.receive(0.05):
            if isinstance(arrival, Asked) and isinstance(arrival.command, m.Say):
                self._voice.answer(arrival, m.Done(request=arrival.command.request))
                self.hear(arrival.command.text)
        for arrival in self._core.receive(0):
            if isinstance(arrival, Asked) and isinstance(arrival.command, m.ShowCheck):
                self._core.answer(arrival, m.Done(request=arrival.command.request))
                self.shown.append(arrival.command.check)
            else:
                self._kept += 1
        self._voice.tend()
        self._core.tend()

    def hear(self, text: str) -> None:
        """A word is answered; all else is only listened to."""
        if text.startswith("Word"):
            self.heard.append(text)
            self.say(text.rstrip(".").rpartition(" ")[2].capitalize())

    def waits(self) -> bool:
        """Whether the journal has not kept everything yet."""
        return self._kept < len(self._scribe.record)

    def close(self) -> None:
        self._voice.close()
        self._core.close()

    def say(self, text: str) -> None:
        known = len(self._scribe.record)
        self._scribe.say(text)
        for decision in self._scribe.record[known:]:
            self._core.ask("journal", m.Record(request=self._core.new_request(), decision=decision))


@contextmanager
def wearer_at_a_journal(folder: Path) -> Iterator[tuple[Kit, Wearer]]:
    with kit(folder, "journal") as running:
        while not (running.runtime / "journal").is_socket():
            time.sleep(0.05)
        wearer = Wearer(running.runtime)
        try:
            yield running, wearer
        finally:
            wearer.close()


def test_a_kit_that_runs_tells_of_its_choices(tmp_path: Path) -> None:
    """By its journal: the commands are shown no file."""
    with wearer_at_a_journal(tmp_path) as (running, wearer):
        wearer.say("Hi")
        while wearer.waits():
            wearer.live()
        why = json.loads(told(running, "why", "--json"))
        assert (why["action"], why["text_before"], why["said"], why["carried"]) == ("speak", "Hi", "Hi.", True)
        assert [tile["role"] for tile in why["stood"] if tile["chosen"]] == ["speak"]
        sentence = json.loads(told(running, "authorship", "--json"))
        parts = [(part["text"], part["origin"]) for part in sentence["parts"]]
        assert parts == [("Hi", "spelled"), (".", "full_stop")]
        assert sentence["person_share"] == 1


def checked(running: Kit, wearer: Wearer, arguments: Sequence[str]) -> tuple[str, str]:
    asking = subprocess.Popen(
        command(running, "authorship", "check", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with asking:
        assert asking.stdin is not None
        asking.stdin.write("yes\n")
        asking.stdin.close()
        deadline = time.perf_counter() + 60
        while asking.poll() is None:
            assert time.perf_counter() < deadline
            wearer.live()
        assert asking.stdout is not None
        assert asking.stderr is not None
        assert asking.returncode == 0
        return asking.stdout.read(), asking.stderr.read()


def test_a_message_that_only_the_wearer_hears_comes_out_of_the_record(tmp_path: Path) -> None:
    report = tmp_path / "check.md"
    with wearer_at_a_journal(tmp_path) as (running, wearer):
        out, meanwhile = checked(running, wearer, ["--words", "5", "--json", "--report", str(report)])
    found = json.loads(out)
    assert (found["verdict"]["right"], found["verdict"]["p"]) == (5, 1 / 32)
    assert len(wearer.heard) == 5
    assert wearer.shown == [*(m.WordCheck(number=number, count=5) for number in range(6)), None]
    assert not [
        answer["question"]["told"] for answer in found["answers"] if answer["question"]["told"] in meanwhile
    ]
    assert "Right: 5 of 5." in report.read_text()


def test_without_a_kit_the_check_says_nothing_to_anybody(tmp_path: Path) -> None:
    silent = Kit(tmp_path)
    asked = command(silent, "authorship", "check")
    done = subprocess.run(asked, input="yes\n", capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (69, "", 1)
    assert "no kit runs in" in done.stderr
