"""What a carer gives by the page reaches the real rooms; what is made to harm does not."""

import json
import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path

import httpx2
import pytest

from processes.stage import Kit, kit
from processes.test_generator import FOLLOWS
from processes.test_panel import LIMIT_S, Screen, browser, come_in, is_open
from unit import hostile_files
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.panel import uploads
from world import tiny_model
from world.beside import free_port

MOST_SENTENCES = 20_000
"""Of eight words: about as many as a document may have."""
RSS_MB = 80


class Watcher(Screen):
    """Reads what stands on the wearer's screen, and plays no room."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self.bus = Bus("watcher", runtime, self.clock, [m.PanelStatus, m.Health, m.Screen])
        self.status: m.PanelStatus | None = None
        self.health: m.Health | None = None
        self.asked: list[m.AnyCommand] = []
        self.shown: m.Screen | None = None

    def notices(self) -> set[m.Trouble]:
        """What the wearer reads; waits for nothing."""
        for arrival in self.bus.receive(0.05):
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.Screen):
                self.shown = arrival.message
        return {notice.trouble for notice in self.shown.notices} if self.shown else set()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    tiny_model.bigrams(folder / "model", FOLLOWS)
    return folder


@contextmanager
def whole(folder: Path, share: Path | None, *rooms: str) -> Iterator[tuple[Kit, httpx2.Client, Watcher]]:
    """The panel beside some rooms, and a browser that came in."""
    port = free_port()
    with kit(folder, "panel", *rooms, share=share, settings=f"[panel]\nport = {port}\n") as running:
        watcher = Watcher(running.runtime)
        try:
            watcher.until(lambda: watcher.health is not None and is_open(port))
            with browser(port) as client:
                client.timeout = httpx2.Timeout(300)
                come_in(client, watcher)
                yield running, client, watcher
        finally:
            watcher.bus.close()


def mark(client: httpx2.Client) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', client.get("/").text)[0]


def send(client: httpx2.Client, name: str, content: bytes) -> str:
    return client.post("/topics/add", data={"csrf": mark(client)}, files={"document": (name, content)}).text


def told(text: str) -> str:
    found = re.search(r'role="status">\s*(?:<p>)?([^<]*)', text)
    return unescape(found[1]) if found else ""


def command(running: Kit, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "vybor", *words, "--runtime", str(running.runtime)],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    return done.stdout + done.stderr


def peak_mb(running: Kit) -> float:
    status = Path(f"/proc/{running.pid('panel')}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) * 1024 / 1e6


def test_a_phrase_that_is_given_is_said_on_the_kit_and_its_wearer_is_told(tmp_path: Path) -> None:
    with whole(tmp_path, None, "core", "journal") as (running, client, watcher):
        watcher.until(lambda: watcher.notices() is not None and watcher.shown is not None)
        client.post("/phrases", data={"csrf": mark(client), "do": "add", "text": "See you on Sunday."})
        assert command(running, "phrases", "list") == "See you on Sunday.  (said: 0)\n"
        watcher.until(lambda: m.Trouble.PHRASES_GIVEN in watcher.notices())
        command(running, "phrases", "add", "By a command.")
        shown = client.get("/phrases").text
        assert shown.index("By a command.") < shown.index("See you on Sunday.")
        text = client.post("/phrases/undo", data={"csrf": mark(client)}).text
        assert "changed meanwhile" in told(text)
        for name in ("core", "panel"):
            assert "Sunday" not in running.log(name)
        assert set(running.stop().values()) == {0}


def boats(sentences: int) -> bytes:
    """Eight words each."""
    return " ".join(
        f"The boat number{n} sails to harbour{n % 977} with cargo{n % 3571}." for n in range(sentences)
    ).encode()


def test_documents_come_and_go(tiny: Path, tmp_path: Path) -> None:
    with whole(tmp_path, tiny, "generator") as (running, client, watcher):
        watcher.until(lambda: "bakery.txt: kept" in send(client, "bakery.txt", b"The bakery sells bread."))
        assert told(send(client, "boats.md", boats(500))) == "boats.md: kept."
        assert "boats.md  4000 words" in command(running, "topic", "list")
        removed = client.post("/topics/remove", data={"csrf": mark(client), "name": "boats.md"}).text
        assert told(removed).startswith("boats.md: removed.")
        assert "boats.md" not in command(running, "topic", "list")
        client.post("/topics/undo", data={"csrf": mark(client)})
        assert "boats.md  4000 words" in command(running, "topic", "list")
        assert told(send(client, "bomb.docx", hostile_files.unpacked_document(300))).startswith("bomb.docx")
        listed = command(running, "topic", "list")
        assert [line.split()[0] for line in listed.splitlines()] == ["bakery.txt", "boats.md"]
        assert {path.name for path in (running.state / "panel").iterdir()} == {"page.pem"}
        assert "Traceback" not in running.log("panel")
        assert "bakery" not in running.log("panel")


@pytest.mark.slow
def test_the_panel_stays_small_whatever_is_sent(tiny: Path, tmp_path: Path) -> None:
    with whole(tmp_path, tiny, "generator") as (running, client, watcher):
        watcher.until(lambda: "bakery.txt: kept" in send(client, "bakery.txt", b"The bakery sells bread."))
        assert told(send(client, "boats.md", boats(MOST_SENTENCES))) == "boats.md: kept."
        client.post("/topics/remove", data={"csrf": mark(client), "name": "boats.md"})
        client.post("/topics/undo", data={"csrf": mark(client)})
        for name, content in (
            ("lying.docx", hostile_files.lying_document(900)),
            ("bomb.docx", hostile_files.unpacked_document(300)),
            ("deep.pdf", hostile_files.deep_page(200_000)),
            ("random.pdf", os.urandom(uploads.MOST_BYTES - 100_000)),
            ("large.txt", bytes(3 * uploads.MOST_BYTES)),
        ):
            said = told(send(client, name, content))
            assert said.startswith((name, "At most 20 MB"))
        files = [("document", (f"{n}.txt", b"bread")) for n in range(1000)]
        text = client.post("/topics/add", data={"csrf": mark(client)}, files=files).text
        assert "At most 10 documents" in text
        listed = command(running, "topic", "list")
        assert [line.split()[0] for line in listed.splitlines()] == ["bakery.txt", "boats.md"]
        assert f"boats.md  {8 * MOST_SENTENCES} words" in listed
        print(json.dumps({"rss_mb.panel.peak": round(peak_mb(running), 1)}))
        assert peak_mb(running) <= RSS_MB
        assert {path.name for path in (running.state / "panel").iterdir()} == {"page.pem"}
        assert "Traceback" not in running.log("panel")
        assert "bakery" not in running.log("panel")


def test_a_browser_that_goes_in_the_middle_and_a_panel_that_is_killed_leave_nothing(tmp_path: Path) -> None:
    with whole(tmp_path, None) as (running, client, watcher):
        port, cookie = int(client.base_url.port or 0), f"__Host-vybor={client.cookies['__Host-vybor']}"
        head = (
            f"POST /topics/add HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: https://127.0.0.1:{port}\r\n"
            f"Cookie: {cookie}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n"
        )
        with half_sent(port, head.encode() + bytes(300_000)):
            watcher.until(lambda: has_open_file(running))
            assert "Another document is being read" in send(client, "a.txt", b"bread")
        watcher.until(lambda: not has_open_file(running))
        assert "does not answer" in send(client, "a.txt", b"bread")  # no generator runs here
        with half_sent(port, head.encode() + bytes(300_000)):
            watcher.until(lambda: has_open_file(running))
            running.kill("panel")
        assert {path.name for path in (running.state / "panel").iterdir()} == {"page.pem"}


@contextmanager
def half_sent(port: int, request: bytes) -> Iterator[None]:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), LIMIT_S) as plain, trusting.wrap_socket(plain) as tls:
        tls.sendall(request)
        yield


def has_open_file(running: Kit) -> bool:
    """Whether what somebody sends lies on the disk: in a file that has no name."""
    targets: list[str] = []
    for each in list(Path(f"/proc/{running.pid('panel')}/fd").iterdir()):
        with suppress(FileNotFoundError):  # closed since
            targets.append(str(each.readlink()))
    return any("(deleted)" in target and str(running.state) in target for target in targets)
