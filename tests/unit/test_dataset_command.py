"""`vybor-workshop dataset`: from rows of a data set to a growth."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from unit.dataset_workshop import Workshop, as_rows, deletion, workshop, wrote
from unit.log_kit import KEYS, KIT, segment
from vybor.generator.network import bundle
from vybor.segments.rows import Span
from vybor_workshop import growth
from vybor_workshop.dataset import base as bases
from vybor_workshop.dataset import card, examples, growing, told
from vybor_workshop.dataset.examples import Part
from vybor_workshop.kits.taking_in import into
from vybor_workshop.log import stale
from vybor_workshop.model import build
from vybor_workshop.retrain.wishes import Wishes

__all__ = ["workshop"]

ROOT = Path(__file__).parents[2]


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
