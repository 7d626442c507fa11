"""Looks at the keys of the keypad: the same words from memory as from the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vybor.composer.letters import KEYS
from vybor.instant.keys import Keypad, Order
from vybor.instant.pattern import Pattern
from vybor.instant.word_list import Word

WRITTEN = ["don't", "dog", "don", "e-mail", "email", "3:30", "zebra", "cafe", "i", "дом", "x-ray", "éa"]
WORDS = [Word(number, fold, fold, 0.01 * (number % 5 + 1)) for number, fold in enumerate(WRITTEN, start=2)]
KEYPAD = Keypad(Order.of(KEYS["en"], WORDS))


@given(st.lists(st.sampled_from(KEYS["en"]), min_size=1, max_size=6))
def test_a_run_holds_the_words_that_fit(looks: list[str]) -> None:
    pattern = Pattern.of("", tuple(looks))
    run = KEYPAD.run(pattern)
    assert run is not None
    fitting = [word for word in WORDS if pattern.fits(word.fold)]
    assert [word for word in WORDS if word.id in run] == fitting
    assert run.p == pytest.approx(sum(word.p for word in fitting))
    commonest = sorted(fitting, key=lambda word: (-word.p, word.id))
    assert run.frequent((), 99) == [word.id for word in commonest]
    assert run.frequent({word.id for word in commonest[:1]}, 2) == [word.id for word in commonest[1:3]]


def test_a_word_of_another_list_is_in_no_run() -> None:
    run = KEYPAD.run(Pattern.of("", KEYS["en"][:1]))
    assert run is not None
    assert 999 not in run


def test_looks_at_other_groups_are_not_known() -> None:
    assert KEYPAD.run(Pattern.of("", ("abc",))) is None
    assert Keypad(Order.of((), WORDS)).run(Pattern.of("", KEYS["en"][:1])) is None


def test_yo_stands_on_the_key_of_ye() -> None:
    keypad = Keypad(Order.of(KEYS["ru"], [Word(2, "елка", "ёлка", 0.1)]))
    run = keypad.run(Pattern.of("", tuple(next(key for key in KEYS["ru"] if letter in key) for letter in "ел")))
    assert run is not None
    assert 2 in run


@given(
    st.lists(st.sampled_from(WORDS), unique_by=lambda word: word.id), st.sampled_from([(), KEYS["en"], KEYS["ru"]])
)
def test_an_order_comes_out_of_the_file_as_it_went_in(words: list[Word], keys: tuple[str, ...]) -> None:
    order = Order.of(keys, words)
    assert Order.unpacked(order.packed()) == order


@pytest.mark.parametrize("part", ["keys", "written", "ids", "ps"])
def test_an_order_that_is_none_is_refused(part: str) -> None:
    packed = Order.of(KEYS["en"], WORDS).packed()
    with pytest.raises(ValueError, match=f"the order by keys lacks {part}"):
        Order.unpacked({name: content for name, content in packed.items() if name != part})
    if part == "written":
        lines = packed[part].split(b"\n")
        with pytest.raises(ValueError, match="order by keys is none"):
            Order.unpacked({**packed, part: b"\n".join(reversed(lines))})
    if part != "keys":
        with pytest.raises(ValueError):
            Order.unpacked({**packed, part: packed[part][:-3] if part != "written" else b"0"})
