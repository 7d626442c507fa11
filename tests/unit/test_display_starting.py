"""How far the kit has come up, and whether the dots come before the tiles."""

from pathlib import Path

import msgspec
import pytest

from unit.display_pages import dot, page
from unit.test_display_view import composed, said
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Trouble
from vybor.display import starting
from vybor.display.calibrated import Calibrated
from vybor.display.showing import Showing
from vybor.display.starting import Kit, Part, Progress, Says, Standing, Starting
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSource

BEGAN_S = 100.0
EMPTY = page(text="")


def health(process: str, *troubles: Trouble, at_s: float = 0.0) -> m.Health:
    notices = tuple(m.Notice(process=process, trouble=trouble) for trouble in troubles)
    return m.Health(at_ns=seconds(BEGAN_S + at_s), process=process, pid=1, troubles=notices)


def proposals(model: str) -> m.Proposals:
    return m.Proposals(at_ns=1, prompt=1, candidates=(), model=model, took_ms=1.0)


def begun(**kit: object) -> Progress:
    return Progress(began_ns=seconds(BEGAN_S), kit=msgspec.convert(kit, Kit))


def after(known: Progress, *messages: m.AnyMessage, at_s: float = 0.0) -> Progress:
    for message in messages:
        known = starting.hear(known, message, seconds(BEGAN_S + at_s))
    return known


def shown(known: Progress, at_s: float = 0.0) -> Starting | None:
    return starting.starting(known, seconds(BEGAN_S + at_s))


def row(known: Progress, part: Part, at_s: float = 0.0) -> tuple[Standing, Says | Trouble]:
    page_now = shown(known, at_s)
    assert page_now is not None
    found = next(row for row in page_now.rows if row.part is part)
    return found.standing, found.says.trouble if isinstance(found.says, m.Notice) else found.says


def test_the_first_picture_names_every_part_before_any_of_them_has_spoken() -> None:
    page_now = shown(begun(headband=True))
    assert page_now is not None
    assert [(row.part, row.standing, row.says) for row in page_now.rows] == [
        (part, Standing.STARTING, Says.STARTING) for part in Part
    ]


def test_each_part_is_ticked_as_it_comes_up() -> None:
    known = after(begun(headband=True), *(health(part) for part in Part))
    assert row(known, Part.WRITING) == (Standing.STARTING, Says.RESTORING)
    assert row(known, Part.MODEL) == (Standing.STARTING, Says.LOADING_MODEL)
    for part in (Part.EYES, Part.HEADBAND, Part.SOUND, Part.RECORD):
        assert row(known, part) == (Standing.READY, Says.READY)
    known = after(known, health("gaze", Trouble.NOT_CALIBRATED), EMPTY, proposals("m"))
    assert row(known, Part.WRITING) == (Standing.READY, Says.READY)
    assert row(known, Part.MODEL) == (Standing.READY, Says.READY)


@pytest.mark.parametrize(
    ("troubles", "said"),
    [
        ((Trouble.NOBODY_SEEN, Trouble.NOT_CALIBRATED), (Standing.CALM, Says.NO_FACE)),
        ((Trouble.NOT_CALIBRATED,), (Standing.CALM, Says.DOTS_NEXT)),
        ((Trouble.NOBODY_SEEN,), (Standing.CALM, Says.NO_FACE)),
        ((Trouble.CAMERA_MISSING, Trouble.NOT_CALIBRATED), (Standing.TROUBLE, Trouble.CAMERA_MISSING)),
        ((Trouble.NOT_CALIBRATED, Trouble.DISK_FULL), (Standing.TROUBLE, Trouble.DISK_FULL)),
        ((), (Standing.READY, Says.READY)),
    ],
)
def test_eyes_that_only_wait_have_no_trouble(
    troubles: tuple[Trouble, ...], said: tuple[Standing, Says | Trouble]
) -> None:
    assert row(after(begun(), health("gaze", *troubles)), Part.EYES) == said


def test_what_the_settings_leave_out_is_calm_from_the_first_picture_on() -> None:
    assert row(begun(), Part.HEADBAND) == (Standing.CALM, Says.NO_HEADBAND)
    assert row(begun(gaze=GazeSource.POINTER), Part.EYES) == (Standing.CALM, Says.POINTER)
    assert row(begun(gaze=GazeSource.NONE), Part.EYES) == (Standing.CALM, Says.NO_CAMERA)


@pytest.mark.parametrize(
    ("troubles", "said"),
    [
        ((), (Standing.READY, Says.READY)),
        ((Trouble.TRACKER_BLIND,), (Standing.CALM, Says.NO_EYES)),
        ((Trouble.TRACKER_MISSING,), (Standing.TROUBLE, Trouble.TRACKER_MISSING)),
        ((Trouble.TRACKER_STOPPED,), (Standing.TROUBLE, Trouble.TRACKER_STOPPED)),
    ],
)
def test_where_an_eye_tracker_looks_it_says_how_the_eyes_are(
    troubles: tuple[Trouble, ...], said: tuple[Standing, Says | Trouble]
) -> None:
    known = after(begun(gaze=GazeSource.EYETRACKER), health("gaze"))
    assert row(known, Part.EYES)[0] is Standing.STARTING
    assert row(after(known, health("eyetracker", *troubles)), Part.EYES) == said


def test_a_part_with_a_trouble_says_it() -> None:
    known = after(begun(headband=True), health("headband", Trouble.HEADBAND_MISSING))
    assert row(known, Part.HEADBAND) == (Standing.TROUBLE, Trouble.HEADBAND_MISSING)


def test_a_part_that_fell_silent_or_never_came_is_told() -> None:
    known = after(begun(), health("voice"))
    assert row(known, Part.SOUND, 3.0) == (Standing.READY, Says.READY)
    assert row(known, Part.SOUND, 3.1) == (Standing.TROUBLE, Says.SILENT)
    assert row(known, Part.RECORD, 60.0) == (Standing.STARTING, Says.STARTING)
    assert row(known, Part.RECORD, 60.1) == (Standing.TROUBLE, Says.SILENT)


def test_a_later_start_goes_to_the_tiles_with_the_first_offer() -> None:
    assert shown(begun(calibrated=True)) is not None
    assert shown(after(begun(calibrated=True), EMPTY)) is None


@pytest.mark.parametrize("source", [GazeSource.POINTER, GazeSource.EYETRACKER, GazeSource.NONE])
def test_where_no_camera_looks_there_are_no_dots_to_wait_for(source: GazeSource) -> None:
    assert shown(after(begun(gaze=source), EMPTY)) is None


def test_a_first_start_stays_until_the_dots_begin() -> None:
    known = after(begun(), EMPTY, health("gaze", Trouble.NOBODY_SEEN, Trouble.NOT_CALIBRATED), EMPTY)
    page_now = shown(known)
    assert page_now is not None
    assert (page_now.first, page_now.can_go_on) == (True, True)
    known = after(known, health("gaze", Trouble.NOBODY_SEEN, Trouble.NOT_CALIBRATED, at_s=999), EMPTY, at_s=1000)
    assert shown(known, 1000) is not None
    assert shown(after(known, m.CalibrationTarget(at_ns=1, dot=None, dots=9), EMPTY), 1000) is not None
    assert shown(after(known, dot(), EMPTY), 1000) is None


def test_a_kit_whose_gaze_turns_out_to_be_calibrated_waits_no_longer() -> None:
    known = after(begun(), EMPTY)
    assert shown(known) is not None
    assert shown(after(known, health("gaze"), EMPTY)) is None


@pytest.mark.parametrize(
    "screen",
    [page(text="Good"), page(text="", said="I am cold."), page(Mode.REST, text="")],
    ids=["text", "said", "rest"],
)
def test_who_has_written_already_sees_it(screen: m.Screen) -> None:
    assert shown(after(begun(), health("gaze", Trouble.NOT_CALIBRATED), screen)) is None


def test_a_gaze_process_that_never_comes_keeps_nobody_from_the_tiles() -> None:
    known = after(begun(), EMPTY)
    assert shown(after(known, EMPTY, at_s=60), 60) is not None
    assert shown(after(known, EMPTY, at_s=60.1), 60.1) is None


@pytest.mark.parametrize(
    ("lacks", "kit"),
    [
        ({Trouble.CAMERA_MISSING}, {}),
        ({Trouble.CAMERA_MISSING, Trouble.NOBODY_SEEN}, {}),
        ({Trouble.NOBODY_SEEN}, {"headband": True}),
    ],
    ids=["no camera", "no camera and nobody", "nobody, and a headband"],
)
def test_eyes_that_may_never_be_seen_keep_nobody_from_the_tiles(lacks: set[Trouble], kit: dict[str, bool]) -> None:
    def looks(at_s: float) -> m.Health:
        return health("gaze", Trouble.NOT_CALIBRATED, *lacks, at_s=at_s)

    known = after(begun(**kit), looks(10), EMPTY, at_s=10)
    assert shown(after(known, looks(60), EMPTY, at_s=60), 60) is not None
    assert shown(after(known, looks(60.1), EMPTY, at_s=60.1), 60.1) is None


def test_a_gaze_process_that_spoke_and_fell_silent_keeps_nobody_from_the_tiles() -> None:
    known = after(begun(), health("gaze", Trouble.NOBODY_SEEN, Trouble.NOT_CALIBRATED, at_s=10), EMPTY, at_s=10)
    assert shown(after(known, EMPTY, at_s=100), 100) is None


def test_eyes_that_are_seen_and_get_no_dots_keep_nobody_from_the_tiles() -> None:
    waits = health("gaze", Trouble.NOT_CALIBRATED)
    away = health("gaze", Trouble.NOBODY_SEEN, Trouble.NOT_CALIBRATED)
    known = after(after(begun(), waits, EMPTY), away, at_s=15)
    known = after(known, waits, EMPTY, at_s=18)
    assert shown(after(known, waits, EMPTY, at_s=38), 38) is not None, "it begins anew when they come back"
    assert shown(after(known, waits, EMPTY, at_s=38.1), 38.1) is None


def test_once_there_the_tiles_stay() -> None:
    known = after(begun(), EMPTY, at_s=61)
    assert shown(after(known, health("gaze", Trouble.NOT_CALIBRATED), EMPTY, at_s=62), 62) is None


def test_a_press_goes_on_but_not_to_nothing() -> None:
    known = after(begun(), health("gaze", Trouble.NOT_CALIBRATED))
    assert shown(starting.go_on(known)) is not None
    assert shown(starting.go_on(after(known, EMPTY))) is None


def test_what_a_carer_wants_to_know_is_on_it() -> None:
    known = msgspec.structs.replace(after(begun(version="1.2.3"), proposals("a model")), addresses=("10.0.0.7",))
    page_now = shown(known)
    assert page_now is not None
    assert (page_now.version, page_now.model, page_now.addresses) == ("1.2.3", "a model", ("10.0.0.7",))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_kit_without_a_version_is_named_without_a_gap(language: str) -> None:
    first = shown(msgspec.structs.replace(after(begun(version=""), proposals("a model")), addresses=("10.0.0.7",)))
    told = said(composed(Showing(page(language=language), starting=first), language=language))
    assert ", " in told
    assert " ," not in told
    assert "a model" in told


def test_that_eyes_are_calibrated_outlives_it(tmp_path: Path) -> None:
    assert not Calibrated(tmp_path).before
    known = Calibrated(tmp_path)
    known.hear(health("voice"))
    known.hear(health("gaze", Trouble.NOT_CALIBRATED))
    assert not Calibrated(tmp_path).before
    known.hear(health("gaze", Trouble.NOBODY_SEEN))
    assert Calibrated(tmp_path).before
    known.hear(health("gaze", Trouble.NOT_CALIBRATED))
    assert not Calibrated(tmp_path).before


def test_a_mark_that_cannot_be_kept_is_said_once_and_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = Calibrated(tmp_path / "none")
    for _ in range(3):
        known.hear(health("gaze"))
    assert caplog.text.count("whether the eyes are calibrated could not be kept") == 1
