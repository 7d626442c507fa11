"""The selector: what confirms, what does not."""

import math

import msgspec
import pytest

from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import looking, pads
from vybor.selector import step as select
from vybor.selector.belief import blank, density, observe, posterior
from vybor.selector.state import Selection, Selector

RULE = CommitSettings()
FRAME_S = 1 / 15


def tiles(
    labels: str = "abcdefghij", p: float | None = None, role: m.Role = m.Role.CANDIDATE
) -> tuple[m.Tile, ...]:
    return tuple(
        m.Tile(slot=slot, role=role, area=zone.area, pad=zone.pad, label=label, p=p)
        for slot, (zone, label) in enumerate(zip(TEN.zones, labels, strict=True))
    )


def body_of(slot: int) -> tuple[float, float]:
    zone = TEN.zones[slot]
    return middle(without_pad(zone.area, zone.pad))


def pad_of(slot: int) -> tuple[float, float]:
    return middle(TEN.zones[slot].pad)


def middle(area: m.Area) -> tuple[float, float]:
    """Of what lies on the screen or not far beyond."""
    left, right, top, bottom = (
        max(-0.1, area.left),
        min(1.1, area.right),
        max(-0.1, area.top),
        min(1.1, area.bottom),
    )
    return (left + right) / 2, (top + bottom) / 2


class Eyes:
    """Feeds looks to a selector in virtual time and keeps the selections."""

    def __init__(
        self,
        shown: tuple[m.Tile, ...] | None = None,
        rule: CommitSettings = RULE,
        sd: float = 0.03,
        standing: float | None = None,
    ) -> None:
        self.now_ns = seconds(10)
        self.rule = rule
        self.sd = sd
        self.standing = 0.8 * sd if standing is None else standing
        self.frame_s, self.late_s = FRAME_S, 0.0
        """From one look to the next, and from a look to the choice that it makes."""
        self.state = select.shown(Selector(), 1, tiles() if shown is None else shown, self.now_ns)
        self.chosen: list[Selection] = []

    def look(self, place: tuple[float, float] | None, for_s: float, unseen: m.Eyes = m.Eyes.CLOSED) -> "Eyes":
        for _ in range(round(for_s / self.frame_s)):
            self.now_ns += seconds(self.frame_s)
            point = self._point(*place) if place else None
            eyes = m.Eyes.OPEN if place else unseen
            gaze = m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=eyes, point=point)
            self._take(select.look(self.state, gaze, self.rule))
        return self

    def _point(self, x: float, y: float) -> m.GazePoint:
        sd, standing = self.sd, self.standing
        return m.GazePoint(x=x, y=y, sd_x=sd, sd_y=sd, standing_x=standing, standing_y=standing)

    def blink_twice(self, onset_ns: int | None = None, log_odds: float = 3.0) -> "Eyes":
        onset_ns = self.now_ns if onset_ns is None else onset_ns
        made = m.Gesture(
            at_ns=onset_ns, at_sd_ns=0, ended_ns=onset_ns, kind=m.GestureKind.DOUBLE_BLINK, log_odds=log_odds
        )
        self._take(select.gesture(self.state, made, self.rule))
        return self

    def press(self) -> "Eyes":
        self._take(select.press(self.state, m.SwitchPress(at_ns=self.now_ns), self.rule))
        return self

    def _take(self, result: tuple[Selector, Selection | None]) -> None:
        self.state, chosen = result
        if chosen:
            self.chosen.append(chosen)
            self.state = select.rest_after_choice(self.state, self.now_ns + seconds(self.late_s), self.rule)

    def slots(self) -> list[int]:
        return [chosen.slot for chosen in self.chosen]


@pytest.mark.parametrize("slot", range(10))
def test_look_and_double_blink_choose_the_tile(slot: int) -> None:
    eyes = Eyes().look(body_of(slot), 0.8).blink_twice()
    assert eyes.slots() == [slot]
    assert eyes.chosen[0].evidence.channel is m.Channelled.DOUBLE_BLINK


@pytest.mark.parametrize("slot", range(10))
def test_look_and_edge_choose_the_tile(slot: int) -> None:
    eyes = Eyes().look(body_of(slot), 1.0)
    assert eyes.slots() == []
    assert eyes.look(pad_of(slot), 1.2).slots() == [slot]


def test_look_and_press_choose_the_tile() -> None:
    assert Eyes().look(body_of(3), 0.8).press().slots() == [3]


def test_looking_alone_chooses_nothing() -> None:
    assert Eyes().look(body_of(2), 60).slots() == []


@pytest.mark.parametrize("role", [m.Role.CANDIDATE, m.Role.MARK, m.Role.MENU])
def test_staring_at_the_edge_alone_chooses_nothing(role: m.Role) -> None:
    """Only a tile that has been looked at first opens its edge."""
    assert Eyes(tiles(role=role)).look(pad_of(2), 60).slots() == []


def test_after_a_choice_the_eyes_must_leave_the_edge() -> None:
    eyes = Eyes().look(body_of(2), 1.5).look(pad_of(2), 30)
    assert eyes.slots() == [2]
    assert eyes.look(body_of(2), 1.5).look(pad_of(2), 1.5).slots() == [2, 2]


def test_reading_the_text_in_the_middle_chooses_nothing() -> None:
    eyes = Eyes()
    left, width = TEN.band.left + 0.05, TEN.band.right - TEN.band.left - 0.1
    for step in range(200):
        eyes.look((left + width * (step % 20) / 19, 0.5), 0.2)
    assert eyes.blink_twice().press().slots() == []


def test_a_single_blink_and_a_doubtful_gesture_choose_nothing() -> None:
    eyes = Eyes().look(body_of(1), 0.8)
    single = m.Gesture(at_ns=eyes.now_ns, at_sd_ns=0, ended_ns=eyes.now_ns, kind=m.GestureKind.BLINK, log_odds=5.0)
    eyes._take(select.gesture(eyes.state, single, RULE))
    assert eyes.blink_twice(log_odds=-1.0).slots() == []


@pytest.mark.parametrize("late_s", [0.0, 0.1, 0.2, 0.7, 1.2])
def test_a_gesture_known_late_goes_with_the_look_before_it(late_s: float) -> None:
    """The eyes may have moved on by the time the headband reports the double blink."""
    eyes = Eyes().look(body_of(5), 0.8)
    onset_ns = eyes.now_ns
    eyes.look(body_of(0), late_s).blink_twice(onset_ns)
    assert eyes.slots() == [5]


def test_stale_gaze_selects_nothing() -> None:
    eyes = Eyes().look(body_of(5), 0.8)
    eyes.now_ns += seconds(1.0)
    assert eyes.blink_twice().press().slots() == []


def test_looks_before_the_offer_was_shown_do_not_count() -> None:
    eyes = Eyes().look(body_of(5), 0.8)
    eyes.state = select.shown(eyes.state, 2, tiles("klmnopqrst"), eyes.now_ns + seconds(1))
    assert eyes.look(body_of(5), 0.9).press().slots() == []


def test_a_tile_that_did_not_change_keeps_its_evidence() -> None:
    eyes = Eyes().look(body_of(5), 0.8)
    eyes.state = select.shown(eyes.state, 2, tiles("klmnofpqrs"), eyes.now_ns)
    eyes.look(body_of(5), 0.1).press()
    assert [(chosen.offer, chosen.slot) for chosen in eyes.chosen] == [(2, 5)]


def test_nothing_is_chosen_right_after_a_choice() -> None:
    eyes = Eyes().look(body_of(5), 0.8).press()
    assert eyes.press().look(body_of(5), 0.3).press().slots() == [5]


def test_an_unlikely_tile_is_armed_at_most_150_ms_after_a_likely_one() -> None:
    def armed_after_s(p: float) -> float:
        eyes = Eyes(tiles(p=p))
        while not looking.armed(eyes.state, eyes.now_ns, RULE):
            eyes.look(body_of(1), FRAME_S)
        return (eyes.now_ns - seconds(10)) / 1e9

    assert armed_after_s(0.0001) - armed_after_s(0.9) <= 0.15


def test_the_prior_never_chooses() -> None:
    """On the line between two tiles the likelier one is not certain, whatever the model says."""
    left, right = tiles(p=1.0)[0], tiles(p=1e-9)[1]
    eyes = Eyes((left, right, *tiles()[2:]), sd=0.06).look((0.25, 0.2), 3).press()
    assert eyes.slots() == []


def test_a_choice_by_the_edge_of_an_unlikely_tile_takes_at_most_150_ms_longer() -> None:
    def chosen_after_s(p: float, sd: float) -> float:
        eyes = Eyes(tiles(p=p), sd=sd).look(body_of(1), 1.0)
        while not eyes.chosen:
            eyes.look(pad_of(1), FRAME_S)
        return (eyes.now_ns - seconds(10)) / 1e9

    for sd in (0.01, 0.03, 0.05):
        assert chosen_after_s(1e-9, sd) - chosen_after_s(1.0, sd) <= 0.15


def test_a_blink_interrupts_nothing_and_counts_for_nothing() -> None:
    eyes = Eyes().look(body_of(2), 1.0).look(pad_of(2), 0.4)
    before = pads.progress(eyes.state, eyes.now_ns, RULE)
    eyes.look(None, 0.2)
    assert (eyes.state.slot, pads.progress(eyes.state, eyes.now_ns, RULE)) == (2, before)
    eyes.look(pad_of(2), FRAME_S)
    assert pads.progress(eyes.state, eyes.now_ns, RULE) == before > 0
    assert eyes.look(pad_of(2), 0.8).slots() == [2]


def test_eyes_that_stay_closed_are_on_no_tile() -> None:
    eyes = Eyes().look(body_of(2), 1.0).look(None, 0.8)
    assert eyes.state.slot is None
    assert posterior(eyes.state.belief, eyes.state.tiles).closed > 0.9
    assert eyes.press().blink_twice().slots() == []


@pytest.mark.parametrize(
    ("unseen", "least", "most"), [(m.Eyes.CLOSED, 0.9, 1.0), (m.Eyes.OPEN, 0.3, 0.9), (m.Eyes.ABSENT, 0.0, 0.2)]
)
def test_looks_without_a_place_are_evidence_by_what_the_camera_saw(
    unseen: m.Eyes, least: float, most: float
) -> None:
    eyes = Eyes().look(None, 1.0, unseen)
    believed = posterior(eyes.state.belief, eyes.state.tiles)
    assert least <= believed.closed <= most
    assert sum(believed.tiles) + believed.closed < 1


def test_a_face_that_is_gone_speaks_against_every_tile() -> None:
    def left_of(unseen: m.Eyes) -> float:
        eyes = Eyes().look(body_of(2), 1.0).look(None, 2 * FRAME_S, unseen)
        believed = posterior(eyes.state.belief, eyes.state.tiles)
        return believed.tiles[2] / (1 - believed.closed)

    assert left_of(m.Eyes.ABSENT) < left_of(m.Eyes.OPEN)
    assert left_of(m.Eyes.OPEN) == pytest.approx(left_of(m.Eyes.CLOSED))


def test_faster_looks_do_not_say_more() -> None:
    """At sixty a second as at fifteen: what counts is how long the eyes are there."""
    shown, point = tiles(), m.GazePoint(x=0.25, y=0.15, sd_x=0.05, sd_y=0.05)

    def believed(hz: int) -> float:
        belief = blank(shown, 0)
        for frame in range(1, hz + 1):
            belief = observe(belief, shown, point, seconds(frame / hz))
        return posterior(belief, shown).tiles[1]

    assert believed(60) == pytest.approx(believed(15), abs=0.06)


def test_a_lead_is_kept_at_the_border_of_two_tiles() -> None:
    """Looks that swing over the border light neither in turn; one that goes on into the other tile does."""
    eyes = Eyes(sd=0.05).look((0.45, 0.15), 0.6)
    leads = set()
    for swing in range(20):
        eyes.look((0.515 if swing % 2 else 0.485, 0.15), FRAME_S)
        leads.add(eyes.state.slot)
    assert leads == {1}
    assert eyes.look((0.6, 0.15), 0.5).state.slot == 2


def test_a_weak_signal_chooses_nothing_and_shortens_the_look_at_the_edge() -> None:
    def pad_s(log_odds: float | None) -> float:
        eyes = Eyes().look(body_of(2), 1.0)
        if log_odds is not None:
            eyes.blink_twice(log_odds=log_odds)
            assert eyes.slots() == []
        began_ns = eyes.now_ns
        while not eyes.chosen:
            eyes.look(pad_of(2), FRAME_S)
        assert eyes.chosen[0].evidence.channel is m.Channelled.PAD
        assert (eyes.chosen[0].evidence.log_odds.signal > 0) == (log_odds is not None and log_odds > 0)
        return (eyes.now_ns - began_ns) / 1e9

    assert pad_s(1.0) <= pad_s(None) - 2 * FRAME_S
    assert pad_s(-2.0) == pytest.approx(pad_s(None))


def test_a_weak_signal_helps_only_the_tile_that_was_looked_at_and_not_for_long() -> None:
    eyes = Eyes().look(body_of(2), 1.0).blink_twice(log_odds=1.0).look(body_of(5), 1.0)
    assert pads.progress(eyes.look(pad_of(5), 0.2).state, eyes.now_ns, RULE) < 0.5
    late = Eyes().look(body_of(2), 1.0).blink_twice(log_odds=1.0).look(body_of(2), 2.5).look(pad_of(2), 0.2)
    assert pads.progress(late.state, late.now_ns, RULE) < 0.5


def test_a_signal_that_is_doubtful_alone_confirms_while_the_edge_is_looked_at() -> None:
    eyes = Eyes().look(body_of(2), 1.0).look(pad_of(2), 0.4)
    assert eyes.slots() == []
    eyes.blink_twice(log_odds=1.0)
    assert eyes.slots() == [2]
    assert eyes.chosen[0].evidence.log_odds.pad > 0


def test_the_record_tells_what_each_source_said() -> None:
    said = Eyes(tiles(p=0.001)).look(body_of(1), 0.8).press().chosen[0].evidence
    assert said.log_odds.switch > 0 > said.log_odds.prior
    assert (said.log_odds.signal, said.log_odds.pad, said.log_odds.scan, said.slot_without_prior) == (0, 0, 0, 1)
    together = 1 / (1 + math.exp(-said.log_odds.gaze - said.log_odds.prior))
    assert together == pytest.approx(said.posterior, abs=1e-3)
    assert Eyes().look(body_of(1), 0.8).blink_twice().chosen[0].evidence.log_odds.signal == 3.0
    by_pad = Eyes().look(body_of(1), 1.0).look(pad_of(1), 1.2).chosen[0].evidence.log_odds
    assert by_pad.pad >= 2.1
    assert (by_pad.signal, by_pad.switch) == (0, 0)


def test_evidence_without_the_prior_is_kept_beside_it() -> None:
    improbable = [msgspec.structs.replace(tile, p=0.001 if tile.slot == 1 else 0.5) for tile in tiles()]
    evidence = Eyes(tuple(improbable), sd=0.06).look(body_of(1), 0.8).press().chosen[0].evidence
    assert evidence.posterior < evidence.posterior_without_prior


def test_each_way_in_can_be_switched_off() -> None:
    nothing = CommitSettings(pad=False, biosignal=False, switch=False)
    eyes = Eyes(rule=nothing).look(body_of(1), 1).press().blink_twice().look(pad_of(1), 3)
    assert eyes.slots() == []


def test_time_on_each_tile_is_counted() -> None:
    eyes = Eyes().look(body_of(1), 1.0).look(body_of(6), 2.0)
    spent = dict(eyes.state.gaze_ns)
    assert spent[1] == pytest.approx(seconds(1.0), rel=0.3)
    assert spent[6] == pytest.approx(seconds(2.0), rel=0.3)


def test_density_integrates_to_one_over_a_wide_area() -> None:
    wide = m.Area(left=-10, top=-10, right=10, bottom=10)
    point = m.GazePoint(x=0.3, y=0.4, sd_x=0.1, sd_y=0.2)
    assert density(point, wide) * 400 == pytest.approx(1.0)


def test_a_shift_of_all_clocks_changes_only_stamps() -> None:
    def run(shift_ns: int) -> tuple[list[int], msgspec.Struct]:
        eyes = Eyes()
        eyes.now_ns += shift_ns
        eyes.state = select.shown(Selector(), 1, tiles(), eyes.now_ns)
        eyes.look(body_of(4), 0.8).blink_twice().look(body_of(2), 1.5).look(pad_of(2), 1)
        return eyes.slots(), eyes.chosen[-1].evidence

    assert run(0) == run(seconds(12345))


def test_a_signal_confirms_only_what_was_looked_at_long_enough() -> None:
    eyes = Eyes().look(body_of(0), 1.0).look(body_of(5), 2 * FRAME_S)
    eyes.press().blink_twice()
    assert 5 not in eyes.slots()


@pytest.mark.parametrize("log_odds", [float("nan"), -1e9, float("-inf")])
def test_a_gesture_of_senseless_odds_confirms_nothing(log_odds: float) -> None:
    assert Eyes().look(body_of(1), 0.8).blink_twice(log_odds=log_odds).slots() == []


def test_no_pad_opens_where_pads_are_off() -> None:
    off = CommitSettings(pad=False)
    eyes = Eyes(rule=off).look(body_of(1), 3)
    assert not pads.is_open(eyes.state, eyes.now_ns, off)
