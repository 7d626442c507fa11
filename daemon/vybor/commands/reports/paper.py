"""The paper of a report: one page that needs nothing beside it, no script and no network."""

import base64
from collections.abc import Iterator, Sequence
from html import escape

STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; max-width: 76rem;
       margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem }
h2 { font-size: 1.3rem; margin-top: 3rem; border-top: 1px solid #c9ced6; padding-top: 1rem;
     overflow-wrap: anywhere }
h3 { font-size: 1.05rem; margin: 2rem 0 0 } p { color: #4a525c; max-width: 60rem; margin: .3rem 0 }
img { max-width: 100%; height: auto; display: block; margin: .6rem 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto;
        margin: 1rem 0 }
th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid #dfe3e8; white-space: nowrap }
th:first-child, td:first-child { text-align: left; white-space: normal }
th { font-weight: 600; color: #4a525c }
"""
Row = Sequence[str]


def page(
    parts: Sequence[str], language: str, title: str, foot: str = "", *, heading: str = "", style: str = ""
) -> str:
    """All of it, under a heading, which is the title where there is none; `style`: rules beside the usual ones."""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}{style}</style></head><body>",
            f"<h1>{escape(heading or title)}</h1>",
            *parts,
            *([f"<p>{escape(foot)}</p>"] if foot else []),
            "</body></html>",
            "",
        ]
    )


def picture(heading: str, says: str, about: str, png: bytes) -> list[str]:
    """A picture under its heading, and what it shows; `about` is told to whoever cannot see it."""
    return [f"<h3>{escape(heading)}</h3>", f"<p>{escape(says)}</p>", image(about, png)]


def image(about: str, png: bytes) -> str:
    """A picture by itself; `about` is told to whoever cannot see it."""
    return f'<img alt="{escape(about)}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def table(rows: Sequence[Row], *, has_head: bool = False) -> str:
    """Rows of cells; the first may be the head."""
    return "<table>" + "".join(_rows(rows, has_head=has_head)) + "</table>"


def _rows(rows: Sequence[Row], *, has_head: bool) -> Iterator[str]:
    for place, row in enumerate(rows):
        tag = "th" if has_head and not place else "td"
        yield "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
