"""*Don't learn this* holds for the whole sentence: on the kit, for what waits to leave, and for what has left."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.test_deciding import MENU, UNDO
from unit.test_private import Person
from unit.test_sealing import ROWS, Desk
from vybor.accounting import private
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Role
from vybor.journal import store
from vybor.segments import rows
from vybor.segments.rows import Kind, Span
from vybor.utterances.private import is_private

WISHES = (Role.UNLEARN, Role.INCOGNITO, Role.LEARNING)


class Kit(Desk):
    """A journal that a person's choices are handed to as they are made."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.person = Person()
        self.kept = 0
        self.number = 10_000

    def write(self, *words: str) -> None:
        self.person.write(*words)
        self.hand_on()

    def take(self, *roles: Role) -> None:
        self.person.take(*roles)
        self.hand_on()

    def undo(self) -> None:
        self.person.choose(UNDO)
        self.hand_on()

    def wish(self, role: Role) -> None:
        self.person.tools(role)
        self.hand_on()

    def hand_on(self) -> None:
        record = self.person.record
        for one in record[self.kept :]:
            self.tell(one)
        self.kept = len(record)

    def reopened(self) -> None:
        self.store.close()
        self.open()

    def sealed(self) -> list[rows.Row]:
        self.ask(seal=True)
        self.turn()
        return self.fetched()

    def decisions(self) -> list[m.Decision]:
        return self.store.latest(10_000)

    def kinds(self) -> list[str]:
        return [row.kind for row in self.store.rows((0, 0), 10_000)]


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    made = Kit(tmp_path)
    made.share()
    yield made
    made.store.close()


def words(told: list[rows.Row]) -> str:
    """What the person wrote and said, as the workstation has it; what was offered beside it is nobody's."""
    told_of = ("text_before", "text_after", "written", "said", "text")
    records = [msgspec.json.decode(row.record) for row in told if row.kind is not Kind.DELETION]
    return "\n".join(record.get(name, "") for record in records for name in told_of).casefold()


def test_what_was_chosen_of_a_text_before_it_was_private_is_private_too(kit: Kit) -> None:
    kit.write("boat")
    before = kit.decisions()[-1]
    assert (before.learn, before.written, bool(before.shown)) == (True, "Boat", True)
    kit.wish(Role.UNLEARN)
    first = kit.decisions()[0]
    assert (first.learn, first.written, first.shown, first.quality) == (False, "", (), None)
    assert (first.text_before, first.text_after) == ("", "Boat")  # undo goes through it after a restart
    kit.write("sail")
    kit.take(Role.SPEAK)
    kit.write("bread")
    kit.take(Role.SPEAK)
    told = words(kit.sealed())
    assert "bread" in told
    assert "boat" not in told
    assert "sail" not in told
    assert kit.kinds() == ["decision"] * len(kit.person.record) + ["utterance"]


def test_a_text_at_hand_leaves_once_it_ends(kit: Kit) -> None:
    kit.write("bread")
    kit.take(Role.SPEAK)
    kit.write("boat", "sail")
    assert "boat" not in words(kit.sealed())
    assert (kit.ask().sharing.rows, kit.ask().sharing.unsealed) == (3, 0)
    kit.take(Role.SPEAK)
    assert "boat sail" in words(kit.sealed())


def test_letters_of_a_first_word_wait_with_it(kit: Kit) -> None:
    kit.keep()
    letters = msgspec.structs.replace(
        kit.decisions()[-1], number=50, action=Action.SPELL, text_before="", prefix="b"
    )
    kit.tell(letters)
    kit.tell(msgspec.structs.replace(letters, number=51, prefix="bo"))
    assert kit.store.begin == (1, 2)
    assert [row.sequence for row in kit.sealed()] == [1]
    kit.tell(msgspec.structs.replace(letters, number=52, action=Action.PRIVACY, prefix="", learn=False))
    assert [(one.prefix, one.learn) for one in kit.decisions()[1:3]] == [("", False)] * 2
    assert [row.sequence for row in kit.sealed()] == [1]


def test_deletions_wait_for_no_text(kit: Kit) -> None:
    kit.keep(3)
    assert len(kit.sealed()) == 3
    kit.ask(receipt=kit.receipt(*(one.name for one in kit.files())))
    kit.write("boat")
    kit.store.erase(rows.Deletion((Span(1, 2, 2),)), [], "wish")
    kit.sealing.forget([Span(1, 2, 2)])
    kit.turn()
    assert [row.kind for row in kit.fetched()] == [Kind.DELETION]
    kit.take(Role.SPEAK)
    assert [row.kind for row in kit.sealed()].count(Kind.DECISION) == 2


@pytest.mark.parametrize("reopened", [False, True])
def test_what_was_fetched_before_is_asked_back(kit: Kit, reopened: bool) -> None:
    kit.write("boat", "sail")
    kit.take(Role.SPEAK)
    kit.write("bread")
    kit.take(Role.SPEAK)
    assert "boat sail" in words(kit.sealed())
    kit.ask(receipt=kit.receipt(*(one.name for one in kit.files())))
    kit.turn()
    if reopened:
        kit.reopened()
    kit.undo()
    kit.undo()
    kit.undo()
    assert kit.person.state.writing.text == "Boat sail"
    kit.wish(Role.UNLEARN)
    kit.turn()  # at once: nobody has to ask
    (asked_back,) = kit.fetched()
    spans = msgspec.json.decode(asked_back.record, type=rows.Deletion).spans
    assert spans == (Span(1, 1, 4), Span(1, 10, 13)), "the words, what spoke them, and from what brought them back"
    assert kit.store.epoch == 1, "what is counted is counted anew"
    assert [one.learn for one in kit.decisions()[:3]] == [False] * 3
    kit.take(Role.SPEAK)
    assert "boat" not in words(kit.sealed())


def test_what_waits_to_be_fetched_is_taken_out_at_once(kit: Kit) -> None:
    kit.keep(ROWS)
    kit.write("boat")
    kit.take(Role.SPEAK)
    assert "boat" in words(kit.sealed())
    kit.undo()
    kit.wish(Role.UNLEARN)
    assert "boat" not in words(kit.fetched())
    assert "boat" not in words(kit.sealed())
    assert [row.sequence for row in kit.fetched()][:ROWS] == list(range(1, ROWS + 1))


def test_what_left_and_was_never_spoken_is_asked_back_too(kit: Kit) -> None:
    kit.write("boat")
    last = kit.decisions()[-1]
    cleared = {"action": Action.CLEAR, "written": "", "text_before": "Boat", "text_after": ""}
    kit.tell(msgspec.structs.replace(last, number=50, **cleared))
    assert "boat" in words(kit.sealed())
    kit.ask(receipt=kit.receipt(*(one.name for one in kit.files())))
    undone = {"action": Action.UNDO, "written": "", "text_before": "", "text_after": "Boat"}
    kit.tell(msgspec.structs.replace(last, number=51, **undone))
    wish = {"action": Action.PRIVACY, "written": "", "text_before": "Boat", "text_after": "Boat", "learn": False}
    kit.tell(msgspec.structs.replace(last, number=52, **wish))
    kit.turn()
    assert [row.kind for row in kit.fetched()] == [Kind.DELETION]


def test_what_is_chosen_for_a_private_text_is_private_whatever_it_says_itself(kit: Kit) -> None:
    kit.write("boat")
    last = kit.decisions()[-1]
    kit.wish(Role.UNLEARN)
    kit.tell(msgspec.structs.replace(last, number=50, text_before="Boat", text_after="Boat sail", written=" sail"))
    assert (kit.decisions()[-1].learn, kit.decisions()[-1].written) == (False, "")


def test_a_text_that_is_begun_after_a_private_one_is_open(kit: Kit) -> None:
    kit.write("boat")
    kit.wish(Role.UNLEARN)
    kit.undo()
    kit.write("boat")
    kit.take(Role.SPEAK)
    assert [one.learn for one in kit.decisions()[-2:]] == [True, True]
    assert "boat" in words(kit.sealed())


def test_a_text_longer_than_undo_reaches_is_private_from_its_beginning(kit: Kit) -> None:
    kit.write("boat")
    last, text = kit.decisions()[-1], "Boat"
    for number in range(600):
        before, text = text, f"{text} boat"[-200:]
        kit.tell(msgspec.structs.replace(last, number=1000 + number, text_before=before, text_after=text))
    kit.reopened()
    assert kit.store.begin == (1, 1)
    wish = msgspec.structs.replace(last, number=5000, action=Action.PRIVACY, learn=False)
    kit.tell(msgspec.structs.replace(wish, text_before=text, text_after=text))
    assert not any(one.learn for one in kit.decisions())


def test_what_fails_while_it_is_written_leaves_everything_as_it_was(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.write("boat")
    with monkeypatch.context() as broken:
        broken.setattr(store.Store, "_insert", _fails)
        with pytest.raises(store.Error):
            kit.wish(Role.UNLEARN)
    assert [one.learn for one in kit.decisions()] == [True]
    kit.hand_on()
    assert not any(one.learn for one in kit.decisions())


def _fails(*_: object) -> None:
    raise store.Error("disk I/O error")


STEPS = ("boat", "sail", "speak", "undo", "wish", "seal", "fetch", "receipt", "reopen")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=30))
def test_whatever_is_done_the_workstation_keeps_nothing_of_a_private_sentence(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    kit = Kit(tmp_path_factory.mktemp("kit"))
    kit.share()
    has: dict[tuple[int, int], rows.Row] = {}
    names: set[str] = set()
    for step in [*steps, "speak", "seal", "fetch"]:
        match step:
            case "seal":
                kit.sealed()
            case "fetch":
                has |= {(row.boot, row.sequence): row for row in kit.fetched()}
                names |= {one.name for one in kit.files()}
            case "receipt":
                kit.ask(receipt=kit.receipt(*names))
            case "reopen":
                kit.reopened()
            case _:
                choose(kit, step)
    deleted = [msgspec.json.decode(r.record, type=rows.Deletion) for r in has.values() if r.kind is Kind.DELETION]
    left = {place: row for place, row in has.items() if not any(one.covers(*place) for one in deleted)}
    decided = [msgspec.json.decode(r.record, type=m.Decision) for r in left.values() if r.kind is Kind.DECISION]
    record = kit.person.record
    hidden = private.names(record)
    assert not [one for one in decided if private.name_of(one) in hidden]
    spoken = [
        msgspec.json.decode(r.record, type=rows.Utterance) for r in left.values() if r.kind is Kind.UTTERANCE
    ]
    assert not [one for one in spoken if (one.session, one.number) in hidden]
    if kit.store.begin is None:  # and nothing else is kept back
        opened = {private.name_of(one) for one in record if one.learn} - hidden
        assert opened == {private.name_of(one) for one in decided}
    assert all(is_private(one) for one in kit.decisions() if private.name_of(one) in hidden)
    kit.store.close()


def choose(kit: Kit, step: str) -> None:
    """One of the person's steps, where it can be made."""
    there = {tile.role for tile in kit.person.state.tiles}
    match step:
        case "boat" | "sail" if Role.CANDIDATE in there:
            kit.write(step)
        case "speak" if Role.SPEAK in there and kit.person.state.writing.text:
            kit.take(Role.SPEAK)
        case "undo":
            kit.undo()
        case "wish":
            kit.person.choose(MENU)
            kit.person.take(Role.TOOLS)
            kit.take(next(tile.role for tile in kit.person.state.tiles if tile.role in WISHES))
