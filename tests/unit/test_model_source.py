"""What owners have, read: Hugging Face directories and GGUF files give the weights that were put into them."""

import json
from collections.abc import Callable
from pathlib import Path

import gguf
import msgspec
import numpy as np
import pytest

from vybor.generator.network import safetensors
from vybor.generator.network.bundle import Rotary
from vybor_workshop.model import source_gguf, source_huggingface, tokens
from vybor_workshop.model.architecture import Architecture, Floats
from vybor_workshop.model.recipe import SourceError
from vybor_workshop.model.source import Source
from world import tiny_files, tiny_model
from world.tiny_files import Tiny

NAMES = tiny_model.RANDOM_NAMES
CUTTER = tokens.tokenizer(NAMES, tiny_model.kinds(NAMES), tiny_model.merges(NAMES))
F32 = gguf.GGMLQuantizationType.F32


def tiny(**of_a_family: object) -> Tiny:
    plain = tiny_model.architecture(NAMES, 64, layers=2, context=512)
    model = msgspec.structs.replace(plain, **of_a_family)
    return Tiny(model, tiny_model.dice(model, seed=5))


LLAMA = tiny(rotary=Rotary.HALVES, tied=False)
QWEN = tiny(rotary=Rotary.HALVES, biased=True)


def same(found: Source, expected: Tiny, off: float = 0.0) -> None:
    assert found.model == expected.model
    assert set(found.weights) == set(expected.weights)
    for name, weight in expected.weights.items():
        assert np.abs(found.weights[name] - weight).max() <= off * np.abs(weight).max(), name


@pytest.mark.parametrize(("dtype", "off"), [("F32", 0.0), ("F16", 2**-11), ("BF16", 2**-8)])
def test_a_directory_gives_its_weights_in_32_bits(tmp_path: Path, dtype: str, off: float) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER, dtype=dtype)
    same(source_huggingface.read(folder, 512), LLAMA, off)


def test_a_directory_in_parts_is_the_same(tmp_path: Path) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", QWEN, CUTTER, kind="qwen2", parts=3)
    found = source_huggingface.read(folder, 512)
    same(found, QWEN)
    assert (found.kind, found.ends) == ("qwen2", (2,))
    whole = tiny_files.huggingface(tmp_path / "whole", QWEN, CUTTER, kind="qwen2")
    assert source_huggingface.sha256_of(folder) != source_huggingface.sha256_of(whole)


def test_generation_says_which_tokens_end_a_text(tmp_path: Path) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER)
    (folder / "generation_config.json").write_text('{"eos_token_id": [2, 0]}')
    assert source_huggingface.read(folder, 512).ends == (2, 0)


def test_a_tied_model_s_second_copy_of_the_embedding_is_left_alone(tmp_path: Path) -> None:
    twice = QWEN.weights | {"output.weight": QWEN.weights["token_embd.weight"]}
    folder = tiny_files.huggingface(tmp_path / "model", Tiny(QWEN.model, twice), CUTTER, kind="qwen2")
    same(source_huggingface.read(folder, 512), QWEN)


def test_rotations_are_said_in_either_way(tmp_path: Path) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER)
    config = json.loads((folder / "config.json").read_text())
    del config["rope_theta"]
    config["rope_parameters"] = {"rope_theta": 500.0, "rope_type": "default"}
    (folder / "config.json").write_text(json.dumps(config))
    assert source_huggingface.read(folder, 512).model.rope_base == 500.0


def test_rows_that_stand_for_no_token_are_cut(tmp_path: Path) -> None:
    """Qwen2.5 has 151,936 rows for 151,665 tokens."""
    more = {
        name: np.concatenate([weight, weight[:7]]) if weight.shape[0] == len(NAMES) else weight
        for name, weight in LLAMA.weights.items()
    }
    folder = tiny_files.huggingface(tmp_path / "model", Tiny(LLAMA.model, more), CUTTER)
    same(source_huggingface.read(folder, 512), LLAMA)


@pytest.mark.parametrize(
    ("kind", "rotary", "biased"), [("llama", Rotary.PAIRS, False), ("qwen2", Rotary.HALVES, True)]
)
@pytest.mark.parametrize("tied", [True, False])
def test_a_gguf_gives_its_weights(tmp_path: Path, kind: str, rotary: Rotary, biased: bool, tied: bool) -> None:
    made = tiny(rotary=rotary, biased=biased, tied=tied)
    pre = "smollm" if kind == "llama" else "qwen2"
    path = tiny_files.write_gguf(
        tmp_path / "own.gguf", made, tiny_files.of_bytes(NAMES), kind=kind, pre=pre, packing=F32
    )
    found = source_gguf.read(path, 512)
    same(found, made)
    assert found.ends == (NAMES.index("<|im_end|>"),)


def test_a_gguf_s_filling_is_cut(tmp_path: Path) -> None:
    """llama.cpp calls the rows behind the last token unused."""
    kinds = [*tiny_model.kinds(NAMES), *[tokens.UNUSED] * 9]
    named = tiny_files.Names([*NAMES, *(f"<|pad{number}|>" for number in range(9))], kinds)
    made = tiny()
    more = made.weights | {"token_embd.weight": np.zeros((len(NAMES) + 9, 64), np.float32)}
    path = tiny_files.write_gguf(tmp_path / "own.gguf", Tiny(made.model, more), named)
    found = source_gguf.read(path, 512)
    assert found.model.vocabulary == len(NAMES)
    assert found.weights["token_embd.weight"].shape == (len(NAMES), 64)
    assert found.tokenizer.get_vocab_size() == len(NAMES)


def test_opening_reads_no_weight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head of a large model takes half a gigabyte in 32 bits."""
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER)
    path = tiny_files.write_gguf(tmp_path / "own.gguf", tiny(tied=False), tiny_files.of_bytes(NAMES))
    monkeypatch.setattr(safetensors.Stored, "read", lambda _: pytest.fail("a weight was read"))
    monkeypatch.setattr(gguf, "dequantize", lambda *_: pytest.fail("a weight was read"))
    source_huggingface.read(folder, 512)
    source_gguf.read(path, 512)


# --- what cannot be read --------------------------------------------------------------------------------------


def edited(**lines: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | lines))

    return edit


def cut(file: str, length: int) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:length]) and None


def without(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def reshaped(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes().replace(b'"shape": [64, 64]', b'"shape": [64, 63]', 1))


def stored_as(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes().replace(b'"dtype": "F32"', b'"dtype": "F64"', 1))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (edited(model_type="mamba"), "holds a model of the kind mamba; this builder knows llama and qwen2 only"),
        (edited(rope_scaling={"rope_type": "llama3"}), "scales its rotations (llama3); this builder knows plain"),
        (edited(hidden_act="relu"), "works with relu; this builder knows silu only"),
        (edited(use_sliding_window=True), "sees a sliding window of the text only"),
        (edited(num_hidden_layers=3), "has other weights than its numbers say: blk.2.attn_k.weight"),
        (edited(hidden_size=48), "has rows of 48, 64, 64, which are not all blocks of 32"),
        (edited(num_hidden_layers="two"), "config.json cannot be understood"),
        (without("config.json"), "has no config.json; it must be a whole Hugging Face directory, or a GGUF file"),
        (without("tokenizer.json"), "has no tokenizer.json"),
        (without("model.safetensors"), "has no model.safetensors"),
        (cut("tokenizer.json", 99), "tokenizer.json cannot be understood"),
        (cut("model.safetensors", 5), "is no whole safetensors file"),
        (cut("model.safetensors", 999), "is no whole safetensors file"),
        (cut("model.safetensors", 99_999), "is no whole safetensors file (it ends before"),
        (reshaped, "is damaged (model."),
        (stored_as, "as F64, and only F32, F16, BF16 are known"),
    ],
)
def test_a_directory_that_cannot_be_used_is_told(tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER)
    spoil(folder)
    with pytest.raises(SourceError) as raised:
        source_huggingface.read(folder, 512)
    assert said in str(raised.value)
    assert str(folder) in str(raised.value)


def test_a_part_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER, parts=2)
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(SourceError, match=r"has no model-00002-of-00002\.safetensors"):
        source_huggingface.read(folder, 512)
    (folder / source_huggingface.INDEX).write_text("{}")
    with pytest.raises(SourceError, match=r"index\.json cannot be understood"):
        source_huggingface.read(folder, 512)


def test_more_tokens_than_rows_are_told(tmp_path: Path) -> None:
    short: dict[str, Floats] = {
        name: weight[:300] if weight.shape[0] == len(NAMES) else weight for name, weight in LLAMA.weights.items()
    }
    folder = tiny_files.huggingface(tmp_path / "model", Tiny(LLAMA.model, short), CUTTER)
    with pytest.raises(SourceError, match=r"has 320 tokens and 300 rows of token_embd\.weight for them"):
        source_huggingface.read(folder, 512)


def test_a_tokenizer_of_another_make_is_told(tmp_path: Path) -> None:
    folder = tiny_files.huggingface(tmp_path / "model", LLAMA, CUTTER)
    said = json.loads((folder / "tokenizer.json").read_text())
    said["decoder"] = None
    (folder / "tokenizer.json").write_text(json.dumps(said))
    with pytest.raises(SourceError, match="cuts text neither into bytes nor into pieces"):
        source_huggingface.read(folder, 512)
    said["model"] = {"type": "Unigram", "vocab": []}
    (folder / "tokenizer.json").write_text(json.dumps(said))
    with pytest.raises(SourceError, match=r"tokenizer\.json cannot be understood"):
        source_huggingface.read(folder, 512)


def architecture_of(path: Path) -> Architecture:
    return source_gguf.read(path, 512).model


def test_a_gguf_of_pieces_is_read_too(tmp_path: Path) -> None:
    named = tiny_files.of_pieces(["▁thank", "▁you"])
    model = tiny_model.architecture(named.names, 64, layers=1, context=512)
    path = tiny_files.write_gguf(tmp_path / "own.gguf", Tiny(model, tiny_model.dice(model)), named, pre="default")
    assert architecture_of(path) == model
    assert source_gguf.read(path, 512).tokenizer.encode(" thank you").tokens == ["▁thank", "▁you"]
