"""Full events: decisions with everything that is kept of one, in a journal that no kit has written bit by bit."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.journal import store

SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ro", "su", "ta", "ve")
TILES = 10
A_MINUTE = 6
"""Decisions."""
FIRST = datetime(2026, 1, 1, tzinfo=UTC)

_encode = msgspec.msgpack.Encoder().encode


def write_journal(path: Path, count: int, chance: random.Random) -> None:
    """A journal of so many decisions."""
    opened = store.open_store(path, "an earlier boot")
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(3000)]
    events = [event(number, words, chance) for number in range(1, count)]
    told = (
        (opened.boot, one.number, store.DECISION, at(one.number), "s", one.number, _encode(one))
        for one in (*events, _spoken(event(count, words, chance)))
    )
    opened._database.execute("BEGIN")
    opened._database.executemany(
        "INSERT INTO row (boot, sequence, kind, at, session, number, record) VALUES (?, ?, ?, ?, ?, ?, ?)", told
    )
    opened._database.execute("COMMIT")
    opened.close()


def at(number: int) -> str:
    """When a decision was made, by the kit's calendar."""
    return (FIRST + timedelta(minutes=number / A_MINUTE)).isoformat(timespec="seconds")


def event(number: int, words: list[str], chance: random.Random) -> m.Decision:
    """A decision among ten tiles, looked at for some time, after a sentence of some words."""
    before = " ".join(chance.choices(words, k=chance.randint(0, 12)))
    written = f" {chance.choice(words)}"
    odds = m.LogOdds(**{name: chance.gauss(0, 2) for name in ("gaze", "prior", "pad")})
    return m.Decision(
        at_ns=number * 10_000_000_000,
        session="s",
        number=number,
        action=m.Action.TAKE,
        slot=chance.randrange(TILES),
        written=written,
        text_before=before,
        text_after=before + written,
        offer=number,
        shown=tuple(_tile(slot, words, chance) for slot in range(TILES)),
        evidence=m.Evidence(
            channel=m.Channelled.PAD,
            posterior=chance.random(),
            posterior_without_prior=chance.random(),
            gaze_age_ms=chance.uniform(0, 60),
            log_odds=odds,
            slot_without_prior=chance.randrange(TILES),
        ),
        model="a model~notes",
        mode=m.Mode.WORDS,
        took_ms=chance.uniform(5, 400),
    )


def _spoken(last: m.Decision) -> m.Decision:
    """The same, but that the text ends with it: one at hand does not leave."""
    said = last.text_after
    return msgspec.structs.replace(
        last, action=m.Action.SPEAK, written="", text_before=said, text_after="", said=said
    )


def _tile(slot: int, words: list[str], chance: random.Random) -> m.OfferedTile:
    return m.OfferedTile(
        slot=slot,
        role=m.Role.CANDIDATE,
        label=chance.choice(words),
        grey=" ".join(chance.choices(words, k=2)),
        source=m.Source.MODEL,
        p=chance.random(),
        gaze_ms=chance.uniform(0, 900),
        looked_p=chance.random(),
    )
