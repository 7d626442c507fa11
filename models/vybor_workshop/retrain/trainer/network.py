"""The base, the adapter on it, and what both say of a row."""

from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, PreTrainedModel

from .branches import Row
from .given import Settings

LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""All that the kit's graph lets be changed (vybor/generator/network/adapter.py)."""


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
    read = _read(row, device)
    return _shares(model(**read, logits_to_keep=_behind(row, device)).logits[0], row)


class Before:
    """What the base says of rows without the adapter. It does not change, so a row is read once.

    Kept is what stands before the last matrix, a thousandth of what comes out of it.
    """

    def __init__(self, model: PeftModel) -> None:
        self.model = model
        self._kept: dict[int, tuple[Row, torch.Tensor]] = {}

    def shares(self, row: Row, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
        """As `shares` has them, of which nothing is learned."""
        with torch.no_grad():
            if id(row) not in self._kept:
                self._kept[id(row)] = row, self._hidden(row, device)  # with the row: no other one gets its number
            return _shares(self.model.get_output_embeddings()(self._kept[id(row)][1])[0], row)

    def _hidden(self, row: Row, device: torch.device) -> torch.Tensor:
        with self.model.disable_adapter():
            read = self.model.get_base_model().base_model(**_read(row, device))
        return read.last_hidden_state[:, _behind(row, device)]


def _read(row: Row, device: torch.device) -> dict[str, torch.Tensor | bool]:
    blocked = torch.from_numpy(~row.seen()).to(device)
    mask = torch.zeros(blocked.shape, device=device).masked_fill_(blocked, torch.finfo(torch.float32).min)
    return {
        "input_ids": torch.tensor([row.tokens], device=device),
        "attention_mask": mask[None, None],
        "position_ids": torch.tensor([row.depths], device=device),
        "use_cache": False,
    }


def _behind(row: Row, device: torch.device) -> torch.Tensor:
    return torch.tensor([row.parents[node] for node in row.asked()], device=device)


def _shares(logits: torch.Tensor, row: Row) -> tuple[torch.Tensor, torch.Tensor]:
    every = torch.log_softmax(logits.float(), dim=-1)
    asked = torch.tensor(row.tokens_of(row.asked()), device=logits.device)
    return every, every.gather(1, asked[:, None])[:, 0]
