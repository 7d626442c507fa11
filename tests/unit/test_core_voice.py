"""A voice that ends while a sentence may sound: the screen must not say that it was heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.test_flicker_core import Kit
from vybor.contracts import messages as m
from vybor.core import fate
from vybor.foundation.bus import Heard
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
