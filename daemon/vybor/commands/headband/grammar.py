"""`vybor headband …`: its grammar. A headband belongs to one program: the kit's own part must be stopped first."""
# ruff: noqa: PLC0415  (each command loads what it needs, and no other's)

import argparse
import os
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vybor.commands.fits import fitting
from vybor.commands.surroundings import Make, places_of, settings_file
from vybor.foundation import names, settings_reading
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import AddressInUse
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.foundation.progress import on_stderr

if TYPE_CHECKING:
    from vybor.commands.headband.quality import Reading

NOTHING_FOUND = 1
ALONE = """\
While the kit runs, its own part has the headband, and this says how to stop that; start it again after."""
KEPT = """\
FILE ends in .xdf (with the time of every sample) or in .csv (as BrainFlow writes it). It is not encrypted, and the
kit does not look at it again. Nothing is recorded without this command. Ctrl-C ends it, and the file is whole."""
FLICKERS = """\
Off until the wearer's answer on seizures is no (flicker.seizures), a clinician has confirmed it, flicker.on is
true, and a trial (`vybor fit --only flicker`) shows that the headband sees what is looked at."""
LOOKED = """\
While the kit runs, its own part tells; else the headband of the settings is looked at by itself. Ctrl-C ends it.
With --once it ends with 0 if every electrode sits well, and with 1 if not."""
REPORTED = """\
FILE is whatever `replay` plays. In DIR, for its owner's eyes alone: report.html, which needs nothing beside it,
and its pictures as PNG. What is drawn is what the kit's own detectors see. The pictures need matplotlib."""
GIVEN = """\
By Lab Streaming Layer, while this runs: EEG as the headband feels it (lost samples are no numbers), looks, events
(gestures, presses, choices by their places) and screens (which page, how many tiles, which is lit). No words; of a
private text nothing but the EEG. Whoever knows the letters' places can still tell from looks and choices what is
spelled. The wearer's screen says that it goes on. It is found on this machine alone; --network: wherever liblsl's
own settings say. liblsl encrypts nothing and asks nobody for a password."""
PLAYED = """\
FILE is XDF, a CSV of BrainFlow, a text file of OpenBCI or a CSV of a Muse. Nothing is chosen by what is seen."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    """Teach the command line these commands."""
    whole = make(
        commands,
        "headband",
        _scan,
        "find headbands, fit one to its wearer, record one, or look at a recording with the kit's own eyes",
        uses=("config", "runtime"),
        example="headband scan",
    )
    whole.set_defaults(port=[], impedance=False)
    parts = whole.add_subparsers(metavar="WHAT", help="what to do; without it, scan")
    scan = make(
        parts,
        "scan",
        _scan,
        "say which headbands are there, and how to set them; ends with 1 if there is none",
        uses=("config", "runtime"),
        example="headband scan --impedance",
        more=ALONE,
    )
    scan.add_argument(
        "--port", action="append", default=[], metavar="PORT", help="ask this serial port too; may be given again"
    )
    scan.add_argument(
        "--impedance", action="store_true", help="measure each electrode of a Cyton, a second and a half each"
    )
    fitting.add_to_headband(parts, make)
    record = make(
        parts,
        "record",
        _record,
        "record the headband of the settings",
        uses=("config", "runtime"),
        example="headband record --out kept.xdf --seconds 60",
        more=f"{KEPT}\n{ALONE}",
    )
    record.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="where to; it must not be there yet"
    )
    record.add_argument("--seconds", type=_positive, metavar="S", help="for how long (default: until Ctrl-C)")
    replay = make(
        parts,
        "replay",
        _replay,
        "say what the kit would see in a recording, line by line",
        uses=("config",),
        example="headband replay kept.xdf",
        more=PLAYED,
    )
    replay.add_argument("file", type=Path, metavar="FILE", help="the recording")
    replay.add_argument("--json", action="store_true", help="a JSON line each, for programs")
    _add_flicker(parts, make)
    _add_for_research(parts, make)


def _add_flicker(parts: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    flicker = make(
        parts,
        "flicker",
        _flicker,
        "say why no tile flickers, or that they may; confirm it as a clinician, or forget that; the kit must run",
        uses=("runtime",),
        example="headband flicker status",
        more=FLICKERS,
    )
    flicker.add_argument(
        "wish",
        nargs="?",
        default="status",
        choices=("status", "confirm", "forget"),
        metavar="WHAT",
        help="status (the default), confirm: a clinician allows it, or forget: that, and what the trial found",
    )


def _add_for_research(parts: "argparse._SubParsersAction[argparse.ArgumentParser]", make: Make) -> None:
    quality = make(
        parts,
        "quality",
        _quality,
        "say twice a second how each electrode sits, and what helps",
        uses=("config", "runtime"),
        example="headband quality --once",
        more=LOOKED,
    )
    quality.add_argument("--json", action="store_true", help="a JSON line each time, for programs")
    quality.add_argument("--once", action="store_true", help="the first time that it can be believed, and no more")
    report = make(
        parts,
        "report",
        _report,
        "draw what the kit sees in recordings: spectra, electrodes, what is noticed, gaps and clock",
        uses=("config",),
        example="headband report kept.xdf --out report",
        more=REPORTED,
    )
    report.add_argument("files", type=Path, nargs="+", metavar="FILE", help="recordings")
    report.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where to; a new or an empty folder"
    )
    report.add_argument("--language", choices=("en", "ru"), help="in which language (default: the kit's)")
    stream = make(
        parts,
        "stream",
        _stream,
        "give the signals of a running kit to other programs, by Lab Streaming Layer; no words",
        uses=("runtime",),
        example="headband stream --only eeg --only gaze",
        more=GIVEN,
    )
    stream.add_argument(
        "--only",
        action="append",
        default=[],
        choices=("eeg", "gaze", "events", "screens"),
        help="nothing else than this; may be given again",
    )
    stream.add_argument("--network", action="store_true", help="let other machines find it too")


@contextmanager
def alone(runtime: Path) -> Iterator[None]:
    """Keep the kit's own headband process from running meanwhile. Raises AddressInUse if it does."""
    if not runtime.is_dir():
        yield
        return
    try:
        name = names.take("headband", runtime)
    except AddressInUse:
        raise AddressInUse(f"the kit's own part has the headband; {_let_go(runtime)}") from None
    try:
        yield
    finally:
        os.close(name)


def _let_go(runtime: Path) -> str:
    """How the kit that runs there is brought to let go of it, and to take it again."""
    from vybor import supervision, unit_files

    if supervision.is_up(runtime):
        return (
            f"stop it first ({supervision.asked(runtime, 'stop', 'headband')}), and start it again after "
            f"({supervision.asked(runtime, 'start', 'headband')})"
        )
    if str(runtime) == unit_files.RUNTIME:
        return "stop it first (sudo systemctl stop vybor-headband), and start it again after"
    return f"end the `vybor run headband` of {runtime} first, and start it again after"


def _scan(parsed: argparse.Namespace) -> int:
    from vybor.commands.headband import scan as scanning

    clock = SystemClock()
    try:
        with alone(places_of(parsed).runtime):
            told = scanning.told(scanning.Search(clock, tuple(parsed.port), is_measured=parsed.impedance))
            return _printed(told)
    except AddressInUse as error:
        if parsed.port or parsed.impedance:
            raise
        print(f"no port was asked: {error}")
        return _printed(scanning.told(scanning.Search(clock, is_asked=False)))


def _printed(told: "Iterator[tuple[bool, str]]") -> int:
    found = False
    for is_headband, line in told:
        found = found or is_headband
        print(line, flush=True)
    return 0 if found else NOTHING_FOUND


def _record(parsed: argparse.Namespace) -> int:
    from vybor.commands.headband import record as recording
    from vybor.commands.recording import ended_by_signals

    clock = SystemClock()
    settings = _settings(parsed)
    with alone(places_of(parsed).runtime), recording.begun(parsed.out, settings, clock) as record:
        print(record.begins, file=sys.stderr, flush=True)
        ended_by_signals(record.end)
        record.run(parsed.seconds, on_stderr, time.sleep)
    print(record.ended)
    return 0


def _replay(parsed: argparse.Namespace) -> int:
    from vybor.commands.headband import replay as replaying

    told = replaying.told(parsed.file, _settings(parsed))
    for line in replaying.as_json(told) if parsed.json else replaying.lines(told):
        print(line)
    return 0


def _quality(parsed: argparse.Namespace) -> int:
    from vybor.commands.display import enter
    from vybor.commands.headband import quality as looking
    from vybor.doctor import listening

    clock, runtime = SystemClock(), places_of(parsed).runtime
    enter(runtime)
    if listening.is_answered(runtime, "headband"):
        return _looked(looking.of_kit(runtime, clock), parsed)
    settings = _settings(parsed)
    with alone(runtime):
        return _looked(looking.of_headband(settings, clock, time.sleep), parsed)


def _looked(readings: "Generator[Reading]", parsed: argparse.Namespace) -> int:
    from vybor.commands.headband import quality as looking

    with closing(readings):
        if parsed.once:
            reading = looking.once(readings)
            print(looking.json_line(reading) if parsed.json else "\n".join(looking.lines(reading)))
            return 0 if reading.is_enough else NOTHING_FOUND
        for each in looking.shown(readings, as_json=parsed.json, in_place=sys.stdout.isatty()):
            print(each, flush=True)
    return 0


def _report(parsed: argparse.Namespace) -> int:
    from vybor.commands.headband.report import reporting

    settings = settings_reading.load(settings_file(parsed))
    language = parsed.language or settings.language
    for line in reporting.written(parsed.files, parsed.out, settings.headband, language):
        print(line, flush=True)
    return 0


def _stream(parsed: argparse.Namespace) -> int:
    from vybor.commands.headband import stream as giving
    from vybor.contracts.messages import Signal
    from vybor.headband.devices.lsl import outlets
    from vybor.streams import library

    clock, signals = SystemClock(), tuple(Signal(each) for each in parsed.only) or tuple(Signal)
    if not parsed.network:
        library.keep_here()
    sending = outlets.Outlets(clock)
    try:
        giving.run(
            places_of(parsed).runtime,
            clock,
            lambda headband: giving.Giver(headband, clock, signals),
            sending.send,
            on_stderr,
        )
    finally:
        sending.close()
    return 0


def _flicker(parsed: argparse.Namespace) -> int:
    from vybor.commands.headband import flicker as headband_flicker
    from vybor.contracts.messages import FlickerWish

    wish = {"confirm": FlickerWish.CONFIRM, "forget": FlickerWish.FORGET}.get(parsed.wish, FlickerWish.TELL)
    for line in headband_flicker.lines(wish, places_of(parsed).runtime, SystemClock(), _typed):
        print(line, flush=True)
    return 0


def _typed(question: str) -> str:
    """What somebody types; nobody there types nothing."""
    try:
        return input(question)
    except EOFError:
        return ""


def _settings(parsed: argparse.Namespace) -> HeadbandSettings:
    return settings_reading.load(settings_file(parsed)).headband


def _positive(typed: str) -> float:
    try:
        number = float(typed)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{typed} is no number of seconds; name one above 0")
    return number
