"""Kept looks: every calibration survives, and a damaged file costs only itself."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from vybor.gaze.faces.features import NAMES
from vybor.gaze.looks.keeping import Looks
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
