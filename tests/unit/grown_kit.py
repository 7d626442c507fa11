"""A paired kit, its rows and a growth that passed its gate, for the tests of publishing."""

import hashlib
from pathlib import Path

import msgspec

from unit import log_kit
from vybor.bundles import bundle
from vybor.contracts.messages import Became
from vybor.generator.network.adapter import CONFIG, WEIGHTS
from vybor.pairing.lines import Offer
from vybor.segments.rows import Deletion, Kind, Row, Span
from vybor_workshop import json_files
from vybor_workshop.dataset import card
from vybor_workshop.evaluate import evaluating
from vybor_workshop.evaluate.specs import Against
from vybor_workshop.gate import judging
from vybor_workshop.gate import keeping as gate
from vybor_workshop.gate.rules import at_least, at_most
from vybor_workshop.growth import Growth
from vybor_workshop.kits.home import Home, Kit
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest
from vybor_workshop.publish.queue import Queue
from world import tiny_adapter, tiny_model

KIT = log_kit.KIT
RULES = tuple(
    judging.Judged(rule=name, says="", figure=name, against=against, value=value, limit=limit, holds=True)
    for name, against, value, limit in (
        ("leaks", Against.NOTHING, 0.0, at_most(0)),
        ("ksr", Against.FACTORY, 2.5, at_least(1)),
    )
)
KEY = "ssh-ed25519 " + "A" * 68


class Workshop:
    """A home with one kit and its data set."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.workstation = self.home.workstation()
        keys = self.home.kits_folder / ".new"
        keys.mkdir(parents=True)
        offer = Offer(
            kit=KIT,
            name="kitchen",
            language="en",
            verifies_with=bytes(log_kit.SIGNS.verify_key).hex(),
            host_key=KEY,
            port=2222,
            user="vybor-sync",
            nonce="b" * 64,
        )
        self.kit: Kit = self.home.keep(offer, "127.0.0.1", "", keys)
        self.data = DataSet(self.home.data_url, self.home.folder / "locks")
        self._sequence = 0

    @property
    def queue(self) -> Queue:
        return Queue(self.home.folder, self.kit, self.workstation)

    def grow(self, number: int = 1, deletions: int = 0) -> Growth:
        """Examples, an adapter, and a gate that it passed."""
        growth = Growth(KIT, number, self.home.folder / "grown" / KIT / f"{number:04}")
        growth.folder.mkdir(parents=True)
        json_files.write(growth.dataset, made_of(deletions))
        tiny_adapter.peft(growth.adapter, tiny_adapter.halves("qv", seed=number))
        self.judge(growth)
        return growth

    def before(self, growth: Growth) -> Growth | None:
        """What it is held against."""
        return evaluating.predecessor_of(self.home.folder, growth, self.data, "")

    def judge(self, growth: Growth, **rule: object) -> None:
        """What the gate would write: two rules, the second as it is wished."""
        growth.evaluation.write_text("{}")
        rules = tuple(msgspec.structs.replace(each, **rule) if each.rule == "ksr" else each for each in RULES)
        verdict = gate.Verdict(
            kit=KIT,
            growth=growth.number,
            judged_at="2026-03-01",
            evaluation_sha256=sha256(growth.evaluation),
            adapter_sha256=sha256(growth.adapter / WEIGHTS),
            config_sha256=sha256(growth.adapter / CONFIG),
            predecessor=before.number if (before := self.before(growth)) else 0,
            passes=judging.passes(rules),
            rules=rules,
            factory=judging.Fixed(tiny_model.BASE, {}, {}),
        )
        growth.gate.write_bytes(msgspec.json.encode(verdict))

    def tell(self, kind: Kind, record: msgspec.Struct) -> None:
        """The kit writes a row, and it is taken in."""
        self._sequence += 1
        row = Row(
            kit=KIT,
            boot=1,
            sequence=self._sequence,
            at="2026-03-01T10:00:00+00:00",
            kind=kind,
            record=msgspec.Raw(msgspec.json.encode(record)),
        )
        ingest([log_kit.segment([row])], log_kit.KEYS, self.data, lambda _: None)

    def became(self, became: Became) -> None:
        self.tell(Kind.MODEL, became)

    def delete(self) -> None:
        self.tell(Kind.DELETION, Deletion(spans=(Span(1, 900, 901),)))

    def opened(self, path: Path) -> bundle.Opened:
        return bundle.opened(path, self.workstation.signs.verify_key, KIT)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def made_of(deletions: int) -> card.Card:
    return card.Card(
        kit=KIT,
        made_at="2026-03-01",
        rules="0" * 12,
        recipe="smollm2-135m",
        base_sha256=tiny_model.BASE,
        examples_sha256="0" * 64,
        deletions=deletions,
        rows=9,
        first=(1, 1),
        last=(1, 9),
        parts={},
        kept={},
        dropped={},
    )
