"""What of the base the examples depend on: its languages, what stands before a text, its tokens, its hash."""

from pathlib import Path

import msgspec
from tokenizers import Tokenizer

from vybor.contracts.messages import Trouble
from vybor.generator.candidates import BRANCHES
from vybor.generator.network import bundle
from vybor.generator.opening import LATELY_TOKENS
from vybor_workshop.materials import Say
from vybor_workshop.model import build
from vybor_workshop.model.recipe import NOTHING, Given, Recipe, bundle_path


class Base(msgspec.Struct, frozen=True):
    """A model that adapters are trained for."""

    recipe: str
    languages: tuple[str, ...]
    sha256: str
    """Of its weights."""
    header: str
    continuing: str
    """The header with {lately} in it; empty if the recipe has none."""
    reads: int
    """So many tokens of header and text fit."""
    tokenizer: Tokenizer

    def text_ends(self, text: str) -> list[tuple[int, int]]:
        """First and end of the characters of each token of a person's text; nothing in it is special."""
        self.tokenizer.encode_special_tokens = True
        return list(self.tokenizer.encode(text, add_special_tokens=False).offsets)

    def header_tokens(self, header: str) -> int:
        """How many tokens a header has, special ones meant as such."""
        self.tokenizer.encode_special_tokens = False
        return len(self.tokenizer.encode(header, add_special_tokens=False).ids)

    def header_behind(self, lately: str) -> str:
        """What the model reads before a text, `lately` having been spoken in the minutes before."""
        end = self._end_of(lately) if lately and self.continuing else ""
        return self.continuing.replace("{lately}", end) if end else self.header

    def _end_of(self, lately: str) -> str:
        """As much of it as the kit's model reads; nothing of what would be taken for a special token."""
        if any(token.content in lately for token in self.tokenizer.get_added_tokens_decoder().values()):
            return ""
        first, _ = self.text_ends(lately)[-LATELY_TOKENS:][0]
        return lately[first:].strip()


def opened(recipe: Recipe, cache: Path, say: Say, given: Given = NOTHING) -> Base:
    """The base of a recipe: out of its bundle if that is built, else out of its weights, which are fetched.

    Raises MaterialError, SourceError and TermsError.
    """
    recipe.check_given(given)
    try:
        return of_bundle(recipe, bundle.open_bundle(bundle_path(recipe, cache, given)))
    except bundle.BundleError as error:
        if error.trouble is not Trouble.MODEL_MISSING:
            say(f"{error}; reading the weights instead")
    raw = recipe.fetch(cache, say, given)
    source = build.read(raw, recipe)
    return _of(recipe, build.base_of(raw), source.tokenizer, source.model.context)


def of_bundle(recipe: Recipe, made: bundle.Bundle) -> Base:
    """The base of a bundle that is built."""
    tokenizer = Tokenizer.from_file(str(made.folder / bundle.TOKENIZER))
    return _of(recipe, made.manifest.base, tokenizer, made.manifest.shape.context)


def _of(recipe: Recipe, sha256: str, tokenizer: Tokenizer, context: int) -> Base:
    return Base(
        recipe=recipe.name,
        languages=recipe.languages,
        sha256=sha256,
        header=recipe.header,
        continuing=recipe.continuing and recipe.header + recipe.continuing,
        reads=context - BRANCHES,
        tokenizer=tokenizer,
    )
