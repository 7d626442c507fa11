"""What a person who noticed something wrong does about it. Pure."""

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import Role


class Owed(msgspec.Struct, frozen=True):
    """What should stand there, and does not: the person noticed something wrong and mends it."""

    text: str
    letters: int
    """Of the next word: exact ones and groups that were looked at."""
    calls: bool = False
    """Help was called, which nobody needs."""
    left: int = 6
    """So many choices are spent on mending; then the person writes on from what is there."""

    def is_paid(self, screen: m.Screen) -> bool:
        """Whether all is as it should be."""
        return (
            not self.calls
            and screen.text == self.text
            and len(screen.prefix) <= self.letters
            and screen.mode is not m.Mode.MENU
        )

    def roles(self, screen: m.Screen) -> tuple[Role, ...]:
        """What mends it, the likelier first."""
        if screen.mode is m.Mode.REST:
            return (Role.WAKE,)
        undo_first = self.calls or screen.text != self.text
        return (Role.UNDO, Role.BACK) if undo_first else (Role.BACK, Role.UNDO)
