"""What comes of cuts of the power: each is seen by the boot after it, and what was saved is there or lost."""

from collections.abc import Container, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock
from world import disks, power
from world.appliance import NotThere
from world.person import Stuck
from world.power import SENTENCE, Boot, Watched, counted, fits

CLOCK = SystemClock()


def looked(*texts: str, saving: m.Saving = m.Saving.SAVED) -> Watched:
    """Who saw these texts, one after another; the last one as `saving` says, those before saved."""
    seen = Watched()
    for number, text in enumerate(texts, start=1):
        told = saving if number == len(texts) else m.Saving.SAVED
        seen.look(m.Screen(at_ns=1, offer=number, mode=m.Mode.WORDS, text=text, tiles=(), saving=told))
    return seen


@pytest.mark.parametrize("restored", ["", SENTENCE])
def test_who_saw_the_sentence_whole_does_not_know_whether_it_was_said(restored: str) -> None:
    assert fits(restored, looked("I am", SENTENCE))
    assert fits(restored, looked(SENTENCE, "", saving=m.Saving.SAVING))
    assert not fits("", looked("I am"))


def test_what_was_saved_after_the_sentence_was_said_must_be_there() -> None:
    begun = looked(SENTENCE, "", "I am here. I am")
    assert not fits("", begun)
    assert fits("I am here. I am", begun)
    assert not fits(SENTENCE[:4], begun)
    assert fits("", looked(SENTENCE, "", "I", saving=m.Saving.SAVING)), "nobody said that this was saved"


def boot(restored: str, saved: str = "", unwell: tuple[str, ...] = ()) -> Boot:
    return Boot(restored, Watched(saved, saved), 5.0, list(unwell))


def test_a_cut_is_counted_when_somebody_looked_after_it() -> None:
    cuts = counted([boot("", "I"), boot("I", "I am"), boot("I am")])
    assert (cuts.made, cuts.survived, cuts.lost, len(cuts.boot_to_offer_s)) == (2, 2, [], 3)
    assert counted([]).made == counted([boot("")]).made == 0


def test_what_the_last_cut_took_is_found() -> None:
    cuts = counted([boot("", "I"), boot("I", "I am"), boot("I")])
    assert (cuts.made, cuts.survived, len(cuts.lost)) == (2, 1, 1)


def test_a_cut_around_which_a_unit_fell_is_not_survived() -> None:
    cuts = counted([boot("", "I"), boot("I", "I am", ("voice is failed",)), boot("I am", "I am"), boot("I am")])
    assert (cuts.made, cuts.survived, cuts.dead_units, cuts.lost) == (3, 1, 1, [])


def test_who_cannot_go_on_or_got_what_they_did_not_mean_did_not_survive_the_cut() -> None:
    cuts = counted([boot("", "I"), replace(boot("I", "I"), stuck="no tile"), boot("I", "I"), boot("I")])
    assert (cuts.made, cuts.survived, cuts.stuck, cuts.misquoted) == (3, 1, 1, 0)
    cuts = counted(
        [replace(boot("", "I"), unmeant=("meant I",)), boot("I"), Boot("", Watched(), None, [], "dark")]
    )
    assert (cuts.made, cuts.survived, cuts.stuck, cuts.misquoted) == (2, 0, 1, 1)
    assert cuts.boot_to_offer_s == [5.0, 5.0]


def test_a_kit_that_does_not_come_up_is_counted_and_booted_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The third boot comes to no offer, in the fifth the writing sticks: the series goes on to its end."""
    done = machine_of(monkeypatch, tmp_path, no_offer={3}, no_tile={5})
    came = power.suffer(tmp_path, tmp_path, CLOCK, 6, lambda line: None)
    assert done == ["boot", "cut"] * 6 + ["boot"]
    assert (came.made, came.stuck, len(came.boot_to_offer_s)) == (6, 2, 6)
    assert len(came.lost) == 1, "nobody saw the text of before in the third"


def test_after_the_last_cut_it_boots_once_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done = machine_of(monkeypatch, tmp_path, takes={3})
    came = power.suffer(tmp_path, tmp_path, CLOCK, 3, lambda line: None)
    assert done == ["boot", "cut"] * 3 + ["boot"]
    assert (came.made, came.survived, len(came.lost)) == (3, 2, 1)
    assert power.suffer(tmp_path, tmp_path, CLOCK, 0, lambda line: None).boot_to_offer_s == []


@pytest.mark.parametrize("error", [Stuck("no tiles"), NotThere("the core's socket")])
def test_a_worn_card_with_which_no_kit_comes_up_is_an_outcome(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(disks, "disk", fails)
    came = power.card_turns_read_only(tmp_path, tmp_path, CLOCK)
    assert (came.why_not, came.stuck, came.survived) == (str(error), True, False)


def machine_of(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    takes: Container[int] = (),
    no_offer: Container[int] = (),
    no_tile: Container[int] = (),
) -> list[str]:
    """A machine on a disk that is a file: what was written to it is there again, but for what some cuts take."""
    done: list[str] = []
    image = tmp_path / "disk"

    def offers(limit_s: float) -> None:
        if done.count("boot") in no_offer:
            raise Stuck("no tiles")

    person = SimpleNamespace(wait_for_offer=offers, unmeant=[])

    class Machine:
        def __init__(self, *_: object) -> None:
            pass

        @contextmanager
        def mounted(self) -> Iterator["Machine"]:
            yield self

        def boot(self) -> None:
            done.append("boot")

        def person(self) -> object:
            return nullcontext((person, None))

    def writes(person: object, seen: Watched, clock: object, cut_s: float) -> None:
        seen.saved = seen.text = SENTENCE[: len(done)]
        image.write_text(seen.saved)
        if done.count("boot") in no_tile:
            raise Stuck("no tile")

    def cuts(machine: object, image: Path, after: Path) -> None:
        done.append("cut")
        after.write_text("" if done.count("cut") in takes else image.read_text())

    monkeypatch.setattr(power, "Appliance", Machine)
    monkeypatch.setattr(disks, "disk", lambda image, folder: nullcontext(folder))
    monkeypatch.setattr(disks, "power_is_cut", cuts)
    monkeypatch.setattr(power, "_unwell", lambda machine, is_last: [])
    monkeypatch.setattr(power, "_write_until", writes)
    monkeypatch.setattr(power, "_restored", lambda *_: image.read_text() if image.exists() else "")
    return done
