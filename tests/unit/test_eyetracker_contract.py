"""Files and the pointer keep what every source of points keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.points_contract import PointContract
from unit.points_stands import FileStand, PointerStand, Stand, WebGazerStand
from vybor.foundation.eyetracker_settings import TrackerKind

FILES = {
    f"{kind} {'live' if live else 'played'}": (kind, live)
    for kind in (TrackerKind.OPENFACE, TrackerKind.RECORDING)
    for live in (True, False)
}


class TestPoints(PointContract):
    @pytest.fixture(params=[*FILES, "pointer", "webgazer"])
    def stand(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stand]:
        if request.param == "pointer":
            yield PointerStand()
            return
        if request.param == "webgazer":
            yield WebGazerStand()
            return
        kind, live = FILES[request.param]
        made = FileStand(tmp_path, kind, live=live)
        yield made
        made.source.stop()
