"""Models as transformers saves them, built and held against transformers: random weights, the real loading path.

Needs the environment that tests/reference/environment.py makes.
"""

import os
import subprocess
from pathlib import Path

import msgspec
import numpy as np
import pytest

from reference import environment
from vybor.generator.network import bundle
from vybor.generator.network.model import Floats, Model
from vybor_workshop.model import reference, source_huggingface, tokens, writing
from world import tiny_model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        environment.python_of(os.environ) is None, reason="make it with tests/reference/environment.py"
    ),
]

NAMES = tiny_model.RANDOM_NAMES
MORE_ROWS = 27
"""Rows of the embedding behind the last token, as Qwen's have."""
TEXT = np.random.default_rng(1).integers(0, len(NAMES), 48).tolist()
HIGHEST_KL = 0.02
"""Nats a token."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("random")
    script = Path(__file__).with_name("random_models.py")
    python = environment.python_of(os.environ)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([str(python), str(script), str(made), str(len(NAMES) + MORE_ROWS)], check=True, env=environ)
    cutter = tokens.tokenizer(NAMES, tiny_model.kinds(NAMES), tiny_model.merges(NAMES))
    for kind in ("llama", "qwen2"):
        (made / kind / "tokenizer.json").write_text(cutter.to_str(), encoding="utf-8")
    return made


def built(folder: Path, out: Path) -> Model:
    source = source_huggingface.read(folder, 512)
    out.mkdir()
    writing.write(source.model, source.weights, out)
    return Model(tiny_model.describe(out, source.model, NAMES), threads=1)


def logits(model: Model) -> Floats:
    rows = []
    for token in TEXT:
        model.append([token])
        rows.append(model.end)
    return np.stack(rows)


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
def test_a_model_as_transformers_saves_it_says_what_transformers_says(
    folder: Path, tmp_path: Path, kind: str
) -> None:
    python = environment.python_of(os.environ)
    assert python
    expected = reference.reckoned(python, folder / kind, [TEXT], tmp_path)
    found = reference.compared(expected, reference.log_shares(logits(built(folder / kind, tmp_path / kind))))
    print(kind, found.told())
    assert found.kl < HIGHEST_KL


def test_the_measure_would_tell_a_wrong_order_of_rows(folder: Path, tmp_path: Path) -> None:
    python = environment.python_of(os.environ)
    assert python
    expected = reference.reckoned(python, folder / "qwen2", [TEXT], tmp_path)
    source = source_huggingface.read(folder / "qwen2", 512)
    wrong = msgspec.structs.replace(source.model, rotary=bundle.Rotary.PAIRS)
    (tmp_path / "wrong").mkdir()
    writing.write(wrong, source.weights, tmp_path / "wrong")
    model = Model(tiny_model.describe(tmp_path / "wrong", wrong, NAMES), threads=1)
    assert reference.compared(expected, reference.log_shares(logits(model))).kl > 2 * HIGHEST_KL
