"""The settings of `deploy/demo`: what its person changed stays; what an option asks for is written.

    python -m world.demo_settings FILE [--camera] [--recording FILE] [--dongle PORT] [--browser]

Beside the file lies what was written there by the demo itself: as long as a value is still that, it is the demo's
to change, so that an option holds for one time alone.
"""

import argparse
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
import tomlkit

from vybor.commands.settings import configuring
from vybor.foundation import ending, small_files

WRITTEN = "written.json"
SOURCE, BOARD, PORT, RECORDING = "gaze.source", "headband.board", "headband.serial_port", "headband.recording"
LISTEN = "browser.listen"
NAMES = (SOURCE, BOARD, PORT, RECORDING, LISTEN)
Values = Mapping[str, str]


def wanted(*, camera: bool, recording: str, dongle: str, browser: bool = False) -> dict[str, str]:
    """What the demo would have by itself, and by its options. Pure."""
    board = "recording" if recording else "cyton" if dongle else "none"
    listen = "here" if browser else "off"
    source = "camera" if camera else "pointer"
    return {SOURCE: source, BOARD: board, PORT: dongle, RECORDING: recording, LISTEN: listen}


def asked(*, camera: bool, recording: str, browser: bool = False) -> set[str]:
    """What of that an option asks for. Pure."""
    by_recording = {BOARD, RECORDING} if recording else set()
    return ({SOURCE} if camera else set()) | by_recording | ({LISTEN} if browser else set())


def to_write(found: Values, written: Values, wish: Values, by_option: Collection[str]) -> dict[str, str]:
    """What is missing, asked for, or still as the demo wrote it; never what a person has changed. Pure."""
    return {
        name: value
        for name, value in wish.items()
        if name not in found or (found[name] != value and (name in by_option or found[name] == written.get(name)))
    }


def _found(file: Path) -> dict[str, str]:
    content = configuring.read(file)
    told = tomlkit.parse(content.decode()) if content else {}
    sections = {name: told.get(name.partition(".")[0], {}) for name in NAMES}
    keys = {name: name.partition(".")[2] for name in sections}
    return {name: str(its[keys[name]]) for name, its in sections.items() if keys[name] in its}


def _written(note: Path, found: Values) -> dict[str, str]:
    """Without a note the file is of an earlier demo, which wrote all of it."""
    try:
        return msgspec.json.decode(note.read_bytes(), type=dict[str, str])
    except (FileNotFoundError, msgspec.DecodeError):
        return dict(found)


def settle(file: Path, wish: Values, by_option: Collection[str]) -> None:
    """Let the file be as it is to be. Raises SettingsError, PlaceError."""
    configuring.put_together(file, {})  # it must be one that holds
    note, found = file.with_name(WRITTEN), _found(file)
    written = _written(note, found)
    changes = to_write(found, written, wish, by_option)
    if changes:
        configuring.put_together(file, changes)
    small_files.write_bytes(note, msgspec.json.encode({**written, **changes}), 0o600)


def main() -> int:
    """Read the command line, and settle the file."""
    parser = argparse.ArgumentParser(prog="deploy/demo")
    parser.add_argument("file", type=Path)
    parser.add_argument("--camera", action="store_true")
    parser.add_argument("--recording", default="")
    parser.add_argument("--dongle", default="")
    parser.add_argument("--browser", action="store_true")
    parsed = parser.parse_args()
    wish = wanted(camera=parsed.camera, recording=parsed.recording, dongle=parsed.dongle, browser=parsed.browser)
    by_option = asked(camera=parsed.camera, recording=parsed.recording, browser=parsed.browser)

    def run() -> int:
        settle(parsed.file, wish, by_option)
        return 0

    return ending.exit_code("demo", run)


if __name__ == "__main__":
    sys.exit(main())
