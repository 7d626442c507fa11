"""Files as people have them, for the tests of the readers: PDF pages with text, and Word files."""

import io
import zipfile
from collections.abc import Callable, Sequence

import docx
import pypdf


def pdf(pages: Sequence[str], password: str = "") -> bytes:
    """A PDF whose pages say these lines; locked, if there is a password."""
    writer = pypdf.PdfWriter(io.BytesIO(_pdf(pages)), full=True)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _pdf(pages: Sequence[str]) -> bytes:
    """By hand: pypdf draws no text."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, page in enumerate(pages):
        about = f"/Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page {about} /Resources << /Font << /F1 3 0 R >> >> >>".encode())
        drawn = "".join(f"({line}) Tj 0 -14 Td " for line in page.splitlines())
        stream = f"BT /F1 12 Tf 72 700 Td {drawn}ET".encode() if page else b""
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    begun = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, begun)


def word(parts: Sequence[tuple[str, str]], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word file of headings and paragraphs: (`heading` or `text`, words)."""
    document = docx.Document()
    for kind, text in parts:
        document.add_heading(text, 1) if kind == "heading" else document.add_paragraph(text)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                made.cell(row, column).text = cell
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def repacked(packed: bytes, change: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    """A Word file with one of its parts changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name == part else content)
    return written.getvalue()


def garbled(packed: bytes) -> bytes:
    """A Word file whose parts are there, but cannot be unpacked."""
    damaged = bytearray(packed)
    for part in zipfile.ZipFile(io.BytesIO(packed)).infolist():
        data = part.header_offset + 30 + len(part.filename) + 20
        damaged[data : data + 40] = b"\xff" * 40
    return bytes(damaged)


def flagged_as_locked(packed: bytes) -> bytes:
    """A Word file that says of each part that it is encrypted."""
    damaged = bytearray(packed)
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = damaged.find(signature)
        while at >= 0:
            damaged[at + flags] |= 1
            at = damaged.find(signature, at + 4)
    return bytes(damaged)
