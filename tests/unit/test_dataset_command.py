"""`vybor-workshop dataset`: from rows of a data set to a growth, and everything that can go wrong."""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from unit.dataset_person import Person
from unit.log_kit import KEYS, KIT, WORKSTATION, segment
from unit.test_model_build import RECIPE, write_gguf
from vybor.generator.network import bundle
from vybor.segments.rows import Deletion, Kind, Row, Span
from vybor_workshop import cli, growth
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset import card, examples, growing, told
from vybor_workshop.dataset.examples import Part
from vybor_workshop.dataset.following import Chosen
from vybor_workshop.dataset.rules import Reason
from vybor_workshop.kits.taking_in import into
from vybor_workshop.log import ingest, stale
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.model import build
from vybor_workshop.retrain.wishes import Wishes

ROOT = Path(__file__).parents[2]


class Workshop:
    """A home with a data set, and a base of the owner's."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.recipe = folder / "home", folder / "own.toml"
        self.recipe.write_text(RECIPE.format(word="like"))
        write_gguf(folder / "own.gguf")
        self.data = DataSet(str(self.home / "data"), folder)
        self._capsys = capsys

    def bring(self, rows: Sequence[Row]) -> None:
        assert not ingest.ingest([segment(rows)], KEYS, self.data, lambda _: None).quarantined

    def run(self, options: str = "") -> tuple[int, str, str]:
        code = cli.main(
            ["dataset", "--home", str(self.home), "--cache", str(self.home / "cache"), *shlex.split(options)]
        )
        out, err = self._capsys.readouterr()
        return code, out, err

    def grown(self, options: str = "") -> growth.Growth:
        code, _, err = self.run(f"--recipe {self.recipe} {options}")
        assert code == 0, err
        return growth.growths(self.home, KIT)[-1]


@pytest.fixture
def workshop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workshop:
    return Workshop(tmp_path, capsys)


def as_rows(chosen: Sequence[Chosen], kit: str = KIT) -> list[Row]:
    return [
        Row(
            kit=kit,
            boot=each.boot,
            sequence=each.sequence,
            at=f"{each.day}T10:00:00+00:00",
            kind=Kind.DECISION,
            record=msgspec.Raw(msgspec.json.encode(each.decision)),
        )
        for each in chosen
    ]


def wrote(sentences: int = 40, **about: object) -> list[Chosen]:
    person = Person()
    for number in range(sentences):
        person.take("I like", **about)
        person.take("number", sure=0.2)
        person.spell(f"n{number}")
        person.speak()
    return person.rows


def deletion(boot: int, sequence: int, span: Span) -> Row:
    told = msgspec.Raw(msgspec.json.encode(Deletion((span,))))
    return Row(kit=KIT, boot=boot, sequence=sequence, at="", kind=Kind.DELETION, record=told)


def test_rows_become_a_growth(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    made = workshop.grown()
    found, told_of = examples.read(made.examples), card.read(made.dataset)
    assert (len(found), made.name, growth.state(made)) == (40, "0001", growth.State.MADE)
    assert [sum(each.part is part for each in found) for part in Part] == [30, 4, 6]
    assert told_of.parts[Part.HELD].examples == 6
    assert (told_of.kit, told_of.recipe, told_of.rows, told_of.deletions) == (KIT, "own", 160, 0)
    assert told_of.examples_sha256 == growing.hashlib.sha256(made.examples.read_bytes()).hexdigest()
    assert (told_of.first, told_of.last) == ((1, 3), (1, 159))
    assert found[0].text == "I like number n0"
    assert b"like" not in made.dataset.read_bytes(), "no words of the person's"
    assert growth.named(workshop.home, KIT, "") == made


def test_a_dry_run_tells_all_of_it_and_keeps_nothing(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    code, out, err = workshop.run(f"--recipe {workshop.recipe} --dry-run --show 2")
    assert (code, err) == (0, "")
    assert growth.growths(workshop.home, KIT) == []
    lines = out.splitlines()
    assert lines[0] == f"kit {KIT}: 160 choices, 40 sentences, on 2026-03-01"
    assert re.search(r"^to learn from +30 ", out, re.MULTILINE)
    assert re.search(r"^to say when to stop +4 ", out, re.MULTILINE)
    assert re.search(r"^ +\d+  language model$", out, re.MULTILINE)
    assert "  kept back to measure  mostly " in out
    assert "280  carried by the language model's prior alone" in out
    assert "choices among offered words: 40" in out
    assert "nothing is measured of own" in out
    at = lines.index("  I like number n0")
    assert lines[at + 1] == "  ======       ###", "taken; carried by the prior; spelled"
    assert "\x1b" not in out
    assert lines[-1] == "nothing was kept: this was a dry run"


def test_the_base_is_the_same_out_of_its_bundle_and_out_of_its_weights(workshop: Workshop) -> None:
    recipe = growing.recipes.load(str(workshop.recipe))
    plain = bases.opened(recipe, workshop.home / "cache", print)
    build.build(recipe, workshop.home / "cache", None, lambda _: None)
    (workshop.recipe.parent / "own.gguf").rename(workshop.recipe.parent / "away.gguf")
    made = bases.of_bundle(recipe, bundle.open_bundle(next((workshop.home / "cache/models").iterdir())))
    for name in ("recipe", "languages", "sha256", "header", "continuing", "reads"):
        assert getattr(plain, name) == getattr(made, name)
    assert plain.text_ends("I like it") == made.text_ends("I like it") == [(0, 1), (1, 6), (6, 9)]
    assert plain.header_tokens("<|im_start|>I") == 2
    assert len(plain.text_ends("<|im_start|>I")) > 2, "what a person writes is never special"


def test_on_a_terminal_the_mask_is_a_colour() -> None:
    assert told.coloured("ab c", "=  #") == "\x1b[1;32ma\x1b[0m\x1b[2mb \x1b[0m\x1b[1;35mc\x1b[0m"
    assert told.coloured("", "") == ""


def test_the_time_is_what_was_measured() -> None:
    long = told.training_time(9750, "smollm2-135m")
    assert long == "training: at most about 12 min on one CPU thread (3 rounds, 30% general text)"
    assert told.training_time(390, "smollm2-135m").startswith("training: at most about 28 s")
    assert (Wishes().epochs, Wishes().general_share) == (told.EPOCHS, told.REPLAY)


def test_what_was_deleted_is_in_none_and_counted(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    before = workshop.grown()
    workshop.bring([deletion(1, 161, Span(1, 1, 4))])
    after = workshop.grown()
    assert (before.name, after.name) == ("0001", "0002")
    assert b"number n0" not in after.examples.read_bytes()
    assert len(examples.read(after.examples)) == 39
    deleted = stale.read(workshop.data, KIT).places
    assert growth.is_stale(before, deleted)
    assert not growth.is_stale(after, deleted)


def test_what_a_killed_sync_has_not_removed_yet_is_not_read(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    gone = stale.Deleted(1, 161, "", (Span(1, 1, 4),), rows=0, offers=(Span(1, 5, 8),))
    stale.write(workshop.data, stale.Stale(KIT, (gone,)))
    made = workshop.grown()
    assert b"number n0" not in made.examples.read_bytes()
    assert card.read(made.dataset).rows_dropped == {"deleted by the person": 4}

    first, second, *_ = examples.read(made.examples)
    assert (first.sequence, first.choices, bool(second.choices)) == (7, (), True)


def test_what_is_deleted_while_rows_are_read_is_left_out(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.bring(as_rows(wrote()))
    read, wishes = growing.reading.choices, [deletion(1, 161, Span(1, 1, 4))]

    def and_meanwhile(*told: object) -> object:
        yield from read(*told)  # type: ignore[arg-type]  # as it is called
        if wishes:
            workshop.bring([wishes.pop()])

    monkeypatch.setattr(growing.reading, "choices", and_meanwhile)
    code, _, err = workshop.run(f"--recipe {workshop.recipe}")
    assert (code, err) == (0, "something was deleted meanwhile: reading again\n")
    made = growth.growths(workshop.home, KIT)[-1]
    assert b"number n0" not in made.examples.read_bytes()
    assert card.read(made.dataset).deletions == 1


def test_what_is_deleted_while_they_are_kept_is_gone(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.bring(as_rows(wrote()))
    write = growing.json_files.write

    def and_meanwhile(path: Path, told_of: card.Card, **how: bool) -> None:
        write(path, told_of, **how)
        workshop.bring([deletion(1, 161, Span(1, 1, 4))])

    monkeypatch.setattr(growing.json_files, "write", and_meanwhile)
    code, _, err = workshop.run(f"--recipe {workshop.recipe}")
    assert code == 75
    assert "so growth 0001 is stale already; make another one" in err
    assert not growth.growths(workshop.home, KIT)[0].examples.exists()


def test_a_sync_that_brings_a_deletion_takes_the_words_out_of_what_was_made(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    made = workshop.grown()
    said: list[str] = []
    take_in = into(str(workshop.home / "data"), workshop.home, said.append)
    take_in([], KEYS)
    assert made.examples.exists()
    take_in([segment([deletion(1, 161, Span(1, 1, 4))])], KEYS)
    assert not made.examples.exists()
    assert said[-1] == "the kit: growth 0001 is stale: it was made of what is deleted by now"


def test_a_row_of_a_newer_kit_is_left_out_and_counted(workshop: Workshop) -> None:
    rows = as_rows(wrote())
    record = json.loads(bytes(rows[3].record)) | {"action": "dream"}
    rows[3] = msgspec.structs.replace(rows[3], record=msgspec.Raw(json.dumps(record).encode()))
    workshop.bring(rows)
    made = workshop.grown()
    assert card.read(made.dataset).rows_dropped == {"a choice of a newer kit that this version does not know": 1}


def test_the_base_is_what_the_kit_writes_with(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.bring(as_rows(wrote(model="own-0123456789ab+ba9876543210")))
    monkeypatch.setattr(growing.recipes, "names", lambda: ["own"])
    monkeypatch.setattr(growing.recipes, "FOLDERS", (workshop.recipe.parent,))
    code, out, err = workshop.run("--dry-run")
    assert (code, err) == (0, "")
    assert "base own (" in out


def test_another_base_than_the_kit_s_is_said(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote(model="gemma3-270m-0123456789ab")))
    code, _, err = workshop.run(f"--recipe {workshop.recipe} --dry-run")
    assert code == 0
    assert err.startswith("the kit writes with gemma3-270m: what is trained for own it cannot wear")


def test_a_model_is_known_by_how_its_name_begins() -> None:
    names = ["qwen", "qwen-1", "smollm"]
    assert growing.recipe_of("qwen-1-0123456789ab+ba9876543210", names) == "qwen-1"
    assert growing.recipe_of("qwen", names) == "qwen"
    assert growing.recipe_of("", names) == growing.recipe_of("qwen2-0123456789ab", names) == ""


def test_the_documents_show_commands_that_run(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    pages = [ROOT / "README.md", *(ROOT / "deploy/docs").glob("*.md")]
    shown = [
        found
        for page in pages
        for found in re.findall(r"^    vybor-workshop dataset([^#\n]*)", page.read_text(), re.MULTILINE)
    ]
    assert len(shown) >= 4
    for line in shown:
        options = line.replace("KIT", KIT[:6])
        assert workshop.run(f"{options} --recipe {workshop.recipe}")[0] == 0, line


# --- what cannot be done ----------------------------------------------------------------------------------------


def refused(workshop: Workshop, options: str) -> tuple[int, str]:
    code, out, err = workshop.run(options)
    assert out == ""
    assert err.startswith("vybor-workshop: ")
    assert len(err.splitlines()) == 1
    assert growth.growths(workshop.home, KIT) == []
    return code, err


def test_too_little_is_refused(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote(sentences=12)))
    code, out, err = workshop.run(f"--recipe {workshop.recipe}")
    assert code == 65
    assert len(err.splitlines()) == 1
    assert growth.growths(workshop.home, KIT) == []
    assert "12 sentences to learn from, 12 of them different, and 30 are needed" in err
    assert out.splitlines()[0].startswith(f"kit {KIT}: ")
    assert workshop.run(f"--recipe {workshop.recipe} --least 12")[0] == 0


def test_always_the_same_is_too_little(workshop: Workshop) -> None:
    person = Person()
    for _ in range(40):
        person.say("Yes please")
    workshop.bring(as_rows(person.rows))
    code, _, err = workshop.run(f"--recipe {workshop.recipe}")
    assert code == 65
    assert "40 sentences to learn from, 1 of them different" in err


def test_who_has_too_little_hears_what_was_left_out(workshop: Workshop) -> None:
    """It may be why: then to wait for more of it helps nothing."""
    person = Person()
    for thing in ("tea", "soup", "milk"):
        person.take("I")
        person.take(f"want {thing}")
        person.undo()
    workshop.bring(as_rows(person.rows))
    code, out, err = workshop.run(f"--dry-run --recipe {workshop.recipe}")
    assert (code, "there are 0 sentences to learn from" in err) == (65, True)
    assert str(Reason.UNSPOKEN) in out


def test_without_rows_it_is_said_where_they_come_from(workshop: Workshop) -> None:
    code, err = refused(workshop, "")
    assert code == 69
    assert "/data (there is no such folder); name another place with --data, or fetch one with `vybor-w" in err
    with DataSet(str(workshop.home / "data"), workshop.home).writing():
        pass
    code, err = refused(workshop, "")
    assert code == 69
    assert "has no rows yet; fetch what a kit has written with `vybor-workshop sync`" in err


def test_a_kit_that_is_not_there_is_said(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    code, err = refused(workshop, f"nobody --recipe {workshop.recipe}")
    assert code == 69
    assert f"has no rows of a kit nobody; it has: {KIT}" in err


def test_of_several_kits_one_must_be_named(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    other = "f" * 32
    keys = type(KEYS)(other, "the other", KEYS.verify, WORKSTATION)
    ingest.ingest([segment(as_rows(wrote(), other))], keys, workshop.data, lambda _: None)
    code, err = refused(workshop, f"--recipe {workshop.recipe}")
    assert code == 69
    assert f"has rows of more than one kit; name one of them: {KIT}, {other}" in err
    assert workshop.run(f"{KIT[:6]} --dry-run --recipe {workshop.recipe}")[0] == 0


def test_a_kit_is_known_by_its_name(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    folder = workshop.home / "kits" / KIT
    folder.mkdir(parents=True)
    about = {"name": "anna", "host": "h", "port": 1, "user": "u", "kit": KIT, "paired_at": ""}
    about["verifies_with"] = SigningKey.generate().verify_key.encode().hex()
    folder.joinpath("kit.toml").write_text("".join(f"{name} = {value!r}\n" for name, value in about.items()))
    code, out, _ = workshop.run(f"anna --dry-run --recipe {workshop.recipe}")
    assert (code, out.splitlines()[0].partition(":")[0]) == (0, f"kit anna ({KIT})")


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ("--recipe nothing", 69, "there is no recipe nothing"),
        ("--recipe smollm2-135m --source here", 65, "brings its own weights"),
    ],
)
def test_a_base_that_cannot_be_had_is_said(workshop: Workshop, options: str, code: int, told: str) -> None:
    workshop.bring(as_rows(wrote()))
    found, err = refused(workshop, options)
    assert found == code
    assert told in err


def test_a_data_set_that_is_damaged_is_said(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote()))
    (file,) = workshop.data.files(KIT)
    Path(workshop.data.full(file.path)).write_bytes(b"PAR1 no more PAR1")
    code, err = refused(workshop, f"--recipe {workshop.recipe}")
    assert code == 73
    assert "cannot be read" in err


def test_where_a_growth_cannot_be_kept_nothing_is(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.bring(as_rows(wrote()))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(examples.small_files, "write_bytes", full)
    code, out, err = workshop.run(f"--recipe {workshop.recipe}")
    assert code == 73
    assert "No space left on device" in err
    assert growth.growths(workshop.home, KIT) == []
    assert "kept as growth" not in out


@pytest.mark.parametrize("option", ["--show many", "--least -1"])
def test_what_is_no_number_is_said_by_the_grammar(workshop: Workshop, option: str) -> None:
    with pytest.raises(SystemExit) as left:
        workshop.run(option)
    assert left.value.code == 2


def test_a_recipe_of_the_owner_s_own_is_known_by_its_name(workshop: Workshop) -> None:
    workshop.bring(as_rows(wrote(model="own-0123456789ab+ba9876543210")))
    code, _, err = workshop.run(f"--recipe {workshop.recipe} --dry-run")
    assert (code, err) == (0, "")
