"""Run by the reference environment's Python: what transformers makes of the same weights, in 32 bits.

    python -P reference_logits.py MODEL.gguf|DIRECTORY SEQUENCES.json OUT.npy

SEQUENCES is a list of lists of token ids; OUT gets the log-probabilities of every next token, all sequences one
behind the other: (tokens, vocabulary). It imports nothing of Vybor (-P, so that no module
beside it is taken for a library), and the weights are read by transformers' own code.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM


def main(source: Path, sequences: Path, out: Path) -> None:
    """Compute and write."""
    where = {"gguf_file": source.name} if source.is_file() else {}
    folder = source.parent if source.is_file() else source
    model = AutoModelForCausalLM.from_pretrained(folder, **where, dtype=torch.float32).eval()
    found = []
    with torch.no_grad():
        for tokens in json.loads(sequences.read_text()):
            logits = model(torch.tensor([tokens])).logits[0]
            found.append(torch.log_softmax(logits.double(), dim=-1).float().numpy())
    np.save(out, np.concatenate(found))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
