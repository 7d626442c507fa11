"""Decisions on their way to the disk: in order, one at a time, none dropped."""

from vybor.contracts import messages as m
from vybor.core.keeping import ASK_AGAIN_NS, LATE_NS, Keeping
from vybor.foundation.clock import seconds

EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=1.0, posterior_without_prior=1.0, gaze_age_ms=0.0)


class Journal:
    """The bus as `Keeping` uses it; the test answers."""

    def __init__(self) -> None:
        self.asked: list[m.AnyCommand] = []

    def new_request(self) -> str:
        return str(len(self.asked) + 1)

    def ask(self, receiver: str, command: m.AnyCommand) -> None:
        assert receiver == "journal"
        self.asked.append(command)


def decision(number: int) -> m.Decision:
    return m.Decision(
        at_ns=number,
        session="s",
        number=number,
        action=m.Action.TAKE,
        slot=0,
        written="",
        text_before="",
        text_after="",
        offer=1,
        shown=(),
        evidence=EVIDENCE,
    )


def records(journal: Journal) -> list[int]:
    return [asked.decision.number for asked in journal.asked if isinstance(asked, m.Record)]


def started() -> tuple[Journal, Keeping]:
    """The draft has come."""
    journal = Journal()
    keeping = Keeping(journal)  # type: ignore[arg-type]  # as much of a bus as it needs
    keeping.answered(m.Draft(request=journal.asked[-1].request, text=""), 0)
    keeping.begin(was_incognito=False)
    return journal, keeping


def test_one_at_a_time_in_order() -> None:
    journal, keeping = started()
    for number in (1, 2, 3):
        keeping.keep(decision(number), 0)
    assert records(journal) == [1]
    keeping.answered(m.Done(request=journal.asked[-1].request), 0)
    assert records(journal) == [1, 2]
    assert keeping.saving(0) is m.Saving.SAVING


def test_only_the_answer_to_the_record_counts_for_it() -> None:
    journal, keeping = started()
    keeping.keep(decision(1), 0)
    keeping.answered(m.Done(request="somebody else's"), 0)
    assert keeping.saving(0) is m.Saving.SAVING
    keeping.answered(m.Done(request=journal.asked[-1].request), 0)
    assert keeping.saving(0) is m.Saving.SAVED


def test_a_refused_record_goes_again_before_the_next_one() -> None:
    journal, keeping = started()
    keeping.keep(decision(1), 0)
    keeping.keep(decision(2), 0)
    keeping.answered(m.Refused(request=journal.asked[-1].request), 0)
    assert keeping.saving(0) is m.Saving.NOT_SAVING
    keeping.turn(ASK_AGAIN_NS)
    assert records(journal) == [1, 1]


def test_a_refused_draft_is_asked_for_again_and_what_was_decided_meanwhile_goes_behind_it() -> None:
    journal = Journal()
    keeping = Keeping(journal)  # type: ignore[arg-type]  # as much of a bus as it needs
    keeping.answered(m.Refused(request=journal.asked[0].request), 0)
    keeping.keep(decision(1), 0)
    keeping.keep(decision(2), 0)
    assert keeping.saving(0) is m.Saving.NOT_SAVING
    keeping.turn(ASK_AGAIN_NS)
    assert [type(asked) for asked in journal.asked] == [m.RestoreDraft] * 2
    draft = m.Draft(request=journal.asked[-1].request, text="hi")
    assert keeping.answered(draft, ASK_AGAIN_NS) is draft
    keeping.begin(was_incognito=False)
    assert records(journal) == [1]
    keeping.answered(m.Done(request=journal.asked[-1].request), ASK_AGAIN_NS)
    assert records(journal) == [1, 2]
    keeping.answered(m.Done(request=journal.asked[-1].request), ASK_AGAIN_NS)
    assert keeping.saving(ASK_AGAIN_NS) is m.Saving.SAVED
    keeping.turn(2 * ASK_AGAIN_NS)
    assert sum(isinstance(asked, m.RestoreDraft) for asked in journal.asked) == 2


def test_a_silent_journal_is_said_after_a_while() -> None:
    _, keeping = started()
    keeping.keep(decision(1), seconds(1))
    assert keeping.saving(seconds(1) + LATE_NS) is m.Saving.SAVING
    assert keeping.saving(seconds(1) + LATE_NS + 1) is m.Saving.NOT_SAVING
