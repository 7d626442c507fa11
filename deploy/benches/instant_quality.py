"""How good the probabilities of the next word are: of the list, with what was said, and with the model."""

from collections.abc import Iterator, Sequence

from benches.instant_figures import SHOWN, Guess, figures
from benches.instant_speed import places, prompt_for
from benches.writing_kit import Propose
from benches.writing_phrases import Phrase
from vybor.contracts import messages as m
from vybor.instant.tier import Personal, WordList
from vybor.instant.tokens import fold

KINDS = ("open", "look_1", "look_2")
TIERS = ("base", "instant", "mixed")


def quality(words: WordList, propose: Propose, phrases: Sequence[Phrase]) -> dict[str, float]:
    """All figures; what was said in earlier phrases is learned. Raises VyborError."""
    guesses: dict[str, list[Guess]] = {}
    said = Personal()
    for phrase in phrases:
        for prompt, word, kind in asked_along(phrase):
            model = propose(prompt)
            for tier, own, named in zip(TIERS, (Personal(), said, said), ((), (), model), strict=True):
                guesses.setdefault(f"{tier}.{kind}", []).append(guess(words, prompt, word, own, named))
        said.learn(phrase.text)
    found = {f"places.{kind}": float(len(guesses.get(f"base.{kind}", ()))) for kind in KINDS}
    for name, made in guesses.items():
        found |= figures(name, made)
    return found


def asked_along(phrase: Phrase) -> Iterator[tuple[m.Prompt, str, str]]:
    """(prompt, word that comes, kind) for all words of a phrase and all that may be known of them."""
    for text, word in places(phrase.text):
        for kind in KINDS:
            if prompt := prompt_for(text, word, kind):
                yield prompt, word, kind


def guess(words: WordList, prompt: m.Prompt, word: str, own: Personal, model: Sequence[m.Candidate]) -> Guess:
    """What the words shown promise, and how probable the one that comes was held."""
    instant = words.answer(prompt, own)
    shown = words.mix(prompt, instant, model, own)[:SHOWN]
    came = fold(word)
    p = words.ps(prompt.text, (word,), prompt.prefix, own, prompt.groups).get(came, 0.0)
    if all(fold(one.words[0]) != came for one in instant):
        instant = (*instant, m.Candidate(words=(word,), p=p, source=m.Source.NGRAM))
    whole = words.mix(prompt, instant, model, own)
    return Guess(
        p=sum(one.p for one in whole if fold(one.words[0]) == came),
        shown=tuple((one.p, fold(one.words[0]) == came) for one in shown),
    )
