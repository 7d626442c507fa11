"""The decision: offers, acknowledgements, the model's words coming late, the draft coming back."""

from collections.abc import Sequence

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Source
from vybor.core.decision import deciding
from vybor.core.decision.ahead import CHANCES, prompts_ahead
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import resting
from vybor.core.decision.wishes import Wishes
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.instant.mix import Known, weight
from vybor.instant.pattern import Pattern
from vybor.selector.ways import Headband
from world.desk import Desk


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    known = ["I", "you", "we", "they", "it", "he", "she", "water"]
    pattern, passed = Pattern.of(prompt.prefix, prompt.groups), {word.casefold() for word in prompt.exclude}
    found = [w for w in known if pattern.fits(w.casefold()) and w.casefold() not in passed][: prompt.count]
    return [m.Candidate(words=(w,), p=0.1 / n, source=Source.NGRAM) for n, w in enumerate(found, start=1)]


UNDO, MENU = 8, 9
RULES = Rules(session="s", language="en", commit=CommitSettings(), instant=instant, count=4)


class Writer(Desk):
    """Sits at the decision with these rules."""

    def __init__(self) -> None:
        super().__init__(RULES)

    def propose(self, *words: str, prompt: int | None = None) -> None:
        assert self.state.prompt is not None
        candidates = [m.Candidate(words=tuple(w.split()), p=0.2, source=Source.MODEL) for w in words]
        self.answer(candidates, self.state.prompt.number if prompt is None else prompt, "test")

    def labels(self) -> list[str]:
        return [tile.label for tile in self.state.tiles if tile.role is Role.CANDIDATE]


def slot_of(writer: Writer, role: Role) -> int:
    return next(tile.slot for tile in writer.state.tiles if tile.role is role)


def test_the_answers_to_the_prompt_at_hand_are_mixed_as_the_rules_say() -> None:
    asked: list[tuple[str, int]] = []

    def model_alone(
        prompt: m.Prompt, instant: Sequence[m.Candidate], model: Sequence[m.Candidate]
    ) -> Sequence[m.Candidate]:
        asked.append((prompt.text, len(instant)))
        return model or instant

    desk = Desk(msgspec.structs.replace(RULES, mix=model_alone))
    assert desk.state.prompt is not None
    answer = [m.Candidate(words=("Perhaps",), p=0.2, source=Source.MODEL)]
    desk.answer(answer, desk.state.prompt.number, "test")
    assert [tile.label for tile in desk.state.tiles if tile.role is Role.CANDIDATE] == ["Perhaps"]
    assert set(asked) == {("", 4)}


def test_a_choice_is_written_recorded_and_offers_anew() -> None:
    writer = Writer()
    before = writer.state.offer
    writer.choose(0)
    assert writer.state.writing.text == "I"
    assert writer.state.offer == before + 1
    decision = writer.decided[0].decision
    assert (decision.action, decision.written, decision.text_before, decision.text_after) == (
        m.Action.TAKE,
        "I",
        "",
        "I",
    )
    assert [tile.label for tile in decision.shown if tile.role is Role.CANDIDATE] == ["I", "You", "We"]
    assert decision.shown[0].gaze_ms > 500


def test_an_offer_that_was_not_acknowledged_cannot_be_chosen() -> None:
    writer = Writer()
    writer.look(0, 2)
    writer.press()
    assert writer.decided == []


def test_an_answer_to_an_earlier_decision_is_void() -> None:
    writer = Writer()
    old = writer.screen()
    writer.choose(0)
    writer.show(old)  # a display that hangs behind
    writer.look(1, 2)
    writer.press()
    assert len(writer.decided) == 1


def test_what_is_still_shown_of_the_time_before_a_restart_cannot_be_chosen() -> None:
    before = Writer()
    again = Writer()
    again.now_ns += seconds(0.001)
    again.state = deciding.begin(RULES, again.now_ns)
    assert before.state.prompt is not None
    assert again.state.prompt is not None
    assert before.state.prompt.number != again.state.prompt.number
    again.show(before.screen())
    again.look(0, 2)
    again.press()
    assert again.decided == []


def test_nothing_can_be_chosen_behind_a_calibration_or_when_the_display_says_core_is_silent() -> None:
    target = m.CalibrationTarget(at_ns=0, dot=3, dots=9)
    for shown in (
        lambda w: m.Shown(at_ns=w.now_ns, screen=w.screen(), target=target),
        lambda w: m.Shown(at_ns=w.now_ns, screen=w.screen(), core_silent=True),
        lambda w: m.Shown(at_ns=w.now_ns, screen=None),
    ):
        writer = Writer()
        writer.hear(shown(writer))
        writer.look(0, 2)
        writer.press()
        assert writer.decided == []


def test_the_models_words_come_later_and_no_tile_under_the_eyes_moves() -> None:
    writer = Writer()
    writer.show()
    writer.look(2, 0.6)
    looked_at = writer.state.tiles[2]
    writer.propose("Where is", "Can", "Thank you", "Please")
    assert writer.state.tiles[2] == looked_at
    assert set(writer.labels()) == {"Where", "Can", looked_at.label}
    writer.show()
    writer.look(2, 0.1)
    writer.press()
    assert writer.state.writing.text == looked_at.label


def test_a_late_answer_to_an_old_prompt_is_dropped() -> None:
    writer = Writer()
    assert writer.state.prompt is not None
    old = writer.state.prompt.number
    writer.choose(0)
    before = writer.state.tiles
    writer.propose("wrong", prompt=old)
    assert writer.state.tiles == before


def test_the_grey_words_stay_in_their_place_as_one_phrase() -> None:
    writer = Writer()
    writer.show()
    writer.propose("Where is the doctor")
    slot = next(tile.slot for tile in writer.state.tiles if tile.label == "Where")
    writer.choose(slot)
    rest = writer.state.tiles[slot]
    assert (rest.label, rest.source, rest.slot) == ("is the doctor", Source.REST_OF_TAKEN, slot)
    writer.choose(slot)
    assert writer.state.writing.text == "Where is the doctor"


def test_more_excludes_what_was_shown() -> None:
    writer = Writer()
    first = writer.labels()
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.TOOLS))
    writer.choose(slot_of(writer, Role.MORE))
    assert writer.state.writing.mode is Mode.MORE
    assert not {w.casefold() for w in writer.labels()} & {w.casefold() for w in first}
    assert writer.state.prompt is not None
    assert set(writer.state.prompt.exclude) == set(first)


def test_speak_says_the_text_and_undo_brings_it_back_and_hushes() -> None:
    writer = Writer()
    writer.choose(0)
    writer.choose(slot_of(writer, Role.SPEAK))
    spoken = writer.decided[-1]
    assert (spoken.say, spoken.decision.said, spoken.decision.text_before) == ("I.", "I.", "I")
    assert (writer.state.writing.text, writer.state.writing.said) == ("", "I.")
    writer.choose(UNDO)
    assert writer.decided[-1].hush
    assert writer.state.writing.text == "I"


def test_rest_leaves_one_tile_and_two_opposite_looks_wake() -> None:
    writer = Writer()
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.REST))
    assert resting(writer.state)
    assert [tile.role for tile in writer.state.tiles] == [Role.WAKE]
    first = writer.state.tiles[0].slot
    writer.choose(first)
    assert resting(writer.state)
    assert writer.state.tiles[0].slot != first
    writer.choose(writer.state.tiles[0].slot)
    assert not resting(writer.state)


def test_the_help_call_is_two_choices_away_from_anywhere() -> None:
    for before in ((), (0,), (4,), (4, 3), (4, 3, 5)):
        writer = Writer()
        for slot in (*before, MENU):
            writer.choose(slot)
        writer.choose(slot_of(writer, Role.HELP))
        assert writer.decided[-1].call_help


def test_the_draft_is_restored_with_its_undo() -> None:
    writer = Writer()
    draft = m.Draft(request="r", text="I am here", history=("", "I", "I am"))
    writer.state = deciding.restored(writer.state, draft, RULES, writer.now_ns)
    writer.choose(UNDO)
    assert writer.state.writing.text == "I am"


@pytest.mark.parametrize(("there", "back"), [((), ()), ((MENU,), (UNDO,))])
def test_a_draft_that_comes_late_waits_behind_undo(there: Sequence[int], back: Sequence[int]) -> None:
    """Also if it comes while the menu lies over the page: Back stands there where Undo does."""
    writer = Writer()
    for slot in (0, *there):
        writer.choose(slot)
    draft = m.Draft(request="r", text="old text", history=())
    writer.state = deciding.restored(writer.state, draft, RULES, writer.now_ns)
    assert writer.state.writing.text == "I"
    for slot in (*back, UNDO, UNDO):
        writer.choose(slot)
    assert writer.state.writing.text == "old text"


def test_the_same_messages_give_the_same_state() -> None:
    def run() -> msgspec.Struct:
        writer = Writer()
        writer.propose("Where is", "Can")
        writer.choose(1)
        writer.choose(5)
        return writer.state

    assert run() == run()


def test_a_tile_does_not_stay_lit_when_the_looks_stop() -> None:
    writer = Writer()
    writer.show()
    writer.look(2, 0.6)
    lit = deciding.passed(writer.state, RULES, writer.now_ns + seconds(0.3), Headband.UNSET).highlight
    dark = deciding.passed(writer.state, RULES, writer.now_ns + seconds(0.7), Headband.UNSET).highlight
    assert lit is not None
    assert dark is not None
    assert (lit.slot, dark.slot) == (2, None)


def test_what_a_silent_display_once_showed_cannot_be_chosen() -> None:
    writer = Writer()
    writer.show()
    writer.look(0, 0.6)
    writer.now_ns += seconds(1.5)  # the display is gone; the eyes still look
    writer.look(0, 1.0)
    writer.press()
    assert writer.decided == []
    writer.choose(0)
    assert len(writer.decided) == 1


def test_another_picture_under_the_same_number_is_no_acknowledgement() -> None:
    writer = Writer()
    screen = writer.screen()
    writer.show(msgspec.structs.replace(screen, tiles=screen.tiles[1:]))
    writer.look(1, 2)
    writer.press()
    assert writer.decided == []


def test_noise_neither_chooses_nor_blinds() -> None:
    writer = Writer()
    writer.show()
    far = writer.now_ns + seconds(60)
    nan = m.GazePoint(x=float("nan"), y=0.2, sd_x=0.02, sd_y=0.02)
    writer.hear(m.Gaze(at_ns=writer.now_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=nan))
    good = m.GazePoint(x=0.1, y=0.2, sd_x=0.02, sd_y=0.02)
    writer.hear(m.Gaze(at_ns=far, at_sd_ns=0, eyes=m.Eyes.OPEN, point=good))
    empty = m.Candidate(words=(), p=0.5, source=Source.MODEL)
    assert writer.state.prompt is not None
    number = writer.state.prompt.number
    writer.hear(m.Proposals(at_ns=writer.now_ns, prompt=number, candidates=(empty,), model="", took_ms=1.0))
    writer.choose(0)
    assert len(writer.decided) == 1


def test_the_models_words_for_the_text_before_are_not_offered_behind_the_new_one() -> None:
    writer = Writer()
    writer.propose("Zebra")
    writer.choose(1)
    assert "zebra" not in [label.casefold() for label in writer.labels()]


def test_undo_right_after_help_calls_it_off_and_changes_no_text() -> None:
    writer = Writer()
    writer.choose(0)
    writer.choose(MENU)
    writer.choose(slot_of(writer, Role.HELP))
    writer.choose(UNDO)
    assert writer.decided[-1].hush
    assert writer.state.writing.text == "I"
    writer.choose(UNDO)
    assert writer.state.writing.text == ""


def test_a_person_at_rest_is_not_woken_by_a_restart() -> None:
    writer = Writer()
    draft = m.Draft(request="r", text="I am tired", resting=True)
    writer.state = deciding.restored(deciding.first(0), draft, RULES, writer.now_ns)
    assert resting(writer.state)
    assert [tile.role for tile in writer.state.tiles] == [Role.WAKE]


def test_what_would_be_asked_next_is_told_the_likeliest_first() -> None:
    writer = Writer()
    rules = msgspec.structs.replace(RULES, look_ahead=12)
    ahead = prompts_ahead(writer.state, rules, writer.now_ns)
    assert ahead[0].groups
    assert [prompt.text for prompt in ahead if not prompt.groups][:2] == ["I", "You"]
    assert [prompt.exclude for prompt in ahead if prompt.exclude] == [("I", "You", "We")]
    assert prompts_ahead(writer.state, RULES, writer.now_ns) == ()
    writer.choose(0)
    assert writer.state.prompt is not None
    assert any(writer.state.prompt.asks_the_same(prompt) for prompt in ahead)


def test_every_choice_that_was_looked_at_ahead_asks_what_was_foreseen() -> None:
    rules = msgspec.structs.replace(RULES, look_ahead=12)
    for path in ((0,), (9, 4), (9, 4, 1), (5, 6), (5, 6, 4), (0, 8), (7, 4, 0)):
        writer = Writer()
        for slot in path:
            ahead = prompts_ahead(writer.state, rules, writer.now_ns)
            role = next(tile.role for tile in writer.state.tiles if tile.slot == slot)
            before = writer.state.prompt
            writer.choose(slot)
            after = writer.state.prompt
            assert before is not None
            assert after is not None
            if role in CHANCES and not after.asks_the_same(before):
                assert any(after.asks_the_same(prompt) for prompt in ahead), (path, slot, role)


def test_nothing_is_looked_at_ahead_while_the_person_rests() -> None:
    draft = m.Draft(request="r", text="I am tired", resting=True)
    rules = msgspec.structs.replace(RULES, look_ahead=12)
    assert prompts_ahead(deciding.restored(deciding.first(0), draft, rules, 1), rules, 1) == ()


def test_the_first_word_of_what_was_not_moved_keeps_its_place_and_chance() -> None:
    writer = Writer()
    assert writer.state.prompt is not None
    plain = [m.Candidate(words=(word,), p=p, source=Source.MODEL) for word, p in (("So", 0.3), ("But", 0.2))]
    moved = [m.Candidate(words=(word,), p=p, source=Source.MODEL) for word, p in (("Boats", 0.3), ("So", 0.2))]
    answer = m.Proposals(
        at_ns=writer.now_ns,
        prompt=writer.state.prompt.number,
        candidates=tuple(moved),
        model="test",
        took_ms=1.0,
        interest_is_on=True,
        unmoved=(*plain, m.Candidate(words=(), p=0.1, source=Source.MODEL)),
    )
    writer.hear(answer)
    chances = {tile.label: tile.p for tile in writer.state.tiles}
    assert {"So", "Boats"} <= set(writer.labels())
    assert chances["So"] == pytest.approx(weight(Known()) * 0.3)
    assert "But" not in chances
    assert writer.screen().interest_is_on


@pytest.mark.parametrize("incognito", [False, True])
def test_a_choice_that_held_is_told_with_whether_it_may_be_kept(incognito: bool) -> None:
    writer = Writer()
    writer.state = deciding.begin(RULES, writer.now_ns, Wishes(incognito=incognito))
    writer.choose(0)
    writer.choose(1)
    assert writer.decided[0].looked is None
    looked = writer.decided[1].looked
    assert looked is not None
    assert looked.is_private is incognito
    assert looked.certainty >= 0.9
