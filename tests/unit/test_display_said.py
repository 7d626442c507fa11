"""The last sentence on the screen: what nobody can have heard is not claimed to be said."""

import pytest

from unit.display_pages import page, sheet
from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.display.scene import Scene, Text
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene
from vybor.display.words import words_in


def written(drawn: Scene) -> str:
    return " ".join(thing.text for patch in drawn.patches for thing in patch.things if isinstance(thing, Text))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("trouble", "process", "heard"),
    [
        (None, "", True),
        (Trouble.CAMERA_STOPPED, "gaze", True),
        (Trouble.PROCESS_SILENT, "gaze", True),
        (Trouble.PROCESS_SILENT, "voice", False),
        (Trouble.SOUND_MISSING, "voice", False),
        (Trouble.SOUND_MUTED, "voice", False),
        (Trouble.VOICE_PLAIN, "voice", True),
        (Trouble.NOT_SPOKEN, "core", False),
    ],
)
def test_what_nobody_can_have_heard_is_not_said(
    language: str, trouble: Trouble | None, process: str, heard: bool
) -> None:
    troubles = (m.Notice(process=process, trouble=trouble),) if trouble else ()
    shown = page(text="", language=language, said="Good morning.", notices=troubles)
    drawn = written(scene(Showing(shown), sheet(1280, 720), words_in(language), Ways()))
    claims = {"en": ("Said: ", "Not heard: "), "ru": ("Сказано: ", "Не слышно: ")}[language]
    assert (claims[0] in drawn, claims[1] in drawn) == (heard, not heard)
    assert "Good morning." in drawn
