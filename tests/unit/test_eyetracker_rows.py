"""Lines of a file: names as they come, units of times, OpenFace's angles, and what is no look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.points_stands import HEAD_MM, OPENFACE_NAMES, angles, openface_line
from vybor.eyetracker.sources import openface, plain
from vybor.eyetracker.sources.rows import Row, Rows, columns_of, unit_s
from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.points.source import FAR, Place, TrackerMissing

SETTINGS = EyetrackerSettings()
SIZED = EyetrackerSettings(width_px=1920, height_px=1080)


def plainly(header: str, settings: EyetrackerSettings = SETTINGS) -> Rows:
    columns = columns_of(header, "looks.csv")
    return Rows(columns, plain.meaning(columns, "looks.csv", settings))


def of_openface(settings: EyetrackerSettings = SETTINGS) -> Rows:
    columns = columns_of(",".join(OPENFACE_NAMES), "face.csv")
    return Rows(columns, openface.meaning(columns, "face.csv", settings))


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("time_s,x,y\n", "1.5,0.25,0.75\n"),
        ("\ufeffTimestamp [s];X;Y\r\n", "1,5;0,25;0,75\r\n"),
        ("y\tx\tt (s)", "0.75\t0.25\t1.5"),
        ('"time_ms","gaze_x","gaze_y","label"', '1500,0.25,0.75,"a word"'),
        ("frame,time_us,FPOGX,FPOGY,FPOGV,", "7,1500000,0.25,0.75,1,"),
    ],
)
def test_names_units_and_delimiters_as_they_come(header: str, line: str) -> None:
    assert plainly(header).take(line) == Row(1.5, (0.25, 0.75), anew=True)


@pytest.mark.parametrize(("scale", "unit"), [(1, 1.0), (1e3, 1e-3), (1e6, 1e-6), (1e9, 1e-9)])
@pytest.mark.parametrize("hz", [15, 60, 250])
def test_where_no_name_tells_the_unit_the_times_do(scale: float, unit: float, hz: int) -> None:
    rows = plainly("timestamp,x,y")
    taken = [rows.take(f"{scale * (100 + index / hz):.6f},0.5,0.5") for index in range(8)]
    assert taken[:5] == [None] * 5
    assert [row and row.time_s for row in taken[5:]] == [pytest.approx(100 + index / hz) for index in (5, 6, 7)]
    assert rows.skipped == 0
    assert unit_s(scale / hz) == unit


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("1,0.5,0.5", "looks.csv has no names of columns in its first line, which begins with '1,0.5,0.5'"),
        ("looks", "has no names of columns"),
        ("time,left,right", "looks.csv has no column for x and y, but time, left, right; call them time, x and y"),
        ("x,y", "has no column for time, but x, y"),
    ],
)
def test_columns_that_are_not_there_are_named(header: str, told: str) -> None:
    with pytest.raises(TrackerMissing, match=told):
        plainly(header)


@pytest.mark.parametrize(
    "line", ["2.0,0.5", "2.0,0.5,0.5,7", "two,0.5,0.5", "2.0,,0.5", "nan,0.5,0.5", "2.0,9,0.5", "1e300,.5,.5"]
)
def test_a_line_that_is_no_look_is_counted_and_the_next_one_is_taken(line: str) -> None:
    rows = plainly("time_s,x,y")
    assert rows.take("1.0,0.1,0.1")
    assert rows.take(line) is None
    assert rows.take("\n") is None
    assert rows.take("3.0,0.3,0.3") == Row(3.0, (0.3, 0.3), anew=False)
    assert rows.skipped == 1


def test_a_time_that_jumps_begins_anew_and_one_that_stands_is_no_look() -> None:
    rows = plainly("time_s,x,y")
    assert [rows.take(f"{t},0.5,0.5") for t in (10, 10, 11)] == [
        Row(10, (0.5, 0.5), anew=True),
        None,
        Row(11, (0.5, 0.5), anew=False),
    ]
    assert rows.take("3,0.5,0.5") is None
    assert rows.take("4,0.5,0.5") == Row(4, (0.5, 0.5), anew=True)
    assert rows.take("9000000,0.5,0.5") is None
    assert rows.take("5,0.5,0.5") is None
    assert rows.take("6,0.5,0.5") == Row(6, (0.5, 0.5), anew=True)
    assert rows.skipped == 4


def test_pixels_are_fractions_of_the_screen_that_is_told() -> None:
    row = plainly("time_s,x,y", SIZED).take("1,960,270")
    assert row is not None
    assert row.place == (0.5, 0.25)


@pytest.mark.parametrize(
    ("cells", "seen"), [("1,0.9", True), ("0,0.9", False), ("1,0.4", False), ("1,nan", False)]
)
def test_what_doubts_itself_sees_no_eyes(cells: str, *, seen: bool) -> None:
    row = plainly("time_s,x,y,valid,confidence").take(f"1,0.5,0.5,{cells}")
    assert row is not None
    assert (row.place is not None) == seen


@given(text=st.text(max_size=60))
def test_no_line_whatever_is_in_it_makes_a_place_far_off_or_no_number(text: str) -> None:
    for rows in (plainly("time_s,x,y"), of_openface()):
        row = rows.take(text)
        if row is not None and row.place is not None:
            assert all(-FAR <= value <= 1 + FAR for value in row.place)


# --- OpenFace ---------------------------------------------------------------------------------------------------


@given(place=st.tuples(st.floats(-0.4, 1.4), st.floats(-0.4, 1.4)))
def test_a_gaze_from_the_head_to_a_place_is_seen_there(place: Place) -> None:
    row = of_openface().take(openface_line(1.0, place))
    assert row is not None
    assert row.place == pytest.approx(place, abs=1e-5)


def test_who_looks_from_left_to_right_has_an_angle_that_falls_and_down_one_that_rises() -> None:
    """As OpenFace's own page says; the picture is not a mirror."""
    straight = (0.0, 0.0, 500.0)
    left, right = (openface.place(angle, 0.1, straight, SETTINGS)[0] for angle in (0.1, -0.1))
    upper, lower = (openface.place(0.0, angle, straight, SETTINGS)[1] for angle in (0.05, 0.15))
    assert left < 0.5 < right
    assert upper < lower


def test_a_head_to_the_left_that_looks_straight_on_looks_at_the_left() -> None:
    x, _ = openface.place(0.0, 0.1, (30.0, 0.0, 500.0), SETTINGS)
    assert x == pytest.approx(0.5 - 30 / SETTINGS.width_mm)


def test_a_distance_that_is_known_scales_where_the_head_is() -> None:
    place = (0.2, 0.6)
    across, down = angles(place, SETTINGS)
    guessed = tuple(value * 1.5 for value in HEAD_MM)
    known = EyetrackerSettings(distance_mm=HEAD_MM[2])
    assert openface.place(across, down, (guessed[0], guessed[1], guessed[2]), known) == pytest.approx(place)
    assert openface.place(across, down, (guessed[0], guessed[1], guessed[2]), SETTINGS) != pytest.approx(place)


@pytest.mark.parametrize(
    ("name", "value", "none"),
    [
        (" success", "0", False),
        (" confidence", "0.3", False),
        (" gaze_angle_x", "nan", False),
        (" gaze_angle_x", "3.1", True),
        (" gaze_angle_y", "-3.1", True),
        (" pose_Tz", "-480", True),
        (" pose_Tz", "9000", True),
        (" gaze_angle_y", "wide", True),
    ],
)
def test_what_openface_does_not_see_has_no_place(name: str, value: str, *, none: bool) -> None:
    cells = openface_line(1.0, (0.5, 0.5)).strip().split(", ")
    cells[OPENFACE_NAMES.index(name)] = value
    rows = of_openface()
    row = rows.take(", ".join(cells))
    assert (row is None) == none
    assert row is None or row.place is None
    assert rows.skipped == int(none)


def test_a_csv_without_pose_or_gaze_says_how_to_write_it() -> None:
    columns = columns_of("frame, timestamp, confidence, success, x_0", "face.csv")
    with pytest.raises(
        TrackerMissing, match=r"face.csv has no gaze_angle_x nor .*pose_Tz; have OpenFace's .*-pose -gaze"
    ):
        openface.meaning(columns, "face.csv", SETTINGS)


@pytest.mark.parametrize("time", ["1e300", "-1e300", "1e20", "inf"])
def test_a_first_time_that_is_none_is_no_beginning(time: str) -> None:
    """It would be more nanoseconds than there are, and the last that this process said."""
    rows = plainly("time_s,x,y")
    assert rows.take(f"{time},0.5,0.5") is None
    assert rows.skipped == 1
    assert rows.take("1.0,0.5,0.5") == Row(1.0, (0.5, 0.5), anew=True)
