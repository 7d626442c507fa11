"""A form with files, by where its parts stand; and what documents are called, whatever a browser says."""

import httpx2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vybor.retrieval.apart import MOST_FILES, Named
from vybor.retrieval.documents import ENDINGS
from vybor.retrieval.forms import LONGEST_NAME, named, parted

B = "----WebKitFormBoundaryabc"


def form(*parts: tuple[str, bytes], end: str = "--") -> bytes:
    """Parts by what stands in their heads."""
    told = b"".join(
        f"--{B}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    return told + f"--{B}{end}\r\n".encode()


def test_fields_and_files_are_found_where_they_stand() -> None:
    content = b"Fresh\r\n--bread\x00\xff"
    body = form(
        ('name="csrf"', b"mark"), ('name="document"; filename="a.txt"\r\nContent-Type: text/plain', content)
    )
    found = parted(body, B)
    assert found.fields == {"csrf": "mark"}
    (file,) = found.files
    assert file.name == "a.txt"
    assert body[file.start : file.start + file.length] == content


def test_what_an_ordinary_client_sends_is_understood() -> None:
    files = [("document", (f"{n}.txt", b"bread %d" % n)) for n in range(3)]
    request = httpx2.Request("POST", "https://localhost/", data={"csrf": "mark"}, files=files)
    body = request.read()
    found = parted(body, request.headers["content-type"].partition("boundary=")[2])
    assert found.fields == {"csrf": "mark"}
    told = [(file.name, body[file.start : file.start + file.length]) for file in found.files]
    assert told == [(f"{n}.txt", b"bread %d" % n) for n in range(3)]


def test_a_field_left_empty_is_no_file() -> None:
    assert parted(form(('name="document"; filename=""', b"")), B).files == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        form(('name="csrf"', b"mark"))[:-40],
        form(('name="csrf"', b"mark")).replace(b"--", b"++"),
        b"x" + form(('name="csrf"', b"mark")),
        form(('nam="csrf"', b"mark")),
        form(('name="csrf"', b"mark")).replace(b"form-data", b"attachment"),
        form(('name="csrf"' + "x" * 5000, b"mark")),
        form(('name="csrf"', b"m" * 1001)),
    ],
)
def test_what_is_no_form_has_no_fields(body: bytes) -> None:
    assert (parted(body, B).fields, parted(body, B).files) == ({}, ())


def test_a_thousand_files_are_not_all_looked_at() -> None:
    files = [(f'name="document"; filename="{n}.txt"', b"bread") for n in range(1000)]
    assert len(parted(form(*files), B).files) == MOST_FILES + 1


def test_files_under_another_name_are_passed_over() -> None:
    assert parted(form(('name="other"; filename="a.txt"', b"x")), B).files == ()


MARK = b"--" + B.encode()
PIECES = [b"\r", b"\n", b"-", b"\r\n--", MARK, b"\r\n" + MARK[:-1], MARK[2:], b"bread", b"\xff"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_what_nearly_ends_a_file_is_in_the_file(content: bytes) -> None:
    assume(b"\r\n" + MARK not in b"\r\n" + content)
    body = form(('name="document"; filename="a.txt"', content), ('name="csrf"', b"mark"))
    found = parted(body, B)
    assert found.fields == {"csrf": "mark"}
    assert [body[file.start : file.start + file.length] for file in found.files] == [content]


@given(st.binary(max_size=300), st.lists(st.tuples(st.text(max_size=30), st.binary(max_size=30)), max_size=4))
def test_nothing_that_is_sent_breaks_it(noise: bytes, parts: list[tuple[str, bytes]]) -> None:
    for body in (
        noise,
        form(*((head.encode(errors="replace").decode(), content) for head, content in parts)) + noise,
    ):
        found = parted(body, B)
        assert all(0 <= file.start <= file.start + file.length <= len(body) for file in found.files)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("holiday.pdf", "holiday.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\list.docx", "list.docx"),
        ("/", ""),
        ("..", ".."),
        ("a\x00b\n.txt", "a b .txt"),
        ("a%0D%0Ab.txt", "a b.txt"),
        ("say %22hi%22.md", 'say "hi".md'),
        ("поездка на озеро.docx", "поездка на озеро.docx"),
        ("\u202etxt.exe", "txt.exe"),
        ("\ud800.txt", "?.txt"),
        ("a" * 300 + ".pdf", "a" * (LONGEST_NAME - 4) + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * (LONGEST_NAME - 2)),
    ],
)
def test_a_document_is_called_without_folders_and_on_one_line(told: str, name: str) -> None:
    assert named(told) == name


@given(st.text(), st.sampled_from(ENDINGS))
def test_a_name_is_short_printable_and_keeps_its_ending(told: str, ending: str) -> None:
    name = named(told + ending)
    assert len(name) <= LONGEST_NAME
    assert name.isprintable()
    assert name.endswith(ending)
    assert not set(name) & {"/", "\\"}
    assert Named(0, 1, name).name == name
