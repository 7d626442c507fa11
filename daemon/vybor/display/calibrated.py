"""Whether the eyes of this kit's person were calibrated before: a mark in the display's own folder.

The looks themselves are the process gaze's; the display must know before that one has come up.
"""

import logging
from pathlib import Path

from vybor.contracts import messages as m

log = logging.getLogger("vybor.display")

MARK = "fitted"
"""As it was called when it was first laid there."""


class Calibrated:
    """The mark, and what gaze says about it."""

    def __init__(self, state: Path) -> None:
        self._path = state / MARK
        self.before = self._path.exists()

    def hear(self, health: m.Health) -> None:
        """Keep the mark in step with what gaze says of its looks."""
        now = m.Trouble.NOT_CALIBRATED not in {notice.trouble for notice in health.troubles}
        if health.process != "gaze" or now == self.before:
            return
        self.before = now
        try:
            self._path.touch() if now else self._path.unlink(missing_ok=True)
        except OSError as error:  # the next start takes a little longer to tell a first start from another
            log.warning("whether the eyes are calibrated could not be kept: %s", error)
