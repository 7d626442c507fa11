"""From the words on the command line to the functions that do it. Each loads what it needs, and no other's."""
# ruff: noqa: PLC0415  (that is what this module is for)

import argparse
import faulthandler
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from vybor.commands.surroundings import places_of, settings_file, settings_to_write
from vybor.foundation import flicker_marks, heartbeat, keys, log, places, settings, settings_reading
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import PlaceError, SettingsError
from vybor.foundation.start import Start
from vybor.processes import BY_NAME, PROCESSES

THEMES = (*(theme.value for theme in settings.Theme), "usual")
"""Colours that can be asked for; the usual ones are those of the settings."""


def run(parsed: argparse.Namespace) -> int:
    """`vybor run`."""
    row = BY_NAME[parsed.process]
    faulthandler.enable()  # a crash of a native library leaves its stack in the log
    log.start_logging(row.name, os.environ)
    where = places_of(parsed)
    places.prepare(where, writes_state=row.writes_state)
    read = _understood(parsed)
    for problem in read.problems:
        logging.getLogger(f"vybor.{row.name}").error("settings: %s", problem)
    start = Start(
        places=where,
        settings=read.settings,
        file=_file(parsed),
        wrong=read.problems,
        clock=SystemClock(),
        heart=heartbeat.heartbeat(os.environ),
        key=keys.of_process(row.name, os.environ) if row.credentials else keys.NONE,
    )
    row.load()(start)
    return 0


def _understood(parsed: argparse.Namespace) -> settings_reading.Understood:
    """What holds for a process: a mistake in the settings must not silence a person."""
    try:
        return settings_reading.understood(settings_file(parsed))
    except PlaceError as error:
        return settings_reading.Understood(settings.Settings(), (str(error),))


def _file(parsed: argparse.Namespace) -> Path | None:
    """Where the settings stand; a process runs without them too."""
    try:
        return settings_to_write(parsed)
    except PlaceError:
        return None


def up(parsed: argparse.Namespace) -> int:
    """`vybor up`."""
    from vybor import supervision

    settings_reading.load(settings_file(parsed))
    where = places_of(parsed)
    places.prepare(where)
    rows = tuple(row for row in PROCESSES if row.name not in parsed.without)
    return supervision.up(where, settings_file(parsed), rows)


def practice(parsed: argparse.Namespace) -> int:
    """`vybor practice`."""
    from vybor.commands import practice as asking

    print(asking.begin(places_of(parsed).runtime, SystemClock()))
    return 0


def partner(parsed: argparse.Namespace) -> int:
    """`vybor partner`."""
    from vybor.commands import partner as telling

    turn = " ".join(parsed.words).strip()
    if parsed.clear and turn:
        parsed.refuse("--clear takes no words")
    runtime, clock = places_of(parsed).runtime, SystemClock()
    if parsed.words or parsed.clear:  # words that are empty ("$ANSWER", of a script) clear too
        print(telling.said(turn, runtime, clock))
    else:
        for told in telling.conversation(sys.stdin, runtime, clock):
            print(told, flush=True)
    return 0


def display(parsed: argparse.Namespace) -> int:
    """`vybor display`."""
    from vybor.commands import display as telling

    runtime, clock = places_of(parsed).runtime, SystemClock()
    if parsed.theme:
        print(telling.wear(parsed.theme, runtime, clock))
        return 0
    from vybor.display import partner as facing

    read = settings_reading.load(settings_file(parsed))
    telling.enter(runtime)
    facing.run(read, runtime, clock, fullscreen=parsed.fullscreen, screen=parsed.screen)
    return 0


def browser(parsed: argparse.Namespace) -> int:
    """`vybor browser`."""
    from vybor.commands import browser as telling

    print(telling.FETCH if parsed.webgazer else telling.told(places_of(parsed).browser_link))
    return 0


def units(parsed: argparse.Namespace) -> int:
    """`vybor units`."""
    from vybor import units as rendered

    try:
        written = rendered.write(parsed.out)
    except OSError as error:
        raise PlaceError(
            f"the units cannot be written to {parsed.out} ({error.strerror}); name another folder with --out"
        ) from None
    print("\n".join(map(str, written)))
    return 0


# --- looking --------------------------------------------------------------------------------------------------


def status(parsed: argparse.Namespace) -> int:
    """`vybor status`."""
    from vybor.commands import status as asking
    from vybor.doctor.machine import Machine

    found = asking.gather(places_of(parsed), Machine())
    if parsed.json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        print("\n".join(asking.shown(found)))
    return found.exit_code


def doctor(parsed: argparse.Namespace) -> int:
    """`vybor doctor`, and its walk with a person."""
    from vybor.doctor import examining
    from vybor.doctor.machine import Machine

    if not parsed.acceptance:
        for option in ("report", "again"):
            if getattr(parsed, option):
                parsed.refuse(f"--{option} belongs to --acceptance")
        return examining.examine(places_of(parsed), settings_file(parsed), Machine())
    from vybor.commands.walk import acceptance
    from vybor.commands.walk.measuring import Bench
    from vybor.commands.walk.steps import STEPS

    names = [step.name for step in STEPS]
    if parsed.again and parsed.again not in names:
        parsed.refuse(f"there is no check {parsed.again}; there are {', '.join(names)}")

    bench = Bench(
        places=places_of(parsed), settings=settings_reading.load(settings_file(parsed)), machine=Machine()
    )
    report: Path = parsed.report or Path("vybor-acceptance.md")
    return acceptance.walk(bench, report.absolute(), sys.stdin.readline, print, again=parsed.again or "")


def bundle(parsed: argparse.Namespace) -> int:
    """`vybor bundle`."""
    from vybor.commands import bundle as gathering
    from vybor.doctor.machine import Machine

    is_printed = parsed.out == Path("-")
    if parsed.out and not is_printed:
        gathering.can_be_written(parsed.out)
    around = gathering.Surroundings(places=places_of(parsed), file=settings_file(parsed), machine=Machine())
    members = list(gathering.made(around))
    if is_printed:
        gathering.pack(sys.stdout.buffer, members)
        return 0
    if parsed.out:
        gathering.write(parsed.out, members)
    print("\n".join(gathering.listed(members)))
    print(f"written to {parsed.out}" if parsed.out else "nothing was written; --out FILE writes it")
    return 0


# --- topic documents ------------------------------------------------------------------------------------------


def topic_add(parsed: argparse.Namespace) -> int:
    """`vybor topic add`; ends with the code of the first file that was refused."""
    from vybor.commands import topic

    refused = topic.Refused()
    runtime = places_of(parsed).runtime
    for line in topic.add(parsed.files, runtime, SystemClock(), topic.on_stderr, refused):
        print(line, flush=True)
    return refused.exit_code


def topic_list(parsed: argparse.Namespace) -> int:
    """`vybor topic list`, and `vybor topic` alone."""
    from vybor.commands import topic

    print("\n".join(topic.listed(places_of(parsed).runtime, SystemClock())))
    return 0


def topic_remove(parsed: argparse.Namespace) -> int:
    """`vybor topic remove`; ends with 69 if one was not there."""
    from vybor.commands import topic

    refused = topic.Refused()
    for line in topic.remove(parsed.names, places_of(parsed).runtime, SystemClock(), refused):
        print(line, flush=True)
    return refused.exit_code


def topic_search(parsed: argparse.Namespace) -> int:
    """`vybor topic search`."""
    from vybor.commands import topic

    print("\n".join(topic.searched(" ".join(parsed.words), places_of(parsed).runtime, SystemClock())))
    return 0


# --- phrases --------------------------------------------------------------------------------------------------


def phrases_list(parsed: argparse.Namespace) -> int:
    """`vybor phrases list`, and `vybor phrases` alone."""
    from vybor.commands import phrases

    print("\n".join(phrases.listed(places_of(parsed).runtime, SystemClock())))
    return 0


def phrases_add(parsed: argparse.Namespace) -> int:
    """`vybor phrases add`."""
    from vybor.commands import phrases

    print(phrases.add(" ".join(parsed.words), places_of(parsed).runtime, SystemClock()))
    return 0


def phrases_remove(parsed: argparse.Namespace) -> int:
    """`vybor phrases remove`."""
    from vybor.commands import phrases

    print(phrases.remove(" ".join(parsed.words), places_of(parsed).runtime, SystemClock()))
    return 0


def interest(parsed: argparse.Namespace) -> int:
    """`vybor interest`."""
    from vybor.commands import interest as asking

    print("\n".join(asking.told(places_of(parsed).runtime, SystemClock())))
    return 0


# --- settings -------------------------------------------------------------------------------------------------


def config_show(parsed: argparse.Namespace) -> int:
    """`vybor config show`, and `vybor config` alone."""
    from vybor.commands.settings import configuring

    if parsed.default:
        print("\n".join(configuring.default_lines()))
    else:
        from vybor.doctor import fitting

        file = settings_file(parsed)
        print("\n".join(configuring.in_force(file, changed_only=parsed.changed)))
        fitted = fitting.told(places_of(parsed), settings_reading.load(file))
        print("".join(f"\n# {line}" for line in fitted), end="")
    return 0


def config_set(parsed: argparse.Namespace) -> int:
    """`vybor config set`."""
    from vybor.commands.settings import configuring

    holds = configuring.put(settings_to_write(parsed), parsed.key, parsed.value)
    return _changed(parsed, holds)


def config_unset(parsed: argparse.Namespace) -> int:
    """`vybor config unset`."""
    from vybor.commands.settings import configuring

    holds = configuring.take_out(settings_to_write(parsed), parsed.key)
    return _changed(parsed, holds)


def config_take(parsed: argparse.Namespace) -> int:
    """`vybor config take`."""
    from vybor.commands.settings import carer_asks

    carer_asks.take(settings_to_write(parsed), sys.stdin.buffer, sys.stdout.buffer)
    return 0


def config_undo(parsed: argparse.Namespace) -> int:
    """`vybor config undo`."""
    from vybor.commands.settings import configuring

    file = settings_to_write(parsed)
    try:
        before = settings_reading.load(file) if configuring.read(file) is not None else settings.Settings()
    except SettingsError:  # what is damaged may differ in everything
        before = None
    configuring.undo(file)
    after = settings_reading.load(file)
    processes = configuring.changed(before, after) if before else [process.name for process in PROCESSES]
    print(f"{file} is as it was before the last change")
    flicker_marks.leave(places_of(parsed), configuring.changed_keys(before, after))
    if processes:
        _tell_restart(parsed, processes)
    return 0


def config_keys(_parsed: argparse.Namespace) -> int:
    """`vybor config keys`."""
    from vybor.commands.settings import keys

    for key in keys.every_key().values():
        print(f"{key.name:30} {keys.described(key)}")
    return 0


def _changed(parsed: argparse.Namespace, holds: str) -> int:
    from vybor.commands.settings import keys

    print(holds)
    flicker_marks.leave(places_of(parsed), (parsed.key,))
    _tell_restart(parsed, keys.key_named(parsed.key).readers)
    return 0


def _tell_restart(parsed: argparse.Namespace, processes: Sequence[str]) -> None:
    """Which parts of the kit must start again, and how."""
    from vybor.commands.settings import configuring
    from vybor.doctor import supervised
    from vybor.doctor.machine import Machine

    by_systemd = [unit.process for unit in supervised.ask(Machine()) if unit.active != "inactive"]
    print(configuring.to_restart(processes, places_of(parsed).runtime, by_systemd))


def completion(parsed: argparse.Namespace) -> int:
    """`vybor completion`."""
    from vybor.commands import completion as scripts

    print(scripts.script(parsed.grammar(), parsed.shell))
    return 0
