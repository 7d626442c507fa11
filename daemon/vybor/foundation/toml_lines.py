"""On which line of a TOML text a key stands: tomllib tells only where a text ends to be TOML. Pure."""

import re
import tomllib
from collections.abc import Iterator, Sequence

import msgspec

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|'
    + r"'''.*?'''|"
    + r'"(?:\\.|[^"\\\n])*"|'
    + r"'[^'\n]*'|#[^\n]*|[^\s\"'#=,\[\]{}]+|.",
    re.DOTALL,
)
"""Strings of four kinds, comments, words, and every other sign by itself."""
OPENS, CLOSES = {"[", "{"}, {"]", "}"}


class Standing(msgspec.Struct, frozen=True):
    """A key that is set, or the table of a heading, and the line on which it stands."""

    keys: tuple[str, ...]
    line: int
    is_heading: bool = False


def line_of(keys: Sequence[str], text: str) -> int | None:
    """The line of a key, or of what it stands in: an inline table, a list, its table's heading. None: nowhere."""
    wanted = tuple(keys)
    nearest, depth = None, 0
    for each in standings(text):
        if each.keys == wanted:
            return each.line
        if depth < len(each.keys) and each.keys == wanted[: len(each.keys)]:
            nearest, depth = each.line, len(each.keys)
    return nearest


def repeated(text: str) -> Standing | None:
    """The first key that is set, or heading that stands there, a second time."""
    seen: set[tuple[str, ...]] = set()
    for each in standings(text):
        if each.keys in seen:
            return each
        seen.add(each.keys)
    return None


def standings(text: str) -> Iterator[Standing]:
    """Every heading and every key with its line; what stands in a string, a list or a comment is none."""
    section: tuple[str, ...] = ()
    for line, tokens in _statements(text):
        if tokens[0] == "[":
            section = _path("".join(tokens).strip("[]"))
            yield Standing(section, line, is_heading=True)
        elif "=" in tokens:
            yield Standing(section + _path("".join(tokens[: tokens.index("=")])), line)


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """The tokens of each heading and assignment, without spaces and comments."""
    line, began, depth = 1, 1, 0
    tokens: list[str] = []
    for token in TOKEN.findall(text):
        if token == "\n" and depth == 0:
            if tokens:
                yield began, tokens
            tokens = []
        elif not token.isspace() and not token.startswith("#"):
            began = began if tokens else line
            tokens.append(token)
            depth = max(0, depth + (token in OPENS) - (token in CLOSES))
        line += token.count("\n")
    if tokens:
        yield began, tokens


def _path(written: str) -> tuple[str, ...]:
    """The keys of a dotted key, quoted or bare; what is no key is one as it stands."""
    try:
        here: object = tomllib.loads(f"{written} = 0")
    except tomllib.TOMLDecodeError:
        return (written,)
    keys = []
    while isinstance(here, dict):
        ((key, here),) = here.items()
        keys.append(key)
    return tuple(keys)
