"""`vybor headband quality`: how each electrode sits, twice a second, and what helps; by the kit if it runs."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from vybor.contracts import messages as m
from vybor.contracts.messages import ElectrodeState
from vybor.doctor import listening
from vybor.foundation.clock import SECOND_NS, Clock, seconds
from vybor.foundation.headband_settings import HeadbandSettings
from vybor.headband import sitting
from vybor.headband.boards import Board
from vybor.headband.detecting import gestures
from vybor.headband.devices import link
from vybor.headband.devices.acquisition import Acquisition
from vybor.headband.devices.choosing import NoHeadband, chosen, driver_of
from vybor.headband.port import HeadbandMissing
from vybor.headband.process import rule_of

EVERY_S = 0.5
SETTLED_S = 3.0
"""Filters and levels take so long before a first word on an electrode can be believed."""
PATIENCE_S = 20.0
"""A headband by radio is found, connected and heard within this."""
SILENT_S = 3.0
"""A kit that wears a headband tells of it twice a second."""
NOT_WORN = "the kit wears no headband; name one with `vybor config set headband.board`, or see `vybor doctor`"
ENOUGH = (ElectrodeState.GOOD, ElectrodeState.MUSCLE)
SAYS: dict[ElectrodeState, str] = {
    ElectrodeState.GOOD: "good",
    ElectrodeState.MISSING: "the headband gives nothing of it: switch it off and on; is headband.board right?",
    ElectrodeState.RAILED: "no contact: seat it anew, moisten the skin; look at its cable and at the reference",
    ElectrodeState.FLAT: "no signal: its cable may be off, or it touches its neighbour; dry the skin between",
    ElectrodeState.LOOSE: "it moves or hardly touches: push hair aside, seat it anew, moisten the skin",
    ElectrodeState.MAINS: "it hears cables: move chargers and cables away, or seat it firmer",
    ElectrodeState.MUSCLE: "it sits well, but the muscle under it does not rest: let forehead and jaw go",
}
"""What a carer can do about it."""

Wait = Callable[[float], None]


class Sits(msgspec.Struct, frozen=True):
    """One electrode, and what helps."""

    at: m.ElectrodeAt
    state: ElectrodeState
    says: str


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All of them at a moment, in seconds since somebody began to look."""

    at_s: float
    board: str = ""
    driver: str = ""
    why: str = ""
    battery: float | None = None
    electrodes: tuple[Sits, ...] = ()
    trouble: str = ""
    """Why there is none."""
    is_settled: bool = False
    """Whether samples have come for long enough to believe it."""

    @property
    def is_enough(self) -> bool:
        """Whether every electrode sits well."""
        return bool(self.electrodes) and all(each.state in ENOUGH for each in self.electrodes)


def of_kit(runtime: Path, clock: Clock) -> Generator[Reading]:
    """As the kit that runs there tells it. Raises HeadbandMissing if it wears none."""
    began_ns, told_ns, trouble = clock.now_ns(), -1, ""
    heard_ns = began_ns
    with closing(listening.Ear(runtime, (m.Worn, m.Health), clock)) as ear:
        while True:
            for each in ear.heard(EVERY_S):
                message = each.message
                if isinstance(message, m.Health) and message.process == "headband":
                    trouble = next((notice.detail for notice in message.troubles if _is_gone(notice)), "")
                elif isinstance(message, m.Worn) and message.at_ns != told_ns:
                    told_ns, heard_ns = message.at_ns, each.arrived_ns
                    yield _reading(message, (message.at_ns - began_ns) / SECOND_NS, trouble)
            if clock.now_ns() - heard_ns > seconds(SILENT_S):
                raise HeadbandMissing(
                    NOT_WORN if told_ns < 0 else "the kit's headband part does not answer any more"
                )


def of_headband(settings: HeadbandSettings, clock: Clock, wait: Wait) -> Generator[Reading]:
    """Of the headband of the settings, by itself: no kit has it. Raises HeadbandMissing if none is set."""
    choice = chosen(settings, clock)
    headband, rule = choice.headband, rule_of(settings, choice.board)
    if isinstance(headband, NoHeadband):
        headband.start()
    acquisition = Acquisition(headband, clock)
    state: gestures.Sensing | None = None
    began_ns = told_ns = clock.now_ns()
    began_at: int | None = None
    try:
        while True:
            wait(min(acquisition.turn(), link.POLL_S))
            if acquisition.found and acquisition.found[0] is not rule.board:
                rule, state = msgspec.structs.replace(rule, board=acquisition.found[0]), None
            for chunk in acquisition.take():
                began_at = chunk.first if began_at is None or chunk.first < began_at else began_at
                state, _ = gestures.step(state, chunk, rule)
            if (now_ns := clock.now_ns()) - told_ns >= seconds(EVERY_S):
                told_ns = now_ns
                settled = state is not None and state.next - (began_at or 0) >= SETTLED_S * rule.board.hz
                at_s = (now_ns - began_ns) / SECOND_NS
                trouble = next((one.detail for one in link.troubles(acquisition.link, now_ns)), "")
                worn = _worn(acquisition, state, rule.board, choice.why, now_ns)
                yield msgspec.structs.replace(_reading(worn, at_s, trouble), is_settled=settled and not trouble)
    finally:
        headband.stop()


def once(readings: Iterator[Reading]) -> Reading:
    """The first one that can be believed. Raises HeadbandMissing if none comes."""
    for reading in readings:
        if reading.is_settled:
            return reading
        if reading.at_s > PATIENCE_S:
            raise HeadbandMissing(f"no samples come: {reading.trouble or link.SILENT}")
    raise HeadbandMissing(f"no samples come: {link.SILENT}")


def lines(reading: Reading) -> Iterator[str]:
    """For a person: what is worn, then an electrode a line."""
    if reading.driver:
        battery = f"; battery {reading.battery:.0f} %" if reading.battery is not None else ""
        yield f"a {reading.board}, by {reading.driver}{battery}"
    if reading.trouble or not reading.electrodes:
        yield f"no samples: {reading.trouble or 'they have yet to come'}"
    for each in reading.electrodes:
        said = each.says if each.state is ElectrodeState.GOOD else f"{each.state}: {each.says}"
        yield f"  {each.at.replace('_', ' '):15} {said}"


def shown(readings: Iterator[Reading], *, as_json: bool, in_place: bool) -> Iterator[str]:
    """Each reading as it is printed: a line of JSON, or lines, on a terminal over those before."""
    before = 0
    for reading in readings:
        told = [json_line(reading)] if as_json else list(lines(reading))
        up = f"\x1b[{before}F\x1b[J" if in_place and not as_json and before else ""
        yield up + "\n".join(told)
        before = len(told)


def json_line(reading: Reading) -> str:
    """For programs."""
    return msgspec.json.encode(reading).decode()


def _reading(worn: m.Worn, at_s: float, trouble: str) -> Reading:
    electrodes = tuple(Sits(each.at, each.state, SAYS[each.state]) for each in worn.electrodes)
    return Reading(
        at_s=round(max(0.0, at_s), 2),
        board=worn.board,
        driver=worn.driver,
        why=worn.why,
        battery=worn.battery,
        electrodes=electrodes,
        trouble=trouble,
        is_settled=bool(electrodes),
    )


def _worn(acquisition: Acquisition, state: gestures.Sensing | None, board: Board, why: str, now_ns: int) -> m.Worn:
    """As the kit would tell it."""
    has_samples = state is not None and not link.troubles(acquisition.link, now_ns)
    return m.Worn(
        at_ns=now_ns,
        electrodes=sitting.electrodes(state.contact, board) if state and has_samples else (),
        board=board.name if driver_of(acquisition) else "",
        driver=driver_of(acquisition),
        why=why,
        battery=acquisition.battery,
    )


def _is_gone(notice: m.Notice) -> bool:
    return notice.trouble in (m.Trouble.HEADBAND_MISSING, m.Trouble.HEADBAND_STOPPED)
