"""The detectors on real recordings, which they were developed with. No labels: what the eye reads is the truth.

OpenBCI's sample of blinks, jaw and alpha: three bursts of fast blinks, single blinks at 13.8 and 78.4 s, five
clenches, one-sided chewing, a step of one electrode at 24.9 s and of all at 17.7 s. Its blinks point down. Of
the Muse: people who hold their blinks back, and now and then cannot.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from unit.headband_replay import kinds, seen
from vybor.contracts.messages import GestureKind
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import gestures
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import whole

HZ = 250
CLENCHES_S = (86.2, 86.7, 87.3, 87.8, 88.3)
BURSTS_S = ((4.1, 6.4), (15.3, 16.7), (79.5, 81.1))


def recording(name: str) -> Path:
    if not (data := os.environ.get("VYBOR_DATA")):
        pytest.skip("$VYBOR_DATA does not name the folder of the recordings")
    path = Path(data) / "eeg" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


@pytest.fixture(scope="module")
def found() -> list[gestures.Seen]:
    return seen(whole(opened(recording("openbci_blinks_jaw_alpha.txt"))))


def onsets(found: list[gestures.Seen], kind: GestureKind) -> list[float]:
    return [one.onset / HZ for one in kinds(found, kind)]


def test_the_five_clenches_and_no_other_are_seen(found: list[gestures.Seen]) -> None:
    assert onsets(found, GestureKind.CLENCH) == pytest.approx(CLENCHES_S, abs=0.1)


def test_no_blink_is_seen_in_a_clench(found: list[gestures.Seen]) -> None:
    assert [at_s for at_s in onsets(found, GestureKind.BLINK) if at_s > 85] == []


def test_bursts_of_blinks_are_blinks_and_never_a_double_blink(found: list[gestures.Seen]) -> None:
    blinks_s = onsets(found, GestureKind.BLINK)
    for began_s, ended_s in BURSTS_S:
        burst = [at_s for at_s in blinks_s if began_s <= at_s <= ended_s]
        assert 5 <= len(burst) <= 8
    assert onsets(found, GestureKind.DOUBLE_BLINK) == []


def test_single_blinks_are_seen(found: list[gestures.Seen]) -> None:
    blinks_s = onsets(found, GestureKind.BLINK)
    for at_s in (13.8, 78.4):
        assert [seen_s for seen_s in blinks_s if abs(seen_s - at_s) < 1] == pytest.approx([at_s], abs=0.1)


def test_steps_and_chewing_are_no_blinks(found: list[gestures.Seen]) -> None:
    blinks_s = onsets(found, GestureKind.BLINK)
    for began_s, ended_s in ((7, 13.5), (17, 77), (82, 90)):
        assert [at_s for at_s in blinks_s if began_s <= at_s <= ended_s] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "blinks_s"),
    [
        ("muse_ssvep_s1_b.csv", (42.6, 57.0, 100.1)),
        ("muse_ssvep_s3_a.csv", (31.8, 35.5, 39.2, 42.7, 46.4, 49.9, 53.2)),
    ],
)
def test_people_who_hold_still_confirm_nothing(name: str, blinks_s: tuple[float, ...]) -> None:
    muse = BY_NAME["muse_2016"]
    rows = np.genfromtxt(recording(name), delimiter=",", skip_header=1, dtype=np.float32)
    heard = seen(np.ascontiguousarray(rows[:, 1:5].T), board=muse)
    assert {one.kind for one in heard} == {GestureKind.BLINK}
    onsets_s = [one.onset / muse.hz for one in heard]
    for at_s in blinks_s:
        assert [seen_s for seen_s in onsets_s if abs(seen_s - at_s) < 1] == pytest.approx([at_s], abs=0.1)
    assert len(heard) <= len(blinks_s) + 1
