"""From what phrases cost to figures: the median person, the worst tenth, and how sure a ratio is. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benches.person_result import Result, Sitting

KIT, BASELINE, STOCK, IDEAL = "kit", "presage_retrained", "presage_stock", "ideal"
"""Ways of writing: the kit, the keyboard with both databases, and that with an ideal tracker."""
CHARACTERS_A_WORD = 5
RESAMPLES = 2000
LOW_PERCENTILE = 2.5
WORST_TENTH = 10.0
MEDIAN = 50.0

Numbers = NDArray[np.float64]
Results = Sequence[Result]


def figures(sittings: Sequence[Sitting], seed: int) -> dict[str, float]:
    """All figures of a run, by profile."""
    found: dict[str, float] = {}
    dead_ends = 0
    for profile in dict.fromkeys(sitting.profile for sitting in sittings):
        ways: dict[str, list[Results]] = {}
        for sitting in sittings:
            if sitting.profile == profile:
                ways.setdefault(sitting.way, []).append(sitting.results)
        dead_ends += sum(result.dead_ends for results in ways[KIT] for result in results)
        found |= _of_profile(ways, profile, seed)
    return found | {"dead_ends": float(dead_ends)}


def _of_profile(ways: Mapping[str, Sequence[Results]], profile: str, seed: int) -> dict[str, float]:
    people = ways[KIT]
    found = {f"people.{profile}": float(len(people)), f"phrases.{profile}": float(len(people[0]))}
    for key, of_one in OF_THE_MEDIAN.items():
        found |= _spread(f"{key}.{profile}", [of_one(results) for results in people], key in BETTER_LARGE)
    for key, of_all in OF_ALL_TOGETHER.items():
        spread = _spread(f"{key}.{profile}", [of_all(results) for results in people], key in BETTER_LARGE)
        if spread:
            together = [result for results in people for result in results]
            found |= spread | {f"{key}.{profile}": of_all(together)}
    together = [result for results in people for result in results]
    found[f"longest_stuck_s.{profile}"] = max(result.longest_stuck_s for result in together)
    found[f"longest_no_act_s.{profile}"] = max(result.longest_no_act_s for result in together)
    for way, others in ways.items():
        if way != KIT:
            found |= _beside(way, others, people, profile, seed)
    return found


def _beside(
    way: str, others: Sequence[Results], ours: Sequence[Results], profile: str, seed: int
) -> dict[str, float]:
    """What another way costs, and how much faster the kit is than that."""
    found = _spread(f"wpm.{way}.{profile}", [wpm(results) for results in others], is_better_large=True)
    together = [result for results in others for result in results]
    for key in ("unfinished", "misquoted_per_1000", "selections_per_word"):
        of_all = {**OF_ALL_TOGETHER, **OF_THE_MEDIAN}[key]
        if not math.isnan(value := of_all(together)):
            found[f"{key}.{way}.{profile}"] = value
    name = f"ratio.wpm_vs_{'baseline' if way == BASELINE else way}.{profile}"
    median, worst, low = ratios(ours, others, seed)
    told = {name: median, f"{name}.worst": worst, f"{name}.low": low}
    return found | {key: value for key, value in told.items() if np.isfinite(value)}


def ratios(ours: Sequence[Results], theirs: Sequence[Results], seed: int) -> tuple[float, float, float]:
    """Words a minute of the kit over another way's: the median person's, the worst tenth's, and the lower end.

    The lower end is that of a paired bootstrap over phrases (95 %, two-sided), of the median person. Who writes
    nothing in either way counts for neither; where only the kit writes, the ratio is infinite.
    """
    chosen = np.random.default_rng(seed).integers(len(ours[0]), size=(RESAMPLES, len(ours[0])))
    whole = np.arange(len(ours[0]))[None, :]
    by_person = _ratio(ours, theirs, whole)[:, 0]
    resampled = np.array([_median(column) for column in _ratio(ours, theirs, chosen).T])
    return (
        _median(by_person),
        _percentile(by_person, WORST_TENTH),
        _percentile(resampled, LOW_PERCENTILE),
    )


def _ratio(ours: Sequence[Results], theirs: Sequence[Results], chosen: NDArray[np.int64]) -> Numbers:
    """People x resamples."""
    rows = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for mine, other in zip(ours, theirs, strict=True):
            rate = [_characters(r)[chosen].sum(axis=1) / _seconds(r)[chosen].sum(axis=1) for r in (mine, other)]
            rows.append(rate[0] / rate[1])
    return np.array(rows)


def _percentile(values: Numbers, percent: float) -> float:
    """Of values some of which may be infinite, or none: that of the nearest one below."""
    known = values[~np.isnan(values)]
    return float(np.percentile(known, percent, method="lower")) if known.size else math.nan


def _median(values: Numbers) -> float:
    return _percentile(values, MEDIAN)


def _characters(results: Results) -> Numbers:
    return np.array([result.characters if result.right else 0 for result in results], dtype=np.float64)


def _seconds(results: Results) -> Numbers:
    return np.array([max(result.seconds, 1e-9) for result in results], dtype=np.float64)


def _spread(key: str, values: Sequence[float], is_better_large: bool) -> dict[str, float]:
    """The median person's and the worst tenth's, of those who have any."""
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return {}
    worst = WORST_TENTH if is_better_large else 100 - WORST_TENTH
    return {key: float(np.median(known)), f"{key}.worst": float(np.percentile(known, worst))}


# --- one person, or all together ----------------------------------------------------------------------------


def wpm(results: Results) -> float:
    """Words a minute: those of phrases said right, over the time of all phrases."""
    return float(_characters(results).sum() / CHARACTERS_A_WORD / (_seconds(results).sum() / 60))


def _per(count: Callable[[Result], float], of: Callable[[Result], float]) -> Callable[[Results], float]:
    """A share or a rate; not a number where there is nothing to have one of."""

    def rate(results: Results) -> float:
        whole = sum(of(result) for result in results)
        return sum(count(result) for result in results) / whole if whole else math.nan

    return rate


def _finished(results: Results) -> list[Result]:
    return [result for result in results if result.finished]


def _selections(results: Results) -> float:
    """Of phrases that were finished: those given up have no words."""
    return _per(lambda r: r.acts, lambda r: r.words)(_finished(results))


OF_THE_MEDIAN: dict[str, Callable[[Results], float]] = {
    "wpm": wpm,
    "selections_per_word": _selections,
    "corrections_per_utterance": _per(lambda r: r.corrections, lambda r: 1),
    "gestures_per_min": _per(lambda r: r.signals, lambda r: r.seconds / 60),
    "bits_per_act": _per(lambda r: r.bits, lambda r: r.acts),
    "none_rate": _per(lambda r: r.none, lambda r: r.positions),
    "seconds_per_act": _per(lambda r: r.seconds, lambda r: r.acts),
    "first_word_s": _per(lambda r: r.first_word_s, lambda r: r.first_word_s > 0),
    "share.reading": _per(lambda r: r.reading_s, lambda r: r.seconds),
    "share.looking": _per(lambda r: r.looking_s, lambda r: r.seconds),
    "share.confirming": _per(lambda r: r.confirming_s, lambda r: r.seconds),
    "share.noticing": _per(lambda r: r.noticing_s, lambda r: r.seconds),
    "model_s": _per(lambda r: r.model_s, lambda r: r.prompts),
}
"""Figures of each person: the median person's stands under the key, the worst tenth's under KEY.worst."""
OF_ALL_TOGETHER: dict[str, Callable[[Results], float]] = {
    "false_per_min": _per(lambda r: r.false_reading, lambda r: r.reading_s / 60),
    "false_idle_per_min": _per(lambda r: r.false_idle, lambda r: r.idle_s / 60),
    "misquoted_per_1000": _per(lambda r: 1000 * r.misquoted, lambda r: 1),
    "wrong_per_100_acts": _per(lambda r: 100 * r.wrong, lambda r: r.acts),
    "unfinished": _per(lambda r: not r.finished, lambda r: 1),
}
"""Rare things: of all people together; the worst tenth's under KEY.worst."""
BETTER_LARGE = ("wpm", "bits_per_act")
