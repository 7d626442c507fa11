"""The test's end of the wire: says the whole wish again and again, so that a restarted camera knows it."""

import sys
import threading
from pathlib import Path

import msgspec
import zmq

import vybor
import world
from world.camera.person import Wish

ADDRESS = "VYBOR_WORLD_CAMERA"
"""The environment variable that names the wire, `ipc://…`."""
EVERY_S = 0.05


class Camera:
    """The scripted person before the camera. Every method returns at once; the next frames show its effect."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._wish = Wish()
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._speak, name="camera-wire", daemon=True)
        self._thread.start()

    def look(self, x: float, y: float) -> None:
        """Look at a place on the screen, in fractions of it."""
        self._change(x=float(x), y=float(y))

    def close_eyes(self) -> None:
        """Shut the eyes."""
        self._change(eyes_open=False)

    def open_eyes(self) -> None:
        """Open the eyes."""
        self._change(eyes_open=True)

    def raise_brows(self, up: bool) -> None:
        """Raise the brows, or let go."""
        self._change(brows_up=up)

    def draw_cheeks(self, drawn: bool) -> None:
        """Draw the corners of the mouth up, or let go."""
        self._change(cheeks_drawn=drawn)

    def tilt_head(self, tilted: bool) -> None:
        """Tilt the head, or bring it back."""
        self._change(head_tilted=tilted)

    def leave(self) -> None:
        """Walk out of the picture."""
        self._change(present=False)

    def come(self) -> None:
        """Come back into the picture."""
        self._change(present=True)

    def shine(self, light: float) -> None:
        """Turn the lamp up or down; 1 is as usual."""
        self._change(light=light)

    def stall(self) -> None:
        """Let the running program hang; one started later works."""
        self._change(stalls=self._wish.stalls + 1)

    def crash(self) -> None:
        """Let the running program end in the middle of a frame; one started later works."""
        self._change(crashes=self._wish.crashes + 1)

    def unplug(self) -> None:
        """Pull the camera's cable: the program ends, and says at every start that there is no camera."""
        self._change(plugged=False)

    def plug(self) -> None:
        """Put the cable back."""
        self._change(plugged=True)

    def close(self) -> None:
        """Let go of the wire."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join()

    def _change(self, **changes: float | bool | int) -> None:
        with self._news:
            self._wish = msgspec.structs.replace(self._wish, number=self._wish.number + 1, **changes)
            self._news.notify()

    def _speak(self) -> None:
        context = zmq.Context()
        wire = context.socket(zmq.PUB)
        wire.setsockopt(zmq.LINGER, 0)
        wire.bind(self._address)
        with self._news:
            while not self._closed:
                wire.send(msgspec.json.encode(self._wish))
                self._news.wait(EVERY_S)
        context.destroy()


def install(folder: Path) -> Path:
    """Write an executable `rpicam-vid` into a folder (for PATH, or for `gaze.rpicam_program`)."""
    roots = ":".join(str(Path(package.__file__ or "").parent.parent) for package in (vybor, world))
    program = folder / "rpicam-vid"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{roots}" exec "{sys.executable}" -m world.camera.rpicam_vid "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program
