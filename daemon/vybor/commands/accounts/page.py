"""The page of `vybor authorship --html`: one file that needs nothing beside it, no script and no network.

What a part comes from stands in words under it; colour and line only say it again.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from vybor.accounting.account import Utterance
from vybor.accounting.words import words_in
from vybor.commands.accounts.authorship import bits_lines, step_line
from vybor.commands.reports import paper
from vybor.foundation import small_files
from vybor.foundation.errors import PlaceError
from vybor.utterances.provenance import Origin, Stretch, stretches

COLOURS: dict[Origin, tuple[str, str]] = {
    Origin.SPELLED: ("#0b4d1a", "solid"),
    Origin.GROUP: ("#0b4d1a", "dotted"),
    Origin.LIST: ("#003c5c", "solid"),
    Origin.OWN: ("#003c5c", "double"),
    Origin.MODEL: ("#6b2c00", "solid"),
    Origin.TOPIC: ("#6b2c00", "double"),
    Origin.GREY: ("#4a4a4a", "dashed"),
    Origin.PHRASE: ("#4a1463", "solid"),
    Origin.OWN_SENTENCE: ("#4a1463", "double"),
    Origin.SENTENCE: ("#7a0019", "solid"),
    Origin.ENDING: ("#1a237e", "dashed"),
    Origin.FULL_STOP: ("#333333", "dotted"),
    Origin.UNKNOWN: ("#000000", "dashed"),
}
"""Letters on white, each with a contrast of 7 and more, and the line below them."""
STYLE = """\
body { font: 20px/1.5 sans-serif; color: #111; background: #fff; max-width: 50em; margin: 2em auto }
.said { font-size: 36px; line-height: 2.4 }
.said span { display: inline-block; white-space: pre; text-align: center; vertical-align: top; line-height: 1.3 }
.said small { display: block; font-size: 14px; color: #333; padding: 0 .4em }
li { margin: .2em 0 }
"""


def page(utterance: Utterance, language: str) -> str:
    """The whole page."""
    words = words_in(language)
    heading = (words.utterance if utterance.number else words.draft).format(number=utterance.number, text="")
    parts = stretches(utterance.said, utterance.origins)
    body = [
        f'<p class="said">{"".join(_part(part, words.origins[part.origin]) for part in parts)}</p>',
        *([f"<p>{escape(words.taken_back)}</p>"] if utterance.taken_back else []),
        *(f"<p>{escape(line)}</p>" for line in bits_lines(utterance, language)),
        *([f"<p>{escape(words.is_private)}</p>"] if utterance.is_hidden else _replay(utterance, language)),
    ]
    return paper.page(body, language, heading.rstrip(": "), style=STYLE + "".join(_rules()))


def _replay(utterance: Utterance, language: str) -> Iterator[str]:
    words = words_in(language)
    yield f"<h2>{escape(words.replay)}</h2><ol>"
    yield from _steps(utterance, language)
    yield f"</ol><p>{escape(words.meaning)}</p>"


def write(path: Path, utterance: Utterance, language: str) -> None:
    """Write the page for its owner alone. Raises PlaceError."""
    try:
        small_files.write(path, page(utterance, language), 0o600)
    except OSError as error:
        raise PlaceError(f"the page cannot be written to {path} ({error.strerror}); name another file") from None


def _rules() -> Iterator[str]:
    for origin, (colour, line) in COLOURS.items():
        yield f".{origin.value} {{ color: {colour}; border-bottom: 4px {line} {colour} }}\n"


def _part(part: Stretch, name: str) -> str:
    if part.origin is Origin.SPACE:
        return " "
    return f'<span><b class="{part.origin.value}">{escape(part.text)}</b><small>{escape(name)}</small></span>'


def _steps(utterance: Utterance, language: str) -> Iterator[str]:
    for number, step in enumerate(utterance.steps, start=1):
        line = step_line(number, step, language).strip().partition(". ")[2]
        yield f"<li>{escape(line)}</li>"
