"""What a slot is: the numbers in the picture are those of the record, where the kit lays its tiles."""

import re
from pathlib import Path

import pytest

from unit.log_kit import KEYS, Writer, segments
from vybor.composer.layout import TEN
from vybor.composer.placing import LEFT, LOWER, RIGHT, UPPER
from vybor_workshop import cli
from vybor_workshop.log import places, plots
from vybor_workshop.log.data_set import DataSet
from vybor_workshop.log.ingest import ingest
from vybor_workshop.log.stats import Slot, Stats

BOX = re.compile(
    r'<rect class="(\w+)" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/>'
    r'<text x="(\d+)" y="(\d+)">([^<]+)</text>'
)


def test_each_place_has_its_number_where_the_kit_has_it() -> None:
    boxes = BOX.findall(places.picture([Slot(1, 10, 3)]))
    assert [told for *_, told in boxes] == ["0", "1: 30%", *map(str, range(2, 10))]
    assert [kind for kind, *_ in boxes] == ["place", "words", *["place"] * 8]
    for (_, x, y, width, height, *middle, _), zone in zip(boxes, TEN.zones, strict=True):
        across, down = int(middle[0]) / places.WIDTH, int(middle[1]) / places.HEIGHT
        assert zone.visible.left < across < zone.visible.right
        assert zone.visible.top < down < zone.visible.bottom
        assert 0 <= int(x) < int(x) + int(width) <= places.WIDTH
        assert 0 <= int(y) < int(y) + int(height) <= places.HEIGHT


def test_the_words_say_what_the_layout_does() -> None:
    """0 to 3 above from the left, 4 to 7 below, 8 left and 9 right of the text."""
    zones = [zone.visible for zone in TEN.zones]
    above, below = zones[:4], zones[4:8]
    assert {*UPPER} < {0, 1, 2, 3}
    assert LOWER == (4, 5, 6, 7)
    for row in (above, below):
        assert [zone.left for zone in row] == sorted({zone.left for zone in row})
    assert max(zone.bottom for zone in above) <= TEN.band.top < TEN.band.bottom <= min(zone.top for zone in below)
    assert zones[LEFT].right <= TEN.band.left < TEN.band.right <= zones[RIGHT].left
    assert (LEFT, RIGHT) == (8, 9)


def test_page_and_figures_explain_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = plots.page(Stats((), (Slot(0, 4, 1),)), {}, "kit")
    assert page.count("<svg") == page.count("</svg>") == 1
    assert "0: 25%" in page
    assert places.ELSEWHERE in page
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    writer = Writer()
    writer.say("some tea")
    data = DataSet(str(tmp_path / "vybor-workshop/data"), tmp_path)
    ingest(segments(writer.rows), KEYS, data, lambda _: None)
    assert cli.main(["log", "stats"]) == 0
    assert places.WORDS in capsys.readouterr().out
