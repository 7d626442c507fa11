"""A wearer is not worn down: nobody asks again at once, however the last question ended but by a yes."""

import pytest

from unit.reading_kit import ELSEWHERE, HERE, Kit
from vybor.contracts.messages import Readable, ReadRefusal
from vybor.core.decision import readers
from vybor.core.decision.readers import LEASE_NS, QUIET_NS


@pytest.mark.parametrize("how", ["left", "gone", "ended"])
def test_who_takes_a_question_back_cannot_ask_again_at_once(how: str) -> None:
    kit = Kit()
    kit.wish(Readable.LOG)
    if how == "left":
        kit.wish(leaves=True)
    elif how == "gone":
        kit.now_ns += LEASE_NS + 1
    else:
        kit.desk.known = readers.all_ended(kit.desk.known, kit.now_ns)
    kit.turn()
    assert kit.screen().readers is None
    for browser in (HERE, ELSEWHERE):
        assert kit.wish(Readable.LOG, browser).refused is ReadRefusal.JUST_ASKED
    kit.later(QUIET_NS)
    assert kit.wish(Readable.LOG).asked is Readable.LOG


def test_no_other_question_takes_the_place_of_one_that_stands() -> None:
    kit = Kit()
    kit.wish(Readable.LOG)
    told = kit.wish(Readable.EXPORT)
    assert (told.asked, told.refused) == (Readable.LOG, ReadRefusal.JUST_ASKED)
    told = kit.wish(Readable.LOG)
    assert (told.asked, told.refused) == (Readable.LOG, ReadRefusal.NONE)
    assert kit.desk.known.numbers == 1


def test_who_was_allowed_and_leaves_may_ask_again() -> None:
    kit = Kit().granted(Readable.MIRROR)
    kit.wish(leaves=True)
    assert kit.wish(Readable.MIRROR).asked is Readable.MIRROR
