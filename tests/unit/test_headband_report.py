"""`vybor headband report`: what is drawn is what the room sees; the page needs nothing beside it."""

import io
import re
import stat
import sys
from pathlib import Path

import matplotlib.image
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import colors
from matplotlib.figure import Figure

from unit.headband_replay import CYTON, READY_S, blinks, chunk, clench, felt
from vybor import cli
from vybor.commands.headband import replay as replaying
from vybor.commands.headband.report import looking, page, pictures, reporting
from vybor.commands.headband.report.looking import Looked
from vybor.commands.headband.report.spectra import BANDS, MAINS, spectrum
from vybor.commands.headband.report.words import ENGLISH, RUSSIAN
from vybor.contracts.messages import ElectrodeAt, ElectrodeState, GestureKind
from vybor.foundation.errors import Missing, PlaceError
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband.detecting.gestures import Rule, Seen
from vybor.headband.devices.playback.opening import opened
from vybor.headband.devices.playback.recorded import Recorded, Rows
from vybor.headband.devices.recorder.brainflow_csv import BrainFlowFile
from vybor.headband.devices.recorder.xdf import XdfFile
from vybor.headband.port import HeadbandMissing
from vybor.headband.process import rule_of

HZ = CYTON.hz
RULE = Rule(CYTON, pair_s=0.7)
LASTS_S = round(READY_S + 14)


@pytest.fixture(scope="module")
def signal() -> np.ndarray:
    acts = [
        (READY_S, blinks(2)),
        (READY_S + 3, clench()),
        (READY_S + 6, blinks(4, 0.1)),
        (READY_S + 10, blinks(1)),
    ]
    return felt(acts, LASTS_S)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, signal: np.ndarray) -> Path:
    path = tmp_path_factory.mktemp("report") / "kept & worn.xdf"
    skin = signal.copy()
    skin[4, 5 * HZ : 8 * HZ] = CYTON.rail_microvolts
    with path.open("wb") as file:
        written = XdfFile(file, CYTON, "2026-01-01")
        written.add(chunk(0, skin[:, :200]))
        written.add(chunk(300, skin[:, 300:]))
        written.close()
    return path


@pytest.fixture(scope="module")
def found(kept: Path) -> Looked:
    return looking.looked(opened(kept), RULE)


def test_what_is_drawn_is_what_the_room_sees(found: Looked, kept: Path) -> None:
    told = list(replaying.told(kept, HeadbandSettings()))
    noticed = [(one.kind, one.at_s) for one in told if isinstance(one, replaying.Noticed)]
    assert [(one.kind, round(one.onset / HZ, 3)) for one in found.seen] == noticed
    assert found.count(GestureKind.DOUBLE_BLINK) == 1
    assert found.count(GestureKind.CLENCH) == 1
    assert (found.lost, found.gaps) == (100, (looking.Gap(0.8, 0.4),))
    assert found.lasts_s == LASTS_S
    assert np.isnan(found.microvolts[:, 200:300]).all()


def test_a_train_is_told_and_a_double_blink_is_none(found: Looked) -> None:
    (train,) = found.trains
    assert train.blinks == 4
    assert READY_S + 5.9 <= train.from_s < train.to_s <= READY_S + 8


def test_blinks_are_a_train_as_long_as_a_second_one_may_follow() -> None:
    def at(kind: GestureKind, *onsets_s: float) -> list[Seen]:
        return [Seen(kind, round(at_s * HZ), round((at_s + 0.2) * HZ), 0, 0.0) for at_s in onsets_s]

    blink, double = GestureKind.BLINK, GestureKind.DOUBLE_BLINK
    run = at(blink, 1.0, 1.6, 2.2, 5.0, 5.5, 9.0)
    assert list(looking.trains(run, RULE)) == [looking.Train(1.0, 2.4, 3)]
    pair = Seen(double, round(5.0 * HZ), round(5.7 * HZ), 0, 2.0)
    assert list(looking.trains([*at(blink, 5.0, 5.5, 6.0), pair], RULE)) == []


def test_states_are_of_every_channel_twice_a_second(found: Looked) -> None:
    assert len(found.states) == 2 * LASTS_S
    assert all(len(states) == 8 for states in found.states)
    assert found.states[13][4] is ElectrodeState.RAILED
    assert found.share(4, ElectrodeState.RAILED) == pytest.approx(3 / LASTS_S, abs=0.05)
    assert 0.7 < found.usable(4) < found.usable(5) <= 1.0


# --- the file's clock -------------------------------------------------------------------------------------


def stamped(stamps_s: np.ndarray) -> Recorded:
    rows = Rows(np.zeros(0, np.int64), stamps_s, np.zeros((8, len(stamps_s)), np.float32))
    return Recorded(Path("x"), "x", CYTON, lambda: iter([rows]))


def test_a_clock_that_drifts_and_stamps_in_heaps_are_told() -> None:
    even = np.arange(5000) / 250.25
    clock = looking.clock_of(stamped(1e9 + even))
    assert clock is not None
    assert clock.hz == pytest.approx(250.25, abs=1e-3)
    assert clock.spread_ms < 0.1
    heaps = np.floor(np.arange(5000) / 10) * 10 / 250
    in_heaps = looking.clock_of(stamped(heaps))
    assert in_heaps is not None
    assert in_heaps.spread_ms == pytest.approx(10, abs=1)


@pytest.mark.parametrize("stamps_s", [np.zeros(1000), -np.arange(1000.0), np.arange(10.0), np.full(99, np.nan)])
def test_times_that_say_nothing_are_no_clock(stamps_s: np.ndarray) -> None:
    assert looking.clock_of(stamped(stamps_s)) is None


# --- spectra ----------------------------------------------------------------------------------------------


def test_a_band_holds_what_is_in_it_and_lost_samples_are_left_out() -> None:
    at_s = np.arange(60 * HZ) / HZ
    sine = np.sqrt(2) * np.array([[7.0], [3.0]]) * np.sin(2 * np.pi * np.array([[10.0], [50.0]]) * at_s)
    noise = np.random.default_rng(1).normal(0, 0.1, sine.shape)
    felt_by = (sine + noise + 5000 + 20 * at_s).astype(np.float32)
    felt_by[:, 1000:1600] = np.nan
    found = spectrum(np.vstack([felt_by, np.full((1, len(at_s)), np.nan, np.float32)]), HZ)
    bands = {band.name: band for band in (*BANDS, *MAINS)}
    # of a sine the median is the mean: no chance is in it, and the share of chance is taken off all the same
    assert found.microvolts(0, bands["alpha"]) * np.sqrt(np.log(2)) == pytest.approx(7.0, rel=0.02)
    assert found.microvolts(1, bands["50"]) * np.sqrt(np.log(2)) == pytest.approx(3.0, rel=0.02)
    assert found.microvolts(0, bands["beta"]) < 0.2
    assert np.isnan(found.microvolts(2, bands["alpha"]))


def test_white_noise_has_the_density_that_it_has() -> None:
    noise = np.random.default_rng(2).normal(0, 10.0, (1, 300 * HZ)).astype(np.float32)
    found = spectrum(noise, HZ)
    inside = (found.hz > 5) & (found.hz < 100)
    assert found.density[0, inside].mean() == pytest.approx(100 / (HZ / 2), rel=0.05)


# --- page, pictures and files -----------------------------------------------------------------------------


def test_the_page_needs_nothing_and_its_files_are_their_owner_s(
    tmp_path: Path, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four seconds: every picture is drawn, once."""
    out = tmp_path / "new" / "report"
    assert cli.main(["headband", "report", str(kept), "--out", str(out), "--language", "ru"]) == 0
    assert "двойное моргание: 1" in capsys.readouterr().out
    assert {file.name for file in out.iterdir()} == {"report.html", *(f"01-{name}.png" for name in pictures.DRAWN)}
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    text = (out / "report.html").read_text(encoding="utf-8")
    assert '<html lang="ru">' in text
    assert "kept &amp; worn.xdf" in text
    assert "<script" not in text
    assert re.findall(r'(?:src|href)="(?!data:image/png;base64,)', text) == []
    assert text.count("<img alt=") == len(pictures.DRAWN)
    for png in out.glob("*.png"):
        pixels = matplotlib.image.imread(io.BytesIO(png.read_bytes()))
        assert pixels.shape[1] > 1000
        assert len(np.unique(np.rint(pixels[..., :3] * 255).astype(np.uint32) @ (1 << 16, 1 << 8, 1))) > 20


def test_the_language_is_the_kit_s_if_none_is_named(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DRAWN", {"quality": pictures.DRAWN["quality"]})
    config, out = tmp_path / "vybor.toml", tmp_path / "out"
    config.write_text('language = "ru"\n')
    assert cli.main(["headband", "report", str(kept), "--out", str(out), "--config", str(config)]) == 0
    assert RUSSIAN.quality_says in (out / "report.html").read_text(encoding="utf-8")


def test_a_railed_electrode_is_seen_in_its_strip(found: Looked) -> None:
    pixels = matplotlib.image.imread(io.BytesIO(pictures.quality(found, ENGLISH)))[:, :, :3]
    railed = np.array(colors.to_rgb(pictures.STATES[ElectrodeState.RAILED]))
    below = pixels[50:]  # the legend has the colour too
    assert (np.abs(below - railed).max(axis=2) < 0.01).sum() > 500


def looked_at(microvolts: np.ndarray) -> Looked:
    rows = Rows(np.zeros(0, np.int64), np.arange(microvolts.shape[1]) / HZ, microvolts.astype(np.float32))
    return looking.looked(Recorded(Path("x"), "x", CYTON, lambda: iter([rows])), RULE)


def cut(microvolts: np.ndarray) -> Looked:
    """The same, given in pieces as a file is read."""
    pieces = [
        Rows(np.zeros(0, np.int64), np.arange(at, at + 25) / HZ, microvolts[:, at : at + 25].astype(np.float32))
        for at in range(0, microvolts.shape[1], 25)
    ]
    return looking.looked(Recorded(Path("x"), "x", CYTON, lambda: iter(pieces)), RULE)


def test_what_the_detectors_leave_out_is_not_drawn(signal: np.ndarray) -> None:
    """One eye swings from rail to rail for a while, and one jaw is off all the time."""
    swings = slice(6 * HZ, 10 * HZ)
    worn = signal.copy()
    worn[0, swings] = CYTON.rail_microvolts * np.sign(np.sin(np.arange(4 * HZ) / 40))
    worn[2] = 0.0
    found = cut(worn)
    assert [one.used.eyes for one in found.listened if 6.5 < one.first / HZ < 9.5] == []
    assert ((1, None),) in [one.used.eyes for one in found.listened]
    curve, other_eye = looking.lids(found), looking.lids(cut(np.vstack([signal[1], signal[1:]])))
    inside = slice(round(6.5 * HZ), round(9.9 * HZ))
    assert np.abs(curve[inside] - other_eye[inside]).max() < 5
    both = looking.muscle(cut(np.vstack([signal[:2], signal[3], signal[3:]]))).microvolts
    assert looking.muscle(found).microvolts[20:] == pytest.approx(both[20:])
    nobody = cut(np.zeros((8, 5 * HZ)))
    assert np.isnan(looking.lids(nobody)[2 * HZ :]).all()
    assert not looking.muscle(nobody).microvolts.any()


def test_the_greys_of_a_picture_can_be_told_apart() -> None:
    def luminance(colour: str) -> float:
        red, green, blue = (part**2.2 for part in colors.to_rgb(colour))
        return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)

    lost, loud, paper = (luminance(each) + 0.05 for each in (pictures.LOST, pictures.LOUD, "#ffffff"))
    assert loud / lost > 3
    assert paper / loud > 1.3


@pytest.mark.parametrize(
    ("kind", "log_odds", "believed"),
    [
        (GestureKind.CLENCH, -3.0, False),
        (GestureKind.CLENCH, 1.0, True),
        (GestureKind.DOUBLE_BLINK, -0.1, False),
        (GestureKind.BLINK, -3.0, True),
    ],
)
def test_a_sign_that_is_not_believed_is_hollow(kind: GestureKind, log_odds: float, believed: bool) -> None:
    axis = Figure().subplots()
    pictures._noticed(axis, Seen(kind, 100, 200, 300, log_odds), HZ, 100.0)
    (mark,) = axis.lines
    assert (mark.get_markerfacecolor() != "white") is believed
    assert bool(axis.patches) is (believed and kind is not GestureKind.BLINK)


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_a_recording_in_which_nothing_ever_changes_is_drawn_and_nobody_is_warned(value: float) -> None:
    """A warning would end this test."""
    flat = looked_at(np.full((8, 5 * HZ), value))
    for draw in pictures.DRAWN.values():
        assert draw(flat, spectrum(flat.microvolts, HZ), ENGLISH).startswith(b"\x89PNG")


def test_of_a_long_recording_the_rows_that_say_most_are_drawn(found: Looked) -> None:
    hour = msgspec.structs.replace(
        found,
        microvolts=np.zeros((8, 3600 * HZ), np.float32),
        seen=tuple(Seen(GestureKind.CLENCH, 1000 * HZ + place, 1000 * HZ + place, 0, 1.0) for place in range(3)),
    )
    starts = pictures.stretches(hour)
    assert len(starts) == pictures.MOST_ROWS
    assert 990.0 in starts
    assert starts == sorted(starts)
    assert pictures.stretches(found) == [0.0]
    longer = msgspec.structs.replace(found, microvolts=np.zeros((8, 30 * HZ + 3), np.float32))
    assert pictures.stretches(longer) == [0.0]


def test_figures_stand_in_the_table(found: Looked) -> None:
    told = dict(page.figures(found, ENGLISH))
    assert told[ENGLISH.rows["lost"]] == f"100 ({100 * 100 / (LASTS_S * HZ):.2f} %)"
    assert told[ENGLISH.rows["trains"]] == "1"
    head, *rows = page.electrodes(found, spectrum(found.microvolts, HZ), ENGLISH)
    assert head[:2] == ("electrode", "usable")
    assert "railed" in head
    assert len(rows) == 8
    assert all(len(row) == len(head) for row in rows)


def test_every_word_is_there_in_both_languages() -> None:
    seen_by_headbands = set(pictures.KINDS)
    for words in (ENGLISH, RUSSIAN):
        assert set(words.states) == set(ElectrodeState)
        assert set(words.places) == set(ElectrodeAt)
        assert seen_by_headbands <= set(words.kinds)
        assert set(words.bands) == {*(band.name for band in BANDS), "mains"}
        assert words.rows.keys() == ENGLISH.rows.keys()
    assert "{" not in page.page([], "ru", RUSSIAN).split("</style>")[1]


def test_each_kind_of_file_has_words(tmp_path: Path, signal: np.ndarray) -> None:
    path = tmp_path / "worn.csv"
    with path.open("wb") as file:
        BrainFlowFile(file, CYTON, 0.0).add(chunk(0, signal))
    assert opened(path).kind in RUSSIAN.kinds_of_file
    muse = tmp_path / "muse.csv"
    rows = [f"{place / 256},1,2,3,4" for place in range(600)]
    muse.write_text("\n".join(["timestamps,TP9,AF7,AF8,TP10", *rows]))
    assert opened(muse).kind in RUSSIAN.kinds_of_file
    openbci = tmp_path / "openbci.txt"
    head = ["%OpenBCI Raw EEG Data", "%Number of channels = 8", "%Sample Rate = 250 Hz"]
    samples = [f"{place % 256}, 1, 2, 3, 4, 5, 6, 7, 8, {place * 4}" for place in range(300)]
    openbci.write_text("\n".join([*head, *samples]))
    assert opened(openbci).kind in RUSSIAN.kinds_of_file


# --- what goes wrong --------------------------------------------------------------------------------------


def report(files: list[Path], out: Path) -> list[str]:
    return list(reporting.written(files, out, HeadbandSettings(), "en"))


def test_a_folder_with_files_and_a_file_in_its_place_are_refused(tmp_path: Path, kept: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(PlaceError, match="has files in it; name a new folder or an empty one"):
        report([kept], tmp_path)
    with pytest.raises(PlaceError, match="cannot be written to"):
        report([kept], tmp_path / "mine")


def test_a_mistake_in_the_last_file_leaves_nothing_behind(tmp_path: Path, kept: Path) -> None:
    letter, out = tmp_path / "letter", tmp_path / "out"
    letter.write_text("Dear you\n")
    with pytest.raises(HeadbandMissing, match="letter is no XDF"):
        report([kept, letter], out)
    assert not out.exists()


def test_a_recording_that_claims_days_is_refused(tmp_path: Path) -> None:
    one = np.ones((8, 250), np.float32)
    jumps = [Rows(np.zeros(0, np.int64), place * 3500 + np.arange(250) / 250, one) for place in range(20)]
    endless = Recorded(tmp_path / "x", "x", CYTON, lambda: iter(jumps))
    with pytest.raises(HeadbandMissing, match="lasts longer than 6 hours; draw a part of it"):
        looking.looked(endless, RULE)


def test_without_matplotlib_the_remedy_is_named(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "vybor.commands.headband.report.pictures")
    monkeypatch.delattr("vybor.commands.headband.report.pictures")
    monkeypatch.setitem(sys.modules, "matplotlib.axes", None)
    with pytest.raises(Missing, match=r"need matplotlib, which is not installed; install it .*vybor\[report\]"):
        report([kept], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@settings(max_examples=15, deadline=None)
@given(
    values=st.lists(
        st.sampled_from([0.0, np.nan, np.inf, -np.inf, 1e30, -187_500.0, 12.5]), min_size=8, max_size=8
    ),
    count=st.integers(1, 700),
)
def test_whatever_the_samples_are_they_are_looked_at(values: list[float], count: int) -> None:
    odd = np.tile(np.array(values, np.float32)[:, None], (1, count))
    rows = Rows(np.zeros(0, np.int64), np.arange(count) / HZ, odd)
    found = looking.looked(
        Recorded(Path("x"), "x", CYTON, lambda: iter([rows])), rule_of(HeadbandSettings(), CYTON)
    )
    assert len(looking.lids(found)) == count
    assert np.isfinite(looking.muscle(found).microvolts).all()
    assert page.electrodes(found, spectrum(found.microvolts, HZ), ENGLISH)
