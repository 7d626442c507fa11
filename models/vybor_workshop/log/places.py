"""What a slot is, for whoever reads figures by slot: the places of the screen, in words and as a picture. Pure."""

from collections.abc import Iterable

from vybor.composer.layout import TEN
from vybor.contracts.messages import Area
from vybor_workshop.log.stats import Slot

WORDS = (
    "slots are the ten places of the screen: 0 to 3 above from the left, 4 to 7 below, "
    "8 left and 9 right of the text"
)
ELSEWHERE = (
    "Where tiles are fewer and larger, or Undo and Speak were moved, a tile lies elsewhere and keeps the number "
    "of its place among the ten."
)
WIDTH, HEIGHT = 480, 270
STYLE = """\
svg { max-width: 30rem; width: 100%; display: block; font-size: 15px; background: #f2f4f6 }
svg text { text-anchor: middle; dominant-baseline: central; fill: #1b1f24 }
svg .text { fill: #6b7480 }
.place { fill: #fff; stroke: #6b7480 }
.words { fill: #cfe2f3; stroke: #0b5fa5 }
"""
"""Of the picture, on a page."""


def picture(
    slots: Iterable[Slot],
    the_places: str = "The places of the screen by their numbers",
    the_text: str = "the text",
) -> str:
    """The places as SVG, each with its number; those where words were offered are coloured and say their share."""
    shares = {slot.slot: slot.share for slot in slots}
    boxes = "".join(_box(number, zone.visible, shares.get(number)) for number, zone in enumerate(TEN.zones))
    x, y = _at((TEN.band.left + TEN.band.right) / 2, (TEN.band.top + TEN.band.bottom) / 2)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{the_places}">'
        f'{boxes}<text class="text" x="{x}" y="{y}">{the_text}</text></svg>'
    )


def _box(number: int, area: Area, share: float | None) -> str:
    left, top = _at(area.left, area.top)
    right, bottom = _at(area.right, area.bottom)
    middle = _at((area.left + area.right) / 2, (area.top + area.bottom) / 2)
    kind = "place" if share is None else "words"
    told = f"{number}" if share is None else f"{number}: {share:.0%}"
    size = f'width="{right - left - 4}" height="{bottom - top - 4}"'
    return (
        f'<rect class="{kind}" x="{left + 2}" y="{top + 2}" {size}/>'
        f'<text x="{middle[0]}" y="{middle[1]}">{told}</text>'
    )


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * WIDTH), round(y * HEIGHT)
