"""Events as a kit keeps them: sentences written word by word on the kit's own pages, day after day, by lot.

Words are drawn as people's are: few of them often. Looks, times and evidence have the sizes that simulated
people's have. No meaning is in it: what it stands for is how many bytes an event has, and how alike events are.
"""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from vybor.composer.letters import KEYS
from vybor.composer.offer import tiles_for
from vybor.composer.writing import Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Channelled, Mode, Role, Source
from vybor.foundation.clock import SECOND_NS
from vybor.segments.rows import Kind, Row

KIT = "5" * 32
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
A_DAY = 2000
"""Decisions."""
A_SITTING = 250
"""Decisions of one session; then the kit starts again, now and then with a new boot."""
OFFERED = 3
OPENINGS = ("s", "t", "m", "k", "br", "st", "pl", "n", "w", "f", "dr", "l")
MIDDLES = ("a", "e", "ai", "oo", "i", "u", "ea", "o")
ENDS = ("n", "t", "m", "ther", "ling", "d", "ck", "ster", "nd", "p", "ve", "ring")
WORDS = ["".join(parts) for parts in itertools.product(OPENINGS, MIDDLES, ENDS)]
"""Words that are none in any language: nobody's text is copied for a measurement."""


class Typist:
    """One person's decisions, in order."""

    def __init__(self, lot: random.Random) -> None:
        self._lot = lot
        self._commonness = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(WORDS))))
        self._words = lot.sample(WORDS, len(WORDS))
        self._session, self._number, self._at_ns = "", 0, 0
        self._text = ""

    def sitting(self, session: str, count: int) -> Iterator[m.Decision]:
        """At least that many decisions of one session, to the end of a sentence."""
        self._session, self._number = session, 0
        self._at_ns += SECOND_NS
        while self._number < count:
            yield from self._sentence()

    def _sentence(self) -> Iterator[m.Decision]:
        for word in self._drawn(self._lot.randint(2, 11)):
            yield from self._word(word)
            if self._lot.random() < 0.04:
                yield self._undone()
                yield from self._word(word)
        yield self._made(Action.SPEAK, Role.SPEAK, "", said=f"{self._text}.")

    def _word(self, word: str) -> Iterator[m.Decision]:
        """Letters until it stands there, then the word."""
        steps = self._lot.choices((0, 1, 2, 3), (45, 20, 20, 15))[0]
        for step in range(steps):
            yield self._made(Action.STEER, Role.KEY, self._text, looks=("abcde",) * step)
        written = f" {word}" if self._text else word
        yield self._made(Action.TAKE, Role.CANDIDATE, self._text + written, word, looks=("abcde",) * steps)

    def _undone(self) -> m.Decision:
        return self._made(Action.UNDO, Role.UNDO, self._text.rpartition(" ")[0])

    def _drawn(self, count: int) -> list[str]:
        return self._lot.choices(self._words, cum_weights=self._commonness, k=count)

    def _made(
        self,
        action: Action,
        role: Role,
        after: str,
        word: str = "",
        *,
        said: str = "",
        looks: tuple[str, ...] = (),
    ) -> m.Decision:
        self._number += 1
        self._at_ns += round(SECOND_NS * self._lot.lognormvariate(1.1, 0.5))
        tiles = self._tiles(word)
        chosen = self._lot.choice([tile.slot for tile in tiles if tile.role is role])
        if word:
            chosen = next(tile.slot for tile in tiles if tile.label.casefold().startswith(word))
        before, self._text = self._text, after
        return m.Decision(
            at_ns=self._at_ns,
            session=self._session,
            number=self._number,
            action=action,
            slot=chosen,
            written=after[len(before) :] if after.startswith(before) else "",
            text_before=before,
            text_after=after,
            offer=self._number,
            shown=tuple(self._offered(tile, chosen) for tile in tiles),
            evidence=self._evidence(chosen),
            model="smollm2-135m",
            said=said,
            mode=Mode.WORDS,
            looks=looks,
            took_ms=round(self._lot.uniform(40, 400), 1),
            was_ahead=self._lot.random() < 0.6,
        )

    def _tiles(self, word: str) -> tuple[m.Tile, ...]:
        offered = list(dict.fromkeys([*self._drawn(5), *self._words[:OFFERED]]))[:OFFERED]
        if word and word not in offered:
            offered[self._lot.randrange(OFFERED)] = word
        candidates = [
            m.Candidate(
                words=(each, *self._drawn(self._lot.randrange(3))),
                p=self._lot.random() / 3,
                source=self._lot.choice((Source.MODEL, Source.NGRAM)),
            )
            for each in offered
        ]
        return tiles_for(Writing(text=self._text), candidates, "en", (), (), len(KEYS["en"]))

    def _offered(self, tile: m.Tile, chosen: int) -> m.OfferedTile:
        is_chosen = tile.slot == chosen
        looked = is_chosen or self._lot.random() < 0.3
        return m.OfferedTile(
            slot=tile.slot,
            role=tile.role,
            label=tile.label,
            grey=tile.grey,
            source=tile.source,
            p=tile.p,
            gaze_ms=round(self._lot.expovariate(1 / 400), 3) if looked else 0.0,
            looked_p=round(self._lot.betavariate(9, 1) if is_chosen else self._lot.betavariate(1, 40), 4),
        )

    def _evidence(self, chosen: int) -> m.Evidence:
        alone = self._lot.betavariate(20, 1)
        return m.Evidence(
            channel=Channelled.PAD,
            posterior=alone + (1 - alone) / 2,
            posterior_without_prior=alone,
            gaze_age_ms=self._lot.uniform(5, 60),
            log_odds=m.LogOdds(gaze=self._lot.gauss(4, 1), prior=self._lot.random(), pad=self._lot.gauss(5, 1)),
            slot_without_prior=chosen,
        )


def rows(count: int, seed: int = 1, kit: str = KIT) -> Iterator[Row]:
    """So many decisions as rows of the record: some days' worth, a few sessions a day, a boot every other day."""
    lot = random.Random(seed)
    typist = Typist(lot)
    sequence, boot, made = 0, 1, 0
    while made < count:
        day, into = divmod(made, A_DAY)
        if made and into < A_SITTING and day % 2 == 0:
            boot, sequence = boot + 1, 0
        began = BEGAN + timedelta(days=day)
        for decision in itertools.islice(typist.sitting(f"{lot.getrandbits(64):016x}", A_SITTING), count - made):
            sequence, made = sequence + 1, made + 1
            yield Row(
                kit=kit,
                boot=boot,
                sequence=sequence,
                at=(began + timedelta(seconds=3 * (into + sequence % A_SITTING))).isoformat(timespec="seconds"),
                kind=Kind.DECISION,
                record=msgspec.Raw(msgspec.json.encode(decision)),
            )
