"""The pixels: contrast, edges, and that only what changed is drawn again."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pygame
import pytest

from unit.display_pages import SIZES, every_page, light, notices, page, starting_pages
from vybor.composer.anchors import SENTENCE_MODES
from vybor.contracts.messages import Role, Trouble
from vybor.display import fonts, palette
from vybor.display.fonts import BROUGHT, NEEDED, Faces, Fonts
from vybor.display.helping import Stage
from vybor.display.icons import OF_ROLE
from vybor.display.paint import Painter
from vybor.display.palette import Colour
from vybor.display.scene import Icon, Patch, Rect, Scene, Sheet, Text
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.display.words import Words
from vybor.display.wrap import CUT
from vybor.foundation.errors import Missing

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
def letters(request: pytest.FixtureRequest) -> Fonts:
    """The best fonts of this machine, and the one that is always there."""
    return fonts.choose(fonts.installed() if request.param == "installed" else [Faces(BROUGHT, BROUGHT)])


def composed(showing: Showing, size: tuple[int, int], letters: Fonts) -> Scene:
    language = showing.screen.language if showing.screen else "en"
    return scene(showing, Sheet(*size, letters.width_of), Words(language), Ways())


@cache
def luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def pixels(surface: pygame.Surface, rect: Rect) -> "Counter[Colour]":
    raw = pygame.image.tobytes(surface.subsurface(rect), "RGB")
    return Counter(zip(raw[0::3], raw[1::3], raw[2::3], strict=True))


def test_every_colour_stands_out_from_every_ground_that_it_is_used_on() -> None:
    assert {pair: round(contrast(*pair), 1) for pair in palette.READABLE if contrast(*pair) < 7} == {}


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


@pytest.mark.parametrize("size", [(480, 320), (1280, 720)], ids=["480x320", "1280x720"])
@each_language
def test_words_and_icons_stand_out_from_every_pixel_of_their_ground(
    size: tuple[int, int], language: str, letters: Fonts
) -> None:
    for name, showing in every_page(language).items():
        drawn = composed(showing, size, letters)
        ground, surface = pygame.Surface(size), pygame.Surface(size)
        Painter(letters).paint(ground, without_words(drawn))
        Painter(letters).paint(surface, drawn)
        for thing in (thing for patch in drawn.patches for thing in patch.things):
            if isinstance(thing, Text | Icon):
                rect = covered(thing, letters)
                behind = pixels(ground, rect)
                assert min(contrast(thing.colour, colour) for colour in behind) >= 7, (name, thing)
                if size[1] >= 720:
                    usual, _ = behind.most_common(1)[0]
                    assert max(contrast(colour, usual) for colour in pixels(surface, rect)) >= 7, (name, thing)


@each_size
@each_language
def test_no_sentence_about_a_trouble_is_cut(size: tuple[int, int], language: str, letters: Fonts) -> None:
    for trouble in Trouble:
        three = notices(trouble, Trouble.CAMERA_STOPPED, Trouble.SOUND_MISSING, Trouble.DISK_FULL)
        band = composed(Showing(page(language=language, notices=three)), size, letters).patches[0]
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
    painter, surface = Painter(letters), pygame.Surface((1280, 720))
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
    painter, stepwise = Painter(letters), pygame.Surface(size)
    for showing in every_page("en").values():
        drawn = composed(showing, size, letters)
        painter.paint(stepwise, drawn)
        at_once = pygame.Surface(size)
        Painter(letters).paint(at_once, drawn)
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
