"""A carer changes a setting, has parts start again and would switch the kit off: a real kit under `vybor up`.

The hands play display and gaze: they write while somebody at a browser asks.
"""

import html
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from processes.stage import BRISK, Hands, hands
from processes.test_panel import browser, is_open
from processes.test_writing import saving, spell, turn_to_letters
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish, Saving
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.processes import PROCESSES
from world.beside import free_port

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("supervisor"), reason="needs supervisor")

RUNS = ("core", "journal", "panel")
LIMIT_S = 40.0


class Ear:
    """Hears what stands at the foot of the kit's screen, and which process is which."""

    def __init__(self, runtime: Path) -> None:
        self.bus = Bus("ear", runtime, SystemClock(), [m.PanelStatus, m.PowerAsked, m.Health])
        self.pin = ""
        self.power: m.PowerAsked | None = None
        self.ends: list[PowerEnd] = []
        self.pids: dict[str, int] = {}

    def listen(self) -> None:
        for arrival in self.bus.receive(0):
            match arrival:
                case Heard(message=m.PanelStatus(pin=pin)):
                    self.pin = pin
                case Heard(message=m.PowerAsked() as power):
                    self.power = power
                    if power.wish and self.ends[-1:] != [power.end]:
                        self.ends.append(power.end)
                case Heard(message=m.Health(process=process, pid=pid)):
                    self.pids[process] = pid


class Stage:
    """The kit, the person who writes with it, and a browser."""

    def __init__(self, person: Hands, ear: Ear, client: httpx2.Client, config: Path) -> None:
        self.person, self.ear, self.client, self.config = person, ear, client, config

    def until(self, holds: Callable[[], object]) -> None:
        def listened() -> bool:
            self.ear.listen()
            return bool(holds())

        self.person.until(listened, LIMIT_S)

    def page(self, ask: Callable[[], httpx2.Response]) -> str:
        """What a page says, while the person goes on looking."""
        found: list[httpx2.Response] = []
        asking = Thread(target=lambda: found.append(ask()))
        asking.start()
        self.until(lambda: not asking.is_alive())
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0].text)).split())

    def post(self, path: str, **fields: str) -> str:
        mark = re.findall(r'name="csrf" value="([^"]+)"', self.client.get("/").text)[0]
        return self.page(lambda: self.client.post(path, data={"csrf": mark, **fields}, timeout=LIMIT_S))

    def come_in(self) -> None:
        self.client.post("/enter/ask", content=b"")
        self.until(lambda: self.ear.pin)
        assert self.client.post("/enter", data={"pin": self.ear.pin}).status_code == 303


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    port, config, runtime = free_port(), folder / "vybor.toml", folder / "run"
    config.write_text(f"{BRISK}[panel]\nport = {port}\n", encoding="utf-8")
    command = [sys.executable, "-m", "vybor", "up", "--config", str(config)]
    for name, place in (("--runtime", runtime), ("--state", folder / "state"), ("--share", folder / "share")):
        command += [name, str(place)]
    for row in PROCESSES:
        command += ["--without", row.name] if row.name not in RUNS else []
    runtime.mkdir()
    with (folder / "output").open("wb") as output:
        kit = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=os.environ)
    ear = Ear(runtime)
    try:
        with hands(runtime) as person, browser(port) as client:
            on = Stage(person, ear, client, config)
            on.until(lambda: person.screen and is_open(port) and set(RUNS) <= set(ear.pids))
            yield on
    finally:
        ear.bus.close()
        kit.terminate()
        kit.wait(20)


def test_a_setting_is_changed_and_its_part_starts_again_with_all_that_was_written(tmp_path: Path) -> None:
    with stage(tmp_path) as on:
        on.come_in()
        told = on.post("/settings/commit.read_s", value="0.5")
        assert "It is set: commit.read_s = 0.5." in told
        assert "Start again now: Choosing and writing, Screen" in told
        assert "read_s = 0.5" in on.config.read_text()
        spell(on.person, "hi")
        on.until(lambda: on.person.text() == "Hi" and saving(on.person) is Saving.SAVED)
        before = dict(on.ear.pids)
        began = time.perf_counter()
        told = on.post("/power", what="core+journal")
        assert (
            "In 10 seconds at most starts again, unless the wearer stops it: Choosing and writing, Record" in told
        )
        on.until(lambda: all(on.ear.pids[name] != before[name] for name in ("core", "journal")))
        assert time.perf_counter() - began > 9
        assert on.ear.pids["panel"] == before["panel"]
        on.person.screen = None
        on.until(lambda: on.person.text() == "Hi")
        time.sleep(2)  # whoever was asked twice would end a second time
        after = dict(on.ear.pids)
        on.until(lambda: on.ear.power is not None)
        assert on.ear.pids == after


def test_whatever_the_wearer_chooses_stops_it_and_the_page_says_so(tmp_path: Path) -> None:
    with stage(tmp_path) as on:
        on.come_in()
        before = dict(on.ear.pids)
        on.post("/power", what="kit")
        on.until(lambda: on.ear.power and on.ear.power.wish is PowerWish.RESTART)
        assert "something was asked for already" in on.post("/power", what="core")
        turn_to_letters(on.person)
        on.until(lambda: on.ear.ends[-1] is PowerEnd.STOPPED)
        assert "The wearer has chosen something meanwhile" in on.page(lambda: on.client.get("/power"))
        on.post("/power", what="core")
        assert "It was taken back." in on.post("/power", what="back")
        assert on.ear.pids == before
        told = on.post("/power", what="off")
        assert "this kit was started by hand, and may not switch the machine off" in told
        assert "was not done" in told


@pytest.mark.slow
def test_all_of_the_kit_starts_again_the_page_too(tmp_path: Path) -> None:
    with stage(tmp_path) as on:
        on.come_in()
        before = dict(on.ear.pids)
        on.post("/power", what="kit")
        on.until(lambda: all(on.ear.pids[name] != before[name] for name in RUNS))
        on.until(lambda: is_open(on.client.base_url.port or 0))
        assert on.client.get("/").headers["location"] == "/enter"
