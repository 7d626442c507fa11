"""Every pair of colours of the page can be told apart by who sees less: WCAG 2.2, level AA."""

import re

import pytest

from vybor.panel.site.site import HERE

CSS = (HERE / "static" / "panel.css").read_text(encoding="utf-8")
SCHEMES = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{[^}]*\}", CSS)]
READ = (
    *(("ink", "ground"), ("ink", "raised"), ("soft", "ground"), ("accent", "ground"), ("good", "ground")),
    *(("warning", "ground"), ("on-accent", "accent")),
)
SEEN = (("line", "ground"), ("accent", "ground"), ("warning", "raised"), ("good", "raised"))
"""Edges of what can be filled in, and marks: 3 to 1."""


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_there_is_a_light_and_a_dark_scheme_with_the_same_names() -> None:
    assert len(SCHEMES) == 2
    assert set(SCHEMES[0]) == set(SCHEMES[1]) == {name for pair in (*READ, *SEEN) for name in pair}
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [0, 1])
def test_what_is_read_and_seen_stands_out(scheme: int) -> None:
    colours = SCHEMES[scheme]
    assert {pair: contrast(*(colours[name] for name in pair)) for pair in READ if _under(colours, pair, 4.5)} == {}
    assert [pair for pair in SEEN if _under(colours, pair, 3)] == []


def _under(colours: dict[str, str], pair: tuple[str, str], least: float) -> bool:
    return contrast(colours[pair[0]], colours[pair[1]]) < least


def test_no_other_colour_is_used() -> None:
    rules = re.sub(r":root \{[^}]*\}", "", CSS)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])", rules) == []
