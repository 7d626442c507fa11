"""What amixer says, as cards of several makers have it."""

import pytest

from vybor.sound import mixer

APLAY = ("aplay", "-q", "-")

LAPTOP = """\
Simple mixer control 'Master',0
  Capabilities: pvolume pvolume-joined pswitch pswitch-joined
  Playback channels: Mono
  Limits: Playback 0 - 87
  Mono: Playback {master}
Simple mixer control 'Headphone',0
  Capabilities: pvolume pswitch
  Playback channels: Front Left - Front Right
  Limits: Playback 0 - 87
  Mono:
  Front Left: Playback 0 [0%] [-65.25dB] [off]
  Front Right: Playback 0 [0%] [-65.25dB] [off]
Simple mixer control 'PCM',0
  Capabilities: pvolume
  Playback channels: Front Left - Front Right
  Limits: Playback 0 - 255
  Mono:
  Front Left: Playback {pcm}
  Front Right: Playback {pcm}
Simple mixer control 'Capture',0
  Capabilities: cvolume cswitch
  Capture channels: Front Left - Front Right
  Limits: Capture 0 - 63
  Front Left: Capture 0 [0%] [-16.00dB] [off]
  Front Right: Capture 0 [0%] [-16.00dB] [off]
"""

USB = """\
Simple mixer control 'Speaker',0
  Capabilities: pvolume pswitch pswitch-joined
  Playback channels: Front Left - Front Right
  Limits: Playback 0 - 37
  Mono:
  Front Left: Playback {left}
  Front Right: Playback {right}
Simple mixer control 'Mic',0
  Capabilities: pvolume pvolume-joined cvolume cvolume-joined pswitch pswitch-joined cswitch cswitch-joined
  Playback channels: Mono
  Capture channels: Mono
  Limits: Playback 0 - 31 Capture 0 - 35
  Mono: Playback 0 [0%] [-23.00dB] [off] Capture 27 [77%] [20.00dB] [on]
"""

PI = """\
Simple mixer control 'PCM',0
  Capabilities: pvolume pvolume-joined pswitch pswitch-joined
  Playback channels: Mono
  Limits: Playback -10239 - 400
  Mono: Playback {pcm}
"""

ON_87 = "64 [74%] [-17.25dB] [on]"
FULL = "255 [100%] [0.00dB]"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (LAPTOP.format(master=ON_87, pcm=FULL), ""),
        (LAPTOP.format(master="64 [74%] [-17.25dB] [off]", pcm=FULL), "Master is muted"),
        (LAPTOP.format(master="0 [0%] [-65.25dB] [on]", pcm=FULL), "Master is turned down to nothing"),
        (LAPTOP.format(master=ON_87, pcm="0 [0%] [-51.00dB]"), "PCM is turned down to nothing"),
        (USB.format(left="20 [54%] [-17.00dB] [on]", right="20 [54%] [-17.00dB] [on]"), ""),
        (USB.format(left="0 [0%] [-37.00dB] [on]", right="0 [0%] [-37.00dB] [on]"), ""),
        (USB.format(left="0 [0%] [on]", right="20 [54%] [on]"), ""),
        (USB.format(left="20 [54%] [off]", right="20 [54%] [off]"), "Speaker is muted"),
        (USB.format(left="0 [0%] [on]", right="0 [0%] [on]"), "Speaker is turned down to nothing"),
        (PI.format(pcm="-10239 [0%] [-102.39dB] [on]"), "PCM is turned down to nothing"),
        (PI.format(pcm="-2000 [77%] [-20.00dB] [off]"), "PCM is muted"),
        (PI.format(pcm="-2000 [77%] [-20.00dB] [on]"), ""),
        ("", ""),
        ("Simple mixer control", ""),
        ("amixer: Mixer attach default error: No such file or directory\n", ""),
    ],
)
def test_a_card_that_cannot_be_heard_is_told_from_one_that_can(said: str, why: str) -> None:
    assert mixer.silenced(said, APLAY).partition(";")[0] == why


def test_the_remedy_is_a_command() -> None:
    muted = mixer.silenced(LAPTOP.format(master="64 [74%] [off]", pcm=FULL), APLAY)
    assert muted == "Master is muted; amixer -D default sset 'Master' unmute"
    down = mixer.silenced(PI.format(pcm="0 [0%] [on]"), ("aplay", "-D", "plughw:1,0", "-"))
    assert down == "PCM is turned down to nothing; amixer -D hw:1 sset 'PCM' 80%"


@pytest.mark.parametrize(
    ("player", "card"),
    [
        (APLAY, "default"),
        (("pw-play", "-"), "default"),
        (("aplay", "-D", "hw:2,0", "-"), "hw:2"),
        (("aplay", "-Dplughw:Device", "-"), "hw:Device"),
        (("aplay", "--device", "sysdefault:CARD=Device", "-"), "hw:Device"),
        (("aplay", "--device=front:CARD=PCH,DEV=0", "-"), "hw:PCH"),
        (("aplay", "-D", "pulse"), "default"),
        (("aplay", "-D"), "default"),
    ],
)
def test_the_mixer_is_that_of_the_player_s_card(player: tuple[str, ...], card: str) -> None:
    assert mixer.command(player) == ["amixer", "-D", card, "scontents"]
