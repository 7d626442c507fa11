"""Whatever eyes, body and switch do: an offer is answered at most once, and at rest only waking is chosen."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.composer.layout import TEN
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules, no_words
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector.ways import Headband
from world.desk import Desk

TEXT = "Let me sleep"
acts = st.tuples(
    st.sampled_from(["look", "edge", "gesture", "press", "wait", "wait"]), st.integers(0, 9), st.floats(0.05, 3)
)


class Stirring(Desk):
    """Somebody who writes, or rests, while the display shows what it is told."""

    def __init__(self, use: ScanUse, *, resting: bool = False) -> None:
        commit = CommitSettings(scan=use, lost_s=1.0)
        super().__init__(Rules(session="s", language="en", commit=commit, instant=no_words, count=4))
        draft = m.Draft(request="r", text=TEXT, history=("",), resting=resting)
        self.state = deciding.restored(self.state, draft, self.rules, self.now_ns)

    def act(self, kind: str, slot: int, for_s: float) -> None:
        match kind:
            case "look":
                self.look(slot, for_s)
            case "edge":
                pad = TEN.zones[slot].pad
                x, y = (
                    (max(0.0, pad.left) + min(1.0, pad.right)) / 2,
                    (max(0.0, pad.top) + min(1.0, pad.bottom)) / 2,
                )
                for _ in range(round(for_s * 15)):
                    self.now_ns += seconds(1 / 15)
                    point = m.GazePoint(x=x, y=y, sd_x=0.03, sd_y=0.03)
                    self.hear(m.Gaze(at_ns=self.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))
            case "gesture":
                double = m.GestureKind.DOUBLE_BLINK
                at_ns = self.now_ns
                self.hear(m.Gesture(at_ns=at_ns, at_sd_ns=0, ended_ns=at_ns, kind=double, log_odds=3.0))
            case "press":
                self.press()
            case _:
                self.now_ns += seconds(for_s)
        self.state = deciding.passed(self.state, self.rules, self.now_ns, Headband.THERE)
        screen, light = self.screen(), self.state.highlight
        shows = light if light and light.offer == screen.offer else None
        self.hear(m.Shown(at_ns=self.now_ns, screen=screen, highlight=shows))


@settings(max_examples=80, deadline=None)
@given(st.lists(acts, max_size=40), st.sampled_from(ScanUse))
def test_only_waking_is_chosen_at_rest(stream: list[tuple[str, int, float]], use: ScanUse) -> None:
    desk = Stirring(use, resting=True)
    for kind, slot, for_s in stream:
        before, count = desk.state.writing, len(desk.decided)
        desk.act(kind, slot, for_s)
        if before.mode is not Mode.REST:
            return
        if len(desk.decided) > count:
            assert [tile.role for tile in desk.state.tiles] == [
                Role.WAKE
            ] or desk.state.writing.mode is not Mode.REST
        assert (desk.state.writing.text, desk.state.writing.past) == (TEXT, ("",))
        assert not any(each.say or each.call_help or each.hush for each in desk.decided)


def test_the_stream_can_wake_so_that_the_property_says_something() -> None:
    desk = Stirring(ScanUse.OFF, resting=True)
    desk.act("wait", 0, 0.1)
    while desk.state.writing.mode is Mode.REST:
        desk.act("look", desk.state.tiles[0].slot, 1.0)
        desk.act("press", 0, 0)
    assert [each.decision.slot for each in desk.decided] != []
    assert isinstance(desk.state.writing, Writing)


def test_an_offer_is_answered_at_most_once() -> None:
    """By the same random act again and again, each as somebody might who means it; and by half of one."""
    chance, chosen = random.Random(5), 0
    for use in (*ScanUse, *ScanUse):
        desk = Stirring(use)
        for _ in range(150):
            slot = chance.randrange(10)
            for kind in chance.choice(
                (("look", "edge"), ("look", "press"), ("look", "gesture"), ("wait", "press"))
            ):
                desk.act(kind, slot, chance.choice((0.3, 0.7, 1.2)))
        offers = [decided.decision.offer for decided in desk.decided]
        assert len(offers) == len(set(offers))
        assert all(decided.decision.shown for decided in desk.decided)
        assert desk.decided
        chosen += len(offers)
    assert chosen > 100
