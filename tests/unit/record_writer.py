"""Somebody whose choices are recorded, for tests of the record."""

import itertools
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role, Scope, Source
from vybor.foundation import keys
from vybor.foundation.bus import Asked
from vybor.foundation.keys import Key
from vybor.journal import store
from vybor.journal.eraser import Eraser
from world import decrypted

EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=0.97, posterior_without_prior=0.95, gaze_age_ms=12.0)


class Writer:
    """Writes word by word into a record that is open."""

    def __init__(self, path: Path, machine: str = "boot-a", session: str = "s", key: Key = keys.NONE) -> None:
        self.path = path
        self.key = key
        self.store = store.open_store(path, machine, key)
        self.session = session
        self.number = 0
        self.text = ""

    def choose(self, action: Action, after: str, *offered: str, **about: object) -> m.Decision:
        self.number += 1
        labels = [*([after.rsplit(maxsplit=1)[-1]] if after else []), *offered]
        decision = m.Decision(
            at_ns=self.number,
            session=self.session,
            number=self.number,
            action=action,
            slot=0,
            written=after[len(self.text) :] if after.startswith(self.text) else "",
            text_before=self.text,
            text_after=after,
            offer=self.number,
            shown=tuple(
                m.OfferedTile(
                    slot=slot, role=Role.CANDIDATE, label=label, grey="", source=Source.MODEL, p=0.1, gaze_ms=0.0
                )
                for slot, label in enumerate(labels)
            ),
            evidence=EVIDENCE,
            mode=m.Mode.WORDS,
        )
        decision = msgspec.structs.replace(decision, **about)
        self.store.keep(decision)
        self.text = after
        return decision

    def write(self, text: str, *offered: str, **about: object) -> None:
        """The next words, one by one."""
        for word in text.split():
            self.choose(Action.TAKE, f"{self.text} {word}".strip(), *offered, **about)

    def speak(self, **about: object) -> m.Decision:
        return self.choose(Action.SPEAK, "", **{"said": f"{self.text}.", **about})

    def say(self, text: str, *offered: str) -> m.Decision:
        self.write(text, *offered)
        return self.speak()

    def again(self, session: str = "s") -> "Writer":
        """The same record after a restart."""
        self.store.close()
        return Writer(self.path, session=session, key=self.key)

    def bytes(self) -> bytes:
        """Of the record and its log, decrypted where they are encrypted."""
        parts = sorted(self.path.parent.glob(f"{self.path.stem}*"))
        return b"".join(decrypted.database(part, self.key) for part in parts)


class Bus:
    """Takes the answers."""

    def __init__(self) -> None:
        self.replies: list[m.AnyReply] = []

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        self.replies.append(reply)


_requests = itertools.count()


def erase(writer: Writer, scope: Scope, request: str = "", **which: object) -> m.Erased:
    """Have it deleted, to the end."""
    bus = Bus()
    request = request or f"wish {next(_requests)}"
    eraser = Eraser(writer.path, bus, lambda _deletion, _all: None, lambda: None)  # type: ignore[arg-type]  # as much of a bus
    refused = eraser.asked(Asked(b"", m.Erase(request=request, scope=scope, **which)), writer.store)
    assert refused == ""
    now_ns = 0
    while eraser.is_busy(writer.store, now_ns):
        eraser.step(writer.store, now_ns)
        now_ns += 10_000_000_000
    (reply,) = bus.replies
    assert isinstance(reply, m.Erased)
    return reply
