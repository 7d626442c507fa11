"""What the doctor finds of sound: programs, card, volume, Piper, the call for help."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from unit.test_doctor import NOBODY, troubles
from vybor.doctor import hearing
from vybor.doctor.findings import Finding, Mark
from vybor.doctor.machine import Machine
from vybor.foundation.places import Places, how_to_get
from vybor.foundation.settings import VoiceSettings
from vybor.sound import alarm
from world.machine import bare, install, put


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(runtime=tmp_path / "run", state=tmp_path / "state", share=tmp_path / "share")
    for folder in (made.runtime, made.state, made.share):
        folder.mkdir()
    return made


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with nothing on it."""
    return bare(tmp_path)


def only(found: Iterable[object]) -> object:
    (one,) = found
    return one


CARDS = """ 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
"""


def test_without_sound_each_missing_part_has_its_remedy(places: Places, machine: Machine) -> None:
    put(machine, "/proc/asound/cards", "--- no soundcards ---\n")
    assert troubles(hearing.sound(places, NOBODY, machine)) == [
        "speech: the program espeak-ng is not there; install it (apt install espeak-ng)",
        "player: the program aplay is not there; install alsa-utils, or name another in [voice] player",
        "sound card: there is none; plug one in, or see what `sudo aplay -l` lists",
        f"help call: the help call {places.help_call('en')} cannot be played (No such file or directory); "
        f"{how_to_get(places.help_call('en'))}; until then an alarm tone sounds",
    ]


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("", "`sudo aplay -l`"),
        ("Raspberry Pi 4 Model B Rev 1.5", "dtparam=audio=on"),
        ("Raspberry Pi 5 Model B Rev 1.0", "no socket of its own"),
        ("Raspberry Pi Zero 2 W Rev 1.0", "no socket of its own"),
    ],
)
def test_sound_is_switched_on_only_where_there_is_a_socket(model: str, says: str) -> None:
    assert says in hearing.remedy(model)
    assert ("dtparam" in hearing.remedy(model)) == ("Pi 4" in model)


def test_with_sound_all_is_well(places: Places, machine: Machine) -> None:
    put(machine, "/proc/asound/cards", CARDS)
    install(machine, "espeak-ng")
    install(machine, "aplay")
    places.help_call("en").write_bytes(alarm.tone())
    findings = list(hearing.sound(places, NOBODY, machine))
    assert {finding.mark for finding in findings} == {Mark.OK}
    assert Finding(Mark.OK, "sound card: vc4-hdmi - vc4-hdmi-0") in findings


AMIXER = """\
Simple mixer control 'Master',0
  Capabilities: pvolume pvolume-joined pswitch pswitch-joined
  Mono: Playback 40 [46%] [-35.00dB] [{switch}]
"""


@pytest.mark.parametrize(
    ("switch", "found"),
    [
        ("on", Finding(Mark.OK, "volume: nothing is muted (default)")),
        ("off", Finding(Mark.TROUBLE, "volume: Master is muted; amixer -D default sset 'Master' unmute")),
    ],
)
def test_a_muted_card_has_its_remedy(machine: Machine, switch: str, found: Finding) -> None:
    install(machine, "amixer", AMIXER.format(switch=switch))
    assert only(hearing.volume(VoiceSettings(), machine)) == found


def test_without_a_mixer_nothing_is_said_of_volume(machine: Machine) -> None:
    assert list(hearing.volume(VoiceSettings(), machine)) == []


def test_piper_is_looked_at_where_a_voice_is_named(machine: Machine, tmp_path: Path) -> None:
    voice = tmp_path / "en.onnx"
    settings = VoiceSettings(piper_voice=str(voice), piper_program="piper")
    assert list(hearing.engine(VoiceSettings(), machine)) == []
    assert "a voice of Piper's is two files" in str(only(troubles(hearing.engine(settings, machine))))
    voice.write_bytes(b"a model")
    (tmp_path / "en.onnx.json").write_text('{"audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"}}')
    assert "piper is not there; pip install piper-tts" in str(only(troubles(hearing.engine(settings, machine))))
    install(machine, "piper", "Configure gaming mice")
    assert "piper is another program of that name" in str(only(troubles(hearing.engine(settings, machine))))
    install(machine, "piper", "usage: piper [-h] -m MODEL, --model MODEL")
    assert only(hearing.engine(settings, machine)) == Finding(Mark.OK, f"Piper: {voice} (en)")
    voice.chmod(0o600)
    assert [finding.mark for finding in hearing.engine(settings, machine)] == [Mark.OK, Mark.NOTE]
