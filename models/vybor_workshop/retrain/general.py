"""Text of nobody in particular, which is read beside the person's own so that it is not forgotten."""

import hashlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from vybor.instant.tokens import is_mark, tokens
from vybor_workshop import words_corpus
from vybor_workshop.evaluate.texts import is_for_tuning, is_kept_back
from vybor_workshop.materials import Say, fetch
from vybor_workshop.words import CORPORA

WORDS = range(3, 31)


def replayed(language: str, how_many: int, cache: Path, say: Say) -> list[str]:
    """So many messages, always the same; none in a language without a corpus. Raises MaterialError."""
    corpus = CORPORA.get(language)
    if corpus is None:
        return []
    return chosen(words_corpus.read_chitchat(fetch(corpus, cache, say)), how_many)


def chosen(messages: Iterable[tuple[str, str]], how_many: int) -> list[str]:
    """Of (writer, text): always the same, by their hashes, none of a writer who is kept back or for tuning."""
    texts = {text for writer, text in messages if not is_kept_back(writer) and not is_for_tuning(writer)}
    in_order = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    return list(islice(filter(_is_plain, in_order), how_many))


def _is_plain(text: str) -> bool:
    words = [token for token in tokens(text) if not is_mark(token)]
    return len(words) in WORDS and "*" not in text and "://" not in text
