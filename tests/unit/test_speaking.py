"""What the voice is asked for, choice by choice: what is taken back falls silent, by name, and nothing else."""

import msgspec
import pytest

from unit.test_deciding import MENU, UNDO
from unit.test_private import Person
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.core.decision import deciding
from vybor.core.desks.speaking import HELP_ALONE_NS, HELP_WITHIN_NS, MOST_SAID, WITHIN_NS, Speaking
from vybor.foundation.clock import seconds
from vybor.journal.story import story_of


class Bus:
    """Keeps what is asked; nobody answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, m.AnyCommand]] = []
        self.waiting: dict[str, tuple[str, m.AnyCommand]] = {}
        """What is asked for again and again."""

    def reach(self, receiver: str) -> None:
        assert receiver in ("voice", "safe")

    def new_request(self) -> str:
        return f"r{len(self.asked) + 1}"

    def ask(self, receiver: str, command: m.AnyCommand) -> None:
        self.asked.append((receiver, command))
        self.waiting[command.request] = (receiver, command)

    def take_back(self, receiver: str, request: str) -> None:
        found = self.waiting.pop(request, None)
        assert found is None or found[0] == receiver


class Talker(Person):
    """Chooses, and has the voice asked."""

    def __init__(self) -> None:
        super().__init__()
        self.bus = Bus()
        self.speaking = Speaking(self.bus, "en")  # type: ignore[arg-type]  # as much of a bus as it needs

    def choose(self, slot: int) -> None:
        done = len(self.decided)
        super().choose(slot)
        for decided in self.decided[done:]:
            self.speaking.act(decided, self.now_ns)

    def answer(self, label: str) -> None:
        self.choose(MENU)
        self.choose(next(tile.slot for tile in self.state.tiles if tile.label == label))

    def menu_and_back(self) -> None:
        self.choose(MENU)
        self.take(Role.BACK)

    @property
    def hushed(self) -> list[str]:
        """The words that were to fall silent."""
        words = {one.request: one.text for _, one in self.bus.asked if isinstance(one, m.Say | m.Repeat)}
        return [words[one.only] for _, one in self.bus.asked if isinstance(one, m.Hush)]

    def asked_for(self, receiver: str) -> list[type[m.AnyCommand]]:
        """What somebody is asked for still."""
        return [type(command) for to, command in self.bus.waiting.values() if to == receiver]


def test_each_undo_silences_what_it_takes_back_an_answer_and_then_the_sentence() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.answer("Yes.")
    for silenced in (["Yes."], ["Yes.", "Boat bread."]):
        person.choose(UNDO)
        assert person.hushed == silenced


def test_undo_comes_to_the_sentence_before_the_last_one_and_silences_that_too() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.write("sail")
    person.take(Role.SPEAK)
    for text, silenced in (("Sail", ["Sail."]), ("", ["Sail."]), ("Boat bread", ["Sail.", "Boat bread."])):
        person.choose(UNDO)
        assert (person.state.writing.text, person.hushed) == (text, silenced)


def test_undo_of_a_sentence_leaves_the_answer_that_was_given_since() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.answer("Yes.")
    person.menu_and_back()
    person.choose(UNDO)
    assert person.hushed == ["Boat bread."]
    assert person.state.writing.said == "Yes."


def test_undo_of_anything_else_silences_nothing_that_holds() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.write("sail")
    person.tools(Role.CLEAR)
    person.answer("Wait, I am writing.")
    person.menu_and_back()
    person.choose(UNDO)
    assert (person.state.writing.text, person.hushed) == ("Sail", [])
    assert [one.text for one in person.state.writing.lasting.spoken] == ["Boat bread"]


def test_a_repetition_is_silenced_with_its_sentence_and_one_that_was_silenced_is_not_named_again() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    for _ in range(2):
        person.choose(MENU)
        person.take(Role.REPEAT)
    person.choose(UNDO)
    assert person.hushed == ["Boat bread."] * 3
    person.take(Role.UNDO)
    assert person.hushed == ["Boat bread."] * 3
    person.take(Role.SPEAK)
    person.take(Role.UNDO)
    assert person.hushed == ["Boat bread."] * 4


def test_what_was_taken_back_is_not_offered_to_be_said_again() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.answer("Yes.")
    person.choose(UNDO)
    person.choose(MENU)
    person.take(Role.REPEAT)
    assert person.decided[-1].repeat == "Boat bread."
    for _ in range(2):
        person.take(Role.UNDO)
    assert (person.state.writing.text, person.state.writing.said) == ("Boat bread", "")


def test_a_word_that_is_taken_back_leaves_the_sentence_before_it_to_be_said_again() -> None:
    person = Talker()
    person.write("boat")
    person.take(Role.SPEAK)
    person.write("bread")
    person.choose(UNDO)
    person.choose(MENU)
    person.take(Role.REPEAT)
    assert person.decided[-1].repeat == "Boat."


def test_a_call_that_is_taken_back_is_asked_of_nobody_any_more() -> None:
    """The voice is silent all the while: it hears of both when it is there again, or of neither."""
    person = Talker()
    person.choose(MENU)
    person.take(Role.HELP)
    assert person.asked_for("voice") == [m.CallHelp]
    person.choose(UNDO)
    assert (person.asked_for("voice"), person.asked_for("safe")) == ([m.Hush], [m.Hush])
    assert person.speaking.troubles() == ()
    for waited_ns in (HELP_ALONE_NS, WITHIN_NS, HELP_WITHIN_NS):
        person.speaking.turn(person.now_ns + waited_ns)
        assert [type(one) for _, one in person.bus.asked].count(m.CallHelp) == 1
        assert person.asked_for("voice") == [m.Hush]
    person.speaking.turn(person.now_ns + HELP_WITHIN_NS + seconds(1))
    assert person.bus.waiting == {}


def test_a_call_that_safe_rings_already_is_ended_there_too() -> None:
    person = Talker()
    person.choose(MENU)
    person.take(Role.HELP)
    person.now_ns += HELP_ALONE_NS + seconds(0.1)
    person.speaking.turn(person.now_ns)
    assert person.asked_for("safe") == [m.CallHelp]
    (rings,) = (request for request, (to, _) in person.bus.waiting.items() if to == "safe")
    del person.bus.waiting[rings]
    person.speaking.answered(m.Done(request=rings), person.now_ns)
    person.choose(UNDO)
    assert [(to, type(one)) for to, one in person.bus.asked[-2:]] == [("voice", m.Hush), ("safe", m.Hush)]
    assert m.CallHelp not in person.asked_for("safe")


def test_a_call_that_the_voice_took_is_handed_to_safe_to_look_after() -> None:
    """A voice that dies of it has said that it calls, and safe rings then."""
    person = Talker()
    person.choose(MENU)
    person.take(Role.HELP)
    ((_, call),) = person.bus.waiting.values()
    del person.bus.waiting[call.request]
    person.speaking.answered(m.Done(request=call.request), person.now_ns)
    ((to, told),) = person.bus.waiting.values()
    assert (to, told) == ("safe", m.CallHelp(request=told.request, voice_calls=True))
    person.choose(UNDO)
    assert (person.asked_for("voice"), person.asked_for("safe")) == ([m.Hush], [m.Hush])


def test_a_call_that_the_voice_refuses_is_rung_by_safe_at_once() -> None:
    person = Talker()
    person.choose(MENU)
    person.take(Role.HELP)
    ((_, call),) = person.bus.waiting.values()
    person.speaking.answered(m.Refused(request=call.request, reason="no"), person.now_ns)
    assert [one for to, one in person.bus.asked if to == "safe"] == [m.CallHelp(request="r2")]


@pytest.mark.parametrize("taken_back", [Role.UNDO, Role.NOT_MEANT])
def test_what_was_spoken_before_core_began_anew_is_silenced_by_the_name_that_it_has(taken_back: Role) -> None:
    before = Talker()
    before.write("boat")
    before.take(Role.SPEAK)
    ((_, say),) = before.bus.waiting.values()
    told = story_of(before.record)
    draft = m.Draft(
        request="1",
        text=told.text,
        history=tuple(told.past),
        spoken=told.spoken,
        spoken_session=told.spoken_by[0],
        spoken_number=told.spoken_by[1],
    )
    person = Talker()
    person.speaking.restored(draft)
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    if taken_back is Role.NOT_MEANT:
        person.choose(MENU)
    person.take(taken_back)
    hushes = [one for _, one in person.bus.asked if isinstance(one, m.Hush)]
    assert [one.only for one in hushes] == [say.request]
    assert person.state.writing.text == "Boat"


def test_what_was_spoken_before_core_began_anew_goes_on_when_something_else_is_deleted() -> None:
    draft = m.Draft(request="1", text="", history=("Boat",), spoken="Boat", spoken_session="s", spoken_number=2)
    person = Talker()
    person.speaking.restored(draft)
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    person.speaking.keep(person.state.writing.lasting.aloud, person.now_ns)
    assert person.bus.asked == []


def test_the_end_of_one_call_never_ends_the_next() -> None:
    person = Talker()
    person.choose(MENU)
    person.take(Role.HELP)
    person.choose(UNDO)
    person.choose(MENU)
    person.take(Role.HELP)
    assert (person.asked_for("voice"), person.asked_for("safe")) == ([m.CallHelp], [])


def test_safe_is_not_asked_for_ever() -> None:
    person = Talker()
    person.choose(MENU)
    person.take(Role.HELP)
    person.speaking.turn(person.now_ns + HELP_ALONE_NS + seconds(0.1))
    person.speaking.turn(person.now_ns + 2 * HELP_WITHIN_NS)
    assert person.bus.waiting == {}


def test_what_is_deleted_is_not_said_on_nor_begun_later_and_a_call_for_help_rings_on() -> None:
    person = Talker()
    person.write("boat", "bread")
    person.take(Role.SPEAK)
    person.speaking.act(
        msgspec.structs.replace(person.decided[-1], call_help=True, say="", hush=False), person.now_ns
    )
    person.answer("Yes.")
    person.speaking.keep(["Yes."], person.now_ns)
    assert person.hushed == ["Boat bread."]
    assert person.asked_for("voice") == [m.CallHelp, m.Say, m.Hush]
    person.speaking.keep(["Yes."], person.now_ns)
    assert person.hushed == ["Boat bread."]
    person.speaking.keep([], person.now_ns)
    assert person.hushed == ["Boat bread.", "Yes."]


def test_what_was_not_meant_falls_silent_before_that_is_said_and_what_was_meant_goes_on() -> None:
    person = Talker()
    for words in ("boat", "bread"):
        person.write(words)
        person.take(Role.SPEAK)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    assert person.hushed == ["Bread."]
    assert [type(command) for _, command in person.bus.asked] == [m.Say, m.Say, m.Hush, m.Say]


def test_nothing_is_kept_of_what_was_answered_but_the_newest_that_can_be_taken_back() -> None:
    person = Talker()
    for _ in range(2 * MOST_SAID):
        person.speaking.alert("Please come.", person.now_ns)
    for _ in range(3):
        person.answer("Yes.")
        person.choose(MENU)
        person.take(Role.HELP)
        person.speaking.turn(person.now_ns + HELP_ALONE_NS + 1)
        person.choose(UNDO)
    for request in list(person.bus.waiting):
        person.speaking.answered(m.Done(request=request), person.now_ns)
    person.speaking.turn(person.now_ns + HELP_WITHIN_NS + 1)
    kept = [each for each in vars(person.speaking).values() if isinstance(each, dict | list | set)]
    assert sum(map(len, kept)) == 3
