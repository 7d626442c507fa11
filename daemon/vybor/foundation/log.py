"""Logging: events to stderr, or to journald where systemd listens, with fields that can be asked for.

`journalctl VYBOR_PROCESS=gaze VYBOR_TROUBLE=camera_missing` finds when a camera went: level, process and trouble
are fields of their own (systemd.journal-fields(7)). An error that nobody caught is told by its type and places
alone: what it says may quote what the wearer wrote, and the line of source may too.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

LONGEST_CHAIN = 20
"""Errors: causes of causes, and members of groups, that are told of one."""


def start_logging(process: str, environ: Mapping[str, str]) -> None:
    """Send this process's log to journald under systemd, else to stderr; uncaught errors lose their words."""
    handler = _handler(process, environ)
    handler.addFilter(_without_words)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    _tell_uncaught(logging.getLogger(f"vybor.{process}"))


def told(error: BaseException) -> str:
    """The types of an error, of its causes and of a group's members, each with its places; no word of any."""
    lines: list[str] = []
    for how, one in _chain(error):
        lines.append(f"{how}{type(one).__module__}.{type(one).__qualname__}")
        lines += _places(one.__traceback__)
    return "\n".join(lines)


def _chain(error: BaseException) -> Iterator[tuple[str, BaseException]]:
    waiting, seen = [("", error)], set[int]()
    while waiting and len(seen) < LONGEST_CHAIN:
        how, one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield how, one
        if isinstance(one, BaseExceptionGroup):
            waiting += [("with ", member) for member in one.exceptions]
        if before := one.__cause__ or (None if one.__suppress_context__ else one.__context__):
            waiting.append(("after ", before))


def _places(stack: TracebackType | None) -> Iterator[str]:
    for frame, line in traceback.walk_tb(stack):
        yield f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_name}'


def _without_words(record: logging.LogRecord) -> bool:
    """Take the words out of the error that a log call hands on."""
    if record.exc_info:
        error = record.exc_info[1]
        record.exc_info, record.exc_text = None, told(error) if error else None
    return True


def _tell_uncaught(log: logging.Logger) -> None:
    def uncaught(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        if not isinstance(error, KeyboardInterrupt):
            log.critical("uncaught: %s", told(error))

    def in_a_thread(what: threading.ExceptHookArgs) -> None:
        if what.exc_value and not isinstance(what.exc_value, SystemExit):
            log.critical("uncaught in a thread: %s", told(what.exc_value))

    def unraisable(what: "sys.UnraisableHookArgs") -> None:
        if what.exc_value:
            log.error("ignored: %s", told(what.exc_value))

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_a_thread, unraisable


def _handler(process: str, environ: Mapping[str, str]) -> logging.Handler:
    if "JOURNAL_STREAM" in environ and "NOTIFY_SOCKET" in environ:
        from systemd.journal import JournalHandler  # noqa: PLC0415  (only under systemd)

        handler: logging.Handler = JournalHandler(SYSLOG_IDENTIFIER=f"vybor-{process}", VYBOR_PROCESS=process)
        handler.setFormatter(logging.Formatter("%(message)s"))  # journald has the level and the name as fields
        return handler
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(name)s: %(levelname)s: %(message)s"))
    return plain
