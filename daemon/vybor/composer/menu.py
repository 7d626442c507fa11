"""The menu, and what it leads to: the answers that are said at once, and what is needed more seldom. Pure.

The menu is one choice away from every page but rest, and the five answers stand on it, all at the same cost: which
of them is meant nobody guesses. Saying one leaves what is being written as it is. Why they stand there:
deploy/decisions/0024.
"""

from collections.abc import Callable, Sequence

import msgspec

from vybor.composer import kit, letters, mending, reading, text, writing
from vybor.composer.lasting import words_at
from vybor.composer.placing import CORNER, IN_ROWS, LEFT, LOWER, RIGHT, UPPER, Choice, Placed, tiles_of
from vybor.composer.writing import Outcome, Writing
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Mode, Role

ANSWERS: dict[str, tuple[str, ...]] = {
    "en": ("Yes.", "No.", "Wait, I am writing.", "I don't know.", "That is not what I meant."),
    "ru": ("Да.", "Нет.", "Подождите, я пишу.", "Я не знаю.", "Я не это имею в виду."),
}
"""The last one takes back what was spoken."""
DELETE, CLEAR, LEARN, LAST = LOWER


# --- pages ------------------------------------------------------------------------------------------------


def menu_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """The answers, rest, the call for help, the way to the tools; a mark behind a text, else what was said.

    While somebody asks to read, the way to that stands there.
    """
    *said, not_meant = ANSWERS[language]
    choices = [
        *(Choice(role=Role.ANSWER, label=answer) for answer in said),
        Choice(role=Role.NOT_MEANT, label=not_meant),
        *(Choice(role=role) for role in (Role.REST, Role.HELP, Role.TOOLS)),
    ]
    placed = dict(zip(IN_ROWS, choices, strict=True)) | {LEFT: Choice(role=Role.BACK)}
    if now.text:
        placed[RIGHT] = likeliest_mark(candidates)
    elif now.said:
        placed[RIGHT] = Choice(role=Role.REPEAT)
    return placed | reading.asked_on_menu(now)


def tools_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Other pages above; below, what is done to the text and what is learned of it; right, the kit itself.

    Phrases wait while letters are spelled: they would be lost, and undo knows of texts alone.
    """
    roles = (Role.PHRASES, Role.MARKS, Role.MORE, Role.LETTERS)
    placed = {slot: Choice(role=role) for slot, role in zip((*UPPER, CORNER), roles, strict=True)}
    placed |= {LEFT: Choice(role=Role.BACK), RIGHT: Choice(role=Role.KIT)}
    placed[LEARN] = Choice(role=_learning(now))
    if now.prefix:
        del placed[UPPER[0]]
    if now.text or now.prefix:
        placed[DELETE] = Choice(role=Role.DELETE_WORD)
    if now.text:
        placed[CLEAR] = Choice(role=Role.CLEAR)
        if now.said:
            placed[LAST] = Choice(role=Role.REPEAT)
    return placed


def clearing_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """Whether all of it is meant to go: the answer stands far from where the question came from."""
    back = Choice(role=Role.BACK)
    return {CORNER: Choice(role=Role.CLEAR), LAST: back, LEFT: back, RIGHT: Choice(role=Role.MENU)}


def mending_page(now: Writing, candidates: Sequence[m.Candidate], language: str) -> Placed:
    """What may have been meant instead of what was spoken, and the ways to change that."""
    return {
        **mending.instead(now),
        CORNER: Choice(role=Role.SPEAK),
        DELETE: Choice(role=Role.DELETE_WORD),
        CLEAR: Choice(role=Role.CLEAR),
        LAST: Choice(role=Role.BACK),
        LEFT: Choice(role=Role.UNDO),
        RIGHT: Choice(role=Role.MENU),
    }


PAGES: dict[Mode, Callable[[Writing, Sequence[m.Candidate], str], Placed]] = {
    Mode.MENU: menu_page,
    Mode.TOOLS: tools_page,
    Mode.CLEARING: clearing_page,
    Mode.MENDING: mending_page,
    **kit.PAGES,
}


def _learning(now: Writing) -> Role:
    """One place for three wishes: who writes says first that this is not to be learned, then that nothing is."""
    if now.lasting.incognito:
        return Role.LEARNING
    return Role.UNLEARN if now.text and not now.lasting.is_private(now.text) else Role.INCOGNITO


def likeliest_mark(candidates: Sequence[m.Candidate]) -> Choice:
    """Marks take no word's place: few sentences are more than one, and *Speak* ends them all."""
    marks = [candidate for candidate in candidates if candidate.words[0] in letters.MARKS[0]]
    mark = max(marks, key=lambda mark: mark.p).words[0] if marks else letters.MARKS[0][0]
    return Choice(role=Role.MARK, label=mark)


def with_undo(tiles: Sequence[m.Tile], now: Writing) -> tuple[m.Tile, ...]:
    """The tiles; while a sentence beside the text, or a call for help, can be stopped, Undo stands for Back."""
    if not (now.saying or now.calling):
        return tuple(tiles)
    undo = tiles_of({LEFT: Choice(role=Role.UNDO)})
    return tuple(sorted((*(tile for tile in tiles if tile.slot != LEFT), *undo), key=lambda tile: tile.slot))


# --- choices ----------------------------------------------------------------------------------------------


def _tools(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(writing.turn(now, Mode.TOOLS, passed=now.passed, under=now.under), Action.PAGE)


def _delete_word(now: Writing, tile: m.Tile) -> Outcome:
    """The letters spelled of a word, or the last word; the words that stood where it was chosen come back."""
    if now.prefix:
        return Outcome(writing.turn(now, Mode.WORDS, prefix=""), Action.DELETE)
    shorter = text.without_last_word(now.text)
    again = words_at(now.past, now.lasting.stood, shorter)
    return Outcome(writing.wrote(now, shorter, again=again), Action.DELETE)


def _answer(now: Writing, tile: m.Tile) -> Outcome:
    """Said at once; what is being written stays as it is, to the page."""
    return Outcome(_saying(now, tile.label), Action.ANSWER, say=tile.label)


def _not_meant(now: Writing, tile: m.Tile) -> Outcome:
    """Said like any answer; on the empty line what was spoken last comes back, to be mended.

    What of that is still to be said is not: it would stand beside its own denial, or behind it.
    """
    page = writing.beneath(now)
    last, unsaid = now.lasting.to_mend, now.lasting.said_to_mend
    if page.text or page.prefix or page.looks or not last:
        return msgspec.structs.replace(_answer(now, tile), hush=bool(unsaid), unsaid=unsaid)
    mended = writing.wrote(page, last, mode=Mode.MENDING)
    lasting = mended.lasting.mended(now.lasting.is_private(last), tile.label)
    now = msgspec.structs.replace(mended, lasting=lasting)
    return Outcome(now, Action.REPAIR, say=tile.label, hush=bool(unsaid), unsaid=unsaid)


def _instead(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(writing.wrote(now, tile.label), Action.TAKE)


def _repeat(now: Writing, tile: m.Tile) -> Outcome:
    return Outcome(_saying(now, now.said), Action.REPEAT, repeat=now.said)


def _saying(now: Writing, said: str) -> Writing:
    """The page beneath, while this is said beside the text."""
    page = writing.beneath(now, saying=True)
    return msgspec.structs.replace(page, lasting=page.lasting.said_aside(said))


def _unlearn(now: Writing, tile: m.Tile) -> Outcome:
    lasting = now.lasting.unlearned(now.past, now.text)
    return Outcome(msgspec.structs.replace(writing.beneath(now), lasting=lasting), Action.PRIVACY)


def _incognito(now: Writing, tile: m.Tile) -> Outcome:
    """Switched off it leaves the text at hand private, as undo makes it too: what was unseen is not learned."""
    lasting = now.lasting
    if now.text and lasting.incognito:
        lasting = lasting.unlearned(now.past, now.text)
    lasting = msgspec.structs.replace(lasting, incognito=tile.role is Role.INCOGNITO, is_told=True)
    return Outcome(msgspec.structs.replace(writing.beneath(now), lasting=lasting), Action.PRIVACY)


RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.TOOLS: _tools,
    Role.ANSWER: _answer,
    Role.NOT_MEANT: _not_meant,
    Role.INSTEAD: _instead,
    Role.REPEAT: _repeat,
    Role.DELETE_WORD: _delete_word,
    Role.UNLEARN: _unlearn,
    Role.INCOGNITO: _incognito,
    Role.LEARNING: _incognito,
    **kit.RULES,
}
