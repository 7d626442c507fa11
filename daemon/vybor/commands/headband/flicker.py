"""`vybor headband flicker`: whether tiles may flicker and, if not, why; and a clinician's word for it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.contracts.messages import FlickerWish
from vybor.foundation.clock import Clock
from vybor.foundation.errors import Missing

Ask = Callable[[str], str]

IS_CONFIRMED = """\
Flicker can bring on a seizure in somebody who never had one. What flickers in the kit: three tiles at most, 7 to
13 times a second, by less than a tenth of the screen's greatest luminance, together less than a ninth of its
surface, while words are chosen and in a trial of about three minutes. It ends at once by Escape, by a switch that
is held for a second and with any trouble of the kit, and by itself when nothing is chosen for a while.
Only a clinician who knows the wearer, and has asked about seizures in them and their family, may confirm it."""
ROLE = "Your role, such as neurologist (nothing: it is not confirmed): "
SURE = "Type yes if you know the wearer, have asked, and allow it: "
NOT_CONFIRMED = "it is not confirmed; nothing has changed"


def lines(wish: FlickerWish, runtime: Path, clock: Clock, ask: Ask) -> Iterator[str]:
    """What is said. Raises Missing if no kit runs or it refuses, and before anything is asked of a clinician."""
    role = ""
    if wish is FlickerWish.CONFIRM:
        if why := _asked(FlickerWish.TELL, "", runtime, clock).unconfirmable:
            raise Missing(why)
        yield IS_CONFIRMED
        role = ask(ROLE).strip()
        if not role or ask(SURE).strip().casefold() != "yes":
            yield NOT_CONFIRMED
            return
    told = _asked(wish, role, runtime, clock)
    if wish is FlickerWish.FORGET:
        yield "forgotten: what a clinician confirmed, and what the trial found"
    yield from described(told)


def _asked(wish: FlickerWish, role: str, runtime: Path, clock: Clock) -> m.FlickerTold:
    with asking.reached("core", "flicker", runtime, clock) as core:
        told = core.told(m.AskFlicker(request=core.new_request(), wish=wish, role=role))
    if not isinstance(told, m.FlickerTold):
        raise Missing("the core answers something else; are kit and command of one version? see `vybor doctor`")
    return told


def described(told: m.FlickerTold) -> Iterator[str]:
    """How it stands, and every reason why nothing flickers."""
    yield f"confirmed: {told.confirmed or 'by nobody'}"
    yield f"trial: {told.tried or 'none'}"
    if not told.off:
        yield "words may flicker"
        return
    yield "nothing flickers:"
    yield from (f"  {sentence}" for sentence in told.off)
