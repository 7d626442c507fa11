"""The page of what leaves the kit: each tile does what it says, a yes holds for the digits that stood there."""

import time

import msgspec
import pytest

from unit.test_deciding import Writer, slot_of
from unit.test_kit_page import on_the_kit, roles
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role, ShareWish
from vybor.core.decision import sharing
from vybor.display.pages import share as share_page
from vybor.display.says.texts import Sentence
from vybor.display.says.words import Words

PAIRED = m.Sharing(workstation="desk", rows=3)
OPEN = m.Pairing(addresses=("192.168.1.20",), closes_ns=1)
ASKED = msgspec.structs.replace(OPEN, workstation="desk", digits="123456", words=("apple",))
ALWAYS = {Role.BACK, Role.MENU}


def tell(writer: Writer, sharing: m.Sharing) -> None:
    writer.hear(m.SyncStatus(at_ns=writer.now_ns, sharing=sharing))


def on_the_page(sharing: m.Sharing | None = None) -> Writer:
    writer = on_the_kit(0)
    if sharing:
        tell(writer, sharing)
    writer.choose(slot_of(writer, Role.SHARING))
    assert writer.state.writing.mode is Mode.SHARING
    return writer


@pytest.mark.parametrize(
    ("sharing", "there"),
    [
        (None, set()),
        (m.Sharing(), {Role.PAIR}),
        (PAIRED, {Role.PAIR, Role.SHARE, Role.UNPAIR}),
        (msgspec.structs.replace(PAIRED, agreed=True), {Role.PAIR, Role.NO_SHARE, Role.UNPAIR}),
        (m.Sharing(pairing=OPEN), {Role.PAIR_NO}),
        (m.Sharing(pairing=ASKED), {Role.PAIR_YES, Role.PAIR_NO}),
        (m.Sharing(pairing=msgspec.structs.replace(ASKED, is_said=True)), {Role.PAIR_NO}),
    ],
)
def test_what_can_be_wished(sharing: m.Sharing | None, there: set[Role]) -> None:
    writer = on_the_page(sharing)
    assert roles(writer) == ALWAYS | there
    assert writer.screen().sharing == sharing


@pytest.mark.parametrize(
    ("sharing", "role", "wish"),
    [
        (PAIRED, Role.SHARE, (ShareWish.AGREE, "")),
        (msgspec.structs.replace(PAIRED, agreed=True), Role.NO_SHARE, (ShareWish.TAKE_BACK, "")),
        (m.Sharing(), Role.PAIR, (ShareWish.PAIR, "")),
        (m.Sharing(pairing=ASKED), Role.PAIR_YES, (ShareWish.YES, "123456")),
        (m.Sharing(pairing=ASKED), Role.PAIR_NO, (ShareWish.NO, "")),
    ],
)
def test_a_tile_wishes_what_it_says_and_the_page_stays(
    sharing: m.Sharing, role: Role, wish: tuple[ShareWish, str]
) -> None:
    writer = on_the_page(sharing)
    text = writer.state.writing.text
    writer.choose(slot_of(writer, role))
    assert writer.decided[-1].share == wish
    assert writer.decided[-1].decision.action is Action.KIT
    assert (writer.state.writing.mode, writer.state.writing.text) == (Mode.SHARING, text)


def test_a_tile_that_is_chosen_twice_gives_nothing_away() -> None:
    """*It may have it* stands neither where *Yes, the same* stood a moment ago nor where *Share no more* does."""
    same = slot_of(on_the_page(m.Sharing(pairing=ASKED)), Role.PAIR_YES)
    may = slot_of(on_the_page(PAIRED), Role.SHARE)
    no_more = slot_of(on_the_page(msgspec.structs.replace(PAIRED, agreed=True)), Role.NO_SHARE)
    assert may not in (same, no_more)


@pytest.mark.parametrize("wish", list(ShareWish))
def test_what_opens_something_is_wished_for_now_alone(wish: ShareWish) -> None:
    asked = sharing.wished("1", wish, "123456", 5)
    opens = wish in (ShareWish.AGREE, ShareWish.PAIR, ShareWish.YES)
    assert (asked.until_ns > 5) == opens
    assert (asked.wish, asked.digits) == (wish, "123456")


def test_a_yes_that_comes_late_is_for_the_digits_that_were_compared() -> None:
    writer = on_the_page(m.Sharing(pairing=ASKED))
    same = slot_of(writer, Role.PAIR_YES)
    writer.show()
    writer.look(same, 1)
    tell(writer, m.Sharing(pairing=msgspec.structs.replace(ASKED, workstation="other", digits="654321")))
    late = writer.state
    writer.press()
    assert writer.decided[-1].share == (ShareWish.YES, "123456")
    writer.state = late
    writer.choose(same)
    assert writer.decided[-1].share == (ShareWish.YES, "654321")


def test_the_digits_of_a_yes_do_not_stand_on_its_tile() -> None:
    screen = on_the_page(m.Sharing(pairing=ASKED)).screen()
    (same,) = [tile for tile in screen.tiles if tile.role is Role.PAIR_YES]
    assert Words("en").tile(same, screen) == "Yes, the same"


def test_digits_that_come_while_the_page_stands_bring_the_yes() -> None:
    writer = on_the_page(m.Sharing(pairing=OPEN))
    tell(writer, m.Sharing(pairing=ASKED))
    assert Role.PAIR_YES in roles(writer)


def test_elsewhere_what_sync_says_changes_no_tile_and_the_draft_does_not_change_it() -> None:
    writer = Writer()
    writer.show()
    before = writer.state.offer
    tell(writer, PAIRED)
    tell(writer, msgspec.structs.replace(PAIRED, rows=4))
    assert writer.state.offer == before
    assert writer.screen().sharing is None
    assert writer.state.writing.lasting.kit.sharing == msgspec.structs.replace(PAIRED, rows=4)


def test_back_leads_to_the_words() -> None:
    writer = on_the_page(PAIRED)
    writer.choose(slot_of(writer, Role.BACK))
    assert writer.state.writing.mode is Mode.WORDS


def test_to_remove_the_workstation_is_asked_about_first_and_answered_elsewhere() -> None:
    writer = on_the_page(PAIRED)
    asked = slot_of(writer, Role.UNPAIR)
    writer.choose(asked)
    assert (writer.state.writing.mode, writer.decided[-1].share) == (Mode.UNPAIR_SURE, None)
    assert writer.screen().sharing == PAIRED
    assert roles(writer) == {Role.UNPAIR, *ALWAYS}
    assert slot_of(writer, Role.UNPAIR) != asked
    writer.choose(slot_of(writer, Role.BACK))
    assert (writer.state.writing.mode, writer.decided[-1].share) == (Mode.SHARING, None)
    writer = on_the_page(PAIRED)
    writer.choose(asked)
    writer.choose(slot_of(writer, Role.UNPAIR))
    assert writer.decided[-1].share == (ShareWish.UNPAIR, "")
    assert writer.decided[-1].decision.action is Action.KIT
    assert writer.state.writing.mode is Mode.SHARING


@pytest.mark.parametrize("known", [PAIRED, msgspec.structs.replace(PAIRED, agreed=True)])
def test_to_pair_another_one_is_asked_about_first_since_it_removes_the_one_before(known: m.Sharing) -> None:
    writer = on_the_page(known)
    asked = slot_of(writer, Role.PAIR)
    writer.choose(asked)
    assert (writer.state.writing.mode, writer.decided[-1].share) == (Mode.PAIR_SURE, None)
    assert writer.screen().sharing == known
    assert roles(writer) == {Role.PAIR, *ALWAYS}
    assert slot_of(writer, Role.PAIR) != asked
    writer.choose(slot_of(writer, Role.BACK))
    assert (writer.state.writing.mode, writer.decided[-1].share) == (Mode.SHARING, None)
    writer.choose(slot_of(writer, Role.BACK))
    assert writer.state.writing.mode is Mode.WORDS
    writer = on_the_page(known)
    writer.choose(asked)
    writer.choose(slot_of(writer, Role.PAIR))
    assert writer.decided[-1].share == (ShareWish.PAIR, "")
    assert writer.state.writing.mode is Mode.SHARING


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_question_names_who_is_removed_and_what_follows(language: str) -> None:
    words = Words(language)
    told = [text for text, _ in share_page._asked(Mode.PAIR_SURE, "desk", words)]
    removed = [text for text, _ in share_page._asked(Mode.UNPAIR_SURE, "desk", words)]
    assert told[1:] == removed[:1]
    assert all("desk" in text for text in told)
    assert told[0] not in removed


@pytest.mark.parametrize(("ended", "sentence"), list(share_page.ENDED.items()))
@pytest.mark.parametrize("pairing", [None, OPEN])
def test_it_is_said_why_nobody_was_paired(
    ended: m.PairingEnd, sentence: Sentence, pairing: m.Pairing | None
) -> None:
    words = Words("en")
    told = [text for text, _ in share_page._told(m.Sharing(pairing=pairing, pairing_ended=ended), words)]
    assert words.sentence(sentence) in told
    compared = m.Sharing(pairing=ASKED, pairing_ended=ended)
    assert words.sentence(sentence) not in [text for text, _ in share_page._told(compared, words)]


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Tokyo", "2026-02-01 06:34"), ("America/Los_Angeles", "2026-01-31 13:34")]
)
def test_when_it_was_fetched_last_is_told_by_the_kit_s_own_clock(
    monkeypatch: pytest.MonkeyPatch, zone: str, shown: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    there = m.Sharing(workstation="desk", synced_at="2026-01-31T21:34:56+00:00")
    words = Words("en")
    told = [text for text, _ in share_page._told(there, words)]
    assert words.sentence(Sentence.SHARE_LAST, time=shown) in told
    monkeypatch.undo()
    time.tzset()


def test_every_end_of_pairing_has_its_sentence() -> None:
    assert set(share_page.ENDED) == set(m.PairingEnd) - {m.PairingEnd.NONE}
