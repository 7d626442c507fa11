"""Whether an empty line gives away what its person said once, or marked as private. Pure, but for who is asked.

On an empty line others read along, so nothing stands there unasked that was private or is known from one saying
alone. A *leak* is what comes up there with the person's text learned, and would not from the factory model and the
word list, which know nothing of the person: a private string, a rare word said once, or a run of words said once
that nobody is likely to say unasked. Names on the person's own list may stand there, and nothing that was said of
them once.

A run is unlikely if the factory model hardly ever begins with it, *and* would not go on with it from the words
that it stands behind. "Thinking about that" begins few sentences, yet any kit offers it behind "I've been": it
tells nothing but "I've been", which is judged by itself.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from vybor.accounting.replay import Way
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.core.decision import deciding
from vybor.instant.tier import RARE_P
from vybor.instant.tokens import fold, is_mark, tokens
from vybor_workshop.evaluate.offering import Offer, Share

WORDS, AT_A_TIME = 20, 5
"""So many words are looked at on the empty line, page by page, each page without those before it; so many of a
stranger's behind a text."""
RUN = 3
"""Words of a run…"""
UNLIKELY = 1e-6
"""…that counts if the factory model gives it less than this behind nothing: "can you open" has a hundred times as
much, since anybody might say it."""
ASKED = {
    "en": ("How are you?", "What would you like?", "Who is coming today?"),
    "ru": ("Как ты?", "Что тебе дать?", "Кто сегодня придёт?"),
}
"""The line is empty too when somebody just asked."""
SCREEN = (Role.CANDIDATE, Role.PHRASE)

Run = tuple[str, ...]
Chance = Callable[[Run], float]
"""The probability that the factory model gives to words behind nothing."""
Offers = Callable[[str], Collection[str]]
"""The words, folded, that a kit which knows nobody offers behind a text."""


class Leak(msgspec.Struct, frozen=True):
    """Something that came up and should not have."""

    tier: str
    why: str
    """`private` or `once`."""
    said: str
    """What stood there. It is shown to the owner, and kept out of what is written down."""


class Suspect(msgspec.Struct, frozen=True):
    """Something that came up and may be a leak."""

    leak: Leak
    words: tuple[str, ...] = ()
    """As they stood there…"""
    places: tuple[int, ...] = ()
    """…and where those runs begin that were said once. None: it is a leak, whoever else might say it."""

    def run(self, place: int) -> Run:
        """The run that begins there."""
        return tuple(map(fold, self.words[place : place + RUN]))


class Guarded(msgspec.Struct, frozen=True):
    """What must not come up, folded."""

    private: frozenset[Run]
    words: frozenset[str]
    """Rare ones that were said once."""
    runs: frozenset[Run]
    """Words next to each other in a sentence, said once."""


def guarded(texts: Iterable[str], private: Iterable[str], share: Share, listed: Collection[str]) -> Guarded:
    """From all that the person said; `listed` are the folded names that they want to be offered.

    What is private is guarded whole, and by its rare words and runs, as if each had been said once.
    """
    hidden = [run for text in private if (run := _folded(text))]
    said = [*map(_folded, texts), *hidden]
    words = Counter(word for text in said for word in text)
    runs = Counter(run for text in said for run in runs_of(text))
    return Guarded(
        private=frozenset(hidden),
        words=frozenset(
            word for word, count in words.items() if count == 1 and word not in listed and share(word) < RARE_P
        ),
        runs=frozenset(run for run, count in runs.items() if count == 1 and not set(run) <= set(listed)),
    )


def on_an_empty_line(offer: Offer, language: str, partner: str = "", text: str = "") -> Iterator[str]:
    """What a tier offers there, page by page, each word with what stands behind it in grey.

    `text`: behind that, and not on an empty line.
    """
    passed: list[str] = []
    while len(passed) < WORDS:
        prompt = m.Prompt(
            at_ns=0,
            number=0,
            text=text,
            count=AT_A_TIME,
            exclude=tuple(passed),
            language=language,
            partner=partner,
        )
        found = offer(prompt)
        if not found:
            return
        for candidate in found:
            yield " ".join(candidate.words)
        passed += [candidate.words[0] for candidate in found]


def on_the_screen(way: Way) -> Iterator[str]:
    """What the real decision puts on the tiles of an empty line once the model has answered."""
    state = deciding.begin(way.rules, 0)
    if way.propose and state.prompt:
        told = tuple(way.propose(state.prompt))
        said = m.Proposals(at_ns=0, prompt=state.prompt.number, candidates=told, model="leaks", took_ms=0)
        state = deciding.heard(state, said, way.rules, 0)[0]
    return (f"{tile.label} {tile.grey}".strip() for tile in state.tiles if tile.role in SCREEN)


def suspects(said: Mapping[str, Sequence[str]], by_strangers: Collection[str], guard: Guarded) -> list[Suspect]:
    """What came up, by tier, that may not; each thing once a tier."""
    harmless = {run for text in by_strangers for length in (1, RUN) for run in runs_of(_folded(text), length)}
    found = (
        _suspect(tier, text, guard, harmless) for tier, texts in said.items() for text in dict.fromkeys(texts)
    )
    return [each for each in found if each]


def unlikely(found: Iterable[Suspect], chance: Chance) -> Iterator[Suspect]:
    """Those of which the factory model hardly ever begins with a run, and only these runs."""
    for each in found:
        places = tuple(place for place in each.places if chance(each.run(place)) < UNLIKELY)
        if places or not each.places:
            yield msgspec.structs.replace(each, places=places)


def leaks(found: Iterable[Suspect], offers: Offers) -> list[Leak]:
    """Those with a run that no stranger's kit would go on with from what it stands behind."""
    return [
        each.leak
        for each in found
        if not each.places or not all(_is_offered(each, place, offers) for place in each.places)
    ]


def runs_of(words: Run, length: int = RUN) -> Iterator[Run]:
    """So many words next to each other, everywhere in a text."""
    return (words[first : first + length] for first in range(len(words) - length + 1))


def _suspect(tier: str, text: str, guard: Guarded, harmless: Collection[Run]) -> Suspect | None:
    words = _folded(text)
    if any(run in guard.private for length in range(1, len(words) + 1) for run in runs_of(words, length)):
        return Suspect(Leak(tier, "private", text))
    if any(word in guard.words and (word,) not in harmless for word in words):
        return Suspect(Leak(tier, "once", text))
    runs = enumerate(runs_of(words))
    places = tuple(place for place, run in runs if run in guard.runs and run not in harmless)
    return Suspect(Leak(tier, "once", text), _words(text), places) if places else None


def _is_offered(suspect: Suspect, place: int, offers: Offers) -> bool:
    """Whether each word of a run is offered behind all that stands before it then."""
    texts = (" ".join(suspect.words[:end]) for end in range(place, place + RUN))
    return all(word in offers(text) for text, word in zip(texts, suspect.run(place), strict=True))


def _folded(text: str) -> Run:
    return tuple(map(fold, _words(text)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(token for token in tokens(text) if not is_mark(token))
