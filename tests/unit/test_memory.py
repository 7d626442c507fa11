"""What a model takes is said before it is loaded: near to what was seen, and never less."""

from pathlib import Path

import pytest

from vybor.generator.network import memory
from vybor.generator.network.bundle import Kv, Shape
from vybor.generator.network.model import TRUNKS_OF, Outfit
from vybor.processes import BY_NAME

SMOLLM2 = Shape(layers=30, kv_heads=3, head_dim=64, vocabulary=49_152, context=1024)
TINYLLAMA = Shape(layers=22, kv_heads=4, head_dim=64, vocabulary=32_000, context=1024)


@pytest.mark.parametrize(("shape", "weights_mb", "seen_mb"), [(SMOLLM2, 150, 540), (TINYLLAMA, 620, 1300)])
def test_it_is_near_to_what_was_seen(shape: Shape, weights_mb: int, seen_mb: int) -> None:
    told = memory.needed(shape, weights_mb * 10**6) / 1e6
    assert seen_mb <= told <= 1.25 * seen_mb
    assert memory.refusal(int(told * 1e6)) == ""


def test_a_cache_in_8_bits_is_a_quarter() -> None:
    plain, small = (
        memory.needed(Shape(layers=9, kv_heads=9, head_dim=100, vocabulary=9, context=1000, kv=kv), 0)
        for kv in (Kv.FP32, Kv.INT8)
    )
    assert plain - memory.BESIDE_BYTES == 4 * (small - memory.BESIDE_BYTES)


def test_texts_of_sentences_are_kept_apart_and_count_too() -> None:
    shape = Shape(layers=9, kv_heads=9, head_dim=100, vocabulary=9, context=1000)
    words = memory.needed(shape, 0) - memory.BESIDE_BYTES
    both = memory.needed(shape, 0, sentences=True) - memory.BESIDE_BYTES
    assert both / words == (memory.TEXTS + memory.SENTENCES) / memory.TEXTS
    assert TRUNKS_OF == {Outfit.OWN: memory.TEXTS, Outfit.FRAMES: memory.SENTENCES}


def test_the_limit_is_that_of_the_process() -> None:
    assert BY_NAME["generator"].memory_max_mb * 10**6 == memory.MOST_BYTES
    says = memory.refusal(memory.MOST_BYTES + 10**6)
    assert says.startswith("the model would take about 1601 MB of memory, and the generator may have 1600; ")


def test_what_this_process_takes(tmp_path: Path) -> None:
    before = memory.taken()
    kept = bytearray(b"x" * 50_000_000)
    assert memory.taken() - before > 40_000_000
    assert len(kept) == 50_000_000
    assert memory.taken(tmp_path / "none") == memory.MOST_BYTES
    (tmp_path / "status").write_text("Name:\tx\nRssAnon:\t     200 kB\n")
    assert memory.taken(tmp_path / "status") == 200 * 1024
    assert memory.has_room_beside(memory.MOST_BYTES - 5, 5)
    assert not memory.has_room_beside(memory.MOST_BYTES - 5, 6)


def test_a_folder_that_cannot_be_read_takes_nothing(tmp_path: Path) -> None:
    assert memory.needed_by(tmp_path) == 0
