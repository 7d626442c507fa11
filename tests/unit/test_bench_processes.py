"""What the benches `soak` and `footprint` tell of memory, processor and wake-ups, by looks at each process."""

import math

import pytest

from benches import kit_figures, soak
from benches.kit_listener import Look
from vybor.contracts.channels import EVERY_PROCESS
from vybor.foundation.clock import seconds
from vybor.foundation.errors import VyborError


def look(at_s: float, rss_mb: float, cpu_s: float = 0, wakeups: int = 0, written_mb: float = 0) -> Look:
    none = dict.fromkeys(EVERY_PROCESS, 0.0)
    return Look(
        seconds(at_s),
        none | {"core": rss_mb, "voice": 30.0},
        none | {"core": rss_mb / 2, "voice": 10.0},
        none | {"core": cpu_s, "voice": 1.0},
        dict.fromkeys(EVERY_PROCESS, 0) | {"core": wakeups, "voice": 5},
        none | {"core": written_mb, "voice": 0.0},
    )


def test_what_memory_grows_by_is_a_straight_line_s_slope() -> None:
    looks = [look(60 * minute, 50 + minute / 60 + (1 if minute == 30 else 0)) for minute in range(61)]
    found = kit_figures.processes(looks)
    assert found["memory_slope_mb_h.core"] == pytest.approx(1.0, abs=0.01)
    assert found["memory_slope_mb_h.voice"] == pytest.approx(0.0)
    assert found["memory_slope_mb_h.most"] == found["memory_slope_mb_h.core"]


def test_how_it_grew_is_told_by_five_parts() -> None:
    looks = [look(60 * minute, 50 + (5 if minute >= 36 else 0)) for minute in range(60)]
    found = kit_figures.course(looks)
    assert [found[f"rss_mb.core.part_{part}"] for part in range(1, 6)] == [50, 50, 50, 55, 55]
    assert {found[f"rss_mb.voice.part_{part}"] for part in range(1, 6)} == {30}
    assert kit_figures.course(looks[:4]) == {}, "too short"


def test_processor_wake_ups_and_disk_are_by_the_time_between_the_first_look_and_the_last() -> None:
    found = kit_figures.processes([look(0, 50), look(5, 50, 1, 10), look(10, 50, 3, 40, 2)])
    assert (found["cpu.core"], found["wakeups_hz.core"]) == (pytest.approx(0.3), pytest.approx(4))
    assert (found["cpu"], found["wakeups_hz"]) == (pytest.approx(0.3), pytest.approx(4))
    assert found["written_mb_h"] == pytest.approx(720)
    assert (found["rss_mb"], found["pss_mb"]) == (pytest.approx(80), pytest.approx(35))


def test_a_kit_that_was_hardly_looked_at_tells_nothing() -> None:
    with pytest.raises(VyborError, match="more minutes"):
        kit_figures.processes([look(0, 50)])
    gone = look(5, 50)
    del gone.rss_mb["voice"]
    with pytest.raises(VyborError, match=r"^not there at every look: voice:"):
        kit_figures.processes([look(0, 50), gone, look(10, 50)])
    assert math.isnan(kit_figures.slope_mb_h([look(0, 50)], "core"))


def test_a_process_that_was_gone_for_a_moment_does_not_hide_what_came_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = [look(0, 50), look(5, 50), look(10, 50)]
    assert soak.of_processes(whole) == kit_figures.processes(whole)
    long = [*whole, look(15, 50), look(20, 51)]
    assert soak.of_processes(long)["rss_mb.core.part_5"] == 51
    del whole[1].rss_mb["voice"]
    assert soak.of_processes(whole) == {}
    assert capsys.readouterr().err.startswith("bench: not there at every look: voice:")
