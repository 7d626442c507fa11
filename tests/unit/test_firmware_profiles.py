"""Profiles and rules: what they say is true of the kit, and udev and systemd understand it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from vybor.firmware import config_txt, fragments, profiles
from vybor.firmware.profiles import Kind
from vybor.foundation.errors import SettingsError
from vybor.headband import boards

ROOT = Path(__file__).parents[2]
RULES = ROOT / "firmware_config/udev/70-vybor.rules"
RULE = re.compile(r'[A-Z]+(\{[\w/]+\})?(==|!=|\+=|-=|:=|=)"[^"]*"')
each_profile = pytest.mark.parametrize("name", profiles.names())


@each_profile
def test_a_profile_is_understood_and_says_something(name: str) -> None:
    profile = profiles.load(name)
    assert all(trap.endswith(".") for trap in profile.traps)
    for want in profile.wants:
        assert len(config_txt.settings_of(want.line)) == 1
        assert len(want.line) <= 98


@each_profile
def test_a_profile_names_a_headband_that_the_kit_has(name: str) -> None:
    profile = profiles.load(name)
    if profile.kind is not Kind.HEADBAND:
        assert "headband" not in profile.settings
        return
    board = boards.board_named(str(profile.settings["headband"]["board"]))
    assert bool(profile.settings["headband"].get("serial_port")) == board.serial
    assert any(f"{board.hz} Hz" in carried for carried in profile.carries)


def test_every_headband_has_a_profile() -> None:
    there = {profiles.load(name).settings.get("headband", {}).get("board") for name in profiles.names()}
    assert {board.name for board in boards.BOARDS} - {"synthetic"} == there - {None}


def test_the_hardware_page_names_every_profile() -> None:
    page = (ROOT / "deploy/docs/hardware.md").read_text(encoding="utf-8")
    assert [name for name in profiles.names() if f"`{name}`" not in page] == []


def test_the_names_of_devices_are_those_of_the_rules() -> None:
    rules = RULES.read_text(encoding="utf-8")
    links = {f"/dev/{name}" for name in re.findall(r'SYMLINK\+="([^"]+)"', rules)}
    lines = [line for name in profiles.names() for line in profiles.load(name).settings_lines]
    assert {device for line in lines for device in re.findall(r"/dev/[\w-]+", line)} == links


def test_a_setting_that_the_kit_has_not_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "profiles").mkdir()
    whole = fragments.read("profiles/cyton.toml").replace("serial_port", "port")
    (tmp_path / "profiles/cyton.toml").write_text(whole)
    monkeypatch.setattr(fragments, "FOLDERS", (tmp_path,))
    with pytest.raises(SettingsError, match="port"):
        profiles.load("cyton")


def test_every_rule_has_the_form_of_one() -> None:
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        for part in line.split(", "):
            assert RULE.fullmatch(part), part


def said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_udev_understands_the_rules() -> None:
    udevadm = shutil.which("udevadm")
    if not udevadm or "verify" not in said(udevadm, "--help"):
        pytest.skip("needs udevadm verify (systemd 254)")
    done = subprocess.run([udevadm, "verify", str(RULES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_systemd_understands_the_watchdog(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze")
    folder = tmp_path / "etc/systemd/system.conf.d"
    folder.mkdir(parents=True)
    (folder / "70-vybor.conf").write_text(fragments.read("systemd/70-vybor.conf"))
    command = ["systemd-analyze", "cat-config", f"--root={tmp_path}", "systemd/system.conf"]
    assert "RuntimeWatchdogSec=15s" in said(*command)
