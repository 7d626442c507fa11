"""An installed kit and its workstation: the unit's own sshd, rsync over loopback, and the way back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from boot.packages import LACK, packages, suite
from vybor.bundles.manifest import Kind, Manifest
from vybor.foundation.clock import SystemClock
from vybor.generator.network import adapter
from vybor.generator.network.bundle import open_bundle
from vybor_workshop.kits.home import Home
from vybor_workshop.publish.queue import Queue
from world import rootfs, tiny_adapter
from world.appliance import Appliance
from world.workstation import Workstation

pytestmark = pytest.mark.skipif(bool(LACK), reason=LACK)

START_LIMIT_S = 60.0
SAID = "Thank you very much."
LAYERS, ROWS = 30, {"q": 576, "k": 192, "v": 192, "o": 576}
"""Of SmolLM2, the factory model; each matrix has 576 columns."""
COLUMNS = 576


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


def publish(workstation: Workstation, machine: Appliance, folder: Path) -> None:
    """An adapter that changes next to nothing, signed for the kit."""
    dice = np.random.default_rng(1)
    halves = {
        (layer, part): (
            dice.standard_normal((tiny_adapter.RANK, COLUMNS)).astype(np.float32),
            np.full((rows, tiny_adapter.RANK), 1e-5, np.float32),
        )
        for layer in range(LAYERS)
        for part, rows in ROWS.items()
    }
    base = open_bundle(machine.root / "usr/share/vybor/model").manifest.base
    made = tiny_adapter.peft(folder, halves, base_sha256=base)
    home = Home(workstation.folder)
    (kit,) = home.kits()
    queue = Queue(home.folder, kit, home.workstation())
    with queue.alone():
        told = Manifest(kind=Kind.ADAPTER, kit=kit.card.kit, serial=queue.serial({}), base=base, growth=1)
        queue.put(told, {name: (made / name).read_bytes() for name in (adapter.CONFIG, adapter.WEIGHTS)})


def test_what_was_written_is_fetched_and_what_grew_of_it_is_worn(
    machine: Appliance, workstation: Workstation, tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path / "data"))
    syncs = ("sync", "--home", str(workstation.folder), *data)

    def is_fetched() -> bool:
        """What the journal has not sealed yet comes next time."""
        workshop(machine, *syncs)
        return (tmp_path / "data").exists()

    with machine.person() as (person, _):
        person.wait_for_offer(START_LIMIT_S)
        workstation.pair(person, print, machine.enter_network)
        assert person.write(SAID).said == SAID
        machine.until(is_fetched, "the rows")
        assert SAID in workshop(machine, "log", "export", "--format", "txt", *data).splitlines()
        machine.until(lambda: not [*(machine.state / "outbox").iterdir()], "the receipt")
        publish(workstation, machine, tmp_path / "adapter")
        workshop(machine, *syncs)
        machine.until(lambda: "on trial" in machine.run("vybor", "model"), "the adapter that was sent")
        assert person.write(SAID).said == SAID
