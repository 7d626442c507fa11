"""A picture that is turned on its panel, because the panel is mounted turned. Pure.

Everything is composed upright, as the person sees it; so are the places of the mouse and of the calibration dots,
and with them what gaze learns. Only the window knows how the panel hangs.
"""

import msgspec

from vybor.display.drawing.scene import Rect

Size = tuple[int, int]
Place = tuple[float, float]


class Turn(msgspec.Struct, frozen=True):
    """By how many degrees, clockwise, an upright picture is turned to fill the panel: 0, 90, 180 or 270."""

    degrees: int = 0

    def upright(self, panel: Size) -> Size:
        """Width and height, in pixels, of the picture on a panel of this size; and the other way round."""
        width, height = panel
        return (width, height) if self.degrees % 180 == 0 else (height, width)

    def on_panel(self, rect: Rect, picture: Size) -> Rect:
        """Where a part of an upright picture of this size lies on the panel, in pixels."""
        width, height = picture
        match self.degrees:
            case 90:
                return Rect(height - rect.bottom, rect.x, rect.height, rect.width)
            case 180:
                return Rect(width - rect.right, height - rect.bottom, rect.width, rect.height)
            case 270:
                return Rect(rect.y, width - rect.right, rect.height, rect.width)
            case _:
                return rect

    def seen(self, place: Place) -> Place:
        """A place on the panel as a place on the upright picture, both in fractions."""
        x, y = place
        match self.degrees:
            case 90:
                return y, 1 - x
            case 180:
                return 1 - x, 1 - y
            case 270:
                return 1 - y, x
            case _:
                return place
