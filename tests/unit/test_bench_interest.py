"""The interest bench: the people's eyes as their files have them, conditions that differ in what they should."""

import os
import random
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from benches import interest as bench
from benches import interest_offers, interest_person
from benches.interest_offers import Place
from benches.interest_person import PEOPLE, Eyes, Person, Word
from unit.interest_record import BAKERY, SEA, meaning, rare
from vybor.foundation.errors import Missing
from vybor.generator.meaning import Meanings
from vybor.generator.network.embedding_rows import Floats
from world import tiny_model

STEADY = Person(
    distance_mm=400,
    gaze_hz=15,
    bias_deg=0,
    noise_deg=0,
    noise_tau_s=0.1,
    drift_deg_per_min=0,
    dropout=0,
    saccade_s=0.2,
    read_s_per_word=0.3,
)
FOUR = [Word(text=text, commonness=1e-4, liking=liking) for text, liking in zip("abcd", (0, 1, 0, 0), strict=True)]
FROZEN = Path(os.environ.get("VYBOR_DATA", "nowhere")).parent / "person"


def average(person: Person, tiles: list[Word], until: int = 9, liking: float = 1.0) -> Floats:
    read = [Eyes(person, random.Random(seed)).read(tiles, until, liking) for seed in range(200)]
    return np.mean(np.array(read), axis=0)


def test_steady_eyes_stay_on_what_they_read_and_like_and_do_not_read_on_behind_what_was_meant() -> None:
    seconds = average(STEADY, FOUR)
    assert seconds[1] / seconds[0] == pytest.approx(np.e, rel=0.2)
    assert seconds[2] / seconds[0] == pytest.approx(1, rel=0.2)
    assert average(STEADY, FOUR, liking=0.0)[1] / seconds[0] == pytest.approx(1, rel=0.2)
    assert average(STEADY, FOUR, until=1)[2:].tolist() == [0, 0]


def test_a_bad_person_s_looks_land_on_other_tiles_and_are_lost() -> None:
    one = [*FOUR[:1], Word(text="b", commonness=1e-4, liking=-20)]
    assert average(STEADY, one, until=0)[1] == 0
    bad = average(PEOPLE["bad"], one, until=0)
    assert 0.02 < bad[1] / bad.sum() < 0.5
    assert bad.sum() / average(PEOPLE["good"], one, until=0).sum() < 2


@pytest.mark.skipif(not FROZEN.is_dir(), reason="needs the frozen people beside $VYBOR_DATA")
def test_the_people_are_the_frozen_ones() -> None:
    assert interest_person.read(FROZEN) == PEOPLE


def test_a_person_s_file_that_is_not_there_or_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        Missing, match=r"good\.toml cannot be read .*; name the folder of the profiles with --people"
    ):
        interest_person.read(tmp_path)
    (tmp_path / "good.toml").write_text('distance_mm = "far"\n')
    with pytest.raises(Missing, match=r"good\.toml cannot be read"):
        interest_person.read(tmp_path)


def conversations() -> list[Place]:
    """Speakers who stay with the sea or the bakery; what they mean stands fifth of what is offered."""
    found = []
    for conversation in range(12):
        topic, other = (SEA, BAKERY) if conversation % 2 else (BAKERY, SEA)
        for number in range(40):
            target = topic[number % 5]
            offered = (("the", 0.3), (other[0], 0.11), (other[1], 0.1), (other[2], 0.1), (target, 0.09))
            found.append(Place(conversation, number // 5, "we", target, (target,), offered))
    return found


DESK = bench.Desk(conversations(), cast(Meanings, meaning), rare)


def gain(one: bench.Run) -> dict[str, float]:
    off = bench.run(DESK, STEADY, "off", weight=0.0)
    return {key.rpartition(".")[2]: value for key, value in bench.against(off, one, DESK).items()}


def test_off_is_off_and_on_gains_where_there_is_a_topic() -> None:
    assert bench.different(DESK) == 0
    off = bench.run(DESK, STEADY, "off", weight=0.0)
    assert gain(off)["hit3"] == gain(off)["nats"] == 0
    on = bench.run(DESK, STEADY, "on")
    assert gain(on)["hit3"] > 50
    assert gain(on)["nats_low"] > 0.1


def test_another_conversation_s_interest_is_taken_whole_and_a_shuffled_one_loses_none() -> None:
    on = bench.run(DESK, STEADY, "on")
    moved = bench.of_another(on.vectors, DESK.places)
    sixth = [vector for vector, place in zip(on.vectors, DESK.places, strict=True) if place.conversation == 6]
    assert all(a is b for a, b in zip(moved[:40], sixth, strict=True))
    order = [*map(id, bench.shuffled(on.vectors))]
    assert order != [*map(id, on.vectors)]
    assert sorted(order) == sorted(map(id, on.vectors))


def test_a_conversation_without_a_topic_is_left_out() -> None:
    short = [["so", "do", "you"]] * 9
    long = [["the", f"boat{n}a", f"harbour{n}b", f"wave{n}c"] for n in range(9)]
    assert not interest_offers._has_a_topic(short)
    assert interest_offers._has_a_topic(long)
    asked = list(interest_offers.places(0, long[:2]))
    assert [place.text for place in asked[:3]] == ["", "the", "the boat0a"]
    assert asked[1].to_come == ("boat0a", "harbour0b", "wave0c", "boat1a", "harbour1b", "wave1c")


def test_a_run_that_was_ended_goes_on_from_the_offers_that_are_kept(tmp_path: Path) -> None:
    tiny_model.bigrams(
        tmp_path / "model", {"<|im_start|>": {"we": 0.6, "so": 0.4}, "we": {" boat": 0.9, " so": 0.1}}
    )
    said, file = [["we", "boat"], ["so", "we"]], tmp_path / "offers.jsonl"
    first = interest_offers.Offers(tmp_path, 4, file).of(0, said, earlier=False)
    assert [[word for word, _ in place.offered] for place in first[:2]] == [["we", "so"], ["boat", "so"]]
    whole = file.read_bytes()
    again = interest_offers.Offers(tmp_path, 4, file)
    assert again.of(0, said, earlier=False) == first
    assert file.read_bytes() == whole
    again.of(0, said, earlier=True)
    interest_offers.Offers(tmp_path, 3, file).of(0, said, earlier=False)
    assert len(file.read_bytes().splitlines()) == 3
    known = interest_offers.Offers(tmp_path, 3, file, known_only=True)
    assert len(known.of(0, said, earlier=False)) == 4
    assert known.of(0, said, earlier=True) == ()
