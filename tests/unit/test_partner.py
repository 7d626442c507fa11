"""What the other person said: shown, asked with, read as their turn, and gone once it is answered."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from unit.display_pages import page, sheet
from vybor.contracts import messages as m
from vybor.contracts.messages import Source
from vybor.core.decision import deciding, talk
from vybor.core.decision.ahead import prompts_ahead
from vybor.core.decision.rules import Rules
from vybor.display.drawing.scene import Text
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.foundation.settings import CommitSettings
from vybor.generator.candidates import Proposer
from vybor.generator.network import bundle
from world import tiny_model
from world.desk import Desk

ASKED = "How was your day?"
SPEAK_SLOT = 3


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    return [m.Candidate(words=(word,), p=0.1, source=Source.NGRAM) for word in ("good", "bad")]


RULES = Rules(session="s", language="en", commit=CommitSettings(), instant=instant, count=4, look_ahead=6)


def asked(desk: Desk, turn: str = ASKED) -> None:
    desk.state = deciding.partnered(desk.state, turn, RULES, desk.now_ns)


@pytest.mark.parametrize(
    ("typed", "turn"),
    [
        (" How was\tyour day?\n", ASKED),
        ("", ""),
        ("\x1b\u200b \n", ""),
        ("Как дела?", "Как дела?"),
        ("a" * talk.MOST_CHARACTERS, "a" * talk.MOST_CHARACTERS),
    ],
)
def test_a_turn_is_one_line_of_letters(typed: str, turn: str) -> None:
    assert talk.heard(typed) == (turn, "")


def test_a_turn_that_is_too_long_is_refused_whole() -> None:
    turn, reason = talk.heard("word " * 100)
    assert turn == ""
    assert reason == "what the partner said has 499 letters, of which 200 fit; type it shorter"


def test_a_turn_is_shown_and_asked_with_until_the_answer_is_spoken() -> None:
    desk = Desk(RULES)
    before = desk.state.prompt
    asked(desk)
    assert desk.screen().partner == ASKED
    assert desk.state.prompt is not None
    assert before is not None
    assert desk.state.prompt.partner == ASKED
    assert desk.state.prompt.number > before.number  # what the model said before is void
    desk.choose(0)
    assert (desk.screen().text, desk.screen().partner) == ("Good", ASKED)
    assert {prompt.partner for prompt in prompts_ahead(desk.state, RULES, desk.now_ns)} == {ASKED}
    desk.choose(SPEAK_SLOT)
    assert (desk.screen().said, desk.screen().partner) == ("Good.", "")
    assert desk.state.prompt.partner == ""


def test_a_turn_is_replaced_and_taken_back_and_never_recorded() -> None:
    desk = Desk(RULES)
    asked(desk)
    desk.choose(0)
    asked(desk, "Are you hungry?")
    assert desk.screen().partner == "Are you hungry?"
    assert desk.screen().text == "Good"
    asked(desk, "")
    assert desk.screen().partner == ""
    asked(desk)
    desk.choose(SPEAK_SLOT)
    kept = msgspec.msgpack.encode([decided.decision for decided in desk.decided])
    assert b"your day" not in kept
    assert b"hungry" not in kept


def test_a_tile_that_the_eyes_are_on_stays_while_a_turn_comes() -> None:
    desk = Desk(RULES)
    desk.show()
    desk.look(1, 0.5)
    stood = desk.state.tiles[1]
    asked(desk)
    assert desk.state.tiles[1] == stood
    desk.press()
    assert [decided.decision.written for decided in desk.decided] == ["Bad"]


def test_the_model_answers_their_turn(tmp_path: Path) -> None:
    """After a line of theirs this model says `Yes`; on an empty line, anything."""
    follows = {"<|im_start|>": {"Yes": 0.5, "No": 0.5}, "\n": {"Yes": 1.0}, "?": {"\n": 1.0}}
    proposer = Proposer(bundle.open_bundle(tiny_model.bigrams(tmp_path / "tiny", follows)), threads=1)

    def said(turn: str) -> dict[str, float]:
        prompt = m.Prompt(at_ns=0, number=1, text="", partner=turn)
        return {candidate.words[0]: candidate.p for candidate in proposer.propose(prompt, lambda: True) or ()}

    assert said("") == pytest.approx({"Yes": 0.5, "No": 0.5}, abs=0.02)
    assert said("?") == pytest.approx({"Yes": 1.0}, abs=0.02)


@pytest.mark.parametrize(("language", "told"), [("en", "They said: “{}”"), ("ru", "Вам сказали: «{}»")])
def test_their_turn_stands_above_the_text_in_smaller_letters(language: str, told: str) -> None:
    shown = page(text="Good morning. I", language=language, partner=ASKED)
    drawn = scene(Showing(shown), sheet(1280, 720), Words(language), Ways()).patches[0]
    words = [thing for thing in drawn.things if isinstance(thing, Text)]
    first = {word.text: word for word in words}
    assert told.format(ASKED) in " ".join(word.text for word in words)
    assert first["your"].baseline < first["morning."].baseline
    assert first["your"].size < first["morning."].size
    assert shown.tiles == page(language=language).tiles


def test_a_long_turn_leaves_room_for_the_text() -> None:
    long = page(text="Good morning. I am well", partner="word " * 40)
    drawn = scene(Showing(long), sheet(480, 320), Words("en"), Ways()).patches[0]
    words = " ".join(thing.text for thing in drawn.things if isinstance(thing, Text))
    assert "Good morning. I am well" in words


def test_a_page_without_a_turn_is_as_before() -> None:
    drawn = scene(Showing(page()), sheet(1280, 720), Words("en"), Ways()).patches[0]
    assert not any(isinstance(thing, Text) and "said" in thing.text for thing in drawn.things)
