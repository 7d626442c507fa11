"""Fewer zones, with core as a real process: by the settings, and by what the looks say of themselves."""

from pathlib import Path

from processes.stage import hands, kit
from vybor.contracts.messages import Role, Trouble


def test_the_settings_say_how_many_zones_and_a_fold_opens(tmp_path: Path) -> None:
    settings = "[display]\nzones = 6\n"
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
