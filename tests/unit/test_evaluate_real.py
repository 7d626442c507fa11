"""The real model with an adapter that changes nothing: no figure moves, and nothing is given away."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from unit.evaluate_person import example
from vybor.foundation.clock import SystemClock
from vybor.generator.network import adapter
from vybor.generator.network.bundle import TOKENIZER, open_bundle
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.dataset.examples import Part
from vybor_workshop.evaluate import figures, finished, texts
from vybor_workshop.evaluate.figures import Who
from vybor_workshop.evaluate.measuring import leaked, measure
from vybor_workshop.evaluate.specs import BY_NAME, Name
from vybor_workshop.evaluate.subject import Subject
from world import tiny_files

pytestmark = pytest.mark.slow
SHARE = Path(os.environ.get("VYBOR_SHARE_FOR_TESTS", "/usr/share/vybor"))
SAID = (
    "I would like a cup of tea",
    "My sister Zora comes tomorrow",
    "Please open the window",
    "I want to rest now",
)


def still(folder: Path, base: str) -> Path:
    """On the first layer's gate alone, and B is zero."""
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 2, "base_sha256": base}
    (folder / adapter.CONFIG).write_text(json.dumps(config))
    stem = f"{adapter.LAYERS}0.mlp.gate_proj"
    halves = {"A": np.ones((2, 576), np.float32), "B": np.zeros((1536, 2), np.float32)}
    arrays = {f"{stem}.lora_{side}.weight": array for side, array in halves.items()}
    tiny_files.safetensors(folder / adapter.WEIGHTS, arrays)
    return folder


ONCE = (
    "I want to kill myself",
    "My brother is in prison again",
    "I have a lump in my breast",
    "I owe him four thousand dollars",
    "I am going to divorce him",
)
"""Of plain words, said once, and nobody else's business."""
ANYBODY = ("I have been thinking about that", "I am going to the store")


@pytest.mark.skipif(not (SHARE / "model" / "manifest.json").exists(), reason="the model is not built here")
def test_what_was_said_once_leaks_and_what_any_kit_would_go_on_with_does_not() -> None:
    bundle = open_bundle(SHARE / "model")
    subject = Subject(
        bundle=bundle,
        adapters={},
        words=SHARE / "words-en.sqlite",
        examples=[example(number, text, Part.HELD) for number, text in enumerate((*ONCE, *ANYBODY))],
        others=texts.Texts(()),
        general=texts.Texts(()),
    )
    said = {Who.FACTORY: {"model": ()}, Who.GROWN: {"model": (*ONCE, *ANYBODY)}}
    found = leaked(subject, Vocabulary.open(bundle.folder / TOKENIZER), said)
    assert [each.said for each in found] == list(ONCE)


def test_an_adapter_that_changes_nothing_is_worth_nothing_and_costs_nothing(tmp_path: Path) -> None:
    if not (SHARE / "model" / "manifest.json").exists():
        pytest.skip("the model is not built here")
    bundle = open_bundle(SHARE / "model")
    its = [
        example(number, SAID[number % len(SAID)], Part.TRAIN if number < 4 else Part.HELD) for number in range(8)
    ]
    subject = Subject(
        bundle=bundle,
        adapters={Who.FACTORY: None, Who.GROWN: still(tmp_path / "adapter", bundle.manifest.base)},
        words=SHARE / "words-en.sqlite",
        examples=its,
        others=texts.Texts(("How was your weekend?",)),
        general=texts.Texts(texts.general("en").lines[-3:]),
        most_written=2,
    )
    results = measure(subject, SystemClock(), print, finished.anew)
    for name in (Name.PPL_OWN, Name.PPL_GENERAL, Name.KSR, Name.OFFERED_5, Name.RECIPROCAL_RANK, Name.DISTINCT_2):
        found = figures.figure(BY_NAME[name], {who: units[name] for who, units in results.units.items()})
        assert found is not None
        assert found.grown == pytest.approx(found.factory, rel=0.01), name
    general = figures.value(BY_NAME[Name.PPL_GENERAL], results.units[Who.FACTORY][Name.PPL_GENERAL])
    assert general is not None
    assert 5 < general < 200
    assert results.leaks == []
