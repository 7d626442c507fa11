"""What every driver of a headband keeps, whatever it speaks with. A new one adds a row to `DRIVERS`.

Each runs in a process of its own: BrainFlow's end theirs when the bus is lost, and spin after that.
"""

import functools
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from unit.headband_stands import (
    ATHENA,
    GANGLION,
    MUSE,
    Stand,
    begun,
    by_radio,
    lost,
    on_cyton,
    read_for,
    read_until,
    wait,
    wrong,
)
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import SettingsError
from vybor.foundation.headband_settings import Driver, HeadbandSettings
from vybor.headband.devices.choosing import chosen
from vybor.headband.port import HeadbandMissing, HeadbandStopped
from world import muse_device

Made = Callable[[Path], AbstractContextManager[Stand]]
DRIVERS: dict[str, Made] = {
    "muse_2 direct": functools.partial(by_radio, kind=MUSE, driver="direct"),
    "muse_s_athena direct": functools.partial(by_radio, kind=ATHENA, driver="direct"),
    "muse_2 brainflow": functools.partial(by_radio, kind=MUSE, driver="brainflow"),
    "muse_s_athena brainflow": functools.partial(by_radio, kind=ATHENA, driver="brainflow"),
    "ganglion brainflow": functools.partial(by_radio, kind=GANGLION, driver="brainflow"),
    "cyton direct": functools.partial(on_cyton, driver="direct"),
    "cyton brainflow": functools.partial(on_cyton, driver="brainflow"),
}
SLOW = {name for name in DRIVERS if name.endswith("brainflow")}
"""BrainFlow waits whole seconds in each of its steps."""
DO_NOT_COUNT = {"muse_2 brainflow", "muse_s_athena brainflow", "ganglion brainflow"}
"""What is lost leaves no gap there: of a Muse 2 it even shifts the electrodes against each other, for good."""

MOTIONLESS = {"ganglion brainflow", "cyton brainflow", "cyton direct"}
"""No gyroscope."""


def rows(without: Collection[str] = (), quick: Collection[str] = ()) -> list[object]:
    """Every driver, those of `quick` in every run though they are slow."""
    return [
        pytest.param(made, id=name, marks=pytest.mark.slow if name in SLOW and name not in quick else ())
        for name, made in DRIVERS.items()
        if name not in without
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Made], Stand]]:
    """Stands that are put up once and serve every test, one of each driver."""
    with ExitStack() as stack:

        @functools.cache
        def stand_of(made: Made) -> Stand:
            return stack.enter_context(made(tmp_path_factory.mktemp("stand")))

        yield stand_of


@pytest.fixture
def stand(request: pytest.FixtureRequest, tmp_path: Path, kept: Callable[[Made], Stand]) -> Iterator[Stand]:
    """A headband that is on and not started; whoever drives it by BrainFlow, which does not get over all, anew."""
    if request.param in [DRIVERS[name] for name in SLOW]:
        with request.param(tmp_path) as made:
            yield made
        return
    there = kept(request.param)
    yield there
    there.headband.stop()


every_driver = pytest.mark.parametrize("stand", rows(), indirect=True)


@every_driver
def test_its_calls_may_come_in_any_order(stand: Stand) -> None:
    headband = stand.headband
    headband.stop()
    assert headband.read() == ()
    assert begun(stand)
    headband.stop()
    headband.stop()
    assert headband.read() == ()
    assert begun(stand)[0].first < stand.hz


@pytest.mark.parametrize("stand", rows(quick={"muse_2 brainflow"}), indirect=True)
def test_samples_are_those_that_were_taken_at_their_index_and_time(stand: Stand) -> None:
    chunks = [*begun(stand), *read_for(stand, 2.5)]
    assert wrong(stand, chunks) == 0
    assert lost(chunks) == 0
    assert all(later.first == earlier.end for earlier, later in pairwise(chunks))
    assert chunks[-1].end - chunks[0].first > 2 * stand.hz
    times = [chunk.at_ns for chunk in chunks[-10:]]
    assert times == sorted(set(times))
    assert abs(SystemClock().now_ns() - chunks[-1].time_of(chunks[-1].end)) < seconds(0.3)
    taken_ns = stand.taken_ns(chunks[-1].first)
    if taken_ns is not None:
        assert abs(chunks[-1].at_ns - taken_ns) < seconds(0.06)


@pytest.mark.parametrize("stand", rows(without=DO_NOT_COUNT), indirect=True)
def test_what_is_lost_is_counted_and_never_bridged(stand: Stand) -> None:
    before = [*begun(stand), *read_for(stand, 0.5)]
    stand.lose_some()
    after = [*before, *read_for(stand, 1.0)]
    assert wrong(stand, after) == 0
    assert lost(after) > 0
    calm = read_for(stand, 0.5)
    assert (wrong(stand, calm), lost(calm)) == (0, 0)


@pytest.mark.parametrize("stand", rows(without=MOTIONLESS), indirect=True)
def test_how_the_head_moves_comes_with_the_samples(stand: Stand) -> None:
    chunks = [*begun(stand), *read_for(stand, 1.5)]
    moved = [chunk.motion for chunk in chunks if chunk.motion]
    assert sum(one.end - one.first for one in moved) > 40
    assert [one.first for one in moved[1:]] == [one.end for one in moved[:-1]]
    last = moved[-1]
    assert abs(last.at_ns + (last.end - last.first) * last.period_ns - SystemClock().now_ns()) < seconds(0.4)
    steps = np.diff(np.hstack([one.gyro for one in moved])[0]) / np.float32(muse_device.GYRO_SCALE)
    assert np.median(np.abs(steps)) == pytest.approx(7, abs=0.1)
    assert np.isfinite(np.hstack([one.accel for one in moved])[:, 12:]).all()


@every_driver
def test_bad_radio_ends_nothing(stand: Stand, request: pytest.FixtureRequest) -> None:
    before = begun(stand)
    stand.spoil()
    bad = read_for(stand, 0.5)
    calm = read_for(stand, 1.0)
    assert calm[-1].end - calm[0].first > 0.6 * stand.hz
    assert calm[-1].time_of(calm[-1].end) > before[-1].at_ns + seconds(1)
    if request.node.callspec.id not in DO_NOT_COUNT:
        assert wrong(stand, [*bad, *calm]) == 0


@every_driver
def test_nothing_comes_after_it_was_stopped(stand: Stand) -> None:
    begun(stand)
    stand.headband.stop()
    wait(0.2)
    assert read_for(stand, 0.3) == []


@every_driver
def test_one_that_goes_is_noticed_and_one_that_comes_back_is_taken_again(stand: Stand) -> None:
    begun(stand)
    stand.leave()
    left = time.perf_counter()
    try:
        read_for(stand, 0.5)
        assert read_for(stand, 1.5) == []
    except HeadbandStopped as error:
        assert time.perf_counter() - left < 2
        assert one_sentence(str(error))
    stand.headband.stop()
    with pytest.raises(HeadbandMissing) as missing:
        stand.headband.start()
    assert one_sentence(str(missing.value))
    stand.headband.stop()
    stand.come_back()
    again = [*begun(stand), *read_until(stand, lambda chunks: len(chunks) > 3, 3.0)]
    assert wrong(stand, again) == 0


@pytest.mark.parametrize(
    "settings",
    [
        HeadbandSettings(board="crown"),  # type: ignore[arg-type]
        HeadbandSettings(board="ganglion", driver=Driver.DIRECT),  # type: ignore[arg-type]
        HeadbandSettings(board="cyton"),  # type: ignore[arg-type]
        HeadbandSettings(board="recording"),  # type: ignore[arg-type]
    ],
    ids=lambda settings: settings.board,
)
def test_a_wrong_setting_is_one_sentence_that_names_it(settings: HeadbandSettings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^headband\.[a-z_]+: ") as wrong_one:
        chosen(settings, SystemClock())
    assert one_sentence(str(wrong_one.value))


def one_sentence(said: str) -> bool:
    return "\n" not in said and 20 < len(said) < 300
