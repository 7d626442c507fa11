"""How far a detector believes itself, as log-odds that the person meant the act; rooms must agree on it. Pure."""

import math

CAP = 3.0
"""log(0.953 / 0.047): the best published precision of a double blink from EEG. Nothing here is surer."""
JUST = 1.0
"""At the threshold itself: it is likelier meant than not, but it cannot confirm alone."""
PER_DOUBLING = 2.0
UNASKED = -4.0
"""A single blink: people blink 15 to 20 times a minute and mean nothing by it."""


def log_odds(margin: float, doubt: float = 0.0) -> float:
    """Evidence of an act `margin` times as strong as its threshold, less what speaks against it; at most CAP."""
    if margin <= 0:
        return -CAP
    return max(-CAP, min(CAP, JUST + PER_DOUBLING * math.log2(margin) - doubt))


def margin(log_odds: float) -> float:
    """The margin at which an act of which nothing else is known is believed so far."""
    return float(2 ** ((log_odds - JUST) / PER_DOUBLING))
