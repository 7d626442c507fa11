"""What the kit's own fitting proposes for a virtual person: how long each tile is lit, by how they press. Pure."""

import msgspec

from benches.person_profile import Person
from vybor.contracts.messages import FitResult, Sign
from vybor.fitting.proposal import proposed
from vybor.fitting.shares import quantile
from vybor.foundation.settings import CommitSettings, Settings

CUES = 8
"""As many as the fitting shows for the switch."""
TIMINGS = ("commit.scan_reaction_s", "commit.scan_step_s")


def fitted(rule: CommitSettings, person: Person) -> CommitSettings:
    """The rule with the timings that suit this person's hand; the rule itself if they have no switch in it."""
    if not rule.switch:
        return rule
    values = proposed([pressed(person)], Settings(commit=rule))
    timings = {value.key.removeprefix("commit."): float(value.value) for value in values if value.key in TIMINGS}
    return msgspec.structs.replace(rule, **timings)


def pressed(person: Person) -> FitResult:
    """What comes of the switch's trial: some cues are missed, the others answered after this person's reaction."""
    profile, chance = person.profile, person.chance("fitting")
    times = [
        max(0.0, chance.gauss(profile.reaction_s, profile.reaction_sd_s))
        for _ in range(CUES)
        if chance.random() >= profile.switch_miss
    ]
    return FitResult(
        sign=Sign.SWITCH,
        cues=CUES,
        hits=len(times),
        fast_s=quantile(times, 0.05),
        slow_s=quantile(times, 0.95),
        reliable=True,
    )
