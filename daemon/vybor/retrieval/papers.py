"""The text of PDF and Word files, by the readers of the extra `topics`: pypdf and python-docx."""

import io
import logging
import re
import textwrap
import zipfile
from collections.abc import Iterator

import docx as word
import pypdf
from docx.opc.exceptions import OpcError
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from vybor.retrieval.documents import MOST_BYTES, DocumentError, Progress
from vybor.retrieval.passages import Block

MOST_UNPACKED = 4 * MOST_BYTES
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
)
"""What pypdf raises on files that are not what they should be."""

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
            f"{name} holds pictures of text and no text (a scan); let a text recognition (OCR) read it first"
        )


def docx(name: str, content: bytes, progress: Progress) -> Iterator[Block]:
    """Paragraphs and tables of a Word file, under their headings. Raises DocumentError."""
    if content.startswith(OLD_WORD):
        raise DocumentError(f"{name} is locked by a password, or an old Word file; save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise DocumentError(f"{name} is too large once it is unpacked; add a part of it")
        parts = list(word.Document(io.BytesIO(content)).iter_inner_content())
    except (OpcError, XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError, NotImplementedError) as error:
        raise DocumentError(f"{name} is a damaged Word file ({_reason(error)}); save it anew") from None
    heading = ""
    for number, part in enumerate(parts, start=1):
        progress(number, len(parts))
        if not isinstance(part, Paragraph):
            rows = (", ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in part.rows)
            yield from (Block(text=row, place=heading) for row in rows if row.strip(", "))
        elif part.text.strip() and _is_heading(part):
            heading = part.text.strip()
        elif part.text.strip():
            yield Block(text=part.text, place=heading)


def _is_heading(paragraph: Paragraph) -> bool:
    style = paragraph.style
    return bool(style and style.name and style.name.startswith(("Heading", "Title")))


def _page(text: str) -> str:
    """A page's text with words that were broken at the end of a line whole again."""
    return _HYPHENATED.sub("", text.translate(LIGATURES))


def _locked(name: str) -> DocumentError:
    return DocumentError(f"{name} is locked by a password; save a copy without one")


_OBJECT = re.compile(r"\s*'?<[^<>]* object at 0x[0-9a-f]+>'?")
MOST_REASON = 80


def _reason(error: BaseException) -> str:
    """What a reader says of a file: without its objects in memory, and no word of it cut in two."""
    said = _OBJECT.sub("", (str(error).splitlines() or [""])[0]).strip() or type(error).__name__
    return textwrap.shorten(
        said.partition(", ")[0] if len(said) > MOST_REASON else said, MOST_REASON, placeholder=" …"
    )
