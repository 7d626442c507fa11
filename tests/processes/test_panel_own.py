"""The wearer's own in a browser: real core, journal and panel, the wearer's looks, and a browser over TLS."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from processes.stage import BRISK, Hands, Kit, hands, kit
from processes.test_panel import LIMIT_S, Screen, browser, come_in, is_open
from processes.test_partner import partner
from processes.test_writing import saving, spell
from vybor.contracts import messages as m
from vybor.contracts.messages import Readable, Role, Saving
from world.beside import free_port


class Stage:
    """The kit with its wearer, and the port of its pages."""

    def __init__(self, kit: Kit, wearer: Hands, port: int, screen: Screen) -> None:
        self.kit, self.wearer, self.port, self.screen = kit, wearer, port, screen

    def until(self, holds: Callable[[], bool]) -> None:
        """The wearer's display goes on showing while this is waited for."""
        self.wearer.until(holds, LIMIT_S)

    def readers(self) -> m.Readers | None:
        return self.wearer.screen.readers if self.wearer.screen else None

    def ask(self, client: httpx2.Client, what: Readable) -> None:
        mark = csrf(client)
        assert client.post("/own/ask", data={"csrf": mark, "what": what}).status_code == 200
        self.until(lambda: (readers := self.readers()) is not None and readers.asked is what)

    def says(self, answer: Role) -> None:
        for role in (Role.MENU, Role.READ_ASKED, answer):
            self.wearer.choose(role)

    def say(self, word: str) -> None:
        spell(self.wearer, word)
        self.wearer.choose(Role.SPEAK)
        self.until(lambda: saving(self.wearer) is Saving.SAVED and self.wearer.text() == "")


@contextmanager
def stage(tmp_path: Path, language: str = "en") -> Iterator[Stage]:
    port = free_port()
    settings = f'language = "{language}"\n{BRISK}[panel]\nport = {port}\n'
    with kit(tmp_path, "core", "journal", "panel", settings=settings) as started, hands(started.runtime) as wearer:
        screen = Screen(started.runtime)
        try:
            screen.until(lambda: screen.health is not None and is_open(port))
            wearer.until(lambda: bool(wearer.screen and wearer.screen.tiles))
            yield Stage(started, wearer, port, screen)
        finally:
            screen.bus.close()


def csrf(client: httpx2.Client) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', client.get("/").text)[0]


def test_what_was_said_is_read_once_the_wearer_agreed_and_no_word_of_others(tmp_path: Path) -> None:
    with stage(tmp_path) as here, browser(here.port) as client, browser(here.port) as other:
        come_in(client, here.screen)
        here.screen.until(lambda: here.screen.status is not None and not here.screen.status.pin)
        come_in(other, here.screen)
        here.say("hi")
        assert partner(here.kit, "Really?").returncode == 0
        for path in ("/own/said", "/own/said.txt", "/own/record.jsonl"):
            assert client.get(path).status_code == 403
        here.ask(client, Readable.EXPORT)
        assert client.get("/own/said.txt").status_code == 403
        here.says(Role.READ_YES)
        here.until(lambda: (readers := here.readers()) is not None and len(readers.grants) == 1)
        told = client.get("/own/said.txt").text
        assert told.splitlines()[0].endswith("  Hi.")
        rows = client.get("/own/record.jsonl").text
        assert '"text_before":"Hi"' in rows
        assert "Really" not in rows + told
        assert client.get("/own/said").status_code == 403
        assert other.get("/own/said.txt").status_code == 403
        here.screen.until(lambda: here.screen.health is not None and not here.screen.troubles())
        here.wearer.choose(Role.MENU)
        here.wearer.choose(Role.REST)
        here.until(lambda: here.readers() is None)
        assert client.get("/own/said.txt").status_code == 403
        for name in ("core", "journal", "panel"):
            assert "Hi." not in here.kit.log(name)
            assert "Traceback" not in here.kit.log(name)


def test_a_mirror_lives_and_ends_with_the_wearer_s_word(tmp_path: Path) -> None:
    with stage(tmp_path) as here, browser(here.port) as client:
        come_in(client, here.screen)
        here.ask(client, Readable.MIRROR)
        here.says(Role.READ_YES)
        with client.stream("GET", "/own/live", timeout=LIMIT_S) as stream:
            lines = stream.iter_lines()
            until(lines, "Nothing was said since.")
            assert partner(here.kit, "Really?").returncode == 0
            here.say("hi")
            passed = until(lines, '<p class="line">Hi.</p>')
            for role in (Role.MENU, Role.TOOLS, Role.INCOGNITO):
                here.wearer.choose(role)
            passed += until(lines, "Nothing was said since.")
            here.say("no")
            for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.READ_END):
                here.wearer.choose(role)
            passed += until(lines, "The wearer ended it.")
            assert "No." not in passed
            assert "Really" not in passed
        here.until(lambda: here.readers() is None)


def until(lines: Iterator[str], wanted: str) -> str:
    """Read on until that comes; what came."""
    passed, until_s = "", time.perf_counter() + LIMIT_S
    while wanted not in passed:
        assert time.perf_counter() < until_s, passed
        passed += next(lines)
    return passed


@pytest.mark.parametrize("killed", ["core", "panel"])
def test_a_yes_is_gone_with_core_and_with_the_panel(killed: str, tmp_path: Path) -> None:
    with stage(tmp_path) as here, browser(here.port) as client:
        come_in(client, here.screen)
        here.say("hi")
        here.ask(client, Readable.LOG)
        here.says(Role.READ_YES)
        here.until(lambda: (readers := here.readers()) is not None and bool(readers.grants))
        assert "Hi." in client.get("/own/said").text
        here.kit.kill(killed)
        if killed == "core":
            here.kit.start("core")
        here.until(lambda: here.wearer.screen is not None and here.readers() is None)
        if killed == "panel":
            here.kit.start("panel")
            here.screen.until(lambda: is_open(here.port))
            assert client.get("/own/said").headers["location"] == "/enter"
            come_in(client, here.screen)
        assert client.get("/own/said").status_code == 403


def test_leaving_ends_it(tmp_path: Path) -> None:
    with stage(tmp_path) as here, browser(here.port) as client:
        come_in(client, here.screen)
        here.ask(client, Readable.LOG)
        here.says(Role.READ_YES)
        here.until(lambda: (readers := here.readers()) is not None and bool(readers.grants))
        client.post("/leave", data={"csrf": csrf(client)})
        here.until(lambda: here.readers() is None)
