"""Pictures of every page, as somebody looked at them and took them to be right.

    deploy/test --golden        draws them anew into tests/golden; then look at those that git says have changed

They are drawn in the font that comes with pygame, so that every machine draws the same.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pygame
from PIL import Image

from unit import practice_steps
from unit.display_pages import ASKED, MUCH, SAID, every_page, light, notices, page
from unit.display_troubled import troubled_pages
from vybor.composer.lasting import Kit, Lasting
from vybor.contracts.messages import Mode, Screen, Trouble, WayOut
from vybor.display.drawing.fonts import BROUGHT, Faces, Fonts
from vybor.display.drawing.paint import Painter
from vybor.display.drawing.palette import THEMES
from vybor.display.drawing.scene import Scene, Sheet
from vybor.display.drawing.surface import TEXT
from vybor.display.pages import partner as partner_page
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.settings import TextSize, Theme

FOLDER = Path(__file__).parents[1] / "golden"
LANGUAGES = ("en", "ru")
USUAL = (800, 480)
COLOURS = 32
"""Of a picture that is kept: smooth edges need few."""
OTHER = 48
"""A pixel is another one if a part of its colour differs by more; fewer colours make less of a difference."""
MOST_OTHERS = 20


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One picture that is kept, and how it is drawn."""

    name: str
    scene: Scene
    theme: Theme = Theme.DARK

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}.png"


def sheet(letters: Fonts, size: tuple[int, int] = USUAL, text: TextSize = TextSize.NORMAL) -> Sheet:
    return Sheet(*size, letters.width_of, TEXT[text])


def brought() -> Fonts:
    return Fonts(Faces(BROUGHT, BROUGHT))


def every_picture(letters: Fonts) -> Iterator[Picture]:
    """Each page in each language, one page in every look, the kit's at night, and the other person's page."""
    for language in LANGUAGES:
        words = Words(language)
        for name, showing in (every_page(language) | troubled_pages(language)).items():
            drawn = scene(showing, sheet(letters), words, Ways())
            yield Picture(name=f"{language}/{name.replace(' ', '-')}", scene=drawn)
        for name, (screen, silent, draft) in partner_pages(language).items():
            drawn = partner_page.scene(screen, silent, draft, sheet(letters), words)
            yield Picture(name=f"{language}/partner-{name}", scene=drawn)
    yield from _looks(letters)


def partner_pages(language: str) -> dict[str, tuple[Screen | None, bool, bool]]:
    """What can stand before the other person: the screen, whether core is silent, whether the draft is shown."""
    said = SAID[language]
    empty = page(text="", language=language, said=said, partner=ASKED[language])
    writing = page(language=language, said=said)
    unheard = page(text="", language=language, said=said, unheard=True)
    calling = page(text="", language=language, said=said, notices=notices(Trouble.CALLING_HELP))
    return {
        "before": (None, True, False),
        "nothing-said": (page(text="", language=language), False, False),
        "said": (empty, False, False),
        "asked-anew": (msgspec.structs.replace(empty, said_before=True), False, False),
        "writing": (writing, False, False),
        "draft": (writing, False, True),
        "long": (page(text="", language=language, said=MUCH[language]), False, False),
        "unheard": (unheard, False, False),
        "practice": (dict(practice_steps.pages(language))["practice 06"], False, True),
        "armed": (page(language=language, said=said, armed=WayOut.TYPE), False, False),
        "rest": (page(Mode.REST, text="", language=language, said=said), False, False),
        "help": (calling, False, False),
        "inputs-lost": (page(language=language, said=said, notices=notices(Trouble.INPUTS_LOST)), False, False),
        "silent": (empty, True, False),
    }


def _looks(letters: Fonts) -> Iterator[Picture]:
    """The page of words in every theme, size of letters and some sizes of the screen."""
    looked_at = Showing(
        page(language="ru", notices=notices(Trouble.CAMERA_STOPPED), partner=ASKED["ru"]),
        light(5, armed=True, pad_progress=0.5),
    )
    words = Words("ru")
    at_night = page(Mode.KIT, language="ru", lasting=Lasting(kit=Kit(is_night=True)))
    yield Picture(
        name="looks/kit-at-night", scene=scene(Showing(at_night), sheet(letters), words, Ways()), theme=Theme.NIGHT
    )
    usual = scene(looked_at, sheet(letters), words, Ways())
    for theme in THEMES:
        yield Picture(name=f"looks/{theme}", scene=usual, theme=theme)
    for text in (TextSize.SMALL, TextSize.LARGE):
        yield Picture(name=f"looks/text-{text}", scene=scene(looked_at, sheet(letters, text=text), words, Ways()))
    for size in ((480, 320), (1024, 600), (480, 800)):
        drawn = scene(looked_at, sheet(letters, size), words, Ways())
        yield Picture(name=f"looks/{size[0]}x{size[1]}", scene=drawn)


def painted(picture: Picture, letters: Fonts) -> Image.Image:
    surface = pygame.Surface((picture.scene.width, picture.scene.height))
    Painter(letters, THEMES[picture.theme]).paint(surface, picture.scene)
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))


def others(drawn: Image.Image, kept: Image.Image) -> int:
    """How many pixels are others."""
    if drawn.size != kept.size:
        return drawn.width * drawn.height
    apart = np.abs(np.asarray(drawn, np.int16) - np.asarray(kept.convert("RGB"), np.int16))
    return int((apart.max(axis=2) > OTHER).sum())


def write() -> None:
    """Draw every picture that is not as it is kept, and take away those that no page makes any more."""
    pygame.display.init()
    pygame.font.init()
    pygame.display.set_mode((64, 64))
    letters = brought()
    known = set()
    for picture in every_picture(letters):
        known.add(picture.file)
        drawn = painted(picture, letters)
        if picture.file.exists() and others(drawn, Image.open(picture.file)) == 0:
            continue
        picture.file.parent.mkdir(parents=True, exist_ok=True)
        few = drawn.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(picture.file, optimize=True)
        print(picture.file.relative_to(FOLDER))
    for left in set(FOLDER.rglob("*.png")) - known:
        left.unlink()
        print(f"{left.relative_to(FOLDER)} is gone")
    pygame.quit()


if __name__ == "__main__":
    sys.exit(write())
