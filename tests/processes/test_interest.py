"""Interest in the real generator and journal: on by the record alone, and with it off every offer is the same."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from processes.stage import Kit, kit
from processes.test_generator import Core, core
from unit.interest_record import Record, tile
from vybor.contracts import messages as m
from vybor.generator.interest.judging import EARLY_DAYS, LEAST_DAYS, MARK
from vybor.journal.store import open_store
from world import tiny_model

FOLLOWS = {
    "<|im_start|>": {"we": 1.0},
    "we": {" like": 0.5, " bread": 0.16, " boat": 0.14, " wine": 0.12, " tea": 0.08},
    " like": {" boat": 1.0},
    " boat": {" bread": 1.0},
}
AS_IT_IS = ["like", "bread", "boat", "wine"]
MOVED = ["like", "boat", "bread", "wine"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    tiny_model.bigrams(folder / "model", FOLLOWS)
    return folder


def keep(state: Path, days: int, sentences: int = 41) -> None:
    """A record of somebody who says `boat` twice in each sentence, the second time from the third place."""
    record = Record()
    for day in range(days):
        record.at_ns, record.session = 10**9, f"day {day}"
        for _ in range(sentences):
            record.take("boat")
            record.take("boat", (tile(0, "like", 0.5), tile(1, "bread", 0.2), tile(2, "boat", 0.15)))
            record.speak()
    record.take("boat")
    state.mkdir()
    store = open_store(state / "journal.sqlite", "boot")
    for decision in record.kept:
        store.keep(decision)
    store.close()


def told(running: Kit) -> list[str]:
    command = [sys.executable, "-m", "vybor", "interest", "--runtime", str(running.runtime)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=90)
    return done.stdout.splitlines()


def offers(asking: Core, texts: Sequence[str] = ("we", "we like", "we")) -> list[m.Proposals]:
    """What is offered for some texts, one after another; times and numbers left out."""
    found = []
    for number, text in enumerate(texts, start=asking.heard[-1].prompt + 1 if asking.heard else 1):
        asking._bus.publish(m.Prompt(at_ns=asking.clock.now_ns(), number=number, text=text, count=4))
        asking.until(lambda number=number: bool(asking.heard) and asking.heard[-1].prompt == number)  # type: ignore[misc]
        found.append(asking.heard[-1])
    return found


def words(answer: m.Proposals) -> list[str]:
    return [candidate.words[0] for candidate in answer.candidates]


def wait_for(running: Kit, asking: Core, beginning: str) -> list[str]:
    asking.until(lambda: asking.health is not None)
    said: list[str] = []

    def is_there() -> bool:
        said[:] = told(running)
        return said[0].startswith(beginning) and "still being read" not in said[-1]

    asking.until(is_there)
    return said


def test_a_record_that_shows_a_gain_puts_it_on_and_the_record_says_which_offers_were_moved(
    tiny: Path, tmp_path: Path
) -> None:
    keep(tmp_path / "state", EARLY_DAYS + LEAST_DAYS)
    with kit(tmp_path, "journal", "generator", share=tiny) as running, core(running.runtime) as asking:
        said = wait_for(running, asking, "on: ")
        assert "it helps" in said[1]
        assert "boat" not in "".join(said)
        (answer,) = offers(asking, ["we"])
        assert words(answer) == MOVED
        assert answer.interest_is_on
        assert answer.model.endswith(MARK)
        assert [candidate.words[0] for candidate in answer.unmoved] == AS_IT_IS
        assert "Traceback" not in running.log("generator")


def test_off_and_a_record_that_shows_nothing_are_exactly_the_same(tiny: Path, tmp_path: Path) -> None:
    found: dict[str, list[m.Proposals]] = {}
    for name, days, setting in (("new", 0, "auto"), ("young", 3, "auto"), ("off", EARLY_DAYS + LEAST_DAYS, "off")):
        folder = tmp_path / name
        folder.mkdir()
        keep(folder / "state", days)
        settings = f'[generator]\ninterest = "{setting}"\n'
        with (
            kit(folder, "journal", "generator", share=tiny, settings=settings) as running,
            core(running.runtime) as asking,
        ):
            wait_for(running, asking, "off by the settings" if setting == "off" else "off: no word moves")
            found[name] = offers(asking)
    for answers in zip(*found.values(), strict=True):
        assert (
            len(
                {(each.candidates, each.model, each.tokens, each.interest_is_on, each.unmoved) for each in answers}
            )
            == 1
        )
    assert words(found["off"][0]) == AS_IT_IS
