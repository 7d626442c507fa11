"""A real boot of the real packages: time to the first offer, faults, power cuts, exposure of the units, disk."""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benches import options, report
from vybor.foundation.clock import Clock, SystemClock
from vybor.processes import PROCESSES
from vybor.units import name_of
from world import disks, enduring, faults, power, rootfs
from world.appliance import Appliance

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 60.0
BLOCK_BYTES = 512


def main() -> None:
    """Build the packages, install them, and put the machine through everything."""
    parser = argparse.ArgumentParser(prog="deploy/bench boot", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parser.add_argument("--cuts", type=int, default=50, help="how often the power is cut (50)")
    parser.add_argument("--only", metavar="NAME", help="only faults whose name holds this; `cuts`: no faults")
    parsed = parser.parse_args()
    lack = rootfs.missing()
    if lack:
        sys.exit(f"bench: {lack}")
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        place = Path(folder)
        installed = rootfs.installed("bookworm", "amd64", packages(place / "packages"), rootfs.CACHE)
        outcomes = endure_all(installed, place, clock, parsed.only or "")
        cuts = power.suffer(installed, place, clock, 0 if parsed.only not in (None, "cuts") else parsed.cuts, tell)
    for text in cuts.lost:
        tell(f"lost: {text}")
    figures = {
        "faults": float(len(outcomes) + cuts.made),
        "survived": float(sum(outcome.survived for outcome in outcomes) + cuts.survived),
        "misquoted": float(sum(outcome.misquoted for outcome in outcomes)),
        "stuck": float(sum(outcome.stuck for outcome in outcomes)),
        "dead_units": float(sum(outcome.dead_units for outcome in outcomes) + cuts.dead_units),
        "lost_text": float(len(cuts.lost) + sum(len(outcome.lost) for outcome in outcomes)),
        "cuts": float(cuts.made),
        "disk_mb": disk_mb(installed / "usr/lib/vybor"),
        "disk_mb.factory_model": disk_mb(installed / "usr/share/vybor"),
    }
    if cuts.boot_to_offer_s:
        figures["boot_to_offer_s.p50"] = statistics.median(cuts.boot_to_offer_s)
        figures["boot_to_offer_s.max"] = max(cuts.boot_to_offer_s)
    figures |= {f"security.{process.name}": exposure(name_of(process)) for process in PROCESSES}
    report.write("boot", figures, parsed.json)


def tell(line: str) -> None:
    """Progress."""
    print(line, flush=True)


def packages(folder: Path) -> list[Path]:
    """The packages of this tree, for this machine."""
    command: list[str | Path] = [
        ROOT / "deploy/package",
        "--architecture",
        "amd64",
        "--suite",
        "bookworm",
        "--out",
        folder,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.deb"))


def endure_all(installed: Path, folder: Path, clock: Clock, only: str) -> list[enduring.Outcome]:
    """Every fault, one after another, on one machine that is never helped."""
    outcomes = []
    with (
        disks.disk(folder / "faults.disk", folder / "faults.mounted") as disk,
        Appliance(installed, folder / "faults", clock, disk).mounted() as machine,
    ):
        faults.furnish(machine)
        machine.boot()
        with machine.headband(), machine.person() as (person, camera):
            person.wait_for_offer(START_LIMIT_S)
            for fault in faults.every_fault():
                if only in fault.name:
                    outcomes.append(enduring.endure(machine, person, camera, fault))
                    tell(f"{fault.name}: {outcomes[-1].told}")
            if any(not outcome.survived for outcome in outcomes):
                tell(machine.run("journalctl", "--no-pager", "-b", "-n", "400"))
    if only in "disk.read_only":
        outcomes.append(power.card_turns_read_only(installed, folder, clock))
        tell(f"{outcomes[-1].name}: {outcomes[-1].told}")
    return outcomes


def exposure(unit: str) -> float:
    """The mark of systemd-analyze security for a unit of this tree: 0 is safe, 10 is naked."""
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(ROOT / "systemd" / unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Overall exposure level for \S+ (\d+\.\d+)", told)
    assert found, told
    return float(found.group(1))


def disk_mb(folder: Path) -> float:
    """What a folder takes on the disk."""
    return sum(path.lstat().st_blocks * BLOCK_BYTES for path in folder.rglob("*")) / 1e6


if __name__ == "__main__":
    main()
