"""A growth becomes a signed bundle if it passed its gate and is not stale, and what became of it is told."""

import contextlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from unit.grown_kit import KIT, Workshop
from vybor.bundles.manifest import Kind
from vybor.contracts.messages import Became, GrownState
from vybor.foundation.errors import AddressInUse, PlaceError
from vybor_workshop import cli
from vybor_workshop.gate.keeping import GateClosed
from vybor_workshop.growth import State, state
from vybor_workshop.kits import grammar
from vybor_workshop.kits.home import Kit
from vybor_workshop.publish import fate, publishing, record, sending
from vybor_workshop.publish.publishing import Wish
from vybor_workshop.publish.record import Published
from world import tiny_adapter, tiny_files, tiny_model

NOTHING_KNOWN = Wish(deleted=(), became={})


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def run(workshop: Workshop, *words: str) -> int:
    return cli.main([*words, "--home", str(workshop.home.folder)])


class Sent:
    """A kit's inbox at the other end of no network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, kit: Kit, bundle: Path, say: sending.Say) -> None:
        shutil.copy(bundle, self.folder / bundle.name)


def send(workshop: Workshop, folder: Path) -> list[Published]:
    folder.mkdir(exist_ok=True)
    return list(sending.send(workshop.home, workshop.kit, workshop.data, Sent(folder), print).sent)


def test_from_a_growth_to_the_kit_and_back(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    growth = workshop.grow()
    assert run(workshop, "publish") == 0
    assert "growth 0001 is signed for kitchen as number 1" in capsys.readouterr().out
    assert state(growth) is State.PUBLISHED
    (path,) = workshop.kit.outgoing.glob("*.bundle")
    assert path.name == f"{KIT[:8]}-000001-{path.stat().st_size}.bundle"
    found = workshop.opened(path)
    assert (found.manifest.growth, found.manifest.base) == (1, tiny_model.BASE)
    assert found.manifest.figures == {"leaks": 0.0, "ksr": 2.5}
    assert set(found.content()) == {"adapter_config.json", "adapter_model.safetensors"}
    run(workshop, "model", "grown")
    assert "`vybor-workshop sync` sends it" in capsys.readouterr().out
    assert [one.serial for one in send(workshop, tmp_path / "inbox")] == [1]
    assert send(workshop, tmp_path / "inbox") == []
    assert path.exists(), "it stays until the kit has told of it"
    run(workshop, "model", "grown")
    assert "the kit has not said yet" in capsys.readouterr().out
    workshop.became(Became(serial=1, state=GrownState.ON_TRIAL, choices=3, starts=1))
    send(workshop, tmp_path / "inbox")
    assert not path.exists()
    workshop.became(
        Became(serial=1, state=GrownState.ROLLED_BACK, reason="more was taken back", choices=40, undone=9)
    )
    run(workshop, "model", "grown", "kitchen")
    told = capsys.readouterr().out
    assert "growth 0001  published" in told
    assert "rolled back: more was taken back, 40 choices (9 taken back)" in told


def test_what_the_kit_gave_up_is_nobody_s_predecessor(workshop: Workshop) -> None:
    for number in (1, 2):
        workshop.grow(number)
        assert run(workshop, "publish") == 0
    newest = workshop.grow(3)

    def before() -> int:
        return found.number if (found := workshop.before(newest)) else 0

    assert before() == 2  # nothing was heard of it yet
    for came, number in (
        (GrownState.ON_TRIAL, 2),
        (GrownState.ROLLED_BACK, 1),
        (GrownState.GOOD, 2),  # somebody put it on again
        (GrownState.REFUSED, 1),
        (GrownState.LEFT, 2),
        (GrownState.REMOVED, 1),
    ):
        workshop.became(Became(serial=2, state=came))
        assert before() == number, came
    assert run(workshop, "publish", "--growth", "2", "--again") == 0
    assert before() == 2, "it is on its way anew"


def test_nothing_is_published_that_did_not_pass_its_gate(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    growth = workshop.grow()
    workshop.judge(growth, holds=False)
    assert run(workshop, "publish") == 1
    assert "growth 0001 did not pass its gate (ksr)" in capsys.readouterr().err
    growth.gate.unlink()
    assert run(workshop, "publish") == 69
    assert "; judge it with `vybor-workshop gate`" in capsys.readouterr().err
    growth.gate.write_text("{")
    assert run(workshop, "publish") == 65
    workshop.judge(growth)
    growth.evaluation.write_text('{"measured": "anew"}')
    assert run(workshop, "publish") == 1
    assert list(workshop.kit.outgoing.glob("*.bundle")) == []
    assert not growth.published.exists()
    workshop.judge(growth, holds=False, overridden=True)
    assert run(workshop, "publish") == 0


def test_what_is_stale_is_not_published_nor_sent(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.grow()
    workshop.grow(2)
    assert run(workshop, "publish") == 0
    workshop.delete()
    assert run(workshop, "publish", "--growth", "1") == 65
    assert "the growth 0001 is stale: its person has deleted something" in capsys.readouterr().err
    (tmp_path / "inbox").mkdir()
    went = sending.send(workshop.home, workshop.kit, workshop.data, Sent(tmp_path / "inbox"), print)
    assert (went.sent, [one.serial for one in went.withdrawn]) == ((), [1])
    assert "has deleted something" in went.withdrawn[0].withdrawn
    went = sending.send(workshop.home, workshop.kit, workshop.data, Sent(tmp_path / "inbox"), print)
    assert (went.sent, went.withdrawn) == ((), ()), "it is told once"
    assert list(workshop.kit.outgoing.glob("*.bundle")) == []
    run(workshop, "model", "grown")
    told = capsys.readouterr().out
    assert "growth 0001  gated  stale" in told
    assert "never sent" in told
    workshop.grow(3, deletions=1)
    assert run(workshop, "publish") == 0
    assert [one.serial for one in send(workshop, tmp_path / "inbox")] == [2]


def test_once_published_it_is_published_again_only_on_wish(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.grow()
    run(workshop, "publish")
    assert run(workshop, "publish") == 65
    assert "published already, as number 1, and waits to be sent; --again" in capsys.readouterr().err
    assert run(workshop, "publish", "--again") == 0
    assert [one.serial for one in record.all_of(workshop.home.folder, KIT)] == [1, 2]
    assert run(workshop, "publish", "--again") == 0
    assert [one.serial for one in record.all_of(workshop.home.folder, KIT)] == [1, 2, 3]


def test_numbers_go_on_after_those_that_the_kit_knows(workshop: Workshop) -> None:
    workshop.became(Became(serial=41, state=GrownState.GOOD))
    workshop.became(Became(serial=0, state=GrownState.REFUSED, reason="its name is none"))
    assert set(fate.became(workshop.data, KIT)) == {41}
    workshop.grow()
    run(workshop, "publish")
    assert [one.serial for one in record.all_of(workshop.home.folder, KIT)] == [42]


def test_a_number_that_stood_on_junk_alone_uses_none_up(workshop: Workshop, tmp_path: Path) -> None:
    for serial, base in ((7, tiny_model.BASE), (8, ""), (999_999, "")):  # tried and refused; refused unread
        workshop.became(Became(serial=serial, state=GrownState.REFUSED, base=base, reason="this is no bundle"))
    workshop.grow()
    assert run(workshop, "publish") == 0
    assert [one.serial for one in send(workshop, tmp_path / "inbox")] == [9]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: (folder / "adapter_model.safetensors").write_bytes(b"cut"), "cannot be read"),
        (lambda folder: (folder / "adapter_config.json").write_text("{"), "cannot be read"),
        (
            lambda folder: (folder / "adapter_config.json").write_text('{"base_sha256": "cccc"}'),
            "made for the weights cccc, and",
        ),
        (
            lambda folder: tiny_files.safetensors(
                folder / "adapter_model.safetensors", {"a": np.array([[1.0, np.nan]], np.float32)}, "F32"
            ),
            "numbers in it that are none",
        ),
    ],
)
def test_an_adapter_that_is_none_is_not_published(
    workshop: Workshop, damage: object, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    growth = workshop.grow()
    assert callable(damage)
    damage(growth.adapter)
    with contextlib.suppress(OSError):  # what is gone is not measured
        workshop.judge(growth)
    assert run(workshop, "publish") == 65
    assert says in capsys.readouterr().err
    assert list(workshop.kit.outgoing.glob("*.bundle")) == []


def test_another_adapter_than_the_gate_judged_is_not_published(workshop: Workshop) -> None:
    growth = workshop.grow()
    shutil.rmtree(growth.adapter)
    tiny_adapter.peft(growth.adapter, tiny_adapter.halves("qv", seed=99))
    with pytest.raises(GateClosed, match="is not what was measured"):
        publishing.publish_growth(workshop.queue, growth, NOTHING_KNOWN)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("cellar",), 69, "there is no kit cellar"),
        (("--growth", "7"), 69, "has no growth 7; it has 0001"),
        (("--kind", "model"), 64, "go together"),
        (("--model", "x"), 64, "go together"),
        (("--kind", "model", "--model", "x", "--growth", "1"), 64, "leave out --growth"),
        (("--kind", "model", "--model", "nowhere"), 69, "there is no model in"),
    ],
)
def test_bad_words_get_a_sentence(
    workshop: Workshop, words: tuple[str, ...], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.grow()
    assert run(workshop, "publish", *words) == code
    assert says in capsys.readouterr().err


def test_a_kit_without_growths_and_two_kits(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(workshop, "publish") == 69
    assert "begin with `vybor-workshop dataset`" in capsys.readouterr().err
    assert run(workshop, "model", "grown") == 0
    assert "nothing yet" in capsys.readouterr().out


def test_a_whole_model_goes_the_same_way(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_adapter.write(tmp_path / "model")
    assert run(workshop, "publish", "--kind", "model", "--model", str(tmp_path / "model")) == 0
    (one,) = record.all_of(workshop.home.folder, KIT)
    assert (one.kind, one.serial, one.growth) == (Kind.MODEL, 1, 0)
    workshop.opened(workshop.kit.outgoing / one.bundle).unpack(tmp_path / "there")
    assert {path.name for path in (tmp_path / "there").iterdir()} >= {"manifest.json", "model.onnx"}
    workshop.delete()
    assert [one.serial for one in send(workshop, tmp_path / "inbox")] == [1], "it learned from nobody"
    workshop.became(Became(serial=1, state=GrownState.ON_TRIAL, choices=3, starts=1))
    capsys.readouterr()
    assert run(workshop, "model", "grown") == 0
    assert "number 1  model, tiny-" in (told := capsys.readouterr().out)
    assert "MB  on trial, 3 choices (0 taken back), 1 starts" in told


def test_onto_a_stick(workshop: Workshop, tmp_path: Path) -> None:
    workshop.grow()
    run(workshop, "publish")
    stick = tmp_path / "stick" / "inbox"
    (one,) = sending.lay(workshop.home, workshop.kit, workshop.data, stick).sent
    assert [path.name for path in stick.iterdir()] == [one.bundle]
    workshop.opened(stick / one.bundle)
    assert record.all_of(workshop.home.folder, KIT)[0].by == "stick"
    assert sending.lay(workshop.home, workshop.kit, workshop.data, stick) == sending.Went()


def test_a_stick_with_something_set_aside_gets_what_was_published_too(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workshop.grow()
    run(workshop, "publish")
    stick = tmp_path / "stick" / f"vybor-{KIT}"
    (stick / "outbox").mkdir(parents=True)
    (stick / "outbox" / f"b000001-s0000000001-{'0' * 64}.segment").write_text("damaged")
    assert run(workshop, "sync", "--from", str(tmp_path / "stick")) == grammar.SET_ASIDE
    assert "laid on the stick as number 1" in capsys.readouterr().out
    assert [path.suffix for path in (stick / "inbox").iterdir()] == [".bundle"]


def test_one_at_a_time(workshop: Workshop) -> None:
    growth = workshop.grow()
    with workshop.queue.alone(), pytest.raises(AddressInUse, match="already"):
        publishing.publish_growth(workshop.queue, growth, NOTHING_KNOWN)


def test_what_is_damaged_of_the_record_is_named(workshop: Workshop) -> None:
    growth = workshop.grow()
    growth.published.write_text("{")
    with pytest.raises(PlaceError, match="publish that growth again"):
        publishing.publish_growth(workshop.queue, growth, NOTHING_KNOWN)


def test_what_a_stranger_laid_there_is_not_sent(workshop: Workshop, tmp_path: Path) -> None:
    growth = workshop.grow()
    made = publishing.publish_growth(workshop.queue, growth, NOTHING_KNOWN)
    content = (workshop.kit.outgoing / made.bundle).read_bytes()
    (workshop.kit.outgoing / f"{KIT[:8]}-000009-{len(content) - 9}.bundle").write_bytes(content[:-9])
    assert [one.serial for one in send(workshop, tmp_path / "inbox")] == [1]
    assert [path.name for path in (tmp_path / "inbox").iterdir()] == [made.bundle]
    assert [path.name for path in workshop.kit.outgoing.glob("*.bundle")] == [made.bundle]


KILLED = """
import os, signal, sys
from pathlib import Path
from vybor.bundles import bundle
from vybor_workshop.growth import named
from vybor_workshop.kits.home import Home
from vybor_workshop.publish import publishing
from vybor_workshop.publish.queue import Queue
home, PARTS = Home(Path(sys.argv[1])), ("/publish/", "/bundles/", "small_files")
(kit,) = home.kits()
signs, count = home.workstation().signs, 0
growth, queue = named(home.folder, kit.card.kit, ""), Queue(home.folder, kit, home.workstation())
def watch_until(after):
    def watch(frame, event, argument):
        global count
        count += any(part in frame.f_code.co_filename for part in PARTS)
        if count == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return watch
    return watch
for after in map(int, sys.argv[2:]):
    if not (child := os.fork()):
        sys.settrace(watch_until(after))
        publishing.publish_growth(queue, growth, publishing.Wish(deleted=(), became={}))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    for path in kit.outgoing.glob("*.bundle"):
        bundle.opened(path, signs.verify_key, kit.card.kit)
    print(os.waitstatus_to_exitcode(status), len(list(kit.outgoing.glob("*.bundle"))), growth.published.exists())
    if growth.published.exists():
        break
"""


def test_killed_at_any_line_there_is_a_whole_bundle_or_none_and_it_is_told_of(workshop: Workshop) -> None:
    """In a process of its own, which forks: that takes some seconds to load."""
    workshop.grow()
    points = [str(after) for after in (*range(20, 580, 40), 10_000)]
    command = [sys.executable, "-c", KILLED, str(workshop.home.folder), *points]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert sum(line.startswith(str(-signal.SIGKILL)) for line in told) >= 8
    assert any(line.endswith("0 False") for line in told)
    assert any(line.endswith("1 False") for line in told), "one is killed between the bundle and what tells of it"
    with workshop.queue.alone():
        (one,) = workshop.queue.waiting(0, {})
    assert one.serial == 1
    assert sorted(path.name for path in workshop.kit.outgoing.iterdir()) == [".lock", one.bundle]
