"""The pixels: contrast, edges, and that only what changed is drawn again."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pygame
import pytest

from unit.display_pages import SIZES, every_page, light, notices, page, starting_pages
from vybor.composer.anchors import SENTENCE_MODES
from vybor.contracts.messages import Mode, Role, Trouble
from vybor.display.drawing import fonts, palette
from vybor.display.drawing.fonts import BROUGHT, NEEDED, Faces, Fonts
from vybor.display.drawing.icons import OF_ROLE
from vybor.display.drawing.paint import Painter
from vybor.display.drawing.palette import THEMES, Colour, Rgb
from vybor.display.drawing.scene import Icon, Patch, Rect, Scene, Sheet, Text
from vybor.display.drawing.wrap import CUT
from vybor.display.helping import Stage
from vybor.display.pages.notes import OF_PAGES
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.errors import Missing
from vybor.foundation.settings import Theme

DARK = THEMES[Theme.DARK]

each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
each_language = pytest.mark.parametrize("language", ["en", "ru"])


@pytest.fixture(scope="module", autouse=True)
def screen() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SDL_VIDEODRIVER", "dummy")
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_mode((64, 64))
        yield
        pygame.quit()


@pytest.fixture(params=["installed", "brought"])
def letters(request: pytest.FixtureRequest) -> Iterator[Fonts]:
    """The best fonts of this machine, and the one that is always there; each size of them is an open file."""
    chosen = fonts.choose(fonts.installed() if request.param == "installed" else [Faces(BROUGHT, BROUGHT)])
    yield chosen
    chosen.font.cache_clear()


def composed(showing: Showing, size: tuple[int, int], letters: Fonts) -> Scene:
    language = showing.screen.language if showing.screen else "en"
    return scene(showing, Sheet(*size, letters.width_of), Words(language), Ways())


@cache
def luminance(colour: Rgb) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def contrast(one: Rgb, other: Rgb) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def pixels(
    surface: pygame.Surface, mapped: "np.ndarray[tuple[int, int], np.dtype[np.uint32]]", rect: Rect
) -> list[Rgb]:
    """The colours in a part of a picture, the most frequent one first."""
    x, y, width, height = rect.common(Rect(0, 0, *surface.get_size()))
    part = mapped[x : x + width, y : y + height]
    if (part == part[0, 0]).all():  # most grounds
        return [surface.unmap_rgb(int(part[0, 0]))[:3]]
    found, counts = np.unique(part, return_counts=True)
    return [surface.unmap_rgb(int(found[index]))[:3] for index in np.argsort(-counts)]


@pytest.mark.parametrize("theme", list(Theme))
def test_every_colour_stands_out_from_every_ground_that_it_is_used_on(theme: Theme) -> None:
    worn = THEMES[theme]
    pairs = {(one, other): contrast(worn[one], worn[other]) for one, other in palette.READABLE}
    assert {pair: round(found, 2) for pair, found in pairs.items() if found < 7} == {}


def test_every_theme_has_every_colour_and_the_night_is_dim() -> None:
    assert set(THEMES) == set(Theme)
    for worn in THEMES.values():
        assert set(worn) == set(Colour)
    brightest = {theme: max(luminance(colour) for colour in worn.values()) for theme, worn in THEMES.items()}
    assert brightest[Theme.NIGHT] < 0.55 * brightest[Theme.DARK]


@pytest.mark.parametrize("theme", list(Theme))
def test_what_the_eyes_are_on_and_how_far_a_pad_is_can_be_seen_without_colour(theme: Theme) -> None:
    """Colour is never the only cue: the same page in greys still differs, by its frame and by its bar."""
    letters = fonts.choose([Faces(BROUGHT, BROUGHT)])
    seen = set()
    for showing in (Showing(page()), Showing(page(), light(1)), Showing(page(), light(1, armed=True))):
        surface = pygame.Surface((800, 480))
        Painter(letters, THEMES[theme]).paint(surface, composed(showing, (800, 480), letters))
        grey = pygame.transform.grayscale(surface)
        bright = np.asarray(pygame.surfarray.array3d(grey)[..., 0]) > 127
        seen.add(bright.tobytes())
    assert len(seen) == 3


def without_words(drawn: Scene) -> Scene:
    """The grounds alone."""
    bare = (
        Patch(patch.rect, tuple(thing for thing in patch.things if not isinstance(thing, Text | Icon)))
        for patch in drawn.patches
    )
    return Scene(drawn.width, drawn.height, tuple(bare))


def covered(thing: Text | Icon, letters: Fonts) -> Rect:
    if isinstance(thing, Icon):
        return Rect(thing.x, thing.y, thing.side, thing.side)
    top = thing.baseline - round(0.75 * thing.size)
    return Rect(thing.x, top, letters.width_of(thing.text, thing.size, thing.bold), thing.baseline - top)


def unreadable(showing: Showing, size: tuple[int, int], theme: Theme, letters: Fonts) -> list[object]:
    """Words and icons that do not stand out by 7 to 1, measured in the pixels, from all of their ground."""
    drawn, worn = composed(showing, size, letters), THEMES[theme]
    ground, surface = pygame.Surface(size), pygame.Surface(size)
    Painter(letters, worn).paint(ground, without_words(drawn))
    Painter(letters, worn).paint(surface, drawn)
    before, after = pygame.surfarray.pixels2d(ground), pygame.surfarray.pixels2d(surface)
    found: list[object] = []
    for thing in (thing for patch in drawn.patches for thing in patch.things):
        if isinstance(thing, Text | Icon):
            rect = covered(thing, letters)
            behind = pixels(ground, before, rect)
            least = min(contrast(worn[thing.colour], colour) for colour in behind)
            if size[1] >= 720:  # where a stroke is wide enough to have a pixel of its own colour
                least = min(least, max(contrast(colour, behind[0]) for colour in pixels(surface, after, rect)))
            if least < 7:
                found.append(thing)
    return found


@pytest.mark.parametrize("size", [(480, 320), (1280, 720)], ids=["480x320", "1280x720"])
@each_language
def test_words_and_icons_stand_out_from_every_pixel_of_their_ground(
    size: tuple[int, int], language: str, letters: Fonts
) -> None:
    for name, showing in every_page(language).items():
        assert unreadable(showing, size, Theme.DARK, letters) == [], name


@pytest.mark.parametrize(
    "theme",
    [
        pytest.param(theme, marks=() if theme is Theme.CONTRAST else pytest.mark.slow)
        for theme in Theme
        if theme is not Theme.DARK
    ],
)
@each_language
def test_they_do_so_in_every_theme(theme: Theme, language: str) -> None:
    letters = fonts.choose([Faces(BROUGHT, BROUGHT)])
    for name, showing in every_page(language).items():
        assert unreadable(showing, (1280, 720), theme, letters) == [], name


@each_size
@each_language
def test_no_sentence_about_a_trouble_is_cut(size: tuple[int, int], language: str, letters: Fonts) -> None:
    for trouble in Trouble:
        three = notices(trouble, Trouble.CAMERA_STOPPED, Trouble.HEADBAND_STOPPED, Trouble.RECORD_LARGE)
        for mode in OF_PAGES.get(trouble, (Mode.WORDS,)):
            band = composed(Showing(page(mode, language=language, notices=three)), size, letters).patches[0]
            shown = " ".join(thing.text for thing in band.things if isinstance(thing, Text))
            assert Words(language).notice(three[0]) in shown


@each_size
@each_language
def test_no_word_of_a_control_is_cut(size: tuple[int, int], language: str, letters: Fonts) -> None:
    for name, showing in every_page(language).items():
        tiles = showing.screen.tiles if showing.screen else ()
        patches = composed(showing, size, letters).patches[1:]
        for tile, patch in zip(tiles, patches, strict=False):
            if tile.role in OF_ROLE and tile.role is not Role.SPELLED:
                shown = " ".join(thing.text for thing in patch.things if isinstance(thing, Text))
                assert Words(language).tile(tile, showing.screen) in shown, name


@pytest.mark.parametrize("size", SIZES[1:], ids=lambda size: "x".join(map(str, size)))
@each_language
def test_a_whole_sentence_stands_whole_on_its_tile(size: tuple[int, int], language: str, letters: Fonts) -> None:
    for name in (*SENTENCE_MODES, "long sentences"):
        showing = every_page(language)[name]
        assert showing.screen
        patches = composed(showing, size, letters).patches[1:]
        for tile, patch in zip(showing.screen.tiles, patches, strict=True):
            if tile.role is Role.SENTENCE:
                shown = [thing.text for thing in patch.things if isinstance(thing, Text)]
                assert "".join(shown).replace(" ", "").startswith(tile.label.replace(" ", "")), name


@pytest.mark.parametrize("size", SIZES[1:], ids=lambda size: "x".join(map(str, size)))
@each_language
def test_nothing_of_the_starting_and_the_safe_page_is_cut(
    size: tuple[int, int], language: str, letters: Fonts
) -> None:
    silent = {"silent": Showing(page(language=language), core_silent=True)}
    calls = {stage: Showing(page(language=language), core_silent=True, help=stage) for stage in Stage}
    for name, showing in {**starting_pages(), **silent, **calls}.items():
        drawn = scene(showing, Sheet(*size, letters.width_of), Words(language), Ways())
        shown = [thing.text for patch in drawn.patches for thing in patch.things if isinstance(thing, Text)]
        assert CUT not in shown, name


def test_only_what_changed_is_drawn_again(letters: Fonts) -> None:
    painter, surface = Painter(letters, DARK), pygame.Surface((1280, 720))
    whole = Rect(0, 0, 1280, 720)

    def painted(showing: Showing) -> list[Rect]:
        return painter.paint(surface, composed(showing, (1280, 720), letters))

    assert painted(Showing(page())) == [whole]
    assert painted(Showing(page())) == []
    assert painted(Showing(page(), light(0))) == [Rect(0, 0, 320, 223)]
    assert painted(Showing(page(), light(1))) == [Rect(0, 0, 320, 223), Rect(320, 0, 320, 223)]
    assert painted(Showing(page(text="Good"), light(1))) == [Rect(243, 223, 794, 274)]
    assert painted(Showing(page(), core_silent=True)) == [whole]
    painter.forget()
    assert painted(Showing(page(), core_silent=True)) == [whole]


def test_step_by_step_and_at_once_give_the_same_picture(letters: Fonts) -> None:
    size = (800, 480)
    painter, stepwise = Painter(letters, DARK), pygame.Surface(size)
    for showing in every_page("en").values():
        drawn = composed(showing, size, letters)
        painter.paint(stepwise, drawn)
        at_once = pygame.Surface(size)
        Painter(letters, DARK).paint(at_once, drawn)
        assert pygame.image.tobytes(stepwise, "RGB") == pygame.image.tobytes(at_once, "RGB")


def test_the_font_that_is_always_there_has_every_letter() -> None:
    assert Fonts(Faces(BROUGHT, BROUGHT)).lacking(NEEDED) == ""


def test_everything_that_is_said_is_in_the_letters_that_a_font_needs() -> None:
    for language in ("en", "ru"):
        for showing in every_page(language).values():
            for patch in composed(showing, (1280, 720), Fonts(Faces(BROUGHT, BROUGHT))).patches:
                said = "".join(thing.text for thing in patch.things if isinstance(thing, Text))
                assert set(said) <= set(NEEDED) | {" "}


def test_a_font_without_the_letters_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "NEEDED", "aж\u4e66")
    assert Fonts(Faces(BROUGHT, BROUGHT)).lacking("aж\u4e66") == "\u4e66"
    with pytest.raises(Missing, match="no font has the letters of the display; install DejaVu"):
        fonts.choose([Faces(BROUGHT, BROUGHT)])


def test_fonts_are_taken_in_pairs_and_the_last_resort_is_always_there(tmp_path: pytest.TempPathFactory) -> None:
    (tmp_path / "a").mkdir()
    for name in ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        (tmp_path / "a" / name).touch()
    pair = Faces(tmp_path / "a" / "DejaVuSans.ttf", tmp_path / "a" / "DejaVuSans-Bold.ttf")
    assert fonts.installed([tmp_path]) == [pair, Faces(BROUGHT, BROUGHT)]
