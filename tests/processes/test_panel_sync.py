"""The page of the workstation before a real door: it opens the window for pairing, and closes it."""

import re
import time
from pathlib import Path

import httpx2

from processes.stage import kit
from processes.test_panel import LIMIT_S, Screen, browser, come_in, is_open
from world.beside import free_port


def comes(client: httpx2.Client, words: str) -> str:
    """The page, once it says so."""
    until_s = time.perf_counter() + LIMIT_S
    while words not in (text := client.get("/sync").text):
        assert time.perf_counter() < until_s, text
        time.sleep(0.2)
    return str(text)


def test_the_window_is_opened_and_closed_from_the_page(tmp_path: Path) -> None:
    port, pairing = free_port(), free_port()
    settings = f'[panel]\nport = {port}\n[sync]\naddress = "127.0.0.1"\npairing_port = {pairing}\n'
    with kit(tmp_path, "journal", "sync", "panel", settings=settings) as running:
        screen = Screen(running.runtime)
        try:
            screen.until(lambda: screen.health is not None and is_open(port))
            with browser(port) as client:
                come_in(client, screen)
                text = comes(client, "none is paired: nothing leaves the kit")
                mark = re.findall(r'name="csrf" value="([^"]+)"', text)[0]
                assert not is_open(pairing)
                opened = client.post("/sync/open", data={"csrf": mark}, timeout=LIMIT_S).text
                assert "The window is open. Go on at the kit’s own screen" in opened
                assert 'action="/sync/close"' in opened  # what came of it stands there at once
                assert 'action="/sync/open"' not in opened
                assert is_open(pairing)
                closed = client.post("/sync/close", data={"csrf": mark}, timeout=LIMIT_S).text
                assert "Done." in closed
                assert 'action="/sync/open"' in closed
                assert not is_open(pairing)
        finally:
            screen.bus.close()
