"""A home with a data set, for tests of what is made of it."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from unit.dataset_person import Person
from unit.log_kit import KEYS, KIT, segment
from unit.test_model_build import RECIPE, write_gguf
from vybor.segments.rows import Deletion, Kind, Row, Span
from vybor_workshop import cli, growth
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.log import ingest
from vybor_workshop.log.data_set import DataSet


class Workshop:
    """A home with a data set, and a base of the owner's."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.recipe = folder / "home", folder / "own.toml"
        self.recipe.write_text(RECIPE.format(word="like"))
        write_gguf(folder / "own.gguf")
        self.data = DataSet(str(self.home / "data"), folder)
        self._capsys = capsys

    def bring(self, rows: Sequence[Row]) -> None:
        assert not ingest.ingest([segment(rows)], KEYS, self.data, lambda _: None).quarantined

    def run(self, options: str = "") -> tuple[int, str, str]:
        code = cli.main(
            ["dataset", "--home", str(self.home), "--cache", str(self.home / "cache"), *shlex.split(options)]
        )
        out, err = self._capsys.readouterr()
        return code, out, err

    def grown(self, options: str = "") -> growth.Growth:
        code, _, err = self.run(f"--recipe {self.recipe} {options}")
        assert code == 0, err
        return growth.growths(self.home, KIT)[-1]


@pytest.fixture
def workshop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workshop:
    return Workshop(tmp_path, capsys)


def as_rows(chosen: Sequence[Chosen], kit: str = KIT) -> list[Row]:
    return [
        Row(
            kit=kit,
            boot=each.boot,
            sequence=each.sequence,
            at=f"{each.day}T10:00:00+00:00",
            kind=Kind.DECISION,
            record=msgspec.Raw(msgspec.json.encode(each.decision)),
        )
        for each in chosen
    ]


def wrote(sentences: int = 40, **about: object) -> list[Chosen]:
    person = Person()
    for number in range(sentences):
        person.take("I like", **about)
        person.take("number", sure=0.2)
        person.spell(f"n{number}")
        person.speak()
    return person.rows


def deletion(boot: int, sequence: int, span: Span) -> Row:
    told = msgspec.Raw(msgspec.json.encode(Deletion((span,))))
    return Row(kit=KIT, boot=boot, sequence=sequence, at="", kind=Kind.DELETION, record=told)
