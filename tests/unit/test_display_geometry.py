"""On every screen, in every size of letters, on every page: nothing cut, nothing broken, nothing on another thing.

The scene is asked, with the widest letters of this machine; no eye is needed.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
import pygame
import pytest

from unit.display_golden import partner_pages
from unit.display_pages import every_page, light, notices, on_zones, page
from vybor.composer.folding import PLANS
from vybor.contracts.messages import Mode, Role, Saving, Screen, Tile, Trouble
from vybor.display.drawing import fonts
from vybor.display.drawing.fonts import NEEDED, Fonts
from vybor.display.drawing.icons import OF_ROLE
from vybor.display.drawing.scene import Box, Icon, Patch, Rect, Scene, Sheet, Text
from vybor.display.drawing.surface import TEXT
from vybor.display.drawing.wrap import CUT
from vybor.display.pages import partner
from vybor.display.pages.notes import OF_PAGES
from vybor.display.pages.tile import LABEL_SIZES
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.settings import TextSize

SCREENS = ((480, 320), (800, 480), (1024, 600), (1280, 720), (1920, 1080))
LETTERS = (
    *((size, TextSize.NORMAL) for size in SCREENS),
    *((size, TextSize.LARGE) for size in SCREENS[:4]),
    ((480, 320), TextSize.SMALL),
    *((size, TextSize.NORMAL) for size in ((480, 800), (720, 1280))),
)
QUICK = (
    *(((480, 320), text) for text in TextSize),
    *((size, TextSize.NORMAL) for size in ((1280, 720), (480, 800))),
)
"""The smallest, where most is cut; that of most kits; and an upright one."""
each_screen = pytest.mark.parametrize(
    ("size", "text"),
    [pytest.param(*each, marks=() if each in QUICK else pytest.mark.slow) for each in LETTERS],
    ids=[f"{size[0]}x{size[1]}-{text}" for size, text in LETTERS],
)
each_language = pytest.mark.parametrize("language", ["en", "ru"])


@cache
def widest() -> Fonts:
    """Of the letters that this machine could draw with; pygame must be up."""
    pygame.font.init()
    return max((Fonts(faces) for faces in fonts.installed()), key=lambda each: each.width_of(NEEDED, 40, True))


def paper(size: tuple[int, int], text: TextSize = TextSize.NORMAL) -> Sheet:
    return Sheet(*size, widest().width_of, TEXT[text])


def texts(patch: Patch) -> list[Text]:
    return [thing for thing in patch.things if isinstance(thing, Text)]


def said(patch: Patch) -> str:
    return " ".join(text.text for text in texts(patch))


def place(thing: Text | Icon) -> Rect:
    """What it covers: of words, from the tops of their capitals to the ends of their tails."""
    if isinstance(thing, Icon):
        return Rect(thing.x, thing.y, thing.side, thing.side)
    top = thing.baseline - round(thing.size * 0.73)
    width = widest().width_of(thing.text, thing.size, thing.bold)
    return Rect(thing.x, top, width, thing.baseline + round(thing.size * 0.2) - top)


def overlapping(patch: Patch) -> list[tuple[object, object]]:
    """Words on words, and icons on words."""
    placed = [(thing, place(thing)) for thing in patch.things if isinstance(thing, Text | Icon)]
    return [
        (one, other)
        for (one, here), (other, there) in itertools.combinations(placed, 2)
        if (common := here.common(there)).width > 0 and common.height > 0
    ]


def outside(patch: Patch, frame: Rect) -> list[object]:
    return [t for t in patch.things if isinstance(t, Text | Icon) and place(t).common(frame) != place(t)]


def with_tiles(showing: Showing, drawn: Scene) -> Iterator[tuple[Tile, Patch]]:
    tiles = showing.screen.tiles if showing.screen else ()
    if len(drawn.patches) == len(tiles) + 1:
        yield from zip(tiles, drawn.patches[1:], strict=True)


def broken(tile: Tile, screen: Screen, patch: Patch, sheet: Sheet) -> list[str]:
    """Words of a tile that do not stand on it whole, although they could in the smallest letters."""
    frame = patch.things[0]
    assert isinstance(frame, Box)
    room = frame.rect.width - 2 * sheet.px(14)
    least = sheet.least(LABEL_SIZES[-1])
    whole = [text.text for text in texts(patch)]
    words = Words(screen.language).tile(tile, screen).split()
    must = tile.role in OF_ROLE and tile.role is not Role.SPELLED
    missing = [word for word in words if word not in whole]
    fit = [word for word in missing if must or sheet.width_of(word, least, True) <= room]
    if must:
        return fit
    return fit if CUT not in whole else [word for word in fit if word in words[:1]]


@each_screen
@each_language
def test_everything_is_in_its_place_and_whole(size: tuple[int, int], text: TextSize, language: str) -> None:
    sheet, words = paper(size, text), Words(language)
    for name, showing in every_page(language).items():
        drawn = scene(showing, sheet, words, Ways())
        for patch in drawn.patches:
            assert overlapping(patch) == [], name
            assert outside(patch, patch.rect) == [], name
        for tile, patch in with_tiles(showing, drawn):
            frame = patch.things[0]
            assert isinstance(frame, Box)
            assert outside(patch, frame.rect) == [], name
            assert showing.screen
            assert tile.members or broken(tile, showing.screen, patch, sheet) == [], name


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ((480, 320), TextSize.NORMAL),
        ((480, 800), TextSize.NORMAL),
        *(pytest.param(size, TextSize.LARGE, marks=pytest.mark.slow) for size in ((480, 320), (1280, 720))),
    ],
)
@each_language
@pytest.mark.parametrize("zones", PLANS)
def test_on_fewer_zones_every_page_is_in_its_place_and_whole(
    size: tuple[int, int], text: TextSize, language: str, zones: int
) -> None:
    """The page, what its folds hold, the page's name and its troubles."""
    sheet, words = paper(size, text), Words(language)
    three = notices(Trouble.FEWER_TILES, Trouble.CAMERA_STOPPED, Trouble.HEADBAND_STOPPED)
    for mode in Mode:
        whole = page(mode, language=language, notices=three)
        screen = on_zones(whole, zones)
        for shown in (screen, *(on_zones(whole, zones, slots) for slots in folds_of(screen))):
            drawn = scene(Showing(shown, light(0)), sheet, words, Ways())
            for patch in drawn.patches:
                assert overlapping(patch) == [], mode
                assert outside(patch, patch.rect) == [], mode
            for tile, patch in with_tiles(Showing(shown), drawn):
                assert (cut_in(tile, shown, patch) if tile.members else broken(tile, shown, patch, sheet)) == [], (
                    mode
                )
        band = said(scene(Showing(screen), sheet, words, Ways()).patches[0])
        assert mode is Mode.WORDS or words.mode(mode) in band, mode
        assert words.notice(three[0]) in band, mode


def folds_of(screen: Screen) -> list[tuple[int, ...]]:
    return [tuple(each.slot for each in tile.members) for tile in screen.tiles if tile.members]


def cut_in(fold: Tile, screen: Screen, patch: Patch) -> list[str]:
    """What does not stand whole on a fold; whole sentences need not, for it is their own tile that is taken."""
    short = [each for each in fold.members if " " not in each.label or len(each.label.split()[0]) == 1]
    names = Words(screen.language).folded(msgspec.structs.replace(fold, members=tuple(short)), screen)
    stands = said(patch)
    return [name for name in names if name.replace(" ", "") not in stands.replace(" ", "")]


@each_screen
@each_language
def test_no_sentence_of_the_kit_is_cut(size: tuple[int, int], text: TextSize, language: str) -> None:
    """The page's name, whether the text is saved, every trouble, and how to leave rest."""
    sheet, words = paper(size, text), Words(language)
    for mode, saving in itertools.product(Mode, Saving):
        band = scene(Showing(page(mode, language=language, saving=saving)), sheet, words, Ways()).patches[0]
        whole = said(band)
        assert words.saving(saving) in whole or words.saving_briefly(saving) in whole, (mode, saving)
        assert mode is Mode.WORDS or words.mode(mode) in whole, (mode, saving)
        assert overlapping(band) == [], (mode, saving)
    for trouble in Trouble:
        three = notices(trouble, Trouble.CAMERA_STOPPED, Trouble.HEADBAND_STOPPED, Trouble.RECORD_LARGE)
        for mode in OF_PAGES.get(trouble, (Mode.WORDS,)):
            band = scene(Showing(page(mode, language=language, notices=three)), sheet, words, Ways()).patches[0]
            assert words.notice(three[0]) in said(band), (trouble, mode)


@each_screen
@each_language
def test_the_other_persons_page_is_in_its_place_and_whole(
    size: tuple[int, int], text: TextSize, language: str
) -> None:
    sheet, words = paper(size, text), Words(language)
    for name, (screen, silent, draft) in partner_pages(language).items():
        drawn = partner.scene(screen, silent, draft, sheet, words)
        for patch in drawn.patches:
            assert overlapping(patch) == [], name
            assert outside(patch, patch.rect) == [], name
        cut = [name for patch in drawn.patches for thing in texts(patch) if thing.text == CUT]
        assert cut == [] or name == "long"


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_large_letters_are_larger_and_small_ones_smaller(size: tuple[int, int]) -> None:
    def em(text: TextSize, slot: int) -> int:
        drawn = scene(Showing(page(), light(0)), paper(size, text), Words("en"), Ways())
        return max(each.size for each in texts(drawn.patches[1 + slot]))

    slots: Sequence[int] = (2, 4)
    for slot in slots:
        assert em(TextSize.LARGE, slot) > em(TextSize.NORMAL, slot) or size == (480, 320)
        assert em(TextSize.SMALL, slot) < em(TextSize.NORMAL, slot) or size == (480, 320)
