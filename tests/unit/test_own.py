"""The person's own sentences as the journal tells them."""

from unit.asked_journal import Journal
from vybor.contracts import messages as m
from vybor.core.words.learning import ASK_AGAIN_NS
from vybor.core.words.own import MOST_SENTENCES, OwnSentences


def started(*, wanted: bool = True) -> tuple[Journal, OwnSentences]:
    journal = Journal()
    own = OwnSentences(journal, wanted=wanted)  # type: ignore[arg-type]  # as much of a bus as it needs
    own.turn(0)
    return journal, own


def told(
    journal: Journal, *sentences: m.Sentence, number: int, more: bool = False, anew: bool = False
) -> m.Sentences:
    return m.Sentences(
        request=journal.asked[-1].request, sentences=sentences, session="s", number=number, more=more, anew=anew
    )


def texts(own: OwnSentences) -> list[str]:
    return [one.text for one in own.spoken]


def test_all_pages_are_read_and_then_nothing_until_something_is_spoken() -> None:
    journal, own = started()
    assert own.answered(told(journal, m.Sentence(text="I am here. Good."), number=3, more=True))
    own.turn(1)
    assert journal.asked[-1].number == 3
    assert own.answered(told(journal, m.Sentence(text="Tea, please."), number=5))
    own.turn(ASK_AGAIN_NS * 3)
    assert len(journal.asked) == 2
    assert texts(own) == ["I am here.", "Good.", "Tea, please."]
    own.spoke()
    own.turn(ASK_AGAIN_NS * 3)
    assert journal.asked[-1].number == 5


def test_what_is_taken_back_is_offered_no_more_and_a_new_record_begins_anew() -> None:
    journal, own = started()
    twice = (m.Sentence(text="Tea."), m.Sentence(text="Tea."), m.Sentence(text="Tea.", spoken=False))
    own.answered(told(journal, *twice, number=3))
    assert texts(own) == ["Tea."]
    own.spoke()
    own.turn(1)
    own.answered(
        told(journal, m.Sentence(text="Tea.", spoken=False), m.Sentence(text="No.", spoken=False), number=4)
    )
    assert texts(own) == []
    own.spoke()
    own.turn(2)
    own.answered(told(journal, m.Sentence(text="Soup."), number=1, anew=True))
    assert texts(own) == ["Soup."]


def test_the_newest_are_kept() -> None:
    journal, own = started()
    many = tuple(m.Sentence(text=f"Number {number}.") for number in range(MOST_SENTENCES + 2))
    own.answered(told(journal, *many, number=9))
    assert texts(own)[0] == "Number 2."
    assert len(texts(own)) == MOST_SENTENCES


def test_a_journal_that_refuses_or_is_silent_is_asked_again_and_nobody_is_where_it_is_not_wanted() -> None:
    journal, own = started()
    own.turn(ASK_AGAIN_NS)
    assert journal.taken_back == ["1"]
    assert own.answered(m.Refused(request="2"))
    assert not own.answered(m.Done(request="2"))
    own.turn(ASK_AGAIN_NS * 2)
    assert len(journal.asked) == 3
    journal, own = started(wanted=False)
    own.spoke()
    own.turn(ASK_AGAIN_NS)
    assert journal.asked == []
    assert not own.answered(m.Done(request=""))


def test_where_rows_are_gone_nothing_is_known_until_all_is_told_again() -> None:
    journal, own = started()
    own.answered(told(journal, m.Sentence(text="I am here."), number=3))
    own.spoke()
    own.turn(ASK_AGAIN_NS)
    late = told(journal, m.Sentence(text="Good."), number=4)
    own.forget()
    assert texts(own) == []
    assert not own.answered(late)
    own.turn(ASK_AGAIN_NS)
    assert (journal.asked[-1].session, journal.asked[-1].number) == ("", 0)
