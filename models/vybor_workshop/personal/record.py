"""What fits read of a kit's record: every choice with the whole offer, and the sentences that stand."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor_workshop.dataset import reading, rules
from vybor_workshop.dataset.following import Chosen, Following
from vybor_workshop.dataset.rules import Reason
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.materials import Say

TILE = """slot := t.slot, role := t.role, label := coalesce(t.label, ''), grey := coalesce(t.grey, ''),
    source := t.source, p := t.p, gaze_ms := coalesce(t.gaze_ms, 0)"""
SIGN = """kind := s.kind, at_ns := s.at_ns, log_odds := s.log_odds, plain := s.plain, height := s.height,
    rhythm_s := coalesce(s.rhythm_s, 0), slot := s.slot, chose := coalesce(s.chose, false),
    fitting := coalesce(s.fitting, 0)"""
WHOLE = f"""
SELECT boot, sequence, day, at_ns, session, number, action, slot, text_before, text_after, language, said, learn,
  incognito, mode, prefix, coalesce(written, '') AS written, coalesce(model, '') AS model, 0 AS offer,
  coalesce(looks, []) AS looks,
  struct_pack(channel := evidence.channel, posterior := evidence.posterior,
    posterior_without_prior := evidence.posterior_without_prior, gaze_age_ms := 0.0,
    slot_without_prior := evidence.slot_without_prior) AS evidence,
  [struct_pack({SIGN}) for s in coalesce(signs, [])] AS signs,
  [struct_pack({TILE}) for t in shown if t.slot = slot OR t.role IN ('{Role.CANDIDATE}', '{Role.PHRASE}')] AS shown
FROM decisions WHERE kit = $kit ORDER BY boot, sequence
"""
"""As the kit's own interest (generator/interest) reads it: also the offers of which nothing was taken."""
LEFT_OUT = (Reason.TAKEN_BACK, Reason.NOT_WHOLE)
"""Sentences that are not the person's, or are no more."""


class Said(msgspec.Struct, frozen=True):
    """A sentence that was spoken and stayed so, as the kit counts it."""

    text: str
    day: str
    language: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What may be read of a kit's record, in its order."""

    kit: str
    deletions: int
    """So many the kit had told when it was read."""
    decisions: tuple[m.Decision, ...]
    said: tuple[Said, ...]

    @property
    def language(self) -> str:
        """That of most sentences."""
        languages = [each.language for each in self.said]
        return max(set(languages), key=languages.count) if languages else "en"


def read(data: DataSet, home: Path, kit: str, say: Say) -> Record:
    """All of it; once more where something was deleted meanwhile. Raises PlaceError."""
    while True:
        wish = reading.wish(data, home, kit)
        with reading.opened(data) as rows:
            told = list(reading.choices(rows, kit, say, WHOLE, wish.offers))
        if reading.wish(data, home, kit) == wish:
            chosen = [one for one in told if one is not None and rules.row_dropped(one, wish.spans) is None]
            decisions = tuple(one.decision for one in chosen)
            return Record(kit=kit, deletions=len(wish.deleted), decisions=decisions, said=said_in(chosen))
        say("something was deleted meanwhile: reading again")


def said_in(chosen: Sequence[Chosen]) -> tuple[Said, ...]:
    """The sentences that stand. Pure."""
    following = Following()
    for one in chosen:
        following.tell(one)
    standing = (
        each
        for each in following.sentences
        if rules.sentence_dropped(each, (each.spoken.decision.language,)) not in LEFT_OUT
    )
    return tuple(Said(each.text, each.spoken.day, each.spoken.decision.language) for each in standing)
