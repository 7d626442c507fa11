"""`vybor gaze report`: what is drawn is what models say of looks they never saw; the page needs nothing else."""

import io
import os
import re
import stat
import sys
from pathlib import Path

import matplotlib.image
import msgspec
import numpy as np
import pytest

from unit.gaze_session import BEGUN, lines, page, resting, session, unseen
from unit.test_gaze_simulated_eyes import look_at
from vybor import cli
from vybor.commands.gaze import rows
from vybor.commands.gaze.report import heat, judging, kept, pictures, reporting, screen
from vybor.commands.gaze.report import page as report_page
from vybor.commands.gaze.report.words import ENGLISH, LANGUAGES, RUSSIAN
from vybor.commands.reports import folder as report_folder
from vybor.contracts import messages as m
from vybor.foundation import keys
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.keys import CREDENTIAL, FOLDER, Key
from vybor.foundation.places import Places
from vybor.foundation.settings import DisplaySettings, Settings
from vybor.gaze.looks.calibration import BRIEF, CHECK, DOTS
from vybor.gaze.looks.keeping import Looks
from vybor.gaze.points.model import Look, fit, left_out, predict

PACKED = np.array((1 << 16, 1 << 8, 1), np.uint32)
"""Red, green and blue in a number: rows of three are compared ten times slower."""
MOVED = 0.15
"""On the last day the camera hangs elsewhere."""


def person(moved: float = MOVED) -> list[Look]:
    random = np.random.default_rng(1)
    days = [(1, DOTS, 0.0), (2, BRIEF, 0.0), (3, BRIEF, 0.0), (4, CHECK, moved)]
    return [
        Look(x=x, y=y, rows=look_at(x + by, y, random).astype(np.float32), calibration=day)
        for day, dots, by in days
        for x, y in dots
    ]


@pytest.fixture(scope="module")
def looks() -> list[Look]:
    return person()


@pytest.fixture(scope="module")
def judged(looks: list[Look]) -> judging.Judged:
    return judging.judged(looks)


def keep(folder: Path, looks: list[Look], key: Key = keys.NONE) -> Path:
    store = Looks(folder / "looks", key)
    for number in sorted({look.calibration for look in looks}):
        store.keep([look for look in looks if look.calibration == number])
    return folder


@pytest.fixture
def state(tmp_path: Path, looks: list[Look]) -> Path:
    return keep(tmp_path / "state", looks)


def places(state: Path) -> Places:
    return Places(runtime=state, state=state, share=state)


def written(state: Path, out: Path, file: Path | None = None, language: str = "en") -> list[str]:
    return list(reporting.written(file, places(state), out, Settings(), language))


# --- what looks say ---------------------------------------------------------------------------------------------


def test_each_look_is_judged_by_a_model_that_never_saw_it(looks: list[Look], judged: judging.Judged) -> None:
    """The likeness aside: those that stand for all looks stay among the columns, as in the kit."""
    newest = [look for look in looks if look.calibration == 3]
    three = [look for look in looks if look.calibration <= 3]
    errors = left_out(three)
    assert errors.shape == (len(three), 2)
    ordered = judging.in_order(three)
    assert [(look.calibration, look.x) for look in ordered[: len(newest)]] == [(3, look.x) for look in newest]
    without = fit([look for look in three if look is not newest[0]])
    beside = predict(without, newest[0].rows).mean(axis=0) - (newest[0].x, newest[0].y)
    seen = predict(fit(three), newest[0].rows).mean(axis=0) - (newest[0].x, newest[0].y)
    assert np.abs(errors[0] - beside).max() < np.abs(errors[0] - seen).max()
    assert len(judged.places) == len(judged.errors) == len(looks)


def test_a_day_is_held_against_the_model_of_all_days_before(judged: judging.Judged) -> None:
    first, second, third, moved = judged.days
    assert first.before is None
    assert [day.dots for day in judged.days] == [9, 5, 5, 3]
    assert second.before is not None
    assert third.before is not None
    assert moved.before is not None
    assert abs(second.before.beside.x) < 0.06
    assert moved.before.beside.x == pytest.approx(MOVED, abs=0.05)
    assert moved.before.within < 0.5 < third.before.within
    assert all(0 <= day.within <= 1 for day in judged.days)
    assert judged.within(lambda day: day.before.within if day.before else None) == pytest.approx(
        sum(day.before.within * day.dots for day in judged.days if day.before) / 13
    )


def test_only_the_newest_days_are_drawn(looks: list[Look], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "MOST", 2)
    found = judging.judged(looks)
    assert [day.number for day in found.days] == [3, 4]
    assert found.calibrations == 4


# --- where looks fell -------------------------------------------------------------------------------------------


def recorded(some: list[rows.Row]) -> rows.Recorded:
    return rows.Recorded(Path("x.jsonl"), BEGUN, tuple(sorted(some, key=lambda row: row.t)), 0)


def test_time_is_where_looks_were() -> None:
    (found,) = heat.heated(recorded(session()))
    assert found.looked_s == pytest.approx(4.0, abs=0.3)
    assert found.seconds.sum() == pytest.approx(found.looked_s)
    down, across = np.unravel_index(found.seconds.argmax(), found.seconds.shape)
    middle = (-heat.MARGIN + 1.3 * (across + 0.5) / 160, -heat.MARGIN + 1.3 * (down + 0.5) / 96)
    assert middle == (pytest.approx(0.125, abs=0.02), pytest.approx(0.2, abs=0.02))
    assert found.slots == ((0, 1),)


def test_pages_with_their_tiles_in_the_same_places_are_one_and_others_are_not() -> None:
    other = msgspec.structs.replace(page(10.0), offer=8)
    less = msgspec.structs.replace(page(20.0), offer=9, tiles=page(0.0).tiles[:4])
    found = heat.heated(
        recorded(
            [
                page(0.0),
                *resting(0.1, 2.0, 0.1, 0.1),
                other,
                *resting(10.1, 13.0, 0.9, 0.9),
                less,
                *resting(20.1, 22.0, 0.5, 0.5),
            ]
        )
    )
    assert [round(each.looked_s) for each in found] == [5, 2]
    assert found[0].page.offer == 8  # it stood longer
    assert len(found[1].page.tiles) == 4


def test_dots_private_texts_and_glances_give_no_page() -> None:
    for row in (rows.Dot(t=0.05, dot=0, x=0.5, y=0.5), rows.Text(t=0.05, is_open=False)):
        assert heat.heated(recorded([page(0.0), row, *resting(0.1, 3.0, 0.1, 0.1)])) == ()
    assert heat.heated(recorded([page(0.0), *resting(0.1, 0.5, 0.1, 0.1)])) == ()
    assert heat.heated(recorded([page(0.0), *unseen(0.1, 3.0, m.Eyes.CLOSED)])) == ()


@pytest.mark.parametrize("mode", list(m.Mode))
def test_every_page_can_be_drawn_without_its_words(mode: m.Mode) -> None:
    tiles = page(0.0).tiles
    roles = list(m.Role)
    for first in range(0, len(roles), len(tiles)):
        some = tuple(
            msgspec.structs.replace(tile, role=role)
            for tile, role in zip(tiles, roles[first : first + len(tiles)], strict=False)
        )
        shown = msgspec.structs.replace(page(0.0), mode=mode, tiles=some)
        drawn = screen.pixels(shown, BEGUN, DisplaySettings())
        assert drawn.shape == (480, 800, 3)
        assert len(np.unique(drawn.astype(np.uint32) @ PACKED)) > 4


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_page_has_every_picture_within_itself_and_names_no_other_place(state: Path, tmp_path: Path) -> None:
    out, file = tmp_path / "out", tmp_path / "s & t.jsonl"
    file.write_bytes(lines(session()))
    told = written(state, out, file)
    text = (out / "report.html").read_text()
    assert sorted(path.name for path in out.iterdir()) == [
        *("coverage.png", "drift.png", "error.png", "heat-1.png", "noise.png", "report.html"),
    ]
    assert len(re.findall(r'src="data:image/png;base64,', text)) == 5
    assert re.findall(r"(?:https?:)?//|<script|<link", re.sub(r'src="data:[^"]*"', "", text)) == []
    assert "s &amp; t.jsonl" in text
    assert told[-1] == ENGLISH.is_there.format(page=out / "report.html")
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in out.iterdir())
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    for path in out.glob("*.png"):
        drawn = matplotlib.image.imread(io.BytesIO(path.read_bytes()))
        assert drawn.shape[1] == 1210
        assert len(np.unique(np.rint(drawn[..., :3] * 255).astype(np.uint32) @ PACKED)) > 20, path


def test_nothing_of_the_eyes_and_no_word_is_in_the_page(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_bytes(lines(session()))
    written(state, tmp_path / "out", file)
    text = (tmp_path / "out" / "report.html").read_text()
    plain = re.sub(r'src="data:[^"]*"', "", text)
    assert "patch" not in plain
    assert "iris" not in plain
    assert ENGLISH.heat_wordless in plain


def test_both_languages_say_the_same_things(state: Path, tmp_path: Path) -> None:
    for name in ENGLISH.__struct_fields__:
        english, russian = (getattr(words, name) for words in (ENGLISH, RUSSIAN))
        if isinstance(english, dict):
            assert english.keys() == russian.keys()
            assert name == "grids" or all(re.search("[а-яё]", text) for text in russian.values())
            continue
        assert re.findall(r"\{(\w+)", english) == re.findall(r"\{(\w+)", russian), name
        assert re.search("[а-яё]", russian) or name in ("aimed", "heat_page"), name
    written(state, tmp_path / "out", language="ru")
    text = (tmp_path / "out" / "report.html").read_text()
    assert '<html lang="ru">' in text
    assert RUSSIAN.drift in text
    assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert set(LANGUAGES) == {"en", "ru"}


def test_the_figures_are_those_of_the_looks(judged: judging.Judged) -> None:
    found = dict(report_page.figures(judged, ENGLISH))
    assert found[ENGLISH.rows["calibrations"]] == "4"
    assert found[ENGLISH.rows["looks"]] == "22"
    x, y = 100 * np.sqrt((judged.errors**2).mean(axis=0))
    assert found[ENGLISH.rows["error"]] == f"{x:.1f} %; {y:.1f} %"
    first = msgspec.structs.replace(judged, days=judged.days[:1])
    assert ENGLISH.rows["beside"] not in dict(report_page.figures(first, ENGLISH))
    assert dict(report_page.figures(first, ENGLISH))[ENGLISH.rows["within_before"]] == report_page.NOTHING


def test_one_calibration_alone_is_drawn(looks: list[Look]) -> None:
    first = judging.judged([look for look in looks if look.calibration == 1])
    assert all(draw(first, ENGLISH) for draw in pictures.DRAWN.values())
    assert pictures.error(first, 0, 1.6, ENGLISH)


# --- what goes wrong --------------------------------------------------------------------------------------------


def test_without_looks_a_recording_is_drawn_alone_and_without_both_nothing(tmp_path: Path) -> None:
    file, empty = tmp_path / "s.jsonl", tmp_path / "empty"
    empty.mkdir()
    file.write_bytes(lines(session()))
    told = written(empty, tmp_path / "out", file)
    assert "the recording alone is drawn" in told[0]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["heat-1.png", "report.html"]
    with pytest.raises(
        Missing, match=r"no looks are kept in .*; `vybor gaze calibrate` first, or name .* --state"
    ):
        written(empty, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_recording_in_which_no_page_was_looked_at_says_so(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_bytes(rows.line(BEGUN))
    written(state, tmp_path / "out", file)
    assert ENGLISH.no_heat in (tmp_path / "out" / "report.html").read_text()


def test_a_mistake_in_the_recording_leaves_nothing_behind(state: Path, tmp_path: Path) -> None:
    letter, out = tmp_path / "letter", tmp_path / "out"
    letter.write_text("Dear you\n")
    with pytest.raises(Missing, match="letter is no recording"):
        written(state, out, letter)
    assert not out.exists()


def test_a_folder_with_files_in_it_is_refused(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["gaze", "report", "--state", str(state), "--to", str(tmp_path)]) == PlaceError.exit_code
    assert "has files in it; name a new folder or an empty one" in capsys.readouterr().err


SECRET = bytes(range(32))


def test_encrypted_looks_need_their_key_and_stay_as_they_are(
    tmp_path: Path, looks: list[Look], monkeypatch: pytest.MonkeyPatch
) -> None:
    state = keep(tmp_path / "state", looks, keys.derived(Key(SECRET), "gaze"))
    before = {path: path.read_bytes() for path in (state / "looks").iterdir()}
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    monkeypatch.setenv(FOLDER, str(credentials))
    with pytest.raises(PlaceError, match=r"are encrypted, and their key is not there; use sudo, or start the kit"):
        kept.looks(places(state))
    (credentials / CREDENTIAL).write_text("locked: nobody typed the passphrase")
    with pytest.raises(PlaceError, match="their key is not there: nobody typed the passphrase"):
        kept.looks(places(state))
    (credentials / CREDENTIAL).write_text(keys.written(SECRET))
    assert len(kept.looks(places(state))) == len(looks)
    assert {path: path.read_bytes() for path in (state / "looks").iterdir()} == before


def test_bare_looks_stay_bare_though_there_is_a_key(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in (state / "looks").iterdir()}
    (tmp_path / CREDENTIAL).write_text(keys.written(SECRET))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert kept.looks(places(state))
    assert {path: path.read_bytes() for path in (state / "looks").iterdir()} == before


def test_the_folder_that_systemd_makes_is_found_too(tmp_path: Path, looks: list[Look]) -> None:
    keep(tmp_path / "gaze", looks)
    assert len(kept.looks(places(tmp_path))) == len(looks)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_user_who_may_not_look_is_told_to_use_sudo(tmp_path: Path, looks: list[Look]) -> None:
    (tmp_path / "all").mkdir(mode=0o755)
    state = keep(tmp_path / "all" / "state", looks)
    (state / "looks").chmod(0o700)
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(PlaceError, match=r"this user may not .*; use sudo"):
            kept.looks(places(state))
    finally:
        os.seteuid(0)


def test_without_matplotlib_the_remedy_is_named(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "vybor.commands.gaze.report.pictures")
    monkeypatch.delattr("vybor.commands.gaze.report.pictures")
    monkeypatch.setitem(sys.modules, "matplotlib.axes", None)
    with pytest.raises(Missing, match=r"need matplotlib, which is not installed; install it .*vybor\[report\]"):
        written(state, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert report_folder.PAGE == "report.html"
