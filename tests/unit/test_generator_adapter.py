"""Adapters: put on and taken off while the model runs, refused in one sentence, and the base is what it was."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest

from vybor.generator.network import adapter, bundle
from vybor.generator.network.adapter import AdapterError
from vybor.generator.network.bundle import Rotary
from vybor.generator.network.model import WORTH_KEEPING, Model
from vybor.generator.network.trunk import Floats
from vybor_workshop import materials
from world import tiny_files, tiny_model
from world.tiny_adapter import MATRICES, RANK, Halves, architecture, halves, peft, write

TEXT = [5, 17, 80, 33, 200, 41, 7, 99]
LAYERS = architecture(Rotary.PAIRS).layers
NOISE = 0.04
"""Of the logits' span: activations are rounded to 8 bits, whole steps at other places with other weights."""


def behind(model: Model) -> Floats:
    model.rewind([])
    model.append(TEXT)
    return model.end


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bundle.Bundle:
    return write(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def model(made: bundle.Bundle) -> Model:
    return Model(made, threads=1)


@pytest.mark.parametrize("rotary", list(Rotary))
@pytest.mark.parametrize("parts", ["q", "k", "v", "o", "qkvo", "gate up down", "qv", "gate", "up down"])
def test_an_adapter_does_what_the_same_change_of_the_weights_does(
    tmp_path: Path, rotary: Rotary, parts: str
) -> None:
    """W + scale · B · A, merged in 32 bits, in a model of its own."""
    given = halves(parts)
    shape = architecture(rotary)
    weights = tiny_model.dice(shape, 3)
    plain = write(tmp_path / "plain", rotary)
    model = Model(plain, threads=1)
    before = behind(model)
    model.wear(adapter.open_adapter(peft(tmp_path / "a", given), plain, model.takes()).arrays)
    changed = dict(weights)
    for (layer, part), (a, b) in given.items():
        change = 8 / RANK * b @ a
        if part in "qk" and rotary is Rotary.PAIRS:
            heads = shape.heads if part == "q" else shape.kv_heads
            change = change.reshape(heads, 2, -1, change.shape[1]).swapaxes(1, 2).reshape(change.shape)
        changed[f"blk.{layer}.{MATRICES[part]}.weight"] = weights[f"blk.{layer}.{MATRICES[part]}.weight"] + change
    merged = behind(Model(write(tmp_path / "merged", rotary, changed), threads=1))
    off = np.abs(behind(model) - merged).max()
    assert off < NOISE * np.ptp(merged)
    assert np.abs(before - merged).max() > 2 * off


def test_taken_off_the_base_is_exactly_what_it_was(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    before = behind(model)
    worn = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    model.wear(worn.arrays)
    assert model.trunk == []
    assert np.abs(behind(model) - before).max() > 0.1
    model.wear({})
    assert np.array_equal(behind(model), before)


def test_a_graph_that_takes_adapters_says_exactly_what_one_without_them_says(tmp_path: Path, model: Model) -> None:
    shape = architecture(Rotary.PAIRS)
    plain = tiny_model.write(tmp_path / "plain", shape, tiny_model.dice(shape, 3))
    assert np.array_equal(behind(model), behind(Model(bundle.open_bundle(plain), threads=1)))


def test_no_text_keeps_what_another_adapter_made_of_it(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    long = [token % 60 + 2 for token in range(WORTH_KEEPING + 10)]
    other = [3, *long]
    for text in (long, other):
        model.append(text[model.rewind(text) :])
    worn = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    model.wear(worn.arrays)
    assert [model.rewind(text) for text in (long, other)] == [0, 0]


def test_one_is_swapped_for_another(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    first = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    second = adapter.open_adapter(peft(tmp_path / "b", halves("o", seed=10)), made, model.takes())
    model.wear(first.arrays)
    one = behind(model)
    model.wear(second.arrays)
    other = behind(model)
    fresh = Model(made, threads=1)
    fresh.wear(second.arrays)
    assert np.array_equal(other, behind(fresh))
    assert np.abs(one - other).max() > 0.1


@pytest.mark.parametrize("dtype", ["F16", "BF16"])
def test_it_may_travel_in_16_bits(tmp_path: Path, made: bundle.Bundle, model: Model, dtype: str) -> None:
    whole = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    half = adapter.open_adapter(peft(tmp_path / "b", halves(), dtype), made, model.takes())
    for name, array in whole.arrays.items():
        assert np.abs(half.arrays[name] - array).max() < 0.01 * np.abs(array).max()


def test_one_file_is_the_same_adapter(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    worn = adapter.open_adapter(peft(tmp_path / "a", halves("qkvo gate up down")), made, model.takes())
    adapter.save(worn, tmp_path / "a.onnx_adapter")
    again = adapter.open_adapter(tmp_path / "a.onnx_adapter", made, model.takes())
    assert again.base == worn.base == tiny_model.BASE
    assert set(again.arrays) == set(worn.arrays)
    assert all(np.array_equal(again.arrays[name], array) for name, array in worn.arrays.items())


def apart(takes: adapter.Takes) -> adapter.Takes:
    """What a graph of before takes."""
    both = {name: shape for name, shape in takes.items() if "_gate_up." in name}
    two = {
        name.replace("_gate_up.", f"_{part}."): (shape[0], int(shape[1]) // 2) if name.endswith(".b") else shape
        for name, shape in both.items()
        for part in ("gate", "up")
    }
    return {name: shape for name, shape in takes.items() if name not in both} | two


def test_files_of_before_with_gate_and_up_apart_fit_a_graph_that_takes_them_in_one(
    tmp_path: Path, made: bundle.Bundle, model: Model
) -> None:
    folder, takes = peft(tmp_path / "a", halves("q gate up down")), model.takes()
    before = adapter.open_adapter(folder, made, apart(takes))
    assert any(name.endswith("ffn_gate.a") for name in before.arrays)
    adapter.save(before, tmp_path / "a.onnx_adapter")
    again = adapter.open_adapter(tmp_path / "a.onnx_adapter", made, takes)
    straight = adapter.open_adapter(folder, made, takes)
    assert again.digest == straight.digest != before.digest
    joined = again.arrays["lora.blk.0.ffn_gate_up.a"] @ again.arrays["lora.blk.0.ffn_gate_up.b"]
    two = [
        before.arrays[f"lora.blk.0.ffn_{part}.a"] @ before.arrays[f"lora.blk.0.ffn_{part}.b"]
        for part in ("gate", "up")
    ]
    assert np.allclose(joined, np.concatenate(two, axis=1), atol=1e-6)


def test_the_root_scales_where_it_is_said(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    plain = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    rooted = adapter.open_adapter(peft(tmp_path / "b", halves(), use_rslora=True), made, model.takes())
    name = "lora.blk.0.attn_qkv.b"
    assert np.allclose(rooted.arrays[name], plain.arrays[name] * 2)  # 8 / sqrt(4) against 8 / 4


# --- what is refused ------------------------------------------------------------------------------------------


def wide(given: Halves) -> Halves:
    a, b = given[0, "o"]
    return given | {(0, "o"): (np.concatenate([a, a], axis=1), b)}


def long(given: Halves) -> Halves:
    a, b = given[0, "q"]
    return given | {(0, "q"): (a, np.concatenate([b, b]))}


@pytest.mark.parametrize(
    ("lines", "change", "said"),
    [
        (
            {"base_sha256": "0123456789abcdef"},
            dict,
            "was made for the weights 0123456789ab…, and the model tiny was built",
        ),
        ({"base_sha256": ""}, dict, "was made for weights that it does not name"),
        ({"use_dora": True}, dict, "is no plain LoRA"),
        ({"bias": "all"}, dict, "is no plain LoRA"),
        ({"peft_type": "IA3"}, dict, "is no plain LoRA"),
        ({"rank_pattern": {"q_proj": 2}}, dict, "is no plain LoRA"),
        ({"r": "four"}, dict, "cannot be read"),
        ({}, wide, "has lora.blk.0.attn_output.a of (128, 4), and the model takes (64, "),
        ({}, long, "does not fit the model: look at its self_attn.q_proj of layer 0"),
        (
            {},
            lambda given: {(layer + 1, part): one for (layer, part), one in given.items()},
            "which the model does not take",
        ),
    ],
)
def test_an_adapter_that_does_not_fit_is_told_and_the_base_goes_on(
    tmp_path: Path,
    made: bundle.Bundle,
    model: Model,
    lines: dict[str, object],
    change: Callable[[Halves], Halves],
    said: str,
) -> None:
    before = behind(model)
    with pytest.raises(AdapterError) as raised:
        adapter.open_adapter(peft(tmp_path / "a", change(halves()), **lines), made, model.takes())
    assert said in str(raised.value)
    assert np.array_equal(behind(model), before)


def test_a_matrix_that_nobody_knows_is_named(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    folder = peft(tmp_path / "a", halves())
    name = "base_model.model.lm_head.lora_A.weight"
    tiny_files.safetensors(folder / adapter.WEIGHTS, {name: np.zeros((4, 64), np.float32)})
    with pytest.raises(AdapterError, match=r"changes base_model\.model\.lm_head"):
        adapter.open_adapter(folder, made, model.takes())
    half = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
    tiny_files.safetensors(folder / adapter.WEIGHTS, {half: np.zeros((4, 64), np.float32)})
    with pytest.raises(AdapterError, match=r"look at its self_attn\.q_proj of layer 0"):
        adapter.open_adapter(folder, made, model.takes())


def test_a_damaged_adapter_is_told(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    with pytest.raises(AdapterError, match="cannot be read"):
        adapter.open_adapter(tmp_path / "nothing", made, model.takes())
    folder = peft(tmp_path / "a", halves())
    whole = (folder / adapter.WEIGHTS).read_bytes()
    (folder / adapter.WEIGHTS).write_bytes(whole[:-9])
    with pytest.raises(AdapterError, match=r"cannot be read .*ends before"):
        adapter.open_adapter(folder, made, model.takes())
    for damaged in (b'{"peft_type": "\xff"}', b'{"x": ' + b"[" * 5000):
        (folder / adapter.CONFIG).write_bytes(damaged)
        with pytest.raises(AdapterError, match="cannot be read"):
            adapter.open_adapter(folder, made, model.takes())
    with pytest.raises(AdapterError, match="there is no adapter"):
        adapter.open_adapter(tmp_path / "a.onnx_adapter", made, model.takes())
    (tmp_path / "a.onnx_adapter").write_bytes(b"damaged")
    with pytest.raises(AdapterError, match="was cut off or damaged"):
        adapter.open_adapter(tmp_path / "a.onnx_adapter", made, model.takes())


def test_one_on_a_sector_that_cannot_be_read_is_told(
    tmp_path: Path, made: bundle.Bundle, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, whole = peft(tmp_path / "a", halves()), np.fromfile
    monkeypatch.setattr(np, "fromfile", lambda *what, **how: whole(*what, **how)[:-1])
    with pytest.raises(AdapterError, match="cannot be read to the end of"):
        adapter.open_adapter(folder, made, model.takes())


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_an_adapter_with_numbers_that_are_none_is_told(
    tmp_path: Path, made: bundle.Bundle, model: Model, number: float
) -> None:
    given = halves()
    first = next(iter(given))
    given[first] = tuple(half * np.float32(number) for half in given[first])
    with pytest.raises(AdapterError, match="with numbers that are none"):
        adapter.open_adapter(peft(tmp_path / "a", given), made, model.takes())


def test_one_half_of_a_matrix_is_told(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    worn = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    kept = {name: array for name, array in worn.arrays.items() if name.endswith(".a")}
    adapter.save(msgspec.structs.replace(worn, arrays=kept), tmp_path / "half.onnx_adapter")
    with pytest.raises(AdapterError, match=r"has lora\.\S+\.a without lora\.\S+\.b"):
        adapter.open_adapter(tmp_path / "half.onnx_adapter", made, model.takes())


@pytest.mark.parametrize("entry", [{"shape": [-4, 64]}, {"data_offsets": [-8, 1016]}])
def test_a_header_that_leads_out_of_the_file_is_told(
    tmp_path: Path, made: bundle.Bundle, model: Model, entry: dict[str, list[int]]
) -> None:
    folder = peft(tmp_path / "a", halves())
    whole = (folder / adapter.WEIGHTS).read_bytes()
    length = int.from_bytes(whole[:8], "little")
    header = msgspec.json.decode(whole[8 : 8 + length])
    name = next(name for name in header if name != "__metadata__")
    header[name] |= entry
    told = msgspec.json.encode(header)
    (folder / adapter.WEIGHTS).write_bytes(len(told).to_bytes(8, "little") + told + whole[8 + length :])
    with pytest.raises(AdapterError, match="cannot be read"):
        adapter.open_adapter(folder, made, model.takes())


def test_one_file_of_another_model_is_told(tmp_path: Path, made: bundle.Bundle, model: Model) -> None:
    worn = adapter.open_adapter(peft(tmp_path / "a", halves()), made, model.takes())
    adapter.save(msgspec.structs.replace(worn, base="00" * 32), tmp_path / "a.onnx_adapter")
    with pytest.raises(AdapterError, match="was made for the weights 000000000000…"):
        adapter.open_adapter(tmp_path / "a.onnx_adapter", made, model.takes())


def test_a_model_that_takes_none_says_how_to_get_one_that_does(tmp_path: Path) -> None:
    plain = bundle.open_bundle(tiny_model.random(tmp_path / "plain"))
    model = Model(plain, threads=1)
    assert model.takes() == {}
    with pytest.raises(AdapterError, match="takes no adapters; build it from a recipe with `adapters = true`"):
        adapter.open_adapter(peft(tmp_path / "a", halves()), plain, model.takes())


def test_while_none_is_worn_the_graph_has_no_part_of_it(made: bundle.Bundle) -> None:
    """Two nodes for each matrix, and two for each attention and at both ends, take their time all the same."""
    names = (bundle.GRAPH, bundle.ADAPTED)
    bare, adapted = (onnx.load(made.folder / name, load_external_data=False).graph for name in names)
    taken = [value.name for value in adapted.input if value.name.startswith("lora.")]
    assert len(adapted.node) - len(bare.node) == len(taken) + 2 * LAYERS + 2
    assert not any("lora" in name for node in bare.node for name in (*node.input, *node.output))
    model = Model(made, threads=1)
    model.append(TEXT)
    plain = model.end
    assert set(model.takes()) == set(taken)
    model.wear({})
    model.append(TEXT)
    assert np.array_equal(model.end, plain)


def test_a_bundle_whose_graph_takes_adapters_itself_still_wears_them(tmp_path: Path, made: bundle.Bundle) -> None:
    """As those that were built before."""
    older = tmp_path / "older"
    shutil.copytree(made.folder, older)
    (older / bundle.ADAPTED).replace(older / bundle.GRAPH)
    hashes = {name: materials.sha256_of(older / name) for name in bundle.FILES}
    (older / bundle.MANIFEST).write_bytes(
        msgspec.json.encode(msgspec.structs.replace(made.manifest, sha256=hashes))
    )
    opened = bundle.open_bundle(older)
    given = peft(tmp_path / "a", halves())
    worn = []
    for model in (Model(opened, threads=1), Model(made, threads=1)):
        model.wear(adapter.open_adapter(given, opened, model.takes()).arrays)
        model.append(TEXT)
        worn.append(model.end)
    assert np.array_equal(*worn)
