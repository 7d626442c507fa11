"""`vybor phrases …`: the phrases that the person keeps, in a kit that runs.

The deciding process alone writes them, so a choice on the screen and this command never overwrite each other.
"""

from collections.abc import Iterator
from pathlib import Path

from vybor.commands import asking
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock
from vybor.foundation.typed import characters


def listed(runtime: Path, clock: Clock) -> Iterator[str]:
    """One line a phrase, with how often it was said. Raises Missing if no kit runs there, and PlaceError."""
    with asking.reached("core", "phrases", runtime, clock) as core:
        told = core.told(m.TellPhrases(request=core.new_request()))
    phrases = told.phrases if isinstance(told, m.Phrases) else ()
    for phrase, times in phrases:
        yield f"{phrase}  (said: {times})"
    if not phrases:
        yield "no phrases are kept; `vybor phrases add Good morning.` keeps one"


def add(phrase: str, runtime: Path, clock: Clock) -> str:
    """Keep a phrase. Raises Missing if it is refused or no kit runs, and PlaceError."""
    with asking.reached("core", "phrases", runtime, clock) as core:
        core.told(m.KeepPhrase(request=core.new_request(), text=characters(phrase)))
    return "kept: it stands under Phrases"


def remove(phrase: str, runtime: Path, clock: Clock) -> str:
    """Remove a phrase. Raises Missing if it is not there or no kit runs, and PlaceError."""
    with asking.reached("core", "phrases", runtime, clock) as core:
        core.told(m.ForgetPhrase(request=core.new_request(), text=characters(phrase)))
    return "removed"
