"""An adapter for sentences, in real processes: it comes, is tried, and answers for sentences alone."""

import time
from pathlib import Path

import pytest

from processes.test_grown import Life, life
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.grown.counting import FRAMES
from world import grown, tiny_adapter

pytestmark = pytest.mark.slow


def model_of_sentences(writing: Life) -> str:
    """Which model answers a question for whole sentences."""
    writing.number += 1
    prompt = m.Prompt(at_ns=0, number=writing.number, text="", count=5, anchors=("tea",))
    writing.core._bus.publish(prompt)
    writing.core.until(lambda: bool(writing.core.heard) and writing.core.heard[-1].prompt == writing.number)
    return writing.core.heard[-1].model


def test_it_answers_for_sentences_and_words_stay_as_they_were(tmp_path: Path) -> None:
    share = tmp_path / "share"
    tiny_adapter.write(share / "model")
    with life(tmp_path, share) as writing:
        factory = writing.model()
        assert model_of_sentences(writing) == factory
        files = grown.files(tmp_path / "adapter")
        arrived = writing.kit.state / "arrived"
        grown.sent(arrived, 3, files, kit=writing.number_of_kit, kind=Kind.FRAMES)
        end_s = time.perf_counter() + 40
        while FRAMES not in model_of_sentences(writing):
            assert time.perf_counter() < end_s, writing.kit.log("generator")
        assert writing.model() == factory
        told = writing.until_listed("on trial")
        assert "for whole sentences from a word alone" in told
        assert "* factory  the model as it came" in told
    with life(tmp_path, share) as writing:
        writing.model()
        assert FRAMES in model_of_sentences(writing)
