"""Blinks, double blinks and clenches, on signals whose truth is known."""

import itertools
from collections import Counter

import numpy as np
import pytest
from scipy import signal

from unit.headband_replay import CYTON, READY_S, Microvolts, blink, blinks, chunk, clench, felt, kinds, seen
from vybor.contracts import evidence
from vybor.contracts.messages import GestureKind
from vybor.headband.boards import BOARDS, BY_NAME, Board
from vybor.headband.detecting import gestures
from world.cyton_scalp import HZ, swing_shape

BLINK, DOUBLE, CLENCH = GestureKind.BLINK, GestureKind.DOUBLE_BLINK, GestureKind.CLENCH


@pytest.mark.parametrize("brow", [False, True])
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_every_headband_is_felt(board: Board, brow: bool) -> None:
    noise = np.random.default_rng(1).normal(0, 10, (board.channels, 2 * board.hz)).astype(np.float32)
    sensing, _ = gestures.step(None, chunk(0, noise, board.hz), gestures.Rule(board, pair_s=0.7, brow=brow))
    assert sensing is not None
    assert sensing.next == 2 * board.hz
    assert sensing.contact.good.count(True) >= len({*board.eyes, *board.temporal})


@pytest.mark.parametrize("microvolts", [70, 120, 300, 800])
def test_a_blink_is_seen_whatever_its_height(microvolts: float) -> None:
    skin = felt([(READY_S + 2 * place, blink(microvolts)) for place in range(5)], READY_S + 10)
    assert Counter(one.kind for one in seen(skin)) == {BLINK: 5}


def test_a_blink_is_seen_upside_down() -> None:
    skin = felt([(READY_S, blinks(2)), (READY_S + 3, blink())], READY_S + 6)
    assert Counter(one.kind for one in seen(-skin)) == {BLINK: 3, DOUBLE: 1}


@pytest.mark.parametrize("gap_s", [0.05, 0.15, 0.2, 0.3, 0.4])
def test_two_blinks_are_a_double_blink(gap_s: float) -> None:
    skin = felt([(READY_S + 3 * place, blinks(2, gap_s)) for place in range(5)], READY_S + 15)
    found = kinds(seen(skin), DOUBLE)
    for place, one in enumerate(found):
        began = round((READY_S + 3 * place) * HZ)
        assert -0.02 * HZ <= one.onset - began <= 0.05 * HZ
        ended = began + round((2 * 0.28 + gap_s) * HZ)
        assert -0.15 * HZ <= one.end - ended <= 0
        assert one.log_odds == evidence.CAP
    assert len(found) == 5


def test_a_double_blink_is_known_soon_after_it() -> None:
    skin = felt([(READY_S, blinks(2, gap_s=0.15))], READY_S + 3)
    (found,) = kinds(seen(skin), DOUBLE)
    ended = round((READY_S + 0.28 * 2 + 0.15) * HZ)
    assert (found.known - ended) / HZ <= 0.35


def test_blinks_far_apart_are_no_pair() -> None:
    skin = felt([(READY_S, blinks(2, gap_s=0.6))], READY_S + 4)
    assert Counter(one.kind for one in seen(skin)) == {BLINK: 2}


@pytest.mark.parametrize(("count", "gap_s"), [*itertools.product([3, 4, 7], [0.02, 0.1, 0.2, 0.3, 0.4])])
def test_a_train_is_no_double_blink(count: int, gap_s: float) -> None:
    skin = felt([(READY_S, blinks(count, gap_s)), (READY_S + 8, blinks(count, gap_s))], READY_S + 16)
    assert kinds(seen(skin), DOUBLE) == []


@pytest.mark.parametrize("gaps_s", [(0.1, 0.14), (0.2, 0.27), (0.3, 0.2), (0.3, 0.4)])
def test_a_train_need_not_be_even(gaps_s: tuple[float, float]) -> None:
    onsets_s = [READY_S, READY_S + 0.28 + gaps_s[0], READY_S + 2 * 0.28 + sum(gaps_s)]
    skin = felt([(at_s, blink()) for at_s in onsets_s], READY_S + 4)
    assert Counter(one.kind for one in seen(skin)) == {BLINK: 3}


def test_a_weak_second_blink_is_no_double_blink() -> None:
    skin = felt([(READY_S, blink(400)), (READY_S + 0.48, blink(80))], READY_S + 3)
    assert kinds(seen(skin), DOUBLE) == []


def test_a_rest_says_nothing() -> None:
    assert seen(felt([], 60, seed=3)) == []


@pytest.mark.parametrize("duration_s", [0.25, 0.6, 1.5])
def test_a_clench_is_seen_and_the_swing_under_it_is_no_blink(duration_s: float) -> None:
    skin = felt([(READY_S + 3 * place, clench(duration_s)) for place in range(5)], READY_S + 16)
    found = seen(skin)
    assert Counter(one.kind for one in found) == {CLENCH: 5}
    for place, one in enumerate(found):
        began = round((READY_S + 3 * place) * HZ)
        assert abs(one.onset - began) <= 0.06 * HZ
        assert abs(one.end - began - duration_s * HZ) <= 0.15 * HZ


def test_teeth_set_for_long_are_no_clench() -> None:
    skin = felt([(READY_S + 6 * place, clench(3)) for place in range(5)], READY_S + 30)
    assert seen(skin) == []


def test_one_jaw_alone_is_chewing() -> None:
    skin = felt([(READY_S, clench()), (READY_S + 3, clench())], READY_S + 6)
    skin[3] = felt([], READY_S + 6, seed=2)[3]
    assert kinds(seen(skin), CLENCH) == []


def test_blinks_in_a_clench_are_not_believed() -> None:
    during = felt([(READY_S, clench(1.2)), (READY_S + 0.3, blinks(2, 0.15))], READY_S + 3)
    assert Counter(one.kind for one in seen(during)) == {CLENCH: 1}


def test_a_swing_without_muscle_may_look_like_one_blink_but_never_like_two() -> None:
    skin = felt([], READY_S + 6)
    skin[:4, round(READY_S * HZ) :][:, :200] += 190 * swing_shape(200).astype(np.float32)
    assert kinds(seen(skin), DOUBLE) == []


def test_a_step_is_no_blink() -> None:
    skin = felt([], READY_S + 6)
    skin[:2, round(READY_S * HZ) :] += 200
    skin[:2, round((READY_S + 2) * HZ) :] -= 400
    assert seen(skin) == []


def test_one_eye_alone_is_an_electrode() -> None:
    skin = felt([(READY_S, blinks(2))], READY_S + 3)
    skin[1] = felt([], READY_S + 3, seed=2)[1]
    assert seen(skin) == []


def test_eyes_that_turn_sideways_are_no_blink() -> None:
    skin = felt([(READY_S, blinks(2))], READY_S + 3)
    quiet = felt([], READY_S + 3)
    skin[1] = quiet[1] - (skin[1] - quiet[1])
    assert seen(skin) == []


def test_drift_of_drying_electrodes_hides_nothing() -> None:
    acts = [(READY_S + 2 + 3 * place, blinks(2)) for place in range(5)]
    skin = felt(acts, READY_S + 18)
    drifting = skin + (200 * np.arange(skin.shape[1]) / HZ).astype(np.float32)
    assert len(kinds(seen(drifting), DOUBLE)) == 5


@pytest.mark.parametrize("value", [np.nan, 187_500.0, -187_500.0, 42.0])
def test_a_railed_flat_or_missing_channel_gives_no_evidence(value: float) -> None:
    acts = [(READY_S + 3 * place, blinks(2)) for place in range(4)]
    skin = felt(acts, READY_S + 14)
    lost = skin.copy()
    lost[:2, round((READY_S + 1.5) * HZ) : round((READY_S + 7.5) * HZ)] = value
    found = kinds(seen(lost), DOUBLE)
    assert [round(one.onset / HZ - READY_S) for one in found] == [0, 9]


@pytest.mark.parametrize("value", [np.nan, 187_500.0, -187_500.0, 42.0])
@pytest.mark.parametrize("channel", [0, 1])
def test_one_eye_is_enough_and_is_believed_less(value: float, channel: int) -> None:
    acts = [(READY_S + 3 * place, blinks(2)) for place in range(4)]
    lost = felt(acts, READY_S + 14)
    lost[channel, round((READY_S + 1.5) * HZ) : round((READY_S + 7.5) * HZ)] = value
    found = kinds(seen(lost), DOUBLE)
    assert [round(one.onset / HZ - READY_S) for one in found] == [0, 3, 6, 9]
    assert [one.log_odds for one in found[1:3]] == [evidence.CAP - gestures.ONE_EYE] * 2
    assert found[1].log_odds < found[0].log_odds
    assert [one.log_odds for one in (found[0], found[3])] == [evidence.CAP] * 2


def test_one_jaw_is_enough_and_is_believed_less() -> None:
    skin = felt([(READY_S + 3 * place, clench()) for place in range(3)], READY_S + 9)
    skin[3] = np.nan
    found = kinds(seen(skin), CLENCH)
    assert len(found) == 3
    assert all(one.log_odds <= evidence.CAP - gestures.ONE_JAW < evidence.CAP for one in found)


def test_a_lost_forehead_leaves_the_jaw() -> None:
    skin = felt([(READY_S, clench()), (READY_S + 3, blinks(2))], READY_S + 6)
    skin[:2] = np.nan
    assert Counter(one.kind for one in seen(skin)) == {CLENCH: 1}


def test_a_few_missing_samples_pass_without_a_gesture() -> None:
    skin = felt([(READY_S + 5, blinks(2))], READY_S + 8)
    skin[:, round((READY_S + 2) * HZ) :][:, :12] = np.nan
    assert [one.kind for one in seen(skin)] == [BLINK, BLINK, DOUBLE]


def test_the_end_of_a_train_is_no_double_blink_when_its_beginning_went_unseen() -> None:
    skin = felt([(READY_S, blinks(3)), (READY_S + 4, blinks(2))], READY_S + 7)
    began = round(READY_S * HZ)
    skin[:, began - 150 : began - 40] = np.nan
    assert [round(one.onset / HZ - READY_S) for one in kinds(seen(skin), DOUBLE)] == [4]


def test_a_headband_without_signal_says_nothing() -> None:
    assert seen(np.zeros((8, 10 * HZ), np.float32)) == []
    assert seen(np.full((8, 10 * HZ), np.nan, np.float32)) == []


@pytest.mark.parametrize("coupling_hz", [1.25, 1.75, 2.5])
@pytest.mark.parametrize("microvolts", [120, 400])
def test_a_muse_sees_the_lids_from_its_ears_through_its_coupling(microvolts: float, coupling_hz: float) -> None:
    acts = [
        (READY_S, blinks(2, 0.2, microvolts)),
        (READY_S + 3, clench()),
        (READY_S + 6, blinks(3, 0.2, microvolts)),
        (READY_S + 9, blink(microvolts)),
    ]
    found = seen(as_muse(felt(acts, READY_S + 12), coupling_hz), board=BY_NAME["muse_2"])
    assert Counter(one.kind for one in found) == {BLINK: 6, DOUBLE: 1, CLENCH: 1}


def as_muse(microvolts: Microvolts, coupling_hz: float) -> Microvolts:
    """Ears and forehead against a reference between the eyes, through an amplifier that lets slow things fade."""
    reference = 0.85 * microvolts[:2].mean(axis=0)
    worn = microvolts[[2, 0, 1, 3]] - reference
    b, a = signal.butter(1, coupling_hz, "high", fs=HZ)
    coupled: Microvolts = signal.lfilter(b, a, worn - worn[:, :1], axis=1).astype(np.float32)
    return coupled


def test_evidence_grows_with_the_margin_and_is_capped() -> None:
    strengths = [evidence.log_odds(margin) for margin in (0.5, 1.0, 1.5, 2.0, 50.0)]
    assert strengths == sorted(strengths)
    assert strengths[1] == evidence.JUST
    assert strengths[-1] == evidence.CAP
    assert evidence.log_odds(2.0, doubt=1.0) == evidence.CAP - 1
    assert evidence.log_odds(0.0) == -evidence.CAP


def test_single_blinks_are_hardly_ever_meant() -> None:
    skin = felt([(READY_S, blink())], READY_S + 2)
    assert [one.log_odds for one in seen(skin, board=CYTON)] == [evidence.UNASKED]
