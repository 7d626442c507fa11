"""All that a kit needs beside its code, in one folder: model, words, landmarker, the call for help."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from vybor.foundation.places import Places
from vybor_workshop import help_call, landmarker, words
from vybor_workshop.materials import Say
from vybor_workshop.model import build, recipe

RECIPE = "smollm2-135m"
LANGUAGES = ("en", "ru")


Put = Callable[[Path, Path], None]


def fill(share: Path, cache: Path, say: Say, put: Put) -> None:
    """Build or find everything in the cache, and put it into `share`: by `copy`, or on this machine by `link`.

    Raises VyborError where something cannot be built, fetched or written.
    """
    share.mkdir(parents=True, exist_ok=True)
    places = Places(runtime=share, state=share, share=share)
    put(places.model, build.build(recipe.load(RECIPE), cache, None, say))
    for language in LANGUAGES:
        put(places.words(language), words.build(None, cache, say, language))
    put(places.landmarker, landmarker.fetch(cache, say))
    if not all(places.help_call(language).exists() for language in LANGUAGES):
        help_call.render(share, say)


def link(place: Path, target: Path) -> None:
    """Let `place` point at `target`: nothing is stored twice, on this machine."""
    if place.is_symlink() and place.readlink() == target:
        return
    fresh = place.with_name(place.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    _replace(fresh, place)


def copy(place: Path, target: Path) -> None:
    """Put a copy of `target` at `place`: the folder can be carried away."""
    fresh = place.with_name(place.name + ".new")
    if target.is_dir():
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(target, fresh)
    else:
        shutil.copyfile(target, fresh)
    _replace(fresh, place)


def _replace(fresh: Path, place: Path) -> None:
    """A folder cannot be replaced by a rename: it is set aside for that moment."""
    if not place.is_dir() or place.is_symlink():
        os.replace(fresh, place)  # noqa: PTH105  (says that it takes the old one's place)
        return
    aside = place.with_name(place.name + ".old")
    shutil.rmtree(aside, ignore_errors=True)
    place.rename(aside)
    fresh.rename(place)
    shutil.rmtree(aside)
