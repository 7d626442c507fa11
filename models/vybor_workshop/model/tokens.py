"""The tokenizer, from the arrays that a GGUF file carries.

What transformers makes of them for SmolLM2 is wrong (a token before every text, another end, digits in groups);
this gives the ids that llama.cpp gives.
"""

from collections.abc import Sequence

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

CONTROL = 3
"""GGUF's kind of token that is no text: the beginning and the end of a message, and the like."""


def tokenizer(tokens: Sequence[str], kinds: Sequence[int], merges: Sequence[str]) -> Tokenizer:
    """A tokenizer of bytes as SmolLM's: digits one by one, then GPT-2's words, then the merges."""
    ids = {token: number for number, token in enumerate(tokens)}
    pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in merges)]
    made = Tokenizer(models.BPE(vocab=ids, merges=pairs))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    made.decoder = decoders.ByteLevel()
    special = [token for token, kind in zip(tokens, kinds, strict=True) if kind == CONTROL]
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return made
