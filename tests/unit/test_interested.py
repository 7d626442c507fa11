"""The generator's interest: read from the record, off until that shows a gain, off exactly when off."""

from typing import cast

import pytest

from unit.interest_record import BAKERY, SEA, Record, meaning, of_days, rare
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked, Bus
from vybor.generator.interest.interested import (
    ASK_AGAIN_NS,
    AT_A_TIME,
    MORE_OFFERED,
    RECORDED_NS,
    UNMOVED,
    Interested,
)
from vybor.generator.interest.judging import MOST_DAYS
from vybor.generator.meaning import Meanings
from vybor.generator.notes.topics import Commonness

PAGE = 100
PROMPT = m.Prompt(at_ns=0, number=1, text="we", count=4)
OFFERED = tuple(
    m.Candidate(words=(word,), p=p, source=m.Source.MODEL)
    for word, p in (("the", 0.3), ("bread", 0.1), ("flour", 0.09), ("then", 0.08), ("boat", 0.07), ("so", 0.06))
)


class Journal:
    """The bus as `Interested` uses it, with a record behind it."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.asked: list[m.TellDecisions] = []
        self.taken_back: list[str] = []
        self.told: m.InterestTold | None = None

    def new_request(self) -> str:
        return str(len(self.asked) + 1)

    def ask(self, receiver: str, command: m.TellDecisions) -> None:
        assert receiver == "journal"
        self.asked.append(command)

    def take_back(self, receiver: str, request: str) -> None:
        self.taken_back.append(request)

    def answer(self, asked: Asked, reply: m.InterestTold) -> None:
        self.told = reply

    def page(self) -> m.Decisions:
        """The answer to the last question."""
        asked = self.asked[-1]
        names = [(one.session, one.number) for one in self.record.kept]
        first, anew = 0, False
        if asked.session:
            anew = (asked.session, asked.number) not in names
            first = 0 if anew else names.index((asked.session, asked.number)) + 1
        return m.Decisions(
            request=asked.request, decisions=tuple(self.record.kept[first : first + PAGE]), anew=anew
        )


class Common:
    def __call__(self, word: str) -> float:
        return rare(word)

    def close(self) -> None:
        self.is_closed = True


def interested(record: Record, *, allowed: bool = True) -> tuple[Journal, Interested]:
    journal = Journal(record)
    commonness = cast(Commonness, Common()) if allowed else None
    made = Interested(cast(Bus, journal), commonness)
    if allowed:
        made.take(cast(Meanings, meaning))
    return journal, made


def read(journal: Journal, room: Interested, now_ns: int = 0) -> None:
    """Let it read until nothing is asked any more."""
    while True:
        before = len(journal.asked)
        while room.turn(now_ns):
            pass
        if len(journal.asked) == before:
            return
        room.answered(journal.page(), now_ns)


def next_sentence(journal: Journal, room: Interested) -> None:
    journal.record.take("boat")
    journal.record.speak()
    journal.record.take("sail")
    room.chose(0)
    read(journal, room, 2 * RECORDED_NS)


def test_off_by_the_settings_nothing_is_asked_learned_or_moved() -> None:
    journal, room = interested(of_days(12, right=True, sentences=40), allowed=False)
    room.chose(0)
    assert not room.turn(ASK_AGAIN_NS)
    assert journal.asked == []
    assert room.asks(PROMPT) is PROMPT
    assert room.moved(OFFERED[:4], PROMPT) == (OFFERED[:4], ())
    room.asked(Asked(b"", m.TellInterest(request="1")))
    assert journal.told is not None
    assert not journal.told.allowed


def test_until_the_record_shows_a_gain_offers_are_exactly_what_they_would_be() -> None:
    journal, room = interested(of_days(3, right=True))
    read(journal, room)
    assert room.weight == 0
    assert room.asks(PROMPT) is PROMPT
    assert room.moved(OFFERED[:4], PROMPT) == (OFFERED[:4], ())


def test_a_gain_puts_it_on_and_the_likeliest_word_stays_first() -> None:
    journal, room = interested(of_days(12, right=True, sentences=41))
    read(journal, room)
    assert room.weight > 0
    next_sentence(journal, room)
    assert room.asks(PROMPT).count == PROMPT.count + MORE_OFFERED
    moved, unmoved = room.moved(OFFERED, PROMPT)
    assert unmoved == OFFERED[:4]
    assert [candidate.words[0] for candidate in moved] == ["the", "boat", "bread", "flour"]
    assert moved[0] == OFFERED[0]


def test_one_sentence_in_four_is_left_as_it_was() -> None:
    journal, room = interested(of_days(12, right=True, sentences=40))
    read(journal, room)
    moves = []
    for _ in range(2 * UNMOVED):
        next_sentence(journal, room)
        moves.append(room.moved(OFFERED, PROMPT)[0] != OFFERED[:4])
        assert moves[-1] == (room.asks(PROMPT) is not PROMPT)
        assert room.propensity == (1 - 1 / UNMOVED if moves[-1] else 1 / UNMOVED)
    assert moves.count(False) == 2
    assert moves[:UNMOVED] == moves[UNMOVED:]


def test_a_person_whom_it_would_mislead_never_gets_it() -> None:
    journal, room = interested(of_days(12, right=False, sentences=40))
    read(journal, room)
    assert room.weight == 0
    assert room.propensity == 1


def test_it_is_judged_by_whole_days_and_can_be_lost_again() -> None:
    record = of_days(12, right=True, sentences=30)
    journal, room = interested(record)
    read(journal, room)
    assert room.weight > 0
    bad = of_days(12 + MOST_DAYS, right=False, sentences=6)
    record.kept += [one for one in bad.kept if int(one.session.removeprefix("day ")) >= 12]
    room.chose(0)
    read(journal, room, 2 * RECORDED_NS)
    assert room.weight == 0


def test_the_record_is_read_a_few_at_a_time_and_asked_for_again_where_nobody_answers() -> None:
    journal, room = interested(of_days(2, right=True))
    assert not room.turn(0)
    room.answered(journal.page(), 0)
    turns = 1
    while room.turn(0):
        turns += 1
    assert turns == -(-PAGE // AT_A_TIME)
    assert len(journal.asked) == 2
    room.turn(ASK_AGAIN_NS - 1)
    assert len(journal.asked) == 2
    room.turn(ASK_AGAIN_NS)
    assert journal.taken_back == ["2"]
    assert (journal.asked[2].session, journal.asked[2].number) == (
        journal.asked[1].session,
        journal.asked[1].number,
    )
    room.answered(m.Refused(request="3", reason="no"), ASK_AGAIN_NS)
    room.turn(ASK_AGAIN_NS + 1)
    assert len(journal.asked) == 3
    room.turn(2 * ASK_AGAIN_NS)
    assert len(journal.asked) == 4


def test_a_journal_that_was_begun_anew_is_learned_anew() -> None:
    journal, room = interested(of_days(12, right=True, sentences=40))
    read(journal, room)
    assert room.weight > 0
    journal.record = Record()
    journal.record.session = "new"
    for word in BAKERY:
        journal.record.take(word)
    room.chose(0)
    read(journal, room, 2 * RECORDED_NS)
    assert room.weight == 0
    room.asked(Asked(b"", m.TellInterest(request="1")))
    assert journal.told is not None
    assert journal.told.taken == len(BAKERY)
    assert journal.told.is_whole


@pytest.mark.parametrize("command", [m.ListTopics(request="1"), m.RestoreDraft(request="1")])
def test_other_questions_are_left_to_others(command: m.AnyCommand) -> None:
    _, room = interested(Record())
    assert not room.asked(Asked(b"", command))


def test_what_it_tells_counts_what_was_taken() -> None:
    record = Record()
    for word in SEA:
        record.take(word)
    journal, room = interested(record)
    read(journal, room)
    room.asked(Asked(b"", m.TellInterest(request="1")))
    told = journal.told
    assert told is not None
    assert (told.taken, told.weight, told.low, told.days) == (5, 0, None, 0)


def test_where_rows_are_gone_it_is_learned_anew_from_the_beginning() -> None:
    journal, learned = interested(of_days(2, right=True))
    learned.turn(0)
    learned.answered(journal.page(), 0)
    learned.forget()
    learned.turn(ASK_AGAIN_NS)
    assert (journal.asked[-1].session, journal.asked[-1].number) == ("", 0)
    learned.asked(Asked(b"", m.TellInterest(request="1")))
    assert journal.told is not None
    assert (journal.told.taken, journal.told.is_whole) == (0, False)
