"""`vybor doctor`: looks at this machine and this kit, changes nothing, and says in words what to mend."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec
import zmq

from vybor.contracts import channels, wire
from vybor.contracts import messages as m
from vybor.foundation.errors import SettingsError, VyborError
from vybor.foundation.places import LONGEST_RUNTIME, Places
from vybor.foundation.settings import GazeSettings, GazeSource, HeadbandSettings, Settings
from vybor.gaze import landmarker_file
from vybor.generator import bundle, ngram
from vybor.headband import boards
from vybor.voice import alarm, speech

FONTS = (
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
)
"""What the display draws with, best first. Its own table cannot be read here: it comes with pygame."""
FULL_BELOW_MB = 100
TIGHT_BELOW_MB = 1000
LISTEN_S = 1.5
"""Health is said at least twice a second, and at once to whoever begins to listen."""


class Mark(StrEnum):
    """How a finding is meant."""

    OK = "ok"
    NOTE = "note"
    TROUBLE = "TROUBLE"


class Finding(msgspec.Struct, frozen=True):
    """One sentence, with the remedy if there is something to mend."""

    mark: Mark
    text: str


Findings = Iterator[Finding]


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at beside the kit's own folders."""

    root: Path = Path("/")
    search: str | None = None
    """Where programs are looked for; None: where the shell does."""
    has_module: Callable[[str], bool] = _has_module

    def at(self, path: str) -> Path:
        """A place on the machine."""
        return self.root / path.lstrip("/")

    def has_program(self, name: str) -> bool:
        """Whether a program can be started by this name."""
        return shutil.which(name, path=self.search) is not None

    def text(self, path: str) -> str:
        """The text of a file; empty if it cannot be read."""
        try:
            return self.at(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""


def examine(places: Places, settings: Settings, say: Callable[[str], object] = print) -> int:
    """Say every finding and what they come to; returns 1 if something must be mended, else 0."""
    findings = list(findings_of(places, settings, Machine()))
    for finding in findings:
        say(f"{finding.mark:8} {finding.text}")
    troubles = sum(finding.mark is Mark.TROUBLE for finding in findings)
    say("")
    say(f"{troubles} to mend" if troubles else "nothing to mend")
    return 1 if troubles else 0


def findings_of(places: Places, settings: Settings, machine: Machine) -> Findings:
    """All findings, in the order in which a person would mend them."""
    yield _ok("settings: every line is understood")
    yield from folders(places)
    yield from model(places)
    yield from words(places, settings)
    yield from camera(places, settings.gaze, machine)
    yield from headband(settings.headband, machine)
    yield from sound(places, settings, machine)
    yield from fonts(machine)
    yield from keeper(machine)
    yield from memory_limits(machine)
    yield from running(listen(places.runtime, LISTEN_S), places.runtime)


# --- the kit's own folders ------------------------------------------------------------------------------------


def folders(places: Places) -> Findings:
    """Whether the kit can write where it must, and has room."""
    too_long = len(os.fsencode(places.runtime)) - LONGEST_RUNTIME
    if too_long > 0:
        yield _trouble(
            f"sockets: the path {places.runtime} is {too_long} bytes too long; name another with --runtime"
        )
    for name, folder in (("sockets", places.runtime), ("the record", places.state)):
        there = _nearest(folder)
        if not os.access(there, os.W_OK | os.X_OK):
            yield _trouble(f"{name}: {there} cannot be written to; mend its owner or name another folder")
        else:
            yield _ok(f"{name}: {folder}")
    yield room(shutil.disk_usage(_nearest(places.state)).free // 1_000_000, places.state)


def room(free_mb: int, folder: Path) -> Finding:
    """Whether there is room to keep what is written."""
    if free_mb < FULL_BELOW_MB:
        return _trouble(f"disk: {free_mb} MB are free for {folder}; delete something, or nothing more can be kept")
    if free_mb < TIGHT_BELOW_MB:
        return _note(f"disk: {free_mb} MB are free for {folder}; that is not much")
    return _ok(f"disk: {free_mb} MB are free")


def model(places: Places) -> Findings:
    """Whether the language model is whole."""
    try:
        yield _ok(f"language model: {bundle.open_bundle(places.model).identity}")
    except VyborError as error:
        yield _trouble(f"language model: {error}")


def words(places: Places, settings: Settings) -> Findings:
    """Whether there is a word list for the language."""
    path = places.words(settings.language)
    try:
        ngram.WordList.open(path).close()
        yield _ok(f"words: {path}")
    except VyborError as error:
        yield _trouble(f"words: {error}")


# --- eyes and headband ----------------------------------------------------------------------------------------


def camera(places: Places, settings: GazeSettings, machine: Machine) -> Findings:
    """Whether eyes can be followed as the settings want it."""
    if settings.source is not GazeSource.CAMERA:
        yield _note(f"gaze: no camera is used ([gaze] source = {settings.source.value})")
        return
    yield landmarker(places.landmarker)
    kind, _, place = settings.camera.partition(":")
    if kind == "auto":
        kind = "rpicam" if machine.has_program(settings.rpicam_program) else "v4l2"
    if kind == "rpicam":
        yield _program(machine, "camera", settings.rpicam_program, "install rpicam-apps")
    elif kind == "picamera2":
        yield _module(machine, "camera", "picamera2", "install python3-picamera2")
    elif kind == "v4l2":
        yield _device(machine, "camera", place or "/dev/video0", "video")
    elif Path(settings.camera).exists():
        yield _ok(f"camera: the recording {settings.camera}")
    else:
        yield _trouble(f"camera: there is no {settings.camera}; mend [gaze] camera")


def landmarker(path: Path) -> Finding:
    """Whether MediaPipe's model of faces is there and is the one that the kit was tested with."""
    try:
        landmarker_file.read(path)
    except VyborError as error:
        return _trouble(f"face landmarker: {error}")
    return _ok(f"face landmarker: {path}")


def headband(settings: HeadbandSettings, machine: Machine) -> Findings:
    """Whether the headband of the settings can be reached."""
    if settings.board == "none":
        yield _note("headband: none is set ([headband] board); eyes and switches confirm alone")
        return
    if settings.board == "recording":
        there = Path(settings.recording).is_file()
        yield (
            _ok(f"headband: the recording {settings.recording}")
            if there
            else _trouble(f"headband: there is no recording {settings.recording!r}; mend [headband] recording")
        )
        return
    try:
        board = boards.board_named(settings.board)
    except SettingsError as error:
        yield _trouble(f"headband: {error}")
        return
    if board.serial:
        yield _serial(settings, machine)
    elif any(machine.at("/sys/class/bluetooth").glob("hci*")):
        yield _ok(f"headband: {board.name} over Bluetooth")
    else:
        yield _trouble(f"headband: {board.name} needs Bluetooth; plug in or switch on (rfkill) an adapter")


def _serial(settings: HeadbandSettings, machine: Machine) -> Finding:
    if not settings.serial_port:
        return _trouble(f"headband: {settings.board} is on a serial port; name it in [headband] serial_port")
    return _device(machine, "headband", settings.serial_port, "dialout")


# --- sound and sight ------------------------------------------------------------------------------------------


def sound(places: Places, settings: Settings, machine: Machine) -> Findings:
    """Whether the kit can speak and call for help."""
    yield _program(machine, "speech", speech.SPEAKER, "install it (apt install espeak-ng)")
    player = settings.voice.player[0]
    yield _program(machine, "player", player, "install alsa-utils, or name another in [voice] player")
    cards = [line for line in machine.text("/proc/asound/cards").splitlines() if line.strip()[:1].isdigit()]
    if cards:
        yield _ok(f"sound card: {cards[0].partition(':')[2].strip()}")
    else:
        yield _trouble("sound card: there is none; plug one in, or switch it on in config.txt (dtparam=audio=on)")
    try:
        alarm.words(places.help_call(settings.language))
        yield _ok(f"help call: {places.help_call(settings.language)}")
    except VyborError as error:
        yield _trouble(f"help call: {error}; until then an alarm tone sounds")


def fonts(machine: Machine) -> Findings:
    """Whether there is a font with Cyrillic and Latin letters in two weights."""
    there = {path.name for path in machine.at("/usr/share/fonts").rglob("*.ttf")}
    for regular, bold in FONTS:
        if {regular, bold} <= there:
            yield _ok(f"font: {regular}")
            return
    yield _note("font: install Noto Sans (apt install fonts-noto-core); until then all letters are bold")


# --- the machine ----------------------------------------------------------------------------------------------


def keeper(machine: Machine) -> Findings:
    """Whether something keeps the processes running."""
    if machine.at("/run/systemd/system").exists():
        yield _module(machine, "systemd", "systemd.daemon", "install python3-systemd: units cannot start without")
    else:
        yield _module(machine, "supervisor", "supervisor", "there is no systemd here: pip install supervisor")


def memory_limits(machine: Machine) -> Findings:
    """Whether the kernel holds processes to their limits. Kernels of the Pi have carried the opposite."""
    options = machine.text("/proc/cmdline").split()
    if "cgroup_disable=memory" in options and "cgroup_enable=memory" not in options:
        yield _trouble(
            "memory limits: the kernel ignores them (cgroup_disable=memory); add cgroup_enable=memory to "
            "/boot/firmware/cmdline.txt and restart"
        )
    else:
        yield _ok("memory limits: the kernel holds to them")


def listen(runtime: Path, wait_s: float) -> dict[str, m.Health | None]:
    """The Health of each process that has a socket in the folder; None if it says nothing. Binds nothing."""
    heard: dict[str, m.Health | None] = {}
    with zmq.Context() as context:
        context.linger = 0
        poller = zmq.Poller()
        for name in channels.EVERY_PROCESS:
            if (runtime / name).is_socket():
                heard[name] = None
                listener = context.socket(zmq.SUB)
                listener.subscribe(wire.topic_of(m.Health))
                listener.connect(f"ipc://{runtime / name}")
                poller.register(listener, zmq.POLLIN)
        while poller.sockets and (ready := poller.poll(round(wait_s * 1000))):
            for listener, _ in ready:
                poller.unregister(listener)
                health = _health(listener.recv())
                listener.close()
                if health is not None:
                    heard[health.process] = health
        context.destroy()
    return heard


def _health(frame: bytes) -> m.Health | None:
    try:
        message = wire.unpack(frame).message
    except msgspec.MsgspecError:  # a kit of another version
        return None
    return message if isinstance(message, m.Health) else None


def running(heard: dict[str, m.Health | None], runtime: Path) -> Findings:
    """How the processes say they fare."""
    if not any(heard.values()):
        yield _note(f"the kit does not run in {runtime}")
        return
    for name in channels.EVERY_PROCESS:
        health = heard.get(name)
        if health is None:
            yield _trouble(f"{name}: it does not answer; see journalctl -u vybor-{name}, or where `vybor up` runs")
        elif not health.troubles:
            yield _ok(f"{name}: it runs")
        else:
            yield from (_trouble(f"{name}: {notice.trouble}: {notice.detail}") for notice in health.troubles)


# --- the words ------------------------------------------------------------------------------------------------


def _ok(text: str) -> Finding:
    return Finding(Mark.OK, text)


def _note(text: str) -> Finding:
    return Finding(Mark.NOTE, text)


def _trouble(text: str) -> Finding:
    return Finding(Mark.TROUBLE, text)


def _program(machine: Machine, what: str, name: str, remedy: str) -> Finding:
    if machine.has_program(name):
        return _ok(f"{what}: {name}")
    return _trouble(f"{what}: the program {name} is not there; {remedy}")


def _module(machine: Machine, what: str, name: str, remedy: str) -> Finding:
    if machine.has_module(name):
        return _ok(f"{what}: Python's {name} is there")
    return _trouble(f"{what}: Python's {name} is missing; {remedy}")


def _device(machine: Machine, what: str, path: str, group: str) -> Finding:
    device = machine.at(path)
    if not device.exists():
        return _trouble(f"{what}: there is no {path}; plug it in, or mend the settings")
    if not os.access(device, os.R_OK | os.W_OK):
        return _trouble(f"{what}: {path} may not be opened; add this user to the group {group} and log in again")
    return _ok(f"{what}: {path}")


def _nearest(folder: Path) -> Path:
    """The folder, or the one nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
