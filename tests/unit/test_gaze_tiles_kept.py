"""Tiles that were taken are kept for later fits, in no order; and heads that point are kept apart from eyes."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from unit.gaze_faces import face, pose, rows_at
from unit.test_gaze_calibrating import FRAME_NS, Session, asked
from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.contracts.areas import on_screen, without_pad
from vybor.foundation.clock import seconds
from vybor.gaze.faces.features import POSE_COLUMNS, features, of_head
from vybor.gaze.looks import calibration as c
from vybor.gaze.looks import taking
from vybor.gaze.looks.calibrating import TILES_A_FILE, Calibrating
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points.model import predict


def take(session: Session, slot: int, **about: object) -> None:
    """Look at a tile's words for a moment; it is taken, and that holds."""
    words = on_screen(without_pad(TEN.zones[slot].area, TEN.zones[slot].pad))
    x, y = (words.left + words.right) / 2, (words.top + words.bottom) / 2
    from_ns = session.now_ns + FRAME_NS
    for row in rows_at(x, y, session.random, samples=6).astype(np.float32):
        session.now_ns += FRAME_NS
        session.calibrating.sampled(row, session.now_ns, session.now_ns)
    told = m.LookedAt(at_ns=session.now_ns, area=words, from_ns=from_ns, until_ns=session.now_ns)
    session.calibrating.took(msgspec.structs.replace(told, **about))
    session.pass_by(0)


def calibrated(folder: Path) -> Session:
    session = Session(folder)
    session.calibrating.offer(session.now_ns)
    session.look_at_the_dots()
    return session


def test_tiles_that_were_taken_are_kept_for_the_next_fit_and_leave_today_s_model_alone(tmp_path: Path) -> None:
    session = calibrated(tmp_path)
    model = session.calibrating.model
    for slot in [3, 9, 0] * 10:
        take(session, slot)
    assert session.calibrating.model is model
    assert len(Looks(tmp_path).load_tiles()) == TILES_A_FILE
    session.calibrating.close()
    kept = Looks(tmp_path).load_tiles()
    assert len(kept) == 30
    assert all(look.of_tile and look.weight == taking.WEIGHT and look.calibration == 1 for look in kept)
    again = Session(tmp_path)
    again.calibrating.ask(asked(), again.now_ns)
    again.look_at_the_dots()
    assert again.calibrating.model is not None
    assert len(again.calibrating.model.known.rows) == 9 + 9 + 30


def test_in_which_order_tiles_were_taken_is_kept_nowhere(tmp_path: Path) -> None:
    """What letters were chosen one after another cannot be read from the looks."""
    orders = []
    for number, slots in enumerate(([3, 9, 0, 1], [1, 0, 9, 3])):
        session = calibrated(tmp_path / str(number))
        for slot in slots:
            take(session, slot)
        session.calibrating.close()
        orders.append([(look.x, look.y) for look in Looks(tmp_path / str(number)).load_tiles()])
    assert orders[0] == orders[1]


def test_nothing_is_kept_of_private_text_or_of_what_was_as_likely_as_not(tmp_path: Path) -> None:
    session = calibrated(tmp_path)
    take(session, 2, is_private=True)
    take(session, 2, certainty=0.5)
    take(session, 2, from_ns=session.now_ns + seconds(50))
    session.calibrating.close()
    assert Looks(tmp_path).load_tiles() == []
    take(session, 2, certainty=0.9)
    session.calibrating.close()
    assert [look.weight for look in Looks(tmp_path).load_tiles()] == [pytest.approx(0.8 * taking.WEIGHT)]


def test_no_part_of_the_screen_has_more_than_its_share(tmp_path: Path) -> None:
    session = calibrated(tmp_path)
    for _ in range(taking.MOST + 20):
        take(session, 0)
    take(session, 9)
    session.calibrating.close()
    kept = Looks(tmp_path).load_tiles()
    assert len(kept) == taking.MOST + 1


def test_tiles_after_new_dots_lie_in_a_file_of_their_own(tmp_path: Path) -> None:
    session = calibrated(tmp_path)
    take(session, 0)
    session.calibrating.ask(asked(), session.now_ns)
    session.look_at_the_dots()
    take(session, 1)
    session.calibrating.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "000001-tiles.npz", "000001.npz", "000002-tiles.npz", "000002.npz",
    ]  # fmt: skip


def test_who_has_looks_forgotten_has_those_at_tiles_forgotten_too(tmp_path: Path) -> None:
    session = calibrated(tmp_path)
    take(session, 0)
    session.calibrating.close()
    assert session.calibrating.forget() == ""
    take(session, 0)
    session.calibrating.close()
    assert list(tmp_path.iterdir()) == []
    session.calibrating.ask(asked(), session.now_ns)
    session.look_at_the_dots()
    take(session, 9)
    session.calibrating.close()
    assert len(Looks(tmp_path).load_tiles()) == 1


def test_a_head_that_points_is_calibrated_by_the_same_dots_and_kept_apart_from_eyes(tmp_path: Path) -> None:
    calibrated(tmp_path)
    head = Session(tmp_path)
    head.calibrating = Calibrating(Looks(tmp_path, of_head=True))
    assert head.troubles() == [m.Trouble.NOT_CALIBRATED]
    head.calibrating.offer(head.now_ns)
    while (target := head.target()).dot is not None:
        shown = m.Shown(at_ns=head.now_ns, screen=None, target=target)
        for _ in range(25):
            head.now_ns += FRAME_NS
            head.calibrating.shown(shown, head.now_ns)
            row = pointing(target.x, target.y, head.random)
            head.calibrating.sampled(row, head.now_ns, head.now_ns)
        head.pass_by(0)
    model = head.calibrating.model
    assert model is not None
    for place in ((0.2, 0.8), (0.7, 0.4), (0.5, 0.1)):
        found = predict(model, np.array([pointing(*place, head.random) for _ in range(8)])).mean(axis=0)
        assert found == pytest.approx(place, abs=0.05)
    assert {look.calibration for look in Looks(tmp_path).load()} == {1}
    assert {look.calibration for look in Looks(tmp_path, of_head=True).load()} == {2}


def pointing(x: float, y: float, random: np.random.Generator) -> np.ndarray:
    """A head that points there; its eyes look anywhere."""
    turned = face((float(random.normal(0, 0.1)), 0.0), blink=float(random.uniform(0, 0.3)))
    aimed = msgspec.structs.replace(turned, pose=pose(0.5 * (x - 0.5), pitch=0.3 * (y - 0.5)))
    row = of_head(features(aimed))
    row[POSE_COLUMNS] += random.normal(0, 0.004, len(POSE_COLUMNS))
    return row


def test_a_head_that_does_not_hold_still_on_a_dot_is_asked_again() -> None:
    random = np.random.default_rng(4)
    still = np.array([pointing(0.5, 0.5, random) for _ in range(12)])
    restless = np.array([pointing(0.5 + 0.1 * (number % 2), 0.5, random) for number in range(12)])
    assert c.agreeing(still) is not None
    assert c.agreeing(restless) is None
