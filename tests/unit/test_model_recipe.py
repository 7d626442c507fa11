"""Recipes: found by name or path, refused in one sentence, and named by all that they are made from."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from vybor.foundation.errors import Missing, SettingsError
from vybor_workshop import cli
from vybor_workshop.model import recipe
from vybor_workshop.model.recipe import Given, SourceError, TermsError

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
    (tmp_path / "own.gguf").write_bytes(b"GGUF and weights")
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    return path


def test_the_kit_s_recipe_is_found_by_name() -> None:
    found = recipe.load("smollm2-135m")
    assert found.name == "smollm2-135m"
    assert found.licence == "Apache-2.0"
    assert found.header.endswith("<|im_start|>user\n")


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "models/recipes").glob("*.toml")), ids=lambda path: path.stem
)
def test_every_recipe_of_the_house_is_understood(path: Path) -> None:
    found = recipe.load(path.stem)
    assert found.name == path.stem
    assert found.licence
    knows_turns = "<|" in found.header
    assert (found.answering.count("{lately}"), found.answering.count("{partner}")) == (knows_turns, knows_turns)
    assert found.continuing.count("{lately}") == knows_turns
    assert found.bits == (4 if found.owner and found.owner.hidden >= 2048 else 8)


def test_a_model_of_the_owner_s_is_asked_for(tmp_path: Path) -> None:
    wanted = recipe.load("tinyllama-1.1b")
    with pytest.raises(SourceError) as raised:
        recipe.bundle_path(wanted, tmp_path)
    assert str(raised.value) == (
        "the recipe tinyllama-1.1b needs the weights of TinyLlama-1.1B-Chat-v1.0, which you must have: name their "
        "Hugging Face directory or GGUF file with --source"
    )
    with pytest.raises(SourceError, match=r"you name the source .*, which is not there"):
        recipe.bundle_path(wanted, tmp_path, Given(source=tmp_path / "nothing"))


def test_a_bundle_of_the_owner_s_weights_is_named_by_what_is_read_of_them(tmp_path: Path) -> None:
    wanted, folder = recipe.load("qwen2.5-0.5b"), tmp_path / "weights"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    given = Given(source=folder)
    first = recipe.bundle_path(wanted, tmp_path, given)
    (folder / "README.md").write_text("of no matter")
    assert recipe.bundle_path(wanted, tmp_path, given) == first
    (folder / "config.json").write_text("{}")
    assert recipe.bundle_path(wanted, tmp_path, given) != first


def test_a_source_is_refused_where_it_is_of_no_use(own: Path) -> None:
    with pytest.raises(SourceError, match="the recipe own brings its own weights; leave --source out"):
        recipe.load(str(own)).check_given(Given(source=own))


def test_terms_are_shown_before_anything_is_fetched(own: Path, tmp_path: Path) -> None:
    own.write_text(OWN + '[terms]\nname = "Terms of the house"\nat = "https://example.org/terms"\n')
    wanted = recipe.load(str(own))
    with pytest.raises(TermsError) as raised:
        wanted.fetch(tmp_path, print)
    assert str(raised.value) == (
        "the weights of own are under the Terms of the house: read them at https://example.org/terms, and if you "
        "accept them, build again with --accept-terms"
    )
    assert wanted.fetch(tmp_path, print, Given(accepts_terms=True)) == tmp_path / "own.gguf"


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
        ("context = 512", "context = 512\nbits = 5", "bits"),
        ("context = 512", 'context = 512\nkv = "fp16"', "kv"),
        ("[canary]", "[figures]\nkl = 0.1\n[canary]", "agreement"),
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


def test_a_place_for_the_partner_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace("[file]", 'answering = "<|im_start|>"\n[file]'))
    with pytest.raises(SettingsError, match=r"cannot be understood.*answering"):
        recipe.load(str(path))


def test_the_recipes_are_listed_with_what_they_need(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["model", "list"]) == 0
    titles, *rows = capsys.readouterr().out.splitlines()
    assert titles.split("  ")[0] == "RECIPE"
    assert [row.split()[0] for row in rows] == recipe.names()
    (smollm, gemma, tiny) = (
        next(row for row in rows if row.startswith(name)) for name in ("smollm2", "gemma3", "tinyllama")
    )
    assert smollm.split("  ")[-1].strip() == "nothing"
    assert "--accept-terms" in gemma
    assert "ru, en" in gemma
    assert "700 MB" in tiny
    assert "--source with TinyLlama-1.1B-Chat-v1.0" in tiny


def test_the_room_that_is_told_makes_no_other_bundle(own: Path) -> None:
    told = recipe.load(str(own))
    assert recipe.key(told) == recipe.key(msgspec.structs.replace(told, on_kit_mb=5))
    assert recipe.key(told) != recipe.key(msgspec.structs.replace(told, context=1024))


@pytest.mark.parametrize("content", [b"GGU", b"", b"weights"])
def test_what_does_not_begin_as_a_gguf_file_is_told(own: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.gguf").write_bytes(content)
    with pytest.raises(SourceError) as raised:
        recipe.load(str(own)).fetch(tmp_path, print)
    assert str(raised.value) == (
        f"{tmp_path / 'own.gguf'} does not begin with GGUF, so it is no model file; "
        "fetch it again, or name another GGUF file or a Hugging Face directory"
    )
