"""Simulated people: a profile as its frozen file has it, and virtual people drawn around it. Pure but for `read`.

Each virtual person is one draw: every rate, time and error of the profile times exp(N(0, SPREAD)), probabilities
at most MOST_LIKELY, and the offset of the eyes of this person's session. The frozen rules name no such spread:
it is stated here, and `seed`, profile and number give the same person to the kit and to what it is compared
with.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benches import options
from vybor.foundation.errors import Missing

SPREAD = 0.2
"""Standard deviation of the logarithm: two people in three lie within a fifth of the profile."""
MOST_LIKELY = 0.5
AS_IT_IS = ("distance_mm", "gaze_hz", "idle_s")
"""What is of the room, not of the person."""
PROBABILITIES = ("dropout", "overlook", "slip", "notice", "blink_miss", "switch_miss")


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's eyes, reading, slips and signals; the words behind each key are in the frozen README."""

    distance_mm: float
    gaze_hz: float
    bias_deg: float
    noise_deg: float
    noise_tau_s: float
    drift_deg_per_min: float
    dropout: float
    dropout_s: float
    saccade_s: float
    read_s_per_word: float
    overlook: float
    slip: float
    notice: float
    notice_s: float
    blink_miss: float
    blink_false_per_min: float
    blink_s: float
    switch_miss: float
    reaction_s: float
    reaction_sd_s: float
    idle_s: float


GOOD = Profile(
    distance_mm=400,
    gaze_hz=15,
    bias_deg=0.7,
    noise_deg=0.5,
    noise_tau_s=0.08,
    drift_deg_per_min=0.02,
    dropout=0.02,
    dropout_s=0.2,
    saccade_s=0.25,
    read_s_per_word=0.22,
    overlook=0.05,
    slip=0.005,
    notice=0.98,
    notice_s=0.6,
    blink_miss=0.05,
    blink_false_per_min=0.1,
    blink_s=0.55,
    switch_miss=0.02,
    reaction_s=0.40,
    reaction_sd_s=0.10,
    idle_s=6.0,
)
"""A practised wearer, good light, calibrated today, headband well seated."""
FAIR = Profile(
    distance_mm=450,
    gaze_hz=15,
    bias_deg=1.5,
    noise_deg=0.9,
    noise_tau_s=0.10,
    drift_deg_per_min=0.05,
    dropout=0.05,
    dropout_s=0.3,
    saccade_s=0.30,
    read_s_per_word=0.30,
    overlook=0.12,
    slip=0.01,
    notice=0.95,
    notice_s=0.9,
    blink_miss=0.12,
    blink_false_per_min=0.3,
    blink_s=0.65,
    switch_miss=0.05,
    reaction_s=0.55,
    reaction_sd_s=0.15,
    idle_s=8.0,
)
"""A daily user: webcam gaze, some drift, a dry headband."""
BAD = Profile(
    distance_mm=450,
    gaze_hz=10,
    bias_deg=3.0,
    noise_deg=1.6,
    noise_tau_s=0.15,
    drift_deg_per_min=0.15,
    dropout=0.12,
    dropout_s=0.5,
    saccade_s=0.40,
    read_s_per_word=0.45,
    overlook=0.20,
    slip=0.03,
    notice=0.90,
    notice_s=1.2,
    blink_miss=0.20,
    blink_false_per_min=1.0,
    blink_s=0.80,
    switch_miss=0.10,
    reaction_s=0.80,
    reaction_sd_s=0.30,
    idle_s=10.0,
)
"""Poor light, glasses, tired, an involuntary movement now and then."""
PROFILES: dict[str, Profile] = {"good": GOOD, "fair": FAIR, "bad": BAD}
"""As the frozen files have them (tests/unit/test_bench_person.py compares)."""


def read(folder: Path, names: Sequence[str]) -> dict[str, Profile]:
    """The profiles of a folder, NAME.toml each. Raises Missing."""
    return options.read_each(folder, names, Profile, "--profiles")


def chosen(names: Sequence[str], folder: Path | None) -> dict[str, Profile]:
    """The profiles of these names: of a folder, or the frozen ones. Raises Missing."""
    if folder:
        return read(folder, names)
    if unknown := [name for name in names if name not in PROFILES]:
        raise Missing(
            f"there is no profile {unknown[0]!r}; take {', '.join(PROFILES)}, or a folder with --profiles"
        )
    return {name: PROFILES[name] for name in names}


class Person(msgspec.Struct, frozen=True):
    """One virtual person, in one session."""

    name: str
    """Of the profile."""
    number: int
    seed: int
    profile: Profile
    """As drawn."""
    offset_deg: tuple[float, float]
    heading: float
    """Where the eyes' error drifts to, in radians."""

    def chance(self, what: str) -> random.Random:
        """Chances of this person; `what` keeps those of one matter apart from another's."""
        return random.Random(f"{self.seed}|{self.name}|{self.number}|{what}")


def drawn(name: str, profile: Profile, number: int, seed: int, spread: float = SPREAD) -> Person:
    """A person around a profile; without a spread, the profile itself but for the session's offset."""
    chance = random.Random(f"{seed}|{name}|{number}")
    changed: dict[str, float] = {}
    for key in Profile.__struct_fields__:
        factor = math.exp(chance.gauss(0, spread))
        if key not in AS_IT_IS:
            changed[key] = _varied(key, getattr(profile, key), factor)
    own = msgspec.structs.replace(profile, **changed)
    offset = (chance.gauss(0, own.bias_deg), chance.gauss(0, own.bias_deg))
    return Person(name, number, seed, own, offset, chance.uniform(0, 2 * math.pi))


def _varied(key: str, value: float, factor: float) -> float:
    """A probability stays one; of noticing it is the lack that varies."""
    if key == "notice":
        return 1 - min(MOST_LIKELY, (1 - value) * factor)
    return min(MOST_LIKELY, value * factor) if key in PROBABILITIES else value * factor
