"""The OpenBCI Cyton's own protocol: what it answers to which byte, and its 33-byte frames.

https://docs.openbci.com/Cyton/CytonSDK and CytonDataFormat: commands are single characters, answers end in
`$$$`; a frame is 0xA0, a counter, eight 24-bit and three 16-bit numbers (most significant byte first), 0xC0.
"""

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
NO_BOARD = "Failure: Communications timeout - Device failed to poll Host$$$"
"""What the dongle says when the board is switched off or out of range."""


class Board:
    """Board and dongle: in or out of each other's reach, streaming or not."""

    def __init__(self) -> None:
        self.in_reach = True
        self.streaming = False
        self._counter = 0

    def hear(self, received: bytes) -> bytes:
        """Obey what came over the serial line; returns the answer."""
        answers = [self._obey(chr(byte)) for byte in received]
        return "".join(answers).encode()

    def frames(self, microvolts: Sequence[Sequence[float]]) -> bytes:
        """The bytes for these samples (samples x channels): none unless it streams and is in reach."""
        if not self.streaming:
            return b""
        framed = b"".join(self._frame(sample) for sample in microvolts)
        return framed if self.in_reach else b""

    def _obey(self, command: str) -> str:
        if not self.in_reach:
            return NO_BOARD if command in ANSWERS else ""
        if command in "vs":
            self.streaming = False
        elif command == "b":
            self.streaming, self._counter = True, 0
        return ANSWERS.get(command, "")

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
