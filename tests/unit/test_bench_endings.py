"""The bench's person who takes a word in a wrong form and gives it its ending."""

from collections.abc import Sequence

import msgspec
import pytest

from benches.writing_endings import NEVER, ending_wish
from benches.writing_kit import Kit
from benches.writing_person import Attention
from benches.writing_phrases import Phrase
from unit.test_russian_endings import RUSSIAN
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.instant.pattern import Pattern

WORK = {"работа", "работу", "работы"}
KNOWN = ("и", "не", "работа", "я", "хочу")


def are_forms(word: str, other: str) -> bool:
    return word == other or {word, other} <= WORK


def instant(prompt: m.Prompt) -> Sequence[m.Candidate]:
    pattern, passed = Pattern.of(prompt.prefix, prompt.groups), {word.lower() for word in prompt.exclude}
    found = [word for word in KNOWN if pattern.fits(word) and word not in passed]
    return [m.Candidate(words=(word,), p=0.1, source=m.Source.NGRAM) for word in found[: prompt.count]]


def phrase(text: str) -> Phrase:
    return Phrase(0, tuple(text.split()))


def kit(*, endings: bool) -> Kit:
    rules = msgspec.structs.replace(RUSSIAN, instant=instant)
    return Kit("kit", rules, lambda _: (), takes_runs=True, are_forms=are_forms if endings else None)


def test_a_form_is_taken_and_mended() -> None:
    done = kit(endings=True).write(phrase("я хочу работу"), Attention())
    assert [(act.role, act.chosen) for act in done.acts[-5:]] == [
        ("candidate", "работа"),
        ("menu", ""),
        ("tools", ""),
        ("endings", "работа"),
        ("candidate", "работу"),
    ]
    plain = kit(endings=False).write(phrase("я хочу работу"), Attention())
    assert plain.selections > done.selections


def test_a_word_that_agrees_is_taken_as_ever() -> None:
    with_endings, without = (kit(endings=known).write(phrase("я хочу"), Attention()) for known in (True, False))
    assert with_endings == without


def screen(mode: Mode, text: str, *tiles: tuple[Role, str]) -> m.Screen:
    area = m.Area(left=0, top=0, right=1, bottom=1)
    placed = [
        m.Tile(slot=slot, role=role, area=area, pad=area, label=label) for slot, (role, label) in enumerate(tiles)
    ]
    return m.Screen(at_ns=0, offer=1, mode=mode, text=text, tiles=tuple(placed))


@pytest.mark.parametrize(
    ("shown", "slot"),
    [
        (
            screen(Mode.ENDINGS, "Я хочу работа", (Role.CANDIDATE, "работы"), (Role.ENDINGS, "работа")),
            1,
        ),  # turn on
        (screen(Mode.ENDINGS, "Я хочу работа", (Role.CANDIDATE, "Работу"), (Role.BACK, "")), 0),
        (screen(Mode.MENU, "я хочу работа", (Role.ENDINGS, "работа"), (Role.BACK, "")), 0),
        (screen(Mode.WORDS, "я хочу работа", (Role.CANDIDATE, "и"), (Role.MENU, "")), 1),
    ],
)
def test_the_way_to_an_ending(shown: m.Screen, slot: int) -> None:
    chosen = ending_wish(shown, phrase("я хочу работу здесь"), are_forms).tile
    assert chosen is not None
    assert chosen.slot == slot


def test_another_word_is_no_form() -> None:
    shown = screen(Mode.WORDS, "я хочу и", (Role.CANDIDATE, "не"), (Role.LETTERS, ""))
    assert ending_wish(shown, phrase("я хочу работу"), are_forms) == NEVER
