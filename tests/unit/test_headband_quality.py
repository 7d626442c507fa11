"""What is said of each electrode, on signals whose truth is known."""

import numpy as np
import pytest

from unit.headband_replay import CYTON, Microvolts, chunk, felt
from vybor.contracts import messages as m
from vybor.contracts.messages import ElectrodeAt, ElectrodeState
from vybor.headband import sitting
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import electrodes, gestures
from vybor.headband.detecting.quality import Contact
from world.cyton_scalp import HZ

LASTS_S = 8.0
RULE = gestures.Rule(CYTON, pair_s=0.7)


def contact_after(skin: Microvolts) -> Contact:
    sensing, _ = gestures.step(None, chunk(0, skin), RULE)
    assert sensing is not None
    return sensing.contact


def spoiled(channel: int, by: Microvolts | float) -> Microvolts:
    skin = felt([], LASTS_S)
    skin[channel] = by
    return skin


def mains(microvolts: float, hz: float = 50.0) -> Microvolts:
    wave: Microvolts = np.sin(2 * np.pi * hz * np.arange(round(LASTS_S * HZ)) / HZ).astype(np.float32)
    return (np.sqrt(2) * microvolts * wave).astype(np.float32)


def rough(microvolts: float) -> Microvolts:
    noise = np.random.default_rng(5).standard_normal(round(LASTS_S * HZ))
    return (microvolts * noise).astype(np.float32)


def test_a_headband_that_sits_well_is_good_everywhere() -> None:
    worn = sitting.electrodes(contact_after(felt([], LASTS_S)), CYTON)
    assert {each.state for each in worn} == {ElectrodeState.GOOD}
    assert [each.at for each in worn] == list(ElectrodeAt)
    assert list(sitting.notices(worn)) == []


@pytest.mark.parametrize(
    ("by", "state", "is_good"),
    [
        (np.nan, ElectrodeState.MISSING, False),
        (187_500.0, ElectrodeState.RAILED, False),
        (-187_500.0, ElectrodeState.RAILED, False),
        (42.0, ElectrodeState.FLAT, False),
        (mains(80), ElectrodeState.GOOD, True),
        (mains(130), ElectrodeState.MAINS, True),
        (mains(200), ElectrodeState.MAINS, True),
        (mains(200, 60.0), ElectrodeState.MAINS, True),
        (mains(2_000), ElectrodeState.LOOSE, False),
        (mains(1_000), ElectrodeState.MAINS, False),
        (rough(60), ElectrodeState.MUSCLE, True),
    ],
)
def test_what_is_wrong_with_an_electrode_is_told(
    by: Microvolts | float, state: ElectrodeState, is_good: bool
) -> None:
    known = contact_after(spoiled(0, by))
    assert known.states == (state, *(ElectrodeState.GOOD,) * 7)
    assert known.good == (is_good, *(True,) * 7)


def test_an_electrode_that_jumps_about_is_loose() -> None:
    skin = felt([], LASTS_S)
    skin[2, ::100] += 20_000
    known = contact_after(skin)
    assert (known.states[2], known.good[2]) == (ElectrodeState.LOOSE, False)


def test_an_electrode_that_was_railed_is_believed_again() -> None:
    skin = felt([], LASTS_S)
    skin[0, 500:700] = 187_500.0
    known = contact_after(skin)
    assert (known.states[0], known.good[0]) == (ElectrodeState.GOOD, True)


@pytest.mark.parametrize(("flat_s", "is_good"), [(0.4, True), (0.6, False)])
def test_half_a_second_without_any_noise_is_flat(flat_s: float, is_good: bool) -> None:
    skin = felt([], LASTS_S)
    skin[0, -round(flat_s * HZ) :] = 42.0
    assert contact_after(skin).good[0] is is_good


@pytest.mark.parametrize(("ago_s", "is_good"), [(0.3, False), (0.8, True)])
def test_an_electrode_is_believed_again_half_a_second_after_it_lost_samples(ago_s: float, is_good: bool) -> None:
    skin = felt([], LASTS_S)
    skin[0, -round(ago_s * HZ) :][:5] = np.nan
    assert contact_after(skin).good[0] is is_good


def test_a_clench_is_no_muscle_that_does_not_rest() -> None:
    skin = felt([(5.5, lambda scalp: scalp.clench(1.5))], LASTS_S)
    assert ElectrodeState.MUSCLE not in contact_after(skin).states


def test_it_does_not_matter_where_the_signal_is_cut() -> None:
    skin = spoiled(1, mains(150))
    whole = contact_after(skin)
    sensing = None
    for start in range(0, skin.shape[1], 7):
        sensing, _ = gestures.step(sensing, chunk(start, skin[:, start : start + 7]), RULE)
    assert sensing is not None
    assert (sensing.contact.states, sensing.contact.good) == (whole.states, whole.good)


def test_the_wearer_is_told_what_could_be_better() -> None:
    skin = felt([], LASTS_S)
    skin[0], skin[3] = np.nan, mains(300)
    told = list(sitting.notices(sitting.electrodes(contact_after(skin), CYTON)))
    assert [each.trouble for each in told] == [m.Trouble.HEADBAND_LOOSE, m.Trouble.HEADBAND_MAINS]
    assert [each.detail for each in told] == ["left forehead missing", "right jaw mains"]


@pytest.mark.parametrize(
    ("good", "eyes", "jaws"),
    [
        ((True, True, True, True), ((1, 0), (2, 3)), (0, 3)),
        ((False, True, True, True), ((1, 3), (2, 3)), (3,)),
        ((False, True, True, False), ((1, None), (2, None)), ()),
        ((True, False, True, False), ((2, 0),), (0,)),
        ((False, False, False, True), (), (3,)),
        ((False, False, False, False), (), ()),
    ],
)
def test_any_electrodes_do_what_they_can(
    good: tuple[bool, ...], eyes: tuple[electrodes.Eye, ...], jaws: tuple[int, ...]
) -> None:
    assert electrodes.of(BY_NAME["muse_2"], good) == electrodes.Used(eyes, jaws)
