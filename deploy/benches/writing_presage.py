"""Debian's presage as a peer: a program beside this one (GPL), never linked and never bundled.

`presage_demo_text` is asked after each key for its suggestions; the writer counts as `presage_simulator` does: one
keystroke a letter, one for a suggestion taken or for the space behind a word typed in full. Two things differ: the
simulator counts a space behind the last word, which nobody needs, and one selection too many a run.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benches.writing_person import Act, Attention, Written
from benches.writing_phrases import Phrase
from vybor.foundation.errors import Missing

PROGRAMS = ("presage_demo_text", "text2ngram")
CONFIG = Path("/etc/presage.xml")
PREDICTORS = "DefaultAbbreviationExpansionPredictor DefaultSmoothedNgramPredictor DefaultRecencyPredictor"
"""As Debian has them, but for the one that learns from its user."""
PROMPT = b"\n> "
CARDINALITIES = (1, 2, 3)

Say = Callable[[str], None]


def lack() -> str:
    """Why there is no presage to compare with, in one sentence; empty if there is one."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if not CONFIG.is_file():
        missing.append(str(CONFIG))
    if not missing:
        return ""
    return f"presage is not compared with ({', '.join(missing)} missing): sudo apt install presage libpresage-data"


def config(debian: str, count: int, database: Path | None, *, repeats: bool = False) -> str:
    """Debian's configuration with so many suggestions, nothing learned, and maybe another database.

    With `repeats` a word stays among the suggestions while it fits; without, as Debian has it, a word that was
    shown and not taken is not shown again for this word.
    """
    changed = {
        "PREDICTORS": PREDICTORS,
        "ONLINE_LEARNING": "no",
        "SUGGESTIONS": str(count),
        "REPEAT_SUGGESTIONS": "yes" if repeats else "no",
    }
    for tag, value in changed.items():
        debian = re.sub(f"<{tag}>[^<]*</{tag}>", f"<{tag}>{value}</{tag}>", debian)
    if database:
        debian = re.sub("<DBFILENAME>[^<]*</DBFILENAME>", f"<DBFILENAME>{database}</DBFILENAME>", debian)
    return debian


def retrained(sentences: Sequence[str], cache: Path, say: Say) -> Path:
    """A presage database of these sentences, from the cache or made there (two minutes). Raises Missing."""
    text = "\n".join(sentences) + "\n"
    kept = cache / "presage" / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.db"
    if kept.is_file():
        return kept
    say(f"presage: counting {len(sentences)} sentences")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        corpus, fresh = Path(scratch) / "corpus.txt", Path(scratch) / "fresh.db"
        corpus.write_text(text, encoding="utf-8")
        for number in CARDINALITIES:
            command = ["text2ngram", "-n", str(number), "-l", "-f", "sqlite", "-o", str(fresh), str(corpus)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode or not fresh.is_file():
                raise Missing(f"text2ngram failed ({done.stderr.strip() or done.returncode}); look at its package")
        fresh.replace(kept)
    return kept


Ask = Callable[[str], Sequence[str]]
"""What was typed since the last time → the suggestions."""


class Presage(msgspec.Struct, frozen=True):
    """Writing with presage."""

    name: str
    config: Path

    def write(self, phrase: Phrase, attention: Attention) -> Written:
        """Write one phrase with a presage that knows nothing of the phrases before. Raises Missing."""
        with asking(self.config) as ask:
            return written(phrase, ask, attention)


def written(phrase: Phrase, ask: Ask, attention: Attention) -> Written:
    """Type each word until it stands among the suggestions."""
    acts: list[Act] = []
    none = 0
    since = ""
    for place, word in enumerate(phrase.words):
        typed = 0
        shown = ask(since)
        none += word not in shown
        while typed < len(word) and not (word in shown and attention.uses(phrase, place, typed)):
            acts.append(Act(tuple(shown), "letter", word[typed]))
            shown = ask(word[typed])
            typed += 1
        if typed < len(word):
            acts.append(Act(tuple(shown), "suggestion", word))
        elif place < len(phrase.words) - 1:
            acts.append(Act(tuple(shown), "space", " "))
        since = word[typed:] + " "
    return Written(
        characters=len(phrase.text),
        words=len(phrase.words),
        keystrokes=len(acts),
        selections=len(acts),
        positions=len(phrase.words),
        none=none,
        acts=tuple(acts),
    )


@contextmanager
def asking(configuration: Path) -> Iterator[Ask]:
    """A running presage on an empty line. Raises Missing if it ends by itself."""
    command = ["presage_demo_text", "-c", str(configuration)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        try:
            _until_prompt(program)

            def ask(typed: str) -> Sequence[str]:
                assert program.stdin
                program.stdin.write(typed.encode() + b"\n")
                program.stdin.flush()
                return suggestions(_until_prompt(program))

            yield ask
        finally:
            program.kill()


def suggestions(answer: str) -> list[str]:
    """The words in an answer of presage_demo_text: one a line, up to the line with the context."""
    words, _, _ = answer.partition("-- Context:")
    return [line.strip().lower() for line in words.splitlines() if line.strip()]


def _until_prompt(program: "subprocess.Popen[bytes]") -> str:
    assert program.stdout
    assert program.stderr
    read = b""
    while not read.endswith(PROMPT):
        more = program.stdout.read1(65536)  # type: ignore[attr-defined]
        if not more:
            said = program.stderr.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise Missing(f"presage ended ({said[-1]}); is its package whole?")
        read += more
    return read.decode(errors="replace")
