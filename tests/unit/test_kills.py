"""What was saved is held against the record: what is lost or there twice is found, and nothing else is."""

import msgspec
import pytest

from benches import kills as bench
from vybor.contracts import messages as m
from vybor.contracts.messages import Action
from world import kills
from world.kills import Piece

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
