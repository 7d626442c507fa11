"""The process `gaze`: the camera's eyes, a pointer, or nothing, as the settings say."""

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.loop import run
from vybor.foundation.start import Start
from vybor.gaze.pointer import PointerRoom


def main(start: Start) -> None:
    """Run until asked to end."""
    places, settings, clock = start.places, start.settings.gaze, start.clock
    if settings.source is GazeSource.CAMERA:
        # MediaPipe and OpenCV are loaded here and nowhere else: a pointer needs neither.
        from vybor.gaze.camera import CameraRoom  # noqa: PLC0415
        from vybor.gaze.parts import camera_parts  # noqa: PLC0415

        bus = Bus("gaze", places.runtime, clock, hears=[m.Shown, m.LookedAt, m.Fitted, m.Vitals])
        run(CameraRoom(bus, camera_parts(places, start.settings, clock, start.key)), bus, clock, start.heart)
        return
    hears = [m.Pointer] if settings.source is GazeSource.POINTER else []
    bus = Bus("gaze", places.runtime, clock, hears=hears)
    run(PointerRoom(bus, settings.pointer_sd, places.state), bus, clock, start.heart)
