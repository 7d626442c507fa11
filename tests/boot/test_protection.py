"""A protected kit under real systemd: locked after the power was off, unlocked by the passphrase, open again."""

from collections.abc import Iterator

import pytest

from boot.packages import LACK, packages, suite
from vybor.foundation import database
from vybor.foundation.clock import SystemClock
from vybor.foundation.database import State
from world import rootfs
from world.appliance import Appliance

pytestmark = pytest.mark.skipif(bool(LACK), reason=LACK)

WORDS = "four words quite apart"
TWICE = f"printf '{WORDS}\\n{WORDS}\\n'"
STORES = ("journal/journal.sqlite", "core/own-words-en.sqlite", "generator/topics.sqlite")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    installed = rootfs.installed(suite(), "amd64", packages(), rootfs.CACHE)
    with Appliance(installed, tmp_path_factory.mktemp("machine"), SystemClock()).mounted() as made:
        made.boot()
        yield made
        print(made.run("journalctl", "--no-pager", "-b"))


def shell(machine: Appliance, line: str) -> str:
    return machine.run("sh", "-c", line)


def states(machine: Appliance) -> set[State]:
    return {database.state_of(machine.state / store) for store in STORES}


def told(machine: Appliance) -> str:
    return machine.run("vybor", "status", ok=(0, 1))


def test_a_passphrase_locks_what_is_kept_until_somebody_types_it(machine: Appliance) -> None:
    machine.until(machine.is_whole, "every process")
    assert states(machine) == {State.BARE}
    shell(machine, f"{TWICE} | vybor protect on --passphrase")
    machine.run("systemctl", "restart", "vybor.target")
    machine.until(lambda: states(machine) == {State.SEALED}, "the encryption")
    machine.power_off()
    machine.boot()
    machine.until(lambda: "journal_locked" in told(machine), "the lock")
    machine.until(machine.is_whole, "every process: locked is no reason not to run")
    machine.until(lambda: machine.pid("core") > 0, "the core")
    assert "the kit is unlocked" in shell(machine, f"echo {WORDS} | vybor unlock")
    machine.until(lambda: "locked" not in told(machine), "the record")


def test_the_machine_opens_the_kit_by_itself_and_protection_is_taken_off(machine: Appliance) -> None:
    machine.run("systemctl", "stop", "vybor.target")
    assert "not encrypted any more" in machine.run("vybor", "protect", "off")
    assert states(machine) == {State.BARE}
    machine.run("vybor", "protect", "on")
    machine.run("systemctl", "start", "vybor.target")
    machine.until(lambda: states(machine) == {State.SEALED}, "the encryption")
    machine.power_off()
    machine.boot()
    machine.until(machine.is_whole, "every process")
    assert "locked" not in told(machine)
