"""Small models as the files that owners have, Hugging Face directories and GGUF files, written by the tests."""

import json
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np
from tokenizers import Tokenizer

from vybor_workshop.model import source_huggingface, tokens
from vybor_workshop.model.architecture import BLOCK, Architecture, Floats
from world import tiny_model

STORED_AS = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}


F32 = gguf.GGMLQuantizationType.F32


class Tiny(NamedTuple):
    """A model with its weights, by llama.cpp's names."""

    model: Architecture
    weights: Mapping[str, Floats]


class Names(NamedTuple):
    """The arrays that a GGUF file keeps of its tokenizer: of pieces where there are scores, else of bytes."""

    names: Sequence[str]
    kinds: Sequence[int]
    scores: Sequence[float] = ()
    end: str = "<|im_end|>"


def huggingface(
    folder: Path, tiny: Tiny, tokenizer: Tokenizer, *, kind: str = "llama", dtype: str = "F32", parts: int = 1
) -> Path:
    """A directory with config.json, tokenizer.json and the weights, in one file or in several."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config(tiny.model, kind)))
    (folder / "tokenizer.json").write_text(tokenizer.to_str())
    named = {renamed(name): weight for name, weight in tiny.weights.items()}
    if parts == 1:
        safetensors(folder / "model.safetensors", named, dtype)
        return folder
    files = [f"model-{number + 1:05}-of-{parts:05}.safetensors" for number in range(parts)]
    placed = {name: files[place % parts] for place, name in enumerate(named)}
    for file in files:
        safetensors(folder / file, {name: named[name] for name in placed if placed[name] == file}, dtype)
    index = {"metadata": {"total_size": 1}, "weight_map": placed}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return folder


def config(model: Architecture, kind: str) -> dict[str, object]:
    """What a config.json says of such a model."""
    return {
        "model_type": kind,
        "num_hidden_layers": model.layers,
        "hidden_size": model.hidden,
        "intermediate_size": model.feed_forward,
        "num_attention_heads": model.heads,
        "num_key_value_heads": model.kv_heads,
        "head_dim": model.head_dim,
        "rms_norm_eps": model.norm_epsilon,
        "rope_theta": model.rope_base,
        "max_position_embeddings": 2048,
        "hidden_act": "silu",
        "tie_word_embeddings": model.tied,
        "vocab_size": model.vocabulary,
        "eos_token_id": 2,
    }


def renamed(name: str) -> str:
    """Hugging Face's name for llama.cpp's."""
    stem, _, suffix = name.rpartition(".")
    whole = {ours: theirs for theirs, ours in source_huggingface.NAMES.items()}
    if stem in whole:
        return f"{whole[stem]}.{suffix}"
    inside = {ours: theirs for theirs, ours in source_huggingface.IN_A_LAYER.items()}
    _, layer, part = stem.split(".")
    return f"model.layers.{layer}.{inside[part]}.{suffix}"


def safetensors(path: Path, arrays: Mapping[str, Floats], dtype: str = "F32") -> None:
    """Write the format as it is described."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    packed: list[bytes] = []
    at = 0
    for name, array in arrays.items():
        packed.append(stored(array, dtype))
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [at, at + len(packed[-1])]}
        at += len(packed[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(packed))


def stored(array: Floats, dtype: str) -> bytes:
    """An array's bytes; bfloat16 is rounded to the nearest."""
    if dtype == "BF16":
        bits = np.ascontiguousarray(array, "<f4").view("<u4")
        return bytes(((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes())
    return bytes(array.astype(STORED_AS[dtype]).tobytes())


def write_gguf(
    path: Path,
    tiny: Tiny,
    named: Names,
    *,
    kind: str = "llama",
    pre: str = "smollm",
    packing: gguf.GGMLQuantizationType = gguf.GGMLQuantizationType.Q8_0,
) -> Path:
    """A GGUF file with a tokenizer of bytes, or of pieces where there are scores."""
    writer = gguf.GGUFWriter(path, kind)
    _describe(writer, tiny.model)
    writer.add_tokenizer_model("llama" if named.scores else "gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(list(named.names))
    writer.add_token_types(list(named.kinds))
    if named.scores:
        writer.add_token_scores(list(named.scores))
    else:
        writer.add_token_merges(tiny_model.merges(named.names))
    writer.add_eos_token_id(list(named.names).index(named.end))
    for name, weight in tiny.weights.items():
        if weight.ndim == 1 or packing is gguf.GGMLQuantizationType.F32:
            writer.add_tensor(name, weight)
        else:
            writer.add_tensor(name, gguf.quantize(weight, packing), raw_dtype=packing)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _describe(writer: gguf.GGUFWriter, model: Architecture) -> None:
    writer.add_block_count(model.layers)
    writer.add_embedding_length(model.hidden)
    writer.add_feed_forward_length(model.feed_forward)
    writer.add_head_count(model.heads)
    writer.add_head_count_kv(model.kv_heads)
    writer.add_key_length(model.head_dim)
    writer.add_rope_dimension_count(model.head_dim)
    writer.add_rope_freq_base(model.rope_base)
    writer.add_layer_norm_rms_eps(model.norm_epsilon)
    writer.add_context_length(2048)
    if model.windows:
        writer.add_sliding_window(model.windows.width)


def of_bytes(names: Sequence[str]) -> Names:
    """The arrays of a tokenizer of bytes."""
    return Names(names, tiny_model.kinds(names))


def of_pieces(words: Sequence[str]) -> Names:
    """The arrays of SentencePiece's: special tokens, bytes, words with their beginnings, letters; full blocks."""
    beginnings = dict.fromkeys(word[:length] for word in words for length in range(2, len(word) + 1))
    letters = dict.fromkeys(["▁", *string.ascii_letters, *".,'", *"".join(words)])
    names = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *beginnings, *letters]
    names += [f"unused{number}" for number in range(-len(names) % BLOCK + BLOCK)]
    kinds = [tokens.UNKNOWN, tokens.CONTROL, tokens.CONTROL, *[tokens.BYTE] * 256]
    kinds += [1] * (len(names) - len(kinds))
    return Names(names, kinds, [-float(place) for place in range(len(names))], "</s>")
