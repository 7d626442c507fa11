"""The fields that flicker, drawn once bright and once as they are, so that a frame is three small copies."""

from collections.abc import Sequence

import pygame

from vybor.display.drawing import flicker
from vybor.display.drawing.paint import Painter
from vybor.display.drawing.scene import Patch, Rect


class Flasher:
    """Two pictures of each field."""

    def __init__(self) -> None:
        self._fields: list[Rect] = []
        self._plain: list[pygame.Surface] = []
        self._bright: list[pygame.Surface] = []
        self._drawn: tuple[bool, ...] = ()

    def prepare(
        self, picture: pygame.Surface, painter: Painter, patches: Sequence[Patch], contrast: float
    ) -> None:
        """Take fields from a picture as it is, and draw what is in them anew in the brighter colours."""
        width, height = picture.get_size()
        self._fields = [flicker.field(patch.rect, width, height) for patch in patches]
        self._plain = [_part(picture, each) for each in self._fields]
        brighter = picture.copy()
        for patch in patches:
            painter.again(brighter, patch, flicker.brightened(painter.palette, contrast))
        self._bright = [_part(brighter, each) for each in self._fields]
        self._drawn = (False,) * len(self._fields)

    def draw(self, picture: pygame.Surface, bright: Sequence[bool]) -> list[Rect]:
        """Put fields onto the picture; returns where it has changed."""
        picture.set_clip(None)
        changed: list[Rect] = []
        for place, (is_bright, was) in enumerate(zip(bright, self._drawn, strict=True)):
            if is_bright is not was:
                picture.blit((self._bright if is_bright else self._plain)[place], self._fields[place])
                changed.append(self._fields[place])
        self._drawn = tuple(bright)
        return changed

    def end(self, picture: pygame.Surface) -> list[Rect]:
        """All fields as they were."""
        return self.draw(picture, (False,) * len(self._fields))


def _part(picture: pygame.Surface, rect: Rect) -> pygame.Surface:
    picture.set_clip(None)
    return picture.subsurface(rect).copy()
