"""What holds over all pages: the words that stood behind each step, what was spoken, what is private. Pure."""

import itertools
from collections.abc import Sequence

import msgspec

from vybor.composer.text import ended
from vybor.contracts import messages as m

MOST_SPOKEN = 20
"""So many of the last utterances are known to have been spoken: more are hardly undone one by one."""

Words = tuple[m.Tile, ...]
"""The words that stood on tiles when a choice was made."""


class Spoken(msgspec.Struct, frozen=True):
    """A text that was spoken and not taken back by undo."""

    text: str
    """As it was written."""
    depth: int
    """How many steps the text had behind it then."""
    mended: int | None = None
    """How many it had once it was said not to have been meant; None: it holds."""
    session: str = ""
    """With the number the decision that spoke it; empty: nobody knows."""
    number: int = 0


class Said(msgspec.Struct, frozen=True):
    """Something that was said aloud and not taken back."""

    text: str
    step: int | None = None
    """How many steps the text had behind it once this was said by one of them; None: said beside the text."""
    number: int = 0
    """The decision that said it; 0: nobody knows."""


class Kit(msgspec.Struct, frozen=True):
    """What is so of the kit itself."""

    is_night: bool = False
    """Whether the display wears the colours of the night."""
    display: str = ""
    """The run of the display that told all this."""
    ways_out: tuple[m.WayOut, ...] = ()
    """How what is spoken can reach another program of the same desktop."""
    armed: m.WayOut | None = None
    """Which of them the person has armed: until they rest, or the kit or its display starts again."""
    sharing: m.Sharing | None = None
    """How what leaves the kit stands; None until sync has told it."""
    readers: m.Readers | None = None
    """Who at a browser reads along or asks to; None: nobody."""


class Lasting(msgspec.Struct, frozen=True):
    """It goes along from page to page, and changes with the text."""

    stood: tuple[Words, ...] = ()
    """Of the texts before this one, the newest last; fewer after a restart."""
    depth: int = 0
    """Steps that undo could take back since the start."""
    spoken: tuple[Spoken, ...] = ()
    said: tuple[Said, ...] = ()
    """All that was said aloud, answers and repetitions too, the newest last."""
    incognito: bool = False
    """Nothing is learned until that is switched off."""
    is_told: bool = False
    """Whether the person has switched that since the start: then it holds, whatever the record says of before."""
    private: frozenset[str] = frozenset()
    """Texts of which nothing is learned, among this one, those that undo brings back, and what was spoken."""
    kit: Kit = Kit()

    def is_private(self, text: str) -> bool:
        """Whether nothing of this text is learned: once private, it stays so until it is spoken or cleared."""
        return self.incognito or text in self.private

    def wrote(self, past: Sequence[str], new: str, words: Words) -> "Lasting":
        """A text follows the last one of the past, chosen where these words stood."""
        goes_on = bool(new) and self.is_private(past[-1])
        reached = (self.private | {new}) if goes_on else (self.private - {new})
        return msgspec.structs.replace(
            self,
            stood=(*self.stood, words)[-len(past) :],
            depth=self.depth + 1,
            private=reached & {*past, new, *(one.text for one in self.spoken)},
        )

    @property
    def stands(self) -> tuple[Said, ...]:
        """All that was said and holds: without what the person said not to have meant."""
        mended = {one.depth for one in self.spoken if one.mended is not None}
        return tuple(one for one in self.said if one.step not in mended)

    @property
    def aloud(self) -> frozenset[str]:
        """All that was said aloud and not taken back, before a restart too."""
        return frozenset(one.text for one in self.said) | {ended(one.text) for one in self.spoken}

    @property
    def said_by_step(self) -> str:
        """What the last step said aloud, which is taken out of the mouth with it; empty if it said nothing."""
        return self._said_by(self.depth)

    @property
    def said_last(self) -> str:
        """What was said last and not taken back; empty if nothing was."""
        return self.said[-1].text if self.said else ""

    def said_aside(self, text: str) -> "Lasting":
        """Something was said beside the text."""
        return msgspec.structs.replace(self, said=(*self.said, Said(text))[-MOST_SPOKEN:])

    def unsaid(self) -> "Lasting":
        """What was said last is taken back."""
        return msgspec.structs.replace(self, said=self.said[:-1])

    def undone(self, text: str) -> "Lasting":
        """The last step is taken back to this text; if that was speaking, or that it was not meant, so is that.

        A text that comes back while nothing is learned is private from then on, however it was written.
        """
        spoken = self.spoken
        if spoken and spoken[-1].mended == self.depth:
            spoken = (*spoken[:-1], msgspec.structs.replace(spoken[-1], mended=None))
        elif spoken and spoken[-1].depth == self.depth:
            spoken = spoken[:-1]
        return msgspec.structs.replace(
            self,
            stood=self.stood[:-1],
            depth=self.depth - 1,
            spoken=spoken,
            said=self._said_before_step(),
            private=self.private | {text} if self.incognito and text else self.private,
        )

    def spoke(self, text: str, said: str) -> "Lasting":
        """The step that was just made spoke this text, and said it like that."""
        return msgspec.structs.replace(
            self,
            spoken=(*self.spoken, Spoken(text, self.depth))[-MOST_SPOKEN:],
            said=(*self.said, Said(said, self.depth))[-MOST_SPOKEN:],
        )

    @property
    def to_mend(self) -> str:
        """What was spoken last, if it may still turn out not to have been meant; else empty."""
        return self.spoken[-1].text if self.spoken and self.spoken[-1].mended is None else ""

    @property
    def said_to_mend(self) -> str:
        """How that was said aloud; empty if there is nothing to mend."""
        return self._said_by(self.spoken[-1].depth) if self.to_mend else ""

    def mended(self, is_private: bool, said: str) -> "Lasting":
        """The step that was just made brought back what was spoken last, and said that it was not meant."""
        last = self.spoken[-1]
        again = self.private | {last.text} if is_private else self.private
        spoken = (*self.spoken[:-1], msgspec.structs.replace(last, mended=self.depth))
        told = (*self.said, Said(said, self.depth))[-MOST_SPOKEN:]
        return msgspec.structs.replace(self, spoken=spoken, said=told, private=again)

    def _said_by(self, step: int) -> str:
        """What this step said aloud; empty if it said nothing. Of before a restart the text alone is known."""
        written = (ended(one.text) for one in reversed(self.spoken) if one.depth == step)
        return next((one.text for one in reversed(self.said) if one.step == step), next(written, ""))

    def _said_before_step(self) -> tuple[Said, ...]:
        """What was said without the last step, and without what it said being said again."""
        at = next((at for at, one in enumerate(self.said) if one.step == self.depth), None)
        if at is None:
            return self.said
        later = (one for one in self.said[at + 1 :] if one.text != self.said[at].text)
        return (*self.said[:at], *later)

    def disarmed(self) -> "Lasting":
        """What is spoken goes to the voice alone."""
        return msgspec.structs.replace(self, kit=msgspec.structs.replace(self.kit, armed=None))

    def unlearned(self, past: Sequence[str], text: str) -> "Lasting":
        """Nothing of this text is learned, nor of what undo makes of it, down to the empty line."""
        line = itertools.takewhile(bool, reversed((*past, text)))
        return msgspec.structs.replace(self, private=self.private | set(line))


def words_at(past: Sequence[str], stood: Sequence[Words], text: str) -> Words:
    """The words that stood when this text was gone on from last; none if it never was, or nobody knows."""
    known = zip(reversed(past), reversed(stood), strict=False)
    return next((words for before, words in known if before == text), ())
