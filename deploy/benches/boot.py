"""A real boot of the real packages: time to the first offer, faults, power cuts, exposure of the units, disk."""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benches import options, report
from benches.goals import verdicts
from vybor.foundation.clock import Clock, SystemClock
from vybor.foundation.errors import Missing
from vybor.processes import PROCESSES
from vybor.units import name_of
from world import disks, enduring, faults, power, rootfs
from world.appliance import Appliance

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 60.0
BLOCK_BYTES = 512
PARTS = {"program": "usr/lib/vybor", "factory_model": "usr/share/vybor"}
"""What the packages lay on the disk: the libraries and the kit itself; the model and the words."""
CUTS = 50
EPILOG = """
The packages of this tree are built, installed in a Debian of their own and booted under real systemd; a scripted
person writes with the eyes. Every fault comes in the middle of a sentence on a machine that is never helped; then
another one loses power at any moment, and boots once more than it was cut. It needs root, and takes hours.

Figures: faults (cuts too) and survived (the fault came, the sentence was said as meant, nothing was lost, and all
units go on running), cuts, misquoted, stuck (nobody could go on, or no offer came), dead_units; lost_text (a text
that the screen said was saved, and that is not in the record, or not on the screen after a cut); no_memory and
no_memory.hit (processes that got no memory for a while, and how many of them are known to have wanted some);
disk_mb.program (the kit with a device's libraries, which is held to its goal), disk_mb.factory_model, and disk_mb,
both; boot_to_offer_s.{p50,max} (of each boot around the cuts);
security.NAME. With --only the goals of what was left out are missed.
"""


def main() -> None:
    """Build the packages, install them, and put the machine through everything."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench boot",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parser.add_argument("--cuts", type=int, default=CUTS, help=f"how often the power is cut ({CUTS})")
    parser.add_argument("--only", metavar="NAME", help="only faults whose name holds this; `cuts`: no faults")
    parsed = parser.parse_args()
    lack = rootfs.missing()
    if lack:
        sys.exit(f"bench: {lack}")
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        place = Path(folder)
        installed = rootfs.installed("bookworm", "amd64", packages(place / "packages"), rootfs.CACHE)
        # First, as it may fail: what follows takes hours.
        known = on_disk(installed) | {
            f"security.{process.name}": exposure(name_of(process)) for process in PROCESSES
        }
        outcomes = endure_all(installed, place, clock, parsed.only or "")
        count = 0 if parsed.only not in (None, "cuts") else parsed.cuts
        if count:  # whatever becomes of the cuts, the faults are not lost
            report.write("boot", figures(outcomes, power.Cuts()) | known, parsed.json, left=count)
        cuts = power.suffer(installed, place, clock, count, tell)
    for text in cuts.lost:
        tell(f"lost: {text}")
    found = figures(outcomes, cuts) | known
    report.write("boot", found, parsed.json)
    for line in verdicts("boot", found):
        print(line)


def figures(outcomes: Sequence[enduring.Outcome], cuts: power.Cuts) -> dict[str, float]:
    """What faults and cuts came to."""
    hit = [outcome.hit for outcome in outcomes if outcome.hit is not None]
    told = {
        "faults": len(outcomes) + cuts.made,
        "survived": sum(outcome.survived for outcome in outcomes) + cuts.survived,
        "misquoted": sum(outcome.misquoted for outcome in outcomes) + cuts.misquoted,
        "stuck": sum(outcome.stuck for outcome in outcomes) + cuts.stuck,
        "dead_units": sum(outcome.dead_units for outcome in outcomes) + cuts.dead_units,
        "lost_text": len(cuts.lost) + sum(len(outcome.lost) for outcome in outcomes),
        "no_memory": len(hit),
        "no_memory.hit": sum(hit),
        "cuts": cuts.made,
    }
    times = cuts.boot_to_offer_s
    spans = {"boot_to_offer_s.p50": statistics.median(times), "boot_to_offer_s.max": max(times)} if times else {}
    return {name: float(count) for name, count in told.items()} | spans


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


def on_disk(installed: Path) -> dict[str, float]:
    """What the kit takes on the disk of an installed system, whole and in parts. Raises Missing."""
    parts = {f"disk_mb.{name}": disk_mb(installed / folder) for name, folder in PARTS.items()}
    return parts | {"disk_mb": sum(parts.values())}


def disk_mb(folder: Path) -> float:
    """What a folder takes on the disk. Raises Missing for one that has nothing."""
    blocks = sum(path.lstat().st_blocks for path in folder.rglob("*"))
    if not blocks:
        raise Missing(f"{folder} is not there, or empty: the packages lay nothing there; see benches/boot.py")
    return blocks * BLOCK_BYTES / 1e6


if __name__ == "__main__":
    main()
