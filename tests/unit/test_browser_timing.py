"""The clock of a page, by ours: never wrong by more than is said, and never later than it was heard of."""

from hypothesis import given
from hypothesis import strategies as some

from vybor.browser import timing
from vybor.browser.timing import KEPT, Timing, Trip
from vybor.foundation.clock import seconds

MS = 1_000_000
OFFSET_NS = seconds(5000)
"""The page's clock begins so much later than ours."""


def trip(sent_ns: int, there_ms: float, back_ms: float) -> Trip:
    """A tick that takes so long to the page, and its answer so long back."""
    at_page_ns = sent_ns + round(there_ms * MS)
    return Trip(sent_ns, at_page_ns + round(back_ms * MS), (at_page_ns - OFFSET_NS) / MS)


def test_before_the_first_answer_nothing_is_known() -> None:
    assert timing.moment(Timing(), 12.0, seconds(6000)) is None


@given(
    some.lists(some.tuples(some.floats(0, 300), some.floats(0, 300)), min_size=1, max_size=40),
    some.floats(0, 1e6),
)
def test_what_happened_is_within_half_of_the_quickest_way_there_and_back(
    ways: list[tuple[float, float]], page_ms: float
) -> None:
    known = Timing()
    for at, (there_ms, back_ms) in enumerate(ways):
        known = timing.answered(known, trip(seconds(6000) + at * seconds(0.5), there_ms, back_ms))
    true_ns = round(page_ms * MS) + OFFSET_NS
    told = timing.moment(known, page_ms, true_ns + seconds(1))
    assert told
    quickest_ms = min(there + back for there, back in ways[-KEPT:])
    assert abs(told.at_ns - true_ns) <= (quickest_ms / 2 + 0.01) * MS
    assert told.at_sd_ns >= quickest_ms * MS / 12**0.5


def test_nothing_happens_after_it_was_heard_of() -> None:
    known = timing.answered(Timing(), trip(seconds(6000), 0, 80))  # its clock seems 40 ms ahead
    heard_ns = OFFSET_NS + 2000 * MS
    told = timing.moment(known, 2000.0, heard_ns)
    assert told
    assert told.at_ns == heard_ns


def test_an_answer_of_before_the_question_says_nothing() -> None:
    assert timing.answered(Timing(), Trip(10, 9, 1.0)) == Timing()
