"""A page as the display sees it: what it is sent, when that stands there, and when nobody sees it any more."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.panel_browser import HandClock
from vybor.browser import keeping, talk
from vybor.browser.desk import MOST_WAITING, Desk, Line
from vybor.browser.page import Page
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Disc, Patch, Rect, Scene, Text
from vybor.display.drawing.surface import Happening, Left, Moved, Pressed, Uncovered
from vybor.foundation.displays import Opening, links
from vybor.foundation.errors import PlaceError
from vybor.foundation.settings import DisplaySettings, Theme

KEY = "k" * 32
MS = 1_000_000


class Browser:
    """What a page was sent, and how it was ended."""

    def __init__(self) -> None:
        self.got: list[dict[str, object]] = []
        self.ended: list[int] = []
        self.line = Line(
            lambda payload: self.got.append(json.loads(payload)), lambda code, _: self.ended.append(code)
        )

    def all(self, kind: str) -> list[dict[str, object]]:
        return [each for each in self.got if each["kind"] == kind]


class Stand:
    """A desk, the page on it, a clock that stands, and a browser with a clock of its own."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.desk = Desk(self.clock, KEY)
        self.page = Page(self.desk, self.clock, DisplaySettings(), 1.0)
        self.browser = Browser()

    def greet(self, browser: Browser | None = None) -> list[Happening]:
        self.browser = browser or self.browser
        hello = talk.Hello(key=KEY, width=1280, height=720, regular={"a": 0.5}, bold={"a": 0.6})
        self.desk.come(self.browser.line, hello)
        return list(self.page.happenings())

    def say(self, said: talk.AnySaid) -> list[Happening]:
        assert self.desk.said(self.browser.line, said)
        return list(self.page.happenings())

    def tock(self) -> None:
        """Its clock is ours, less 100 s; ways take 2 ms each."""
        number = self.browser.all("tick")[-1]["number"]
        self.clock.turn(0.004)
        assert isinstance(number, int)
        self.say(talk.Tock(number=number, at=self.page_ms() - 2))

    def page_ms(self) -> float:
        return self.clock.ns / MS - 100_000


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    yield made
    made.desk.close()


def scene(*words: str) -> Scene:
    patches = tuple(
        Patch(Rect(0, 100 * at, 200, 100), (Box(Rect(0, 100 * at, 200, 100), Colour.TILE), line(word, 100 * at)))
        for at, word in enumerate(words)
    )
    return Scene(1280, 720, patches)


def line(word: str, top: int) -> Text:
    return Text(word, 5, top + 50, 20, Colour.INK)


def test_a_page_that_comes_is_told_everything_and_then_what_is_another(stand: Stand) -> None:
    assert not stand.page.is_there
    assert Uncovered() in stand.greet()
    assert stand.page.is_there
    assert [each["kind"] for each in stand.browser.got][:2] == ["signs", "colours"]
    stand.page.show(scene("I", "am"))
    stand.page.show(scene("I", "was"))
    first, second = stand.browser.all("scene")
    assert (first["whole"], second["whole"]) == (True, False)
    assert [patch[3] for patch in first["patches"]] == ["I", "am"]  # type: ignore[attr-defined]
    assert [patch[0] for patch in second["patches"]] == [1]  # type: ignore[attr-defined]


def test_what_is_shown_is_there_once_the_page_has_said_so_and_since_then(stand: Stand) -> None:
    stand.greet()
    stand.tock()
    stand.page.show(scene("I"))
    sent = stand.browser.all("scene")[-1]["number"]
    assert isinstance(sent, int)
    stand.clock.turn(0.03)
    flipped_ns, at_ms = stand.clock.ns, stand.page_ms()
    stand.clock.turn(0.01)
    assert stand.page.shown_ns(stand.clock.ns) is None
    stand.say(talk.Flipped(number=sent - 1, at=at_ms))
    assert stand.page.shown_ns(stand.clock.ns) is None, "that was the one before"
    stand.say(talk.Flipped(number=sent, at=at_ms))
    assert stand.page.shown_ns(stand.clock.ns) == pytest.approx(flipped_ns, abs=2 * MS)


def test_a_page_that_draws_nothing_is_not_seen_and_told_everything_once_it_does(stand: Stand) -> None:
    stand.greet()
    stand.page.show(scene("I"))
    number = stand.browser.all("scene")[-1]["number"]
    assert isinstance(number, int)
    stand.clock.turn(1.1)
    list(stand.page.happenings())
    assert not stand.page.is_there
    assert Uncovered() in stand.say(talk.Flipped(number=number, at=0.0))
    assert stand.page.is_there
    stand.page.show(scene("I"))
    assert stand.browser.all("scene")[-1]["whole"]


def test_a_page_that_answers_nothing_or_is_out_of_sight_or_gone_is_not_there(stand: Stand) -> None:
    stand.greet()
    assert stand.say(talk.Seen(visible=False)) == []
    assert not stand.page.is_there
    assert Uncovered() in stand.say(talk.Seen(visible=True))
    stand.page.show(scene("I"))
    number = stand.browser.all("scene")[-1]["number"]
    assert isinstance(number, int)
    stand.say(talk.Flipped(number=number, at=0.0))
    stand.clock.turn(1.9)
    assert stand.page.is_there
    stand.clock.turn(0.2)
    assert not stand.page.is_there
    stand.say(talk.Tock(number=0, at=0.0))
    stand.desk.gone(stand.browser.line)
    assert list(stand.page.happenings()) == [Left()]
    assert not stand.page.is_there


def test_the_newest_page_is_the_display_and_the_one_before_says_nothing_more(stand: Stand) -> None:
    stand.greet()
    first = stand.browser
    stand.greet(Browser())
    assert not stand.desk.said(first.line, talk.Left())
    stand.desk.gone(first.line)
    list(stand.page.happenings())
    assert stand.page.is_there
    assert stand.browser.all("signs")


def test_what_stood_on_the_page_before_does_not_stand_on_this_one(stand: Stand) -> None:
    stand.greet()
    stand.tock()
    stand.page.show(scene("I"))
    number = stand.browser.all("scene")[-1]["number"]
    assert isinstance(number, int)
    stand.greet(Browser())
    stand.say(talk.Flipped(number=number, at=stand.page_ms()))
    assert stand.page.shown_ns(stand.clock.ns) is None


def test_what_the_page_before_said_last_is_not_taken_for_this_one_s(stand: Stand) -> None:
    stand.greet()
    stand.tock()
    assert stand.desk.said(stand.browser.line, talk.Pressed(at=stand.page_ms()))
    assert not any(isinstance(happened, Pressed) for happened in stand.greet(Browser()))


def test_the_clock_of_the_page_before_is_not_this_one_s(stand: Stand) -> None:
    stand.greet()
    stand.tock()
    stand.greet(Browser())
    stand.say(talk.Look(x=0.5, y=0.5, at=stand.page_ms()))
    assert stand.page.looks() == ()


def test_the_answer_to_an_earlier_tick_says_nothing_of_the_clock(stand: Stand) -> None:
    stand.greet()
    earlier = stand.browser.all("tick")[-1]["number"]
    stand.clock.turn(0.6)
    list(stand.page.happenings())
    assert isinstance(earlier, int)
    assert stand.browser.all("tick")[-1]["number"] == earlier + 1
    stand.say(talk.Tock(number=earlier, at=stand.page_ms()))
    stand.say(talk.Look(x=0.5, y=0.5, at=stand.page_ms()))
    assert stand.page.looks() == (), "its clock is not known yet"


def test_the_key_is_made_once_is_its_owner_s_alone_and_no_link_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "browser"
    made = keeping.key(folder)
    assert keeping.KEY.fullmatch(made)
    assert keeping.key(folder) == made
    path = folder / "key"
    assert [each.stat().st_mode & 0o777 for each in (folder, path)] == [0o700, 0o600]
    for damaged in (made + "k", made[:-1], "", "short"):
        path.write_text(damaged)
        again = keeping.key(folder)
        assert again != made
        assert keeping.KEY.fullmatch(again)
    (tmp_path / "elsewhere").write_text(made)
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PlaceError):
        keeping.key(folder)


def test_a_page_that_floods_the_kit_is_not_listened_to(stand: Stand) -> None:
    stand.greet()
    taken = [stand.desk.said(stand.browser.line, talk.Left()) for _ in range(MOST_WAITING + 1)]
    assert taken == [True] * MOST_WAITING + [False]


def test_the_pointer_and_the_switch_were_there_when_the_page_says(stand: Stand) -> None:
    stand.greet()
    stand.tock()
    moved_ns, at_ms = stand.clock.ns, stand.page_ms()
    stand.clock.turn(0.02)
    (moved,) = stand.say(talk.Moved(x=0.25, y=0.5, at=at_ms))
    (pressed,) = stand.say(talk.Pressed(at=at_ms))
    assert isinstance(moved, Moved)
    assert isinstance(pressed, Pressed)
    for when in (moved.when, pressed.when):
        assert when is not None
        assert abs(when.at_ns - moved_ns) <= 2 * MS
        assert when.at_sd_ns >= MS


def test_looks_are_of_when_the_page_says_and_less_exact_by_what_the_camera_takes(stand: Stand) -> None:
    stand.greet()
    assert stand.say(talk.Look(x=0.5, y=0.5, at=0.0)) == []
    assert stand.page.looks() == (), "its clock is not known yet"
    stand.tock()
    seen_ns, at_ms = stand.clock.ns, stand.page_ms()
    stand.clock.turn(0.05)
    stand.say(talk.Look(x=0.25, y=-0.1, at=at_ms))
    stand.say(talk.Look(x=None, y=None, at=at_ms))
    look, blind = stand.page.looks()
    assert abs(look.at_ns - seen_ns) <= 2 * MS
    assert look.at_sd_ns >= 30 * MS
    assert (look.x, look.y, blind.x) == (0.25, -0.1, None)
    assert stand.page.looks() == ()


def test_letters_are_as_wide_as_the_page_says_and_unknown_ones_as_they_are_high(stand: Stand) -> None:
    stand.greet()
    width_of = stand.page.sheet.width_of
    assert (width_of("aa", 20, False), width_of("aa", 20, True), width_of("a😀", 20, False)) == (20, 24, 30)
    stand.say(talk.Sized(width=390, height=844))
    assert (stand.page.sheet.width, stand.page.sheet.height) == (390, 844)


def test_colours_are_told_and_what_is_spoken_once(stand: Stand) -> None:
    stand.greet()
    stand.page.wear(Theme.LIGHT)
    assert stand.browser.all("colours")[-1]["theme"] == "light"
    for _ in range(3):
        stand.page.speak("I am here.", "en")
    assert [each["said"] for each in stand.browser.all("spoken")] == ["I am here."]


def test_words_of_a_patch_are_told_line_by_line() -> None:
    things = (
        Text("here", 5, 90, 20, Colour.INK),
        Text("am", 60, 50, 20, Colour.INK),
        Text("I", 5, 50, 20, Colour.INK),
    )
    ringed = (*things, Disc(1, 1, 5, Colour.ACCENT, 2))
    told = talk.scene(Scene(200, 100, (Patch(Rect(0, 0, 200, 100), ringed),)), None, 1)
    assert told["patches"][0][3] == "I am here"  # type: ignore[index]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "[]",
        '{"kind":"nothing"}',
        '{"kind":"moved","x":0.5,"y":1e9,"at":1}',
        '{"kind":"moved","x":NaN,"y":0.5,"at":1}',
        '{"kind":"sized","width":0,"height":5}',
        '{"kind":"hello","key":"k","width":10,"height":10,"regular":{"ab":1},"bold":{}}',
        '{"kind":"tock","number":1,"at":-1}',
    ],
)
def test_what_no_page_of_ours_says_is_not_understood(payload: str) -> None:
    assert talk.understood(payload) is None


def test_the_key_opens_and_no_other() -> None:
    desk = Desk(HandClock(), KEY)
    assert desk.opens(KEY)
    assert not any(desk.opens(key) for key in ("", "k", KEY + "k", KEY.upper(), "ключ"))
    desk.close()


def test_links_are_those_of_the_kit_itself_or_of_its_addresses_in_the_network() -> None:
    here = Opening(port=8442, key="abc")
    assert links(here, ("192.168.1.20",)) == ("http://localhost:8442/#abc",)
    there = Opening(port=8442, key="abc", certificate="3A:9F")
    assert links(there, ("192.168.1.20", "fd00::1")) == (
        "https://192.168.1.20:8442/#abc",
        "https://[fd00::1]:8442/#abc",
    )
    assert links(Opening(port=1, key="k", certificate="3A", address="10.0.0.2"), ("192.168.1.20",)) == (
        "https://10.0.0.2:1/#k",
    )


def test_another_page_s_letters_are_as_wide_as_that_one_says(stand: Stand) -> None:
    stand.greet()
    assert stand.page.sheet.width_of("aaaa", 20, False) == 40
    hello = talk.Hello(key=KEY, width=1280, height=720, regular={"a": 0.7}, bold={"a": 0.8})
    other = Browser()
    stand.desk.come(other.line, hello)
    list(stand.page.happenings())
    assert stand.page.sheet.width_of("aaaa", 20, False) == 56
