"""Looks that another program or machine sends by Lab Streaming Layer, as a stream of type Gaze."""

import math
from collections.abc import Sequence
from typing import Any

from vybor.eyetracker.sources.channels import Channels, Unfit, channels_of, place_of
from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.foundation.eyetracker_settings import EyetrackerSettings
from vybor.points.source import Spot, TrackerMissing, TrackerStopped, is_near
from vybor.streams import library

TYPE = "GAZE"
OWN = "vybor-gaze"
"""`vybor headband stream` gives the kit's own looks: taken back in, they would go round in a circle."""
LOOK_S = 1.5
OPEN_S = 3.0
BUFFER_S = 1
"""What nobody has taken for longer is no look of now."""
MOST = 4096
OLD_NS, AHEAD_NS = seconds(10), seconds(0.5)
"""A stamp beyond these is no time of ours: the sender has a clock of its own, or it was set."""
SILENT_NS = seconds(3)
"""A sender whose machine is gone raises nothing for minutes: look for it anew."""
AT_SD_NS = seconds(0.005)
"""How well liblsl knows how two machines' clocks stand."""
UNSTAMPED_SD_NS = seconds(0.1)


class LslTracker:
    """The stream of the name that the settings have; without one, any of its type, and it says which it took."""

    remedy = "see that what sends it runs and sees the eyes"

    def __init__(self, settings: EyetrackerSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self.told = f"the stream {settings.where}" if settings.where else "a stream of looks"
        self.skipped = 0
        self._inlet: Any = None
        self._source = ""
        """Which one was taken before: of several it is the one to go on with."""
        self._channels = Channels(0, 1)
        self._came_ns = 0
        self._last_ns = 0

    def start(self) -> None:
        """Find the stream and begin to take its samples. Raises TrackerMissing; then call `stop`."""
        self.stop()
        try:
            binding = library.loaded()
        except library.LibraryMissing as error:
            raise TrackerMissing(str(error)) from None
        try:
            info = self._chosen(found(binding))
            inlet = binding.StreamInlet(info, max_buflen=BUFFER_S, recover=False)
            whole = inlet.info(OPEN_S)
            inlet.open_stream(OPEN_S)
            inlet.time_correction(OPEN_S)
        except (TimeoutError, RuntimeError) as error:
            raise TrackerMissing(f"{self.told} does not open ({error}); see that it is sent") from None
        self._fit_to(whole)
        self._inlet, self._source = inlet, info.source_id()
        self._came_ns = self._clock.now_ns()

    def read(self) -> tuple[Spot, ...]:
        """The looks since the last call. Raises TrackerStopped if the stream has ended or is long silent."""
        if self._inlet is None:
            return ()
        binding = library.loaded()
        try:
            samples, stamps_s = self._inlet.pull_chunk(timeout=0.0, max_samples=MOST)
            correction_s = self._inlet.time_correction(OPEN_S) if stamps_s else 0.0
        except (TimeoutError, RuntimeError):
            raise TrackerStopped(f"{self.told} has ended; {self.remedy}") from None
        now_ns = self._clock.now_ns()
        if not stamps_s:
            if now_ns - self._came_ns > SILENT_NS:
                raise TrackerStopped(f"{self.told} sends nothing; {self.remedy}")
            return ()
        self._came_ns = now_ns
        ours_s = now_ns / SECOND_NS - binding.local_clock() + correction_s
        return self._spots(samples, [stamp_s + ours_s for stamp_s in stamps_s], now_ns)

    def stop(self) -> None:
        """Let go of the stream."""
        self._inlet = None  # liblsl closes it when nobody has it any more

    def _chosen(self, there: Sequence[Any]) -> Any:  # noqa: ANN401  (pylsl has no types)
        name = self._settings.where
        meant = [info for info in there if name in ("", info.name())]
        if not meant:
            others = ", ".join(sorted({info.name() for info in there}))
            wanted = f"no stream {name}" if name else "no stream"
            raise TrackerMissing(
                f"{wanted} of type Gaze is sent near here{f', only {others}' if others else ''}; start its sender"
            )
        meant.sort(key=lambda info: (info.source_id() != self._source, info.name(), info.hostname()))
        self.told = f"the stream {_who(meant[0])}"
        if aside := ", ".join(_who(info) for info in meant[1:]):
            self.told += f" (and not {aside}: name one in eyetracker.where)"
        return meant[0]

    def _fit_to(self, whole: Any) -> None:  # noqa: ANN401  (pylsl has no types)
        labels, kinds, units = (
            [one or "" for one in told or ()]
            for told in (whole.get_channel_labels(), whole.get_channel_types(), whole.get_channel_units())
        )
        try:
            self._channels = channels_of(labels, kinds, units, whole.channel_count())
        except Unfit as unfit:
            raise TrackerMissing(f"{self.told} {unfit}") from None
        if self._channels.is_pixels and not self._settings.width_px:
            raise TrackerMissing(
                f"{self.told} has pixels; set eyetracker.width_px and height_px to the size of its screen"
            )

    def _spots(self, samples: Sequence[Sequence[float]], at_s: Sequence[float], now_ns: int) -> tuple[Spot, ...]:
        spots = []
        for index, (sample, stamp_s) in enumerate(zip(samples, at_s, strict=True)):
            at_ns, at_sd_ns = _believed(stamp_s, now_ns, is_newest=index == len(samples) - 1)
            place = place_of(self._channels, sample, self._settings)
            if at_ns <= self._last_ns or (place is not None and not is_near(place)):
                self.skipped += 1
                continue
            self._last_ns = at_ns
            spots.append(Spot(at_ns=at_ns, at_sd_ns=at_sd_ns, place=place))
        return tuple(spots)


def found(binding: Any) -> list[Any]:  # noqa: ANN401  (pylsl has no types)
    """Every stream of looks near here, but for the kit's own."""
    there = [info for info in binding.resolve_streams(LOOK_S) if info.type().upper() == TYPE]
    return [info for info in there if info.channel_format() != binding.cf_string and info.source_id() != OWN]


def _who(info: Any) -> str:  # noqa: ANN401  (pylsl has no types)
    return f"{info.name()} from {info.hostname()}"


def _believed(stamp_s: float, now_ns: int, *, is_newest: bool) -> tuple[int, int]:
    """When a sample was taken; where its stamp cannot be true, only the newest is: it came just now.

    A time of 0 is before all others, and leaves it out.
    """
    if math.isfinite(stamp_s) and abs(stamp_s) < 1e9:
        at_ns = round(stamp_s * SECOND_NS)
        if -OLD_NS <= at_ns - now_ns <= AHEAD_NS:
            return min(at_ns, now_ns), AT_SD_NS
    return (now_ns, UNSTAMPED_SD_NS) if is_newest else (0, 0)
