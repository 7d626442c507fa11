"""The decision itself, pure: messages in, a new state and what is to be done out.

`heard` takes a message, `restored` the draft from the journal. Neither reads a clock, opens a file or sends
anything; `process.py` does.
"""

import msgspec

from vybor.composer import anchors, erasing, folding, kit, practice, waking
from vybor.composer.letters import PLACE
from vybor.composer.writing import Outcome, help_called, is_begun
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core.aiming import aim, astray, misses, zoning
from vybor.core.aiming.astray import Astray
from vybor.core.decision import calling, coming_back, lit, record, sharing, talk, wishes
from vybor.core.decision.choosing import chosen_from
from vybor.core.decision.offering import laid, offer_anew, zoned
from vybor.core.decision.private import recorded
from vybor.core.decision.rules import Rules
from vybor.core.decision.state import Decided, Deciding, resting, resting_truly, zones_of
from vybor.core.decision.unmoved import whole
from vybor.core.decision.wishes import NOTHING_ON, Wishes
from vybor.core.ways import engaging, fits
from vybor.foundation.gaze_settings import GazeSource
from vybor.selector import step as select
from vybor.selector.state import Selection, Selector
from vybor.selector.ways import Headband

DISPLAY_SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.Shown])


def begin(rules: Rules, at_ns: int, known: Wishes = NOTHING_ON) -> Deciding:
    """The first offer, on an empty line, with what is known to be on."""
    return offer_anew(zoned(first(at_ns, known), rules), rules, at_ns, after_choice=True)


def first(at_ns: int, known: Wishes = NOTHING_ON) -> Deciding:
    """Nothing yet but what is known to be on; offers and prompts count from the microsecond of the start.

    After a restart no number comes again: what a display still shows, or the model still answers, of the time
    before is never taken for new.
    """
    start = at_ns // 1000
    return Deciding(writing=wishes.first(known), known=known, offer=start, prompts=start)


def restored(state: Deciding, draft: m.Draft, rules: Rules, at_ns: int) -> Deciding:
    """The journal's draft arrives; if the person has already begun, it waits behind undo."""
    real, conversation = practice.real(state.writing), state.talk
    if state.decisions == 0:
        now = coming_back.as_it_was(real, draft, state.known)
    else:
        now = coming_back.behind(real, draft, state.known)
        if draft.incognito and not state.known.incognito:
            conversation = talk.unlearned(conversation)
    state = msgspec.structs.replace(state, writing=practice.over(state.writing, now), talk=conversation)
    return offer_anew(zoned(state, rules), rules, at_ns, after_choice=True)


def heard(state: Deciding, message: m.AnyMessage, rules: Rules, now_ns: int) -> tuple[Deciding, Decided | None]:
    """Take in one message of the eyes, the body, the display or the model.

    A message from the future is noise: nothing of the kit dates ahead.
    """
    if message.at_ns > now_ns:
        return state, None
    state = unseen(state, now_ns)
    rule = engaging.paced(state.engaging, fits.rule(state.fits, rules.commit), now_ns)
    state = msgspec.structs.replace(state, fits=fits.heard(state.fits, message, now_ns))
    chosen: Selection | None = None
    known = state.selector
    match message:
        case m.Gaze():
            known, chosen = select.look(known, message, rule)
            light = lit.of_look(known, state.highlight, message, rule)
            beside = _beside(state, message, known, rules)
            looked = state.fits if chosen else fits.looked(state.fits, state.selector, known)
            sight = zoning.saw(state.zoning, message.point) if message.point and known.tiles else state.zoning
            came_with = engaging.looked(state.engaging, state.selector, known, now_ns)
            state = msgspec.structs.replace(state, highlight=light, astray=beside, fits=looked, zoning=sight)
            state = msgspec.structs.replace(state, engaging=came_with)
        case m.Gesture(kind=m.GestureKind.LONG_CLENCH):
            return _called(state, message, rules, now_ns)
        case m.Gesture() | m.Flickered():
            known, chosen = select.sensed(known, message, rule)
        case m.SwitchPress():
            known, chosen = select.press(known, message, rule)
            in_vain = chosen is None and misses.is_in_vain(misses.Act(message, state.selector, known), rule)
            state = msgspec.structs.replace(state, astray=astray.pressed(state.astray, in_vain=in_vain))
        case m.Shown():
            known = _acknowledged(state, message)
            state = _told(msgspec.structs.replace(state, seen_ns=now_ns), message, rules, now_ns)
        case m.Proposals() if state.prompt and message.prompt == state.prompt.number:
            message = msgspec.structs.replace(
                message, candidates=whole(message.candidates), unmoved=whole(message.unmoved)
            )
            if state.proposals != message:
                state = msgspec.structs.replace(state, proposals=message)
                return offer_anew(state, rules, now_ns, after_choice=False), None
        case m.SyncStatus():
            return sharing.told(state, message, rules, now_ns), None
        case _:
            return state, None
    light = lit.in_turn(known, state.highlight, now_ns, rule)
    state = msgspec.structs.replace(state, selector=known, highlight=light)
    return _decide(state, chosen, now_ns, rules) if chosen else (state, None)


def _beside(state: Deciding, gaze: m.Gaze, known: Selector, rules: Rules) -> Astray:
    """What the look tells of looks that fall beside."""
    if rules.settings.gaze.source is GazeSource.POINTER and gaze.point is not None:
        return astray.pointed(state.astray, state.selector, known, gaze.point)
    return astray.looked(state.astray, state.selector, known)


def partnered(state: Deciding, partner: str, rules: Rules, at_ns: int) -> Deciding:
    """The other person said something; empty: what they said holds no more."""
    told = talk.asked(aged(state, at_ns).talk, partner, at_ns, state.decisions)
    return offer_anew(msgspec.structs.replace(state, talk=told), rules, at_ns, after_choice=False)


def aged(state: Deciding, now_ns: int) -> Deciding:
    """On an empty line, what was spoken too long ago is forgotten: it belonged to another conversation."""
    fresh = state.talk if practice.real(state.writing).text else talk.aged(state.talk, now_ns)
    return state if fresh is state.talk else msgspec.structs.replace(state, talk=fresh)


def refreshed(state: Deciding, rules: Rules, at_ns: int) -> Deciding:
    """Something that tiles are made of has changed, such as the phrases that are kept."""
    return offer_anew(state, rules, at_ns, after_choice=False)


def unseen(state: Deciding, now_ns: int) -> Deciding:
    """What a display that fell silent once showed cannot be chosen: nobody may see it any more."""
    if not state.selector.tiles or now_ns - state.seen_ns <= DISPLAY_SILENT_NS:
        return state
    return msgspec.structs.replace(state, selector=select.shown(state.selector, 0, (), now_ns))


def passed(state: Deciding, rules: Rules, now_ns: int, headband: Headband) -> Deciding:
    """Time has passed: ways to choose open and close, tiles light up in turn, and those not looked at go dark.

    The layout changes if the looks ask for another one, and to ten zones while tiles light up in turn.
    """
    rule = fits.rule(state.fits, rules.commit)
    beside, eyes = astray.passed(state.astray, state.selector, state.writing, rule, now_ns)
    known = select.passed(eyes, now_ns, rule, headband)
    light = lit.in_turn(known, lit.dimmed(state.highlight, now_ns), now_ns, rule)
    before, scanned = state.zoning.zones, state.selector.scan is not None
    state = msgspec.structs.replace(
        state,
        selector=known,
        astray=beside,
        highlight=light,
        writing=calling.passed(practice.passed(state.writing, now_ns), state.called_ns, now_ns),
    )
    waking_steps = state.writing.wake_steps
    state = msgspec.structs.replace(state, writing=waking.passed(state.writing, now_ns))
    if state.writing.wake_steps != waking_steps:
        state = offer_anew(state, rules, now_ns, after_choice=False)
    if not rules.zones:
        sight = zoning.watched(state.zoning, known, state.writing, state.astray.missed, now_ns)
        state = msgspec.structs.replace(state, zoning=sight)
    if not state.tiles or (before == state.zoning.zones and scanned == (known.scan is not None)):
        return state
    whole_page = msgspec.structs.replace(state.writing, unfolded=())
    return laid(msgspec.structs.replace(state, writing=whole_page), state.page, after_choice=False)


def screen(
    state: Deciding,
    at_ns: int,
    saving: m.Saving,
    notices: tuple[m.Notice, ...],
    language: str,
    way: m.Choosing = m.Choosing.EITHER,
) -> m.Screen:
    """What the display is to show."""
    now = state.writing
    return m.Screen(
        at_ns=at_ns,
        offer=state.offer,
        mode=now.mode,
        text=now.text,
        prefix=now.prefix or anchors.gathered_words(now) or PLACE * len(now.looks),
        tiles=state.tiles,
        saving=saving,
        language=language,
        notices=notices,
        said=now.said,
        partner=state.talk.partner,
        said_before=bool(state.talk.partner) and not talk.is_answered(state.talk, practice.real(now).lasting),
        is_night=practice.real(now).lasting.kit.is_night,
        interest_is_on=state.proposals is not None and state.proposals.interest_is_on,
        is_writing=not now.practice and is_begun(now.under or now) and not resting(state),
        saying=now.saying,
        calling=now.calling,
        incognito=now.lasting.incognito,
        private=now.lasting.is_private(now.text),
        practice=practice.told(now, folding.leaves(state.tiles), way, language),
        armed=practice.real(now).lasting.kit.armed,
        fitting=state.fits.told if now.mode is Mode.FITTING else None,
        zones=zones_of(state),
        standing=state.standing,
        sharing=sharing.shown(now),
        readers=practice.real(now).lasting.kit.readers,
        erasing=now.erasing,
        erased=erasing.last_spoken(now) if now.erasing is m.Scope.LAST else "",
    )


def _acknowledged(state: Deciding, shown: m.Shown) -> Selector:
    """Only what the display says it shows can be chosen; during calibration nothing can."""
    hidden = shown.target is not None and shown.target.dot is not None
    if shown.screen is None or hidden or shown.core_silent:
        return select.shown(state.selector, 0, (), shown.at_ns)
    tiles = dict(state.answerable).get(shown.screen.offer)
    if tiles is None or tiles != shown.screen.tiles:
        return state.selector
    known = select.shown(state.selector, shown.screen.offer, tiles, shown.at_ns)
    return select.lit(known, shown.highlight, shown.at_ns)


def _told(state: Deciding, shown: m.Shown, rules: Rules, now_ns: int) -> Deciding:
    """What the display says of the kit may change a tile."""
    known = practice.real(state.writing)
    now = kit.told(known, shown)
    if now is known:
        return state
    return refreshed(msgspec.structs.replace(state, writing=practice.over(state.writing, now)), rules, now_ns)


def _decide(state: Deciding, chosen: Selection, at_ns: int, rules: Rules) -> tuple[Deciding, Decided | None]:
    tiles = dict(state.answerable).get(chosen.offer, ())
    tile = next((tile for tile in tiles if tile.slot == chosen.slot), None)
    if tile is None:
        return state, None
    state = _chose(state)
    if fits.is_own(tile, state.writing, state.fits):
        fit, writing = fits.chosen(state.fits, state.writing, tile, rules.settings, at_ns)
        known = select.rest_after_choice(state.selector, at_ns, rules.commit)
        state = msgspec.structs.replace(state, fits=fit, writing=writing, selector=known, looked=None)
        return offer_anew(state, rules, at_ns, after_choice=True), None
    page = dict(state.pages).get(chosen.offer, tiles)
    meant = next((each for each in page if each.slot == tile.slot), tile)
    outcome = chosen_from(page, meant, state.writing, rules.language)
    if aim.holds(outcome.action, tile.role):  # what only takes back says nothing of the eyes
        state = msgspec.structs.replace(state, astray=astray.chosen(state.astray))
    if practice.is_kept_back(state.writing, outcome):
        selector = select.rest_after_choice(state.selector, at_ns, rules.commit)
        state = msgspec.structs.replace(state, writing=outcome.writing, selector=selector, looked=None)
        return offer_anew(state, rules, at_ns, after_choice=True), None
    held, before = state.looked if aim.holds(outcome.action, tile.role) else None, practice.real(state.writing)
    state = msgspec.structs.replace(state, looked=aim.of_choice(state.selector, chosen, tile, at_ns))
    state, decided = _done(state, outcome, chosen, at_ns, rules)
    if tile.role in (Role.FOLD, Role.CLOSE):
        state = laid(state, page, after_choice=True)  # what was read on the fold is what unfolds
    else:
        state = offer_anew(state, rules, at_ns, after_choice=True)
    held = aim.told(held, before, practice.real(state.writing))
    return state, msgspec.structs.replace(decided, looked=held)


def _called(state: Deciding, made: m.Gesture, rules: Rules, at_ns: int) -> tuple[Deciding, Decided | None]:
    """A held clench calls for help from every page but that of rest, whatever is shown and however one chooses."""
    if resting_truly(state) or not calling.asks(made, at_ns):
        return state, None
    chosen = Selection(calling.NO_OFFER, calling.NO_TILE, calling.evidence(made))
    called = help_called(practice.real(state.writing))
    state, decided = _done(_chose(state), called, chosen, at_ns, rules)
    return offer_anew(state, rules, at_ns, after_choice=True), decided


def _chose(state: Deciding) -> Deciding:
    """Something was chosen, whatever comes of it."""
    return msgspec.structs.replace(state, choices=state.choices + 1)


def _done(
    state: Deciding, outcome: Outcome, chosen: Selection, at_ns: int, rules: Rules
) -> tuple[Deciding, Decided]:
    """What a choice leads to, and the record of it."""
    if outcome.say or outcome.repeat:
        said = erasing.named(outcome, rules.session, state.decisions + 1)
        outcome = msgspec.structs.replace(outcome, writing=said)
    before, now = practice.real(state.writing), practice.real(outcome.writing)
    decision = m.Decision(
        at_ns=at_ns,
        session=rules.session,
        number=state.decisions + 1,
        action=outcome.action,
        slot=chosen.slot,
        written=outcome.written,
        text_before=before.text,
        text_after=now.text,
        offer=chosen.offer,
        shown=record.offered(dict(state.answerable).get(chosen.offer, ()), state, at_ns),
        evidence=chosen.evidence,
        language=rules.language,
        said=outcome.say,
    )
    decision = record.with_circumstances(decision, before, state, rules)
    decision = recorded(decision, before.lasting, now.lasting)
    state = msgspec.structs.replace(
        state,
        writing=outcome.writing,
        talk=talk.after(state.talk, before, outcome, at_ns),
        decisions=decision.number,
        called_ns=at_ns if outcome.call_help else state.called_ns,
        selector=select.rest_after_choice(state.selector, at_ns, rules.commit),
        fits=fits.kept_up(state.fits, now, fits.signs_there(rules.settings, state.selector.inputs), at_ns),
    )
    return state, Decided(
        decision=decision,
        say=outcome.say,
        hush=outcome.hush,
        unsaid=outcome.unsaid,
        call_help=outcome.call_help,
        keep=outcome.keep,
        forget=outcome.forget,
        repeat=outcome.repeat,
        was_calling=before.calling,
        night=outcome.night,
        share=outcome.share,
        read=outcome.read,
        erase=outcome.erase,
    )


def after(state: Deciding, tile: m.Tile, rules: Rules, at_ns: int) -> Deciding:
    """The state after this tile of the offer at hand was chosen, whoever chose it: no eyes, no record."""
    outcome = chosen_from(state.page, tile, state.writing, rules.language)
    conversation = talk.after(state.talk, state.writing, outcome, at_ns)
    state = msgspec.structs.replace(state, writing=outcome.writing, talk=conversation)
    return offer_anew(state, rules, at_ns, after_choice=True)
