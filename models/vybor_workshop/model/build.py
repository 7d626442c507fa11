"""The build: a recipe in, a bundle out, tried before it is put in its place."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from vybor.contracts.messages import Prompt
from vybor.foundation.errors import PlaceError, VyborError
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from vybor.generator.network.bundle import Kv
from vybor.generator.vocabulary import Vocabulary
from vybor_workshop import materials
from vybor_workshop.model import eight_bit_cache, room, source_gguf, source_huggingface, writing
from vybor_workshop.model.architecture import weights_of
from vybor_workshop.model.dialogue import TO_FIT
from vybor_workshop.model.recipe import NOTHING, Canary, Given, Recipe, SourceError, bundle_path, key
from vybor_workshop.model.source import Source

CANARY_COUNT = 5
CANARY_THREADS = 2


class CanaryError(VyborError):
    """What was built does not work as it should."""


def build(recipe: Recipe, cache: Path, out: Path | None, say: materials.Say, given: Given = NOTHING) -> Path:
    """Build the bundle of a recipe, or find it already built; return its folder.

    Raises MaterialError, SourceError, TermsError, TooLittleMemory, CanaryError, and PlaceError if it cannot be
    written.
    """
    recipe.check_given(given)
    built_by = f"vybor_workshop {key(recipe, given)}"
    target = out or bundle_path(recipe, cache, given)
    if _stands(target, built_by):
        return target  # nothing to tell: the caller names the folder
    _check_free(target)
    raw = recipe.fetch(cache, say, given)
    say(f"reading {raw.name}")
    source = read(raw, recipe)
    room.check_memory(source.model, recipe.bits)
    try:
        room.check_disk(target, source.model, recipe.bits)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as scratch:
            made = Path(scratch) / target.name
            made.mkdir()
            _make(recipe, source, made, _manifest(recipe, source, built_by, base_of(raw)), say)
            say(f"trying it: {recipe.canary.text} …")
            _try(made, recipe.canary)
            _put_in_place(made, target, Path(scratch) / "before")
    except OSError as error:
        raise PlaceError(f"the bundle {target} cannot be written ({error.strerror or error})") from None
    say(f"built {target}")
    return target


def read(raw: Path, recipe: Recipe) -> Source:
    """Open a GGUF file or a Hugging Face directory, and see that the recipe is for it. Raises SourceError."""
    reader = source_huggingface.read if raw.is_dir() else source_gguf.read
    source = reader(raw, recipe.context)
    if not (wanted := recipe.owner):
        return source
    found = source.kind, source.model.layers, source.model.hidden
    if found != (wanted.kind, wanted.layers, wanted.hidden):
        raise SourceError(
            f"{raw} is not {wanted.what}: it holds a {found[0]} of {found[1]} layers of {found[2]}, not a "
            f"{wanted.kind} of {wanted.layers} layers of {wanted.hidden}"
        )
    return source


def base_of(raw: Path) -> str:
    """The hash of the weights that a model is built from, by which an adapter knows it."""
    return source_huggingface.sha256_of(raw) if raw.is_dir() else materials.sha256_of(raw)


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


def _make(recipe: Recipe, source: Source, made: Path, manifest: bundle.Manifest, say: materials.Say) -> None:
    """Write all files of the bundle."""
    say(f"writing {weights_of(source.model) / 1e6:.0f} million weights in {recipe.bits} bits")
    on_layer = _quarters(source.model.layers, say)
    writing.write(
        source.model, source.weights, made, bits=recipe.bits, adapters=recipe.adapters, on_layer=on_layer
    )
    (made / bundle.TOKENIZER).write_text(source.tokenizer.to_str(), encoding="utf-8")
    _describe(made, manifest)
    if recipe.kv is Kv.INT8:
        say("reading a dialogue, to find how large keys and values become")
        plain = bundle.open_bundle(made)
        eight_bit_cache.put_in(made, eight_bit_cache.scales(plain, spoken(plain, TO_FIT), CANARY_THREADS))
        shape = msgspec.structs.replace(manifest.shape, kv=Kv.INT8)
        _describe(made, msgspec.structs.replace(manifest, shape=shape))


def _quarters(layers: int, say: materials.Say) -> Callable[[int], None]:
    """Say how far the writing is, three times on the way."""

    def on_layer(layer: int) -> None:
        if layer * 4 // layers < (now := (layer + 1) * 4 // layers) < 4:
            say(f"written {now * 25} %")

    return on_layer


def spoken(made: bundle.Bundle, dialogue: Mapping[str, str]) -> list[list[int]]:
    """A dialogue in each language of the model's, or in all there are, as tokens behind its header."""
    vocabulary = Vocabulary.open(made.folder / bundle.TOKENIZER)
    header = vocabulary.encode_header(made.manifest.header)
    texts = [dialogue[language] for language in made.manifest.languages if language in dialogue]
    texts = texts or list(dialogue.values())
    return [header + vocabulary.encode(text) for text in texts]


def _manifest(recipe: Recipe, source: Source, built_by: str, base: str) -> bundle.Manifest:
    """The manifest, of a bundle whose files are still to be written."""
    model = source.model
    return bundle.Manifest(
        schema=bundle.SCHEMA,
        name=recipe.name,
        licence=recipe.licence,
        recipe=msgspec.json.encode(recipe).decode(),
        built_by=built_by,
        languages=recipe.languages,
        header=recipe.header,
        answering=recipe.answering and recipe.header + recipe.answering,
        continuing=recipe.continuing and recipe.header + recipe.continuing,
        eos_ids=source.ends,
        shape=bundle.Shape(
            layers=model.layers,
            kv_heads=model.kv_heads,
            head_dim=model.head_dim,
            vocabulary=model.vocabulary,
            context=model.context,
            heads=model.heads,
            rotary=model.rotary,
        ),
        sha256={},
        base=base,
        adapters=recipe.adapters,
        figures=msgspec.structs.asdict(recipe.figures) if recipe.figures else {},
    )


def _describe(made: Path, manifest: bundle.Manifest) -> None:
    """Write the manifest with the hashes of the files as they are."""
    hashes = {name: materials.sha256_of(made / name) for name in bundle.files_of(made)}
    whole = msgspec.json.encode(msgspec.structs.replace(manifest, sha256=hashes))
    (made / bundle.MANIFEST).write_bytes(msgspec.json.format(whole, indent=2))


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
