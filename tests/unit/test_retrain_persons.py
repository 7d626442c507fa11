"""Many persons: what is run for each, and what is told of how it ended."""

from pathlib import Path

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


def run(home: Path, *more: str) -> int:
    return cli.main(["retrain", "--home", str(home), "--cache", str(home / "cache"), *more])


def test_one_that_fails_is_the_code_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def train(told: Clinic, kits: list[str], _say: object) -> dict[str, dict[str, object]]:
        asked.append((told.threads, told.wishes, kits))
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


def test_what_is_meant_for_one_kit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--resume", "--persons") == 64
    assert "--resume cannot go with --persons; train that kit by itself" in capsys.readouterr().err
    assert run(tmp_path, "--persons") == 69
    assert "has no rows yet; fetch what a kit has written" in capsys.readouterr().err
