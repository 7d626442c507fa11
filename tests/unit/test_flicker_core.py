"""The deciding process tells why nothing flickers, and its screen names what does only where it may."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from unit.fitting_person import Body, Fitter
from unit.test_flicker_safety import ALLOWED, EARS, KNOWN
from unit.test_headband_acquisition import HandClock
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.messages import Electrode, ElectrodeAt, ElectrodeState, FlickerWish
from vybor.core.process import HEARS, Core
from vybor.core.ways import flicker_safety as safety
from vybor.core.ways.flicker_safety import Known, Off
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.loop import deliver
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings
from vybor.foundation.start import Start

WORN = tuple(Electrode(at=at, state=ElectrodeState.GOOD) for at in ElectrodeAt)


class Kit:
    """Core on the bus, somebody who asks it, and the display's ear."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.clock = HandClock()
        places = Places(runtime=folder, state=folder, share=folder)
        self.bus = Bus("core", folder, self.clock, HEARS)
        self.core = Core(Start(places=places, settings=settings, clock=self.clock, heart=NoHeartbeat()), self.bus)
        self.other = Bus("flicker", folder, self.clock, [m.Screen])
        self.screens: list[m.Screen] = []
        self.told: list[m.Reply] = []

    def turns(self, count: int = 30) -> None:
        for _ in range(count):
            self.clock.at_ns += seconds(0.1)
            deliver(self.core, self.bus, 0.005, self.clock)
            self.core.turn(self.clock.now_ns())
            self.bus.tend()
            self.other.tend()
            for arrival in self.other.receive(0.005):
                if isinstance(arrival, Heard) and isinstance(arrival.message, m.Screen):
                    self.screens.append(arrival.message)
                elif isinstance(arrival, Answered):
                    self.told.append(arrival.reply)

    def ask(self, command: m.Command) -> m.Reply:
        self.other.ask("core", command)
        for _ in range(20):
            self.turns(3)
            if self.told:
                return self.told.pop()
        raise AssertionError("core does not answer")

    def close(self) -> None:
        self.core.close()
        self.bus.close()
        self.other.close()


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    (tmp_path / "flicker.json").write_bytes(msgspec.json.encode(KNOWN))
    found = Kit(tmp_path, ALLOWED)
    yield found
    found.close()


def test_core_tells_every_reason_and_takes_a_clinician_s_word(kit: Kit) -> None:
    told = kit.ask(m.AskFlicker(request=kit.other.new_request(), wish=FlickerWish.TELL))
    assert isinstance(told, m.FlickerTold)
    assert told.confirmed == "neurologist, 2026-01-01"
    assert safety.SENTENCES[Off.TROUBLE] in told.off  # there are no words to offer here
    gone = kit.ask(m.AskFlicker(request=kit.other.new_request(), wish=FlickerWish.FORGET))
    assert isinstance(gone, m.FlickerTold)
    assert safety.SENTENCES[Off.UNCONFIRMED] in gone.off
    again = kit.ask(m.AskFlicker(request=kit.other.new_request(), wish=FlickerWish.CONFIRM, role="neurologist"))
    assert isinstance(again, m.FlickerTold)
    assert again.confirmed.startswith("neurologist, ")


def test_a_trial_is_refused_with_the_reason(kit: Kit) -> None:
    kit.turns()
    fit = m.Fit(request=kit.other.new_request(), wish=m.FitWish.START, only=(m.Sign.FLICKER,))
    refused = kit.ask(fit)
    assert isinstance(refused, m.Refused)
    assert refused.reason.startswith("flicker cannot be tried: ")


@pytest.fixture
def flickering(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Kit:
    """Somebody has just chosen, and nothing is wrong."""
    kit.turns()
    monkeypatch.setattr(Core, "_notices", lambda core, now_ns: ())
    state = kit.core._state
    words = tuple(
        m.Tile(slot=slot, role=m.Role.CANDIDATE, area=zone.visible, pad=zone.pad, label="word")
        for slot, zone in enumerate(TEN.zones[:3])
    )
    tiles = words + tuple(tile for tile in state.tiles if tile.slot >= 3)
    worn = m.Worn(at_ns=kit.clock.now_ns(), electrodes=WORN, board="cyton")
    kit.core._state = msgspec.structs.replace(state, worn=worn, tiles=tiles, decisions=state.decisions + 1)
    kit.turns(10)
    assert kit.screens[-1].flicker == (0, 1, 2), kit.core._flicker.off(kit.core._state, ())
    return kit


def test_what_the_display_stopped_is_on_no_screen_any_more(flickering: Kit, tmp_path: Path) -> None:
    display = Bus("display", tmp_path, flickering.clock)
    for _ in range(20):
        flickering.turns(3)
        shown = m.Shown(at_ns=flickering.clock.now_ns(), screen=None, flicker_stop=m.FlickerStop.UNWANTED)
        display.publish(shown)
        display.tend()
        if not flickering.screens[-1].flicker:
            break
    display.close()
    assert flickering.screens[-1].flicker == ()
    assert msgspec.json.decode((tmp_path / "flicker.json").read_bytes(), type=Known).stopped


def test_what_a_trial_found_is_on_the_disk(flickering: Kit, tmp_path: Path) -> None:
    """The stages of a trial, as somebody goes through them, are those of core."""
    person = Fitter(Body(strays=lambda cue: cue == 4), ALLOWED).start(m.Sign.FLICKER)
    person.wish(m.FitWish.BEGIN)
    core, usual = flickering.core, flickering.core._state
    while (stage := person.stage) and stage.phase not in (m.FitPhase.EFFORT, m.FitPhase.SUMMARY):
        person.tick()
        core._state = msgspec.structs.replace(usual, fits=person.state.fits, selector=person.state.selector)
        core._show(person.now_ns)
    core._state = msgspec.structs.replace(usual, fits=person.run().state.fits)
    core._pass(flickering.clock.now_ns())
    tried = msgspec.json.decode((tmp_path / "flicker.json").read_bytes(), type=Known).tried
    assert tried is not None
    assert (tried.right, tried.trials, set(tried.electrodes), tried.board) == (19, 20, set(EARS), "cyton")


def test_the_screen_names_what_flickers_only_while_nothing_is_wrong(
    flickering: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = m.Notice(process="core", trouble=m.Trouble.NOT_LEARNED)
    monkeypatch.setattr(Core, "_notices", lambda core, now_ns: (trouble,))
    flickering.turns(10)
    assert flickering.screens[-1].flicker == ()


def test_where_words_are_missing_no_screen_names_any(kit: Kit) -> None:
    kit.turns()
    assert {screen.flicker for screen in kit.screens} == {()}
