"""The model that is built against an independent reference: transformers, 32 bits, the same GGUF file.

Needs the environment that tests/reference/environment.py makes.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from reference import environment
from vybor.generator.network.bundle import TOKENIZER, open_bundle
from vybor.generator.network.model import Floats, Model
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop import cli
from vybor_workshop.model import build, recipe, reference
from vybor_workshop.model.reference import log_shares

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        environment.python_of(os.environ) is None, reason="make it with tests/reference/environment.py"
    ),
]

HIGHEST_KL = 0.02
"""Nats a token; what is measured is about a quarter of it."""
LEAST_AGREEMENT = 0.9
WIDEST_GAP = 1.0
"""Where the likeliest token differs, the reference must hold the two for about as likely: nats between them."""
GREEDY_TOKENS = 24
PROMPTS = (
    "I would like to",
    "Can you please help me with",
    "The weather today is",
    "My daughter is coming to visit me on",
    "Could you turn the",
    "I am feeling a bit",
    "What time does the",
    "Thank you very much for",
    "We went to the market and bought",
    "The doctor said that I should",
    "Please call my brother and tell him",
    "I don't know where",
    "Last night I watched a film about",
    "The capital of France is",
    "Once upon a time there was",
    "If you want to make bread, you need",
    "The meeting was moved to 3:30 because",
    "He opened the door and saw",
    "In 1969, two men walked on",
    "It costs $25, which is",
)


class Measured(NamedTuple):
    """The built model's log-probabilities behind every token, and what they were computed for."""

    sequences: list[list[int]]
    prompts: list[int]
    """How many tokens of each sequence are its prompt."""
    built: Floats
    reference: Floats


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    cache, folder = cli.default_cache(os.environ), tmp_path_factory.mktemp("reference")
    wanted = recipe.load("smollm2-135m")
    bundle = open_bundle(build.build(wanted, cache, None, print))
    vocabulary = Vocabulary.open(bundle.folder / TOKENIZER)
    model = Model(bundle, threads=2)
    prompts = [vocabulary.encode_header("<|endoftext|>") + vocabulary.encode(prompt) for prompt in PROMPTS]
    sequences, logits = zip(*(greedy(model, prompt) for prompt in prompts), strict=True)
    reference = reference_of(wanted.fetch(cache, print), list(sequences), folder)
    return Measured(list(sequences), list(map(len, prompts)), log_shares(np.concatenate(logits)), reference)


def greedy(model: Model, prompt: list[int]) -> tuple[list[int], Floats]:
    """A prompt and how the built model goes on, with the logits behind every token, one step a token."""
    tokens, rows = list(prompt), []
    model.rewind([])
    for place in range(len(prompt) + GREEDY_TOKENS):
        model.append(tokens[place : place + 1])
        rows.append(model.end)
        if place >= len(prompt) - 1:
            tokens.append(int(model.end.argmax()))
    return tokens[:-1], np.stack(rows)


def reference_of(gguf: Path, sequences: list[list[int]], folder: Path) -> Floats:
    python = environment.python_of(os.environ)
    assert python
    return reference.reckoned(python, gguf, sequences, folder)


def test_the_built_model_says_what_the_reference_says(measured: Measured) -> None:
    """KL(reference || built) a token, and how often both hold the same token for the likeliest."""
    found = reference.compared(measured.reference, measured.built)
    print(found.told())
    assert found.kl < HIGHEST_KL
    assert found.agreement > LEAST_AGREEMENT


def test_where_greedy_words_differ_the_reference_hardly_minds(measured: Measured) -> None:
    """What the reference would have said at each token of the built model's own continuation."""
    chosen, same, first = [], 0, 0
    for sequence, prompt in zip(measured.sequences, measured.prompts, strict=True):
        rows = measured.reference[first : first + len(sequence)][prompt - 1 : -1]
        gaps = rows.max(axis=1) - rows[np.arange(len(rows)), sequence[prompt:]]
        chosen.append(gaps)
        same += bool((gaps == 0).all())
        first += len(sequence)
    gaps = np.concatenate(chosen)
    odd = gaps[gaps > 0]
    print(
        f"{same} of {len(PROMPTS)} continuations of {GREEDY_TOKENS} tokens are the same; of {len(gaps)} tokens "
        f"{len(odd)} differ, by {odd.max(initial=0):.2f} nats at most"
    )
    assert odd.max(initial=0) < WIDEST_GAP
