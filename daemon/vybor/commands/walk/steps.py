"""The checks that need real hardware and a person: what to do, what to see, and what is measured meanwhile."""

import msgspec

from vybor.commands.walk import measuring
from vybor.commands.walk.measuring import Measure
from vybor.doctor import board


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One check."""

    name: str
    """Never changed: the answers of a walk that was left are found again by it."""
    subject: str
    do: str
    see: str
    measure: Measure | None = None
    limit: str = ""
    """What the figure must keep to; empty where a person alone can judge."""

    @property
    def title(self) -> str:
        """Subject and name, which often begins with the subject."""
        rest = self.name.removeprefix(self.subject.lower()).removeprefix("-").replace("-", " ")
        return f"{self.subject}: {rest}" if rest else self.subject


LOOKS = (
    f"{measuring.LEAST_OF_RATE:.0%} of gaze.hz, {measuring.OLDEST_LOOK_MS:.0f} ms old at most (the median), "
    f"eyes seen in {measuring.LEAST_SEEN:.0%}"
)
WITHIN = "it is said within a minute"
OF_FIVE = f"{measuring.LEAST_DOUBLE_BLINKS} of five at least"

STEPS: tuple[Step, ...] = (
    Step(
        name="start",
        subject="Start",
        do=(
            "Do this first, then start the walk: switch the kit on from cold, with nothing typed and nobody "
            "logged in. If it was not done so: q, switch it off and on, watch, log in, and start the walk again."
        ),
        see="Did the writing screen come up by itself, with words on its way there (never a black screen)?",
        measure=measuring.start_time,
        limit=f"systemd runs the kit, and its last part is ready after {measuring.LONGEST_START_S:.0f} s",
    ),
    Step(
        name="processes",
        subject="Start",
        do="Plug in and put on everything that this kit shall use.",
        see="Does the screen name no missing part?",
        measure=measuring.all_processes,
        limit="every process answers and complains of nothing",
    ),
    Step(
        name="panel",
        subject="Panel",
        do="Look at the panel from where the wearer will be.",
        see="Is it sharp, filled to its edges, the right way up, and readable in this light?",
        measure=measuring.screens,
        limit="the kernel sees a display",
    ),
    Step(
        name="camera-rate",
        subject="Camera",
        do="The wearer sits as usual and looks at the screen; press Enter and wait.",
        see="Was the wearer looking at the screen all the time?",
        measure=measuring.looks,
        limit=LOOKS,
    ),
    Step(
        name="calibration",
        subject="Camera",
        do="In another terminal: sudo vybor gaze calibrate. The wearer looks at each of the nine dots.",
        see="Do all nine fill, and does the highlighted tile follow the eyes afterwards, in every corner?",
    ),
    Step(
        name="camera-light",
        subject="Camera",
        do="Change the light: lamp off, then a window or lamp behind the wearer; with glasses, if any are worn.",
        see="Can the wearer still choose what they mean?",
        measure=measuring.looks,
        limit=LOOKS,
    ),
    Step(
        name="camera-unplugged",
        subject="Camera",
        do="Press Enter, then pull out the camera's cable (USB), or cover a ribbon camera's lens and answer s.",
        see="Does the screen say that the camera is gone, and does a switch still write (if there is one)?",
        measure=measuring.camera_gone,
        limit=WITHIN,
    ),
    Step(
        name="camera-back",
        subject="Camera",
        do="Press Enter, then plug the camera in again.",
        see="Does the kit go on by itself, with the text as it was?",
        measure=measuring.camera_back,
        limit=WITHIN,
    ),
    Step(
        name="headband-blinks",
        subject="Radio",
        do="With the headband on for a minute: press Enter, then blink twice, five times, with pauses between.",
        see="Was each double blink meant, and did you make five?",
        measure=measuring.double_blinks,
        limit=OF_FIVE,
    ),
    Step(
        name="headband-clenches",
        subject="Radio",
        do="Press Enter, then clench the teeth shortly, five times, with pauses between.",
        see="Did you make five?",
        measure=measuring.clenches,
        limit=OF_FIVE,
    ),
    Step(
        name="headband-still",
        subject="Radio",
        do="Press Enter, then read something and talk a little, without a double blink or a clench.",
        see="Did you make none?",
        measure=measuring.still,
        limit="none",
    ),
    Step(
        name="headband-gone",
        subject="Radio",
        do="Press Enter, then switch the headband off.",
        see="Does the screen say so once, and can the wearer go on with the eyes alone?",
        measure=measuring.headband_gone,
        limit=WITHIN,
    ),
    Step(
        name="headband-back",
        subject="Radio",
        do="Press Enter, then switch the headband on again.",
        see="Does it come back by itself, without anybody touching the kit?",
        measure=measuring.headband_back,
        limit=WITHIN,
    ),
    Step(
        name="headband-battery",
        subject="Radio",
        do="Wear the headband until its battery is low (the kit says so below 15 % if the headband tells it; else "
        "watch its light), and note the hours.",
        see="How many hours were they (say it behind the y), and did it end without a wrong choice?",
    ),
    Step(
        name="sentence",
        subject="Sound",
        do="Press Enter and listen: the kit says a sentence.",
        see="Was every word clear and loud enough, from its first sound to its last?",
        measure=measuring.sentence,
        limit="the voice takes the sentence",
    ),
    Step(
        name="help-call",
        subject="Sound",
        do="Choose Menu, then Call for help; go to the next room and listen. Then choose Undo.",
        see="Is the call loud enough there, and does Undo end it?",
    ),
    Step(
        name="writing",
        subject="Heat",
        do="The wearer writes for ten minutes. Press Enter at their end, at once.",
        see="Was every choice the one that was meant, or taken back by Undo?",
        measure=measuring.power_and_heat,
        limit=f"never throttled, below {board.TOO_HOT_C} °C",
    ),
    Step(
        name="memory",
        subject="Heat",
        do="After the ten minutes: press Enter.",
        see="Was the last word offered as fast as the first?",
        measure=measuring.memory,
        limit="none: it is written down",
    ),
    Step(
        name="restarts",
        subject="Heat",
        do="After the ten minutes: press Enter.",
        see="Did the screen never say that a part had stopped?",
        measure=measuring.restarts,
        limit="all run; how often each started again is written down",
    ),
    Step(
        name="before-the-cord",
        subject="Power",
        do="Write a few words until the screen says saved. Keep in mind what stands there; do not write it here.",
        see="Does the screen say saved?",
        measure=measuring.saved,
        limit="the kit says saved",
    ),
    Step(
        name="the-cord",
        subject="Power",
        do="Pull the power cord, wait ten seconds, plug it in, and start this walk again with the same --report.",
        see="Is the text there, whole, and can Undo take it back?",
        measure=measuring.disk_writes,
        limit="no error of the file system",
    ),
    Step(
        name="battery-bank",
        subject="Power",
        do="Run the kit from the battery that the wearer will carry, for as long as they will.",
        see="How many hours were they (say it behind the y), and did it stay awake in its bag?",
        measure=measuring.power_and_heat,
        limit=f"never throttled, below {board.TOO_HOT_C} °C",
    ),
)
