"""A Hugging Face directory as a source: config.json, tokenizer.json and *.safetensors, whole or in parts."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from vybor.generator.network import safetensors
from vybor.generator.network.bundle import Rotary
from vybor_workshop import materials
from vybor_workshop.model import tokens
from vybor_workshop.model.architecture import Architecture, Floats
from vybor_workshop.model.recipe import SourceError
from vybor_workshop.model.source import ForTokens, Source, UnknownKind, check

CONFIG, TOKENIZER, GENERATION = "config.json", "tokenizer.json", "generation_config.json"
WHOLE, INDEX = "model.safetensors", "model.safetensors.index.json"
BIASED = {"llama": False, "qwen2": True}
"""The kinds that can be written, and whether something is added to their q, k and v."""
ACTIVATION = "silu"
NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
}
IN_A_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""Hugging Face's names, and llama.cpp's for the same."""
NO_WEIGHTS = "rotary_emb.inv_freq"
"""What old files carry along; it follows from the numbers."""


class Rope(msgspec.Struct, frozen=True):
    """How rotations are said since transformers 5."""

    rope_theta: float | None = None
    rope_type: str = "default"


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a config.json."""

    model_type: str
    num_hidden_layers: int
    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_key_value_heads: int | None = None
    head_dim: int | None = None
    rms_norm_eps: float
    rope_theta: float | None = None
    rope_scaling: dict[str, object] | None = None
    rope_parameters: Rope | None = None
    max_position_embeddings: int
    hidden_act: str = ACTIVATION
    tie_word_embeddings: bool = False
    use_sliding_window: bool = False
    eos_token_id: int | list[int] | None = None


class Weights(Mapping[str, Floats]):
    """The weights by llama.cpp's names, each read when it is asked for."""

    def __init__(self, stored: Mapping[str, safetensors.Stored]) -> None:
        self._stored = stored

    def __getitem__(self, name: str) -> Floats:
        return self._stored[name].read()

    def __contains__(self, name: object) -> bool:
        return name in self._stored  # Mapping's own would read the weight

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each, rows first."""
        return {name: stored.shape for name, stored in self._stored.items()}


def read(folder: Path, context: int) -> Source:
    """Open a directory, for so many positions at most. Raises SourceError."""
    config = _config(folder)
    try:
        stored = {name: one for file in files(folder) for name, one in safetensors.arrays(file).items()}
        _check_kind(config)
        tokenizer = tokens.read(_there(folder, TOKENIZER))
        count = max(tokenizer.get_vocab().values(), default=-1) + 1
        weights = Weights(_renamed(stored, config))
        model = _architecture(config, weights, count, context)
        check(model, weights.shapes())
    except safetensors.Unreadable as reason:
        raise SourceError(f"{reason}; if it was cut off or damaged on the way, fetch it again") from None
    except tokens.UnknownTokens as unknown:
        raise SourceError(f"{folder / TOKENIZER} {unknown}") from None
    except UnknownKind as unknown:
        raise SourceError(f"{folder} {unknown}") from None
    return Source(config.model_type, model, ForTokens(weights, count), tokenizer, _ends(folder, config))


def files(folder: Path) -> list[Path]:
    """The files of weights. Raises SourceError."""
    if not (folder / INDEX).is_file():
        return [_there(folder, WHOLE)]
    try:
        index = msgspec.json.decode((folder / INDEX).read_bytes(), type=dict[str, dict[str, object]])
        parts = sorted({Path(str(part)).name for part in index["weight_map"].values()})
    except (OSError, msgspec.MsgspecError, KeyError) as error:
        raise SourceError(f"{folder / INDEX} cannot be understood ({error}); fetch it again") from None
    return [_there(folder, part) for part in parts]


def sha256_of(folder: Path) -> str:
    """The hash of the weights: the file's, or that of the parts' hashes. Raises SourceError."""
    hashes = [materials.sha256_of(file) for file in files(folder)]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _there(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise SourceError(f"{folder} has no {name}; it must be a whole Hugging Face directory, or a GGUF file")
    return folder / name


def _config(folder: Path) -> Config:
    path = _there(folder, CONFIG)
    try:
        kind = msgspec.json.decode(path.read_bytes(), type=dict[str, object]).get("model_type")
        if kind not in BIASED:
            raise SourceError(
                f"{folder} holds a model of the kind {kind}; this builder knows {' and '.join(BIASED)} only"
            )
        return msgspec.json.decode(path.read_bytes(), type=Config)
    except (OSError, msgspec.MsgspecError) as error:
        raise SourceError(f"{path} cannot be understood ({error}); fetch it again") from None


def _check_kind(config: Config) -> None:
    rope = config.rope_scaling or {}
    kind = str(rope.get("rope_type", rope.get("type", "default")))
    if config.rope_parameters:
        kind = config.rope_parameters.rope_type
    if kind != "default":
        raise UnknownKind(f"scales its rotations ({kind}); this builder knows plain ones only")
    if config.hidden_act != ACTIVATION:
        raise UnknownKind(f"works with {config.hidden_act}; this builder knows {ACTIVATION} only")
    if config.use_sliding_window:
        raise UnknownKind("sees a sliding window of the text only; this builder knows whole ones")


def _architecture(config: Config, weights: Weights, count: int, context: int) -> Architecture:
    said = config.rope_parameters.rope_theta if config.rope_parameters else config.rope_theta
    return Architecture(
        layers=config.num_hidden_layers,
        hidden=config.hidden_size,
        feed_forward=config.intermediate_size,
        heads=config.num_attention_heads,
        kv_heads=config.num_key_value_heads or config.num_attention_heads,
        head_dim=config.head_dim or config.hidden_size // config.num_attention_heads,
        vocabulary=count,
        norm_epsilon=config.rms_norm_eps,
        rope_base=said or 10_000.0,
        context=min(context, config.max_position_embeddings),
        rotary=Rotary.HALVES,
        biased=BIASED[config.model_type] or "blk.0.attn_q.bias" in weights,
        tied="output.weight" not in weights,
    )


def _renamed(stored: Mapping[str, safetensors.Stored], config: Config) -> dict[str, safetensors.Stored]:
    """The weights by llama.cpp's names; a head that is said to be the embedding is not looked at."""
    found = {_name(name): one for name, one in stored.items() if not name.endswith(NO_WEIGHTS)}
    if config.tie_word_embeddings:
        found.pop("output.weight", None)
    return found


def _name(name: str) -> str:
    """`model.layers.3.mlp.up_proj.weight` is `blk.3.ffn_up.weight`; a name that nobody knows stays."""
    stem, _, suffix = name.rpartition(".")
    if stem in NAMES:
        return f"{NAMES[stem]}.{suffix}"
    layer, _, part = stem.removeprefix("model.layers.").partition(".")
    return f"blk.{layer}.{IN_A_LAYER[part]}.{suffix}" if part in IN_A_LAYER else name


def _ends(folder: Path, config: Config) -> tuple[int, ...]:
    """The tokens that end a text: generation's own, where they are said."""
    said: object = config.eos_token_id
    try:
        decoded = msgspec.json.decode((folder / GENERATION).read_bytes(), type=dict[str, object])
        said = decoded.get("eos_token_id", said)
    except (OSError, msgspec.MsgspecError):
        pass  # the file is not always there
    many = said if isinstance(said, list) else [said]
    return tuple(one for one in many if isinstance(one, int))
