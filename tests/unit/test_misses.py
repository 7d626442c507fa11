"""Signs that lead to nothing are counted, and the person is told when there are clearly more of them."""

import random
from pathlib import Path

import pytest

from unit.fitting_person import SETTINGS, Body, Fitter
from vybor.contracts import messages as m
from vybor.contracts.messages import Sign
from vybor.core.aiming import misses
from vybor.core.aiming.misses import BLOCK, Act, Misses
from vybor.core.decision.rules import Rules
from vybor.core.desks.fit_desk import SAID_FOR_NS, FitDesk
from vybor.foundation.clock import seconds
from vybor.foundation.fitted import Since
from vybor.foundation.settings import CommitSettings
from vybor.selector.state import Selector
from world.desk import Desk

RULE = CommitSettings()
UPPER = 0
UNDO = 8


def words(prompt: m.Prompt) -> list[m.Candidate]:
    return [m.Candidate(words=(word,), p=0.2, source=m.Source.NGRAM) for word in ("I", "you", "we")]


class Counted(Desk):
    """A desk whose acts are counted."""

    def __init__(self) -> None:
        self.misses = Misses()
        super().__init__(Rules(session="s", language="en", commit=RULE, instant=words, count=4))

    def hear(self, message: m.AnyMessage) -> None:
        before, decided = self.state.selector, len(self.decided)
        super().hear(message)
        action = self.decided[-1].decision.action if len(self.decided) > decided else None
        self.misses = misses.saw(self.misses, Act(message, before, self.state.selector, action), RULE)

    def counts(self) -> tuple[int, int]:
        return self.misses.made, self.misses.in_vain


def test_a_choice_is_an_act_and_a_press_beside_the_tiles_is_one_in_vain() -> None:
    desk = Counted()
    desk.choose(UPPER)
    assert desk.counts() == (1, 0)
    desk.show()
    desk.now_ns += seconds(2)
    desk.press()  # nothing is looked at
    assert desk.counts() == (2, 1)


def test_a_press_right_behind_a_choice_is_no_act_of_its_own() -> None:
    desk = Counted()
    desk.choose(UPPER)
    desk.now_ns += seconds(0.1)
    desk.press()
    assert desk.counts() == (1, 0)


@pytest.mark.parametrize(("later_s", "in_vain"), [(1.0, 1), (9.0, 0)])
def test_a_choice_that_is_undone_at_once_was_in_vain(later_s: float, in_vain: int) -> None:
    desk = Counted()
    desk.choose(UPPER)
    desk.now_ns += seconds(later_s)
    desk.choose(UNDO)
    assert desk.counts() == (1, in_vain)


def test_single_blinks_and_what_the_settings_leave_out_are_no_acts() -> None:
    desk = Counted()
    desk.show()
    blink = m.Gesture(at_ns=desk.now_ns, at_sd_ns=0, ended_ns=desk.now_ns, kind=m.GestureKind.BLINK, log_odds=-4.0)
    desk.hear(blink)
    assert desk.counts() == (0, 0)
    pressed = Act(m.SwitchPress(at_ns=desk.now_ns), desk.state.selector, desk.state.selector)
    assert misses.saw(Misses(), pressed, CommitSettings(switch=False)) == Misses()


def test_an_edge_that_was_left_half_filled_is_an_act_in_vain_and_one_just_glanced_at_is_none() -> None:
    tiles = Counted().state.tiles
    gaze = m.Gaze(at_ns=seconds(1), at_sd_ns=0, eyes=m.Eyes.OPEN)

    def left(after_s: float) -> Misses:
        before = Selector(tiles=tiles, pad_ns=seconds(after_s))
        return misses.saw(Misses(), Act(gaze, before, Selector(tiles=tiles)), RULE)

    assert left(0.3) == Misses(1, 1)
    assert left(0.1) == Misses()


# --- whether it has become worse -----------------------------------------------------------------------------


def share_told(first: float, later: float, blocks: int = 2_000) -> float:
    """How many of so many blocks are taken for worse."""
    chance = random.Random(5)

    def in_vain(rate: float) -> int:
        return sum(chance.random() < rate for _ in range(BLOCK))

    told = (
        misses.is_worse(Since(made=BLOCK, in_vain=in_vain(first)), Misses(BLOCK, in_vain(later)))
        for _ in range(blocks)
    )
    return sum(told) / blocks


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_chance_alone_seldom_looks_worse(rate: float) -> None:
    assert share_told(rate, rate) < 0.01


def test_what_is_clearly_worse_is_mostly_noticed() -> None:
    assert share_told(0.1, 0.3) > 0.75


def test_without_a_fitting_nothing_is_held_against_anything() -> None:
    assert not misses.is_worse(Since(), Misses(BLOCK, BLOCK))


# --- at the desk ---------------------------------------------------------------------------------------------


def fitted_desk(path: Path) -> FitDesk:
    desk = FitDesk(path, SETTINGS)
    desk.follow(Fitter(Body()).start(Sign.SWITCH).run().state.fits)
    return desk


def block(desk: FitDesk, in_vain: int, now_ns: int) -> None:
    """So many acts of a hundred lead to nothing."""
    tiles = Counted().state.tiles
    for number in range(BLOCK):
        act = Act(m.SwitchPress(at_ns=now_ns), Selector(tiles=tiles), Selector(tiles=tiles))
        chose = Act(act.message, act.before, act.after, m.Action.TAKE)
        desk.saw(act if number < in_vain else chose, now_ns)


def test_the_person_is_told_once_a_day_and_for_ten_minutes(tmp_path: Path) -> None:
    desk = fitted_desk(tmp_path / "fitting.json")
    block(desk, 5, 1)
    block(desk, 8, 1)
    assert desk.troubles(1) == ()
    block(desk, 40, 1)
    assert [each.trouble for each in desk.troubles(2)] == [m.Trouble.FIT_AGAIN]
    assert desk.troubles(SAID_FOR_NS + 2) == ()
    block(desk, 60, SAID_FOR_NS + 2)
    assert desk.troubles(SAID_FOR_NS + 3) == ()


def test_what_was_counted_first_outlives_a_restart(tmp_path: Path) -> None:
    block(fitted_desk(tmp_path / "fitting.json"), 5, 1)
    again = FitDesk(tmp_path / "fitting.json", SETTINGS)
    block(again, 40, 1)
    assert again.troubles(2)


def test_a_new_fitting_counts_anew(tmp_path: Path) -> None:
    desk = fitted_desk(tmp_path / "fitting.json")
    block(desk, 5, 1)
    desk.follow(Fitter(Body()).start(Sign.SWITCH).run().state.fits)
    block(desk, 40, 1)
    assert desk.troubles(2) == ()
    assert desk.kept.since.in_vain == 40


def test_without_a_fitting_nothing_is_counted(tmp_path: Path) -> None:
    desk = FitDesk(tmp_path / "fitting.json", SETTINGS)
    block(desk, 0, 1)
    block(desk, 90, 1)
    assert desk.troubles(2) == ()
    assert not (tmp_path / "fitting.json").exists()
