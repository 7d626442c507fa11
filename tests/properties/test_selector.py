"""The selector under any stream of messages: at most one selection an offer, and only of what was shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vybor.composer.layout import TEN
from vybor.contracts import messages as m
from vybor.foundation.clock import seconds
from vybor.foundation.settings import CommitSettings
from vybor.selector import step as select

RULE = CommitSettings()
anywhere = st.floats(-1, 2, allow_nan=False)
spread = st.floats(0.001, 0.5)
delay_s = st.floats(-0.5, 2.0)


@st.composite
def happenings(draw: st.DrawFn) -> tuple[str, float, float, float, float]:
    return (
        draw(st.sampled_from(["look", "look", "look", "look", "closed", "gesture", "press", "shown"])),
        draw(delay_s),
        draw(anywhere),
        draw(anywhere),
        draw(spread),
    )


def offer_tiles(number: int) -> tuple[m.Tile, ...]:
    return tuple(
        m.Tile(slot=slot, role=m.Role.CANDIDATE, area=zone.area, pad=zone.pad, label=f"{number}-{slot}")
        for slot, zone in enumerate(TEN.zones)
        if (slot + number) % 5
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(happenings(), max_size=80))
def test_a_selection_answers_a_shown_offer_on_fresh_evidence(
    stream: list[tuple[str, float, float, float, float]],
) -> None:
    state, now_ns, number = select.Selector(), seconds(100), 0
    last_look_ns, chosen_ns = 0, -1
    for kind, wait_s, x, y, sd in stream:
        now_ns += seconds(wait_s)
        chosen = None
        if kind == "shown":
            number += 1
            state = select.shown(state, number, offer_tiles(number), now_ns)
        elif kind in ("look", "closed"):
            point = m.GazePoint(x=x, y=y, sd_x=sd, sd_y=sd) if kind == "look" else None
            eyes = m.Eyes.OPEN if point else m.Eyes.CLOSED
            last_look_ns = max(last_look_ns, now_ns) if point else last_look_ns
            state, chosen = select.look(state, m.Gaze(at_ns=now_ns, at_sd_ns=0, eyes=eyes, point=point), RULE)
        elif kind == "gesture":
            made = m.Gesture(
                at_ns=now_ns, at_sd_ns=0, ended_ns=now_ns, kind=m.GestureKind.DOUBLE_BLINK, log_odds=4.0
            )
            state, chosen = select.gesture(state, made, RULE)
        else:
            state, chosen = select.press(state, m.SwitchPress(at_ns=now_ns), RULE)
        if chosen:
            assert 1 <= chosen.offer <= number
            assert chosen.slot in {tile.slot for tile in offer_tiles(chosen.offer)}
            assert now_ns >= chosen_ns + seconds(RULE.refractory_s)
            assert chosen.evidence.gaze_age_ms <= 1_500
            chosen_ns = now_ns
            state = select.rest_after_choice(state, now_ns, RULE)
