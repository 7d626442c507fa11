"""The real display and the real decision, in virtual time, and a key that is pressed when a tile is lit."""

from pathlib import Path

import pygame
import pytest

from unit.test_display_window import SETTINGS, Desk, press
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.core.decision import deciding
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Decided
from vybor.display.drawing.window import open_window
from vybor.foundation.settings import CommitSettings, ScanUse
from vybor.selector import scan
from vybor.selector.ways import Headband

STEP_S = 0.05
REACTION_STEPS = 10


def instant(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    return tuple(m.Candidate(words=(word,), p=0.2, source=m.Source.NGRAM) for word in ("I", "you", "the"))


class Writer:
    """Core beside a display: whatever one says the other hears."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        commit = CommitSettings(scan=ScanUse.ALWAYS)
        self.rules = Rules(session="s", language="en", commit=commit, instant=instant, count=3)
        self.state = deciding.begin(self.rules, desk.clock.ns)
        self.decided: list[Decided] = []

    def step(self) -> None:
        now_ns = self.desk.clock.ns
        self.state = deciding.passed(self.state, self.rules, now_ns, Headband.UNSET)
        self.desk.hear(deciding.screen(self.state, now_ns, m.Saving.SAVED, (), "en"))
        if self.state.highlight:
            self.desk.hear(self.state.highlight)
        for said in self.desk.turn(STEP_S):
            assert isinstance(said, m.Shown | m.SwitchPress)
            self.state, decided = deciding.heard(self.state, said, self.rules, self.desk.clock.ns)
            self.decided += [decided] if decided else []

    def leave_the_starting_page(self) -> None:
        """Read it, then press."""
        for _ in range(20):
            self.step()
        press(pygame.K_RETURN)
        self.step()

    def press_when_lit(self, slots: tuple[int, ...]) -> None:
        for _ in range(400):
            self.step()
            if self.state.highlight and self.state.highlight.scan == slots:
                break
        for _ in range(REACTION_STEPS):
            self.step()
        press(pygame.K_RETURN)
        self.step()

    def take(self, role: Role, label: str = "") -> None:
        slot = next(tile.slot for tile in self.state.tiles if tile.role is role and tile.label.startswith(label))
        self.press_when_lit(next(row for row in scan.rows(self.state.tiles) if slot in row))
        self.press_when_lit((slot,))


def test_a_sentence_is_written_with_one_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = open_window(SETTINGS.display, pointer=True)
    try:
        list(window.happenings())
        writer = Writer(Desk(window, tmp_path))
        writer.leave_the_starting_page()
        writer.take(Role.CANDIDATE, "You")
        writer.take(Role.CANDIDATE, "the")
        writer.take(Role.SPEAK)
    finally:
        window.close()
    assert [decided.decision.written for decided in writer.decided[:2]] == ["You", " the"]
    assert writer.decided[-1].say == "You the."
