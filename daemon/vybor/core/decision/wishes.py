"""What the person has switched on that outlives every start: *Learn nothing*, *Don't learn this*, and rest. Pure.

The record has them too. But it may come late, or not before somebody unlocks the kit, or be damaged, or have ended
before it took the last choice; so a file of their own (`wishes_file`) has them, which is there before the first
page is. What either of the two knows to be on is on. *Don't learn this* stands there while the text that it was
said of is at hand, and until the record has it.
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
    private: bool = False
    """Nothing is learned of the text that the record has of the time before: it may not know that."""


NOTHING_ON = Wishes()
UNREADABLE = Wishes(incognito=True, resting=True)
"""In place of what cannot be read: the person sees both on the screen, and can switch them off."""


def wished(now: Writing, *, owes_private: bool = False) -> Wishes:
    """What is on; `now` is what is really being written.

    `owes_private`: the record does not have all of what must not be learned.
    """
    incognito = now.lasting.incognito
    private = not incognito and (owes_private or now.text in now.lasting.private)
    return Wishes(incognito=incognito, resting=now.mode is Mode.REST, private=private)


def first(wishes: Wishes) -> Writing:
    """The empty line with what was on before."""
    mode = Mode.REST if wishes.resting else Mode.WORDS
    return Writing(mode=mode, lasting=Lasting(incognito=wishes.incognito))
