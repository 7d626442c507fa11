"""`vybor authorship check`: says words to the wearer alone, and waits for what they speak with the kit.

The kit must be running: the words go through its voice, the screen says which of them is asked (never the word),
and the answers are what its record has as spoken and not taken back. Before the end nothing that stands in the
terminal, or on the screen, tells which words were said.
"""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from vybor.accounting import checking
from vybor.accounting.checking import Answered, Plan, Question, Verdict
from vybor.commands import asking
from vybor.commands.accounts.check_words import LANGUAGES, RARE, CheckWords
from vybor.commands.records import reading
from vybor.contracts import messages as m
from vybor.foundation import small_files
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing, PlaceError

PATIENCE_S, AGAIN_S, POLL_S = 300.0, 45.0, 0.5
LEAST_PATIENCE_S = 60
"""A word is said twice at least before its time is over."""
STANDS_S = 5.0
"""What was spoken is the answer if it was not taken back for so long."""
SHOWN_S = 60.0
"""The screen is told again before that what is asked; of a check that is gone it says no more afterwards."""
DONE, NOT_BEGUN, STOPPED, LEFT = 0, 1, Missing.exit_code, 130

Read = Callable[[], str]
Say = Callable[[str], object]


class Wearer(Protocol):
    """Whoever is told a word, and speaks with the kit."""

    def tell(self, words: str) -> None:
        """Say this to their ear. Raises Missing if the voice refuses."""
        ...

    def show(self, check: m.WordCheck | None) -> None:
        """Have the screen say which word they are asked, never which it is; None: no more. Raises Missing."""
        ...

    def forget(self) -> None:
        """What they have spoken until now answers nothing."""
        ...

    def spoken(self) -> Sequence[str]:
        """What they have spoken since this was asked last, and not taken back."""
        ...

    def wait(self, duration_s: float) -> None:
        """Let them write."""
        ...


class Kit:
    """The wearer at a kit that runs."""

    def __init__(
        self, rooms: "Rooms", language: str, clock: Clock, wait: Callable[[float], None], *, to_ear: bool = False
    ) -> None:
        self._to_ear = to_ear
        self._rooms = rooms
        self._language = language
        self._clock = clock
        self._wait = wait
        self._last = ("", 0)
        self._said: list[m.Decision] = []
        self.forget()

    def tell(self, words: str) -> None:
        """Say it through the voice: to the earphone, where the settings name one."""
        voice, language = self._rooms.voice, self._language
        voice.told(m.Say(request=voice.new_request(), text=words, language=language, to_ear=self._to_ear))

    def show(self, check: m.WordCheck | None) -> None:
        """Show it through the deciding process."""
        core = self._rooms.core
        until_ns = self._clock.now_ns() + seconds(SHOWN_S)
        core.told(m.ShowCheck(request=core.new_request(), check=check, until_ns=until_ns))

    def forget(self) -> None:
        """Pass over all that is in the record."""
        self.spoken()
        self._said.clear()

    def spoken(self) -> Sequence[str]:
        """What the record has as spoken since, and has had for a moment."""
        for one in reading.later(self._rooms.journal, *self._last):
            self._last = (one.session, one.number)
            if one.action is m.Action.SPEAK:
                self._said.append(one)
            elif is_taken_back(self._said, one):
                self._said.pop()
        now_ns = self._clock.now_ns()
        stands = [one for one in self._said if now_ns - one.at_ns >= seconds(STANDS_S)]
        self._said = [one for one in self._said if one not in stands]
        return [one.text_before for one in stands]

    def wait(self, duration_s: float) -> None:
        """Sleep."""
        self._wait(duration_s)


class Rooms(NamedTuple):
    """The processes that are asked."""

    voice: asking.Room
    journal: asking.Room
    core: asking.Room


def is_taken_back(said: Sequence[m.Decision], then: m.Decision) -> bool:
    """Whether a choice brings back what was spoken last, by undo or as not meant."""
    brings_back = then.action in (m.Action.UNDO, m.Action.REPAIR) and not then.text_before
    return brings_back and bool(said) and then.text_after == said[-1].text_before


class Patience(msgspec.Struct, frozen=True):
    """How long a word may take, and after how long it is said again."""

    most_s: float = PATIENCE_S
    again_s: float = AGAIN_S


class About(msgspec.Struct, frozen=True):
    """When, with which kit and how it was made."""

    began: str = ""
    """UTC, ISO 8601."""
    version: str = ""
    patience: Patience = Patience()
    by_ear: bool = False
    """Whether an earphone of its own is set for whispers."""
    settings: tuple[str, ...] = ()
    """Those that are not the usual ones."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of a check."""

    language: str
    verdict: Verdict
    answers: tuple[Answered, ...]
    seal: str
    opened: str
    left_early: bool = False
    about: About = About()
    stopped: str = ""
    """Why the kit ended it before its last word, if it did: that leaves a verdict like any other end."""


def is_agreed(plan: Plan, about: About, read: Read, say: Say) -> bool:
    """Tell what the check needs, and ask whether it is so."""
    words, patience = LANGUAGES[plan.language], about.patience
    say(words.earphone if about.by_ear else words.no_earphone)
    for line in words.before:
        say(line.format(count=len(plan.questions), patience=patience.most_s, again=patience.again_s))
    say(words.ready)
    return read().strip().casefold() in words.agreed


def begin(plan: Plan, wearer: Wearer) -> None:
    """Show that a check begins. Raises Missing, with the reason, if the wearer is at something else."""
    wearer.show(m.WordCheck(number=0, count=len(plan.questions)))


def run(plan: Plan, wearer: Wearer, about: About, say: Say) -> Report:
    """Ask every question of a check that has begun; Ctrl-C and a kit that refuses leave: the rest is not right."""
    words, patience = LANGUAGES[plan.language], about.patience
    say(words.sealed.format(seal=plan.seal))
    answers: list[Answered] = []
    left, stopped = False, ""
    try:
        wearer.tell(words.begins.format(count=len(plan.questions)))
        for number, question in enumerate(plan.questions, start=1):
            said = _asked(number, question, plan, wearer, patience, say)
            say(words.heard if said else words.nothing_heard)
            answers.append(checking.judged(question, said))
            wearer.tell(words.thanks if said else words.time_is_over)
    except KeyboardInterrupt:
        left = True
        say(words.left)
    except Missing as error:
        stopped = str(error)
        say(words.stopped.format(why=stopped))
    with suppress(Missing):  # it may be what ended the check
        wearer.show(None)
        wearer.tell(words.ends)
    answers += [checking.judged(question, "") for question in plan.questions[len(answers) :]]
    return Report(
        language=plan.language,
        verdict=checking.verdict(answers),
        answers=tuple(answers),
        seal=plan.seal,
        opened=plan.opened,
        left_early=left,
        about=about,
        stopped=stopped,
    )


def lines(report: Report) -> Iterator[str]:
    """The report, in Markdown."""
    words, found = LANGUAGES[report.language], report.verdict
    count = len(report.answers)
    yield f"# {words.title.format(count=count)}"
    yield ""
    yield words.result.format(right=found.right, count=count)
    yield words.other.format(wrong=found.wrong, unclear=found.unclear, unanswered=found.unanswered)
    if report.left_early:
        yield words.left
    if report.stopped:
        yield words.stopped.format(why=report.stopped)
    yield words.chance.format(p=found.p)
    yield words.shows if found.p < RARE else words.shows_little
    yield from _listed(words.about_heading, tuple(_about(report.about, words)))
    yield from _listed(words.rests_on_heading, words.rests_on)
    yield from _listed(words.shows_not_heading, words.shows_not)
    yield from ("", f"## {words.questions_heading}", "")
    yield from _questions(report, words)
    yield ""
    yield words.opened.format(seal=report.seal, opened=report.opened)


def can_be_written(path: Path) -> None:
    """Whether there will be a place for the report, asked before the check begins. Raises PlaceError."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _no_place(path, error) from None


def write(path: Path, report: Report) -> None:
    """Keep the report for its owner alone, in place of what has its name. Raises PlaceError."""
    try:
        small_files.write(path, "\n".join(lines(report)) + "\n", 0o600)
    except OSError as error:
        raise _no_place(path, error) from None


def _no_place(path: Path, error: OSError) -> PlaceError:
    return PlaceError(
        f"the report cannot be written to {path} ({error.strerror}); name another file with --report"
    )


@contextmanager
def reached(
    runtime: Path, clock: Clock, language: str, wait: Callable[[float], None], *, to_ear: bool
) -> Iterator[Kit]:
    """The wearer at the kit that runs there. Raises Missing if none does, PlaceError if it may not be asked."""
    with (
        asking.reached("voice", "check-voice", runtime, clock) as voice,
        asking.reached(reading.JOURNAL, "check-record", runtime, clock) as journal,
        asking.reached("core", "check-screen", runtime, clock) as core,
    ):
        yield Kit(Rooms(voice, journal, core), language, clock, wait, to_ear=to_ear)


def _asked(number: int, question: Question, plan: Plan, wearer: Wearer, patience: Patience, say: Say) -> str:
    """Say a word to the wearer until they have spoken; empty if they have not in time."""
    words = LANGUAGES[plan.language]
    wearer.forget()
    say(words.waiting.format(number=number, count=len(plan.questions)))
    waited_ns, told_ns = 0, -seconds(patience.again_s)
    while waited_ns < seconds(patience.most_s):
        if waited_ns - told_ns >= seconds(patience.again_s):
            wearer.show(m.WordCheck(number=number, count=len(plan.questions)))
            wearer.tell(words.to_the_wearer.format(number=number, word=question.told))
            told_ns = waited_ns
        wearer.wait(POLL_S)
        waited_ns += seconds(POLL_S)
        if spoken := wearer.spoken():
            return spoken[0]
    return ""


def _about(about: About, words: CheckWords) -> Iterator[str]:
    """One line for each thing that somebody who repeats it would want to know."""
    yield words.made.format(began=about.began, version=about.version)
    yield words.timed.format(patience=about.patience.most_s, again=about.patience.again_s)
    yield words.by_earphone if about.by_ear else words.by_loudspeaker
    yield words.changed.format(settings="; ".join(about.settings)) if about.settings else words.unchanged


def _listed(heading: str, items: Sequence[str]) -> Iterator[str]:
    yield from ("", f"## {heading}", "")
    yield from (f"- {item}" for item in items)


def _questions(report: Report, words: CheckWords) -> Iterator[str]:
    for number, one in enumerate(report.answers, start=1):
        first, second = one.question.words
        yield words.question.format(
            number=number,
            told=one.question.told,
            other=second if one.question.told == first else first,
            said=one.said or "-",
            answer=words.answers[one.answer],
        )
