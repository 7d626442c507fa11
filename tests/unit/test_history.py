"""When the generator asks the record for what was said, and what it makes of the answers."""

from unit.asked_journal import Journal
from vybor.contracts import messages as m
from vybor.generator.notes.history import EAGER_NS, SELDOM_NS, SOON_NS, History

FIRST = ("", 0)
START_NS = SELDOM_NS


class Told:
    """A history, a journal and the time."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.history = History(self.journal)  # type: ignore[arg-type]  # as much of a bus as it needs
        self.now_ns = START_NS

    def asked(self, after_ns: int = 0, learned: tuple[str, int] | None = FIRST) -> bool:
        """Whether a question more was asked by then."""
        before = len(self.journal.asked)
        self.now_ns += after_ns
        self.history.turn(self.now_ns, learned)
        return len(self.journal.asked) > before

    def answer(self, *texts: str, more: bool = False, anew: bool = False) -> m.Sentences | None:
        sentences = tuple(m.Sentence(text=text) for text in texts)
        request = self.journal.asked[-1].request
        reply = m.Sentences(request=request, sentences=sentences, session="s", number=9, more=more, anew=anew)
        return self.history.answered(reply, self.now_ns)

    def write(self, text: str) -> None:
        self.history.heard(m.Prompt(at_ns=0, number=1, text=text), self.now_ns)


def test_everything_is_asked_for_page_by_page_and_then_seldom() -> None:
    told = Told()
    assert told.asked()
    assert (told.journal.asked[0].session, told.journal.asked[0].number) == FIRST
    first = told.answer("Hello.", more=True)
    assert first is not None
    assert not told.asked(learned=None)  # it is being learned
    assert told.asked(learned=("s", 9))
    assert (told.journal.asked[1].session, told.journal.asked[1].number) == ("s", 9)
    assert told.answer() is None
    assert not told.asked(SELDOM_NS - 1)
    assert told.asked(1)


def test_a_text_that_begins_anew_is_asked_about_soon_and_for_a_while() -> None:
    told = Told()
    told.asked()
    told.answer()
    told.write("I am")
    told.write("I am tired")
    told.now_ns += EAGER_NS
    assert told.asked(SOON_NS)  # the first word on an empty line
    told.answer()
    assert not told.asked(SOON_NS)
    told.write("I am tired.")
    assert not told.asked(SOON_NS)
    told.write("")
    assert not told.asked(SOON_NS - 1)
    assert told.asked(1)
    told.answer()
    assert told.asked(SOON_NS)
    assert told.answer("I am tired.") is not None


def test_an_answer_that_never_comes_and_a_refusal_are_asked_for_again() -> None:
    told = Told()
    told.asked()
    assert told.asked(EAGER_NS)
    assert told.journal.taken_back == ["1"]
    assert told.history.answered(m.Refused(request="2"), told.now_ns) is None
    assert told.asked(SOON_NS)
    assert told.answer(anew=True) is not None
    assert told.history.answered(m.Done(request="another"), told.now_ns) is None


def test_where_rows_are_gone_it_is_asked_at_once() -> None:
    told = Told()
    assert told.asked()
    told.answer("Hello.")
    assert not told.asked()
    told.history.forget()
    assert told.asked()
