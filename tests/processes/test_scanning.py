"""A switch and nothing else: core and journal as real processes, and a display that says what it has lit."""

from pathlib import Path

from processes.stage import Hands, hands, kit
from processes.test_writing import kept, saving
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Saving
from vybor.foundation.bus import Arrival, Heard
from vybor.selector import scan

SETTINGS = '[commit]\nscan = "always"\nscan_step_s = 0.4\nscan_reaction_s = 0.1\nrefractory_s = 0.2\n'
REACTION_S = 0.25


class Hand(Hands):
    """Presses when what is wanted is lit."""

    def take(self, role: Role) -> None:
        """Choose a tile: its row, then itself."""
        self.until(lambda: self.screen is not None and any(tile.role is role for tile in self.screen.tiles))
        slot, screen = self.tile(role).slot, self.screen
        assert screen is not None
        row = next(row for row in scan.rows(screen.tiles) if slot in row)
        for lit in (row, (slot,)):
            self.until(lambda lit=lit: self.highlight is not None and self.highlight.scan == lit)  # type: ignore[misc]
            ready_ns = self.clock.now_ns() + round(REACTION_S * 1e9)
            self.until(lambda ready_ns=ready_ns: self.clock.now_ns() >= ready_ns)  # type: ignore[misc]
            self.press()
        self.until(lambda: self.screen is not None and self.screen.offer > screen.offer, 5)

    def _show(self, arrival: Arrival) -> None:
        super()._show(arrival)
        if isinstance(arrival, Heard) and isinstance(arrival.message, m.Highlight) and self.screen:
            shown = m.Shown(at_ns=self.clock.now_ns(), screen=self.screen, highlight=self.highlight)
            self.display.publish(shown)


def test_a_phrase_is_written_with_a_switch_alone(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal", settings=SETTINGS) as running:
        person = Hand(running.runtime)
        try:
            person.take(Role.MENU)
            person.take(Role.PHRASES)
            assert person.screen is not None
            assert person.screen.mode is Mode.PHRASES
            person.take(Role.PHRASE)
            person.until(lambda: bool(person.text()) and saving(person) is Saving.SAVED)
        finally:
            person.close()
    evidence = [decision.evidence for decision in kept(tmp_path / "state")]
    assert [each.channel for each in evidence] == [m.Channelled.SCAN] * 3
    assert all(each.log_odds.scan > 0 and each.log_odds.switch > 0 for each in evidence)


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
