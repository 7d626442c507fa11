"""The text is followed as far back as undo goes, and no further: memory does not grow with the day."""

import itertools

from unit.test_journal import decision
from vybor.contracts.messages import Action
from vybor.utterances.following import MOST_STEPS, Following
from vybor.utterances.provenance import Origin


def test_of_six_hundred_steps_five_hundred_are_remembered() -> None:
    following, texts = Following(), ["", *(" ".join(["word"] * count) for count in range(1, 601))]
    for number, (before, after) in enumerate(itertools.pairwise(texts), start=1):
        following.tell(decision(number, before, after))
        assert len(following._steps) <= MOST_STEPS
    assert len(following._steps) == MOST_STEPS == 500
    for number, back in enumerate(range(599, 101, -1), start=601):
        following.tell(decision(number, texts[back + 1], texts[back], Action.UNDO))
    assert [step.text for step in following._steps] == [texts[101], texts[102]]
    following.tell(decision(1200, texts[102], texts[101], Action.UNDO))
    following.tell(decision(1201, texts[101], texts[100], Action.UNDO))  # forgotten: its letters are nobody's now
    assert following._steps[-1].text == texts[100]
    assert set(following._steps[-1].origins) <= {Origin.UNKNOWN, Origin.SPACE}
