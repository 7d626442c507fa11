"""An evaluation that was ended in its midst: what it has measured stays, and the next one goes on from there."""

import json
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import vybor_workshop.evaluate
from unit.evaluate_person import KIT, make, some, words
from vybor.foundation.errors import PlaceError
from vybor_workshop import cli, growth
from vybor_workshop.evaluate import evaluating, finished, keeping, offering, texts, variety
from vybor_workshop.evaluate.figures import Found, Unit, Who
from vybor_workshop.evaluate.keeping import Evaluation
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.subject import EvaluationError, Subject
from vybor_workshop.growth import Growth
from vybor_workshop.log.data_set import DataSet
from world import tiny_adapter

SENTENCES = 4
OF_THE_NETWORK = 6
"""Three parts of two models."""
KILLED_AT = OF_THE_NETWORK + 2
"""So many parts are kept: the network's, and two sentences under the factory model."""
KILLS_ITSELF = """
import os, signal, sys
from vybor_workshop import cli
from vybor_workshop.evaluate import finished
kept, left = finished.small_files.write_bytes, [int(sys.argv.pop(1))]
def write(path, *rest, **how):
    left[0] -= path.name == "measured.json"
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    kept(path, *rest, **how)
finished.small_files.write_bytes = write
cli.main(sys.argv[1:])
"""
TAKE_TIME = (Name.OFFER_MS, Name.DECODE)


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, a word list, and texts of others."""
    folder = tmp_path_factory.mktemp("around")
    tiny_adapter.write(folder / "model")
    words(folder / "words.sqlite")
    (folder / "others.txt").write_text("the thing then\nthank you so much\nI would like the tea\n")
    (folder / "general.txt").write_text("then the thing\nthe end of it\n")
    return folder


def workstation(folder: Path) -> tuple[Path, Growth]:
    """A home with rows of the kit, and a growth."""
    DataSet(str(folder / "data"), folder).put(
        f"rows/kit={KIT}/stale.json", msgspec.json.encode({"kit": KIT, "deletions": []})
    )
    return folder, make(folder, seed=5)


def command(home: Path, around: Path, sentences: int = SENTENCES) -> list[str]:
    of = f"--model {around}/model --words {around}/words.sqlite --others {around}/others.txt"
    how = f"--general {around}/general.txt --sentences {sentences} --threads 1"
    return shlex.split(f"evaluate --home {home} {of} {how}")


def killed(home: Path, around: Path) -> None:
    """A whole process, by a signal that nobody can catch."""
    told = [sys.executable, "-c", KILLS_ITSELF, str(KILLED_AT), *command(home, around)]
    assert subprocess.run(told, capture_output=True, timeout=120, check=False).returncode == -signal.SIGKILL


def counted(monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> list[str]:
    """One more letter each time that this is called."""
    calls: list[str] = []
    its: Callable[..., object] = getattr(where, name)

    def called(*given: object, **how: object) -> object:
        calls.append(name)
        return its(*given, **how)

    monkeypatch.setattr(where, name, called)
    return calls


def figures(evaluation: Evaluation) -> dict[Name, evaluating.Figure]:
    """Those that no machine makes faster or slower."""
    return {name: its for name, its in evaluation.figures.items() if name not in TAKE_TIME}


@pytest.mark.slow
def test_killed_in_its_midst_it_goes_on_and_finds_the_same(
    tmp_path: Path, around: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, grown = workstation(tmp_path / "killed")
    killed(home, around)
    assert not grown.evaluation.exists()
    assert grown.measured.stat().st_mode & 0o777 == 0o600
    parts = json.loads(grown.measured.read_bytes())["parts"]
    assert [*parts][-3:] == ["grown: beginnings", "factory: sentence 1", "factory: sentence 2"]
    assert len(parts) == KILLED_AT
    gone_on, offered = counted(monkeypatch, variety, "said"), counted(monkeypatch, offering, "offered")
    assert cli.main(command(home, around)) == 0
    assert f"{KILLED_AT} parts of it are kept" in capsys.readouterr().err
    assert gone_on == []
    assert len(offered) == 2 * SENTENCES - 2
    assert list(grown.folder.glob("*measured*")) == []
    assert cli.main(command(workstation(tmp_path / "whole")[0], around)) == 0
    assert "are kept" not in capsys.readouterr().err
    assert len(offered) == 4 * SENTENCES - 2
    (whole,) = (tmp_path / "whole").rglob("evaluation.json")
    assert figures(keeping.read(grown.evaluation)) == figures(keeping.read(whole))


@pytest.mark.slow
def test_what_was_measured_with_anything_else_is_measured_anew(
    tmp_path: Path, around: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, grown = workstation(tmp_path)
    killed(home, around)
    offered = counted(monkeypatch, offering, "offered")
    assert cli.main(command(home, around, SENTENCES - 1)) == 0
    assert "are kept" not in capsys.readouterr().err
    assert len(offered) == 2 * (SENTENCES - 1)
    assert not grown.measured.exists()


def test_what_comes_up_on_an_empty_line_is_not_kept(
    tmp_path: Path, around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, grown = workstation(tmp_path)
    asked = counted(monkeypatch, evaluating.measure.__globals__["kit"], "_on_an_empty_line")
    monkeypatch.setattr(finished.Kept, "remove", lambda _kept: None)
    assert cli.main(command(home, around)) == 0
    found = set(json.loads(grown.measured.read_bytes())["parts"])
    assert found == {
        f"{who}: {part}"
        for who in (Who.FACTORY, Who.GROWN)
        for part in (
            *("texts", "offers", "beginnings"),
            *(f"sentence {number}" for number in range(1, SENTENCES + 1)),
            *(f"text {number}" for number in range(1, 4)),
        )
    }
    assert cli.main(command(home, around)) == 0
    assert len(asked) == 4


def test_ended_by_its_owner_it_says_how_to_go_on(
    tmp_path: Path, around: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = workstation(tmp_path)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluating, "measure", interrupted)
    assert cli.main(command(home, around)) == 130
    assert "what was measured stays, and the same command goes on from there" in capsys.readouterr().err


def test_what_was_deleted_meanwhile_is_not_kept_again(
    tmp_path: Path, around: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, grown = workstation(tmp_path)
    offered: Callable[..., object] = offering.offered

    def deleted_meanwhile(*given: object, **how: object) -> object:
        assert grown.measured.exists()
        growth.forget(home, KIT, [(1, 9)])
        return offered(*given, **how)

    monkeypatch.setattr(offering, "offered", deleted_meanwhile)
    assert cli.main(command(home, around)) == EvaluationError.exit_code
    assert "had something deleted meanwhile, so nothing that was measured stays" in capsys.readouterr().err
    assert list(grown.folder.glob("*measured*")) == []
    assert not grown.evaluation.exists()


# --- the file ----------------------------------------------------------------------------------------------------

ONE: Found = {Name.KSR: [Unit(1.0, 4.0)], Name.DISTINCT_2: [Unit(pairs=(("a", "b"),))]}


def keep(path: Path, of: str = "this") -> list[str]:
    """What is said, when a part is there or made."""
    said: list[str] = []

    def make() -> Found:
        said.append("made")
        return ONE

    assert finished.Kept(path, of, said.append)("a part", make) == ONE
    return said


def test_a_part_is_made_once_and_anew_for_who_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    assert keep(path) == ["made"]
    assert keep(path) == ["an earlier evaluation was ended: 1 parts of it are kept, and it goes on there"]
    assert keep(path, of="that") == ["made"]
    assert keep(path) == ["made"]
    assert finished.anew("a part", lambda: ONE) == ONE


def test_a_file_that_is_damaged_is_none_and_one_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    keep(path)
    for damaged in (path.read_bytes()[:-9], b"", b"[]", b'{"of": "this", "parts": {"a part": {"no": []}}}'):
        path.write_bytes(damaged)
        assert keep(path) == ["made"]
    path.unlink()
    path.mkdir()
    with pytest.raises(PlaceError, match=r"measured\.json cannot be read or written .* and go on"):
        keep(path)
    with pytest.raises(PlaceError, match=r"measured\.json cannot be read or written .* and go on"):
        keep(tmp_path / "nowhere" / "measured.json")


def test_it_depends_on_all_that_figures_come_from(
    tmp_path: Path, around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make(tmp_path, seed=5), make(tmp_path, seed=6)
    subject = Subject(
        bundle=evaluating.bundle_for(around / "model"),
        adapters={Who.FACTORY: None, Who.GROWN: first.adapter},
        words=around / "words.sqlite",
        examples=some(),
        others=texts.of_file(around / "others.txt"),
        general=texts.of_file(around / "general.txt"),
    )
    its = finished.depends_on(subject)
    unlike = shutil.copyfile(subject.words, tmp_path / "words.sqlite")
    with unlike.open("ab") as opened:
        opened.write(b"\0")
    manifest = msgspec.structs.replace(subject.bundle.manifest, sha256={"weights.data": "f" * 64})
    others: dict[str, object] = {
        "bundle": msgspec.structs.replace(subject.bundle, manifest=manifest),
        "adapters": {Who.FACTORY: None, Who.GROWN: second.adapter},
        "words": unlike,
        "examples": some(held=9),
        "others": subject.general,
        "general": subject.others,
        "threads": 1,
        "most_written": 7,
    }
    found = {
        name: finished.depends_on(msgspec.structs.replace(subject, **{name: it})) for name, it in others.items()
    }
    assert len({its, *found.values()}) == 1 + len(others)
    predecessor = {Who.FACTORY: None, Who.PREDECESSOR: second.adapter, Who.GROWN: first.adapter}
    assert finished.depends_on(msgspec.structs.replace(subject, adapters=predecessor)) not in (
        its,
        *found.values(),
    )
    lists = msgspec.structs.replace(subject, listed=frozenset({"zora"}), private=("a secret",))
    assert finished.depends_on(lists) == its, "these concern the empty line, which is asked anew"
    copy = shutil.copytree(Path(vybor_workshop.evaluate.__path__[0]), tmp_path / "evaluate")
    monkeypatch.setattr(vybor_workshop.evaluate, "__path__", [str(copy)])
    assert finished.depends_on(subject) == its
    with (copy / "kit.py").open("a") as program:
        program.write("# another version\n")
    assert finished.depends_on(subject) != its
