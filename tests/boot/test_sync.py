"""An installed kit and its workstation: the unit's own sshd, rsync over loopback, and the way back."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from boot.packages import LACK, packages, suite
from vybor.foundation.clock import SystemClock
from world import rootfs
from world.appliance import Appliance
from world.workstation import Workstation

pytestmark = pytest.mark.skipif(bool(LACK), reason=LACK)

START_LIMIT_S = 60.0
SAID = "Thank you very much."


@pytest.fixture(scope="module")
def workstation(tmp_path_factory: pytest.TempPathFactory) -> Workstation:
    return Workstation(tmp_path_factory.mktemp("owner") / "workstation")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, workstation: Workstation) -> Iterator[Appliance]:
    installed = rootfs.installed(suite(), "amd64", packages(), rootfs.CACHE)
    with Appliance(installed, tmp_path_factory.mktemp("machine"), SystemClock()).mounted() as made:
        made.write("etc/vybor/vybor.toml", workstation.settings)
        made.boot()
        yield made
        print(made.run("journalctl", "--no-pager", "-b"))


def workshop(machine: Appliance, *words: str) -> str:
    command = machine.in_network(sys.executable, "-m", "vybor_workshop", *words)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_was_written_is_fetched_from_the_unit_s_own_sshd(
    machine: Appliance, workstation: Workstation, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with machine.person() as (person, _):
        person.wait_for_offer(START_LIMIT_S)
        workstation.pair(person, print, machine.enter_network)
        assert person.write(SAID).said == SAID
    told = workshop(machine, "sync", "--home", str(workstation.folder), "--data", str(data))
    rows = workshop(machine, "log", "export", "--format", "jsonl", "--data", str(data)).splitlines()
    print(told, json.loads(rows[-1]))
    assert SAID in workshop(machine, "log", "export", "--format", "txt", "--data", str(data))
    machine.until(lambda: not [*(machine.state / "outbox").glob("*/*")], "the receipt")
