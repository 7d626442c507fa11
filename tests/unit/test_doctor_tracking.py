"""What the doctor says of an eye tracker: which it is, and whether it is there."""

from pathlib import Path

import msgspec
import pytest

from vybor.doctor import rooms, tracking
from vybor.doctor.findings import Finding, Mark
from vybor.doctor.machine import Machine
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.settings import Settings
from world.machine import bare, put

TRACKED = GazeSettings(source=GazeSource.EYETRACKER)
CSV = "/srv/gaze/face.csv"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare(tmp_path)


def said(machine: Machine, *, by_systemd: bool = False, **told: object) -> list[Finding]:
    settings = Settings(gaze=TRACKED, eyetracker=EyetrackerSettings(**told))  # type: ignore[arg-type]
    return list(tracking.eyetracker(settings, machine, by_systemd=by_systemd))


def test_where_looks_come_from_elsewhere_it_is_not_spoken_of(machine: Machine) -> None:
    assert list(tracking.eyetracker(Settings(), machine)) == []


def test_a_stream_is_named_and_any_stream_is_warned_of(machine: Machine) -> None:
    (named,) = said(machine, where="Tobii")
    assert named == Finding(
        Mark.NOTE, "eye tracker: the stream Tobii of Lab Streaming Layer; `vybor status` says which one was taken"
    )
    first, warned = said(machine)
    assert "any stream of type Gaze" in first.text
    assert "whoever sends such a stream in this network chooses" in warned.text


def test_a_file_that_is_there_is_named(machine: Machine) -> None:
    put(machine, CSV, "frame, timestamp\n")
    assert said(machine, kind=TrackerKind.OPENFACE, where=CSV) == [
        Finding(Mark.OK, f"eye tracker: OpenFace's CSV {CSV}, as it grows")
    ]
    played, warned = said(machine, kind=TrackerKind.RECORDING, where=CSV, live=False)
    assert played.text == f"eye tracker: the file {CSV}, played"
    assert "chooses in the wearer's place" in warned.text


def test_a_file_that_cannot_be_followed_is_told_with_the_remedy(machine: Machine) -> None:
    (missing,) = said(machine, kind=TrackerKind.OPENFACE, where=CSV)
    assert missing == Finding(
        Mark.TROUBLE, f"eye tracker: {CSV} is not there; start what writes it, or mend eyetracker.where"
    )
    machine.at(CSV).mkdir(parents=True)
    (folder,) = said(machine, kind=TrackerKind.OPENFACE, where=CSV)
    assert folder.text.endswith("is no file; name one in eyetracker.where")


@pytest.mark.parametrize("folder", ["home/carer", "tmp"])
def test_homes_and_temporary_files_are_closed_to_units_alone(machine: Machine, folder: str) -> None:
    kind, where = TrackerKind.OPENFACE, f"/{folder}/face.csv"
    put(machine, where, "x\n")
    assert said(machine, kind=kind, where=where)[0].mark is Mark.OK
    (told,) = said(machine, kind=kind, where=where, by_systemd=True)
    assert told.mark is Mark.TROUBLE
    assert "lies where the kit's unit may not look" in told.text
    assert "vybor-eyetracker" in told.text


@pytest.mark.parametrize(
    ("source", "kind", "mark"),
    [
        (GazeSource.EYETRACKER, TrackerKind.LSL, Mark.TROUBLE),
        (GazeSource.EYETRACKER, TrackerKind.OPENFACE, Mark.NOTE),
        (GazeSource.CAMERA, TrackerKind.LSL, Mark.NOTE),
    ],
)
def test_its_library_is_wanted_where_it_is_used(
    machine: Machine, source: GazeSource, kind: TrackerKind, mark: Mark
) -> None:
    lacking = msgspec.structs.replace(machine, has_module=lambda name: name != "pylsl")
    settings = Settings(gaze=GazeSettings(source=source), eyetracker=EyetrackerSettings(kind=kind, where=CSV))
    marks = {
        finding.mark for finding in rooms.packages(settings, lacking) if finding.text.startswith("eyetracker:")
    }
    assert marks == {mark}
