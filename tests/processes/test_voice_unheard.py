"""Why nobody can hear the person: what is missing, muted or plugged out is told, and heals."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes.sound_card import (
    CAN_SPEAK,
    LONG,
    NO_SPEECH,
    RATE_HZ,
    Card,
    Kit,
    call_of,
    only_player,
    played_by,
    say,
    trouble,
)
from vybor.contracts import messages as m
from vybor.foundation.settings import VoiceSettings

pytestmark = pytest.mark.skipif(not CAN_SPEAK, reason=NO_SPEECH)


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    with played_by(tmp_path) as made:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(made.card.configuration))
        yield made


@pytest.fixture
def card(kit: Kit) -> Card:
    return kit.card


def test_a_missing_speech_program_is_told_and_heals(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    speaker = Path(shutil.which("espeak-ng") or "")
    only_player(folder, monkeypatch)
    say(kit, "I am cold.")
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "espeak-ng cannot be started (No such file or directory); install it"
    (folder / "espeak-ng").symlink_to(speaker)
    kit.passed_s += 6
    kit.until(lambda: kit.room.troubles() == ())
    assert card.heard_s == 0


def test_a_missing_player_is_told(kit: Kit) -> None:
    kit.use(VoiceSettings(player=("no-such-player", "-")), {})
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "no-such-player cannot be started (No such file or directory); install it"


def test_a_missing_sound_card_is_told_in_the_player_s_words_and_heals(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "nothing.conf"
    nothing.write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "aplay: main:831: audio open error: No such file or directory"
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card.configuration))
    kit.passed_s += 6
    kit.until(lambda: kit.room.troubles() == ())
    assert card.heard_s == 0


def test_a_call_that_could_not_be_heard_is_heard_when_the_card_is_back(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = tmp_path / "nothing.conf"
    nothing.write_text("")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    kit.use(VoiceSettings(), {"en": call_of(12_345)})
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until(lambda: kit.room.troubles() != () and kit.all_answered)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(card.configuration))
    kit.passed_s += 2
    kit.until_quiet()
    assert list(card.samples) == [12_345] * RATE_HZ


def test_a_card_unplugged_in_the_middle_of_a_sentence_is_told_and_the_sentence_is_not_said_later(
    kit: Kit, card: Card
) -> None:
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.5, play_s=0.1)
    card.unplug()
    kit.until(lambda: kit.room.troubles() != (), play_s=0)
    assert trouble(kit) == "aplay: ended by signal 13"
    card.plug()
    heard_s = card.heard_s
    kit.passed_s += 6
    kit.until(lambda: kit.room.troubles() == ())
    kit.until_quiet()
    assert card.heard_s == heard_s


def test_a_player_that_hangs_is_given_up_and_told(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until(lambda: card.heard_s > 0.1, play_s=0.05)
    kit.passed_s += 60
    kit.until(lambda: kit.room.troubles() != (), play_s=0)
    assert trouble(kit) == "aplay does not end; the sound card may be stuck"


def test_a_card_that_is_none_is_told_before_anybody_speaks(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALSA's null device takes every sound and plays none: a player is through with it at once."""
    hole = tmp_path / "null.conf"
    hole.write_text("pcm.!default { type null }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(hole))
    kit.until(lambda: kit.room.troubles() != ())
    assert trouble(kit) == "aplay ended at once, so the sound went nowhere; name a real card (aplay -L)"


def test_whispers_may_have_a_player_of_their_own(kit: Kit, card: Card) -> None:
    kit.use(VoiceSettings(whisper_player=("no-such-earphone", "-")), {})
    kit.until_quiet()
    kit.ask(m.Whisper(request=kit.request(), text="Yes"))
    kit.until_quiet()
    (notice,) = kit.room.troubles()
    assert notice.trouble is m.Trouble.WHISPER_MISSING
    say(kit, "I am cold.")
    kit.until_quiet()
    assert card.heard_s > 0.5


def test_what_is_for_the_ear_goes_to_the_player_of_whispers(kit: Kit, card: Card) -> None:
    kit.use(VoiceSettings(whisper_player=("no-such-earphone", "-")), {})
    kit.until_quiet()
    kit.ask(m.Say(request=kit.request(), text="Your word is water.", to_ear=True))
    kit.until_quiet()
    (notice,) = kit.room.troubles()
    assert (notice.trouble, card.heard_s) == (m.Trouble.WHISPER_MISSING, 0)


def test_a_muted_card_is_told_and_heals(
    kit: Kit, tmp_path: Path, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No machine of a test has a mixer: a program of amixer's name says what the real one says of a card."""
    folder, switch = tmp_path / "mixer", tmp_path / "switch"
    folder.mkdir()
    told = "Simple mixer control 'Master',0\n  Mono: Playback 40 [46%%] [-35.00dB] [%s]\n"
    (folder / "amixer").write_text(f'#!/bin/sh\nprintf "{told}" $(cat {switch})\n')
    (folder / "amixer").chmod(0o755)
    switch.write_text("off")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    say(kit, "I am cold.")
    kit.until(lambda: kit.room.troubles() != ())
    (notice,) = kit.room.troubles()
    muted = "Master is muted; amixer -D default sset 'Master' unmute"
    assert notice == m.Notice(process="voice", trouble=m.Trouble.SOUND_MUTED, detail=muted)
    switch.write_text("on")
    kit.passed_s += 6
    kit.until(lambda: kit.room.troubles() == ())
