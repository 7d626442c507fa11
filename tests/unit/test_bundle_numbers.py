"""Numbers of one person: everybody's are those that the kit had, and none beyond their bounds is taken."""

import math

import msgspec
import pytest

from vybor.bundles import numbers
from vybor.bundles.manifest import CONTENTS, Kind
from vybor.bundles.refusals import Absurd
from vybor.contracts.numbers import CountsNumbers, InterestNumbers, Learned, SignsNumbers

USUAL = {Kind.INTEREST: InterestNumbers(), Kind.COUNTS: CountsNumbers(), Kind.SIGNS: SignsNumbers()}


@pytest.mark.parametrize("kind", numbers.FORMS)
def test_what_is_written_is_read(kind: Kind) -> None:
    assert numbers.read(kind, numbers.written(USUAL[kind])) == USUAL[kind]
    assert numbers.read(kind, b"{}") == USUAL[kind]
    assert kind in CONTENTS
    assert kind.value in set(Learned)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.INTEREST, b'{"weight": 100}'),
        (Kind.INTEREST, b'{"weight": 0}'),
        (Kind.INTEREST, b'{"half_life": -12}'),
        (Kind.INTEREST, b'{"gazed": 1.5}'),
        (Kind.INTEREST, b'{"shrunk": 0}'),
        (Kind.INTEREST, b'{"weight": NaN}'),
        (Kind.INTEREST, b'{"weight": 1e999}'),
        (Kind.INTEREST, b'{"weight": null}'),
        (Kind.INTEREST, b'{"weight": "6"}'),
        (Kind.INTEREST, b'{"most_nats": 3}'),
        (Kind.COUNTS, b'{"shares": [0.1, 0.15]}'),
        (Kind.COUNTS, b'{"shares": [0.1, 0.15, 0.9]}'),
        (Kind.COUNTS, b'{"shares": [0.1, 0.15, -0.1]}'),
        (Kind.COUNTS, b'{"half_grown": 0}'),
        (Kind.COUNTS, b'{"least_pair": 4}'),
        (Kind.COUNTS, b'{"fresh": 0}'),
        (Kind.COUNTS, b'{"weight": 6}'),
        (Kind.SIGNS, b'{"blink_microvolts": 0}'),
        (Kind.SIGNS, b'{"blink_microvolts": 2000}'),
        (Kind.SIGNS, b'{"blink_microvolts": NaN}'),
        (Kind.SIGNS, b'{"blink_rhythm_s": 0.01}'),
        (Kind.SIGNS, b'{"blink_rhythm_s": -0.3}'),
        (Kind.SIGNS, b'{"blink_shift": 2}'),
        (Kind.SIGNS, b'{"clench_shift": -3}'),
        (Kind.SIGNS, b'{"clench_times": 0.5}'),
        (Kind.SIGNS, b'{"fitting": -1}'),
        (Kind.SIGNS, b'{"certainty": 0.5}'),
        (Kind.COUNTS, b"[" * 100_000),
        (Kind.COUNTS, b"\xff"),
        (Kind.COUNTS, b""),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(kind: Kind, content: bytes) -> None:
    with pytest.raises(Absurd) as refused:
        numbers.read(kind, content)
    assert str(refused.value).endswith("fit them again with `vybor-workshop personal fit`")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("weight", [math.nan, math.inf, -1.0, 100.0])
def test_nor_does_the_workstation_write_it(weight: float) -> None:
    with pytest.raises(Absurd):
        numbers.written(msgspec.structs.replace(InterestNumbers(), weight=weight))


def test_which_numbers_let_go_of_more() -> None:
    usual = CountsNumbers()
    strict = CountsNumbers(least_pair=2, least_triple=3, fresh=200)
    assert not usual.prunes
    assert strict.prunes
    assert usual.lets_go_no_more_than(strict)
    assert strict.lets_go_no_more_than(strict)
    assert not strict.lets_go_no_more_than(usual)
    assert not CountsNumbers(least_pair=2, fresh=200).lets_go_no_more_than(CountsNumbers(least_pair=2, fresh=300))
