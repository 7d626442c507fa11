"""What Russian adds to the rules of the decision: endings that agree, and the other forms of the last word."""

import logging
from collections.abc import Callable, Sequence

from vybor.core.decision.endings import Endings
from vybor.foundation.settings import Language, Settings
from vybor.instant.tier import Personal, WordList

log = logging.getLogger("vybor.core")


def endings_for(settings: Settings, words: WordList | None, personal: Callable[[], Personal]) -> Endings:
    """The endings of the kit's language, ranked by the word list and what `personal` has learned.

    Without its dictionary a Russian kit writes on, with endings as they come.
    """
    if settings.language is not Language.RUSSIAN:
        return Endings()
    try:
        from vybor.instant.russian import agreement, endings, morphology  # noqa: PLC0415  (31 MB, Russian only)

        dictionary = morphology.Morphology()
    except (ImportError, OSError, ValueError) as error:
        log.warning("no Russian endings: install pymorphy3 and pymorphy3-dicts-ru anew (%s)", error)
        return Endings()
    mended = agreement.Agreement(dictionary, settings.wearer)

    def chances(text: str, forms: Sequence[str]) -> Sequence[float]:
        return words.chances(text, forms, personal()) if words else (0.0,) * len(forms)

    def forms(text: str) -> Sequence[str]:
        return endings.forms_of_last(text, dictionary, chances, mended.form)

    return Endings(mended.agreed, forms, mended.sentence)
