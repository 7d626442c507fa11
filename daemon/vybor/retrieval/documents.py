"""Reading a file to passages, for whoever adds documents: text, Markdown, PDF, Word.

A file may be made to harm: `apart` has this done by a process of its own. Every refusal is one sentence with the
file's name and what to do about it; reading takes time and memory in proportion to the text, up to the limits here
and those of `papers`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from vybor.contracts import messages as m
from vybor.foundation.errors import VyborError
from vybor.foundation.typed import characters
from vybor.retrieval.passages import Block, passages

MOST_BYTES = 50_000_000
MOST_PASSAGES = 4_000
"""Some 200,000 words: more than a long novel."""
ENDINGS = (".txt", ".md", ".markdown", ".text", ".pdf", ".docx")

Progress = Callable[[int, int], None]
"""Told how many parts (pages, mostly) are read, and of how many."""


class Why(StrEnum):
    """Why a file cannot be used, for whoever says it in another language."""

    KIND = "kind"
    UNREADABLE = "unreadable"
    LARGE = "large"
    EMPTY = "empty"
    LONG = "long"
    NOT_TEXT = "not_text"
    LOCKED = "locked"
    OLD_WORD = "old_word"
    PICTURES = "pictures"
    DAMAGED = "damaged"
    LIMITS = "limits"


class DocumentError(VyborError):
    """A file cannot be used as a topic document."""

    exit_code = 65  # EX_DATAERR

    def __init__(self, said: str, why: Why = Why.DAMAGED) -> None:
        super().__init__(said)
        self.why = why


class Document(m.Part, frozen=True, kw_only=True):
    """What a file says."""

    name: str
    passages: tuple[m.Passage, ...]


def read(file: Path, progress: Progress = lambda _done, _whole: None) -> Document:
    """Read a file; its name without the folders names the document. Raises DocumentError."""
    check_kind(file.name)
    with opened(file) as content:
        return read_content(file.name, content.read(), progress)


def read_content(name: str, content: bytes, progress: Progress = lambda _done, _whole: None) -> Document:
    """Read what a file of this name holds. Raises DocumentError."""
    check_kind(name)
    found = tuple(islice(passages(_blocks(name, content, progress)), MOST_PASSAGES + 1))
    if not found:
        raise DocumentError(f"{name} is empty: there are no words in it", Why.EMPTY)
    if len(found) > MOST_PASSAGES:
        raise DocumentError(f"{name} is too long (over 200,000 words); add the chapters that matter", Why.LONG)
    return Document(name=characters(name), passages=found)


def check_kind(name: str) -> None:
    """Whether files that are called so are read. Raises DocumentError."""
    if Path(name).suffix.lower() not in ENDINGS:
        raise DocumentError(
            f"{name} is no document that Vybor reads; save it as .txt, .md, .pdf or .docx", Why.KIND
        )


def opened(file: Path) -> BinaryIO:
    """A file, if it is one and not too large. Raises DocumentError."""
    try:
        if not file.is_file():
            raise DocumentError(f"there is no file {file}; check its name", Why.UNREADABLE)
        if file.stat().st_size > MOST_BYTES:
            raise DocumentError(
                f"{file.name} is too large (over {MOST_BYTES // 1_000_000} MB); add a part of it", Why.LARGE
            )
        return file.open("rb")
    except OSError as error:
        raise DocumentError(
            f"{file} cannot be read ({error.strerror}); mend its rights or copy it", Why.UNREADABLE
        ) from None


def _blocks(name: str, content: bytes, progress: Progress) -> Iterable[Block]:
    ending = Path(name).suffix.lower()
    if ending in (".pdf", ".docx"):
        from vybor.retrieval import papers  # noqa: PLC0415  (the readers are large, and of the extra `topics`)

        return (papers.pdf if ending == ".pdf" else papers.docx)(name, content, progress)
    text = decoded(name, content)
    return markdown(text) if ending in (".md", ".markdown") else plain(text)


# --- text -----------------------------------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MIXED = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_CASE_FLIPPED = re.compile(r"\b[а-яё][А-ЯЁ]{2,}\b")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(name: str, content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, or Windows-1251 if it can be nothing else. Raises DocumentError."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text) and (encoding != "cp1251" or _is_russian(text)):
            return text
    raise DocumentError(f"{name} is not text that Vybor can read; save it as UTF-8 text", Why.NOT_TEXT)


def _encodings(content: bytes) -> Iterator[str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            yield encoding
            return
    yield "utf-8"
    if b"\0" in content:
        even, odd = content[::2].count(0), content[1::2].count(0)
        yield "utf-16-le" if odd > even else "utf-16-be"
    yield "cp1251"


def _is_russian(text: str) -> bool:
    """Whether bytes read as Windows-1251 make Russian: other encodings mix alphabets, or turn capitals round."""
    foreign = [letter for letter in text if not letter.isascii() and letter.isalpha()]
    russian = sum(letter.lower() in "абвгдежзийклмнопрстуфхцчшщъыьэюяё" for letter in foreign)
    return (
        bool(foreign)
        and russian >= 0.95 * len(foreign)
        and len(_MIXED.findall(text)) <= 0.01 * russian
        and len(_CASE_FLIPPED.findall(text)) * 20 <= len(text.split())
    )


def plain(text: str) -> Iterator[Block]:
    """Paragraphs between empty lines."""
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        if paragraph.strip():
            yield Block(text=paragraph)


# A search for a closing sign stops at the next opening one: a line of a million brackets takes no million looks.
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*)$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-{3,})\s*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+|^\s*>\s?")
_RULE = re.compile(r"^[\s|:*_-]*$")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*+)\]\((?:[^()]++|\([^()]*+\))*+\)")
_TAG = re.compile(r"<[^<>\n]++>")
_EMPHASIS = re.compile(r"\*+|_+|`+|~~")


def markdown(text: str) -> Iterator[Block]:
    """Paragraphs and points of lists without their markup, under their headings; code is left out."""
    heading, lines, fence = "", list[str](), ""
    for line in (*text.splitlines(), ""):
        opened = _FENCE.match(line)
        if fence or opened:
            fence = "" if fence and line.strip().startswith(fence) else fence or (opened[1] if opened else "")
            continue
        titled = _HEADING.match(line)
        begins_anew = titled or _BULLET.match(line) or _RULE.match(line)
        if _UNDERLINE.match(line) and len(lines) == 1:
            heading, lines = _unmarked(lines[0]), []
            continue
        if begins_anew and lines:
            yield Block(text=_unmarked(" ".join(lines)), place=heading)
            lines = []
        if titled:
            heading = _unmarked(titled[1].rstrip().rstrip("#"))
        elif not _RULE.match(line):
            lines.append(_BULLET.sub("", line).replace("|", " ").strip())


def _unmarked(text: str) -> str:
    return _unemphasized(_TAG.sub("", _IMAGE_OR_LINK.sub(r"\1", text))).strip()


def _unemphasized(text: str) -> str:
    """Without the pairs of marks that stand directly before and behind something."""
    opened: dict[str, tuple[int, int]] = {}
    gone: list[tuple[int, int]] = []
    for mark in _EMPHASIS.finditer(text):
        before, behind = text[max(mark.start() - 1, 0) : mark.start()], text[mark.end() : mark.end() + 1]
        if mark[0] in opened and not before.isspace():
            gone += opened.pop(mark[0]), mark.span()
        elif behind and not behind.isspace():
            opened[mark[0]] = mark.span()
    kept, begun = list[str](), 0
    for start, end in sorted(gone):
        kept.append(text[begun:start])
        begun = end
    return "".join((*kept, text[begun:]))
