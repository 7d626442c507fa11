"""Flicker that was looked at: which of two rhythms it was, by a Muse's electrodes and one at the back of the head.

A CSV of a Muse by the names of its columns, with markers: 1 where something began to flicker at 30 Hz, 2 at 20 Hz,
for three seconds each. One window of each trial, from when the brain's answer begins.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from benches.headband_truth import to_be_had
from vybor.fitting import flicker_gate
from vybor.fitting.flicker_gate import Score, Trial, Verdict
from vybor.foundation.errors import Missing
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import ssvep

BOARD = BY_NAME["muse_2016"]
RHYTHMS_HZ = (30.0, 20.0)
"""Of the markers 1 and 2."""
MARKER = "Marker0"
SETS = {"poz": ("Right AUX",), "tp": ("TP9", "TP10"), "af": ("AF7", "AF8")}
"""Behind the head, at the ears, on the forehead."""
COLUMNS = tuple(name for names in SETS.values() for name in names)
WINDOWS = {"1s": 1.0, "2_5s": 2.5}
FEW_S = 2.5
"""A marker so near to the end begins no trial."""
SUBJECT = re.compile(r"_(s\d+)_")

Samples = NDArray[np.float64]


class Session(msgspec.Struct, frozen=True):
    """One recording."""

    subject: str
    channels: Mapping[str, Samples]
    trials: tuple[tuple[int, int], ...]
    """Sample and place of the rhythm of each."""


class Told(msgspec.Struct, frozen=True):
    """What a window said, and what was so."""

    asked: int
    answer: ssvep.Answer | None

    @property
    def trial(self) -> Trial:
        """For the gate."""
        return Trial(self.asked, None if self.answer is None else self.answer.best)


def read(path: Path) -> Session:
    """A recording with markers. Raises Missing."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="ascii").splitlines()))
        channels = {name: np.array([float(row[name]) for row in rows]) for name in COLUMNS}
        markers = [float(row[MARKER]) for row in rows]
    except OSError as error:
        raise Missing(f"the recording {path} cannot be read ({error.strerror}); name another one") from None
    except (UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise Missing(
            f"{path} is no recording of flicker ({type(error).__name__}: {error}); use a CSV of a Muse with the "
            f"columns {', '.join(COLUMNS)} and {MARKER}"
        ) from None
    named = SUBJECT.search(path.stem)
    last = len(rows) - round((FEW_S + ssvep.LAG_NS / 1e9) * BOARD.hz)
    trials = tuple((at, int(marker) - 1) for at, marker in enumerate(markers) if marker in (1, 2) and at <= last)
    if not trials:
        raise Missing(
            f"{path} holds no trial: no marker 1 or 2 with {FEW_S} s after it; name a recording of flicker"
        )
    return Session(named.group(1) if named else path.stem, channels, trials)


def told(session: Session, names: Sequence[str], lasts_s: float) -> Iterator[Told]:
    """What a window of each trial says by these channels."""
    microvolts = np.array([session.channels[name] for name in names])
    good = np.abs(microvolts) < BOARD.rail_microvolts
    for at, asked in session.trials:
        start = at + round(ssvep.LAG_NS / 1e9 * BOARD.hz)
        window = slice(start, start + round(lasts_s * BOARD.hz))
        yield Told(asked, ssvep.answer(microvolts[:, window], good[:, window].all(axis=1), BOARD.hz, RHYTHMS_HZ))


def figures(sessions: Sequence[Session]) -> dict[str, float]:
    """Of each set of channels and length of window: each subject's share, and that of all who are let in."""
    subjects = sorted({session.subject for session in sessions})
    found: dict[str, float] = {}
    for place, names in SETS.items():
        for length, lasts_s in WINDOWS.items():
            key = f"{place}_{length}"
            every = {
                subject: [
                    one for each in sessions if each.subject == subject for one in told(each, names, lasts_s)
                ]
                for subject in subjects
            }
            found |= _of_each(key, every)
            if let_in := [one for many in every.values() if _score(many).verdict is Verdict.OPEN for one in many]:
                found |= _of(f"ssvep.{key}", let_in)
    return found


def believed(sessions: Sequence[Session]) -> float:
    """What one unit of score in a second is worth, by all channels and windows: the most likely factor."""
    known = [
        (lasts_s * np.array(one.answer.scores), one.asked)
        for session in sessions
        for names in SETS.values()
        for lasts_s in WINDOWS.values()
        for one in told(session, names, lasts_s)
        if one.answer is not None
    ]

    def surprise(factor: float) -> float:
        return sum(float(special.logsumexp(factor * scores) - factor * scores[asked]) for scores, asked in known)

    return float(optimize.minimize_scalar(surprise, bounds=(0.0, 100.0), method="bounded").x)


def _of_each(key: str, every: Mapping[str, Sequence[Told]]) -> dict[str, float]:
    """The subjects' own figures, and what the gate says of each."""
    found: dict[str, float] = {}
    for subject, many in every.items():
        score = _score(many)
        silent = f", {score.silent} windows said nothing" if score.silent else ""
        print(f"{subject} {key}: {score.right} of {score.trials} right{silent}; the gate: {score.verdict}")
        found |= _of(f"ssvep.{subject}.{key}", many)
        found[f"ssvep.{subject}.{key}.bound"] = score.bound
        found[f"ssvep.{subject}.{key}.open"] = float(score.verdict is Verdict.OPEN)
    return found


def _of(key: str, many: Sequence[Told]) -> dict[str, float]:
    """The share that was right with its interval of 95 %, of how many, and what was claimed."""
    score = _score(many)
    sure = [one.answer.log_odds[one.answer.best] for one in many if one.answer is not None]
    found = {
        key: score.right / score.trials,
        f"{key}.low": flicker_gate.at_least(score.right, score.trials, 0.975),
        f"{key}.high": flicker_gate.at_most(score.right, score.trials, 0.975),
        f"{key}.trials": float(score.trials),
        f"{key}.claimed": float(np.mean(special.expit(sure))) if sure else None,
    }
    return to_be_had(found)


def _score(many: Sequence[Told]) -> Score:
    return flicker_gate.score([one.trial for one in many], len(RHYTHMS_HZ))
