"""The process `eyetracker`: looks of another program or device, where the settings have them come from there."""

from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.idle_room import IdleRoom
from vybor.foundation.loop import run
from vybor.foundation.start import Start

NO_TRACKER = "looks come from elsewhere (gaze.source); no tracker is followed"


def main(start: Start) -> None:
    """Run until asked to end."""
    settings, clock = start.settings, start.clock
    if settings.gaze.source is not GazeSource.EYETRACKER:
        bus = Bus("eyetracker", start.places.runtime, clock)
        run(IdleRoom(bus, NO_TRACKER), bus, clock, start.heart)
        return
    # numpy is loaded here and not above: where no tracker is used nothing needs it.
    from vybor.eyetracker.following import Following  # noqa: PLC0415
    from vybor.eyetracker.opening import source_of  # noqa: PLC0415
    from vybor.eyetracker.room import EyetrackerRoom  # noqa: PLC0415

    bus = Bus("eyetracker", start.places.runtime, clock, hears=[m.LookedAt, m.BrowserLook])
    following = Following(source_of(settings.eyetracker, clock), clock)
    room = EyetrackerRoom(bus, following, settings.eyetracker)
    following.begin()
    run(room, bus, clock, start.heart)
