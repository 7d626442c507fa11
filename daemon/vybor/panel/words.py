"""What the page says, in the kit's language. English stands in texts, the others in locale/<language>/.

After a change: `pybabel compile -D panel -d daemon/vybor/panel/locale`. Troubles are said as on the kit's screen.
"""

import gettext
from enum import StrEnum
from pathlib import Path

from vybor.contracts.messages import Electrode, Eyes, Notice, PairingEnd, Thrift
from vybor.display.says import words as screen
from vybor.panel import texts, texts_leaving
from vybor.panel.door import Answer
from vybor.panel.faring import Standing, Version
from vybor.panel.own_texts import OwnText
from vybor.panel.texts import Text
from vybor.panel.texts_given import PhraseText, TopicText, WordText
from vybor.panel.texts_leaving import Leaving

LOCALE = Path(__file__).with_name("locale")
DOMAIN = "panel"
MORE = ("settings",)
"""Of single pages: what each says stands in a file of its own."""
CONTEXTS: dict[str, tuple[str, ...]] = {
    "text": tuple(dict.fromkeys((*Text, *PhraseText, *WordText, *TopicText, *OwnText, *Leaving))),
    "pairing": tuple(texts_leaving.ENDS.values()),
    "bundle": tuple(texts_leaving.MEMBERS.values()),
    "answer": tuple(texts.ANSWERS.values()),
    "part": tuple(texts.PARTS.values()),
    "standing": tuple(texts.STANDINGS.values()),
    "thrift": tuple(texts.THRIFTS.values()),
    "eyes": (*texts.EYES.values(), texts.NO_LOOK),
    "place": tuple(texts.PLACES.values()),
    "electrode": tuple(texts.ELECTRODES.values()),
    "grown": tuple(texts.GROWN.values()),
    "begin": tuple(text for each in texts.BEGINNINGS.values() for text in each),
}
"""Everything that can be said, under the context that it has in the .po files."""


class Words:
    """One language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translation = gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
        for more in MORE:
            self._translation.add_fallback(gettext.translation(more, LOCALE, [language], fallback=True))
        self._screen = screen.words_in(language)

    def text(self, text: StrEnum, **filled: object) -> str:
        """One of the page's own sentences."""
        return self._say("text", text).format(**filled)

    def answer(self, answer: Answer) -> str:
        """Why digits did not open."""
        return self._say("answer", texts.ANSWERS[answer])

    def part(self, process: str) -> str:
        """The name of a process."""
        return self._say("part", texts.PARTS[process])

    def standing(self, standing: Standing) -> str:
        """How it is doing."""
        return self._say("standing", texts.STANDINGS[standing])

    def notice(self, notice: Notice) -> str:
        """A trouble, as the kit's screen says it."""
        return self._screen.notice(notice)

    def eyes(self, eyes: Eyes | None) -> str:
        """What the camera sees of them."""
        return self._say("eyes", texts.EYES[eyes] if eyes else texts.NO_LOOK)

    def thrift(self, thrift: Thrift) -> str:
        """What the kit does without."""
        return self._say("thrift", texts.THRIFTS[thrift])

    def place(self, electrode: Electrode) -> str:
        """Where an electrode sits."""
        return self._say("place", texts.PLACES[electrode.at])

    def electrode(self, electrode: Electrode) -> str:
        """How it sits, and what helps."""
        return self._say("electrode", texts.ELECTRODES[electrode.state])

    def pairing_ended(self, end: PairingEnd) -> str:
        """What became of the last window for pairing."""
        return self._say("pairing", texts_leaving.ENDS[end])

    def bundled(self) -> dict[str, str]:
        """The files of a bundle, and what each holds."""
        return {name: self._say("bundle", holds) for name, holds in texts_leaving.MEMBERS.items()}

    def learned(self, version: Version) -> str:
        """Something that the workstation sent, and how far it is."""
        return self.text(Text.VERSION, serial=version.serial, state=self.grown(version))

    def grown(self, version: Version) -> str:
        """How far it is."""
        return self._say("grown", texts.GROWN[version.state])

    def beginning(self, name: str) -> texts.Beginning:
        """What is begun: on its button, and what the wearer sees then."""
        beginning = texts.BEGINNINGS[name]
        return texts.Beginning(self._say("begin", beginning.button), self._say("begin", beginning.about))

    def said(self, context: str, english: str) -> str:
        """What a page says under a context of its own."""
        return self._say(context, english)

    def _say(self, context: str, english: str) -> str:
        return self._translation.pgettext(context, english)
