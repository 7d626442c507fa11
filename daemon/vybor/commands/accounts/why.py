"""`vybor why`: explains a choice of the record in plain words."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from vybor.accounting import explaining, private
from vybor.accounting.explaining import Stood, Why
from vybor.accounting.words import Words, words_in
from vybor.contracts import messages as m
from vybor.display.says.words import words_in as display_words
from vybor.foundation.errors import Missing

SHORT_SESSION = 8
NOWHERE = m.Area(left=0, top=0, right=0, bottom=0)


class Chosen(Protocol):
    """What has a role and a label: a tile of the record, or of an explanation."""

    @property
    def slot(self) -> int: ...  # noqa: D102

    @property
    def role(self) -> m.Role: ...  # noqa: D102

    @property
    def label(self) -> str: ...  # noqa: D102

    @property
    def members(self) -> "Sequence[Chosen]": ...  # noqa: D102


def explained(decisions: Sequence[m.Decision], name: str) -> Why:
    """The explanation of one decision. Raises Missing if there is none of this name."""
    if not decisions:
        raise Missing("the record is empty: nothing was chosen yet")
    decision = explaining.found(decisions, name)
    if decision is None:
        raise Missing(
            f"there is no decision {name}; name one by its place (1 to {len(decisions)}), as SESSION:NUMBER, "
            "or `last`"
        )
    is_private = private.name_of(decision) in private.names(decisions)
    told = explaining.explained(private.bare(decision) if is_private else decision)
    return msgspec.structs.replace(told, private=is_private)


def lines(why: Why, language: str) -> Iterator[str]:
    """The explanation in the words of a language."""
    words = words_in(language)
    tile = _chosen(why, language)
    channel = words.channels[why.channel]
    yield words.choice.format(number=why.number, session=why.session[:SHORT_SESSION], tile=tile, channel=channel)
    if why.private:
        yield words.is_private
        return
    yield words.before.format(text=quoted(why.text_before, words), page=page_words(why.mode, language))
    if why.prefix or why.looks:
        yield words.steered.format(letters=" ".join((*why.prefix, *(f"[{group}]" for group in why.looks))))
    if why.slot < 0:  # a call by the jaw: no tile had to do with it
        yield _effect(why, words)
        return
    yield words.stood
    yield from (_stood(stood, why, words, language) for stood in why.stood)
    yield from _evidence(why, words, language)
    yield _effect(why, words)
    if why.said:
        yield words.spoken.format(said=quoted(why.said, words))


def _chosen(why: Why, language: str) -> str:
    """What was chosen, in the words of the screen; a held clench is the tile of help without a tile."""
    if why.slot < 0:
        return tile_words(m.Tile(slot=why.slot, role=m.Role.HELP, area=NOWHERE, pad=NOWHERE), why.mode, language)
    return tile_words(why.chosen, why.mode, language) if why.chosen else "?"


def tile_words(tile: Chosen, mode: m.Mode | None, language: str) -> str:
    """A tile as the screen calls it; what stands on it by itself in quotation marks."""
    members = tuple(
        m.Tile(slot=each.slot, role=each.role, area=NOWHERE, pad=NOWHERE, label=each.label)
        for each in tile.members
    )
    shown = m.Tile(slot=tile.slot, role=tile.role, area=NOWHERE, pad=NOWHERE, label=tile.label, members=members)
    screen = m.Screen(at_ns=0, offer=0, mode=mode or m.Mode.WORDS, text="", tiles=())
    called = display_words(language).tile(shown, screen)
    return words_in(language).quotes.format(text=called) if called == tile.label else called


def page_words(mode: m.Mode | None, language: str) -> str:
    """A page as its heading calls it."""
    return display_words(language).mode(mode).partition(".")[0] if mode else "?"


def quoted(text: str, words: Words) -> str:
    """A text between quotation marks, or that there is none."""
    return words.quotes.format(text=text) if text else words.empty


def _stood(tile: Stood, why: Why, words: Words, language: str) -> str:
    looked = words.looked.format(time=tile.looked_s) if tile.looked_s > 0 else words.not_looked
    if tile.looked_p is not None:
        looked += words.by_looks.format(p=tile.looked_p)
    form = words.tile_chosen if tile.chosen else words.tile
    called = tile_words(tile, why.mode, language) + (f" … {tile.grey}" if tile.grey else "")
    return form.format(slot=tile.slot + 1, tile=called, chance=tile.chance, looked=looked)


def _evidence(why: Why, words: Words, language: str) -> Iterator[str]:
    yield words.evidence.format(p=why.posterior, alone=why.posterior_without_prior)
    yield words.evidence_age.format(age=why.look_age_s)
    chosen = why.chosen
    favoured = next((tile for tile in why.stood if tile.slot == why.without_prior), None)
    if favoured is None:
        yield words.unknown_without
    elif favoured is chosen:
        yield words.same_without
    else:
        yield words.other_without.format(tile=tile_words(favoured, why.mode, language))
    if not why.carried:
        yield words.not_carried
    if why.moved:
        yield words.moved


def _effect(why: Why, words: Words) -> str:
    removed, added = explaining.changed(why)
    now = quoted(why.text_after, words)
    if removed and added:
        return words.replaced.format(removed=quoted(removed, words), added=quoted(added, words), text=now)
    if added:
        return words.added.format(added=quoted(added, words), text=now)
    return words.removed.format(removed=quoted(removed, words), text=now) if removed else words.unchanged
