"""All that a kit needs beside its code, in one folder: model, words, landmarker, the call for help."""

import os
from pathlib import Path

from vybor.foundation.places import Places
from vybor_workshop import help_call, landmarker, words
from vybor_workshop.materials import Say
from vybor_workshop.model import build, recipe

RECIPE = "smollm2-135m"
LANGUAGES = ("en", "ru")


def fill(share: Path, cache: Path, say: Say) -> None:
    """Build or find everything in the cache, and link it into `share`.

    A file or folder of the owner's own that stands in a link's place is left as it is, and that is said.
    Raises VyborError where something cannot be built or fetched.
    """
    share.mkdir(parents=True, exist_ok=True)
    places = Places(runtime=share, state=share, share=share)
    _link(places.model, build.build(recipe.load(RECIPE), cache, None, say), say)
    for language in LANGUAGES:
        _link(places.words(language), words.build(None, cache, say, language), say)
    _link(places.landmarker, landmarker.fetch(cache, say), say)
    if not all(places.help_call(language).exists() for language in LANGUAGES):
        help_call.render(share, say)


def _link(place: Path, target: Path, say: Say) -> None:
    """Let `place` point at `target`, in one step."""
    if place.exists() and not place.is_symlink():
        say(f"{place} is not a link of ours: left as it is")
        return
    if place.is_symlink() and place.readlink() == target:
        return
    fresh = place.with_name(place.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    os.replace(fresh, place)  # noqa: PTH105  (says that it takes the old link's place)
