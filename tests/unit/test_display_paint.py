"""The pixels: contrast, edges, and that only what changed is drawn again."""

from collections import Counter
from collections.abc import Iterator

import pygame
import pytest

from unit.display_pages import SIZES, every_page, light, notices, page
from vybor.contracts.messages import Role, Trouble
from vybor.display import fonts, palette
from vybor.display.fonts import BROUGHT, NEEDED, Faces, Fonts
from vybor.display.icons import OF_ROLE
from vybor.display.paint import Painter
from vybor.display.palette import Colour
from vybor.display.scene import Rect, Scene, Sheet, Text
from vybor.display.showing import Showing
from vybor.display.view import scene
from vybor.display.words import Words
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
    return scene(showing, Sheet(*size, letters.width_of), Words(language), pad=True)


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


@each_size
@each_language
def test_all_words_stand_out_from_their_ground(size: tuple[int, int], language: str, letters: Fonts) -> None:
    for name, showing in every_page(language).items():
        surface = pygame.Surface(size)
        drawn = composed(showing, size, letters)
        Painter(letters).paint(surface, drawn)
        for text in (thing for patch in drawn.patches for thing in patch.things if isinstance(thing, Text)):
            top = text.baseline - round(0.6 * text.size)
            rect = Rect(text.x, top, letters.width_of(text.text, text.size, text.bold), text.baseline - top)
            seen = pixels(surface, rect.common(Rect(0, 0, *size)))
            grounds = [colour for colour, n in seen.items() if colour != text.colour and n > 0.1 * seen.total()]
            assert grounds or text.text in {"…", "."}, (name, text)
            assert all(contrast(text.colour, ground) >= 7 for ground in grounds), (name, text)


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


def test_only_what_changed_is_drawn_again(letters: Fonts) -> None:
    painter, surface = Painter(letters), pygame.Surface((1280, 720))
    whole = Rect(0, 0, 1280, 720)

    def painted(showing: Showing) -> list[Rect]:
        return painter.paint(surface, composed(showing, (1280, 720), letters))

    assert painted(Showing(page())) == [whole]
    assert painted(Showing(page())) == []
    assert painted(Showing(page(), light(0))) == [Rect(0, 0, 320, 223)]
    assert painted(Showing(page(), light(1))) == [Rect(0, 0, 320, 223), Rect(320, 0, 320, 223)]
    assert painted(Showing(page(text="Good"), light(1))) == [Rect(0, 223, 1280, 274)]
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
