"""Settings: defaults, and one sentence that names the line of what is wrong."""

from pathlib import Path

import pytest

from vybor.foundation.errors import SettingsError
from vybor.foundation.settings import GazeSource, Language, Settings, load, parse


def test_an_empty_file_is_the_defaults() -> None:
    assert parse("", "vybor.toml") == Settings()
    assert load(None) == Settings()


def test_what_is_set_holds_and_the_rest_is_default() -> None:
    read = parse('language = "ru"\n[gaze]\nsource = "pointer"\n', "vybor.toml")
    assert read.language is Language.RUSSIAN
    assert read.gaze.source is GazeSource.POINTER
    assert read.commit == Settings().commit


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("language = 5\n", ["vybor.toml, line 1", "language"]),
        ('\n[gaze]\n\nhz = "fast"\n', ["vybor.toml, line 4", "gaze.hz"]),
        ("[gaze]\nhz = 900\n", ["vybor.toml, line 2", "gaze.hz", "60"]),
        ("[commit]\npad_s = 0.4\nblinks = 2\n", ["vybor.toml, line 3", "commit.blinks", "no such setting"]),
        ("[comit]\npad_s = 0.4\n", ["vybor.toml, line 1", "comit", "no such setting"]),
        ("[gaze\n", ["vybor.toml", "line 1"]),
        ("[generator]\ncandidates = 9\n[gaze]\nhz = 15\n", ["vybor.toml, line 2", "generator.candidates"]),
    ],
)
def test_a_bad_line_is_named(text: str, says: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(text, "vybor.toml")
    sentence = str(raised.value)
    assert "\n" not in sentence
    for part in says:
        assert part in sentence
    assert raised.value.exit_code == 78


def test_settings_without_any_way_to_choose_are_refused() -> None:
    alone = "[commit]\npad = false\nswitch = false\n"
    with pytest.raises(SettingsError, match="nothing could be chosen"):
        parse(alone, "vybor.toml")
    assert parse(alone + '[headband]\nboard = "muse_2"\n', "vybor.toml").commit.biosignal


def test_a_file_of_brackets_is_no_crash() -> None:
    with pytest.raises(SettingsError, match="not valid TOML"):
        parse("a = " + "[" * 5000, "vybor.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        load(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes(b'language = "\xff"')
    with pytest.raises(SettingsError, match="UTF-8"):
        load(tmp_path / "latin.toml")
