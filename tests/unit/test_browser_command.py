"""`vybor browser`: the link, or why there is none."""

from pathlib import Path

import msgspec
import pytest

from vybor import cli
from vybor.commands import browser
from vybor.foundation.displays import Opening
from vybor.foundation.errors import Missing, PlaceError

KEY = "k" * 32


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "browser.link"


def test_the_link_of_a_page_on_the_kit_itself_is_said(link: Path) -> None:
    link.write_bytes(msgspec.json.encode(Opening(port=8442, key=KEY)))
    assert browser.told(link) == f"http://localhost:8442/#{KEY}"


def test_in_the_network_the_certificate_is_said_too(link: Path) -> None:
    opening = Opening(port=8442, key=KEY, address="192.168.1.20", certificate="3A:9F")
    link.write_bytes(msgspec.json.encode(opening))
    assert browser.told(link) == f"https://192.168.1.20:8442/#{KEY}\nits certificate: 3A:9F"


def test_where_no_page_can_be_opened_it_says_how_one_can(link: Path) -> None:
    with pytest.raises(Missing, match=r"vybor config set browser\.listen here"):
        browser.told(link)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]"])
def test_a_damaged_one_is_named_with_the_remedy(content: bytes, link: Path) -> None:
    link.write_bytes(content)
    with pytest.raises(PlaceError, match=r"is damaged; start the process browser again"):
        browser.told(link)


def test_a_folder_in_its_place_is_refused(link: Path) -> None:
    link.mkdir()
    with pytest.raises(PlaceError, match="cannot be read"):
        browser.told(link)


def test_it_says_how_to_fetch_what_follows_the_eyes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["browser", "--webgazer"]) == 0
    said = capsys.readouterr().out
    assert "npm install --prefix /opt/webgazer webgazer@" in said
    assert "From a checkout it is deploy/vybor, without sudo" in said
