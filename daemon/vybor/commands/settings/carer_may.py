"""Which settings a carer may change from the page, and of every other one why not.

A PIN lets in whoever stands before the kit's screen. So from the page nothing can be set by which the wearer
could no longer choose, nothing that is the wearer's own to say, nothing by which a program runs or a file is
read, and nothing that shows or sends anything elsewhere. What is left has bounds that are narrower where the
whole range could leave the wearer stuck. `vybor config set`, by whoever may write the file, sets all of them.
"""

from enum import StrEnum

import msgspec

from vybor.commands.settings import keys
from vybor.foundation import fitted, kinds


class Why(StrEnum):
    """Why a setting is not changed from the page; the words are the page's own."""

    STUCK = (
        "A wrong value would leave the wearer without a way to write. "
        "It is set beside them, at the kit’s own terminal: vybor config set."
    )
    FITTED = (
        "How the wearer chooses is found together with them, and accepted by them on the kit’s screen: "
        "see Begin something."
    )
    OWN = (
        "It is about what the wearer says, and how: that is theirs to decide. Ask them; vybor config set sets it."
    )
    PRIVATE = (
        "It decides what is kept of the wearer or seen by others: no PIN changes that. vybor config set sets it."
    )
    HELP = (
        "The call for help hangs on it. It is set beside the wearer, at the kit’s own terminal: vybor config set."
    )
    PROGRAM = (
        "It names a program or a file of the machine, and whoever types a PIN may not choose what runs there: "
        "vybor config set."
    )
    NETWORK = "It decides who reaches the kit by the network: its owner sets it, at the kit’s own terminal."
    FLICKER = "It decides whether anything flickers, which can cause a seizure: see the document for carers."
    MACHINE = "It follows from the machine and its screen: its owner sets it, at the kit’s own terminal."


class Bound(msgspec.Struct, frozen=True):
    """A narrower range than that of the setting."""

    least: float
    most: float


WHOLE = None
"""All that the setting may be."""

MAY: dict[str, Bound | None] = {
    "gaze.hz": Bound(5, 30),
    "gaze.calibration": WHOLE,
    "headband.learned": WHOLE,
    "commit.read_s": Bound(0.05, 3),
    "commit.read_s_per_word": Bound(0.05, 2),
    "commit.drowsy_times": WHOLE,
    "commit.refractory_s": Bound(0.1, 3),
    "commit.lost_s": Bound(2, 30),
    "commit.scan_passes": Bound(2, 100),
    "commit.scan_by_ear": WHOLE,
    "generator.candidates": WHOLE,
    "generator.look_ahead": WHOLE,
    "generator.anchors": WHOLE,
    "generator.trial_choices": WHOLE,
    "generator.trial_starts": WHOLE,
    "generator.threads": Bound(1, 4),
    "display.width_cm": WHOLE,
    "display.height_cm": WHOLE,
    "display.zones": WHOLE,
    "display.places": WHOLE,
    "display.theme": WHOLE,
    "display.night": WHOLE,
    "display.text_size": WHOLE,
    "display.partner_rotation": WHOLE,
    "voice.engine": WHOLE,
    "voice.words_per_minute": WHOLE,
    "voice.volume": WHOLE,
    "voice.whisper_words_per_minute": WHOLE,
    "voice.whisper_volume": WHOLE,
    "journal.quota_mb": Bound(500, 1_000_000),
    "vitals.profile": WHOLE,
}
"""What may be changed."""

MAY_NOT: dict[str, Why] = {
    "language": Why.OWN,
    "gaze": Why.STUCK,
    "gaze.camera": Why.PROGRAM,
    "gaze.rpicam_program": Why.PROGRAM,
    "eyetracker": Why.STUCK,
    "headband": Why.STUCK,
    "headband.recording": Why.PROGRAM,
    "headband.help_clench_s": Why.HELP,
    "commit": Why.STUCK,
    "commit.alarm_s": Why.HELP,
    "generator.profanity": Why.OWN,
    "generator.style": Why.OWN,
    "generator.remember": Why.PRIVATE,
    "generator.interest": Why.PRIVATE,
    "generator.provider": Why.MACHINE,
    "display": Why.MACHINE,
    "display.switch_key": Why.STUCK,
    "display.reduced_motion": Why.FLICKER,
    "display.partner_shows_draft": Why.PRIVATE,
    "voice": Why.PROGRAM,
    "text_out": Why.PROGRAM,
    "wearer": Why.OWN,
    "sync": Why.NETWORK,
    "panel": Why.NETWORK,
    "browser": Why.NETWORK,
    "browser.webgazer": Why.PROGRAM,
    "flicker": Why.FLICKER,
    "vitals": Why.MACHINE,
    **dict.fromkeys(fitted.KEYS, Why.FITTED),
}
"""A key, or all keys of a table that are not named themselves."""


NOT_SHOWN = tuple(".".join(each) for each in kinds.UNTOLD)
"""What the wearer wrote, and what is known of their health, is no PIN's to read either."""


def why_not(key: keys.Key) -> Why | None:
    """Why this one may not; None: it may. What no table knows may not."""
    if key.name in MAY:
        return None
    return MAY_NOT.get(key.name) or MAY_NOT.get(key.section, Why.STUCK)
