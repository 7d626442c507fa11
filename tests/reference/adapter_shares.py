"""Run by the trainer's Python: what transformers and PEFT make of an adapter, and of texts as branches of a tree.

    python -P adapter_shares.py LAUNCH MODEL ADAPTER SEQUENCES.json OUT.npz

LAUNCH is the trainer's launch.py, whose modules are what is looked at. OUT gets, for all sequences one behind
the other, the log-probabilities of every next token without the adapter and with it: `base`, `worn` (tokens,
vocabulary); and with it those of each token itself, by a row of its own and by one row for all: `alone`,
`together`; and `before`, what is kept of the base's row for all, asked for the second time.
"""

import importlib
import json
import runpy
import sys
from pathlib import Path

import numpy as np
import torch
from peft import PeftModel

CPU = torch.device("cpu")


def main(launch: Path, base: Path, adapter: Path, sequences: Path, out: Path) -> None:
    """Compute and write."""
    runpy.run_path(str(launch))["package"]()
    branches, given, network = (
        importlib.import_module(f"vybor_trainer.{name}") for name in ("branches", "given", "network")
    )
    model = PeftModel.from_pretrained(network.load(base), adapter).eval()
    texts = [
        given.Text(given.Share.TRAIN, tuple(tokens), (0.0, *[1.0] * (len(tokens) - 1)))
        for tokens in json.loads(sequences.read_text())
    ]
    rows = [_row(branches, [text]) for text in texts]
    tree = _row(branches, texts)
    with torch.no_grad():
        told = {"worn": _every(model, texts)}
        with model.disable_adapter():
            told["base"] = _every(model, texts)
        told["alone"] = np.concatenate(
            [_own(network.shares(model, row, CPU), row, text) for row, text in zip(rows, texts, strict=True)]
        )
        told["together"] = np.concatenate([_own(network.shares(model, tree, CPU), tree, text) for text in texts])
        before = network.Before(model)
        before.shares(tree, CPU)
        told["before"] = np.concatenate([_own(before.shares(tree, CPU), tree, text) for text in texts])
    np.savez(out, **told)


def _row(branches, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  (of a package made above)
    row = branches.Row()
    for text in texts:
        row.add(text)
    return row


def _every(model, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    found = [torch.log_softmax(model(torch.tensor([text.tokens])).logits[0].double(), -1) for text in texts]
    return np.concatenate([each.float().numpy() for each in found])


def _own(shares, row, text):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    _, own = shares
    place = {node: number for number, node in enumerate(row.asked())}
    return np.array([float(own[place[node]]) for node in row.line(text.tokens)[1:]])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
