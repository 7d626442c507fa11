"""`vybor-workshop dataset`: everything that can go wrong."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from unit.dataset_person import Person
from unit.dataset_workshop import Workshop, as_rows, workshop, wrote
from unit.log_kit import KEYS, KIT, WORKSTATION, segment
from vybor_workshop import growth
from vybor_workshop.dataset import examples
from vybor_workshop.dataset.rules import Reason
from vybor_workshop.log import ingest
from vybor_workshop.log.data_set import DataSet

__all__ = ["workshop"]


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
