"""A page in a real Chromium as the display: a sentence is written on it, and what dies is noticed and comes back.

VYBOR_PICTURES=FOLDER keeps a picture of what is looked at there.
"""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from processes.stage import BRISK, Kit, kit
from processes.test_panel import is_open
from processes.test_panel_browser import kept
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from world.beside import free_port
from world.chromium import DESKTOP, PHONE, PROGRAM, Chromium, chromium
from world.on_a_page import PointerOnPage
from world.person import Person

pytestmark = pytest.mark.skipif(not PROGRAM, reason="needs chromium")

SHARE = os.environ.get("VYBOR_SHARE_FOR_TESTS", "")
needs_words = pytest.mark.skipif(not SHARE, reason="needs the word list in $VYBOR_SHARE_FOR_TESTS")
LIMIT_S = 15.0
CLOCK = SystemClock()
HEARS = [m.Shown, m.Health, m.Pointer, m.BrowserLook, m.Gaze, m.SwitchPress]


class Watch:
    """Hears what the kit says, whoever is asked to wait."""

    def __init__(self, runtime: Path) -> None:
        self.bus = Bus("person", runtime, CLOCK, HEARS)
        self.limit_s = LIMIT_S
        self.newest: dict[type, m.AnyMessage] = {}
        self.came_s: dict[type, float] = {}
        self.troubles: set[m.Trouble] = set()
        self.looks: list[m.BrowserLook] = []

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + self.limit_s
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.troubles} {self.newest}"
            self.hear()

    def hear(self, wait_s: float = 0.05) -> None:
        for arrival in self.bus.receive(wait_s):
            if not isinstance(arrival, Heard):
                continue
            self.newest[type(arrival.message)] = arrival.message
            self.came_s[type(arrival.message)] = time.perf_counter()
            if isinstance(arrival.message, m.BrowserLook):
                self.looks.append(arrival.message)
            if isinstance(arrival.message, m.Health) and arrival.publisher == "browser":
                self.troubles = {notice.trouble for notice in arrival.message.troubles}

    def places(self) -> list[m.BrowserLook]:
        """Looks that say where the eyes are."""
        return [look for look in self.looks if look.x is not None]

    @property
    def shown(self) -> m.Shown | None:
        shown = self.newest.get(m.Shown)
        return shown if isinstance(shown, m.Shown) else None

    def is_silent(self) -> bool:
        """Whether a display said nothing for longer than it may."""
        return time.perf_counter() - self.came_s.get(m.Shown, 0.0) > 1.3


@contextmanager
def writing(folder: Path, *names: str, more: str = "", share: str = "") -> Iterator[tuple[Kit, int, Watch]]:
    port = free_port()
    settings = f'{more}{BRISK}[gaze]\nsource = "pointer"\n[browser]\nlisten = "here"\nport = {port}\n'
    with kit(folder, *names, share=Path(share) if share else None, settings=settings) as running:
        watch = Watch(running.runtime)
        try:
            yield running, port, watch
        finally:
            watch.bus.close()


def link(running: Kit) -> str:
    """What `vybor browser` says."""
    deadline = time.perf_counter() + LIMIT_S
    while not (running.runtime / "browser.link").exists():
        assert time.perf_counter() < deadline, running.log("browser")
        time.sleep(0.05)
    command = [sys.executable, "-m", "vybor", "browser", "--runtime", str(running.runtime)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def open_page(browser: Chromium, running: Kit, watch: Watch, size: tuple[int, int] = DESKTOP) -> None:
    browser.size(size)
    browser.open(link(running))
    watch.until(
        lambda: watch.shown is not None and watch.shown.screen is not None and bool(watch.shown.screen.tiles)
    )


def test_the_link_is_for_the_kit_s_own_users(tmp_path: Path) -> None:
    with writing(tmp_path, "browser") as (running, _, _):
        link(running)
        assert (running.runtime / "browser.link").stat().st_mode & 0o777 == 0o640


@needs_words
def test_a_sentence_is_written_on_the_page_with_the_pointer(tmp_path: Path) -> None:
    names = ("core", "gaze", "journal", "browser", "display")
    with writing(tmp_path, *names, share=SHARE) as (running, _, watch), chromium(tmp_path) as browser:
        browser.size(DESKTOP)
        browser.open(link(running))
        person = Person(watch.bus, PointerOnPage(browser, DESKTOP), CLOCK, print)
        written = person.write("I am here.")
        assert written.said == "I am here."
        assert person.unmeant == []
        browser.until(lambda: browser.run("document.getElementById('spoken').textContent") == "Spoken: I am here.")
        assert [each for each in browser.complaints if "favicon" not in each] == []
        kept(browser, "browser-written", tmp_path)
        print(running.log("browser"))


def test_the_page_is_the_display_only_while_it_is_seen(tmp_path: Path) -> None:
    with writing(tmp_path, "core", "gaze", "journal", "browser") as (running, _, watch):
        watch.until(lambda: m.Trouble.BROWSER_AWAY in watch.troubles)
        assert watch.shown is None
        with chromium(tmp_path) as browser:
            open_page(browser, running, watch)
            watch.until(lambda: not watch.troubles)
            assert watch.shown
            assert 0 <= CLOCK.now_ns() - watch.shown.at_ns < 5e9
        watch.until(lambda: m.Trouble.BROWSER_AWAY in watch.troubles)
        watch.until(watch.is_silent)


@pytest.mark.slow
def test_where_the_pointer_is_and_when_it_was_there_are_told_and_the_switch_is_a_press(tmp_path: Path) -> None:
    with (
        writing(tmp_path, "core", "gaze", "journal", "browser") as (running, _, watch),
        chromium(tmp_path) as browser,
    ):
        open_page(browser, running, watch)
        began_ns = CLOCK.now_ns()
        PointerOnPage(browser, DESKTOP).look(0.25, 0.75)
        watch.until(lambda: isinstance(watch.newest.get(m.Gaze), m.Gaze))
        gaze = watch.newest[m.Gaze]
        assert isinstance(gaze, m.Gaze)
        assert gaze.point
        assert (gaze.point.x, gaze.point.y) == (pytest.approx(0.25, abs=0.002), pytest.approx(0.75, abs=0.002))
        assert began_ns - 50e6 < gaze.at_ns < CLOCK.now_ns()
        press(browser)
        watch.until(lambda: m.SwitchPress in watch.newest)
        pressed = watch.newest[m.SwitchPress]
        assert isinstance(pressed, m.SwitchPress)
        assert began_ns < pressed.at_ns < CLOCK.now_ns()
        assert 0 < pressed.at_sd_ns < 50e6


def press(browser: Chromium) -> None:
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key=" ", code="Space")


@pytest.mark.slow
def test_a_kit_that_stops_is_told_on_the_page_and_comes_back(tmp_path: Path) -> None:
    with (
        writing(tmp_path, "core", "gaze", "journal", "browser") as (running, _, watch),
        chromium(tmp_path) as browser,
    ):
        open_page(browser, running, watch)
        browser.until(lambda: browser.run("document.getElementById('veil').hidden") is True)
        running.kill("browser")
        browser.until(lambda: "The connection to the kit is lost." in browser.text())
        watch.newest.clear()
        running.start("browser")
        watch.until(lambda: watch.shown is not None and watch.shown.screen is not None)
        browser.until(lambda: browser.run("document.getElementById('veil').hidden") is True)


def fills_the_window(browser: Chromium) -> bool:
    """Whether something is drawn in the tile on the upper right."""
    pixel = "[...document.getElementById('screen').getContext('2d').getImageData({}, {}, 1, 1).data].join()"
    tile, ground = (browser.run(pixel.format(*at)) for at in ((1100, 40), (640, 795)))
    return tile != ground


def test_a_window_that_says_its_size_too_early_is_filled_all_the_same(tmp_path: Path) -> None:
    with (
        writing(tmp_path, "core", "gaze", "journal", "browser") as (running, _, watch),
        chromium(tmp_path) as browser,
    ):
        open_page(browser, running, watch)
        browser.until(lambda: fills_the_window(browser))
        browser.run("Object.defineProperty(window, 'innerWidth', {value: 0, configurable: true})")
        browser.run("window.dispatchEvent(new Event('resize'))")
        browser.until(lambda: not fills_the_window(browser))
        browser.run("Object.defineProperty(window, 'innerWidth', {value: 1280, configurable: true})")
        browser.until(lambda: fills_the_window(browser))


def test_one_page_at_a_time_and_no_page_without_the_key(tmp_path: Path) -> None:
    with (
        writing(tmp_path, "core", "gaze", "journal", "browser") as (running, port, watch),
        chromium(tmp_path / "a") as browser,
        chromium(tmp_path / "b") as other,
    ):
        open_page(browser, running, watch)
        other.open(f"http://localhost:{port}/#wrong")
        other.until(lambda: "This link does not open this kit." in other.text())
        other.open("about:blank")
        other.open(link(running))
        browser.until(lambda: "Another page is the display now." in browser.text())
        browser.run("document.getElementById('here').click()")
        other.until(lambda: "Another page is the display now." in other.text())
        browser.until(lambda: browser.run("document.getElementById('veil').hidden") is True)


def test_in_the_network_it_is_tls_by_the_certificate_that_the_link_is_said_with(tmp_path: Path) -> None:
    port = free_port()
    told = f'listen = "network"\naddress = "127.0.0.1"\nport = {port}\n'
    settings = f'{BRISK}[gaze]\nsource = "pointer"\n[browser]\n{told}'
    with kit(tmp_path, "core", "journal", "browser", settings=settings) as running, chromium(tmp_path) as browser:
        watch = Watch(running.runtime)
        try:
            address, certificate = link(running).splitlines()
            assert address.startswith(f"https://127.0.0.1:{port}/#")
            der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))
            assert (
                certificate.removeprefix("its certificate: ").replace(":", "") == sha256(der).hexdigest().upper()
            )
            browser.open(address)
            watch.until(lambda: watch.shown is not None and watch.shown.screen is not None)
        finally:
            watch.bus.close()


def test_off_nothing_listens_and_the_kit_has_no_key(tmp_path: Path) -> None:
    port = free_port()
    with kit(tmp_path, "browser", settings=f"[browser]\nport = {port}\n") as running:
        watch = Watch(running.runtime)
        try:
            watch.until(lambda: m.Health in watch.newest)
            assert not is_open(port)
            assert not (running.state / "browser").exists()
            assert not (running.runtime / "browser.link").exists()
        finally:
            watch.bus.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_is_drawn_on_a_phone_and_on_a_desktop(language: str, tmp_path: Path) -> None:
    more = f'language = "{language}"\n'
    with (
        writing(tmp_path, "core", "gaze", "journal", "browser", more=more, share=SHARE) as (running, _, watch),
        chromium(tmp_path) as browser,
    ):
        for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            open_page(browser, running, watch, size)
            browser.until(lambda: browser.run("document.getElementById('veil').hidden") is True)
            tiles = watch.shown.screen.tiles if watch.shown and watch.shown.screen else ()
            label = next(tile.label for tile in tiles if tile.role in (Role.CANDIDATE, Role.GROUP, Role.KEY))
            browser.until(lambda: label in str(browser.run("document.getElementById('words').textContent")))  # noqa: B023
            assert browser.run("document.documentElement.lang") == language
            watch.hear(0.5)
            kept(browser, f"browser-{language}-{name}", tmp_path)
        assert [each for each in browser.complaints if "favicon" not in each] == []
