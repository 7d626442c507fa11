"""Fewer zones, with core as a real process: by the settings, and by what the looks say of themselves."""

from pathlib import Path

import pytest

from processes.stage import BRISK, hands, kit
from vybor.commands.fits.places import measured_anew
from vybor.contracts.messages import Role, Screen, Trouble
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing


def test_the_settings_say_how_many_zones_and_a_fold_opens(tmp_path: Path) -> None:
    settings = BRISK + "[display]\nzones = 6\n"
    with kit(tmp_path, "core", "journal", settings=settings) as running, hands(running.runtime) as person:
        person.choose(Role.FOLD)
        assert person.screen
        assert person.screen.zones == 6
        person.choose(Role.KEY)
        person.until(lambda: person.screen is not None and person.screen.prefix != "")
        assert Role.FOLD in {tile.role for tile in person.screen.tiles}


def test_eyes_that_are_seen_badly_get_larger_tiles_and_are_told_so(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: person.screen is not None)
        person.error, person.place = (0.08, 0.14), (0.5, 0.5)
        person.until(lambda: person.screen is not None and person.screen.zones == 4)
        assert person.screen
        assert Trouble.FEWER_TILES in {notice.trouble for notice in person.screen.notices}
        assert len(person.screen.tiles) <= 4


@pytest.mark.slow  # what will move is announced for five seconds
def test_a_setting_moves_undo_and_speak_once_it_was_announced(tmp_path: Path) -> None:
    settings = BRISK + '[display]\nplaces = "turned"\n'
    with kit(tmp_path, "core", "journal", settings=settings) as running, hands(running.runtime) as person:
        person.until(lambda: person.screen is not None)
        person.error, person.place = (0.03, 0.05), (0.5, 0.5)
        person.until(lambda: Trouble.PLACES_MOVE in troubles(person.screen))
        assert person.screen
        assert stands(person.screen, Role.UNDO) == "left"
        person.until(lambda: Trouble.PLACES_MOVED in troubles(person.screen))
        assert stands(person.screen, Role.UNDO) == "right"
        assert person.screen.standing
        assert person.screen.standing.is_set
        running.kill("core")
        running.start("core")
        moves = {Trouble.PLACES_MOVE, Trouble.PLACES_MOVED}
        person.until(lambda: person.screen is not None and not troubles(person.screen) & moves)
        assert stands(person.screen, Role.UNDO) == "right"
        with pytest.raises(Missing, match=r"display\.places auto"):
            list(measured_anew(running.runtime, SystemClock()))


def test_where_they_stand_best_is_measured_anew_when_somebody_asks_for_it(tmp_path: Path) -> None:
    with kit(tmp_path, "core", "journal") as running, hands(running.runtime) as person:
        person.until(lambda: person.screen is not None)
        now, anew = measured_anew(running.runtime, SystemClock())
    assert now == "Undo left, Speak upper right (default): still being measured"
    assert anew.endswith("until then: Undo left, Speak upper right")


def troubles(screen: Screen | None) -> set[Trouble]:
    return {notice.trouble for notice in screen.notices} if screen else set()


def stands(screen: Screen, role: Role) -> str:
    tile = next(tile for tile in screen.tiles if tile.role is role)
    return "left" if tile.area.left < 0 else "right"
