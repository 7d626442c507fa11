"""The documents for wearer, carer, owner and researcher, as pages: they lie on the kit, and need no network."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDERS = (Path(__file__).with_name("documents"), Path(__file__).parents[3] / "deploy" / "docs")
"""Where they lie: inside `vybor` in a wheel, in `deploy` in a checkout."""
NAMES = (
    *("wearer", "carer", "owner", "privacy", "learning", "hardware", "untried", "jetson", "russian"),
    *("researcher", "measured"),
)
"""In the order in which they are listed. README.ru.md, which lies among them, is for who has no kit yet."""
LINK = re.compile(r"(?P<name>[a-z]+)\.md(?P<place>#[\w-]+)?")


class Document(msgspec.Struct, frozen=True):
    """One page."""

    title: str
    html: str
    contents: tuple[tuple[str, str], ...] = ()
    """Where something begins, and its name: headings after the first, bold words that begin a paragraph."""


def read(name: str) -> Document | None:
    """A document by its name; None if there is none."""
    for folder in FOLDERS if name in NAMES else ():
        try:
            text = (folder / f"{name}.md").read_text(encoding="utf-8")
        except OSError:
            continue
        return rendered(text)
    return None


def titles() -> dict[str, str]:
    """The titles of all documents that are there, by their names."""
    return {name: title for name in NAMES if (title := _title(name))}


def _title(name: str) -> str:
    """Its first line alone is read."""
    for folder in FOLDERS:
        try:
            with (folder / f"{name}.md").open(encoding="utf-8") as opened:
                return opened.readline().lstrip("#").strip()
        except OSError:
            continue
    return ""


def rendered(text: str) -> Document:
    """A page from Markdown; tags in it are words, and what it names outside of the documents is no link."""
    known = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = known.parse(text)
    titles = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    contents = tuple(_begun(tokens))
    title = _plain(titles[0]) if titles else ""
    return Document(title, known.renderer.render(list(_own(tokens)), known.options, {}), contents)


def place_of(heading: str) -> str:
    """What a link within a document calls a heading, as GitHub does."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", _plain(heading).lower()))


def _begun(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Where something begins; a paragraph gets a place for that."""
    is_first = True
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            if not is_first:
                yield place_of(tokens[at + 1].content), _plain(tokens[at + 1].content)
            is_first = False
        elif token.type == "paragraph_open" and token.level == 0 and (words := _bold(tokens[at + 1])):
            token.attrSet("id", f"part-{at}")
            yield f"part-{at}", words


def _bold(inline: Token) -> str:
    """The words in bold with which a paragraph begins."""
    children = [child for child in inline.children or [] if child.type != "text" or child.content]
    if not children or children[0].type != "strong_open":
        return ""
    ends = next(at for at, child in enumerate(children) if child.type == "strong_close")
    return "".join(child.content for child in children[:ends]).strip().rstrip(".,:")


def _plain(heading: str) -> str:
    return re.sub(r"[`*]", "", heading).strip()


def _own(tokens: Sequence[Token]) -> Iterator[Token]:
    """Headings get places, tables a frame that scrolls on a narrow screen, links lead to pages of the kit."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", place_of(tokens[at + 1].content))
        if token.type == "table_open":
            yield _frame('<div class="scroll" tabindex="0" role="group">\n')
        if token.type == "inline":
            token.children = list(_linked(token.children or []))
        yield token
        if token.type == "table_close":
            yield _frame("</div>\n")


def _frame(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def _linked(children: Sequence[Token]) -> Iterator[Token]:
    """Links between the documents, and to elsewhere by the whole address; of any other its words stay."""
    is_dead = False
    for token in children:
        if token.type == "image":
            yield Token("text", "", 0, content=token.content)
            continue
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
            own = LINK.fullmatch(target)
            is_dead = not (own or target.startswith(("#", "https://")))
            if own:
                token.attrSet("href", f"/documents/{own['name']}{own['place'] or ''}")
            elif target.startswith("https://"):
                token.attrSet("rel", "noreferrer")
        if not (is_dead and token.type in ("link_open", "link_close")):
            yield token
        if token.type == "link_close":
            is_dead = False
