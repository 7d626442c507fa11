"""The first words with a Cyton: which one it is, after a reset."""

from vybor.foundation.clock import Clock
from vybor.headband.devices.cyton import dialogue
from vybor.headband.devices.cyton.serial_port import SerialPort
from vybor.headband.port import HeadbandMissing

BANNER_S = 3.0
"""The board is up again within a second of its reset; its dongle gives up on it about as soon."""
HUSH_S = 0.5


def greet(port: SerialPort) -> dialogue.Banner:
    """Have the board start anew, and hear what it is. Raises dialogue.Unlike, and HeadbandStopped."""
    port.send(dialogue.STOP)
    port.hush(HUSH_S)
    port.send(dialogue.RESET)
    return dialogue.banner(port.answer(dialogue.ANSWER_END, BANNER_S))


def who_is_at(path: str, clock: Clock) -> dialogue.Banner:
    """What is behind a serial port. Raises HeadbandMissing if it is no Cyton, HeadbandStopped if it goes."""
    port = SerialPort(path, clock)
    try:
        return greet(port)
    except dialogue.Unlike as unlike:
        raise HeadbandMissing(str(unlike)) from None
    finally:
        port.close()
