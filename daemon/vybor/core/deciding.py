"""The decision itself, pure: messages in, a new state and what is to be done out.

`heard` takes a message, `restored` the draft from the journal. Neither reads a clock, opens a file or sends
anything; `process.py` does.
"""

from collections.abc import Sequence

import msgspec

from vybor.composer import anchors, endings, fitting, folding, kit, menu, phrases, practice
from vybor.composer.lasting import Lasting, Spoken
from vybor.composer.letters import PLACE
from vybor.composer.placing import tiles_of
from vybor.composer.writing import MOST_PAST, Outcome, Writing, help_called, is_begun
from vybor.contracts import channels
from vybor.contracts import messages as m
from vybor.contracts.messages import Mode, Role
from vybor.core import aim, astray, calling, fits, lit, record, talk, zoning
from vybor.core.astray import Astray
from vybor.core.candidates import candidates_for
from vybor.core.choosing import chosen_from
from vybor.core.fits import Fits
from vybor.core.private import recorded
from vybor.core.rules import Rules
from vybor.core.talk import Talk
from vybor.core.unmoved import first_kept, whole
from vybor.core.zoning import Zoning
from vybor.selector import step as select
from vybor.selector.state import Selection, Selector
from vybor.selector.ways import Headband

DISPLAY_SILENT_NS = channels.silent_after_ns(channels.BY_TYPE[m.Shown])

MOST_BESIDE_SEEN = 6
"""So many words more are asked for beside those that were seen and not taken."""


class Deciding(msgspec.Struct, frozen=True):
    """All that the deciding process knows."""

    writing: Writing = Writing()
    talk: Talk = Talk()
    selector: Selector = Selector()
    offer: int = 0
    tiles: tuple[m.Tile, ...] = ()
    answerable: tuple[tuple[int, tuple[m.Tile, ...]], ...] = ()
    """Offers since the last decision: a choice that was shown answers one of them."""
    page: tuple[m.Tile, ...] = ()
    """What would stand on ten zones; where there are fewer, `tiles` folds it."""
    pages: tuple[tuple[int, tuple[m.Tile, ...]], ...] = ()
    """Of each answerable offer."""
    zoning: Zoning = Zoning()
    prompts: int = 0
    """The number of the last prompt."""
    prompt: m.Prompt | None = None
    proposals: m.Proposals | None = None
    decisions: int = 0
    highlight: m.Highlight | None = None
    seen_ns: int = 0
    """When the display last said what it shows."""
    astray: Astray = Astray()
    looked: m.LookedAt | None = None
    """What the last choice says of where the eyes were, if the next one leaves it as it is."""
    fits: Fits = fits.NONE


class Decided(msgspec.Struct, frozen=True):
    """What a choice asks of the other processes."""

    decision: m.Decision
    say: str = ""
    hush: bool = False
    call_help: bool = False
    keep: str = ""
    forget: str = ""
    """A phrase for the person's own, and one of them to remove."""
    repeat: str = ""
    was_calling: bool = False
    """Whether it was the call for help that is to fall silent."""
    looked: m.LookedAt | None = None
    """Where the eyes were at the choice before, which holds."""
    night: bool | None = None


def begin(rules: Rules, at_ns: int) -> Deciding:
    """The first offer, on an empty line."""
    return _offer_anew(_zoned(first(at_ns), rules), rules, at_ns, after_choice=True)


def first(at_ns: int) -> Deciding:
    """Nothing yet; offers and prompts count from the microsecond of the start.

    After a restart no number comes again: what a display still shows, or the model still answers, of the time
    before is never taken for new.
    """
    start = at_ns // 1000
    return Deciding(offer=start, prompts=start)


def restored(state: Deciding, draft: m.Draft, rules: Rules, at_ns: int) -> Deciding:
    """The journal's draft arrives; if the person has already begun, it waits behind undo."""
    if state.decisions == 0:
        mode = Mode.REST if draft.resting else Mode.WORDS
        spoken = (Spoken(draft.spoken, depth=0),) if draft.spoken else ()
        lasting = Lasting(
            spoken=spoken,
            incognito=draft.incognito,
            private=frozenset(draft.private),
            kit=state.writing.lasting.kit,
        )
        now = Writing(text=draft.text, past=draft.history[-MOST_PAST:], mode=mode, lasting=lasting)
    else:
        begun = practice.real(state.writing)
        earlier, lasting = (*draft.history, draft.text), begun.lasting
        lasting = msgspec.structs.replace(
            lasting,
            private=lasting.private | set(draft.private),
            incognito=lasting.incognito or draft.incognito,
        )
        begun = msgspec.structs.replace(begun, past=(*earlier, *begun.past)[-MOST_PAST:], lasting=lasting)
        now = practice.over(state.writing, begun)
    state = _zoned(msgspec.structs.replace(state, writing=now), rules)
    return _offer_anew(state, rules, at_ns, after_choice=True)


def heard(state: Deciding, message: m.AnyMessage, rules: Rules, now_ns: int) -> tuple[Deciding, Decided | None]:
    """Take in one message of the eyes, the body, the display or the model.

    A message from the future is noise: nothing of the kit dates ahead.
    """
    if message.at_ns > now_ns:
        return state, None
    state = unseen(state, now_ns)
    rule = fits.rule(state.fits, rules.commit)
    state = msgspec.structs.replace(state, fits=fits.heard(state.fits, message, now_ns))
    chosen: Selection | None = None
    known = state.selector
    match message:
        case m.Gaze():
            known, chosen = select.look(known, message, rule)
            light = lit.of_look(known, state.highlight, message, rule)
            beside = astray.looked(state.astray, state.selector, known)
            looked = state.fits if chosen else fits.looked(state.fits, state.selector, known)
            sight = zoning.saw(state.zoning, message.point) if message.point else state.zoning
            state = msgspec.structs.replace(state, highlight=light, astray=beside, fits=looked, zoning=sight)
        case m.Gesture(kind=m.GestureKind.LONG_CLENCH):
            return _called(state, message, rules, now_ns)
        case m.Gesture():
            known, chosen = select.gesture(known, message, rule)
        case m.SwitchPress():
            known, chosen = select.press(known, message, rule)
        case m.Shown():
            known = _acknowledged(state, message)
            state = _told(msgspec.structs.replace(state, seen_ns=now_ns), message, rules, now_ns)
        case m.Proposals() if state.prompt and message.prompt == state.prompt.number:
            message = msgspec.structs.replace(
                message, candidates=whole(message.candidates), unmoved=whole(message.unmoved)
            )
            if state.proposals != message:
                state = msgspec.structs.replace(state, proposals=message)
                return _offer_anew(state, rules, now_ns, after_choice=False), None
        case _:
            return state, None
    light = lit.in_turn(known, state.highlight, now_ns, rule)
    state = msgspec.structs.replace(state, selector=known, highlight=light)
    return _decide(state, chosen, now_ns, rules) if chosen else (state, None)


def partnered(state: Deciding, partner: str, rules: Rules, at_ns: int) -> Deciding:
    """The other person said something; empty: what they said holds no more."""
    told = msgspec.structs.replace(aged(state, at_ns).talk, partner=partner)
    return _offer_anew(msgspec.structs.replace(state, talk=told), rules, at_ns, after_choice=False)


def aged(state: Deciding, now_ns: int) -> Deciding:
    """On an empty line, what was spoken too long ago is forgotten: it belonged to another conversation."""
    fresh = state.talk if practice.real(state.writing).text else talk.aged(state.talk, now_ns)
    return state if fresh is state.talk else msgspec.structs.replace(state, talk=fresh)


def refreshed(state: Deciding, rules: Rules, at_ns: int) -> Deciding:
    """Something that tiles are made of has changed, such as the phrases that are kept."""
    return _offer_anew(state, rules, at_ns, after_choice=False)


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
    known = select.passed(state.selector, now_ns, rule, headband)
    light = lit.in_turn(known, lit.dimmed(state.highlight, now_ns), now_ns, rule)
    before, scanned = state.zoning.zones, state.selector.scan is not None
    state = msgspec.structs.replace(
        state, selector=known, highlight=light, writing=practice.passed(state.writing, now_ns)
    )
    if not rules.zones:
        sight = zoning.watched(state.zoning, known, state.writing, now_ns)
        state = msgspec.structs.replace(state, zoning=sight)
    if not state.tiles or (before == state.zoning.zones and scanned == (known.scan is not None)):
        return state
    whole_page = msgspec.structs.replace(state.writing, unfolded=())
    return _laid(msgspec.structs.replace(state, writing=whole_page), state.page, after_choice=False)


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
        interest_is_on=state.proposals is not None and state.proposals.interest_is_on,
        is_writing=not now.practice and is_begun(now.under or now) and not resting(state),
        saying=now.saying,
        incognito=now.lasting.incognito,
        private=now.lasting.is_private(now.text),
        practice=practice.told(now, state.tiles, way, language),
        armed=practice.real(now).lasting.kit.armed,
        fitting=state.fits.told if now.mode is Mode.FITTING else None,
        zones=zones_of(state),
    )


def zones_of(state: Deciding) -> int:
    """How many zones the layout at hand has; ten while tiles light up in turn, or are a trial."""
    needs_ten = state.selector.scan is not None or state.writing.mode is Mode.FITTING
    return zoning.MOST if needs_ten else state.zoning.zones


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
    state = msgspec.structs.replace(state, astray=astray.chosen(state.astray))
    if fits.is_own(tile, state.writing, state.fits):
        fit, writing = fits.chosen(state.fits, state.writing, tile, rules.settings, at_ns)
        known = select.rest_after_choice(state.selector, at_ns, rules.commit)
        state = msgspec.structs.replace(state, fits=fit, writing=writing, selector=known, looked=None)
        return _offer_anew(state, rules, at_ns, after_choice=True), None
    page = dict(state.pages).get(chosen.offer, tiles)
    meant = next((each for each in page if each.slot == tile.slot), tile)
    outcome = chosen_from(page, meant, state.writing, rules.language)
    if practice.is_kept_back(state.writing, outcome):
        selector = select.rest_after_choice(state.selector, at_ns, rules.commit)
        state = msgspec.structs.replace(state, writing=outcome.writing, selector=selector, looked=None)
        return _offer_anew(state, rules, at_ns, after_choice=True), None
    held = state.looked if aim.holds(outcome.action, tile.role) else None
    state = msgspec.structs.replace(state, looked=aim.of_choice(state.selector, chosen, tile, at_ns))
    state, decided = _done(state, outcome, chosen, at_ns, rules)
    if tile.role in (Role.FOLD, Role.CLOSE):
        state = _laid(state, page, after_choice=True)  # what was read on the fold is what unfolds
    else:
        state = _offer_anew(state, rules, at_ns, after_choice=True)
    return state, msgspec.structs.replace(decided, looked=held)


def _called(state: Deciding, made: m.Gesture, rules: Rules, at_ns: int) -> tuple[Deciding, Decided | None]:
    """A held clench calls for help from every page but that of rest, whatever is shown and however one chooses."""
    if resting(state) or not calling.asks(made, at_ns):
        return state, None
    chosen = Selection(calling.NO_OFFER, calling.NO_TILE, calling.evidence(made))
    state, decided = _done(state, help_called(practice.real(state.writing)), chosen, at_ns, rules)
    return _offer_anew(state, rules, at_ns, after_choice=True), decided


def _done(
    state: Deciding, outcome: Outcome, chosen: Selection, at_ns: int, rules: Rules
) -> tuple[Deciding, Decided]:
    """What a choice leads to, and the record of it."""
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
        shown=record.offered(dict(state.answerable).get(chosen.offer, ()), state.selector),
        evidence=chosen.evidence,
        language=rules.language,
        said=outcome.say,
    )
    decision = record.with_circumstances(decision, before, state.proposals)
    decision = recorded(decision, before.lasting, now.lasting)
    state = msgspec.structs.replace(
        state,
        writing=outcome.writing,
        talk=talk.after(state.talk, before, outcome, at_ns),
        decisions=decision.number,
        selector=select.rest_after_choice(state.selector, at_ns, rules.commit),
        fits=fits.kept_up(state.fits, now, fits.signs_there(rules.settings, state.selector.inputs), at_ns),
    )
    return state, Decided(
        decision=decision,
        say=outcome.say,
        hush=outcome.hush,
        call_help=outcome.call_help,
        keep=outcome.keep,
        forget=outcome.forget,
        repeat=outcome.repeat,
        was_calling=before.calling,
        night=outcome.night,
    )


def after(state: Deciding, tile: m.Tile, rules: Rules, at_ns: int) -> Deciding:
    """The state after this tile of the offer at hand was chosen, whoever chose it: no eyes, no record."""
    outcome = chosen_from(state.page, tile, state.writing, rules.language)
    conversation = talk.after(state.talk, state.writing, outcome, at_ns)
    state = msgspec.structs.replace(state, writing=outcome.writing, talk=conversation)
    return _offer_anew(state, rules, at_ns, after_choice=True)


def prompt_for(writing: Writing, around: Talk, rules: Rules, at_ns: int, number: int) -> m.Prompt:
    """What the tiers are asked for here."""
    prompt = m.Prompt(
        at_ns=at_ns,
        number=number,
        text=writing.text,
        prefix=writing.prefix,
        groups=writing.looks,
        exclude=writing.passed,
        count=rules.count + min(len(writing.seen), MOST_BESIDE_SEEN),
        language=rules.language,
        partner=around.partner,
        lately=_lately(writing, around) if rules.remembers else (),
    )
    return anchors.asked(prompt, writing)


def _lately(writing: Writing, around: Talk) -> tuple[str, ...]:
    """What was spoken lately, once something is begun or was asked: on an empty line nobody asked for it."""
    return around.lately if writing.text or writing.prefix or writing.looks or around.partner else ()


def _offer_anew(state: Deciding, rules: Rules, at_ns: int, *, after_choice: bool) -> Deciding:
    """Compose the tiles again; a new offer only if they differ or a choice was made."""
    state = _prompted(state, rules, at_ns)
    now = state.writing
    proposed = state.proposals.candidates if state.proposals else ()
    instant = rules.instant(anchors.asked_at_once(state.prompt, now)) if state.prompt else ()
    held = () if after_choice else folding.places(select.held(state.selector), state.selector.tiles)
    own = rules.own_words(state.prompt) if state.prompt and now.gathered else ()
    likely: Sequence[m.Candidate] = ()
    if state.prompt:
        likely = rules.mix(state.prompt, instant, proposed)
        if state.proposals and state.proposals.unmoved:
            likely = first_kept(likely, rules.mix(state.prompt, instant, state.proposals.unmoved))
        likely = rules.endings.agree(state.prompt, likely)
    candidates = candidates_for(now, (instant, own, proposed), likely, rules.allowed)
    if now.mode is Mode.LETTERS and not now.gathered:
        known = rules.initials(now.text, now.prefix)
        candidates = (*candidates, *(run for run in known if all(map(rules.allowed, run.words[0].split()))))
    return _laid(state, menu.with_undo(_tiles(state, candidates, held, rules), now), after_choice=after_choice)


def _laid(state: Deciding, page: tuple[m.Tile, ...], *, after_choice: bool) -> Deciding:
    """Offer a page as it lies on the layout at hand; a new offer only if it differs or a choice was made."""
    held = frozenset[int]() if after_choice else frozenset(select.held(state.selector))
    now = state.writing
    how = folding.Fold(zones_of(state), now.mode, now.unfolded, state.selector.tiles, held)
    tiles = folding.folded(page, how)
    state = msgspec.structs.replace(state, page=page)
    if tiles == state.tiles and not after_choice:
        return state
    number = state.offer + 1
    answerable, pages = ((), ()) if after_choice else (state.answerable, state.pages)
    return msgspec.structs.replace(
        state,
        tiles=tiles,
        offer=number,
        answerable=(*answerable, (number, tiles)),
        pages=(*pages, (number, page)),
    )


def _zoned(state: Deciding, rules: Rules) -> Deciding:
    """With the layout that the settings ask for, if they ask for one."""
    if not rules.zones:
        return state
    return msgspec.structs.replace(state, zoning=msgspec.structs.replace(state.zoning, zones=rules.zones))


def _tiles(
    state: Deciding, candidates: Sequence[m.Candidate], held: Sequence[int], rules: Rules
) -> tuple[m.Tile, ...]:
    now = state.writing
    if now.practice:
        return practice.tiles_for(now, rules.language, state.tiles, held, rules.count)
    forms = rules.endings.forms(now.text) if endings.is_asked(now.mode, now.prefix) else ()
    if now.mode is Mode.ENDINGS:
        return endings.page(now.text, forms, now.page)
    if now.mode is Mode.FITTING:
        return tiles_of(fitting.page(state.fits.told or m.FitStage(phase=m.FitPhase.INTRO)))
    book = rules.book()
    if now.mode in (Mode.PHRASES, Mode.FORGETTING):
        return phrases.tiles_in(now, rules.language, book)
    most = rules.count
    if phrases.on_empty_line(now, rules.language, book) and phrases.ON_EMPTY_LINE not in held:
        most = min(most, phrases.ON_EMPTY_LINE)  # the places before it
    tiles = anchors.tiles_for(now, candidates, rules.language, state.page, held, most)
    if rules.anchors:
        tiles = anchors.with_way_in(tiles, now)
    tiles = phrases.beside(tiles, now, rules.language, book)
    return endings.beside(tuple(_said(tile, rules) for tile in tiles), now.text, forms)


def _said(tile: m.Tile, rules: Rules) -> m.Tile:
    is_ready = tile.role in (Role.ANSWER, Role.NOT_MEANT)
    return msgspec.structs.replace(tile, label=rules.endings.ready(tile.label)) if is_ready else tile


def _prompted(state: Deciding, rules: Rules, at_ns: int) -> Deciding:
    """Ask the model anew if what it should go on from has changed."""
    prompt = prompt_for(practice.real(state.writing), state.talk, rules, at_ns, state.prompts + 1)
    if state.prompt and state.prompt.asks_the_same(prompt):
        return state
    return msgspec.structs.replace(state, prompts=prompt.number, prompt=prompt, proposals=None)


def resting(state: Deciding) -> bool:
    """Whether the person rests: nothing but waking is possible."""
    return state.writing.mode is Mode.REST
