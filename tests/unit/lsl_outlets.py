"""What a kit gives out by Lab Streaming Layer, to a real inlet of mne-lsl; test_headband_stream.py runs this.

The headband's process plays a recording, `vybor headband stream` gives it out, and this is who listens: three
processes, on a loopback of their own, by the settings of lsl_api.cfg.
"""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from mne_lsl import lsl

from processes.stage import kit
from unit.cyton_desk import HandClock
from vybor.commands.headband.stream import Came, Telling, step
from vybor.contracts import messages as m
from vybor.doctor import listening
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock, seconds
from vybor.headband import giving
from vybor.headband.boards import BY_NAME
from vybor.headband.devices.lsl.outlets import Outlets
from vybor.headband.devices.playback.headband import PlayedHeadband
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.recorder.xdf import XdfFile
from vybor.headband.port import Chunk

CYTON, HZ = BY_NAME["cyton"], 250
LIMIT_S = 40.0
SCREEN = m.Screen(at_ns=1, offer=7, mode=m.Mode.WORDS, text="a secret", tiles=())


def felt(first: int, count: int) -> np.ndarray:
    """Each value says which sample of which channel it is."""
    return (np.arange(first, first + count) + 10_000.0 * np.arange(8)[:, None]).astype(np.float32)


def recorded(path: Path) -> Path:
    """Half a minute; of every two seconds the last fifth of one is lost."""
    with path.open("wb") as file:
        written = XdfFile(file, CYTON, "2026-01-01")
        for first in range(0, 30 * HZ, 500):
            at_ns, period_ns = round(first * 1e9 / HZ), 1e9 / HZ
            written.add(
                Chunk(first=first, microvolts=felt(first, 450), at_ns=at_ns, period_ns=period_ns, at_sd_ns=0)
            )
        written.close()
    return path


class Lab:
    """A kit that wears a headband and writes, and somebody who listens to what it gives."""

    def __init__(self, runtime: Path) -> None:
        self.clock = SystemClock()
        self.runtime = runtime
        self.core = Bus("core", runtime, self.clock)
        self.gaze = Bus("gaze", runtime, self.clock)
        self.screen = SCREEN
        self.at_ns = 0
        self.ear = listening.Ear(runtime, (m.Samples, m.Health), self.clock)
        self.said: dict[int, m.Samples] = {}
        self.troubles: set[m.Trouble] = set()

    def turn(self) -> None:
        """The screen and a look are said, and what the headband says is heard."""
        self.at_ns = self.clock.now_ns()
        self.core.publish(self.screen)
        point = m.GazePoint(x=0.25, y=0.75, sd_x=0.01, sd_y=0.02)
        self.gaze.publish(m.Gaze(at_ns=self.at_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point))
        for bus in (self.core, self.gaze):
            bus.receive(0)
            bus.tend()
        for each in self.ear.heard(0.02):
            if isinstance(each.message, m.Samples):
                self.said[each.message.first] = each.message
            elif isinstance(each.message, m.Health) and each.message.process == "headband":
                self.troubles = {notice.trouble for notice in each.message.troubles}

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.perf_counter() + LIMIT_S
        while not holds():
            assert time.perf_counter() < deadline, "it did not come"
            self.turn()

    def go_on(self, for_s: float) -> None:
        began_s = time.perf_counter()
        self.until(lambda: time.perf_counter() - began_s > for_s)

    def close(self) -> None:
        self.ear.close()
        self.core.close()
        self.gaze.close()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    path = recorded(tmp_path / "worn.xdf")
    settings = f'[headband]\nboard = "recording"\nrecording = "{path}"\n'
    with kit(tmp_path, "headband", settings=settings) as running, closing(Lab(running.runtime)) as found:
        yield found


def found(name: str) -> lsl.StreamInlet | None:
    """An inlet of the stream of this name, if it is sent."""
    there = lsl.resolve_streams(2.0, name=name)
    if not there:
        return None
    made = lsl.StreamInlet(there[0])
    made.open_stream(5.0)
    return made


def inlet(name: str, lab: Lab) -> lsl.StreamInlet:
    made: list[lsl.StreamInlet] = []

    def is_there() -> bool:
        lab.go_on(1.0)  # whoever searches stands still, and of a kit that stands still nothing is given
        made.extend(filter(None, [found(name)]))
        return bool(made)

    lab.until(is_there)
    return made[0]


def is_a_cyton(eeg: lsl.StreamInlet) -> bool:
    about = eeg.get_sinfo(5.0)
    names, units = about.get_channel_names(), about.get_channel_units()
    is_named = names == [f"CH{number}" for number in range(1, 9)] and set(units) == {"microvolts"}
    return is_named and (about.stype, about.sfreq, about.dtype) == ("EEG", HZ, np.float32)


def test_samples_of_a_recording_come_exact_with_their_names_and_times(tmp_path: Path) -> None:
    """Through the room's own form of a chunk and the command's own step."""
    hand, outlets = HandClock(), Outlets(SystemClock())
    hand.at_ns = SystemClock().now_ns()
    played = PlayedHeadband(opened(recorded(tmp_path / "worn.xdf")), hand)
    played.start()
    telling, true, eeg = Telling((m.Signal.EEG,)), {}, None
    for _ in range(12):
        hand.at_ns += seconds(0.25)
        for chunk in played.read():
            true |= {
                chunk.time_of(index): chunk.microvolts[:, index - chunk.first]
                for index in range(chunk.first, chunk.end)
            }
            telling, sent = step(telling, giving.samples(chunk, CYTON), Came(0, 0))
            for each in sent:
                outlets.send(each)
        eeg = eeg or found("vybor cyton")
        assert eeg is not None
    assert is_a_cyton(eeg)
    first_s = min(true) / 1e9
    rows, at_s = eeg.pull_chunk(timeout=1.0, max_samples=4096)
    there = np.isfinite(rows[:, 0])
    assert there.sum() > 400
    assert (~there).sum() == 50
    assert np.isnan(rows[~there]).all()
    assert np.abs(np.diff(at_s) - 1 / HZ).max() < 1e-6
    known = np.array(sorted(true)) / 1e9
    for row, at in zip(rows[there], at_s[there], strict=True):
        place = int(np.abs(known - at).argmin())
        assert abs(known[place] - at) < 1e-6
        assert row.tolist() == true[sorted(true)[place]].tolist()
    assert at_s[0] > first_s
    outlets.close()


def compared(rows: np.ndarray, at_s: np.ndarray, heard: dict[int, m.Samples]) -> None:
    """Each row with what its number says, and its time with what the kit said of it."""
    there = np.isfinite(rows[:, 0])
    indices = rows[there, 0].round().astype(int)
    assert len(indices) > HZ
    assert np.array_equal(rows[there], felt(0, 30 * HZ).T[indices])
    assert (~there).sum() >= 50
    assert np.isnan(rows[~there]).all()
    said = {
        index: (each.at_ns + (index - each.first) * each.period_ns) / 1e9
        for each in heard.values()
        for index in range(each.first, each.first + len(each.microvolts) // 32)
    }
    away_s = [at - said[index] for index, at in zip(indices, at_s[there], strict=True) if index in said]
    assert len(away_s) > HZ
    assert np.abs(away_s).max() < 1e-6
    assert np.abs(np.diff(at_s) - 1 / HZ).max() < 1e-6


@pytest.mark.slow
def test_a_real_inlet_gets_exact_amplitudes_names_and_times_and_no_word(lab: Lab) -> None:
    command = [sys.executable, "-m", "vybor", "headband", "stream", "--runtime", str(lab.runtime)]
    lab.until((lab.runtime / "headband.commands").is_socket)
    given = subprocess.Popen(command, env=os.environ, stderr=subprocess.PIPE, text=True)
    try:
        eeg, looks, events = (inlet(f"vybor {name}", lab) for name in ("cyton", "gaze", "events"))
        assert is_a_cyton(eeg)
        lab.go_on(2.5)
        assert m.Trouble.GIVEN_OUT in lab.troubles
        rows, at_s = eeg.pull_chunk(timeout=0.0, max_samples=4096)
        compared(rows, at_s, lab.said)

        points, _ = looks.pull_chunk(timeout=0.0)
        assert points[-1] == pytest.approx([0.25, 0.75, 0.01, 0.02, 1.0])
        lab.screen = m.Screen(at_ns=2, offer=8, mode=m.Mode.WORDS, text="a secret", tiles=(), private=True)
        told: list[str] = []

        def is_private() -> bool:
            told.extend(row[0] for row in events.pull_chunk(timeout=0.0)[0])
            return bool(told) and json.loads(told[-1]) == {"event": "private"}

        lab.until(is_private)
        private_ns = lab.at_ns
        lab.go_on(1.0)
        _, later_s = looks.pull_chunk(timeout=0.0)
        assert max(later_s, default=0.0) <= private_ns / 1e9
        assert eeg.pull_chunk(timeout=0.0)[0].size
        assert "secret" not in "".join(told)
    finally:
        given.send_signal(signal.SIGINT)
        _, said_last = given.communicate(timeout=20)
    assert given.returncode == 0, said_last
    assert "choices are not among the events" in said_last
    lab.until(lambda: m.Trouble.GIVEN_OUT not in lab.troubles)
    assert math.isfinite(points[0][0])
