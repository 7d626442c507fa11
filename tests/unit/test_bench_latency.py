"""The bench of delays: medians over the starts, also of a process that was not heard in each of them."""

from types import SimpleNamespace
from typing import cast

from benches import latency as bench


def run(start_s: float, last_ms: float, **rss_mb: float) -> bench.Run:
    lit = [40.0, 41.0, last_ms]
    whole = [20 + ms for ms in lit]
    made = SimpleNamespace(start_s=start_s, frame_to_highlight_ms=lit, whole_ms=whole, rss_mb=rss_mb)
    return cast(bench.Run, made)


def test_figures_are_medians_over_the_starts() -> None:
    told = bench.figures_of([run(4, 50, core=60), run(5, 90, core=62, voice=30), run(6, 52, core=61, voice=32)])
    assert (told["start_to_first_offer_s"], told["frame_to_highlight_ms.p50"]) == (5, 41)
    assert (told["frame_to_highlight_ms.p99"], told["frame_to_highlight_ms.p99.worst"]) == (52, 90)
    assert (told["frame_to_highlight_ms.whole.p99"], told["frame_to_highlight_ms.count"]) == (72, 9)
    assert (told["rss_mb.core"], told["rss_mb.voice"], told["rss_mb.whole"]) == (61, 31, 92)
    assert bench.figures_of([run(4, 50, core=60, voice=30), run(5, 50, core=62)])["rss_mb.voice"] == 30
