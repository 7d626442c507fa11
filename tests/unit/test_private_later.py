"""What was said or seen while nothing was to be learned is not learned later, whatever way the text comes back."""

from pathlib import Path

import msgspec

from unit.interest_record import Record, tile
from unit.test_private import Person, knows, learned
from vybor.composer.lasting import Lasting
from vybor.composer.writing import MOST_PAST, wrote
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Scope
from vybor.core.decision.private import recorded
from vybor.journal.story import story_of


def test_what_was_spoken_while_nothing_was_learned_is_not_learned_when_it_is_mended(tmp_path: Path) -> None:
    person = Person()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.tools(Role.INCOGNITO)
    person.take(Role.UNDO, Role.SPEAK)
    person.tools(Role.LEARNING)
    person.take(Role.MENU, Role.NOT_MEANT)
    assert person.screen().private
    person.take(Role.BACK, Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.told == [m.Sentence(text="Boat bread"), m.Sentence(text="Boat bread", spoken=False)]
    assert not knows(found, "boat")
    assert not knows(found, "bread")


def spoken_privately() -> Person:
    person = Person()
    person.write("boat")
    person.tools(Role.UNLEARN)
    person.take(Role.SPEAK)
    return person


def test_what_is_private_stays_so_when_a_later_sentence_is_deleted() -> None:
    person = spoken_privately()
    person.write("sail")
    person.take(Role.SPEAK)
    person.tools(Role.KIT)
    person.take(Role.ERASE)
    person.choose(next(tile.slot for tile in person.state.tiles if tile.label == Scope.LAST))
    person.take(Role.ERASE, Role.MENU, Role.NOT_MEANT)
    assert (person.screen().text, person.screen().private) == ("Boat", True)


def test_what_is_private_stays_so_once_undo_reaches_back_to_it_no_more() -> None:
    now = spoken_privately().state.writing
    for step in range(MOST_PAST):
        now = wrote(now, "Sail" * (step % 2))
    assert "Boat" not in now.past
    assert (now.lasting.to_mend, now.lasting.is_private("Boat")) == ("Boat", True)


def test_a_text_that_came_back_while_nothing_was_learned_stays_private() -> None:
    """And so does what undo makes of it: the record says the same of the whole line."""
    person = Person()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.tools(Role.INCOGNITO)
    person.take(Role.UNDO)
    person.tools(Role.LEARNING)
    assert (person.screen().incognito, person.screen().private) == (False, True)
    person.take(Role.UNDO)
    assert (person.screen().text, person.screen().private) == ("Boat", True)
    person.take(Role.SPEAK)
    assert [one.learn for one in person.record if one.action is m.Action.SPEAK] == [True, False]
    assert story_of(person.record).private == {"Boat", "Boat bread"}


def test_a_text_that_is_written_once_more_from_an_open_one_is_learned(tmp_path: Path) -> None:
    """Also after a restart: the record says the same."""
    person = Person()
    person.write("boat")
    person.tools(Role.UNLEARN)
    person.take(Role.UNDO)
    person.write("boat")
    assert not person.screen().private
    person.take(Role.SPEAK)
    assert learned(person, tmp_path).told == [m.Sentence(text="Boat")]


KEPT = {"at_ns", "session", "number", "action", "slot", "text_before", "text_after", "offer", "evidence"}
KEPT |= {"language", "learn", "incognito", "propensity", "was_ahead", "zones"}
"""What the record has of a private choice: the text, so that it comes back, and nothing of what was seen."""


def test_each_field_of_a_private_choice_is_empty_or_named_here() -> None:
    record = Record()
    whole = msgspec.structs.replace(
        record.take("boat", (tile(0, "boat"),)),
        said="Boat.",
        model="model",
        mode=m.Mode.WORDS,
        prefix="bo",
        looks=("abc",),
        took_ms=1.0,
        words="list",
        context=m.Context(),
        quality=m.Quality(),
        signs=(m.SignMade(kind=m.GestureKind.CLENCH, at_ns=1, log_odds=2.0, plain=2.0, height=3.0),),
    )
    told = recorded(whole, Lasting(incognito=True), Lasting(incognito=True))
    for field in msgspec.structs.fields(m.Decision):
        if field.name not in KEPT:
            assert getattr(whole, field.name), f"{field.name} tells nothing here"
            assert not getattr(told, field.name), field.name
    assert not told.learn
    assert recorded(whole, Lasting(), Lasting()) == whole
