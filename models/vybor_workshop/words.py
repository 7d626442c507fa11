"""Builds the word list of a language: what the instant tier knows before it has met its person."""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import msgspec
import wordfreq

from vybor.composer import letters
from vybor.foundation.errors import Missing
from vybor.instant import keys, tokens, word_list
from vybor.instant.word_list import WordFile, WordListError
from vybor_workshop import materials, words_corpus, words_counts, words_file, words_lexicon

CHITCHAT = materials.Material(
    package="chitchat-dataset",
    version="0.9.0",
    member="chitchat_dataset/dataset.json",
    sha256="d2a5d0bf6acf354fef51f3af39cbece2220d3b8f6086b658c3d335105798312a",
    licence="MIT",
)
FREQUENCY_LICENCE = "CC-BY-SA-4.0"
"""Of wordfreq's data; a list made with them is shared alike."""

CORPORA: dict[str, materials.Material | None] = {"en": CHITCHAT, "ru": None}
"""Conversations for each language; without any the list has words but no contexts."""

_RULES = (letters, keys, word_list, tokens, words_corpus, words_counts, words_file, words_lexicon)
"""The modules that decide what stands in the file: when one changes, the list is another one."""


class Origin(msgspec.Struct, frozen=True):
    """What a list is made of."""

    language: str
    corpus: materials.Material | None
    wordfreq: str
    frequencies_sha256: str
    rules_sha256: str

    @property
    def hash12(self) -> str:
        """Names the list among others."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:12]

    def meta(self) -> dict[str, str]:
        """Rows for the list's `meta` table."""
        licences = [FREQUENCY_LICENCE]
        rows = {
            "language": self.language,
            "frequencies": f"wordfreq {self.wordfreq}",
            "frequencies_sha256": self.frequencies_sha256,
            "rules_sha256": self.rules_sha256,
        }
        if self.corpus:
            licences.insert(0, self.corpus.licence)
            rows["corpus"] = f"{self.corpus.package} {self.corpus.version}"
            rows["corpus_sha256"] = self.corpus.sha256
        return {**rows, "licence": " AND ".join(licences)}


def build(out: Path | None, cache: Path, say: materials.Say, language: str = "en") -> Path:
    """Make the word list of a language in the cache, or find it there, copy it to `out` if given; return its path.

    Raises Missing for a language that there is no list for, MaterialError, and PlaceError.
    """
    origin = origin_of(language)
    kept = cache / "words" / f"{language}-{origin.hash12}.sqlite"
    if not _is_whole(kept):
        messages: Iterable[tuple[str, str]] = ()
        if origin.corpus:
            messages = words_corpus.read_chitchat(materials.fetch(origin.corpus, cache, say))
        make(kept, origin, messages, wordfreq.get_frequency_dict(language, "best"), say)
    return _copied(kept, out) if out else kept


def origin_of(language: str) -> Origin:
    """What the list of a language would be made of now; raises Missing for a language without one."""
    if language not in CORPORA:
        raise Missing(f"there is no word list for the language {language}; there are {', '.join(sorted(CORPORA))}")
    rules = hashlib.sha256()
    for module in _RULES:
        rules.update(Path(str(module.__file__)).read_bytes())
    return Origin(
        language=language,
        corpus=CORPORA[language],
        wordfreq=version("wordfreq"),
        frequencies_sha256=materials.sha256_of(Path(wordfreq.available_languages("best")[language])),
        rules_sha256=rules.hexdigest(),
    )


def make(
    path: Path,
    origin: Origin,
    messages: Iterable[tuple[str, str]],
    frequencies: Mapping[str, float],
    say: materials.Say,
) -> None:
    """Count (speaker, text) messages, mix in the language's own word frequencies, and write the list."""
    say(f"words {origin.language}: reading")
    sentences = list(words_corpus.clean(messages, origin.language))
    lexicon = words_lexicon.lexicon(origin.language, sentences, frequencies)
    say(f"words {origin.language}: counting {len(sentences)} sentences, {len(lexicon.written)} words")
    trigram = words_counts.trigram(sentences, lexicon)
    say(f"words {origin.language}: writing {len(trigram.contexts)} contexts")
    words_file.write(path, trigram, lexicon.written, origin.meta())
    say(f"words {origin.language}: {path.name}, {path.stat().st_size / 1e6:.1f} MB")


def _is_whole(path: Path) -> bool:
    try:
        WordFile(path).close()
    except WordListError:
        return False
    return True


def _copied(kept: Path, out: Path) -> Path:
    with words_file.in_place_of(out) as copy:
        shutil.copyfile(kept, copy)
    return out
