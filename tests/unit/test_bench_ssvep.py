"""The bench of flicker: its goals on sessions that were kept back, and files that are none."""

from pathlib import Path

import pytest

from benches import headband, headband_ssvep
from unit.test_headband_real_recording import recording
from vybor.foundation.errors import Missing

KEPT_BACK = ("muse_ssvep_s1_b.csv", "muse_ssvep_s1_c.csv", "muse_ssvep_s3_a.csv")


@pytest.mark.slow
def test_kept_back_sessions_meet_the_goals_and_the_gate_refuses_who_shows_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sessions = [headband_ssvep.read(recording(name)) for name in KEPT_BACK]
    figures = headband.of_ssvep(sessions, development=False)
    no_more_is_claimed_than_holds(figures)
    assert figures["ssvep.poz_1s"] >= 0.95
    assert figures["ssvep.tp_2_5s"] >= 0.85
    assert figures["ssvep.poz_1s.low"] < figures["ssvep.poz_1s"] < figures["ssvep.poz_1s.high"]
    assert figures["ssvep.poz_1s.trials"] == 64
    assert {
        key: value for key, value in figures.items() if key.startswith("ssvep.s3.") and key.endswith(".open")
    } == {f"ssvep.s3.{place}_{length}.open": 0.0 for place in ("poz", "tp", "af") for length in ("1s", "2_5s")}
    assert figures["ssvep.s1.af_2_5s.open"] == 0.0  # the forehead sees nothing of it
    assert "ssvep.af_2_5s" not in figures
    said = capsys.readouterr().out
    assert "s3 tp_2_5s: 9 of 15 right; the gate: no better than chance" in said
    assert "s3 poz_1s: 0 of 15 right, 15 windows said nothing; the gate: the electrodes say nothing" in said


def no_more_is_claimed_than_holds(figures: dict[str, float]) -> None:
    """Of those whom the gate lets in."""
    for key in ("ssvep.poz_1s", "ssvep.poz_2_5s", "ssvep.tp_1s", "ssvep.tp_2_5s"):
        assert 0.6 < figures[f"{key}.claimed"] <= figures[f"{key}.high"]


@pytest.mark.slow
def test_what_is_believed_was_fitted_on_the_development_recording() -> None:
    figures = headband.of_ssvep([headband_ssvep.read(recording("muse_ssvep_s1_a.csv"))], development=True)
    assert figures["ssvep.believed"] == pytest.approx(headband_ssvep.ssvep.BELIEVED, abs=0.5)


HEAD = "timestamps,TP9,AF7,AF8,TP10,Right AUX,Marker0\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no trial"),
        (
            "timestamps,TP9,AF7,AF8,TP10,Marker0\n1,2,3,4,5,1\n",
            "use a CSV of a Muse with the columns Right AUX, TP9, .* and Marker0",
        ),
        (HEAD + "1,2,3,x,5,6,0\n", "is no recording of flicker"),
        (HEAD + "1,2,3\n", "is no recording of flicker"),
        (HEAD + "1,2,3,4,5,6,0\n", "holds no trial"),
        (HEAD + "1,2,3,4,5,6,1\n" * 20, "holds no trial"),
    ],
)
def test_a_file_that_is_no_recording_of_flicker_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(Missing, match=says):
        headband_ssvep.read(path)
    with pytest.raises(Missing, match="cannot be read"):
        headband_ssvep.read(tmp_path / "none.csv")


def test_what_is_railed_or_lost_says_nothing(tmp_path: Path) -> None:
    rows = [f"{at / 256},1,2,3,{at % 7},{1000 if at == 300 else at % 5},{at == 250:d}" for at in range(1200)]
    rows[400] = "1.5625,nan,2,3,1,0,0"
    path = tmp_path / "muse_ssvep_s9_a.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n")
    session = headband_ssvep.read(path)
    assert session.subject == "s9"
    by_place = {
        place: next(headband_ssvep.told(session, names, 1.0)) for place, names in headband_ssvep.SETS.items()
    }
    assert by_place["poz"].answer is None
    assert by_place["tp"].answer is not None  # by the other ear alone
    assert by_place["af"].answer is None  # that never changes
    figures = headband.of_ssvep([session], development=False)
    assert (figures["ssvep.s9.af_1s"], figures["ssvep.s9.af_1s.open"]) == (0.0, 0.0)
    assert "ssvep.s9.af_1s.claimed" not in figures  # what said nothing claimed nothing
