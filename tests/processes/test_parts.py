"""Numbers of one person, in real processes: the deciding one is told them, and everybody's once they are off."""

import sqlite3  # noqa: TID251  (as a stranger opens it)
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from processes.stage import kit
from processes.test_grown import Life, life
from unit.record_writer import Writer
from vybor.bundles import numbers
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.numbers import CountsNumbers, InterestNumbers, SignsNumbers
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import SystemClock
from world import grown, tiny_adapter

STRICT = CountsNumbers(least_pair=2, least_triple=2, fresh=200)
WEIGHED = CountsNumbers(shares=(0.2, 0.25, 0.4), least_triple=2)


class Hearer:
    """Who hears what counts are to weigh, or what signs are like."""

    def __init__(self, runtime: Path, what: type[m.CountsWorn | m.SignsWorn] = m.CountsWorn) -> None:
        self.bus = Bus("display", runtime, SystemClock(), (what,))
        self.worn: CountsNumbers | SignsNumbers | None = None

    def until(self, reached: Callable[[], bool]) -> None:
        end_s = time.perf_counter() + 20
        while not reached():
            assert time.perf_counter() < end_s, self.worn
            for arrival in self.bus.receive(0.05):
                if isinstance(arrival, Heard) and isinstance(arrival.message, m.CountsWorn | m.SignsWorn):
                    self.worn = arrival.message.numbers

    def close(self) -> None:
        self.bus.close()


def send(person: Life, serial: int, kind: Kind, content: bytes) -> None:
    arrived = person.kit.state / "arrived"
    grown.sent(arrived, serial, {numbers.FILE: content}, kit=person.number_of_kit, kind=kind)


@pytest.mark.slow
def test_numbers_are_worn_told_good_and_taken_off_while_somebody_writes(tmp_path: Path) -> None:
    share = tmp_path / "share"
    tiny_adapter.write(share / "model")
    folder = tmp_path / "kit"
    folder.mkdir()
    with life(folder, share) as person, closing(Hearer(person.kit.runtime)) as hearer:
        hearer.until(lambda: hearer.worn == CountsNumbers())
        plain = person.model()
        person.take(plain, 5)
        send(person, 3, Kind.COUNTS, numbers.written(WEIGHED))
        send(person, 4, Kind.INTEREST, numbers.written(InterestNumbers(weight=9.0)))
        send(person, 5, Kind.INTEREST, b'{"weight": 100}')
        hearer.until(lambda: hearer.worn == WEIGHED)
        listed = person.until_listed("interest: on trial")
        assert "* factory  the model as it came" in listed
        assert "*       3  counts: on trial, fit 3" in listed
        person.until_listed("numbers that cannot be")
        person.take(plain, 12)
        person.until_listed("counts: good")
        person.until_listed("interest: good")
        assert person.model() == plain, "the model is the same"
        person.kit.kill("generator")
        person.kit.start("generator")
        person.model()
        assert "*       3  counts: good" in person.listed()
        assert "* factory  counts: everybody's numbers" in person.listed("use", "factory", "--kind", "counts")
        hearer.until(lambda: hearer.worn == CountsNumbers())
        assert "*       4  interest: good" in person.listed()
        assert "interest: rolled back" in person.listed("rollback", "--kind", "interest")
        assert "*       3  counts: good" in person.listed("use", "3")
        hearer.until(lambda: hearer.worn == WEIGHED)
        assert "Traceback" not in person.kit.log("generator") + person.kit.log("journal")


@pytest.mark.slow
def test_signs_are_told_to_the_headband_until_the_person_is_fitted_anew(tmp_path: Path) -> None:
    share = tmp_path / "share"
    tiny_adapter.write(share / "model")
    folder = tmp_path / "kit"
    folder.mkdir()
    learned = SignsNumbers(blink_rhythm_s=0.5, blink_shift=0.25, fitting=1)
    with life(folder, share) as person, closing(Hearer(person.kit.runtime, m.SignsWorn)) as hearer:
        hearer.until(lambda: hearer.worn == SignsNumbers())
        person.model()
        person.core._bus.publish(m.Fitted(at_ns=0, fittings=1))
        send(person, 3, Kind.SIGNS, numbers.written(learned))
        hearer.until(lambda: hearer.worn == learned)
        assert "*       3  signs: on trial, fit 3" in person.listed()
        person.core._bus.publish(m.Fitted(at_ns=1, fittings=2))
        hearer.until(lambda: hearer.worn == SignsNumbers())
        listed = person.until_listed("signs: rolled back")
        assert "* factory  signs: as the kit's own fitting found them" in listed
        assert "signs were fitted anew on the kit" in listed
        assert "Traceback" not in person.kit.log("generator") + person.kit.log("journal")


def pairs(state: Path) -> dict[str, int]:
    """What was said after two words, as anybody with the file could read it."""
    try:
        with closing(sqlite3.connect(f"file:{state / 'own-words-en.sqlite'}?mode=ro", uri=True)) as opened:
            return dict(opened.execute("SELECT word, seen FROM followers WHERE before IN ('brown', 'green')"))
    except sqlite3.Error:  # not there yet
        return {}


def test_the_deciding_process_lets_go_of_what_it_is_told_to_and_counts_it_again(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    writer = Writer(state / "journal.sqlite")
    for text in (
        "brown dogs bark",
        "green tea",
        "green tea",
        *(f"filler {number}" for number in range(STRICT.fresh)),
    ):
        writer.say(text)
    writer.store.close()
    with kit(tmp_path, "journal", "core") as running:
        with closing(Bus("generator", running.runtime, SystemClock())) as generator:

            def until(numbers_worn: CountsNumbers, wanted: dict[str, int]) -> None:
                generator.publish(m.CountsWorn(at_ns=0, numbers=numbers_worn))
                end_s = time.perf_counter() + 40
                while pairs(running.state) != wanted:
                    assert time.perf_counter() < end_s, (pairs(running.state), running.log("core"))
                    generator.receive(0.05)
                    generator.tend()

            until(CountsNumbers(), {"dogs": 1, "tea": 2})
            until(STRICT, {"tea": 2})
            until(CountsNumbers(), {"dogs": 1, "tea": 2})
        assert "Traceback" not in running.log("core")
