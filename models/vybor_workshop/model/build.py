"""The build: a recipe in, a bundle out, tried before it is put in its place."""

import os
import shutil
import tempfile
from pathlib import Path

import msgspec

from vybor.contracts.messages import Prompt
from vybor.foundation.errors import PlaceError, VyborError
from vybor.generator import bundle
from vybor.generator.candidates import Proposer
from vybor_workshop import materials
from vybor_workshop.model import graph, source, tokens
from vybor_workshop.model.recipe import Canary, Recipe, bundle_path, key

BYTES_A_WEIGHT = 1 + 4 / graph.BLOCK
BESIDE_WEIGHTS_MB = 20
"""The graph, the tokenizer, the rotations and the gaps between pages."""
CANARY_COUNT = 5
CANARY_THREADS = 2


class CanaryError(VyborError):
    """What was built does not work as it should."""


def build(recipe: Recipe, cache: Path, out: Path | None, say: materials.Say) -> Path:
    """Build the bundle of a recipe, or find it already built; return its folder.

    Raises MaterialError, SourceError, CanaryError, and PlaceError if it cannot be written.
    """
    target = out or bundle_path(recipe, cache)
    built_by = f"vybor_workshop {key(recipe)}"
    if _stands(target, built_by):
        return target  # nothing to tell: the caller names the folder
    _check_free(target)
    raw = recipe.fetch(cache, say)
    say(f"reading {raw.name}")
    model = source.read(raw, recipe.context)
    try:
        _check_space(target, model.llama)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as scratch:
            made = Path(scratch) / target.name
            made.mkdir()
            _write(recipe, model, built_by, made, say)
            say(f"trying it: {recipe.canary.text} …")
            _try(made, recipe.canary)
            _put_in_place(made, target, Path(scratch) / "before")
    except OSError as error:
        raise PlaceError(f"the bundle {target} cannot be written ({error.strerror or error})") from None
    say(f"built {target}")
    return target


def _stands(target: Path, built_by: str) -> bool:
    try:
        return bundle.open_bundle(target).manifest.built_by == built_by
    except bundle.BundleError:
        return False


def _check_free(target: Path) -> None:
    """A folder that holds anything but a bundle is somebody's."""
    if target.exists() and not (target / bundle.MANIFEST).is_file() and not _is_empty(target):
        raise PlaceError(f"{target} is there and is no bundle; name another folder with --out")


def _is_empty(target: Path) -> bool:
    return target.is_dir() and not any(target.iterdir())


def _check_space(target: Path, llama: graph.Architecture) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    wanted_mb = BESIDE_WEIGHTS_MB + weights_of(llama) * BYTES_A_WEIGHT / 1e6
    free_mb = shutil.disk_usage(target.parent).free / 1e6
    if free_mb < wanted_mb:
        raise PlaceError(
            f"the bundle needs {wanted_mb:.0f} MB and {target.parent} has {free_mb:.0f} MB free; make room there, "
            "or name another folder with --out"
        )


def weights_of(llama: graph.Architecture) -> int:
    """How many weights a llama has."""
    total = 0
    for _, (rows, *columns) in graph.shapes(llama):
        total += rows * (columns[0] if columns else 1)
    return total


def _write(recipe: Recipe, model: source.Source, built_by: str, made: Path, say: materials.Say) -> None:
    say(f"writing {weights_of(model.llama) / 1e6:.0f} million weights in 8 bits")
    graph.write(model.llama, model.weights, made)
    cutter = tokens.tokenizer(model.tokens, model.kinds, model.merges)
    (made / bundle.TOKENIZER).write_text(cutter.to_str(), encoding="utf-8")
    manifest = bundle.Manifest(
        schema=bundle.SCHEMA,
        name=recipe.name,
        licence=recipe.licence,
        recipe=msgspec.json.encode(recipe).decode(),
        built_by=built_by,
        languages=recipe.languages,
        header=recipe.header,
        eos_ids=(model.end,),
        shape=bundle.Shape(
            layers=model.llama.layers,
            kv_heads=model.llama.kv_heads,
            head_dim=model.llama.head_dim,
            vocabulary=model.llama.vocabulary,
            context=model.llama.context,
        ),
        sha256={name: materials.sha256_of(made / name) for name in bundle.FILES},
    )
    pretty = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (made / bundle.MANIFEST).write_bytes(pretty)


def _try(made: Path, canary: Canary) -> None:
    """Let the kit's own runtime open the bundle and offer words."""
    proposer = Proposer(bundle.open_bundle(made), CANARY_THREADS)
    prompt = Prompt(at_ns=0, number=1, text=canary.text, count=CANARY_COUNT)
    offered = [candidate.words[0] for candidate in proposer.propose(prompt, lambda: True) or ()]
    if canary.word not in offered:
        raise CanaryError(
            f"the model that was built goes on with {', '.join(offered)} after “{canary.text}”, not with "
            f"{canary.word}: nothing was put in place; the recipe or the source is wrong"
        )


def _put_in_place(made: Path, target: Path, before: Path) -> None:
    if target.exists():
        os.rename(target, before)  # noqa: PTH104  (says that nothing is overwritten)
    os.rename(made, target)  # noqa: PTH104
