"""The offer of the page at hand: what the tiers are asked for, and the tiles that their words make. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.composer import anchors, endings, fitting, folding, menu, phrases, practice
from vybor.composer.placing import tiles_of
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.decision.candidates import candidates_for
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding, zones_of
from vybor.core.decision.talk import Talk
from vybor.core.decision.unmoved import first_kept
from vybor.selector import step as select

MOST_BESIDE_SEEN = 6
"""So many words more are asked for beside those that were seen and not taken."""
MOST_ANSWERABLE = 50
"""Offers since the last decision: nobody chooses what stood there so many pages ago."""


def prompt_for(writing: Writing, around: Talk, rules: Rules, at_ns: int, number: int) -> m.Prompt:
    """What the tiers are asked for here."""
    prompt = m.Prompt(
        at_ns=at_ns,
        number=number,
        text=writing.text,
        prefix=writing.prefix,
        groups=writing.looks,
        exclude=writing.passed,
        count=rules.count + min(len(writing.seen), MOST_BESIDE_SEEN),
        language=rules.language,
        partner=around.partner,
        lately=_lately(writing, around) if rules.remembers else (),
    )
    return anchors.asked(prompt, writing)


def _lately(writing: Writing, around: Talk) -> tuple[str, ...]:
    """What was spoken lately, once something is begun or was asked: on an empty line nobody asked for it."""
    return around.lately if writing.text or writing.prefix or writing.looks or around.partner else ()


def offer_anew(state: Deciding, rules: Rules, at_ns: int, *, after_choice: bool) -> Deciding:
    """Compose the tiles again; a new offer only if they differ or a choice was made."""
    state = _prompted(state, rules, at_ns)
    now = state.writing
    proposed = state.proposals.candidates if state.proposals else ()
    instant = rules.instant(anchors.asked_at_once(state.prompt, now)) if state.prompt else ()
    held = () if after_choice else folding.places(select.held(state.selector), state.selector.tiles)
    own = rules.own_words(state.prompt) if state.prompt and now.gathered else ()
    likely: Sequence[m.Candidate] = ()
    if state.prompt:
        likely = rules.mix(state.prompt, instant, proposed)
        if state.proposals and state.proposals.unmoved:
            likely = first_kept(likely, rules.mix(state.prompt, instant, state.proposals.unmoved))
        likely = rules.endings.agree(state.prompt, likely)
    candidates = candidates_for(now, (instant, own, proposed), likely, rules.allowed)
    if now.mode is Mode.LETTERS and not now.gathered:
        known = rules.initials(now.text, now.prefix)
        candidates = (*candidates, *(run for run in known if all(map(rules.allowed, run.words[0].split()))))
    return laid(state, menu.with_undo(_tiles(state, candidates, held, rules), now), after_choice=after_choice)


def laid(state: Deciding, page: tuple[m.Tile, ...], *, after_choice: bool) -> Deciding:
    """Offer a page as it lies on the layout at hand; a new offer only if it differs or a choice was made."""
    held = frozenset[int]() if after_choice else frozenset(select.held(state.selector))
    now = state.writing
    how = folding.Fold(zones_of(state), now.mode, now.unfolded, state.selector.tiles, held, state.standing.at)
    tiles = folding.folded(page, how)
    state = msgspec.structs.replace(state, page=page)
    if tiles == state.tiles and not after_choice:
        return state
    number = state.offer + 1
    answerable, pages = ((), ()) if after_choice else (state.answerable, state.pages)
    return msgspec.structs.replace(
        state,
        tiles=tiles,
        offer=number,
        answerable=(*answerable, (number, tiles))[-MOST_ANSWERABLE:],
        pages=(*pages, (number, page))[-MOST_ANSWERABLE:],
    )


def zoned(state: Deciding, rules: Rules) -> Deciding:
    """With the places that hold, and the layout that the settings ask for, if they ask for one."""
    state = msgspec.structs.replace(state, standing=rules.standing)
    if not rules.zones:
        return state
    return msgspec.structs.replace(state, zoning=msgspec.structs.replace(state.zoning, zones=rules.zones))


def _tiles(
    state: Deciding, candidates: Sequence[m.Candidate], held: Sequence[int], rules: Rules
) -> tuple[m.Tile, ...]:
    now = state.writing
    if now.practice:
        return practice.tiles_for(now, rules.language, state.tiles, held, rules.count)
    forms = rules.endings.forms(now.text) if endings.is_asked(now.mode, now.prefix) else ()
    if now.mode is Mode.ENDINGS:
        return endings.page(now.text, forms, now.page)
    if now.mode is Mode.FITTING:
        return tiles_of(fitting.page(state.fits.told or m.FitStage(phase=m.FitPhase.INTRO)))
    book = rules.book()
    if now.mode in (Mode.PHRASES, Mode.FORGETTING):
        return phrases.tiles_in(now, rules.language, book)
    most = rules.count
    if phrases.on_empty_line(now, rules.language, book) and phrases.ON_EMPTY_LINE not in held:
        most = min(most, phrases.ON_EMPTY_LINE)  # the places before it
    tiles = anchors.tiles_for(now, candidates, rules.language, state.page, held, most)
    if rules.anchors:
        tiles = anchors.with_way_in(tiles, now)
    aside = phrases.in_place_of_words if rules.phrases_first else phrases.beside
    tiles = aside(tiles, now, rules.language, book)
    return endings.beside(tuple(_said(tile, rules) for tile in tiles), now.text, forms)


def _said(tile: m.Tile, rules: Rules) -> m.Tile:
    is_ready = tile.role in (Role.ANSWER, Role.NOT_MEANT)
    return msgspec.structs.replace(tile, label=rules.endings.ready(tile.label)) if is_ready else tile


def _prompted(state: Deciding, rules: Rules, at_ns: int) -> Deciding:
    """Ask the model anew if what it should go on from has changed."""
    prompt = prompt_for(practice.real(state.writing), state.talk, rules, at_ns, state.prompts + 1)
    if state.prompt and state.prompt.asks_the_same(prompt):
        return state
    return msgspec.structs.replace(state, prompts=prompt.number, prompt=prompt, proposals=None)
