"""`vybor doctor --acceptance`: walks a person with real hardware through the checks that could not be run without.

Answers are kept after each one, so the walk can be left (Ctrl-C, a pulled cord) and taken up again. Once all are
answered, starting it again asks for those that failed or were skipped.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from vybor.commands.walk.measuring import Bench, Measured
from vybor.commands.walk.steps import STEPS, Step
from vybor.doctor import board
from vybor.foundation import small_files
from vybor.foundation.clock import wall_time
from vybor.foundation.decoding import NOT_UNDERSTOOD
from vybor.foundation.errors import PlaceError
from vybor.foundation.version import version

Read = Callable[[], str]
"""The next line that the person typed; empty at the end of the input."""
Say = Callable[[str], object]
PASSED, NOT_PASSED, LEFT = 0, 1, 130
MODE = 0o644
"""Of answers and report, which hold no words of the wearer."""


class Outcome(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A check that was made."""

    outcome: Outcome
    words: str = ""
    """The person's own."""
    measured: str = ""
    at: str = ""


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """The answers so far, and the machine that they are about."""

    machine: dict[str, str]
    answers: dict[str, Answer] = {}


class Ended(Exception):
    """The input has ended, or the person asked to stop."""


def walk(bench: Bench, report: Path, read: Read, say: Say, steps: Sequence[Step] = STEPS, again: str = "") -> int:
    """Ask what is not answered yet, or one check `again`, and write the report after each answer.

    Returns 0 if every check has passed, 1 if not, 130 if Ctrl-C ended it. Raises PlaceError if it cannot be kept.
    """
    kept = _begin(bench, report)
    keep(kept, report, steps)  # a report that cannot be written is told before anybody has done anything
    waiting = _waiting(kept, steps, again)
    answered = sum(step.name in kept.answers for step in steps)
    say(f"{answered} of {len(steps)} checks are answered; the report is {report}")
    say("y: as it should be.  n: it is not.  s: skip.  q: leave.  Your own words may follow, on the same line.")
    code = None
    try:
        for number, step in waiting:
            say(f"\n[{number}/{len(steps)}] {step.title}\n  Do:  {step.do}")
            kept = _with(kept, step, _answer(step, bench, read, say))
            keep(kept, report, steps)
    except Ended:
        pass
    except KeyboardInterrupt:
        code = LEFT
    keep(kept, report, steps)
    say(f"\n{summary(kept, steps)}; the report is {report}")
    all_passed = all(step.name in kept.answers and _passed(kept, step) for step in steps)
    return code if code is not None else PASSED if all_passed else NOT_PASSED


def _waiting(kept: Walk, steps: Sequence[Step], again: str) -> list[tuple[int, Step]]:
    """The checks to ask for: the named one, else those without an answer, else those that have not passed."""
    numbered = list(enumerate(steps, start=1))
    if again:
        return [(number, step) for number, step in numbered if step.name == again]
    unanswered = [(number, step) for number, step in numbered if step.name not in kept.answers]
    return unanswered or [(number, step) for number, step in numbered if not _passed(kept, step)]


def _passed(kept: Walk, step: Step) -> bool:
    return kept.answers[step.name].outcome is Outcome.PASSED


def _with(kept: Walk, step: Step, answer: Answer) -> Walk:
    return msgspec.structs.replace(kept, answers={**kept.answers, step.name: answer})


# --- one check ------------------------------------------------------------------------------------------------


def _answer(step: Step, bench: Bench, read: Read, say: Say) -> Answer:
    measured: Measured | None = None
    if step.measure is not None:
        say("  Enter begins (s: skip, q: leave)")
        letter, words = _typed(read)
        if letter == "s":
            return Answer(outcome=Outcome.SKIPPED, words=words, at=wall_time())
        measured = step.measure(bench)
        say(f"  Measured: {measured.words}{_verdict(measured)}")
    say(f"  See: {step.see} [y/n/s/q]")
    while (typed := _typed(read))[0] not in {"y", "n", "s"}:
        say("  please begin with y, n, s or q")
    return judged(typed[0], typed[1], measured)


def judged(letter: str, words: str, measured: Measured | None) -> Answer:
    """What the person saw and what was measured, together: a figure that is too low is not talked away."""
    bad = measured is not None and measured.good is False
    outcome = Outcome.SKIPPED if letter == "s" else Outcome.FAILED if bad or letter == "n" else Outcome.PASSED
    return Answer(outcome=outcome, words=words, measured=measured.words if measured else "", at=wall_time())


def _typed(read: Read) -> tuple[str, str]:
    """The letter a line begins with, and the words behind it. Raises Ended for q and at the input's end."""
    line = read()
    letter, _, words = line.strip().partition(" ")
    if not line or letter.lower() in {"q", "quit"}:
        raise Ended
    short = {"yes": "y", "no": "n", "skip": "s"}.get(letter.lower(), letter.lower())
    return short, words.strip()


def _verdict(measured: Measured) -> str:
    return {True: " - good", False: " - not good enough", None: ""}[measured.good]


# --- what is kept ---------------------------------------------------------------------------------------------


def answers_file(report: Path) -> Path:
    """Where the answers lie: beside the report."""
    return report.with_name(f"{report.name}.json")


def _begin(bench: Bench, report: Path) -> Walk:
    """The walk that was left here, or a new one. Raises PlaceError for answers that cannot be read."""
    machine = {"vybor": version(), **board.facts(bench.machine)}
    path = answers_file(report)
    try:
        left = msgspec.json.decode(path.read_bytes(), type=Walk)
    except FileNotFoundError:
        return Walk(machine=machine)
    except (OSError, *NOT_UNDERSTOOD) as error:
        raise PlaceError(
            f"the answers in {path} cannot be read ({error}); move the file away, or name another --report"
        ) from None
    return msgspec.structs.replace(left, machine=machine)


def keep(kept: Walk, report: Path, steps: Sequence[Step]) -> None:
    """Put answers and report on the disk, so that a pulled cord takes neither. Raises PlaceError."""
    try:
        answers = msgspec.json.format(msgspec.json.encode(kept))
        small_files.write_bytes(answers_file(report), answers, MODE, is_synced=True)
        small_files.write_bytes(report, "\n".join(report_lines(kept, steps)).encode(), MODE, is_synced=True)
    except OSError as error:
        raise PlaceError(
            f"{report} cannot be written ({error.strerror}); name another file with --report"
        ) from None


def summary(kept: Walk, steps: Sequence[Step]) -> str:
    """How many checks came out how."""
    made = [kept.answers[step.name].outcome for step in steps if step.name in kept.answers]
    counts = ", ".join(f"{made.count(outcome)} {outcome}" for outcome in Outcome)
    return f"{counts}, {len(steps) - len(made)} not asked yet"


def report_lines(kept: Walk, steps: Sequence[Step]) -> Iterator[str]:
    """The report as Markdown."""
    yield from ("# Acceptance of a Vybor kit", "", f"{summary(kept, steps)}.", "")
    yield from (f"- {name}: {words}" for name, words in kept.machine.items())
    yield from _answers(kept, steps)
    yield from ("", "## What was asked", "")
    yield from (_asked(step) for step in steps)
    yield ""


def _asked(step: Step) -> str:
    limit = f" Limit: {step.limit}." if step.limit else ""
    return f"- **{step.name}**. Do: {step.do} See: {step.see}{limit}"


def _answers(kept: Walk, steps: Sequence[Step]) -> Iterator[str]:
    subject = ""
    for step in steps:
        if step.subject != subject:
            subject = step.subject
            yield from ("", f"## {subject}", "", "| check | outcome | measured | in the person's words | when |")
            yield "| --- | --- | --- | --- | --- |"
        answer = kept.answers.get(step.name)
        cells = (
            (answer.outcome, answer.measured, answer.words, answer.at) if answer else ("not asked yet", "", "", "")
        )
        yield f"| {' | '.join(_cell(text) for text in (step.name, *cells))} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
