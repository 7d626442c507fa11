"""Many persons: what is run for each, and what is told of how it ended."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from vybor_workshop import cli
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.retrain import clinic
from vybor_workshop.retrain.clinic import Clinic

KITS = ["a" * 32, "b" * 32]


def test_a_job_makes_examples_and_trains_on_them() -> None:
    told = Clinic(
        data="s3://rows",
        home=Path("/h"),
        cache=Path("/c"),
        threads=2,
        base=("--recipe", "x"),
        wishes=("--seed", "4"),
    )
    job = told.job(KITS[0])
    makes, trains = job["commands"]  # type: ignore[misc]  # of a job that is meant for JSON
    assert makes[3:] == [*f"dataset {KITS[0]} --show 0 --data s3://rows --recipe x --home /h --cache /c".split()]
    assert trains[3:] == [*f"retrain {KITS[0]} --data s3://rows --recipe x --seed 4 --home /h --cache /c".split()]
    parsed = [cli.parser().parse_args(command[3:]) for command in (makes, trains)]
    assert [each.kit for each in parsed] == [KITS[0], KITS[0]]


def test_how_it_ended_is_a_line() -> None:
    assert clinic.told({"kit": "a", "code": 0, "said": "/h/grown/a/0001/adapter"}) == "a: /h/grown/a/0001/adapter"
    assert clinic.told({"kit": "a", "code": 65, "said": "vybor-workshop: too few"}) == "a: too few"
    assert clinic.told({"kit": "a", "code": 9, "said": ""}) == "a: 9"


class Lost(Exception):
    """As Ray tells that the machine of a job is gone."""


class Ray(ModuleType):
    """What of Ray hands out jobs: one after another, here. The first one's machine is lost."""

    exceptions = SimpleNamespace(RayError=Lost)
    cloudpickle = SimpleNamespace(register_pickle_by_value=lambda module: None)
    ObjectRef = object

    def __init__(self) -> None:
        super().__init__("ray")
        self.init = self.shutdown = lambda **told: None
        self.cluster_resources = dict
        self.wait = lambda refs: (refs[:1], refs[1:])
        self.given: list[tuple[object, ...]] = []

    def remote(self, do: Callable[..., object]) -> SimpleNamespace:
        self.do = do
        return SimpleNamespace(options=lambda **wants: SimpleNamespace(remote=self.hand_out))

    def hand_out(self, *job: object) -> int:
        self.given.append(job)
        return len(self.given) - 1

    def get(self, ref: int) -> object:
        if ref == 0:
            raise Lost("a trace\nthe machine is gone")
        return self.do(*self.given[ref])


def test_one_whose_machine_is_lost_or_that_cannot_be_started_ends_none_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", Ray())
    persons = importlib.import_module("vybor_workshop.retrain.trainer.persons")
    commands = ([["echo", "never"]], [["/nowhere/python"]], [["echo", "an adapter"]])
    jobs = [{"kit": kit, "commands": each} for kit, each in zip("abc", commands, strict=True)]
    told = tmp_path / "jobs.json"
    told.write_text(json.dumps({"address": "", "threads": 1, "environ": {}, "jobs": jobs}))
    persons.main([str(told)])
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["kit"], each["code"]) for each in events] == [("a", 70), ("b", 70), ("c", 0)]
    assert [each["said"] for each in events] == [
        "Lost: the machine is gone",
        "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/python'",
        "an adapter",
    ]


def run(home: Path, *more: str) -> int:
    return cli.main(["retrain", "--home", str(home), "--cache", str(home / "cache"), *more])


def test_one_that_fails_is_the_code_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []
    named: list[object] = []

    def train(told: Clinic, kits: list[str], _say: object) -> dict[str, dict[str, object]]:
        asked.append((told.threads, told.wishes, kits))
        named.append((told.data, told.base))
        return {kit: {"kit": kit, "code": 65 * (kit == KITS[1]), "said": "so it went"} for kit in kits}

    monkeypatch.setattr(clinic, "train", train)
    monkeypatch.setattr(DataSet, "kits", lambda _: KITS)
    assert run(tmp_path, "--seed", "4", "--learning-rate", "0.01", "--persons") == 65
    assert capsys.readouterr().out.splitlines() == [f"{kit}: so it went" for kit in KITS]
    assert run(tmp_path, "--threads", "1", "--persons", "a") == 0
    assert asked == [
        (2, ("--seed", "4", "--learning-rate", "0.01", "--threads", "2"), KITS),
        (1, ("--threads", "1"), KITS[:1]),
    ]
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, "--data", "rows", "--recipe", "own.toml", "--source", "weights", "--persons", "a") == 0
    base = ("--recipe", str(tmp_path / "own.toml"), "--source", str(tmp_path / "weights"))
    assert named[-1] == (str(tmp_path / "rows"), base), "jobs run in other folders"


def test_what_is_meant_for_one_kit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--resume", "--persons") == 64
    assert "--resume cannot go with --persons; train that kit by itself" in capsys.readouterr().err
    assert run(tmp_path, "--persons") == 69
    assert "there is no data set in" in capsys.readouterr().err
