"""The page on the console: large letters, sentences, and what a carer can do, in ANSI. Pure."""

import textwrap
from collections.abc import Iterable

import msgspec

from vybor.safe import letters
from vybor.safe.help import UNDER_WAY, Stage
from vybor.safe.words import ENGLISH, LANGUAGES, Words, large

CLEAR = "\x1b[0m\x1b[2J\x1b[H"
BEGIN = "\x1b%G\x1b[9;0]\x1b[13]\x1b[?25l" + CLEAR
"""UTF-8, a screen that is never blanked, is not blank now, and has no cursor."""
END = CLEAR + "\x1b[?25h"
LARGE, BOLD, PLAIN = "\x1b[1;33m", "\x1b[1;37m", "\x1b[0;37m"
DOT, NO_DOT = "\x1b[7m", "\x1b[27m"
"""A dot is a space on a turned ground: it needs no font."""
MARGIN = 2
LEAST_TEXT_ROWS = 12
"""Large letters leave so much room for the sentences, or there are none."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says."""

    language: str
    hears: bool
    """Whether keys can be read."""
    stage: Stage = Stage.NONE
    text_kept: bool = True
    reason: str = ""
    """Why the display is gone, where that is known."""
    problem: str = ""
    """Why the call for help is not heard."""
    wrong: str = ""
    """What is wrong with the settings."""


def page(facts: Facts, columns: int, rows: int) -> str:
    """The whole page for a console of this size; what does not fit is left out from below."""
    words = LANGUAGES.get(facts.language, ENGLISH)
    lines = _large(words, facts, columns, rows)
    lines += ["", *_wrapped(_sentences(words, facts), columns, BOLD)]
    lines += ["", *_wrapped(words.why.format(reason=facts.reason or words.not_known), columns, PLAIN)]
    if facts.wrong:
        lines += ["", *_wrapped(words.wrong_settings.format(problem=facts.wrong), columns, PLAIN)]
    lines += ["", *_wrapped(words.carer, columns, PLAIN)]
    for other in LANGUAGES.values():
        if other is not words:
            lines += _wrapped(other.carer, columns, PLAIN)
            lines += ["", *_wrapped(_sentences(other, facts), columns, PLAIN)]
    return BEGIN + "\r\n".join(lines[: rows - 1])


def _sentences(words: Words, facts: Facts) -> str:
    """What happens, whether the text is kept, and how help is called."""
    kept = words.text_kept if facts.text_kept else words.text_in_doubt
    return " ".join((words.restarts, kept, *_about_help(words, facts)))


def _about_help(words: Words, facts: Facts) -> Iterable[str]:
    if facts.stage in UNDER_WAY:
        yield words.calling
    elif facts.stage is Stage.HEARD:
        yield words.called
    elif facts.stage is Stage.NONE:
        yield words.press if facts.hears else words.cannot_press
    if facts.problem:
        yield words.no_sound.format(problem=facts.problem.rstrip("."))


def _wrapped(text: str, columns: int, style: str) -> list[str]:
    wrapped = textwrap.wrap(text, max(10, columns - 2 * MARGIN))
    return [" " * MARGIN + style + line for line in wrapped]


def _large(words: Words, facts: Facts, columns: int, rows: int) -> list[str]:
    """Two lines of large letters, as large as the console allows; none on one that is too small."""
    lines = [letters.rows(text) for text in large(words, facts.stage, hears=facts.hears) if text]
    widest = max(len(line[0]) for line in lines)
    high = len(lines) * (letters.ROWS + 1)
    scale = min((columns - 2 * MARGIN) // widest, (rows - LEAST_TEXT_ROWS - 1) // high)
    if scale < 1:
        return []
    drawn: list[str] = []
    for line in lines:
        drawn.append("")
        for row in line:
            drawn += [" " * MARGIN + LARGE + _dots(row, scale)] * scale
    return drawn


def _dots(row: str, scale: int) -> str:
    """A row of dots; runs of dots are turned as one."""
    wide = "".join(dot * scale for dot in row.rstrip())
    drawn, last = "", " "
    for dot in wide:
        if dot != last:
            drawn += DOT if dot == "#" else NO_DOT
        drawn += " "
        last = dot
    return drawn + (NO_DOT if last == "#" else "")
