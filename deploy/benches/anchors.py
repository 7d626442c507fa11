"""Whole sentences from a word or two: selections against writing word by word, paired, and how often right."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from benches import options, report, writing_phrases
from benches.anchors_person import Anchored, Looked, intent_of, share_of
from benches.writing_figures import LOW_PERCENTILE, RESAMPLES, selections_per_word
from benches.writing_kit import Kit, Propose, Remembering
from benches.writing_person import Attention, Written
from benches.writing_phrases import Phrase
from vybor.composer.text import capitalised
from vybor.contracts import messages as m
from vybor.contracts.messages import Intent, Source
from vybor.core.decision.rules import Rules
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import VyborError
from vybor.foundation.places import Places
from vybor.foundation.settings import CommitSettings
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import open_bundle
from vybor.generator.notes.topics import Commonness
from vybor.instant.anchors import Said, own_words, sentences_in, there_already
from vybor.instant.tier import Personal, WordList

TELL_EVERY = 10
LANGUAGE = "en"
CLOCK = SystemClock()
EPILOG = """
Both ways are the real decision and keypad, with the word list and the model, driven by the messages of a kit.
  words      word by word, the grey words taken as one tile, letters where no word agrees (partial of the
             bench writing, the way with the fewest selections)
  anchors    to the sentences by the menu, one or two of the rarest words, under .fresh an intent where the form of
             the phrase tells it; a sentence that is the phrase is taken, else a part that agrees (two words at
             least), and the rest is written word by word; so is a phrase that has no such word
  .fresh     the person never said any of the phrases
  .again     every phrase was said once before, in both ways: the sentences are the person's own, the words learned
  .framed    as .fresh, with the adapter of --frames; gained: what the sentences cost less there than under .fresh
What --history holds was said before under both conditions, and its words are learned, before the phrases were.
selections_per_word counts every choice but Speak. saved is words less anchors, a word, with the 95 % interval of a
paired bootstrap over phrases (saved_low, saved_high). break_even: from this share of phrases that were said before
anchors saves, if it is used for every phrase.
"""


def main() -> None:
    """Write the phrases in both ways, and say what they cost."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench anchors",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--phrases", type=Path, required=True, help="a text file, one phrase a line")
    parser.add_argument("--limit", type=options.positive, help="only the first so many phrases")
    parser.add_argument("--history", type=Path, help="a text file of what the person said before, one a line")
    parser.add_argument(
        "--frames", type=Path, help="an adapter that makes sentences (PEFT's folder): .framed is .fresh with it"
    )
    parser.add_argument("--without-model", action="store_true", help="as in a kit whose model is missing")
    parser.add_argument("--minutes", type=float, default=60, help="begin no other phrase after so long (60)")
    parser.add_argument("--seed", type=int, default=1, help="of the bootstrap (1)")
    parser.add_argument("--threads", type=options.positive, default=2, help="cores for the model (2)")
    parser.add_argument(
        "--details", type=options.new_file, help="write what was offered and chosen here, a JSON line a phrase"
    )
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    try:
        phrases = writing_phrases.read(parsed.phrases, parsed.limit)
        found = measure(parsed, phrases)
    except VyborError as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    report.write("anchors", found, parsed.json, left=len(phrases) - round(found["phrases"]))


class Both(msgspec.Struct, frozen=True):
    """One phrase in both ways."""

    words: Written
    anchors: Looked


Pair = Callable[[Phrase], Both]


def measure(parsed: argparse.Namespace, phrases: Sequence[Phrase]) -> dict[str, float]:
    """All figures. Raises VyborError."""
    places = Places(runtime=parsed.share, state=parsed.share, share=parsed.share)
    propose = without_model if parsed.without_model else the_model(places.model, parsed.threads)
    framed = with_frames(propose, places.model, parsed.frames, parsed.threads) if parsed.frames else None
    words, commonness = WordList.open(places.words(LANGUAGE)), Commonness(places.words)
    earlier = writing_phrases.read(parsed.history, None) if parsed.history else []
    pairs = {
        name: pair(rules_after(said, words), propose, commonness, says_intent=name == "fresh")
        for name, said in {"fresh": earlier, "again": [*earlier, *phrases]}.items()
    }
    if framed:
        pairs["framed"] = pair(rules_after(earlier, words), framed, commonness, says_intent=True)
    done = write_each(phrases, pairs, parsed.minutes)
    commonness.close()
    words.close()
    if parsed.details:
        lines = [{"text": phrase.text, **both} for phrase, both in zip(phrases, done, strict=False)]
        parsed.details.write_bytes(msgspec.json.Encoder().encode_lines(lines))
    figures = {"phrases": float(len(done))}
    for name in pairs:
        figures |= of_condition([both[name] for both in done], parsed.seed, name)
    if framed:
        figures |= gained(done, parsed.seed)
    return figures | break_even(figures)


def the_model(folder: Path, threads: int) -> Propose:
    """The language model, asked once for each place. Raises BundleError."""
    proposer = Proposer(open_bundle(folder), threads)
    return Remembering(lambda prompt: proposer.propose(prompt, lambda: True) or ())


def with_frames(propose: Propose, folder: Path, adapter: Path, threads: int) -> Propose:
    """The same, but for whole sentences, which are made by this adapter. Raises BundleError, AdapterError."""
    proposer = Proposer(open_bundle(folder), threads)
    proposer.frames.wear(adapter)
    framed = Remembering(lambda prompt: proposer.propose(prompt, lambda: True) or ())
    return lambda prompt: framed(prompt) if prompt.anchors else propose(prompt)


def without_model(prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    """A kit whose model is missing: the word list writes, and sentences are the person's and the kit's alone."""
    return ()


def write_each(phrases: Sequence[Phrase], pairs: Mapping[str, Pair], minutes: float) -> list[dict[str, Both]]:
    """Write phrase after phrase under each condition, as many as can be begun in time."""
    done: list[dict[str, Both]] = []
    end_ns = CLOCK.now_ns() + seconds(60 * minutes)
    for phrase in phrases:
        if done and CLOCK.now_ns() > end_ns:
            print(f"the time is over after {len(done)} of {len(phrases)} phrases", file=sys.stderr)
            break
        done.append({name: write(phrase) for name, write in pairs.items()})
        if len(done) % TELL_EVERY == 0:
            print(f"{len(done)} of {len(phrases)} phrases", file=sys.stderr, flush=True)
    return done


def pair(rules: Rules, propose: Propose, commonness: Callable[[str], float], *, says_intent: bool) -> Pair:
    """Both ways of one kit."""
    by_words = Kit("words", rules, propose, takes_runs=True)
    by_sentences = Anchored("anchors", rules, propose, commonness, says_intent)
    return lambda phrase: Both(by_words.write(phrase, Attention()), by_sentences.look(phrase))


def rules_after(said: Sequence[Phrase], words: WordList) -> Rules:
    """A kit with whole sentences, whose person said these phrases before."""
    learned, own = said_before(said)
    return Rules(
        session="bench",
        language=LANGUAGE,
        commit=CommitSettings(),
        instant=Remembering(partial(answer, words, learned, own)),
        count=4,
        own_words=Remembering(partial(own_words, spoken=own)),
        anchors=True,
    )


def said_before(phrases: Sequence[Phrase]) -> tuple[Personal, Sequence[Said]]:
    """What a person's kit knows who said each of the phrases once."""
    learned = Personal()
    for phrase in phrases:
        learned.learn(as_said(phrase))
    return learned, tuple(one for phrase in phrases for one in sentences_in(as_said(phrase)))


def as_said(phrase: Phrase) -> str:
    """The phrase as the record would have it."""
    return capitalised(phrase.text) + ("?" if intent_of(phrase.words) is Intent.ASK else ".")


def answer(words: WordList, personal: Personal, own: Sequence[Said], prompt: m.Prompt) -> tuple[m.Candidate, ...]:
    """The instant tier: sentences that are there already, or words."""
    return there_already(prompt, own) if prompt.anchors else words.answer(prompt, personal)


def of_condition(done: Sequence[Both], seed: int, name: str) -> dict[str, float]:
    """The figures of one condition."""
    by_words, looked = [both.words for both in done], [both.anchors for both in done]
    anchored = [one.written for one in looked]
    low, high = saved_between(by_words, anchored, seed)
    tried = [one for one in looked if one.anchors]
    return {
        f"selections_per_word.words.{name}": selections_per_word(by_words),
        f"selections_per_word.anchors.{name}": selections_per_word(anchored),
        f"saved.{name}": selections_per_word(by_words) - selections_per_word(anchored),
        f"saved_low.{name}": low,
        f"saved_high.{name}": high,
        f"whole.{name}": sum(bool(one.whole) for one in looked) / len(looked),
        **{f"whole.{name}.{source.value}": share_of(looked, source) for source in SENTENCES},
        f"part.{name}": sum(bool(one.part) for one in looked) / len(looked),
        f"tried.{name}": len(tried) / len(looked),
        f"looking.{name}": sum(one.looking for one in tried) / max(1, len(tried)),
        f"words_given.{name}": sum(one.anchors for one in tried) / max(1, len(tried)),
    }


def gained(done: Sequence[Mapping[str, Both]], seed: int) -> dict[str, float]:
    """What whole sentences cost less by the adapter of frames than without it, a word."""
    plain, framed = ([both[name].anchors.written for both in done] for name in ("fresh", "framed"))
    low, high = saved_between(plain, framed, seed)
    return {
        "gained": selections_per_word(plain) - selections_per_word(framed),
        "gained_low": low,
        "gained_high": high,
    }


SENTENCES = (Source.OWN, Source.PHRASE, Source.MODEL)


def saved_between(theirs: Sequence[Written], ours: Sequence[Written], seed: int) -> tuple[float, float]:
    """The 95 % interval of what is saved a word: a paired bootstrap over phrases."""
    chosen = np.random.default_rng(seed).integers(len(ours), size=(RESAMPLES, len(ours)))
    pairs = zip(theirs, ours, strict=True)
    saved = np.array([other.selections - one.selections for other, one in pairs], dtype=np.float64)
    words = np.array([one.words for one in ours], dtype=np.float64)
    gains = saved[chosen].sum(axis=1) / words[chosen].sum(axis=1)
    return float(np.percentile(gains, LOW_PERCENTILE)), float(np.percentile(gains, 100 - LOW_PERCENTILE))


def break_even(figures: dict[str, float]) -> dict[str, float]:
    """From which share of phrases said before it saves, used for each; nothing if it never does."""
    lost, won = -figures["saved.fresh"], figures["saved.again"]
    return {"break_even": max(0.0, lost) / (max(0.0, lost) + won)} if won > 0 else {}


if __name__ == "__main__":
    main()
