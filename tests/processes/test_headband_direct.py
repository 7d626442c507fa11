"""The process `headband` where BrainFlow is not: the kit's own driver of the Cyton, from serial port to bus."""

import os
import sys
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from processes.test_headband import CLENCH, DOUBLE, PAUSE_S, cyton, listener, warmed_up, wearing
from vybor.contracts.messages import Trouble
from vybor.foundation.clock import seconds


def without_brainflow(folder: Path) -> dict[str, str]:
    """The surroundings of a process that finds a BrainFlow which does not load, as on ARM."""
    (folder / "arm" / "brainflow").mkdir(parents=True)
    (folder / "arm" / "brainflow" / "__init__.py").write_text("raise ImportError('for another machine')\n")
    return {"PYTHONPATH": os.pathsep.join([str(folder / "arm"), *sys.path])}


@pytest.mark.slow
def test_the_kit_s_own_driver_brings_what_the_face_does_and_says_when_it_is_gone(tmp_path: Path) -> None:
    settings = wearing(tmp_path / "port")
    with cyton(tmp_path) as worn, kit(tmp_path, settings=settings) as running:
        running.start("headband", **without_brainflow(tmp_path))
        with listener(running) as listening:
            warmed_up(listening, worn)
            meant = []
            for act in (worn.double_blink, worn.clench, worn.double_blink, worn.clench):
                meant.append(act())
                listening.wait_until(meant[-1].ended_ns + seconds(PAUSE_S))
            heard = listening.seen_since(meant[0].began_ns - seconds(0.1), DOUBLE, CLENCH)
            assert [one.kind for one in heard] == [DOUBLE, CLENCH, DOUBLE, CLENCH]
            for one, act in zip(heard, meant, strict=True):
                assert abs(one.at_ns - act.began_ns) <= seconds(0.1)
            for leave in (worn.mute, worn.vanish):
                leave()
                listening.until(lambda: listening.troubles() == (Trouble.HEADBAND_STOPPED,))
                worn.come_back()
                listening.until(listening.is_well)
            assert running.stop() == {"headband": 0}


@pytest.mark.slow
def test_a_dongle_that_is_pulled_costs_nothing(tmp_path: Path) -> None:
    """BrainFlow's thread spins at 41 % of a core then."""
    with cyton(tmp_path) as worn, kit(tmp_path, settings=wearing(tmp_path / "port")) as running:
        running.start("headband", **without_brainflow(tmp_path))
        with listener(running) as listening:
            listening.until(listening.is_well)
            worn.vanish()
            listening.until(lambda: listening.troubles() == (Trouble.HEADBAND_STOPPED,))
            before_s = cpu_s(running)
            listening.wait_until(listening.clock.now_ns() + seconds(5))
            assert cpu_s(running) - before_s <= 0.5
            worn.come_back()
            listening.until(listening.is_well)


def cpu_s(running: Kit) -> float:
    fields = Path(f"/proc/{running.pid('headband')}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
