"""What the room needs of what it is seen on, a window or a page in a browser; and what happens there."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from vybor.contracts.messages import Area
from vybor.display.drawing.scene import Scene, Sheet
from vybor.foundation.settings import TextSize, Theme

TEXT = {TextSize.SMALL: 0.85, TextSize.NORMAL: 1.0, TextSize.LARGE: 1.2}
"""How many times as large as usual letters are."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """When something happened, where that is known better than by when it is heard of."""

    at_ns: int
    at_sd_ns: int = 0


class Pressed(msgspec.Struct, frozen=True):
    """The switch's key went down."""

    when: Moment | None = None


class Moved(msgspec.Struct, frozen=True):
    """The mouse is at this fraction of the screen."""

    x: float
    y: float
    when: Moment | None = None


class Left(msgspec.Struct, frozen=True):
    """The mouse is outside the window."""


class Released(msgspec.Struct, frozen=True):
    """The switch's key came up."""


class Escaped(msgspec.Struct, frozen=True):
    """The key that ends what flickers went down."""


class Closed(msgspec.Struct, frozen=True):
    """Somebody closed the window."""


class Uncovered(msgspec.Struct, frozen=True):
    """The window has another size, or its picture was lost."""


Happening = Pressed | Released | Escaped | Moved | Left | Closed | Uncovered


class Surface(Protocol):
    """Everybody sees it upright; where a scene takes time to get there, it says when it has."""

    painted: int
    """How often a scene changed the picture."""

    @property
    def sheet(self) -> Sheet:
        """What a scene for it is composed on."""
        ...

    @property
    def is_there(self) -> bool:
        """Whether anybody can see it; what was shown before is not there any more once this is no."""
        ...

    @property
    def is_attended(self) -> bool:
        """Whether it has to be asked often what has happened."""
        ...

    @property
    def has_keyboard(self) -> bool:
        """Whether what is typed on this desktop now comes into it."""
        ...

    def wear(self, theme: Theme) -> None:
        """Other colours, from the next scene on."""
        ...

    def happenings(self) -> Iterator[Happening]:
        """What has happened since the last call."""
        ...

    def show(self, scene: Scene) -> None:
        """Put a scene there, or on its way."""
        ...

    def shown_ns(self, now_ns: int) -> int | None:
        """When the newest scene came to stand there; None: it has not, as far as is known."""
        ...

    def prepare_flicker(self, areas: Sequence[Area], contrast: float) -> None:
        """Be ready to let the tiles of these areas flicker, as they are painted now."""
        ...

    def flash(self, bright: Sequence[bool]) -> None:
        """Show one frame of what flickers, at the next refresh; of nothing: all as it was."""
        ...

    def flip(self) -> None:
        """Show what is drawn, at the next refresh where the screen is waited for."""
        ...

    def picture(self) -> bytes:
        """What is there, as a PNG file. Raises Missing where it cannot be had."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...
