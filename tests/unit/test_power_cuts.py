"""What comes of cuts of the power: each is seen by the boot after it, and what was saved is there or lost."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock
from world import disks, power
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


def test_after_the_last_cut_it_boots_once_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a disk that is a file: what was written to it is there again, but for what the third cut takes."""
    done: list[str] = []
    image = tmp_path / "disk"
    person = SimpleNamespace(wait_for_offer=lambda limit_s: None)

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

    def cuts(machine: object, image: Path, after: Path) -> None:
        done.append("cut")
        after.write_text("" if done.count("cut") == 3 else image.read_text())

    monkeypatch.setattr(power, "Appliance", Machine)
    monkeypatch.setattr(disks, "disk", lambda image, folder: nullcontext(folder))
    monkeypatch.setattr(disks, "power_is_cut", cuts)
    monkeypatch.setattr(power, "_unwell", lambda machine, is_last: [])
    monkeypatch.setattr(power, "_write_until", writes)
    monkeypatch.setattr(power, "_restored", lambda *_: image.read_text() if image.exists() else "")
    came = power.suffer(tmp_path, tmp_path, CLOCK, 3, lambda line: None)
    assert done == ["boot", "cut"] * 3 + ["boot"]
    assert (came.made, came.survived, len(came.lost)) == (3, 2, 1)
    assert power.suffer(tmp_path, tmp_path, CLOCK, 0, lambda line: None).boot_to_offer_s == []
