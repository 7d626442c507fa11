"""`vybor doctor --acceptance`: the walk, driven by lines of text, and what it measures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from vybor.commands.walk import acceptance, measuring
from vybor.commands.walk.acceptance import Outcome, Walk
from vybor.commands.walk.measuring import Bench, Measured
from vybor.commands.walk.steps import STEPS, Step
from vybor.contracts import messages as m
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.errors import PlaceError
from vybor.foundation.places import Places
from vybor.foundation.settings import Settings
from world.machine import bare, install, put


def good(_bench: Bench) -> Measured:
    return Measured(good=True, words="15 of 15")


def bad(_bench: Bench) -> Measured:
    return Measured(good=False, words="3 of 15")


def unknown(_bench: Bench) -> Measured:
    return Measured(good=None, words="this board tells nothing")


THREE = (
    Step(name="light", subject="Camera", do="Switch it off.", see="Is it dark?"),
    Step(name="rate", subject="Camera", do="Look.", see="Did you look?", measure=good),
    Step(name="cord", subject="Power", do="Pull it.", see="Is the text there?"),
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    machine = bare(tmp_path)
    put(machine, "/proc/device-tree/model", "Raspberry Pi 5\0")
    places = Places(runtime=tmp_path / "run", state=tmp_path, share=tmp_path)
    places.runtime.mkdir()
    return Bench(places=places, settings=Settings(), machine=machine, listen_s=0.3, gesture_s=0.3, patience_s=0.3)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.md"


def walk(bench: Bench, report: Path, *lines: str, steps: tuple[Step, ...] = THREE) -> tuple[int, list[str]]:
    typed, said = iter(lines), list[str]()
    code = acceptance.walk(bench, report, lambda: next((f"{line}\n" for line in typed), ""), said.append, steps)
    return code, said


def kept(report: Path) -> dict[str, tuple[str, str]]:
    left = msgspec.json.decode(acceptance.answers_file(report).read_bytes(), type=Walk)
    return {name: (answer.outcome.value, answer.words) for name, answer in left.answers.items()}


def test_a_walk_to_its_end_is_a_report_with_machine_and_words(bench: Bench, report: Path) -> None:
    code, said = walk(bench, report, "y quite | dark", "", "yes", "n the text was gone")
    assert code == 1
    assert said[-1].startswith("\n2 passed, 1 failed, 0 skipped, 0 not asked yet")
    text = report.read_text()
    assert "- model: Raspberry Pi 5" in text
    assert "| light | passed |  | quite \\| dark |" in text
    assert "| rate | passed | 15 of 15 |  |" in text
    assert "| cord | failed |  | the text was gone |" in text
    assert kept(report)["cord"] == ("failed", "the text was gone")


def test_the_report_says_what_was_asked_and_to_what_a_figure_must_keep(bench: Bench, report: Path) -> None:
    limited = (THREE[0], msgspec.structs.replace(THREE[1], limit="12 of 15"), THREE[2])
    walk(bench, report, "q", steps=limited)
    lines = report.read_text().splitlines()
    assert "- **light**. Do: Switch it off. See: Is it dark?" in lines
    assert "- **rate**. Do: Look. See: Did you look? Limit: 12 of 15." in lines
    assert all(bool(step.limit) == bool(step.measure) for step in STEPS)


def test_titles_say_nothing_twice_and_the_first_check_comes_before_the_walk() -> None:
    titles = [step.title for step in STEPS]
    assert titles[0] == "Start"
    assert "Camera: rate" in titles
    assert len(set(titles)) == len(titles)
    assert STEPS[0].do.startswith("Do this first, then start the walk")


def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(bench: Bench, tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(PlaceError, match="cannot be written"):
        acceptance.walk(bench, tmp_path / "no/folder/report.md", lambda: "", said.append, THREE)
    assert said == []


def test_one_check_is_repeated_into_the_report_and_no_other(bench: Bench, report: Path) -> None:
    walk(bench, report, "y", "", "y", "n it was gone")
    typed, said = iter(["y now it is there\n"]), list[str]()
    code = acceptance.walk(bench, report, lambda: next(typed, ""), said.append, THREE, again="cord")
    assert code == 0
    assert "[3/3] Power: cord" in "\n".join(said)
    assert "| cord | passed |  | now it is there |" in report.read_text()
    assert kept(report)["light"] == ("passed", "")


def test_all_passed_ends_with_nought(bench: Bench, report: Path) -> None:
    assert walk(bench, report, "y", "", "y", "y")[0] == 0


def test_the_input_s_end_keeps_what_was_answered_and_the_walk_goes_on_there(bench: Bench, report: Path) -> None:
    code, _ = walk(bench, report, "y", "")
    assert (code, set(kept(report))) == (1, {"light"})
    assert "| rate | not asked yet |" in report.read_text()
    code, said = walk(bench, report, "", "y", "q")
    assert (code, set(kept(report))) == (1, {"light", "rate"})
    assert said[0].startswith("1 of 3 checks are answered")
    assert not any("Switch it off" in line for line in said)


def test_ctrl_c_keeps_what_was_answered(bench: Bench, report: Path) -> None:
    lines = iter(["y bright\n"])

    def read() -> str:
        try:
            return next(lines)
        except StopIteration:
            raise KeyboardInterrupt from None

    assert acceptance.walk(bench, report, read, lambda _: None, THREE) == 130
    assert kept(report) == {"light": ("passed", "bright")}


def test_ctrl_c_while_something_is_measured(bench: Bench, report: Path) -> None:
    def interrupted(_bench: Bench) -> Measured:
        raise KeyboardInterrupt

    steps = (THREE[0], msgspec.structs.replace(THREE[1], measure=interrupted))
    assert walk(bench, report, "y", "", steps=steps)[0] == 130
    assert kept(report) == {"light": ("passed", "")}


def test_failed_and_skipped_checks_are_asked_again_once_all_are_answered(bench: Bench, report: Path) -> None:
    walk(bench, report, "s no lamp here", "s", "n")
    assert kept(report) == {"light": ("skipped", "no lamp here"), "rate": ("skipped", ""), "cord": ("failed", "")}
    code, _ = walk(bench, report, "y", "", "y", "y")
    assert code == 0


def test_a_figure_that_is_too_low_is_not_talked_away() -> None:
    low, fine, none = (measure(None) for measure in (bad, good, unknown))  # type: ignore[arg-type]  # they look at nothing
    assert acceptance.judged("y", "", low).outcome is Outcome.FAILED
    assert acceptance.judged("y", "", fine).outcome is Outcome.PASSED
    assert acceptance.judged("y", "", none).outcome is Outcome.PASSED
    assert acceptance.judged("n", "", fine).outcome is Outcome.FAILED
    assert acceptance.judged("s", "", low).outcome is Outcome.SKIPPED


def test_an_answer_that_is_none_is_asked_for_again(bench: Bench, report: Path) -> None:
    _, said = walk(bench, report, "perhaps", "", "Y")
    assert said.count("  please begin with y, n, s or q") == 2
    assert kept(report) == {"light": ("passed", "")}


def test_answers_that_cannot_be_read_or_kept_are_told(bench: Bench, report: Path, tmp_path: Path) -> None:
    acceptance.answers_file(report).write_text("{broken")
    with pytest.raises(PlaceError, match="move the file away, or name another --report"):
        walk(bench, report, "y")
    with pytest.raises(PlaceError, match="cannot be written"):
        walk(bench, tmp_path / "no/folder/report.md", "y")


def test_the_real_walk_ends_on_a_machine_with_nothing_on_it(bench: Bench, report: Path) -> None:
    """Every measure says something where there is no kit, no camera and no board; nothing passes by itself."""
    lines = [line for step in STEPS for line in (["", "y"] if step.measure else ["y"])]
    short = msgspec.structs.replace(bench, listen_s=0.0, gesture_s=0.0, patience_s=0.0)
    code, _ = walk(short, report, *lines, steps=STEPS)
    assert code == 1
    outcomes = {name: outcome for name, (outcome, _) in kept(report).items()}
    assert set(outcomes) == {step.name for step in STEPS}
    kit = {
        "processes",
        "camera-rate",
        "camera-unplugged",
        "headband-blinks",
        "panel",
        "sentence",
        "before-the-cord",
    }
    assert {outcomes[name] for name in kit} == {"failed"}


def test_steps_have_names_of_their_own_and_stand_by_subject() -> None:
    names = [step.name for step in STEPS]
    assert len(set(names)) == len(names)
    subjects = [step.subject for step in STEPS]
    assert subjects == sorted(subjects, key=subjects.index)


# --- what is measured -------------------------------------------------------------------------------------------


@contextmanager
def saying(runtime: Path, process: str, *messages: m.AnyMessage, again: bool = False) -> Iterator[None]:
    """A process that says these, once somebody listens."""
    bus = Bus(process, runtime, SystemClock())
    done = threading.Event()

    def loop() -> None:
        waiting = list(messages)
        while not done.is_set():
            bus.receive(0.01)
            bus.tend()
            for message in waiting if again else waiting[:1]:
                now_ns = SystemClock().now_ns()
                bus.publish(msgspec.structs.replace(message, at_ns=now_ns))
            waiting = waiting if again else waiting[1:]

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        bus.close()


LOOK = m.Gaze(at_ns=0, at_sd_ns=0, eyes=m.Eyes.OPEN)


def test_looks_are_counted_and_dated(bench: Bench) -> None:
    with saying(bench.places.runtime, "gaze", LOOK, again=True):
        found = measuring.looks(msgspec.structs.replace(bench, listen_s=1.0))
    assert found.good is True
    assert "of 15, " in found.words
    assert "eyes seen in 100%" in found.words


def test_looks_without_eyes_are_not_good(bench: Bench) -> None:
    absent = m.Gaze(at_ns=0, at_sd_ns=0, eyes=m.Eyes.ABSENT)
    with saying(bench.places.runtime, "gaze", absent, again=True):
        found = measuring.looks(msgspec.structs.replace(bench, listen_s=1.0))
    assert (found.good, "eyes seen in 0%" in found.words) == (False, True)


def gesture(kind: m.GestureKind) -> m.Gesture:
    return m.Gesture(at_ns=0, at_sd_ns=0, ended_ns=0, kind=kind, log_odds=3.0)


def test_gestures_are_counted_by_their_kind(bench: Bench) -> None:
    patient = msgspec.structs.replace(bench, gesture_s=1.0)
    with saying(bench.places.runtime, "headband", gesture(m.GestureKind.DOUBLE_BLINK), again=True):
        assert measuring.double_blinks(patient).good is True
        assert measuring.clenches(bench).words.startswith("0 noticed")
        assert measuring.still(bench).good is False


def test_single_blinks_are_no_gestures_that_somebody_made(bench: Bench) -> None:
    with saying(bench.places.runtime, "headband", gesture(m.GestureKind.BLINK), again=True):
        assert measuring.still(bench).good is True


def test_a_camera_that_goes_and_comes(bench: Bench) -> None:
    patient = msgspec.structs.replace(bench, patience_s=10.0)
    gone = m.Notice(process="gaze", trouble=m.Trouble.CAMERA_STOPPED)
    with saying(bench.places.runtime, "gaze", m.Health(at_ns=0, process="gaze", pid=1, troubles=(gone,))):
        found = measuring.camera_gone(patient)
        assert (found.good, found.words) == (True, "the loss was said after 0 s")
        assert measuring.camera_back(bench).good is False
    with saying(bench.places.runtime, "gaze", m.Health(at_ns=0, process="gaze", pid=1)):
        assert measuring.camera_back(patient).good is True
        assert measuring.camera_gone(bench).words.startswith("nothing of the kind within")


def test_displays_are_read_from_the_kernel(bench: Bench) -> None:
    assert measuring.screens(bench).good is False
    put(bench.machine, "/sys/class/drm/card1-HDMI-A-1/status", "disconnected\n")
    put(bench.machine, "/sys/class/drm/card1-DSI-1/status", "connected\n")
    put(bench.machine, "/sys/class/drm/card1-DSI-1/modes", "800x480\n640x480\n")
    assert measuring.screens(bench) == Measured(good=True, words="DSI-1 800x480")


@pytest.mark.parametrize(("bits", "well"), [("0x0", True), ("0x50000", False)])
def test_heat_and_power_after_writing(bench: Bench, bits: str, well: bool) -> None:
    assert measuring.power_and_heat(bench).good is None
    put(bench.machine, "/sys/class/thermal/thermal_zone0/temp", "61000")
    install(bench.machine, "vcgencmd", f"throttled={bits}\n")
    found = measuring.power_and_heat(bench)
    assert (found.good, "61 °C" in found.words) == (well, True)


@pytest.mark.parametrize(("ready_us", "well"), [(31_000_000, True), (61_000_000, False)])
def test_the_start_is_timed_by_systemd(bench: Bench, ready_us: int, well: bool) -> None:
    without = measuring.start_time(bench)
    assert (without.good, "does not start with the power" in without.words) == (False, True)
    shown = "Id=vybor-core.service\nLoadState=loaded\nActiveState=active\nActiveEnterTimestampMonotonic={}\n"
    install(bench.machine, "systemctl", shown.format(ready_us))
    assert measuring.start_time(bench) == Measured(
        good=well, words=f"1 of 1 ready; core after {ready_us // 1_000_000} s"
    )


def test_errors_of_the_file_system_are_counted(bench: Bench) -> None:
    put(bench.machine, "/sys/fs/ext4/mmcblk0p2/errors_count", "0\n")
    assert measuring.disk_writes(bench).good is True
    put(bench.machine, "/sys/fs/ext4/mmcblk0p2/errors_count", "2\n")
    assert measuring.disk_writes(bench) == Measured(good=False, words="errors of the file system: mmcblk0p2 2")
