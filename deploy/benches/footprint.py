"""What the kit takes while nobody chooses, somebody writes, and they rest: memory, processor, wake-ups, disk."""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from benches import kit_figures, options, report
from benches.goals import verdicts
from benches.kit_writing import ended_where_stuck, kit, write_for
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor.foundation.clock import Clock, SystemClock, seconds
from vybor.foundation.errors import VyborError
from vybor.foundation.vitals_settings import Profile
from world.person import Body, Person

EPILOG = """
Two kits run, one after the other: as they come (full), and with vitals.profile quiet. Before each sits a scripted
person, who blinks, and first looks at the middle of the screen and chooses nothing (idle), then writes (writing),
then rests (resting), each for --seconds.

Figures, PROFILE.PERIOD before each: rss_mb and rss_mb.NAME (resident memory of a process and its children; what
they share counts to each), pss_mb (of all, what they share counts once), both the median of all looks; cpu and
cpu.NAME (cores, of children too that have ended; one of this machine), wakeups_hz and wakeups_hz.NAME (how often
it gave its processor away to wait for something), written_mb_h (to the disk). Every process has to be there all
the time: where one starts again, falls silent or is missing at a look, or the screen says that the person is not
seen, the bench ends and says so. state_mb: what lies on the disk after that; share_mb: what came with the kit.
ratio.cpu.PERIOD: quiet by full.

The program that plays the camera is none of the kit's and does not count; on a Raspberry Pi rpicam-vid stands in
its place.
"""
PERIODS = ("idle", "writing", "resting")
SETTLE_NS = seconds(20)
"""After the dots and after a change of the period nothing counts for so long."""
UNSEEN = (m.Trouble.NOBODY_SEEN, m.Trouble.PHOTOGRAPH, m.Trouble.SOMEBODY_ELSE)
KEPT = ("rss_mb", "pss_mb", "cpu", "wakeups_hz", "written_mb_h")


def measure(share: Path, profile: Profile, for_s: int, clock: Clock) -> dict[str, float]:
    """One kit in all periods. Raises Stuck, and VyborError if a process is not there all the time."""
    with tempfile.TemporaryDirectory(prefix="vybor-") as folder:
        settings = f'[vitals]\nprofile = "{profile}"\n'
        with kit(Path(folder), share, clock, settings) as (world, person, listener, body):
            person.while_waiting = is_seen
            found: dict[str, float] = {}

            def period(name: str, lives: Callable[[int], object]) -> None:
                lives(SETTLE_NS)
                listener.restart()
                lives(seconds(for_s))
                listener.until_now()
                kit_figures.unbroken(listener.tally)
                told = kit_figures.processes(listener.looks)
                found.update({f"{profile}.{name}.{key}": told[key] for key in told if key.startswith(KEPT)})
                print(f"{profile}, {name}: {told['rss_mb']:.0f} MB, {told['cpu']:.2f} cores", flush=True)

            period("idle", lambda for_ns: sit(person, body, clock, for_ns))
            period("writing", lambda for_ns: write_for(person, clock, for_ns, "writing"))
            for role in (Role.MENU, Role.REST):
                person.take(role)
            period("resting", lambda for_ns: sit(person, body, clock, for_ns))
            found[f"{profile}.state_mb"] = size_mb(world.state)
    return found


def sit(person: Person, body: Body, clock: Clock, for_ns: int) -> None:
    """Look at the middle, where nothing can be chosen, and blink as all that lives."""
    end_ns = clock.now_ns() + for_ns
    while clock.now_ns() < end_ns:
        body.idle()
        person.look_away()


def is_seen(shown: m.Shown | None) -> None:
    """Raises VyborError where the screen says that nobody is before it: what is taken then is of nobody."""
    for notice in shown.screen.notices if shown and shown.screen else ():
        if notice.trouble in UNSEEN:
            raise VyborError(f"the person is not seen ({notice.trouble}): what the kit takes then is of nobody")


def size_mb(folder: Path) -> float:
    """What lies in a folder, and where links in it lead."""
    files = (Path(place) / name for place, _, names in os.walk(folder, followlinks=True) for name in names)
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def main() -> None:
    """Measure both profiles, and say what the quiet one saves."""
    parser = argparse.ArgumentParser(
        prog="deploy/bench footprint",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=options.positive, default=120, help="each period takes so long (120)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    clock = SystemClock()
    figures = {"share_mb": size_mb(parsed.share)}
    with ended_where_stuck():
        for profile in Profile:
            figures |= measure(parsed.share, profile, parsed.seconds, clock)
    for period in PERIODS:
        quiet, full = (figures[f"{profile}.{period}.cpu"] for profile in (Profile.QUIET, Profile.FULL))
        figures[f"ratio.cpu.{period}"] = quiet / full
    report.write("footprint", figures, parsed.json)
    for line in verdicts("footprint", figures):
        print(line)


if __name__ == "__main__":
    main()
