"""Packets of a Muse: nothing that comes by radio raises, and whatever is lost, nothing is put in a wrong place."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.headband.devices.muse import grouping, packets
from vybor.headband.devices.muse.moving import Moving
from world import muse_device

PERIOD_NS = packets.SAMPLES * 1e9 / 256
PACKETS = st.one_of(st.binary(max_size=40), st.binary(min_size=20, max_size=20))
NOTHING = bytes(packets.PACKET_BYTES)
LETTERS = st.text("abcxyz", max_size=20)
FATE = st.tuples(st.sampled_from(["come", "come", "lost", "twice", "late"]), st.integers(1, 12))
FATES = st.lists(FATE, min_size=1, max_size=60).map(
    lambda each: [fate for fate, times in each for _ in range(times)]
)
"""What becomes of packets, one after the other; whole groups are lost too."""


def electrode(place: int, number: int, counter: int) -> bytes:
    codes = muse_device.codes(place, number * packets.SAMPLES, packets.SAMPLES)
    return counter.to_bytes(2, "big") + muse_device.packed(codes)


Grouping, Groups = grouping.Grouping[bytes], tuple[grouping.Group[bytes], ...]


def put(state: Grouping, place: int, packet: bytes, at_ns: int) -> Grouping:
    counter = packets.counter_of(packet)
    return state if counter is None else grouping.take(state, place, counter, packet, at_ns)


def wrong(groups: Groups) -> int:
    """Packets that are not those of their place."""
    count = 0
    for group in groups:
        for place, part in enumerate(group.parts):
            count += part is not None and part[2:] != electrode(place, group.number, 0)[2:]
    return count


@given(PACKETS)
def test_no_packet_raises(packet: bytes) -> None:
    counter = packets.counter_of(packet)
    assert (counter is not None) == (len(packet) == packets.PACKET_BYTES)
    if counter is not None:
        assert packets.microvolts([packet] * 4).shape == (4, packets.SAMPLES)
        assert np.abs(packets.microvolts([packet])).max() <= 1000
    percent = packets.battery(packet)
    assert percent is None or 0 <= percent <= 100
    moved = packets.moved(packet, packets.G)
    assert moved is None or moved.axes.shape == (3, 3)


@given(codes=st.lists(st.integers(0, 4095), min_size=12, max_size=12), counter=st.integers(0, 65_535))
def test_every_code_comes_out_as_it_went_in(codes: list[int], counter: int) -> None:
    packet = counter.to_bytes(2, "big") + muse_device.packed(np.array(codes))
    assert packets.counter_of(packet) == counter
    said = packets.microvolts([NOTHING, packet, NOTHING])[1]
    assert [round(value / packets.MICROVOLTS) + packets.MIDDLE for value in said] == codes


@given(
    answer=st.dictionaries(LETTERS, st.one_of(st.integers(), LETTERS), max_size=6),
    noise=st.lists(st.binary(max_size=20), max_size=4),
)
def test_an_answer_is_heard_through_any_noise_before_it(answer: dict[str, object], noise: list[bytes]) -> None:
    hearing = packets.Hearing()
    for piece in [*noise, b"\x14", *muse_device.in_pieces({**answer, "fw": "1.2.13", "rc": 3, "bp": 80.0})]:
        hearing, said = packets.heard(hearing, piece)
    assert said == packets.Answer(rc=3, fw="1.2.13", bp=80.0)


@given(st.lists(st.binary(max_size=20), max_size=60))
def test_no_answer_raises_or_grows_without_end(pieces: list[bytes]) -> None:
    hearing = packets.Hearing()
    for piece in pieces:
        hearing, _ = packets.heard(hearing, piece)
        assert len(hearing.begun) < packets.LONGEST_ANSWER


@settings(deadline=None)
@given(fates=FATES, counter=st.integers(0, 65_535))
def test_what_is_lost_leaves_a_gap_and_shifts_nothing(fates: list[str], counter: int) -> None:
    state, out, late = Grouping(4, PERIOD_NS), (), []
    for order in range(4):  # the first group comes whole: its number is 0
        state = put(state, order, electrode(order, 0, counter), 0)
    for order, fate in enumerate(fates, start=4):
        number, place = divmod(order, 4)
        packet = electrode(place, number, (counter + number) % packets.COUNTERS)
        at_ns = round(number * PERIOD_NS)
        came = {"come": [(place, packet)], "lost": [], "twice": [(place, packet)] * 2, "late": []}[fate]
        for one_place, one in [*came, *late]:
            state = put(state, one_place, one, at_ns)
        late = [(place, packet)] if fate == "late" else []
        state, ready = grouping.ready(state, at_ns)
        out += ready
    state, rest = grouping.ready(state, round((len(fates) + 100) * PERIOD_NS))
    out += rest
    assert wrong(out) == 0
    numbers = [group.number for group in out]
    assert numbers == sorted(set(numbers))
    there = sum(part is not None for group in out for part in group.parts)
    came = len(fates) - fates.count("lost") - (fates[-1] == "late")
    assert there == 4 + came


@settings(deadline=None)
@given(
    counters=st.lists(st.integers(0, 65_535), max_size=60), steps_ns=st.lists(st.integers(0, 10**11), min_size=60)
)
def test_no_count_and_no_clock_makes_groups_run_backwards(counters: list[int], steps_ns: list[int]) -> None:
    state, at_ns, last = Grouping(4, PERIOD_NS), 0, -1
    for order, (counter, step_ns) in enumerate(zip(counters, steps_ns, strict=False)):
        at_ns += step_ns
        state = put(state, order % 4, electrode(order % 4, 0, counter), at_ns)
        state, ready = grouping.ready(state, at_ns)
        for group in ready:
            assert group.number > last
            last = group.number
        assert len(state.waiting) <= grouping.BEHIND + 1


def fed(state: Grouping, numbers: range, counter: int, began_ns: int) -> Grouping:
    for number in numbers:
        for place in range(4):
            at_ns = began_ns + round(number * PERIOD_NS)
            state = put(state, place, electrode(place, number, (counter + number) % packets.COUNTERS), at_ns)
    return state


def test_a_counter_that_begins_anew_goes_on_where_the_clock_says() -> None:
    state, before = grouping.ready(fed(Grouping(4, PERIOD_NS), range(20), 60_000, 0), 0)
    state, after = grouping.ready(fed(state, range(30, 60), 1_000, 0), 0)
    assert before[-1].number == 19
    assert after[0].number > before[-1].number
    assert wrong(after[3:]) == 0


def test_a_counter_that_is_wrong_once_moves_nothing() -> None:
    state = fed(Grouping(4, PERIOD_NS), range(20), 60_000, 0)
    state = put(state, 2, electrode(2, 20, 5_000), round(20 * PERIOD_NS))
    state, out = grouping.ready(fed(state, range(20, 40), 60_000, 0), 0)
    assert wrong(out) == 0
    assert [group.number for group in out] == list(range(40))


def test_a_silence_longer_than_the_counter_is_no_matter() -> None:
    state = fed(Grouping(4, PERIOD_NS), range(20), 10, 0)
    state, _ = grouping.ready(state, 0)
    state, after = grouping.ready(fed(state, range(5_000, 5_010), 10, 0), round(5_010 * PERIOD_NS))
    assert after[0].number == 5_000
    assert wrong(after) == 0


@given(st.lists(st.tuples(PACKETS, st.booleans(), st.integers(0, 10**9)), max_size=40))
def test_no_motion_raises(said: list[tuple[bytes, bool, int]]) -> None:
    moving, at_ns, end = Moving(), 0, 0
    for packet, gyro, step_ns in said:
        at_ns += step_ns
        moving.take(packet, at_ns, gyro=gyro)
        if moved := moving.give(at_ns):
            assert moved.gyro.shape == moved.accel.shape == (3, moved.end - moved.first)
            assert moved.first >= end
            end = moved.end
