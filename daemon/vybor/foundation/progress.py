"""How far something is, for whoever waits."""

import sys


def on_stderr(line: str) -> None:
    """One line, at once, and not among what the command was asked for."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
