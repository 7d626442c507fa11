"""Kept looks: every calibration survives, and a damaged file costs only itself."""

import errno
import os
import pickle
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pytest

from vybor.gaze.faces.features import NAMES, SCALES, WILDEST, of_head
from vybor.gaze.looks.calibrating import Calibrating
from vybor.gaze.looks.keeping import LARGEST_FILE, TILE_FILES, Looks
from vybor.gaze.points.model import Look


def a_calibration(number: int, dots: int = 9) -> list[Look]:
    random = np.random.default_rng(number)
    return [
        Look(
            x=float(random.uniform()),
            y=float(random.uniform()),
            rows=random.normal(size=(8 + dot % 5, len(NAMES))).astype(np.float32),
            calibration=number,
        )
        for dot in range(dots)
    ]


def assert_same(found: list[Look], wanted: list[Look]) -> None:
    assert [look.calibration for look in found] == [look.calibration for look in wanted]
    np.testing.assert_allclose([(k.x, k.y) for k in found], [(k.x, k.y) for k in wanted], atol=1e-6)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    looks = Looks(tmp_path / "looks")
    first, second = a_calibration(1), a_calibration(2)
    looks.keep(first)
    looks.keep(second)
    assert_same(Looks(tmp_path / "looks").load(), [*first, *second])
    assert Looks(tmp_path / "looks").next_number() == 3


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert Looks(tmp_path / "looks").load() == []
    assert Looks(tmp_path / "looks").next_number() == 1


@pytest.mark.parametrize("kept_bytes", [0, 1, 100, 0.5, 0.98])
def test_a_truncated_file_costs_only_itself(tmp_path: Path, kept_bytes: float) -> None:
    looks = Looks(tmp_path)
    looks.keep(a_calibration(1))
    looks.keep(a_calibration(2))
    damaged = tmp_path / "000002.npz"
    content = damaged.read_bytes()
    damaged.write_bytes(content[: int(kept_bytes if kept_bytes >= 1 else kept_bytes * len(content))])
    assert_same(looks.load(), a_calibration(1))
    assert looks.next_number() == 3
    assert damaged.exists()


def test_a_half_written_file_is_no_calibration(tmp_path: Path) -> None:
    looks = Looks(tmp_path)
    looks.keep(a_calibration(1))
    (tmp_path / "000002.part").write_bytes(b"half")
    assert_same(looks.load(), a_calibration(1))
    assert looks.next_number() == 2


def test_looks_of_other_features_are_passed_over_and_left_alone(tmp_path: Path) -> None:
    looks = Looks(tmp_path)
    looks.keep(a_calibration(1))
    np.savez(tmp_path / "000002.npz", names=["iris"], targets=[[0.5, 0.5]], counts=[1], rows=[[1.0]])
    assert_same(looks.load(), a_calibration(1))
    assert (tmp_path / "000002.npz").exists()


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "000001.npz").write_bytes(pickle.dumps([1, 2, 3]))
    np.savez(tmp_path / "000002.npz", names=np.array([object()], dtype=object))
    assert Looks(tmp_path).load() == []


def test_numbers_that_are_none_are_passed_over(tmp_path: Path) -> None:
    looks = Looks(tmp_path)
    wild = a_calibration(1)
    wild[3].rows[2, 1] = np.nan
    looks.keep(wild)
    assert looks.load() == []


def test_a_folder_that_cannot_be_written_raises(tmp_path: Path) -> None:
    (tmp_path / "looks").write_text("a file stands in the way")
    with pytest.raises(OSError, match="looks"):
        Looks(tmp_path / "looks").keep(a_calibration(1))


def changed_by_one_byte(content: bytes) -> Iterator[bytes]:
    """Where the first part of a file says how it is to be read: zip's own headers, and that of the array."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        directory = packed.start_dir
    for place in (*range(180), *range(directory, directory + 60), *range(len(content) - 22, len(content))):
        for value in (content[place] ^ 1, content[place] ^ 0x80, *([0] if 60 < place < 80 else [])):
            yield content[:place] + bytes([value]) + content[place + 1 :]


def test_no_changed_byte_ends_the_process(tmp_path: Path) -> None:
    """It would end it at every start, and looks would be gone until somebody removes the file."""
    looks, damaged = Looks(tmp_path), tmp_path / "000001.npz"
    looks.keep([msgspec.structs.replace(look, rows=look.rows[:1]) for look in a_calibration(1, dots=3)])
    lost = 0
    for content in changed_by_one_byte(damaged.read_bytes()):
        damaged.write_bytes(content)
        lost += not looks.load()
    assert lost > 100


def packed(path: Path, **parts: np.ndarray) -> None:
    """A whole file that says something else than the kit would."""
    random = np.random.default_rng(7)
    usual = {
        "names": np.array(NAMES),
        "targets": random.uniform(size=(9, 2)).astype(np.float32),
        "counts": np.full(9, 8, np.int32),
        "rows": random.normal(size=(72, len(NAMES))).astype(np.float32),
        "weights": np.ones(9, np.float32),
    }
    np.savez(path, **(usual | parts))


def one_wild(value: float) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(72, len(NAMES))).astype(np.float32)
    rows[3, 2] = value
    return rows


NO_CALIBRATION = {
    "samples without columns": {"rows": np.zeros(72, np.float32)},
    "nothing at all": {
        "rows": np.zeros(0, np.float32),
        "counts": np.zeros(0, np.int32),
        "targets": np.zeros((0, 2), np.float32),
        "weights": np.zeros(0, np.float32),
    },
    "a look without samples": {"counts": np.array([0, 16, *[8] * 7], np.int32)},
    "counts that overflow": {"counts": np.array([2**62] * 3 + [2**62 + 67] + [1] * 5)},
    "numbers of another kind": {"rows": np.ones((72, len(NAMES)), np.complex64)},
    "one sample of no face": {"rows": one_wild(1.1 * WILDEST * SCALES[2])},
    "one sample as large as numbers are": {"rows": one_wild(3e38)},
    "a dot far off the screen": {"targets": np.full((9, 2), 1.6, np.float32)},
    "looks that weigh nothing": {"weights": np.zeros(9, np.float32)},
    "looks that weigh too much": {"weights": np.full(9, 1.1, np.float32)},
    "looks that weigh next to nothing": {"weights": np.full(9, 1e-30, np.float32)},
    "two dots": {
        "rows": np.ones((16, len(NAMES)), np.float32),
        "counts": np.full(2, 8, np.int32),
        "targets": np.full((2, 2), 0.5, np.float32),
        "weights": np.ones(2, np.float32),
    },
}


@pytest.mark.parametrize("said", NO_CALIBRATION)
def test_what_no_calibration_says_poisons_no_fit(tmp_path: Path, said: str) -> None:
    Looks(tmp_path).keep(a_calibration(1))
    packed(tmp_path / "000002.npz")
    assert len(Looks(tmp_path).load()) == 18
    packed(tmp_path / "000002.npz", **NO_CALIBRATION[said])
    assert_same(Looks(tmp_path).load(), a_calibration(1))


@pytest.mark.parametrize("counts", [[0, 16, *[8] * 7], [2**62] * 3 + [2**62 + 67] + [1] * 5])
def test_counts_that_leave_a_look_without_samples_make_none(tmp_path: Path, counts: list[int]) -> None:
    rows = of_head(np.ones((72, len(NAMES)), np.float32))
    packed(tmp_path / "000001.npz", rows=rows)
    assert len(Looks(tmp_path, of_head=True).load()) == 9
    packed(tmp_path / "000001.npz", rows=rows, counts=np.array(counts))
    assert Looks(tmp_path, of_head=True).load() == []


def test_a_file_that_would_fill_the_memory_is_passed_over(tmp_path: Path) -> None:
    samples = LARGEST_FILE // (4 * len(NAMES)) // 9 + 1
    np.savez_compressed(
        tmp_path / "000001.npz",
        names=np.array(NAMES),
        targets=np.full((9, 2), 0.5, np.float32),
        counts=np.full(9, samples, np.int32),
        rows=np.full((9 * samples, len(NAMES)), 0.01, np.float32),
        weights=np.ones(9, np.float32),
    )
    assert (tmp_path / "000001.npz").stat().st_size < LARGEST_FILE // 100
    assert Looks(tmp_path).load() == []


def test_of_tiles_the_newest_sittings_are_read(tmp_path: Path) -> None:
    looks = Looks(tmp_path)
    for number in range(1, TILE_FILES + 3):
        looks.keep_tiles(a_calibration(number, dots=1))
    assert [look.calibration for look in looks.load_tiles()] == list(range(3, TILE_FILES + 3))


def test_how_long_ago_looks_were_kept_is_told_of_the_newest(tmp_path: Path) -> None:
    looks = Looks(tmp_path)
    assert looks.kept_s_ago() is None
    for number in (1, 2):
        looks.keep(a_calibration(number))
    os.utime(tmp_path / "000001.npz", (0, 0))
    kept_s_ago = looks.kept_s_ago()
    assert kept_s_ago is not None
    assert kept_s_ago < 1000


def test_a_half_that_a_power_cut_left_is_gone_with_the_next_start(tmp_path: Path) -> None:
    """It may be bare, of a time without a key, and nobody would ever encrypt it."""
    looks = Looks(tmp_path)
    looks.keep(a_calibration(1))
    others = ("notes.txt", ".hidden", "000009.npz", ".000009.npz")
    for name in (*others, ".000002.npz.4711", ".000002-tiles.npz.4712"):
        (tmp_path / name).write_bytes(b"half")
    Calibrating(looks)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*others, "000001.npz"))


def test_a_folder_that_may_not_be_read_is_not_said_to_be_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    looks = Looks(tmp_path)
    looks.keep(a_calibration(1))
    monkeypatch.setattr(Path, "iterdir", refused)
    looks.tidy()
    assert "cannot be removed (Permission denied)" in looks.forget()
