"""Adding up what speaks for a choice: which tile, and that it is to be chosen. Pure.

The posterior says which tile is meant; log-odds of the pad, of signals and of the switch add up to whether
anything is. Both together must be as sure as `certainty` asks of each.
"""

import math

from vybor.contracts import messages as m
from vybor.foundation.settings import CommitSettings
from vybor.selector.state import Act, Look

MOST_LOG_ODDS = 50.0
SWITCH_LOG_ODDS = 4.0
"""Nobody presses by chance as often as they blink; a tremor does sometimes."""
LEAST_PAD_LOG_ODDS = 1.0
"""However little certainty is asked for, a whole look at the pad says as much as a gesture that was just seen."""
SURE = 1e-6
"""Nearer to 0 or 1 than this no probability is taken to be."""


def probability(log_odds: float) -> float:
    """Of log-odds; what is no number speaks against."""
    if math.isnan(log_odds):
        return 0.0
    return 1 / (1 + math.exp(-max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, log_odds))))


def log_odds_of(chance: float) -> float:
    """Of a probability."""
    held = min(1 - SURE, max(SURE, chance))
    return math.log(held / (1 - held))


def of_pad(rule: CommitSettings) -> float:
    """What a whole look at the pad adds: it makes a sure tile a sure choice, and no more."""
    return max(LEAST_PAD_LOG_ODDS, log_odds_of(rule.certainty))


def is_meant(posterior: float, log_odds: float, rule: CommitSettings) -> bool:
    """Whether tile and act together are sure enough."""
    return posterior * probability(log_odds) >= rule.certainty * rule.certainty


def of_look(seen: Look, at_ns: int, channel: m.Channelled, spoke: m.LogOdds) -> m.Evidence:
    """The record of a choice by looking; `spoke` says what confirmed it."""
    gaze = log_odds_of(seen.posterior_without_prior)
    return m.Evidence(
        channel=channel,
        posterior=round(seen.posterior, 4),
        posterior_without_prior=round(seen.posterior_without_prior, 4),
        gaze_age_ms=(at_ns - seen.at_ns) / 1e6,
        log_odds=m.LogOdds(
            gaze=round(gaze, 3),
            prior=round(log_odds_of(seen.posterior) - gaze, 3),
            pad=round(spoke.pad, 3),
            signal=round(spoke.signal, 3),
            switch=round(spoke.switch, 3),
            flicker=round(seen.flicker, 3),
        ),
        slot_without_prior=seen.slot_without_prior,
    )


def of_scan(act: Act, slot: int, posterior: float, passes: int) -> m.Evidence:
    """The record of a choice of a lit tile."""
    spoke = of_act(act)
    return m.Evidence(
        channel=m.Channelled.SCAN,
        posterior=round(posterior, 4),
        posterior_without_prior=round(posterior, 4),
        gaze_age_ms=0.0,
        log_odds=m.LogOdds(
            scan=round(log_odds_of(posterior), 3), signal=round(spoke.signal, 3), switch=round(spoke.switch, 3)
        ),
        slot_without_prior=slot,
        passes=passes,
    )


def of_act(act: Act, pad: float = 0.0) -> m.LogOdds:
    """What a press or a gesture says, beside a look at the pad."""
    if act.channel is m.Channelled.SWITCH:
        return m.LogOdds(switch=act.log_odds, pad=pad)
    return m.LogOdds(signal=act.log_odds, pad=pad)
