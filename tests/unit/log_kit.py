"""A kit that wrote something, for the tests of what the workshop keeps of it."""

import itertools
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from benches import ingest_events
from vybor.contracts import messages as m
from vybor.segments import rows as record
from vybor.segments.rows import Deletion, Kind, Row, Span
from vybor.segments.segment import Segment, sealed
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.log.data_set import DataSet

KIT = ingest_events.KIT
WORKSTATION, SIGNS = PrivateKey.generate(), SigningKey.generate()
KEYS = KitKeys(KIT, "the kit", SIGNS.verify_key, WORKSTATION)
SHOWN = (
    m.OfferedTile(
        slot=0, role=m.Role.CANDIDATE, label="tea", grey="please", source=m.Source.MODEL, p=0.4, gaze_ms=700.0
    ),
    m.OfferedTile(
        slot=1, role=m.Role.CANDIDATE, label="toast", grey="", source=m.Source.NGRAM, p=0.1, gaze_ms=90.0
    ),
    m.OfferedTile(slot=3, role=m.Role.SPEAK, label="", grey="", source=None, p=None, gaze_ms=0.0),
)


class Writer:
    """Writes decisions as a kit records them, one step of its clock after another."""

    def __init__(
        self, day: str = "2026-03-01", boot: int = 1, session: str = "first", clock: str = "10:00:00+00:00"
    ) -> None:
        self.rows: list[Row] = []
        self.clock = clock
        self.day, self.boot, self.session = day, boot, session
        self.text, self.at_ns = "", 10**9
        self._sequence, self._number = itertools.count(1), itertools.count(1)
        self._past: list[str] = []

    def take(self, word: str, *, learn: bool = True) -> Row:
        self._past.append(self.text)
        return self.decide(m.Action.TAKE, f"{self.text} {word}".lstrip(), learn=learn)

    def undo(self) -> Row:
        return self.decide(m.Action.UNDO, self._past.pop())

    def speak(self) -> Row:
        self._past.append(self.text)
        return self.decide(m.Action.SPEAK, "")

    def say(self, sentence: str) -> list[Row]:
        return [*(self.take(word) for word in sentence.split()), self.speak()]

    def decide(
        self, action: m.Action, after: str, *, seconds: float = 2.0, learn: bool = True, **about: object
    ) -> Row:
        before, self.text = self.text, after
        self.at_ns += round(seconds * 1e9)
        decision = m.Decision(
            at_ns=self.at_ns,
            session=self.session,
            number=next(self._number),
            action=action,
            slot=3 if action is m.Action.SPEAK else 0,
            written=after.removeprefix(before),
            text_before=before,
            text_after=after,
            offer=1,
            shown=SHOWN,
            evidence=m.Evidence(
                channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0
            ),
            said=f"{before}." if action is m.Action.SPEAK else "",
            learn=learn,
        )
        return self.row(Kind.DECISION, msgspec.structs.replace(decision, **about))

    def delete(self, *spans: Span) -> Row:
        return self.row(Kind.DELETION, Deletion(spans))

    def row(self, kind: Kind, told: object) -> Row:
        at = f"{self.day}T{self.clock}" if self.day else ""
        made = Row(
            kit=KIT,
            boot=self.boot,
            sequence=next(self._sequence),
            at=at,
            kind=kind,
            record=msgspec.Raw(msgspec.json.encode(told)),
        )
        self.rows.append(made)
        return made


def segment(rows: Sequence[Row], by: SigningKey = SIGNS) -> Segment:
    place = (rows[0].boot, rows[0].sequence) if rows else (0, 0)
    return sealed(record.written(rows), place, WORKSTATION.public_key, by)


def segments(rows: Sequence[Row], size: int = 5) -> list[Segment]:
    return [segment(rows[at : at + size]) for at in range(0, len(rows), size)]


def in_memory(folder: Path) -> DataSet:
    """An object store of its own, in memory."""
    return DataSet(f"memory://{secrets.token_hex(8)}/data", folder)


def kept(data: DataSet, kind: Kind = Kind.DECISION) -> list[dict[str, Any]]:
    """Every row, with the day of its file, in order."""
    found = [
        {"day": file.day} | row
        for file in data.files(KIT)
        if file.kind is kind
        for row in data.read(file).to_pylist()
    ]
    return sorted(found, key=lambda row: (row["boot"], row["sequence"]))


def everything(data: DataSet) -> bytes:
    """All bytes of all files, unpacked where they are Parquet."""
    files = data.store.find(data.root)
    raw = b"".join(data.store.cat_file(path) for path in files)
    return raw + "".join(str(data.read(file).to_pylist()) for file in data.files(KIT)).encode()
