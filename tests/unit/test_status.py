"""`vybor status`: what it makes of systemd's words and the kit's own."""

import socket
import threading
from pathlib import Path

import msgspec
import pytest

from vybor import supervision
from vybor.bundles.manifest import Kind
from vybor.commands import status
from vybor.commands.status import Faring, Status
from vybor.contracts import messages as m
from vybor.doctor import listening, supervised
from vybor.doctor.machine import Machine
from vybor.foundation.bus import Bus
from vybor.foundation.clock import SystemClock
from vybor.foundation.places import Places
from vybor.grown.folder import Folder
from vybor.grown.versions import Shelf, Version
from world import tiny_model
from world.machine import bare, install, put

UNIT = supervised.Unit(
    process="gaze",
    load="loaded",
    active="active",
    sub="running",
    result="success",
    restarts=2,
    memory_mb=322,
    watchdog_s=20.0,
    started_ns=1,
    beat_ns=1,
)
WELL = Faring(process="gaze", answers=True, systemd=UNIT, memory_mb=322)
KIT = Status(
    version="1",
    kept_by="systemd",
    runtime="/run/vybor",
    may_listen=True,
    processes=(WELL,),
    free_mb=5000,
    model="smollm2-1",
    saving=m.Saving.SAVED,
    looks=status.Looks(eyes=m.Eyes.OPEN, per_s=15.0, age_ms=48.2),
)


@pytest.mark.parametrize(
    ("vitals", "line"),
    [
        (m.Vitals(at_ns=0), "power      nothing is saved"),
        (m.Vitals(at_ns=0, temperature_c=61), "power      61 °C; nothing is saved"),
        (
            m.Vitals(at_ns=0, battery_percent=9, is_discharging=True, temperature_c=50, thrift=m.Thrift.MODEL),
            "power      battery 9 %, and nothing else; 50 °C; saves looks (ten a second at most); the model rests",
        ),
        (m.Vitals(at_ns=0, battery_percent=80), "power      battery 80 %; nothing is saved"),
    ],
)
def test_it_is_said_what_the_kit_lives_on_and_does_without(vitals: m.Vitals, line: str) -> None:
    shown = status.shown(msgspec.structs.replace(KIT, vitals=vitals))
    assert [each for each in shown if each.startswith("power")] == [line]


def test_it_is_said_where_undo_and_speak_stand_and_why() -> None:
    def said(standing: m.Standing) -> str:
        shown = status.shown(msgspec.structs.replace(KIT, standing=standing))
        return next(line for line in shown if line.startswith("places"))

    assert said(m.Standing()) == "places     Undo left, Speak upper right (default): still being measured"
    errors = (0.02, 0.06, 0.02, 0.021)
    stays = said(m.Standing(is_decided=True, errors=errors))
    assert "nothing else is clearly better; looks fall beside by upper left 2.0%, upper right 6.0%" in stays
    lowered = said(m.Standing(at=m.Arrangement.LOWERED, is_decided=True, errors=errors))
    assert lowered.startswith("places     Undo left, Speak lower right (lowered): measured best; ")
    turned = said(m.Standing(at=m.Arrangement.TURNED, is_set=True))
    assert turned == "places     Undo right, Speak lower left (turned): the settings say so"


def with_process(**changed: object) -> Status:
    return msgspec.structs.replace(KIT, processes=(WELL, msgspec.structs.replace(WELL, process="core", **changed)))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return bare(tmp_path)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(runtime=tmp_path / "run", state=tmp_path / "state", share=tmp_path / "share")


def notice(trouble: m.Trouble) -> m.Notice:
    return m.Notice(process="core", trouble=trouble, detail="mend it")


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (KIT, 0),
        (with_process(troubles=(notice(m.Trouble.CALLING_HELP),)), 0),
        (with_process(troubles=(notice(m.Trouble.WORDS_MISSING),)), 1),
        (with_process(answers=False), 1),
        (with_process(systemd=msgspec.structs.replace(UNIT, active="failed")), 1),
        (msgspec.structs.replace(KIT, saving=m.Saving.NOT_SAVING), 1),
        (msgspec.structs.replace(KIT, free_mb=99), 1),
        (msgspec.structs.replace(KIT, processes=()), 3),
        (
            msgspec.structs.replace(
                KIT,
                processes=(Faring(process="x", answers=False, systemd=None, memory_mb=None),),
            ),
            3,
        ),
    ],
)
def test_the_exit_code_is_systemd_s(found: Status, code: int) -> None:
    assert found.exit_code == code


def test_one_screen_for_a_person() -> None:
    failed = msgspec.structs.replace(UNIT, active="failed", sub="failed", result="watchdog", restarts=0)
    found = msgspec.structs.replace(
        KIT,
        processes=(
            WELL,
            Faring(process="voice", answers=False, systemd=failed, memory_mb=None),
            Faring(
                process="core",
                answers=True,
                systemd=None,
                memory_mb=40,
                troubles=(notice(m.Trouble.WORDS_MISSING),),
            ),
        ),
    )
    assert list(status.shown(found)) == [
        "vybor 1: kept running by systemd, sockets in /run/vybor",
        "gaze       well, 322 MB, restarts: 2",
        "voice      failed (failed, watchdog)",
        "core       trouble, 40 MB",
        "           words_missing: mend it",
        "model      smollm2-1",
        "disk       5000 MB free",
        "text       saved",
        "eyes       open; 15 looks a second, 48 ms old",
    ]


def test_a_user_who_may_not_listen_is_told_how_to(tmp_path: Path) -> None:
    found = msgspec.structs.replace(KIT, may_listen=False)
    assert "sudo adduser $USER vybor" in "\n".join(status.shown(found))


def test_of_parts_that_may_not_be_listened_to_nothing_is_claimed() -> None:
    unheard = msgspec.structs.replace(WELL, answers=False)
    found = msgspec.structs.replace(KIT, may_listen=False, processes=(unheard,))
    shown = "\n".join(status.shown(found))
    assert "gaze       not known, 322 MB" in shown
    assert "silent" not in shown
    assert "gaze       silent" in "\n".join(status.shown(msgspec.structs.replace(found, may_listen=True)))


def look(at_s: float) -> m.Gaze:
    return m.Gaze(at_ns=round(at_s * 1e9), at_sd_ns=0, eyes=m.Eyes.ABSENT)


def test_a_look_of_long_ago_is_not_one_that_arrives() -> None:
    old = status._looks([listening.Overheard(50_000_000_000, look(8.778))], 1.0)
    assert old is not None
    shown = list(status.shown(msgspec.structs.replace(KIT, looks=old)))
    assert "eyes       no look arrives; the last one is 41 s old" in shown
    fresh = status._looks([listening.Overheard(50_000_000_000, look(49.9))], 1.0)
    shown = list(status.shown(msgspec.structs.replace(KIT, looks=fresh)))
    assert "eyes       absent; 1 look a second, 100 ms old" in shown


@pytest.mark.parametrize(("skipped", "said"), [(0, ""), (7, "; 7 lines or samples were no look")])
def test_what_gives_the_looks_in_place_of_the_camera_is_named(skipped: int, said: str) -> None:
    tracker = m.Tracker(at_ns=1, what="the stream Tobii from desk", skipped=skipped)
    shown = list(status.shown(msgspec.structs.replace(KIT, tracker=tracker)))
    assert f"looks by   the stream Tobii from desk{said}" in shown
    assert not [line for line in status.shown(KIT) if line.startswith("looks by")]


def test_a_tracker_is_overheard(places: Places, machine: Machine) -> None:
    places.runtime.mkdir()
    bus = Bus("eyetracker", places.runtime, SystemClock())
    ended = threading.Event()

    def speak() -> None:
        while not ended.wait(0.02):
            bus.receive(0)
            bus.publish(m.Health(at_ns=1, process="eyetracker", pid=1))
            bus.publish(m.Tracker(at_ns=1, what="looks.csv, as it grows"))

    speaking = threading.Thread(target=speak)
    speaking.start()
    found = status.gather(places, machine, for_s=0.3)
    ended.set()
    speaking.join()
    bus.close()
    assert found.tracker is not None
    assert found.tracker.what == "looks.csv, as it grows"


def test_no_kit_at_all(places: Places, machine: Machine) -> None:
    found = status.gather(places, machine, for_s=0)
    assert (found.exit_code, found.processes, found.kept_by) == (3, (), "nobody")
    assert next(status.shown(found)).endswith(f"the kit does not run in {places.runtime}")


def test_a_folder_too_long_for_a_socket_is_a_kit_that_does_not_run(places: Places, machine: Machine) -> None:
    long = msgspec.structs.replace(places, runtime=places.runtime / ("x" * 120))
    assert status.gather(long, machine, for_s=0).exit_code == 3


def test_units_that_run_and_do_not_answer_are_trouble(places: Places, machine: Machine) -> None:
    shown = (
        "Id=vybor-core.service\nLoadState=loaded\nActiveState=active\nSubState=running\nMemoryCurrent=7000000\n"
    )
    install(machine, "systemctl", shown)
    found = status.gather(places, machine, for_s=0)
    assert (found.exit_code, found.kept_by) == (1, "systemd")
    (core,) = found.processes
    assert (core.process, core.answers, core.memory_mb) == ("core", False, 7)


def test_sockets_left_by_a_kit_that_ended_are_no_kit(places: Places, machine: Machine) -> None:
    places.runtime.mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(places.runtime / "gaze"))
    found = status.gather(places, machine, for_s=0)
    assert found.exit_code == 3
    assert not [line for line in status.shown(found) if line.startswith("gaze")]


def test_what_up_was_asked_to_run_is_expected(places: Places) -> None:
    places.runtime.mkdir()
    written = supervision.render(places.runtime, {"core": ["true"], "gaze": ["echo", "50%"]}, "word")
    (places.runtime / supervision.CONFIGURATION).write_text(written)
    assert supervision.programs(places.runtime) == ["core", "gaze"]


def test_the_memory_of_a_process_and_of_one_that_is_gone(machine: Machine) -> None:
    put(machine, "/proc/7/status", "Name:\tvybor\nVmRSS:\t  31000 kB\n")
    assert status.resident_mb(machine, 7) == 31
    assert status.resident_mb(machine, 8) is None


def test_json_can_be_read_back_whole() -> None:
    assert msgspec.json.decode(msgspec.json.encode(KIT), type=Status) == KIT


def test_a_model_that_does_not_speak_the_kit_s_language_is_told() -> None:
    english = msgspec.structs.replace(KIT, language="en", model_speaks=("en",))
    assert "it knows no" not in "\n".join(status.shown(english))
    shown = list(status.shown(msgspec.structs.replace(english, language="ru")))
    behind = shown[shown.index("model      smollm2-1") + 1]
    assert behind.strip() == (
        "it knows no Russian, so words come from the word list alone (deploy/docs/russian.md)"
    )


def test_the_model_that_was_sent_and_is_in_use_is_told(tmp_path: Path) -> None:
    tiny_model.bigrams(tmp_path / "model", {"I": {"am": 1.0}})
    places = Places(runtime=tmp_path, state=tmp_path / "state", share=tmp_path)
    before, _ = status._model(places, ())
    folder = Folder(places.grown)
    version = Version(serial=7, kit="", base="b" * 64, kind=Kind.MODEL, state=m.GrownState.GOOD)
    folder.write(Shelf(identity="x", versions=(version,), model=7))
    tiny_model.bigrams(folder.files(7), {"We": {"are": 1.0}})
    there, speaks = status._model(places, ())
    assert (speaks, there != before) == (("en",), True)


def test_languages_are_told_only_of_the_model_that_answers(tmp_path: Path) -> None:
    tiny_model.bigrams(tmp_path / "model", {"I": {"am": 1.0}})
    places = Places(runtime=tmp_path, state=tmp_path, share=tmp_path)
    there, speaks = status._model(places, ())
    assert (speaks, bool(there)) == (("en",), True)

    def said_by(model: str) -> listening.Overheard:
        return listening.Overheard(0, m.Proposals(at_ns=0, prompt=1, candidates=(), model=model, took_ms=1))

    assert status._model(places, [said_by(f"{there}+abc")]) == (f"{there}+abc", ("en",))
    assert status._model(places, [said_by("another-1")]) == ("another-1", None)
