"""A voice that ends, or calls for help, while a sentence may sound: the screen must not say that it was heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.test_calling import held
from unit.test_flicker_core import Kit
from vybor.contracts import messages as m
from vybor.core import fate
from vybor.core.decision import deciding
from vybor.core.desks.speaking import said_by
from vybor.foundation.bus import Asked, Bus, Heard
from vybor.foundation.settings import Settings


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    found = Kit(tmp_path, Settings())
    kit_is_up(found)
    yield found
    found.close()


def kit_is_up(kit: Kit) -> None:
    speaks(kit, "voice", 1)
    speaks(kit, "display", 1)
    kit.core._fate = fate.said(fate.Fate(), "I am here.", kit.clock.now_ns())


def speaks(kit: Kit, process: str, pid: int) -> None:
    now_ns = kit.clock.now_ns()
    kit.core.heard(Heard(process, m.Health(at_ns=now_ns, process=process, pid=pid), 0), now_ns)


def test_a_voice_that_is_back_before_anybody_missed_it_has_forgotten_the_sentence(kit: Kit) -> None:
    speaks(kit, "voice", 1)
    assert not kit.core._fate.is_unheard
    speaks(kit, "voice", 2)
    assert kit.core._fate.is_unheard


def test_another_process_that_is_back_takes_nothing_from_it(kit: Kit) -> None:
    speaks(kit, "display", 2)
    assert not kit.core._fate.is_unheard


def test_a_call_for_help_empties_the_mouth_and_what_sounded_counts_as_not_heard(kit: Kit) -> None:
    kit.turns()
    kit.core._state, decided = deciding.heard(
        kit.core._state, held(kit.clock.now_ns()), kit.core._rules, kit.clock.now_ns()
    )
    assert decided is not None and decided.call_help
    kit.core._fate = fate.said(fate.Fate(), "I am here.", kit.clock.now_ns())
    kit.core._act(decided, kit.clock.now_ns())
    assert kit.core._fate.is_unheard
    kit.turns(3)
    assert kit.screens[-1].calling


def test_what_the_record_says_was_spoken_last_can_be_silenced_by_its_name(kit: Kit, tmp_path: Path) -> None:
    journal = Bus("journal", tmp_path, kit.clock)
    try:
        for _ in range(20):
            kit.turns(1)
            journal.tend()
            for arrival in journal.receive(0.005):
                if isinstance(arrival, Asked) and isinstance(arrival.command, m.RestoreDraft):
                    journal.answer(arrival, draft_of(arrival.command.request))
        assert [one.request for one in kit.core._speaking._said] == [said_by("s", 7)]
    finally:
        journal.close()


def draft_of(request: str) -> m.Draft:
    return m.Draft(request=request, text="", history=("Hi",), spoken="Hi", spoken_session="s", spoken_number=7)
