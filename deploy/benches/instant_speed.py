"""The instant tier's times with much personal text."""

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from benches.report import percentile
from vybor.composer.letters import KEYS
from vybor.composer.text import join
from vybor.contracts import messages as m
from vybor.foundation import keys
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing
from vybor.foundation.keys import Key
from vybor.instant.counts import Change, CountsFile
from vybor.instant.pattern import SKIPPED
from vybor.instant.tier import Personal, WordList
from vybor.instant.tokens import fold, is_mark
from vybor_workshop import materials, words, words_corpus

CLOCK = SystemClock()
STARTS = 5
SENTENCES = 60
"""Of them an offer is asked for at every word…"""
EVERY = 97
"""…and they are every so manieth of those that were not learned."""
COMMITS = 20
ASKED_FOR = 5
KINDS = ("open", "look_1", "look_2", "letter_1")


def speed(
    list_file: Path, cache: Path, scratch: Path, characters: int, say: materials.Say, key: Key = keys.NONE
) -> dict[str, float]:
    """All times, the person's counts encrypted if there is a key. Raises VyborError."""
    corpus = [text for _, text in words_corpus.read_chitchat(materials.fetch(words.CHITCHAT, cache, say))]
    enough = texts_of(corpus, characters)
    if len(enough) == len(corpus):
        raise Missing("nothing is left that was not learned; take fewer --megabytes")
    own = scratch / "own-words.sqlite"
    say(f"learning {characters / 1e6:g} MB: {len(enough)} messages")
    counted = CountsFile(own, key)
    counted.change(map(Change, enough))
    counted.close()
    figures = {"own.characters": float(sum(map(len, enough))), "own.file_mb": own.stat().st_size / 1e6}
    figures["start_s"] = statistics.median(start_s(list_file, own, key) for _ in range(STARTS))
    opened = WordList.open(list_file)
    left = corpus[len(enough) :: EVERY]
    figures |= answers(opened, (own, key), left[:SENTENCES])
    figures |= commits(opened, (own, key), left[SENTENCES:])
    opened.close()
    return figures


def texts_of(corpus: Sequence[str], characters: int) -> list[str]:
    """The first texts that make up so many characters, or all."""
    enough: list[str] = []
    length = 0
    for text in corpus:
        if length >= characters:
            break
        enough.append(text)
        length += len(text)
    return enough


def start_s(list_file: Path, own: Path, key: Key) -> float:
    """From a new interpreter to its first answer."""
    command = [sys.executable, "-m", "benches.instant_start", str(list_file), str(own), key.secret.hex()]
    return took_ms(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) / 1e3


def answers(opened: WordList, own: tuple[Path, Key], texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of an offer along texts, the person's file opened anew."""
    personal = Personal(CountsFile(*own))
    spent: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for text, word in (place for whole in texts for place in places(whole)):
        for kind in KINDS:
            if prompt := prompt_for(text, word, kind):
                spent[kind].append(took_ms(lambda asked=prompt: opened.answer(asked, personal)))  # type: ignore[misc]
    personal.file.close()
    every = {f"answer_ms.{kind}": times for kind, times in spent.items() if times}
    every["answer_ms"] = [time for times in spent.values() for time in times]
    return {
        f"{name}.{part}": percentile(times, share)
        for name, times in every.items()
        for part, share in (("p50", 0.5), ("p95", 0.95))
    }


def commits(opened: WordList, own: tuple[Path, Key], texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds until a sentence is counted, and until an offer knows it."""
    writing, personal = CountsFile(*own), Personal(CountsFile(*own))
    counted: list[float] = []
    known: list[float] = []
    for text in islice(texts, COMMITS):
        counted.append(took_ms(lambda said=text: learn(writing, said)))  # type: ignore[misc]
        personal.file.take_over(writing)
        known.append(took_ms(lambda: opened.answer(m.Prompt(at_ns=0, number=1, text=""), personal)))
    for file in (writing, personal.file):
        file.close()
    if not counted:
        return {}
    return {"commit_ms.p50": statistics.median(counted), "answer_after_commit_ms.p50": statistics.median(known)}


def learn(writing: CountsFile, text: str) -> None:
    """As the kit does it beside its loop."""
    writing.change([Change(text)])
    writing.read_ahead()


def places(text: str) -> Iterator[tuple[str, str]]:
    """(text so far, next word or mark) along a text."""
    written = ""
    for word in text.split():
        yield written, word
        written = join(written, word)


def prompt_for(text: str, word: str, kind: str) -> m.Prompt | None:
    """The prompt for a word of which nothing is known, or some looks, or a letter; None if it has too few."""
    name, _, number = kind.partition("_")
    letters = "".join(letter for letter in fold(word) if letter not in SKIPPED)[: int(number or 0)]
    keys = tuple(key for letter in letters for key in KEYS["en"] if letter in key)
    if name != "open" and (len(keys) < int(number) or is_mark(word)):
        return None
    return m.Prompt(
        at_ns=0,
        number=1,
        text=text,
        prefix=letters if name == "letter" else "",
        groups=keys if name == "look" else (),
        count=ASKED_FOR,
    )


def took_ms(work: Callable[[], object]) -> float:
    """Milliseconds of some work."""
    begun_ns = CLOCK.now_ns()
    work()
    return (CLOCK.now_ns() - begun_ns) / 1e6
