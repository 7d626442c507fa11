"""Who reads along is told on every page and at every size, whatever else stands there; a question is whole."""

import pytest

from unit.display_pages import ASKED, SIZES, notices, on_zones, sheet
from unit.display_reading import DRAFTS, MIRROR, OTHERS, asking, read, reading_pages
from unit.test_display_view import composed, each_language, each_size, place, said, texts
from unit.test_folding import opened
from vybor.composer.folding import PLANS
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Readable, Role, Trouble
from vybor.display.drawing.scene import Rect
from vybor.display.pages import read as read_page
from vybor.display.says.read_texts import ASKS, QUESTIONS, READS, ReadSentence
from vybor.display.says.words import Words
from vybor.display.showing import Showing

COVERED = {Mode.FITTING, Mode.PRACTICE_CALL, Mode.PRACTICE_OVER}
"""They have no notes of their own here."""


@each_size
@each_language
def test_nothing_lies_outside_or_on_others(size: tuple[int, int], language: str) -> None:
    for name, showing in reading_pages(language).items():
        drawn = composed(showing, size, language)
        for patch in drawn.patches:
            for thing in patch.things:
                assert place(thing, size).common(patch.rect) == place(thing, size), name
        places = [place(text, size) for text in texts(drawn)]
        for at, one in enumerate(places):
            assert not any(all(one.common(other)[2:]) for other in places[at + 1 :]), name


@each_size
@each_language
@pytest.mark.parametrize("what", list(Readable))
def test_the_question_is_whole_where_it_is_answered(what: Readable, size: tuple[int, int], language: str) -> None:
    showing = reading_pages(language)[f"read asks {what}"]
    assert showing.screen
    told, words = said(composed(showing, size, language)), Words(language)
    assert words.sentence(QUESTIONS[what]) in told
    for behind in (ReadSentence.HOLDS, ReadSentence.COPY_STAYS, ReadSentence.PRIVATE_STAYS):
        sentence = words.sentence(behind)
        assert sentence in told or sentence.split()[0] not in told.split()


@each_size
@each_language
@pytest.mark.parametrize("what", list(Readable))
def test_no_trouble_and_no_other_words_lie_on_the_question(
    what: Readable, size: tuple[int, int], language: str
) -> None:
    many = notices(Trouble.PHRASES_GIVEN, Trouble.WORDS_GIVEN, Trouble.SOUND_MISSING, Trouble.PANEL_WATCHED)
    asked = read(asking(what), Mode.READ_ASKED, language=language, notices=many, partner=ASKED[language])
    drawn = composed(Showing(asked), size, language)
    assert Words(language).sentence(QUESTIONS[what]) in said(drawn)
    places = [place(text, size) for text in texts(drawn)]
    for at, one in enumerate(places):
        assert not any(all(one.common(other)[2:]) for other in places[at + 1 :])


@each_language
@pytest.mark.parametrize("size", SIZES[1:], ids=str)
def test_the_sign_stands_whatever_else_does(size: tuple[int, int], language: str) -> None:
    words = Words(language)
    many = notices(*list(Trouble)[:6])
    for mode in set(Mode) - COVERED:
        drawn = composed(Showing(read(m.Readers(grants=(DRAFTS,)), mode, language=language, notices=many)), size)
        assert words.sentence(ReadSentence.READS_DRAFTS) in said(drawn), mode


@pytest.mark.parametrize(
    ("grants", "told"),
    [
        ((MIRROR,), ReadSentence.READS_MIRROR),
        ((DRAFTS,), ReadSentence.READS_DRAFTS),
        ((OTHERS[Readable.LOG],), READS[Readable.LOG]),
        ((OTHERS[Readable.EXPORT],), READS[Readable.EXPORT]),
        ((MIRROR, OTHERS[Readable.LOG]), ReadSentence.READS_MORE),
        ((OTHERS[Readable.LOG], DRAFTS), ReadSentence.READS_DRAFTS),
        ((), None),
    ],
)
def test_the_sign_says_what_is_read(grants: tuple[m.ReadGrant, ...], told: ReadSentence | None) -> None:
    assert read_page.sign(read(m.Readers(grants=grants))) is told


@pytest.mark.parametrize("hidden", ["private", "incognito"])
def test_of_what_is_private_it_says_that_nothing_is_read(hidden: str) -> None:
    screen = read(m.Readers(grants=(DRAFTS,)), **{hidden: True})
    assert read_page.sign(screen) is ReadSentence.READS_NOT_THIS


def test_nobody_reads_where_nobody_asked() -> None:
    screen = read(asking(Readable.LOG))
    assert (read_page.sign(screen), read_page.asks(screen)) == (None, ASKS[Readable.LOG])
    nothing = read_page.things(
        read(m.Readers(), Mode.READ_ASKED), Rect(0, 0, 800, 400), sheet(800, 480), Words("en")
    )
    assert list(nothing) == []


@pytest.mark.parametrize("zones", PLANS)
def test_on_fewer_zones_each_answer_is_reached_and_no_yes_lies_where_it_was_asked(zones: int) -> None:
    """Nor in a fold that does: a tile that is chosen twice by mistake lets nobody read."""
    menu = read(asking(Readable.MIRROR), Mode.MENU)
    question = read(asking(Readable.MIRROR), Mode.READ_ASKED)
    asked = {t.area for here, _, _ in opened(menu, zones) for t in here.tiles if t.role is Role.READ_ASKED}
    reached = {tile.role for here, _, _ in opened(question, zones) for tile in here.tiles}
    assert reached >= {Role.READ_YES, Role.READ_DRAFTS, Role.READ_NO}
    first = on_zones(question, zones).tiles
    yes = {Role.READ_YES, Role.READ_DRAFTS}
    lets = {tile.area for tile in first if yes & {tile.role, *(each.role for each in tile.members)}}
    assert asked
    assert lets
    assert not asked & lets
