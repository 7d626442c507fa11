"""`vybor calibrate`: who cannot ask is told why."""

import os
from pathlib import Path

import pytest

from vybor.calibrate import calibrate
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing, PlaceError


def test_without_a_kit_the_command_that_starts_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="start it with `vybor up`"):
        calibrate(tmp_path, SystemClock())


def test_a_packaged_kit_that_is_stopped_is_started_by_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vybor.units.RUNTIME", str(tmp_path))
    with pytest.raises(Missing, match=r"start it with `sudo systemctl start vybor\.target`"):
        calibrate(tmp_path, SystemClock())


def test_what_is_no_socket_is_no_kit(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gaze")
    with pytest.raises(Missing, match="no kit runs"):
        calibrate(tmp_path, SystemClock())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_user_outside_the_group_is_told_to_join_it(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    os.seteuid(65534)
    try:
        with pytest.raises(PlaceError, match=r"sudo adduser \$USER vybor"):
            calibrate(tmp_path / "run", SystemClock())
    finally:
        os.seteuid(0)
