"""What a kit wrote, from sealed segments into Parquet, beside DuckDB that reads the same lines from a plain file.

Both in turn, round by round, in one run. The workshop opens what was sealed, checks who signed it, takes each row
once and makes sure that it is on the disk; DuckDB reads the lines as they are and does none of that. Both write
zstd. Segments are in memory before the clock starts, as a sync hands them over; DuckDB reads a file.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import msgspec
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from benches import ingest_events, options, report
from vybor.foundation.errors import VyborError
from vybor.segments import rows as record
from vybor.segments.rows import Kind, Row
from vybor.segments.segment import Segment, sealed
from vybor_workshop.kits.keys import KitKeys
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest

A_SEGMENT = 200
"""Rows; as many as the journal seals at once."""
MEGA = 1e6


class Written(msgspec.Struct, frozen=True):
    """What a kit has on its disk."""

    keys: KitKeys
    segments: Sequence[Segment]
    lines: Path
    """The same rows as plain lines, for DuckDB."""
    rows: int


def main() -> None:
    """Make the events, take them in, print, and write the figures."""
    parser = argparse.ArgumentParser(prog="deploy/bench ingest", description=__doc__)
    parser.add_argument("--share", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--events", type=options.positive, default=50_000, help="how many (50000)")
    parser.add_argument("--rounds", type=options.positive, default=5, help="of both in turn (5)")
    parser.add_argument("--json", type=options.new_file, help="write the figures here")
    parsed = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            figures = measured(Path(folder), parsed.events, parsed.rounds)
    except VyborError as error:
        sys.exit(f"bench: {error}")
    report.write("ingest", figures, parsed.json)


def measured(folder: Path, events: int, rounds: int) -> dict[str, float]:
    """Both in turn; the ratio is of the medians, what is lost or doubled that of the worst round."""
    written = write(ingest_events.rows(events), folder / "lines.jsonl")
    ours_s: list[float] = []
    theirs_s: list[float] = []
    again_s: list[float] = []
    found: list[dict[str, float]] = []
    for number in range(rounds):
        data = DataSet(str(folder / f"data-{number}"), folder)
        steps: list[tuple[list[float], Callable[[], None]]] = [
            (ours_s, lambda data=data: take_in(written, data)),  # type: ignore[misc]
            (theirs_s, lambda: by_duckdb(written.lines, folder / "duckdb.parquet")),
        ]
        for seconds, step in steps if number % 2 else reversed(steps):
            seconds.append(timed(step))
        again_s.append(timed(lambda data=data: take_in(written, data)))  # type: ignore[misc]
        found.append(held_against(written, data))
    ours, theirs = statistics.median(ours_s), statistics.median(theirs_s)
    worst = {name: max(each[name] for each in found) for name in found[0]}
    return worst | {
        "events": float(written.rows),
        "lines.mb": written.lines.stat().st_size / MEGA,
        "segments.mb": sum(len(each.content) for each in written.segments) / MEGA,
        "ingest.s": ours,
        "ingest.events_per_s": written.rows / ours,
        "ingest.again_s": statistics.median(again_s),
        "duckdb.s": theirs,
        "ratio.ingest_vs_duckdb": theirs / ours,
        "ratio.worst_round": min(theirs / ours for ours, theirs in zip(ours_s, theirs_s, strict=True)),
    }


def write(rows: Iterable[Row], lines: Path) -> Written:
    """Seal them as a kit does, and write them as they are beside that."""
    keys = KitKeys(
        ingest_events.KIT, "the kit", (signs := SigningKey.generate()).verify_key, PrivateKey.generate()
    )
    segments, count = [], 0
    with lines.open("wb") as sink:
        for some in _pieces(rows):
            content = record.written(some)
            sink.write(content)
            place = (some[0].boot, some[0].sequence)
            segments.append(sealed(content, place, keys.open_with.public_key, signs))
            count += len(some)
    return Written(keys, segments, lines, count)


def take_in(written: Written, data: DataSet) -> None:
    """All of it, as one sync does."""
    done = ingest(written.segments, written.keys, data, lambda _: None)
    if len(done.names) != len(written.segments):
        raise VyborError(f"{len(done.quarantined)} segments were not taken in")


def by_duckdb(lines: Path, to: Path) -> None:
    """The same lines into one file, on the disk as well."""
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_json('{lines}', format = 'newline_delimited'))"
            f" TO '{to}' (FORMAT parquet, COMPRESSION zstd)"
        )
    with to.open("rb") as written:
        os.fsync(written.fileno())


def held_against(written: Written, data: DataSet) -> dict[str, float]:
    """Rows that are not there, or there twice."""
    there: list[tuple[int, int]] = []
    for file in data.files(written.keys.kit):
        if file.kind is Kind.DECISION:
            table = data.read(file, ["boot", "sequence"])
            there += zip(table["boot"].to_pylist(), table["sequence"].to_pylist(), strict=True)
    size = sum(entry.stat().st_size for entry in Path(data.root).rglob("*.parquet"))
    return {
        "lost": float(written.rows - len(set(there))),
        "duplicated": float(len(there) - len(set(there))),
        "parquet.mb": size / MEGA,
    }


def timed(step: Callable[[], None]) -> float:
    """Seconds on the wall."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    piece: list[Row] = []
    for row in rows:
        piece.append(row)
        if len(piece) == A_SEGMENT:
            yield piece
            piece = []
    if piece:
        yield piece


if __name__ == "__main__":
    main()
