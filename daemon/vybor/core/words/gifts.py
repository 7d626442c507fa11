"""The phrases that the wearer keeps or was given, and words that they were given: their files, and who asks."""

from collections.abc import Callable

from vybor.composer.phrases import Ready
from vybor.contracts import messages as m
from vybor.core.words.given_words import WordBook
from vybor.core.words.phrase_book import PhraseBook
from vybor.foundation.start import Start
from vybor.instant.personal import Personal


class Gifts:
    """Both books."""

    def __init__(self, start: Start, personal: Callable[[], Personal], ready: Ready) -> None:
        language, places = start.settings.language, start.places
        self.phrases = PhraseBook(places.own_phrases(language), personal, ready, start.key)
        self.words = WordBook(places.given_words(language), start.key)
        self.phrases.beside = self.words.forget

    def asked(self, command: m.AnyCommand, now_ns: int) -> m.AnyReply | None:
        """Answer a command; None if it asks for something else."""
        return self.phrases.asked(command, now_ns) or self.words.asked(command, now_ns)

    def acted(self, now_ns: int) -> None:
        """The person chose something."""
        self.phrases.acted(now_ns)
        self.words.acted(now_ns)

    def notices(self, now_ns: int) -> tuple[m.Notice, ...]:
        """What the person should know now."""
        return self.phrases.notices(now_ns) + self.words.notices()
