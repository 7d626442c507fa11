"""What outlives every start, Learn nothing and rest: in whatever order record, key and person come."""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from unit.test_deciding import Writer
from unit.test_keeping import Journal
from unit.test_private import Person, knows, learned
from vybor.composer import practice
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role
from vybor.core.decision import coming_back, deciding, practising
from vybor.core.decision.private import found
from vybor.core.decision.state import resting
from vybor.core.decision.wishes import NOTHING_ON, UNREADABLE, Wishes, wished
from vybor.core.keeping import ASK_AGAIN_NS, Keeping
from vybor.core.wishes_file import AGAIN_NS, WishesFile
from vybor.foundation import small_files
from vybor.foundation.clock import seconds
from vybor.journal.story import resting_after, story_of

INCOGNITO, RESTING = Wishes(incognito=True), Wishes(resting=True)
TAKEN = m.Decision(
    at_ns=1,
    session="s",
    number=1,
    action=Action.TAKE,
    slot=0,
    written="boat",
    text_before="",
    text_after="Boat",
    offer=1,
    shown=(m.OfferedTile(slot=0, role=Role.CANDIDATE, label="boat", grey="", source=None, p=0.1, gaze_ms=0.0),),
    evidence=m.Evidence(channel=m.Channelled.PAD, posterior=1.0, posterior_without_prior=1.0, gaze_age_ms=0.0),
)


class Room:
    """As much of the deciding process as keeps and restores, a record in memory, and the person."""

    def __init__(self, folder: Path, record: list[m.Decision]) -> None:
        self.record = record
        self.folder = folder
        self.person = Person()
        self.file = WishesFile(folder / "wishes.json")
        self.person.state = deciding.begin(self.person.rules, self.person.now_ns, self.file.kept)
        session = str(len(record))
        self.person.rules = msgspec.structs.replace(self.person.rules, session=session)
        self.bus = Journal()
        was = self.file.kept.private
        self.keeping = Keeping(self.bus, was_private=was)  # type: ignore[arg-type]  # as much of a bus as it needs
        self.handed = 0
        self.answered = 0
        self.is_locked = True

    def follow(self) -> None:
        """The file first, then the record, as the process does it."""
        for decision in self.person.record[self.handed :]:
            self._note(decision)
            self.keeping.keep(decision, self.person.now_ns)
        self.handed = len(self.person.record)
        while self.answered < len(self.bus.asked):
            asked = self.bus.asked[self.answered]
            self.answered += 1
            self._answer(asked)
        self._note()

    def _note(self, chosen: m.Decision | None = None) -> None:
        owes = self.keeping.owes_private(chosen)
        self.file.follow(wished(practice.real(self.person.state.writing), owes_private=owes), self.person.now_ns)

    def unlock(self) -> None:
        self.follow()
        self.is_locked = False
        self.person.now_ns += ASK_AGAIN_NS
        self.keeping.turn(self.person.now_ns)
        self.follow()

    def _answer(self, asked: m.AnyCommand) -> None:
        now_ns = self.person.now_ns
        if self.is_locked:
            self.keeping.answered(m.Refused(request=asked.request), now_ns)
        elif isinstance(asked, m.Record):
            self.record.append(asked.decision)
            self.keeping.answered(m.Done(request=asked.request), now_ns)
        else:
            told = story_of(self.record)
            draft = m.Draft(
                request=asked.request,
                text=told.text,
                history=tuple(told.past),
                resting=resting_after(self.record),
                incognito=told.incognito,
                private=tuple(told.private & {told.text, *told.past}),
            )
            assert self.keeping.answered(draft, now_ns) is draft
            state = self.person.state
            first = coming_back.unlearned(draft, state.known, self.person.rules.session, now_ns)
            self.keeping.begin(was_incognito=draft.incognito and not state.known.incognito, first=first)
            self.person.state = deciding.restored(state, draft, self.person.rules, now_ns)


def as_it_is(path: Path) -> None:
    """The file is there."""


def gone(path: Path) -> None:
    path.unlink(missing_ok=True)


def torn(path: Path) -> None:
    path.write_bytes(b'{"incogni')


def older(path: Path) -> None:
    """Of a kit that was taken back to an older version, and went on there."""
    path.write_bytes(msgspec.json.encode(NOTHING_ON))


FILES = {"as it is": as_it_is, "gone": gone, "torn": torn, "older": older}


@pytest.mark.parametrize("comes", ["before the first choice", "in the middle", "at the end", "never"])
@pytest.mark.parametrize("file", FILES)
def test_learn_nothing_stays_whenever_the_record_comes(file: str, comes: str, tmp_path: Path) -> None:
    before = Room(tmp_path, [])
    before.unlock()
    before.person.tools(Role.INCOGNITO)
    before.follow()
    FILES[file](tmp_path / "wishes.json")
    after = Room(tmp_path, before.record)
    if wished(after.person.state.writing).resting:
        assert file == "torn"
        after.person.take(Role.WAKE, Role.WAKE)
    if comes == "before the first choice":
        after.unlock()
    after.person.write("boat")
    after.follow()
    if comes == "in the middle":
        after.unlock()
    after.person.write("sail")
    after.person.take(Role.SPEAK)
    after.follow()
    if comes == "never":
        assert len(after.record) == len(before.record)
        is_known = file in ("as it is", "torn")
        assert after.person.screen().incognito == is_known
        if is_known:
            assert all(one.incognito and not one.learn for one in after.person.record)
        return
    if comes == "at the end":
        after.unlock()
    assert after.person.screen().incognito
    since = [one for one in after.record if one.session == after.person.rules.session]
    assert [one.action for one in since][-3:] == [Action.TAKE, Action.TAKE, Action.SPEAK]
    assert all(one.incognito and not (one.learn or one.shown or one.said) for one in since)
    assert after.person.state.talk.lately == ()
    again = Room(tmp_path, after.record)
    again.unlock()
    assert again.person.screen().incognito
    after.person.decided = [msgspec.structs.replace(after.person.decided[0], decision=one) for one in after.record]
    assert not knows(learned(after.person, tmp_path), "boat")


@pytest.mark.parametrize("file", ["as it is", "gone"])
def test_what_the_person_says_of_it_since_the_start_holds_over_the_record(file: str, tmp_path: Path) -> None:
    before = Room(tmp_path, [])
    before.unlock()
    before.person.tools(Role.INCOGNITO)
    before.follow()
    FILES[file](tmp_path / "wishes.json")
    after = Room(tmp_path, before.record)
    after.person.write("boat")
    if file == "gone":
        after.person.tools(Role.UNLEARN)
        after.person.tools(Role.INCOGNITO)
    after.person.tools(Role.LEARNING)
    after.person.take(Role.SPEAK)
    after.person.write("bread")
    after.person.take(Role.SPEAK)
    after.unlock()
    assert not after.person.screen().incognito
    assert after.file.kept == NOTHING_ON
    spoken = [one for one in after.record if one.action is Action.SPEAK]
    assert [(one.text_before, one.learn, one.incognito) for one in spoken] == [
        ("Boat", False, False),
        ("Bread", True, False),
    ]
    after.person.take(Role.UNDO, Role.UNDO, Role.UNDO)
    assert (after.person.screen().text, after.person.screen().private) == ("Boat", True)


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_record_that_was_begun_anew_switches_nothing_off(has_begun: bool, tmp_path: Path) -> None:
    """The one before was damaged, and knew it."""
    WishesFile(tmp_path / "wishes.json").follow(INCOGNITO, 0)
    room = Room(tmp_path, [])
    if has_begun:
        room.person.write("boat")
    room.unlock()
    assert room.person.screen().incognito
    room.person.write("bread")
    room.follow()
    assert all(one.incognito and not one.learn for one in room.record)
    assert WishesFile(tmp_path / "wishes.json").kept == INCOGNITO


def test_what_was_written_before_the_record_told_stays_private_also_where_undo_brings_it_back() -> None:
    person = Person()
    person.write("boat")
    person.take(Role.SPEAK)
    person.tools(Role.INCOGNITO)
    person.tools(Role.LEARNING)
    person.write("bread")
    draft = m.Draft(request="1", text="Sail", history=("",), incognito=True, private=("Sail",))
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    assert (person.screen().incognito, person.screen().private) == (False, False)
    for text in ("", "Boat", "", "Sail"):
        person.take(Role.UNDO)
        assert (person.screen().text, person.screen().private) == (text, bool(text))


def test_nothing_is_handed_on_before_the_record_has_said_what_was() -> None:
    journal = Journal()
    keeping = Keeping(journal)  # type: ignore[arg-type]  # as much of a bus as it needs
    keeping.keep(TAKEN, 0)
    keeping.turn(seconds(9))
    assert [type(one) for one in journal.asked] == [m.RestoreDraft]
    keeping.begin(was_incognito=True)
    (handed,) = [one.decision for one in journal.asked if isinstance(one, m.Record)]
    assert (handed.incognito, handed.learn, handed.shown) == (True, False, ())
    keeping.begin(was_incognito=True)
    assert len(journal.asked) == 2


def test_what_was_found_private_ends_where_the_person_said_it_themselves() -> None:
    own = msgspec.structs.replace(TAKEN, number=2, incognito=True, learn=False)
    open_again = msgspec.structs.replace(TAKEN, number=3)
    told = found([TAKEN, own, open_again])
    assert [(one.incognito, one.learn) for one in told] == [(True, False), (True, False), (False, True)]
    assert told[1:] == [own, open_again]
    assert (told[0].text_after, told[0].written) == ("Boat", "")


@pytest.mark.parametrize("has_file", [True, False])
def test_who_rests_is_not_woken_while_the_record_does_not_come(has_file: bool, tmp_path: Path) -> None:
    file = WishesFile(tmp_path / "wishes.json")
    person = Writer()
    person.state = deciding.restored(person.state, m.Draft(request="1", text="I", resting=True), person.rules, 1)
    file.follow(wished(person.state.writing), 0)
    if not has_file:
        (tmp_path / "wishes.json").unlink()
    state = deciding.begin(person.rules, 2, WishesFile(tmp_path / "wishes.json").kept)
    assert resting(state) == has_file
    for rests in (False, True):
        late = deciding.restored(state, m.Draft(request="1", text="I", resting=rests), person.rules, 3)
        assert resting(late) == (has_file or rests)
        assert late.writing.text == "I"


def test_who_woke_before_the_record_came_stays_awake() -> None:
    person = Writer()
    person.state = deciding.begin(person.rules, person.now_ns, RESTING)
    for _ in range(2):
        person.choose(next(tile.slot for tile in person.state.tiles if tile.role is Role.WAKE))
    draft = m.Draft(request="1", text="I", resting=True)
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    assert person.state.writing.mode is Mode.WORDS
    assert wished(person.state.writing) == NOTHING_ON


def test_practice_that_a_helper_began_goes_on_when_the_record_comes() -> None:
    person = Writer()
    person.state = practising.begun(person.state, person.rules, person.now_ns)
    draft = m.Draft(request="1", text="I am", incognito=True)
    person.state = deciding.restored(person.state, draft, person.rules, person.now_ns)
    assert person.state.writing.practice is not None
    assert (practice.real(person.state.writing).text, wished(practice.real(person.state.writing))) == (
        "I am",
        INCOGNITO,
    )


# --- the file ---------------------------------------------------------------------------------------------


def test_what_is_on_is_there_after_a_start(tmp_path: Path) -> None:
    path = tmp_path / "wishes.json"
    file = WishesFile(path)
    assert file.kept == NOTHING_ON
    file.follow(NOTHING_ON, 0)
    assert not path.exists()
    for wishes in (INCOGNITO, Wishes(incognito=True, resting=True), RESTING, NOTHING_ON):
        file.follow(wishes, 0)
        assert (file.kept, WishesFile(path).kept) == (wishes, wishes)
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"incognito": 1}', b"\xff", b"x" * 5000])
def test_what_cannot_be_read_is_on(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "wishes.json"
    path.write_bytes(content)
    file = WishesFile(path)
    assert file.kept == UNREADABLE
    file.follow(INCOGNITO, 0)
    assert WishesFile(path).kept == INCOGNITO


@pytest.mark.parametrize("spoils", [Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_no_trap_in_its_place_hangs_the_start(spoils: Callable[[Path], None], tmp_path: Path) -> None:
    spoils(tmp_path / "wishes.json")
    assert WishesFile(tmp_path / "wishes.json").kept == UNREADABLE


def test_what_cannot_be_written_is_tried_again_and_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "state"
    file = WishesFile(folder / "wishes.json")
    with caplog.at_level(logging.WARNING):
        for now_ns in (0, 1, AGAIN_NS):
            file.follow(INCOGNITO, now_ns)
    assert (file.kept, len(caplog.records)) == (NOTHING_ON, 1)
    folder.mkdir()
    file.follow(INCOGNITO, AGAIN_NS + 1)
    assert file.kept == NOTHING_ON
    file.follow(Wishes(incognito=True, resting=True), AGAIN_NS + 2)  # something else is tried at once
    assert WishesFile(folder / "wishes.json").kept == Wishes(incognito=True, resting=True)


def test_what_is_on_is_on_the_disk_before_anything_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut right after *Learn nothing* does not make the kit learn."""
    synced: list[Path] = []
    monkeypatch.setattr(small_files, "sync_folder", synced.append)
    WishesFile(tmp_path / "wishes.json").follow(msgspec.structs.replace(NOTHING_ON, incognito=True), 0)
    assert synced == [tmp_path]
