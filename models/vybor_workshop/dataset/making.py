"""Examples out of the choices of a kit: followed, weighed, split. Pure; the rules are in `rules.py`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source
from vybor.core.decision.talk import LATELY_NS, MOST_LATELY
from vybor.foundation.errors import VyborError
from vybor.generator.interest.attention import EXAMINED_S
from vybor.segments.rows import Span
from vybor.utterances.hiding import FORGOTTEN
from vybor.utterances.provenance import Origin
from vybor_workshop.dataset import rules
from vybor_workshop.dataset.base import Base
from vybor_workshop.dataset.card import Size
from vybor_workshop.dataset.examples import Brought, Choice, Example, Part, Shown, Weighed
from vybor_workshop.dataset.following import Chosen, Following, Sentence
from vybor_workshop.dataset.rules import Reason, Weight

FEWEST = 3
"""One for each part."""


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """How examples are shared out, and how many there must be."""

    least: int = 30
    """Different sentences. Below some 200 the counts of the kit itself learn faster (deploy/docs/learning.md)."""
    early: float = 0.1
    held: float = 0.15


class Tally(msgspec.Struct, kw_only=True):
    """What was kept and what was left out."""

    rows: int = 0
    rows_dropped: Counter[str] = msgspec.field(default_factory=Counter)
    sentences_dropped: Counter[str] = msgspec.field(default_factory=Counter)
    kept: Counter[str] = msgspec.field(default_factory=Counter)
    """Characters that teach, by their origin."""
    dropped: Counter[str] = msgspec.field(default_factory=Counter)
    """Characters that teach nothing, by reason."""


class TooFew(VyborError):
    """There is not enough to learn from."""

    exit_code = 65  # EX_DATAERR

    def __init__(self, sentence: str, tally: Tally) -> None:
        """`tally`: what was left out, which may be why."""
        super().__init__(sentence)
        self.tally = tally


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a kit's choices."""

    examples: tuple[Example, ...]
    tally: Tally


class _Weighed(msgspec.Struct, frozen=True, eq=False):
    """A sentence of which something teaches."""

    sentence: Sentence
    weights: tuple[Weight, ...]
    last: Chosen
    """The choice that wrote the last of it."""


def made(
    kit: str, choices: Iterable[Chosen | None], deleted: Sequence[Span], base: Base, split: Split | None = None
) -> Made:
    """Examples of one kit; its choices come in the order of the record, None for one that is not understood.

    Raises TooFew.
    """
    tally = Tally()
    told = Following()
    for chosen in choices:
        tally.rows += 1
        if chosen is None:
            tally.rows_dropped[Reason.NOT_UNDERSTOOD] += 1
        elif reason := rules.row_dropped(chosen, deleted):
            tally.rows_dropped[reason] += 1
        else:
            told.tell(chosen)
    standing = list(_standing(told.sentences, base, tally))
    unspoken = told.written - sum(writer is not None for each in standing for writer in each.writers)
    if unspoken:
        tally.dropped[Reason.UNSPOKEN] += unspoken
    found = list(_examples(kit, standing, base, tally))
    return Made(examples=_shared_out(found, split or Split(), tally), tally=tally)


def _standing(sentences: Iterable[Sentence], base: Base, tally: Tally) -> Iterator[Sentence]:
    for sentence in sentences:
        if reason := rules.sentence_dropped(sentence, base.languages):
            tally.sentences_dropped[reason] += 1
        else:
            yield sentence


def _examples(kit: str, standing: Sequence[Sentence], base: Base, tally: Tally) -> Iterator[Example]:
    repeats = rules.Repeats(standing)
    for at, sentence in enumerate(standing):
        weights = rules.weights(sentence, repeats)
        last = next((writer for writer, weight in _backwards(sentence, weights) if weight.value), None)
        if last is None:
            tally.sentences_dropped[Reason.NOTHING_SURE] += 1
            continue
        header = base.header_behind(" ".join(_lately(standing[max(0, at - MOST_LATELY) : at], last)))
        if base.header_tokens(header) + len(base.text_ends(sentence.text)) > base.reads:
            tally.sentences_dropped[Reason.TOO_LONG] += 1
            continue
        _count(sentence, weights, tally)
        yield _example(kit, _Weighed(sentence, weights, last), header)


def _backwards(sentence: Sentence, weights: Sequence[Weight]) -> Iterator[tuple[Chosen | None, Weight]]:
    return zip(reversed(sentence.writers), reversed(weights), strict=True)


def _count(sentence: Sentence, weights: Sequence[Weight], tally: Tally) -> None:
    for origin, weight in zip(sentence.origins, weights, strict=True):
        if weight.reason:
            tally.dropped[weight.reason] += 1
        else:
            tally.kept[origin] += 1


def _lately(before: Sequence[Sentence], last: Chosen) -> list[str]:
    """What the kit's model was told of the minutes before: of that, what may be used.

    The choice says how many sentences it was told. One that was taken back or deleted since is not in `before`.
    """
    told = last.decision.context.lately if last.decision.context else 0
    return [
        each.spoken.decision.said or each.text
        for each in before[max(0, len(before) - told) :]
        if each.spoken.boot == last.boot and 0 <= last.decision.at_ns - each.spoken.decision.at_ns <= LATELY_NS
    ]


def _example(kit: str, weighed: _Weighed, header: str) -> Example:
    sentence = weighed.sentence
    return Example(
        kit=kit,
        boot=weighed.last.boot,
        sequence=weighed.last.sequence,
        day=weighed.last.day,
        part=Part.TRAIN,
        language=sentence.spoken.decision.language,
        header=header,
        text=sentence.text,
        weights=tuple(_spans(weighed.weights)),
        choices=tuple(_choices(sentence)),
        source=_brought(sentence, weighed.weights),
    )


def _spans(weights: Sequence[Weight]) -> Iterator[Weighed]:
    at = 0
    for value, group in groupby(weight.value for weight in weights):
        end = at + len(list(group))
        if value:
            yield Weighed(at, end, value)
        at = end


def _brought(sentence: Sentence, weights: Sequence[Weight]) -> Brought:
    """By most of the characters that teach."""
    by = Counter(
        Brought.SPELLED
        if origin in rules.SPELLED
        else Brought.PHRASE
        if origin is Origin.PHRASE
        else Brought.ACCEPTED
        for origin, weight in zip(sentence.origins, weights, strict=True)
        if weight.value
    )
    return max(Brought, key=lambda each: by[each])


# --- choices among offered words -------------------------------------------------------------------------------


def _choices(sentence: Sentence) -> Iterator[Choice]:
    """Those that wrote the text as it is, where the words were offered beside others and nothing was spelled."""
    at = 0
    for writer, group in groupby(sentence.writers):
        if writer and _was_free(writer) and sentence.text[:at] == writer.decision.text_before:
            sure, shown = rules.evidence(writer.decision), _shown(writer.decision)
            if sure and len(shown) > 1 and sum(each.chosen for each in shown) == 1:
                yield Choice(at=at, weight=round(sure, 4), shown=shown)
        at += len(list(group))


def _was_free(chosen: Chosen) -> bool:
    """The kit offered words for this place, and the person had told nothing of their letters.

    Typed text is never held against what was offered: little probability would win then, and nothing be learned.
    """
    decision, tile = chosen.decision, chosen.tile
    is_word = tile is not None and tile.role is Role.CANDIDATE and tile.source is not Source.SPELLED
    return is_word and decision.mode is not Mode.ENDINGS and not decision.prefix and not decision.looks


def _shown(decision: m.Decision) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            label=tile.label,
            p=tile.p,
            seen=tile.gaze_ms / 1e3 >= EXAMINED_S or tile.slot == decision.slot,
            chosen=tile.slot == decision.slot,
        )
        for tile in _words(decision.shown)
    )


def _words(shown: Sequence[m.OfferedTile]) -> Iterator[m.OfferedTile]:
    """The words that were offered, without those that were forgotten since."""
    for tile in (each for one in shown for each in one.members or (one,)):
        is_word = tile.role is Role.CANDIDATE and tile.source is not Source.SPELLED
        if is_word and tile.label and FORGOTTEN not in tile.label:
            yield tile


# --- sharing out -------------------------------------------------------------------------------------------------


def _shared_out(found: Sequence[Example], split: Split, tally: Tally) -> tuple[Example, ...]:
    """By the order of the record alone: the first to train with, the last to measure with. Raises TooFew."""
    different = len({rules.folded(example.text) for example in found})
    if different < max(FEWEST, split.least):
        raise TooFew(
            f"there are {len(found)} sentences to learn from, {different} of them different, and "
            f"{max(FEWEST, split.least)} are needed; wait until the person has written more, and sync again",
            tally,
        )
    ordered = sorted(found, key=lambda example: example.place)
    held = min(len(ordered) - 2, max(1, round(len(ordered) * split.held)))
    early = min(len(ordered) - held - 1, max(1, round(len(ordered) * split.early)))
    train = len(ordered) - held - early
    parts = [Part.TRAIN] * train + [Part.EARLY] * early + [Part.HELD] * held
    return tuple(msgspec.structs.replace(example, part=part) for example, part in zip(ordered, parts, strict=True))


def sizes(examples: Iterable[Example], base: Base) -> dict[Part, Size]:
    """How much each part is."""
    found = {part: Size() for part in Part}
    for example in examples:
        ends = base.text_ends(example.text)
        taught = sum(any(first < span.end and span.first < end for span in example.weights) for first, end in ends)
        size = found[example.part]
        found[example.part] = Size(
            examples=size.examples + 1,
            tokens=size.tokens + base.header_tokens(example.header) + len(ends),
            taught=size.taught + taught,
        )
    return found
