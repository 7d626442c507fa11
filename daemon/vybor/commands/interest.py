"""`vybor interest`: what the running generator has learned of the person's interest; never a word of theirs."""

from collections.abc import Iterator
from pathlib import Path

from vybor.commands.topic import reached
from vybor.contracts import messages as m
from vybor.foundation.clock import Clock


def told(runtime: Path, clock: Clock) -> Iterator[str]:
    """Ask the kit that runs there. Raises Missing if none does."""
    with reached(runtime, clock) as generator:
        reply = generator.told(m.TellInterest(request=generator.new_request()))
    if isinstance(reply, m.InterestTold):
        yield from sentences(reply)


def sentences(found: m.InterestTold) -> Iterator[str]:
    """Whether it is on, why, and what it was learned from."""
    if not found.allowed:
        yield 'off by the settings; nothing is learned (`vybor config set generator.interest "auto"`)'
        return
    yield _standing(found)
    yield _shown(found)
    looks = f"looks at others: {found.examined}, long ones: {found.lingered}"
    yield f"learned from: words taken: {found.taken}, {looks}"
    yield _engaged(found)
    if not found.is_whole:
        yield "the record is still being read: ask again"


def _standing(found: m.InterestTold) -> str:
    if found.weight > 0:
        return "on: words move; the likeliest word keeps its place, and one sentence in four is left as it was"
    return "off: no word moves, until the record shows that it helps"


def _engaged(found: m.InterestTold) -> str:
    if not found.engaged:
        return "engagement weighed no look: no headband told of it at a long one"
    weight = f"times {found.engaged_weight:.2f} on the whole, each between 0.5 and 1.5"
    return f"engagement, as the headband had it, weighed {found.engaged} of the long looks: {weight}"


def _shown(found: m.InterestTold) -> str:
    count = f"days that count: {found.days}, choices of offered words: {found.choices}"
    if found.low is None:
        return f"shown so far: nothing ({count}; at least {found.least_days} and {found.least_choices} are needed)"
    verdict = "it helps" if found.low > 0 else "it has not shown to help"
    change = ""
    if (found.low > 0) != (found.weight > 0):
        change = ", on from the next day" if found.low > 0 else ", off from the next day"
    gain = f"{found.gain:+.3f} nats a choice, at least {found.low:+.3f}"
    return f"replay of the record: {gain}: {verdict}{change} ({count})"
