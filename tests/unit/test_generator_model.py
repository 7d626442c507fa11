"""The network at work: the trunk grows, is cut back, and carries branches that see nothing of each other."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from vybor.contracts.messages import Trouble
from vybor.foundation.settings import Provider
from vybor.generator.network import bundle
from vybor.generator.network.model import TRUNK, TRUNKS, WORTH_KEEPING, Model
from vybor.generator.network.trunk import Floats
from world import tiny_model

NOISE = 0.1
"""Activations are rounded to 8 bits, a little differently for every number of tokens in a step."""
TEXT = [5, 17, 80, 33, 200, 41, 7, 99, 150, 61, 12, 222]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.random(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def model(folder: Path) -> Model:
    return Model(bundle.open_bundle(folder), threads=1)


def fresh(folder: Path, *steps: list[int]) -> Floats:
    """The logits behind some steps of a model that knows nothing else."""
    made = Model(bundle.open_bundle(folder), threads=1)
    for tokens in steps:
        made.append(tokens)
    return made.end


def test_the_text_in_steps_is_the_text_at_once(folder: Path, model: Model) -> None:
    for token in TEXT:
        model.append([token])
    at_once = fresh(folder, TEXT)
    assert np.abs(model.end - at_once).max() < NOISE
    assert np.ptp(at_once) > 10 * NOISE


def test_what_was_said_before_matters(folder: Path) -> None:
    other = fresh(folder, [TEXT[0] + 1, *TEXT[1:]])
    assert np.abs(other - fresh(folder, TEXT)).max() > NOISE


def test_a_rewound_trunk_is_exactly_what_it_was(folder: Path, model: Model) -> None:
    model.append(TEXT)
    model.append([1, 2, 3])
    wanted = [*TEXT, 40, 41]
    assert model.rewind(wanted) == len(TEXT)
    model.append(wanted[len(TEXT) :])
    assert np.array_equal(model.end, fresh(folder, TEXT, [40, 41]))
    assert model.trunk == wanted


def long(first: int) -> list[int]:
    """A text so long that to read it again would cost something."""
    return [first, *(7 + (first * place) % 200 for place in range(WORTH_KEEPING + 20))]


def read(model: Model, tokens: list[int]) -> int:
    """Bring the trunk to a text; return how many tokens had to be read for that."""
    before = model.tokens_read
    rest = tokens[model.rewind(tokens) :]
    if rest:
        model.append(rest)
    return model.tokens_read - before


def test_what_was_read_of_another_text_is_there_when_that_comes_back(folder: Path, model: Model) -> None:
    one, other = long(3), long(5)
    assert read(model, one) == len(one)
    assert read(model, other) == len(other)
    assert read(model, one) == 0
    assert read(model, [*one, 40]) == 1
    assert np.array_equal(model.end, fresh(folder, one, [40]))
    assert read(model, [*other, 40]) == 1
    assert np.array_equal(model.end, fresh(folder, other, [40]))


def test_the_text_that_was_not_read_for_longest_makes_room(model: Model) -> None:
    texts = [long(first) for first in range(3, 4 + TRUNKS)]
    for text in texts:
        read(model, text)
    assert [read(model, text) for text in texts[:0:-1]] == [0] * TRUNKS
    assert read(model, texts[0]) == len(texts[0])


def test_another_text_takes_over_what_both_begin_with(folder: Path, model: Model) -> None:
    begin, end = [5, 17, 80, 33], long(3)
    read(model, begin + end)
    assert read(model, [*begin, 9, 9]) == 2
    alone = fresh(folder, begin, [9, 9])
    assert np.abs(model.end - alone).max() < NOISE
    assert read(model, begin + end) == 0


def test_a_few_words_taken_back_make_no_second_text(model: Model) -> None:
    text = long(3)
    read(model, text)
    assert read(model, [*text[:-5], 1]) == 1
    assert read(model, text) == 5


def test_the_same_text_again_costs_nothing(model: Model) -> None:
    model.append(TEXT)
    before = model.end
    model.branch([3], [TRUNK])
    assert model.rewind(TEXT) == len(TEXT)
    assert model.end is before


def test_an_answer_stays_what_it_was_when_the_next_one_comes(model: Model) -> None:
    """Buffers are bound once, and what was answered before is not written over."""
    model.append(TEXT)
    before = model.end
    kept = before.copy()
    behind = model.branch([3, 4], [TRUNK] * 2)
    branched = behind.copy()
    model.append([40])
    assert not np.array_equal(model.end, kept)
    assert np.array_equal(before, kept)
    assert np.array_equal(behind, branched)


def test_a_shorter_text_reads_its_last_token_again(folder: Path, model: Model) -> None:
    model.append(TEXT)
    assert model.rewind(TEXT[:6]) == 5
    with pytest.raises(ValueError, match="cut back"):
        _ = model.end
    model.append(TEXT[5:6])
    assert np.abs(model.end - fresh(folder, TEXT[:6])).max() < NOISE


def test_an_empty_trunk_has_no_end(model: Model) -> None:
    with pytest.raises(ValueError, match="empty"):
        _ = model.end


def test_siblings_see_nothing_of_each_other(model: Model) -> None:
    model.append(TEXT)
    together = model.branch([30, 40, 50], [TRUNK] * 3)
    model.rewind(TEXT)
    among_others = model.branch([31, 40, 57], [TRUNK] * 3)
    assert np.array_equal(together[1], among_others[1])
    assert np.abs(together[0] - among_others[0]).max() > NOISE


def test_a_branch_sees_its_ancestors_and_the_trunk(folder: Path, model: Model) -> None:
    model.append(TEXT)
    model.branch([30, 40], [TRUNK, TRUNK])
    model.branch([60, 70], [1, 0])
    deep = model.branch([80, 81], [2, 3])
    assert np.abs(deep[0] - fresh(folder, [*TEXT, 40, 60, 80])).max() < NOISE
    assert np.abs(deep[1] - fresh(folder, [*TEXT, 30, 70, 81])).max() < NOISE
    assert model.branches == 6


def test_branches_leave_the_trunk_alone(folder: Path, model: Model) -> None:
    model.append(TEXT)
    model.branch(list(range(20)), [TRUNK] * 20)
    model.append([40, 41])
    assert model.branches == 0
    assert np.array_equal(model.end, fresh(folder, TEXT, [40, 41]))


def test_more_than_the_cache_holds_is_an_error_and_not_the_end(folder: Path, tmp_path: Path) -> None:
    small = Model(bundle.open_bundle(tiny_model.random(tmp_path / "small", context=8)), threads=1)
    with pytest.raises(bundle.BundleError, match="failed at work") as raised:
        small.append(TEXT)
    assert raised.value.trouble is Trouble.MODEL_FAILED
    small.append(TEXT[:4])
    assert small.trunk == TEXT[:4]


def test_a_graph_that_is_none_is_told(folder: Path, tmp_path: Path) -> None:
    damaged = bundle.open_bundle(folder)
    (tmp_path / bundle.GRAPH).write_bytes(b"no graph")
    elsewhere = bundle.Bundle(folder=tmp_path, manifest=damaged.manifest)
    with pytest.raises(bundle.BundleError, match="cannot be loaded") as raised:
        Model(elsewhere, threads=1)
    assert raised.value.trouble is Trouble.MODEL_FAILED


# --- the provider ---------------------------------------------------------------------------------------------


def refusal(folder: Path, provider: Provider) -> str:
    with pytest.raises(bundle.BundleError) as raised:
        Model(bundle.open_bundle(folder), threads=1, provider=provider)
    assert raised.value.trouble is Trouble.MODEL_FAILED
    return str(raised.value)


def test_cuda_in_an_onnxruntime_without_it_is_refused_with_the_remedy(folder: Path) -> None:
    """The package that the kit installs reckons on the processor alone."""
    assert "CUDAExecutionProvider" not in onnxruntime.get_available_providers()
    assert refusal(folder, Provider.CUDA) == (
        "this onnxruntime has no CUDAExecutionProvider; install onnxruntime-gpu with its CUDA and cuDNN, "
        'or set [generator] provider = "cpu"'
    )


@pytest.mark.filterwarnings("ignore:Specified provider 'CUDAExecutionProvider'")
def test_a_session_that_came_up_on_the_processor_instead_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """onnxruntime-gpu 1.31.1 without CUDA's libraries names the provider as there, and starts without it."""
    named = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: named)
    assert "cannot start its CUDAExecutionProvider; install onnxruntime-gpu with" in refusal(folder, Provider.CUDA)


def test_the_session_is_asked_not_to_fall_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    real = onnxruntime.InferenceSession

    def session(path: Path, options: object, **wanted: object) -> object:
        asked.update(wanted)
        return real(path, options, providers=["CPUExecutionProvider"], enable_fallback=False)

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "InferenceSession", session)
    refusal(folder, Provider.CUDA)
    assert asked == {
        "providers": ["CUDAExecutionProvider", "CPUExecutionProvider"],
        "enable_fallback": False,
    }
