"""Looks of WebGazer.js: a page in a browser measures them, the process `browser` hands them on over the bus."""

from threading import Lock

from vybor.contracts import messages as m
from vybor.points.source import Spot, is_near


class WebGazer:
    """What comes over the bus is kept until it is read; nothing is opened here."""

    told = "WebGazer.js in the page that is the display"
    remedy = "open the link that `vybor browser` says, let the page have the camera, and look at its dots"

    def __init__(self) -> None:
        self.skipped = 0
        self._lock = Lock()
        self._begun = False
        self._last_ns: int | None = None
        self._looks: list[Spot] = []

    def start(self) -> None:
        """Begin to listen."""
        with self._lock:
            self._begun = True

    def looked(self, look: m.BrowserLook) -> None:
        """The page says where the eyes are; what is far off, or was earlier than the last, is left out."""
        with self._lock:
            if not self._begun:
                return
            place = None if look.x is None or look.y is None else (look.x, look.y)
            later = self._last_ns is None or look.at_ns > self._last_ns
            if not later or (place is not None and not is_near(place)):
                self.skipped += 1
                return
            self._last_ns = look.at_ns
            self._looks.append(Spot(at_ns=look.at_ns, at_sd_ns=look.at_sd_ns, place=place))

    def read(self) -> tuple[Spot, ...]:
        """The looks since the last call."""
        with self._lock:
            looks, self._looks = self._looks, []
            return tuple(looks)

    def stop(self) -> None:
        """Listen no more."""
        with self._lock:
            self._begun, self._last_ns, self._looks = False, None, []
