"""The bench of one person's numbers: what its people say and choose is what a kit would record."""

import sys
from pathlib import Path

import pytest

from benches import personal
from benches.interest import Desk
from benches.interest_offers import Place
from benches.interest_person import PEOPLE
from benches.retrain_person import A_DAY, Mind
from unit.interest_record import BAKERY, SEA, meaning, rare
from vybor.accounting.resampling import Interval
from vybor.bundles.manifest import Kind
from vybor.contracts.numbers import CountsNumbers
from vybor.generator.interest.judging import Days, place_of
from vybor_workshop.personal import interest
from vybor_workshop.personal.counts import Fitted


def place(conversation: int, target: str) -> Place:
    offered = tuple((word, 0.3 - 0.04 * at) for at, word in enumerate((*SEA[:3], *BAKERY[:3])))
    return Place(conversation, 0, "we", target, (target,), offered)


def test_a_word_is_taken_if_it_is_among_the_first_and_each_conversation_is_a_day() -> None:
    places = [place(number // 3, word) for number, word in enumerate((SEA[0], BAKERY[1], BAKERY[2]) * 4)]
    decisions = list(personal.chosen(Desk(places, meaning, rare), PEOPLE["good"], 1.0))  # type: ignore[arg-type]
    assert [place_of(decision) for decision in decisions[:3]] == [0, 4, None]
    days = Days()
    assert [days.tell(decision.at_ns) for decision in decisions] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert any(tile.gaze_ms > 0 for decision in decisions for tile in decision.shown)
    found = interest.offers(decisions, meaning, rare, lambda _: None)
    assert len(found) == 4, "the first two days teach the habits of the looks"


def test_sentences_have_days_and_the_file_is_smaller_without_what_went() -> None:
    said = personal.said(Mind("writer", tuple(f"word{number} and more of it" for number in range(400))))
    assert said[A_DAY - 1].day < said[A_DAY].day
    sizes = personal.bytes_of(
        Fitted(numbers=CountsNumbers(least_pair=3, least_triple=3, fresh=200), said=said, held=300)
    )
    assert sizes["bytes"] < sizes["bytes_usual"]


def test_figures_have_their_intervals_and_the_verdict() -> None:
    found = {"changed": Interval(1, 1, 1), "ppl_over_usual": Interval(0.98, 0.95, 1.01)}
    figures = personal.told("counts.a", Kind.COUNTS, CountsNumbers(), found)
    assert figures == pytest.approx(
        {
            "counts.a.changed": 1,
            "counts.a.ppl_over_usual": 0.98,
            "counts.a.ppl_over_usual.low": 0.95,
            "counts.a.ppl_over_usual.high": 1.01,
            "counts.a.passes": 0,
        }
    )


def test_recordings_that_are_not_there_are_said_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(personal, "of_counts", lambda parsed: pytest.fail("something was measured"))
    monkeypatch.setattr(sys, "argv", ["personal", "--share", str(tmp_path), "--data", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"there are no recordings in .*; name their folder with --data"):
        personal.main()
