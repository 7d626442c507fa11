"""Draws a scene on a surface, in software, and only the patches that changed."""

from functools import lru_cache
from itertools import pairwise

import pygame

from vybor.display.drawing.fonts import Fonts
from vybor.display.drawing.icons import SIDE, SIGNS
from vybor.display.drawing.palette import Colour, Palette, Rgb
from vybor.display.drawing.scene import Box, Disc, Icon, Patch, Rect, Scene, Sign, Text, Thing

SMOOTH = 4
"""Round shapes are drawn so many times larger and then shrunk, once, and kept."""
ICON_LINE = 2.1
"""The width of an icon's lines in its square of 24."""


class Painter:
    """Remembers what it has drawn: rendered words, shapes, and the last scene."""

    def __init__(self, fonts: Fonts, palette: Palette) -> None:
        self._fonts = fonts
        self._palette = palette
        self._words = lru_cache(maxsize=256)(self._render)
        self._last: Scene | None = None

    def wear(self, palette: Palette) -> None:
        """Draw everything in other colours at the next paint."""
        self._palette = palette
        self.forget()

    def forget(self) -> None:
        """The surface is a new one: draw everything at the next paint."""
        self._last = None

    def paint(self, surface: pygame.Surface, scene: Scene) -> list[Rect]:
        """Bring the surface to this scene; returns what was drawn anew."""
        before = self._last
        self._last = scene
        if before is None or _frame(before) != _frame(scene):
            surface.set_clip(None)
            surface.fill(self._palette[Colour.GROUND])
            stale = scene.patches
            redrawn = [Rect(0, 0, scene.width, scene.height)]
        else:
            pairs = zip(before.patches, scene.patches, strict=True)
            stale = tuple(new for old, new in pairs if old != new)
            redrawn = [patch.rect for patch in stale]
        for patch in stale:
            self._patch(surface, patch)
        return redrawn

    @property
    def palette(self) -> Palette:
        """The colours that are worn."""
        return self._palette

    @property
    def last(self) -> Scene | None:
        """The scene that was painted last; None: the surface is new."""
        return self._last

    def again(self, surface: pygame.Surface, patch: Patch, palette: Palette) -> None:
        """Draw one patch in other colours, on a surface that is none of the screen's."""
        worn, self._palette = self._palette, palette
        self._patch(surface, patch)
        self._palette = worn

    def _patch(self, surface: pygame.Surface, patch: Patch) -> None:
        surface.set_clip(patch.rect)
        surface.fill(self._palette[Colour.GROUND], patch.rect)
        for thing in patch.things:
            self._draw(surface, thing)

    def _draw(self, surface: pygame.Surface, thing: Thing) -> None:
        match thing:
            case Box():
                _box(surface, thing, self._palette)
            case Text(x=x, baseline=base, size=size, bold=bold):
                ascent = self._fonts.font(size, bold).get_ascent()
                drawn = self._words(thing.text, size, bold, self._palette[thing.colour])
                surface.blit(drawn, (x, base - ascent))
            case Icon(sign=sign, x=x, y=y, side=side, colour=colour):
                surface.blit(_icon(sign, side, self._palette[colour]), (x, y))
            case Disc(x=x, y=y, radius=radius, colour=colour, width=width):
                pygame.draw.aacircle(surface, self._palette[colour], (x, y), radius, width)

    def _render(self, text: str, size: int, bold: bool, colour: Rgb) -> pygame.Surface:
        return self._fonts.font(size, bold).render(text, True, colour).convert_alpha()


def _frame(scene: Scene) -> tuple[object, ...]:
    return scene.width, scene.height, [patch.rect for patch in scene.patches]


def _box(surface: pygame.Surface, box: Box, palette: Palette) -> None:
    """A rectangle; one with round corners is its straight parts, and four small pictures that are kept."""
    rect, fill, edge, radius = box.rect, palette[box.fill], palette[box.edge], box.radius
    if box.edge_width:
        for part in _cross(rect, radius):
            surface.fill(edge, part)
    for part in _cross(rect.inset(box.edge_width), max(0, radius - box.edge_width)):
        surface.fill(fill, part)
    if radius:
        corners = _corners(fill, edge, box.edge_width, radius)
        for right, x in enumerate((rect.x, rect.right - radius)):
            for lower, y in enumerate((rect.y, rect.bottom - radius)):
                surface.blit(corners, (x, y), (right * radius, lower * radius, radius, radius))


def _cross(rect: Rect, radius: int) -> tuple[Rect, ...]:
    """A rectangle without a square of so many pixels at each corner."""
    if not radius:
        return (rect,)
    x, y, width, height = rect
    upright = Rect(x + radius, y, max(0, width - 2 * radius), height)
    return upright, Rect(x, y + radius, width, max(0, height - 2 * radius))


@lru_cache(maxsize=32)
def _corners(fill: Rgb, edge: Rgb, edge_width: int, radius: int) -> pygame.Surface:
    """The four corners, put together without the straight parts between them; outside of them nothing."""
    large = pygame.Surface((2 * radius * SMOOTH, 2 * radius * SMOOTH), pygame.SRCALPHA)
    large.fill((*edge, 0))
    pygame.draw.circle(large, edge, large.get_rect().center, radius * SMOOTH)
    pygame.draw.circle(large, fill, large.get_rect().center, max(0, radius - edge_width) * SMOOTH)
    return pygame.transform.smoothscale(large, (2 * radius, 2 * radius)).convert_alpha()


@lru_cache(maxsize=64)
def _icon(sign: Sign, side: int, colour: Rgb) -> pygame.Surface:
    """An icon's strokes with round ends, smooth."""
    scale = side * SMOOTH / SIDE
    large = pygame.Surface((side * SMOOTH, side * SMOOTH), pygame.SRCALPHA)
    large.fill((*colour, 0))
    width = max(SMOOTH, round(ICON_LINE * scale))
    for stroke in SIGNS[sign]:
        points = [pygame.Vector2(x * scale, y * scale) for x, y in stroke.points]
        if stroke.filled:
            pygame.draw.polygon(large, colour, points)
            continue
        for begin, end in pairwise(points):
            _thick(large, colour, begin, end, width)
    return pygame.transform.smoothscale(large, (side, side)).convert_alpha()


def _thick(surface: pygame.Surface, colour: Rgb, begin: pygame.Vector2, end: pygame.Vector2, width: int) -> None:
    """A line of a true width at any angle: pygame's own is thinner when it slants."""
    for point in (begin, end):
        pygame.draw.circle(surface, colour, point, width / 2)
    if (along := end - begin).length() > 0:
        across = along.normalize().rotate(90) * (width / 2)
        pygame.draw.polygon(surface, colour, [begin + across, end + across, end - across, begin - across])
