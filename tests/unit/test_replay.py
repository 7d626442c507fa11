"""A text written again by the real decision: what it costs, with a part and without."""

from collections.abc import Sequence

import msgspec
import pytest

from unit.account_person import RULES, Scribe, instant
from vybor.accounting import replay
from vybor.accounting.replay import Way
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source
from vybor.instant.pattern import Pattern


def nothing(prompt: m.Prompt) -> Sequence[m.Candidate]:
    return ()


def with_words(*known: str) -> Way:
    """The kit that knows these words alone."""

    def fitting(prompt: m.Prompt) -> Sequence[m.Candidate]:
        pattern = Pattern.of(prompt.prefix, prompt.groups)
        fit = [word for word in known if pattern.fits(word.casefold())]
        return [m.Candidate(words=(word,), p=0.2, source=Source.NGRAM) for word in fit[: prompt.count]]

    return Way(msgspec.structs.replace(RULES, instant=fitting))


KNOWING, KNOWING_NOTHING = Way(RULES), Way(msgspec.structs.replace(RULES, instant=nothing))


def test_as_many_choices_as_a_careful_writer_makes() -> None:
    scribe = Scribe()
    scribe.write("I want tea")
    best = replay.choices("I want tea", KNOWING)
    assert best is not None
    assert best <= len(scribe.record)
    assert best == 4  # I want; two groups of letters, tea


def test_what_is_known_costs_less() -> None:
    known, unknown = replay.choices("zebra", with_words("zebra")), replay.choices("zebra", KNOWING_NOTHING)
    assert known == 1
    assert unknown is not None
    assert unknown > 5


def test_the_model_s_words_count_where_there_is_a_model() -> None:
    asked: list[str] = []

    def model(prompt: m.Prompt) -> Sequence[m.Candidate]:
        asked.append(prompt.text)
        return [m.Candidate(words=("zebra",), p=0.5, source=Source.MODEL)]

    assert replay.choices("I want zebra", Way(RULES, model)) == 2
    assert asked == ["", "I want"]


def test_marks_capitals_and_apostrophes_do_not_count() -> None:
    assert replay.meant("Don't go, Anna! Ёлка?") == "dont go anna елка"
    same = {replay.choices(text, KNOWING) for text in ("I want tea", "i want TEA.", "I want, tea?")}
    assert len(same) == 1


def test_a_text_goes_on_behind_another() -> None:
    assert replay.choices("tea", KNOWING, before="I want") == replay.choices("I want tea", KNOWING) - 1  # type: ignore[operator]


@pytest.mark.parametrize("text", ["", "?!", "at 5€ each"])
def test_what_cannot_be_written_is_left_out(text: str) -> None:
    assert replay.choices(text, KNOWING) in {None, replay.choices("at 5 each", KNOWING)}


def test_digits_hyphens_and_words_nobody_knows_are_spelled() -> None:
    for text in ("at 10", "e-mail", "x-ray 3"):
        made = replay.choices(text, KNOWING_NOTHING)
        assert made is not None, text
        assert made > len(replay.meant(text).replace(" ", ""))


def test_a_longer_word_is_no_beginning_of_a_shorter_one() -> None:
    tile = m.Tile(slot=0, role=Role.CANDIDATE, area=AREA, pad=AREA, label="teapot", source=Source.NGRAM)
    assert replay.next_tile([tile], m.Mode.WORDS, replay.Known("", 0), "tea") is None
    assert replay.next_tile([tile], m.Mode.WORDS, replay.Known("", 0), "teapot now") is tile
    assert replay.next_tile([tile], m.Mode.WORDS, replay.Known("", 0), "teapots now") is None


AREA = m.Area(left=0, top=0, right=1, bottom=1)


def test_the_same_prompts_are_asked_as_by_who_writes_with_the_eyes() -> None:
    """`deciding.after` leads to the same offers as a choice that was looked at and confirmed."""
    seen: list[m.Prompt] = []

    def watching(prompt: m.Prompt) -> Sequence[m.Candidate]:
        seen.append(msgspec.structs.replace(prompt, at_ns=0, number=0))
        return instant(prompt)

    scribe = Scribe(msgspec.structs.replace(RULES, instant=watching))
    scribe.take(Role.CANDIDATE, "I want")
    scribe.take(Role.KEY)
    looked = list(dict.fromkeys(seen))
    seen.clear()
    state = replay.deciding.begin(msgspec.structs.replace(RULES, instant=watching), 0)
    for role, label in ((Role.CANDIDATE, "I want"), (Role.KEY, "")):
        tile = next(t for t in state.tiles if t.role is role and (not label or t.label == label))
        state = replay.deciding.after(state, tile, msgspec.structs.replace(RULES, instant=watching), 0)
    assert list(dict.fromkeys(seen)) == looked
    assert [tile.label for tile in state.tiles] == [tile.label for tile in scribe.state.tiles]


def test_keystrokes_are_counted_without_pages() -> None:
    found = replay.rewritten("I want tea", KNOWING)
    assert found is not None
    assert (found.choices, found.letters) == (4, len("i want tea"))
    assert found.keystrokes == 4
    spelled = replay.rewritten("zebra", KNOWING_NOTHING)
    assert spelled is not None
    assert 5 < spelled.keystrokes < spelled.choices
    assert replay.rewritten("", KNOWING) is None
