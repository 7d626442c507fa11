"""Looks by Lab Streaming Layer: which channels are what, and the driver against real outlets."""

import math
from pathlib import Path

import pytest

from unit.test_headband_lsl import in_a_network_of_its_own
from vybor.eyetracker.sources import lsl
from vybor.eyetracker.sources.channels import Channels, Unfit, channels_of, place_of
from vybor.foundation.clock import seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings

FRACTIONS = EyetrackerSettings()


def test_real_outlets_on_loopback(tmp_path: Path) -> None:
    in_a_network_of_its_own(tmp_path, "not slow", "unit/eyetracker_loopback.py")


@pytest.mark.parametrize(
    ("labels", "kinds", "units", "found"),
    [
        (["x", "y"], [], [], Channels(0, 1)),
        (["confidence", "Gaze X", "Gaze Y"], [], [], Channels(1, 2, confidence=0)),
        (["a", "b"], ["ScreenX", "ScreenY"], ["pixels", "pixels"], Channels(0, 1, is_pixels=True)),
        ([], [], [], Channels(0, 1)),
        (["x", "y", "sd_x", "sd_y", "open"], [], ["normalized"] * 5, Channels(0, 1, valid=4, is_pixels=False)),
        (["gaze_x", "gaze_y", "pupil_diameter"], [], ["?", "?", "mm"], Channels(0, 1, pupil=2)),
    ],
)
def test_channels_are_found_by_name_by_type_or_by_place(
    labels: list[str], kinds: list[str], units: list[str], found: Channels
) -> None:
    assert channels_of(labels, kinds, units, max(2, len(labels))) == found


def test_one_channel_is_no_look_and_strange_names_are_told() -> None:
    with pytest.raises(Unfit, match="has one channel"):
        channels_of(["x"], [], [], 1)
    with pytest.raises(Unfit, match="calls its channels up, down; have it call two of them x and y"):
        channels_of(["up", "down"], [], [], 2)


@pytest.mark.parametrize(
    ("sample", "place"),
    [
        ((0.2, 0.3, 1.0, 0.9, 3.0), (0.2, 0.3)),
        ((0.2, 0.3, 0.0, 0.9, 3.0), None),
        ((0.2, 0.3, 1.0, 0.4, 3.0), None),
        ((0.2, 0.3, 1.0, math.nan, 3.0), None),
        ((0.2, 0.3, 1.0, 0.9, 0.0), None),
        ((0.2, 0.3, 1.0, 0.9, math.nan), None),
        ((0.2, math.inf, 1.0, 0.9, 3.0), None),
    ],
)
def test_a_sample_that_is_doubted_has_no_place(
    sample: tuple[float, ...], place: tuple[float, float] | None
) -> None:
    channels = Channels(0, 1, valid=2, confidence=3, pupil=4)
    assert place_of(channels, sample, FRACTIONS) == place


def test_units_that_say_fractions_are_believed_before_the_settings() -> None:
    sized = EyetrackerSettings(width_px=1920, height_px=1080)
    assert place_of(Channels(0, 1, is_pixels=False), (0.5, 0.25), sized) == (0.5, 0.25)
    assert place_of(Channels(0, 1), (960, 270), sized) == (0.5, 0.25)


@pytest.mark.parametrize("ahead_s", [0.0, 0.3, 0.6, 1e8])
def test_no_look_is_later_than_now(ahead_s: float) -> None:
    """A sender's clock that is a little ahead would have looks believed after their time."""
    now_ns = seconds(5000)
    assert lsl._believed(5000 + ahead_s, now_ns, is_newest=True)[0] == now_ns
