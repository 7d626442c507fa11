"""Puts the real parts of the camera's room together."""

from vybor.foundation import keys
from vybor.foundation.clock import Clock, seconds
from vybor.foundation.gaze_settings import PointBy
from vybor.foundation.keys import Key
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings
from vybor.gaze.camera import Parts
from vybor.gaze.faces.finding import Finding
from vybor.gaze.faces.landmarks import Landmarker
from vybor.gaze.looks.calibrating import Calibrating, is_just_kept
from vybor.gaze.looks.forgetting import LOOKS
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.sources.feed import SILENT_AFTER_NS, Feed, Rule
from vybor.gaze.sources.opening import open_source

SILENT_PERIODS = 6


def camera_parts(places: Places, whole: Settings, clock: Clock, key: Key = keys.NONE) -> Parts:
    """The camera of the settings, MediaPipe, and the looks kept in the state folder."""
    settings = whole.gaze
    silent_after_ns = max(SILENT_AFTER_NS, seconds(SILENT_PERIODS / settings.hz))
    feed = Feed(lambda: open_source(settings, clock), clock, Rule(silent_after_ns=silent_after_ns))
    looks = Looks(places.state / LOOKS, key, of_head=settings.by is PointBy.HEAD)
    is_tried = is_just_kept(looks.kept_s_ago())
    calibrating = Calibrating(looks, is_tried=is_tried, calibrate_by=settings.calibration, eyes=settings.eyes)
    return Parts(feed, lambda: Finding(Landmarker(places.landmarker)), calibrating, clock, whole)
