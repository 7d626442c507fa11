"""What leaves the kit: nobody but the workstation reads it, and whoever has it has all of it."""

import hashlib
import itertools
from collections.abc import Iterable

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox
from nacl.signing import SigningKey

from vybor.segments import receipt, rows, segment

WORKSTATION, KIT, STRANGER = PrivateKey.generate(), SigningKey.generate(), PrivateKey.generate()
ROWS = [
    rows.Row(
        kit="5" * 32,
        boot=3,
        sequence=sequence,
        at="2026-01-01T00:00:00+00:00",
        kind=rows.Kind.DECISION,
        record=msgspec.Raw(msgspec.json.encode({"text_after": "Мне холодно.\nReally."})),
    )
    for sequence in (7, 8)
]


def made(lines: bytes = rows.written(ROWS)) -> segment.Segment:
    return segment.sealed(lines, (3, 7), WORKSTATION.public_key, KIT)


def test_the_workstation_reads_what_was_written() -> None:
    one = made()
    assert segment.is_whole(one)
    again = rows.read(segment.opened(one, WORKSTATION, KIT.verify_key))
    assert [(row.boot, row.sequence, bytes(row.record)) for row in again] == [
        (row.boot, row.sequence, bytes(row.record)) for row in ROWS
    ]
    assert "холодно".encode() not in one.content


def test_nobody_else_reads_it_and_nobody_else_wrote_it() -> None:
    with pytest.raises(segment.Damaged, match="another workstation"):
        segment.opened(made(), STRANGER, KIT.verify_key)
    with pytest.raises(segment.Damaged, match="not written by this kit"):
        segment.opened(made(), WORKSTATION, SigningKey.generate().verify_key)


@given(st.data())
def test_one_changed_byte_or_a_cut_is_noticed(data: st.DataObject) -> None:
    one = made()
    at = data.draw(st.integers(0, len(one.content) - 1))
    changed = bytearray(one.content)
    changed[at] ^= data.draw(st.integers(1, 255))
    for content in (bytes(changed), one.content[:at]):
        with pytest.raises(segment.Damaged):
            segment.opened(segment.Segment(one.name, content), WORKSTATION, KIT.verify_key)


@given(st.binary(max_size=300), st.text(max_size=90))
def test_anything_else_is_one_sentence(content: bytes, name: str) -> None:
    for named in (name, segment.sealed(b"", (1, 1), WORKSTATION.public_key, KIT).name):
        with pytest.raises(segment.Damaged):
            segment.opened(segment.Segment(named, content), WORKSTATION, KIT.verify_key)


def named(content: bytes) -> segment.Segment:
    """A file under its own hash, as only an attacker who can write names it."""
    stem = segment.sealed(b"", (1, 1), WORKSTATION.public_key, KIT).name[: -len(".segment") - 64]
    return segment.Segment(f"{stem}{hashlib.sha256(content).hexdigest()}.segment", content)


@given(st.binary(max_size=300))
def test_what_was_named_by_its_hash_is_still_looked_at(content: bytes) -> None:
    for told in (content, segment.MAGIC + content):
        with pytest.raises(segment.Damaged):
            segment.opened(named(told), WORKSTATION, KIT.verify_key)


@pytest.mark.parametrize(
    "packed", [zstandard.compress(bytes(segment.LARGEST_BYTES + 1)), b"", b"text", b"\x28\xb5"]
)
def test_what_cannot_be_unpacked_is_damaged(packed: bytes) -> None:
    closed = SealedBox(WORKSTATION.public_key).encrypt(packed)
    content = segment.MAGIC + KIT.sign(segment.MAGIC + closed).signature + closed
    with pytest.raises(segment.Damaged, match="unpacked"):
        segment.opened(named(content), WORKSTATION, KIT.verify_key)


def test_names_are_in_the_order_of_the_record() -> None:
    places = [(1, 2), (1, 10), (2, 1), (10, 1)]
    names = [segment.sealed(b"", place, WORKSTATION.public_key, KIT).name for place in places]
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (b"{}\n", "line 1 is no row"),
        (b"\xff\n", "line 1 is no row"),
        (rows.written(ROWS) + b"[", "line 3 is no row"),
        (rows.written([msgspec.structs.replace(ROWS[0], v=rows.VERSION + 1)]), "update the workshop"),
    ],
)
def test_other_lines_are_a_sentence(lines: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        rows.read(lines)


def test_what_is_signed_and_begins_otherwise_is_no_segment_of_this_kit() -> None:
    good = made()
    other = b"x" * len(segment.MAGIC) + good.content[len(segment.MAGIC) :]
    assert segment.is_signed(good, KIT.verify_key)
    assert not segment.is_signed(segment.Segment(good.name, other), KIT.verify_key)


@given(
    st.lists(
        st.builds(
            lambda boot, first, more: rows.Span(boot, first, first + more),
            st.integers(1, 2),
            st.integers(1, 12),
            st.integers(0, 4),
        )
    )
)
def test_merged_spans_are_the_same_rows_in_as_few_as_there_can_be(spans: list[rows.Span]) -> None:
    def places(some: Iterable[rows.Span]) -> list[tuple[int, int]]:
        return [(span.boot, at) for span in some for at in range(span.first, span.last + 1)]

    found = rows.merged(spans)
    assert places(found) == sorted(set(places(spans)))
    gaps = [(a, b) for a, b in itertools.pairwise(found) if (a.boot, a.last + 1) == (b.boot, b.first)]
    assert gaps == []


def test_a_deletion_covers_its_spans() -> None:
    deletion = rows.Deletion((rows.Span(1, 5, 7), rows.Span(2, 1, 1)))
    assert [place for place in ((1, 4), (1, 5), (1, 7), (1, 8), (2, 1), (3, 6)) if deletion.covers(*place)] == [
        (1, 5),
        (1, 7),
        (2, 1),
    ]


def test_a_receipt_says_what_is_there() -> None:
    by = SigningKey.generate()
    told = receipt.Receipt(kit="5" * 32, segments=(made().name,), at="2026-01-01T00:00:00+00:00")
    content = receipt.signed(told, by)
    assert receipt.read(content, by.verify_key, "5" * 32) == told
    with pytest.raises(ValueError, match="another kit"):
        receipt.read(content, by.verify_key, "6" * 32)
    with pytest.raises(ValueError, match="not signed by the workstation"):
        receipt.read(content, KIT.verify_key, "5" * 32)
    with pytest.raises(ValueError, match="not signed by the workstation"):
        receipt.read(content.replace(b"2026-01", b"2027-01"), by.verify_key, "5" * 32)


@given(st.binary(max_size=200) | st.just(b'{"x":' + b"[" * 5000))
def test_other_receipts_are_a_sentence(content: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        receipt.read(content, KIT.verify_key, "5" * 32)
