"""Files made to harm whoever reads them: a few kilobytes or megabytes that ask for much more."""

import io
import zipfile
import zlib

from unit import paper_files


def unpacked_document(megabytes: int) -> bytes:
    """A Word file of some kilobytes whose text is so large, and says so."""
    text = "<w:t>" + "bread " * 10
    bread = paper_files.word([("text", "Bread.")])
    return paper_files.repacked(
        bread, lambda xml: xml.replace("<w:t>", text * (megabytes * 1_000_000 // len(text)))
    )


def lying_document(megabytes: int) -> bytes:
    """The same, but each size that it tells of its parts is small."""
    packed = bytearray(_stuffed(megabytes))
    with zipfile.ZipFile(io.BytesIO(bytes(packed))) as opened:
        size = opened.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    at = packed.find(size)
    while at >= 0:
        packed[at : at + 4] = (9_000).to_bytes(4, "little")
        at = packed.find(size, at)
    return bytes(packed)


def _stuffed(megabytes: int) -> bytes:
    bread = paper_files.word([("text", "Bread.")])
    return paper_files.repacked(
        bread, lambda xml: xml.replace("<w:body>", "<w:body>" + " " * megabytes * 1_000_000)
    )


def laughing_document() -> bytes:
    """A Word file with an entity of entities of entities: a billion words."""
    lines = ['<!ENTITY l0 "bread ">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    head = f"<!DOCTYPE w:document [{''.join(lines)}]>"

    def change(xml: str) -> str:
        begin, _, rest = xml.partition("?>")
        return f"{begin}?>{head}{rest.replace('Bread.', '&l9;')}"

    return paper_files.repacked(paper_files.word([("text", "Bread.")]), change)


def outside_document() -> bytes:
    """A Word file that asks for a file of the machine."""

    def change(xml: str) -> str:
        begin, _, rest = xml.partition("?>")
        head = '<!DOCTYPE w:document [<!ENTITY it SYSTEM "file:///etc/passwd">]>'
        return f"{begin}?>{head}{rest.replace('Bread.', 'Bread. &it;')}"

    return paper_files.repacked(paper_files.word([("text", "Bread.")]), change)


def deep_document(levels: int) -> bytes:
    """Tables in tables."""
    inside = "<w:tbl><w:tr><w:tc>" * levels + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * levels
    return paper_files.repacked(
        paper_files.word([("text", "Bread.")]), lambda xml: xml.replace("<w:body>", f"<w:body>{inside}")
    )


def deep_page(levels: int) -> bytes:
    """A PDF with lists within lists."""
    return _with_object(b"[" * levels + b"]" * levels)


def packed_page(megabytes: int) -> bytes:
    """A PDF whose one page is packed twice over, and so large."""
    drawn = b"BT /F1 12 Tf 72 700 Td " + b"(bread) Tj 0 -14 Td " * (megabytes * 50_000) + b"ET"
    twice = zlib.compress(zlib.compress(drawn, 9), 9)
    return _with_stream(b"/Filter [/FlateDecode /FlateDecode]", twice)


def circling_page() -> bytes:
    """A PDF whose pages lie within themselves."""
    return _made([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def _with_object(content: bytes) -> bytes:
    return _made(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 4 0 R >>",
            content,
        ]
    )


def _with_stream(told: bytes, stream: bytes) -> bytes:
    return _made(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
            b" /Resources << /Font << /F1 4 0 R >> >> >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), told, stream),
        ]
    )


def _made(objects: list[bytes]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    begun = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, begun)
