"""The whole build, from a GGUF file to a bundle that offers words; and all that can go wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.contracts.messages import Prompt
from vybor.foundation.errors import PlaceError
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor.generator.network.bundle import Kv, Rotary
from vybor_workshop import cli, materials
from vybor_workshop.model import build, recipe, room, source_huggingface, tokens
from vybor_workshop.model.architecture import Floats
from vybor_workshop.model.recipe import SourceError
from world import tiny_files, tiny_model

FOLLOWS = {"<|im_start|>": {"I": 0.6, "It": 0.4}, "I": {" like": 0.9, " am": 0.1}, " like": {" it": 1.0}}
RECIPE = """
name = "own"
languages = ["en"]
context = 512
header = "<|im_start|>"
[file]
path = "own.gguf"
licence = "mine"
[canary]
text = "I"
word = "{word}"
"""


def write_gguf(
    path: Path, kind: str = "llama", pre: str = "smollm", extra: dict[str, Floats] | None = None
) -> None:
    llama, weights, names = tiny_model.said(FOLLOWS)
    tiny = tiny_files.Tiny(llama, weights | (extra or {}))
    tiny_files.write_gguf(path, tiny, tiny_files.of_bytes(names), kind=kind, pre=pre)


class Workshop:
    """A recipe with its file, a cache, and what the build said."""

    def __init__(self, folder: Path, word: str = "like") -> None:
        self.gguf, self.cache = folder / "own.gguf", folder / "cache"
        self.recipe = folder / "own.toml"
        self.recipe.write_text(RECIPE.format(word=word))
        self.said: list[str] = []

    def build(self, out: Path | None = None) -> Path:
        self.said.clear()
        return build.build(recipe.load(str(self.recipe)), self.cache, out, self.said.append)

    def left_behind(self) -> list[str]:
        models = self.cache / "models"
        return sorted(path.name for path in models.iterdir()) if models.exists() else []


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    write_gguf(tmp_path / "own.gguf")
    return Workshop(tmp_path)


def test_a_gguf_becomes_a_bundle_that_opens(workshop: Workshop) -> None:
    made = workshop.build()
    assert made == recipe.bundle_path(recipe.load(str(workshop.recipe)), workshop.cache)
    manifest = bundle.open_bundle(made).manifest
    assert (manifest.name, manifest.licence, manifest.languages) == ("own", "mine", ("en",))
    assert (manifest.shape.layers, manifest.shape.context) == (1, 512)
    assert manifest.header == "<|im_start|>"
    assert set(manifest.sha256) == {*bundle.FILES, bundle.ADAPTED}
    assert workshop.left_behind() == [made.name]
    assert workshop.said[0] == "reading own.gguf"
    assert workshop.said[-1] == f"built {made}"


def test_the_second_time_finds_it(workshop: Workshop) -> None:
    made = workshop.build()
    before = bundle.mark(made)
    assert workshop.build() == made
    assert workshop.said == []
    assert bundle.mark(made) == before


def test_a_damaged_bundle_is_built_again(workshop: Workshop) -> None:
    made = workshop.build()
    (made / bundle.WEIGHTS).write_bytes(b"damaged")
    assert workshop.build() == made
    assert bundle.open_bundle(made)
    assert workshop.left_behind() == [made.name]


def test_a_bundle_can_go_where_it_is_wanted(workshop: Workshop, tmp_path: Path) -> None:
    out = tmp_path / "share" / "model"
    assert workshop.build(out) == out
    assert bundle.open_bundle(out)
    assert oct(out.stat().st_mode)[-3:] == oct(out.parent.stat().st_mode)[-3:]


def test_what_is_no_bundle_is_not_replaced(workshop: Workshop, tmp_path: Path) -> None:
    out = tmp_path / "letters"
    out.mkdir()
    (out / "letter.txt").write_text("dear")
    with pytest.raises(PlaceError, match="is there and is no bundle"):
        workshop.build(out)
    assert (out / "letter.txt").read_text() == "dear"


def test_a_model_that_says_the_wrong_thing_is_not_put_in_place(workshop: Workshop, tmp_path: Path) -> None:
    workshop.recipe.write_text(RECIPE.format(word="hate"))
    with pytest.raises(build.CanaryError, match="goes on with like, am after “I”, not with hate"):
        workshop.build()
    assert workshop.left_behind() == []


def test_a_full_disk_is_told_before_anything_is_written(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(workshop.gguf)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(PlaceError, match=r"needs 2\d MB and .* has 10 MB free"):
        workshop.build()
    assert workshop.left_behind() == []


def test_a_folder_that_cannot_be_written_is_told(workshop: Workshop) -> None:
    workshop.cache.write_text("this is a file")
    with pytest.raises(PlaceError, match="cannot be written"):
        workshop.build()


@pytest.mark.parametrize("length", [4, 24, 1000, 20_000, -1])
def test_a_file_that_was_cut_off_is_told(workshop: Workshop, length: int) -> None:
    whole = workshop.gguf.read_bytes()
    workshop.gguf.write_bytes(whole[:length])
    with pytest.raises(SourceError, match=r"own\.gguf is no whole GGUF file \(.*fetch it again"):
        workshop.build()


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (
            lambda path: write_gguf(path, kind="mamba"),
            "holds a model of the kind mamba; this builder knows llama, qwen2, gemma3 only",
        ),
        (lambda path: write_gguf(path, pre="llama-bpe"), "cuts text into tokens as gpt2/llama-bpe"),
        (
            lambda path: write_gguf(path, extra={"blk.0.attn_norm_2.weight": np.zeros((320, 320), np.float32)}),
            "has other weights than its numbers say: blk.0.attn_norm_2.weight",
        ),
    ],
)
def test_another_kind_of_model_is_told(workshop: Workshop, write: Callable[[Path], None], said: str) -> None:
    write(workshop.gguf)
    with pytest.raises(SourceError, match=said):
        workshop.build()


def test_progress_is_told(workshop: Workshop) -> None:
    workshop.build()
    assert [line.split(" ")[0] for line in workshop.said] == ["reading", "writing", "trying", "built"]


def test_too_little_memory_is_told_before_anything_is_written(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       4000000 kB\nMemAvailable:     200000 kB\n")
    monkeypatch.setattr(room, "MEMINFO", meminfo)
    with pytest.raises(room.TooLittleMemory, match=r"needs 2\d\d MB of memory and 205 MB are free; end other"):
        workshop.build()
    assert workshop.left_behind() == []
    meminfo.unlink()
    assert workshop.build()  # a system that does not say is taken at its word


def test_the_manifest_says_what_it_was_built_from(workshop: Workshop) -> None:
    workshop.recipe.write_text(RECIPE.format(word="like") + "[figures]\nkl = 0.01\nagreement = 0.9\n")
    manifest = bundle.open_bundle(workshop.build()).manifest
    assert manifest.base == materials.sha256_of(workshop.gguf)
    assert manifest.adapters
    assert manifest.figures == {"kl": 0.01, "agreement": 0.9}
    assert (manifest.shape.heads, manifest.shape.rotary, manifest.shape.kv) == (4, Rotary.PAIRS, Kv.FP32)


@pytest.mark.parametrize("line", ["bits = 4", 'kv = "int8"', "adapters = false"])
def test_a_recipe_s_wishes_are_built_and_tried(workshop: Workshop, line: str) -> None:
    workshop.recipe.write_text(RECIPE.format(word="like").replace("context", f"{line}\ncontext"))
    plain = bundle.open_bundle(workshop.build()).manifest
    assert plain.shape.kv == (Kv.INT8 if "kv" in line else Kv.FP32)
    assert ("reading a dialogue, to find how large keys and values become" in workshop.said) == ("kv" in line)


def test_a_cache_is_fitted_in_a_language_that_no_dialogue_is_in(workshop: Workshop) -> None:
    theirs = (
        RECIPE.format(word="like").replace('["en"]', '["en", "nl"]').replace("context", 'kv = "int8"\ncontext')
    )
    workshop.recipe.write_text(theirs)
    opened = bundle.open_bundle(workshop.build())
    assert len(build.spoken(opened, {"en": "I", "ru": "Я"})) == 1
    assert len(build.spoken(opened, {"ru": "Я", "de": "ich"})) == 2


# --- weights of the owner's -----------------------------------------------------------------------------------

OWNER = """
name = "theirs"
languages = ["en"]
context = 512
header = "{header}"
[owner]
what = "Tiny-1"
licence = "theirs"
kind = "{kind}"
layers = 1
hidden = {hidden}
[canary]
text = "I"
word = "like"
"""


def own(workshop: Workshop, kind: str, hidden: int, header: str) -> recipe.Recipe:
    workshop.recipe.write_text(OWNER.format(kind=kind, hidden=hidden, header=header))
    return recipe.load(str(workshop.recipe))


def test_a_directory_of_the_owner_s_becomes_a_bundle(workshop: Workshop, tmp_path: Path) -> None:
    model, weights, names = tiny_model.said(FOLLOWS)
    theirs = msgspec.structs.replace(model, rotary=Rotary.HALVES)
    cutter = tokens.tokenizer(names, tiny_model.kinds(names), tiny_model.merges(names))
    folder = tiny_files.huggingface(
        tmp_path / "theirs", tiny_files.Tiny(theirs, weights), cutter, dtype="BF16", parts=2
    )
    wanted, given = own(workshop, "llama", model.hidden, "<|im_start|>"), recipe.Given(source=folder)
    made = build.build(wanted, workshop.cache, None, workshop.said.append, given)
    manifest = bundle.open_bundle(made).manifest
    assert manifest.base == source_huggingface.sha256_of(folder)
    assert manifest.shape.rotary is Rotary.HALVES
    assert build.build(wanted, workshop.cache, None, pytest.fail, given) == made


def test_a_model_of_pieces_offers_words_as_another_does(workshop: Workshop, tmp_path: Path) -> None:
    """SentencePiece's tokens, from a GGUF file to words: `I` comes bare at the start, `▁like` behind it."""
    named = tiny_files.of_pieces(["▁like", "▁hate", "I"])
    model, weights = tiny_model.saying(
        named.names, {"<s>": {"I": 0.9, "▁hate": 0.1}, "I": {"▁like": 0.8, "▁hate": 0.2}}, "</s>"
    )
    path = tiny_files.write_gguf(tmp_path / "t.gguf", tiny_files.Tiny(model, weights), named, pre="default")
    wanted, given = own(workshop, "llama", model.hidden, "<s>"), recipe.Given(source=path)
    made = build.build(wanted, workshop.cache, None, workshop.said.append, given)
    proposer = Proposer(bundle.open_bundle(made), threads=1)
    prompt = Prompt(at_ns=0, number=1, text="I", count=2)
    offered = proposer.propose(prompt, lambda: True)
    assert offered
    assert [candidate.words[0] for candidate in offered] == ["like", "hate"]
    assert offered[0].p == pytest.approx(0.8, abs=0.1)
    spelled = msgspec.structs.replace(prompt, prefix="ha")
    assert [one.words[0] for one in proposer.propose(spelled, lambda: True) or ()] == ["hate"]


def test_another_model_than_the_recipe_s_is_told(workshop: Workshop) -> None:
    wanted = own(workshop, "qwen2", 64, "<|im_start|>")
    with pytest.raises(SourceError) as raised:
        build.build(wanted, workshop.cache, None, workshop.said.append, recipe.Given(source=workshop.gguf))
    assert "own.gguf is not Tiny-1: it holds a llama of 1 layers of 320, not a qwen2 of 1 layers of 64" in str(
        raised.value
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["tinyllama-1.1b"], 65, "needs the weights of TinyLlama-1.1B-Chat-v1.0, which you must have"),
        (["tinyllama-1.1b", "--source", "nowhere"], 65, "you name the source nowhere, which is not there"),
        (["smollm2-135m", "--source", "."], 65, "brings its own weights; leave --source out"),
    ],
)
def test_a_source_that_is_missing_or_too_many_is_one_sentence(
    tmp_path: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["model", "build", *arguments, "--cache", str(tmp_path)]) == code
    (told,) = capsys.readouterr().err.splitlines()
    assert said in told


def test_the_command_prints_the_path_alone_and_progress_beside(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["model", "build", str(workshop.recipe), "--cache", str(workshop.cache)]) == 0
    told = capsys.readouterr()
    assert Path(told.out.strip()).is_dir()
    assert told.err.splitlines()[0] == "reading own.gguf"


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (lambda shop: shop.recipe.unlink(), 69, "cannot be read"),
        (lambda shop: shop.recipe.write_text("name ="), 78, "cannot be understood"),
        (lambda shop: shop.gguf.unlink(), 65, "not there"),
        (lambda shop: shop.gguf.write_bytes(b"GGUF"), 65, "no whole GGUF file"),
        (lambda shop: shop.recipe.write_text(RECIPE.format(word="hate")), 70, "nothing was put in place"),
        (lambda shop: shop.cache.write_text("a file"), 73, "cannot be written"),
    ],
)
def test_an_error_is_one_sentence_and_a_code(
    workshop: Workshop,
    spoil: Callable[[Workshop], object],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(workshop)
    assert cli.main(["model", "build", str(workshop.recipe), "--cache", str(workshop.cache)]) == code
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("vybor-workshop: ")
    assert said in last


def test_every_command_of_the_table_has_help() -> None:
    for command in cli.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            cli.main([*command.words, "--help"])
        assert ended.value.code == 0
