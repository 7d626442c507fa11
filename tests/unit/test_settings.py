"""Settings: defaults, and one sentence that names the line of what is wrong."""

from pathlib import Path

import pytest

from vybor.foundation.errors import SettingsError
from vybor.foundation.settings import GazeSource, Language, Settings, load, parse, problems


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
        ("gaze.hz = 900\n", ["vybor.toml, line 1", "gaze.hz"]),
        ('language = "en"\ngaze = {hz = 900}\n', ["vybor.toml, line 2", "gaze.hz"]),
        ('[voice]\nplayer = [\n  "aplay",\n  7,\n]\n', ["vybor.toml, line 2", "voice.player.1"]),
        ('[gaze]\nsource = "eyes"\n', ["line 2", "choose camera, pointer or none"]),
        ('language = "de"\n', ["line 1", "choose en or ru"]),
        ("[gaze]\nsourse = 1\n", ["no such setting; did you mean source?"]),
        ("[comit]\n", ["did you mean commit?"]),
        ("[voice]\nxyz = 1\n", ["no such setting; there are words_per_minute, player"]),
        ("[commit]\npad = false\nswitch = false\n", ["line 2", "leave one on"]),
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


def test_every_problem_of_a_file_is_found_at_once() -> None:
    text = 'language = "de"\n[gaze]\nhz = 900\nsourse = 1\n[voice]\nplayer = [7, 8]\n[wings]\n'
    found = [sentence.partition(": ")[0] for sentence in problems(text, "f")]
    assert sorted(found) == ["f, line 1", "f, line 3", "f, line 4", "f, line 6", "f, line 7"]
    assert problems("[gaze\n", "f")[0].startswith("f is not valid TOML")
    assert problems("[gaze]\nhz = 10.0\n", "f") == ()


def test_what_was_mended_last_does_not_hide_what_forbids_every_choice() -> None:
    text = "[commit]\npad = false\nswitch = false\narm_s = 0\n"
    assert [sentence.partition(": ")[0] for sentence in problems(text, "f")] == ["f, line 4", "f, line 2"]


@pytest.mark.parametrize("text", ['"a`b" = 1\n', '"" = 1\n', "[[gaze]]\nhz = 1\n", "gaze = 5\n"])
def test_odd_keys_are_told_and_no_endless_search(text: str) -> None:
    assert problems(text, "f")
