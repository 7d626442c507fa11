"""Whether the kit can be heard: programs, sound card, its volume, Piper, the call for help."""

import re
from pathlib import Path

from vybor.doctor.findings import Findings, note, ok, program, trouble
from vybor.doctor.machine import Machine
from vybor.foundation.errors import VyborError
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings, VoiceSettings
from vybor.sound import alarm, mixer
from vybor.voice import piper, speech


def sound(places: Places, settings: Settings, machine: Machine) -> Findings:
    """Whether the kit can speak and call for help."""
    yield program(machine, "speech", speech.SPEAKER, "install it (apt install espeak-ng)")
    yield from engine(settings.voice, machine)
    yield program(
        machine, "player", settings.voice.player[0], "install alsa-utils, or name another in [voice] player"
    )
    if settings.voice.whisper_player:
        whispers = settings.voice.whisper_player[0]
        yield program(machine, "whispers", whispers, "install it, or name another in [voice] whisper_player")
    cards = [line for line in machine.text("/proc/asound/cards").splitlines() if line.strip()[:1].isdigit()]
    if cards:
        yield ok(f"sound card: {cards[0].partition(':')[2].strip()}")
        yield from volume(settings.voice, machine)
    else:
        yield trouble(f"sound card: there is none; {remedy(machine.text('/proc/device-tree/model'))}")
    try:
        alarm.words(places.help_call(settings.language))
        yield ok(f"help call: {places.help_call(settings.language)}")
    except VyborError as error:
        yield trouble(f"help call: {error}; until then an alarm tone sounds")


def volume(settings: VoiceSettings, machine: Machine) -> Findings:
    """Whether the card is muted or turned down, as far as its mixer tells."""
    said = machine.said_by(*mixer.command(settings.player))
    if silenced := mixer.silenced(said, settings.player):
        yield trouble(f"volume: {silenced}")
    elif said:
        yield ok(f"volume: nothing is muted ({mixer.card_of(settings.player)})")


def engine(settings: VoiceSettings, machine: Machine) -> Findings:
    """Whether Piper can speak, where it is to; until it does, espeak-ng speaks."""
    voice, why = piper.found(settings)
    if why:
        yield trouble(f"Piper: {why}; until then {speech.SPEAKER} speaks")
    if voice is None:
        return
    name = settings.piper_program
    if not piper.is_packaged() and "--model" not in machine.said_by(name, "--help"):
        there = "is another program of that name" if machine.has_program(name) else "is not there"
        yield trouble(f"Piper: {name} {there}; pip install {piper.PACKAGE}, or name it in [voice] piper_program")
        return
    yield ok(f"Piper: {voice.path} ({voice.language})")
    if not readable_by_others(voice.path):
        yield note(f"Piper: {voice.path} can be read by its owner only; the user vybor-voice must read it, too")


def readable_by_others(path: Path) -> bool:
    """Whether the kit's own users may read a file."""
    return bool(path.stat().st_mode & 0o044)


def remedy(model: str) -> str:
    """Where sound can come from; only the boards with a socket of their own have one to switch on."""
    if re.match(r"Raspberry Pi [1-4] Model [AB]", model):
        return "plug one in, or switch the board's own on in config.txt (dtparam=audio=on)"
    if model.startswith("Raspberry Pi"):
        return "plug in one with USB, or a screen with loudspeakers: this board has no socket of its own"
    return "plug one in, or see what `sudo aplay -l` lists"
