"""The parts of a form with files (multipart/form-data, RFC 7578), by where they stand. Pure.

Only the process that reads documents runs this: no byte of what a browser sent is looked at elsewhere. No part is
copied but short fields.
"""

import re
from pathlib import PurePosixPath

from vybor.foundation.typed import characters
from vybor.retrieval.apart import Form, Named

MOST_FILES = 10
"""At once."""
MOST_FIELDS = 10
LONGEST_FIELD = 1000
LONGEST_HEAD = 4000
LONGEST_NAME = 80
"""Letters of a document's name."""
DOCUMENT = "document"
"""What the form calls its files."""

_DISPOSITION = re.compile(
    rb"^content-disposition:[ \t]*form-data(?=[;\r\n]|\Z)([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)
_NAME = re.compile(rb';[ \t]*name="([^"\r\n]*)"', re.IGNORECASE)
_FILE = re.compile(rb';[ \t]*filename="([^"\r\n]*)"', re.IGNORECASE)
_END = b"\r\n\r\n"


def parted(body: bytes, boundary: str) -> Form:
    """Fields, and where files stand; parts that are neither are passed over."""
    mark = b"\r\n--" + boundary.encode("ascii", "replace")
    fields: dict[str, str] = {}
    files: list[Named] = []
    at = 0 if body.startswith(mark[2:]) else -1
    begin = len(mark) - 2
    while at >= 0 and body[begin : begin + 2] == b"\r\n":
        end = body.find(mark, begin)
        head_end = body.find(_END, begin, min(end, begin + LONGEST_HEAD) if end >= 0 else 0)
        if end < 0 or len(files) > MOST_FILES or len(fields) > MOST_FIELDS:
            break
        if head_end >= 0 and (told := _DISPOSITION.search(body[begin:head_end])):
            start, name, file = head_end + len(_END), _NAME.search(told[1]), _FILE.search(told[1])
            if file and name and name[1] == DOCUMENT.encode():
                files.append(Named(start, end - start, named(file[1].decode("utf-8", "replace"))))
            elif name and not file and end - start <= LONGEST_FIELD:
                fields[name[1].decode("utf-8", "replace")] = body[start:end].decode("utf-8", "replace")
        begin = end + len(mark)
    return Form(fields=fields, files=tuple(file for file in files if file.name or file.length))


def named(told: str) -> str:
    """What a document is called that a browser names so: no folders, on one line, and its ending in any case."""
    last = re.split(r"[/\\]", characters(told).replace("%22", '"').replace("%0D", " ").replace("%0A", " "))[-1]
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in last).split())
    ending = PurePosixPath(plain).suffix
    if len(plain) <= LONGEST_NAME or len(ending) >= LONGEST_NAME:
        return plain[:LONGEST_NAME]
    return plain[: LONGEST_NAME - len(ending)] + ending
