"""What a page says and what it is told, as JSON. Pure.

A page's times are milliseconds of its own clock (`performance.now()`); places are fractions of its window.
"""

from typing import Annotated

import msgspec

from vybor.display.drawing.icons import SIGNS
from vybor.display.drawing.palette import THEMES
from vybor.display.drawing.scene import Box, Disc, Icon, Patch, Scene, Text, Thing
from vybor.foundation.settings import Theme

Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=1e12)]
Fraction = Annotated[float, msgspec.Meta(ge=-1, le=2)]
Pixels = Annotated[int, msgspec.Meta(ge=1, le=16_384)]
Width = Annotated[float, msgspec.Meta(ge=0, le=4)]
Letter = Annotated[str, msgspec.Meta(min_length=1, max_length=1)]
Widths = Annotated[dict[Letter, Width], msgspec.Meta(max_length=600)]
"""How wide letters are, in heights of their square."""


class Said(msgspec.Struct, frozen=True, kw_only=True, tag=str.lower, tag_field="kind"):
    """Something that a page says."""


class Hello(Said, frozen=True, kw_only=True):
    """The first: who has the key may be the display."""

    key: Annotated[str, msgspec.Meta(max_length=200)]
    width: Pixels
    height: Pixels
    regular: Widths
    bold: Widths


class Tock(Said, frozen=True, kw_only=True):
    """The answer to a tick, and when the page had it."""

    number: int
    at: Milliseconds


class Flipped(Said, frozen=True, kw_only=True):
    """A scene stands on the screen, and since when."""

    number: int
    at: Milliseconds


class Moved(Said, frozen=True, kw_only=True):
    """The pointer is there."""

    x: Fraction
    y: Fraction
    at: Milliseconds


class Left(Said, frozen=True, kw_only=True):
    """It is nowhere on the page."""


class Look(Said, frozen=True, kw_only=True):
    """The eyes are there, as the page sees them; no place: it sees none."""

    x: Fraction | None
    y: Fraction | None
    at: Milliseconds


class Pressed(Said, frozen=True, kw_only=True):
    """The switch's key went down."""

    at: Milliseconds


class Released(Said, frozen=True, kw_only=True):
    """It came up."""


class Sized(Said, frozen=True, kw_only=True):
    """The window has another size."""

    width: Pixels
    height: Pixels


class Seen(Said, frozen=True, kw_only=True):
    """Whether the page is in front, or out of sight."""

    visible: bool


AnySaid = Hello | Tock | Flipped | Moved | Left | Look | Pressed | Released | Sized | Seen
_said: msgspec.json.Decoder[AnySaid] = msgspec.json.Decoder(AnySaid)


def understood(payload: str) -> AnySaid | None:
    """What a page says; None: nothing that a page of ours would say."""
    try:
        return _said.decode(payload)
    except msgspec.DecodeError:
        return None


# --- to the page ----------------------------------------------------------------------------------------------


def signs(switch_key: str) -> dict[str, object]:
    """The lines of every drawn mark, and which key is the switch: once."""
    drawn = {
        sign: [[stroke.filled, [(round(x, 2), round(y, 2)) for x, y in stroke.points]] for stroke in strokes]
        for sign, strokes in SIGNS.items()
    }
    return {"kind": "signs", "signs": drawn, "switch": switch_key}


def colours(theme: Theme) -> dict[str, object]:
    """The colours to wear."""
    worn = {name: f"rgb({red}, {green}, {blue})" for name, (red, green, blue) in THEMES[theme].items()}
    return {"kind": "colours", "colours": worn, "theme": theme}


def spoken(said: str, language: str) -> dict[str, object]:
    """What was given to the voice."""
    return {"kind": "spoken", "said": said, "language": language}


def tick(number: int) -> dict[str, object]:
    """To be answered at once."""
    return {"kind": "tick", "number": number}


def scene(now: Scene, before: Scene | None, number: int) -> dict[str, object]:
    """A picture; of one that lies as the one before only what is another."""
    same = before is not None and _frame(before) == _frame(now)
    patches = [
        [at, patch.rect, [_thing(thing) for thing in patch.things], _words(patch)]
        for at, patch in enumerate(now.patches)
        if not (same and before is not None and before.patches[at] == patch)
    ]
    size = {"width": now.width, "height": now.height, "count": len(now.patches)}
    return {"kind": "scene", "number": number, "whole": not same, "patches": patches, **size}


def encoded(told: dict[str, object]) -> bytes:
    """As it is sent."""
    return msgspec.json.encode(told)


def _frame(scene: Scene) -> tuple[object, ...]:
    return scene.width, scene.height, [patch.rect for patch in scene.patches]


def _thing(thing: Thing) -> list[object]:
    match thing:
        case Box(rect=rect, fill=fill, edge=edge, edge_width=width, radius=radius):
            return ["box", *rect, fill, edge, width, radius]
        case Text(text=text, x=x, baseline=baseline, size=size, colour=colour, bold=bold):
            return ["text", text, x, baseline, size, colour, bold]
        case Icon(sign=sign, x=x, y=y, side=side, colour=colour):
            return ["icon", sign, x, y, side, colour]
        case Disc(x=x, y=y, radius=radius, colour=colour, width=width):
            return ["disc", x, y, radius, colour, width]
        case _:
            raise TypeError(f"a page cannot draw {type(thing).__name__}")


def _words(patch: Patch) -> str:
    """What stands on it, for who hears the page: lines from top to bottom."""
    texts = [thing for thing in patch.things if isinstance(thing, Text)]
    lines: dict[int, list[Text]] = {}
    for text in texts:
        lines.setdefault(text.baseline, []).append(text)
    in_order = (sorted(lines[at], key=lambda text: text.x) for at in sorted(lines))
    return " ".join(" ".join(text.text for text in line) for line in in_order)
