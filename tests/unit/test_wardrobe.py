"""An adapter is put on while the model runs, swapped, taken off, and refused, by what lies in the folder."""

import shutil
from pathlib import Path

import pytest

from vybor.contracts import messages as m
from vybor.generator.candidates import Proposer
from vybor.generator.network import adapter, bundle
from vybor.generator.wardrobe import LOOK_AGAIN_NS, Wardrobe
from world.tiny_adapter import halves, peft, write

PROMPT = m.Prompt(at_ns=0, number=1, text="I like", count=5)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def proposer(made: bundle.Bundle) -> Proposer:
    return Proposer(made, threads=1)


def says(proposer: Proposer) -> tuple[m.Candidate, ...]:
    found = proposer.propose(PROMPT, lambda: True)
    assert found
    return found


def test_it_is_put_on_swapped_and_taken_off_exactly(tmp_path: Path, proposer: Proposer) -> None:
    wardrobe, plain, name = Wardrobe(tmp_path), says(proposer), proposer.identity
    assert not wardrobe.look(proposer, 0)
    peft(tmp_path / "adapter", halves("qkvo gate up down"))
    assert wardrobe.look(proposer, LOOK_AGAIN_NS)
    first = says(proposer)
    assert first != plain
    assert proposer.identity.startswith(f"{name}+")
    shutil.rmtree(tmp_path / "adapter")
    peft(tmp_path / "adapter", halves("qkvo gate up down", seed=10))
    before = proposer.identity
    assert wardrobe.look(proposer, 2 * LOOK_AGAIN_NS)
    assert proposer.identity != before
    assert says(proposer) not in (plain, first)
    shutil.rmtree(tmp_path / "adapter")
    assert wardrobe.look(proposer, 3 * LOOK_AGAIN_NS)
    assert (says(proposer), proposer.identity) == (plain, name)


def test_one_that_was_made_for_another_model_is_said_and_not_worn(tmp_path: Path, proposer: Proposer) -> None:
    wardrobe, plain = Wardrobe(tmp_path), says(proposer)
    peft(tmp_path / "adapter", halves(), base_sha256="ab" * 32)
    assert not wardrobe.look(proposer, 0)
    assert wardrobe.trouble is not None
    assert wardrobe.trouble.trouble is m.Trouble.ADAPTER_FAILED
    assert says(proposer) == plain
    shutil.rmtree(tmp_path / "adapter")
    wardrobe.look(proposer, LOOK_AGAIN_NS)
    assert wardrobe.trouble is None


def test_a_damaged_one_takes_off_what_was_worn(tmp_path: Path, proposer: Proposer) -> None:
    wardrobe, plain = Wardrobe(tmp_path), says(proposer)
    peft(tmp_path / "adapter", halves())
    assert wardrobe.look(proposer, 0)
    (tmp_path / "adapter" / adapter.WEIGHTS).write_bytes(b"cut off")
    assert wardrobe.look(proposer, LOOK_AGAIN_NS)
    assert wardrobe.trouble is not None
    assert says(proposer) == plain


def test_a_model_that_is_loaded_anew_wears_it_at_once(tmp_path: Path, made: bundle.Bundle) -> None:
    wardrobe = Wardrobe(tmp_path)
    peft(tmp_path / "adapter", halves())
    first, second = Proposer(made, threads=1), Proposer(made, threads=1)
    assert wardrobe.look(first, 0)
    assert wardrobe.look(second, 1)
    assert first.identity == second.identity


def test_nothing_is_read_between_two_looks(tmp_path: Path, proposer: Proposer) -> None:
    wardrobe = Wardrobe(tmp_path)
    wardrobe.look(proposer, 0)
    peft(tmp_path / "adapter", halves())
    assert not wardrobe.look(proposer, LOOK_AGAIN_NS - 1)
    assert wardrobe.look(proposer, LOOK_AGAIN_NS)
