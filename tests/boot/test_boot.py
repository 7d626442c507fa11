"""One real boot: the real packages under real systemd; somebody writes, upgrades and purges."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from boot.packages import LACK, packages, suite
from house import documented, tried
from vybor.contracts import messages as m
from vybor.foundation.clock import SystemClock
from vybor.processes import PROCESSES
from world import rootfs
from world.appliance import PORT, Appliance
from world.play import decisions

pytestmark = pytest.mark.skipif(bool(LACK), reason=LACK)

CLOCK = SystemClock()
START_LIMIT_S = 60.0
DEAF = "etc/systemd/system/vybor-gaze.service.d/deaf.conf"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    installed = rootfs.installed(suite(), "amd64", packages(), rootfs.CACHE)
    with Appliance(installed, tmp_path_factory.mktemp("machine"), CLOCK).mounted() as made:
        made.boot()
        yield made
        print(made.run("journalctl", "--no-pager", "-b"))


def test_every_unit_runs_and_none_had_to_start_twice(machine: Appliance) -> None:
    """No camera answers, no headband, no sound, no panel: calm states, not failures."""
    machine.until(machine.is_whole, "every process")
    restarts = {process.name: machine.shown(process.name, "NRestarts") for process in PROCESSES}
    assert restarts == {process.name: "0" for process in PROCESSES}
    assert machine.run("systemctl", "--failed", "--plain", "--no-legend") == ""


def test_somebody_writes_with_the_factory_model(machine: Appliance) -> None:
    with machine.person() as (person, _):
        person.wait_for_offer(START_LIMIT_S)
        written = person.write("Thank you very much.")
    assert written.said == "Thank you very much."
    assert person.unmeant == []


def test_a_headband_whose_dongle_is_plugged_in_is_used(machine: Appliance) -> None:
    machine.write("etc/vybor/vybor.toml", f'[headband]\nboard = "cyton"\nserial_port = "{PORT}"\n')
    with machine.headband():
        machine.run("systemctl", "restart", "vybor-headband")
        machine.until(lambda: "headband: it runs" in machine.run("vybor", "doctor", ok=(0, 1)), "the headband")
    (machine.root / "etc/vybor/vybor.toml").unlink()
    machine.run("systemctl", "restart", "vybor-headband")


def test_the_record_lies_where_no_other_process_can_read_it(machine: Appliance) -> None:
    kept = decisions(machine.state / "journal")
    assert kept[-1].action is m.Action.SPEAK
    for process in PROCESSES:
        if process.name != "journal":
            told = machine.run(
                "runuser", "-u", f"vybor-{process.name}", "--", "ls", "/var/lib/vybor/journal", ok=(2,)
            )
            assert told == ""


def test_a_folder_that_somebody_removed_keeps_nobody_from_starting(machine: Appliance) -> None:
    machine.run("rmdir", "/var/lib/vybor/outbox", "/var/lib/vybor/arrived")
    machine.run("systemctl", "restart", "vybor-journal", "vybor-sync")
    machine.until(machine.is_whole, "every process")
    machine.run("systemd-tmpfiles", "--create", "vybor.conf")
    machine.run("systemctl", "restart", "vybor-journal", "vybor-sync")
    machine.until(machine.is_whole, "every process")


def test_a_login_prompt_that_somebody_starts_takes_no_console_away(machine: Appliance) -> None:
    machine.run("systemctl", "start", "getty@tty1.service", ok=(1, 4))  # only a machine's start may want it
    assert machine.shown("safe", "ActiveState") == "active"


def test_the_journal_of_the_machine_has_fields(machine: Appliance) -> None:
    told = machine.run("journalctl", "-o", "json", "VYBOR_PROCESS=gaze", "VYBOR_TROUBLE=not_calibrated")
    first = json.loads(told.splitlines()[0])
    assert first["_SYSTEMD_UNIT"] == "vybor-gaze.service"
    assert first["MESSAGE"].startswith("trouble: not_calibrated")


ASKS = """
import io, socket, tarfile
there = socket.socket(socket.AF_UNIX)
there.connect("/run/vybor-bundle.socket")
packed = b"".join(iter(lambda: there.recv(65536), b""))
print(tarfile.open(fileobj=io.BytesIO(packed)).extractfile("vybor-bundle/log.txt").read().decode())
"""


def test_the_panel_alone_has_a_log_bundle_gathered_and_by_who_may_read_the_log(machine: Appliance) -> None:
    told = machine.run("runuser", "-u", "vybor-panel", "--", "python3", "-c", ASKS)
    assert "the page is open" in told
    assert "Thank you very much" not in told
    for process in PROCESSES:
        if process.name != "panel":
            machine.run("runuser", "-u", f"vybor-{process.name}", "--", "python3", "-c", ASKS, ok=(1,))
    itself = machine.run("runuser", "-u", "vybor-panel", "--", "journalctl", "-u", "vybor-core", ok=(0, 1))
    assert "vybor-core" not in itself


def test_the_commands_find_the_kit(machine: Appliance) -> None:
    told = machine.run("vybor", "doctor", ok=(0, 1))
    assert "core: it runs" in told
    assert "language model: smollm2-135m" in told


def test_what_the_pages_say_of_units_is_done(machine: Appliance) -> None:
    """All that they have somebody call of systemd, in the order of the pages; what they mask is opened again."""
    before = machine.shown("core", "MainPID")
    for named in documented.everywhere():
        if named.program in ("systemctl", "journalctl") and tried.by(named.program, named.words) == tried.BOOT:
            machine.run(*named.words, ok=(0, 1) if named.program == "journalctl" else (0,))  # 1: nothing of it yet
        if named.words[:3] == ("systemctl", "mask", "--now"):
            assert machine.run("systemctl", "is-enabled", *named.words[3:], ok=(1,)).split()[0] == "masked"
            machine.run("systemctl", "unmask", *named.words[3:])
            machine.run("systemctl", "start", *named.words[3:])
    machine.until(machine.is_whole, "every process")
    assert machine.shown("core", "MainPID") != before


def test_the_documents_lead_somewhere_and_name_every_licence(machine: Appliance) -> None:
    documents = machine.root / "usr/share/doc/vybor"
    dead = [
        f"{page.name}: {target}"
        for page in documents.rglob("*.md")
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []
    told = (documents / "copyright").read_text(encoding="utf-8")
    (site,) = (machine.root / "usr/lib/vybor/lib").glob("python3.*/site-packages")
    infos = {info.name.partition("-")[0].lower() for info in site.glob("*.dist-info")} - {"vybor"}
    named = re.findall(r"^(\S+) [\d.]+$", told, re.MULTILINE)
    assert {re.sub(r"[-.]", "_", name).lower() for name in named} == infos  # wheels write DAWG2 large or small
    assert not list(site.glob("*/direct_url.json"))
    model = (machine.root / "usr/share/doc/vybor-factory-model/copyright").read_text(encoding="utf-8")
    assert "CC-BY-SA-4.0" in model


def test_installing_over_a_live_kit_keeps_every_event_and_setting(machine: Appliance) -> None:
    settings = '[display]\nswitch_key = "return"\n'
    machine.write("etc/vybor/vybor.toml", settings)
    journal = machine.state / "journal"
    before = decisions(journal)
    assert before
    for package in packages():
        place = f"srv/{package.name}"
        (machine.root / place).write_bytes(package.read_bytes())
    code = machine.root / "usr/lib/vybor/lib/python{}.{}/site-packages/vybor/__pycache__".format(*sys.version_info)
    compiled = next(code.glob("cli.*.pyc"))
    before_ns = compiled.stat().st_mtime_ns
    gone = compiled.with_name(compiled.name.replace("cli", "of_another_version"))
    gone.write_bytes(b"its source is gone")
    machine.run("sh", "-c", "dpkg -i /srv/*.deb")
    assert compiled.stat().st_mtime_ns == before_ns  # what is the same is not compiled again
    assert not gone.exists()
    machine.until(machine.is_whole, "every process after the upgrade")
    assert decisions(journal)[: len(before)] == before
    assert (machine.root / "etc/vybor/vybor.toml").read_text() == settings
    with machine.person() as (person, _):
        person.wait_for_offer(START_LIMIT_S)
        assert person.write("Yes.").said == "Yes."
    assert len(decisions(journal)) > len(before)


def test_a_copy_of_the_kit_is_put_back_as_the_owner_s_page_says(machine: Appliance) -> None:
    """Both times all that stands there, in its order; between them somebody writes what the copy has not."""
    page = (documented.DOCS / "owner.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)
    copies, puts_back = (each for each in blocks if re.search(r"^    sudo tar ", each, re.MULTILINE))
    journal = machine.state / "journal"
    machine.run("sh", "-ec", copies.replace("sudo ", ""))
    copied = decisions(journal)
    with machine.person() as (person, _):
        person.wait_for_offer(START_LIMIT_S)
        assert person.write("No.").said == "No."
    machine.run("sh", "-ec", puts_back.replace("sudo ", ""))
    machine.until(machine.is_whole, "every process of the copy")
    assert decisions(journal) == copied
    with machine.person() as (person, _):
        person.wait_for_offer(START_LIMIT_S)
        assert person.write("Yes.").said == "Yes."
    assert len(decisions(journal)) > len(copied)


def test_purging_keeps_what_was_written_unless_somebody_says_yes(machine: Appliance) -> None:
    journal = machine.state / "journal"
    machine.until(lambda: decisions(journal)[-1].action is m.Action.SPEAK, "the record of the last choice")
    kept = len(decisions(journal))
    machine.write(DEAF, "[Service]\nKillSignal=SIGWINCH\n")  # it will not end when it is asked to
    machine.run("systemctl", "daemon-reload")
    machine.run("dpkg", "--purge", "vybor")
    assert machine.run("systemctl", "list-units", "--plain", "--no-legend", "vybor*") == ""
    assert not (machine.root / "usr/lib/vybor").exists()
    assert len(decisions(journal)) == kept
    machine.run("sh", "-c", "dpkg -i /srv/vybor_*.deb")
    machine.until(machine.is_whole, "every process")
    assert len(decisions(journal)) == kept
    assert "vybor/remove-texts" in machine.run("debconf-show", "vybor")  # there is something to say yes to
    machine.run("sh", "-c", "echo vybor vybor/remove-texts boolean true | debconf-set-selections")
    machine.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--purge", "vybor")  # as told before, unasked
    assert not machine.state.exists()


KILLED_HARNESS = """\
import sys, time
from pathlib import Path
from vybor.foundation.clock import SystemClock
from world.appliance import Appliance
with Appliance(Path(sys.argv[1]), Path(sys.argv[2]), SystemClock()).mounted() as machine:
    machine.boot(waits_for_the_kit=False)
    print(machine._leader, flush=True)
    time.sleep(60)
"""


def test_a_machine_ends_with_whoever_runs_it(tmp_path: Path) -> None:
    installed = rootfs.installed(suite(), "amd64", packages(), rootfs.CACHE)
    command = [sys.executable, "-c", KILLED_HARNESS, str(installed), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as harness:
        assert harness.stdout is not None
        leader = Path(f"/proc/{int(harness.stdout.readline())}")
        assert leader.exists()
        harness.kill()
    for _ in range(100):
        if not leader.exists():
            break
        time.sleep(0.1)
    subprocess.run(["umount", str(tmp_path / "root")], check=True)
    assert not leader.exists()
