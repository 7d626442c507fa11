"""The kit announces itself while its window is open; what is heard is a hint, and says nothing of anybody."""

import errno
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zeroconf
from hypothesis import given
from hypothesis import strategies as st
from zeroconf import IPVersion, ServiceInfo, Zeroconf

from vybor.foundation.errors import Missing
from vybor.pairing import hint
from vybor.pairing.lines import Offer
from vybor.sync.announcing import Announcement, speaks_at
from vybor.sync.window import Window
from vybor_workshop import cli
from vybor_workshop.kits import finding
from vybor_workshop.kits.adding import Host
from vybor_workshop.kits.finding import Found
from world.beside import free_port

LOOPBACK = ("127.0.0.1",)
KEY = "ssh-ed25519 " + "A" * 68
ONE, OTHER = Found("192.168.1.20", 2223, "vybor-00ff"), Found("192.168.1.21", 4000, "vybor-0100")


def offer() -> Offer:
    return Offer(
        kit="5" * 32,
        name="annas-kit",
        language="en",
        verifies_with="a" * 64,
        host_key=KEY,
        port=2222,
        user="vybor-sync",
        nonce="b" * 64,
    )


def heard_at(port: int, listen_s: float = 1.5) -> list[Found]:
    """Others may be testing on this machine, too."""
    return [one for one in finding.found(listen_s, LOOPBACK) if one.port == port]


@contextmanager
def window() -> Iterator[tuple[Window, int]]:
    port = free_port()
    made = Window("127.0.0.1", port, offer, 0)
    try:
        yield made, port
    finally:
        made.close()
        assert made.announcement.ended()


def test_a_kit_is_heard_while_its_window_is_open_and_then_no_more() -> None:  # some seconds: a real network
    with window() as (made, port):
        (one,) = heard_at(port, 2.5)
        assert one.address == "127.0.0.1"
        assert one.typed == f"127.0.0.1:{port}"
        with Zeroconf(interfaces=list(LOOPBACK), ip_version=IPVersion.V4Only) as network:
            told = network.get_service_info(hint.KIND, f"{one.name}.{hint.KIND}", 2000)
        assert told
        assert (told.server, told.properties) == (f"{one.name}.local.", {})
        said = repr(told).lower()
        assert not [word for word in ("anna", socket.gethostname().lower(), "5" * 32) if word in said]
        made.close()
        assert made.announcement.ended()
        assert heard_at(port, 0.5) == []


def refuses(**_: object) -> None:
    raise OSError(errno.ENODEV, "No such device")


def test_without_multicast_nothing_is_announced_and_the_window_is_open(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Announcement(2223, ()).ended()
    monkeypatch.setattr(zeroconf, "Zeroconf", refuses)
    with window() as (made, port):
        made.announcement._thread.join(5)
        assert "its address is typed" in caplog.text
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            made.turn(0)
            assert made.attempt


def test_where_nothing_can_be_heard_the_address_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeroconf, "Zeroconf", refuses)
    with pytest.raises(Missing, match=r"no kit can be heard from here \(.*No such device\); .*type the address"):
        finding.found(0.1)


def test_the_name_is_another_one_each_time_and_has_one_form() -> None:
    assert hint.called(b"\x00\xff") == "vybor-00ff"
    assert hint.heard(f"vybor-00ff.{hint.KIND}") == "vybor-00ff"


@given(st.text() | st.from_regex(r"vybor-.{0,5}(\._vybor\._tcp\.local\.)?"))
def test_of_what_is_heard_only_the_form_of_a_name_gets_through(name: str) -> None:
    told = hint.heard(name)
    assert told is None or re.fullmatch(r"vybor-[0-9a-f]{4}", told, re.ASCII)


@pytest.mark.parametrize(
    ("address", "found", "spoken"),
    [
        ("", ("192.168.1.20", "fd00::1"), ("192.168.1.20",)),
        ("10.0.0.2", ("192.168.1.20",), ("10.0.0.2",)),
        ("fd00::1", ("192.168.1.20",), ()),
        ("kit.example", ("192.168.1.20",), ()),
        ("", (), ()),
    ],
)
def test_a_kit_speaks_where_it_listens(address: str, found: tuple[str, ...], spoken: tuple[str, ...]) -> None:
    assert speaks_at(address, found) == spoken


@pytest.mark.parametrize(
    ("name", "address", "port", "is_taken"),
    [
        ("vybor-00ff", "192.168.1.20", 2223, True),
        ("vybor-00ff", "169.254.3.4", 2223, True),
        ("vybor-00ff", "8.8.8.8", 2223, False),
        ("vybor-00ff", "192.168.1.20", 0, False),
        ("anna", "192.168.1.20", 2223, False),
    ],
)
def test_whoever_is_far_away_or_called_otherwise_is_not_listed(
    name: str, address: str, port: int, *, is_taken: bool
) -> None:
    info = ServiceInfo(hint.KIND, f"{name}.{hint.KIND}", port=port, parsed_addresses=[address], server="x.local.")
    assert bool(list(finding.kits(info))) is is_taken


def test_one_that_is_heard_is_taken_and_of_several_one_is_named() -> None:
    assert finding.only([ONE]) == Host("192.168.1.20", 2223)
    with pytest.raises(Missing, match=r"more than one .*: 192\.168\.1\.20, 192\.168\.1\.21:4000; type the one"):
        finding.only([ONE, OTHER])
    with pytest.raises(Missing, match="type the address that stands there"):
        finding.only([])


def test_commands_say_what_is_heard_and_add_asks_for_no_address(
    tmp_path: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Found] = []
    monkeypatch.setattr(finding, "found", lambda listen_s: list(heard))
    home = ["--home", f"{tmp_path}/home"]
    assert cli.main(["kit", "find"]) == cli.main(["kit", "add", *home]) == 69
    assert capsys.readouterr().err.count("no kit is heard; open the window") == 2
    heard += [Found("127.0.0.1", free_port(), "vybor-00ff")]
    assert cli.main(["kit", "find", "--seconds", "1"]) == 0
    assert capsys.readouterr().out == f"{heard[0].typed}  vybor-00ff\n"
    assert cli.main(["kit", "add", *home]) == 69
    said = capsys.readouterr().err
    assert f"{heard[0].typed} says that it waits for pairing" in said
    assert f"no kit waits for pairing at {heard[0].typed}" in said
    heard += [OTHER]
    assert cli.main(["kit", "add", *home]) == 69
    assert "more than one kit waits for pairing" in capsys.readouterr().err
    assert cli.main(["kit", "add", "", *home]) == 69
    assert "nothing is no address" in capsys.readouterr().err
