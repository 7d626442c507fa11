"""A corpus of conversations as clean sentences: no addresses, emoticons, laughter or typing slips. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import dropwhile
from pathlib import Path

import msgspec

from vybor.instant.tokens import PAUSE, is_mark, sentences
from vybor.instant.tokens import fold as folded_anew

_ADDRESS = re.compile(r"\S*(?:://|www\.|@|\.(?:com|org|net|edu)\b)\S*", re.IGNORECASE)
_EMOTICON = re.compile(r"(?<!\w)[:;=8xX]['o^-]?[)(\]\[DPpOo3/\\|]+(?!\w)|<3")
_LAUGHTER = re.compile(
    r"(?:b?w?a*(?:h+a+)+h*|h+e+(?:h+e+)+h*|l+o+l+(?:o+l+)*s?|l+m+f*a+o+|r+o+f+l+|x+d+)",
)
_MOST_REPEATED = re.compile(r"(.)\1\1")
"""Three equal letters in a row: cries and held keys (sooo, ahhh)."""

fold = cache(folded_anew)
"""A corpus says the same words again and again."""

REPAIRS = {
    "en": {
        "arent": "aren't",
        "bc": "because",
        "cant": "can't",
        "couldnt": "couldn't",
        "cuz": "because",
        "didnt": "didn't",
        "doesnt": "doesn't",
        "dont": "don't",
        "hadnt": "hadn't",
        "hasnt": "hasn't",
        "havent": "haven't",
        "hes": "he's",
        "im": "I'm",
        "isnt": "isn't",
        "ive": "I've",
        "shes": "she's",
        "shouldnt": "shouldn't",
        "thats": "that's",
        "theres": "there's",
        "theyre": "they're",
        "theyve": "they've",
        "u": "you",
        "wasnt": "wasn't",
        "werent": "weren't",
        "weve": "we've",
        "whats": "what's",
        "wont": "won't",
        "wouldnt": "wouldn't",
        "youre": "you're",
        "youve": "you've",
    },
}
"""What people type in a hurry, and what it stands for; only where it can stand for nothing else…"""
CHAT_REPAIRS = {"en": {"id": "I'd", "ill": "I'll", "lets": "let's"}}
"""…or, in the corpus, where chatting people hardly ever mean anything else."""


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of one speaker; `folds` are its tokens, folded."""

    speaker: str
    tokens: tuple[str, ...]
    folds: tuple[str, ...]
    minds_capitals: bool
    """The message begins with a capital and is not all capitals: its capitals tell how words are written."""


class _Utterance(msgspec.Struct, frozen=True):
    text: str
    sender: str


class _Conversation(msgspec.Struct, frozen=True):
    messages: tuple[tuple[_Utterance, ...], ...]


def read_chitchat(path: Path) -> Iterator[tuple[str, str]]:
    """(speaker, text) of every message in chitchat-dataset's `dataset.json`; raises msgspec.DecodeError."""
    conversations = msgspec.json.decode(path.read_bytes(), type=dict[str, _Conversation])
    for conversation in conversations.values():
        for turn in conversation.messages:
            for utterance in turn:
                yield utterance.sender, utterance.text


def clean(messages: Iterable[tuple[str, str]], language: str) -> Iterator[Sentence]:
    """The sentences of messages, without what nobody would want to be offered."""
    repairs = {**REPAIRS.get(language, {}), **CHAT_REPAIRS.get(language, {})}
    for speaker, message in messages:
        if "*" in message:  # a correction (die*), or an act (*waves*)
            continue
        text = _EMOTICON.sub(" ", _ADDRESS.sub(f" {PAUSE} ", message))
        minds = text[:1].isupper() and not text.isupper()
        for sentence in sentences(text):
            tokens = _without_leading_marks(
                [repairs.get(fold(token), token) for token in sentence if not is_laughter(fold(token))]
            )
            if tokens:
                yield Sentence(speaker, tokens, tuple(map(fold, tokens)), minds)


@cache
def is_laughter(folded: str) -> bool:
    """haha, hehe, lol and their kin."""
    return bool(_LAUGHTER.fullmatch(folded))


def is_stretched(folded: str) -> bool:
    """sooo, ahhh."""
    return bool(_MOST_REPEATED.search(folded))


def _without_leading_marks(tokens: list[str]) -> tuple[str, ...]:
    return tuple(dropwhile(is_mark, tokens))
