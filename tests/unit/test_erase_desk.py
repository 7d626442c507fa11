"""A deletion goes through every store, one after another, and says where it did not."""

from vybor.contracts import messages as m
from vybor.contracts.messages import Scope, Trouble
from vybor.core.erase_desk import JOURNAL_WITHIN_NS, NOT_TOLD_FOR_NS, OTHERS_WITHIN_NS, SAVED_WITHIN_NS, EraseDesk
from vybor.foundation.bus import Answered, Asked

DONE = m.Erased(request="1", rows=7, sentences=1, texts=("Ada hid it",))


class Bus:
    def __init__(self) -> None:
        self.asked: list[tuple[str, m.AnyCommand]] = []
        self.answers: list[m.AnyReply] = []

    def new_request(self) -> str:
        return str(len(self.asked) + 1)

    def ask(self, who: str, command: m.AnyCommand) -> None:
        self.asked.append((who, command))

    def take_back(self, who: str, request: str) -> None:
        self.asked.append((who, m.Hush(request=f"not {request}")))

    def answer(self, asked: Asked, reply: m.AnyReply) -> None:
        self.answers.append(reply)


def begun(scope: Scope = Scope.LAST, asked: Asked | None = None) -> tuple[Bus, EraseDesk]:
    bus = Bus()
    eraser = EraseDesk(bus)  # type: ignore[arg-type]  # as much of a bus as it needs
    assert eraser.begin(m.Erase(request="x", scope=scope), 0, asked) == ""
    return bus, eraser


def troubles(eraser: EraseDesk, now_ns: int = 1) -> list[Trouble]:
    return [notice.trouble for notice in eraser.notices(now_ns)]


def test_the_record_first_has_what_was_chosen_and_only_then_forgets() -> None:
    bus, eraser = begun()
    eraser.turn(1, is_saved=False, has_forgotten=True)
    assert bus.asked == []
    eraser.turn(2, is_saved=True, has_forgotten=True)
    assert bus.asked == [("journal", m.Erase(request="1", scope=Scope.LAST))]
    assert troubles(eraser) == [Trouble.ERASING]
    assert eraser.answered(Answered("journal", DONE), 3) == DONE
    assert bus.asked[1:] == [("generator", m.CountAnew(request="2"))]
    eraser.turn(4, is_saved=True, has_forgotten=True)
    assert troubles(eraser) == [Trouble.ERASING]
    eraser.answered(Answered("generator", m.Done(request="2")), 5)
    eraser.turn(6, is_saved=True, has_forgotten=False)
    assert eraser.is_busy
    eraser.turn(7, is_saved=True, has_forgotten=True)
    assert troubles(eraser) == [Trouble.ERASED]
    assert troubles(eraser, 10**11) == []


def test_with_everything_the_looks_go_and_only_then() -> None:
    bus, eraser = begun(Scope.EVERYTHING)
    assert eraser.forgets_all
    eraser.turn(1, is_saved=True, has_forgotten=True)
    eraser.answered(Answered("journal", DONE), 2)
    assert {who for who, _ in bus.asked} == {"journal", "generator", "gaze"}


def test_who_asked_by_command_hears_how_it_went_and_no_text() -> None:
    bus, eraser = begun(asked=Asked(b"", m.Erase(request="cli", scope=Scope.LAST)))
    another = m.Erase(request="y", scope=Scope.LAST)
    assert "something else" in eraser.begin(another, 0, Asked(b"", another))
    eraser.turn(1, is_saved=True, has_forgotten=True)
    eraser.answered(Answered("journal", DONE), 2)
    eraser.answered(Answered("generator", m.Done(request="2")), 3)
    eraser.turn(4, is_saved=True, has_forgotten=True)
    assert bus.answers == [m.Erased(request="cli", rows=7, sentences=1)]


def test_nothing_to_delete_is_said() -> None:
    _, eraser = begun()
    eraser.turn(1, is_saved=True, has_forgotten=True)
    eraser.answered(Answered("journal", m.Erased(request="1", rows=0, sentences=0)), 2)
    eraser.answered(Answered("generator", m.Done(request="2")), 3)
    eraser.turn(4, is_saved=True, has_forgotten=True)
    assert troubles(eraser) == [Trouble.NOTHING_TO_ERASE]


def test_what_takes_too_long_is_not_said_to_be_gone() -> None:
    for stage, limit_ns in enumerate((SAVED_WITHIN_NS, JOURNAL_WITHIN_NS, OTHERS_WITHIN_NS)):
        bus, eraser = begun(asked=Asked(b"", m.Erase(request="cli", scope=Scope.LAST)))
        if stage:
            eraser.turn(0, is_saved=True, has_forgotten=True)
        if stage > 1:
            eraser.answered(Answered("journal", DONE), 0)
        eraser.turn(limit_ns, is_saved=False, has_forgotten=True)
        assert eraser.is_busy
        eraser.turn(limit_ns + 1, is_saved=False, has_forgotten=True)
        assert troubles(eraser, limit_ns + 2) == [Trouble.NOT_ERASED]
        assert troubles(eraser, limit_ns + 2 + NOT_TOLD_FOR_NS) == []
        (reply,) = bus.answers
        assert isinstance(reply, m.Refused)
        assert reply.reason


def test_a_refusal_is_passed_on() -> None:
    bus, eraser = begun(asked=Asked(b"", m.Erase(request="cli", scope=Scope.DAY, day="x")))
    eraser.turn(0, is_saved=True, has_forgotten=True)
    assert eraser.answered(Answered("journal", m.Refused(request="1", reason="no such day")), 1) is None
    assert bus.answers == [m.Refused(request="cli", reason="no such day")]
    assert eraser.answered(Answered("journal", DONE), 2) is None  # too late: nobody waits for it


def test_what_is_chosen_meanwhile_is_deleted_next() -> None:
    bus, eraser = begun()
    assert eraser.begin(m.Erase(request="", scope=Scope.EVERYTHING), 1) == ""
    eraser.turn(2, is_saved=True, has_forgotten=True)
    eraser.answered(Answered("journal", DONE), 3)
    eraser.answered(Answered("generator", m.Done(request="2")), 4)
    eraser.turn(5, is_saved=True, has_forgotten=True)
    assert eraser.forgets_all
    eraser.turn(6, is_saved=True, has_forgotten=True)
    assert bus.asked[-1] == ("journal", m.Erase(request="3", scope=Scope.EVERYTHING))


def test_what_could_not_be_removed_is_named() -> None:
    for erased in (DONE, m.Erased(request="1", rows=7, sentences=1, aside=("journal.damaged-1.sqlite",))):
        bus, eraser = begun(Scope.EVERYTHING, Asked(b"", m.Erase(request="cli", scope=Scope.EVERYTHING)))
        eraser.turn(1, is_saved=True, has_forgotten=True)
        eraser.answered(Answered("journal", erased), 2)
        if not erased.aside:
            eraser.left("the phrases cannot be removed")
        for request in ("2", "3"):
            eraser.answered(Answered("", m.Done(request=request)), 3)
        eraser.turn(4, is_saved=True, has_forgotten=True)
        assert troubles(eraser, 5) == [Trouble.NOT_ERASED]
        (reply,) = bus.answers
        assert isinstance(reply, m.Refused)
        assert "remove" in reply.reason


def test_what_the_model_learned_is_told_of_and_what_sync_alone_can_remove_is_asked_of_it() -> None:
    bus, eraser = begun(Scope.LAST, Asked(b"", m.Erase(request="cli", scope=Scope.LAST)))
    eraser.turn(1, is_saved=True, has_forgotten=True)
    eraser.answered(Answered("journal", DONE), 2)
    eraser.answered(Answered("generator", m.Forgotten(request="2", is_stale=True)), 3)
    eraser.turn(4, is_saved=True, has_forgotten=True)
    assert troubles(eraser, 5) == [Trouble.ERASED_STALE]
    assert bus.answers == [m.Erased(request="cli", rows=7, sentences=1, is_stale=True)]
    bus, eraser = begun(Scope.TODAY)
    eraser.turn(1, is_saved=True, has_forgotten=True)
    eraser.answered(Answered("journal", DONE), 2)
    eraser.answered(Answered("generator", m.Forgotten(request="2", is_stale=False, may_have_arrived=True)), 3)
    assert bus.asked[-1] == ("sync", m.ForgetArrived(request="3"))
    eraser.turn(4, is_saved=True, has_forgotten=True)
    assert troubles(eraser, 5) == [Trouble.ERASING]
    eraser.answered(Answered("sync", m.Done(request="3")), 6)
    eraser.turn(7, is_saved=True, has_forgotten=True)
    assert troubles(eraser, 8) == [Trouble.ERASED]
