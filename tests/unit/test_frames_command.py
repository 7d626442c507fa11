"""`vybor-workshop frames` and `publish --kind frames`: what is refused, with its remedy, and what comes of it."""

import errno
import os
from pathlib import Path

import msgspec
import pytest

from unit.grown_kit import KIT, Workshop
from vybor.bundles.manifest import Kind
from vybor.contracts.messages import Became, GrownState
from vybor.foundation.errors import PlaceError
from vybor_workshop import cli, json_files, numbered
from vybor_workshop.dataset.examples import Part
from vybor_workshop.environments import NoEnvironment
from vybor_workshop.frames import kept, training
from vybor_workshop.publish import sending
from vybor_workshop.retrain import refusing
from vybor_workshop.retrain.preparing import How
from vybor_workshop.retrain.torch import TRAINS
from world import tiny_frames, tiny_growth


class Bench:
    """A small base, a home, and a text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recipe = tiny_growth.base(folder / "base")
        self.home = folder / "home"
        self.text = tiny_frames.text(folder / "text.txt")
        self.how = How(cache=folder / "cache", recipe=str(self.recipe))
        self.said: list[str] = []

    def run(self, *words: str) -> int:
        options = ["--recipe", str(self.recipe), "--home", str(self.home), "--cache", str(self.folder / "cache")]
        return cli.main(["frames", *words, *options])

    def begin(self) -> kept.Made:
        wanted = training.Wanted(texts=(self.text,), recipe=str(self.recipe))
        found = training.ready(wanted, {}, self.how, self.said.append)
        with kept.alone(self.home):
            return training.begin(self.home, found)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_dry_run_says_what_would_be_learned_from_and_keeps_nothing(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    with bench.text.open("a", encoding="utf-8") as file:
        file.write("I want to go\nTea\nPlease wait. I am late.\n")
    assert bench.run("train", "--text", str(bench.text), "--dry-run") == 0
    told = capsys.readouterr().out
    assert "732 lines in text.txt" in told
    for why in ("1 no word that says what it is about", "1 a single word", "1 more than one sentence"):
        assert f"left out: {why}" in told
    assert "200 are kept back to be measured" in told
    assert "nothing was kept" in told
    assert not (bench.home / "frames").exists()


def test_most_limits_what_is_learned_from_and_nothing_else(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.run("train", "--text", str(bench.text), "--dry-run", "--most", "210") == 0
    told = capsys.readouterr().out
    assert "  210 sentences to learn from" in told
    assert "more than --most" in told
    assert "200 are kept back" in told


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((), 64, "name text files with --text, or go on with --resume: one of the two"),
        (("--text", "TEXT", "--resume"), 64, "one of the two"),
        (("--resume",), 69, "no adapter for sentences was made in"),
        (("--text", "NONE"), 69, "cannot be read (No such file or directory); name a text file with one sentence"),
        (("--text", "BYTES"), 69, "cannot be read (it is no UTF-8 text); name a text file with one sentence"),
        (("--text", "FEW"), 65, "and 200 are needed, beside 100 that say when to stop and 200 that are kept back"),
        (("--text", "FEW", "--dry-run"), 65, "sentences to learn from in"),
        (("--text", "TEXT", "--rank", "9999"), 65, "kits take"),
        (("--text", "TEXT", "--language", "ru"), 65, "does not know the language ru; it knows en: name another"),
    ],
)
def test_what_makes_no_adapter_is_said_with_its_remedy_and_nothing_is_left(
    bench: Bench, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    (bench.folder / "bytes").write_bytes(b"\xff\xfe\n")
    tiny_frames.text(bench.folder / "few", 300)
    there = {"TEXT": bench.text, "NONE": bench.folder / "none", "BYTES": bench.folder / "bytes"}
    there |= {"FEW": bench.folder / "few"}
    assert bench.run("train", *(str(there.get(word, word)) for word in words)) == code
    assert sentence in capsys.readouterr().err
    assert not bench.home.exists()


def test_there_is_no_home_unless_there_is_what_trains(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise NoEnvironment("pip could not install torch")

    monkeypatch.setattr(type(TRAINS), "python", fails)
    assert bench.run("train", "--text", str(bench.text)) == 69
    assert "pip could not install torch" in capsys.readouterr().err
    assert not bench.home.exists()


def test_there_is_no_home_unless_there_is_room_in_it(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusing, "DISK_MB", 1e12)
    assert bench.run("train", "--text", str(bench.text)) == 73
    assert f"and {bench.home / 'frames'} has" in capsys.readouterr().err
    assert not bench.home.exists()


def test_one_that_cannot_be_laid_down_whole_has_no_number_and_hides_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.begin()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(PlaceError, match=r"frames cannot .* \(No space left"):
        patched.setattr(kept, "put", full)
        bench.begin()
    assert kept.all_of(bench.home) == [first] == [kept.named(bench.home, "")]
    assert bench.begin().name == "0002"
    assert not (first.folder.parent / numbered.MAKING).exists()


def test_nobody_else_may_look_into_what_is_made(bench: Bench) -> None:
    before = os.umask(0o022)
    try:
        made = bench.begin()
    finally:
        os.umask(before)
    for folder in (bench.home, made.folder.parent, made.folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_two_do_not_make_one_at_a_time(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    with kept.alone(bench.home):
        assert bench.run("train", "--text", str(bench.text)) == 75
    assert "is being made already; wait for that to end" in capsys.readouterr().err


def test_what_is_gone_on_with_is_what_was_begun(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    made = bench.begin()
    card = kept.card_of(made)
    assert card.sentences[Part.HELD] == 200
    assert card.sentences[Part.TRAIN] >= training.LEAST_TEXTS
    assert len([pair for pair in kept.pairs_of(made, card) if pair.part is Part.TRAIN]) == card.pairs
    run = training._run(made, {}, bench.how, bench.said.append)
    assert run.settings().growth == str(made.folder)
    assert {text.share.value for text in run.texts} == {"train", "early"}
    json_files.write(made.training, run.training)
    assert bench.run("train", "--resume", "--rank", "2") == 65
    assert "was begun with other wishes; leave them out with --resume" in capsys.readouterr().err
    made.pairs.write_bytes(made.pairs.read_bytes() + b"\n")
    assert bench.run("train", "--resume") == 65
    assert "is not what its frames.json tells of: it was changed" in capsys.readouterr().err
    made.pairs.unlink()
    assert bench.run("train", "--resume") == 69
    assert f"there is no {made.pairs}; make one anew with `vybor-workshop frames train" in capsys.readouterr().err
    kept.put(made.card, msgspec.structs.replace(card, schema=2))
    assert bench.run("train", "--resume") == 65
    assert "was written by a newer workshop (2, not 1); update this one" in capsys.readouterr().err
    kept.put(made.card, card)
    made.adapter.mkdir()
    assert bench.run("train", "--resume") == 65
    assert "the adapter 0001 is trained already" in capsys.readouterr().err


def test_what_was_begun_for_other_weights_is_not_gone_on_with(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    made = bench.begin()
    made.card.write_text(made.card.read_text().replace(kept.card_of(made).base_sha256, "ab" * 32))
    assert bench.run("train", "--resume") == 65
    assert "was begun for other weights than tiny has" in capsys.readouterr().err


def test_nothing_is_measured_that_is_not_trained(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.begin()
    assert bench.run("measure") == 65
    assert "is not trained yet; go on with `vybor-workshop frames train --resume`" in capsys.readouterr().err
    assert bench.run("measure", "--frames", "7") == 69
    assert "there is no adapter for sentences 7; there are 0001" in capsys.readouterr().err


# --- to the kit -----------------------------------------------------------------------------------------------


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def publish(workshop: Workshop, *words: str) -> int:
    return cli.main(["publish", "--kind", "frames", *words, "--home", str(workshop.home.folder)])


def test_what_is_surely_better_is_signed_and_waits_for_its_kit(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_frames.trained(workshop.home.folder)
    assert publish(workshop) == 0
    assert "frames 0001 is signed for kitchen as number 1" in capsys.readouterr().out
    (path,) = workshop.kit.outgoing.glob("*.bundle")
    manifest = workshop.opened(path).manifest
    assert (manifest.kind, manifest.kit, manifest.growth) == (Kind.FRAMES, KIT, 0)
    assert manifest.figures["gain_low"] == pytest.approx(0.1)
    assert publish(workshop) == 65
    assert "was published already, as number 1; --again" in capsys.readouterr().err
    assert publish(workshop, "--again") == 0
    workshop.became(Became(serial=2, state=GrownState.ON_TRIAL))
    assert cli.main(["model", "grown", "--home", str(workshop.home.folder)]) == 0
    told = capsys.readouterr().out
    assert "number 1  frames, frames 0001" in told
    assert "on trial" in told


def test_a_deletion_withdraws_nothing_that_learned_from_nobody(workshop: Workshop, tmp_path: Path) -> None:
    tiny_frames.trained(workshop.home.folder)
    assert publish(workshop) == 0
    workshop.delete()
    sent: list[Path] = []
    went = sending.send(workshop.home, workshop.kit, workshop.data, lambda _, path, __: sent.append(path), print)
    assert ([one.serial for one in went.sent], went.withdrawn, len(sent)) == ([1], (), 1)


def test_what_is_not_surely_better_or_not_what_was_measured_is_not_sent(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(workshop) == 69
    assert "no adapter for sentences was made" in capsys.readouterr().err
    made = tiny_frames.trained(workshop.home.folder, is_better=False)
    assert publish(workshop) == 65
    assert "is not surely offered more often" in capsys.readouterr().err
    its = kept.measured_of(made)
    kept.put(made.measured, msgspec.structs.replace(its, figures={}))
    assert publish(workshop) == 65
    assert "is not surely offered more often" in capsys.readouterr().err
    made.measured.write_text("{")
    assert publish(workshop) == 65
    assert "measure it anew with `vybor-workshop frames measure`" in capsys.readouterr().err
    made.measured.unlink()
    assert publish(workshop) == 69
    tiny_frames.measured(made)
    weights = made.adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\0")
    assert publish(workshop) == 65
    assert "is not the one that was measured" in capsys.readouterr().err
    weights.unlink()
    assert publish(workshop) == 65
    assert "the adapter of the frames 0001 cannot be read" in capsys.readouterr().err
    assert list(workshop.kit.outgoing.glob("*.bundle")) == []


@pytest.mark.parametrize("words", [("--growth", "1"), ("--model", "x")])
def test_options_of_other_kinds_are_refused(
    workshop: Workshop, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert publish(workshop, *words) == 64
    assert "go together" in capsys.readouterr().err
