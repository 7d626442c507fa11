"""`vybor-workshop evaluate` and `gate`, whole, on a model that is made in a second."""

import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from unit.evaluate_person import KIT, good, make, some, words
from unit.test_gate import measured, stale_json
from unit.test_model_build import RECIPE
from vybor_workshop import cli, growth, json_files, meant
from vybor_workshop.dataset import card, examples
from vybor_workshop.dataset.rules import Reason
from vybor_workshop.evaluate import card_words, evaluating, keeping, plots, texts
from vybor_workshop.evaluate.specs import Name
from vybor_workshop.evaluate.words import LANGUAGES
from vybor_workshop.gate import keeping as gates
from vybor_workshop.gate.rules import RULES
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model.recipe import Given, Recipe
from world import tiny_adapter, tiny_model

EVERY_FILE = ("evaluation.json", "evaluation.html", "card.md", "plots/changes.png", "plots/perplexity.png")


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, a word list, and texts of others."""
    folder = tmp_path_factory.mktemp("around")
    tiny_adapter.write(folder / "model")
    words(folder / "words.sqlite")
    (folder / "others.txt").write_text("the thing then\nthank you so much\nI would like the tea\n")
    (folder / "general.txt").write_text("then the thing\nthe end of it\n")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workstation that has rows of the kit."""
    data = DataSet(str(tmp_path / "data"), tmp_path)
    data.put(f"rows/kit={KIT}/stale.json", msgspec.json.encode({"kit": KIT, "deletions": []}))
    return tmp_path


def run(home: Path, command: str, around: Path | None = None) -> int:
    of = f" --model {around}/model --words {around}/words.sqlite --others {around}/others.txt" if around else ""
    also = f" --general {around}/general.txt --sentences 4 --threads 1" if around else ""
    return cli.main(shlex.split(f"{command} --home {home}{of}{also}"))


def test_a_growth_is_measured_and_judged(home: Path, around: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grown = make(home, seed=5)  # with other dice the sentences become likelier by chance, and speed alone decides
    assert run(home, "evaluate", around) == 0
    out, err = capsys.readouterr()
    assert str(grown.page) in out
    told = r"{0}: written again: 4 of 4.*{0}: written again: (\d+) of \1 texts of other people.*{0}: looking at"
    first, second = (re.search(told.format(who), err, re.DOTALL) for who in ("factory", "grown"))
    assert first is not None
    assert second is not None
    assert first.end() < second.start()
    found = keeping.read(grown.evaluation)
    assert (found.held, found.written, found.predecessor) == (8, 4, 0)
    assert {Name.KSR, Name.RECIPROCAL_RANK, Name.PPL_ACCEPTED, Name.PPL_SPELLED} <= set(found.figures)
    assert found.figures[Name.PPL_OWN].factory != found.figures[Name.PPL_OWN].grown
    assert [name for name in EVERY_FILE if not (grown.folder / name).is_file()] == []
    assert (grown.folder / "evaluation.json").stat().st_mode & 0o777 == 0o600
    assert growth.state(grown) is growth.State.EVALUATED
    code = run(home, "gate")
    assert code == (0 if gates.read(grown.gate).passes else 1) == 1  # random weights are worth nothing to anybody
    assert "may not be published" in capsys.readouterr().out
    failed = [rule.rule for rule in gates.read(grown.gate).rules if not rule.holds]
    assert {"ppl-accepted", "ppl-spelled", "ppl-general"} <= set(failed)
    named = " ".join(f"--override {rule}" for rule in failed)
    assert run(home, f"gate {named} --because 'a test'") == 0
    assert f"{', '.join(failed)} overridden" in capsys.readouterr().out
    assert gates.passed(grown).because == "a test"
    assert run(home, "evaluate", around) == 0
    assert not grown.gate.exists()


class Loaded(HTMLParser):
    """What a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_base_is_had_as_it_was_for_the_training(
    home: Path, around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recipe of the owner's, with weights of theirs."""
    (home / "own.toml").write_text(RECIPE.format(word="like"))
    asked: list[object] = []

    def build(wanted: Recipe, *rest: object) -> Path:
        asked.append((wanted.name, rest[-1]))
        return around / "model"

    monkeypatch.setattr("vybor_workshop.model.build.build", build)
    grown = make(home, seed=5)
    options = f"--recipe {home}/own.toml --source weights --accept-terms --words {around}/words.sqlite"
    texts_of = f"--others {around}/others.txt --general {around}/general.txt --sentences 4 --threads 1"
    assert run(home, f"evaluate {options} {texts_of}") == 0
    assert asked == [("own", Given(source=Path("weights"), accepts_terms=True))]
    assert grown.evaluation.exists()


def test_page_and_card_fetch_nothing_and_quote_nobody(home: Path, around: Path) -> None:
    grown = make(home)
    assert run(home, "evaluate", around) == 0
    parser = Loaded()
    page, told = grown.page.read_text(), grown.model_card.read_text()
    parser.feed(page)
    assert parser.found
    assert all(each.startswith("data:image/png;base64,") for each in parser.found)
    for text in (page, told, grown.evaluation.read_text()):
        assert "zora" not in text.casefold()
        assert "London" not in text
    assert tiny_model.BASE in told
    assert f"kit {KIT}, growth 0001" in page, "nobody has named it"
    assert "- to learn from" not in told, "this one tells of no parts"
    assert "language model 100" in told, "by the words of `vybor authorship`"


def test_a_page_in_russian_has_not_one_sentence_in_english_and_the_name_of_the_kit(
    home: Path, around: Path
) -> None:
    folder = home / "kits" / KIT
    folder.mkdir(parents=True)
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # the first of RFC 8032's tests
    folder.joinpath("kit.toml").write_text(
        f'name = "Аня"\nhost = "h"\nport = 1\nuser = "u"\nkit = "{KIT}"\npaired_at = ""\nverifies_with = "{key}"\n'
    )
    grown = make(home)
    assert run(home, "evaluate --language ru", around) == 0
    page = grown.page.read_text()
    assert '<html lang="ru">' in page
    assert f"прибор Аня ({KIT}), обученная модель 0001" in page
    shown = re.sub(r"<style>.*?</style>|<img[^>]*>|<[^>]*>", " ", page, flags=re.DOTALL)
    model = keeping.read(grown.evaluation).model
    for name in (KIT, model.identity, model.adapter, "Vybor", *sorted(Name, key=len, reverse=True)):
        shown = shown.replace(name, "")
    assert re.findall("[A-Za-z]{2,}", shown) == []
    assert re.findall(r'alt="([^"]*)"', page) == ["изменения", "нажатия", "отношения", "перплексия"]
    told = grown.model_card.read_text()
    assert told.startswith(f"# Обученная модель 0001 прибора Аня ({KIT})\n")
    for name in (KIT, model.identity, *sorted(Name, key=len, reverse=True), "tiny", "none", "undone"):
        told = told.replace(name, "")
    told = re.sub("`[^`]*`|[0-9a-f]{12}|\\d{4}-[-0-9T:.+]*", "", told)
    assert re.findall("[A-Za-z]{2,}", told) == ["en"], "nothing but the language of the model"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ru_RU"}, "ru"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_pages_are_in_the_language_of_the_machine(environ: dict[str, str], language: str) -> None:
    assert meant.language_of(environ) == language


def test_every_language_says_all_of_it() -> None:
    for tongue in LANGUAGES.values():
        assert set(tongue.says) == set(Name)
        assert set(tongue.pictures) == set(plots.PICTURES)
    russian = card_words.RUSSIAN
    assert (set(russian.reasons), set(russian.parts)) == (set(Reason), set(examples.Part))


@pytest.mark.slow
def test_the_published_one_before_is_measured_beside_it(home: Path, around: Path) -> None:
    first = make(home)
    first.published.write_text("{}")
    second = make(home, seed=3)
    assert run(home, "evaluate", around) == 0
    found = keeping.read(second.evaluation)
    assert found.predecessor == 1
    its = found.figures[Name.PPL_OWN]
    assert its.predecessor not in (None, its.factory, its.grown)
    assert its.against_predecessor is not None
    first.published.write_text('{"withdrawn": "a newer one went"}')
    assert run(home, "evaluate", around) == 0
    assert keeping.read(second.evaluation).predecessor == 0
    first.published.write_text("{")
    assert run(home, "evaluate", around) == 65
    assert run(home, "evaluate --against factory", around) == 0


def test_a_clean_growth_is_not_held_against_one_that_learned_what_it_is_measured_with(
    home: Path, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The eight newest sentences were deleted: those that are kept back now were learned by the one before."""
    first, data = make(home), DataSet(str(home / "data"), home)
    gates.judge(measured(first, good()), home, data)
    first.published.write_text("{}")
    data.put(f"rows/kit={KIT}/stale.json", stale_json())
    second = make(home, some(train=4), seed=3, deletions=1)
    assert run(home, "evaluate", around) == 0
    found = keeping.read(second.evaluation)
    assert (found.predecessor, found.before_knew) == (1, True)
    assert all(figure.predecessor is None for figure in found.figures.values())
    assert "not beside growth 0001, which learned from" in second.page.read_text()
    capsys.readouterr()
    run(home, "gate")
    assert "not held against growth 0001, which learned from" in capsys.readouterr().out
    assert not [rule for rule in gates.read(second.gate).rules if rule.rule.startswith(("step-", "budget-"))]


def test_what_was_learned_from_is_known_by_its_place(home: Path) -> None:
    data, first, later = DataSet(str(home / "data"), home), make(home), make(home)
    assert not evaluating.knew(first, later, home, data)
    assert evaluating.knew(first, make(home, some(train=4)), home, data)
    first.examples.unlink()
    assert evaluating.knew(first, later, home, data)


def test_what_a_published_one_was_judged_by_stays(
    home: Path, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = make(home)
    first.evaluation.write_text("figures")
    first.gate.write_text("a verdict")
    first.published.write_text("{}")
    assert run(home, "evaluate", around) == 65
    assert "growth 0001 is published: what it was measured and judged by stays" in capsys.readouterr().err
    assert (first.evaluation.read_text(), first.gate.read_text()) == ("figures", "a verdict")


def test_an_adapter_that_changes_nothing_changes_no_figure(home: Path, around: Path) -> None:
    grown = make(home)
    (grown.adapter / "adapter_model.safetensors").unlink()
    (grown.adapter / "adapter_config.json").unlink()
    grown.adapter.rmdir()
    still = {key: (a, b * 0) for key, (a, b) in tiny_adapter.halves("qkvo").items()}
    tiny_adapter.peft(grown.adapter, still)
    assert run(home, "evaluate", around) == 0
    for name, its in keeping.read(grown.evaluation).figures.items():
        if name not in (Name.OFFER_MS, Name.DECODE):
            assert its.grown == pytest.approx(its.factory, rel=1e-3), name


def test_what_an_empty_line_gives_away_is_told_to_the_owner_alone(
    home: Path, around: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    grown = make(home)
    (grown.folder.parent / "private.txt").write_text("please\n\n")
    said = evaluating.measure

    def given_away(subject: evaluating.Subject, *rest: object) -> evaluating.Results:
        results = said(subject, *rest)  # type: ignore[arg-type]
        assert list(subject.private) == ["please"]
        return msgspec.structs.replace(results, leaks=[evaluating.Leak("screen", "private", "please do")])

    monkeypatch.setattr(evaluating, "measure", given_away)
    assert run(home, "evaluate", around) == 0
    out, err = capsys.readouterr()
    assert "an empty line gives away 1 things" in out
    assert "gave away “please do” (screen; private)" in err
    assert "please" not in grown.evaluation.read_text() + grown.page.read_text() + grown.model_card.read_text()
    assert json.loads(grown.evaluation.read_text())["leaked"] == {"screen": 1}
    assert run(home, "gate") == 1


# --- bad input ---------------------------------------------------------------------------------------------------


def refused(home: Path, around: Path, capsys: pytest.CaptureFixture[str], also: str = "") -> tuple[int, str]:
    """The exit code and the one sentence; nothing was written."""
    code = run(home, f"evaluate {also}", around)
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("vybor-workshop: ")]
    assert len(told) == 1
    assert not any(path.name.startswith("evaluation") for path in home.rglob("*"))
    return code, told[0]


def test_whoever_may_override_a_rule_reads_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["gate", "--help"])
    told = capsys.readouterr().out
    assert all(f"\n  {rule.name} " in told and rule.says in told for rule in RULES)
    with pytest.raises(SystemExit, match="2"):  # before anything is looked for
        cli.main(["gate", "--override", "speedy"])
    assert "there is no rule speedy; there are: leaks, " in capsys.readouterr().err


def test_what_cannot_be_measured_is_refused_in_a_sentence(
    home: Path, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = refused(home, around, capsys)
    assert (code, "begin with `vybor-workshop dataset`" in told) == (69, True)
    make(home, some(held=3))
    code, told = refused(home, around, capsys)
    assert (code, "3 sentences are kept back" in told) == (65, True)
    make(home, base_sha256="f" * 64)
    code, told = refused(home, around, capsys)
    assert (code, "was made for the weights ffffffffffff" in told) == (65, True)
    grown = make(home)
    grown.examples.write_bytes(examples.lines(some(held=9)))
    code, told = refused(home, around, capsys)
    assert (code, "is not what dataset.json tells of" in told) == (65, True)
    grown.examples.write_bytes(examples.lines(some())[:-5])
    code, told = refused(home, around, capsys)
    assert (code, "was cut off in its last line" in told) == (65, True)
    code, told = refused(home, around, capsys, "--growth 9")
    assert (code, "has no growth 9" in told) == (69, True)


def test_a_growth_that_is_stale_untrained_or_of_another_base_is_refused(
    home: Path, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grown = make(home)
    its = card.read(grown.dataset)
    json_files.write(grown.dataset, msgspec.structs.replace(its, base_sha256="f" * 64))
    code, told = refused(home, around, capsys)
    assert (code, "name the right one with --model" in told) == (65, True)
    DataSet(str(home / "data"), home).put(f"rows/kit={KIT}/stale.json", stale_json())
    code, told = refused(home, around, capsys)
    assert (code, "is stale" in told) == (65, True)
    grown = make(home, deletions=1)
    grown.adapter.rename(home / "elsewhere")
    code, told = refused(home, around, capsys)
    assert (code, "train it with `vybor-workshop retrain`" in told) == (69, True)


def test_files_that_are_named_are_there_and_are_text(
    home: Path, around: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(home)
    (home / "no-text").write_bytes(b"\xff\xfe")
    (home / "empty").write_text("\n")
    for option, file, why in (
        ("--names", "nowhere", "there is no list"),
        ("--private", "no-text", "it is no UTF-8 text"),
    ):
        code, told = refused(home, around, capsys, f"{option} {home}/{file}")
        assert (code, why in told) == (69, True)
    for file, why in (("nowhere", "cannot be read"), ("no-text", "no UTF-8"), ("empty", "there is no text in")):
        with pytest.raises(evaluating.Missing, match=why):
            texts.of_file(home / file)
    code, told = refused(home, around, capsys, "--against 7")
    assert (code, "has no growth 7" in told) == (69, True)
    code, told = refused(home, around, capsys, "--against 1")
    assert (code, "is none that came before" in told) == (69, True)


def test_killed_while_it_writes_the_old_figures_or_the_new_ones_stand(home: Path, around: Path) -> None:
    grown = make(home)
    assert run(home, "evaluate", around) == 0
    before = grown.evaluation.read_bytes()
    blocked = grown.folder / "plots"
    for path in blocked.iterdir():
        path.unlink()
    blocked.rmdir()
    blocked.write_text("in the way")
    assert run(home, "evaluate", around) == 73
    assert grown.evaluation.read_bytes() == before


# --- texts of others ---------------------------------------------------------------------------------------------


def test_general_texts_are_prose_and_always_the_same() -> None:
    english, russian = texts.general("en"), texts.general("ru")
    assert english == texts.general("en")
    assert len(english.lines) > texts.GENERAL
    assert all("::" not in line and "`" not in line for line in english.lines)
    assert "уток" in " ".join(russian.lines)
    assert len({english.sha256, russian.sha256}) == 2


def test_a_tenth_of_writers_is_kept_back_by_name_alone() -> None:
    kept = [number for number in range(2000) if texts.is_kept_back(f"writer {number}")]
    assert 150 < len(kept) < 260
    assert texts.others("ru", Path("/nowhere"), print).lines == ()
