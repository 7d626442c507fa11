"""What the bench of boots counts; a run of less than all does not look as if all goals were reached."""

from pathlib import Path

import msgspec
import pytest

from benches import boot, goals
from vybor.foundation.errors import Missing
from world import faults, power, rootfs
from world.enduring import Outcome
from world.power import Cuts

CUTS = Cuts([5.0, 7.0, 6.0], made=2, lost=["saved 'I'"], dead_units=1, stuck=2, misquoted=3, survived=1)


def test_texts_that_are_lost_are_counted_wherever_they_were_lost() -> None:
    outcomes = [
        Outcome("killed.core", lost=("'I am'", "'I'")),
        Outcome("disk.read_only", lost=("'I'",)),
        Outcome("killed.voice", "said 'You'", misquoted=True),
        Outcome("hung.voice", stuck=True),
    ]
    told = boot.figures(outcomes, CUTS)
    assert (told["lost_text"], told["misquoted"], told["stuck"]) == (4, 4, 3)
    assert (told["faults"], told["survived"], told["cuts"], told["dead_units"]) == (6, 2, 2, 1)
    assert (told["boot_to_offer_s.p50"], told["boot_to_offer_s.max"]) == (6, 7)


def test_who_was_spared_is_not_counted_as_hit() -> None:
    told = boot.figures([Outcome("a", hit=True), Outcome("b", hit=False), Outcome("c")], Cuts())
    assert (told["no_memory"], told["no_memory.hit"]) == (2, 1)


def test_what_is_known_without_a_boot_is_known_before_the_hours_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_missing(unit: str) -> float:
        raise FileNotFoundError("systemd-analyze")

    def endures(*_: object) -> list[Outcome]:
        raise AssertionError("hours, and then no figures")

    monkeypatch.setattr("sys.argv", ["boot", "--share", "x"])
    monkeypatch.setattr(rootfs, "missing", lambda: "")
    monkeypatch.setattr(rootfs, "installed", lambda *_: Path())
    monkeypatch.setattr(boot, "packages", lambda folder: [])
    monkeypatch.setattr(boot, "on_disk", lambda installed: {})
    monkeypatch.setattr(boot, "exposure", is_missing)
    monkeypatch.setattr(boot, "endure_all", endures)
    with pytest.raises(FileNotFoundError):
        boot.main()


def test_what_faults_came_to_is_kept_though_the_cuts_do_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_ended(*_: object) -> Cuts:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["boot", "--share", "x", "--json", str(tmp_path / "boot.json")])
    monkeypatch.setattr(rootfs, "missing", lambda: "")
    monkeypatch.setattr(rootfs, "installed", lambda *_: Path())
    monkeypatch.setattr(boot, "packages", lambda folder: [])
    monkeypatch.setattr(boot, "on_disk", lambda installed: {"disk_mb.program": 700.0})
    monkeypatch.setattr(boot, "exposure", lambda unit: 1.5)
    monkeypatch.setattr(
        boot, "endure_all", lambda *_: [Outcome("killed.core"), Outcome("hung.core", "said 'You'")]
    )
    monkeypatch.setattr(power, "suffer", is_ended)
    with pytest.raises(KeyboardInterrupt):
        boot.main()
    kept = msgspec.json.decode((tmp_path / "boot.json").read_bytes(), type=goals.Measured)
    assert kept.left == boot.CUTS
    told = (kept.figures["faults"], kept.figures["survived"], kept.figures["security.core"])
    assert told == (2, 1, 1.5)


def test_the_disk_is_what_all_packages_take(tmp_path: Path) -> None:
    for folder, size in (("usr/lib/vybor", 1_000_000), ("usr/share/vybor", 3_000_000)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file").write_bytes(b"x" * size)
    told = boot.on_disk(tmp_path)
    assert told["disk_mb.program"] == pytest.approx(1, abs=0.01)
    assert told["disk_mb.factory_model"] == pytest.approx(3, abs=0.01)
    assert told["disk_mb"] == told["disk_mb.program"] + told["disk_mb.factory_model"]


@pytest.mark.parametrize("there", ["usr/lib/vybor", "usr/share/vybor"])
def test_what_is_not_there_takes_no_little_of_the_disk(tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir(parents=True)
    (tmp_path / there / "file").write_bytes(b"x" * 4096)
    with pytest.raises(Missing, match="is not there"):
        boot.on_disk(tmp_path)


def test_nothing_done_reaches_no_goal_and_everything_done_does() -> None:
    """The goals know how many faults there are: those of `faults`, the card that wears out, and the cuts."""
    told = dict(line.split(": ", 1) for line in goals.verdicts("boot", boot.figures([], Cuts())))
    assert told["cuts"].startswith("missed")
    assert told["faults"].startswith("missed")
    every = [Outcome(fault.name) for fault in faults.every_fault()]
    all_cuts = Cuts([5.0] * 51, made=boot.CUTS, survived=boot.CUTS)
    for outcomes, said in (([*every, Outcome("disk.read_only")], "reached"), (every, "missed")):
        told = dict(line.split(": ", 1) for line in goals.verdicts("boot", boot.figures(outcomes, all_cuts)))
        assert told["cuts"].startswith("reached")
        assert told["faults"].startswith(said)
