"""What both sides are made from: the text of a clean clone, or a folder's without the phrases' near-duplicates."""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import wordfreq

from benches.writing_phrases import Phrase, without_duplicates
from vybor.foundation.errors import Missing
from vybor.foundation.places import Places
from vybor.instant.tokens import is_mark
from vybor_workshop import materials, words, words_corpus

SHARED = "text/acat_all_aac.txt"


class Base(msgspec.Struct, frozen=True):
    """A word list for the instant tier, and the sentences that it was counted from, for the peer."""

    words: Path
    sentences: Callable[[], list[str]]
    """Folded words with a space between, no marks; none where the list was made from frequencies alone."""


def clean(share: Path, cache: Path, language: str, say: materials.Say) -> Base:
    """What a clean clone installs. Raises VyborError."""
    corpus = words.origin_of(language).corpus

    def sentences() -> list[str]:
        messages = words_corpus.read_chitchat(materials.fetch(corpus, cache, say)) if corpus else ()
        return sentences_of(messages, language)

    return Base(Places(runtime=share, state=share, share=share).words(language), sentences)


def shared(phrases: Sequence[Phrase], cache: Path, say: materials.Say) -> Base:
    """The text of $VYBOR_DATA without near-duplicates of the phrases. English. Raises VyborError."""
    path = Path(os.environ.get("VYBOR_DATA", "")) / SHARED
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Missing(f"{path} cannot be read ({error.strerror}); name its folder in $VYBOR_DATA") from None
    kept = without_duplicates(lines, phrases)
    say(f"base: {len(kept)} of {len(lines)} lines are no near-duplicates of a phrase")
    messages = [(str(number), line) for number, line in enumerate(kept)]  # every line is a speaker of its own
    origin = msgspec.structs.replace(words.origin_of("en"), corpus=None)
    mark = hashlib.sha256(("\n".join(kept) + origin.hash12).encode()).hexdigest()[:12]
    made = cache / "words" / f"bench-{mark}.sqlite"
    if not made.is_file():
        words.make(made, origin, messages, wordfreq.get_frequency_dict("en", "best"), say)
    return Base(made, lambda: sentences_of(messages, "en"))


def sentences_of(messages: Iterable[tuple[str, str]], language: str) -> list[str]:
    """The text as the word list is counted from it."""
    cleaned = words_corpus.clean(messages, language)
    return [" ".join(word for word in sentence.folds if not is_mark(word)) for sentence in cleaned]
