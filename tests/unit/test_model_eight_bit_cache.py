"""Keys and values in 8 bits: fitted to a text, a quarter of the memory, and rewinding stays exact."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.generator.network import bundle
from vybor.generator.network.bundle import Kv
from vybor.generator.network.model import TRUNK, Floats, Model
from vybor_workshop import materials
from vybor_workshop.model import eight_bit_cache
from world import tiny_model

TEXT = [5, 17, 80, 33, 200, 41, 7, 99, 150, 61, 12, 222]
NOISE = 0.06
"""Of the logits' span."""


def narrowed(folder: Path, steps: dict[str, float] | None = None) -> bundle.Bundle:
    """A random model whose cache is of 8 bits."""
    tiny_model.random(folder)
    plain = bundle.open_bundle(folder)
    found = steps or eight_bit_cache.scales(plain, [TEXT], 1)
    eight_bit_cache.put_in(folder, found)
    shape = msgspec.structs.replace(plain.manifest.shape, kv=Kv.INT8)
    hashes = {name: materials.sha256_of(folder / name) for name in bundle.FILES}
    manifest = msgspec.structs.replace(plain.manifest, shape=shape, sha256=hashes)
    (folder / bundle.MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return bundle.open_bundle(folder)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return bundle.open_bundle(tiny_model.random(tmp_path_factory.mktemp("plain") / "model"))


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return narrowed(tmp_path_factory.mktemp("narrow") / "model")


def behind(opened: bundle.Bundle, *steps: list[int]) -> Floats:
    model = Model(opened, threads=1)
    for tokens in steps:
        model.append(tokens)
    return model.end


def test_it_says_nearly_the_same(plain: bundle.Bundle, narrow: bundle.Bundle) -> None:
    steps = [[token] for token in TEXT]
    whole = behind(plain, *steps)
    assert np.abs(behind(narrow, *steps) - whole).max() < NOISE * np.ptp(whole)


def test_what_is_kept_is_a_quarter_and_uses_the_whole_range(plain: bundle.Bundle, narrow: bundle.Bundle) -> None:
    wide, thin = Model(plain, threads=1), Model(narrow, threads=1)
    wide.append(TEXT)
    thin.append(TEXT)
    for name, kept in wide.kept().items():
        small = thin.kept()[name]
        assert small.shape == kept.shape == (2, len(TEXT), 16)
        assert small.dtype == np.int8
        assert small.nbytes * 4 == kept.nbytes
        assert np.abs(small.astype(int)).max() >= 120


def test_a_scale_that_is_wrong_shows(tmp_path: Path, plain: bundle.Bundle) -> None:
    """Or the scales would be worth nothing."""
    steps = {name: step / 8 for name, step in eight_bit_cache.scales(plain, [TEXT], 1).items()}
    clipped = narrowed(tmp_path / "clipped", steps)
    whole = behind(plain, TEXT, [3])
    assert np.abs(behind(clipped, TEXT, [3]) - whole).max() > NOISE * np.ptp(whole)


def test_the_widest_text_decides(plain: bundle.Bundle) -> None:
    one, other = [5, 17, 80], [200, 41, 7, 99]
    apart = [eight_bit_cache.scales(plain, [text], 1) for text in (one, other)]
    both = eight_bit_cache.scales(plain, [one, other], 1)
    assert both == {name: max(scales[name] for scales in apart) for name in both}


def test_a_rewound_trunk_is_exactly_what_it_was(narrow: bundle.Bundle) -> None:
    model = Model(narrow, threads=1)
    model.append(TEXT)
    model.branch(list(range(20)), [TRUNK] * 20)
    model.append([1, 2, 3])
    assert model.rewind([*TEXT, 40, 41]) == len(TEXT)
    model.append([40, 41])
    assert np.array_equal(model.end, behind(narrow, TEXT, [40, 41]))


def test_siblings_see_nothing_of_each_other(narrow: bundle.Bundle) -> None:
    model = Model(narrow, threads=1)
    model.append(TEXT)
    together = model.branch([30, 40, 50], [TRUNK] * 3)
    model.rewind(TEXT)
    among_others = model.branch([31, 40, 57], [TRUNK] * 3)
    assert np.array_equal(together[1], among_others[1])
    assert np.abs(together[0] - among_others[0]).max() > 0
