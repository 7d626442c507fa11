"""A page in a browser, as the room `display` sees it: what is drawn goes there, what happens comes back."""

import logging
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from vybor.browser import talk, timing
from vybor.browser.desk import Came, Desk, Line
from vybor.browser.timing import Timing, Trip
from vybor.contracts import messages as m
from vybor.contracts.messages import Area
from vybor.display.drawing import surface
from vybor.display.drawing.scene import MEASURED, Scene, Sheet
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.errors import Missing
from vybor.foundation.settings import DisplaySettings, Theme

log = logging.getLogger("vybor.browser")

TICK_NS = seconds(0.5)
SILENT_NS = seconds(2)
"""Four ticks without an answer: nobody knows what is seen there, if anything."""
LOST_NS = seconds(1)
"""A scene that has not come to stand there by then is not seen: browsers draw nothing where it is covered."""
CAMERA_SD_NS = seconds(0.03)
"""How long a picture was on its way from the lens to the page, no browser says: about so much more or less."""
SMALLEST = (320, 240)
UNKNOWN_WIDTH = 1.0
"""Of a letter that the page has not measured: as wide as high."""


class Page:
    """A `Surface`. What a page was told is forgotten with it: the next one is told everything."""

    def __init__(self, desk: Desk, clock: Clock, settings: DisplaySettings, text: float) -> None:
        self._desk = desk
        self._clock = clock
        self._theme = settings.theme
        self._switch_key = settings.switch_key
        self._spoken = ""
        self._text = text
        self._line: Line | None = None
        self._size = (0, 0)
        self._widths: tuple[talk.Widths, talk.Widths] = ({}, {})
        self._is_visible = False
        self._timing = Timing()
        self._ticked: tuple[int, int] = (0, 0)
        """The newest tick's number, and when it was sent."""
        self._heard_ns = 0
        self._last: Scene | None = None
        self._number = 0
        """Of the newest scene…"""
        self._sent_ns = 0
        self._flipped_ns: int | None = None
        """…and since when it stands there."""
        self._looks: tuple[m.BrowserLook, ...] = ()
        self.painted = 0
        self._measure = lru_cache(maxsize=MEASURED)(self._width)

    @property
    def sheet(self) -> Sheet:
        """A smaller window shows a part of it."""
        width, height = self._size
        return Sheet(max(width, SMALLEST[0]), max(height, SMALLEST[1]), self._measure, self._text)

    @property
    def is_there(self) -> bool:
        """Whether a page is open, answers, and is in front."""
        if self._line is None or not self._is_visible:
            return False
        now_ns = self._clock.now_ns()
        if now_ns - self._heard_ns > SILENT_NS:
            return False
        return self._flipped_ns is not None or not self._number or now_ns - self._sent_ns <= LOST_NS

    @property
    def is_attended(self) -> bool:
        """What happens there wakes the loop by itself."""
        return False

    @property
    def has_keyboard(self) -> bool:
        """Nothing is typed into a page by the kit."""
        return False

    def wear(self, theme: Theme) -> None:
        """Other colours: what was drawn is drawn anew in them by the page itself."""
        self._theme = theme
        self._tell(talk.colours(theme))

    def speak(self, said: str, language: str) -> None:
        """What was given to the voice is told to who hears the page, once."""
        if said != self._spoken:
            self._spoken = said
            self._tell(talk.spoken(said, language))

    def looks(self) -> tuple[m.BrowserLook, ...]:
        """Where the eyes were since the last call, if the page follows them."""
        looks, self._looks = self._looks, ()
        return looks

    def happenings(self) -> Iterator[surface.Happening]:
        """What has happened since the last call."""
        was_there = self.is_there
        line, came = self._desk.take()
        if line is not self._line and line is None:
            self._line = None
            log.info("the page is gone")
            yield surface.Left()
        for each in came:
            if line is not None:
                yield from self._happened(line, each)
        self._tick()
        if self.is_there and not was_there:
            self._last, self._flipped_ns, self._number = None, None, self._number + 1
            self._sent_ns = self._clock.now_ns()
            yield surface.Uncovered()

    def show(self, scene: Scene) -> None:
        """Send what is another."""
        self._number += 1
        self._sent_ns, self._flipped_ns = self._clock.now_ns(), None
        self._tell(talk.scene(scene, self._last, self._number))
        self._last = scene
        self.painted += 1

    def shown_ns(self, now_ns: int) -> int | None:
        """When the page drew it."""
        return self._flipped_ns

    def prepare_flicker(self, areas: Sequence[Area], contrast: float) -> None:
        """Nothing flickers in a browser: its frames cannot be waited for, so its refresh is never steady."""

    def flash(self, bright: Sequence[bool]) -> None:
        """Nothing flickers."""

    def flip(self) -> None:
        """Nothing is waited for."""

    def picture(self) -> bytes:
        """The browser makes it."""
        raise Missing("the display is a page in a browser: make the picture there")

    def close(self) -> None:
        """The page is told by the server's end."""

    def _happened(self, line: Line, came: Came) -> Iterator[surface.Happening]:
        self._heard_ns = came.got_ns
        match came.said:
            case talk.Hello() as hello:
                yield from self._greeted(line, hello)
            case talk.Tock() | talk.Flipped() as told:
                self._answered(told, came.got_ns)
            case talk.Look() as look:
                self._looks += _look(look, self._timing, came.got_ns)
            case talk.Seen(visible=visible):
                self._is_visible = visible
            case talk.Sized(width=width, height=height):
                self._size = width, height
                yield surface.Uncovered()
            case at_hand:
                if happening := _at_hand(at_hand, self._timing, came.got_ns):
                    yield happening

    def _answered(self, told: talk.Tock | talk.Flipped, got_ns: int) -> None:
        """The page had a tick, or has drawn a scene: the newest ones alone count."""
        match told:
            case talk.Tock(number=number, at=at) if number == self._ticked[0]:
                self._timing = timing.answered(self._timing, Trip(self._ticked[1], got_ns, at))
            case talk.Flipped(number=number, at=at) if number == self._number:
                when = timing.moment(self._timing, at, got_ns)
                self._flipped_ns = max(self._sent_ns, when.at_ns) if when else got_ns

    def _greeted(self, line: Line, hello: talk.Hello) -> Iterator[surface.Happening]:
        """Another page, or the same one anew: it is told everything from the beginning."""
        self._line, self._size = line, (hello.width, hello.height)
        self._widths = hello.regular, hello.bold
        self._measure.cache_clear()
        self._is_visible, self._timing = True, Timing()
        self._ticked = self._ticked[0], 0
        self._last, self._flipped_ns = None, None
        self._number += 1  # what an earlier page still says of its scenes is of none of these
        self._sent_ns = self._clock.now_ns()
        log.info("a page is the display: width=%d height=%d", *self._size)
        self._tell(talk.signs(self._switch_key))
        self._tell(talk.colours(self._theme))
        yield surface.Left()
        yield surface.Uncovered()

    def _tick(self) -> None:
        now_ns = self._clock.now_ns()
        if self._line is not None and now_ns - self._ticked[1] >= TICK_NS:
            self._ticked = self._ticked[0] + 1, now_ns
            self._tell(talk.tick(self._ticked[0]))

    def _tell(self, told: dict[str, object]) -> None:
        if self._line is not None:
            self._line.send(talk.encoded(told))

    def _width(self, text: str, size: int, bold: bool) -> int:
        """Pixels on a line: a page draws without kerning, so letters add up."""
        widths = self._widths[bold]
        return math.ceil(size * sum(widths.get(letter, UNKNOWN_WIDTH) for letter in text))


def _look(look: talk.Look, known: Timing, got_ns: int) -> tuple[m.BrowserLook, ...]:
    """A look, once it is known when it was: the camera's own delay is added to how exactly that is."""
    if (when := timing.moment(known, look.at, got_ns)) is None:
        return ()
    sd_ns = round((when.at_sd_ns**2 + CAMERA_SD_NS**2) ** 0.5)
    return (m.BrowserLook(at_ns=when.at_ns, at_sd_ns=sd_ns, x=look.x, y=look.y),)


def _at_hand(said: talk.AnySaid, known: Timing, got_ns: int) -> surface.Happening | None:
    """What the pointer or the switch did, and when."""
    match said:
        case talk.Moved(x=x, y=y, at=at):
            return surface.Moved(x, y, timing.moment(known, at, got_ns))
        case talk.Left():
            return surface.Left()
        case talk.Pressed(at=at):
            return surface.Pressed(timing.moment(known, at, got_ns))
        case talk.Released():
            return surface.Released()
        case _:
            return None
