"""How often the mouse says where it is."""

from vybor.display.pointing import Mouse

MS = 1_000_000


def test_a_mouse_that_never_moved_is_nowhere() -> None:
    assert not Mouse().is_due(10**12)


def test_a_moving_mouse_is_said_thirty_times_a_second() -> None:
    mouse = Mouse().at(0.5, 0.5).said(1000 * MS).at(0.6, 0.5)
    assert [mouse.is_due(ms * MS) for ms in (1016, 1033, 1034)] == [False, False, True]


def test_a_still_mouse_is_said_fifteen_times_a_second() -> None:
    mouse = Mouse().at(0.5, 0.5).said(1000 * MS)
    assert [mouse.is_due(ms * MS) for ms in (1034, 1066, 1067)] == [False, False, True]


def test_a_mouse_that_has_left_looks_nowhere() -> None:
    assert not Mouse().at(0.5, 0.5).gone().is_due(10**12)
