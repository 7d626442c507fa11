"""Pairing and agreeing by the eyes alone, on the wearer's screen: the real core, journal, sync and sshd."""

from pathlib import Path
from threading import Thread

from processes.stage import BRISK, Hands, hands, kit
from vybor.contracts import messages as m
from vybor.contracts.messages import Role
from vybor_workshop.kits.adding import Host, add
from vybor_workshop.kits.home import Home
from world.beside import Owner, free_port


def sharing(played: Hands) -> m.Sharing:
    assert played.screen and played.screen.sharing
    return played.screen.sharing


def shows(played: Hands, role: Role) -> bool:
    return played.screen is not None and role in {tile.role for tile in played.screen.tiles}


def test_a_workstation_is_paired_and_agreed_to_by_choosing(tmp_path: Path) -> None:
    pairing_port = free_port()
    settings = f'[sync]\nport = {free_port()}\npairing_port = {pairing_port}\naddress = "127.0.0.1"\n'
    settings += BRISK + '[gaze]\nsource = "pointer"\n'
    home, owner = Home(tmp_path / "home"), Owner()
    with kit(tmp_path, "core", "journal", "sync", settings=settings) as started, hands(started.runtime) as played:
        for role in (Role.MENU, Role.TOOLS, Role.KIT, Role.SHARING, Role.PAIR):
            played.choose(role)
        played.until(lambda: shows(played, Role.PAIR_NO))
        there = Host("127.0.0.1", pairing_port)
        adding = Thread(target=add, args=(home, there, "", owner, print))
        adding.start()
        played.until(lambda: shows(played, Role.PAIR_YES))
        pairing = sharing(played).pairing
        assert pairing
        assert owner.shown == (pairing.digits, pairing.words)
        played.choose(Role.PAIR_YES)
        played.until(lambda: shows(played, Role.SHARE))
        adding.join(10)
        assert [each.card.kit for each in home.kits()] != []
        assert not sharing(played).agreed
        played.choose(Role.SHARE)
        played.until(lambda: shows(played, Role.NO_SHARE))
        assert sharing(played).agreed
        played.choose(Role.NO_SHARE)
        played.until(lambda: shows(played, Role.SHARE))
