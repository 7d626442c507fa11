"""Looks at a version in a process of its own, with limits, before anybody's words depend on it.

    python -m vybor.generator.grown.canary adapter MODEL ADAPTER
    python -m vybor.generator.grown.canary frames MODEL ADAPTER
    python -m vybor.generator.grown.canary model FACTORY MODEL [ADAPTER]

loads a model as the generator does, asks it a fixed set of things, then the same of the model that wears the
adapter (of the new model, with what it will wear), and writes one line of JSON. Whatever happens to it (a crash of
a native library, no memory, no end) happens to nobody else. Memory, time and what may be written are limited.
"""

import contextlib
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.foundation import heap, tied
from vybor.foundation.errors import VyborError
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle as models
from vybor.generator.network import memory
from vybor.generator.network.bundle import open_bundle

MOST_CPU_S = 120
MOST_CPU_S_OF_A_MODEL = 300
MOST_FILES = 64
MOST_WRITTEN_BYTES = 65_536
"""Into any one file: what it has to say is a line."""
FIRST_GIVEN_UP = 1000
"""Where memory is short, before all others."""
TIMES = 3
"""Each answer is made so often; the quickest counts, since others work beside it."""
SLOWER, SLOWER_MS = 3.0, 50.0
"""So much slower than without may it be: a tenth is usual."""
STRANGER = 1.0
"""Nats a token: plain sentences may be so much less likely to it than to the model alone. The workstation's gate
is far stricter; here it is asked whether the numbers are broken."""
LETTERS_A_TOKEN = 4
"""About. Models cut text differently, so two of them are held against each other by the letter."""
BLURTS_P, BLURTS_WORDS = 0.5, 4
"""On an empty line no sentence of so many words is as good as certain, unless it was without."""
ROUNDING = 1e-3
BEGINNINGS = {
    "en": ("", "I", "I would like", "Thank you for", "Can you please"),
    "ru": ("", "Я", "Я хочу", "Спасибо за", "Можете ли вы"),
}
PLAIN = {
    "en": (
        "I would like to drink some water now.",
        "Can you open the window, please?",
        "See you tomorrow morning.",
    ),
    "ru": ("Я хочу выпить немного воды.", "Откройте, пожалуйста, окно.", "До завтра, увидимся утром."),
}


ANCHORS = {"en": (("water",), ("help", "window"), ("tired",)), "ru": (("вода",), ("помощь", "окно"), ("устал",))}
"""What makes sentences from key words is asked for those."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the model said to all of it."""

    numbers_are_whole: bool
    answered: tuple[bool, ...]
    """Whether words came, at each beginning."""
    quickest_ms: float
    """The sum over all beginnings."""
    nats: float
    """A token of plain sentences."""
    nats_a_letter: float = 0.0
    """The same, by the letter."""
    blurts: int
    """Of so many words is a sentence that is as good as certain on an empty line; 0: none is."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    fault: str = ""
    """Why it is not to be worn; empty: nothing speaks against it."""
    slower: float = 0.0
    stranger: float = 0.0


def fault(plain: Asked, worn: Asked) -> str:
    """What is wrong with the adapter, by what the model said without it and with it. Pure; never a word of it."""
    if not worn.numbers_are_whole:
        return "with it the model reckons numbers that are none"
    if any(before and not now for before, now in zip(plain.answered, worn.answered, strict=True)):
        return "with it the model has no words where it had some"
    if worn.nats > plain.nats + STRANGER:
        return f"with it plain sentences are stranger to the model by {worn.nats - plain.nats:.1f} nats a token"
    if worn.quickest_ms > SLOWER * plain.quickest_ms + SLOWER_MS:
        return f"with it the model is {worn.quickest_ms / plain.quickest_ms:.1f} times slower"
    if worn.blurts and not plain.blurts:
        return f"with it one sentence of {worn.blurts} words is as good as certain on an empty line"
    return ""


def fault_of_model(factory: Asked, new: Asked) -> str:
    """The same of a whole model, held against the one as it came. Pure; never a word of it."""
    if not new.numbers_are_whole:
        return "the model reckons numbers that are none"
    if any(before and not now for before, now in zip(factory.answered, new.answered, strict=True)):
        return "the model has no words where the one as it came has some"
    stranger = new.nats_a_letter - factory.nats_a_letter
    if stranger > STRANGER / LETTERS_A_TOKEN:
        return (
            f"plain sentences are stranger to the model by {stranger:.2f} nats a letter than to the one as it came"
        )
    if new.quickest_ms > SLOWER * factory.quickest_ms + SLOWER_MS:
        return f"the model is {new.quickest_ms / factory.quickest_ms:.1f} times slower than the one as it came"
    if new.blurts and not factory.blurts:
        return f"to the model one sentence of {new.blurts} words is as good as certain on an empty line"
    return "" if any(new.answered) else "the model has no words at all"


def limit(most_cpu_s: int = MOST_CPU_S) -> None:
    """From here on this process can do little, and ends with the one that began it."""
    tied.tie(signal.SIGKILL)
    for what, most in (
        (resource.RLIMIT_DATA, memory.MOST_BYTES),
        (resource.RLIMIT_CPU, most_cpu_s),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN_BYTES),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    with contextlib.suppress(OSError):  # where a container forbids it, the others are not spared, and that is all
        os.nice(19)
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_GIVEN_UP), encoding="ascii")


def look(model: Path, adapter: Path, now_s: Callable[[], float]) -> Found:
    """Ask without it and with it. Raises BundleError, AdapterError."""
    proposer = Proposer(open_bundle(model), threads=1)
    spoken = proposer.languages
    plain = _ask(proposer, now_s, spoken, spoken)
    proposer.wear(adapter)
    worn = _ask(proposer, now_s, spoken, spoken)
    slower = worn.quickest_ms / plain.quickest_ms if plain.quickest_ms else 0.0
    stranger = worn.nats - plain.nats
    return Found(fault=fault(plain, worn), slower=slower, stranger=stranger if math.isfinite(stranger) else 0.0)


def look_at_model(factory: Path, model: Path, adapter: Path | None, now_s: Callable[[], float]) -> Found:
    """Ask the model as it came, then the new one: one at a time is in memory. Raises BundleError, AdapterError."""
    spoken = models.manifest_of(model).languages
    both = [language for language in models.manifest_of(factory).languages if language in spoken]
    before = _ask(Proposer(open_bundle(factory), threads=1), now_s, spoken, both)
    heap.give_back()
    proposer = Proposer(open_bundle(model), threads=1)
    if adapter:
        proposer.wear(adapter)
    now = _ask(proposer, now_s, spoken, both)
    slower = now.quickest_ms / before.quickest_ms if before.quickest_ms else 0.0
    stranger = now.nats_a_letter - before.nats_a_letter
    return Found(
        fault=fault_of_model(before, now), slower=slower, stranger=stranger if math.isfinite(stranger) else 0.0
    )


def look_at_frames(model: Path, adapter: Path, now_s: Callable[[], float]) -> Found:
    """As `look`, for what makes sentences from key words. Raises BundleError, AdapterError."""
    proposer = Proposer(open_bundle(model), threads=1)
    plain = _ask_for_sentences(proposer, now_s)
    proposer.frames.wear(adapter)
    worn = _ask_for_sentences(proposer, now_s)
    slower = worn.quickest_ms / plain.quickest_ms if plain.quickest_ms else 0.0
    return Found(fault=fault(plain, worn), slower=slower)


def _ask_for_sentences(proposer: Proposer, now_s: Callable[[], float]) -> Asked:
    """Words by words; the words that come next must come as before."""
    spoken = [language for language in ANCHORS if language in proposer.languages]
    prompts = [
        *(
            m.Prompt(at_ns=0, number=1, text="", language=one, anchors=words)
            for one in spoken
            for words in ANCHORS[one]
        ),
        *(m.Prompt(at_ns=0, number=1, text=text, language=one) for one in spoken for text in BEGINNINGS[one]),
    ]
    answers = [_answer(proposer, prompt, now_s) for prompt in prompts]
    ps = [p for words, _ in answers for one in words for p in (one.p, *one.p_then)]
    return Asked(
        numbers_are_whole=all(math.isfinite(p) and 0 <= p <= 1 + ROUNDING for p in ps),
        answered=tuple(bool(words) for words, _ in answers),
        quickest_ms=sum(took_ms for _, took_ms in answers),
        nats=0.0,
        blurts=0,
    )


def _ask(
    proposer: Proposer, now_s: Callable[[], float], languages: Collection[str], plainly: Collection[str]
) -> Asked:
    """Everything, in these languages; plain sentences in the second ones, which it must speak."""
    spoken = [language for language in BEGINNINGS if language in languages]
    answers = [
        _answer(proposer, m.Prompt(at_ns=0, number=1, text=text, language=language), now_s)
        for language in spoken
        for text in BEGINNINGS[language]
    ]
    plain = [text for language in spoken if language in plainly for text in PLAIN[language]]
    nats = [proposer.surprise(text) for text in plain]
    in_all = [proposer.tokens_of(text) * each for text, each in zip(plain, nats, strict=True)]
    ps = [p for words, _ in answers for one in words for p in (one.p, *one.p_then)]
    empty = [words for (words, _), text in zip(answers, _texts(spoken), strict=True) if not text]
    return Asked(
        numbers_are_whole=all(map(math.isfinite, (*nats, *ps))) and all(0 <= p <= 1 + ROUNDING for p in ps),
        answered=tuple(bool(words) for words, _ in answers),
        quickest_ms=sum(took_ms for _, took_ms in answers),
        nats=sum(nats) / len(nats) if nats else 0.0,
        nats_a_letter=sum(in_all) / sum(map(len, plain)) if plain else 0.0,
        blurts=max((blurted(one) for words in empty for one in words), default=0),
    )


def _texts(spoken: Sequence[str]) -> list[str]:
    return [text for language in spoken for text in BEGINNINGS[language]]


def _answer(
    proposer: Proposer, prompt: m.Prompt, now_s: Callable[[], float]
) -> tuple[tuple[m.Candidate, ...], float]:
    """The words for a beginning, and how many milliseconds the quickest of a few times took."""
    took_ms: list[float] = []
    found: tuple[m.Candidate, ...] = ()
    for _ in range(TIMES):
        proposer.read_anew()
        begun_s = now_s()
        found = proposer.propose(prompt, lambda: True) or ()
        took_ms.append((now_s() - begun_s) * 1000)
    return found, min(took_ms)


def blurted(candidate: m.Candidate) -> int:
    """Of how many words a sentence is that is as good as certain; 0: it is not. Pure."""
    likely = candidate.p * math.prod(candidate.p_then)
    words = 1 + len(candidate.p_then)
    return words if words >= BLURTS_WORDS and likely >= BLURTS_P else 0


def main(arguments: Sequence[str]) -> int:
    """Look, and say what was found."""
    kind, (first, second, *others) = arguments[0], map(Path, arguments[1:])
    is_model = kind == Kind.MODEL
    limit(MOST_CPU_S_OF_A_MODEL if is_model else MOST_CPU_S)
    try:
        if is_model:
            found = look_at_model(first, second, others[0] if others else None, time.perf_counter)
        else:
            looks = look_at_frames if kind == Kind.FRAMES else look
            found = looks(first, second, time.perf_counter)
    except VyborError as error:
        found = Found(fault=str(error))
    except MemoryError:
        found = Found(fault=f"with it the generator wants more than {memory.MOST_BYTES // 10**6} MB of memory")
    sys.stdout.buffer.write(msgspec.json.encode(found))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
