"""What the record keeps of a choice: where each tile lay, how long, how likely; how well the person was seen."""

import msgspec
import pytest

from unit.test_deciding import RULES, Writer, slot_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Role, Source
from vybor.core.decision import deciding
from world.desk import Desk


def last(writer: Desk) -> m.Decision:
    return writer.decided[-1].decision


def test_each_tile_is_recorded_where_it_lay_and_how_long() -> None:
    writer = Writer()
    tiles = {tile.slot: tile for tile in writer.state.tiles}
    writer.choose(0)
    shown = last(writer).shown
    assert {tile.slot: tile.area for tile in shown} == {slot: tile.area for slot, tile in tiles.items()}
    assert {tile.shown_ms for tile in shown} == {shown[0].shown_ms}
    assert shown[0].shown_ms is not None
    assert shown[0].shown_ms > 500
    assert last(writer).zones == 10


def test_words_are_ranked_by_their_probability_and_nothing_else_is() -> None:
    writer = Writer()
    writer.choose(1)
    ranks = {tile.label: tile.rank for tile in last(writer).shown if tile.role is Role.CANDIDATE}
    assert ranks == {"I": 0, "You": 1, "We": 2}
    assert {tile.rank for tile in last(writer).shown if tile.role is not Role.CANDIDATE} == {None}


def proposed(writer: Writer, **about: object) -> None:
    assert writer.state.prompt is not None
    words = [m.Candidate(words=(word,), p=0.2, source=Source.MODEL) for word in ("bread", "then")]
    answer = m.Proposals(
        at_ns=writer.now_ns, prompt=writer.state.prompt.number, candidates=tuple(words), model="m", took_ms=1.0
    )
    writer.hear(msgspec.structs.replace(answer, **about))


def test_a_word_that_the_interest_moved_has_a_smaller_propensity_than_one_that_stands_anyway() -> None:
    writer = Writer()
    then = m.Candidate(words=("then",), p=0.2, source=Source.MODEL)
    proposed(writer, unmoved=(then,), propensity=0.75)
    writer.choose(0)
    found = {tile.label.casefold(): tile.propensity for tile in last(writer).shown if tile.role is Role.CANDIDATE}
    assert found["then"] == 1.0
    assert found["bread"] == pytest.approx(0.75)
    assert {tile.propensity for tile in last(writer).shown if tile.role is not Role.CANDIDATE} == {1.0}


def test_what_was_known_beside_the_text_is_recorded_without_a_word_of_it() -> None:
    writer = Writer()
    writer.state = deciding.partnered(writer.state, "How is Zelda?", writer.rules, writer.now_ns)
    proposed(writer, notes=("bakery.txt",), own_notes=2, context_tokens=88)
    writer.choose(0)
    context = last(writer).context
    assert context == m.Context(partner=True, notes=("bakery.txt",), own_notes=2, tokens=88)
    assert b"Zelda" not in msgspec.msgpack.encode(last(writer))


def test_the_word_list_is_named() -> None:
    desk = Writer()
    desk.rules = msgspec.structs.replace(RULES, words="en-12345678")
    desk.choose(0)
    assert last(desk).words == "en-12345678"


def test_how_well_the_eyes_were_seen_stands_with_the_choice() -> None:
    writer = Writer()
    writer.choose(0)
    quality = last(writer).quality
    assert quality is not None
    assert quality.error_x is not None
    assert 0 < quality.error_x < 0.2
    assert quality.headband is m.HeadbandState.UNSET
    assert quality.steady is True


def test_of_a_private_text_nothing_of_it_is_recorded() -> None:
    writer = Writer()
    for role in (Role.MENU, Role.TOOLS, Role.INCOGNITO):
        writer.choose(slot_of(writer, role))
    writer.choose(0)
    kept = last(writer)
    assert (kept.shown, kept.context, kept.quality, kept.words) == ((), None, None, "")


def test_records_of_older_kits_are_read() -> None:
    writer = Writer()
    writer.choose(0)
    old = msgspec.to_builtins(last(writer))
    for gone in ("words", "zones", "context", "quality"):
        del old[gone]
    for tile in old["shown"]:
        for gone in ("area", "rank", "propensity", "shown_ms"):
            del tile[gone]
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(old), type=m.Decision)
    assert (read.context, read.quality, read.shown[0].area, read.shown[0].rank) == (None, None, None, None)
