"""`vybor fit` and what was fitted: typed lines, the table, settings changed together, and what a kit keeps."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.fitting_person import SETTINGS, Body, Fitter
from vybor import cli
from vybor.commands.fits import fit
from vybor.commands.fits import fitting as grammar
from vybor.commands.settings import configuring
from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitPhase, FitWish, Sign
from vybor.core.desks.fit_desk import FitDesk
from vybor.core.ways.fits import Fits
from vybor.doctor import fitting
from vybor.foundation import settings_reading
from vybor.foundation.errors import SettingsError
from vybor.foundation.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(runtime=tmp_path, state=tmp_path, share=tmp_path)


def outcome(body: Body, *only: Sign) -> fit.Outcome:
    person = Fitter(body).start(*only).run()
    return fit.Outcome(person.state.fits.results, person.state.fits.proposed)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reads, writes = os.pipe()
    yield reads, writes
    os.close(reads)


def test_typed_lines_come_one_by_one_and_an_end_is_known(pipe: tuple[int, int]) -> None:
    reads, writes = pipe
    typed = fit.Typed(reads)
    assert typed.line(0) is None
    os.write(writes, b"\nS\nq")
    assert (typed.line(1), typed.line(1), typed.line(0)) == ("", "s", None)
    assert not typed.ended
    os.close(writes)
    assert typed.line(0) is None
    assert typed.ended


@pytest.mark.parametrize(
    ("line", "phase", "meant"),
    [
        ("", FitPhase.INTRO, (FitWish.BEGIN, None)),
        ("", FitPhase.CUE, (FitWish.TELL, None)),
        ("s", FitPhase.EFFORT, (FitWish.SKIP, None)),
        ("2", FitPhase.EFFORT, (FitWish.TELL, Effort.SO_SO)),
        ("2", FitPhase.INTRO, (FitWish.TELL, None)),
        ("q", FitPhase.STILL, (FitWish.STOP, None)),
        (None, FitPhase.INTRO, (FitWish.TELL, None)),
    ],
)
def test_what_a_line_means(line: str | None, phase: FitPhase, meant: tuple[FitWish, Effort | None]) -> None:
    assert fit._meant(line, m.FitStage(phase=phase)) == meant


def test_the_table_says_what_came_of_each_sign_and_why_something_is_proposed() -> None:
    lines = list(fit.table(outcome(Body(gap_s=1.1, skips=(Sign.CLENCH,)), Sign.DOUBLE_BLINK, Sign.CLENCH)))
    assert lines[0].startswith("a double blink")
    assert "8 of 8 (at least 83%); unasked 0 in " in lines[0]
    assert "easy" in lines[0]
    assert lines[1].split() == ["a", "clench", "left", "out"]
    assert "proposed: headband.double_blink_gap_s = 1.3 (was 0.7): nineteen of twenty" in "\n".join(lines)


def test_json_has_the_bounds_that_few_tries_allow() -> None:
    (found,) = json.loads(fit.as_json(outcome(Body(), Sign.SWITCH)))["results"]
    assert (found["sign"], found["hits"], found["hits_at_least"]) == ("switch", 8, 0.83)
    assert found["false_alarms_a_minute_at_most"] > 3


def test_several_settings_are_one_change_and_one_undo(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    file.write_text("# the kit of room four\n[commit]\npad_s = 0.5  # slower\n")
    before = file.read_text()
    told = configuring.put_together(file, {"commit.pad_s": 0.6, "headband.double_blink_gap_s": 1.2})
    assert told == ["commit.pad_s = 0.6", "headband.double_blink_gap_s = 1.2"]
    assert "# slower" in file.read_text()
    configuring.undo(file)
    assert file.read_text() == before


def test_settings_that_would_not_hold_together_are_refused_whole(tmp_path: Path) -> None:
    file = tmp_path / "vybor.toml"
    with pytest.raises(SettingsError, match="nothing could be chosen"):
        configuring.put_together(file, {"commit.pad": False, "commit.switch": False})
    assert not file.exists()


# --- what a kit keeps -------------------------------------------------------------------------------------


def test_what_was_accepted_holds_over_a_restart_and_is_named(places: Places) -> None:
    desk = FitDesk(places.fitted, SETTINGS)
    desk.accept((m.FitValue(key="commit.pad_s", value=0.3, was=0.35),))
    again = FitDesk(places.fitted, SETTINGS)
    assert again.settings.commit.pad_s == 0.3
    (line,) = fitting.told(places, SETTINGS)
    assert line == (
        "commit.pad_s = 0.3 was accepted on the screen, in place of 0.35; "
        "`vybor fit --forget` lets the settings hold"
    )


def test_a_second_fitting_is_over_the_settings_and_not_over_the_first(places: Places) -> None:
    desk = FitDesk(places.fitted, SETTINGS)
    desk.accept(
        (m.FitValue(key="commit.pad_s", value=0.3, was=0.35), m.FitValue(key="commit.pad", value=False, was=True))
    )
    desk.accept(
        (m.FitValue(key="commit.pad_s", value=0.6, was=0.3), m.FitValue(key="commit.pad", value=True, was=False))
    )
    assert [(each.key, each.value, each.was) for each in desk.values] == [("commit.pad_s", 0.6, 0.35)]


def test_forgotten_it_holds_no_more(places: Places) -> None:
    desk = FitDesk(places.fitted, SETTINGS)
    desk.accept((m.FitValue(key="commit.pad_s", value=0.3, was=0.35),))
    desk.forget()
    assert FitDesk(places.fitted, SETTINGS).settings == SETTINGS
    assert list(fitting.told(places, SETTINGS)) == []


def test_fittings_of_a_headbands_signs_are_counted_and_of_nothing_else(places: Places) -> None:
    def follow(sign: Sign, accepted: int, *, skipped: bool = False) -> int:
        results = (m.FitResult(sign=sign, skipped=skipped, cues=8, hits=8),)
        assert desk.follow(Fits(results=results, accepted=accepted))
        return FitDesk(places.fitted, SETTINGS).kept.fittings

    desk = FitDesk(places.fitted, SETTINGS)
    assert desk.kept.fittings == 0
    assert follow(Sign.DOUBLE_BLINK, 1) == 1
    assert follow(Sign.PAD, 2) == 1
    assert follow(Sign.CLENCH, 3, skipped=True) == 1
    assert follow(Sign.CLENCH, 4) == 2
    desk.follow(Fits(results=(m.FitResult(sign=Sign.CLENCH, cues=8, hits=8),), accepted=4))
    assert desk.kept.fittings == 2, "a fitting that nobody accepted changes nothing"
    desk.forget()
    assert FitDesk(places.fitted, SETTINGS).kept.fittings == 3


@pytest.mark.parametrize("content", ["{", '{"values": 3}', "\x00", "[" * 5000])
def test_a_damaged_file_is_told_and_costs_nothing(places: Places, content: str) -> None:
    places.fitted.write_text(content)
    assert FitDesk(places.fitted, SETTINGS).settings == SETTINGS
    (line,) = fitting.told(places, SETTINGS)
    assert "cannot be read" in line


def test_a_disk_that_takes_nothing_keeps_it_until_the_next_start(tmp_path: Path) -> None:
    desk = FitDesk(tmp_path / "nowhere" / "fitting.json", SETTINGS)
    desk.accept((m.FitValue(key="commit.pad_s", value=0.3, was=0.35),))
    assert desk.settings.commit.pad_s == 0.3


def test_the_settings_that_are_shown_say_what_holds_over_them(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    file = places.state / "vybor.toml"
    file.write_text('[headband]\nboard = "cyton"\nserial_port = "/dev/x"\n')
    FitDesk(places.fitted, SETTINGS).accept((m.FitValue(key="commit.pad_s", value=0.3, was=0.35),))
    assert cli.main(["config", "show", "--changed", "--config", str(file), "--state", str(places.state)]) == 0
    shown = capsys.readouterr().out
    assert "# commit.pad_s = 0.3 was accepted on the screen, in place of 0.35" in shown
    configuring.put_together(file, {"commit.pad_s": 0.6})
    assert cli.main(["config", "show", "--config", str(file), "--state", str(places.state)]) == 0
    assert "accepted" not in capsys.readouterr().out


def test_a_sign_that_there_is_not_is_named_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fit", "--only", "pad,eyebrow"])
    assert ended.value.code == 2
    assert (
        "'eyebrow' is no sign; there are pad, switch, long_blink, double_blink, clench, brow, cheek, head"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(("line", "wanted"), [(b"y\n", True), (b"Yes\n", True), (b"\n", False), (b"n\n", False)])
def test_only_a_yes_sets_it(pipe: tuple[int, int], line: bytes, wanted: bool) -> None:
    reads, writes = pipe
    os.write(writes, line)
    assert grammar._is_wanted(fit.Typed(reads)) is wanted
    os.close(writes)


def test_nobody_there_is_no_yes(pipe: tuple[int, int]) -> None:
    reads, writes = pipe
    os.close(writes)
    assert grammar._is_wanted(fit.Typed(reads)) is False


def test_what_is_set_says_what_must_start_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parsed = argparse.Namespace(config=tmp_path / "vybor.toml", runtime=tmp_path)
    grammar._set(parsed, fit.to_write(outcome(Body(gap_s=1.1), Sign.DOUBLE_BLINK).proposed, ())[0])
    told = capsys.readouterr().err
    assert "headband.double_blink_gap_s = 1.3" in told
    assert "it holds" in told.splitlines()[-1]
    assert "headband" in told.splitlines()[-1]
    assert settings_reading.load(parsed.config).headband.double_blink_gap_s == 1.3


@pytest.mark.parametrize("content", [b'{"values": [{"key": "\xff"}]}', b'{"x":' + b"[" * 9000, b"", b"[1]"])
def test_a_damaged_file_of_what_was_fitted_ends_nothing(places: Places, content: bytes) -> None:
    places.fitted.write_bytes(content)
    assert FitDesk(places.fitted, SETTINGS).settings == SETTINGS
    assert "cannot be read" in next(iter(fitting.told(places, SETTINGS)))


def fitted_value(key: str, value: bool | float, was: bool | float) -> m.FitValue:
    return m.FitValue(key=key, value=value, was=was)


def test_what_the_settings_say_already_is_not_hidden_by_what_was_accepted() -> None:
    accepted = (fitted_value("commit.pad", False, True), fitted_value("commit.pad_s", 0.5, 0.35))
    values, is_hidden = fit.to_write([fitted_value("commit.pad", True, False)], accepted)
    assert values == {"commit.pad": True, "commit.pad_s": 0.5}
    assert is_hidden


def test_what_the_settings_do_not_say_yet_goes_into_them_alone() -> None:
    accepted = (fitted_value("commit.pad_s", 0.5, 0.35),)
    values, is_hidden = fit.to_write([fitted_value("commit.pad_s", 0.6, 0.5)], accepted)
    assert values == {"commit.pad_s": 0.6}
    assert not is_hidden


# --- what cannot be set -----------------------------------------------------------------------------------


class Kit:
    """A kit whose fitting has come to its end, as `vybor fit` asks it; what happens is in `done`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self._found = outcome(Body(gap_s=1.1), Sign.DOUBLE_BLINK)
        monkeypatch.setattr(fit, "held", lambda *_: self._held())
        monkeypatch.setattr(fit, "accepted", lambda *_: ())
        monkeypatch.setattr(fit, "stopped", lambda *_: self.done.append("stopped"))

    def _held(self) -> fit.Outcome:
        self.done.append("held")
        return self._found

    def fitted(self, file: Path, typed: bytes, *options: str) -> int:
        reads, writes = os.pipe()
        os.write(writes, typed)
        os.close(writes)
        with pytest.MonkeyPatch.context() as patch, os.fdopen(reads) as stdin:
            patch.setattr("sys.stdin", stdin)
            return cli.main(["fit", *options, "--config", str(file), "--runtime", str(file.parent)])


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Kit:
    return Kit(monkeypatch)


WRONG = "[gaze]\nhz = 900\n"


@pytest.mark.parametrize("is_read", [True, False])
def test_what_would_not_be_set_is_said_before_the_wearer_works_for_it(
    kit: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str], is_read: bool
) -> None:
    file = tmp_path / "vybor.toml" if is_read else tmp_path / "vybor.toml" / "vybor.toml"
    (tmp_path / "vybor.toml").write_text(WRONG)
    code, said = (78, "gaze.hz") if is_read else (73, "cannot be written (Not a directory); use sudo")
    assert kit.fitted(file, b"y\n", "--accept") == code
    assert said in capsys.readouterr().err
    assert kit.done == []
    assert kit.fitted(file, b"y\n") == 0
    first, last = capsys.readouterr().err.splitlines()
    assert said in first
    assert first.endswith("without that the wearer alone can accept what is found, on the screen")
    assert last == grammar.ON_THE_SCREEN
    assert kit.done == ["held"], "what was found stays on the screen"
    assert (tmp_path / "vybor.toml").read_text() == WRONG


def test_what_could_not_be_set_stays_on_the_wearer_s_screen(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "vybor.toml"
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert kit.fitted(file, b"y\n") == 73
    *_, last, refused = capsys.readouterr().err.splitlines()
    assert last == grammar.ON_THE_SCREEN
    assert "No space left on device" in refused
    assert kit.done == ["held"]
    assert kit.fitted(file, b"y\n") == 0
    assert kit.done == ["held", "held", "stopped"]
    assert settings_reading.load(file).headband.double_blink_gap_s == 1.3


def test_asking_whether_settings_can_be_changed_changes_nothing(tmp_path: Path) -> None:
    configuring.can_be_changed(tmp_path / "no folder yet" / "vybor.toml")
    assert list(tmp_path.iterdir()) == []
