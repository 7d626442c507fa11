"""A recipe: one TOML file that says what a model is made from, for which languages, and how it is spoken to.

Nothing heavy is imported here: the kit's set-up asks where the bundle of a recipe lies.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from vybor.foundation.errors import Missing, SettingsError, VyborError
from vybor.generator.network.bundle import Kv
from vybor_workshop import materials

FOLDERS = (
    Path(__file__).parents[2] / "recipes",
    Path(__file__).parents[1] / "recipes",
    Path("models/recipes"),
)
"""Where recipes are looked for by name: beside the package in a checkout, inside it in a wheel, and from the
top of a checkout."""
RULES = (
    "architecture.py",
    "packing.py",
    "nodes.py",
    "graph.py",
    "graph_gemma.py",
    "bare.py",
    "writing.py",
    "source.py",
    "source_gguf.py",
    "source_huggingface.py",
    "tokens.py",
    "eight_bit_cache.py",
    "dialogue.py",
    "build.py",
)
"""The modules beside this one that decide what is built: their text is part of a bundle's name."""


GGUF = b"GGUF"
"""How a GGUF file begins."""
HUGGING_FACE = (".json", ".safetensors")
"""What is read of a Hugging Face directory."""


class SourceError(VyborError):
    """A model file is damaged, or of a kind that this builder does not know."""

    exit_code = 65  # EX_DATAERR


class TermsError(VyborError):
    """The owner has not accepted the terms that some weights are under."""

    exit_code = 77  # EX_NOPERM


class LocalFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A GGUF file or a Hugging Face directory that lies beside its recipe."""

    path: str
    """Beside the recipe, if it is not absolute."""
    licence: str


class Owned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights that the owner has and names: a GGUF file or a Hugging Face directory."""

    what: str
    """The model's full name."""
    licence: str
    kind: str
    layers: int
    hidden: int
    """By these three numbers another model is told from this one."""


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the owner must accept first."""

    name: str
    at: str
    """Where they can be read."""


class Figures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was measured of the built model against the same weights in 32 bits (`--reference`)."""

    kl: float
    """Nats a token."""
    agreement: float
    """The share of tokens of which both hold the same for the likeliest."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner says with the command."""

    source: Path | None = None
    accepts_terms: bool = False


NOTHING = Given()


class Canary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text, and a word that a right build offers behind it."""

    text: str
    word: str


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model is made from: one file of a wheel, or a file of the owner's."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    languages: tuple[str, ...]
    context: Annotated[int, msgspec.Meta(ge=256, le=8192)]
    """Positions of the cache: the text that the model sees, and what it tries behind it."""
    header: Annotated[str, msgspec.Meta(min_length=1)]
    """What stands before the person's text, special tokens included."""
    continuing: Annotated[str, msgspec.Meta(pattern=r"^$|\{lately\}")] = ""
    """What follows it where it is known what the person spoke in the minutes before: {lately} stands for that."""
    answering: Annotated[str, msgspec.Meta(pattern=r"^$|\{partner\}")] = ""
    """What follows it where it is known what the other person just said: {partner} stands for that, {lately}
    for what the person spoke before, which may be nothing."""
    canary: Canary
    bits: Literal[8, 4] = 8
    """Of a weight. In 4 bits a small model says other words at every second place: from 1,000 million on."""
    kv: Kv = Kv.FP32
    adapters: bool = True
    """Whether there is a graph that takes adapters, beside the one without."""
    figures: Figures | None = None
    terms: Terms | None = None
    on_kit_mb: int | None = None
    """How much room the bundle takes, about."""
    wheel: materials.Material | None = None
    joined: materials.Joined | None = None
    file: LocalFile | None = None
    owner: Owned | None = None

    def __post_init__(self) -> None:
        if len(self._sources) != 1:
            raise ValueError("name one of [wheel], [joined], [file] and [owner]")

    @property
    def _sources(self) -> list[materials.Material | materials.Joined | LocalFile | Owned]:
        return [source for source in (self.wheel, self.joined, self.file, self.owner) if source]

    @property
    def licence(self) -> str:
        """The licence of the weights."""
        return self._sources[0].licence

    @property
    def needs(self) -> str:
        """What the owner must say or have for it."""
        if self.owner:
            return f"--source with {self.owner.what}"
        if self.terms:
            return f"--accept-terms, once you have read {self.terms.at}"
        return "nothing" if self.file is None else "the file beside it"

    def fetch(self, cache: Path, say: materials.Say, given: Given = NOTHING) -> Path:
        """The GGUF file or the directory itself. Raises MaterialError, SourceError and TermsError."""
        if self.terms and not given.accepts_terms:
            raise TermsError(
                f"the weights of {self.name} are under the {self.terms.name}: read them at {self.terms.at}, "
                "and if you accept them, build again with --accept-terms"
            )
        if self.wheel:
            return materials.fetch(self.wheel, cache, say)
        if self.joined:
            return materials.join(self.joined, cache, say)
        return whole_enough(self.local(given))

    def local(self, given: Given = NOTHING) -> Path:
        """The weights on this machine. Raises SourceError."""
        if self.owner and given.source is None:
            raise SourceError(
                f"the recipe {self.name} needs the weights of {self.owner.what}, which you must have: name their "
                "Hugging Face directory or GGUF file with --source"
            )
        path = given.source or Path(self.file.path if self.file else "")
        if not path.exists():
            said = "you name" if given.source else f"the recipe {self.name} names"
            raise SourceError(f"{said} the source {path}, which is not there")
        return path

    def check_given(self, given: Given) -> None:
        """Refuse a source that the recipe has no use for. Raises SourceError."""
        if given.source and not self.owner:
            raise SourceError(f"the recipe {self.name} brings its own weights; leave --source out")


def load(name: str) -> Recipe:
    """Read a recipe by its name or path. Raises Missing and SettingsError."""
    path = _find(name)
    try:
        recipe = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Recipe)
    except OSError as error:
        raise Missing(f"the recipe {path} cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"the recipe {path} cannot be understood: {error}") from None
    if recipe.file is None:
        return recipe
    beside = msgspec.structs.replace(recipe.file, path=str(path.parent / recipe.file.path))
    return msgspec.structs.replace(recipe, file=beside)


def anywhere(name: str) -> str:
    """The same recipe, by its name or by a path from any folder."""
    return str(Path(name).absolute()) if _is_path(name) else name


def names() -> list[str]:
    """The recipes that can be named without a path."""
    return sorted({path.stem for folder in FOLDERS for path in folder.glob("*.toml")})


def listed() -> Iterator[str]:
    """A line for each of them: name, languages, room, licence, and what it needs."""
    rows = [("RECIPE", "LANGUAGES", "ON THE KIT", "LICENCE", "NEEDS")]
    for recipe in map(load, names()):
        room = f"{recipe.on_kit_mb} MB" if recipe.on_kit_mb else "not known"
        rows.append((recipe.name, ", ".join(recipe.languages), room, recipe.licence, recipe.needs))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def key(recipe: Recipe, given: Given = NOTHING) -> str:
    """Twelve hex digits that change with the recipe, the weights or this builder. Raises SourceError."""
    described = msgspec.to_builtins(recipe)
    del described["on_kit_mb"]  # said of the bundle, and changes nothing in it
    whole = hashlib.sha256(msgspec.json.encode(described))
    for rule in RULES:
        whole.update(Path(__file__).with_name(rule).read_bytes())
    if recipe.file or recipe.owner:
        whole.update(stamp(recipe.local(given)).encode())
    return whole.hexdigest()[:12]


def whole_enough(path: Path) -> Path:
    """The weights, if they are a directory or begin as a GGUF file does. Raises SourceError."""
    if path.is_dir():
        return path
    try:
        with path.open("rb") as opened:
            begins = opened.read(len(GGUF))
    except OSError as error:
        raise SourceError(f"the source {path} cannot be read ({error.strerror}); mend its rights") from None
    if begins != GGUF:
        raise SourceError(
            f"{path} does not begin with GGUF, so it is no model file; "
            "fetch it again, or name another GGUF file or a Hugging Face directory"
        )
    return path


def stamp(path: Path) -> str:
    """Changes with a file, or with any file that is read of a directory."""
    if path.is_file():
        return materials.sha256_of(path)
    read = (file for file in sorted(path.iterdir()) if file.suffix in HUGGING_FACE)
    hashes = (f"{file.name} {materials.sha256_of(file)}" for file in read)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def bundle_path(recipe: Recipe, cache: Path, given: Given = NOTHING) -> Path:
    """Where the bundle of a recipe lies, once it is built. Raises SourceError."""
    return cache / "models" / f"{recipe.name}-{key(recipe, given)}"


def _is_path(name: str) -> bool:
    return "/" in name or name.endswith(".toml")


def _find(name: str) -> Path:
    if _is_path(name):
        return Path(name)
    for folder in FOLDERS:
        if (path := folder / f"{name}.toml").is_file():
            return path
    known = ", ".join(names())
    raise Missing(f"there is no recipe {name}; there is {known or 'none here, so name a file'}")
