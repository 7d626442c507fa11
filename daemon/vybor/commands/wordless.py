"""The kit's log without anybody's words, for the bundle.

The kit's own log calls are never handed what is written (tests/house/test_log.py), so what came to journald as an
entry of its own stays. What a process or a library printed is another matter: an error's message may quote the
wearer, and no line of it can be told from a line that is harmless. Of that, only lines of a known form stay, and
once an error has begun only its types and places, until that process is gone.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

PRINTED = "stdout"
"""journald's name for what came through a unit's stdout or stderr."""
ASKED = ("_TRANSPORT", "SYSLOG_IDENTIFIER", "_PID", "MESSAGE")
HEADING = re.compile(
    r"^[\s|+-]*(Exception Group )?Traceback \(most recent call last\):$"
    r"|^Fatal Python error: [A-Za-z ]+$|^(Current thread|Thread) 0x[0-9a-f]+ .*\(most recent call first\):$"
)
PLACE = re.compile(r'^[\s|]*File "([^"\s]*\.py|<[a-z_. ]+>)", line \d+(, in |\s*in )[\w.<>]+$')
CODE = re.compile(r"^[\s|]{4,}\S")
"""A line of source, or the marks under it."""
NAME = re.compile(r"^[\s|]*([A-Za-z_][\w.]*)(:|$)")
"""The type of an error, which stands right behind its stack."""
BAD = re.compile(r"Traceback|Exception|Fatal Python error|most recent call")
"""With any of these an error may have begun, in whatever form."""
CHATTER = re.compile(r"^(vybor: |[IWEF]\d{4} |INFO: Created TensorFlow|ALSA lib |aplay: )")
"""The one sentence with which a command of the kit ends, and what libraries and players say of devices."""


class Entry(msgspec.Struct, frozen=True):
    """One entry of journald, as `journalctl --output=json` prints it."""

    when_us: str = msgspec.field(name="__REALTIME_TIMESTAMP", default="0")
    how: str = msgspec.field(name="_TRANSPORT", default=PRINTED)
    who: str = msgspec.field(name="SYSLOG_IDENTIFIER", default="")
    pid: str = msgspec.field(name="_PID", default="")
    said: str | list[int] | None = msgspec.field(name="MESSAGE", default=None)
    """Bytes that are no text come as numbers, a message that is too long as nothing."""

    def line(self, said: str) -> str:
        """A line of the log."""
        when = datetime.fromtimestamp(int(self.when_us) / 1e6, UTC).isoformat(timespec="seconds")
        return f"{when} {self.who}[{self.pid}]: {said}"


def entries(told: str) -> Iterator[Entry]:
    """The entries of journald, one a line; what is none is left out."""
    for line in told.splitlines():
        try:
            yield msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue


def wordless(told: Iterable[Entry]) -> Iterator[str]:
    """The lines that stay."""
    streams: dict[tuple[str, str], _Stream] = {}
    for entry in told:
        if not isinstance(entry.said, str):
            yield entry.line("(no text)")
        elif entry.how != PRINTED:
            yield entry.line(entry.said)
        else:
            stream = streams.setdefault((entry.who, entry.pid), _Stream())
            for line in entry.said.splitlines():
                if kept := stream.kept(line):
                    yield entry.line(kept)


def ending(lines: Iterable[str], longest: int) -> list[str]:
    """The last of the lines, as many as fit into `longest` characters; never a piece of one."""
    kept: list[str] = []
    left = longest
    for line in reversed(list(lines)):
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return kept[::-1]


class _Stream:
    """What one process printed, line by line."""

    def __init__(self) -> None:
        self._erred = False
        self._in_stack = False

    def kept(self, line: str) -> str:
        """What stays of a line; empty if nothing does."""
        was_in_stack, self._in_stack = self._in_stack, False
        if HEADING.match(line) or PLACE.match(line):
            self._erred = self._in_stack = True
            return line
        if was_in_stack and CODE.match(line):
            self._in_stack = True
            return ""
        if was_in_stack and (name := NAME.match(line)):
            return line[: name.end(1)]
        self._erred = self._erred or bool(BAD.search(line))
        return line if CHATTER.match(line) and not self._erred else ""
