"""Whether the sound card is muted or turned down to nothing, from what `amixer` says. Pure."""

import re
from collections.abc import Iterator, Sequence

import msgspec

PROGRAM = "amixer"
ALL_SOUND = ("Master", "PCM")
"""Controls that everything goes through, on cards that have them."""
NOTHING_DB = -40.0
"""Some cards can still be heard at nought per cent; this is what is left of a loud voice in a quiet room."""


class _Control(msgspec.Struct):
    """A control of playback: what each of its channels says."""

    name: str
    volumes: list[bool] = []
    """Whether each is more than nothing."""
    switches: list[bool] = []

    @property
    def is_off(self) -> bool:
        """Whether all of its channels are switched off."""
        return bool(self.switches) and not any(self.switches)

    @property
    def is_at_nothing(self) -> bool:
        """Whether all of its channels are turned down."""
        return bool(self.volumes) and not any(self.volumes)


def card_of(player: Sequence[str]) -> str:
    """The card whose mixer counts: that of aplay's `-D`, else the usual one."""
    named = ""
    for word, following in zip(player, (*player[1:], ""), strict=True):
        if word in ("-D", "--device"):
            named = following
        elif word.startswith(("--device=", "-D")):
            named = word.removeprefix("--device=").removeprefix("-D")
    if card := re.search(r"CARD=(\w+)", named) or re.match(r"(?:plug)?hw:(\w+)", named):
        return f"hw:{card[1]}"
    return "default"


def command(player: Sequence[str]) -> list[str]:
    """What prints the volumes of the player's card."""
    return [PROGRAM, "-D", card_of(player), "scontents"]


def silenced(said: str, player: Sequence[str]) -> str:
    """Why nothing can be heard, with the remedy, from the output of `command`; empty if it can, or who knows."""
    controls = [control for control in _controls(said) if control.volumes or control.name in ALL_SOUND]
    through_all = [control for control in controls if control.name in ALL_SOUND]
    quiet = [control for control in controls if control.is_off or control.is_at_nothing]
    blocking = next((control for control in through_all if control in quiet), None)
    if blocking is None and quiet and len(quiet) == len(controls):
        blocking = quiet[0]
    if blocking is None:
        return ""
    sets = f"{PROGRAM} -D {card_of(player)} sset '{blocking.name}'"
    if blocking.is_off:
        return f"{blocking.name} is muted; {sets} unmute"
    return f"{blocking.name} is turned down to nothing; {sets} 80%"


def _controls(said: str) -> Iterator[_Control]:
    for part in re.split(r"^Simple mixer control ", said, flags=re.MULTILINE)[1:]:
        head, *lines = part.splitlines()
        control = _Control(name=head.partition("'")[2].rpartition("'")[0])
        for line in lines:
            playback = re.match(r"\s+[^:]+: Playback (.*)$", line)
            if playback and "[" in line:
                _channel(control, playback[1].partition(" Capture ")[0])
        if control.volumes or control.switches:
            yield control


def _channel(control: _Control, told: str) -> None:
    if percent := re.search(r"\[(\d+)%\]", told):
        decibels = re.search(r"\[(-?[\d.]+)dB\]", told)
        is_nothing = int(percent[1]) == 0 and (decibels is None or float(decibels[1]) <= NOTHING_DB)
        control.volumes.append(not is_nothing)
    if switch := re.search(r"\[(on|off)\]", told):
        control.switches.append(switch[1] == "on")
