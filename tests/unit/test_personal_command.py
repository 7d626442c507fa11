"""`vybor-workshop personal fit` and what it publishes, whole, on a model and words that are made in a second."""

import itertools
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pytest

from unit import log_kit
from unit.evaluate_person import words as word_list
from unit.grown_kit import KIT, Workshop
from unit.interest_record import of_days
from unit.test_model_build import RECIPE
from unit.test_personal_counts import habits, noise
from unit.versions_kit import Bus, Kit
from vybor.bundles import manifest, numbers
from vybor.bundles.manifest import Kind
from vybor.contracts import messages as m
from vybor.contracts.messages import Became, GrownState
from vybor.contracts.numbers import CountsNumbers
from vybor.generator.candidates import Proposer
from vybor.generator.network.bundle import open_bundle
from vybor.segments import rows as record
from vybor.segments.rows import Row
from vybor_workshop import cli, growth
from vybor_workshop.log.ingest import ingest
from vybor_workshop.model.recipe import Given, Recipe
from vybor_workshop.personal import keeping
from vybor_workshop.personal.record import Said
from vybor_workshop.publish.record import of_growth
from world import grown, tiny_adapter, tiny_model

ZEROS = "0" * 64


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model and a word list."""
    folder = tmp_path_factory.mktemp("around")
    tiny_adapter.write(folder / "model")
    word_list(folder / "words.sqlite")
    return folder


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def take_in(workshop: Workshop, rows: Iterable[Row]) -> None:
    for _, some in itertools.groupby(rows, key=lambda row: row.boot):
        ingest([log_kit.segment(list(some))], log_kit.KEYS, workshop.data, lambda _: None)


def say(workshop: Workshop, said: Sequence[Said]) -> None:
    """The kit writes that down, a boot a day, and it is taken in."""
    for boot, (day, some) in enumerate(itertools.groupby(said, key=lambda each: each.day), 2):
        writer = log_kit.Writer(day=day, boot=boot, session=day)
        for each in some:
            writer.say(each.text.rstrip("."))
        take_in(workshop, writer.rows)


def choose(workshop: Workshop, decisions: Sequence[m.Decision]) -> None:
    """The same of choices as they are; a session is a boot."""
    for boot, (session, some) in enumerate(itertools.groupby(decisions, key=lambda each: each.session), 2):
        writer = log_kit.Writer(day=f"2026-03-{boot:02}", boot=boot, session=session)
        for decision in some:
            writer.row(record.Kind.DECISION, decision)
        take_in(workshop, writer.rows)


def run(workshop: Workshop, *words: str) -> int:
    return cli.main([*words, "--home", str(workshop.home.folder)])


def fit(workshop: Workshop, around: Path, part: str) -> int:
    more = ("--model", str(around / "model")) if part == "interest" else ()
    return run(workshop, "personal", "fit", "--part", part, "--words", str(around / "words.sqlite"), *more)


def test_the_base_of_interest_is_had_as_that_of_a_training(
    workshop: Workshop, around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recipe of the owner's, with weights of theirs."""
    choose(workshop, of_days(4, right=True).kept)
    recipe = workshop.home.folder / "own.toml"
    recipe.write_text(RECIPE.format(word="like"))
    asked: list[object] = []

    def build(wanted: Recipe, *rest: object) -> Path:
        asked.append((wanted.name, rest[-1]))
        return around / "model"

    monkeypatch.setattr("vybor_workshop.model.build.build", build)
    of = (
        "--recipe",
        str(recipe),
        "--source",
        "weights",
        "--accept-terms",
        "--words",
        str(around / "words.sqlite"),
    )
    run(workshop, "personal", "fit", "--part", "interest", *of)
    assert asked == [("own", Given(source=Path("weights"), accepts_terms=True))]


def test_from_a_record_to_the_kit_and_the_next_fit(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(workshop, habits(240))
    assert fit(workshop, around, "counts") == 0
    out, err = capsys.readouterr()
    assert "counts 0001 may be published: `vybor-workshop publish --kind counts`" in out
    assert "(everybody: 0.1, 0.15, 0.3)" in out
    assert "what was said is surely no more surprising than by everybody's numbers" in out
    assert not re.search(r"[a-z]_[a-z]|factory|\(\d", out.replace(str(workshop.home.folder), "")), "in words"
    assert "read 100 of" in err
    (where,) = growth.growths(workshop.home.folder, KIT, Kind.COUNTS)
    assert growth.growths(workshop.home.folder, KIT) == [], "a fit is no growth"
    assert (where.folder / "numbers.json").stat().st_mode & 0o777 == 0o600
    assert "Zora" not in (where.folder / "fit.json").read_text() + out
    assert run(workshop, "publish", "--kind", "counts") == 0
    assert "counts 0001 is signed for kitchen as number 1 (0.0 MB)" in capsys.readouterr().out
    (path,) = workshop.kit.outgoing.glob("*.bundle")
    opened = workshop.opened(path)
    assert (opened.manifest.kind, opened.manifest.base, opened.manifest.growth) == (Kind.COUNTS, ZEROS, 1)
    found = numbers.read(Kind.COUNTS, opened.content()[numbers.FILE])
    assert isinstance(found, CountsNumbers)
    assert found != CountsNumbers()
    assert path.stat().st_size < 4096
    assert run(workshop, "publish", "--kind", "counts") == 65
    assert "the fit 0001 of counts was published already, as number 1" in capsys.readouterr().err
    workshop.became(Became(serial=1, state=GrownState.GOOD, choices=200, starts=3))
    assert run(workshop, "model", "grown") == 0
    told = capsys.readouterr().out
    assert "counts 0001  published" in told
    assert "number 1  counts, counts 0001, 0.0 MB  good, 200 choices" in told
    assert fit(workshop, around, "counts") == 1
    assert (
        "counts 0002: nothing sure was found (not so: the record asks for other numbers" in capsys.readouterr().out
    )
    newest = growth.growths(workshop.home.folder, KIT, Kind.COUNTS)[-1]
    assert keeping.read(newest).predecessor == 1
    workshop.became(Became(serial=1, state=GrownState.ROLLED_BACK))
    assert fit(workshop, around, "counts") == 0, "what the kit gave up is nobody's predecessor"


def test_what_was_judged_before_another_one_went_or_is_another_s_is_not_published(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(workshop, habits(240))
    assert fit(workshop, around, "counts") == fit(workshop, around, "counts") == 0
    assert run(workshop, "publish", "--kind", "counts", "--growth", "1") == 0
    assert run(workshop, "publish", "--kind", "counts") == 65
    told = capsys.readouterr().err
    assert "the fit 0002 of counts was judged against everybody's numbers, and what the kit" in told
    assert "goes on with is the fit 0001; fit it anew" in told
    assert run(workshop, "publish", "--kind", "counts", "--growth", "1", "--again") == 0
    where, its = _newest(workshop)
    moved = growth.above(workshop.home.folder, KIT, Kind.SIGNS) / "0001"
    shutil.copytree(where.folder, moved)
    assert run(workshop, "publish", "--kind", "signs") == 65
    assert "is a fit of counts of the kit" in capsys.readouterr().err
    (where.folder / keeping.FIT).write_bytes(msgspec.json.encode(msgspec.structs.replace(its, kit="f" * 32)))
    assert run(workshop, "publish", "--kind", "counts") == 65
    assert "of the kit ffff" in capsys.readouterr().err


def test_what_is_published_is_what_the_kit_wears(workshop: Workshop, around: Path, tmp_path: Path) -> None:
    say(workshop, habits(240))
    fit(workshop, around, "counts")
    run(workshop, "publish", "--kind", "counts")
    (path,) = workshop.kit.outgoing.glob("*.bundle")
    made = open_bundle(around / "model")
    (tmp_path / "kit/arrived").mkdir(parents=True)
    kit = Kit(tmp_path / "kit", Proposer(made, threads=1), Bus(), made.folder)
    verifies_with = bytes(workshop.workstation.signs.verify_key).hex()
    desk = msgspec.structs.replace(grown.DESK, verifies_with=verifies_with)
    kit.bus.paired = msgspec.structs.replace(kit.bus.paired, kit=KIT, workstation=desk)
    shutil.copy(path, kit.arrived / manifest.arrived_name(1))
    kit.until(lambda: kit.has.get(Kind.COUNTS) != CountsNumbers() and Kind.COUNTS in kit.has)
    fitted = keeping.numbers_of(*_newest(workshop))[0]
    assert kit.has[Kind.COUNTS] == fitted
    assert kit.told(1).state is GrownState.ON_TRIAL


def _newest(workshop: Workshop) -> tuple[growth.Growth, keeping.Fit]:
    where = growth.growths(workshop.home.folder, KIT, Kind.COUNTS)[-1]
    return where, keeping.read(where)


def test_what_is_not_sure_is_not_published(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vybor_workshop.personal.counts.LEAST_SENTENCES", 80)  # too few are kept back then
    say(workshop, noise(100))
    assert fit(workshop, around, "counts") == 1
    out = capsys.readouterr().out
    assert "nothing sure was found" in out
    assert "what the kit has goes on" in out
    assert run(workshop, "publish", "--kind", "counts") == 65
    assert "the fit 0001 of counts found nothing sure enough" in capsys.readouterr().err
    assert not list(workshop.kit.outgoing.glob("*.bundle"))
    run(workshop, "model", "grown")
    assert "counts 0001  not sure: not so: " in capsys.readouterr().out


def test_interest_is_read_from_the_same_rows_as_on_the_kit(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(workshop, of_days(10, right=True, sentences=20).kept)
    assert fit(workshop, around, "interest") == 1  # the words of a model of random numbers mean nothing
    out = capsys.readouterr().out
    assert "interest 0001: nothing sure was found" in out
    fitted = keeping.read(growth.growths(workshop.home.folder, KIT, Kind.INTEREST)[0])
    assert fitted.base_sha256 == tiny_model.BASE
    assert fitted.figures["choices"].value == 40
    assert fitted.figures["days"].value == 2
    assert run(workshop, "publish", "--kind", "interest") == 65


def test_too_little_of_one_part_keeps_nobody_from_the_other(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(workshop, habits(240))
    both = ("--model", str(around / "model"), "--words", str(around / "words.sqlite"))
    assert run(workshop, "personal", "fit", *both) == 0
    out, err = capsys.readouterr()
    assert "there are 0 choices of offered words" in err
    assert "counts 0001 may be published" in out


def test_what_was_deleted_since_makes_it_stale(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(workshop, habits(240))
    assert fit(workshop, around, "counts") == 0
    workshop.delete()
    assert run(workshop, "publish", "--kind", "counts") == 65
    assert "the fit 0001 of counts is stale: its person has deleted something" in capsys.readouterr().err
    run(workshop, "model", "grown")
    assert "may be published  stale: its person has deleted something since" in capsys.readouterr().out


def test_numbers_that_were_changed_by_hand_are_not_published(
    workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(workshop, habits(240))
    fit(workshop, around, "counts")
    (where,) = growth.growths(workshop.home.folder, KIT, Kind.COUNTS)
    for content, said in ((b"{}", "is not what was judged"), (b'{"half_grown": -1}', "numbers that cannot be")):
        (where.folder / "numbers.json").write_bytes(content)
        capsys.readouterr()
        assert run(workshop, "publish", "--kind", "counts") == 65
        assert said in capsys.readouterr().err
    (where.folder / "fit.json").write_text("{")
    assert run(workshop, "publish", "--kind", "counts") == 65
    assert "fit it anew with `vybor-workshop personal fit`" in capsys.readouterr().err
    assert of_growth(where) is None


def test_who_looks_for_a_fit_of_the_eyes_hears_where_it_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["personal", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "none of their eyes: looks stay on the kit" in told
    page = (Path(__file__).parents[2] / "deploy/docs/learning.md").read_text(encoding="utf-8")
    assert "Looks never leave the kit." in page


def test_bad_input_is_one_sentence(workshop: Workshop, around: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit(workshop, around, "counts") == 69
    assert "there is no data set in" in capsys.readouterr().err
    say(workshop, habits(20))
    for part, sentence in (
        ("counts", "there are 20 sentences to learn from what counts weigh, and 200 are needed"),
        ("interest", "there are 0 choices of offered words to learn interest from, and 100 are needed"),
        ("signs", "there are 0 signs of one kind of which it is known what came, and 100 are needed"),
    ):
        assert fit(workshop, around, part) == 65
        assert sentence in capsys.readouterr().err.splitlines()[-1]
        assert growth.growths(workshop.home.folder, KIT, part) == []
    around_it = ("--model", str(around / "model"), "--words", str(around / "words.sqlite"))
    assert run(workshop, "personal", "fit", *around_it) == 65
    assert capsys.readouterr().err.count(" are needed; wait until") == 3
    assert run(workshop, "publish", "--kind", "interest") == 69
    told = capsys.readouterr().err
    assert "nothing of interest was fitted for the kit" in told
    assert "yet; fit it with `vybor-workshop personal fit`" in told
    with pytest.raises(SystemExit):
        run(workshop, "personal", "fit", "--part", "blinks")
    assert "invalid choice" in capsys.readouterr().err


def test_who_is_killed_while_it_is_kept_leaves_nothing_half_made(
    workshop: Workshop, around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(workshop, habits(240))
    encode = msgspec.json.encode

    def interrupted(value: object) -> bytes:
        if isinstance(value, keeping.Fit):
            raise KeyboardInterrupt
        return encode(value)

    monkeypatch.setattr(keeping.msgspec.json, "encode", interrupted)
    assert fit(workshop, around, "counts") == 130
    monkeypatch.undo()
    assert growth.growths(workshop.home.folder, KIT, Kind.COUNTS) == []
    assert fit(workshop, around, "counts") == 0
