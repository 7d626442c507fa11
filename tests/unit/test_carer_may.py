"""Which settings a carer may change from the page, and that nothing else comes through whatever is asked."""

import io
import json
from pathlib import Path

import msgspec
import pytest

from vybor.commands.settings import carer_asks, carer_may, configuring, keys
from vybor.commands.settings.carer_asks import Came, Do, Wish
from vybor.foundation import fitted
from vybor.foundation.errors import SettingsError

NEVER = (
    *("panel", "sync", "flicker", "text_out", "wearer", "eyetracker"),
    *("gaze.source", "gaze.camera", "gaze.by", "headband.board", "headband.help_clench_s", "commit.scan"),
    *(
        "commit.switch",
        "commit.pad",
        "display.switch_key",
        "display.partner_shows_draft",
        "display.reduced_motion",
    ),
    *("generator.style", "generator.remember", "generator.interest", "generator.profanity", "language"),
    *("voice.player", "voice.whisper_player", "voice.piper_program", "voice.piper_voice"),
)
"""Where nothing may be changed from a page: tables as a whole, and keys."""


def came(file: Path, asked: bytes) -> Came:
    answer = io.BytesIO()
    carer_asks.take(file, io.BytesIO(asked), answer)
    return msgspec.json.decode(answer.getvalue(), type=Came)


def ask(file: Path, do: Do, key: str = "", value: str = "") -> Came:
    return came(file, msgspec.json.encode(Wish(do, key, value)))


def test_every_key_is_in_the_table_or_has_its_reason() -> None:
    every = keys.every_key()
    named = {*carer_may.MAY, *carer_may.MAY_NOT}
    assert {
        name for name in named if name not in every and not any(k.startswith(f"{name}.") for k in every)
    } == set()
    assert {*carer_may.MAY} & {*carer_may.MAY_NOT} == set()
    assert [name for name, key in every.items() if carer_may.why_not(key) is None] == [
        name for name in every if name in carer_may.MAY
    ]
    unsaid = {key.section for key in every.values()} - {*carer_may.MAY_NOT}
    assert unsaid == {"", "generator", "journal"}  # all keys of these are named one by one
    assert {key.name for key in every.values() if key.section in unsaid} <= named


def test_a_setting_that_no_table_knows_may_not_be_changed() -> None:
    new = msgspec.structs.replace(keys.key_named("generator.threads"), name="generator.new")
    assert carer_may.why_not(new) is carer_may.Why.STUCK


def test_what_is_fitted_to_the_wearer_is_not_changed_behind_their_back() -> None:
    assert {*fitted.KEYS} & {*carer_may.MAY} == set()


@pytest.mark.parametrize("name", NEVER)
def test_nothing_of_these_can_be_changed(name: str, tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    those = [key for key in keys.every_key().values() if name in (key.name, key.section)]
    assert those
    for key in those:
        for do in (Do.SET, Do.BACK):
            refused = ask(file, do, key.name, keys.toml(key.default)).refused
            assert refused.startswith(f"{key.name} is not changed from the page: ")
    assert not file.exists()


@pytest.mark.parametrize("name", [name for name, bound in carer_may.MAY.items() if bound])
def test_a_narrower_range_lies_within_that_of_the_setting_and_holds_its_default(name: str, tmp_path: Path) -> None:
    bound, key, file = carer_may.MAY[name], keys.key_named(name), tmp_path / "vybor.toml"
    assert bound
    assert isinstance(key.default, int | float)
    assert bound.least <= key.default <= bound.most
    step = 1 if isinstance(key.default, int) else 0.01
    for value in (bound.least, bound.most):
        assert ask(file, Do.SET, name, str(value)).refused == ""
    before = file.read_bytes()
    for beyond in (bound.least - step, bound.most + step):
        assert ask(file, Do.SET, name, str(beyond)).refused.startswith(f"{name} is ")
        assert file.read_bytes() == before


def test_a_value_that_is_none_is_refused_in_the_words_of_config_set(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    for name, value in (
        ("voice.volume", "9000"),
        ("display.theme", "pink"),
        ("gaze.hz", "many"),
        ("voice.volume", ""),
    ):
        with pytest.raises(SettingsError) as said:
            configuring.put(file, name, [value])
        assert ask(file, Do.SET, name, value).refused == str(said.value)
    assert not file.exists()


def test_a_change_says_what_holds_and_who_must_hear_of_it(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    file.write_text('# mine\n[voice]\nplayer = ["pw-play"]\n')
    assert ask(file, Do.SET, "voice.volume", "120") == Came(("voice.volume = 120",), ("voice",))
    assert file.read_text().startswith('# mine\n[voice]\nplayer = ["pw-play"]\n')
    assert ask(file, Do.SET, "voice.volume", "120") == Came()
    assert ask(file, Do.BACK, "voice.volume") == Came(("voice.volume = 100",), ("voice",))


def test_several_changes_are_taken_back_one_after_another(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    for volume in ("110", "120"):
        ask(file, Do.SET, "voice.volume", volume)
    for before in ("110", "100"):
        version = configuring.earlier_versions(file)[-1].name
        assert ask(file, Do.UNDO, value=version).lines == (f"voice.volume = {before}",)
    assert "no earlier version" in ask(file, Do.UNDO, value=version).refused


def test_no_more_is_taken_back_than_the_page_showed(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    ask(file, Do.SET, "voice.volume", "110")
    shown = configuring.earlier_versions(file)[-1].name
    ask(file, Do.SET, "display.theme", "light")
    assert ask(file, Do.UNDO, value=shown).refused == carer_asks.CHANGED_SINCE
    assert ask(file, Do.UNDO).refused == carer_asks.CHANGED_SINCE
    assert "light" in file.read_text()


def test_a_change_of_the_owner_s_is_not_taken_back_from_the_page(tmp_path: Path) -> None:
    """Else whoever has the PIN could open the network again that the owner has closed."""
    file = tmp_path / "vybor.toml"
    configuring.put(file, "panel.listen", ["network"])
    configuring.put(file, "panel.listen", ["here"])
    version = configuring.earlier_versions(file)[-1].name
    assert ask(file, Do.UNDO, value=version).refused.startswith("panel.listen is not changed from the page: ")
    assert "here" in file.read_text()


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"do": "erase"}',
        b'{"do": "set", "key": 1}',
        b'{"do": "set", "file": "/etc/passwd"}',
        b'{"do": "set", "key": "voice.volume", "value": "120", "file": "/etc/passwd"}',
        b'{"do": "set", "key": "' + b"x" * 5000 + b'"}',
        json.dumps({"do": "set", "key": "voice.volume]\n[panel", "value": "1"}).encode(),
        json.dumps({"do": "set", "key": "display.night", "value": '"\n[panel]\nlisten="network'}).encode(),
    ],
)
def test_what_is_no_wish_changes_nothing_and_is_answered(asked: bytes, tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    refused = came(file, asked).refused
    assert refused
    assert len(refused) < 1000
    assert not file.exists()


def test_a_wish_that_is_too_long_is_called_so(tmp_path: Path) -> None:
    wish = Wish(Do.SET, "display.night", "x" * carer_asks.LARGEST_BYTES)
    assert came(tmp_path / "vybor.toml", msgspec.json.encode(wish)).refused == carer_asks.TOO_LONG


def test_settings_that_do_not_hold_are_not_built_upon(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    file.write_text("[voice\n")
    assert str(file) in ask(file, Do.SET, "voice.volume", "120").refused
    assert file.read_text() == "[voice\n"
