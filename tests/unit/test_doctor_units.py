"""What the doctor says of systemd's units, of the rights of their users, and of troubles found twice."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from vybor.contracts import messages as m
from vybor.doctor import listening, supervised
from vybor.doctor.findings import Finding, Mark
from vybor.doctor.machine import Machine
from world.machine import bare, install, put

SECOND_NS = 1_000_000_000


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare(tmp_path)


def only(findings: Iterable[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_what_the_doctor_has_found_is_not_counted_again_when_the_kit_says_it(tmp_path: Path) -> None:
    no_sound = m.Notice(process="voice", trouble=m.Trouble.SOUND_MISSING, detail="no card")
    full = m.Notice(process="journal", trouble=m.Trouble.DISK_FULL, detail="no room")
    heard = {
        "voice": m.Health(at_ns=1, process="voice", pid=1, troubles=(no_sound,)),
        "journal": m.Health(at_ns=1, process="journal", pid=1, troubles=(full,)),
        "display": None,
    }

    def marks(*told: str) -> dict[str, Mark]:
        return {f.text.partition(":")[0]: f.mark for f in listening.running(heard, tmp_path, told)}

    alone = marks()
    assert {alone[name] for name in heard} == {Mark.TROUBLE}
    after = marks("sound card", "vybor-display")
    assert (after["voice"], after["display"], after["journal"]) == (Mark.NOTE, Mark.NOTE, Mark.TROUBLE)


UNITS = "Id=vybor-core.service\nLoadState=loaded\nActiveState=active\nWatchdogUSec=5s\n\n" + (
    "Id=vybor-voice.service\nLoadState=loaded\nActiveState=active\nWatchdogUSec=20s\n"
)


@pytest.mark.parametrize(
    ("folder_mode", "mode", "group", "well"),
    [
        (0o750, 0o640, 990, True),
        (0o755, 0o644, 0, True),
        (0o750, 0o600, 990, False),
        (0o700, 0o644, 990, False),
        (0o750, 0o640, 0, False),
    ],
)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_settings_that_a_unit_s_user_may_not_read_are_told(
    machine: Machine, folder_mode: int, mode: int, group: int, well: bool
) -> None:
    install(machine, "systemctl", UNITS)
    put(
        machine,
        "/etc/passwd",
        "root:x:0:0::/:/bin/sh\nvybor-core:x:980:980::/:/bin/sh\nvybor-voice:x:981:981::/:x\n",
    )
    put(machine, "/etc/group", "root:x:0:\nvybor:x:990:\naudio:x:29:\n")
    with tempfile.TemporaryDirectory() as made:  # pytest's own may be entered by this user alone
        Path(made).chmod(0o755)
        folder = Path(made) / "vybor"
        folder.mkdir()
        file = folder / "vybor.toml"
        file.touch()
        for path, bits in ((folder, folder_mode), (file, mode)):
            os.chown(path, 0, group)
            path.chmod(bits)
        found = list(supervised.settings_readable(file, supervised.ask(machine), machine))
    if well:
        assert found == []
    else:
        assert only(found).mark is Mark.TROUBLE
        assert "may not be read by core, voice" in only(found).text
    assert list(supervised.settings_readable(None, supervised.ask(machine), machine)) == []


def unit(**changed: object) -> supervised.Unit:
    shown = supervised.Unit(
        process="gaze",
        load="loaded",
        active="active",
        sub="running",
        result="success",
        restarts=0,
        memory_mb=1,
        watchdog_s=20.0,
        started_ns=1,
        beat_ns=1,
    )
    return msgspec.structs.replace(shown, **changed)


@pytest.mark.parametrize(
    ("changed", "now_s", "mark"),
    [
        ({}, 1000, Mark.OK),
        ({"active": "failed"}, 1000, Mark.TROUBLE),
        ({"active": "activating"}, 1000, Mark.TROUBLE),
        ({"restarts": 3}, 599, Mark.TROUBLE),
        ({"restarts": 3}, 601, Mark.NOTE),
        ({"restarts": 2}, 599, Mark.NOTE),
        ({"watchdog_s": 0.0}, 1000, Mark.TROUBLE),
    ],
)
def test_a_unit_that_fails_or_flaps_is_trouble_and_one_that_has_settled_is_not(
    changed: dict[str, object], now_s: int, mark: Mark
) -> None:
    others = (unit(process="core"), unit(**changed))
    assert list(supervised.kept_running(others, now_s * SECOND_NS))[1].mark is mark
