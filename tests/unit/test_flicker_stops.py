"""What ended flicker holds: over a start, over what is forgotten, and until those who may have said otherwise."""

import errno
from pathlib import Path

import msgspec
import pytest

from unit.fitting_person import Body, Fitter
from unit.test_flicker_safety import ALLOWED, EARS, KNOWN, TROUBLE, Kit, wanting
from vybor import cli
from vybor.contracts import messages as m
from vybor.contracts.messages import ElectrodeAt, FitPhase, FitWish, FlickerStop, FlickerWish, Mode, Role, Sign
from vybor.core.ways import flicker_safety as safety
from vybor.core.ways.flicker_safety import Known, Off
from vybor.foundation import flicker_marks
from vybor.foundation.clock import seconds
from vybor.foundation.errors import PlaceError
from vybor.foundation.flicker_settings import Seizures
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings

UNWANTED = m.Shown(at_ns=1, screen=None, flicker_stop=FlickerStop.UNWANTED)
STARTED = m.Shown(at_ns=1, screen=None)
"""The display has started again, and knows of no stop."""


def rests(kit: Kit) -> None:
    usual = kit.writer.state
    writing = msgspec.structs.replace(usual.writing, mode=Mode.REST)
    assert kit.slots(state=msgspec.structs.replace(usual, writing=writing), later_s=5) == ()


# --- a setting that is changed --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", flicker_marks.HANGS_ON)
def test_a_setting_that_is_changed_ends_it_in_the_kit_that_runs(tmp_path: Path, key: str) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    flicker_marks.leave(kit.places, ["language"])
    assert kit.slots() == (0, 1, 2)
    flicker_marks.leave(kit.places, ["language", key])
    assert kit.slots() == ()
    assert Off.CHANGED in kit.desk.off(kit.writer.state, ())
    refused = kit.told(FlickerWish.CONFIRM, "neurologist")
    assert isinstance(refused, m.Refused)
    assert refused.reason == f"it cannot be confirmed: {safety.SENTENCES[Off.CHANGED]}"
    told = kit.told()
    assert isinstance(told, m.FlickerTold)
    assert told.unconfirmable == refused.reason


def test_after_a_new_start_a_setting_holds_but_another_answer_is_confirmed_anew(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    flicker_marks.leave(kit.places, ["flicker.on"])
    assert kit.slots() == ()
    assert Kit(tmp_path, known=None).slots() == (0, 1, 2)
    flicker_marks.leave(kit.places, ["flicker.seizures"])
    again = Kit(tmp_path, known=None)
    assert again.desk.off(again.writer.state, ()) == (Off.UNCONFIRMED,)
    assert isinstance(again.told(FlickerWish.CONFIRM, "neurologist"), m.FlickerTold)
    assert Kit(tmp_path, known=None).slots() == (0, 1, 2)


def test_a_mark_that_core_cannot_remove_ends_it_only_until_core_starts_again(tmp_path: Path) -> None:
    places = Places(runtime=tmp_path / "run", state=tmp_path / "core", share=tmp_path)
    places.runtime.mkdir()
    places.state.mkdir()
    kit = Kit(places.state, places=places)
    for _ in range(3):
        assert kit.slots() == (0, 1, 2)
        flicker_marks.leave(places, ["flicker.on"])
        assert kit.slots() == ()
        assert (places.runtime / flicker_marks.CHANGED).exists()
        kit = Kit(places.state, known=None, places=places)
    flicker_marks.leave(msgspec.structs.replace(places, state=tmp_path), ["flicker.seizures"])
    assert kit.slots() == ()
    assert kit.desk.known.confirmed is None


def test_yes_and_no_again_while_no_kit_runs_end_what_was_confirmed(tmp_path: Path) -> None:
    runtime, state = tmp_path / "run", tmp_path / "state"
    (state / "core").mkdir(parents=True)
    for folder in (state, state / "core"):
        assert Kit(folder).slots() == (0, 1, 2)
    places = Places(runtime=runtime, state=state, share=state)  # after a start of the machine no runtime folder
    flicker_marks.leave(places, ["flicker.seizures"])
    flicker_marks.leave(places, ["flicker.seizures"])
    for folder in (state, state / "core"):
        again = Kit(folder, known=None)
        assert again.desk.known.confirmed is None
        assert again.slots() == ()


def test_an_answer_that_is_given_while_it_flickers_is_not_forgotten(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    flicker_marks.leave(kit.places, ["flicker.seizures"])
    assert kit.slots() == ()
    assert kit.desk.known.confirmed is None
    assert Kit(tmp_path, wanting(seizures=Seizures.YES), known=None).slots() == ()
    assert Kit(tmp_path, known=None).desk.known.confirmed is None


def test_what_a_full_disk_could_not_take_is_not_forgotten_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Kit(tmp_path)
    flicker_marks.leave(Places(runtime=tmp_path, state=tmp_path, share=tmp_path), ["flicker.seizures"])

    def full(*args: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("vybor.core.desks.flicker_desk.small_files.write_bytes", full)
        assert Kit(tmp_path, known=None).slots() == ()
    assert Kit(tmp_path, known=None).desk.known.confirmed is None


def test_config_set_unset_and_undo_tell_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    kit = Kit(tmp_path)
    file = tmp_path / "vybor.toml"
    where = ["--config", str(file), "--runtime", str(tmp_path)]
    assert cli.main(["config", "set", "language", "ru", *where]) == 0
    before = flicker_marks.stamps(kit.places)
    assert flicker_marks.found(kit.places, before) == (False, False)
    assert kit.slots() == (0, 1, 2)
    for change in (["set", "flicker.seizures", "yes"], ["undo"], ["set", "flicker.seizures", "no"]):
        assert cli.main(["config", *change, *where]) == 0
        assert flicker_marks.found(kit.places, before) == (True, True)
        assert kit.slots() == ()
        flicker_marks.take_away(kit.places)
        before = flicker_marks.stamps(kit.places)
    assert cli.main(["config", "unset", "flicker.seizures", *where]) == 0
    assert flicker_marks.found(kit.places, before) == (True, True)


def test_where_the_kit_cannot_be_told_the_remedy_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = Places(runtime=tmp_path / "file", state=tmp_path, share=tmp_path)
    with pytest.raises(PlaceError, match="start core again now"):
        flicker_marks.leave(nowhere, ["flicker.on"])


# --- at the screen --------------------------------------------------------------------------------------------


def test_who_stopped_it_at_the_screen_is_not_forgotten_with_the_display(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    kit.desk.heard(UNWANTED)
    assert kit.desk.off(kit.writer.state, ()) == (Off.UNWANTED, Off.STOPPED)
    kit.desk.heard(STARTED)
    assert kit.slots() == ()
    again = Kit(tmp_path, known=None)
    assert again.desk.off(again.writer.state, ()) == (Off.STOPPED,)
    assert again.desk.no_trial(again.writer.state, ()) == ""
    again.told(FlickerWish.FORGET)
    assert again.desk.known == Known(stopped=True)
    again.told(FlickerWish.CONFIRM, "neurologist")
    assert again.desk.known.stopped is False


def test_a_clinician_s_word_is_not_ended_by_the_stop_before_it(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    kit.desk.heard(UNWANTED)
    kit.told(FlickerWish.CONFIRM, "neurologist")
    kit.desk.heard(UNWANTED)
    assert kit.slots() == ()
    kit.desk.heard(STARTED)
    assert kit.slots() == (0, 1, 2)


def test_a_new_trial_takes_the_stop_away_unless_it_is_stopped_too(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=msgspec.structs.replace(KNOWN, stopped=True))
    tries(kit, Body())
    assert kit.slots() == (0, 1, 2)
    kit.desk.heard(UNWANTED)
    kit.desk.heard(STARTED)
    kit.desk.heard(UNWANTED)
    tries(kit, Body())
    kit.desk.heard(STARTED)
    assert Off.STOPPED in kit.desk.off(kit.writer.state, ())


def test_a_repeated_trial_that_is_left_puts_nothing_back(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    person = tries(kit, Body(misses=lambda sign, cue: True), ticks=90)
    person.hear(m.SwitchPress(at_ns=person.now_ns))
    person.tick()
    assert person.state.fits.told is not None
    assert person.state.fits.told.phase is FitPhase.INTRO
    assert kit.desk.off(kit.writer.state, ()) == (Off.UNTRIED,)
    assert Kit(tmp_path, known=None).slots() == ()


def test_what_is_forgotten_is_not_that_the_wearer_had_enough(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    rests(kit)
    kit.told(FlickerWish.FORGET)
    kit.told(FlickerWish.CONFIRM, "neurologist")
    assert Off.ENDED in kit.desk.off(kit.writer.state, ())


def test_the_day_is_that_on_the_wall_and_lasts_half_a_day_at_least(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vybor.core.desks.flicker_desk.local_time", lambda: "2026-01-02T15:50:00-08:00")
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    rests(kit)
    for at, slots in (
        ("2026-01-02T16:00:10-08:00", ()),  # another day in Greenwich
        ("2026-01-03T03:40:00-08:00", ()),
        ("2026-01-03T08:00:00-08:00", (0, 1, 2)),
    ):
        monkeypatch.setattr("vybor.core.desks.flicker_desk.local_time", lambda at=at: at)
        assert kit.slots() == slots


# --- what a trial finds ----------------------------------------------------------------------------------------


def test_what_a_trial_found_is_kept_with_the_electrodes_that_were_heard(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=msgspec.structs.replace(KNOWN, tried=None))
    kit.sits(*EARS)
    assert kit.desk.no_trial(kit.writer.state, ()) == ""
    tries(kit, Body(strays=lambda cue: cue == 4))
    kit.sits()  # taken off while it is asked how hard it was
    found = kit.desk.known.tried
    assert found is not None
    assert (found.right, found.trials, set(found.electrodes)) == (19, 20, set(EARS))
    assert found.board == "cyton"
    assert kit.slots() == ()
    kit.sits(*EARS)
    assert kit.slots() == (0, 1, 2)


def tries(kit: Kit, body: Body, ticks: int = 3000) -> Fitter:
    """A trial, with what sits as it does, to its end or for so many pictures; the result is kept."""
    person = Fitter(body, ALLOWED).start(Sign.FLICKER)
    person.wish(FitWish.BEGIN)
    for _ in range(ticks):
        person.tick()
        kit.desk.slots(msgspec.structs.replace(person.state, worn=kit.writer.state.worn), (), person.now_ns)
        stage = person.state.fits.told
        if stage is None or stage.phase is FitPhase.EFFORT:
            break
    kit.desk.follow(person.run().state.fits if ticks == 3000 else person.state.fits)
    return person


def test_a_trial_flickers_at_its_cues_alone_and_only_where_it_may(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=msgspec.structs.replace(KNOWN, tried=None))
    person = Fitter(Body(misses=lambda sign, cue: True), ALLOWED).start(Sign.FLICKER)
    person.wish(FitWish.BEGIN)
    seen = set()
    for _ in range(300):
        person.tick()
        state = msgspec.structs.replace(person.state, worn=kit.writer.state.worn)
        stage, fitting = state.fits.told, state.fits.now
        assert stage is not None
        assert kit.desk.slots(state, (TROUBLE,), person.now_ns) == ()
        slots = kit.desk.slots(state, (), person.now_ns)
        seen.add((stage.phase, slots))
        if slots:
            assert fitting is not None
            assert fitting.now is not None
            shown_ns = fitting.now.cues[-1].shown_ns
            assert shown_ns is not None
            assert person.now_ns - shown_ns >= seconds(1)  # the eyes have found the tile
    assert seen == {(FitPhase.CUE, ()), (FitPhase.CUE, (0, 1, 2)), (FitPhase.PAUSE, ())}


def test_why_no_trial_can_be_made_is_one_sentence(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=None)
    assert kit.desk.no_trial(kit.writer.state, ()) == safety.SENTENCES[Off.UNCONFIRMED]
    off = Kit(tmp_path, Settings(), known=None)
    assert off.desk.no_trial(off.writer.state, ()) == safety.SENTENCES[Off.UNANSWERED]
    assert off.slots() == ()


def test_a_trial_in_which_nothing_was_heard_holds_for_nothing(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=msgspec.structs.replace(KNOWN, tried=None))
    kit.sits()
    tries(kit, Body())
    kit.sits(*ElectrodeAt)
    assert kit.desk.known.tried is not None
    assert kit.desk.known.tried.electrodes == ()
    assert kit.desk.off(kit.writer.state, ()) == (Off.ELECTRODES,)


def test_what_another_headband_heard_before_does_not_count(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    kit.sits(*EARS, board="muse_2")
    tries(kit, Body(misses=lambda sign, cue: True), ticks=90)
    kit.sits(EARS[0], board="cyton")
    tries(kit, Body())
    assert kit.desk.known.tried is not None
    assert kit.desk.known.tried.electrodes == EARS[:1]


def test_a_trial_holds_for_the_headband_that_was_found(tmp_path: Path) -> None:
    kit = Kit(tmp_path, known=msgspec.structs.replace(KNOWN, tried=None))
    kit.sits(*EARS, board="muse_2")
    tries(kit, Body())
    assert kit.slots() == (0, 1, 2)
    kit.sits(*EARS, board="cyton")
    assert kit.slots() == ()


# --- who is at it ---------------------------------------------------------------------------------------------


def test_after_a_start_nothing_flickers_before_somebody_chose(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.before == ()
    assert kit.slots() == (0, 1, 2)


def test_in_practice_and_while_tiles_are_lit_in_turn_nothing_flickers(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    state = kit.writer.state
    practice = msgspec.structs.replace(state.writing, practice=Fitter(Body()).state.writing)
    assert kit.slots(state=msgspec.structs.replace(state, writing=practice)) == ()
    scanned = msgspec.structs.replace(state.selector, scan=object())
    assert kit.slots(state=msgspec.structs.replace(state, selector=scanned)) == ()
    assert kit.slots() == (0, 1, 2)


def test_a_key_among_the_words_does_not_flicker(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    tiles = tuple(
        msgspec.structs.replace(tile, role=Role.LETTERS) if tile.slot == 1 else tile
        for tile in kit.writer.state.tiles
    )
    assert kit.slots(state=msgspec.structs.replace(kit.writer.state, tiles=tiles)) == (0, 2)


def test_who_rests_two_minutes_later_simply_rests(tmp_path: Path) -> None:
    kit = Kit(tmp_path)
    assert kit.slots() == (0, 1, 2)
    usual = kit.writer.state
    resting = msgspec.structs.replace(usual, writing=msgspec.structs.replace(usual.writing, mode=Mode.REST))
    assert kit.slots(state=resting, later_s=61) == ()
    assert kit.desk.known.ended == ""
