"""Recipes: found by name or path, refused in one sentence, and named by all that they are made from."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from vybor.foundation.errors import Missing, SettingsError
from vybor_workshop.model import recipe
from vybor_workshop.model.recipe import SourceError

OWN = """
name = "own"
languages = ["en"]
context = 512
header = "<|im_start|>"
[file]
path = "own.gguf"
licence = "mine"
[canary]
text = "a"
word = "b"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own.gguf").write_bytes(b"weights")
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    return path


def test_the_kit_s_recipe_is_found_by_name() -> None:
    found = recipe.load("smollm2-135m")
    assert found.name == "smollm2-135m"
    assert found.licence == "Apache-2.0"
    assert found.header.endswith("<|im_start|>user\n")


def test_a_file_lies_beside_its_recipe(own: Path, tmp_path: Path) -> None:
    found = recipe.load(str(own))
    assert found.fetch(tmp_path, print) == tmp_path / "own.gguf"
    assert found.licence == "mine"


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(Missing, match=r"there is no recipe gpt-5; there is .*smollm2-135m"):
        recipe.load("gpt-5")


def test_a_missing_file_is_told(own: Path, tmp_path: Path) -> None:
    found = recipe.load(str(own))
    (tmp_path / "own.gguf").unlink()
    with pytest.raises(SourceError, match=r"names the source .*own\.gguf, which is not there"):
        recipe.bundle_path(found, tmp_path)
    with pytest.raises(Missing, match="cannot be read"):
        recipe.load(str(tmp_path / "nothing.toml"))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("context = 512", "context = 0", "context"),
        ('name = "own"', 'name = "../own"', "name"),
        ("languages", "language", "language"),
        ('header = "<|im_start|>"', 'header = ""', "header"),
        ('[file]\npath = "own.gguf"\nlicence = "mine"\n', "", "name one of"),
        ("[canary]", "[canary", "line"),
    ],
)
def test_a_wrong_line_is_named(own: Path, before: str, after: str, said: str) -> None:
    assert before in OWN
    own.write_text(OWN.replace(before, after))
    with pytest.raises(SettingsError, match=said):
        recipe.load(str(own))


def test_asking_where_a_bundle_lies_loads_nothing_heavy() -> None:
    code = "import sys, vybor_workshop.model.recipe, vybor_workshop.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "onnx", "gguf", "onnxruntime", "tokenizers"} & set(done.stdout.split())


def test_the_bundle_is_named_by_all_it_is_made_from(own: Path, tmp_path: Path) -> None:
    first = recipe.load(str(own))
    path = recipe.bundle_path(first, tmp_path)
    assert path.parent == tmp_path / "models"
    assert path.name.startswith("own-")
    assert recipe.bundle_path(recipe.load(str(own)), tmp_path) == path
    assert recipe.bundle_path(msgspec.structs.replace(first, header="Hello"), tmp_path) != path
    (tmp_path / "own.gguf").write_bytes(b"other weights")
    assert recipe.bundle_path(first, tmp_path) != path
