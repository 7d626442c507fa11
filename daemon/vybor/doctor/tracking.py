"""Whether looks can come from another program or device, as the settings want it."""

import os
import stat
from pathlib import Path

from vybor.doctor.findings import Finding, Findings, note, ok, trouble
from vybor.doctor.machine import Machine
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.settings import Settings

CLOSED = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")
"""What the units do not let their processes see: homes, and the temporary files of others."""


def eyetracker(settings: Settings, machine: Machine, *, by_systemd: bool = False) -> Findings:
    """Names what gives the looks, and whether it is there."""
    if settings.gaze.source is not GazeSource.EYETRACKER:
        return
    tracker = settings.eyetracker
    if tracker.kind is TrackerKind.LSL:
        named = f"the stream {tracker.where}" if tracker.where else "any stream of type Gaze"
        yield note(f"eye tracker: {named} of Lab Streaming Layer; `vybor status` says which one was taken")
        if not tracker.where:
            yield note(
                "eye tracker: whoever sends such a stream in this network chooses; name yours in eyetracker.where"
            )
        return
    if tracker.kind is TrackerKind.WEBGAZER:
        yield note("eye tracker: WebGazer.js in the page that is the display; `vybor browser` says the link to it")
        return
    yield _file(tracker, machine, by_systemd=by_systemd)
    if not tracker.live:
        yield note("eye tracker: a recording chooses in the wearer's place, again and again; it is for tests")


def _file(tracker: EyetrackerSettings, machine: Machine, *, by_systemd: bool) -> Finding:
    what = "OpenFace's CSV" if tracker.kind is TrackerKind.OPENFACE else "the file"
    how = "as it grows" if tracker.live else "played"
    if by_systemd and any(Path(tracker.where).is_relative_to(folder) for folder in CLOSED):
        return trouble(
            f"eye tracker: {tracker.where} lies where the kit's unit may not look (homes, temporary files); "
            "have it written elsewhere, such as below /srv, readable by the user vybor-eyetracker"
        )
    there = machine.at(tracker.where)
    problem = _problem(there)
    if problem:
        return trouble(f"eye tracker: {tracker.where} {problem}")
    return ok(f"eye tracker: {what} {tracker.where}, {how}")


def _problem(there: Path) -> str:
    try:
        is_file = stat.S_ISREG(there.stat().st_mode)
    except FileNotFoundError:
        return "is not there; start what writes it, or mend eyetracker.where"
    except OSError as error:
        return f"cannot be looked at ({error.strerror}); mend its rights, or use sudo"
    if not is_file:
        return "is no file; name one in eyetracker.where"
    return "" if os.access(there, os.R_OK) else "may not be read; mend its rights, or use sudo"
