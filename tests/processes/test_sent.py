"""From the workstation's queue to where the generator looks, with a real sshd and a real rsync, cut and killed."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from vybor.commands.records import eject
from vybor.contracts import messages as m
from vybor.foundation.bus import Asked, Bus
from vybor.foundation.clock import SystemClock
from vybor_workshop import cli
from vybor_workshop.kits.fetching import NotReached
from vybor_workshop.kits.home import note
from vybor_workshop.publish import record
from world import strangers
from world.beside import Beside, beside
from world.cutting import Wire
from world.sent import Way, killed

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """A paired kit; tests leave nothing that waits."""
    with beside(tmp_path_factory.mktemp("beside")) as made:
        made.pair()
        made.wait_for_door()
        yield Way(made)


def inbox(desk: Beside) -> list[str]:
    return sorted(path.name for path in (desk.kit.state / "sync" / "inbox").iterdir())


def test_it_is_sent_once_and_arrives_whole(way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    one = way.publish()
    command = ["sync", "--home", str(way.desk.home.folder)]
    assert cli.main(command) == 0
    assert f"kitchen: sent as number {one.serial}: " in capsys.readouterr().out
    way.desk.wearer.until(lambda: way.has_arrived(one.serial))
    way.desk.wearer.until(lambda: inbox(way.desk) == [])
    assert cli.main(command) == 0
    assert "sent as" not in capsys.readouterr().out
    assert record.all_of(way.desk.home.folder, way.number)[-1].by == "network"


def test_what_the_generator_has_taken_lies_there_no_more(way: Way) -> None:
    generator = Bus("generator", way.desk.kit.runtime, CLOCK)
    try:
        one = way.publish(50_000)
        way.send()

        def is_gone() -> bool:
            for arrival in generator.receive(0.05):
                if isinstance(arrival, Asked) and isinstance(arrival.command, m.TellGrown):
                    became = m.Became(serial=one.serial, state=m.GrownState.ON_TRIAL)
                    told = m.GrownTold(request=arrival.command.request, model="x", grown=(m.Grown(became=became),))
                    generator.answer(arrival, told)
            generator.tend()
            return bool(inbox(way.desk) == [] and not way.arrived(one.serial).exists())

        way.desk.wearer.until(lambda: way.has_arrived(one.serial))
        way.desk.wearer.until(is_gone, 45)
    finally:
        generator.close()


def test_what_was_cut_off_is_gone_on_with(way: Way) -> None:
    one = way.publish(12_000_000)
    wire, port = Wire(way.desk.port), way.desk.paired.card.port
    try:
        note(way.desk.paired, port=wire.port)
        wire.cut_after(9_000_000, wire.tear)
        with pytest.raises(NotReached):
            way.send()
        way.desk.wearer.until(lambda: inbox(way.desk) == [one.bundle])
        assert not way.arrived(one.serial).exists()
        before = wire.carried
        wire.leave()
        way.send()
        assert wire.carried - before < 6_000_000, "most of it was there already"
        way.desk.wearer.until(lambda: way.has_arrived(one.serial))
    finally:
        note(way.desk.paired, port=port)
        wire.close()


def test_killed_anywhere_on_its_way_it_is_there_whole_or_not_there(way: Way) -> None:
    """A few kills, a second each with all processes of the kit; `deploy/bench retrain` kills a hundred times."""
    told = killed(way, random.Random(3), 3)
    assert (told["halves"], told["lost"]) == (0, 0)
    for who in ("publish", "rsync", "sync"):
        assert told[f"killed.{who}"] + told[f"killed.{who}.missed"] == 1
    assert told["killed.sync"] == 1, "it runs as long as the kit does"


def test_a_stranger_s_key_sends_nothing(way: Way, tmp_path: Path) -> None:
    (tmp_path / "55555555-000900-1.bundle").write_bytes(b"x")
    at = f"{strangers.at(way.desk.paired)}:/"
    assert strangers.rsync(way.desk.paired, "read_key", f"{tmp_path}/", at).returncode != 0
    assert not way.arrived(900).exists()


def test_a_stick_carries_it_too(way: Way, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    way.desk.agree()

    def ejected() -> list[str]:
        return list(eject.ejected(way.desk.places, tmp_path, CLOCK, way.desk.said.append))

    ejected()
    one = way.publish(50_000)
    assert cli.main(["sync", "--home", str(way.desk.home.folder), "--from", str(tmp_path)]) == 0
    assert f"kitchen: laid on the stick as number {one.serial}" in capsys.readouterr().out
    assert ejected()[0].startswith("sent by the workstation, and taken: 1")
    assert way.has_arrived(one.serial)
    assert list((tmp_path / f"vybor-{way.number}" / "inbox").iterdir()) == []
