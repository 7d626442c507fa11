"""What the benches `soak` and `footprint` count: frames, beats, memory, delays, and what is in the record."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import cast

import msgspec
import psutil  # type: ignore[import-untyped]
import pytest

from benches import choices, footprint, goals, kit_figures, kit_listener, kit_writing
from benches.choices import Chosen, Flip
from benches.kit_listener import Listener, Tally
from unit.cyton_desk import HandClock
from vybor.contracts import messages as m
from vybor.contracts import wire
from vybor.contracts.channels import EVERY_PROCESS
from vybor.foundation.clock import SystemClock, seconds
from vybor.foundation.errors import VyborError
from vybor.gaze.faces.living import STANDS_NS
from world.bodies import BLINK_EVERY_S
from world.person import Body, Person

MS = 1_000_000
WATCHDOG_S = dict.fromkeys(EVERY_PROCESS, 20) | {"core": 5}


def told(message: m.AnyMessage, number: int, publisher: str = "core", epoch: int = 1) -> wire.Envelope:
    return wire.Envelope(publisher, epoch, number, message)


def health(at_s: float, pid: int = 7, process: str = "core") -> m.Health:
    return m.Health(at_ns=seconds(at_s), process=process, pid=pid)


def tally(*envelopes: wire.Envelope, began_s: float = 0) -> Tally:
    made = Tally(began_ns=seconds(began_s))
    for envelope in envelopes:
        made.hear(envelope, WATCHDOG_S)
    return made


def press(at_ns: int = 0) -> m.SwitchPress:
    return m.SwitchPress(at_ns=at_ns)


def test_events_that_are_missing_and_that_come_twice_are_counted() -> None:
    found = tally(*(told(press(), number, "display") for number in (4, 5, 8, 8, 9, 7)))
    assert (found.lost, found.doubled) == (2, 2)
    again = tally(told(press(), 4, "display"), told(press(), 1, "display", epoch=2))
    assert (again.lost, again.doubled) == (0, 0), "a process that starts again counts from one"


def test_a_state_that_is_said_again_is_a_repeat_and_no_double() -> None:
    found = tally(*(told(m.Vitals(at_ns=0), number, "vitals") for number in (1, 1, 1, 2)))
    assert found.frames["vitals", "Vitals"] == 4
    assert found.repeats["vitals", "Vitals"] == 2
    assert (found.lost, found.doubled) == (0, 0)


def test_a_process_that_is_silent_for_longer_than_its_watchdog_waits_has_missed_a_beat() -> None:
    found = tally(*(told(health(at_s), number) for number, at_s in enumerate((0, 0.5, 5.5, 10.6))))
    assert (found.missed, found.silent_s["core"]) == ({"core": 1}, pytest.approx(5.1))


def test_until_one_has_started_again_it_is_silent() -> None:
    found = tally(told(health(0), 1), told(health(60, pid=8), 1, epoch=2), told(health(60.5, pid=8), 2, epoch=2))
    assert (found.restarts, found.missed, found.silent_s["core"]) == ({"core": 1}, {"core": 1}, 60)


def test_one_that_says_nothing_any_more_is_silent_to_the_end_and_one_that_never_did_from_the_beginning() -> None:
    found = tally(*(told(health(at_s), number) for number, at_s in enumerate((10, 10.5, 11))), began_s=9)
    found.ended(seconds(16.5), WATCHDOG_S)
    assert (found.missed.total(), found.missed["core"], found.silent_s["core"]) == (1, 1, pytest.approx(5.5))
    assert {found.silent_s[name] for name in EVERY_PROCESS if name != "core"} == {7.5}
    found.ended(seconds(30), WATCHDOG_S)
    assert {name for name in found.missed if found.missed[name]} == set(EVERY_PROCESS)


def test_who_is_silent_when_it_is_counted_anew_has_been_so_before(tmp_path: Path) -> None:
    listener = Listener(tmp_path, SystemClock(), WATCHDOG_S)
    try:
        now_ns = SystemClock().now_ns()
        listener.tally.hear(
            told(m.Health(at_ns=now_ns - seconds(6), process="core", pid=os.getpid()), 1), WATCHDOG_S
        )
        listener.restart()
        listener.until_now()
        assert {name for name in listener.tally.missed if listener.tally.missed[name]} == {"core"}
        with pytest.raises(VyborError, match=r"^nothing was heard of browser, .*voice within"):
            listener.wait_for_all(0.0)
    finally:
        listener.close()


@pytest.mark.parametrize(("second", "said"), [((0.5, 8), "core started again"), ((6.0, 7), "core fell silent")])
def test_a_kit_that_is_broken_in_between_is_not_counted(second: tuple[float, int], said: str) -> None:
    kit_figures.unbroken(tally(told(health(0), 1), told(health(0.5), 2)))
    with pytest.raises(VyborError, match=said):
        kit_figures.unbroken(tally(told(health(0), 1), told(health(second[0], pid=second[1]), 2)))


def screen(offer: int, text: str, saving: m.Saving = m.Saving.SAVED) -> m.Screen:
    return m.Screen(at_ns=0, offer=offer, mode=m.Mode.WORDS, text=text, prefix="", tiles=(), saving=saving)


def test_texts_that_were_said_to_be_saved_are_kept_in_order_once_each() -> None:
    shown = [("", "SAVED"), ("I", "SAVING"), ("I", "SAVED"), ("I", "SAVED"), ("I am", "NOT_SAVING")]
    found = tally(
        *(
            told(m.Shown(at_ns=0, screen=screen(1, text, m.Saving[saving])), number, "display")
            for number, (text, saving) in enumerate(shown)
        )
    )
    assert found.saved == ["", "I"]


def test_how_often_states_come_is_held_against_the_table() -> None:
    found = Tally()
    found.frames["core", "Screen"] = 500
    found.frames["core", "Health"] = 200
    found.frames["voice", "Health"] = 150
    found.frames["gaze", "Gaze"] = 1500
    found.frames["display", "SwitchPress"] = 3
    found.repeats["core", "Health"] = 100
    hz = {("core", "Screen"): 5.0, ("core", "Health"): 2, ("voice", "Health"): 2, ("gaze", "Gaze"): 15}
    told = kit_figures.wire(found, (0, seconds(100)), hz)
    assert (told["rate_ratio.Screen"], told["rate_ratio.Gaze"]) == (pytest.approx(1), pytest.approx(1))
    assert told["rate_ratio.Health"] == pytest.approx(0.75), "whoever says it least often"
    assert told["rate_ratio.least"] == pytest.approx(0.75)
    assert told["repeats_ratio.most"] == pytest.approx(0.5)
    assert "rate_ratio.SwitchPress" not in told
    mute = kit_figures.wire(found, (0, seconds(100)), {**hz, ("safe", "Health"): 2})
    assert (mute["rate_ratio.Health"], mute["rate_ratio.least"]) == (0, 0)


def test_all_processes_have_to_say_how_they_fare_and_each_state_whoever_has_it() -> None:
    has_to = kit_writing.SAID_HZ
    assert {who for who, what in has_to if what == "Health"} == set(EVERY_PROCESS)
    assert {what for _, what in has_to} >= {"Screen", "Shown", "Proposals", "Vitals", "Worn", "SyncStatus", "Gaze"}
    assert {who for who, what in has_to if what in {"Gaze", "Shown"}} == {"gaze", "display"}
    assert not {what for _, what in has_to} & {"Tracker", "PanelStatus", "Pointer"}
    assert min(has_to.values()) > 0


class Living:
    """Somebody who sits there, whose body counts its blinks."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.blinked_ns = [clock.at_ns]

    def idle(self) -> None:
        if self.clock.at_ns - self.blinked_ns[-1] >= seconds(BLINK_EVERY_S):
            self.blinked_ns.append(self.clock.at_ns)

    def look_away(self) -> None:
        self.clock.at_ns += seconds(0.05)


def test_who_sits_there_blinks_before_they_are_taken_for_a_photograph() -> None:
    clock = HandClock()
    living = Living(clock)
    footprint.sit(cast(Person, living), cast(Body, living), clock, seconds(120))
    gaps = [later - before for before, later in pairwise([*living.blinked_ns, clock.at_ns])]
    assert max(gaps) < STANDS_NS


@pytest.mark.parametrize("trouble", footprint.UNSEEN)
def test_what_is_taken_while_nobody_is_seen_is_not_counted(trouble: m.Trouble) -> None:
    whole = m.Shown(at_ns=0, screen=screen(1, ""))
    for seen in (None, m.Shown(at_ns=0, screen=None), whole):
        footprint.is_seen(seen)
    notices = (m.Notice(process="gaze", trouble=trouble, detail=""),)
    blind = msgspec.structs.replace(whole, screen=msgspec.structs.replace(screen(1, ""), notices=notices))
    with pytest.raises(VyborError, match=rf"not seen \({trouble}\)"):
        footprint.is_seen(blind)


class Waiting:
    """Somebody who looks away, while the record gets what is on its way to it."""

    def __init__(self, clock: HandClock, later: list[list[m.Decision]]) -> None:
        self.clock = clock
        self.later = later

    def look_away(self) -> None:
        self.clock.at_ns += seconds(1)
        if len(self.later) > 1:
            self.later.pop(0)


def test_a_record_is_read_once_it_has_what_was_spoken_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock, words = HandClock(), [decision(1, 1, 1, "I"), decision(2, 2, 2, "I am")]
    spoken = msgspec.structs.replace(decision(3, 3, 3), action=m.Action.SPEAK)
    later = [[], words, [*words, spoken]]
    monkeypatch.setattr(kit_writing, "decisions", lambda state: later[0])
    person = cast(Person, Waiting(clock, later))
    assert kit_writing.record_of(tmp_path, person, clock) == [*words, spoken]
    later[:] = [words]
    with pytest.raises(VyborError, match="not in the record after 10 s"):
        kit_writing.record_of(tmp_path, person, clock)


def test_so_much_counts_of_what_is_promised_to_be_measured() -> None:
    (run,) = (run for run in goals.runs(goals.TABLE) if run.name == "soak")
    whole_ns = seconds(60 * int(run.options[1]))
    assert run.goals["minutes"] == f">= {(whole_ns - kit_figures.warm_up_ns(whole_ns)) / 60e9:g}"


def decision(number: int, at_ms: float, offer: int, text: str = "", before: str = "") -> m.Decision:
    return m.Decision(
        at_ns=round(at_ms * MS),
        session="s",
        number=number,
        action=m.Action.TAKE,
        slot=0,
        written="",
        text_before=before,
        text_after=text,
        offer=offer,
        shown=(),
        evidence=m.Evidence(channel=m.Channelled.PAD, posterior=1, posterior_without_prior=1, gaze_age_ms=0),
    )


def test_what_was_said_to_be_saved_and_is_not_in_the_record_is_lost() -> None:
    kept = [decision(1, 1, 1, "I"), decision(2, 2, 2, "I am"), decision(3, 3, 3, "I am here")]
    told = kit_figures.record(["", "I", "I am", "I am here"], kept, 0)
    assert (told["text_lost"], told["text_doubled"], told["choices"]) == (0, 0, 3)
    assert kit_figures.record(["", "I am", "I was", "I am here"], kept, 1)["text_lost"] == 1
    assert kit_figures.record([""], [*kept, kept[-1]], 0)["text_doubled"] == 1


def test_what_was_kept_before_anybody_looked_is_no_loss() -> None:
    kept = [decision(1, 1, 1, "I"), decision(2, 2, 2, "I am")]
    told = kit_figures.record(["", "I", "I am"], kept, 1)
    assert (told["text_lost"], told["choices"]) == (0, 1)


def lights_of(
    count: int, period_ms: float, light_ms: float, offer_ms: float
) -> tuple[list[Flip], list[m.Decision]]:
    """Somebody who chooses once a period, with these delays."""
    lights, kept = [Flip(0, 1, (None, False), 0)], []
    for number in range(1, count + 1):
        at_ms = number * period_ms
        lights.append(Flip(round((at_ms - 200) * MS), number, (0, False), round((at_ms - 200 - light_ms) * MS)))
        kept.append(decision(number, at_ms, number))
        lights.append(Flip(round((at_ms + offer_ms) * MS), number + 1, (None, False), 0))
    return lights, kept


def test_delays_at_the_end_are_held_against_those_at_the_beginning() -> None:
    lights, kept = lights_of(60, 1000, light_ms=100, offer_ms=50)
    later, more = lights_of(60, 1000, light_ms=150, offer_ms=60)
    moved = [
        Flip(light.at_ns + seconds(60), light.offer + 60, light.light, light.captured_ns + seconds(60))
        for light in later[1:]
    ]
    chosen = [decision(60 + each.number, each.at_ns / MS + 60_000, each.offer + 60) for each in more]
    found = kit_figures.latencies([*lights, *moved], [*kept, *chosen], (0, seconds(121)))
    assert found["latency_ms.light.p99.first"] == pytest.approx(100, abs=1)
    assert found["ratio.latency_p99.light"] == pytest.approx(1.5, abs=0.01)
    assert found["latency_ms.offer.p50.last"] == pytest.approx(60, abs=1)
    assert found["ratio.latency_p99.offer"] == pytest.approx(1.2, abs=0.01)


def test_a_part_without_choices_is_said_so() -> None:
    lights, kept = lights_of(10, 1000, 100, 50)
    with pytest.raises(VyborError, match="last part"):
        kit_figures.latencies(lights, kept, (0, seconds(100)))


def test_a_choice_after_which_nothing_comes_for_long_is_slow_and_counts() -> None:
    lights, kept = lights_of(10, 10_000, 100, 5000)
    found = kit_figures.latencies(lights, kept, (0, seconds(106)))
    assert (found["offers.count"], found["offers.slow"]) == (10, 10)
    assert found["latency_ms.offer.p99.last"] == pytest.approx(5000)
    quick = kit_figures.latencies(*lights_of(10, 10_000, 100, 1999), (0, seconds(106)))
    assert (quick["offers.count"], quick["offers.slow"]) == (10, 0)
    some = kit_figures.latencies(lights, kept, (seconds(15), seconds(106)))
    assert some["offers.count"] == 9, "what was chosen before does not count"


def test_a_choice_that_nothing_came_after_until_the_end_has_waited_so_long() -> None:
    flips = [Flip(0, 1, (None, False), 0), Flip(60 * MS, 2, (None, False), 0)]
    chosen = [Chosen(10 * MS, 1), Chosen(1000 * MS, 2), Chosen(7500 * MS, 2)]
    assert choices.offered_ms(flips, chosen, 9000 * MS) == [(10 * MS, 50), (1000 * MS, 8000)]


def test_a_process_is_looked_at_with_its_children_and_one_that_is_gone_left_out() -> None:
    found = kit_listener.look({"core": os.getpid(), "voice": 2**22 + 1}, 5)
    assert found.at_ns == 5
    assert set(found.rss_mb) == set(found.cpu_s) == set(found.wakeups) == set(found.written_mb) == {"core"}
    assert found.rss_mb["core"] > found.pss_mb["core"] > 1
    assert found.wakeups["core"] > 0


def test_of_a_child_that_ends_while_it_is_looked_at_the_parent_is_still_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = subprocess.Popen(["/bin/true"])
    child = psutil.Process(ended.pid)
    ended.wait()
    monkeypatch.setattr(psutil.Process, "children", lambda self, recursive: [child])
    assert set(kit_listener.look({"core": os.getpid()}, 5).rss_mb) == {"core"}


WORKS = "import time\nwhile time.process_time() < 0.3: pass"


def test_the_processor_of_a_child_that_has_ended_is_its_parents_but_that_of_a_stand_in() -> None:
    """espeak-ng says a sentence and is gone: between two looks nobody sees it."""
    before_s = kit_listener.look({"voice": os.getpid()}, 0).cpu_s["voice"]
    subprocess.run([sys.executable, "-c", WORKS], check=True)
    after_s = kit_listener.look({"voice": os.getpid()}, 0).cpu_s["voice"]
    assert after_s - before_s >= 0.25
    with subprocess.Popen([sys.executable, "-c", "input()", "world.camera"], stdin=subprocess.PIPE) as child:
        while not kit_listener.is_stand_in(psutil.Process(child.pid)):
            pass
        assert kit_listener.look({"gaze": os.getpid()}, 0).cpu_s["gaze"] <= after_s - 0.25
        child.communicate(b"\n")


def test_warming_up_takes_a_sixth_and_ten_minutes_at_most() -> None:
    assert kit_figures.warm_up_ns(seconds(60 * 6)) == seconds(60)
    assert kit_figures.warm_up_ns(seconds(60 * 600)) == seconds(600)


def test_a_child_that_plays_the_camera_is_none_of_the_kit_s() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()", "world.camera"], stdin=subprocess.PIPE) as child:
        alone = kit_listener.look({"gaze": os.getpid()}, 0).rss_mb["gaze"]
        assert kit_listener.is_stand_in(psutil.Process(child.pid))
        assert alone < psutil.Process().memory_info().rss / 1e6 + 2
        child.communicate(b"\n")


def test_what_lies_where_a_link_leads_counts(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/model").write_bytes(bytes(2_000_000))
    (tmp_path / "share").mkdir()
    (tmp_path / "share/words").write_bytes(bytes(500_000))
    (tmp_path / "share/model").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "share/gone").symlink_to(tmp_path / "nowhere")
    assert footprint.size_mb(tmp_path / "share") == pytest.approx(2.5)
