"""What the deciding process is told at its start that cannot be as it should be: settings, the word list."""

from collections.abc import Sequence

from vybor.contracts import messages as m
from vybor.foundation.errors import VyborError
from vybor.foundation.places import Places
from vybor.instant.tier import WordList


def wrong_settings(sentences: Sequence[str]) -> tuple[m.Notice, ...]:
    """One notice for all that is wrong with the settings: this process tells it for every other."""
    if not sentences:
        return ()
    more = f" (and {len(sentences) - 1} more: vybor doctor)" if sentences[1:] else ""
    return (m.Notice(process="core", trouble=m.Trouble.SETTINGS_WRONG, detail=sentences[0] + more),)


def word_list(places: Places, language: str) -> tuple[WordList | None, str]:
    """The instant tier, or why there is none: then letters and the model write."""
    try:
        return WordList.open(places.words(language)), ""
    except VyborError as error:
        return None, str(error)
