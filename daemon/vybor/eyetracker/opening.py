"""Chooses the source of points that the settings name."""

from collections.abc import Callable
from pathlib import Path

from vybor.eyetracker.sources import openface, plain
from vybor.eyetracker.sources.files import LiveFile, PlayedFile
from vybor.eyetracker.sources.lsl import LslTracker
from vybor.eyetracker.sources.rows import Columns, Meaning
from vybor.eyetracker.sources.webgazer import WebGazer
from vybor.foundation.clock import Clock
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.points.source import PointSource

Means = Callable[[Columns, str, EyetrackerSettings], Meaning]
MEANINGS: dict[TrackerKind, Means] = {
    TrackerKind.OPENFACE: openface.meaning,
    TrackerKind.RECORDING: plain.meaning,
}


def source_of(settings: EyetrackerSettings, clock: Clock) -> PointSource:
    """What `[eyetracker]` names; nothing is opened yet."""
    if settings.kind is TrackerKind.LSL:
        return LslTracker(settings, clock)
    if settings.kind is TrackerKind.WEBGAZER:
        return WebGazer()
    means = MEANINGS[settings.kind]

    def understand(columns: Columns, told: str) -> Meaning:
        return means(columns, told, settings)

    if settings.live:
        return LiveFile(Path(settings.where), understand, clock)
    return PlayedFile(Path(settings.where), understand, clock)
