"""Where words come from: the list, what was learned of the person, what others gave; and rules made of them."""

import uuid

from vybor.composer.text import join
from vybor.contracts import messages as m
from vybor.core.beginning import word_list
from vybor.core.decision.rules import Rules, anything
from vybor.core.words.answers import Instant
from vybor.core.words.gifts import Gifts
from vybor.core.words.learning import Learning
from vybor.core.words.own import OwnSentences
from vybor.core.words.russian import endings_for
from vybor.foundation.bus import Bus
from vybor.foundation.settings import Settings
from vybor.foundation.start import Start
from vybor.instant.anchors import own_words
from vybor.instant.initials import Initials


class Vocabulary:
    """All of them, open until `close`."""

    def __init__(self, start: Start, bus: Bus) -> None:
        language, places = start.settings.language, start.places
        self._words, self._missing = word_list(places, language)
        self.learning = Learning(places.own_words(language), bus, start.key)
        self.own = OwnSentences(bus, wanted=start.settings.generator.anchors)
        self._endings = endings_for(start.settings, self._words, lambda: self.learning.personal)
        self.gifts = Gifts(start, lambda: self.learning.personal, self._endings.ready)
        self._instant = Instant(self._words, self.learning, self.own, language, self.gifts.words)
        self.learning.phrases = lambda: self.gifts.phrases.book().own

    def rules(self, settings: Settings, fitted: Settings, standing: m.Standing) -> Rules:
        """What is decided by; `fitted`: the settings as they are in force since the last fitting."""
        instant = self._instant
        return Rules(
            session=uuid.uuid4().hex,
            language=settings.language,
            commit=fitted.commit,
            settings=fitted,
            instant=instant.answer,
            mix=instant.mix,
            count=settings.generator.candidates,
            look_ahead=settings.generator.look_ahead,
            own_words=lambda prompt: own_words(prompt, self.own.spoken),
            anchors=settings.generator.anchors,
            remembers=settings.generator.remember,
            allowed=anything if settings.generator.profanity else instant.is_allowed,
            initials=Initials(instant.beginning_with, join, lambda: self.learning.revision).words,
            endings=self._endings,
            book=self.gifts.phrases.book,
            words=instant.identity,
            zones=0 if settings.display.zones == "auto" else settings.display.zones,
            standing=standing,
        )

    def missing(self) -> str:
        """Why there is no word list, or not the whole of it; empty where there is."""
        return self._missing or (self._words.damage if self._words else "")

    def close(self) -> None:
        """Let go of the word list's file."""
        if self._words:
            self._words.close()
