"""The network's rows for tokens, read from the bundle without the onnx package; and what words mean by them."""

import os
from pathlib import Path

import numpy as np
import onnx
import pytest

from vybor.generator.meaning import Meanings
from vybor.generator.network.bundle import GRAPH, TOKENIZER, WEIGHTS, BundleError, open_bundle
from vybor.generator.network.embedding_rows import CODES, EmbeddingRows, external, fields
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.model.architecture import Floats
from world import tiny_model


@pytest.mark.parametrize(("bits", "step"), [(8, 1 / 127), (4, 1 / 8)])
def test_the_rows_are_those_that_the_network_reads(tmp_path: Path, bits: int, step: float) -> None:
    llama = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, layers=1, context=64)
    weights = tiny_model.dice(llama)
    folder = tiny_model.write(tmp_path / "tiny", llama, weights, how=tiny_model.How(bits=bits))
    rows, wanted = EmbeddingRows(open_bundle(folder)), weights["token_embd.weight"]
    assert rows.tokens == llama.vocabulary
    asked = [0, 7, llama.vocabulary - 1]
    assert np.abs(rows(asked) - wanted[asked]).max() <= step * np.abs(wanted[asked]).max()
    assert rows([]).shape[0] == 0


def test_a_file_that_ends_before_the_matrix_is_told(tmp_path: Path) -> None:
    folder = tiny_model.random(tmp_path / "tiny")
    bundle = open_bundle(folder)
    for bytes_left in (0, 100):
        os.truncate(folder / WEIGHTS, bytes_left)
        with pytest.raises(BundleError, match=r"has no whole token_embd\.codes .* build the model anew"):
            EmbeddingRows(bundle)


def test_no_page_that_was_read_stays_with_the_process(tmp_path: Path) -> None:
    llama = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, layers=1, context=64)
    folder = tiny_model.write(tmp_path / "tiny", llama, tiny_model.dice(llama))
    rows = EmbeddingRows(open_bundle(folder))
    assert rows(range(rows.tokens)).any()
    maps = Path("/proc/self/smaps").read_text(encoding="ascii").split("VmFlags")
    (ours,) = (entry for entry in maps if f"{folder}/{WEIGHTS}" in entry)
    assert "\nRss:                   0 kB" in ours


def test_every_constant_beside_the_graph_is_found_where_onnx_finds_it(tmp_path: Path) -> None:
    folder = tiny_model.random(tmp_path / "tiny")
    model = onnx.load(folder / GRAPH, load_external_data=False)
    known = {}
    for tensor in model.graph.initializer:
        where = {entry.key: entry.value for entry in tensor.external_data}
        if "offset" in where:
            known[tensor.name] = (tuple(tensor.dims), int(where["offset"]))
    found = external((folder / GRAPH).read_bytes())
    assert {name: (place.dims, place.offset) for name, place in found.items()} == known
    assert CODES in known


def test_a_graph_without_that_matrix_is_told(tmp_path: Path) -> None:
    folder = tiny_model.random(tmp_path / "tiny")
    bundle = open_bundle(folder)
    model = onnx.load(folder / GRAPH, load_external_data=False)
    for tensor in model.graph.initializer:
        tensor.name = tensor.name.replace("token_embd", "other")
    (folder / GRAPH).write_bytes(model.SerializeToString())
    with pytest.raises(BundleError, match=r"has no token_embd\.codes; build the model anew"):
        EmbeddingRows(bundle)


def test_what_is_no_protobuf_is_refused() -> None:
    assert list(fields(b"\x08\x96\x01\x12\x02hi\x1d\x00\x00\x00\x00")) == [(1, 150), (2, b"hi")]
    with pytest.raises(ValueError, match="in way 7"):
        list(fields(b"\x0f"))
    with pytest.raises(ValueError, match="in the middle of a number"):
        list(fields(b"\x08\x96"))


class Table:
    """Rows by token, as `EmbeddingRows` has them."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        self.tokens = len(rows)

    def __call__(self, tokens: list[int]) -> Floats:
        return self._rows[list(tokens)]


def test_what_all_words_share_is_taken_out_and_common_words_mean_nothing(tmp_path: Path) -> None:
    others = [f" {first}{second}x" for first in "abcdefgh" for second in "ijklmnop"]
    names = tiny_model.vocabulary([" boat", " sail", " bread", " often", *others])
    llama = tiny_model.architecture(names, 64, layers=1, context=64)
    folder = tiny_model.write(tmp_path / "tiny", llama, tiny_model.dice(llama), names)
    vocabulary = Vocabulary.open(folder / TOKENIZER)
    chance = np.random.default_rng(1)
    own = chance.standard_normal((len(names), 64)).astype(np.float32)
    number = {word: vocabulary.encode(f" {word}")[0] for word in ("boat", "sail", "bread")}
    own[number["sail"]] = own[number["boat"]] + 0.1 * own[number["sail"]]
    rows = own + 50 * np.ones(64, np.float32)  # a cone: all are alike
    meanings = Meanings(Table(rows), vocabulary, _common)  # type: ignore[arg-type]  # as much of the rows as it needs
    boat, sail, bread = (meanings(word) for word in ("boat", "sail", "bread"))
    assert boat is not None
    assert sail is not None
    assert bread is not None
    assert float(boat @ boat) == pytest.approx(1, abs=1e-5)
    assert float(boat @ sail) > 0.9
    assert abs(float(boat @ bread)) < 0.5
    assert meanings("the") is None
    assert meanings("often") is None


def _common(word: str) -> float:
    return 0.01 if word == "often" else 1e-6
