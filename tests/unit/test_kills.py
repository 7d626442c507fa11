"""What was saved is held against the record: what is lost or there twice is found, and nothing else is."""

import random
import sys
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
import pytest

from benches import kills as bench
from benches.report import Origin
from unit.cyton_desk import HandClock
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from vybor.foundation import database
from vybor.foundation.clock import seconds
from world import kills
from world.kills import BACK_LIMIT_S, Killer, Piece
from world.person import Person, Stuck
from world.watch import Watch

EVIDENCE = m.Evidence(channel=m.Channelled.PAD, posterior=1.0, posterior_without_prior=1.0, gaze_age_ms=0.0)


def record(*texts: str) -> list[m.Decision]:
    """What was decided where one text followed another; speaking empties the line."""
    return [
        m.Decision(
            at_ns=number,
            session="s",
            number=number,
            action=Action.TAKE if text else Action.SPEAK,
            slot=0,
            written=text,
            text_before=before,
            text_after=text,
            offer=100 + number,
            shown=(),
            evidence=EVIDENCE,
        )
        for number, (before, text) in enumerate(zip(["", *texts], texts, strict=False), start=1)
    ]


@pytest.mark.parametrize(
    ("saved", "missing"),
    [
        ([""], 0),
        (["", "I", "I am", "", "No"], 0),
        (["", "I am", "No"], 0),
        (["", "I", "I am", "I"], 1),
        (["", "You"], 1),
        (["", "I am", "You", "No"], 1),
        (["", "No", "I"], 1),
    ],
)
def test_what_was_said_to_be_saved_is_in_the_record_in_its_order(saved: list[str], missing: int) -> None:
    assert len(kills.lost(saved, record("I", "I am", "", "No"))) == missing


def test_a_choice_that_is_there_twice_is_found() -> None:
    once = record("I", "I am", "", "No")
    assert kills.doubled(once) == []
    assert len(kills.doubled([*once, once[1]])) == 1
    same_offer = msgspec.structs.replace(once[3], number=99, offer=once[2].offer)
    assert len(kills.doubled([*once[:3], same_offer])) == 1
    again = msgspec.structs.replace(once[0], session="after a restart", offer=500)
    assert kills.doubled([*once, again]) == []


def test_a_sentence_that_was_spoken_twice_is_found() -> None:
    assert len(kills.doubled(record("I am", "", "I am", ""))) == 1
    assert kills.doubled(record("I am", "", "No", "", "I am", "")) == []


def test_pieces_are_one_run() -> None:
    pieces = [
        Piece(killed=["core", "gaze"], back_s=[1.0, 3.0], sentences=2, lost=["a"]),
        Piece(killed=["core"], back_s=[2.0], sentences=1, unfinished=["b"]),
    ]
    told = bench.figures(msgspec.json.decode(msgspec.json.encode(pieces), type=list[Piece]))
    assert (told["kills"], told["kills.core"], told["kills.voice"]) == (3, 2, 0)
    assert (told["lost_text"], told["doubled_text"], told["unfinished"], told["sentences"]) == (1, 0, 1, 3)
    assert (told["longest_back_s"], told["median_back_s"]) == (3.0, 2.0)


class Gone:
    """Two processes, of which the one that is struck stays away; `hears`: what they are each time."""

    def __init__(self, *hears: dict[str, int]) -> None:
        self.struck: list[str] = []
        self._known, self._hears = {"core": 1, "gaze": 2}, iter(hears)

    def hear(self, wait_s: float) -> None:
        self._known = next(self._hears, self._known)

    def pids(self) -> dict[str, int]:
        return self._known

    def strike(self, name: str, signal: int) -> bool:
        self.struck.append(name)
        return True


class Waiting:
    """A person to whom nothing happens any more."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.unmeant: list[str] = []
        self.while_waiting = lambda shown: None

    def write(self, sentence: str) -> None:
        for _ in range(30):
            self.while_waiting(None)
            self.clock.at_ns += seconds(1)
        raise Stuck("the eyes are not seen")


def test_a_process_that_is_not_back_when_nobody_can_go_on_counts_with_the_time_that_it_had(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kills, "decisions", lambda state: [])
    clock, gone = HandClock(), Gone()
    killer = Killer(cast(Watch, gone), clock, random.Random(1), ["gaze"])
    piece = kills.suffer(cast(Person, Waiting(clock)), killer, tmp_path, ["I am cold."], clock, print)
    assert (gone.struck, piece.killed, piece.back_s) == (["gaze"], ["gaze"], [BACK_LIMIT_S])
    assert piece.unfinished == ["the eyes are not seen"]
    assert bench.figures([piece])["longest_back_s"] == BACK_LIMIT_S


class Writing(Waiting):
    """One who writes on, two seconds a sentence; after `ends` of them somebody ends it."""

    def __init__(self, clock: HandClock, ends: int = 99) -> None:
        super().__init__(clock)
        self._ends = ends
        self.offer, self.text = 0, ""

    def write(self, sentence: str) -> None:
        self._ends -= 1
        if self._ends < 0:
            raise KeyboardInterrupt
        for _ in range(2):
            self.while_waiting(None)
            self.clock.at_ns += seconds(1)


def suffered(
    person: Writing, watch: Gone, victims: list[str], monkeypatch: pytest.MonkeyPatch, *, is_over: bool = False
) -> Piece:
    spoken = record("I", "")[1]
    monkeypatch.setattr(kills, "decisions", lambda state: [spoken])
    monkeypatch.setattr(kills._Record, "has_spoken", lambda record: True)
    killer = Killer(cast(Watch, watch), person.clock, random.Random(1), victims)
    person.while_waiting = killer.look
    while is_over and not killer.is_waiting:
        person.write("")
    sentences = ["I am cold."] * 20
    return kills.suffer(
        cast(Person, person), killer, Path(), sentences, person.clock, lambda line: None, lambda: is_over
    )


def test_a_process_that_is_dragged_along_counts_however_late_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before, back, late = {"core": 1, "gaze": 2}, {"core": 1, "gaze": 3}, {"core": 9, "gaze": 3}
    again, told = {"core": 9, "gaze": 4}, ["core started again when gaze was killed"]
    for heard in ((back, *[late] * 5, again), (late, *[late] * 5, again), (back, *[back] * 5, again)):
        piece = suffered(Writing(HandClock()), Gone(*[before] * 5, *heard), ["gaze"] * 2, monkeypatch)
        assert (piece.killed, piece.dragged) == (["gaze"] * 2, told)
    alone = suffered(Writing(HandClock()), Gone(*[before] * 5, back), ["gaze"], monkeypatch)
    assert (alone.killed, alone.dragged) == (["gaze"], [])


def test_a_kill_counts_once_it_was_seen_what_became_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before, back = {"core": 1, "gaze": 2}, {"core": 1, "gaze": 3}
    over = suffered(Writing(HandClock()), Gone(*[before] * 12, back), ["gaze"] * 9, monkeypatch, is_over=True)
    assert (len(over.killed), len(over.back_s)) == (1, 1)
    ended = suffered(Writing(HandClock(), ends=4), Gone(), ["gaze"], monkeypatch)
    assert ended.is_left
    assert (ended.killed, ended.back_s) == ([], [])


def test_a_record_that_cannot_be_read_any_more_is_a_fault_of_its_kills(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reads: list[list[m.Decision]] = [[]]

    def decisions(state: Path) -> list[m.Decision]:
        if reads:
            return reads.pop()
        raise database.DatabaseError("it is malformed")

    monkeypatch.setattr(kills, "decisions", decisions)
    clock = HandClock()
    killer = Killer(cast(Watch, Gone()), clock, random.Random(1), ["gaze"])
    piece = kills.suffer(cast(Person, Writing(clock)), killer, tmp_path, ["I am cold."], clock, print)
    assert piece.unfinished == ["it is malformed", "the record cannot be read: it is malformed"]


def test_who_waits_for_longer_than_a_process_has_to_come_back_is_stuck(tmp_path: Path) -> None:
    clock = HandClock()
    killer = Killer(cast(Watch, Gone()), clock, random.Random(1), ["gaze"])
    clock.at_ns += seconds(kills.LAST_S)
    killer.look(None)
    clock.at_ns += seconds(BACK_LIMIT_S + 1)
    with pytest.raises(Stuck, match="gaze does not come back"):
        killer.look(None)


def test_a_kit_in_which_no_kill_can_be_made_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pieces = iter([Piece(unfinished=["before the first kill: no tiles"])])
    monkeypatch.setattr(bench, "written_by", lambda share: "")
    monkeypatch.setattr(bench, "struck", lambda *_: next(pieces))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["kills", "--share", str(tmp_path)])
    with pytest.raises(SystemExit, match="1"):
        bench.main()
    assert "bench: no kill could be made: before the first kill: no tiles" in capsys.readouterr().err
    assert not bench.in_vain(Piece(killed=["core"], unfinished=["a"]))
    assert not bench.in_vain(Piece())


def test_a_run_is_kept_by_its_model_its_words_and_the_code_that_counts() -> None:
    assert bench.kept_in(200, 1, "a model") == bench.kept_in(200, 1, "a model")
    assert (
        len({bench.kept_in(*asked) for asked in ((200, 1, "a"), (200, 1, "b"), (200, 2, "a"), (2, 1, "a"))}) == 4
    )
    read = {path for pattern in bench.CODE for path in bench.ROOT.glob(pattern)}
    assert {Path(bench.__file__), bench.OWN_SENTENCES, Path(kills.__file__)} <= read


def test_what_is_kept_says_where_each_piece_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "run.json"
    for commit in ("a", "b", "b"):
        monkeypatch.setattr(bench.report, "here", partial(Origin, commit, "this"))
        bench.keep(file, bench.read(file), Piece(killed=["core"]))
    kept = bench.read(file)
    assert (bench.made(kept.pieces), kept.origins) == (3, [Origin("a", "this"), Origin("b", "this")])
    assert [path.name for path in file.parent.iterdir()] == ["run.json"]
    file.write_bytes(file.read_bytes()[:-9])
    assert bench.read(file) == bench.Kept()
