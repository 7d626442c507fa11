"""The detectors on a real recording: OpenBCI's sample of blinks, jaw and alpha, which they were developed with.

The file has no labels. What is asserted is what the eye sees in the raw signal: three bursts of fast blinks,
single blinks at 13.8 and 78.4 s, five clenches, one-sided chewing, a step of one electrode at 24.9 s and of
all at 17.7 s.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from unit.headband_replay import kinds, seen
from vybor.contracts.messages import GestureKind
from vybor.headband import gestures
from vybor.headband.recording import playable

HZ = 250
CLENCHES_S = (86.2, 86.7, 87.3, 87.8, 88.3)
BURSTS_S = ((4.1, 6.4), (15.3, 16.7), (79.5, 81.1))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[gestures.Seen]:
    if not (data := os.environ.get("VYBOR_DATA")):
        pytest.skip("$VYBOR_DATA does not name the folder of the recordings")
    recording = Path(data) / "eeg" / "openbci_blinks_jaw_alpha.txt"
    if not recording.exists():
        pytest.skip(f"{recording} is not there")
    played, _ = playable(recording, "recording", tmp_path_factory.mktemp("made"))
    rows = np.loadtxt(played, dtype=np.float32)
    return seen(np.ascontiguousarray(rows[:, 1:9].T))


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
