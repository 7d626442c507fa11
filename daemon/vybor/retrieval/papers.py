"""The text of PDF and Word files, by the readers of the extra `topics`: pypdf and python-docx."""

import io
import logging
import re
import textwrap
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

import docx as word
import pypdf
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from vybor.retrieval.documents import MOST_BYTES, DocumentError, Progress, Why
from vybor.retrieval.passages import Block

MOST_UNPACKED = 4 * MOST_BYTES
MOST_XML = 12_000_000
"""So much of a Word file is parsed, which takes some 300 MB: a novel with its markup."""
MOST_PARTS = 100_000
"""Paragraphs and tables; empty ones too."""
OLD_WORD = b"\xd0\xcf\x11\xe0"
"""How the container of old Word files begins; Word keeps a locked .docx in one too."""
LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": ""})
BROKEN = (
    PyPdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RecursionError,
    OverflowError,
    OSError,
    EOFError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
    OpcError,
    LxmlError,
)
"""What the readers raise on files that are not what they should be."""

_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-ZА-ЯЁ])")
logging.getLogger("pypdf").setLevel(logging.ERROR)


def pdf(name: str, content: bytes, progress: Progress) -> Iterator[Block]:
    """The pages of a PDF. Raises DocumentError if it is locked, damaged, or holds pictures of text only."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked(name)
        pages = len(reader.pages)
        empty = True
        for number in range(pages):
            text = _page(reader.pages[number].extract_text() or "")
            progress(number + 1, pages)
            if text.strip():
                empty = False
                yield Block(text=text, place=f"page {number + 1}")
    except (DependencyError, FileNotDecryptedError):
        raise _locked(name) from None
    except BROKEN as error:
        raise DocumentError(f"{name} is a damaged PDF ({_reason(error)}); save it anew, or as .txt") from None
    if empty and pages:
        raise DocumentError(
            f"{name} holds pictures of text and no text (a scan); let a text recognition (OCR) read it first",
            Why.PICTURES,
        )


def docx(name: str, content: bytes, progress: Progress) -> Iterator[Block]:
    """Paragraphs and tables of a Word file, under their headings. Raises DocumentError."""
    if content.startswith(OLD_WORD):
        raise DocumentError(
            f"{name} is locked by a password, or an old Word file; save it as .docx without one",
            Why.OLD_WORD,
        )
    try:
        _weigh(name, content)
        parts = list(islice(word.Document(io.BytesIO(content)).iter_inner_content(), MOST_PARTS + 1))
        if len(parts) > MOST_PARTS:
            raise _too_large(name)
        heading = ""
        for number, part in enumerate(parts, start=1):
            progress(number, len(parts))
            if not isinstance(part, Paragraph):
                yield from (Block(text=row, place=heading) for row in _rows(part) if row.strip(", "))
                continue
            text = part.text
            if text.strip() and _is_heading(part):
                heading = text.strip()
            elif text.strip():
                yield Block(text=text, place=heading)
    except BROKEN as error:
        raise DocumentError(f"{name} is a damaged Word file ({_reason(error)}); save it anew") from None


def _weigh(name: str, content: bytes) -> None:
    """Before anything is unpacked: a small file may hold a very large one."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(name)
    parsed = sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels")))
    if parsed > MOST_XML or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large(name)


def _rows(table: Table) -> Iterator[str]:
    """The cells of each row; one that is merged with the cell above says the same.

    python-docx would tell them too, once for each column that a cell says it spans: there may be millions.
    """
    above: dict[int, str] = {}
    for row in table._tbl.xpath("./w:tr"):
        column = 0
        cells: list[str] = []
        for cell in row.xpath("./w:tc"):
            text = " ".join(Paragraph(part, table).text.strip() for part in cell.xpath("./w:p")).strip()
            if cell.xpath("./w:tcPr/w:vMerge[not(@w:val = 'restart')]"):
                text = text or above.get(column, "")
            above[column] = text
            cells.append(text)
            column += _span(cell.xpath("./w:tcPr/w:gridSpan/@w:val"))
        yield ", ".join(dict.fromkeys(cells))


def _span(told: list[str]) -> int:
    """How many columns a cell spans: one, if it does not say so or cannot."""
    return next((int(span) for span in told if re.fullmatch("[0-9]{1,2}", span)), 1)


def _is_heading(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return bool(style and style.name and style.name.startswith(("Heading", "Title")))


def _page(text: str) -> str:
    """A page's text with words that were broken at the end of a line whole again."""
    return _HYPHENATED.sub("", text.translate(LIGATURES))


def _too_large(name: str) -> DocumentError:
    return DocumentError(f"{name} is too large once it is unpacked; add a part of it", Why.LARGE)


def _locked(name: str) -> DocumentError:
    return DocumentError(f"{name} is locked by a password; save a copy without one", Why.LOCKED)


_OBJECT = re.compile(r"\s*'?<[^<>]* object at 0x[0-9a-f]+>'?")
MOST_REASON = 80


def _reason(error: BaseException) -> str:
    """What a reader says of a file: without its objects in memory, and no word of it cut in two."""
    said = _OBJECT.sub("", (str(error).splitlines() or [""])[0]).strip() or type(error).__name__
    return textwrap.shorten(
        said.partition(", ")[0] if len(said) > MOST_REASON else said, MOST_REASON, placeholder=" …"
    )
