"""The voice speaks: real programs, one sentence after another, the call for help before all."""

import logging
import subprocess
import time
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
)
from vybor.contracts import messages as m
from vybor.foundation.settings import VoiceSettings
from vybor.sound import alarm
from vybor.voice import speech

pytestmark = pytest.mark.skipif(not CAN_SPEAK, reason=NO_SPEECH)


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    with played_by(tmp_path) as made:
        monkeypatch.setenv("ALSA_CONFIG_PATH", str(made.card.configuration))
        yield made


@pytest.fixture
def card(kit: Kit) -> Card:
    return kit.card


def test_a_sentence_sounds_for_as_long_as_its_words_take(kit: Kit, card: Card) -> None:
    say(kit, "I would like to go home now because I am tired.")
    kit.until_quiet()
    assert 1.5 < card.heard_s < 5
    assert max(card.samples) > 5000
    assert kit.room.troubles() == ()


def test_russian_is_spoken_by_the_russian_voice(kit: Kit, card: Card) -> None:
    say(kit, "Мне нужна помощь", "ru")
    kit.until_quiet()
    assert 0.5 < card.heard_s < 3


def test_two_sentences_take_as_long_as_both(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until_quiet()
    alone_s = card.heard_s
    for _ in range(2):
        say(kit, "I am cold.")
    kit.until_quiet()
    assert card.heard_s == pytest.approx(3 * alone_s, rel=0.02)


def test_a_sentence_that_the_bus_repeats_is_said_once(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until_quiet()
    alone_s = card.heard_s
    command = m.Say(request=kit.request(), text="I am cold.")
    for _ in range(3):
        kit.ask(command)
        kit.until(lambda: kit.all_answered)
    kit.until_quiet()
    assert card.heard_s == pytest.approx(2 * alone_s, rel=0.02)


def test_an_answer_does_not_wait_for_the_sound(kit: Kit) -> None:
    say(kit, LONG)
    say(kit, LONG)
    kit.until(lambda: kit.all_answered, play_s=0)
    assert {type(answer) for answer in kit.answers} == {m.Done}


def test_hush_cuts_speech_short_and_forgets_what_waits(kit: Kit, card: Card) -> None:
    say(kit, LONG)
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.5, play_s=0.1)
    kit.ask(m.Hush(request=kit.request()))
    kit.until(lambda: kit.all_answered, play_s=0)
    kit.until_quiet()
    assert 0.5 < card.heard_s < 1.5


def test_after_hush_a_new_sentence_is_said(kit: Kit, card: Card) -> None:
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.2, play_s=0.1)
    kit.ask(m.Hush(request=kit.request()))
    say(kit, "I am cold.")
    kit.until_quiet()
    assert 0.8 < card.heard_s < 3
    assert kit.room.troubles() == ()


def test_the_call_for_help_overtakes_speech_whole(kit: Kit, card: Card) -> None:
    kit.use(VoiceSettings(), {"en": call_of(12_345)})
    say(kit, LONG)
    say(kit, LONG)
    kit.until(lambda: card.heard_s > 0.5, play_s=0.1)
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert list(card.samples[-RATE_HZ:]) == [12_345] * RATE_HZ
    assert card.heard_s < 2.5


def test_the_call_for_help_needs_no_speech_program(
    kit: Kit, card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_player(tmp_path / "bin", monkeypatch)
    kit.use(VoiceSettings(), {"en": call_of(12_345)})
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert list(card.samples) == [12_345] * RATE_HZ


def test_without_a_rendered_call_the_alarm_tone_sounds(kit: Kit, card: Card, tmp_path: Path) -> None:
    kit.use(VoiceSettings(), alarm.load(["en"], lambda _: tmp_path / "none.wav", logging.getLogger("vybor.voice")))
    kit.ask(m.CallHelp(request=kit.request()))
    kit.until_quiet()
    assert card.heard_s == pytest.approx(4.2, abs=0.3)


def test_hush_is_silence_within_a_tenth_of_a_second(kit: Kit, card: Card) -> None:
    """From the wish on the bus to a player that is gone; the best of three, since the machine has other work."""
    say(kit, "I am cold.")
    kit.until_quiet()  # what has been heard is not probed for after the hush
    took_s = []
    for _ in range(3):
        before_s = card.heard_s
        say(kit, LONG)
        kit.until(lambda heard_s=before_s: card.heard_s > heard_s + 0.1, play_s=0.05)
        began = time.perf_counter()
        kit.ask(m.Hush(request=kit.request()))
        kit.until(lambda: kit.room.is_idle, play_s=0)
        took_s.append(time.perf_counter() - began)
    assert min(took_s) < 0.1


def test_undo_of_a_sentence_that_waits_leaves_the_one_before_it(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until_quiet()
    alone_s = card.heard_s
    say(kit, "I am cold.")
    taken_back = m.Say(request=kit.request(), text=LONG)
    kit.ask(taken_back)
    kit.ask(m.Hush(request=kit.request(), only=taken_back.request))
    kit.until_quiet()
    assert card.heard_s == pytest.approx(2 * alone_s, rel=0.02)


def test_what_was_said_is_said_again(kit: Kit, card: Card) -> None:
    say(kit, "I am cold.")
    kit.until_quiet()
    alone_s = card.heard_s
    kit.ask(m.Repeat(request=kit.request(), text="I am cold."))
    kit.until_quiet()
    assert card.heard_s == pytest.approx(2 * alone_s, rel=0.02)


def test_a_label_is_whispered_quicker_and_quieter_and_cut_off_by_the_next(kit: Kit, card: Card) -> None:
    say(kit, "I am very cold and tired.")
    kit.until_quiet()
    loud, long_s = max(card.samples), card.heard_s
    card.played.clear()
    kit.ask(m.Whisper(request=kit.request(), text="I am very cold and tired."))
    kit.until_quiet()
    assert 0 < max(card.samples) < 0.6 * loud
    assert 0 < card.heard_s < 0.9 * long_s
    card.played.clear()
    kit.ask(m.Whisper(request=kit.request(), text=LONG))
    kit.until(lambda: card.heard_s > 0.2, play_s=0.05)
    kit.ask(m.Whisper(request=kit.request(), text="Yes"))
    kit.until_quiet()
    assert 0.2 < card.heard_s < 1.5


def test_a_sentence_does_not_wait_for_a_label(kit: Kit, card: Card) -> None:
    kit.ask(m.Whisper(request=kit.request(), text=LONG))
    kit.until(lambda: card.heard_s > 0.2, play_s=0.05)
    say(kit, "I am cold.")
    kit.until_quiet()
    assert 0.8 < card.heard_s < 2.5
    assert max(card.samples) > 5000


def test_a_russian_name_in_an_english_sentence_is_a_word_and_not_letters(kit: Kit, card: Card) -> None:
    """espeak-ng's English voice spells Cyrillic letter by letter: a Russian voice takes its place."""
    say(kit, "Маргарита", "ru")
    say(kit, "Ask to come.")
    kit.until_quiet()
    apart_s = card.heard_s
    card.played.clear()
    say(kit, "Ask Маргарита to come.")
    kit.until_quiet()
    assert 0.5 * apart_s < card.heard_s < 1.3 * apart_s
    card.played.clear()
    say(kit, "Ask <Маргарита> & come.")
    kit.until_quiet()
    assert 0.5 * apart_s < card.heard_s < 1.5 * apart_s


@pytest.mark.parametrize(
    ("text", "language", "phonemes"),
    [
        ("Ask Маргарита & co at 5", "en", ["'aask", "mVrgar;'ita#", "_and k'oU at f'aIv"]),
        ("Это Anna, 7 лет", "ru", ["'EtV", "'an@", "s;'ejm l;'et"]),
    ],
)
def test_what_follows_a_foreign_word_is_in_the_voice_of_the_text(
    text: str, language: str, phonemes: list[str]
) -> None:
    command, feed = speech.told(text, language, 160, 100)
    shown = [word for word in command if word != "--stdout"]
    done = subprocess.run([*shown, "-q", "-x"], input=feed, capture_output=True, check=True)
    assert [line for line in done.stdout.decode().splitlines() if line] == phonemes
