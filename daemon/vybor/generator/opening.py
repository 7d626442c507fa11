"""What the model reads before the person's text: header, the other person's turn, style, notes, what was spoken.

The header is a conversation. What the other person just said takes the place that the recipe keeps for it there,
as their turn; where the recipe keeps none, it is a line before the text.
"""

from collections.abc import Sequence

from vybor.generator.bundle import Manifest
from vybor.generator.vocabulary import Vocabulary

PARTNER_TOKENS = 60
"""Of what the other person said, its end: some 200 letters."""
STYLE_TOKENS = 60
LATELY_TOKENS = 60
"""Of what the person spoke lately, its end."""
NOTE_TOKENS = 120
"""Of the notes at most: as much as a few sentences, and an eighth of what the model can read."""
PLACE = "{partner}"
"""Where in `Manifest.answering` their words stand."""


class Opening:
    """The tokens before a text."""

    def __init__(self, manifest: Manifest, vocabulary: Vocabulary, style: str = "") -> None:
        self._vocabulary = vocabulary
        self._style = vocabulary.encode(f"{style}\n")[:STYLE_TOKENS] if style else []
        self._header = vocabulary.encode_header(manifest.header)
        before, place, after = (manifest.answering or f"{manifest.header}{PLACE}\n").partition(PLACE)
        self._before, self._after = (vocabulary.encode_header(part) if place else [] for part in (before, after))

    def tokens(self, partner: str, notes: str, lately: Sequence[str] = ()) -> list[int]:
        """The header, with their turn if there is one, the line of style, the notes, what was spoken lately."""
        header = self._header
        if partner:
            header = self._before + self._vocabulary.encode(partner)[-PARTNER_TOKENS:] + self._after
        spoken = self._vocabulary.encode("".join(f"{text}\n" for text in lately))[-LATELY_TOKENS:]
        return header + self._style + self._vocabulary.encode(notes)[:NOTE_TOKENS] + spoken
