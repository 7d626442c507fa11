"""Engagement beside the looks: it is recorded, changes no choice, and only slows an edge for drowsy eyes."""

import random

import msgspec
import pytest

from unit.test_deciding import RULES, Writer
from vybor.contracts import messages as m
from vybor.core import headband
from vybor.core.decision import deciding, record
from vybor.core.ways import engaging
from vybor.core.ways.engaging import Engaging
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector.state import Selector
from world.desk import EYES_SD, FRAME_S, Desk

DROWSY = {"alpha": 2.0, "drowsy": True}


class Wearer(Writer):
    """Sits at the decision with a headband that says this, twice a second."""

    def __init__(self, **says: object) -> None:
        super().__init__()
        commit = msgspec.structs.replace(self.rules.commit, drowsy_times=1.25)
        self.rules = msgspec.structs.replace(self.rules, commit=commit)
        self.says = says
        self._told_ns = 0

    def hear(self, message: m.AnyMessage) -> None:
        if self.says and self.now_ns - self._told_ns >= seconds(0.5):
            self._told_ns = self.now_ns
            told = msgspec.convert({"type": "Engaged", "at_ns": self.now_ns, **self.says}, m.Engaged)
            self.state = headband.heard(self.state, told)
        super().hear(message)


def write(desk: Desk) -> list[m.Decision]:
    for slot in (0, 1, 6, 2, 8, 0, 7):
        desk.choose(slot)
    return [each.decision for each in desk.decided]


def without_engagement(decision: m.Decision) -> m.Decision:
    shown = tuple(msgspec.structs.replace(tile, engagement=None) for tile in decision.shown)
    quality = msgspec.structs.replace(decision.quality, drowsy=None) if decision.quality else None
    return msgspec.structs.replace(decision, shown=shown, quality=quality)


@pytest.mark.parametrize("says", [{"z": 3.0}, {"z": -5.0, "alpha": 0.1}, {"z": None}, {"z": 1.0, **DROWSY}])
def test_no_choice_and_no_evidence_is_other_than_without_it(says: dict[str, object]) -> None:
    plain, told = write(Wearer()), write(Wearer(**says))
    assert len(plain) >= 6
    assert [without_engagement(each) for each in told] == [without_engagement(each) for each in plain]


def test_what_was_looked_at_is_recorded_with_the_engagement_of_that_time() -> None:
    writer = Wearer(z=1.0)
    writer.show()
    writer.look(1, 1.0)
    writer.says = {"z": -2.0}
    writer.show()
    writer.look(2, 1.0)
    writer.press()
    shown = {tile.slot: tile for tile in writer.decided[-1].decision.shown}
    assert shown[1].engagement == pytest.approx(1.0, abs=0.4)
    assert shown[2].engagement == pytest.approx(-2.0, abs=0.4)
    assert shown[3].engagement is None
    assert shown[3].gaze_ms == 0


def test_after_a_choice_it_is_counted_anew() -> None:
    writer = Wearer(z=4.0)
    writer.choose(1)
    writer.says = {"z": -1.0}
    writer.now_ns += seconds(1)
    writer.choose(1)
    shown = {tile.slot: tile for tile in writer.decided[-1].decision.shown}
    assert shown[1].engagement == pytest.approx(-1.0, abs=0.1)


def test_looks_most_of_which_came_without_a_figure_have_none() -> None:
    writer = Wearer()
    writer.show()
    writer.look(1, 1.0)
    writer.says = {"z": 2.0}
    writer.show()
    writer.look(1, 0.4)
    assert writer.state.engaging.looked
    writer.press()
    assert writer.decided[-1].decision.shown[1].engagement is None


def test_what_was_said_long_ago_or_is_dated_ahead_says_nothing() -> None:
    known = engaging.heard(Engaging(), m.Engaged(at_ns=seconds(10), z=2.0, alpha=2.0, drowsy=True))
    assert engaging.drowsy(known, seconds(12)) is True
    for now_s in (14, 9):
        assert engaging.drowsy(known, seconds(now_s)) is None
        before, after = Selector(), Selector(gaze_ns=((1, 100),))
        assert engaging.looked(known, before, after, seconds(now_s)) is known


@pytest.mark.parametrize("z", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_says_nothing(z: float) -> None:
    known = engaging.heard(Engaging(), m.Engaged(at_ns=1, z=z))
    assert known.newest == m.Engaged(at_ns=1)


def test_how_the_eyes_were_is_recorded_and_of_private_text_nothing() -> None:
    for says, drowsy in (({}, None), ({"z": 1.0}, None), ({"alpha": 0.5}, False), (DROWSY, True)):
        quality = write(Wearer(**says))[0].quality
        assert quality is not None
        assert quality.drowsy is drowsy
    hidden = Wearer(z=1.0)
    lasting = msgspec.structs.replace(hidden.state.writing.lasting, incognito=True)
    writing = msgspec.structs.replace(hidden.state.writing, lasting=lasting)
    hidden.state = msgspec.structs.replace(hidden.state, writing=writing)
    decision = write(hidden)[0]
    assert (decision.quality, decision.shown) == (None, ())


def test_old_records_read_without_it() -> None:
    decision = write(Wearer(z=1.0))[0]
    old = msgspec.to_builtins(decision)
    for tile in old["shown"]:
        del tile["engagement"]
    del old["quality"]["drowsy"]
    read = msgspec.convert(old, m.Decision)
    assert {tile.engagement for tile in read.shown} == {None}
    assert read.quality is not None
    assert read.quality.drowsy is None


# --- the pace for drowsy eyes ---------------------------------------------------------------------------------


def by_edge(desk: Desk, slot: int, read_s: float, limit_s: float = 20.0) -> float:
    """Seconds until a tile is chosen by reading it for so long, and looking at its edge, again and again."""
    began_ns, chosen = desk.now_ns, len(desk.decided)
    while len(desk.decided) == chosen:
        assert desk.now_ns - began_ns < seconds(limit_s), "stuck"
        desk.show()
        desk.look(slot, read_s)
        pad = next(tile for tile in desk.state.tiles if tile.slot == slot).pad
        x, y = (pad.left + pad.right) / 2, (pad.top + pad.bottom) / 2
        x, y = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
        desk.show()
        for _ in range(8):
            desk.now_ns += seconds(FRAME_S)
            point = m.GazePoint(x=x, y=y, sd_x=EYES_SD, sd_y=EYES_SD)
            desk.hear(m.Gaze(at_ns=desk.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))
            if len(desk.decided) > chosen:
                break
    return (desk.now_ns - began_ns) / 1e9


def test_drowsy_eyes_choose_at_an_edge_later_and_never_earlier_and_are_never_stuck() -> None:
    slower = 0
    for read_s in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
        rested, drowsy = by_edge(Wearer(), 0, read_s), by_edge(Wearer(**DROWSY), 0, read_s)
        assert drowsy >= rested
        slower += drowsy > rested
    assert slower >= 1


@pytest.mark.parametrize("times", [1.0, 1.25, 1.5])
def test_nothing_but_the_reading_before_an_edge_is_paced_and_only_while_drowsy(times: float) -> None:
    rule = msgspec.structs.replace(CommitSettings(), drowsy_times=times)
    known = engaging.heard(Engaging(), m.Engaged(at_ns=0, alpha=2.0, drowsy=True))
    paced = engaging.paced(known, rule, 1)
    assert paced.read_s == pytest.approx(rule.read_s * times)
    assert paced.read_s_per_word == pytest.approx(rule.read_s_per_word * times)
    unread = {"read_s": 1.0, "read_s_per_word": 1.0}
    assert msgspec.structs.replace(paced, **unread) == msgspec.structs.replace(rule, **unread)
    assert engaging.paced(known, rule, seconds(30)) is rule
    awake = engaging.heard(known, m.Engaged(at_ns=0, alpha=2.0))
    assert engaging.paced(awake, rule, 1) is rule


def test_the_screen_says_why_it_waits_for_a_while_and_only_where_it_does() -> None:
    known, rule = Engaging(), CommitSettings(drowsy_times=1.25)
    said = []
    for at_s in range(0, 60, 2):
        told = m.Engaged(at_ns=seconds(at_s), alpha=2.0, drowsy=10 <= at_s < 50)
        known = engaging.heard(known, told)
        said.append(engaging.told(known, rule, seconds(at_s)) is m.Trouble.DROWSY)
    assert [2 * place for place, is_said in enumerate(said) if is_said] == list(range(10, 31, 2))
    drowsy = engaging.heard(known, m.Engaged(at_ns=seconds(60), alpha=2.0, drowsy=True))
    assert engaging.told(drowsy, rule, seconds(60)) is m.Trouble.DROWSY
    assert engaging.told(drowsy, CommitSettings(), seconds(60)) is None


def test_any_stream_of_figures_leaves_looks_and_offers_as_they_are() -> None:
    chance = random.Random(3)
    plain, told = Desk(RULES), Desk(RULES)
    for _ in range(300):
        if chance.random() < 0.5:
            z = chance.choice([None, float("nan"), chance.gauss(0, 3)])
            at_ns = told.now_ns - seconds(chance.choice([0, 0.5, 5, -5]))
            told.state = headband.heard(told.state, m.Engaged(at_ns=at_ns, z=z, alpha=chance.gauss(0, 2)))
        slot, for_s = chance.randrange(10), chance.choice([0.1, 0.3, 0.9])
        for desk in (plain, told):
            desk.show()
            desk.look(slot, for_s)
        if chance.random() < 0.2:
            plain.press()
            told.press()
        assert told.state.selector == plain.state.selector
        assert told.state.tiles == plain.state.tiles
    assert len(told.decided) >= 10


def test_how_it_was_seen_is_part_of_the_quality_of_a_choice() -> None:
    state = headband.heard(Writer().state, m.Engaged(at_ns=seconds(10), alpha=0.2))
    assert record.quality(state, seconds(10)).drowsy is False
    assert record.quality(deciding.first(0), seconds(10)).drowsy is None
