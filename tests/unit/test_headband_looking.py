"""`vybor headband quality`: how electrodes sit, of a kit that runs and of a headband alone, in words that help."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import pytest
import zmq

from unit.cyton_desk import HandClock
from unit.headband_replay import CYTON, chunk, felt
from vybor import cli
from vybor.commands.headband import quality as looking
from vybor.commands.headband.quality import Reading, Sits
from vybor.contracts import messages as m
from vybor.contracts import wire
from vybor.contracts.messages import ElectrodeAt, ElectrodeState
from vybor.doctor import listening
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.headband.devices.recorder.xdf import XdfFile
from vybor.headband.port import HeadbandMissing

GOOD = tuple(m.Electrode(at=at, state=ElectrodeState.GOOD) for at in ElectrodeAt)
LOOSE = (msgspec.structs.replace(GOOD[0], state=ElectrodeState.LOOSE), *GOOD[1:])
BOARD = {"board": "muse_2", "driver": "the kit's own driver", "battery": 79.6}


@contextmanager
def saying(runtime: Path, *messages: m.AnyMessage) -> Iterator[None]:
    """A headband's part that says these things again and again, each time as new."""
    over, clock = threading.Event(), SystemClock()

    def say() -> None:
        bus = Bus("headband", runtime, clock)
        begun.set()
        while not over.is_set():
            for message in messages:
                bus.publish(msgspec.structs.replace(message, at_ns=clock.now_ns()))
            bus.receive(0.05)
        bus.close()

    begun = threading.Event()
    speaker = threading.Thread(target=say)
    speaker.start()
    begun.wait(5)
    try:
        yield
    finally:
        over.set()
        speaker.join()


def test_the_kit_tells_and_the_command_s_end_says_whether_all_can_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["headband", "quality", "--once", "--runtime", str(tmp_path)]
    with saying(tmp_path, m.Worn(at_ns=1, electrodes=GOOD, **BOARD)):
        assert cli.main(asked) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a muse_2, by the kit's own driver; battery 80 %",
        "  left forehead   good",
        "  right forehead  good",
        "  left jaw        good",
        "  right jaw       good",
    ]
    with saying(tmp_path, m.Worn(at_ns=1, electrodes=LOOSE, **BOARD)):
        assert cli.main([*asked, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["electrodes"][0]["state"] == "loose"
    assert "moisten the skin" in said["electrodes"][0]["says"]
    assert (said["board"], said["battery"]) == ("muse_2", 79.6)


def test_a_headband_that_has_stopped_is_said_with_its_reason(tmp_path: Path) -> None:
    notice = m.Notice(process="headband", trouble=m.Trouble.HEADBAND_STOPPED, detail="it sends nothing; charge it")
    health = m.Health(at_ns=1, process="headband", pid=1, troubles=(notice,))
    with saying(tmp_path, health, m.Worn(at_ns=1)):
        readings = looking.of_kit(tmp_path, SystemClock())
        reading = next(each for each in islice(readings, 20) if each.trouble)
        readings.close()
    assert list(looking.lines(reading)) == ["no samples: it sends nothing; charge it"]
    assert not reading.is_enough


def test_a_kit_that_wears_none_says_how_to_name_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "SILENT_S", 0.5)
    with saying(tmp_path, m.Health(at_ns=1, process="headband", pid=1)):
        asked = ["headband", "quality", "--runtime", str(tmp_path)]
        assert cli.main(asked) == HeadbandMissing.exit_code
    assert capsys.readouterr().err == f"vybor: {looking.NOT_WORN}\n"


# --- by itself --------------------------------------------------------------------------------------------


def alone(folder: Path, microvolts: np.ndarray) -> Iterator[Reading]:
    path, clock = folder / "worn.xdf", HandClock()
    with path.open("wb") as file:
        written = XdfFile(file, CYTON, "2026-01-01")
        written.add(chunk(0, microvolts))
        written.close()

    def wait(duration_s: float) -> None:
        clock.at_ns += seconds(duration_s)

    return looking.of_headband(HeadbandSettings(board=Board.RECORDING, recording=str(path)), clock, wait)


def test_without_a_kit_the_headband_itself_is_looked_at_once_it_can_be_believed(tmp_path: Path) -> None:
    skin = felt([], 12)
    skin[0, CYTON.hz :] = 0.0  # unplugged after a second
    readings = alone(tmp_path, skin)
    reading = looking.once(readings)
    assert looking.SETTLED_S <= reading.at_s <= looking.SETTLED_S + 1.5
    assert [each.state for each in reading.electrodes] == [ElectrodeState.FLAT, *[ElectrodeState.GOOD] * 3]
    assert (reading.board, reading.driver, reading.why) == ("cyton", "playback", "it plays a recording")
    apart_s = [after.at_s - before.at_s for before, after in [(reading, next(readings))]]
    assert apart_s == pytest.approx([looking.EVERY_S], abs=0.05)


def test_where_no_headband_is_set_or_comes_it_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(HeadbandMissing, match="none is set up; name one"):
        next(looking.of_headband(HeadbandSettings(), HandClock(), print))
    clock = HandClock()

    def wait(duration_s: float) -> None:
        clock.at_ns += seconds(max(0.05, duration_s))

    lone = HeadbandSettings(board=Board.CYTON, serial_port=str(tmp_path / "port"))
    with pytest.raises(HeadbandMissing, match="no samples come: "):
        looking.once(looking.of_headband(lone, clock, wait))


def test_every_state_has_words_that_help() -> None:
    assert set(looking.SAYS) == set(ElectrodeState)
    ill = [looking.SAYS[state] for state in ElectrodeState if state not in looking.ENOUGH]
    assert len(set(ill)) == len(ill)


def test_on_a_terminal_each_reading_stands_over_the_one_before() -> None:
    readings = [Reading(at_s=place / 2, electrodes=(Sits(e.at, e.state, "good"),)) for place, e in enumerate(GOOD)]
    told = list(looking.shown(iter(readings), as_json=False, in_place=True))
    assert told[0] == "  left forehead   good"
    assert told[1] == "\x1b[1F\x1b[J  right forehead  good"
    as_lines = list(looking.shown(iter(readings), as_json=True, in_place=True))
    assert [json.loads(line)["at_s"] for line in as_lines] == [0.0, 0.5, 1.0, 1.5]


def test_who_listens_hears_a_part_that_starts_later_and_passes_over_noise(tmp_path: Path) -> None:
    good = wire.pack(wire.Envelope("headband", 1, 1, m.Worn(at_ns=7)))
    with closing(listening.Ear(tmp_path, (m.Worn,), SystemClock())) as ear:
        assert ear.hears == ()
        assert list(ear.heard(0.0)) == []
        with zmq.Context() as context, context.socket(zmq.PUB) as late:
            late.bind(f"ipc://{tmp_path / 'headband'}")
            for _ in range(40):
                for frame in (b"Worn \xc1", good[:-2], good):
                    late.send(frame)
                if heard := list(ear.heard(0.1)):
                    break
    assert [each.message for each in heard] == [m.Worn(at_ns=7)] * len(heard)
    assert heard
