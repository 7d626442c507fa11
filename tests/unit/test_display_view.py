"""From what holds to a picture: everything is there, in its place, and nothing outside."""

import itertools
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.display_pages import LONG, SIZES, dot, every_page, light, page, sheet, starting_pages
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role, Saving, Trouble
from vybor.display.drawing.icons import SIDE, SIGNS
from vybor.display.drawing.palette import Colour
from vybor.display.drawing.scene import Box, Disc, Icon, Patch, Rect, Scene, Sign, Text, Thing
from vybor.display.helping import Stage
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words
from vybor.display.showing import Showing
from vybor.display.view import Ways, scene

each_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
each_language = pytest.mark.parametrize("language", ["en", "ru"])
label = st.text("abcdefgЖщ'- ", max_size=60)


def composed(
    showing: Showing,
    size: tuple[int, int] = (1280, 720),
    language: str = "en",
    *,
    pad: bool = True,
    signal: bool = True,
) -> Scene:
    language = showing.screen.language if showing.screen else language
    return scene(showing, sheet(*size), Words(language), Ways(pad=pad, signal=signal))


def things(drawn: Scene | Patch) -> Iterator[Thing]:
    patches = drawn.patches if isinstance(drawn, Scene) else (drawn,)
    for patch in patches:
        yield from patch.things


def texts(drawn: Scene | Patch) -> list[Text]:
    return [thing for thing in things(drawn) if isinstance(thing, Text)]


def said(drawn: Scene | Patch) -> str:
    return " ".join(text.text for text in texts(drawn))


def signs(drawn: Scene | Patch) -> list[Sign]:
    return [thing.sign for thing in things(drawn) if isinstance(thing, Icon)]


def place(thing: Thing, size: tuple[int, int]) -> Rect:
    """What a thing covers; of letters, from their tops to the ends of their tails."""
    match thing:
        case Box(rect=rect):
            return rect
        case Icon(x=x, y=y, side=side):
            return Rect(x, y, side, side)
        case Disc(x=x, y=y, radius=radius):
            return Rect(x - radius, y - radius, 2 * radius, 2 * radius)
        case Text(text=text, x=x, baseline=base, size=em, bold=bold):
            top = base - round(em * 0.73)
            return Rect(x, top, sheet(*size).width_of(text, em, bold), base + round(em * 0.2) - top)
        case _:
            raise AssertionError(thing)


def tile_patch(drawn: Scene, slot: int) -> Patch:
    """The patch of a tile of a page with eight of them."""
    return drawn.patches[1 + slot]


@each_size
@each_language
def test_nothing_is_drawn_outside_its_part_of_the_screen(size: tuple[int, int], language: str) -> None:
    for name, showing in every_page(language).items():
        drawn = composed(showing, size, language)
        for patch in drawn.patches:
            assert patch.rect.common(Rect(0, 0, *size)) == patch.rect, name
            outside = [
                thing for thing in patch.things if place(thing, size).common(patch.rect) != place(thing, size)
            ]
            assert outside == [], name


@each_size
def test_no_patch_covers_another(size: tuple[int, int]) -> None:
    for name, showing in every_page("en").items():
        rects = [patch.rect for patch in composed(showing, size).patches]
        for one, other in itertools.combinations(rects, 2):
            common = one.common(other)
            assert not (common.width and common.height), name


@each_size
@each_language
def test_no_words_lie_on_others(size: tuple[int, int], language: str) -> None:
    for name, showing in every_page(language).items():
        places = [place(text, size) for text in texts(composed(showing, size, language))]
        for one, other in itertools.combinations(places, 2):
            common = one.common(other)
            assert not (common.width and common.height), (name, one, other)


@given(label.filter(str.strip), label, st.sampled_from(SIZES), st.integers(0, 7))
def test_any_words_stay_in_their_tile_and_are_whole_or_visibly_cut(
    written: str, grey: str, size: tuple[int, int], slot: int
) -> None:
    screen = page()
    tile = msgspec.structs.replace(screen.tiles[slot], role=Role.CANDIDATE, label=written, grey=grey)
    showing = Showing(msgspec.structs.replace(screen, tiles=(tile,)), light(slot, armed=True))
    (patch,) = composed(showing, size).patches[1:]
    frame = patch.things[0]
    assert isinstance(frame, Box)
    for text in texts(patch):
        assert place(text, size).common(frame.rect) == place(text, size)
    shown, meant = (text.replace("-", "").replace(" ", "") for text in (said(patch), written))
    assert shown.startswith(meant) or "…" in shown


@given(st.text(max_size=400), st.text("abcdef", max_size=30), st.sampled_from(SIZES))
def test_any_text_stays_in_the_band(text: str, prefix: str, size: tuple[int, int]) -> None:
    band = composed(Showing(page(text=text, prefix=prefix)), size).patches[0]
    for thing in things(band):
        assert place(thing, size).common(band.rect) == place(thing, size)


@each_size
def test_of_a_long_text_the_end_is_seen_and_that_it_began_earlier(size: tuple[int, int]) -> None:
    band = composed(Showing(page(text=LONG)), size).patches[0]
    assert "and that is all." in said(band)
    assert texts(band)[4].text == "…"


def test_a_text_that_fits_is_there_from_its_beginning() -> None:
    band = composed(Showing(page(text="Good morning. I"))).patches[0]
    assert "Good morning. I" in said(band)
    assert "…" not in said(band)


def test_letters_spelled_are_underlined_behind_the_text() -> None:
    band = composed(Showing(page(Mode.LETTERS, prefix="hel"))).patches[0]
    spelled = next(text for text in texts(band) if text.text == "hel")
    written = next(text for text in texts(band) if text.text == "I")
    line, caret = (thing for thing in things(band) if isinstance(thing, Box))
    assert (spelled.bold, written.bold) == (True, False)
    assert (line.rect.x, line.rect.width) == (spelled.x, sheet(1280, 720).width_of("hel", spelled.size, True))
    assert line.rect.y > spelled.baseline
    assert caret.rect.x >= line.rect.right
    assert spelled.x > written.x


def test_words_stand_toward_the_middle_and_pads_at_the_edge() -> None:
    for slot in range(8):
        patch = tile_patch(composed(Showing(page(), light(slot, armed=True))), slot)
        words = [text for text in texts(patch) if text.text not in ("look", "here")]
        called = [text for text in texts(patch) if text.text in ("look", "here")]
        middle = [abs(text.baseline - 360) for text in words]
        assert called
        assert max(middle) < min(abs(text.baseline - 360) for text in called)


def test_the_words_of_a_tile_do_not_move_when_the_eyes_come_and_its_pad_opens() -> None:
    for slot in range(8):
        calm = texts(tile_patch(composed(Showing(page())), slot))
        lit = texts(tile_patch(composed(Showing(page(), light(slot))), slot))
        armed = texts(tile_patch(composed(Showing(page(), light(slot, armed=True, pad_progress=0.7))), slot))
        assert lit == calm
        assert armed[: len(calm)] == calm


def test_what_the_eyes_are_on_has_a_thicker_frame_and_a_lighter_ground() -> None:
    lit = composed(Showing(page(), light(2)))
    frames = [tile_patch(lit, slot).things[0] for slot in range(8)]
    assert all(isinstance(frame, Box) for frame in frames)
    thick = [frame.edge_width for frame in frames if isinstance(frame, Box)]
    assert [slot for slot, width in enumerate(thick) if width >= 3 * min(thick)] == [2]
    assert frames[2] == msgspec.structs.replace(
        frames[3],
        rect=frames[2].rect,
        fill=Colour.TILE_LIT,
        edge=Colour.ACCENT,
        edge_width=thick[2],
    )


def test_a_pad_fills_with_the_look_from_nothing_to_all() -> None:
    def filled(progress: float) -> int:
        patch = tile_patch(composed(Showing(page(), light(0, armed=True, pad_progress=progress))), 0)
        return sum(
            thing.rect.width for thing in things(patch) if isinstance(thing, Box) and thing.fill == Colour.FILL
        )

    assert filled(0) == 0
    assert filled(0.5) == pytest.approx(filled(1) / 2, abs=1)
    assert filled(1) > 0.8 * 320
    assert filled(7) == filled(1)


def test_arrows_point_to_the_edge_that_is_meant() -> None:
    above = signs(tile_patch(composed(Showing(page(), light(0, armed=True))), 0))
    below = signs(tile_patch(composed(Showing(page(), light(5, armed=True))), 5))
    left, right = (signs(tile_patch(composed(Showing(page(), light(slot, armed=True))), slot)) for slot in (8, 9))
    assert (above, below) == ([Sign.UP, Sign.UP], [Sign.DOWN, Sign.DOWN])
    assert (left, right) == ([Sign.UNDO, Sign.LEFT], [Sign.MENU, Sign.RIGHT])


def test_where_the_pad_does_not_confirm_nobody_is_sent_to_the_edge() -> None:
    armed = m.Highlight(at_ns=1, offer=1, slot=0, armed=True)
    patch = tile_patch(composed(Showing(page(), armed), pad=False), 0)
    assert signs(patch) == []
    assert "confirm now" in said(patch)
    assert "look here" not in said(patch)


def test_nobody_is_sent_to_the_edge_before_the_tile_has_been_read() -> None:
    reading = m.Highlight(at_ns=1, offer=1, slot=0, armed=True)
    patch = tile_patch(composed(Showing(page(), reading)), 0)
    assert signs(patch) == []
    assert "look here" not in said(patch)


def test_nothing_is_asked_for_that_would_not_be_heard() -> None:
    reading = m.Highlight(at_ns=1, offer=1, slot=0, armed=True)
    patch = tile_patch(composed(Showing(page(), reading), signal=False), 0)
    assert "confirm" not in said(patch)


def test_a_mark_is_large_and_has_its_name() -> None:
    patch = tile_patch(composed(Showing(page(Mode.MARKS))), 1)
    assert said(patch) == ", comma"
    mark, name = texts(patch)
    assert mark.size >= 2 * name.size


def test_saving_is_told_in_words_and_by_shape() -> None:
    told = {}
    for saving in Saving:
        band = composed(Showing(page(saving=saving))).patches[0]
        told[saving] = (signs(band)[0], said(band).partition("Good")[0].strip())
    assert told == {
        Saving.SAVED: (Sign.SAVED, "saved: safe to unplug"),
        Saving.SAVING: (Sign.SAVING, "not saved yet…"),
        Saving.NOT_SAVING: (Sign.WARNING, "NOT saved"),
    }


def test_how_to_leave_rest_is_told() -> None:
    assert "choose Wake twice" in said(composed(Showing(page(Mode.REST))).patches[0])


@pytest.mark.parametrize("trouble", [Trouble.PROCESS_SILENT, Trouble.JOURNAL_FAILED, Trouble.DISK_FULL])
def test_while_the_journal_is_down_nobody_is_told_to_unplug(trouble: Trouble) -> None:
    down = (m.Notice(process="journal", trouble=trouble, detail="journal"),)
    band = composed(Showing(page(notices=down))).patches[0]
    assert "unplug" not in said(band)
    assert "not saved yet…" in said(band)


def test_a_trouble_of_others_leaves_the_record_safe() -> None:
    full = (m.Notice(process="gaze", trouble=Trouble.DISK_FULL),)
    aside = (m.Notice(process="journal", trouble=Trouble.JOURNAL_SET_ASIDE),)
    for notices_now in (full, aside):
        assert "saved: safe to unplug" in said(composed(Showing(page(notices=notices_now))).patches[0])


def test_while_the_deciding_process_is_silent_nothing_is_offered_and_the_text_stays() -> None:
    drawn = composed(Showing(page(), core_silent=True))
    assert said(drawn) == "Good morning. I Vybor starts again. Your text is kept."
    assert signs(drawn) == []


def test_after_a_while_of_silence_it_is_told_how_to_call_for_help_and_how_far_that_is() -> None:
    told = {stage: said(composed(Showing(page(), core_silent=True, help=stage)).patches[2]) for stage in Stage}
    assert told[Stage.NONE] == "To call for help, press the switch (key: space)"
    assert told[Stage.ASKED_VOICE] == told[Stage.ASKED_SAFE] == "Calling for help…"
    assert told[Stage.CALLED].startswith("Help is being called.")
    assert "does not sound" in told[Stage.FAILED]


@pytest.mark.parametrize("saving", [Saving.SAVING, Saving.NOT_SAVING])
def test_a_text_that_was_not_saved_is_not_said_to_be_kept(saving: Saving) -> None:
    drawn = composed(Showing(page(saving=saving), core_silent=True))
    assert "kept" not in said(drawn)
    assert "The last words may not be saved: they stand below." in said(drawn)


def test_while_nothing_can_be_chosen_nobody_is_told_to_begin() -> None:
    assert "Look at a word" not in said(composed(Showing(page(text=""), core_silent=True)))


def test_the_starting_page_says_part_by_part_how_far_it_is() -> None:
    drawn = composed(starting_pages()["starting"])
    assert said(drawn).startswith("Vybor is starting… Writing starting… Model starting… Eyes starting…")
    assert said(drawn).endswith("Safe to unplug at any time")
    assert signs(drawn) == [Sign.SAVING] * 6 + [Sign.SAVED]


def test_what_is_not_there_and_need_not_be_is_no_trouble() -> None:
    drawn = composed(starting_pages()["first start goes on"])
    assert "Eyes the camera sees no face yet Headband none set: the eyes write alone" in said(drawn)
    assert Sign.WARNING not in signs(drawn)
    assert all(text.colour != Colour.WARNING for text in texts(drawn))


def test_a_first_start_tells_a_carer_the_addresses_and_what_runs() -> None:
    drawn = composed(starting_pages()["first start waits"], (1920, 1080))
    assert "For the carer’s computer: 192.168.10.123, fd12:" in said(drawn)
    assert "Vybor 0.1.0, language model smollm2-135m-instruct-q8-5f2a" in said(drawn)
    assert said(drawn).startswith("Sit before the camera: nine dots come next")
    assert "To go on to the words at once, press the switch (key: space)" in said(drawn)
    assert "No network: not needed to write" in said(composed(starting_pages()["first start"]))


def test_a_later_start_has_no_word_for_the_carer() -> None:
    assert "network" not in said(composed(starting_pages()["starting"]))


def test_troubles_at_the_start_have_their_sentence_and_help_is_a_press_away() -> None:
    drawn = composed(starting_pages()["first start in trouble"])
    assert "Writing does not answer; it is started again" in said(drawn)
    assert "Eyes No camera found: connect it" in said(drawn)
    assert "To call for help, press the switch (key: space)" in said(drawn)
    assert signs(drawn).count(Sign.WARNING) == 6


def test_an_empty_line_says_what_to_do_and_what_was_said() -> None:
    band = composed(Showing(page(text="", said="I am cold."))).patches[0]
    assert "Look at a word to begin" in said(band)
    assert "Said: “I am cold.”" in said(band)


def test_a_dot_is_where_it_is_wanted_and_closes_as_it_is_looked_at() -> None:
    def rings(progress: float) -> list[Disc]:
        drawn = composed(Showing(page(), target=dot(0.9, 0.1, progress)))
        return [thing for thing in things(drawn) if isinstance(thing, Disc)]

    ring, centre = rings(0)
    assert (ring.x, ring.y) == (centre.x, centre.y) == (1152, 72)
    radii = [rings(progress)[0].radius for progress in (0, 0.3, 0.6, 1, 2)]
    assert radii == sorted(radii, reverse=True)
    assert radii[-1] == centre.radius
    told = said(composed(Showing(page(), target=dot())))
    assert told == "Look at the dot (3 of 9) To end this, close your eyes for two seconds"


def test_the_words_of_the_calibration_keep_out_of_the_dots_way() -> None:
    for x, y in itertools.product((0.02, 0.5, 0.98), repeat=2):
        drawn = composed(Showing(target=dot(x, y, 0)))
        ring = next(place(thing, (1280, 720)) for thing in things(drawn) if isinstance(thing, Disc))
        for text in texts(drawn):
            common = place(text, (1280, 720)).common(ring)
            assert not (common.width and common.height)


@each_size
def test_letters_are_large(size: tuple[int, int]) -> None:
    """28 to 40 pixels at 1280 by 720, and as large a part of a larger screen; less for a word that is too long."""
    least = 28 * min(size[1] / 720, size[0] / 1060) if size[1] >= 720 else 12
    for name in ("words", "letters", "menu", "not saved", "pad open above"):
        drawn = texts(composed(every_page("en")[name], size))
        smallest = min(text.size for text in drawn if text.text != "internationalisation")
        assert smallest >= least - 1, name


def test_icons_stay_in_their_square() -> None:
    for sign, strokes in SIGNS.items():
        ends = [end for stroke in strokes for point in stroke.points for end in point]
        assert 1 <= min(ends) <= max(ends) <= SIDE - 1, sign


@each_language
def test_the_menu_says_that_interest_moves_words_and_no_other_page_does(language: str) -> None:
    words = Words(language)
    for mode in (Mode.MENU, Mode.MORE):
        for is_on in (True, False):
            screen = msgspec.structs.replace(page(mode, language=language), interest_is_on=is_on)
            told = said(composed(Showing(screen=screen), language=language))
            assert (words.sentence(Sentence.INTEREST_IS_ON) in told) == (is_on and mode is Mode.MENU)
