"""Logging: events to stderr, or to journald where systemd listens, with fields that can be asked for.

`journalctl VYBOR_PROCESS=gaze VYBOR_TROUBLE=camera_missing` finds when a camera went: level, process and trouble
are fields of their own (systemd.journal-fields(7)).
"""

import logging
import sys
from collections.abc import Mapping


def start_logging(process: str, environ: Mapping[str, str]) -> None:
    """Send this process's log to journald under systemd, else to stderr."""
    logging.basicConfig(level=logging.INFO, handlers=[_handler(process, environ)], force=True)


def _handler(process: str, environ: Mapping[str, str]) -> logging.Handler:
    if "JOURNAL_STREAM" in environ and "NOTIFY_SOCKET" in environ:
        from systemd.journal import JournalHandler  # noqa: PLC0415  (only under systemd)

        handler: logging.Handler = JournalHandler(SYSLOG_IDENTIFIER=f"vybor-{process}", VYBOR_PROCESS=process)
        handler.setFormatter(logging.Formatter("%(message)s"))  # journald has the level and the name as fields
        return handler
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(name)s: %(levelname)s: %(message)s"))
    return plain
