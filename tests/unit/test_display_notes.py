"""Which troubles are told at the foot of the band, and in which order."""

import pytest

from unit.display_pages import ASKED, notices, on_zones, page, sheet
from unit.test_display_view import composed, said, signs
from vybor.composer.folding import PLANS
from vybor.contracts import messages as m
from vybor.contracts.messages import Trouble
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Sign, Text
from vybor.display.pages import notes
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene


def test_two_troubles_are_told_and_the_others_counted() -> None:
    four = notices(Trouble.DISK_FULL, Trouble.CAMERA_STOPPED, Trouble.WHISPER_MISSING, Trouble.NOT_CALIBRATED)
    band = composed(Showing(page(notices=four))).patches[0]
    assert "The disk is full: nothing new is saved The camera has stopped +2 more" in said(band)
    assert "whisper" not in said(band)


@pytest.mark.parametrize("news", [Trouble.MORE_TILES, Trouble.GROWN_ON_TRIAL, Trouble.PANEL_WATCHED])
def test_what_nobody_has_to_mend_has_not_the_sign_of_what_somebody_has(news: Trouble) -> None:
    drawn = composed(Showing(page(notices=notices(Trouble.CAMERA_STOPPED, news))))
    assert [sign for sign in signs(drawn) if sign in {Sign.WARNING, Sign.NEWS}] == [Sign.WARNING, Sign.NEWS]
    assert Sign.NEWS not in signs(composed(Showing(page(notices=notices(Trouble.CAMERA_STOPPED)))))


@pytest.mark.parametrize("unheard", [Trouble.SOUND_MISSING, Trouble.SOUND_MUTED])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_on_a_locked_kit_who_cannot_be_heard_sees_that_first(language: str, unheard: Trouble) -> None:
    locked = notices(Trouble.NOT_LEARNED, Trouble.TOPICS_FAILED, Trouble.JOURNAL_LOCKED, unheard)
    words = Words(language)
    told = said(composed(Showing(page(language=language, notices=locked))).patches[0])
    assert told.index(words.notice(locked[3])) < told.index(words.notice(locked[2]))
    assert words.sentence(Sentence.MORE_NOTICES, count=2) in told
    deleting = (*locked, *notices(Trouble.ERASING))
    told = said(composed(Showing(page(language=language, notices=deleting))).patches[0])
    places = [told.index(words.notice(one)) for one in (deleting[4], deleting[3], deleting[2])]
    assert places == sorted(places)


def test_a_voice_that_does_not_answer_goes_before_what_can_wait() -> None:
    silent = m.Notice(process="voice", trouble=Trouble.PROCESS_SILENT)
    many = (*notices(Trouble.CAMERA_STOPPED, Trouble.NOT_CALIBRATED), silent)
    assert Words("en").notice(silent) in said(composed(Showing(page(notices=many))).patches[0])


@pytest.mark.parametrize("size", [(480, 320), (800, 480), (1280, 720), (480, 800)])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_is_seen_on_every_screen_and_leaves_a_line_for_the_text(language: str, size: tuple[int, int]) -> None:
    many = notices(Trouble.JOURNAL_LOCKED, Trouble.NOT_LEARNED, Trouble.SOUND_MISSING, Trouble.CALLING_HELP)
    shown = page(language=language, notices=many)
    band = scene(Showing(shown), sheet(*size), Words(language), Ways()).patches[0]
    assert Words(language).notice(many[2]) in said(band)
    assert shown.text.split()[-1] in said(band)


@pytest.mark.parametrize(("calling", "told"), [(False, "Calling for help…"), (True, "(undo stops it)")])
def test_that_undo_ends_a_call_is_said_only_while_it_does(calling: bool, told: str) -> None:
    band = said(composed(Showing(page(notices=notices(Trouble.CALLING_HELP), calling=calling))).patches[0])
    assert told in band
    assert ("undo stops" in band) is calling


@pytest.mark.parametrize("urgent", [Trouble.CALLING_HELP, Trouble.NOT_SPOKEN])
def test_what_is_over_soon_is_never_among_those_that_are_only_counted(urgent: Trouble) -> None:
    many = notices(Trouble.DISK_FULL, Trouble.CAMERA_STOPPED, Trouble.SOUND_MISSING, urgent)
    band = composed(Showing(page(notices=many))).patches[0]
    assert Words("en").notice(many[-1]) in said(band)
    assert "The disk is full" in said(band)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_of_a_locked_kit_it_is_said_that_nothing_is_saved(language: str) -> None:
    """Every part that has no key says so, and core and generator come before the journal."""
    locked = notices(Trouble.NOT_LEARNED, Trouble.TOPICS_FAILED, Trouble.NOT_CALIBRATED, Trouble.JOURNAL_LOCKED)
    band = composed(Showing(page(language=language, notices=locked))).patches[0]
    assert Words(language).notice(locked[-1]) in said(band)
    urgent = composed(Showing(page(language=language, notices=(*locked, *notices(Trouble.ERASING))))).patches[0]
    told = said(urgent)
    assert told.index(Words(language).notice(notices(Trouble.ERASING)[0])) < told.index(
        Words(language).notice(locked[-1])
    )


@pytest.mark.parametrize(
    "unsaved", [Trouble.DISK_FULL, Trouble.JOURNAL_FAILED, Trouble.BATTERY_EMPTY, Trouble.POWER_WEAK]
)
def test_that_nothing_is_saved_or_the_kit_goes_out_is_never_among_those_that_are_only_counted(
    unsaved: Trouble,
) -> None:
    many = notices(Trouble.CAMERA_STOPPED, Trouble.SOUND_MISSING, Trouble.NOT_CALIBRATED, unsaved)
    assert Words("en").notice(many[-1]) in said(composed(Showing(page(notices=many))).patches[0])


def test_the_same_trouble_of_two_processes_is_told_once() -> None:
    twice = (
        m.Notice(process="gaze", trouble=Trouble.DISK_FULL),
        m.Notice(process="journal", trouble=Trouble.DISK_FULL),
    )
    band = composed(Showing(page(notices=twice))).patches[0]
    assert said(band).count("The disk is full") == 1
    assert "more" not in said(band)


@pytest.mark.parametrize("size", [(480, 320), (800, 480), (1280, 720), (480, 800)])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_that_nothing_can_be_chosen_stands_large_in_the_middle(language: str, size: tuple[int, int]) -> None:
    lost = notices(Trouble.CAMERA_STOPPED, Trouble.INPUTS_LOST)
    shown = page(language=language, notices=lost, partner=ASKED[language])
    drawn = scene(Showing(shown), sheet(*size), Words(language), Ways())
    band = drawn.patches[0]
    (box,) = [thing for thing in band.things if isinstance(thing, Box) and thing.fill is Colour.WARNING]
    told = [t for t in band.things if isinstance(t, Text) and t.colour is Colour.GROUND and t.bold]
    assert " ".join(text.text for text in told) == Words(language).notice(lost[1])
    assert min(text.size for text in told) > notes.SMALL * min(size[1] / 720, size[0] / 1060)
    assert 3 * box.rect.height > band.rect.height
    usual = scene(Showing(page(language=language)), sheet(*size), Words(language), Ways())
    assert drawn.patches[1:] == usual.patches[1:]  # every tile stands where it stood


@pytest.mark.parametrize("unseen", notes.UNSEEN)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_who_can_choose_nothing_is_told_why_before_what_can_wait(language: str, unseen: Trouble) -> None:
    many = notices(Trouble.SCAN_WAITS, unseen, Trouble.SOUND_MISSING)
    words = Words(language)
    told = said(composed(Showing(page(language=language, notices=many)), language=language).patches[0])
    places = [told.index(words.notice(one)) for one in (many[1], many[0], many[2])]
    assert places == sorted(places)
    goes_on = notices(unseen, Trouble.SOUND_MISSING)  # what chooses in place of the eyes needs no haste
    told = said(composed(Showing(page(language=language, notices=goes_on)), language=language).patches[0])
    assert told.index(words.notice(goes_on[1])) < told.index(words.notice(goes_on[0]))


@pytest.mark.parametrize("zones", PLANS)
@pytest.mark.parametrize("size", [(800, 480), (1280, 720)])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_whoever_is_called_reads_why_also_between_large_tiles(
    language: str, size: tuple[int, int], zones: int
) -> None:
    many = notices(Trouble.INPUTS_LOST, Trouble.PHOTOGRAPH, Trouble.SOUND_MISSING)
    shown = on_zones(page(language=language, notices=many), zones)
    words = Words(language)
    band = scene(Showing(shown), sheet(*size), words, Ways()).patches[0]
    assert words.notice(many[0]) in said(band)
    assert words.notice(many[1]) in said(band)
    (box,) = [thing for thing in band.things if isinstance(thing, Box) and thing.fill is Colour.WARNING]
    assert 3 * box.rect.height > band.rect.height
