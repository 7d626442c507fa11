"""Run by the reference environment's Python: what transformers makes of the same GGUF file, in 32 bits.

    python llama_logits.py MODEL.gguf SEQUENCES.json OUT.npy

SEQUENCES is a list of lists of token ids; OUT gets the log-probabilities of every next token, all sequences one
behind the other: (tokens, vocabulary). It imports nothing of Vybor, and reads the weights with its own code.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM


def main(gguf: Path, sequences: Path, out: Path) -> None:
    """Compute and write."""
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32).eval()
    found = []
    with torch.no_grad():
        for tokens in json.loads(sequences.read_text()):
            logits = model(torch.tensor([tokens])).logits[0]
            found.append(torch.log_softmax(logits.double(), dim=-1).float().numpy())
    np.save(out, np.concatenate(found))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
