"""What the person is writing, and what each choice does to it. Pure: `choose` is the whole grammar of the kit."""

from collections.abc import Callable

import msgspec

from vybor.composer import endings, text
from vybor.composer.lasting import Lasting, Words
from vybor.contracts import messages as m
from vybor.contracts.messages import Action, Intent, Mode, Role

MOST_PAST = 200
"""So many steps can be undone; the journal has them all."""
CLEARED_AT_ONCE = 3
"""Words; more are cleared only after a second choice."""
ASKED_FROM = {Mode.PAIR_SURE: Mode.SHARING, Mode.UNPAIR_SURE: Mode.SHARING}
"""Pages that ask whether something is meant, and the page where Back leads: there it was asked from."""


class Gathered(msgspec.Struct, frozen=True):
    """What is known of a whole sentence that is wanted; vybor.composer.anchors has its pages."""

    words: tuple[str, ...] = ()
    """Words that it carries."""
    intent: Intent | None = None
    near: str = ""
    """A sentence that it is to be like."""
    whole: str = ""
    """The sentence of which a part is taken."""


class Practice(msgspec.Struct, frozen=True):
    """An exercise, and what it lies over; vybor.composer.practice has its rules."""

    exercise: m.Exercise | None
    """None once all are done."""
    beneath: "Writing"
    """What is really being written, untouched."""
    failed: int = 0
    """Choices that led nowhere."""
    began_ns: int = 0
    """When the exercise began; 0: just now."""
    is_slow: bool = False
    """It has lasted so long that more is to be said."""
    praised: bool = False
    strayed: bool = False
    """The last choice led nowhere."""


class Writing(msgspec.Struct, frozen=True):
    """The text in progress and the page that the person is on."""

    text: str = ""
    prefix: str = ""
    looks: tuple[str, ...] = ()
    """Groups of letters looked at on the keypad: each holds the next letter of the word."""
    mode: Mode = Mode.WORDS
    group: str = ""
    looked: tuple[str, ...] = ()
    """Groups that were looked at for the letters behind this one: each letter is chosen out of its own."""
    page: int = 0
    passed: tuple[str, ...] = ()
    """First words that were offered here and passed over with *more*."""
    seen_by_look: tuple[tuple[str, ...], ...] = ()
    """First words that stood here when a group of letters was looked at instead, for each such look."""
    rest: tuple[str, ...] = ()
    """The grey words behind the one just taken."""
    rest_slot: int = 0
    past: tuple[str, ...] = ()
    """The texts before this one, oldest first."""
    wake_steps: int = 0
    wake_ns: int = 0
    """When the first of them was known to be taken; 0: not yet."""
    calling: bool = False
    """Help was called just now: undo calls it off."""
    gathered: Gathered | None = None
    """Not None while words are gathered for whole sentences: then a word is kept, not written."""
    lasting: Lasting = Lasting()
    shown: Words = ()
    """The words on the tiles of which one is chosen now."""
    again: Words = ()
    """Words that stood here when a choice was made that is taken back now."""
    under: "Writing | None" = None
    """The page that the menu lies over: Back, and what is said beside the text, lead there."""
    saying: bool = False
    """Something was said beside the text just now: undo stops it."""
    removed: str = ""
    """The phrase that was just removed, which can be kept again."""
    erasing: m.Scope | None = None
    """What the person is asked about whether it is to be deleted."""
    practice: Practice | None = None
    """Not None in practice: then all the rest is of the exercise."""
    unfolded: tuple[int, ...] = ()
    """Slots of the fold that is open, where there are fewer zones than choices; any other choice closes it."""

    @property
    def said(self) -> str:
        """What was said aloud last and not taken back; empty if nothing was."""
        return self.lasting.said_last

    @property
    def seen(self) -> tuple[str, ...]:
        """First words that stood here at one of the looks at groups of letters, each once."""
        return tuple(dict.fromkeys(word for words in self.seen_by_look for word in words))


class Outcome(msgspec.Struct, frozen=True):
    """What a choice led to."""

    writing: Writing
    action: Action
    written: str = ""
    """What was added to the text."""
    say: str = ""
    hush: bool = False
    """To be silent: of the call for help, or of what is taken back."""
    unsaid: str = ""
    """What is taken back of what was said aloud."""
    call_help: bool = False
    keep: str = ""
    """To keep as a phrase."""
    forget: str = ""
    """To remove from the phrases."""
    repeat: str = ""
    """What is to be said once more."""
    erase: m.Erase | None = None
    """What of the record is to be deleted."""
    night: bool | None = None
    """Whether the colours are to be those of the night; None: as they are."""
    share: tuple[m.ShareWish, str] | None = None
    """What is wished of what leaves the kit, and the digits that a yes is for."""
    read: tuple[m.ReadAnswer, int] | None = None
    """What is said to somebody who asks to read, and to which question."""


def choose(writing: Writing, tile: m.Tile) -> Outcome:
    """The person chose this tile."""
    return _RULES[tile.role](writing, tile)


def wrote(writing: Writing, new_text: str, **changes: object) -> Writing:
    """A new text, with the old one behind it for undo, on a fresh page of words."""
    past = (*writing.past, writing.text)[-MOST_PAST:]
    lasting = writing.lasting.wrote(past, new_text, writing.shown)
    fresh = Writing(text=new_text, past=past, lasting=lasting)
    return msgspec.structs.replace(fresh, **changes)


def is_begun(writing: Writing) -> bool:
    """Whether somebody is writing something: a text, or the letters of its first word."""
    return bool(writing.text or writing.prefix or writing.looks or writing.gathered)


def turn(writing: Writing, mode: Mode, **changes: object) -> Writing:
    """Another page for the same text and the letters spelled."""
    fresh = Writing(
        text=writing.text,
        past=writing.past,
        prefix=writing.prefix,
        mode=mode,
        lasting=writing.lasting,
    )
    return msgspec.structs.replace(fresh, **changes)


def beneath(writing: Writing, **changes: object) -> Writing:
    """The page that the menu was opened over, as it was; elsewhere that of words."""
    under = writing.under or turn(writing, home(writing))
    return msgspec.structs.replace(under, lasting=writing.lasting, **changes)


def home(writing: Writing) -> Mode:
    """The page that all others lead back to: letters already spelled go on being spelled."""
    return Mode.LETTERS if writing.prefix else Mode.WORDS


def _write(writing: Writing, tile: m.Tile) -> Outcome:
    if writing.mode is Mode.ENDINGS:
        return Outcome(wrote(writing, endings.with_ending(writing.text, tile.label)), Action.TAKE)
    new_text = text.join(writing.text, tile.label)
    rest = tuple(tile.grey.split())
    after = wrote(writing, new_text, rest=rest, rest_slot=tile.slot)
    return Outcome(after, Action.TAKE, written=new_text[len(writing.text) :])


def _more(writing: Writing, tile: m.Tile) -> Outcome:
    return Outcome(turn(writing, Mode.MORE, passed=writing.passed), Action.MORE)


def _page(mode: Mode) -> Callable[[Writing, m.Tile], Outcome]:
    def turned(writing: Writing, tile: m.Tile) -> Outcome:
        page = writing.page + 1 if writing.mode is mode else 0
        return Outcome(turn(writing, mode, page=page), Action.PAGE)

    return turned


def _menu(writing: Writing, tile: m.Tile) -> Outcome:
    """Over the page at hand; what undo would stop there, a voice or a call for help, is over with this choice."""
    page = writing.under or writing  # from the tools the menu lies over what they lie over
    under = msgspec.structs.replace(page, shown=(), saying=False, calling=False, under=None)
    return Outcome(turn(writing, Mode.MENU, under=under), Action.PAGE)


def _key(writing: Writing, tile: m.Tile) -> Outcome:
    looks = (*writing.looks, tile.label.replace(" ", ""))
    return Outcome(turn(writing, Mode.KEYPAD, looks=looks, seen_by_look=writing.seen_by_look), Action.STEER)


def _letters(writing: Writing, tile: m.Tile) -> Outcome:
    """Exact letters; of a letter whose group was looked at already that group."""
    if writing.looks and not writing.prefix:
        return Outcome(turn(writing, Mode.GROUP, group=writing.looks[0], looked=writing.looks[1:]), Action.PAGE)
    return Outcome(turn(writing, Mode.LETTERS), Action.PAGE)


def _group(writing: Writing, tile: m.Tile) -> Outcome:
    group = tile.label.replace(" ", "")
    return Outcome(turn(writing, Mode.GROUP, group=group, looked=writing.looked), Action.STEER)


def _letter(writing: Writing, tile: m.Tile) -> Outcome:
    prefix = writing.prefix + tile.label
    if writing.mode is Mode.GROUP and writing.looked:
        spelled = turn(writing, Mode.GROUP, prefix=prefix, group=writing.looked[0], looked=writing.looked[1:])
    else:
        mode = Mode.DIGITS if writing.mode is Mode.DIGITS else Mode.LETTERS
        spelled = turn(writing, mode, prefix=prefix, page=writing.page)
    return Outcome(spelled, Action.SPELL, written=tile.label)


def _mark(writing: Writing, tile: m.Tile) -> Outcome:
    """Behind letters a mark belongs to the word being spelled (3:30, e-mail, U.S.)."""
    return _letter(writing, tile) if writing.prefix else _write(writing, tile)


def _capital(writing: Writing, tile: m.Tile) -> Outcome:
    if writing.prefix:
        last = writing.prefix[-1]
        other = last.upper() if last == last.lower() else last.lower()
        return Outcome(turn(writing, writing.mode, prefix=writing.prefix[:-1] + other), Action.STEER)
    new_text = text.with_last_word(writing.text, text.next_case(text.last_word(writing.text)))
    return Outcome(wrote(writing, new_text, mode=writing.mode), Action.TAKE)


def _back(writing: Writing, tile: m.Tile) -> Outcome:
    if writing.mode in (Mode.GROUP, Mode.MARKS, Mode.DIGITS):
        return Outcome(turn(writing, Mode.LETTERS), Action.PAGE)
    if writing.looks:
        looks = writing.looks[:-1]
        mode, seen = Mode.KEYPAD if looks else Mode.WORDS, writing.seen_by_look[: len(looks)]
        return Outcome(turn(writing, mode, looks=looks, seen_by_look=seen), Action.UNDO)
    if writing.mode is Mode.LETTERS and writing.prefix:
        return Outcome(turn(writing, Mode.LETTERS, prefix=writing.prefix[:-1]), Action.UNDO)
    if writing.mode in ASKED_FROM:
        asked_from = turn(writing, ASKED_FROM[writing.mode], passed=writing.passed, under=writing.under)
        return Outcome(asked_from, Action.PAGE)
    return Outcome(beneath(writing), Action.PAGE)


def _undo(writing: Writing, tile: m.Tile) -> Outcome:
    """The text before, and the words among which the choice was made that is undone."""
    if writing.calling:
        after = beneath(writing) if writing.under else turn(writing, Mode.WORDS)
        return Outcome(after, Action.UNDO, hush=True)
    if writing.saying:
        silent = msgspec.structs.replace(writing, saying=False, shown=(), lasting=writing.lasting.unsaid())
        return Outcome(silent, Action.UNDO, hush=True, unsaid=writing.said)
    if not writing.past:
        return Outcome(turn(writing, Mode.WORDS), Action.UNDO)
    again = writing.lasting.stood[-1] if writing.lasting.stood else ()
    lasting = writing.lasting.undone(writing.past[-1])
    before = Writing(text=writing.past[-1], past=writing.past[:-1], lasting=lasting, again=again)
    unsaid = writing.lasting.said_by_step
    return Outcome(before, Action.UNDO, hush=bool(unsaid), unsaid=unsaid)


def _speak(writing: Writing, tile: m.Tile) -> Outcome:
    """What is said has its full stop; undo brings back the text as it was written."""
    said = text.ended(writing.text)
    after = wrote(writing, "")
    after = msgspec.structs.replace(after, lasting=after.lasting.spoke(writing.text, said))
    return Outcome(after, Action.SPEAK, say=said)


def _clear(writing: Writing, tile: m.Tile) -> Outcome:
    """More than a few words are asked about first, on a page where the answer stands in another place."""
    if writing.mode is not Mode.CLEARING and len(writing.text.split()) > CLEARED_AT_ONCE:
        return Outcome(turn(writing, Mode.CLEARING, under=writing.under), Action.PAGE)
    return Outcome(wrote(writing, ""), Action.CLEAR)


def _rest(writing: Writing, tile: m.Tile) -> Outcome:
    """What was armed is not any more: who wakes may sit before another program."""
    return Outcome(turn(writing, Mode.REST, lasting=writing.lasting.disarmed()), Action.REST)


def _wake(writing: Writing, tile: m.Tile) -> Outcome:
    """Two tiles in opposite corners, one after the other: staring at one place wakes nothing."""
    if writing.wake_steps == 0:
        return Outcome(turn(writing, Mode.REST, wake_steps=1), Action.PAGE)
    return Outcome(turn(writing, home(writing)), Action.WAKE)


def _help(writing: Writing, tile: m.Tile) -> Outcome:
    return help_called(writing)


def help_called(writing: Writing) -> Outcome:
    """Somebody is called; the text and its letters stand as they were.

    Groups that were looked at, and words gathered for a sentence, have no place there: their page lies beneath,
    and comes back when the call is taken back.
    """
    page = writing.under or writing
    has_more = page.looks or page.looked or page.gathered
    under = msgspec.structs.replace(page, shown=(), saying=False, calling=False, under=None) if has_more else None
    return Outcome(turn(writing, home(writing), calling=True, under=under), Action.HELP, call_help=True)


_RULES: dict[Role, Callable[[Writing, m.Tile], Outcome]] = {
    Role.CANDIDATE: _write,
    Role.PHRASE: _write,
    Role.MORE: _more,
    Role.LETTERS: _letters,
    Role.KEY: _key,
    Role.GROUP: _group,
    Role.LETTER: _letter,
    Role.SPELLED: _write,
    Role.MARKS: _page(Mode.MARKS),
    Role.DIGITS: _page(Mode.DIGITS),
    Role.MARK: _mark,
    Role.CAPITAL: _capital,
    Role.ENDINGS: _page(Mode.ENDINGS),
    Role.BACK: _back,
    Role.UNDO: _undo,
    Role.SPEAK: _speak,
    Role.MENU: _menu,
    Role.PHRASES: _page(Mode.PHRASES),
    Role.CLEAR: _clear,
    Role.REST: _rest,
    Role.WAKE: _wake,
    Role.HELP: _help,
}
