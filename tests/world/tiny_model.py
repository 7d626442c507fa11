"""Models small enough to be made in a test, written by the workshop's own graph and tokenizer.

`bigrams` makes one that says exactly what it is told to: the token behind each token, with its probability. Its
matrices are chosen so that a token's one-hot vector becomes the logits of its row. `random` makes one that says
nothing, but has every part of the real one in use.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from tokenizers import pre_tokenizers

from vybor.generator.network import bundle
from vybor_workshop import materials
from vybor_workshop.model import tokens, writing
from vybor_workshop.model.architecture import BLOCK, Architecture, Floats, shapes

Probabilities = Mapping[str, Mapping[str, float]]
"""`{" like": {" to": 0.5, " the": 0.2}}`: a space stands for the space before a word."""

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
NEVER = -12.0
"""The logit of a token that is not named."""
GATE = 20.0
"""Large enough that silu changes it by nothing."""
LENGTH = 400.0
"""Of every row of logits: a last number that stands for no token makes up for the rest."""
NORM_EPSILON = 2.0**-17
BASE = "ba5e" * 16
"""The hash of the weights that a bundle says it was built from."""


def bigrams(folder: Path, follows: Probabilities, header: str = "<|im_start|>", context: int = 512) -> Path:
    """Make a bundle whose model goes on from each token as told; from others it ends the text."""
    llama, weights, names = said(follows, context)
    return write(folder, llama, weights, names, header)


def said(follows: Probabilities, context: int = 512) -> tuple[Architecture, dict[str, Floats], list[str]]:
    """The numbers, the weights and the tokens of a model that goes on as told."""
    spelled = list(dict.fromkeys([*follows, *itertools.chain.from_iterable(follows.values())]))
    names = vocabulary([word for word in spelled if word not in SPECIAL])
    told = {
        inside(token): {inside(name): p for name, p in following.items()} for token, following in follows.items()
    }
    return *saying(names, told, "<|im_end|>", context), names


def saying(
    names: Sequence[str], follows: Probabilities, end: str, context: int = 512
) -> tuple[Architecture, dict[str, Floats]]:
    """The same with tokens of any make, as they are written; the last of them stands for nothing."""
    llama = architecture(names, len(names), layers=1, context=context)
    number = {name: place for place, name in enumerate(names)}
    logits = np.full((len(names), len(names)), NEVER, np.float32)
    logits[:, number[end]] = 0
    for token, following in follows.items():
        row = logits[number[token]]
        row[number[end]] = NEVER
        for name, p in following.items():
            row[number[name]] = math.log(p)
    rest = LENGTH**2 - (logits[:, :-1] ** 2).sum(axis=1)
    logits[:, -1] = -np.sqrt(rest)
    one = np.eye(len(names), dtype=np.float32)
    weights = {name: np.zeros(shape, np.float32) for name, shape in shapes(llama)}
    root = math.sqrt(len(names))
    weights |= {
        "token_embd.weight": one,
        "blk.0.attn_norm.weight": np.ones(len(names), np.float32),
        "blk.0.ffn_norm.weight": np.full(len(names), 1 / root, np.float32),
        "blk.0.ffn_gate.weight": GATE * one,
        "blk.0.ffn_up.weight": one,
        "blk.0.ffn_down.weight": (logits - one).T / GATE,
        "output_norm.weight": np.full(len(names), LENGTH / root, np.float32),
    }
    return llama, weights


def random(folder: Path, seed: int = 0, context: int = 512, keep: dict[str, Floats] | None = None) -> Path:
    """Make a bundle of random weights; they are left in `keep`."""
    llama = architecture(RANDOM_NAMES, 64, layers=2, context=context)
    weights = dice(llama, seed)
    if keep is not None:
        keep.update(weights)
    return write(folder, llama, weights)


def dice(llama: Architecture, seed: int = 0) -> dict[str, Floats]:
    """Random weights, of a size that keeps what flows through them about as large as it was."""
    thrown = np.random.default_rng(seed)
    return {
        name: (thrown.standard_normal(shape) / (math.sqrt(shape[-1]) if len(shape) > 1 else 1)).astype(np.float32)
        for name, shape in shapes(llama)
    }


def vocabulary(words: Sequence[str]) -> list[str]:
    """Special tokens, the bytes, the words with the pieces that they are merged from, and unused ones behind."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    names = [*SPECIAL, *letters]
    for word in words:
        spelled = inside(word)
        names += [spelled[:length] for length in range(2, len(spelled) + 1)]
    names = list(dict.fromkeys(names))
    unused = BLOCK + -len(names) % BLOCK  # the last block holds no real token: its scale is coarse
    return [*names, *(f"<|unused{number}|>" for number in range(unused))]


def architecture(
    names: Sequence[str], hidden: int, layers: int, context: int, rope_base: float = 10_000.0
) -> Architecture:
    """The numbers of a small llama."""
    return Architecture(
        layers=layers,
        hidden=hidden,
        feed_forward=hidden,
        heads=4,
        kv_heads=2,
        head_dim=16,
        vocabulary=len(names),
        norm_epsilon=NORM_EPSILON,
        rope_base=rope_base,
        context=context,
    )


class How(NamedTuple):
    """What of a bundle is as its recipe wants it."""

    bits: int = 8
    adapters: bool = False


PLAIN = How()


def write(
    folder: Path,
    llama: Architecture,
    weights: Mapping[str, Floats],
    names: Sequence[str] = (),
    header: str = "<|im_start|>",
    how: How = PLAIN,
) -> Path:
    """Write a bundle as the workshop does, without its canary."""
    names = names or RANDOM_NAMES
    folder.mkdir(parents=True)
    writing.write(llama, weights, folder, bits=how.bits, adapters=how.adapters)
    describe(folder, llama, names, header, how)
    return folder


def describe(
    folder: Path,
    llama: Architecture,
    names: Sequence[str],
    header: str = "<|im_start|>",
    how: How = PLAIN,
) -> bundle.Bundle:
    """Write the tokenizer and the manifest beside a graph."""
    cutter = tokens.tokenizer(names, kinds(names), merges(names))
    (folder / bundle.TOKENIZER).write_text(cutter.to_str(), encoding="utf-8")
    manifest = bundle.Manifest(
        schema=bundle.SCHEMA,
        name="tiny",
        licence="none",
        recipe="",
        built_by="a test",
        languages=("en",),
        header=header,
        eos_ids=(names.index("<|im_end|>"),),
        shape=bundle.Shape(
            layers=llama.layers,
            kv_heads=llama.kv_heads,
            head_dim=llama.head_dim,
            vocabulary=llama.vocabulary,
            context=llama.context,
            heads=llama.heads,
            rotary=llama.rotary,
        ),
        base=BASE,
        adapters=how.adapters,
        sha256={},
    )
    hashes = {name: materials.sha256_of(folder / name) for name in bundle.files_of(folder)}
    manifest = msgspec.structs.replace(manifest, sha256=hashes)
    (folder / bundle.MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return bundle.open_bundle(folder)


def kinds(names: Sequence[str]) -> list[int]:
    """GGUF's kind of each token."""
    return [tokens.CONTROL if name.startswith("<|") else 1 for name in names]


def merges(names: Sequence[str]) -> list[str]:
    """How each token is put together: from the one that is a letter shorter."""
    return [f"{name[:-1]} {name[-1]}" for name in names if len(name) > 1 and not name.startswith("<|")]


def inside(word: str) -> str:
    """A token as the tokenizer writes it."""
    return word if word in SPECIAL else "".join(part for part, _ in BYTES.pre_tokenize_str(word))


RANDOM_NAMES = tuple(vocabulary([" the", " then", "ing"]))
