"""The ledger of a record that the real decision made: pieces, undone choices, what was spoken and taken back."""

import math

import msgspec
import pytest

from unit.account_person import Scribe
from vybor.accounting.account import Fate, Ledger, Utterance, ledger
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.utterances.provenance import Origin


def fates(utterance: Utterance) -> list[Fate]:
    return [step.fate for step in utterance.steps]


def test_a_sentence_has_every_choice_that_led_to_it() -> None:
    scribe = Scribe()
    scribe.say("I want tea")
    told = ledger(scribe.record)
    (one,) = told.spoken
    assert (one.number, one.text, one.said, one.taken_back) == (1, "I want tea", "I want tea.", False)
    assert len(one.steps) == len(scribe.record)
    assert fates(one) == [Fate.TEXT] * (len(one.steps) - 1) + [Fate.SPOKE]
    assert one.person_bits == pytest.approx(sum(step.surprise for step in one.steps[:-1]))
    assert one.kit_bits > 0
    assert one.letters_bits == pytest.approx(len("I want tea") * math.log2(29))
    assert one.share == pytest.approx(1 - one.kit_bits / one.letters_bits)
    assert len(one.origins) == len(one.said)
    assert one.origins[-1] is Origin.FULL_STOP
    assert Origin.UNKNOWN not in one.origins


def test_what_is_undone_is_work_and_no_text() -> None:
    straight, astray = Scribe(), Scribe()
    straight.say("I want tea")
    astray.write("I")
    astray.write("I you")
    astray.take(Role.UNDO)
    astray.say("I want tea")
    (one,), (other,) = ledger(straight.record).spoken, ledger(astray.record).spoken
    assert other.undone_bits > 0
    assert fates(other).count(Fate.UNDONE) >= 2
    assert one.undone_bits == 0
    assert one.text == other.text
    assert sum(step.surprise for step in other.steps if step.fate is Fate.TEXT) == pytest.approx(other.person_bits)


def test_a_way_that_was_gone_back_is_undone_too() -> None:
    scribe = Scribe()
    scribe.take(Role.MENU)
    scribe.take(Role.BACK)
    scribe.say("I")
    (one,) = ledger(scribe.record).spoken
    assert fates(one) == [Fate.UNDONE, Fate.UNDONE, Fate.TEXT, Fate.SPOKE]


def test_letters_belong_to_the_word_that_they_brought() -> None:
    scribe = Scribe()
    scribe.say("Zebra")
    (one,) = ledger(scribe.record).spoken
    assert set(one.origins) == {Origin.SPELLED, Origin.FULL_STOP}
    assert Fate.UNDONE not in fates(one)
    assert one.person_bits > 20  # five letters of which no tier knew anything


def test_speaking_that_is_taken_back_goes_on_as_the_next_one() -> None:
    scribe = Scribe()
    scribe.say("I")
    scribe.take(Role.UNDO)
    assert scribe.text == "I"
    scribe.say("I want")
    first, second = ledger(scribe.record).spoken
    assert (first.taken_back, second.taken_back) == (True, False)
    assert second.text == "I want"
    assert second.steps[0].decision == scribe.record[0]
    assert fates(second)[:3] == [Fate.TEXT, Fate.UNDONE, Fate.UNDONE]  # the word, the speaking, taking it back
    assert len(second.steps) == len(scribe.record)


def test_work_before_a_speaking_that_is_taken_back_stays_work() -> None:
    scribe = Scribe()
    scribe.write("You")
    scribe.take(Role.UNDO)
    scribe.say("I")
    scribe.take(Role.UNDO)
    scribe.take(Role.SPEAK)
    _, second = ledger(scribe.record).spoken
    assert [step.decision for step in second.steps] == scribe.record
    assert fates(second) == [*[Fate.UNDONE] * 2, Fate.TEXT, *[Fate.UNDONE] * 2, Fate.SPOKE]


def test_pages_that_were_left_again_led_nowhere() -> None:
    scribe = Scribe()
    for role in (Role.MENU, Role.TOOLS, Role.PHRASES, Role.BACK):
        scribe.take(role)
    scribe.say("I")
    (one,) = ledger(scribe.record).spoken
    assert fates(one) == [*[Fate.UNDONE] * 4, Fate.TEXT, Fate.SPOKE]


def test_what_was_cleared_away_is_no_text() -> None:
    scribe = Scribe()
    scribe.write("You")
    scribe.take(Role.MENU)
    scribe.take(Role.TOOLS)
    scribe.take(Role.CLEAR)
    scribe.say("I")
    (one,) = ledger(scribe.record).spoken
    assert one.text == "I"
    assert fates(one)[0] is Fate.UNDONE
    assert one.undone_bits > 0


def test_clearing_that_is_undone_is_text_again() -> None:
    scribe = Scribe()
    scribe.write("You")
    scribe.take(Role.MENU)
    scribe.take(Role.TOOLS)
    scribe.take(Role.CLEAR)
    scribe.take(Role.UNDO)
    scribe.take(Role.SPEAK)
    (one,) = ledger(scribe.record).spoken
    assert (one.text, fates(one)) == ("You", [Fate.TEXT, *[Fate.UNDONE] * 4, Fate.SPOKE])


def test_rest_and_help_are_about_no_text() -> None:
    scribe = Scribe()
    scribe.take(Role.MENU)
    scribe.take(Role.REST)
    scribe.take(Role.WAKE)
    scribe.take(Role.WAKE)
    scribe.say("I")
    (one,) = ledger(scribe.record).spoken
    assert fates(one).count(Fate.ASIDE) == 4
    assert one.text == "I"


def test_the_draft_is_told_with_what_is_open() -> None:
    scribe = Scribe()
    scribe.say("I")
    scribe.write("You")
    scribe.take(Role.KEY)
    draft = ledger(scribe.record).draft()
    assert (draft.number, draft.text, draft.said) == (0, "You", "You")
    assert fates(draft)[-2:] == [Fate.TEXT, Fate.OPEN]


def test_a_start_that_lost_the_text_leaves_it_behind_and_one_that_has_it_goes_on() -> None:
    scribe = Scribe()
    scribe.write("I want")
    begun = len(scribe.record)
    scribe.say("I want tea")
    restarted = [msgspec.structs.replace(one, session="t", at_ns=1) for one in scribe.record[begun:]]
    goes_on = ledger([*scribe.record[:begun], *restarted]).spoken[0]
    assert [step.decision.text_after for step in goes_on.steps] == [one.text_after for one in scribe.record]
    unknown = ledger(restarted).spoken[0]
    assert unknown.origins[:6] == (Origin.UNKNOWN,) * 6
    other = Scribe()
    other.say("You")
    lost = ledger([*scribe.record[:begun], *other.record]).spoken[0]
    assert (lost.text, lost.undone_bits > 0) == ("You", True)


def test_undo_beyond_what_the_record_has_is_unknown_text_and_nobody_s_bits() -> None:
    scribe = Scribe()
    scribe.write("I want")
    scribe.take(Role.UNDO)
    late = scribe.record[-1:]
    assert late[0].action is Action.UNDO
    told = Ledger()
    for one in late:
        told.tell(one)
    draft = told.draft()
    assert draft.text == scribe.text
    assert set(draft.origins) <= {Origin.UNKNOWN}
    assert draft.person_bits == draft.kit_bits == 0


def test_an_older_record_is_told_the_same() -> None:
    """Without the page, the letters and the groups that newer records have."""
    scribe = Scribe()
    scribe.say("Zebra water")
    old = [msgspec.structs.replace(one, mode=None, prefix="", looks=()) for one in scribe.record]
    new, older = ledger(scribe.record).spoken[0], ledger(old).spoken[0]
    assert older.origins == new.origins
    assert older.person_bits == new.person_bits


def test_a_record_of_a_version_without_these_fields_still_decodes() -> None:
    scribe = Scribe()
    scribe.take(Role.CANDIDATE)
    whole = msgspec.to_builtins(scribe.record[0])
    for later in ("mode", "prefix", "looks", "propensity", "took_ms", "was_ahead"):
        del whole[later]
    for tile in whole["shown"]:
        del tile["looked_p"], tile["origin"]
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(whole), type=m.Decision)
    assert (read.mode, read.propensity, read.shown[0].looked_p) == (None, 1.0, None)
    assert ledger([read]).draft().text == read.text_after


def test_the_record_keeps_the_page_the_letters_and_what_the_looks_said() -> None:
    scribe = Scribe()
    scribe.write("Tea")
    first, *_, last = scribe.record
    assert first.mode is m.Mode.WORDS
    assert (last.mode, last.looks) == (m.Mode.KEYPAD, tuple(map(chosen_group, scribe.record[:-1])))
    alone = {tile.slot: tile.looked_p for tile in last.shown}
    assert alone[last.slot] == last.evidence.posterior_without_prior
    assert all(p is not None and 0 <= p <= 1 for p in alone.values())


def test_the_record_keeps_how_long_the_model_took_and_whether_something_was_tried_out() -> None:
    scribe = Scribe()
    prompt = scribe.state.prompt
    assert prompt is not None
    words = (m.Candidate(words=("Perhaps",), p=0.4, source=m.Source.TOPIC, origin="trip.pdf"),)
    told = m.Proposals(
        at_ns=scribe.now_ns,
        prompt=prompt.number,
        candidates=words,
        model="tiny",
        took_ms=12.5,
        was_ahead=True,
        propensity=0.75,
    )
    scribe.hear(told)
    scribe.take(Role.CANDIDATE, "Perhaps")
    kept = scribe.record[0]
    assert (kept.model, kept.took_ms, kept.was_ahead, kept.propensity) == ("tiny", 12.5, True, 0.75)
    assert [tile.origin for tile in kept.shown if tile.label == "Perhaps"] == ["trip.pdf"]
    scribe.take(Role.UNDO)
    assert scribe.record[1].took_ms == 0


def chosen_group(decision: m.Decision) -> str:
    return next(tile.label.replace(" ", "") for tile in decision.shown if tile.slot == decision.slot)


def test_capitals_that_come_back_to_the_same_word_are_undone() -> None:
    scribe = Scribe()
    scribe.write("You")
    scribe.take(Role.MENU)
    scribe.take(Role.TOOLS)
    scribe.take(Role.MARKS)
    for _ in range(3):
        scribe.take(Role.CAPITAL)
    draft = ledger(scribe.record).draft()
    assert draft.text == "You"
    assert fates(draft) == [Fate.TEXT] + [Fate.UNDONE] * 6
    assert Origin.UNKNOWN not in draft.origins


def test_of_a_choice_without_an_offer_nothing_is_counted() -> None:
    scribe = Scribe()
    scribe.say("I want")
    (one,) = ledger([msgspec.structs.replace(each, shown=(), said="") for each in scribe.record]).spoken
    assert (one.said, one.share, one.person_bits) == ("I want", None, 0)
    assert set(one.origins) == {Origin.UNKNOWN}


def test_a_long_way_to_a_letter_is_no_more_than_the_letter() -> None:
    scribe = Scribe()
    scribe.write("Zebra")
    for _ in range(3):
        scribe.take(Role.MENU)
        scribe.take(Role.TOOLS)
        scribe.take(Role.MARKS)
        scribe.take(Role.MARK, "?")
    draft = ledger(scribe.record).draft()
    assert draft.text == "Zebra???"
    assert draft.person_bits > draft.letters_bits
    assert draft.share == 1


def test_pages_of_an_older_record_are_undone_with_the_text_behind_which_they_were_turned() -> None:
    scribe = Scribe()
    scribe.write("I")
    for role in (Role.MENU, Role.TOOLS, Role.PHRASES, Role.BACK, Role.UNDO):
        scribe.take(role)
    draft = ledger([msgspec.structs.replace(one, mode=None) for one in scribe.record]).draft()
    assert [step.decision.number for step in draft.steps] == [one.number for one in scribe.record]
    assert set(fates(draft)) == {Fate.UNDONE}


def not_meant(scribe: Scribe) -> None:
    for role in (Role.MENU, Role.NOT_MEANT):
        scribe.take(role)


@pytest.mark.parametrize("sentence", ["I", "I want tea"])
def test_a_speaking_that_was_meant_after_all_holds_and_is_no_part_of_the_next(sentence: str) -> None:
    scribe = Scribe()
    scribe.say(sentence)
    spoken = len(scribe.record)
    not_meant(scribe)
    (meanwhile,) = ledger(scribe.record).spoken
    assert meanwhile.taken_back
    scribe.take(Role.UNDO)
    (held,) = ledger(scribe.record).spoken
    assert (held.taken_back, len(held.steps)) == (False, spoken)
    scribe.say("you")
    first, second = ledger(scribe.record).spoken
    assert (first, second.taken_back, second.text) == (held, False, "you")
    assert [step.decision for step in second.steps] == scribe.record[spoken:]
    assert fates(second)[:3] == [Fate.UNDONE] * 3


def test_a_repair_that_was_spoken_and_undone_with_its_speaking_leaves_the_sentence_as_it_was() -> None:
    scribe = Scribe()
    scribe.say("I want tea")
    (before,) = ledger(scribe.record).spoken
    not_meant(scribe)
    scribe.take(Role.SPEAK)
    scribe.take(Role.UNDO)
    scribe.take(Role.UNDO)
    first, second = ledger(scribe.record).spoken
    assert (first, second.taken_back) == (before, True)
    scribe.take(Role.UNDO)
    assert ledger(scribe.record).spoken[0].taken_back


def test_a_sentence_that_is_not_to_be_learned_is_private_though_its_words_were_written_openly() -> None:
    scribe = Scribe()
    scribe.say("I want")
    scribe.write("You")
    for role in (Role.MENU, Role.TOOLS, Role.UNLEARN, Role.SPEAK):
        scribe.take(role)
    assert [one.is_private for one in ledger(scribe.record).spoken] == [False, True]
