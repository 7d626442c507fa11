"""What a carer may have the kit do from a page: these things, and nothing else that the bus can carry. Pure."""

from collections.abc import Mapping
from concurrent.futures import Future

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.numbers import Learned
from vybor.foundation.clock import seconds

PATIENCE_S = 4.0
"""A page waits so long for an answer. Dots take longer: what is under way by then is on the wearer's screen."""
MOST_DIGITS = 6
FACTORY = "factory"
BACK = "back"
BEGINNINGS: Mapping[str, tuple[str, m.AnyCommand]] = {
    "calibrate": ("gaze", m.Calibrate(request="")),
    "practise": ("core", m.Practise(request="")),
    "fit": ("core", m.Fit(request="", wish=m.FitWish.START)),
    "stop": ("core", m.Fit(request="", wish=m.FitWish.STOP)),
}
"""What is begun on the wearer's screen, and whose it is."""
OF_SYNC: Mapping[str, m.ShareWish] = {
    "open": m.ShareWish.PAIR,
    "close": m.ShareWish.NO,
    "stop": m.ShareWish.TAKE_BACK,
    "forget": m.ShareWish.UNPAIR,
}
"""Neither to agree nor to say yes to digits is among them: both are the wearer's, on the kit."""
OPENS_WITHIN_NS = seconds(10)
"""A window that nobody could open for so long would surprise who is there by then."""


class Wish(msgspec.Struct):
    """A command on its way; its answer, or None if nobody answered in time."""

    receiver: str
    command: m.AnyCommand
    reply: "Future[m.AnyReply | None]"
    patience_s: float = PATIENCE_S


def beginning(name: str) -> tuple[str, m.AnyCommand] | None:
    """What is begun under this name; None: nothing is."""
    return BEGINNINGS.get(name)


def of_model(wanted: str) -> m.AnyCommand | None:
    """Which version is to be worn: its number, the model as it came, or the one before that was good."""
    if wanted == BACK:
        return m.WearGrown(request="", back=True)
    if wanted == FACTORY:
        return m.WearGrown(request="", serial=0, kind=Learned.ADAPTER)
    is_number = wanted.isascii() and wanted.isdecimal() and len(wanted) <= MOST_DIGITS and int(wanted) > 0
    return m.WearGrown(request="", serial=int(wanted)) if is_number else None


def of_sync(name: str, now_ns: int) -> m.Share | None:
    """What is wished of the workstation under this name; None: nothing is."""
    wish = OF_SYNC.get(name)
    if wish is None:
        return None
    return m.Share(request="", wish=wish, until_ns=now_ns + OPENS_WITHIN_NS if wish is m.ShareWish.PAIR else 0)
