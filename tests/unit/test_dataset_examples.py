"""Files of examples and their cards: what is written is read, and what is none is said in one sentence."""

from pathlib import Path

import msgspec
import pytest

from unit.dataset_person import Person, made
from vybor.foundation.errors import Missing, PlaceError, VyborError
from vybor_workshop import json_files
from vybor_workshop.dataset import card, examples
from vybor_workshop.dataset.card import Card, Size
from vybor_workshop.dataset.examples import Choice, Example, ExamplesError, Part, Shown, Weighed

CARD = Card(
    kit="0" * 32,
    made_at="2026-03-01T10:00:00+00:00",
    rules="0" * 12,
    recipe="tiny",
    base_sha256="ba5e" * 16,
    examples_sha256="0" * 64,
    deletions=2,
    rows=7,
    first=(1, 2),
    last=(1, 7),
    parts={Part.TRAIN: Size(examples=1, tokens=9, taught=3)},
    kept={"model": 3},
    dropped={},
)


@pytest.fixture
def some() -> tuple[Example, ...]:
    person = Person()
    for word in ("tea", "toast", "water"):
        person.say(f"I want {word}")
    return made(person.rows).examples


def test_what_is_written_is_read(some: tuple[Example, ...], tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    examples.write(path, some)
    assert examples.read(path) == some
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes().splitlines()) == len(some)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: content[:-20], "was cut off in its last line"),
        (lambda content: b"{}\n" + content, "line 1 of the file is no example"),
        (lambda content: content.replace(b'"train"', b'"some"'), "is no example"),
        (lambda content: b"\xff\n" + content, "line 1 of the file is no example"),
        (lambda content: b"".join(reversed(content.splitlines(keepends=True))), "out of order"),
        (lambda content: content.replace(b'"train"', b'"held"', 1), "out of order"),
        (lambda content: content.replace(b'"kit":"0', b'"kit":"1', 1), "of another kit"),
    ],
)
def test_what_is_none_is_one_sentence(some: tuple[Example, ...], change: object, told: str) -> None:
    with pytest.raises(ExamplesError, match=told) as raised:
        examples.parsed(change(examples.lines(some)), "the file")  # type: ignore[operator]  # one of these
    assert "make them anew with `vybor-workshop dataset`" in str(raised.value)
    assert raised.value.exit_code == 65


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": ()},
        {"weights": (Weighed(0, 99, 1.0),)},
        {"weights": (Weighed(1, 1, 1.0),)},
        {"weights": (Weighed(2, 4, 1.0), Weighed(0, 2, 1.0))},
        {"weights": (Weighed(0, 4, 1.6),)},
        {"choices": (Choice(at=0, weight=1.0, shown=(Shown(label="a"), Shown(label="b"))),)},
        {"choices": (Choice(at=99, weight=1.0, shown=(Shown(label="a", chosen=True),)),)},
    ],
)
def test_an_example_that_cannot_be_is_none(some: tuple[Example, ...], wrong: dict[str, object]) -> None:
    told = msgspec.to_builtins(some[0]) | {name: msgspec.to_builtins(value) for name, value in wrong.items()}
    with pytest.raises(ExamplesError):
        examples.parsed(msgspec.json.encode(told) + b"\n", "the file")


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    json_files.write(tmp_path / "dataset.json", CARD)
    assert card.read(tmp_path / "dataset.json") == CARD


@pytest.mark.parametrize("read", [examples.read, card.read])
def test_what_is_not_there_is_said(tmp_path: Path, read: object) -> None:
    with pytest.raises(Missing, match="vybor-workshop dataset"):
        read(tmp_path / "nothing")  # type: ignore[operator]  # one of the two
    with pytest.raises(PlaceError, match="cannot be read"):
        read(tmp_path)  # type: ignore[operator]  # a folder


@pytest.mark.parametrize("content", [b"", b"{}", b"[[", b"\xff"])
def test_a_damaged_card_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dataset.json"
    path.write_bytes(content)
    with pytest.raises(ExamplesError, match="says nothing that this version knows"):
        card.read(path)


def test_where_nothing_can_be_written_it_is_said(some: tuple[Example, ...], tmp_path: Path) -> None:
    for write, what in ((examples.write, some), (json_files.write, CARD)):
        with pytest.raises(VyborError, match="cannot be written"):
            write(tmp_path / "gone" / "file", what)  # type: ignore[arg-type]  # each its own
