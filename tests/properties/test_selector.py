"""The selector under any stream of messages: at most one selection an offer, and only of what was shown."""

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import without_pad
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import looking, scan
from vybor.selector import step as select
from vybor.selector.state import Selection, Selector
from vybor.selector.ways import Headband

RULE = CommitSettings()
FRAME_S = 1 / 15
STALEST_NS = seconds(1.5)
SINGLE = ("look", "closed", "absent", "gesture", "press", "shown", "lit", "passed", "long")
SCENES = (
    *((kind,) for kind in SINGLE),
    ("dwell", "press"),
    ("dwell", "gesture"),
    ("dwell", "edge"),
    ("dwell", "shown", "edge"),
    ("dwell", "closed", "press"),
    ("passed", "lit", "press"),
    ("passed", "lit", "passed", "gesture"),
)
"""Single messages, and what somebody does who means something, in parts that others may interrupt."""
Happening = tuple[str, float, float, float, float]


def stream_of(seed: int) -> list[Happening]:
    """Messages of every kind: mostly a fraction of a second after the other, some late, some seconds later."""
    chance = random.Random(seed)
    stream: list[Happening] = [("shown", 0.0, 0.0, 0.0, 0.0)]
    while len(stream) < 120:
        x, y, sd = chance.uniform(-1, 2), chance.uniform(-1, 2), chance.choice((0.01, 0.03, 0.06, 0.3))
        for kind in chance.choice(SCENES):
            wait_s = chance.choice((0.05, 0.3, 0.7)) if chance.random() < 0.9 else chance.uniform(-0.5, 3)
            stream.append((kind, wait_s, x, y, sd))
    return stream


def offer_tiles(number: int) -> tuple[m.Tile, ...]:
    return tuple(
        m.Tile(slot=slot, role=m.Role.CANDIDATE, area=zone.area, pad=zone.pad, label=f"{number}-{slot}")
        for slot, zone in enumerate(TEN.zones)
        if (slot + number) % 5
    )


def unseen(kind: str, at_ns: int) -> m.Gaze:
    return m.Gaze(at_ns=at_ns, at_sd_ns=0, eyes=m.Eyes.CLOSED if kind == "closed" else m.Eyes.ABSENT)


def seen(at_ns: int, x: float, y: float, sd: float) -> m.Gaze:
    point = m.GazePoint(x=x, y=y, sd_x=sd, sd_y=sd)
    return m.Gaze(at_ns=at_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)


def middle(area: m.Area) -> tuple[float, float]:
    """Of what of it is on the screen."""
    return (max(0.0, area.left) + min(1.0, area.right)) / 2, (max(0.0, area.top) + min(1.0, area.bottom)) / 2


class Stream:
    """A selector that hears whatever comes, and what must hold of every choice."""

    def __init__(self, rule: CommitSettings) -> None:
        self.rule = rule
        self.state = Selector()
        self.now_ns = seconds(100)
        self.number = 0
        self.looks_ns: list[int] = []
        self.lit: set[int] = set()
        self.chosen_ns = -1
        self.channels: set[m.Channelled] = set()

    def take(self, happening: Happening) -> None:
        """One message, or a second of looks at a tile."""
        kind, wait_s, x, y, sd = happening
        self.now_ns += seconds(wait_s)
        frames = 1
        if kind in ("dwell", "edge"):
            zone = TEN.zones[round(abs(x) * 5) % 10]
            area = zone.pad if kind == "edge" else without_pad(zone.area, zone.pad)
            (x, y), kind, frames = middle(area), "look", 15
        for _ in range(frames):
            self.now_ns += seconds(FRAME_S) if frames > 1 else 0
            if chosen := self.hear(kind, x, y, sd):
                self.holds_of(chosen)

    def hear(self, kind: str, x: float, y: float, sd: float) -> Selection | None:
        chosen: Selection | None = None
        match kind:
            case "shown":
                self.number += 1
                self.state = select.shown(self.state, self.number, offer_tiles(self.number), self.now_ns)
            case "look":
                self.looks_ns.append(self.now_ns)
                self.state, chosen = select.look(self.state, seen(self.now_ns, x, y, sd), self.rule)
            case "closed" | "absent":
                self.state, chosen = select.look(self.state, unseen(kind, self.now_ns), self.rule)
            case "gesture":
                double = m.GestureKind.DOUBLE_BLINK
                made = m.Gesture(at_ns=self.now_ns, at_sd_ns=0, ended_ns=self.now_ns, kind=double, log_odds=4.0)
                self.state, chosen = select.gesture(self.state, made, self.rule)
            case "press":
                self.state, chosen = select.press(self.state, m.SwitchPress(at_ns=self.now_ns), self.rule)
            case "lit":
                slots = scan.turn(self.state, self.now_ns, self.rule).slots
                self.lit.update(slots)
                light = m.Highlight(at_ns=self.now_ns, offer=self.state.offer, slot=None, scan=slots)
                self.state = select.lit(self.state, light, self.now_ns)
            case _:
                headband = list(Headband)[round(abs(x) * 7) % 3]
                self.now_ns += seconds(8) if kind == "long" else 0
                self.state = select.passed(self.state, self.now_ns, self.rule, headband)
        return chosen

    def holds_of(self, chosen: Selection) -> None:
        """What a choice must be, whatever came before it."""
        assert 1 <= chosen.offer <= self.number
        assert chosen.slot in {tile.slot for tile in offer_tiles(chosen.offer)}
        assert self.now_ns >= self.chosen_ns + seconds(self.rule.refractory_s)
        if chosen.evidence.channel is m.Channelled.SCAN:
            assert chosen.offer == self.number
            assert chosen.slot in self.lit
        else:
            assert chosen.evidence.gaze_age_ms <= STALEST_NS / 1e6
            assert any(0 <= self.now_ns - look_ns <= STALEST_NS for look_ns in self.looks_ns)
        assert chosen.evidence.posterior >= self.rule.certainty**2
        self.chosen_ns = self.now_ns
        self.channels.add(chosen.evidence.channel)
        self.state = select.rest_after_choice(self.state, self.now_ns, self.rule)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(ScanUse), st.booleans())
def test_a_selection_answers_a_shown_offer_on_fresh_evidence(seed: int, use: ScanUse, pad: bool) -> None:
    heard = Stream(msgspec.structs.replace(RULE, scan=use, pad=pad))
    for happening in stream_of(seed):
        heard.take(happening)


def test_those_streams_choose_in_every_way() -> None:
    """Or the property would say nothing."""
    channels: set[m.Channelled] = set()
    for seed in range(30):
        heard = Stream(RULE)
        for happening in stream_of(seed):
            heard.take(happening)
        channels |= heard.channels
    assert channels >= {m.Channelled.PAD, m.Channelled.DOUBLE_BLINK, m.Channelled.SWITCH, m.Channelled.SCAN}


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 9),
    st.integers(0, 9),
    st.floats(0, 0.2),
    st.floats(0, 0.2),
    st.floats(0.8, 2.0),
    st.floats(0, 1),
)
def test_a_double_blink_confirms_what_was_looked_at_however_late_camera_and_headband_are(
    meant: int, after: int, camera_s: float, headband_s: float, looked_s: float, phase: float
) -> None:
    """Each dates what it saw up to 200 ms late; lids are shut twice, and then the eyes go elsewhere."""
    tiles = tuple(
        m.Tile(slot=slot, role=m.Role.CANDIDATE, area=zone.area, pad=zone.pad, label=str(slot))
        for slot, zone in enumerate(TEN.zones)
    )
    state = select.shown(Selector(), 1, tiles, seconds(99))
    onset_s = 100 + looked_s
    for frame in range(round((looked_s + 1.5) / FRAME_S)):
        true_s = 100 + (frame + phase) * FRAME_S
        since_s = true_s - onset_s
        shut = -0.1 <= since_s <= 0.3 or 0.4 <= since_s <= 0.75
        zone = TEN.zones[meant if since_s < 0.75 else after]
        x, y = middle(without_pad(zone.area, zone.pad))
        at_ns = seconds(true_s + camera_s)
        state, _ = select.look(state, unseen("closed", at_ns) if shut else seen(at_ns, x, y, 0.03), RULE)
    at_ns = seconds(onset_s + headband_s)
    made = m.Gesture(
        at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns + seconds(0.6), kind=m.GestureKind.DOUBLE_BLINK, log_odds=3.0
    )
    _, chosen = select.gesture(state, made, RULE)
    assert chosen is not None
    assert chosen.slot == meant


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.floats(0.005, 0.05), st.floats(0, 1e-3))
def test_an_unlikely_tile_is_armed_at_most_150_ms_after_a_likely_one(slot: int, sd: float, p: float) -> None:
    def armed_after(p: float) -> int:
        zone = TEN.zones[slot]
        x, y = middle(without_pad(zone.area, zone.pad))
        tiles = tuple(
            m.Tile(slot=n, role=m.Role.CANDIDATE, area=z.area, pad=z.pad, label=str(n), p=p if n == slot else 0.5)
            for n, z in enumerate(TEN.zones)
        )
        state = select.shown(Selector(), 1, tiles, 0)
        frame = 0
        while not looking.armed(state, seconds(frame * FRAME_S), RULE):
            frame += 1
            state, _ = select.look(state, seen(seconds(frame * FRAME_S), x, y, sd), RULE)
            assert frame < 100
        return frame

    assert (armed_after(p) - armed_after(1.0)) * FRAME_S <= 0.15
