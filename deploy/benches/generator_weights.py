"""The same weights twice: as our bundle and as llama.cpp's GGUF, with as many bits.

SmolLM2's are those of its recipe. TinyLlama's own cannot be had in a package, and for speed and memory only their
shape matters: they are thrown, each weight matrix by its name, so that both files hold the same.
"""

import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import gguf
import msgspec
import numpy as np

from vybor.generator.network import bundle
from vybor_workshop import materials
from vybor_workshop.materials import Say
from vybor_workshop.model import build, recipe, tokens, writing
from vybor_workshop.model.architecture import Architecture, Floats, Weights, shapes
from vybor_workshop.model.recipe import Recipe

SMOLLM2, TINYLLAMA = "smollm2-135m", "tinyllama-1.1b"
ROWS = gguf.GGMLQuantizationType.F32
CODED = {8: gguf.GGMLQuantizationType.Q8_0, 4: gguf.GGMLQuantizationType.Q4_0}
"""llama.cpp's coding with as many bits as ours: blocks of 32 weights with a scale each."""
SHAPE = Architecture(
    layers=22,
    hidden=2048,
    feed_forward=5632,
    heads=32,
    kv_heads=4,
    head_dim=64,
    vocabulary=32_000,
    norm_epsilon=1e-5,
    rope_base=10_000.0,
    context=1024,
    tied=False,
)
"""TinyLlama-1.1B's."""
SAID_ELSEWHERE = ("general.architecture", "general.file_type")
"""Fields of a GGUF that the writer sets, or that no longer hold."""
MADE_BY = "deploy/bench generator 1"


Fill = Callable[[gguf.GGUFWriter], None]


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """The same model for both."""

    name: str
    bundle: Path
    gguf: Path


def pair(name: str, cache: Path, say: Say) -> Pair:
    """The files of a model, from the cache or made there. Raises VyborError."""
    made_from = recipe.load(name)
    folder = cache / "bench-generator"
    folder.mkdir(parents=True, exist_ok=True)
    if name == SMOLLM2:
        ours = build.build(made_from, cache, None, say)
        return Pair(name=name, bundle=ours, gguf=_coded_anew(made_from, folder, cache, say))
    weights = Thrown(SHAPE)
    ours = _bundle(made_from, weights, folder / f"{name}-{recipe_key(made_from)}", cache, say)
    return Pair(name=name, bundle=ours, gguf=random_gguf(made_from, weights, folder / f"{name}.gguf", say))


def recipe_key(made_from: Recipe) -> str:
    """Changes with the rules by which a bundle is built."""
    whole = msgspec.json.encode(made_from)
    for rule in recipe.RULES:
        whole += Path(recipe.__file__).with_name(rule).read_bytes()
    return f"{zlib.crc32(whole):08x}"


class Thrown(Mapping[str, Floats]):
    """Weights by name, each thrown when it is asked for, and each time the same."""

    def __init__(self, model: Architecture) -> None:
        self._shapes = dict(shapes(model))

    def __getitem__(self, name: str) -> Floats:
        size = self._shapes[name]
        if len(size) == 1:
            return np.ones(size, np.float32)
        thrown = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(size, np.float32)
        return thrown / np.float32(np.sqrt(size[1]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)


def _coded_anew(made_from: Recipe, folder: Path, cache: Path, say: Say) -> Path:
    """The recipe's own GGUF, its weights unpacked and coded as our bundle's are."""
    raw = made_from.fetch(cache, say)
    target = folder / f"{made_from.name}-{materials.sha256_of(raw)[:12]}.gguf"
    if target.exists():
        return target
    say(f"coding {raw.name} as {CODED[made_from.bits].name}")
    reader = gguf.GGUFReader(raw)

    def fill(writer: gguf.GGUFWriter) -> None:
        for name, field in reader.fields.items():
            if not name.startswith("GGUF.") and name not in SAID_ELSEWHERE:
                kinds = field.types
                writer.add_key_value(name, field.contents(), kinds[0], kinds[-1] if len(kinds) > 1 else None)
        for tensor in reader.tensors:
            plain = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            _add(writer, tensor.name, plain, made_from.bits)

    return _written(target, reader.fields["general.architecture"].contents(), fill)


def random_gguf(made_from: Recipe, weights: Weights, target: Path, say: Say) -> Path:
    """A llama of TinyLlama's shape. Its tokens have no names: llama.cpp is told numbers."""
    if target.exists():
        return target
    say(f"coding {target.stem} as {CODED[made_from.bits].name} (a minute)")

    def fill(writer: gguf.GGUFWriter) -> None:
        writer.add_context_length(2048)
        writer.add_embedding_length(SHAPE.hidden)
        writer.add_block_count(SHAPE.layers)
        writer.add_feed_forward_length(SHAPE.feed_forward)
        writer.add_head_count(SHAPE.heads)
        writer.add_head_count_kv(SHAPE.kv_heads)
        writer.add_layer_norm_rms_eps(SHAPE.norm_epsilon)
        writer.add_rope_freq_base(SHAPE.rope_base)
        writer.add_rope_dimension_count(SHAPE.head_dim)
        writer.add_vocab_size(SHAPE.vocabulary)
        writer.add_tokenizer_model("none")
        for name in weights:
            _add(writer, name, weights[name], made_from.bits)

    return _written(target, "llama", fill)


def _add(writer: gguf.GGUFWriter, name: str, weight: Floats, bits: int) -> None:
    kind = CODED[bits] if weight.ndim > 1 else ROWS
    writer.add_tensor(name, gguf.quantize(weight, kind), raw_dtype=kind)


def _written(target: Path, kind: str, fill: Fill) -> Path:
    """A whole file or none."""
    fresh = target.with_suffix(".fresh")
    writer = gguf.GGUFWriter(fresh, kind)
    fill(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(fresh, target)  # noqa: PTH105  (says that it takes its place whole)
    return target


def _bundle(made_from: Recipe, weights: Weights, target: Path, cache: Path, say: Say) -> Path:
    """Our bundle of the same, as the recipe wants it, with the first of SmolLM2's tokens."""
    if target.exists():
        return target
    say(f"writing {made_from.name} in {made_from.bits} bits (a minute)")
    spoken = recipe.load(SMOLLM2)
    names, kinds, merges = _tokens(spoken.fetch(cache, say))
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / target.name
        made.mkdir()
        writing.write(SHAPE, weights, made, bits=made_from.bits, adapters=made_from.adapters)
        cutter = tokens.tokenizer(names, kinds, merges)
        (made / bundle.TOKENIZER).write_text(cutter.to_str(), encoding="utf-8")
        manifest = _manifest(made_from, spoken.header, made)
        (made / bundle.MANIFEST).write_bytes(msgspec.json.encode(manifest))
        os.replace(made, target)  # noqa: PTH105
    return target


def _tokens(raw: Path) -> tuple[Sequence[str], Sequence[int], Sequence[str]]:
    """As many of SmolLM2's tokens as TinyLlama has, with their kinds and the merges that make them."""
    fields = gguf.GGUFReader(raw).fields
    names, kinds, merges = (
        fields[f"tokenizer.ggml.{part}"].contents() for part in ("tokens", "token_type", "merges")
    )
    names = names[: SHAPE.vocabulary]
    known = set(names)
    merges = [merge for merge in merges if {*merge.split(" "), merge.replace(" ", "")} <= known]
    return names, kinds[: SHAPE.vocabulary], merges


def _manifest(made_from: Recipe, header: str, made: Path) -> bundle.Manifest:
    manifest = bundle.Manifest(
        schema=bundle.SCHEMA,
        name=made_from.name,
        licence="none: thrown",
        recipe="",
        built_by=MADE_BY,
        languages=made_from.languages,
        header=header,
        eos_ids=(2,),
        shape=bundle.Shape(
            layers=SHAPE.layers,
            kv_heads=SHAPE.kv_heads,
            head_dim=SHAPE.head_dim,
            vocabulary=SHAPE.vocabulary,
            context=made_from.context,
            heads=SHAPE.heads,
            rotary=SHAPE.rotary,
            kv=made_from.kv,
        ),
        adapters=made_from.adapters,
        sha256={},
    )
    hashes = {name: materials.sha256_of(made / name) for name in bundle.files_of(made)}
    return msgspec.structs.replace(manifest, sha256=hashes)
