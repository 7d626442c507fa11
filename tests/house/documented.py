"""The commands that the README and the pages name: collected, and each as its words."""

import argparse
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "deploy/docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
OURS = ("vybor", "vybor-workshop")
OTHERS = (
    *("systemctl", "systemd-run", "journalctl", "loginctl", "apt", "sh", "python3", "pip", "echo", "reboot"),
    *("lsblk", "mount", "umount", "swapoff", "tar", "rm", "chown"),
)
"""Programs of the system that a page tells somebody to call."""


class Named(NamedTuple):
    """One command, where it stands."""

    page: str
    line: int
    words: tuple[str, ...]
    """Without `sudo`, settings of the environment, comments, and where its output goes."""
    is_typed: bool
    """Whether it stands on a line of its own, to be typed; else a sentence names it, perhaps not in full."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {' '.join(self.words)}"

    @property
    def program(self) -> str:
        """What is called, from a checkout, an environment or by its name alone."""
        folder, _, name = self.words[0].rpartition("/")
        return self.words[0] if folder == "deploy" and name not in OURS else name


def commands(page: Path) -> list[Named]:
    """All of a page, in its order."""
    text = page.read_text(encoding="utf-8")
    return sorted((*_lines(page.name, text), *_within(page.name, text)), key=lambda named: named.line)


def everywhere() -> list[Named]:
    """All of all pages."""
    return [named for page in PAGES for named in commands(page)]


def _lines(page: str, text: str) -> Iterator[Named]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("    "):
            yield from (Named(page, number, words, True) for words in called(line))


def _within(page: str, text: str) -> Iterator[Named]:
    sentences = re.sub(r"^    .*$", "", text, flags=re.MULTILINE)
    for found in re.finditer(r"`([^`]+)`", sentences):
        number = sentences.count("\n", 0, found.start()) + 1
        yield from (Named(page, number, words, False) for words in called(found[1]))


def called(line: str) -> Iterator[tuple[str, ...]]:
    """The commands of a line: several if it is a pipe, none if it is none."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # a sentence with an apostrophe
        return
    ends = [at for at, word in enumerate(words) if word in ("|", "&&", ">", ">>")]
    for begins, end in zip([-1, *ends], [*ends, len(words)], strict=True):
        if begins < 0 or words[begins] in ("|", "&&"):
            one = _bare(words[begins + 1 : end])
            is_place = len(one) == 1 and one[0].startswith("/")
            if one and _is_program(one[0]) and not is_place:
                yield tuple(one)


def _bare(words: Sequence[str]) -> Sequence[str]:
    while words and (words[0] == "sudo" or re.fullmatch(r"[A-Z_]+=\S*", words[0])):
        words = words[1:]
    return words


def _is_program(word: str) -> bool:
    folder, _, name = word.rpartition("/")
    if folder == "deploy":
        return bool(re.fullmatch(r"[a-z-]+", name))
    return name in (*OURS, *OTHERS) and (not folder or folder.endswith("/bin"))


def said_by_the_kit() -> dict[str, str]:
    """What its screens and the carer's pages say: in Russian, by the English of it."""
    pairs: dict[str, str] = {}
    for catalogue in (ROOT / "daemon/vybor").glob("*/locale/ru/LC_MESSAGES/*.po"):
        whole = catalogue.read_text(encoding="utf-8").replace('"\n"', "")
        pairs |= dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', whole, re.MULTILINE))
    return pairs


def in_italics(text: str) -> set[str]:
    """What a page calls by the words that stand on a screen; not within what is typed."""
    sentences = re.sub(r"^    .*$|`[^`]*`", "", text, flags=re.MULTILINE)
    return {" ".join(found.split()) for found in re.findall(r"(?<!\*)\*([^*]+?)\*(?!\*)", sentences)}


class MisunderstoodError(Exception):
    """What a command's own grammar says of it."""


def understood(grammar: argparse.ArgumentParser, words: Sequence[str], patch: pytest.MonkeyPatch) -> None:
    """Parse. Raises MisunderstoodError with the grammar's own sentence, where a command would end."""

    def tell(_grammar: argparse.ArgumentParser, message: str) -> NoReturn:
        raise MisunderstoodError(message)

    patch.setattr(argparse.ArgumentParser, "error", tell)
    grammar.parse_args(words)
