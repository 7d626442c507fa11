"""The OpenBCI Cyton's own protocol: what it answers to which byte, and its 33-byte frames.

https://docs.openbci.com/Cyton/CytonSDK and CytonDataFormat: commands are single characters, answers end in
`$$$`; a frame is 0xA0, a counter, eight 24-bit and three 16-bit numbers (most significant byte first), 0xC0.
"""

import math
from collections.abc import Sequence

FULL_SCALE = 2**23 - 1
MICROVOLTS_PER_COUNT = 4.5 / 24 / FULL_SCALE * 1e6
"""The ADS1299 with its reference of 4.5 V and the board's default gain of 24."""
COUNTS_PER_G = 16 / 0.002
FRAME_BYTES = 33

BANNER = (
    "OpenBCI V3 8-16 channel\n\rOn Board ADS1299 Device ID: 0x3E\n\r"
    "LIS3DH Device ID: 0x33\n\rFirmware: v3.1.2\n\r$$$"
)
ANSWERS = {"v": BANNER, "V": "v3.1.2$$$", "d": "updating channel settings to default$$$", "D": "060110$$$"}
DAISY_BANNER = BANNER.replace("\n\rLIS3DH", "\n\rOn Daisy ADS1299 Device ID: 0x3E\n\rLIS3DH")
CHANNEL_NAMES = "12345678QWERTYUI"
LEAD_OFF_A = 6e-9
SERIES_OHMS = 2_200.0
SWING = 8
"""The lead-off current swings at an eighth of the board's rate."""
NO_BOARD = "Failure: Communications timeout - Device failed to poll Host$$$"
"""What the dongle says when the board is switched off or out of range."""


class Board:
    """Board and dongle: in or out of each other's reach, streaming or not, with a Daisy on top or without."""

    def __init__(self, *, has_daisy: bool = False, banner: str = "") -> None:
        self.in_reach = True
        self.streaming = False
        self.has_daisy = has_daisy
        self.ohms = [5_000.0] * len(CHANNEL_NAMES)
        """Of each electrode."""
        self._banner = banner or (DAISY_BANNER if has_daisy else BANNER)
        self._uses_daisy = has_daisy
        self._counter = 0
        self._sampled = 0
        self._before: list[float] = []
        self._spelled = ""
        self._lead_off: set[int] = set()

    @property
    def channels(self) -> int:
        """How many it sends."""
        return 16 if self._uses_daisy else 8

    def hear(self, received: bytes) -> bytes:
        """Obey what came over the serial line; returns the answer."""
        answers = [self._obey(chr(byte)) for byte in received]
        return "".join(answers).encode()

    def frames(self, microvolts: Sequence[Sequence[float]]) -> bytes:
        """The bytes for these samples (samples x channels): none unless it streams and is in reach."""
        if not self.streaming:
            return b""
        framed = b"".join(self._frames_of(self._measured(sample)) for sample in microvolts)
        return framed if self.in_reach else b""

    def _obey(self, command: str) -> str:
        if not self.in_reach:
            return NO_BOARD if command in {*ANSWERS, "C"} else ""
        if self._spelled or command == "z":
            return self._spell(command)
        if command == "v":
            self._uses_daisy, self._lead_off = self.has_daisy, set()
            self.streaming = False
            return self._banner
        if command in "cC":
            return self._count_channels(command)
        if command == "s":
            self.streaming = False
        elif command == "b":
            self.streaming, self._counter, self._before = True, 0, []
        return ANSWERS.get(command, "")

    def _count_channels(self, command: str) -> str:
        """`c` asks for eight channels and is answered only if that changes something; `C` for sixteen."""
        was, self._uses_daisy = self._uses_daisy, command == "C" and self.has_daisy
        if command == "c":
            return "daisy removed$$$" if was else ""
        return ("16$$$" if was else "daisy attached16$$$") if self.has_daisy else "no daisy to attach!8$$$"

    def _spell(self, command: str) -> str:
        """`z`, a channel, two digits (current to the P and the N side), `Z`: unanswered while it streams."""
        self._spelled += command
        if command != "Z":
            return ""
        spelled, self._spelled = self._spelled, ""
        channel = CHANNEL_NAMES.index(spelled[1])
        (self._lead_off.add if spelled[3] == "1" else self._lead_off.discard)(channel)
        return "" if self.streaming else f"Success: Lead off set for {channel + 1}$$$"

    def _measured(self, sample: Sequence[float]) -> list[float]:
        """What the converter sees: with the swing of the current on electrodes that have it."""
        turn = math.sin(2 * math.pi * self._sampled / SWING)
        self._sampled += 1
        swung = {channel: 1e6 * LEAD_OFF_A * (self.ohms[channel] + SERIES_OHMS) for channel in self._lead_off}
        return [value + swung.get(channel, 0.0) * turn for channel, value in enumerate(sample)]

    def _frames_of(self, sample: list[float]) -> bytes:
        """A frame; with a Daisy the mean of two samples, of the Daisy's channels or of its own in turn."""
        if not self._uses_daisy:
            return self._frame(sample[:8])
        means = [(one + other) / 2 for one, other in zip(self._before or sample, sample, strict=True)]
        self._before = sample
        return self._frame(means[8:] if self._counter % 2 == 0 else means[:8])

    def _frame(self, sample: Sequence[float]) -> bytes:
        counter, self._counter = self._counter, (self._counter + 1) % 256
        return frame(counter, sample)


def frame(counter: int, microvolts: Sequence[float], g: Sequence[float] = (0.0, 0.0, 1.0)) -> bytes:
    """One sample of eight channels and the accelerometer. Beyond its range the converter sticks at the end."""
    counts = (round(value / MICROVOLTS_PER_COUNT) for value in microvolts)
    channels = b"".join(
        max(-FULL_SCALE - 1, min(FULL_SCALE, count)).to_bytes(3, "big", signed=True) for count in counts
    )
    axes = b"".join(round(value * COUNTS_PER_G).to_bytes(2, "big", signed=True) for value in g)
    return b"\xa0" + bytes([counter]) + channels + axes + b"\xc0"
