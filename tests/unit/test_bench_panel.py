"""What the bench of the carer's page counts as the kit's part of a choice, and how it compares."""

import os
import sys
import threading
from pathlib import Path

import pytest

from benches import panel
from benches.choices import Chosen, Flip
from benches.panel import Period
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import VyborError

MS = 1_000_000
PERIOD = Period(0, 1000 * MS, True)


def flip(at_ms: int, offer: int, slot: int | None, armed: bool = False, captured_ms: int = 0) -> Flip:
    return Flip(at_ms * MS, offer, (slot, armed), captured_ms * MS)


def test_it_is_the_way_to_the_light_and_from_the_decision_to_the_next_tiles() -> None:
    flips = [
        flip(100, 1, None),
        flip(180, 1, 3, captured_ms=120),
        flip(190, 1, 3, captured_ms=185),  # the same light again
        flip(300, 1, 3, armed=True, captured_ms=240),
        flip(540, 2, None),
    ]
    assert panel.latency_ms(PERIOD, flips, [Chosen(500 * MS, 1)]) == pytest.approx(60 + 40)


def test_what_was_in_another_period_does_not_count() -> None:
    flips = [
        flip(10, 1, None),
        flip(80, 1, 3, captured_ms=20),
        flip(240, 2, None),
        flip(2000, 2, 4, captured_ms=1),
    ]
    chosen = [Chosen(200 * MS, 1), Chosen(1990 * MS, 2)]
    assert panel.latency_ms(PERIOD, flips, chosen) == pytest.approx(60 + 40)
    with pytest.raises(VyborError, match="no choice was seen"):
        panel.latency_ms(Period(5000 * MS, 6000 * MS, False), flips, chosen)


def test_the_ratio_is_of_pairs_and_its_bounds_hold_it() -> None:
    middle, low, high = panel.ratio([(11, 10), (22, 20), (12, 10), (10, 10), (30, 10)])
    assert middle == pytest.approx(1.1)
    assert 1.0 <= low <= middle <= high <= 3.0
    assert panel.ratio([(10, 10)]) == (1, 1, 1)


def test_figures_have_what_is_asked_for() -> None:
    found = panel.figures_of([(110, 100), (100, 100)], [1.0] * 99 + [500.0], 57.0)
    assert found["page_ms.p95"] == 1.0
    assert found["ratio.selection_latency"] == pytest.approx(1.05)
    assert {
        "ratio.selection_latency",
        "rss_mb.panel",
        "ratio.selection_latency.low",
        "ratio.selection_latency.high",
    } <= {*found}


def test_every_page_that_has_an_end_is_read() -> None:
    read = panel.pages()
    assert {"/", "/sync", "/bundle", "/documents/carer"} <= {*read}
    assert "/live" not in read
    assert "/enter" not in read


def test_the_memory_of_the_pages_is_the_most_while_they_were_read() -> None:
    periods = [PERIOD, Period(1000 * MS, 2000 * MS, False)]
    held = [(10 * MS, 60.0), (500 * MS, 75.0), (900 * MS, 61.0), (1500 * MS, 90.0)]
    assert panel.most_mb(periods, held) == 75.0
    with pytest.raises(VyborError, match="never seen"):
        panel.most_mb(periods, held[3:])


def test_who_watches_looks_at_the_process_of_the_pages(tmp_path: Path) -> None:
    watcher = panel.Watcher(tmp_path, SystemClock())
    watcher.panel = os.getpid()
    waited = threading.Event()
    while not watcher.held:
        waited.wait(0.01)
    watcher.close()
    held = list(watcher.held)
    assert held[0][1] > 1
    watcher.panel = 2**22 + 1
    watcher._look(held[-1][0] + seconds(60))
    assert watcher.held == held, "one that is gone holds nothing"


def test_readers_that_end_before_they_read_end_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel.Readers, "__init__", lambda self: None)
    readers = panel.Readers()  # type: ignore[call-arg]
    readers._tokens, readers._command = [], [sys.executable, "-c", "raise SystemExit(1)"]
    with pytest.raises(VyborError, match="a page did not come"):
        readers.begin()
