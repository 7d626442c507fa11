"""The bench of the display draws what a person would see, one thing after another."""

import itertools
import subprocess
from pathlib import Path

import pytest

from benches import display
from benches.report import percentile
from unit.display_pages import sheet
from vybor.contracts.messages import Mode
from vybor.display.says.words import Words
from vybor.display.view import Ways, scene
from vybor.foundation import settings_reading
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import Missing
from vybor.foundation.settings import DisplaySettings, TextSize


@pytest.mark.parametrize("language", sorted(display.SENTENCES))
def test_a_sentence_grows_word_by_word_and_what_is_looked_at_is_there(language: str) -> None:
    frames = list(display.frames(language))
    texts = list(dict.fromkeys(frame.showing.screen.text for frame in frames if frame.showing.screen))
    words = display.SENTENCES[language].split()
    assert texts == [" ".join(words[:taken]) + " " for taken in range(1, len(words))]
    for frame in frames:
        screen, light = frame.showing.screen, frame.showing.highlight
        assert screen
        if light:
            assert light.offer == screen.offer
            assert light.slot in {tile.slot for tile in screen.tiles}
    modes = {frame.showing.screen.mode for frame in frames if frame.showing.screen}
    assert modes == {*display.PAGES, Mode.WORDS}


def test_most_pictures_differ_from_the_one_before() -> None:
    """A bench of a screen that stands still would be fast, and tell nothing."""
    paper, words = sheet(1280, 720), Words("en")
    drawn = [scene(frame.showing, paper, words, Ways()) for frame in display.frames("en")]
    different = sum(one != other for one, other in itertools.pairwise(drawn))
    assert different > 0.6 * len(drawn)


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.99) == 100
    assert percentile(values, 0.5) == 51
    assert percentile([3.0], 0.99) == 3


@pytest.mark.parametrize(("shown", "ends"), [(0, False), (30, True)])
def test_a_display_that_shows_nothing_or_has_ended_holds_little_and_that_is_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: int, ends: bool
) -> None:
    def show(core: object, clock: object, for_s: float) -> int:
        if ends:
            begun[0].wait()
        return shown

    def begin(command: list[str], **_: object) -> "subprocess.Popen[bytes]":
        (config,) = (Path(word.removeprefix("--config=")) for word in command if word.startswith("--config="))
        assert settings_reading.load(config).display == asked, "and not what somebody has set up for themselves"
        begun.append(popen(["true"] if ends else ["sleep", "60"]))
        return begun[-1]

    asked = DisplaySettings(text_size=TextSize.LARGE, rotation=90)
    popen, begun = subprocess.Popen, list["subprocess.Popen[bytes]"]()
    monkeypatch.setattr(display, "_show", show)
    monkeypatch.setattr(display.subprocess, "Popen", begin)
    with pytest.raises(Missing, match="shows nothing, or has ended"):
        display.memory(tmp_path, asked, SystemClock(), 1)
