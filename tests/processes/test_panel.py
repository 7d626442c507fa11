"""The carer's page over real TLS: the real process, a browser's connection, and the bus on the other side."""

import contextlib
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from threading import Thread

import httpx2
import msgspec
import pytest

from processes.stage import Kit, kit
from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.panel.desk import MOST_STREAMS
from world.beside import free_port

LIMIT_S = 15.0


class Screen:
    """Plays the generator, and reads what the panel would have the kit's screen show."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self.bus = Bus("generator", runtime, self.clock, [m.PanelStatus, m.Health])
        self.status: m.PanelStatus | None = None
        self.health: m.Health | None = None
        self.asked: list[m.AnyCommand] = []

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + LIMIT_S
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.status} {self.health}"
            for arrival in self.bus.receive(0.05):
                if isinstance(arrival, Heard) and arrival.publisher == "panel":
                    if isinstance(arrival.message, m.PanelStatus):
                        self.status = arrival.message
                    if isinstance(arrival.message, m.Health):
                        self.health = arrival.message
                elif not isinstance(arrival, Heard | Answered):
                    self.asked.append(arrival.command)
                    self.bus.answer(
                        arrival, m.GrownTold(request=arrival.command.request, model="smollm2", grown=())
                    )
            self.bus.tend()

    def troubles(self) -> set[m.Trouble]:
        return {notice.trouble for notice in self.health.troubles} if self.health else set()

    def pin(self) -> str:
        self.until(lambda: self.status is not None and bool(self.status.pin))
        assert self.status
        return self.status.pin


@contextmanager
def page(folder: Path, more: str = "") -> Iterator[tuple[Kit, int, Screen]]:
    port = free_port()
    with kit(folder, "panel", settings=f"{more}[panel]\nport = {port}\n") as started:
        screen = Screen(started.runtime)
        try:
            screen.until(lambda: screen.health is not None and is_open(port))
            yield started, port, screen
        finally:
            screen.bus.close()


def is_open(port: int, address: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knock:
        return knock.connect_ex((address, port)) == 0


@contextmanager
def browser(port: int) -> Iterator[httpx2.Client]:
    base = f"https://127.0.0.1:{port}"
    with httpx2.Client(base_url=base, verify=False, headers={"origin": base}) as client:
        yield client


def come_in(client: httpx2.Client, screen: Screen) -> None:
    assert client.post("/enter/ask", content=b"").status_code == 303
    reply = client.post("/enter", data={"pin": screen.pin()})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")


def test_a_carer_comes_in_by_the_pin_on_the_screen_and_the_wearer_is_told(tmp_path: Path) -> None:
    with page(tmp_path) as (started, port, screen), browser(port) as client:
        assert client.get("/").headers["location"] == "/enter"
        assert screen.troubles() == set()
        come_in(client, screen)
        screen.until(lambda: screen.status is not None and not screen.status.pin)
        screen.until(lambda: m.Trouble.PANEL_WATCHED in screen.troubles())
        screen.until(lambda: "smollm2" in client.get("/").text)
        assert {type(command) for command in screen.asked} == {m.TellGrown}
        csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get("/").text)[0]
        assert client.post("/leave", data={"csrf": csrf}).headers["location"] == "/enter?left=1"
        screen.until(lambda: m.Trouble.PANEL_WATCHED not in screen.troubles())
        pin = re.compile(r"\b\d{6}\b|\b\d{3} \d{3}\b")
        assert not pin.search(started.log("panel"))
        assert set(started.stop().values()) == {0}


def test_the_screen_shows_the_certificate_that_the_browser_gets(tmp_path: Path) -> None:
    with page(tmp_path) as (started, port, screen), browser(port) as client:
        client.post("/enter/ask", content=b"")
        screen.pin()
        der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))
        assert screen.status
        assert sha256(der).hexdigest().upper().startswith(screen.status.certificate.replace(" ", ""))
        kept = started.state / "panel" / "page.pem"
        before = kept.read_bytes()
        started.kill("panel")
        started.start("panel")
        screen.until(lambda: is_open(port))
        assert kept.read_bytes() == before


def test_it_is_told_at_once_what_changes(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), browser(port) as client:
        come_in(client, screen)
        with client.stream("GET", "/live", timeout=LIMIT_S) as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line).startswith("data: <p class=")
            screen.bus.publish(health(screen, m.Trouble.MODEL_FAILED))
            until_s = time.perf_counter() + LIMIT_S
            while "The language model has stopped" not in next(lines):
                assert time.perf_counter() < until_s
        screen.until(lambda: m.Trouble.PANEL_WATCHED in screen.troubles())


def health(screen: Screen, trouble: m.Trouble) -> m.Health:
    notice = m.Notice(process="generator", trouble=trouble)
    return m.Health(at_ns=screen.clock.now_ns(), process="generator", pid=1, troubles=(notice,))


def test_what_is_wished_on_a_page_reaches_whose_it_is_and_the_answer_comes_back(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), browser(port) as client:
        come_in(client, screen)
        mark = re.findall(r'name="csrf" value="([^"]+)"', client.get("/").text)[0]
        found: list[str] = []

        def use() -> None:
            found.append(client.post("/model", data={"csrf": mark, "version": "3"}).text)
            found.append(client.post("/begin/calibrate", data={"csrf": mark}, timeout=LIMIT_S).text)

        asking = Thread(target=use)
        asking.start()
        screen.until(lambda: not asking.is_alive())
        assert m.WearGrown(request="", serial=3) in [
            msgspec.structs.replace(command, request="") for command in screen.asked
        ]
        assert "Done, or under way" in found[0]
        assert "Nobody answered yet" in found[1]  # no eye tracking runs here


def test_browsers_that_have_gone_leave_room_for_others(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), browser(port) as client:
        come_in(client, screen)
        for _ in range(MOST_STREAMS + 4):
            with client.stream("GET", "/live", timeout=LIMIT_S) as stream:
                next(stream.iter_lines())
        until_s = time.perf_counter() + LIMIT_S
        with ExitStack() as held:
            streams = 0
            while streams < MOST_STREAMS:  # those before are gone once the server has noticed
                assert time.perf_counter() < until_s
                streams += held.enter_context(client.stream("GET", "/live")).status_code == 200
            assert client.get("/live").status_code == 503
        assert client.head("/live").status_code == 405


def test_a_stream_ends_when_its_session_does(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), browser(port) as client, browser(port) as other:
        come_in(client, screen)
        other.cookies = client.cookies
        csrf = re.findall(r'name="csrf" value="([^"]+)"', client.get("/").text)[0]
        with client.stream("GET", "/live", timeout=LIMIT_S) as stream:
            lines = stream.iter_lines()
            next(lines)
            other.post("/leave", data={"csrf": csrf})
            assert "event: over" in list(lines)


def test_wrong_pins_close_the_door_and_the_wearer_is_told(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, screen), browser(port) as client:
        client.post("/enter/ask", content=b"")
        pin = screen.pin()
        for _ in range(5):
            wrong = f"{(int(pin) + 1) % 10**6:06}"
            assert client.post("/enter", data={"pin": wrong}).status_code == 403
        assert client.post("/enter", data={"pin": pin}).status_code == 403
        screen.until(lambda: m.Trouble.PANEL_WRONG_PINS in screen.troubles())
        assert client.get("/").status_code == 303


def test_by_default_it_is_open_to_the_kit_itself_alone(tmp_path: Path) -> None:
    with page(tmp_path) as (_, port, _screen):
        listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        local = re.findall(rf"^ *\d+: ([0-9A-F]+):{port:04X} \S+ 0A ", listening, re.MULTILINE)
        assert set(local) <= {"0100007F", "00000000000000000000000001000000"}
        assert "0100007F" in local


def test_switched_off_it_listens_nowhere_and_keeps_no_certificate(tmp_path: Path) -> None:
    port = free_port()
    with kit(tmp_path, "panel", settings=f'[panel]\nlisten = "off"\nport = {port}\n') as started:
        screen = Screen(started.runtime)
        try:
            screen.until(lambda: screen.health is not None)
            assert screen.troubles() == set()
            assert not is_open(port)
            assert not (started.state / "panel").exists()
        finally:
            screen.bus.close()


def test_where_somebody_else_listens_it_says_so_and_goes_on_once_they_have_gone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with kit(tmp_path, "panel", settings=f"[panel]\nport = {port}\n") as started:
            screen = Screen(started.runtime)
            try:
                screen.until(lambda: m.Trouble.PANEL_FAILED in screen.troubles())
                assert screen.health
                assert f"port {port}" in screen.health.troubles[0].detail
                taken.close()
                screen.until(lambda: m.Trouble.PANEL_FAILED not in screen.troubles())
                assert is_open(port)
            finally:
                screen.bus.close()


@pytest.mark.parametrize(
    "noise",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01" + b"\0" * 500,
        b"\r\n" * 4000,
        bytes(range(256)),
    ],
)
def test_noise_that_is_no_tls_ends_nothing(noise: bytes, tmp_path: Path) -> None:
    with page(tmp_path) as (started, port, _screen), browser(port) as client:
        with socket.create_connection(("127.0.0.1", port), 5) as rude:
            rude.sendall(noise)
        assert client.get("/enter").status_code == 200
        assert started.is_running("panel")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /enter HTTP/1.1\r\n\r\n",
        b"GET /enter HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET /enter\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /enter HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /static/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /enter?left=1%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-vybor=\xff"
        b"\r\n\r\n",
        b"POST /enter HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n9000\r\n" + b"a" * 0x9000 + b"\r\n0\r\n\r\n",
    ],
)
def test_hostile_requests_are_answered_with_nothing_of_theirs(request_: bytes, tmp_path: Path) -> None:
    with page(tmp_path) as (started, port, _screen), browser(port) as client:
        answer = sent(port, request_)
        status, _, rest = answer.partition(b"\r\n")
        assert status.split(b" ")[1:2] != [b"200"] or b"left" in request_
        assert b"set-cookie" not in rest.lower()
        assert b"root:" not in rest
        assert client.get("/enter").status_code == 200
        assert started.is_running("panel")
        assert "Traceback" not in started.log("panel")


def sent(port: int, request: bytes) -> bytes:
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as plain, trusting.wrap_socket(plain) as tls:
        with contextlib.suppress(OSError):  # it may hang up before all has come
            tls.sendall(request)
        tls.settimeout(8)
        answer = b""
        try:
            while piece := tls.recv(65_536):
                answer += piece
                if b"\r\n\r\n" in answer and b"keep-alive" not in answer:
                    break
        except (TimeoutError, OSError):
            pass
        return answer


def test_it_takes_little_memory(tmp_path: Path) -> None:
    with page(tmp_path) as (started, port, screen), browser(port) as client:
        come_in(client, screen)
        for path in ("/", "/settings", "/settings/changes", "/power") * 12:
            assert client.get(path).status_code == 200
        told = Path(f"/proc/{started.pid('panel')}/status").read_text()
        rss_mb = int(re.findall(r"VmRSS:\s+(\d+)", told)[0]) * 1024 / 1e6
        print(json.dumps({"rss_mb.panel": round(rss_mb, 1)}))
        assert rss_mb <= 80
