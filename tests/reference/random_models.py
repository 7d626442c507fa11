"""Run by the reference environment's Python: small models with random weights, as transformers saves them.

    python random_models.py FOLDER VOCABULARY

writes FOLDER/llama (a head of its own, bfloat16, in parts) and FOLDER/qwen2 (tied, biases), without a tokenizer.
"""

import sys
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

SHAPE = {
    "hidden_size": 96,
    "intermediate_size": 160,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "eos_token_id": 2,
    "initializer_range": 0.2,
}
BIAS = 2.0
"""transformers begins with biases of zero, which would hide that they were left out."""


def main(folder: Path, vocabulary: int) -> None:
    """Make and save."""
    torch.manual_seed(0)
    llama = LlamaForCausalLM(LlamaConfig(**SHAPE, vocab_size=vocabulary, tie_word_embeddings=False))
    llama.to(torch.bfloat16).save_pretrained(folder / "llama", max_shard_size="200KB")
    config = Qwen2Config(**SHAPE, vocab_size=vocabulary, tie_word_embeddings=True, rope_theta=1_000_000.0)
    qwen2 = Qwen2ForCausalLM(config)
    with torch.no_grad():
        for name, weight in qwen2.named_parameters():
            if name.endswith(".bias"):
                weight.normal_(0, BIAS)
    qwen2.save_pretrained(folder / "qwen2")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
