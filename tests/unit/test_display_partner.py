"""The other person's page: what was said, never what is not yet said, and that somebody is writing."""

import msgspec
import pytest

from unit.display_pages import ASKED, notices, page, sheet
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Trouble, WayOut
from vybor.display.drawing.scene import Icon, Scene, Sign, Text
from vybor.display.pages import partner as partner_page
from vybor.display.says.words import Words

SAID = "I would like to go home now."
SECRET = "Perhaps I love"


def composed(screen: m.Screen | None, *, silent: bool = False, draft: bool = False, language: str = "en") -> Scene:
    return partner_page.scene(screen, silent, draft, sheet(1280, 720), Words(language))


def texts(drawn: Scene) -> list[Text]:
    return [thing for patch in drawn.patches for thing in patch.things if isinstance(thing, Text)]


def told(drawn: Scene) -> str:
    return " ".join(text.text for text in texts(drawn))


def signs(drawn: Scene) -> list[Sign]:
    return [thing.sign for patch in drawn.patches for thing in patch.things if isinstance(thing, Icon)]


def test_what_was_said_stands_large_and_alone() -> None:
    drawn = composed(page(text="", said=SAID))
    assert told(drawn) == SAID
    assert min(text.size for text in texts(drawn)) >= 80
    assert signs(drawn) == []


@pytest.mark.parametrize("mode", list(Mode))
def test_no_word_that_is_being_written_is_shown(mode: Mode) -> None:
    drawn = composed(page(mode, text=SECRET, prefix="y", said=SAID))
    assert not {"Perhaps", "love", "y"} & set(told(drawn).split())
    assert SAID in told(drawn)


def test_the_draft_is_shown_where_the_person_wants_that() -> None:
    drawn = composed(page(text=SECRET, said=SAID), draft=True)
    assert SECRET in told(drawn)
    assert SAID not in told(drawn)
    assert "Is writing…" in told(drawn)


def test_that_somebody_is_writing_is_said_in_words_and_by_shape_with_a_plea_to_wait() -> None:
    drawn = composed(page(text=SECRET))
    assert "Is writing… Please wait: every word has to be chosen" in told(drawn)
    assert signs(drawn) == [Sign.MORE]


def test_who_rests_is_not_writing() -> None:
    drawn = composed(page(Mode.REST, text=SECRET, said=SAID))
    assert "Is resting" in told(drawn)
    assert "writing" not in told(drawn)


def test_a_call_for_help_stands_over_everything_but_a_silent_kit() -> None:
    calling = page(Mode.REST, text=SECRET, notices=notices(Trouble.CALLING_HELP))
    drawn = composed(calling)
    assert (told(drawn), signs(drawn)) == ("Calls for help!", [Sign.HELP])
    assert min(text.size for text in texts(drawn)) >= 80
    assert "does not answer" in told(composed(calling, silent=True))


def test_before_the_kit_has_spoken_nothing_is_shown_and_after_a_while_that_it_does_not() -> None:
    assert (told(composed(None)), signs(composed(None))) == ("", [])
    assert told(composed(None, silent=True)) == "The kit does not answer. Please wait."
    assert signs(composed(None, silent=True)) == [Sign.WARNING]


def test_what_was_not_heard_is_to_be_read() -> None:
    drawn = composed(page(text="", said=SAID, unheard=True))
    assert told(drawn) == f"There is no sound: please read {SAID}"
    assert "no sound" not in told(composed(page(text="", said=SAID, notices=notices(Trouble.SOUND_MISSING))))


def test_what_was_said_before_their_last_turn_is_no_answer_to_it() -> None:
    drawn = composed(page(text="", said=SAID, partner="And what do you want to eat?", said_before=True))
    assert SAID not in told(drawn)
    assert "What is said will stand here" in told(drawn)


@pytest.mark.parametrize("size", [(800, 480), (1280, 720)])
def test_a_long_text_takes_the_room_of_what_is_not_there(size: tuple[int, int]) -> None:
    said = " ".join(["word"] * 260) + " end."
    drawn = partner_page.scene(page(text="", said=said), False, False, sheet(*size), Words("en"))
    assert told(drawn).endswith("end.")
    assert max(text.baseline for text in texts(drawn)) > size[1] * 0.8
    asked = page(text="", said=said, partner="Why?")
    assert told(partner_page.scene(asked, False, False, sheet(*size), Words("en"))).startswith("You said")


@pytest.mark.parametrize("size", [(480, 320), (800, 480), (1280, 720)])
def test_the_last_line_keeps_away_from_the_edge(size: tuple[int, int]) -> None:
    screen = page(text=SECRET, said=SAID, armed=WayOut.TYPE)
    drawn = partner_page.scene(screen, False, False, sheet(*size), Words("en"))
    lowest = max(texts(drawn), key=lambda text: text.baseline)
    assert size[1] - lowest.baseline > lowest.size // 2


def test_what_they_said_themselves_stands_there_small() -> None:
    drawn = composed(page(text="", said="Yes.", partner=ASKED["en"]))
    assert told(drawn).startswith("You said: “How was your day?")
    asked, answered = texts(drawn)[0], texts(drawn)[-1]
    assert (answered.text, answered.size > 2 * asked.size) == ("Yes.", True)


def test_a_sentence_is_as_large_as_it_can_be() -> None:
    sizes = [min(t.size for t in texts(composed(page(text="", said=SAID * times)))) for times in (1, 3, 9)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2]


def test_it_speaks_the_language_of_the_screen() -> None:
    drawn = composed(page(text="Я", language="ru"), language="ru")
    assert "Пишет… Пожалуйста, подождите: каждое слово надо выбрать" in told(drawn)


def test_a_new_offer_alone_changes_no_pixel() -> None:
    screen = page(text="", said=SAID)
    assert composed(msgspec.structs.replace(screen, offer=2)) == composed(screen)
