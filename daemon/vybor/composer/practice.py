"""Practice: exercises on the real pages, which leave no trace. Pure.

What is really being written lies beneath, untouched, and comes back when practice ends. Every page works as it
always does; only what reaches beyond the page is kept back: nothing is said, nobody is called, nothing is kept or
learned, and no choice is recorded. An exercise that is not done at once says more; none can be failed for good.
"""

from collections.abc import Iterable, Sequence

import msgspec

from vybor.composer import anchors, menu, practice_pages, writing
from vybor.composer.lasting import Lasting
from vybor.composer.practice_pages import BEFORE_SPELLED, NAMED, SPELLED
from vybor.composer.writing import Outcome, Practice, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Exercise, Mode, Role

ORDER = tuple(Exercise)
MOST_FAILED = 2
SLOW_NS = 20_000_000_000
"""After so long more is said: who cannot choose at all makes no wrong choices either."""
ON_THE_WAY: dict[Exercise, frozenset[Role]] = {
    Exercise.LOOK: frozenset(),
    Exercise.TAKE: frozenset({Role.MORE}),
    Exercise.UNDO: frozenset(),
    Exercise.LETTERS: frozenset({Role.KEY, Role.LETTERS, Role.GROUP, Role.LETTER}),
    Exercise.SPEAK: frozenset(),
    Exercise.ANSWER: frozenset({Role.MENU}),
    Exercise.REST: frozenset({Role.MENU, Role.REST}),
    Exercise.HELP: frozenset({Role.MENU, Role.HELP}),
}
"""Choices that do not end an exercise and are right all the same; to go back is right everywhere."""
BACK = frozenset({Role.BACK, Role.UNDO, Role.WAKE})
OPEN = frozenset({Role.MENU, Role.REST})
"""Led to from every exercise: the way out, and the wish to rest, which is not to be practised away."""


def real(now: Writing) -> Writing:
    """What is really being written."""
    return now.practice.beneath if now.practice else now


def over(now: Writing, changed: Writing) -> Writing:
    """The same page, with something else that is really being written."""
    if now.practice is None:
        return changed
    return msgspec.structs.replace(now, practice=msgspec.structs.replace(now.practice, beneath=changed))


def begun(now: Writing, language: str) -> Writing:
    """The first exercise, over what is being written; practice that has begun goes on."""
    if now.practice:
        return now
    beneath = msgspec.structs.replace(now, saying=False, shown=())
    return _set(ORDER[0], Writing(), Practice(ORDER[0], beneath), language)


def passed(now: Writing, now_ns: int) -> Writing:
    """Time has passed: an exercise that lasts long says more."""
    known = now.practice
    if known is None or known.is_slow:
        return now
    if not known.began_ns:
        return msgspec.structs.replace(now, practice=msgspec.structs.replace(known, began_ns=now_ns))
    if now_ns - known.began_ns <= SLOW_NS:
        return now
    return msgspec.structs.replace(now, practice=msgspec.structs.replace(known, is_slow=True))


def is_kept_back(before: Writing, outcome: Outcome) -> bool:
    """Whether a choice was of practice: nothing of it leaves the page. A true call for help is none."""
    return before.practice is not None and not outcome.call_help


def tiles_for(
    now: Writing, language: str, before: Sequence[m.Tile], held: Iterable[int], count: int
) -> tuple[m.Tile, ...]:
    """The tiles of a page in practice; `count` words at most."""
    bare = msgspec.structs.replace(now, practice=None)
    words = practice_pages.words(bare, language)
    most = min(count, practice_pages.most())
    return practice_pages.with_ways_out(anchors.tiles_for(bare, words, language, before, held, most), bare)


def told(now: Writing, tiles: Sequence[m.Tile], way: m.Choosing, language: str) -> m.Practising | None:
    """What the person is to do now; None outside practice."""
    known = now.practice
    if known is None:
        return None
    word, letter = _wanted(now, known.exercise, language)
    return m.Practising(
        exercise=known.exercise,
        way=way,
        word=word,
        letter=letter,
        is_near=_is_near(now, known.exercise, tiles, word),
        tells_more=known.failed >= MOST_FAILED or known.is_slow,
        praised=known.praised,
        strayed=known.strayed,
    )


def choose(now: Writing, tile: m.Tile, language: str) -> Outcome:
    """What a choice leads to, in practice and out of it."""
    known = now.practice
    if known is None and tile.role is Role.PRACTICE:
        return Outcome(begun(writing.beneath(now), language), Action.PAGE)
    if known is None:
        return anchors.choose(now, tile)
    if tile.role is Role.HELP and now.mode is Mode.PRACTICE_CALL:
        return writing.choose(known.beneath, tile)
    if page := _turned(now, known, tile, language):
        return Outcome(page, Action.PAGE)
    return _tried(now, known, tile, language)


def _turned(now: Writing, known: Practice, tile: m.Tile, language: str) -> Writing | None:
    """Where tiles lead that only practice has, and the call for help, which rings nowhere; None for all others."""
    beneath = writing.beneath(_bare(now))
    match tile.role:
        case Role.LEAVE:
            return known.beneath
        case Role.PRACTICE:
            return begun(known.beneath, language)
        case Role.SKIP:
            return _next(known, beneath, language, praised=False)
        case Role.HELP:
            return _with(writing.turn(_bare(now), Mode.PRACTICE_CALL, under=now.under), known)
        case Role.UNDO if now.mode is Mode.PRACTICE_CALL and known.exercise is Exercise.HELP:
            return _next(known, beneath, language, praised=True)
        case Role.UNDO if now.mode is Mode.PRACTICE_CALL:
            return _with(beneath, known)
    return None


def _tried(now: Writing, known: Practice, tile: m.Tile, language: str) -> Outcome:
    """The choice as it always is; the next exercise if that was what this one asks for.

    What leads away from the exercise leads to its beginning instead: nobody gets lost in it.
    """
    outcome = anchors.choose(_bare(now), tile)
    exercise = known.exercise
    if exercise is None or _is_done(exercise, now, tile, outcome, language):
        return Outcome(_next(known, outcome.writing, language, praised=exercise is not None), Action.PAGE)
    is_right = tile.role in ON_THE_WAY[exercise] or tile.role in BACK
    strayed = not (is_right or tile.role in OPEN)
    failed = known.failed + (not is_right)
    known = msgspec.structs.replace(known, failed=failed, praised=False, strayed=strayed)
    if strayed:
        return Outcome(_set(exercise, writing.beneath(_bare(now)), known, language), Action.PAGE)
    if _can_be_done(exercise, outcome.writing):
        return Outcome(_with(outcome.writing, known), Action.PAGE)
    return Outcome(_set(exercise, outcome.writing, known, language), Action.PAGE)


def _is_done(exercise: Exercise, now: Writing, tile: m.Tile, outcome: Outcome, language: str) -> bool:
    """Whether this choice is what the exercise asks for; that for help is done where the call is taken back."""
    text = outcome.writing.text
    has_changed = text != now.text
    match exercise:
        case Exercise.LOOK:
            return text == NAMED[language]
        case Exercise.LETTERS:
            return has_changed and text.casefold().endswith(f" {SPELLED[language]}")
        case Exercise.UNDO:
            return has_changed and outcome.action is Action.UNDO
    return outcome.action is _DONE_BY.get(exercise)


_DONE_BY = {
    Exercise.TAKE: Action.TAKE,
    Exercise.SPEAK: Action.SPEAK,
    Exercise.ANSWER: Action.ANSWER,
    Exercise.REST: Action.WAKE,
}


def _can_be_done(exercise: Exercise, after: Writing) -> bool:
    """Whether the exercise can go on from here."""
    match exercise:
        case Exercise.LOOK:
            return not after.text
        case Exercise.UNDO:
            return bool(after.past)
        case Exercise.LETTERS | Exercise.SPEAK:
            return bool(after.text)
    return True


def _next(known: Practice, after: Writing, language: str, *, praised: bool) -> Writing:
    """The next exercise; behind the last one the page that says so."""
    later = ORDER[ORDER.index(known.exercise) + 1 :] if known.exercise else ()
    fresh = Practice(later[0] if later else None, known.beneath, praised=praised)
    if fresh.exercise is None:
        return _with(Writing(mode=Mode.PRACTICE_OVER), fresh)
    return _set(fresh.exercise, after, fresh, language)


def _set(exercise: Exercise, after: Writing, known: Practice, language: str) -> Writing:
    """The page of words where an exercise begins: with the text that is there, if it can begin with that."""
    heard = Lasting(said=after.lasting.said)
    kept = Writing(text=after.text, past=after.past, saying=after.saying, lasting=heard)
    match exercise:
        case Exercise.LOOK:
            return _with(Writing(), known)
        case Exercise.TAKE | Exercise.UNDO if not (after.text and after.past):
            kept = Writing(text=NAMED[language], past=("",))
        case Exercise.LETTERS:
            kept = Writing(text=BEFORE_SPELLED[language], past=("",))
        case Exercise.SPEAK if not after.text:
            kept = Writing(text=f"{BEFORE_SPELLED[language]} {SPELLED[language]}", past=("",))
    return _with(kept, known)


def _wanted(now: Writing, exercise: Exercise | None, language: str) -> tuple[str, str]:
    """The word that is named, and its next letter, if letters are to be found and so far are right."""
    match exercise:
        case Exercise.LOOK:
            return NAMED[language], ""
        case Exercise.ANSWER:
            return menu.ANSWERS[language][0], ""
        case Exercise.LETTERS:
            word = SPELLED[language]
            at = max(len(now.prefix), len(now.looks))
            return word, word[at : at + 1] if practice_pages.spells(word, now) else ""
    return "", ""


def _is_near(now: Writing, exercise: Exercise | None, tiles: Sequence[m.Tile], word: str) -> bool:
    match exercise:
        case Exercise.LETTERS:
            return practice_pages.stands(tiles, word)
        case Exercise.ANSWER | Exercise.REST | Exercise.HELP:
            return now.mode is Mode.MENU
        case Exercise.SPEAK:
            return any(tile.role is Role.SPEAK for tile in tiles)
        case Exercise.UNDO:
            return any(tile.role is Role.UNDO for tile in tiles)
    return True


def _bare(now: Writing) -> Writing:
    return msgspec.structs.replace(now, practice=None)


def _with(now: Writing, known: Practice) -> Writing:
    return msgspec.structs.replace(now, practice=known)
