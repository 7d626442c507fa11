"""EyeTrax at work, in a process of its own: its features of each picture, its ridge for each sitting.

    python gaze_peer_program.py LIBRARIES LANDMARKER TOLD ANSWER

TOLD is a JSON file with `pictures` (paths in their order), `places` (a dot for each, fractions) and `sittings`
(`dots`, `judged`: indices). ANSWER becomes a .npz with `found` (which pictures had a face) and `guesses`
(sittings, judged, 2; not a number where there was none). Nothing of this project is imported here.
"""

import json
import sys
from pathlib import Path

LIBRARIES, LANDMARKER, TOLD, ANSWER = sys.argv[1:]
sys.path.append(LIBRARIES)

from types import SimpleNamespace  # noqa: E402

import cv2  # noqa: E402
import eyetrax.gaze  # noqa: E402
import numpy as np  # noqa: E402
from eyetrax.gaze import GazeEstimator  # noqa: E402
from eyetrax.models import create_model  # noqa: E402

APART_S = 30.0
"""Between stills, as for the kit: it takes the time of day, and MediaPipe smooths what comes fast."""
EDGE = 40
"""As in the kit's own reading of these pictures (gaze_frames.py): faces that fill them are not found."""


def main() -> None:
    """Read, fit, guess, and write what was guessed."""
    told = json.loads(Path(TOLD).read_text(encoding="utf-8"))
    estimator = GazeEstimator(model_name="ridge", face_landmarker_model=LANDMARKER)
    rows = []
    for number, path in enumerate(told["pictures"]):
        eyetrax.gaze.time = SimpleNamespace(time=lambda number=number: (number + 1) * APART_S)
        picture = cv2.copyMakeBorder(np.asarray(cv2.imread(path)), EDGE, EDGE, EDGE, EDGE, cv2.BORDER_REPLICATE)
        row, _ = estimator.extract_features(picture)
        rows.append(row)
        print(len(rows), flush=True)
    places = np.array(told["places"])
    guesses = [_guessed(rows, places, one) for one in told["sittings"]]
    with Path(ANSWER).open("wb") as file:
        np.savez(file, found=np.array([row is not None for row in rows]), guesses=np.array(guesses))


def _guessed(rows: list["np.ndarray | None"], places: "np.ndarray", sitting: dict[str, list[int]]) -> "np.ndarray":
    dots = [at for at in sitting["dots"] if rows[at] is not None]
    model = create_model("ridge")
    model.train(np.array([rows[at] for at in dots]), places[dots])
    guesses = np.full((len(sitting["judged"]), 2), np.nan)
    for number, at in enumerate(sitting["judged"]):
        if rows[at] is not None:
            guesses[number] = model.predict(np.array([rows[at]]))[0]
    return guesses


if __name__ == "__main__":
    main()
