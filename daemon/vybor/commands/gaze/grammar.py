"""`vybor gaze …`: its grammar. The dots are a running kit's; what is recorded is what that kit says."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
from pathlib import Path

from vybor.commands.surroundings import Make, places_of, settings_file
from vybor.foundation import settings_reading
from vybor.foundation.clock import SystemClock
from vybor.foundation.progress import on_stderr

WORTH_DOING = 1
SCORE = """\
The score is of looks at places that were no dots. It is in degrees where display.width_cm and display.height_cm
say how large the screen is; how far the face is away the camera reckons itself."""
CHECK = f"""\
Three dots, seven seconds: by how much looks fall beside as a whole is mended, and nothing else. It ends with 0, or
with {WORTH_DOING} if the nine dots are worth doing.
{SCORE}"""

MOST_MINUTES = 600.0
RECORDED = """\
JSON lines, for their owner's eyes alone: looks with how exact they are, tiles by place and role, what is lit,
signs and choices. Never a picture of the camera, of a private text nothing, and no words without --words; but
whoever knows the letters' places can tell from it what was spelled. The wearer's screen says that it goes on.
It is not encrypted, ends by itself at 100 MB, and what was cut off can be read up to there."""
REPLAYED = """\
FILE is what `record` made. Looks are read as the kit reads them, with [commit] as it is set now. Without words
in the recording the language model's prior and the time for reading are left out. Nothing is chosen by it."""
REPORTED = """\
In DIR, for its owner's eyes alone: report.html, which needs nothing beside it, and its pictures as PNG. Of kept
looks their places are drawn, and nothing else. A protected kit's looks need its key (sudo, unlocked).
The pictures need matplotlib, the display's picture pygame; a kit has both."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line these commands."""
    whole = make(
        commands,
        "gaze",
        _calibrate,
        "have the wearer look at dots and say what looks are worth; record looks, replay and draw them",
        example="gaze check",
    )
    parts = whole.add_subparsers(metavar="WHAT", required=True, help="what to do")
    make(
        parts,
        "calibrate",
        _calibrate,
        "show the nine dots, or the one that moves, in a kit that runs, and say what looks are worth after them",
        uses=("runtime",),
        example="gaze calibrate",
        more=SCORE,
    )
    make(
        parts,
        "check",
        _check,
        "show three dots, in a kit that runs: what looks are worth today, and whether the nine are worth doing",
        uses=("runtime",),
        example="gaze check",
        more=CHECK,
    )
    _add_recordings(parts, make)


def _add_recordings(parts: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    record = make(
        parts,
        "record",
        _record,
        "record where the eyes rest, what the screen shows and what is chosen, in a kit that runs",
        uses=("config", "runtime"),
        example="gaze record --to session.jsonl --minutes 10",
        more=RECORDED,
    )
    record.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="where to; it must not be there yet"
    )
    record.add_argument(
        "--minutes",
        type=_minutes,
        default=10.0,
        metavar="N",
        help="for how long at most (10); Ctrl-C ends it before",
    )
    record.add_argument(
        "--words", action="store_true", help="record what stands on the tiles, and what is written, too"
    )
    replay = make(
        parts,
        "replay",
        _replay,
        "say what the kit would see in a recording: fixations, tiles, elsewhere, closed eyes, and its sum",
        uses=("config",),
        example="gaze replay session.jsonl",
        more=REPLAYED,
    )
    replay.add_argument("file", type=Path, metavar="FILE", help="the recording")
    replay.add_argument("--json", action="store_true", help="a JSON line each, for programs")
    report = make(
        parts,
        "report",
        _report,
        "draw what looks are worth: error over the screen, drift, coverage, noise; and a recording's heat map",
        uses=("config", "state"),
        example="gaze report session.jsonl --to report",
        more=REPORTED,
    )
    report.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a recording, for its heat map")
    report.add_argument("--to", type=Path, required=True, metavar="DIR", help="where to; a new or an empty folder")
    report.add_argument("--language", choices=("en", "ru"), help="in which language (default: the kit's)")


def _calibrate(parsed: argparse.Namespace) -> int:
    from vybor.commands.gaze import dots as gaze_dots
    from vybor.commands.gaze import score as gaze_score

    told = gaze_dots.asked(places_of(parsed).runtime, SystemClock(), on_stderr)
    print("\n".join(gaze_score.calibrated(told)))
    return 0


def _check(parsed: argparse.Namespace) -> int:
    from vybor.commands.gaze import dots as gaze_dots
    from vybor.commands.gaze import score as gaze_score

    told = gaze_dots.asked(places_of(parsed).runtime, SystemClock(), on_stderr, check=True)
    print("\n".join(gaze_score.checked(told)))
    return WORTH_DOING if gaze_score.nine_are_worth_it(told) else 0


def _record(parsed: argparse.Namespace) -> int:
    from vybor.commands.gaze import record as recording
    from vybor.commands.recording import ended_by_signals

    def begun(record: recording.Recording) -> None:
        on_stderr(record.begins)
        ended_by_signals(record.end)

    display = settings_reading.load(settings_file(parsed)).display
    wish = recording.Wish(path=parsed.to, minutes=parsed.minutes, words=parsed.words)
    print(recording.recorded(wish, places_of(parsed).runtime, display, SystemClock(), begun).ended)
    return 0


def _replay(parsed: argparse.Namespace) -> int:
    from vybor.commands.gaze import replay as replaying
    from vybor.commands.gaze import rows

    told = replaying.told(rows.read(parsed.file), settings_reading.load(settings_file(parsed)).commit)
    for line in replaying.as_json(told) if parsed.json else replaying.lines(told):
        print(line)
    return 0


def _report(parsed: argparse.Namespace) -> int:
    from vybor.commands.gaze.report import reporting

    settings = settings_reading.load(settings_file(parsed))
    language = parsed.language or settings.language
    for line in reporting.written(parsed.file, places_of(parsed), parsed.to, settings, language):
        print(line, flush=True)
    return 0


def _minutes(typed: str) -> float:
    try:
        number = float(typed)
    except ValueError:
        number = 0.0
    if not 0 < number <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(
            f"{typed} is no number of minutes; name one above 0, {MOST_MINUTES:g} at most"
        )
    return number
