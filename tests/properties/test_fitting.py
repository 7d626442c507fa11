"""Whatever comes of a fitting: what is proposed can be run with, takes nothing away, and the text stays."""

from dataclasses import dataclass

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.contracts import messages as m
from vybor.contracts.messages import Effort, FitResult, FitWish, Mode, Sign
from vybor.core.decision import deciding, fit_steps
from vybor.core.decision.rules import Rules, no_words
from vybor.core.decision.state import Deciding
from vybor.fitting.noticing import SIGN_OF
from vybor.fitting.proposal import proposed
from vybor.fitting.results import is_reliable
from vybor.fitting.shares import at_least, at_most, most_a_minute
from vybor.foundation import fitted, settings_reading
from vybor.foundation.clock import seconds
from vybor.foundation.gaze_settings import GazeSettings
from vybor.foundation.headband_settings import Board, HeadbandSettings
from vybor.foundation.settings import CommitSettings, ScanUse, Settings
from vybor.selector.state import Selection
from vybor.selector.ways import Headband

TIMES = st.none() | st.floats(0.1, 3.0)


@st.composite
def results(draw: st.DrawFn) -> tuple[FitResult, ...]:
    """What may have come of each sign."""
    found = []
    for sign in draw(st.sets(st.sampled_from(Sign))):
        cues = draw(st.integers(0, 10))
        one = FitResult(
            sign=sign,
            skipped=draw(st.booleans()),
            cues=cues,
            hits=draw(st.integers(0, cues)),
            wrong=draw(st.sampled_from((0, 0, 0, 2))),
            false_alarms=draw(st.sampled_from((0, 0, 1, 5))),
            still_s=draw(st.floats(10, 200)),
            fast_s=draw(TIMES),
            slow_s=draw(TIMES),
            pair_gap_s=draw(TIMES),
            edge_s=draw(TIMES),
            effort=draw(st.none() | st.sampled_from(Effort)),
            reopened=draw(st.booleans()),
            strength=draw(st.none() | st.floats(0.5, 8)),
        )
        found.append(msgspec.structs.replace(one, reliable=not one.skipped and is_reliable(one)))
    return tuple(found)


@st.composite
def kits(draw: st.DrawFn) -> Settings:
    """Settings that can be run with."""
    commit = CommitSettings(
        pad=draw(st.booleans()),
        switch=draw(st.booleans()),
        biosignal=draw(st.booleans()),
        scan=draw(st.sampled_from(ScanUse)),
        pad_s=draw(st.floats(0.1, 2)),
        brow=draw(st.booleans()),
        head=draw(st.booleans()),
    )
    gaze = GazeSettings(brow_least=draw(st.floats(0.05, 0.8)), head_least_deg=draw(st.floats(2, 30)))
    board = draw(st.sampled_from((Board.NONE, Board.CYTON)))
    kit = Settings(gaze=gaze, commit=commit, headband=HeadbandSettings(board=board, serial_port="x"))
    return Settings() if any(settings_reading.no_way_to_choose(kit)) else kit


def open_signs(kit: Settings) -> set[Sign]:
    """The signs with which something can be chosen."""
    commit = kit.commit
    found = {Sign.PAD} if commit.pad and commit.scan is not ScanUse.ALWAYS else set()
    if commit.switch:
        found.add(Sign.SWITCH)
    if commit.biosignal and kit.headband.board is not Board.NONE:
        found |= {Sign.DOUBLE_BLINK, Sign.CLENCH}
    faces = {Sign.BROW: commit.brow, Sign.CHEEK: commit.cheek, Sign.HEAD: commit.head}
    return found | {sign for sign, is_on in faces.items() if is_on}


@given(results(), kits())
@settings(max_examples=150, deadline=None)
def test_what_is_proposed_can_be_run_with_and_never_takes_the_last_reliable_way(
    found: tuple[FitResult, ...], kit: Settings
) -> None:
    if kit.headband.board is Board.NONE:
        found = tuple(one for one in found if one.sign not in SIGN_OF.values())
    values = proposed(found, kit)
    assert fitted.holding(values, kit) == values
    after = fitted.over(kit, values)
    assert not any(settings_reading.no_way_to_choose(after))
    reliable = {one.sign for one in found if one.reliable}
    if reliable & open_signs(kit):
        assert reliable & open_signs(after)
    taken = open_signs(kit) - open_signs(after)
    assert not taken or reliable & open_signs(after)


@given(st.integers(0, 200), st.integers(1, 200))
def test_bounds_lie_around_the_share(hits: int, of: int) -> None:
    hits = min(hits, of)
    share = hits / of
    assert -1e-9 <= at_least(hits, of) <= share + 1e-9
    assert share - 1e-9 <= at_most(hits, of) <= 1 + 1e-9


@given(st.integers(0, 20), st.floats(10, 1000))
def test_the_most_a_minute_is_more_than_what_was_counted(count: int, seen_s: float) -> None:
    assert most_a_minute(count, seen_s) > count / (seen_s / 60)
    assert most_a_minute(count + 1, seen_s) > most_a_minute(count, seen_s)


# --- hostile streams --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """Something happens a while later."""

    after_s: float
    what: object


GESTURES = st.tuples(st.sampled_from(m.GestureKind), st.floats(-4, 4))
LOOKS = st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))
HAPPENINGS = st.one_of(
    st.just("press"),
    st.just("shown"),
    st.just("closed"),
    GESTURES,
    LOOKS,
    st.sampled_from(FitWish),
    st.integers(0, 9),
)
STREAMS = st.lists(st.builds(Step, st.sampled_from((0.05, 0.5, 2.0, 13.0)), HAPPENINGS), max_size=60)


def message(what: object, at_ns: int, state: Deciding) -> m.AnyMessage | None:
    match what:
        case "press":
            return m.SwitchPress(at_ns=at_ns)
        case "closed":
            return m.Gaze(at_ns=at_ns, at_sd_ns=0, eyes=m.Eyes.CLOSED)
        case "shown":
            screen = deciding.screen(state, at_ns, m.Saving.SAVED, (), "en")
            return m.Shown(at_ns=at_ns, screen=screen)
        case (m.GestureKind() as kind, float(log_odds)):
            return m.Gesture(at_ns=at_ns - 1, at_sd_ns=0, ended_ns=at_ns, kind=kind, log_odds=log_odds)
        case (float(x), float(y)):
            point = m.GazePoint(x=x, y=y, sd_x=0.02, sd_y=0.02)
            return m.Gaze(at_ns=at_ns, at_sd_ns=0, eyes=m.Eyes.OPEN, point=point)
    return None


@given(STREAMS)
@settings(max_examples=150, deadline=None)
def test_nothing_that_happens_in_a_fitting_touches_the_text_or_ends_up_in_the_record(stream: list[Step]) -> None:
    kit = Settings(headband=HeadbandSettings(board=Board.CYTON, serial_port="x"))
    rules = Rules(session="s", language="en", commit=kit.commit, instant=no_words, count=4, settings=kit)
    now_ns = seconds(10)
    state = deciding.begin(rules, now_ns)
    text = msgspec.structs.replace(state.writing, text="I would", past=("", "I"))
    state = deciding.passed(msgspec.structs.replace(state, writing=text), rules, now_ns, Headband.THERE)
    state, _ = fit_steps.asked(state, m.Fit(request="r", wish=FitWish.START), rules, now_ns)
    for step in stream:
        now_ns += seconds(step.after_s)
        was_in_it = state.writing.mode is Mode.FITTING
        decided = None
        if isinstance(step.what, FitWish):
            state, _ = fit_steps.asked(state, m.Fit(request="r", wish=step.what), rules, now_ns)
        elif isinstance(step.what, int):
            evidence = m.Evidence(channel=m.Channelled.PAD, posterior=1, posterior_without_prior=1, gaze_age_ms=0)
            if was_in_it:
                chosen = Selection(state.offer, step.what, evidence)
                state, decided = deciding._decide(state, chosen, now_ns, rules)
        elif (heard := message(step.what, now_ns, state)) and was_in_it:
            state, decided = deciding.heard(state, heard, rules, now_ns)
        state = deciding.passed(state, rules, now_ns, Headband.THERE)
        state = fit_steps.passed(state, rules, now_ns)
        assert (state.writing.text, state.writing.past) == (text.text, text.past)
        assert decided is None or decided.call_help or decided.decision.action is m.Action.PAGE
        assert (state.fits.told is not None) == (state.writing.mode is Mode.FITTING)
        if state.writing.mode is Mode.FITTING:
            assert {tile.role for tile in state.tiles} & {m.Role.BACK}
