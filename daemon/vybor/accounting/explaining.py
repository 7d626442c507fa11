"""Why a tile was chosen: what stood where, what was looked at, what eyes and signal said of it. Pure."""

from collections.abc import Sequence

import msgspec

from vybor.accounting import bits
from vybor.contracts import messages as m
from vybor.utterances import provenance

LAST = "last"


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """A tile of the offer."""

    slot: int
    role: m.Role
    label: str
    grey: str
    source: m.Source | None
    origin: str
    chance: float
    """How likely it was to be chosen before anybody looked."""
    looked_s: float
    looked_p: float | None
    """How probable the looks alone made it; None where the record does not say."""
    chosen: bool
    members: tuple[m.OfferedTile, ...] = ()
    """What it stood for, where there were fewer zones than choices."""


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """A choice, explained."""

    session: str
    number: int
    action: m.Action
    slot: int
    mode: m.Mode | None
    language: str
    prefix: str
    looks: tuple[str, ...]
    text_before: str
    text_after: str
    written: str
    said: str
    stood: tuple[Stood, ...]
    channel: m.Channelled
    posterior: float
    posterior_without_prior: float
    look_age_s: float
    without_prior: int | None
    """The slot that the looks alone would have favoured; None where the record cannot tell."""
    carried: bool
    """Whether the evidence alone made the chosen tile likelier than all others."""
    bits: float
    model: str
    moved: bool
    """Whether interest had moved words of this offer."""
    private: bool = False
    """Of a text whose words are not told."""

    @property
    def chosen(self) -> Stood | None:
        """The tile that was chosen, where the record has the offer."""
        return next((tile for tile in self.stood if tile.chosen), None)


def explained(decision: m.Decision) -> Why:
    """What the record says of one choice."""
    chances = bits.chances(decision.shown)
    return Why(
        session=decision.session,
        number=decision.number,
        action=decision.action,
        slot=decision.slot,
        mode=decision.mode,
        language=decision.language,
        prefix=decision.prefix,
        looks=decision.looks,
        text_before=decision.text_before,
        text_after=decision.text_after,
        written=decision.written,
        said=decision.said,
        stood=tuple(_stood(tile, chances[tile.slot], decision) for tile in decision.shown),
        channel=decision.evidence.channel,
        posterior=decision.evidence.posterior,
        posterior_without_prior=decision.evidence.posterior_without_prior,
        look_age_s=decision.evidence.gaze_age_ms / 1e3,
        without_prior=_favoured(decision),
        carried=bits.is_supported(decision),
        bits=bits.surprise(decision),
        model=decision.model.partition("~")[0],
        moved="~" in decision.model,
    )


def found(decisions: Sequence[m.Decision], name: str) -> m.Decision | None:
    """A decision by its place in the record from 1, by `SESSION:NUMBER` (the session may be cut), or last."""
    if name == LAST:
        return decisions[-1] if decisions else None
    session, colon, number = name.rpartition(":")
    if not number.isdecimal():
        return None
    if colon:
        named = (d for d in decisions if d.session.startswith(session) and d.number == int(number))
        return next(named, None)
    return decisions[int(number) - 1] if 1 <= int(number) <= len(decisions) else None


def changed(why: Why) -> tuple[str, str]:
    """What the choice took out of the text, and what it put there."""
    kept = provenance.common_prefix(why.text_before, why.text_after)
    return why.text_before[kept:], why.text_after[kept:]


def _stood(tile: m.OfferedTile, chance: float, decision: m.Decision) -> Stood:
    return Stood(
        slot=tile.slot,
        role=tile.role,
        label=tile.label,
        grey=tile.grey,
        source=tile.source,
        origin=tile.origin,
        chance=chance,
        looked_s=tile.gaze_ms / 1e3,
        looked_p=tile.looked_p,
        chosen=tile.slot == decision.slot,
        members=tile.members,
    )


def _favoured(decision: m.Decision) -> int | None:
    """A tile that alone has more than half has more than any other, whatever those have."""
    if decision.evidence.slot_without_prior is not None:
        return decision.evidence.slot_without_prior
    if bits.is_supported(decision):
        return decision.slot
    known = {tile.slot: tile.looked_p for tile in decision.shown if tile.looked_p is not None}
    return max(known, key=lambda slot: known[slot]) if known else None
