"""What the Cyton says when it is spoken to, and what that means. Pure.

Commands are single characters; answers are text that ends in `$$$`. When the board is off or far, its dongle
answers.
"""

import re

import msgspec

STOP = b"s"
STREAM = b"b"
RESET = b"v"
EIGHT_CHANNELS = b"c"
SIXTEEN_CHANNELS = b"C"
ANSWER_END = b"$$$"
FIRMWARES = (2, 3)
"""Major versions whose frames and commands are those described here; 1 says no version."""
CHANNEL_NAMES = "12345678QWERTYUI"
"""What the board calls its channels, the Daisy's last."""


class Unlike(ValueError):
    """The board is none that is known here; the text says what it is, as the end of a sentence."""


class Banner(msgspec.Struct, frozen=True):
    """How a Cyton introduces itself."""

    firmware: str
    has_daisy: bool


def banner(answer: bytes) -> Banner:
    """Read what came after a reset. Raises Unlike for anything but a Cyton with a firmware that is known."""
    text = answer.decode("ascii", errors="replace")
    if "Failure" in text:
        raise Unlike("its dongle is there, but the board is off or far: switch it to PC and bring it near")
    if "OpenBCI" not in text or "ADS1299" not in text:
        raise Unlike(_strange(text))
    told = re.search(r"Firmware: v(\d+)(?:\.\d+)*", text)
    if told is None or int(told[1]) not in FIRMWARES:
        has = f"firmware {told[0].partition(' v')[2]}" if told else "a firmware that says no version"
        known = " and ".join(str(major) for major in FIRMWARES)
        raise Unlike(f"its board has {has}, and {known} are known: load version 3 with OpenBCI's own program")
    return Banner(told[0].partition(" v")[2], "Daisy ADS1299" in text)


def check_sixteen(answer: bytes) -> None:
    """Raises Unlike if the board, asked for sixteen channels, has eight."""
    if b"16" not in answer:
        raise Unlike("its board has no Daisy: seat the Daisy on its pins, or set headband.board to cyton")


def lead_off(channel: int, *, is_on: bool) -> bytes:
    """The command that sends a current of 6 nA through one electrode (from 0), or stops that."""
    return f"z{CHANNEL_NAMES[channel]}0{int(is_on)}Z".encode()


def _strange(text: str) -> str:
    if not text:
        return "nothing answers there: plug the dongle in, switch it to GPIO 6, or name another port"
    shown = re.sub(r"[^ -~]+", " ", text).strip()[:40]
    return f"what answers there is no Cyton ({shown or 'no text'}): name another port"
