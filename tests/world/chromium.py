"""A real Chromium without a window, driven over its own pipe: no driver and no package beside the browser's."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
LIMIT_S = 30.0
PHONE, DESKTOP = (390, 844), (1280, 800)


class Chromium:
    """One page of one browser. Commands are those of the DevTools protocol."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._number = 0
        self._heard = b""
        self._session = ""
        self.complaints: list[str] = []
        """What the browser found wrong with pages: errors of scripts, what a policy forbids."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = str(self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def size(self, size: tuple[int, int], *, dark: bool = False) -> None:
        """Of the page, in the browser's own pixels."""
        width, height = size
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url: str) -> None:
        """Go there, and wait until all of it stands there: without its style a page is another one."""
        self.ask("Page.navigate", url=url)
        self.until(lambda: self.run("document.readyState") == "complete")

    def run(self, script: str) -> object:
        """What a script comes to, in the page; a promise is waited for."""
        told = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        result = told["result"]
        assert isinstance(result, dict)
        return result.get("value")

    def click(self, selector: str) -> None:
        """Press what the selector names, as a pointer would; the page that comes is another one."""
        self.run(f"window.isOld = true; document.querySelector({json.dumps(selector)}).click()")
        self.until(lambda: self.run("!window.isOld && document.readyState === 'complete'") is True)

    def text(self) -> str:
        """What can be read."""
        return str(self.run("document.body.innerText"))

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait, and go on listening."""
        deadline = time.perf_counter() + LIMIT_S
        while not holds():
            assert time.perf_counter() < deadline, f"it did not come: {self.text()}"
            select.select([], [], [], 0.05)

    def picture(self, path: Path) -> None:
        """All of the page, as a PNG."""
        height = int(str(self.run("document.documentElement.scrollHeight")))
        width = int(str(self.run("window.innerWidth")))
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(str(shot["data"])))

    def ask(self, method: str, **parameters: object) -> dict[str, object]:
        """A command, and its answer; what the browser says meanwhile is listened to."""
        self._number += 1
        command: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._to, json.dumps(command).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._number:
                if "error" in told and method == "Runtime.evaluate":  # the page made way for another one
                    return {"result": {"value": None}}
                assert "error" not in told, told
                result = told["result"]
                assert isinstance(result, dict)
                return result
            self._take_in(told)

    def _next(self) -> dict[str, object]:
        while b"\0" not in self._heard:
            assert select.select([self._back], [], [], LIMIT_S)[0], "the browser says nothing any more"
            piece = os.read(self._back, 1 << 20)
            assert piece, "the browser has ended"
            self._heard += piece
        line, self._heard = self._heard.split(b"\0", 1)
        told: dict[str, object] = json.loads(line)
        return told

    def _take_in(self, told: dict[str, object]) -> None:
        if told.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(json.dumps(told["params"]))


@contextmanager
def chromium(folder: Path, *more: str) -> Iterator[Chromium]:
    """A browser with a profile of its own, which takes the kit's own certificate; `more`: further options."""
    read_by, to = os.pipe()
    back, written_by = os.pipe()
    # The browser reads its commands from descriptor 3 and answers on 4.
    command = f'exec 3<&{read_by} 4>&{written_by}; exec "$@"'
    arguments = [PROGRAM, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu"]
    arguments += ["--ignore-certificate-errors", "--no-first-run", f"--user-data-dir={folder / 'profile'}"]
    arguments += more
    running = subprocess.Popen(
        ["bash", "-c", command, "bash", *arguments],
        pass_fds=(read_by, written_by),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(read_by)
    os.close(written_by)
    try:
        yield Chromium(to, back)
    finally:
        running.terminate()
        running.wait(10)
        os.close(to)
        os.close(back)
