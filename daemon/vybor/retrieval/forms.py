"""The parts of a form with files (multipart/form-data, RFC 7578), by where they stand. Pure.

Only the process that reads documents runs this: no byte of what a browser sent is looked at elsewhere. No part is
copied but short fields.
"""

import logging
import re
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from vybor.foundation.typed import characters, on_one_line
from vybor.retrieval.apart import DOCUMENT, MOST_FILES, Form, Named

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FIELDS = 10
LONGEST_FIELD = 1000
LONGEST_HEAD = 4000
LONGEST_NAME = 80
"""Letters of a document's name."""
# It tells bytes of what a browser sent, which nobody is to read.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)


def parted(body: bytes, boundary: str) -> Form:
    """Fields, and where files stand; parts that are neither are passed over, and what follows what is no part."""
    parts = _Parts(body)
    parser = MultipartParser(boundary, parts.callbacks(), max_header_size=LONGEST_HEAD)
    with suppress(MultipartParseError):
        parser.write(body)
    return Form(fields=parts.fields, files=tuple(file for file in parts.files if file.name or file.length))


class _Parts:
    """What the parser says of a body that it is given whole, so that all places are places in it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.fields: dict[str, str] = {}
        self.files: list[Named] = []
        self._field = b""
        self._told = b""
        self._start = self._end = 0

    def callbacks(self) -> "MultipartCallbacks":
        """Those of the parser that say something here."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._head_field,
            "on_header_value": self._head_value,
            "on_part_data": self._data,
            "on_part_end": self._finish,
        }

    def _begin(self) -> None:
        self._told = b""
        self._start = self._end = 0

    def _head_field(self, data: bytes, start: int, end: int) -> None:
        self._field = data[start:end].lower()

    def _head_value(self, data: bytes, start: int, end: int) -> None:
        if self._field == b"content-disposition":
            self._told = data[start:end]

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._start = self._start or start
        self._end = end

    def _finish(self) -> None:
        kind, told = parse_options_header(self._told)
        length = self._end - self._start
        name, file = told.get(b"name"), told.get(b"filename")
        if kind != b"form-data" or name is None or len(self.files) > MOST_FILES or len(self.fields) > MOST_FIELDS:
            return
        if file is not None and name == DOCUMENT.encode():
            self.files.append(Named(self._start, length, named(file.decode("utf-8", "replace"))))
        elif file is None and length <= LONGEST_FIELD:
            content = self._body[self._start : self._end]
            self.fields[name.decode("utf-8", "replace")] = content.decode("utf-8", "replace")


def named(told: str) -> str:
    """What a document is called that a browser names so: no folders, on one line, and its ending in any case."""
    last = re.split(r"[/\\]", characters(told).replace("%22", '"').replace("%0D", " ").replace("%0A", " "))[-1]
    plain = on_one_line(last)
    ending = PurePosixPath(plain).suffix
    if len(plain) <= LONGEST_NAME or len(ending) >= LONGEST_NAME:
        return plain[:LONGEST_NAME]
    return plain[: LONGEST_NAME - len(ending)] + ending
