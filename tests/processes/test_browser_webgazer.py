"""WebGazer.js in a real Chromium, with a rendered face before the browser's camera: its looks reach the kit.

VYBOR_WEBGAZER names the folder of the npm package, which is never part of this house.
"""

import os
from pathlib import Path

import pytest

from processes.stage import BRISK, kit
from processes.test_browser import Watch, link
from processes.test_panel_browser import kept
from vybor.contracts import messages as m
from world.beside import free_port
from world.camera.face import Face
from world.camera.person import Body, Wish
from world.camera.rpicam_vid import i420
from world.chromium import DESKTOP, PROGRAM, chromium

FOLDER = os.environ.get("VYBOR_WEBGAZER", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="needs chromium"),
    pytest.mark.skipif(not FOLDER, reason="needs the npm package of WebGazer.js in $VYBOR_WEBGAZER"),
]

WIDTH, HEIGHT, HZ, FRAMES = 640, 480, 15, 45
SETTINGS = """\
{brisk}[gaze]
source = "eyetracker"

[eyetracker]
kind = "webgazer"

[browser]
listen = "here"
port = {port}
webgazer = "{folder}"
"""


def clip(path: Path) -> Path:
    """Three seconds of somebody who looks about, over and over, as Chromium plays it."""
    face, body = Face(WIDTH, HEIGHT), Body(1)
    with path.open("wb") as written:
        written.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{HZ}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in range(FRAMES):
            wish = Wish(x=0.2 if frame % 30 < 15 else 0.8, y=0.5)
            written.write(b"FRAME\n" + i420(face.frame(body.pose(wish, frame / HZ))))
    return path


def test_its_looks_reach_the_kit_after_its_dots(tmp_path: Path) -> None:
    port = free_port()
    options = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={clip(tmp_path / 'face.y4m')}",
        "--enable-unsafe-swiftshader",
    )
    settings = SETTINGS.format(brisk=BRISK, port=port, folder=FOLDER)
    names = ("core", "journal", "eyetracker", "browser")
    with kit(tmp_path, *names, settings=settings) as running, chromium(tmp_path, *options) as browser:
        watch = Watch(running.runtime)
        try:
            browser.size(DESKTOP)
            browser.open(link(running))
            browser.until(lambda: "Look at the dot until it closes" in browser.text())
            kept(browser, "browser-webgazer-dot", tmp_path)
            assert watch.shown is None
            watch.limit_s = 150.0
            watch.until(lambda: bool(watch.places()))
            for look in watch.looks:
                assert look.at_sd_ns >= 30e6
                assert look.x is None or -0.5 < look.x < 1.5
            across = [look.x for look in watch.places() if look.x is not None]
            watch.until(lambda: len(watch.places()) >= 5)
            print(f"looks: {len(watch.looks)}, with places: {len(watch.places())}, across: {across}")
            watch.until(lambda: m.Gaze in watch.newest)  # young ones are looks, and that none is says "no eyes"
            watch.until(lambda: watch.shown is not None)
            kept(browser, "browser-webgazer", tmp_path)
            assert [each for each in browser.complaints if "Content Security Policy" in each] == []
        finally:
            watch.bus.close()
