"""The generator lets go of a model where another one is to be loaded, or where what is tried needs the memory.

And it tells an end that it was asked for from another one.
"""

import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from unit.versions_kit import Bus
from vybor.contracts import messages as m
from vybor.foundation import loop
from vybor.foundation.bus import Asked, Heard
from vybor.foundation.clock import SystemClock
from vybor.foundation.heartbeat import NoHeartbeat
from vybor.foundation.settings import GeneratorSettings
from vybor.generator import process
from vybor.generator.framing import FramesDesk, Framing
from vybor.generator.grown.desk import GrownDesk
from vybor.generator.grown.kept_shelf import KeptShelf
from vybor.generator.grown.on_trial import Trial
from vybor.generator.network.bundle import BundleError
from vybor.generator.wardrobe import Wardrobe
from vybor.grown import shelf
from vybor.grown.folder import Folder
from vybor.grown.versions import Shelf, Version
from world import grown, tiny_adapter, tiny_model

SETTINGS = GeneratorSettings(threads=1, remember=False)


class Grown:
    """A desk of versions of which one is to be loaded, or none."""

    def __init__(self, places: dict[int, Path]) -> None:
        self.places, self.model, self.needs_all, self.lost = places, 0, False, list[str]()
        self.worn = self.revision = 0
        self.is_busy, self.failed = False, list[str]()
        self.begun, self.base, self.forgetting = list[str](), "", list[Asked]()

    @property
    def shelf(self) -> SimpleNamespace:
        return SimpleNamespace(model=self.model)

    def model_failed(self, reason: str, _now_ns: int) -> None:
        self.failed.append(reason)

    @property
    def place(self) -> Path:
        return self.places[self.model]

    def begin_model(self, _now_ns: int) -> int:
        self.begun.append(f"model {self.model}")
        return self.model

    def model_lost(self, reason: str, _now_ns: int) -> None:
        self.lost.append(reason)
        self.model = 0

    def forget(self, asked: Asked, _now_ns: int) -> None:
        self.forgetting.append(asked)

    def begin(self, _base: str, _now_ns: int) -> None:
        self.begun.append("adapter")

    def turn(self, base: str, _now_ns: int) -> None:
        self.base = base

    def answered(self, _now_ns: int) -> None: ...

    def wears(self, *_: object) -> None: ...

    def troubles(self) -> tuple[m.Notice, ...]:
        return ()


class Room:
    """A generator with what it needs, and what it has said."""

    def __init__(self, folder: Path, desk: Grown | GrownDesk, framing: Framing | None = None) -> None:
        self.said: list[m.Proposals] = []
        self.replies: list[m.AnyReply] = []
        bus = SimpleNamespace(publish=self.said.append, answer=lambda _, reply: self.replies.append(reply))
        self.topics = SimpleNamespace(
            turn=lambda: False, notes=lambda _: (), foreseen=lambda _: (), trouble=None, close=lambda: None
        )
        self.room = process.Generator(
            desk.place,
            SETTINGS,
            bus,  # type: ignore[arg-type]
            self.topics,  # type: ignore[arg-type]
            Wardrobe(folder, desk),
            grown=desk,  # type: ignore[arg-type]
            framing=framing,
        )
        self.now_ns = 0

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(2000):
            self.now_ns += 5_000_000
            self.room.turn(self.now_ns)
            if holds():
                return
            time.sleep(0.002)
        raise AssertionError(self.room.troubles())

    def model(self) -> str:
        """Which one answers the next prompt."""
        number = len(self.said) + 1000
        prompt = m.Prompt(at_ns=0, number=number, text=f"I like {number}")
        self.room.heard(Heard("core", prompt, 0), self.now_ns)
        self.until(lambda: bool(self.said) and self.said[-1].prompt == number)
        return self.said[-1].model


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("models")
    grown.whole(folder / "other")
    (folder / "lost").mkdir()
    return {0: tiny_adapter.write(folder / "factory").folder, 5: folder / "other", 6: folder / "lost"}


def troubles(room: Room) -> set[str]:
    return {notice.trouble.value for notice in room.room.troubles()}


def test_another_one_takes_its_place_and_nobody_keeps_the_first(tmp_path: Path, places: dict[int, Path]) -> None:
    desk = Grown(places)
    room = Room(tmp_path, desk)
    plain = room.model()
    kept = weakref.ref(room.room._proposer)
    desk.model = 5
    room.room.turn(room.now_ns)
    assert kept() is None
    assert troubles(room) == {"grown_changes"}
    assert room.model().startswith("other4-")
    assert troubles(room) == set()
    answered = room.said[-1].prompt
    desk.model = 0
    room.until(lambda: room.said[-1].model == plain)
    assert room.said[-1].prompt == answered, "what was asked last is answered anew"


def test_while_something_else_needs_the_memory_there_is_no_model(tmp_path: Path, places: dict[int, Path]) -> None:
    desk = Grown(places)
    room = Room(tmp_path, desk)
    plain = room.model()
    desk.needs_all = True
    for _ in range(50):
        room.now_ns += process.LOOK_AGAIN_NS
        room.room.turn(room.now_ns)
    assert room.room._proposer is None
    assert troubles(room) == {"grown_changes"}
    desk.needs_all = False
    assert room.model() == plain


def test_one_that_cannot_be_loaded_is_given_up_at_once(tmp_path: Path, places: dict[int, Path]) -> None:
    desk = Grown(places)
    desk.model = 6
    room = Room(tmp_path, desk)
    assert room.model().startswith("tiny-")
    assert "there is no model in" in desk.lost[0]
    assert troubles(room) == set()


def for_sentences(folder: Path, model: Path) -> Framing:
    """With an adapter that somebody laid there."""
    grown.files(folder / "by-hand" / "adapter")
    desk = FramesDesk(Bus(), Folder(folder / "frames"), folder, Trial(50, 2), "boot-a", model)  # type: ignore[arg-type]
    return Framing(desk, folder / "by-hand")


def test_what_makes_sentences_keeps_no_model_that_is_let_go(tmp_path: Path, places: dict[int, Path]) -> None:
    desk = Grown(places)
    room = Room(tmp_path, desk, for_sentences(tmp_path, places[0]))
    room.model()
    assert room.room._proposer is not None
    assert room.room._proposer.frames.is_worn
    kept = weakref.ref(room.room._proposer.frames)
    desk.model = 5
    room.room.turn(room.now_ns)
    assert kept() is None
    assert room.model().startswith("other4-")


@pytest.mark.parametrize("is_worn", [True, False])
def test_a_network_that_fails_at_sentences_is_held_against_what_makes_them_if_there_is_any(
    tmp_path: Path, places: dict[int, Path], monkeypatch: pytest.MonkeyPatch, is_worn: bool
) -> None:
    def fails(*_: object) -> float:
        raise BundleError(m.Trouble.MODEL_FAILED, "the network failed")

    desk, framing = Grown(places), for_sentences(tmp_path, places[0])
    blamed: list[str] = []
    monkeypatch.setattr(framing, "model_failed", lambda reason, _: blamed.append(reason))
    room = Room(tmp_path, desk, framing if is_worn else None)
    room.model()
    monkeypatch.setattr(room.room, "_work", fails)
    prompt = m.Prompt(at_ns=0, number=9, text="", anchors=("tea",))
    room.room.heard(Heard("core", prompt, 0), room.now_ns)
    room.room.turn(room.now_ns)
    assert (bool(blamed), bool(desk.failed)) == (is_worn, not is_worn)


def thrifty(room: Room, thrift: m.Thrift) -> None:
    room.room.heard(Heard("vitals", m.Vitals(at_ns=0, thrift=thrift), 0), room.now_ns)


def test_a_model_that_rests_says_nothing_and_then_what_was_asked_last(
    tmp_path: Path, places: dict[int, Path]
) -> None:
    room = Room(tmp_path, Grown(places))
    room.model()
    thrifty(room, m.Thrift.MODEL)
    count = len(room.said)
    for number in (7, 8):
        room.room.heard(Heard("core", m.Prompt(at_ns=0, number=number, text=f"I am {number}"), 0), room.now_ns)
        for _ in range(50):
            room.now_ns += 5_000_000
            room.room.turn(room.now_ns)
    assert len(room.said) == count
    assert troubles(room) == {"model_rests"}
    thrifty(room, m.Thrift.NOTHING)
    room.until(lambda: len(room.said) > count)
    assert [each.prompt for each in room.said[count:]] == [8]
    assert troubles(room) == set()


def rested(room: Room) -> None:
    for _ in range(50):
        room.now_ns += process.LOOK_AGAIN_NS
        room.room.turn(room.now_ns)


def test_what_is_never_asked_is_not_begun_and_nothing_is_tried(tmp_path: Path, places: dict[int, Path]) -> None:
    """A battery that ends meanwhile would be held against it: it has not answered once."""
    desk = Grown(places)
    room = Room(tmp_path, desk)
    thrifty(room, m.Thrift.MODEL)
    room.until(lambda: room.room._proposer is not None)
    rested(room)
    assert (desk.begun, desk.base) == (["model 0"], "")
    thrifty(room, m.Thrift.NOTHING)
    room.model()
    assert desk.begun == ["model 0", "adapter"]
    assert room.room._proposer is not None
    assert desk.base == room.room._proposer.base


def test_a_model_that_was_sent_is_not_loaded_to_rest(tmp_path: Path, places: dict[int, Path]) -> None:
    desk = Grown(places)
    desk.model = 5
    room = Room(tmp_path, desk)
    thrifty(room, m.Thrift.MODEL)
    rested(room)
    assert desk.begun == []
    assert troubles(room) == {"model_rests"}
    thrifty(room, m.Thrift.NOTHING)
    assert room.model().startswith("other4-")


def test_to_spare_power_fewer_words_are_asked_of_it_and_none_ahead(
    tmp_path: Path, places: dict[int, Path]
) -> None:
    room = Room(tmp_path, Grown(places))
    room.model()
    thrifty(room, m.Thrift.CANDIDATES)
    first = m.Prompt(at_ns=0, number=1, text="I like", count=5)
    second = m.Prompt(at_ns=0, number=2, text="I like it", count=5)
    for message in (first, m.Ahead(at_ns=0, prompts=(second,))):
        room.room.heard(Heard("core", message, 0), room.now_ns)
    room.until(lambda: room.said[-1].prompt == 1)
    assert len(room.said[-1].candidates) == process.SPARING_COUNT
    for _ in range(200):
        room.room.turn(room.now_ns)
    room.room.heard(Heard("core", second, 0), room.now_ns)
    room.until(lambda: room.said[-1].prompt == 2)
    assert not room.said[-1].was_ahead


def test_where_notes_cannot_be_forgotten_versions_forget_all_the_same(
    tmp_path: Path, places: dict[int, Path]
) -> None:
    desk = Grown(places)
    room = Room(tmp_path, desk)
    room.topics.forget_own = lambda: None
    room.topics.trouble = m.Notice(process="generator", trouble=m.Trouble.TOPICS_FAILED, detail="it is damaged")
    asked = Asked(b"", m.CountAnew(request="1"))
    room.room.asked(asked, room.now_ns)
    assert desk.forgetting == [asked]
    assert room.replies == [m.Refused(request="1", reason="it is damaged")]


@pytest.mark.parametrize("falls", [True, False])
def test_what_is_on_trial_has_no_part_in_an_end_that_was_asked_for_and_in_one_by_an_exception_it_has(
    tmp_path: Path, places: dict[int, Path], monkeypatch: pytest.MonkeyPatch, falls: bool
) -> None:
    folder, stop = Folder(tmp_path / "grown"), list[str]()
    grown.files(folder.files(3))
    came = shelf.came(Shelf(identity="id"), Version(serial=3, kit=grown.KIT, base=tiny_model.BASE))
    folder.write(shelf.put_on(came, 3))
    desk = GrownDesk(Bus(), folder, tmp_path / "arrived", Trial(50, 2), "boot", places[0])  # type: ignore[arg-type]

    def turn() -> bool:
        """Something in the room goes on until the version is loaded."""
        if desk.shelf.run and falls:
            raise ArithmeticError("nobody thought of it")
        if desk.shelf.run:
            stop.append("asked")
        return False

    room = Room(tmp_path, desk)
    room.topics.turn = turn
    monkeypatch.setattr(loop, "Stop", lambda: stop)
    silent = dict.fromkeys(("publish", "tend", "close"), lambda *_: None)
    bus = SimpleNamespace(process="generator", receive=lambda _: (), **silent)
    with suppress(ArithmeticError):
        loop.run(room.room, bus, SystemClock(), NoHeartbeat(), room.room.ended)  # type: ignore[arg-type]
    found = KeptShelf(folder, "boot").now
    assert found.worn == (0 if falls else 3)
    assert found.versions[0].reason == (
        "the language model's process ended without warning before it had answered once" if falls else ""
    )
