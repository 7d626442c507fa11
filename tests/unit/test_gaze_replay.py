"""`vybor gaze replay`: a recording is read as the kit reads looks."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.gaze_session import BEGUN, lines, page, resting, session, unseen
from vybor import cli
from vybor.commands.gaze import replay as replaying
from vybor.commands.gaze import rows
from vybor.contracts import messages as m
from vybor.foundation.settings import CommitSettings

RULE = CommitSettings()


def told(some: list[rows.Row], rule: CommitSettings = RULE) -> list[replaying.Told]:
    recorded = rows.Recorded(Path("x"), BEGUN, tuple(sorted(some, key=lambda row: row.t)), 0)
    return list(replaying.told(recorded, rule))


def test_fixations_closed_eyes_and_nobody_are_told_with_their_times() -> None:
    found = told(session())
    fixated = [each for each in found if isinstance(each, replaying.Fixated)]
    assert [(each.at_s, each.slot, each.role) for each in fixated] == [
        (0.1, 0, m.Role.CANDIDATE),
        (2.1, 0, m.Role.CANDIDATE),
        (3.1, None, None),
    ]
    assert (fixated[0].x, fixated[0].y) == (0.125, 0.2)
    assert fixated[0].lasted_s == pytest.approx(2.0, abs=0.1)
    away = [(each.what, each.at_s) for each in found if isinstance(each, replaying.Away)]
    assert away == [(replaying.CLOSED, 4.1), (replaying.ABSENT, 5.1)]


def test_the_sum_is_of_times_and_counts() -> None:
    *_, total = told(session())
    assert isinstance(total, replaying.Sum)
    assert (total.lasted_s, total.fixations, total.would, total.was) == (6.2, 3, 1, 1)
    assert total.spent_s[replaying.ON_TILE] == pytest.approx(3.0, abs=0.5)
    assert total.spent_s[replaying.ELSEWHERE] == pytest.approx(1.0, abs=0.5)
    assert total.spent_s[replaying.CLOSED] == pytest.approx(1.0, abs=0.1)
    assert sum(total.spent_s.values()) == pytest.approx(6.0, abs=0.1)


def test_what_would_be_chosen_goes_by_the_settings() -> None:
    (would,) = [each for each in told(session()) if isinstance(each, replaying.Would)]
    assert (would.slot, would.by) == (0, m.Channelled.PAD)
    assert 2.1 < would.at_s < 3.1
    without = told(session(), CommitSettings(pad=False))
    assert not any(isinstance(each, replaying.Would) for each in without)


def test_a_sign_and_a_press_choose_what_is_looked_at() -> None:
    looks = [page(0.0), *resting(0.1, 2.1, 0.125, 0.2)]
    signs = [
        rows.Sign(t=2.1, gesture=m.GestureKind.DOUBLE_BLINK, lasted=0.4, log_odds=3.0),
        rows.Press(t=2.1),
    ]
    for sign, by in zip(signs, (m.Channelled.DOUBLE_BLINK, m.Channelled.SWITCH), strict=True):
        (would,) = [each for each in told([*looks, sign]) if isinstance(each, replaying.Would)]
        assert (would.slot, would.by) == (0, by)


def test_a_gap_is_nobodys_time() -> None:
    *_, total = told([page(0.0), *resting(0.1, 0.5, 0.5, 0.5), *resting(60.0, 60.4, 0.5, 0.5)])
    assert isinstance(total, replaying.Sum)
    assert sum(total.spent_s.values()) < 1.5


def test_nobody_is_looked_for_twice_a_second_and_all_of_that_counts() -> None:
    nobody = [rows.Look(t=1.0 + 0.5 * number, eyes=m.Eyes.ABSENT) for number in range(7)]
    *found, total = told([page(0.0), *resting(0.1, 1.0, 0.125, 0.2), *nobody, *resting(4.5, 5.0, 0.125, 0.2)])
    assert isinstance(total, replaying.Sum)
    (away,) = [each for each in found if isinstance(each, replaying.Away)]
    assert total.spent_s[replaying.ABSENT] == pytest.approx(away.lasted_s) == pytest.approx(3.5)


def test_while_the_text_is_private_or_dots_are_shown_no_tile_is_there() -> None:
    for row in (rows.Text(t=0.05, is_open=False), rows.Dot(t=0.05, dot=0, x=0.5, y=0.5)):
        *_, total = told([page(0.0), row, *resting(0.1, 1.1, 0.125, 0.2)])
        assert isinstance(total, replaying.Sum)
        assert set(total.spent_s) == {replaying.NO_TILES}


def test_it_is_told_in_words_and_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(lines(session()[:-1]) + b'{"kind":"look"')
    assert cli.main(["gaze", "replay", str(path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{path}: recorded 2026-01-31T12:00:00+00:00, 6.0 s, without words; it was cut off"
    assert said[1].startswith("     0.10 s  ")
    assert said[1].endswith(" s at 0.12, 0.20: on tile 0 (candidate)")
    assert any("would be chosen: tile 0 (candidate), by gaze_pad" in line for line in said)
    assert "     2.80 s  was chosen: take on tile 0" in said
    assert any(line.startswith("     4.10 s  eyes closed for 1.") for line in said)
    assert said[-1].endswith("1 would be chosen, 1 were")
    assert cli.main(["gaze", "replay", str(path), "--json"]) == 0
    parsed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [parsed[0]["type"], parsed[-1]["type"]] == ["recording", "sum"]
    assert len(parsed) == len(said)


def test_an_empty_recording_has_a_sum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(rows.line(BEGUN))
    assert cli.main(["gaze", "replay", str(path)]) == 0
    assert "0 looks; no time at all" in capsys.readouterr().out


ODD = st.floats(-rows.FARTHEST, rows.FARTHEST)
LOOKS = st.builds(
    rows.Look,
    t=st.floats(0, 30),
    eyes=st.sampled_from(m.Eyes),
    x=st.none() | ODD,
    y=st.none() | ODD,
    sd_x=ODD,
    sd_y=ODD,
    standing_x=ODD,
    standing_y=ODD,
)
OTHERS = st.one_of(
    st.builds(rows.Press, t=st.floats(0, 30)),
    st.builds(rows.Text, t=st.floats(0, 30), is_open=st.booleans()),
    st.builds(lambda t: msgspec.structs.replace(page(0.0), t=t), t=st.floats(0, 30)),
    st.builds(lambda t: rows.Dot(t=t, dot=0, x=0.5, y=0.5), t=st.floats(0, 30)),
    st.builds(
        rows.Sign,
        t=st.floats(0, 30),
        gesture=st.sampled_from(m.GestureKind),
        lasted=st.floats(0, 5),
        log_odds=ODD,
    ),
)


@settings(max_examples=60, deadline=None)
@given(some=st.lists(LOOKS | OTHERS, max_size=40))
def test_whatever_is_recorded_is_replayed(some: list[rows.Row]) -> None:
    *_, total = told(some)
    assert isinstance(total, replaying.Sum)
    assert sum(total.spent_s.values()) <= 30.5
    assert unseen(0, 0, m.Eyes.OPEN) == []


@pytest.mark.parametrize("time", ["-1", "1e7", "1e300"])
def test_a_row_outside_every_recording_is_damaged(time: str, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    looks = [b'{"kind":"look","t":%s,"eyes":"open"}\n' % each for each in (time.encode(), b"1")]
    path.write_bytes(rows.line(BEGUN) + b"".join(looks))
    read = rows.read(path)
    assert ([row.t for row in read.rows], read.damaged) == ([1.0], 1)
