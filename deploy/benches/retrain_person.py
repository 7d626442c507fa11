"""People who write their own text with the kit's own decision, and leave the record that a kit would leave.

Their text is that of writers of the conversation corpus whom nobody trains with and whom the word list of this
bench does not count. Each takes the first tile that agrees with what they mean and knows nothing of how tiles were
put in order. Words come from the instant tier with the person's own counts: which tier brought a word changes
nothing in the text, which is what is learned.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from benches.ingest_events import KIT
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.foundation.clock import SECOND_NS
from vybor.instant.tokens import PAUSE, is_mark
from vybor.segments.rows import Kind, Row
from vybor_workshop import words_corpus
from vybor_workshop.evaluate.composed import Composed
from vybor_workshop.evaluate.texts import is_kept_back
from world.desk import Desk
from world.mind import heedless_wish, plain

FRAME_S = 0.1
SENTENCE_WORDS = range(3, 13)
SLIPS = 0.03
"""Of words that are taken: another tile first, which is undone…"""
CARRIED = 0.1
"""…and of all choices: eyes and body alone were not sure, the language model's prior was."""
PAUSE_S = (20.0, 900.0)
"""Between two sentences: in half of them the model is told of the one before."""
A_DAY, A_BOOT = 20, 60
"""Sentences."""
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
MOST_CHOICES_A_LETTER = 8


class Mind(msgspec.Struct, frozen=True):
    """Somebody who has something to say."""

    name: str
    """The first letters of the corpus's own name for them, which is a hash."""
    sentences: tuple[str, ...]


def minds(
    messages: Iterable[tuple[str, str]], persons: int, events: int, whose: Callable[[str], bool] = is_kept_back
) -> list[Mind]:
    """Those with the most sentences of all writers who are kept back; each with the first `events` of theirs.

    There may be fewer than were asked for. `whose`: which writers, if it is not those.
    """
    said: dict[str, list[str]] = {}
    for sentence in words_corpus.clean((one for one in messages if whose(one[0])), "en"):
        words = [token for token in sentence.tokens if not is_mark(token) and token != PAUSE]
        if len(words) in SENTENCE_WORDS and all(map(_is_plain, words)):
            said.setdefault(sentence.speaker, []).append(" ".join(words))
    most = sorted(said, key=lambda writer: (-len(said[writer]), writer))
    return [
        Mind(writer[:8], tuple(said[writer][:events])) for writer in most[:persons] if len(said[writer]) >= events
    ]


def shuffled(sentences: Sequence[str], dice: random.Random) -> tuple[str, ...]:
    """The same words in sentences of the same lengths, each anywhere."""
    words = [word for sentence in sentences for word in sentence.split()]
    dice.shuffle(words)
    left = iter(words)
    return tuple(" ".join(next(left) for _ in sentence.split()) for sentence in sentences)


def rows(sentences: Sequence[str], kit: Composed, dice: random.Random) -> Iterator[Row]:
    """The record of somebody who says all of this, with the counts that grow as they speak.

    A sentence that this kit cannot write is not in it, nor is any of its choices.
    """
    rules = kit.way().rules
    desk = Desk(rules, FRAME_S)
    boot, sequence = 1, 0
    for number, sentence in enumerate(sentences):
        if number and number % A_BOOT == 0:
            boot, sequence = boot + 1, 0
        written = say(desk, plain(sentence), dice)
        if written is None:
            desk = Desk(rules, FRAME_S)
            continue
        kit.personal.learn(written[-1].text_before)
        for decision in written:
            sequence += 1
            yield _row(boot, sequence, number, doubted(decision, dice))
        desk.now_ns += round(SECOND_NS * dice.uniform(*PAUSE_S))


def say(desk: Desk, sentence: str, dice: random.Random) -> list[m.Decision] | None:
    """Write a sentence and have it said: the choices that it took. None where there is no way to the end."""
    first = len(desk.decided)
    while not (made := desk.decided[first:]) or not made[-1].say:
        wished = heedless_wish(desk.screen(), sentence).tile
        if wished is None or len(made) > MOST_CHOICES_A_LETTER * (len(sentence) + 1):
            return None
        desk.choose(_slipped(desk.screen().tiles, wished, dice).slot)
        if len(desk.decided) == first + len(made):
            return None
    return [each.decision for each in made]


def doubted(decision: m.Decision, dice: random.Random) -> m.Decision:
    """The choice with the evidence of eyes that are not perfect: now and then the prior carried it."""
    carried = dice.random() < CARRIED
    alone = dice.uniform(0.15, 0.49) if carried else dice.betavariate(20, 1)
    evidence = msgspec.structs.replace(
        decision.evidence,
        posterior=max(0.9, alone),
        posterior_without_prior=alone,
        slot_without_prior=decision.slot,
    )
    return msgspec.structs.replace(decision, evidence=evidence)


def _slipped(tiles: Sequence[m.Tile], wished: m.Tile, dice: random.Random) -> m.Tile:
    """What is chosen where this is meant."""
    beside = [tile for tile in tiles if tile.role is Role.CANDIDATE and tile.slot != wished.slot]
    if wished.role is Role.CANDIDATE and beside and dice.random() < SLIPS:
        return dice.choice(beside)
    return wished


def _row(boot: int, sequence: int, sentence: int, decision: m.Decision) -> Row:
    at = BEGAN + timedelta(days=sentence // A_DAY, minutes=sentence % A_DAY)
    record = msgspec.Raw(msgspec.json.encode(decision))
    told = at.isoformat(timespec="seconds")
    return Row(kit=KIT, boot=boot, sequence=sequence, at=told, kind=Kind.DECISION, record=record)


def _is_plain(word: str) -> bool:
    return word.isascii() and word.replace("'", "").isalpha()


def without(
    lines: Sequence[str], messages: Iterable[tuple[str, str]], names: Mapping[str, object]
) -> tuple[str, ...]:
    """The lines that none of these people said: others are others."""
    theirs = {text for writer, text in messages if writer[:8] in names}
    return tuple(line for line in lines if line not in theirs)
