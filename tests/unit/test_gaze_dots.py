"""`vybor gaze calibrate | check`: who cannot ask is told why, and who can hears what looks are worth."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from vybor import cli
from vybor.commands.gaze import dots as gaze_dots
from vybor.commands.gaze import grammar
from vybor.commands.gaze import score as gaze_score
from vybor.composer.layout import LAYOUTS
from vybor.contracts import messages as m
from vybor.core.aiming import zoning
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing, PlaceError

SCORE = m.Calibrated(
    request="",
    dots=9,
    error_x=0.065,
    error_y=0.1,
    noise_x=0.01,
    noise_y=0.02,
    calibrations=4,
    away_cm=50.0,
)
CHECKED = m.Checked(beside_x=0.03, beside_y=-0.012, left_x=0.02, left_y=0.03, promised_x=0.05, promised_y=0.08)
CHECK = msgspec.structs.replace(SCORE, dots=3, checked=CHECKED)


def ask(runtime: Path) -> m.Calibrated:
    return gaze_dots.asked(runtime, SystemClock(), print)


def test_without_a_kit_the_command_that_starts_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="start it with `vybor up`"):
        ask(tmp_path)


def test_a_packaged_kit_that_is_stopped_is_started_by_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vybor.unit_files.RUNTIME", str(tmp_path))
    with pytest.raises(Missing, match=r"start it with `sudo systemctl start vybor\.target`"):
        ask(tmp_path)


def test_what_is_no_socket_is_no_kit(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gaze")
    with pytest.raises(Missing, match="no kit runs"):
        ask(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_user_outside_the_group_is_told_to_join_it(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    os.seteuid(65534)
    try:
        with pytest.raises(PlaceError, match=r"sudo adduser \$USER vybor"):
            ask(tmp_path / "run")
    finally:
        os.seteuid(0)


class Gaze:
    """A gaze part that answers each command as it is told to."""

    def __init__(self, runtime: Path, reply: Callable[[m.AnyCommand], m.AnyReply]) -> None:
        self.asked: list[m.AnyCommand] = []
        self._over, self._begun = threading.Event(), threading.Event()
        self._speaker = threading.Thread(target=self._answer, args=(runtime, reply))
        self._speaker.start()
        assert self._begun.wait(5)

    def _answer(self, runtime: Path, reply: Callable[[m.AnyCommand], m.AnyReply]) -> None:
        bus = Bus("gaze", runtime, SystemClock())
        self._begun.set()
        while not self._over.is_set():
            for arrival in bus.receive(0.05):
                if isinstance(arrival, Asked):
                    self.asked.append(arrival.command)
                    bus.answer(arrival, reply(arrival.command))
        bus.close()

    def close(self) -> None:
        self._over.set()
        self._speaker.join()


def scored(score: m.Calibrated) -> Callable[[m.AnyCommand], m.AnyReply]:
    return lambda command: msgspec.structs.replace(score, request=command.request)


def test_nine_dots_are_asked_for_and_their_score_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = Gaze(tmp_path, scored(SCORE))
    try:
        assert cli.main(["gaze", "calibrate", "--runtime", str(tmp_path)]) == 0
    finally:
        part.close()
    (asked,) = part.asked
    assert isinstance(asked, m.Calibrate)
    assert not (asked.check or asked.brief)
    told = capsys.readouterr().out
    assert "calibrated: 9 dots were looked at calmly; 4 calibrations are kept" in told
    assert "tiles you can use: 8 (4 x 2)" in told


def test_of_a_dot_that_was_followed_no_dozens_of_dots_are_told() -> None:
    told = gaze_score.calibrated(msgspec.structs.replace(SCORE, dots=61))
    assert next(told) == "calibrated: 61 places of the dot that moves were followed; 4 calibrations are kept"


@pytest.mark.parametrize(("left", "ends_with"), [(0.03, 0), (0.15, grammar.WORTH_DOING)])
def test_a_check_ends_with_whether_the_nine_dots_are_worth_doing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], left: float, ends_with: int
) -> None:
    found = msgspec.structs.replace(CHECKED, left_x=left)
    part = Gaze(tmp_path, scored(msgspec.structs.replace(CHECK, checked=found)))
    try:
        assert cli.main(["gaze", "check", "--runtime", str(tmp_path)]) == ends_with
    finally:
        part.close()
    (asked,) = part.asked
    assert isinstance(asked, m.Calibrate)
    assert asked.check
    told = capsys.readouterr().out
    assert "3.0 % of the width to the right and 1.2 % of the height up; that is mended" in told
    assert ("the nine dots are worth doing" in told) is bool(ends_with)
    assert ("the nine dots are not worth doing now" in told) is not bool(ends_with)


def test_a_gaze_part_that_refuses_or_is_older_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for reply, said in (
        (lambda command: m.Refused(request=command.request, reason="there is no camera"), "there is no camera"),
        (lambda command: m.Done(request=command.request), "start the kit anew"),
    ):
        part = Gaze(tmp_path, reply)
        try:
            assert cli.main(["gaze", "check", "--runtime", str(tmp_path)]) == Missing.exit_code
        finally:
            part.close()
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1


# --- the score --------------------------------------------------------------------------------------------------


def test_tiles_are_those_on_which_looks_of_that_error_land() -> None:
    exact, usual, blind = (gaze_score.usable(sd, 1.5 * sd) for sd in (0.01, 0.065, 0.5))
    assert [each.tiles for each in exact] == [10, 8, 6, 4, 2]
    assert all(each.is_usable for each in exact)
    assert [each.tiles for each in usual if each.is_usable] == [8, 6, 4, 2]
    assert not any(each.is_usable for each in blind)
    assert usual[1].lands == zoning.lands(LAYOUTS[8], 0.065, 1.5 * 0.065)
    assert set(gaze_score.GRIDS) == set(LAYOUTS)


def test_an_error_is_told_in_degrees_where_size_and_distance_are_known() -> None:
    sized = msgspec.structs.replace(SCORE, width_cm=30.0, height_cm=20.0)
    angle = gaze_score.degrees(sized, (0.1, 0.2))
    assert angle is not None
    assert (angle.x, angle.y) == (
        pytest.approx(3.434, abs=1e-3),
        pytest.approx(4.574, abs=1e-3),
    )  # 3 and 4 cm at 50
    assert any("(2.2 and 2.3 degrees, 50 cm away" in line for line in gaze_score.calibrated(sized))
    assert any(
        "once display.width_cm and display.height_cm are set" in line for line in gaze_score.calibrated(SCORE)
    )
    blind = msgspec.structs.replace(sized, away_cm=None)
    assert gaze_score.degrees(blind, (0.1, 0.2)) is None
    assert "degrees" not in "\n".join(gaze_score.calibrated(blind))


def test_whoever_can_use_no_layout_is_told_of_the_switch() -> None:
    lost = msgspec.structs.replace(SCORE, error_x=0.4, error_y=0.5)
    assert any("choose with a switch" in line for line in gaze_score.calibrated(lost))


def test_a_few_calibrations_ask_for_more_on_other_days() -> None:
    assert any(
        "on other days" in line for line in gaze_score.calibrated(msgspec.structs.replace(SCORE, calibrations=1))
    )
    assert not any("on other days" in line for line in gaze_score.calibrated(SCORE))


def test_a_check_that_nine_dots_answered_is_told_as_those() -> None:
    assert next(gaze_score.checked(SCORE)).startswith("calibrated: 9 dots")
    assert gaze_score.nine_are_worth_it(SCORE) == ""
