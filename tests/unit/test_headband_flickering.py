"""The headband watches which tile that flickers is looked at, by whole windows and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.display_pages import page
from unit.headband_replay import CYTON, chunk
from unit.test_headband_acquisition import HandClock, ScriptedHeadband
from vybor.contracts import messages as m
from vybor.display.drawing import flicker as display_flicker
from vybor.foundation.bus import Bus, Heard
from vybor.foundation.clock import seconds
from vybor.foundation.flicker_settings import FlickerSettings
from vybor.foundation.settings import Settings
from vybor.headband import flickering
from vybor.headband.boards import BY_NAME
from vybor.headband.detecting import gestures
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.flickering import Watch
from vybor.headband.port import Chunk
from vybor.headband.process import HeadbandRoom, hears

MUSE = BY_NAME["muse_2"]
HZ = MUSE.hz
RHYTHMS = (7.5, 10.0, 12.0)
GOOD = (True,) * 4
START_NS = seconds(100)


def shown(since_ns: int = START_NS, offer: int = 1) -> m.Shown:
    screen = msgspec.structs.replace(page(), offer=offer)
    flicker = tuple(m.Flicker(slot=slot, hz=hz) for slot, hz in enumerate(RHYTHMS))
    return m.Shown(at_ns=since_ns, screen=screen, flicker=flicker, flicker_ns=since_ns)


def scalp(looks_at_hz: float, lasts_s: float, seed: int = 3) -> np.ndarray:
    """Four channels, of which the ears follow what is looked at."""
    dice = np.random.default_rng(seed)
    count = round(lasts_s * HZ)
    noise = np.cumsum(dice.normal(0, 1.2, (4, count)), axis=1) + dice.normal(0, 4, (4, count))
    noise[[0, 3]] += 8.0 * np.sin(2 * np.pi * looks_at_hz * np.arange(count) / HZ)
    return noise.astype(np.float32)


def chunks(samples: np.ndarray, first: int = 0, size: int = 12, at_ns: int = START_NS) -> Iterator[Chunk]:
    for start in range(0, samples.shape[1], size):
        yield Chunk(
            first=first + start,
            microvolts=samples[:, start : start + size],
            at_ns=at_ns + round((first + start) * 1e9 / HZ),
            period_ns=1e9 / HZ,
            at_sd_ns=0,
        )


def seen(
    watch: Watch | None, arriving: Iterator[Chunk], good: tuple[bool, ...] = GOOD
) -> tuple[Watch | None, list[m.Flickered]]:
    found = []
    for each in arriving:
        assert watch is not None
        watch, told = flickering.told(flickering.felt(watch, each), good, MUSE)
        if told:
            found.append(told)
    return watch, found


@pytest.mark.parametrize("slot", range(3))
def test_the_tile_that_is_looked_at_is_told_twice_a_second_once_a_window_is_whole(slot: int) -> None:
    watch = flickering.shown(None, shown())
    _, found = seen(watch, chunks(scalp(RHYTHMS[slot], 6.0)))
    assert len(found) in (7, 8)
    for told in found:
        best, odds = max(told.log_odds, key=lambda each: each[1])
        assert (best, told.offer) == (slot, 1)
        assert odds > 0
        assert told.at_ns - told.from_ns == pytest.approx(seconds(2.5), abs=2e9 / HZ)
        assert told.from_ns >= START_NS + seconds(0.15) - 1e9 / HZ


def test_nothing_is_told_of_what_was_seen_before_it_began() -> None:
    watch = flickering.shown(None, shown(START_NS + seconds(2)))
    _, found = seen(watch, chunks(scalp(10.0, 6.0)))
    assert found[0].from_ns >= START_NS + seconds(2.15)
    assert flickering.shown(watch, m.Shown(at_ns=1, screen=page())) is None
    again = flickering.shown(watch, shown(START_NS + seconds(5)))
    assert again is not None
    assert again.kept == ()


def test_words_that_change_go_on_and_the_newest_offer_is_named() -> None:
    watch, found = seen(flickering.shown(None, shown()), chunks(scalp(10.0, 3.0)))
    assert found
    watch = flickering.shown(watch, shown(offer=7))
    _, more = seen(watch, chunks(scalp(10.0, 1.0, seed=8), first=3 * HZ))
    assert {told.offer for told in more} == {7}
    assert more[0].from_ns < found[-1].at_ns


@pytest.mark.parametrize("gap", [1, 5, 11, HZ])
def test_a_gap_begins_anew(gap: int) -> None:
    """A few samples that are missing are enough: what is left would be put together in another rhythm."""
    watch, found = seen(flickering.shown(None, shown()), chunks(scalp(10.0, 2.4)))
    assert watch is not None
    assert found == []
    again = watch.kept[-1].end + gap
    gone_on, found = seen(watch, chunks(scalp(10.0, 2.4, seed=5), first=again))
    assert found == []
    assert gone_on is not None
    assert gone_on.kept[0].first == again
    _, found = seen(gone_on, chunks(scalp(10.0, 0.6, seed=6), first=gone_on.kept[-1].end))
    assert found[0].from_ns >= START_NS + again * 1e9 / HZ


def test_no_more_than_a_window_is_kept() -> None:
    watch, _ = seen(flickering.shown(None, shown()), chunks(scalp(10.0, 8.0)))
    assert watch is not None
    assert 2.5 * HZ <= sum(each.microvolts.shape[1] for each in watch.kept) <= 2.5 * HZ + 24


def test_bad_railed_and_lost_channels_say_nothing_and_the_forehead_never_does() -> None:
    def ears(good: tuple[bool, ...], spoil: float | None = None) -> list[m.Flickered]:
        samples = scalp(10.0, 3.0)
        if spoil is not None:
            samples[[0, 3], 300] = spoil
        return seen(flickering.shown(None, shown()), chunks(samples), good)[1]

    assert ears((False, True, True, True))
    assert ears((False, True, True, False)) == []
    assert ears(GOOD, 1000.0) == []
    assert ears(GOOD, np.nan) == []
    assert ears(GOOD, np.inf) == []


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([0.0, 5.0, np.nan, np.inf, 1e30, -1e30])), max_size=12)
)
def test_whatever_comes_is_told_in_bounds_or_not_at_all(pieces: list[tuple[int, float]]) -> None:
    watch, first = flickering.shown(None, shown()), 0
    for count, value in pieces:
        samples = np.full((4, count), value, np.float32)
        watch, found = seen(watch, chunks(samples, first, size=max(1, count)))
        first += count
        for told in found:
            assert all(abs(odds) <= 3.0 for _, odds in told.log_odds)


@pytest.mark.parametrize("slot", range(3))
def test_from_the_frames_of_the_screen_to_the_tile_that_is_looked_at(slot: int) -> None:
    """The brain follows the square wave of the display, a seventh of a second late, with missed frames and all."""
    refresh = display_flicker.Refresh(1e9 / 60, 0.01)
    now = display_flicker.begun((0, 1, 2), refresh, START_NS)
    assert now is not None
    light = np.zeros(4 * HZ)
    told = display_flicker.told(now, refresh)
    for flip in sorted(set(range(1, 241)) - {37, 99, 100}):
        begins, until = (round((at / 60 + 0.14) * HZ) for at in (now.frame, flip))
        light[begins:until] = now.bright[slot]
        now = display_flicker.flipped(now, refresh, START_NS + round(flip * 1e9 / 60))
    felt = scalp(0.0, 4.0)
    felt[[0, 3]] += 6.0 * (light - light.mean()).astype(np.float32)
    watch = flickering.shown(None, msgspec.structs.replace(shown(), flicker=told))
    _, found = seen(watch, chunks(felt))
    assert found
    assert {max(each.log_odds, key=lambda one: one[1])[0] for each in found} == {slot}


def test_the_room_tells_the_core_what_it_sees(tmp_path: Path) -> None:
    clock = HandClock()
    headband = ScriptedHeadband()
    acquisition = Acquisition(headband, clock)
    bus = Bus("headband", tmp_path, clock, hears(Settings(flicker=FlickerSettings(on=True))))
    core = Bus("core", tmp_path, clock, [m.Flickered])
    room = HeadbandRoom(acquisition, gestures.Rule(CYTON, 0.7), bus)
    rate = CYTON.hz
    times = np.arange(8 * rate) / rate
    dice = np.random.default_rng(4)
    felt = dice.normal(0, 5, (8, 8 * rate)) + 8 * np.sin(2 * np.pi * 10.0 * times)
    began_ns = clock.now_ns()
    room.heard(Heard("display", shown(began_ns), 0), began_ns)
    found: list[m.Message] = []
    for second in range(8):
        one = felt[:, second * rate : (second + 1) * rate].astype(np.float32)
        headband.reads.append((chunk(second * rate, one, began_ns=began_ns),))
        clock.at_ns += seconds(1)
        acquisition.turn()
        room.turn(clock.now_ns())
        found += [got.message for got in core.receive(0.05) if isinstance(got, Heard)]
    for _ in range(40):
        found += [got.message for got in core.receive(0.02) if isinstance(got, Heard)]
    assert found
    assert all(isinstance(told, m.Flickered) for told in found)
    assert {max(told.log_odds, key=lambda each: each[1])[0] for told in found} == {1}  # type: ignore[union-attr]
    bus.close()
    core.close()


def test_where_nothing_may_flicker_the_room_does_not_listen_to_the_display() -> None:
    assert m.Shown not in hears(Settings())
    assert m.Shown in hears(Settings(flicker=FlickerSettings(on=True)))
