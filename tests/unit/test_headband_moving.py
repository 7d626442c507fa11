"""When a head turns, to the sample; and what a real Athena's gyroscope and accelerometer say of one movement."""

import math

import msgspec
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from unit.headband_replay import chunk
from unit.test_headband_real_recording import recording as kept
from vybor.headband.detecting import moving
from vybor.headband.detecting.moving import Head
from vybor.headband.devices.muse import athena
from vybor.headband.port import Chunk, Motion
from world import athena_device

GYRO_HZ = 50.0


def turning(gyro: np.ndarray, first: int = 0, late_ns: int = 0) -> Chunk:
    """A chunk of 100 samples a second with these turns (3 x samples), which began as late after it."""
    samples = np.zeros((8, 2 * gyro.shape[1]), np.float32)
    motion = Motion(
        first=first // 2,
        gyro=gyro.astype(np.float32),
        accel=np.zeros_like(gyro, np.float32),
        at_ns=round(first * 1e7) + late_ns,
        period_ns=1e9 / GYRO_HZ,
    )
    return msgspec.structs.replace(chunk(first, samples, 100), motion=motion)


def still(count: int, offset: float = 0.0) -> np.ndarray:
    return np.full((3, count), offset)


def turned(count: int, at: int, degrees_s: float, offset: float = 0.0) -> np.ndarray:
    gyro = still(count, offset)
    gyro[0, at] += degrees_s
    return gyro


@pytest.mark.parametrize(("degrees_s", "turns"), [(45, 1), (35, 0)])
@pytest.mark.parametrize("offset", [0.0, -30.0])
def test_a_turn_is_what_differs_enough_from_the_usual(degrees_s: float, turns: int, offset: float) -> None:
    head = moving.moved(Head(), turning(turned(50, 20, degrees_s, offset)))
    assert len(head.turns) == turns


def test_a_turn_lies_where_its_samples_were_taken() -> None:
    head = moving.moved(Head(), turning(turned(50, 20, 90), first=400, late_ns=round(3e7)))
    assert head.turns == ((443.0, 443.0),)


def test_an_offset_that_changes_is_learned_anew() -> None:
    head = moving.moved(Head(), turning(still(50)))
    for place in range(1, 30):
        head = moving.moved(head, turning(still(50, 60.0), first=100 * place))
    assert head.turns == ()
    assert head.offset == pytest.approx((60.0,) * 3, abs=1.0)


def test_samples_close_together_are_one_turn_and_others_two() -> None:
    near, far = still(50), still(50)
    near[1, [10, 17]] = 90  # .14 s apart
    far[1, [10, 18]] = 90
    assert [len(moving.moved(Head(), turning(each)).turns) for each in (near, far)] == [1, 2]


def test_turns_are_forgotten_after_four_seconds() -> None:
    head = moving.moved(Head(), turning(turned(50, 20, 90)))
    assert len(moving.moved(head, turning(still(50), first=340)).turns) == 1
    assert moving.moved(head, turning(still(50), first=341)).turns == ()


@pytest.mark.parametrize(
    ("first", "last", "is_meant"), [(0, 84, False), (0, 85, True), (115, 200, True), (116, 200, False)]
)
def test_a_turn_spoils_what_lies_a_little_before_and_after(first: float, last: float, is_meant: bool) -> None:
    assert moving.moved_between(Head(turns=((100.0, 100.0),)), first, last, 100.0) is is_meant


def test_what_is_no_number_and_a_headband_without_gyroscope_say_nothing() -> None:
    assert moving.moved(Head(), turning(still(50, math.nan))) == Head()
    assert moving.moved(Head(), chunk(0, np.zeros((8, 10), np.float32))) == Head()


def heard_of_athena() -> Motion:
    """All of the motion in the recording of a real one, which was carried about."""
    path = kept("athena_p1041.txt")
    speaks = athena.Athena()
    parts: list[Motion] = []
    for after_s, (uuid, said) in athena_device.said_in(path):
        at_ns = round(after_s * 1e9)
        speaks.take(uuid, said, at_ns)
        parts += [each.motion for each in speaks.give(at_ns) if each.motion is not None]
    joined = {name: np.hstack([getattr(each, name) for each in parts]) for name in ("gyro", "accel")}
    return msgspec.structs.replace(parts[0], **joined)


def test_a_real_athena_turns_as_its_gravity_does() -> None:
    """Over a third of a second each: what the gyroscope says explains most of how gravity moves."""
    motion = heard_of_athena()
    gyro = motion.gyro - np.median(motion.gyro, axis=1)[:, None]
    force = np.linalg.norm(motion.accel, axis=0)
    assert np.median(force) == pytest.approx(1.0, abs=0.03)
    window = 16
    left: list[float] = []
    movements: list[float] = []
    for start in range(0, gyro.shape[1] - window, 4):
        then, now = motion.accel[:, start], motion.accel[:, start + window]
        steady = np.abs(force[start : start + window] - 1).max() <= 0.05
        if steady and np.linalg.norm(now - then) >= 0.1:
            steps = np.deg2rad(gyro[:, start : start + window].T) / athena.MOTION_HZ
            turn = Rotation.identity()
            for step in steps:
                turn = Rotation.from_rotvec(-step) * turn
            left.append(float(np.linalg.norm(turn.apply(then) - now)))
            movements.append(float(np.linalg.norm(now - then)))
    assert len(left) >= 30
    assert np.median(left) <= 0.45 * np.median(movements)
