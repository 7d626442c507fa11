"""Where each character of a text comes from. Pure.

A choice that adds words gives each of their characters an origin; one that changes what stands there (other
endings, capitals) keeps the origins of what it leaves.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source


class Origin(StrEnum):
    """Who or what brought a character."""

    SPELLED = "spelled"
    """The person chose exactly this letter, mark or digit."""
    GROUP = "group"
    """The person chose the group of letters that this one is in."""
    LIST = "list"
    """The rest of a word that the word lists and the person's counts offered…"""
    MODEL = "model"
    """…that the language model offered…"""
    TOPIC = "topic"
    """…that came from a topic document…"""
    OWN = "own"
    """…or that the person said before."""
    GREY = "grey"
    """Words that stood in grey behind a word, taken up in the step after it."""
    PHRASE = "phrase"
    """A ready phrase."""
    SENTENCE = "sentence"
    """A whole sentence, or a part of one, that the model made from words of the person."""
    OWN_SENTENCE = "own_sentence"
    """The same, of what the person said before."""
    ENDING = "ending"
    """Another form of a word, chosen from the page of endings."""
    SPACE = "space"
    """A space that the kit put between words."""
    FULL_STOP = "full_stop"
    """The full stop that the kit put behind what was spoken."""
    UNKNOWN = "unknown"
    """It stood there already when the record begins."""


_BY_SOURCE = {
    Source.NGRAM: Origin.LIST,
    Source.MODEL: Origin.MODEL,
    Source.TOPIC: Origin.TOPIC,
    Source.OWN: Origin.OWN,
    Source.PHRASE: Origin.PHRASE,
    Source.SPELLED: Origin.SPELLED,
    Source.REST_OF_TAKEN: Origin.GREY,
}

Origins = tuple[Origin, ...]
"""One a character."""


class Stretch(msgspec.Struct, frozen=True):
    """Characters that follow each other and have one origin."""

    text: str
    origin: Origin


class Steering(msgspec.Struct, frozen=True):
    """What was told of the next word before it was taken."""

    prefix: str = ""
    looks: tuple[str, ...] = ()


def stretches(text: str, origins: Origins) -> tuple[Stretch, ...]:
    """The text in pieces of one origin each."""
    pairs = zip(text, origins, strict=True)
    return tuple(
        Stretch("".join(character for character, _ in group), origin)
        for origin, group in groupby(pairs, key=lambda pair: pair[1])
    )


def after(decision: m.Decision, before: Origins, steering: Steering) -> Origins:
    """The origins of the text after a choice that changed it; `before` are those of the text before."""
    old, new = decision.text_before, decision.text_after
    tile = chosen_tile(decision)
    if new.startswith(old):
        return before + _added(new[len(old) :], tile, steering, decision.mode)
    kept = common_prefix(old, new)
    if tile and tile.role is Role.CAPITAL and len(new) == len(old):
        return before
    origin = Origin.ENDING if tile and tile.role is Role.CANDIDATE else Origin.UNKNOWN
    return before[:kept] + (origin,) * (len(new) - kept)


def ended(text: str, origins: Origins, said: str) -> Origins:
    """The origins of what was said of a text: a full stop more, or none."""
    kept = common_prefix(text, said)
    added = Origin.FULL_STOP if kept == len(text) else Origin.UNKNOWN
    return origins[:kept] + (added,) * (len(said) - kept)


def chosen_tile(decision: m.Decision) -> m.OfferedTile | None:
    """The tile that was chosen, where the record has the offer."""
    return next((tile for tile in decision.shown if tile.slot == decision.slot), None)


def common_prefix(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _added(added: str, tile: m.OfferedTile | None, steering: Steering, mode: m.Mode | None) -> Origins:
    words = added.lstrip(" ")
    spaces = (Origin.SPACE,) * (len(added) - len(words))
    if tile is None:
        return spaces + (Origin.UNKNOWN,) * len(words)
    if tile.role is not Role.CANDIDATE or mode is m.Mode.ENDINGS:
        return spaces + (_of_whole(tile, mode),) * len(words)
    return spaces + _of_words(words, tile, steering)


def _of_whole(tile: m.OfferedTile, mode: m.Mode | None) -> Origin:
    """The origin of a tile of which no part was told beforehand."""
    match tile.role:
        case Role.MARK | Role.LETTER | Role.SPELLED:
            return Origin.SPELLED
        case Role.SENTENCE:
            return Origin.OWN_SENTENCE if tile.source is Source.OWN else Origin.SENTENCE
        case Role.CANDIDATE if mode is m.Mode.ENDINGS:
            return Origin.ENDING
    return _BY_SOURCE.get(tile.source, Origin.UNKNOWN) if tile.source else Origin.UNKNOWN


def _of_words(words: str, tile: m.OfferedTile, steering: Steering) -> Origins:
    """Of offered words the letters that were spelled, or looked at in their groups, are the person's."""
    origin = _of_whole(tile, None)
    found = [Origin.SPACE if character == " " else origin for character in words]
    for place in _spelled_places(words, steering.prefix):
        found[place] = Origin.SPELLED
    if not steering.prefix:
        letters = [place for place, character in enumerate(words) if character.isalpha()]
        for place in letters[: len(steering.looks)]:
            found[place] = Origin.GROUP
    return tuple(found)


def _spelled_places(words: str, prefix: str) -> Sequence[int]:
    """Places of the letters that were spelled: the first ones (marks aside), or the first one of each word."""
    places: list[int] = []
    for place, character in enumerate(words):
        if len(places) == len(prefix):
            return places
        if _plain(character) == _plain(prefix[len(places)]):
            places.append(place)
        elif character.isalnum():
            break
    if len(places) == len(prefix):
        return places
    begins = [place for place in range(len(words)) if place == 0 or words[place - 1] == " "][: len(prefix)]
    initials = "".join(words[place] for place in begins)
    return begins if _plain(initials) == _plain(prefix) else ()


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")
