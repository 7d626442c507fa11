"""A text's cache: what lies behind the text is the system's again, and nothing of the text is."""

import mmap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.generator.network import bundle
from vybor.generator.network.bundle import Kv
from vybor.generator.network.memory import taken
from vybor.generator.network.model import TRUNKS, WORTH_KEEPING, Model
from vybor.generator.network.trunk import WORTH_GIVING_BACK, Trunk
from world import tiny_model

NAMES = ("key.0", "value.0", "key.1")


def filled(trunk: Trunk, tokens: int, reached: int) -> None:
    """As the network leaves it: a text, and what was tried behind it."""
    trunk.tokens, trunk.reached = list(range(tokens)), reached
    for number, array in enumerate(trunk.arrays.values()):
        array[0, :, :reached] = number + 1


@given(
    size=st.tuples(st.just(1), st.integers(1, 4), st.integers(WORTH_GIVING_BACK, 400), st.integers(1, 70)),
    kv=st.sampled_from(Kv),
    parts=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
)
def test_whole_pages_behind_the_text_are_given_back_and_the_text_stays(
    size: tuple[int, ...], kv: Kv, parts: tuple[float, float, float]
) -> None:
    trunk, context, (text, tried, kept) = Trunk(NAMES, size, kv), size[2], parts
    tokens = int(text * context)
    reached = tokens + int(tried * (context - tokens))
    filled(trunk, tokens, reached)
    left = trunk.cut([*range(int(kept * tokens)), -1])
    assert left == int(kept * tokens)
    token_bytes = size[3] * trunk.arrays[NAMES[0]].itemsize
    for number, array in enumerate(trunk.arrays.values()):
        assert (array[0, :, :left] == number + 1).all()
        behind = np.count_nonzero(array[0, :, left:reached] == 0, axis=(1, 2)) * array.itemsize
        if reached - left < WORTH_GIVING_BACK:
            assert not behind.any()
        else:
            assert (behind > (reached - left) * token_bytes - 2 * mmap.PAGESIZE).all()


def test_what_is_as_another_text_begins_holds_no_more_than_that() -> None:
    one, other = (Trunk(NAMES, (1, 2, 512, 64), Kv.FP32) for _ in range(2))
    filled(one, 400, 440)
    filled(other, 90, 90)
    one.begin_as(other, 64)
    assert one.tokens == other.tokens[:64]
    for array, like in zip(one.arrays.values(), other.arrays.values(), strict=True):
        assert (array[:, :, :64] == like[:, :, :64]).all()
        assert not array[:, :, 64:].any()


def test_a_long_text_that_is_gone_takes_no_memory(tmp_path: Path) -> None:
    llama = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, layers=12, context=1024)
    folder = tiny_model.write(tmp_path / "tiny", llama, tiny_model.dice(llama))
    model, cache_bytes = Model(bundle.open_bundle(folder), threads=1), 2 * 2 * 16 * 4 * llama.layers * 1024
    others = [[first] * (WORTH_KEEPING + 1) for first in range(3, 3 + 2 * TRUNKS)]
    for text in (*others[:TRUNKS], list(range(256)) * 4):
        model.append(text[model.rewind(text) :])
    before = taken()
    for text in others[TRUNKS:]:
        model.append(text[model.rewind(text) :])
    assert before - taken() > 0.8 * cache_bytes


@pytest.mark.parametrize("tried", [WORTH_GIVING_BACK // 2, WORTH_GIVING_BACK, 2 * WORTH_GIVING_BACK])
def test_the_text_goes_on_as_if_nothing_had_been_given_back(tmp_path: Path, tried: int) -> None:
    """Little is kept, much is given back, and more is left to a cache of its own."""
    opened = bundle.open_bundle(tiny_model.random(tmp_path / "random"))
    text, rest = list(range(3, 40)), [40, 41, 42]
    logits = []
    for first in ([], [list(range(50, 50 + tried))]):
        model = Model(opened, threads=1)
        for tokens in [text, *first]:
            model.append(tokens)
        assert model.rewind([*text, *rest]) == len(text)
        model.append(rest)
        logits.append(model.end)
    assert np.array_equal(*logits)
