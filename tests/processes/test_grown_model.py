"""A whole model that the workstation sends, in real processes: it takes the place of the one as it came."""

import random
import time
from pathlib import Path

import pytest

from processes.test_grown import Life, life
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from world import grown, tiny_adapter

KILLS = 40


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    tiny_adapter.write(folder / "model")
    return folder


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], dict[str, Path]]:
    folder = tmp_path_factory.mktemp("wholes")
    return grown.whole(folder / "one"), grown.whole(folder / "two", 5)


def send(person: Life, serial: int, whole: dict[str, Path]) -> None:
    grown.sent(
        person.kit.state / "arrived",
        serial,
        whole,
        kind=Kind.MODEL,
        base=grown.OTHER_BASE,
        kit=person.number_of_kit,
    )


def test_it_is_loaded_while_somebody_writes_and_given_back(
    share: Path, wholes: tuple[dict[str, Path], dict[str, Path]], tmp_path: Path
) -> None:
    factory = {path.name: path.read_bytes() for path in (share / "model").iterdir()}
    with life(tmp_path, share) as person:
        plain = person.model()
        send(person, 3, wholes[0])
        other = person.until_worn(plain)
        assert other.startswith("other4-")
        assert "*       3  whole model other4, on trial" in person.listed()
        person.kit.kill("generator")
        person.kit.start("generator")
        assert person.model() == other
        told = person.asked("generator", m.WearGrown(request=person.request()))
        assert isinstance(told, m.GrownTold)
        assert (told.model, person.model()) == (plain, plain)
        assert "Traceback" not in person.kit.log("generator") + person.kit.log("journal")
    assert {path.name: path.read_bytes() for path in (share / "model").iterdir()} == factory


@pytest.mark.slow
def test_it_wears_what_goes_with_it_and_both_are_good(
    share: Path, wholes: tuple[dict[str, Path], dict[str, Path]], tmp_path: Path
) -> None:
    with life(tmp_path, share) as person:
        plain = person.model()
        person.take(plain, 5)
        send(person, 3, wholes[0])
        before = person.until_worn(plain)
        adapter = grown.files(tmp_path / "adapter", base=grown.OTHER_BASE)
        grown.sent(person.kit.state / "arrived", 4, adapter, kit=person.number_of_kit, base=grown.OTHER_BASE)
        worn = person.until_worn(before)
        assert worn.startswith(f"{before}+")
        person.take(worn, 12)
        assert "*       4  good" in person.until_listed("4  good")
        assert "*       3  whole model other4, good" in person.listed()
        assert person.listed("use", "factory").splitlines()[0].startswith("*")
        assert person.model() == plain
        assert "goes with 3" in person.listed("use", "4")
        assert person.model() == worn
        assert f"model: {before}" in person.listed("rollback")


@pytest.mark.slow
def test_kills_while_models_come_leave_the_old_one_or_the_new_one(
    share: Path, wholes: tuple[dict[str, Path], dict[str, Path]], tmp_path: Path
) -> None:
    chance = random.Random(7)
    with life(tmp_path, share) as person:
        known = {person.model()}
        for serial in range(1, KILLS + 1):
            send(person, serial, wholes[serial % 2])
            time.sleep(chance.uniform(0, 3))
            person.kit.kill("generator")
            person.kit.start("generator")
            known.add(person.model())
        assert len(known) <= 3  # as it came, the one, the other
        assert person.listed().count("*") == 1
        assert "Traceback" not in person.kit.log("generator")
