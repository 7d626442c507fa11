"""Pictures of a person and the dots that they looked at, as a CSV says; and the rows that the kit makes."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from vybor.foundation.clock import seconds
from vybor.foundation.errors import Missing
from vybor.gaze.faces import lids
from vybor.gaze.faces.features import features
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.sources.frames import Frame

Numbers = NDArray[np.float64]

APART_NS = seconds(30)
"""Between stills: MediaPipe smooths what comes faster."""
EDGE = 40
"""Pixels put around each picture: a face that fills it is not found."""
TELL_EACH = 200
PICTURE = re.compile(r"face|image|picture|frame|path|file", re.IGNORECASE)

Say = Callable[[str], None]


class Labelled(msgspec.Struct, frozen=True):
    """Pictures in the order in which they were taken, each with its dot."""

    pictures: tuple[Path, ...]
    places: Numbers
    """(pictures, 2), in fractions of the screen."""


class Asked(msgspec.Struct, frozen=True):
    """Which rows of which file, and how they are meant."""

    images: Path
    labels: Path
    lag: int
    """A picture belongs to the dot of so many rows before its own."""
    first: int
    """The first row that is read, from 1."""
    last: int
    screen: tuple[int, int]
    """In pixels."""


def labelled(asked: Asked) -> Labelled:
    """Pictures and dots. Raises Missing where a file, a column or a number is not what it should be."""
    try:
        with asked.labels.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = reader.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Missing(f"the labels {asked.labels} cannot be read ({error}); name another file") from None
    path = next((name for name in columns if PICTURE.search(name)), None)
    if path is None or not {"x", "y"} <= set(columns):
        raise Missing(f"{asked.labels} needs columns for the picture's path, x and y; it has {', '.join(columns)}")
    chosen = range(max(asked.first - 1, asked.lag), min(asked.last, len(rows)))
    try:
        dots = [(float(rows[at - asked.lag]["x"]), float(rows[at - asked.lag]["y"])) for at in chosen]
    except (TypeError, ValueError) as error:
        raise Missing(f"{asked.labels} has a place that is no number ({error}); mend that row") from None
    places = np.array(dots).reshape(-1, 2) / np.array(asked.screen)
    return Labelled(tuple(asked.images / str(rows[at][path]) for at in chosen), places)


def read(given: Labelled, landmarker: Path, say: Say) -> tuple[Labelled, Numbers]:
    """The pictures with open eyes, as the kit sees them, and its features (pictures, columns). Raises Missing."""
    finder, eyelids = Landmarker(landmarker), lids.Lids()
    kept, rows = [], []
    try:
        for number, path in enumerate(given.pictures):
            picture = cv2.imread(str(path))
            if picture is None:
                raise Missing(
                    f"there is no picture {path}; --images names the folder that the labels' paths begin in"
                )
            whole = cv2.copyMakeBorder(picture, EDGE, EDGE, EDGE, EDGE, cv2.BORDER_REPLICATE)
            face = finder.find(Frame(np.array(whole[..., ::-1], np.uint8), number * APART_NS, 0))
            if face is not None:
                eyelids = lids.step(eyelids, face, number * APART_NS)
            if face is not None and not eyelids.closed:
                kept.append(number)
                rows.append(features(face))
            if (number + 1) % TELL_EACH == 0:
                say(f"the kit: {number + 1} of {len(given.pictures)} pictures")
    finally:
        finder.close()
    found = Labelled(tuple(given.pictures[at] for at in kept), given.places[kept])
    return found, np.array(rows, np.float64)
