"""The doors that systemd holds, on a machine that has booted: who may open them, and what is done behind them."""

import json
import os
import stat
from collections.abc import Iterator

import msgspec
import pytest

from boot.packages import LACK, packages, suite
from vybor.commands.settings.carer_asks import Came
from vybor.contracts import messages as m
from vybor.contracts.messages import PowerEnd, PowerWish
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock
from vybor.processes import PROCESSES
from world import rootfs
from world.appliance import Appliance

pytestmark = pytest.mark.skipif(bool(LACK), reason=LACK)

CLOCK = SystemClock()
LIMIT_S = 60.0
SETTINGS = "etc/vybor/vybor.toml"
KNOCK = """\
import socket, sys
with socket.socket(socket.AF_UNIX) as door:
    door.settimeout(30)
    door.connect(sys.argv[1])
    door.sendall(sys.argv[2].encode())
    door.shutdown(socket.SHUT_WR)
    print(door.makefile().read())
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    installed = rootfs.installed(suite(), "amd64", packages(), rootfs.CACHE)
    with Appliance(installed, tmp_path_factory.mktemp("machine"), CLOCK).mounted() as made:
        made.boot()
        yield made
        print(made.console.read_text(errors="replace")[-4000:])


def knock(machine: Appliance, user: str, door: str, said: str = "", ok: tuple[int, ...] = (0,)) -> str:
    return machine.run(
        *("setpriv", f"--reuid={user}", "--regid=vybor", "--clear-groups"),
        *("python3", "-c", KNOCK, f"/run/vybor-{door}.sock", said),
        ok=ok,
    )


def asked(machine: Appliance, **wish: str) -> Came:
    return msgspec.json.decode(knock(machine, "vybor-panel", "settings", json.dumps(wish)), type=Came)


def test_the_page_s_door_changes_what_a_carer_may_and_nothing_else(machine: Appliance) -> None:
    came = asked(machine, do="set", key="voice.volume", value="120")
    assert came == Came(("voice.volume = 120",), ("voice",))
    file = machine.root / SETTINGS
    assert file.read_text() == "[voice]\nvolume = 120\n"
    kept = file.stat()
    assert (kept.st_uid, stat.S_IMODE(kept.st_mode)) == (0, 0o640)
    assert machine.run("stat", "-c", "%G", f"/{SETTINGS}").strip() == "vybor"
    assert machine.run("setpriv", "--reuid=vybor-panel", "--regid=vybor", "--clear-groups", "cat", f"/{SETTINGS}")
    refused = asked(machine, do="set", key="panel.listen", value="network").refused
    assert refused.startswith("panel.listen is not changed from the page: ")
    (version,) = [path.name for path in file.parent.glob("vybor.toml.before-*")]
    assert asked(machine, do="undo", value=version).lines == ("voice.volume = 100",)


@pytest.mark.parametrize(("door", "process"), [("settings", "panel"), ("power", "core")])
def test_no_other_process_opens_a_door(door: str, process: str, machine: Appliance) -> None:
    users = [line.split(":")[0] for line in machine.run("getent", "passwd").splitlines()]
    others = [user for user in users if user.startswith("vybor-") and user != f"vybor-{process}"]
    assert len(others) == len(PROCESSES)  # all but one, and who gathers a log bundle
    for user in others:
        with pytest.raises(RuntimeError, match="PermissionError"):
            knock(machine, user, door)


def test_a_part_starts_again_and_the_machine_goes_off_unless_somebody_chooses(machine: Appliance) -> None:
    mask = os.umask(0o007)
    page = Bus("page", machine.runtime, CLOCK, [m.PowerAsked])
    os.umask(mask)
    try:
        machine.until(lambda: bool((machine.runtime / "display.lock").exists()), "the display")
        before = machine.shown("voice", "MainPID")
        ends = wished(
            machine, page, m.AskPower(request=page.new_request(), wish=PowerWish.RESTART, processes=("voice",))
        )
        assert ends == [PowerEnd.WAITS, PowerEnd.DONE]
        machine.until(lambda: machine.shown("voice", "ActiveState") == "active", "the voice")
        assert machine.shown("voice", "MainPID") != before
        ends = wished(machine, page, m.AskPower(request=page.new_request(), wish=PowerWish.OFF))
        assert ends == [PowerEnd.WAITS, PowerEnd.DONE]
    finally:
        page.close()
    machine.goes_off()


def wished(machine: Appliance, page: Bus, wish: m.AskPower) -> list[PowerEnd]:
    """Ask core for it, and wait until it is done or not."""
    page.ask("core", wish)
    ends: list[PowerEnd] = []

    def told() -> bool:
        for arrival in page.receive(0.05):
            if isinstance(arrival, Answered):
                assert isinstance(arrival.reply, m.Done), arrival.reply
            if isinstance(arrival, Heard) and isinstance(arrival.message, m.PowerAsked):
                now = arrival.message
                if now.wish is wish.wish and now.end not in ends[-1:]:
                    ends.append(now.end)
        page.tend()
        return bool(ends) and ends[-1] is not PowerEnd.WAITS

    machine.until(told, "what was wished", LIMIT_S)
    return ends
