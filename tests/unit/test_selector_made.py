"""Signs by a headband between two choices: which the record has, and of which tile."""

import msgspec

from unit.test_deciding import RULES, Writer
from unit.test_selector import FRAME_S, Eyes, body_of, pad_of
from vybor.contracts import messages as m
from vybor.contracts.messages import GestureKind
from vybor.core.decision.private import found
from vybor.selector import signs
from vybor.selector import step as select


def made(at_ns: int, log_odds: float = 3.0, plain: float | None = 3.0) -> m.Gesture:
    return m.Gesture(
        at_ns=at_ns,
        at_sd_ns=0,
        ended_ns=at_ns,
        kind=GestureKind.DOUBLE_BLINK,
        log_odds=log_odds,
        plain=plain,
        height=210.0,
        rhythm_s=0.4,
    )


def blink(eyes: Eyes, log_odds: float = 3.0, plain: float | None = 3.0) -> tuple[m.SignMade, ...]:
    """The signs that are known once this one was made."""
    known, chosen = select.gesture(eyes.state, made(eyes.now_ns, log_odds, plain), eyes.rule)
    eyes._take((known, chosen))
    return known.signs


def test_one_that_chooses_is_told_with_what_it_was_like() -> None:
    eyes = Eyes().look(body_of(2), 1.0)
    (sign,) = blink(eyes, log_odds=2.5)
    assert eyes.slots() == [2]
    assert sign == m.SignMade(
        kind=GestureKind.DOUBLE_BLINK,
        at_ns=eyes.now_ns,
        log_odds=2.5,
        plain=3.0,
        height=210.0,
        rhythm_s=0.4,
        slot=2,
        chose=True,
    )
    assert eyes.state.signs == (), "after a choice they are those of the next one"


def test_one_that_is_too_weak_is_told_with_the_tile_that_it_was_made_at() -> None:
    eyes = Eyes().look(body_of(4), 1.0)
    (sign,) = blink(eyes, log_odds=1.0)
    assert (sign.slot, sign.chose, eyes.slots()) == (4, False, [])
    eyes.look(body_of(1), 1.0)
    assert [each.slot for each in eyes.state.signs] == [4]


def test_one_without_a_look_before_it_is_told_without_a_tile() -> None:
    eyes = Eyes()
    (sign,) = blink(eyes, log_odds=1.0)
    assert sign.slot is None


def test_those_of_a_camera_and_what_chooses_nothing_are_not_told() -> None:
    eyes = Eyes().look(body_of(4), 1.0)
    assert blink(eyes, log_odds=1.0, plain=None) == ()
    for name in ("plain", "height", "rhythm_s"):
        nonsense = msgspec.structs.replace(made(eyes.now_ns, log_odds=1.0), **{name: float("nan")})
        assert select.gesture(eyes.state, nonsense, eyes.rule)[0].signs == (), "the record has no way to say that"
    single = msgspec.structs.replace(made(eyes.now_ns), kind=GestureKind.BLINK)
    assert select.gesture(eyes.state, single, eyes.rule)[0].signs == ()


def test_the_newest_few_are_kept() -> None:
    eyes = Eyes()
    for number in range(signs.MOST + 3):
        eyes.look(body_of(4), 0.4)
        kept = blink(eyes, log_odds=number / 100)
    assert [sign.log_odds for sign in kept] == [number / 100 for number in range(3, signs.MOST + 3)]


def test_the_record_has_those_since_the_choice_before_and_after_which_fitting_they_were_made() -> None:
    writer = Writer()
    writer.rules = msgspec.structs.replace(RULES, fittings=3)
    writer.show()
    writer.look(1, 1.0)
    writer.hear(made(writer.now_ns, log_odds=1.0, plain=2.0))
    assert writer.decided == []
    writer.hear(made(writer.now_ns))
    (decided,) = writer.decided
    told = decided.decision.signs
    assert [(sign.slot, sign.chose, sign.fitting, sign.plain) for sign in told] == [
        (1, False, 3, 2.0),
        (1, True, 3, 3.0),
    ]
    assert decided.decision.evidence.channel is m.Channelled.DOUBLE_BLINK
    writer.choose(2)
    assert writer.decided[-1].decision.signs == ()
    assert found([msgspec.structs.replace(decided.decision, incognito=False)])[0].signs == ()


def test_records_without_signs_are_read() -> None:
    writer = Writer()
    writer.choose(0)
    old = msgspec.to_builtins(writer.decided[-1].decision)
    del old["signs"]
    assert msgspec.convert(old, m.Decision).signs == ()


def test_a_choice_by_the_edge_tells_of_the_sign_that_came_before() -> None:
    eyes = Eyes().look(body_of(2), 1.0)
    blink(eyes, log_odds=1.0)
    before: tuple[m.SignMade, ...] = ()
    while not eyes.chosen:
        before = eyes.state.signs
        eyes.look(pad_of(2), FRAME_S)
    assert eyes.chosen[0].evidence.channel is m.Channelled.PAD
    assert [(sign.slot, sign.chose) for sign in before] == [(2, False)]
