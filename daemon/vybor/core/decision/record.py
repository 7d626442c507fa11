"""What the record keeps of a choice beside what it did: the offer, the looks, and how it came about. Pure."""

import math
from collections.abc import Sequence

import msgspec

from vybor.composer.folding import leaves
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Deciding, zones_of
from vybor.core.ways import engaging
from vybor.selector import belief as b
from vybor.selector.state import STALE_NS, Selector
from vybor.selector.ways import Headband


def offered(tiles: Sequence[m.Tile], state: Deciding, at_ns: int) -> tuple[m.OfferedTile, ...]:
    """The tiles as they stood when the decision fell, with what the looks said of each."""
    known = state.selector
    looked = dict(known.gaze_ns)
    alone = _by_looks_alone(tiles, known)
    stood_ms = (at_ns - known.shown_ns) / 1e6 if known.shown_ns and known.tiles == tuple(tiles) else None
    about = _About(_ranks(tiles), state.proposals)
    return tuple(
        msgspec.structs.replace(
            _offered(tile, looked.get(tile.slot, 0), alone.get(tile.slot), about),
            area=tile.area,
            shown_ms=stood_ms,
            engagement=engaging.of_tile(state.engaging, tile.slot, looked.get(tile.slot, 0)),
        )
        for tile in tiles
    )


class _About(msgspec.Struct, frozen=True):
    """What is so of the words of an offer."""

    ranks: dict[int, int]
    """By slot."""
    proposals: m.Proposals | None

    def propensity(self, tile: m.Tile) -> float | None:
        """Of a word that the interest may have moved, that of the offer; of all others 1."""
        if tile.role is not m.Role.CANDIDATE or self.proposals is None:
            return 1.0
        stands_anyway = {candidate.words[0].casefold() for candidate in self.proposals.unmoved}
        return 1.0 if tile.label.casefold() in stands_anyway else self.proposals.propensity


def _ranks(tiles: Sequence[m.Tile]) -> dict[int, int]:
    """Places by probability, in folds too."""
    rated = [(tile.p, tile.slot) for tile in leaves(tiles) if tile.p is not None]
    ordered = sorted(rated, key=lambda pair: -pair[0])
    return {slot: rank for rank, (_, slot) in enumerate(ordered)}


def _offered(tile: m.Tile, gaze_ns: int, looked_p: float | None, about: _About) -> m.OfferedTile:
    return m.OfferedTile(
        slot=tile.slot,
        role=tile.role,
        label=tile.label,
        grey=tile.grey,
        source=tile.source,
        p=tile.p,
        gaze_ms=gaze_ns / 1e6,
        looked_p=looked_p,
        origin=tile.origin,
        members=tuple(_offered(each, 0, None, about) for each in tile.members),
        rank=about.ranks.get(tile.slot),
        propensity=about.propensity(tile),
    )


def with_circumstances(decision: m.Decision, before: Writing, state: Deciding, rules: Rules) -> m.Decision:
    """The decision with the page that it was made on, whose offer it answers, and how well the person was seen."""
    proposals = state.proposals
    decision = msgspec.structs.replace(
        decision,
        mode=before.mode,
        prefix=before.prefix,
        looks=before.looks,
        words=rules.words,
        zones=zones_of(state),
        context=_context(state, proposals),
        quality=quality(state, decision.at_ns),
        signs=tuple(msgspec.structs.replace(sign, fitting=rules.fittings) for sign in state.selector.signs),
    )
    if proposals is None:
        return decision
    return msgspec.structs.replace(
        decision,
        model=proposals.model,
        propensity=proposals.propensity,
        took_ms=proposals.took_ms,
        was_ahead=proposals.was_ahead,
    )


def _context(state: Deciding, proposals: m.Proposals | None) -> m.Context:
    asked = state.prompt
    return m.Context(
        partner=bool(asked and asked.partner),
        lately=len(asked.lately) if asked else 0,
        notes=proposals.notes if proposals else (),
        own_notes=proposals.own_notes if proposals else 0,
        tokens=proposals.context_tokens if proposals else 0,
    )


def quality(state: Deciding, at_ns: int) -> m.Quality:
    """How exactly the eyes were seen, and whether they and the headband were there."""
    eyes, inputs = state.zoning, state.selector.inputs
    steady_ns = inputs.steady_ns
    return m.Quality(
        error_x=round(math.sqrt(eyes.square_x), 4) if eyes.looks else None,
        error_y=round(math.sqrt(eyes.square_y), 4) if eyes.looks else None,
        steady=steady_ns is not None and at_ns - steady_ns <= STALE_NS,
        headband=m.HeadbandState(inputs.headband),
        electrodes=_electrodes(state) if inputs.headband is Headband.THERE else (),
        drowsy=engaging.drowsy(state.engaging, at_ns),
    )


def _electrodes(state: Deciding) -> tuple[m.Electrode, ...]:
    """Those of the headband that do not sit well."""
    worn = state.worn.electrodes if state.worn else ()
    return tuple(each for each in worn if each.state is not m.ElectrodeState.GOOD)


def _by_looks_alone(tiles: Sequence[m.Tile], known: Selector) -> dict[int, float]:
    """How probable each slot is without the language model's prior; nothing where the belief is of other tiles."""
    if known.tiles != tuple(tiles):
        return {}
    believed = b.posterior(known.belief, tiles, use_prior=False)
    return {tile.slot: round(p, 4) for tile, p in zip(tiles, believed.tiles, strict=True)}
