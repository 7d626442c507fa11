"""What the trainer tells while it works: JSON lines on stdout, and in a file that stays."""

import json
import sys
from pathlib import Path
from typing import TextIO


class Teller:
    """Tells events; one of several processes tells, the others are silent."""

    def __init__(self, path: Path | None, out: TextIO | None = None) -> None:
        """`path` None: silent. `out` None: stdout."""
        self._path = path
        self._out = out or sys.stdout

    def __call__(self, event: str, **facts: float | str | None) -> None:
        """Tell one event with its facts."""
        if self._path is None:
            return
        line = json.dumps({"event": event, **facts})
        print(line, file=self._out, flush=True)
        with self._path.open("a", encoding="utf-8") as kept:
            kept.write(line + "\n")
