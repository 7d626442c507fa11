"""Recordings to play instead of a headband: BrainFlow's CSV as it is, OpenBCI's text files made into one."""

from collections.abc import Iterator
from pathlib import Path

from vybor.headband.boards import BOARDS, BY_NAME, Board
from vybor.headband.port import HeadbandMissing

OPENBCI_MARK = "%OpenBCI"
OPENBCI_CHANNELS = 8
CYTON_TIMESTAMP_COLUMN = 22


def playable(recording: Path, named: str, folder: Path) -> tuple[Path, Board]:
    """A BrainFlow CSV with the board it is of: the file itself, or what it becomes, written to `folder`.

    `named` is the board that the settings name, if any. Raises HeadbandMissing if the file is no recording.
    """
    first = _first_line(recording)
    if first.startswith(OPENBCI_MARK):
        made = folder / f"{recording.stem}.csv"
        with made.open("w", encoding="ascii") as lines:
            lines.writelines(_brainflow_lines(recording))
        return made, BY_NAME["cyton"]
    columns = len(_numbers(first.replace("\t", ",")) or ())
    fitting = [board for board in BOARDS if board.columns == columns]
    fitting.sort(key=lambda board: board.name != named)
    if not fitting:
        raise HeadbandMissing(
            f"the recording {recording} is neither a BrainFlow CSV of a known headband nor an OpenBCI text file; "
            "record one with BrainFlow's streamer, or leave headband.recording empty"
        )
    return recording, fitting[0]


def _first_line(recording: Path) -> str:
    try:
        with recording.open(encoding="ascii") as lines:
            return lines.readline()
    except OSError as error:
        raise HeadbandMissing(
            f"the recording {recording} cannot be read ({error.strerror}); name another one in headband.recording"
        ) from None
    except UnicodeDecodeError:
        return ""


def _brainflow_lines(recording: Path) -> Iterator[str]:
    """The Cyton's 24 columns for each sample: counter, eight channels, zeros, an even time stamp, no marker."""
    cyton = BY_NAME["cyton"]
    count = 0
    with recording.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            numbers = _numbers(line, 1 + OPENBCI_CHANNELS)
            if numbers is None:
                continue
            between = [0.0] * (CYTON_TIMESTAMP_COLUMN - len(numbers))
            count += 1
            row = [*numbers, *between, count / cyton.hz, 0.0]
            yield "\t".join(f"{value:.6f}" for value in row) + "\n"
    if not count:
        raise HeadbandMissing(f"the recording {recording} holds no samples of {OPENBCI_CHANNELS} channels")


def _numbers(line: str, least: int = 1) -> list[float] | None:
    """The numbers of a line, or its first `least` of them if more are not asked for; None if it is no sample."""
    fields = line.split(",")
    if len(fields) < least:
        return None
    try:
        return [float(field) for field in (fields if least == 1 else fields[:least])]
    except ValueError:
        return None
