"""What a fit finds of a person's signs in their record: rhythm and height, how far to believe them, or nothing."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.signs_record import Blinker, recorded
from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Channelled, GestureKind
from vybor.contracts.numbers import SignsNumbers
from vybor.foundation.clock import seconds
from vybor_workshop.personal import fitting, rules, signs
from vybor_workshop.personal.fit import TooLittle
from vybor_workshop.personal.signs import Sign


def fitted(person: Blinker, **how: int) -> signs.Fitted:
    decisions = recorded(person, **how)
    newest = signs.newest_fitting(decisions)
    return signs.fit(signs.signs(decisions, newest), newest)


def fails(found: signs.Fitted) -> set[str]:
    judged = rules.judged(Kind.SIGNS, fitting.figures_of_signs(found, None), has_predecessor=False)
    return {rule.rule for rule in judged if not rule.holds}


def test_height_and_rhythm_of_meant_blinks_are_found_where_others_are_unlike_them() -> None:
    found = fitted(Blinker())
    assert found.numbers.blink_microvolts == pytest.approx(150, rel=0.05)
    assert found.numbers.blink_rhythm_s == pytest.approx(0.6, rel=0.05)
    assert (found.numbers.clench_times, found.numbers.clench_shift) == (None, 0.0)
    assert fails(found) == set()
    figures = fitting.figures_of_signs(found, None)
    assert figures["nats_over_worn"].low > 0
    assert figures["false_over_worn"].value < 0, "fewer that nobody meant choose"
    assert figures["missed_over_worn"].value <= 0


def test_who_is_believed_too_little_is_believed_more() -> None:
    found = fitted(Blinker(meant=1.4, share_unmeant=0.01, unmeant=-1.0))
    assert 0.25 <= found.numbers.blink_shift <= 1.0
    assert fails(found) == set()
    assert fitting.figures_of_signs(found, None)["missed_over_worn"].value < 0


def test_strong_signs_say_nothing_of_weak_ones() -> None:
    """All were meant, and not one of them was weak: nobody knows what a weak one would be."""
    assert fitted(Blinker(meant=3.4, share_unmeant=0.0)).numbers.blink_shift == 0.0


def test_weak_signs_that_nobody_meant_are_believed_no_further() -> None:
    mixed = Blinker(meant=3.4, share_unmeant=0.3, unmeant=0.9, unmeant_microvolts=150.0, unmeant_rhythm_s=0.6)
    assert fitted(mixed).numbers.blink_shift <= 0.0


def test_where_nothing_is_amiss_nothing_is_found() -> None:
    well = Blinker(meant=3.4, share_unmeant=0.03, slip=0.02, unmeant_microvolts=150.0, unmeant_rhythm_s=0.6)
    found = fitted(well)
    assert found.numbers == SignsNumbers()
    assert "other-numbers" in fails(found)


def test_what_the_kit_believes_already_is_no_better_for_being_told_again() -> None:
    """The kit wears the very numbers: what it believed is what they would have it believe."""
    first = fitted(Blinker())
    decisions = [_worn(one, signs.by(first.numbers)) for one in recorded(Blinker(), seed=2)]
    again = signs.fit(signs.signs(decisions, 0), 0)
    assert "better" in fails(again)


def _worn(decision: m.Decision, believe: signs.Believe) -> m.Decision:
    def changed(made: m.SignMade) -> m.SignMade:
        sign = Sign(0, made.kind, made.plain, made.log_odds, made.height, made.rhythm_s, 1.0, True)
        return msgspec.structs.replace(made, log_odds=believe(sign))

    return msgspec.structs.replace(decision, signs=tuple(map(changed, decision.signs)))


def test_a_clench_is_fitted_by_itself() -> None:
    person = Blinker(kind=GestureKind.CLENCH, microvolts=6.0, unmeant_microvolts=1.3, unmeant_rhythm_s=0.6)
    found = fitted(person)
    assert found.numbers.clench_times == pytest.approx(6.0, rel=0.05)
    assert not found.numbers.of_blinks
    assert fails(found) == set()


def test_only_signs_since_the_last_fitting_are_learned_from() -> None:
    before = recorded(Blinker(rhythm_s=0.3, fitting=1))
    since = recorded(Blinker(rhythm_s=0.6, fitting=2), seed=3)
    later = [msgspec.structs.replace(one, session=f"later {one.session}") for one in since]
    decisions = [*before, *later]
    newest = signs.newest_fitting(decisions)
    assert newest == 2
    found = signs.fit(signs.signs(decisions, newest), newest)
    assert found.numbers.fitting == 2
    assert found.numbers.blink_rhythm_s == pytest.approx(0.6, rel=0.05)


def test_too_few_signs_are_said_to_be_too_few() -> None:
    with pytest.raises(TooLittle, match="signs of one kind of which it is known what came, and 100 are needed"):
        fitted(Blinker(), days=2)
    with pytest.raises(TooLittle, match="there are 0 signs"):
        signs.fit([], 0)


def test_few_days_are_too_few() -> None:
    found = fitted(Blinker(), days=8, a_day=60)
    assert "days" in fails(found)


# --- what is known of one sign ------------------------------------------------------------------------------


def sign(**about: object) -> m.SignMade:
    made = m.SignMade(
        kind=GestureKind.DOUBLE_BLINK,
        at_ns=seconds(10),
        log_odds=2.0,
        plain=2.2,
        height=90.0,
        rhythm_s=0.4,
        slot=1,
    )
    return msgspec.structs.replace(made, **about)


def chain(made: m.SignMade, action: Action = Action.TAKE, then: Action = Action.TAKE, **how: float) -> list[Sign]:
    """What is known of one that stands with this choice, which that one followed."""
    first = recorded(Blinker(), days=1, a_day=1)[0]
    at_ns = seconds(10 + how.get("before_s", 1.0))
    choice = msgspec.structs.replace(first, action=action, at_ns=at_ns, slot=1, number=1, signs=(made,))
    after_ns = at_ns + seconds(how.get("after_s", 3.0))
    number = int(how.get("number", 2))
    following = msgspec.structs.replace(first, action=then, at_ns=after_ns, number=number, signs=())
    return signs.signs([choice, following], 0)


def meant(found: list[Sign]) -> list[bool]:
    return [each.is_meant for each in found]


def test_what_is_known_of_a_sign_that_chose() -> None:
    chose = sign(chose=True)
    assert meant(chain(chose)) == [True]
    assert meant(chain(chose, then=Action.UNDO)) == [False]
    assert meant(chain(chose, then=Action.DELETE)) == [False]
    assert meant(chain(chose, action=Action.SPEAK, then=Action.REPAIR)) == [False]
    assert chain(chose, then=Action.UNDO, after_s=30.0) == [], "that was thought better of"
    assert chain(chose, number=3) == [], "nobody knows what came next"
    assert chain(chose, action=Action.PAGE) == [], "to leave a page is no undoing"
    (told,) = chain(chose)
    assert (told.plain, told.believed, told.height, told.rhythm_s, told.tile_p) == (2.2, 2.0, 90.0, 0.4, 0.97)


def test_what_is_known_of_a_sign_in_vain() -> None:
    assert meant(chain(sign())) == [True], "its tile was chosen"
    assert meant(chain(sign(slot=4))) == [False]
    assert chain(sign(), before_s=6.0) == []
    assert chain(sign(slot=None)) == []
    assert chain(sign(), then=Action.UNDO) == []
    assert chain(sign(fitting=1)) == []
    assert chain(sign(height=0.0)) == []
    assert chain(sign(kind=GestureKind.BROW)) == []


numbers = st.floats() | st.just(0.0)


@given(
    made=st.builds(
        m.SignMade,
        kind=st.sampled_from(list(GestureKind)),
        at_ns=st.integers(-(2**62), 2**62),
        log_odds=numbers,
        plain=numbers,
        height=numbers,
        rhythm_s=numbers,
        slot=st.none() | st.integers(-3, 20),
        chose=st.booleans(),
    ),
    posterior=numbers,
)
def test_no_record_whatever_it_says_breaks_a_fit(made: m.SignMade, posterior: float) -> None:
    decisions = recorded(Blinker(), days=2, a_day=3)
    evidence = m.Evidence(
        channel=Channelled.CLENCH, posterior=posterior, posterior_without_prior=0.5, gaze_age_ms=0.0
    )
    strange = [msgspec.structs.replace(one, signs=(made,), evidence=evidence) for one in decisions]
    found = signs.signs(strange, 0)
    for each in found:
        assert math.isfinite(signs.nats(each, signs.by(SignsNumbers(blink_shift=0.5, blink_microvolts=90.0))))
    few = signs.best(SignsNumbers(), found)
    assert few == msgspec.json.decode(msgspec.json.encode(few), type=SignsNumbers)


def test_the_rules_want_more_than_no_loss() -> None:
    zero = Interval(0.0, 0.0, 0.0)
    fine = {"changed": 2.0, "days": 9.0, "signs": 90.0}
    figures = {name: Interval(value, value, value) for name, value in fine.items()}
    names = ("nats_over_worn", "nats_over_usual", "false_over_worn", "missed_over_worn")
    figures |= dict.fromkeys(names, zero)
    figures["wrong_over_worn"] = Interval(-0.1, -0.2, -0.01)

    def failing(**others: Interval) -> set[str]:
        judged = rules.judged(Kind.SIGNS, figures | others, has_predecessor=False)
        return {rule.rule for rule in judged if not rule.holds}

    better = Interval(0.05, 0.01, 0.09)
    assert failing() == {"better"}
    assert failing(nats_over_worn=better) == set()
    assert failing(nats_over_worn=better, wrong_over_worn=zero) == {"fewer-wrong"}
    assert failing(nats_over_worn=better, false_over_worn=Interval(0.0, -0.01, 0.01)) == {"no-more-false"}
    assert failing(nats_over_worn=better, missed_over_worn=Interval(0.0, -0.02, 0.02)) == {"no-more-missed"}
    assert failing(nats_over_worn=better, nats_over_usual=Interval(0.0, -0.1, 0.1)) == {"no-loss"}
    assert rules.passes(rules.judged(Kind.SIGNS, figures | {"nats_over_worn": better}, has_predecessor=False))
    assert not rules.passes(rules.judged(Kind.SIGNS, {}, has_predecessor=True))
