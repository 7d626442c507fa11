"""The bench of what is prepared ahead: what counts as a hit, and that all of it was heard."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from benches import lookahead as bench
from unit.cyton_desk import HandClock
from vybor.contracts import messages as m
from vybor.foundation.clock import SECOND_NS
from vybor.foundation.errors import VyborError


def heard(*ahead: bool | None) -> bench.Watch:
    """One prompt a second; whether its answer was there before, None: it never came."""
    asked = {number: m.Prompt(at_ns=number * SECOND_NS, number=number, text="") for number in range(len(ahead))}
    answers = {
        number: m.Proposals(
            at_ns=number * SECOND_NS + (10_000_000 if was else 300_000_000),
            prompt=number,
            candidates=(),
            model="bench",
            took_ms=1.0,
            was_ahead=was,
        )
        for number, was in enumerate(ahead)
        if was is not None
    }
    return cast(bench.Watch, SimpleNamespace(asked=asked, answers=answers, instant_ms=[1.0, 2.0]))


def test_an_answer_that_never_came_is_a_miss_and_the_first_and_last_prompt_do_not_count() -> None:
    told = bench.figures_of(heard(False, True, True, None, False, None))
    assert (told["acts"], told["unanswered"], told["hit_rate"]) == (4, 1, 0.5)
    assert (told["hit.model_offer_ms.p95"], told["miss.model_offer_ms.p95"]) == (10, 300)
    assert "hit.model_offer_ms.p95" not in bench.figures_of(heard(False, False, False))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_hears_no_more_does_not_take_a_part_for_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Deaf(bench.Watch):
        def __init__(self, runtime: Path, clock: HandClock, words: object) -> None:
            self.thread = threading.current_thread()

        def listen(self) -> None:
            raise OSError("the words cannot be read any more")

        def stop(self) -> None:
            pass

    monkeypatch.setattr(bench, "Watch", Deaf)
    monkeypatch.setattr(bench.WordList, "open", lambda path: None)
    with (
        pytest.raises(VyborError, match="not heard to the end"),
        bench.watching(tmp_path, HandClock(), tmp_path) as watch,
    ):
        assert isinstance(watch, Deaf)
        watch.thread.join()
