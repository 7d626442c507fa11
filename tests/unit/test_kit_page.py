"""The page of the kit: what is switched there, and what the display says of it."""

import msgspec

from unit.test_deciding import MENU, UNDO, Writer, slot_of
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role
from vybor.core.decision import deciding

TOOLS = (Role.TOOLS, Role.KIT)


def on_the_kit(*before: int) -> Writer:
    """Who has opened the page of the kit, after these choices."""
    writer = Writer()
    for slot in (*before, MENU):
        writer.choose(slot)
    for role in TOOLS:
        writer.choose(slot_of(writer, role))
    assert writer.state.writing.mode is Mode.KIT
    return writer


def roles(writer: Writer) -> set[Role]:
    return {tile.role for tile in writer.state.tiles}


def test_the_tile_says_what_it_will_do_and_does_it() -> None:
    writer = on_the_kit(0)
    assert Role.DAY not in roles(writer)
    writer.choose(slot_of(writer, Role.NIGHT))
    assert writer.decided[-1].night is True
    assert writer.decided[-1].decision.action is Action.KIT
    assert (writer.state.writing.mode, writer.state.writing.text) == (Mode.KIT, "I")
    assert Role.DAY not in roles(writer)
    writer.hear(m.Shown(at_ns=writer.now_ns, screen=writer.screen(), is_night=True))
    assert Role.DAY in roles(writer)


def test_what_the_display_wears_changes_the_tile() -> None:
    """Somebody else may have changed the colours, or the clock."""
    writer = on_the_kit()
    writer.hear(m.Shown(at_ns=writer.now_ns, screen=writer.screen(), is_night=True))
    assert Role.DAY in roles(writer)
    writer.hear(m.Shown(at_ns=writer.now_ns, screen=writer.screen(), is_night=True))
    writer.look(slot_of(writer, Role.DAY), 0.9)
    writer.press()
    assert writer.decided[-1].night is False


def test_elsewhere_the_colours_change_no_tile() -> None:
    writer = Writer()
    writer.show()
    before = writer.state.offer
    writer.hear(m.Shown(at_ns=writer.now_ns, screen=writer.screen(), is_night=True))
    assert writer.state.offer == before


def test_back_leads_to_the_page_and_undo_takes_back_text_alone() -> None:
    writer = on_the_kit(0, 0)
    text = writer.state.writing.text
    writer.choose(slot_of(writer, Role.NIGHT))
    writer.choose(slot_of(writer, Role.BACK))
    assert (writer.state.writing.mode, writer.state.writing.text) == (Mode.WORDS, text)
    writer.choose(UNDO)
    assert writer.state.writing.text == "I"


def test_the_draft_that_comes_late_does_not_change_what_is_so_of_the_kit() -> None:
    writer = Writer()
    writer.hear(m.Shown(at_ns=writer.now_ns, screen=None, is_night=True))
    draft = m.Draft(request="1", text="I was here")
    state = deciding.restored(writer.state, draft, writer.rules, writer.now_ns)
    assert state.writing.lasting.kit.is_night
    assert state.writing.text == "I was here"


def test_older_displays_are_understood() -> None:
    shown = msgspec.to_builtins(m.Shown(at_ns=1, screen=None))
    del shown["is_night"]
    assert msgspec.convert(shown, m.Shown).is_night is False
