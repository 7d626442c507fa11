"""What is said aside, incognito or not meant is learned by nobody: the record of a person, handed to everyone."""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from unit.asked_journal import Journal
from unit.interest_record import Record, meaning, rare, tile
from unit.test_deciding import MENU, RULES, UNDO, Writer, slot_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, Source
from vybor.core.decision import deciding
from vybor.core.words.own import OwnSentences
from vybor.generator.interest.judging import gain_of
from vybor.generator.interest.profile import Interest
from vybor.instant.counts import Change
from vybor.instant.personal import Personal
from vybor.journal.story import story_of, told_after
from vybor.retrieval.index import Index

DAEMON = Path(__file__).parents[2] / "daemon/vybor"
LEARNERS = {f"core/words/{name}.py" for name in ("learning", "own")}
LEARNERS |= {"generator/notes/history.py", "generator/interest/interested.py"}
"""Who learns from the record: whoever is new here is walked below, or nothing says that they keep it private."""
SHOWS_THEM = {"commands/records/reading.py"}
"""Shows the record to who may read it, and keeps nothing."""
COUNTS_THEM = {"generator/grown/on_trial.py"}
"""Counts how often the model's words are taken back, and keeps no text (`grown/counting.py`)."""
WORDS = ("boat", "bread", "sail")


def offered(prompt: m.Prompt) -> Sequence[m.Candidate]:
    return [m.Candidate(words=(word,), p=0.1, source=Source.MODEL) for word in WORDS]


class Person(Writer):
    """Writes, and is learned from."""

    def __init__(self) -> None:
        super().__init__()
        self.rules = msgspec.structs.replace(RULES, instant=offered)
        self.state = deciding.begin(self.rules, self.now_ns)

    def take(self, *roles: Role) -> None:
        for role in roles:
            self.choose(slot_of(self, role))

    def write(self, *words: str) -> None:
        for word in words:
            self.choose(next(t.slot for t in self.state.tiles if t.label.casefold() == word))

    def tools(self, role: Role) -> None:
        self.choose(MENU)
        self.take(Role.TOOLS, role)

    @property
    def record(self) -> list[m.Decision]:
        return [one.decision for one in self.decided]


class Learned(msgspec.Struct):
    """What every reader of the record knows."""

    told: list[m.Sentence]
    counted: list[str]
    own: list[str]
    noted: str
    felt: list[str]
    lately: tuple[str, ...]


def learned(person: Person, folder: Path) -> Learned:
    """Hand the record to everybody who reads it."""
    record = person.record
    sentences = told_after((), record).sentences
    told = m.Sentences(request="1", sentences=sentences, session="s", number=len(record))
    personal = Personal()
    personal.file.change(Change(one.text, one.spoken) for one in sentences)
    own = OwnSentences(Journal(), wanted=True)  # type: ignore[arg-type]  # as much of a bus as it needs
    own.turn(0)
    own.answered(told)
    index = Index(folder / f"{len(list(folder.iterdir()))}.sqlite")
    for _ in index.following(told):
        pass
    index.close()
    interest = Interest(rare)
    for decision in record:
        interest.tell(decision)
    return Learned(
        told=list(sentences),
        counted=sorted(personal.file.followers(())),
        own=[one.text for one in own.spoken],
        noted=b"".join(path.read_bytes() for path in folder.iterdir()).decode(errors="replace").casefold(),
        felt=[felt.word.casefold() for felt in interest.felt],
        lately=person.state.talk.lately,
    )


def knows(found: Learned, word: str) -> bool:
    """Whether anybody knows this word as the person's."""
    lists = (*found.counted, *" ".join(found.own).casefold().split(), *found.felt)
    return word in lists or any(word in text.casefold().split() for text in found.lately)


def test_whoever_reads_the_record_is_walked_here() -> None:
    asks = re.compile(r"m\.Tell(?:Sentences|Decisions)\(")
    readers = {
        str(path.relative_to(DAEMON)) for path in DAEMON.rglob("*.py") if asks.search(path.read_text("utf-8"))
    }
    assert readers - {"journal/process.py"} == LEARNERS | SHOWS_THEM | COUNTS_THEM


def test_what_is_spoken_openly_is_known_to_every_learner(tmp_path: Path) -> None:
    """Without this the tests below could not fail."""
    person = Person()
    person.write("boat", "sail")
    person.take(Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.told == [m.Sentence(text="Boat sail")]
    assert (found.counted, found.own, found.felt) == (["boat", "sail"], ["Boat sail"], ["boat", "sail"])
    assert found.lately == ("Boat sail.",)
    assert "boat sail" in found.noted
    assert knows(found, "boat")


def test_incognito_nothing_is_learned_until_it_is_switched_off(tmp_path: Path) -> None:
    person = Person()
    person.tools(Role.INCOGNITO)
    person.write("boat", "sail")
    assert (person.screen().incognito, person.screen().private) == (True, True)
    person.take(Role.SPEAK)
    person.tools(Role.LEARNING)
    assert (person.screen().incognito, person.screen().private) == (False, False)
    person.write("bread")
    person.take(Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.told == [m.Sentence(text="Bread")]
    assert knows(found, "bread")
    assert not knows(found, "boat")
    assert not knows(found, "sail")
    assert "boat" not in found.noted


def test_of_a_private_choice_the_record_has_the_text_and_no_more() -> None:
    person = Person()
    person.tools(Role.INCOGNITO)
    person.write("boat")
    person.take(Role.SPEAK)
    for decision in person.record[-2:]:
        assert (decision.shown, decision.written, decision.said, decision.model) == ((), "", "", "")
    assert (person.record[-1].text_before, person.decided[-1].say) == ("Boat", "Boat.")


def test_the_interest_is_not_judged_by_what_may_not_be_learned() -> None:
    record = Record()
    taken = record.take("boat", (tile(0, "bread", 0.2), tile(1, "boat", 0.1)))
    assert gain_of(taken, meaning("boat"), meaning) is not None
    assert gain_of(msgspec.structs.replace(taken, learn=False), meaning("boat"), meaning) is None


def test_switched_off_in_the_middle_the_text_stays_private_to_its_end(tmp_path: Path) -> None:
    person = Person()
    person.tools(Role.INCOGNITO)
    person.write("boat")
    person.tools(Role.LEARNING)
    assert (person.screen().incognito, person.screen().private) == (False, True)
    person.write("sail")
    person.take(Role.SPEAK)
    assert learned(person, tmp_path).told == []
    person.choose(UNDO)
    assert person.screen().private
    person.take(Role.SPEAK)
    person.write("bread")
    person.take(Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.told == [m.Sentence(text="Bread")]
    assert not knows(found, "sail")


def test_one_text_is_not_learned_with_what_was_written_of_it_before_that_was_said(tmp_path: Path) -> None:
    person = Person()
    person.write("boat")
    person.tools(Role.UNLEARN)
    assert (person.screen().incognito, person.screen().private) == (False, True)
    person.write("sail")
    person.choose(UNDO)
    person.choose(UNDO)
    assert person.state.writing.text == ""
    person.write("bread")
    person.take(Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.told == [m.Sentence(text="Bread")]
    assert not knows(found, "boat")


def test_what_was_felt_for_a_text_goes_when_it_is_not_to_be_learned(tmp_path: Path) -> None:
    person = Person()
    person.write("bread")
    person.take(Role.SPEAK)
    person.write("boat")
    assert learned(person, tmp_path).felt == ["bread", "boat"]
    person.tools(Role.UNLEARN)
    assert learned(person, tmp_path).felt == ["bread"]


BACK_TO_IT = {
    "spoken, a page and back, undone": ((Role.SPEAK, Role.MENU, Role.BACK, Role.UNDO), False),
    "spoken, not meant, both undone": ((Role.SPEAK, Role.MENU, Role.NOT_MEANT, Role.UNDO, Role.UNDO), False),
    "cleared, a page and back, undone": (
        (Role.MENU, Role.TOOLS, Role.CLEAR, Role.MENU, Role.BACK, Role.UNDO),
        False,
    ),
    "the next one spoken and undone, not meant": ((Role.SPEAK,), True),
}


@pytest.mark.parametrize("way", BACK_TO_IT)
def test_what_was_felt_for_a_text_goes_by_whatever_way_it_came_back(way: str, tmp_path: Path) -> None:
    roles, has_next = BACK_TO_IT[way]
    person = Person()
    person.write("sail")
    person.take(Role.SPEAK)
    person.write("boat", "bread")
    person.take(*roles)
    if has_next:
        person.write("sail")
        person.take(Role.SPEAK, Role.UNDO, Role.UNDO, Role.MENU, Role.NOT_MEANT)
    assert person.state.writing.text == "Boat bread"
    person.tools(Role.UNLEARN)
    assert learned(person, tmp_path).felt == ["sail"]


def test_the_interest_takes_nothing_of_a_private_choice_however_whole_its_record_is() -> None:
    record, interest = Record(), Interest(rare)
    interest.tell(msgspec.structs.replace(record.take("boat"), learn=False))
    looked = tile(0, "sail", gaze_s=9.0)
    interest.tell(msgspec.structs.replace(record.more((looked,)), learn=False))
    assert (interest.felt, interest.taken, interest.attention.looks) == ([], 0, 0)
    interest.tell(record.take("bread"))
    assert [felt.word for felt in interest.felt] == ["bread"]


def test_a_private_text_and_an_open_one_may_be_the_same(tmp_path: Path) -> None:
    person = Person()
    person.write("boat")
    person.take(Role.SPEAK)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    person.tools(Role.UNLEARN)
    person.take(Role.SPEAK)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    told = learned(person, tmp_path).told
    assert told == [m.Sentence(text="Boat"), m.Sentence(text="Boat", spoken=False)]


def test_undone_to_before_it_was_said_the_text_is_still_not_learned(tmp_path: Path) -> None:
    person = Person()
    person.write("boat", "sail")
    person.tools(Role.UNLEARN)
    person.choose(UNDO)
    assert (person.state.writing.text, person.screen().private) == ("Boat", True)
    person.take(Role.SPEAK)
    assert learned(person, tmp_path).told == []


def test_answers_are_learned_by_nobody_and_stop_nothing_from_being_learned(tmp_path: Path) -> None:
    person = Person()
    for answer in range(5):
        person.choose(MENU)
        person.choose(answer)
    assert learned(person, tmp_path).told == []
    assert learned(person, tmp_path).lately == ()
    person.write("boat")
    person.choose(MENU)
    person.choose(2)
    assert not person.screen().private
    person.take(Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.told == [m.Sentence(text="Boat")]
    assert found.felt == ["boat"]


def test_what_was_not_meant_is_taken_out_everywhere_and_undoing_that_brings_it_back(tmp_path: Path) -> None:
    person = Person()
    person.write("boat")
    person.take(Role.SPEAK)
    person.write("sail")
    person.take(Role.SPEAK)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    found = learned(person, tmp_path)
    assert found.told[-1] == m.Sentence(text="Sail", spoken=False)
    assert (found.counted, found.own, found.felt, found.lately) == (["boat"], ["Boat"], ["boat"], ("Boat.",))
    person.choose(UNDO)
    found = learned(person, tmp_path)
    assert found.told[-1] == m.Sentence(text="Sail")
    assert (found.counted, found.own, found.felt) == (["boat", "sail"], ["Boat", "Sail"], ["boat", "sail"])
    person.choose(UNDO)
    assert person.state.writing.text == "Sail"
    found = learned(person, tmp_path)
    assert (found.counted, found.own) == (["boat"], ["Boat"])


def test_mended_and_spoken_again_only_what_was_meant_is_known(tmp_path: Path) -> None:
    person = Person()
    person.write("sail", "boat")
    person.take(Role.SPEAK)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    assert person.state.writing.mode is Mode.MENDING
    person.choose(next(tile.slot for tile in person.state.tiles if tile.label == "Sail bread"))
    person.take(Role.SPEAK)
    found = learned(person, tmp_path)
    assert found.own == ["Sail bread"]
    assert not knows(found, "boat")


@pytest.mark.parametrize("is_private_now", [True, False])
def test_a_repair_takes_out_what_was_learned_whatever_is_learned_now(is_private_now: bool, tmp_path: Path) -> None:
    person = Person()
    person.write("boat")
    person.take(Role.SPEAK)
    if is_private_now:
        person.tools(Role.INCOGNITO)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    assert person.record[-1].action is Action.REPAIR
    assert not knows(learned(person, tmp_path), "boat")


def test_what_was_private_is_told_by_no_repair(tmp_path: Path) -> None:
    person = Person()
    person.write("boat")
    person.take(Role.SPEAK)
    person.tools(Role.INCOGNITO)
    person.write("sail")
    person.take(Role.SPEAK)
    person.tools(Role.LEARNING)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    assert (person.state.writing.text, person.screen().private) == ("Sail", True)
    person.choose(UNDO)
    assert learned(person, tmp_path).told == [m.Sentence(text="Boat")]


def test_a_draft_that_comes_late_makes_the_text_begun_meanwhile_private() -> None:
    person = Person()
    person.write("boat")
    draft = m.Draft(request="1", text="Sail", incognito=True, private=("Sail",))
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    assert (person.screen().text, person.screen().incognito, person.screen().private) == ("Boat", True, True)


@pytest.mark.parametrize("is_undone", [False, True])
def test_after_a_restart_what_was_spoken_can_still_turn_out_not_to_have_been_meant(
    is_undone: bool, tmp_path: Path
) -> None:
    person = Person()
    person.write("boat")
    person.take(Role.SPEAK)
    told = story_of(person.record)
    assert told.spoken == "Boat"
    draft = m.Draft(request="1", text=told.text, history=tuple(told.past), spoken=told.spoken)
    person.state = deciding.restored(deciding.first(person.now_ns), draft, person.rules, person.now_ns)
    if is_undone:
        person.choose(UNDO)
        person.tools(Role.CLEAR)
    person.choose(MENU)
    person.take(Role.NOT_MEANT)
    assert person.record[-1].action is (Action.ANSWER if is_undone else Action.REPAIR)
    assert person.state.writing.text == ("" if is_undone else "Boat")
    assert story_of(person.record).spoken == ""
    found = learned(person, tmp_path)
    assert (found.counted, found.own) == ([], [])


def test_a_restart_forgets_neither_incognito_nor_which_texts_are_private(tmp_path: Path) -> None:
    person = Person()
    person.write("boat")
    person.tools(Role.UNLEARN)
    person.write("sail")
    told = story_of(person.record)
    draft = m.Draft(
        request="1", text=told.text, history=tuple(told.past), incognito=told.incognito, private=(*told.private,)
    )
    person.state = deciding.restored(deciding.first(person.now_ns), draft, person.rules, person.now_ns)
    assert (person.screen().incognito, person.screen().private) == (False, True)
    person.choose(UNDO)
    assert (person.state.writing.text, person.screen().private) == ("Boat", True)
    person.tools(Role.INCOGNITO)
    assert story_of(person.record).incognito
    draft = msgspec.structs.replace(draft, incognito=True)
    person.state = deciding.restored(deciding.first(person.now_ns), draft, person.rules, person.now_ns)
    assert person.screen().incognito
    person.take(Role.SPEAK)
    assert learned(person, tmp_path).told == []
