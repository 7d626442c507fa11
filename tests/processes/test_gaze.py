"""The process `gaze` from the camera's program to the bus: stand-in rpicam-vid, pipe, MediaPipe, nine dots, looks."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from processes.stage import Kit

from vybor.contracts import messages as m
from vybor.foundation.bus import Answered, Bus, Heard
from vybor.foundation.clock import SystemClock
from world.camera import ADDRESS, Camera, install
