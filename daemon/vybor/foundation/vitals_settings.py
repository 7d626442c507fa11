"""`[vitals]`: battery and heat, and what is saved for their sake."""

from enum import StrEnum

import msgspec


class Profile(StrEnum):
    """How much the kit does where nothing is short."""

    FULL = "full"
    QUIET = "quiet"


class VitalsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[vitals]`: read by the process of that name alone."""

    profile: Profile = Profile.FULL
    """How much the kit does while neither battery nor heat is a worry: all that it can (full), or less, so that a
    battery lasts longer and a fan is heard less (quiet): ten looks a second, fewer words of the model, none
    worked out ahead."""
