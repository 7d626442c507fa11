"""A dot that moves: drawn by the display alone, for as long as somebody says that it does."""

from unit.display_pages import page
from unit.test_display_window import Desk, desk, window
from vybor.contracts import messages as m
from vybor.display.process import FRAME_S, UNATTENDED_S
from vybor.foundation.clock import seconds

__all__ = ["desk", "window"]


def test_a_dot_that_moves_is_drawn_with_each_picture_and_said_once(desk: Desk) -> None:
    """The display goes on by itself: nobody could tell it sixty times a second where the dot is."""
    begins_ns = desk.clock.ns + seconds(0.2)
    follow = m.CalibrationTarget(at_ns=1, dot=0, dots=1, is_followed=True, moves_ns=begins_ns)
    desk.hear(page(), follow)
    assert desk.shown().target == follow
    assert desk.wait_s <= UNATTENDED_S
    while desk.clock.ns < begins_ns:
        assert desk.turn(later_s=0.02) == []
    painted = desk.window.painted
    for _ in range(30):
        assert desk.turn(later_s=FRAME_S) == []
        assert desk.wait_s < FRAME_S
        desk.hear(page(), follow)
    assert desk.window.painted - painted > 20  # it gathers speed: at first less than a pixel
    desk.hear(m.CalibrationTarget(at_ns=2, dot=None, dots=1, is_followed=True))
    assert desk.shown().target is None
    assert desk.wait_s == UNATTENDED_S


def test_gaze_that_ended_while_its_dot_moved_leaves_the_display_at_rest(desk: Desk) -> None:
    moves = m.CalibrationTarget(at_ns=1, dot=0, dots=1, is_followed=True, moves_ns=desk.clock.ns)
    desk.hear(page(), moves)
    desk.turn()
    desk.turn(later_s=2)
    desk.hear(page())
    desk.turn()
    assert desk.wait_s == UNATTENDED_S
