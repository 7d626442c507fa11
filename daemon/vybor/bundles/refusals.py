"""Why a bundle is not taken, one short tree; each text is a sentence with what can be done.

Refused                 it is not taken
├── CutOff              its end is missing
├── Damaged             it is not what it says, or no bundle at all
├── AnotherVersion      a newer workshop wrote it
├── NotSigned           by whom it should be
├── ForAnotherKit
├── ForAnotherBase      for other weights than the kit's model was built from
├── Absurd              numbers in it cannot be, whoever signed them
└── Older               than what the kit was given before
"""

from vybor.foundation.errors import VyborError


class Refused(VyborError):
    """A bundle is not taken, and nothing was written of it."""

    exit_code = 65  # EX_DATAERR


class CutOff(Refused):
    """Its end is missing."""


class Damaged(Refused):
    """It is not what it says, or no bundle at all."""


class AnotherVersion(Refused):
    """A newer workshop wrote it."""


class NotSigned(Refused):
    """Somebody else wrote it, or nobody signed it."""

    exit_code = 77  # EX_NOPERM


class ForAnotherKit(Refused):
    """It was made for another person's kit."""


class ForAnotherBase(Refused):
    """It was made for other weights than the kit's model was built from."""


class Absurd(Refused):
    """Numbers in it are none, are not those of its kind, or are beyond what any person's may be."""


class Older(Refused):
    """The kit was given this one, or a newer one, before."""
