"""What was deleted is gone to its last byte, and what cannot be taken in is set aside with its reason."""

import fcntl
import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from unit.log_kit import KEYS, KIT, SIGNS, WORKSTATION, Writer, everything, in_memory, kept, segment, segments
from vybor.foundation.errors import Missing, PlaceError
from vybor.segments import rows as record
from vybor.segments.rows import Kind, Row, Span
from vybor.segments.segment import Segment, sealed
from vybor_workshop.kits.keys import Ingested, KitKeys
from vybor_workshop.log import stale
from vybor_workshop.log.data_set import DataSet, opened
from vybor_workshop.log.ingest import ingest

ZEBRA = b"zebra"


@pytest.fixture(params=["folder", "memory"])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> DataSet:
    return DataSet(str(tmp_path / "data"), tmp_path) if request.param == "folder" else in_memory(tmp_path)


def take_in(data: DataSet, *some: Segment, keys: KitKeys = KEYS) -> Ingested:
    return ingest(some, keys, data, lambda _: None)


def with_a_secret() -> tuple[list[Row], list[Row], Row]:
    """What was written before and after a sentence, that sentence, and the wish to forget it."""
    writer = Writer()
    before = writer.say("I want tea")
    secret = writer.say("the zebra is loose")
    writer.day = "2026-03-02"
    secret.append(writer.row(Kind.UTTERANCE, {"session": "first", "number": 9, "text": "the zebra is loose."}))
    after = writer.say("Thank you")
    wish = writer.delete(Span(1, secret[0].sequence, secret[-1].sequence))
    return [*before, *after], secret, wish


def test_what_was_deleted_is_gone_to_its_last_byte(data: DataSet) -> None:
    others, secret, wish = with_a_secret()
    take_in(data, *segments(others), *segments(secret))
    assert ZEBRA in everything(data)
    assert take_in(data, segment([wish])).quarantined == {}
    assert ZEBRA not in everything(data)
    assert [row["sequence"] for row in kept(data)] == sorted(row.sequence for row in others)
    assert kept(data, Kind.UTTERANCE) == []
    (deletion,) = kept(data, Kind.DELETION)
    assert deletion["spans"] == [{"boot": 1, "first": secret[0].sequence, "last": secret[-1].sequence}]


def test_adapters_learn_that_they_are_stale(data: DataSet) -> None:
    others, secret, wish = with_a_secret()
    take_in(data, *segments([*others, *secret]))
    assert data.get(stale.path_of(KIT)) is None
    for _ in range(2):
        take_in(data, segment([wish]))
        told = json.loads(data.get(stale.path_of(KIT)) or b"")
        (deleted,) = told["deletions"]
        assert told["kit"] == KIT
        assert (deleted["boot"], deleted["sequence"], deleted["rows"]) == (1, wish.sequence, len(secret))


@pytest.mark.parametrize("together", [True, False])
def test_of_rows_that_stay_the_offers_go_where_they_showed_what_is_gone(data: DataSet, together: bool) -> None:
    writer = Writer()
    secret = writer.take("zebra")
    row = Writer().take("tea")
    tile = json.loads(bytes(row.record))["shown"][0]
    fold = tile | {"label": "zebra", "members": [tile | {"grey": "zebra", "origin": "zebra.txt"}]}
    shown = [fold | {"origin": "a zebra"}, tile | {"glow": "zebra"}, tile | {"label": "e", "role": "letter"}]
    record_ = json.loads(bytes(row.record)) | {"shown": shown, "mood": "calm"}
    stays = msgspec.structs.replace(
        row, sequence=2, record=msgspec.Raw(json.dumps(record_ | {"number": 2}).encode())
    )
    wish = {"spans": [{"boot": 1, "first": 1, "last": 1}], "offers": [{"boot": 1, "first": 2, "last": 2}]}
    late = [
        segment([secret, stays]),
        segment([msgspec.structs.replace(writer.row(Kind.DELETION, wish), sequence=3)]),
    ]
    for some in [reversed(late)] if together else [[late[0]], [late[1]], [late[0]]]:
        take_in(data, *some)
    (found,) = kept(data)
    assert ZEBRA not in everything(data)
    assert (found["text_after"], json.loads(found["more"])) == ("tea", {"mood": "calm"})
    labels = [(tile["label"], tile["grey"], tile["gaze_ms"]) for tile in found["shown"]]
    assert labels == [("…", "…", 700.0), ("…", "…", 700.0), ("e", "please", 700.0)], "letters are the kit's own"


@pytest.mark.parametrize("together", [True, False])
def test_rows_that_come_after_their_deletion_never_come_in(data: DataSet, together: bool) -> None:
    others, secret, wish = with_a_secret()
    late = [segment([wish]), *segments(secret), *segments(others)]
    for some in [late] if together else [[each] for each in late]:
        assert len(take_in(data, *some).names) == len(some)
    assert ZEBRA not in everything(data)
    assert len(kept(data)) == len(others)
    assert stale.read(data, KIT).deletions[0].rows == 0


def test_when_all_is_deleted_no_file_of_rows_stays(data: DataSet) -> None:
    writer = Writer()
    writer.say("the zebra is loose")
    writer.boot = 2
    writer.say("so is the zebra")
    take_in(data, *segments(writer.rows))
    take_in(data, segment([writer.delete(Span(1, 1, 10**6), Span(2, 1, 10**6))]))
    assert [file.kind for file in data.files(KIT)] == [Kind.DELETION]
    assert ZEBRA not in everything(data)


class Killed(BaseException):
    """As a power cut."""


def dying_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many times something is written or removed, then no more."""
    left = iter(range(count))
    for name in ("put", "remove"):
        real: Callable[..., None] = getattr(DataSet, name)

        def dying(self: DataSet, *told: object, real: Callable[..., None] = real) -> None:
            if next(left, None) is None:
                raise Killed
            real(self, *told)

        monkeypatch.setattr(DataSet, name, dying)


def test_a_deletion_that_was_killed_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others, secret, wish = with_a_secret()
    deaths = 0
    for count in range(20):
        data = in_memory(tmp_path)
        take_in(data, *segments([*others, *secret]))
        dying_after(count, monkeypatch)
        try:
            take_in(data, segment([wish]))
        except Killed:
            deaths += 1
        monkeypatch.undo()
        take_in(data, segment([wish]))
        assert ZEBRA not in everything(data)
        assert (stale.read(data, KIT).deletions[0].rows, len(kept(data))) == (len(secret), len(others))
    assert 3 <= deaths < 20


def test_what_is_set_aside_is_forgotten_too(data: DataSet) -> None:
    _, secret, wish = with_a_secret()
    broken = segment(secret)
    assert take_in(data, msgspec.structs.replace(broken, content=broken.content[:-1])).names == ()
    folder = f"quarantine/kit={KIT}"
    assert len(data.names(folder)) == 2
    take_in(data, segment([wish]))
    assert data.names(folder) == [f"{broken.name}.reason.txt"]


def test_what_begins_with_the_last_row_that_is_deleted_is_forgotten_too(data: DataSet) -> None:
    writer = Writer()
    before, last, behind = (segment([writer.take(word)], SigningKey.generate()) for word in ("a", "zebra", "b"))
    take_in(data, before, last, behind)
    take_in(data, segment([writer.delete(Span(1, 2, 2))]))
    assert [name for name in data.names(f"quarantine/kit={KIT}") if name.endswith(".segment")] == [behind.name]


# --- what cannot be taken in


def stranger(rows: list[Row]) -> Segment:
    return sealed(record.written(rows), (1, 1), PrivateKey.generate().public_key, SIGNS)


def other_kit(rows: list[Row]) -> Segment:
    return segment([msgspec.structs.replace(row, kit="6" * 32) for row in rows])


def newer(rows: list[Row]) -> Segment:
    return segment([msgspec.structs.replace(row, v=record.VERSION + 1) for row in rows])


def no_span(rows: list[Row]) -> Segment:
    return segment(
        [msgspec.structs.replace(rows[0], kind=Kind.DELETION, record=msgspec.Raw(b'{"spans":[{"boot":1}]}'))]
    )


def deep(rows: list[Row]) -> Segment:
    nested = msgspec.Raw(b'{"written":' + b"[" * 9000 + b"]" * 9000 + b"}")
    return segment([msgspec.structs.replace(rows[0], record=nested)])


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda rows: msgspec.structs.replace(segment(rows), content=segment(rows).content), "cut or changed"),
        (lambda rows: segment(rows, SigningKey.generate()), "not written by this kit"),
        (stranger, "another workstation"),
        (other_kit, "rows of another kit"),
        (newer, "update the workshop"),
        (no_span, "deletion"),
        (deep, "nested too deeply"),
        (lambda rows: Segment("../../etc/passwd", b"x" * 99), "is not what its name says"),
    ],
)
def test_it_is_set_aside_with_the_reason_and_the_others_are_taken_in(
    data: DataSet, made: Callable[[list[Row]], Segment], told: str
) -> None:
    writer = Writer()
    bad, good = made([writer.take("zebra")]), segment([writer.take("tea")])
    said: list[str] = []
    done = ingest([bad, good], KEYS, data, said.append)
    assert done.names == (good.name,)
    assert list(done.quarantined) == [bad.name]
    assert told in done.quarantined[bad.name]
    assert len(said) == 1
    names = data.names(f"quarantine/kit={KIT}")
    assert len(names) == 2
    content, reason = (data.get(f"quarantine/kit={KIT}/{name}") for name in names)
    assert content == bad.content
    assert told.encode() in (reason or b"")
    assert ZEBRA not in (reason or b"")
    assert [row["text_after"] for row in kept(data)] == ["zebra tea"]


def test_a_name_that_would_move_the_terminal_s_cursor_is_told_plainly(data: DataSet) -> None:
    for name in ("\x1b[2J\n", ""):
        said: list[str] = []
        ingest([Segment(name, b"x")], KEYS, data, said.append)
        assert said[0].isprintable()


def test_another_row_in_the_same_place_is_never_dropped(data: DataSet) -> None:
    """A record that was put back from a copy counts on where that ended: nothing of it may get lost silently."""
    take_in(data, segment([Writer().take("tea")]))
    bad = segment([Writer(session="second", day="2026-04-01").take("toast")])
    done = take_in(data, bad)
    assert done.names == ()
    assert "boot 1, sequence 1 it has another row" in done.quarantined[bad.name]
    twice = Writer(boot=2).take("a")
    both = segment([twice, msgspec.structs.replace(twice, record=Writer(session="x").take("b").record)])
    assert "another row" in take_in(data, both).quarantined[both.name]
    assert [row["text_after"] for row in kept(data)] == ["tea"]


def test_the_same_row_twice_in_one_segment_is_one_row(data: DataSet) -> None:
    row = Writer().take("tea")
    assert take_in(data, segment([row, row])).quarantined == {}
    assert len(kept(data)) == 1


def test_once_it_can_be_taken_in_it_is_set_aside_no_more(data: DataSet) -> None:
    good = segment([Writer().take("tea")])
    take_in(data, good, keys=msgspec.structs.replace(KEYS, verify=SigningKey.generate().verify_key))
    assert len(data.names(f"quarantine/kit={KIT}")) == 2
    assert take_in(data, good).names == (good.name,)
    assert data.names(f"quarantine/kit={KIT}") == []


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_lines_of_any_bytes_are_set_aside(
    tmp_path_factory: pytest.TempPathFactory, lines: bytes, end: bool
) -> None:
    """Signed and sealed as it should be; what is in it is no row, or a row with anything behind it."""
    good = record.written([Writer().take("tea")])
    store = in_memory(tmp_path_factory.getbasetemp())
    for content in (lines + b"x", good[:-2] + lines, good.replace(b'"tea"', b'"' + lines + b'"')):
        made = sealed(content, (1, 1), WORKSTATION.public_key, SIGNS)
        done = take_in(store, made)
        assert len(done.names) + len(done.quarantined) == 1


# --- places


def test_a_damaged_file_of_rows_is_a_sentence_and_stays(tmp_path: Path) -> None:
    writer = Writer()
    data = DataSet(str(tmp_path), tmp_path)
    take_in(data, segment([writer.take("tea")]))
    (file,) = data.files(KIT)
    path = Path(data.full(file.path))
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(PlaceError, match=r"decision\.parquet cannot be read or written .* do this again"):
        take_in(data, segment([writer.take("now")]))
    Path(data.full(stale.path_of(KIT))).write_text("{")
    path.unlink()
    with pytest.raises(PlaceError, match=r"stale\.json is damaged"):
        take_in(data, segment([writer.take("now")]))


@pytest.mark.parametrize(
    ("url", "told"),
    [("nowhere://x", "is no place that rows can be kept in"), ("s3://bucket/data", "s3fs")],
)
def test_a_place_that_is_none_is_a_sentence(url: str, told: str, tmp_path: Path) -> None:
    if told == "s3fs" and importlib.util.find_spec("s3fs"):
        pytest.skip("s3fs is installed")
    with pytest.raises(Missing, match=told):
        DataSet(url, tmp_path)


def test_a_file_in_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(PlaceError, match="cannot be read or written"):
        take_in(DataSet(str(tmp_path / "data"), tmp_path), segment([Writer().take("tea")]))


def test_a_full_disk_is_a_sentence_and_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    data = DataSet(str(tmp_path / "data"), tmp_path)
    with monkeypatch.context() as patched, pytest.raises(PlaceError, match="No space left"):
        patched.setattr(os, "fsync", full)
        take_in(data, segment([Writer().take("tea")]))
    take_in(data, segment([Writer().take("tea")]))
    assert len(kept(data)) == 1


def test_the_usual_place_is_the_user_s() -> None:
    assert opened("", {"XDG_DATA_HOME": "/a"}).root == "/a/vybor-workshop/data"
    assert opened("", {"HOME": "/b"}).root == "/b/.local/share/vybor-workshop/data"


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    data = DataSet(str(tmp_path), tmp_path)
    with data.writing(), (tmp_path / ".lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (tmp_path / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
