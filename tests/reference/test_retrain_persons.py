"""A clinic: a job each on a real Ray cluster of this machine, from Parquet to adapters.

Needs the environments that tests/reference/environment.py makes.
"""

import os
from pathlib import Path

import pytest

from unit.dataset_person import Person
from unit.dataset_workshop import as_rows
from unit.log_kit import SIGNS, WORKSTATION, segment
from vybor_workshop import cli, growth
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.log import ingest
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.retrain.torch import QUEUES, TRAINS
from world import tiny_growth

REAL = cli.default_cache(os.environ)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (TRAINS.is_there(REAL) and QUEUES.is_there(REAL)), reason="make it with tests/reference/environment.py"
    ),
]
WRITES, WRITES_TOO, HARDLY_WRITES = ("a" * 32, "b" * 32, "c" * 32)


def wrote(data: DataSet, kit: str, sentences: int) -> None:
    person = Person()
    for number in range(sentences):
        person.take("I like")
        person.spell(f"tea{number}")
        person.speak()
    keys = KitKeys(kit, "a kit", SIGNS.verify_key, WORKSTATION)
    assert not ingest.ingest([segment(as_rows(person.rows, kit))], keys, data, lambda _: None).quarantined


def test_each_person_gets_an_adapter_or_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    recipe = tiny_growth.base(tmp_path / "base")
    names = ("materials", TRAINS.folder(REAL).name, QUEUES.folder(REAL).name)
    cache = tiny_growth.cache(tmp_path / "cache", REAL, *names)
    data = DataSet(str(home / "data"), tmp_path)
    for kit, sentences in ((WRITES, 40), (WRITES_TOO, 50), (HARDLY_WRITES, 3)):
        wrote(data, kit, sentences)
    options = ["--home", str(home), "--cache", str(cache), "--recipe", str(recipe), "--threads", "1"]
    code = cli.main(["retrain", "--persons", *options, "--learning-rate", "0.01", "--epochs", "1"])
    out, err = capsys.readouterr()
    print(out, err)
    assert code == 65
    assert [line.partition(":")[0] for line in out.splitlines()] == [WRITES, WRITES_TOO, HARDLY_WRITES]
    assert "3 of 3: " in err
    for kit in (WRITES, WRITES_TOO):
        (grown,) = growth.growths(home, kit)
        assert growth.state(grown) is growth.State.TRAINED
    assert growth.growths(home, HARDLY_WRITES) == []
    assert "sentences" in out.splitlines()[2]
