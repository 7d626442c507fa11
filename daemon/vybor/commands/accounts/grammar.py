"""`vybor why`, `vybor authorship` and `vybor worth`: their grammar, and what each does with the record."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vybor.commands.surroundings import Make, places_of, settings_file
from vybor.contracts.messages import Decision
from vybor.foundation import settings_reading
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing
from vybor.foundation.progress import on_stderr

if TYPE_CHECKING:
    from vybor.commands.accounts.check import About, Patience, Report
    from vybor.foundation.settings import Settings

LANGUAGES = ("en", "ru")
PLACES = ("runtime", "state")
MORE = """\
SENTENCE is a number of `vybor authorship list`, `last`, or `draft` for what is being written. `check` says words
to the wearer alone and waits for what they speak; it needs a kit that runs, earphones, and some minutes a word."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line these commands."""
    why = make(
        commands,
        "why",
        _why,
        "explain a choice of the record: what stood where, what was looked at, what eyes and signal said",
        uses=PLACES,
        example="why last --language ru",
    )
    why.add_argument(
        "decision",
        nargs="?",
        default="last",
        metavar="DECISION",
        help="its place in the record from 1, or SESSION:NUMBER; without one, the last",
    )
    _language(why)
    _json(why)
    _authorship(commands, make)
    worth = make(
        commands,
        "worth",
        _worth,
        "say what each part of the kit saved, from the person's own last days",
        uses=("config", *PLACES, "share"),
        example="worth --days 7 --with-model",
    )
    worth.add_argument("--days", type=_count, default=7, metavar="N", help="so many of the last days (7)")
    worth.add_argument(
        "--with-model", action="store_true", help="replay with the language model too; minutes instead of seconds"
    )
    _json(worth)


def _authorship(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    authorship = make(
        commands,
        "authorship",
        _told,
        "say whose words a sentence is made of, choice by choice; list sentences; check that a message passes",
        uses=("config", *PLACES),
        example="authorship last --html sentence.html",
        more=MORE,
    )
    authorship.add_argument(
        "sentence",
        nargs="?",
        default="last",
        metavar="SENTENCE",
        help="which one: a number, last, draft; or list, or check",
    )
    authorship.add_argument("--html", type=Path, metavar="FILE", help="write it as one page for a browser")
    _language(authorship)
    _json(authorship)
    check = authorship.add_argument_group("of check")
    check.add_argument("--words", type=_count, metavar="N", help="how many words are asked, 5 to 40 (10)")
    check.add_argument("--patience", type=_count, metavar="S", help="seconds that a word may take, from 60 (300)")
    check.add_argument("--report", type=Path, metavar="FILE", help="write the report here (Markdown)")
    authorship.set_defaults(refuse=authorship.error)


def _why(parsed: argparse.Namespace) -> int:
    from vybor.commands.accounts import why
    from vybor.commands.records import reading

    found = why.explained(reading.decisions(places_of(parsed), SystemClock(), "why"), parsed.decision)
    if parsed.json:
        _print_json(found)
    else:
        print("\n".join(why.lines(found, parsed.language or found.language)))
    return 0


def _told(parsed: argparse.Namespace) -> int:
    if parsed.sentence == "check":
        return _check(parsed)
    for option in ("words", "patience", "report"):
        if getattr(parsed, option) is not None:
            parsed.refuse(f"--{option} belongs to check")
    from vybor.commands.accounts import authorship
    from vybor.commands.accounts import page as authorship_page
    from vybor.commands.records import reading

    decisions = reading.decisions(places_of(parsed), SystemClock(), "authorship")
    if parsed.sentence == authorship.LIST:
        if parsed.html:
            parsed.refuse("--html is for one sentence")
        return _list(parsed, decisions)
    found = authorship.found(decisions, parsed.sentence)
    language = parsed.language or found.language
    if parsed.html:
        authorship_page.write(parsed.html, found, language)
        print(f"written to {parsed.html}")
    elif parsed.json:
        _print_json(authorship.account(found))
    else:
        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print("\n".join(authorship.lines(found, language, coloured=coloured)))
    return 0


def _list(parsed: argparse.Namespace, decisions: list[Decision]) -> int:
    from vybor.commands.accounts import authorship

    told = authorship.spoken(decisions)
    if parsed.json:
        _print_json([authorship.account(one) for one in told])
    else:
        language = parsed.language or settings_reading.load(settings_file(parsed)).language
        print("\n".join(authorship.listed(told, language)))
    return 0


def _check(parsed: argparse.Namespace) -> int:
    import secrets
    import time

    from vybor.accounting import checking
    from vybor.commands.accounts import check
    from vybor.commands.accounts.check_words import LANGUAGES as SAYS

    count = checking.USUAL if parsed.words is None else parsed.words
    if not checking.LEAST <= count <= checking.MOST:
        parsed.refuse(f"--words is {checking.LEAST} to {checking.MOST}")
    if parsed.html:
        parsed.refuse("--html is for one sentence; --report keeps what the check found")
    if parsed.patience is not None and parsed.patience < check.LEAST_PATIENCE_S:
        parsed.refuse(
            f"--patience is {check.LEAST_PATIENCE_S} or more: a word is said again after {check.AGAIN_S:.0f}"
        )
    if parsed.report:
        check.can_be_written(parsed.report)
    held = settings_reading.load(settings_file(parsed))
    language = parsed.language or held.language
    about = about_kit(parsed, check.Patience(float(parsed.patience or check.PATIENCE_S)), held)
    plan = checking.plan(language, count, secrets.randbelow, secrets.token_hex(16))
    runtime, clock = places_of(parsed).runtime, SystemClock()
    with check.reached(runtime, clock, language, time.sleep, to_ear=about.by_ear) as wearer:
        if not check.is_agreed(plan, about, sys.stdin.readline, on_stderr):
            on_stderr(SAYS[language].not_agreed)
            return check.NOT_BEGUN
        check.begin(plan, wearer)
        report = check.run(plan, wearer, about, on_stderr)
    give_report(report, parsed.report, as_json=parsed.json)
    if report.stopped:
        return check.STOPPED
    return check.LEFT if report.left_early else check.DONE


def give_report(report: "Report", path: Path | None, *, as_json: bool) -> None:
    """Print what a check found, and keep it if there is a path: where one of the two fails, the other has it.

    Raises PlaceError, or the OSError of standard output.
    """
    from vybor.commands.accounts import check

    try:
        if as_json:
            _print_json(report)
        else:
            print("\n".join(check.lines(report)))
        sys.stdout.flush()
    finally:
        if path:
            check.write(path, report)


def about_kit(parsed: argparse.Namespace, patience: "Patience", held: "Settings") -> "About":
    """What the report says of the kit; how the person writes, and their health, are nobody else's matter."""
    from vybor.commands.accounts import check
    from vybor.commands.settings import carer_may, configuring
    from vybor.foundation.clock import wall_time
    from vybor.foundation.version import version

    return check.About(
        began=wall_time(),
        version=version(),
        patience=patience,
        by_ear=bool(held.voice.whisper_player),
        settings=configuring.changed_briefly(held, without=carer_may.NOT_SHOWN),
    )


def _worth(parsed: argparse.Namespace) -> int:
    from vybor.commands.accounts import worth
    from vybor.commands.records import reading

    where, held = places_of(parsed), settings_reading.load(settings_file(parsed))
    decisions = reading.decisions(where, SystemClock(), "worth")
    models = worth.models_in(where, held) if parsed.with_model else None
    words = worth.word_list(where.words(held.language))
    try:
        found = worth.found(decisions, words, held, models, parsed.days, on_stderr)
    except Missing as nothing:
        raise Missing(f"{nothing} (this is the record in {where.state}; --state names another)") from None
    finally:
        if not isinstance(words, str):
            words.close()
    if parsed.json:
        _print_json(found)
    else:
        print("\n".join(worth.lines(found)))
    return 0


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=LANGUAGES, help="in which language; otherwise the record's own")


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="as JSON, for programs")


def _print_json(told: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(told)).decode())


def _count(typed: str) -> int:
    """A whole number from 1."""
    if not typed.isdecimal() or int(typed) < 1:
        raise argparse.ArgumentTypeError(f"{typed} is no number from 1 on")
    return int(typed)
