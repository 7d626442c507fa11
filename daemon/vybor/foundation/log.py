"""Logging: events to stderr, or to journald with their level and process where systemd listens."""

import logging
import sys
from collections.abc import Mapping


def start_logging(process: str, environ: Mapping[str, str]) -> None:
    """Send this process's log to journald under systemd, else to stderr."""
    logging.basicConfig(level=logging.INFO, handlers=[_handler(process, environ)], force=True)


def _handler(process: str, environ: Mapping[str, str]) -> logging.Handler:
    if "JOURNAL_STREAM" in environ and "NOTIFY_SOCKET" in environ:
        from systemd.journal import JournalHandler  # noqa: PLC0415  (only under systemd)

        handler: logging.Handler = JournalHandler(SYSLOG_IDENTIFIER=f"vybor-{process}")
        return handler
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(name)s: %(levelname)s: %(message)s"))
    return plain
