"""Where the eyes rest: on labelled pictures of a person beside EyeTrax; what it costs; eyes that only read."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benches import gaze_costs, gaze_frames, gaze_peer, gaze_reading, options, report
from benches.gaze_figures import Judged, figures
from benches.gaze_frames import Asked, Labelled
from benches.gaze_sittings import EARLIEST, JUDGED, POOL, Numbers, Sitting, sittings
from benches.person import cache
from vybor.foundation.errors import Missing, VyborError
from vybor.foundation.progress import on_stderr
from vybor.gaze.points.model import GazeModel, Look, fit, predict

SCREEN = (1920, 1080)
PRIORS = {"cold9": 0, "prior50": 50, "prior400": 400, "prior_all": sys.maxsize}
"""How many of the looks before a sitting are known to its model."""
EPILOG = f"""
--images DIR --labels CSV. A sitting calibrates as the kit does, with nine dots: of {POOL} frames those whose dots
are nearest to the kit's. Judged are the {JUDGED} frames behind; every sitting knows only what was before it, and
the first has {EARLIEST} looks before. Each frame is one look, nothing is filtered, no choice corrects anything.
EyeTrax has its own features and its own ridge, on the same nine frames, in the same run.

Figures: px.NAME, the mean distance to the dot in pixels, for NAME one of {", ".join(PRIORS)} (looks
from before: none, 50, 400, all) and eyetrax.cold9; tile2x2.NAME and tile3x2.NAME, how often the tile is the right
one, for dots where a tile's words are looked at (around its middle, as the kit assumes), and tile2x2_anywhere,
tile3x2_anywhere for dots all over the tile; coverage95.NAME, how many dots are within the ellipse that should hold
95 %, and coverage95 with 400 looks; ellipse_deg2.NAME, its area; loglik.NAME, the mean log density of the true
place, a whole screen being 1; ratio_vs_eyetrax.cold9 and ratio_prior400_vs_cold9, with .low and .high (95 %, whole
sittings resampled).

--costs. The process gaze before a camera's pipe of 640x480 and of 1280x720, {gaze_costs.HZ:g} frames a second, and
MediaPipe alone with frames of the same face in memory, by turns: cpu_ms.{{gaze,mediapipe}}.SIZE, of a frame;
ratio.cpu_vs_mediapipe, with SIZE and the larger of both; frame_to_point_ms.p50 and .p99, from a frame's arrival
to its look on the bus, less what MediaPipe took; memory.grows_mb, of the room that looks at --frames frames as
fast as it can, after the first thousand.

--reading. The whole kit before a drawn face: looks_decided_right, of --looks that come down
{gaze_reading.BESIDE_DEG:g} degrees beside the middle of the tile they mean, how many light that tile first
(looks_wrong, looks_undecided), and how often the kit asked for dots instead, which were looked at and the look
begun anew (looks_broken_off); reading_false_selections, what eyes choose that only read for --minutes, word by
word, blinking now and then.
"""


def main() -> None:
    """Read, calibrate sitting by sitting, judge, say."""
    parser = _parser()
    parsed = parser.parse_args()
    try:
        found = asked(parser, parsed)
    except VyborError as error:
        on_stderr(f"bench: {error}")
        sys.exit(error.exit_code)
    report.write("gaze", found, parsed.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deploy/bench gaze",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--share", type=Path, required=True, help=argparse.SUPPRESS)
    add("--images", type=Path, metavar="DIR", help="the folder that the labels' paths begin in")
    add("--labels", type=Path, metavar="CSV", help="a row a picture: its path, x and y in pixels")
    add("--lag", type=int, default=0, metavar="N", help="a picture's dot stands N rows before it (0)")
    add("--from", type=options.positive, default=1, dest="first", metavar="N", help="the first row (1)")
    add("--to", type=options.positive, default=sys.maxsize, dest="last", metavar="M", help="the last row (all)")
    add("--screen", type=screen, default=SCREEN, metavar="WxH", help="of the person, in pixels (1920x1080)")
    add(
        "--px-per-degree",
        type=float,
        default=54.0,
        metavar="P",
        help="pixels of the screen a degree of the eye (54: a 24 inch screen at 65 cm)",
    )
    add("--no-peer", action="store_true", help="leave EyeTrax out")
    add("--costs", action="store_true", help="processor, delay and memory instead")
    add("--seconds", type=options.positive, default=20, metavar="N", help="of each turn (20)")
    add("--frames", type=options.positive, default=20_000, metavar="N", help="to look at memory after (20000)")
    add("--reading", action="store_true", help="the whole kit, and eyes that mean nothing, instead")
    add("--looks", type=options.positive, default=100, metavar="N", help="a little beside a tile (100)")
    add("--minutes", type=float, default=5.0, metavar="M", help="of reading (5)")
    add("--seed", type=int, default=1, metavar="N", help="of the looks (1)")
    add("--json", type=options.new_file, metavar="FILE", help="write the figures here")
    return parser


def asked(parser: argparse.ArgumentParser, parsed: argparse.Namespace) -> dict[str, float]:
    """The figures of what is asked for. Raises VyborError."""
    if parsed.costs:
        found = gaze_costs.costs(parsed.share, parsed.seconds, on_stderr)
        return found | gaze_costs.memory(parsed.share, parsed.frames, on_stderr)
    if parsed.reading:
        return gaze_reading.reading(parsed.share, parsed.looks, parsed.minutes, parsed.seed, on_stderr)
    if parsed.images is None or parsed.labels is None:
        parser.error("say --images DIR --labels CSV, --costs or --reading")
    return images(parsed)


def screen(text: str) -> tuple[int, int]:
    """Width and height. Raises ArgumentTypeError."""
    if not (found := re.fullmatch(r"([1-9]\d{0,5})x([1-9]\d{0,5})", text)):
        raise argparse.ArgumentTypeError(f"{text} is no screen; write it as 1920x1080")
    return int(found[1]), int(found[2])


def images(parsed: argparse.Namespace) -> dict[str, float]:
    """The figures of --images. Raises VyborError."""
    asked = Asked(parsed.images, parsed.labels, parsed.lag, parsed.first, parsed.last, parsed.screen)
    given = gaze_frames.labelled(asked)
    if not parsed.no_peer:
        gaze_peer.libraries(cache(), on_stderr)  # what cannot be had is said before the minutes
    landmarker = parsed.share.resolve() / "face_landmarker.task"
    known, rows = gaze_frames.read(given, landmarker, on_stderr)
    planned = list(sittings(known.places))
    if not planned:
        raise Missing(
            f"{len(known.pictures)} pictures with open eyes are too few; one sitting takes "
            f"{EARLIEST + POOL + JUDGED}: name more of them"
        )
    judged = {name: judge(known, rows, planned, prior, on_stderr) for name, prior in PRIORS.items()}
    theirs = None if parsed.no_peer else gaze_peer.guesses(known, planned, landmarker, cache(), on_stderr)
    told = {"pictures": float(len(known.pictures)), "sittings": float(len(planned))}
    told["open_share"] = len(known.pictures) / len(given.pictures)
    return told | figures(judged, theirs, known.places, planned, parsed.screen, parsed.px_per_degree)


def judge(
    known: Labelled, rows: Numbers, planned: Sequence[Sitting], prior: int, say: Callable[[str], None]
) -> Judged:
    """What the kit's model makes of each sitting's judged frames, with so many looks from before."""
    say(f"{len(planned)} sittings with {'all' if prior == sys.maxsize else prior} looks from before")
    models = [fitted(known, rows, one, prior) for one in planned]
    guesses = [predict(model, rows[list(one.judged)]) for model, one in zip(models, planned, strict=True)]
    spreads = [(np.hypot(model.bias.x, model.noise.x), np.hypot(model.bias.y, model.noise.y)) for model in models]
    return Judged(np.array(guesses), np.array(spreads)[:, None].repeat(JUDGED, axis=1))


def fitted(known: Labelled, rows: Numbers, sitting: Sitting, prior: int) -> GazeModel:
    """The kit's own fit of a sitting."""
    before = sitting.earlier[max(len(sitting.earlier) - prior, 0) :] if prior else ()
    looks = [
        Look(x=float(known.places[at, 0]), y=float(known.places[at, 1]), rows=rows[at : at + 1], calibration=of)
        for of, frames in ((1, before), (2, sitting.dots))
        for at in frames
    ]
    return fit(looks)


if __name__ == "__main__":
    main()
