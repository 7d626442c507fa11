"""Draws a scene on a surface, in software, and only the patches that changed."""

from functools import lru_cache
from itertools import pairwise

import pygame

from vybor.display import palette
from vybor.display.fonts import Fonts
from vybor.display.icons import SIDE, SIGNS
from vybor.display.palette import Colour
from vybor.display.scene import Box, Disc, Icon, Patch, Rect, Scene, Sign, Text, Thing

SMOOTH = 4
"""Round shapes are drawn so many times larger and then shrunk, once, and kept."""
ICON_LINE = 2.1
"""The width of an icon's lines in its square of 24."""


class Painter:
    """Remembers what it has drawn: rendered words, shapes, and the last scene."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts
        self._words = lru_cache(maxsize=256)(self._render)
        self._last: Scene | None = None

    def forget(self) -> None:
        """The surface is a new one: draw everything at the next paint."""
        self._last = None

    def paint(self, surface: pygame.Surface, scene: Scene) -> list[Rect]:
        """Bring the surface to this scene; returns what was drawn anew."""
        before = self._last
        self._last = scene
        if before is None or _frame(before) != _frame(scene):
            surface.set_clip(None)
            surface.fill(palette.GROUND)
            stale = scene.patches
            redrawn = [Rect(0, 0, scene.width, scene.height)]
        else:
            pairs = zip(before.patches, scene.patches, strict=True)
            stale = tuple(new for old, new in pairs if old != new)
            redrawn = [patch.rect for patch in stale]
        for patch in stale:
            self._patch(surface, patch)
        return redrawn

    def _patch(self, surface: pygame.Surface, patch: Patch) -> None:
        surface.set_clip(patch.rect)
        surface.fill(palette.GROUND, patch.rect)
        for thing in patch.things:
            self._draw(surface, thing)

    def _draw(self, surface: pygame.Surface, thing: Thing) -> None:
        match thing:
            case Box(rect=rect):
                _box(surface, thing, rect)
            case Text(x=x, baseline=base, size=size, bold=bold):
                ascent = self._fonts.font(size, bold).get_ascent()
                surface.blit(self._words(thing.text, size, bold, thing.colour), (x, base - ascent))
            case Icon(sign=sign, x=x, y=y, side=side, colour=colour):
                surface.blit(_icon(sign, side, colour), (x, y))
            case Disc(x=x, y=y, radius=radius, colour=colour, width=width):
                pygame.draw.aacircle(surface, colour, (x, y), radius, width)

    def _render(self, text: str, size: int, bold: bool, colour: Colour) -> pygame.Surface:
        return self._fonts.font(size, bold).render(text, True, colour).convert_alpha()


def _frame(scene: Scene) -> tuple[object, ...]:
    return scene.width, scene.height, [patch.rect for patch in scene.patches]


def _box(surface: pygame.Surface, box: Box, rect: Rect) -> None:
    if box.radius:
        surface.blit(_round(rect.width, rect.height, box.fill, box.edge, (box.edge_width, box.radius)), rect[:2])
        return
    if box.edge_width:
        surface.fill(box.edge, rect)
    surface.fill(box.fill, rect.inset(box.edge_width))


@lru_cache(maxsize=32)
def _round(
    width: int, height: int, fill: Colour, edge: Colour, edge_and_radius: tuple[int, int]
) -> pygame.Surface:
    """A rectangle with smooth round corners; outside of them nothing."""
    edge_width, radius = edge_and_radius
    drawn = pygame.Surface((width, height), pygame.SRCALPHA)
    drawn.fill(edge)
    drawn.fill(fill, drawn.get_rect().inflate(-2 * edge_width, -2 * edge_width))
    corners = _corners(fill, edge, edge_width, radius)
    for right in (0, 1):
        for lower in (0, 1):
            place = pygame.Rect(right * (width - radius), lower * (height - radius), radius, radius)
            drawn.fill((*edge, 0), place)
            drawn.blit(corners, place, (right * radius, lower * radius, radius, radius))
    return drawn.convert_alpha()


def _corners(fill: Colour, edge: Colour, edge_width: int, radius: int) -> pygame.Surface:
    """The four corners, put together without the straight parts between them."""
    large = pygame.Surface((2 * radius * SMOOTH, 2 * radius * SMOOTH), pygame.SRCALPHA)
    large.fill((*edge, 0))
    pygame.draw.circle(large, edge, large.get_rect().center, radius * SMOOTH)
    pygame.draw.circle(large, fill, large.get_rect().center, max(0, radius - edge_width) * SMOOTH)
    return pygame.transform.smoothscale(large, (2 * radius, 2 * radius))


@lru_cache(maxsize=64)
def _icon(sign: Sign, side: int, colour: Colour) -> pygame.Surface:
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


def _thick(
    surface: pygame.Surface, colour: Colour, begin: pygame.Vector2, end: pygame.Vector2, width: int
) -> None:
    """A line of a true width at any angle: pygame's own is thinner when it slants."""
    for point in (begin, end):
        pygame.draw.circle(surface, colour, point, width / 2)
    if (along := end - begin).length() > 0:
        across = along.normalize().rotate(90) * (width / 2)
        pygame.draw.polygon(surface, colour, [begin + across, end + across, end - across, begin - across])
