"""The last sentence on the screen: what nobody can have heard is not claimed to be said."""

import pytest

from unit.display_pages import page, sheet
from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.display.drawing.scene import Icon, Scene, Sign, Text
from vybor.display.says.words import words_in
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene


def written(drawn: Scene) -> str:
    return " ".join(thing.text for patch in drawn.patches for thing in patch.things if isinstance(thing, Text))


@pytest.mark.parametrize("text", ["", "I am here"])
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize("trouble", [Trouble.SOUND_MISSING, Trouble.VOICE_PLAIN])
def test_what_nobody_can_have_heard_is_not_said_whatever_the_sound_is_like_now(
    language: str, trouble: Trouble, heard: bool, text: str
) -> None:
    troubles = (m.Notice(process="voice", trouble=trouble),)
    shown = page(
        text=text, language=language, said="Good morning.", saying=True, unheard=not heard, notices=troubles
    )
    drawn = written(scene(Showing(shown), sheet(1280, 720), words_in(language), Ways()))
    claims = {"en": ("Said: ", "Not heard: "), "ru": ("Сказано: ", "Не слышно: ")}[language]
    assert (claims[0] in drawn, claims[1] in drawn) == (heard, not heard)
    assert "Good morning." in drawn


def test_behind_a_text_what_was_said_before_it_is_not_claimed() -> None:
    shown = page(text="I am here", said="Good morning.")
    assert "Good morning." not in written(scene(Showing(shown), sheet(1280, 720), words_in("en"), Ways()))


@pytest.mark.parametrize("size", [(480, 320), (1280, 720)])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_that_nothing_is_learned_is_said_beside_a_crossed_eye(language: str, size: tuple[int, int]) -> None:
    said = {"en": ("Nothing is learned", "not learned"), "ru": ("Ничего не запоминается", "не запоминается")}[
        language
    ]
    for incognito, sentence in ((True, said[0]), (False, said[1])):
        shown = page(language=language, incognito=incognito, private=True)
        drawn = scene(Showing(shown), sheet(*size), words_in(language), Ways())
        signs = {thing.sign for patch in drawn.patches for thing in patch.things if isinstance(thing, Icon)}
        assert sentence in written(drawn)
        assert Sign.PRIVATE in signs
    armed = page(language=language, incognito=True, private=True, armed=m.WayOut.COPY)
    private = page(language=language, private=True, armed=m.WayOut.COPY)
    told = [written(scene(Showing(each), sheet(*size), words_in(language), Ways())) for each in (armed, private)]
    assert told[0] != told[1]
    again = {"en": "Learn again", "ru": "Снова запоминать"}[language]
    assert [again in each for each in told] == [True, False]
    open_page = scene(Showing(page(language=language)), sheet(*size), words_in(language), Ways())
    assert said[1] not in written(open_page)
