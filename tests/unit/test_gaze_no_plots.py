"""MediaPipe without matplotlib: it is kept out while MediaPipe is loaded, and there for whoever asks later."""

import importlib
import subprocess
import sys

import pytest

from vybor.gaze.faces import no_plots


def loaded(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_landmarker_is_loaded_without_it() -> None:
    code = (
        "import vybor.gaze.faces.landmarks, sys; print(sorted(n for n in sys.modules if n[:10] == 'matplotlib'))"
    )
    assert loaded(code) == "[]"


def test_whoever_asks_later_finds_matplotlib_itself() -> None:
    code = "import vybor.gaze.faces.landmarks, matplotlib; print(matplotlib.__version__[:1].isdigit())"
    assert loaded(code) == "True"


def test_where_it_is_loaded_already_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in no_plots.NAMES:
        monkeypatch.setitem(sys.modules, name, sys)
    with no_plots.kept_out():
        assert importlib.import_module(no_plots.NAMES[0]) is sys
    assert sys.modules[no_plots.NAMES[1]] is sys


def test_it_is_let_in_again_even_where_loading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in no_plots.NAMES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ZeroDivisionError), no_plots.kept_out():
        1 / 0  # noqa: B018
    assert not {*no_plots.NAMES} & {*sys.modules}
