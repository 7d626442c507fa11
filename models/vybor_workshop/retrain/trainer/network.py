"""The base, the adapter on it, and what both say of a row."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, PreTrainedModel

from .branches import Row
from .given import Settings

LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""All that the kit's graph lets be changed (vybor/generator/adapter.py)."""


def load(base: Path) -> PreTrainedModel:
    """The base in 32 bits, as transformers reads it."""
    where = {"gguf_file": base.name} if base.is_file() else {}
    folder = base.parent if base.is_file() else base
    model = AutoModelForCausalLM.from_pretrained(folder, **where, dtype=torch.float32)
    if hasattr(model.config, "quantization_config"):  # it was unpacked, and says that it is packed
        del model.config.quantization_config
    model.hf_quantizer = None
    model.is_quantized = False
    model.config.use_cache = False
    return model


def with_adapter(model: PreTrainedModel, settings: Settings) -> PeftModel:
    """The base with an adapter that changes nothing yet. Without dropout: what was resumed is what was not."""
    torch.manual_seed(settings.seed)
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=0.0,
        target_modules=list(LINEAR),
        bias="none",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, config)


def shares(model: torch.nn.Module, row: Row, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probabilities behind the parents of asked nodes (asked, vocabulary), and of their tokens (asked,)."""
    asked = row.asked()
    tokens = torch.tensor([row.tokens], device=device)
    blocked = torch.from_numpy(~row.seen()).to(device)
    mask = torch.zeros(blocked.shape, device=device).masked_fill_(blocked, torch.finfo(torch.float32).min)
    logits = model(
        input_ids=tokens,
        attention_mask=mask[None, None],
        position_ids=torch.tensor([row.depths], device=device),
        logits_to_keep=torch.tensor([row.parents[node] for node in asked], device=device),
        use_cache=False,
    ).logits[0]
    every = torch.log_softmax(logits.float(), dim=-1)
    return every, every.gather(1, tokens[0, asked, None])[:, 0]


@contextlib.contextmanager
def bare(model: PeftModel) -> Iterator[None]:
    """The base alone, of which nothing is learned."""
    with torch.no_grad(), model.disable_adapter():
        yield
