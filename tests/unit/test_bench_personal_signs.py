"""The bench of changed blinks: its record is what a kit would write down, and its tally counts what chooses."""

import numpy as np
import pytest

from benches import personal_signs
from benches.headband_mixtures import Ground, Shape
from benches.personal_signs import Blinks, Felt, Writer
from vybor.contracts.messages import Action, Channelled, GestureKind
from vybor.contracts.numbers import SignsNumbers
from vybor.headband import believing
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting.gestures import Seen
from vybor.headband.detecting.template import Own
from vybor_workshop.personal import signs

NOBODY = believing.known(Own(), SignsNumbers())
CYTON = BY_NAME["cyton"]


def double(at_s: float, log_odds: float = 3.0, height: float = 200.0, rhythm_s: float = 0.6) -> Seen:
    onset = round(at_s * 250)
    return Seen(GestureKind.DOUBLE_BLINK, onset, onset + 200, onset + 300, log_odds, height, rhythm_s)


DAY = Felt(
    [
        (double(10), True),
        (double(22, log_odds=1.0), False),
        (double(24, log_odds=1.2), True),
        (double(40, rhythm_s=0.2), False),
    ],
    4,
    250.0,
)
"""One that chooses, two that are too weak, of which one was meant, one that nobody meant; one is never seen."""


def test_the_record_has_what_chose_what_was_in_vain_and_what_came_of_it() -> None:
    told = personal_signs.told(DAY, NOBODY)
    assert [personal_signs.chooses(one) for one in told] == [True, False, False, True]
    decisions = personal_signs.record(2, DAY, NOBODY)
    assert [(one.evidence.channel, one.action) for one in decisions] == [
        (Channelled.DOUBLE_BLINK, Action.TAKE),
        (Channelled.PAD, Action.TAKE),
        (Channelled.DOUBLE_BLINK, Action.TAKE),
        (Channelled.PAD, Action.UNDO),
        (Channelled.PAD, Action.TAKE),
        (Channelled.PAD, Action.TAKE),
    ]
    found = signs.signs(decisions, 0)
    assert [(one.plain, one.is_meant) for one in found] == [(3.0, True), (1.0, False), (1.2, True), (3.0, False)]


def test_the_tally_counts_what_chooses_by_what_is_known() -> None:
    assert personal_signs.tally([DAY], NOBODY) == personal_signs.Tally(meant=4, missed=3, false=1)
    learned = SignsNumbers(blink_rhythm_s=0.6, blink_shift=0.5)
    assert personal_signs.tally([DAY], believing.known(Own(), learned)).missed == 2
    strict = SignsNumbers(blink_rhythm_s=0.6, blink_shift=-1.0)
    assert personal_signs.tally([DAY], believing.known(Own(), strict)).false == 0
    fitted = believing.known(Own(blink_microvolts=25.0), SignsNumbers())
    assert personal_signs.tally([DAY], fitted) == personal_signs.Tally(4, 4, 0)


def test_a_writer_s_day_is_felt_by_the_kit_s_own_detector() -> None:
    hz, draw = CYTON.hz, np.random.default_rng(1)
    bump = np.zeros((8, hz))
    length = round(0.3 * hz)
    bump[list(CYTON.frontal)] = np.pad(np.hanning(length), (40, hz - 40 - length))
    shape = Shape(bump, 40, 40 + length)
    ground = Ground(CYTON, (shape,), draw.normal(0, 4, (8, 20 * hz)))
    writer = Writer(now=Blinks(0.5, 200.0))
    day = personal_signs.lived(ground, writer, 0)
    assert len(day.meant) == personal_signs.MEANT
    few = personal_signs.Day(day.felt[:, : 60 * hz], [one for one in day.meant if one.to_s < 60], day.hz)
    felt = personal_signs.felt(ground, few)
    meant = [seen for seen, is_meant in felt.seen if is_meant]
    assert len(meant) >= felt.meant - 1
    assert np.median([seen.width_s for seen in meant]) == pytest.approx(0.5, abs=0.08)
