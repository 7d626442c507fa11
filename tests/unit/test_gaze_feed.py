"""The feed: one newest frame, and a camera that is opened again whatever happens to it."""

import select
import threading
from collections.abc import Callable, Iterator

import pytest

from unit.gaze_lens import PATIENCE_S, Lens, frame
from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock, seconds
from vybor.gaze.sources.feed import Feed, Rule
from vybor.gaze.sources.frames import CameraMissing, CameraStopped, Frame

AT_ONCE = Rule(first_pause_s=0.001, longest_pause_s=0.004, starts_within_ns=seconds(6), silent_after_ns=seconds(1))


class Shop:
    """Where the feed opens its cameras, one after another; None is a camera that is not there."""

    def __init__(self, *lenses: Lens | None) -> None:
        self._lenses = iter(lenses)
        self.opened = 0
        self.last = Lens()

    def __call__(self) -> Lens:
        self.opened += 1
        lens = next(self._lenses, self.last)
        if lens is None:
            raise CameraMissing("no camera here")
        return lens


@pytest.fixture
def feeding() -> Iterator[Callable[[Shop], Feed]]:
    feeds: list[Feed] = []

    def feed(shop: Shop) -> Feed:
        feeds.append(Feed(shop, SystemClock(), AT_ONCE))
        return feeds[-1]

    yield feed
    for one in feeds:
        one.close()


def signalled(feed: Feed) -> bool:
    return bool(select.select([feed.descriptor], [], [], PATIENCE_S)[0])


def next_frame(feed: Feed) -> Frame:
    while signalled(feed):
        if (taken := feed.take()) is not None:
            return taken
    raise AssertionError("no frame came")


def problem(feed: Feed, now_ns: int | None = None) -> m.Trouble | None:
    notice = feed.tend(SystemClock().now_ns() if now_ns is None else now_ns)
    return notice.trouble if notice else None


def test_a_frame_is_taken_once(feeding: Callable[[Shop], Feed]) -> None:
    lens = Lens()
    feed = feeding(Shop(lens))
    lens.acts.put(frame(1))
    assert next_frame(feed).captured_ns == 1
    assert feed.take() is None
    assert problem(feed) is None


def test_only_the_newest_frame_waits(feeding: Callable[[Shop], Feed]) -> None:
    lens = Lens()
    feed = feeding(Shop(lens))
    for number in (1, 2, 3):
        lens.acts.put(frame(number))
    for _ in range(4):  # the fourth read begins when the third frame lies in the slot
        assert lens.read_again.acquire(timeout=PATIENCE_S)
    assert next_frame(feed).captured_ns == 3
    assert feed.take() is None


def test_a_missing_camera_is_looked_for_again(feeding: Callable[[Shop], Feed]) -> None:
    lens = Lens()
    feed = feeding(Shop(None, None, lens))
    assert signalled(feed)
    assert problem(feed) is m.Trouble.CAMERA_MISSING
    lens.acts.put(frame(5))
    assert next_frame(feed).captured_ns == 5
    assert problem(feed) is None


def test_a_camera_that_stops_is_closed_and_opened_again(feeding: Callable[[Shop], Feed]) -> None:
    lens, second = Lens(), Lens()
    feed = feeding(Shop(lens, second))
    lens.acts.put(frame(1))
    next_frame(feed)
    lens.acts.put(CameraStopped("unplugged"))
    assert signalled(feed)
    assert problem(feed) is m.Trouble.CAMERA_STOPPED
    assert lens.closed.wait(PATIENCE_S)
    second.acts.put(frame(2))
    assert next_frame(feed).captured_ns == 2
    assert problem(feed) is None


def test_a_frame_from_before_the_stop_is_not_taken_after_it(feeding: Callable[[Shop], Feed]) -> None:
    lens, second = Lens(), Lens()
    feed = feeding(Shop(lens, second))
    lens.acts.put(frame(1))
    lens.acts.put(CameraStopped("unplugged"))
    assert second.read_again.acquire(timeout=PATIENCE_S)
    assert feed.take() is None


def test_a_camera_that_hangs_is_interrupted_and_opened_again(feeding: Callable[[Shop], Feed]) -> None:
    lens, second = Lens(), Lens()
    feed = feeding(Shop(lens, second))
    lens.acts.put(frame(1))
    next_frame(feed)
    now_ns = SystemClock().now_ns()
    assert problem(feed, now_ns) is None
    assert problem(feed, now_ns + seconds(1.1)) is m.Trouble.CAMERA_STOPPED
    assert lens.closed.wait(PATIENCE_S)
    notice = feed.tend(now_ns + seconds(1.1))
    assert notice is not None
    assert "no frame for 1." in notice.detail
    second.acts.put(frame(2))
    assert next_frame(feed).captured_ns == 2
    assert problem(feed, now_ns) is None


def test_a_camera_may_take_its_time_to_start(feeding: Callable[[Shop], Feed]) -> None:
    lens = Lens()
    feed = feeding(Shop(lens))
    assert lens.read_again.acquire(timeout=PATIENCE_S)
    now_ns = SystemClock().now_ns()
    assert problem(feed, now_ns + seconds(5)) is None
    assert problem(feed, now_ns + seconds(7)) is m.Trouble.CAMERA_STOPPED


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_foresaw_ends_the_process(feeding: Callable[[Shop], Feed]) -> None:
    lens = Lens()
    feed = feeding(Shop(lens))
    lens.acts.put(RuntimeError("a driver lost its mind"))
    assert lens.closed.wait(PATIENCE_S)
    feed._thread.join(PATIENCE_S)
    with pytest.raises(RuntimeError, match="thread has ended"):
        feed.tend(SystemClock().now_ns())


def test_a_camera_that_hangs_while_it_opens_is_told_and_heals_by_itself(
    feeding: Callable[[Shop], Feed],
) -> None:
    lens, may_open = Lens(), threading.Event()

    class Stuck(Shop):
        def __call__(self) -> Lens:
            may_open.wait(PATIENCE_S)
            return super().__call__()

    feed = feeding(Stuck(lens))
    now_ns = SystemClock().now_ns()
    try:
        assert problem(feed, now_ns + seconds(5)) is None
        assert problem(feed, now_ns + seconds(7)) is m.Trouble.CAMERA_STOPPED
    finally:
        may_open.set()
    lens.acts.put(frame(1))
    next_frame(feed)
    assert problem(feed) is None
