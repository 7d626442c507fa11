"""Whole sentences that carry a word or two: which do, how they begin, and those that are there already. Pure.

A sentence carries a word in any of its forms: by the stem. What the person said before comes first, then the
phrases of the kit; `sentences` makes others with the model.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from vybor.composer.anchors import LONGEST
from vybor.composer.phrases import PHRASES
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Source
from vybor.instant.pattern import Pattern
from vybor.instant.tokens import fold
from vybor.retrieval.passages import sentences as split
from vybor.retrieval.stems import is_content, stem, stems, words

EARLIER = 1.0
"""The probability of what was said before, in place of one: it is no guess."""

OPENINGS: dict[str, dict[Intent, tuple[str, ...]]] = {
    "en": {
        Intent.ASK: (
            *("Can you", "Could you", "Do you", "Did you", "Are you", "Is the", "Where is", "What is", "When is"),
            *("How is", "Why", "Who", "May I"),
        ),
        Intent.WANT: ("I want", "I would like", "I need", "Please", "Can I", "Let's"),
        Intent.REFUSE: ("I don't want", "I don't like", "No,", "Please don't", "I can't"),
        Intent.FEEL: ("I feel", "I am", "My", "I like", "I love", "I hate", "It is"),
        Intent.TELL: ("I have", "I was", "We", "He", "She", "The", "There is", "You", "My"),
    },
    "ru": {
        Intent.ASK: (*("Можно", "Где", "Когда", "Почему", "Кто", "Что", "Как", "Ты", "Вы", "Не могли бы вы"),),
        Intent.WANT: ("Я хочу", "Мне нужно", "Мне нужна", "Дайте", "Пожалуйста,"),
        Intent.REFUSE: ("Я не хочу", "Мне не нравится", "Нет,", "Не надо"),
        Intent.FEEL: ("Мне", "У меня", "Я", "Я люблю"),
        Intent.TELL: ("Я", "Мы", "Он", "Она", "У нас", "Это"),
    },
}
"""How sentences begin that ask, want, refuse, feel and tell."""


class Said(msgspec.Struct, frozen=True):
    """A sentence that can be offered as it stands, and the stems of its words."""

    text: str
    stems: frozenset[str]
    words: tuple[str, ...]
    """Folded: what two ways of writing one sentence share."""


def said(text: str) -> Said:
    """Take a sentence."""
    return Said(text, frozenset(stems(text)), tuple(fold(word) for word in words(text)))


def sentences_in(spoken: str) -> tuple[Said, ...]:
    """The sentences of something that was spoken, without those too long for a tile."""
    return tuple(one for text in split(spoken) if len(text) <= LONGEST and (one := said(text)).words)


def carries(sentence: Said, anchors: Iterable[str]) -> bool:
    """Whether every one of the words is there, in some form."""
    return all(stem(anchor) in sentence.stems for anchor in anchors)


def fits(sentence: Said, intent: Intent | None, language: str) -> bool:
    """Whether a sentence looks as if it did this."""
    if intent is None:
        return True
    if sentence.text.rstrip("\"”»' ").endswith("?"):
        return intent is Intent.ASK
    begun = (tuple(fold(word) for word in words(opening)) for opening in OPENINGS[language][intent])
    return any(sentence.words[: len(opening)] == opening for opening in begun)


def likeness(one: Said, other: Said) -> float:
    """Of the stems of two sentences together, the share that both have."""
    return len(one.stems & other.stems) / max(1, len(one.stems | other.stems))


def there_already(prompt: m.Prompt, spoken: Sequence[Said]) -> tuple[m.Candidate, ...]:
    """Sentences that carry the prompt's words: what the person said, oldest first in `spoken`, then phrases.

    Of the person's own those come first that do what is asked, then those like the one named, then the more
    frequent and the newer.
    """
    near = said(prompt.near)
    own = _ordered(prompt, spoken, near)
    phrases = _ordered(prompt, [said(phrase) for phrase in PHRASES[prompt.language]], near)
    found: dict[tuple[str, ...], m.Candidate] = {}
    for sentences, source in ((own, Source.OWN), (phrases, Source.PHRASE)):
        for one in sentences:
            found.setdefault(one.words, m.Candidate(words=tuple(one.text.split()), p=EARLIER, source=source))
    found.pop(near.words, None)
    return tuple(found.values())[: prompt.count]


def own_words(prompt: m.Prompt, spoken: Sequence[Said]) -> tuple[m.Candidate, ...]:
    """Words that the person's sentences are about and that fit the letters: the more frequent, then the newer."""
    pattern = Pattern.of(prompt.prefix, prompt.groups)
    passed = set(map(fold, prompt.exclude))
    seen = Counter(word for one in reversed(spoken) for word in one.words)
    total = seen.total()
    fitting = (word for word, _ in seen.most_common() if word not in passed and pattern.fits(word))
    telling = islice(filter(is_content, fitting), prompt.count)
    return tuple(m.Candidate(words=(word,), p=seen[word] / total, source=Source.OWN) for word in telling)


def _ordered(prompt: m.Prompt, sentences: Sequence[Said], near: Said) -> list[Said]:
    """Those that carry the words, each once as it was written last, the best first."""
    carrying = [one for one in sentences if carries(one, prompt.anchors)]
    often = Counter(one.words for one in carrying)
    newest = {one.words: number for number, one in enumerate(carrying)}
    latest = [one for number, one in enumerate(carrying) if newest[one.words] == number]
    return sorted(
        latest,
        key=lambda one: (
            not fits(one, prompt.intent, prompt.language),
            -likeness(one, near) if prompt.near else 0.0,
            -often[one.words],
            -newest[one.words],
        ),
    )


def openings(prompt: m.Prompt) -> tuple[str, ...]:
    """How the model's sentences may begin: as the one they are to be like does, or as the intent says, or any."""
    if prompt.near:
        spelled = prompt.near.split()
        return tuple(" ".join(spelled[:length]) for length in range(1, len(spelled)))
    table = OPENINGS.get(prompt.language, {})
    chosen = [prompt.intent] if prompt.intent else list(table)
    return tuple(dict.fromkeys(opening for intent in chosen for opening in table.get(intent, ())))
