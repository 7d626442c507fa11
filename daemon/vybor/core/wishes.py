"""What the person has switched on that outlives every start: *Learn nothing*, and rest. Pure.

The record has both too. But it may come late, or not before somebody unlocks the kit, or be damaged, or have ended
before it took the last choice; so a file of their own (`wishes_file`) has them, which is there before the first
page is. What either of the two knows to be on is on.
"""

import msgspec

from vybor.composer.lasting import Lasting
from vybor.composer.writing import Writing
from vybor.contracts.messages import Mode


class Wishes(msgspec.Struct, frozen=True):
    """How the kit is to be whenever it starts."""

    incognito: bool = False
    """Nothing is learned."""
    resting: bool = False
    """Nothing but waking is possible."""


NOTHING_ON = Wishes()
UNREADABLE = Wishes(incognito=True, resting=True)
"""In place of what cannot be read: the person sees both on the screen, and can switch them off."""


def wished(now: Writing) -> Wishes:
    """What is on; `now` is what is really being written."""
    return Wishes(incognito=now.lasting.incognito, resting=now.mode is Mode.REST)


def first(wishes: Wishes) -> Writing:
    """The empty line with what was on before."""
    mode = Mode.REST if wishes.resting else Mode.WORDS
    return Writing(mode=mode, lasting=Lasting(incognito=wishes.incognito))
