"""Writing with tiles that light up in turn: through the decision, as display and switch would tell it."""

import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core import vigil
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import scan
from vybor.selector.ways import Headband
from world.desk import Desk

RULE = CommitSettings(scan=ScanUse.ALWAYS)
WORDS = ("I", "you", "the", "we")
TICK_S = 0.05


def instant(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return tuple(m.Candidate(words=(word,), p=0.2, source=m.Source.NGRAM) for word in WORDS)


class Scanning(Desk):
    """A desk at which nobody looks: tiles light up, and a hand presses."""

    def __init__(self, rule: CommitSettings = RULE) -> None:
        super().__init__(Rules(session="s", language="en", commit=rule, instant=instant, count=4, look_ahead=6))

    def wait(self, for_s: float) -> None:
        """Let time pass; the display shows what it is told."""
        for _ in range(round(for_s / TICK_S)):
            self.now_ns += seconds(TICK_S)
            self.state = deciding.passed(self.state, self.rules, self.now_ns, Headband.UNSET)
            light = self.state.highlight
            screen = self.screen()
            shows = light if light and light.scan and light.offer == screen.offer else None
            self.hear(m.Shown(at_ns=self.now_ns, screen=screen, highlight=shows))

    def press_when_lit(self, *slots: int) -> None:
        """Wait until these are lit, and press half a second later."""
        for _ in range(2_000):
            if self.state.highlight and self.state.highlight.scan == slots:
                self.wait(0.5)
                self.press()
                return
            self.wait(TICK_S)
        raise AssertionError(f"{slots} are never lit")

    def take(self, slot: int) -> None:
        """Choose a tile by two presses, or by one where it is alone in its row."""
        self.wait(TICK_S)
        row = next(row for row in scan.rows(self.state.tiles) if slot in row)
        if len(row) > 1:
            self.press_when_lit(*row)
        self.press_when_lit(slot)

    def slot_of(self, role: Role) -> int:
        return next(tile.slot for tile in self.state.tiles if tile.role is role)


def test_a_sentence_is_written_and_spoken_with_a_switch_alone() -> None:
    desk = Scanning()
    desk.take(1)
    desk.take(0)
    desk.take(desk.slot_of(Role.SPEAK))
    assert desk.decided[-1].say == "You I."
    assert {each.decision.evidence.channel for each in desk.decided} == {m.Channelled.SCAN}


def test_rest_and_waking_by_the_switch() -> None:
    desk = Scanning()
    desk.take(desk.slot_of(Role.MENU))
    desk.take(desk.slot_of(Role.REST))
    assert desk.state.writing.mode is Mode.REST
    desk.press()
    desk.wait(30)  # all rounds are done
    assert desk.state.writing.mode is Mode.REST
    desk.press()
    while desk.state.writing.mode is Mode.REST:
        desk.take(desk.slot_of(Role.WAKE))
    assert [each.decision.action for each in desk.decided[-2:]] == [m.Action.PAGE, m.Action.WAKE]


def test_words_that_come_do_not_change_what_is_lit() -> None:
    desk = Scanning()
    desk.wait(0.5)
    before = desk.state.tiles[:3]
    assert desk.state.highlight is not None
    assert desk.state.highlight.scan == (0, 1, 2, 3)
    assert desk.state.prompt is not None
    other = tuple(m.Candidate(words=(word,), p=0.3, source=m.Source.MODEL) for word in ("no", "yes", "maybe"))
    desk.answer(other, desk.state.prompt.number, "model")
    assert desk.state.tiles[:3] == before


def test_lights_go_out_when_the_eyes_are_back() -> None:
    desk = Scanning(CommitSettings())
    desk.show()
    desk.press()
    desk.wait(7)
    assert desk.state.highlight is not None
    assert desk.state.highlight.scan
    for _ in range(6):
        desk.show()
        desk.look(5, 0.2)
        desk.state = deciding.passed(desk.state, desk.rules, desk.now_ns, Headband.UNSET)
    assert (desk.state.highlight.scan, desk.state.highlight.slot) == ((), 5)


def test_nothing_is_lit_or_chosen_while_the_display_is_silent() -> None:
    desk = Scanning()
    desk.wait(1)
    desk.now_ns += seconds(3)
    desk.press()
    desk.state = deciding.passed(desk.state, desk.rules, desk.now_ns, Headband.UNSET)
    desk.state = deciding.unseen(desk.state, desk.now_ns)
    desk.state = deciding.passed(desk.state, desk.rules, desk.now_ns, Headband.UNSET)
    assert desk.decided == []
    assert desk.state.highlight is not None
    assert desk.state.highlight.scan == ()


@pytest.mark.parametrize(
    ("trouble", "process", "there"),
    [
        (None, "", Headband.THERE),
        (m.Trouble.HEADBAND_STOPPED, "headband", Headband.GONE),
        (m.Trouble.PROCESS_SILENT, "headband", Headband.GONE),
        (m.Trouble.PROCESS_SILENT, "voice", Headband.THERE),
    ],
)
def test_how_the_headband_fares_is_told_by_its_notices(
    trouble: m.Trouble | None, process: str, there: Headband
) -> None:
    told = (m.Notice(process=process, trouble=trouble),) if trouble else ()
    assert vigil.headband(told, is_set=True) is there
    assert vigil.headband(told, is_set=False) is Headband.UNSET
