"""A bundle is opened only when it is whole; what is wrong is told in one sentence with its remedy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from vybor.contracts.messages import Trouble
from vybor.generator.network import bundle
from world import tiny_model


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.random(tmp_path_factory.mktemp("model") / "random")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "model")


def test_a_whole_bundle_opens(folder: Path) -> None:
    opened = bundle.open_bundle(folder)
    assert opened.folder == folder
    assert opened.identity == f"tiny-{opened.manifest.sha256[bundle.WEIGHTS][:12]}"


def test_a_link_to_a_bundle_opens_as_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert bundle.open_bundle(link).folder == folder


def spoil(name: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        with (folder / name).open("r+b") as opened:
            opened.seek(100)
            opened.write(b"x")

    return act


def cut(folder: Path) -> None:
    with (folder / bundle.WEIGHTS).open("r+b") as opened:
        opened.truncate(1000)


def of_another_schema(folder: Path) -> None:
    manifest = bundle.open_bundle(folder).manifest
    newer = msgspec.structs.replace(manifest, schema=bundle.SCHEMA + 1)
    (folder / bundle.MANIFEST).write_bytes(msgspec.json.encode(newer))


def saying(**wrong: object) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        manifest = msgspec.json.decode((folder / bundle.MANIFEST).read_bytes())
        shape = {key: value for key, value in wrong.items() if key in manifest["shape"]}
        manifest |= {key: value for key, value in wrong.items() if key not in shape}
        manifest["shape"] |= shape
        (folder / bundle.MANIFEST).write_bytes(msgspec.json.encode(manifest))

    return act


def holding(content: bytes) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / bundle.MANIFEST).write_bytes(content)

    return act


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    ("harm", "trouble", "said"),
    [
        (shutil.rmtree, Trouble.MODEL_MISSING, "there is no model in"),
        (without(bundle.MANIFEST), Trouble.MODEL_MISSING, "there is no model in"),
        (without(bundle.WEIGHTS), Trouble.MODEL_MISSING, "model.onnx.data cannot be read"),
        (without(bundle.TOKENIZER), Trouble.MODEL_MISSING, "tokenizer.json cannot be read"),
        (spoil(bundle.WEIGHTS), Trouble.MODEL_WRONG_HASH, "model.onnx.data is damaged"),
        (spoil(bundle.GRAPH), Trouble.MODEL_WRONG_HASH, "model.onnx is damaged"),
        (spoil(bundle.TOKENIZER), Trouble.MODEL_WRONG_HASH, "tokenizer.json is damaged"),
        (spoil(bundle.MANIFEST), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (holding(b'{"name": "\xff"}'), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (holding(b'{"name": ' + b"[" * 5000), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (saying(header=""), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (saying(context=-5), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (saying(context=10**12), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (saying(kv_heads=-1), Trouble.MODEL_WRONG_HASH, "the manifest of the model"),
        (cut, Trouble.MODEL_WRONG_HASH, "model.onnx.data is damaged"),
        (of_another_schema, Trouble.MODEL_FAILED, "another version of Vybor (2, not 1)"),
    ],
)
def test_what_is_wrong_is_told(folder: Path, harm: Callable[[Path], None], trouble: Trouble, said: str) -> None:
    harm(folder)
    with pytest.raises(bundle.BundleError) as raised:
        bundle.open_bundle(folder)
    assert raised.value.trouble is trouble
    assert said in str(raised.value)
    assert str(folder) in str(raised.value)
    assert "vybor-workshop share" in str(raised.value)


@pytest.mark.parametrize("harm", [cut, without(bundle.TOKENIZER), spoil(bundle.GRAPH), shutil.rmtree])
def test_a_change_is_seen_without_reading(folder: Path, harm: Callable[[Path], None]) -> None:
    before = bundle.mark(folder)
    assert bundle.mark(folder) == before
    harm(folder)
    assert bundle.mark(folder) != before
