"""Files become passages with their places, and what is no document is refused in one sentence."""

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit import paper_files
from vybor.retrieval import documents
from vybor.retrieval.documents import DocumentError, read
from vybor.retrieval.passages import MOST_WORDS, Block, passages, sentences

RUSSIAN = "Пекарня на Липовой улице печёт ржаной хлеб. Она открыта до шести."


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def told(folder: Path, name: str, content: bytes) -> list[tuple[str, str]]:
    return [(passage.place, passage.text) for passage in read(written(folder, name, content)).passages]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_russian_text_is_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    assert told(tmp_path, "bakery.txt", RUSSIAN.encode(encoding)) == [("", RUSSIAN)]


@pytest.mark.parametrize(
    "content",
    [RUSSIAN.encode("koi8-r"), "Le café était fermé, très tôt.".encode("cp1252"), bytes(range(256)) * 8],
    ids=["koi8-r", "french", "bytes"],
)
def test_what_may_be_another_encoding_is_refused_rather_than_guessed(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^odd\.txt is not text that Vybor can read; save it as UTF-8 text$"):
        read(written(tmp_path, "odd.txt", content))


def test_markdown_loses_its_markup_and_keeps_its_headings(tmp_path: Path) -> None:
    text = """# Bread

The **bakery** on [Linden Street](https://example.org) is `open`
until six.

- rye rolls
- *white* bread

Opening hours
-------------
| day | hours |
|-----|-------|
| Monday | closed |

```
not = "for reading"
```
"""
    assert told(tmp_path, "bakery.md", text.encode()) == [
        ("Bread", "The bakery on Linden Street is open until six. rye rolls white bread"),
        ("Opening hours", "day hours Monday closed"),
    ]


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    content = paper_files.pdf(["The bakery is on Lin-\nden Street.", "", "It is closed on Mondays."])
    seen: list[tuple[int, int]] = []
    document = read(written(tmp_path, "bakery.pdf", content), lambda done, whole: seen.append((done, whole)))
    assert [(passage.place, passage.text) for passage in document.passages] == [
        ("page 1", "The bakery is on Linden Street."),
        ("page 3", "It is closed on Mondays."),
    ]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_word_file_is_read_with_its_headings_and_tables(tmp_path: Path) -> None:
    parts = (("text", "About bread."), ("heading", "Hours"), ("text", "Open until six."))
    content = paper_files.word(parts, table=[("Monday", "closed")])
    assert told(tmp_path, "bakery.docx", content) == [
        ("", "About bread."),
        ("Hours", "Open until six. Monday, closed"),
    ]


BREAD = paper_files.word([("text", "Bread.")], table=[("Monday", "closed"), ("Tuesday", "open")])
LOCKED = paper_files.pdf(["The bakery."], password="secret")
REFUSED = {
    "picture.png": (b"\x89PNG", "is no document that Vybor reads; save it as .txt, .md, .pdf or .docx"),
    "locked.pdf": (LOCKED, "is locked by a password; save a copy without one"),
    "scan.pdf": (paper_files.pdf(["", ""]), "holds pictures of text and no text"),
    "cut.pdf": (LOCKED[:200], "is a damaged PDF"),
    "no.pdf": (b"bread", "is a damaged PDF"),
    "cut.docx": (paper_files.word([("text", "Bread.")])[:900], "is a damaged Word file"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + bytes(600), "is locked by a password, or an old Word file"),
    "garbled.docx": (paper_files.garbled(BREAD), "is a damaged Word file"),
    "secret.docx": (paper_files.flagged_as_locked(BREAD), "is locked by a password; save a copy without one"),
    "types.docx": (
        paper_files.repacked(BREAD, lambda _xml: "<Types/>", "[Content_Types].xml"),
        "is a damaged Word file",
    ),
    "zip.docx": (b"PK\x05\x06" + bytes(18), "is a damaged Word file"),
    "empty.txt": (b" \n\n", "is empty: there are no words in it"),
    "empty.docx": (paper_files.word([]), "is empty: there are no words in it"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_document_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    content, sentence = REFUSED[name]
    with pytest.raises(DocumentError) as refused:
        read(written(tmp_path, name, content))
    assert str(refused.value).startswith(f"{name} {sentence}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "said",
    ['<w:gridSpan w:val="x"/>', '<w:gridSpan w:val="99999999"/>', '<w:gridSpan w:val="-5"/>', "<w:vMerge/>"],
)
def test_a_table_is_read_whatever_its_cells_say_of_columns_and_rows(said: str, tmp_path: Path) -> None:
    content = paper_files.repacked(BREAD, lambda xml: xml.replace("<w:tcPr>", f"<w:tcPr>{said}"))
    begun = time.perf_counter()
    assert told(tmp_path, "table.docx", content) == [("", "Bread. Monday, closed Tuesday, open")]
    assert time.perf_counter() - begun < 2


def test_a_cell_that_is_merged_with_the_one_above_says_the_same(tmp_path: Path) -> None:
    def merged(xml: str) -> str:
        first, second = xml.split("</w:tr>", 1)
        first = first.replace("<w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/>', 1)
        return f"{first}</w:tr>{second.replace('<w:tcPr>', '<w:tcPr><w:vMerge/>', 1).replace('Tuesday', '')}"

    assert told(tmp_path, "table.docx", paper_files.repacked(BREAD, merged)) == [
        ("", "Bread. Monday, closed Monday, open")
    ]


@pytest.mark.parametrize("empty", ["<w:p/>" * 2_100_000, "<w:p/>" * 200_000], ids=["to parse", "to walk"])
def test_a_small_word_file_that_holds_a_very_large_one_is_refused(empty: str, tmp_path: Path) -> None:
    content = paper_files.repacked(BREAD, lambda xml: xml.replace("<w:body>", f"<w:body>{empty}"))
    file = written(tmp_path, "bomb.docx", content)
    assert len(content) < 60_000
    with pytest.raises(DocumentError, match=r"^bomb\.docx is too large once it is unpacked; add a part of it$"):
        read(file)


@pytest.mark.parametrize(
    "piece",
    ["[", "<", "[](", "![a](b", "*a ", "`a ", "_a ~~b **c ", "`" * 99 + " ", "# ", "> ", "| ", "<a ", ")["],
)
@pytest.mark.parametrize("begun", ["", "# "])
def test_no_markup_takes_more_time_than_there_is_text(begun: str, piece: str, tmp_path: Path) -> None:
    text = begun + piece * (200_000 // len(piece)) + "x"
    started = time.process_time()
    try:
        read(written(tmp_path, "odd.md", text.encode()))
    except DocumentError as refused:
        assert "is empty" in str(refused)
    assert time.process_time() - started < 2  # it took minutes


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**Fresh** *rye* ***bread***, `sold` ~~cold~~ __warm__", "Fresh rye bread, sold cold warm"),
        ("**fresh *rye* bread**", "fresh rye bread"),
        ("2 * 3 and 4 * 5, a *star", "2 * 3 and 4 * 5, a *star"),
        ("[*rye*](https://a.org/b_(c)) ![loaf](d.png) [x] [no](", "rye loaf [x] [no]("),
        ("a <b>bold</b> if 1 < 2", "a bold if 1 < 2"),
    ],
)
def test_markup_is_taken_off_and_nothing_else(marked: str, plain: str, tmp_path: Path) -> None:
    assert told(tmp_path, "bread.md", marked.encode()) == [("", plain)]
    assert told(tmp_path, "bread.md", f"## {marked} ##\n\nRye.".encode()) == [(plain, "Rye.")]


def test_what_a_reader_says_is_not_cut_in_a_word(tmp_path: Path) -> None:
    """A sheet with a Word file's ending: python-docx names an object in memory, and says much."""
    packed, content = io.BytesIO(paper_files.word([("text", "Bread.")])), io.BytesIO()
    with zipfile.ZipFile(packed) as word, zipfile.ZipFile(content, "w") as sheet:
        for part in word.namelist():
            sheet.writestr(part, word.read(part).replace(b"wordprocessingml.document.main", b"sheet.main"))
    with pytest.raises(DocumentError) as refused:
        read(written(tmp_path, "sheet.docx", content.getvalue()))
    assert str(refused.value) == "sheet.docx is a damaged Word file (file is not a Word file); save it anew"


def test_what_is_too_large_or_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    with pytest.raises(DocumentError, match="there is no file"):
        read(tmp_path / "none.txt")
    with pytest.raises(DocumentError, match="there is no file"):
        read(folder)
    with pytest.raises(DocumentError, match="too long"):
        read(written(tmp_path, "novel.txt", b"One two three. " * 70_000))
    monkeypatch.setattr(documents, "MOST_BYTES", 10)
    with pytest.raises(DocumentError, match="too large"):
        read(written(tmp_path, "large.txt", b"bread " * 10))


def test_text_needs_none_of_the_large_readers(tmp_path: Path) -> None:
    """So that a text file can be added where the extra `topics` is not installed, and no process loads them."""
    file = written(tmp_path, "a.txt", b"Bread.")
    code = (
        "import sys; from pathlib import Path; from vybor.retrieval.documents import read;"
        f"read(Path({str(file)!r})); print(*sorted({{'pypdf', 'docx', 'lxml'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_sentences_end_where_a_new_one_begins() -> None:
    assert sentences("We met, i.e. by chance.  “Why?” she said. Да.\nНет!") == [
        "We met, i.e. by chance.",
        "“Why?” she said.",
        "Да.",
        "Нет!",
    ]


@given(st.lists(st.tuples(st.text("ab. Z\n?", max_size=600), st.sampled_from(["", "page 1", "page 2"]))))
def test_passages_keep_every_word_in_order_and_none_is_too_long(parts: list[tuple[str, str]]) -> None:
    made = list(passages(Block(text=text, place=place) for text, place in parts))
    assert " ".join(passage.text for passage in made).split() == " ".join(text for text, _ in parts).split()
    assert all(len(passage.text.split()) <= MOST_WORDS for passage in made)
    assert all(passage.text.strip() for passage in made)
