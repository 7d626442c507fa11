"""EyeTrax (MIT, PyPI) as a peer: its own features and ridge on the same frames, in a process beside this."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benches.gaze_frames import Labelled
from benches.gaze_sittings import Numbers, Sitting
from vybor.foundation.errors import Missing

VERSION = "0.4.0"
NEEDS = (f"eyetrax=={VERSION}", "scikit-learn>=1.6,<2")
"""Without the rest of what it asks for: MediaPipe and OpenCV are there, and it runs with NumPy 2."""
TELL_EACH = 200

Say = Callable[[str], None]


def libraries(cache: Path, say: Say) -> Path:
    """The folder with EyeTrax, from the cache or taken into it. Raises Missing."""
    kept = cache / f"eyetrax-{VERSION}"
    if kept.is_dir():
        return kept
    say(f"taking {NEEDS[0]}")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        for more in ([NEEDS[0], "--no-deps"], [NEEDS[1]]):
            command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "install"]
            done = subprocess.run(
                [*command, "--target", scratch, *more], capture_output=True, text=True, check=False
            )
            if done.returncode:
                said = done.stderr.strip().splitlines() or ["pip said nothing"]
                raise Missing(f"{NEEDS[0]} could not be installed ({said[-1]}); check the network and try again")
        for twice in ("numpy", "numpy.libs", "scipy", "scipy.libs"):  # those that the kit has are used
            shutil.rmtree(Path(scratch) / twice, ignore_errors=True)
        shutil.copytree(scratch, kept)
    return kept


def guesses(
    known: Labelled, sittings: Sequence[Sitting], landmarker: Path, cache: Path, say: Say
) -> tuple[Numbers, ...]:
    """Where EyeTrax takes each judged frame to look, a sitting at a time: (judged, 2), NaN without a face.

    Raises Missing.
    """
    program = Path(__file__).with_name("gaze_peer_program.py")
    with tempfile.TemporaryDirectory() as scratch:
        told, answer = Path(scratch) / "told.json", Path(scratch) / "answer.npz"
        told.write_text(
            json.dumps(
                {
                    "pictures": [str(path) for path in known.pictures],
                    "places": known.places.tolist(),
                    "sittings": [{"dots": one.dots, "judged": one.judged} for one in sittings],
                }
            ),
            encoding="utf-8",
        )
        command = [
            sys.executable,
            str(program),
            str(libraries(cache, say)),
            str(landmarker),
            str(told),
            str(answer),
        ]
        with (
            tempfile.TemporaryFile(mode="w+") as log,
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as running,
        ):
            assert running.stdout
            for line in running.stdout:
                if int(line) % TELL_EACH == 0:
                    say(f"EyeTrax: {line.strip()} of {len(known.pictures)} pictures")
            running.wait()
            if not answer.is_file():
                log.seek(0)
                said = log.read().strip().splitlines() or ["it said nothing"]
                raise Missing(f"EyeTrax ended ({said[-1]}); remove {cache} and try again")
        with np.load(answer) as read:
            return tuple(read["guesses"])
