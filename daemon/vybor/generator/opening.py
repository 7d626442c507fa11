"""What the model reads before the person's text: header, what was said by whom, the line of style, notes.

The header is a conversation. What the person spoke in the minutes before, and what the other person then said,
take the places that the recipe keeps for them there, as their turns; where it keeps none, they are lines before
the text.
"""

import re
from collections.abc import Mapping, Sequence

from vybor.generator.network.bundle import Manifest
from vybor.generator.vocabulary import Vocabulary

PARTNER_TOKENS = 60
"""Of what the other person said, its end: some 200 letters."""
LATELY_TOKENS = 60
"""Of what the person spoke lately, its end."""
STYLE_TOKENS = 60
NOTE_TOKENS = 120
"""Of the notes at most: as much as a few sentences, and an eighth of what the model can read."""
MOST_OF = {"partner": PARTNER_TOKENS, "lately": LATELY_TOKENS}
PLACES = re.compile(r"\{(partner|lately)\}")

Form = tuple[list[int] | str, ...]
"""Tokens, and between them the names of what stands there."""


class Opening:
    """The tokens before a text."""

    def __init__(self, manifest: Manifest, vocabulary: Vocabulary, style: str = "") -> None:
        self._vocabulary = vocabulary
        self._style = vocabulary.encode(f"{style}\n")[:STYLE_TOKENS] if style else []
        self._alone = self._form(manifest.header)
        self._answering = self._form(manifest.answering or f"{manifest.header}{{partner}}\n")
        self._continuing = self._form(manifest.continuing or f"{manifest.header}{{lately}}\n")

    def tokens(self, partner: str, notes: str, lately: Sequence[str] = ()) -> list[int]:
        """The header, with the turns that there are, the owner's line of style, and the notes."""
        form = self._alone
        if lately:
            form = self._continuing
        if partner:
            form = self._answering
        header = self._filled(form, {"partner": partner, "lately": " ".join(lately)})
        return header + self._style + self._vocabulary.encode(notes)[:NOTE_TOKENS]

    def _form(self, whole: str) -> Form:
        parts = PLACES.split(whole)  # what lies between places, and each second one the name of a place
        return tuple(part if at % 2 else self._vocabulary.encode_header(part) for at, part in enumerate(parts))

    def _filled(self, form: Form, said: Mapping[str, str]) -> list[int]:
        tokens: list[int] = []
        for part in form:
            tokens += self._vocabulary.encode(said[part])[-MOST_OF[part] :] if isinstance(part, str) else part
        return tokens
