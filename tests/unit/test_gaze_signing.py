"""The room's part in signs: told is what a setting or a fitting wants, and no place while it is made."""

import math

import pytest

from unit.gaze_faces import mien
from vybor.composer import fitting
from vybor.contracts import messages as m
from vybor.contracts.messages import FitPhase, FitStage, GestureKind
from vybor.foundation.clock import SECOND_NS
from vybor.foundation.gaze_settings import GazeSettings, PointBy
from vybor.foundation.settings import CommitSettings, Settings
from vybor.gaze.faces.lids import Lids
from vybor.gaze.signs.signing import Signing

FRAME_NS = SECOND_NS // 15
BROW_ON = Settings(commit=CommitSettings(brow=True))
POINT = m.GazePoint(x=0.5, y=0.5, sd_x=0.03, sd_y=0.03)


class Room:
    """Faces one after another, and what is told."""

    def __init__(self, settings: Settings) -> None:
        self.signing = Signing(settings)
        self.now_ns = SECOND_NS
        self.told: list[GestureKind] = []
        self.pointless = 0

    def see(self, frames: int, **how: float) -> "Room":
        for _ in range(frames):
            self.now_ns += FRAME_NS
            self.told += [each.kind for each in self.signing.saw(mien(**how), Lids(), self.now_ns)]
            gaze = m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=POINT)
            self.pointless += self.signing.without_point(gaze).point is None
        return self

    def all_signs(self) -> "Room":
        self.see(30)
        for how in ({"brows": 0.5}, {"smile": 0.6}, {"tilt": math.radians(12)}):
            self.see(6, **how).see(15)
        return self

    def fits(self, stage: FitStage | None) -> "Room":
        screen = m.Screen(at_ns=self.now_ns, offer=1, mode=m.Mode.FITTING, text="", tiles=(), fitting=stage)
        self.signing.heard(m.Shown(at_ns=self.now_ns, screen=screen))
        return self


@pytest.mark.parametrize(
    ("commit", "told"),
    [
        (CommitSettings(), []),
        (CommitSettings(brow=True), [GestureKind.BROW]),
        (CommitSettings(cheek=True, head=True), [GestureKind.CHEEK, GestureKind.HEAD]),
    ],
)
def test_only_what_is_set_is_told_and_hides_the_look(commit: CommitSettings, told: list[GestureKind]) -> None:
    room = Room(Settings(commit=commit)).all_signs()
    assert room.told == told
    assert room.pointless == 6 * len(told)


def test_while_a_fitting_is_under_way_all_are_told() -> None:
    room = Room(Settings()).fits(FitStage(phase=FitPhase.STILL)).all_signs()
    assert room.told == [GestureKind.BROW, GestureKind.CHEEK, GestureKind.HEAD]
    room.told.clear()
    assert room.fits(None).all_signs().told == []


def test_what_was_accepted_after_a_fitting_holds_at_once() -> None:
    room = Room(BROW_ON)
    values = (
        m.FitValue(key="commit.brow", value=False, was=True),
        m.FitValue(key="commit.head", value=True, was=False),
        m.FitValue(key="gaze.head_least_deg", value=4.0, was=6.0),
    )
    room.signing.heard(m.Fitted(at_ns=room.now_ns, values=values))
    assert room.all_signs().told == [GestureKind.HEAD]
    room.told.clear()
    assert room.see(6, tilt=math.radians(5)).see(15).told == [GestureKind.HEAD]
    room.signing.heard(m.Fitted(at_ns=room.now_ns))
    room.told.clear()
    assert room.all_signs().told == [GestureKind.BROW]


def test_without_a_face_there_is_none() -> None:
    room = Room(BROW_ON).see(30)
    assert room.signing.saw(None, Lids(), room.now_ns) == ()


def test_the_summary_offers_what_was_kept_back_only_if_there_is_some() -> None:
    roles = [
        {choice.role for choice in fitting.page(FitStage(phase=FitPhase.SUMMARY, more=more)).values()}
        for more in (True, False)
    ]
    assert roles[0] - roles[1] == {m.Role.FIT_MORE}


def test_a_head_that_points_makes_no_sign_and_keeps_its_place() -> None:
    settings = Settings(commit=CommitSettings(head=True))
    assert GestureKind.HEAD in Room(settings).all_signs().told
    points = Settings(commit=CommitSettings(head=True), gaze=GazeSettings(by=PointBy.HEAD))
    room = Room(points).all_signs()
    assert (room.told, room.pointless) == ([], 0)
