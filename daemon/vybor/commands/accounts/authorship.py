"""`vybor authorship`: whose words a sentence is made of, and how it came about, choice by choice."""

from collections.abc import Iterator, Sequence

import msgspec

from vybor.accounting import private
from vybor.accounting.account import Fate, Step, Utterance, ledger
from vybor.accounting.words import words_in
from vybor.commands.accounts.why import page_words, quoted, tile_words
from vybor.contracts import messages as m
from vybor.foundation.errors import Missing
from vybor.utterances.private import is_private
from vybor.utterances.provenance import Origin, Stretch, chosen_tile, stretches

LAST, DRAFT, LIST = "last", "draft", "list"
LEAST_SURPLUS = 0.05
"""Of a bit: less is lost in rounding."""
RESET = "\x1b[0m"
SGR: dict[Origin, str] = {
    Origin.SPELLED: "\x1b[1;32m",
    Origin.GROUP: "\x1b[32m",
    Origin.LIST: "\x1b[36m",
    Origin.OWN: "\x1b[36;4m",
    Origin.MODEL: "\x1b[33m",
    Origin.TOPIC: "\x1b[33;4m",
    Origin.GREY: "\x1b[2;33m",
    Origin.PHRASE: "\x1b[35m",
    Origin.OWN_SENTENCE: "\x1b[35;4m",
    Origin.SENTENCE: "\x1b[31m",
    Origin.ENDING: "\x1b[34m",
    Origin.UNKNOWN: "\x1b[7m",
}
"""Colours of a terminal; the words stand beside them in any case. Spaces and the kit's full stop have none."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One choice, for programs."""

    session: str
    number: int
    action: m.Action
    page: m.Mode | None
    role: m.Role | None
    label: str
    source: m.Source | None
    tiles: int
    fate: Fate
    surprise_bits: float
    person_bits: float
    text_after: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An utterance, for programs."""

    number: int
    text: str
    said: str
    language: str
    taken_back: bool
    private: bool
    """Then without words."""
    person_bits: float
    letters_bits: float
    kit_bits: float
    undone_bits: float
    person_share: float | None
    unsupported: int
    parts: tuple[Stretch, ...]
    steps: tuple[Told, ...]


def found(decisions: Sequence[m.Decision], name: str) -> Utterance:
    """An utterance by its number, `last`, or `draft`. Raises Missing if there is none of this name."""
    told, private_ones = ledger(decisions), private.names(decisions)
    if name == DRAFT:
        return private.shown(told.draft(), private_ones)
    if not told.spoken:
        raise Missing("nothing was spoken yet; `vybor authorship draft` tells of what is being written")
    if name == LAST:
        last = next((one for one in reversed(told.spoken) if not one.taken_back), told.spoken[-1])
        return private.shown(last, private_ones)
    if not name.isdecimal() or not 1 <= int(name) <= len(told.spoken):
        raise Missing(
            f"there is no sentence {name}; name its number (1 to {len(told.spoken)}, `vybor authorship list`), "
            "`last`, or `draft`"
        )
    return private.shown(told.spoken[int(name) - 1], private_ones)


def spoken(decisions: Sequence[m.Decision]) -> list[Utterance]:
    """All that was spoken, oldest first; without their words where they are private."""
    private_ones = private.names(decisions)
    return [private.shown(one, private_ones) for one in ledger(decisions).spoken]


def account(utterance: Utterance) -> Account:
    """The same, without what the record has besides."""
    return Account(
        number=utterance.number,
        text=utterance.text,
        said=utterance.said,
        language=utterance.language,
        taken_back=utterance.taken_back,
        private=utterance.is_hidden,
        person_bits=round(utterance.person_bits, 3),
        letters_bits=round(utterance.letters_bits, 3),
        kit_bits=round(utterance.kit_bits, 3),
        undone_bits=round(utterance.undone_bits, 3),
        person_share=None if utterance.share is None else round(utterance.share, 4),
        unsupported=utterance.unsupported,
        parts=stretches(utterance.said, utterance.origins),
        steps=tuple(map(_told, utterance.steps)),
    )


def listed(told: Sequence[Utterance], language: str) -> Iterator[str]:
    """One line for each thing that was spoken, oldest first."""
    words = words_in(language)
    for one in told:
        share = "-" if one.share is None else f"{one.share:.0%}"
        said = words.private if one.is_hidden else one.said
        line = words.listed.format(number=one.number, share=share, choices=_choices(one, Fate.TEXT), text=said)
        yield f"{line}  ({words.taken_back})" if one.taken_back else line
    if not told:
        yield words.nothing_spoken


def lines(utterance: Utterance, language: str, *, coloured: bool) -> Iterator[str]:
    """What a person reads: the sentence, its bits, where each part comes from, and every step."""
    words = words_in(language)
    heading = words.utterance if utterance.number else words.draft
    said = words.private if utterance.is_hidden else quoted(utterance.said, words)
    yield heading.format(number=utterance.number, text=said)
    if utterance.taken_back:
        yield words.taken_back
    yield from bits_lines(utterance, language)
    if utterance.is_hidden:
        yield words.is_private
        return
    parts = stretches(utterance.said, utterance.origins)
    if coloured and parts:
        yield "".join(_painted(part) for part in parts)
    yield words.by_origin
    for part in parts:
        if part.origin is not Origin.SPACE:
            yield f"    {part.text}  - {words.origins[part.origin]}"
    yield words.replay
    yield from (step_line(number, step, language) for number, step in enumerate(utterance.steps, start=1))
    yield words.meaning


def bits_lines(utterance: Utterance, language: str) -> Iterator[str]:
    """What the person told, and what they did not have to tell."""
    words = words_in(language)
    if utterance.share is not None:
        yield words.bits.format(
            person=utterance.person_bits,
            letters=utterance.letters_bits,
            kit=utterance.kit_bits,
            share=utterance.share,
            choices=_choices(utterance, Fate.TEXT),
        )
        if utterance.surplus_bits >= LEAST_SURPLUS:
            yield words.surplus.format(surplus=utterance.surplus_bits)
    if undone := _choices(utterance, Fate.UNDONE):
        yield words.undone.format(count=undone, bits=utterance.undone_bits)
    if utterance.unsupported:
        yield words.unsupported.format(count=utterance.unsupported)
    if others := _choices(utterance, Fate.ASIDE):
        yield words.others.format(count=others)


def step_line(number: int, step: Step, language: str) -> str:
    """One choice: what, among how many, on which page, how many bits, and the text after it."""
    words = words_in(language)
    decision = step.decision
    tile = chosen_tile(decision)
    line = words.step.format(
        number=number,
        tile=tile_words(tile, decision.mode, language) if tile else decision.action.value,
        count=len(decision.shown),
        page=page_words(decision.mode, language),
        bits=step.surprise,
        fate=words.fates[step.fate],
        text=words.private if is_private(decision) else quoted(decision.text_after, words),
    )
    unsupported = step.bits == 0 < step.surprise
    return line + (words.step_unsupported if unsupported else "")


def _choices(utterance: Utterance, fate: Fate) -> int:
    return sum(step.fate is fate for step in utterance.steps)


def _painted(part: Stretch) -> str:
    colour = SGR.get(part.origin, "")
    return f"{colour}{part.text}{RESET}" if colour else part.text


def _told(step: Step) -> Told:
    decision = step.decision
    tile = chosen_tile(decision)
    return Told(
        session=decision.session,
        number=decision.number,
        action=decision.action,
        page=decision.mode,
        role=tile.role if tile else None,
        label=tile.label if tile else "",
        source=tile.source if tile else None,
        tiles=len(decision.shown),
        fate=step.fate,
        surprise_bits=round(step.surprise, 3),
        person_bits=round(step.bits, 3),
        text_after=decision.text_after,
    )
