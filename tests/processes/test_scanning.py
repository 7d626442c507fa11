"""A switch and nothing else: core and journal as real processes, and a display that says what it has lit."""

from pathlib import Path

import pytest

from processes.stage import Hands, hands, kit
from processes.test_writing import kept, saving
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Saving
from vybor.foundation.bus import Arrival, Heard
from vybor.foundation.clock import seconds
from vybor.selector import scan

SETTINGS = '[commit]\nscan = "always"\nscan_step_s = 0.8\nscan_reaction_s = 0.1\nrefractory_s = 0.2\n'
REACTION_S = 0.4
"""In the middle of a turn: a machine that is busy for a moment must not make a press doubtful."""


class Hand(Hands):
    """Presses when what is wanted is lit."""

    def take(self, role: Role) -> None:
        """Choose a tile: its row, then itself."""
        self.until(lambda: self.screen is not None and any(tile.role is role for tile in self.screen.tiles))
        slot, screen = self.tile(role).slot, self.screen
        assert screen is not None
        self.press_when_lit(next(row for row in scan.rows(screen.tiles) if slot in row))
        self.press_when_lit((slot,))
        self.until(lambda: self.screen is not None and self.screen.offer > screen.offer, 5)

    def press_when_lit(self, slots: tuple[int, ...]) -> None:
        """Wait until these are lit, and press a moment later."""
        self.until(lambda: self.highlight is not None and self.highlight.scan == slots)
        ready_ns = self.clock.now_ns() + seconds(REACTION_S)
        self.until(lambda: self.clock.now_ns() >= ready_ns)
        self.press()

    def _show(self, arrival: Arrival) -> None:
        """Show tiles and lights together, as the display does."""
        if isinstance(arrival, Heard) and isinstance(arrival.message, m.Screen):
            self.screen = arrival.message
        if isinstance(arrival, Heard) and isinstance(arrival.message, m.Highlight):
            self.highlight = arrival.message
        light = self.highlight if self.highlight and self.highlight.scan else None
        self.display.publish(m.Shown(at_ns=self.clock.now_ns(), screen=self.screen, highlight=light))


def test_a_phrase_is_written_with_a_switch_alone(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal", settings=SETTINGS) as running:
        person = Hand(running.runtime)
        try:
            person.take(Role.MENU)
            person.take(Role.TOOLS)
            person.take(Role.PHRASES)
            assert person.screen is not None
            assert person.screen.mode is Mode.PHRASES
            person.take(Role.PHRASE)
            person.until(lambda: bool(person.text()) and saving(person) is Saving.SAVED)
        finally:
            person.close()
    evidence = [decision.evidence for decision in kept(tmp_path / "state")]
    assert [each.channel for each in evidence] == [m.Channelled.SCAN] * 4
    assert all(each.log_odds.scan > 0 and each.log_odds.switch > 0 for each in evidence)


@pytest.mark.slow
def test_without_looks_the_first_press_lights_tiles_and_the_screen_says_so(tmp_path: Path) -> None:
    def troubles() -> set[m.Trouble]:
        return {notice.trouble for notice in person.screen.notices} if person.screen else set()

    with (
        kit(tmp_path, "core", "journal", settings="[commit]\nlost_s = 1\n") as running,
        hands(running.runtime) as person,
    ):
        person.until(lambda: m.Trouble.SCAN_WAITS in troubles())
        person.press()
        person.until(lambda: m.Trouble.SCANNING in troubles())
        person.until(lambda: person.highlight is not None and len(person.highlight.scan) > 1)
        person.choose(Role.MENU)  # by looking, which puts the lights out
        assert not troubles() & {m.Trouble.SCANNING, m.Trouble.SCAN_WAITS}
