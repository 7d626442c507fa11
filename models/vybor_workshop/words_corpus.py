"""A corpus of conversations as clean sentences: no addresses, emoticons, laughter or typing slips. Pure."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from vybor.generator import ngram_tokens

_ADDRESS = re.compile(r"\S*(?:://|www\.|@|\.(?:com|org|net|edu)\b)\S*", re.IGNORECASE)
_EMOTICON = re.compile(r"(?<!\w)[:;=8xX]['o^-]?[)(\]\[DPpOo3/\\|]+(?!\w)|<3")
_LAUGHTER = re.compile(
    r"(?:b?w?a*(?:h+a+)+h*|h+e+(?:h+e+)+h*|l+o+l+(?:o+l+)*s?|l+m+f*a+o+|r+o+f+l+|x+d+)",
)
_MOST_REPEATED = re.compile(r"(.)\1\1")
"""Three equal letters in a row: cries and held keys (sooo, ahhh)."""

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
"""What people type in a hurry, and what it stands for; only where it can stand for nothing else."""


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of one speaker."""

    speaker: str
    tokens: tuple[str, ...]
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
    repairs = REPAIRS.get(language, {})
    for speaker, text in messages:
        if "*" in text:  # a correction (die*), or an act (*waves*)
            continue
        text = _EMOTICON.sub(" ", _ADDRESS.sub(f" {ngram_tokens.PAUSE} ", text))
        minds = text[:1].isupper() and not text.isupper()
        for sentence in ngram_tokens.sentences(text):
            tokens = _without_leading_marks([_repaired(t, repairs) for t in sentence if not is_laughter(t)])
            if tokens:
                yield Sentence(speaker, tuple(tokens), minds)


def is_laughter(token: str) -> bool:
    """haha, hehe, lol and their kin."""
    return bool(_LAUGHTER.fullmatch(ngram_tokens.fold(token)))


def is_stretched(fold: str) -> bool:
    """sooo, ahhh."""
    return bool(_MOST_REPEATED.search(fold))


def _repaired(token: str, repairs: dict[str, str]) -> str:
    return repairs.get(ngram_tokens.fold(token), token)


def _without_leading_marks(tokens: list[str]) -> list[str]:
    start = next((place for place, token in enumerate(tokens) if not ngram_tokens.is_mark(token)), len(tokens))
    return tokens[start:]
