"""What became of a choice later, from the order of the record alone."""

from hypothesis import given
from hypothesis import strategies as st

from vybor.contracts.messages import Action
from vybor_workshop.log.outcomes import Outcome, Outcomes, Step, outcomes

TAKE, UNDO, SPEAK, REPAIR = Action.TAKE, Action.UNDO, Action.SPEAK, Action.REPAIR


def of(
    *told: tuple[Action, str], seconds: float = 2.0, boots: tuple[int, ...] = (), begins: str = ""
) -> list[Outcome]:
    """Each choice by its action and the text after it."""
    steps, text = [], begins
    for number, (action, after) in enumerate(told):
        boot = boots[number] if boots else 1
        steps.append(Step(boot, number, round(number * seconds * 1e9), action, text, after))
        text = after
    return [outcome for _, outcome in outcomes(steps)]


def test_what_was_spoken_names_the_choices_that_wrote_it() -> None:
    found = of((TAKE, "I"), (Action.PAGE, "I"), (TAKE, "I want"), (SPEAK, ""), (TAKE, "No"), (SPEAK, ""))
    assert [each.spoken_by for each in found] == [(1, 3), None, (1, 3), (1, 3), (1, 5), (1, 5)]
    assert not any(each.edited or each.undone_soon for each in found)


def test_undone_soon_is_within_thirty_seconds_of_one_boot() -> None:
    steps = (TAKE, "tea"), (UNDO, "")
    assert [each.undone_soon for each in of(*steps, seconds=30.0)] == [True, False]
    assert [each.undone_soon for each in of(*steps, seconds=30.1)] == [False, False]
    assert [each.undone_soon for each in of(*steps, boots=(1, 2))] == [False, False]


def test_undo_undoes_one_step_after_another() -> None:
    found = of((TAKE, "a"), (TAKE, "a b"), (UNDO, "a"), (UNDO, ""), (TAKE, "c"), (SPEAK, ""))
    assert [each.undone_soon for each in found] == [True, True, False, False, False, False]
    assert [each.spoken_by for each in found] == [None, None, None, None, (1, 5), (1, 5)]


def test_a_sentence_that_was_taken_back_was_not_spoken() -> None:
    found = of((TAKE, "tea"), (SPEAK, ""), (UNDO, "tea"), (TAKE, "tea now"), (SPEAK, ""))
    assert [each.spoken_by for each in found] == [(1, 4), None, None, (1, 4), (1, 4)]
    mended = of((TAKE, "tea"), (SPEAK, ""), (REPAIR, "tea"), (TAKE, "tea no"), (SPEAK, ""))
    assert [each.spoken_by for each in mended] == [(1, 4), None, None, (1, 4), (1, 4)]
    meant = of((TAKE, "tea"), (SPEAK, ""), (REPAIR, "tea"), (UNDO, ""))
    assert [each.spoken_by for each in meant] == [(1, 1), (1, 1), None, None]


def test_what_was_changed_was_edited_unless_that_was_undone() -> None:
    changed = (TAKE, "I see"), (TAKE, "I see him"), (Action.DELETE, "I see"), (TAKE, "I saw"), (SPEAK, "")
    found = of(*changed)
    assert [each.edited for each in found] == [True, True, False, False, False]
    assert [each.spoken_by for each in found] == [(1, 4), None, None, (1, 4), (1, 4)]
    assert not any(each.edited for each in of((TAKE, "tea"), (Action.CLEAR, ""), (UNDO, "tea")))
    assert [each.edited for each in of((TAKE, "tea"), (TAKE, "Tea"))] == [True, False]


def test_a_record_may_begin_anywhere_and_have_gaps() -> None:
    found = of((TAKE, "I want tea"), (SPEAK, ""), begins="I want")
    assert [each.spoken_by for each in found] == [(1, 1), (1, 1)]
    gap = outcomes(
        [
            Step(1, 1, 0, TAKE, "", "I"),
            Step(1, 9, 1, TAKE, "I want", "I want tea"),
            Step(1, 10, 2, SPEAK, "I want tea", ""),
        ]
    )
    assert [outcome.spoken_by for _, outcome in gap] == [(1, 10)] * 3


TEXTS = st.sampled_from(["", "a", "b", "a b", "ab", "ba"])


@given(st.lists(st.tuples(st.sampled_from(Action), TEXTS, TEXTS), max_size=30))
def test_any_order_of_any_choices_is_taken(told: list[tuple[Action, str, str]]) -> None:
    found = Outcomes()
    for number, (action, before, after) in enumerate(told):
        found.tell(Step(1, number, number, action, before, after))
    assert [place for place, _ in found.all()] == [(1, number) for number in range(len(told))]
    spoke = {(1, number) for number, (action, _, _) in enumerate(told) if action is SPEAK}
    assert {outcome.spoken_by for _, outcome in found.all()} <= spoke | {None}
