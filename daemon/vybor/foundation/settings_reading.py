"""Reading the file of settings: what of it can be understood, and a sentence for each thing that cannot."""

import itertools
import re
import tomllib
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import msgspec

from vybor.foundation import small_files
from vybor.foundation.errors import SettingsError
from vybor.foundation.eyetracker_settings import EyetrackerSettings, TrackerKind
from vybor.foundation.gaze_settings import GazeSource
from vybor.foundation.headband_settings import LEAST_HOLD_S, Board, HeadbandSettings
from vybor.foundation.kinds import Wrong, without, wrong_in
from vybor.foundation.settings import BrowserSettings, PanelSettings, PanelUse, ScanUse, Settings, SyncSettings
from vybor.foundation.settings_told import not_toml, place, remedy

LARGEST_BYTES = 100_000
"""Of a file of settings; the documented one is a twentieth of it."""
BLUETOOTH = re.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)


class Understood(msgspec.Struct, frozen=True):
    """Settings that can always be run with, and a sentence for each thing that is not as it was written."""

    settings: Settings
    problems: tuple[str, ...] = ()


def load(path: Path | None) -> Settings:
    """Read settings; without a path, the defaults.

    Raises SettingsError with the file, the line and what would be right.
    """
    return _strict(understood(path))


def parse(text: str, name: str) -> Settings:
    """Read settings from TOML text; `name` stands in errors. Raises SettingsError."""
    return _strict(understood_text(text, name))


def understood(path: Path | None) -> Understood:
    """What of a file can be understood: for a wrong key its default holds; for a file that is none, all do."""
    if path is None:
        return Understood(Settings())
    try:
        text = small_files.read(path, LARGEST_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        problem = f"the settings {path} are not UTF-8 text; write them anew, or `vybor config undo`"
    except OSError as error:
        problem = f"the settings {path} cannot be read ({error.strerror}); {remedy(error)}"
    else:
        return understood_text(text, str(path))
    return Understood(Settings(), (problem,))


def understood_text(text: str, name: str) -> Understood:
    """What of a TOML text can be understood; `name` stands in the sentences."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Understood(Settings(), (not_toml(error, text, name),))
    found: list[Wrong] = []
    for wrong in wrong_in(table, Settings):
        found.append(wrong)
        table = without(table, wrong.keys)
    settings = msgspec.convert(table, Settings)
    wrongs = (
        no_way_to_choose(settings),
        no_headband_so(settings.headband),
        no_tracker_so(settings.eyetracker),
        no_way_in(settings.sync),
        no_page(settings),
        no_page_that_looks(settings),
    )
    for wrong in itertools.chain.from_iterable(wrongs):
        found.append(wrong)
        section, key = wrong.keys
        usual = {key: getattr(getattr(Settings(), section), key)}
        settings = msgspec.structs.replace(
            settings, **{section: msgspec.structs.replace(getattr(settings, section), **usual)}
        )
    return Understood(settings, tuple(f"{place(wrong.keys, text, name)}: {wrong.sentence}" for wrong in found))


def no_way_to_choose(settings: Settings) -> Iterator[Wrong]:
    """Whether the settings leave nothing with which a choice could be confirmed."""
    ways = settings.commit
    no_headband = settings.headband.board is Board.NONE
    if ways.scan is ScanUse.ALWAYS and not ways.switch and (no_headband or not ways.biosignal):
        yield Wrong(
            ("commit", "scan"),
            "is always, and there is no switch and no signal to take what is lit; set commit.switch to true",
        )
    if ways.pad or ways.switch:
        return
    if no_headband:
        yield Wrong(
            ("commit", "pad"), "and switch are false and there is no headband: nothing could be chosen; set one"
        )
    elif not ways.biosignal:
        yield Wrong(
            ("commit", "pad"),
            "and switch and commit.biosignal are false: nothing could be chosen; set one to true",
        )


def no_headband_so(headband: HeadbandSettings) -> Iterator[Wrong]:
    """What of a headband could never be found, and a call for help that could never be told from a choice."""
    if headband.address and not BLUETOOTH.fullmatch(headband.address):
        yield Wrong(
            ("headband", "address"),
            f'is no Bluetooth address, such as "00:55:DA:B5:1A:2B", but "{headband.address}"; '
            "`vybor headband scan` says which there are",
        )
    if headband.serial_port not in ("", "auto") and not headband.serial_port.startswith("/"):
        yield Wrong(
            ("headband", "serial_port"),
            f'is no port, such as "/dev/ttyUSB0", nor "auto", but "{headband.serial_port}"; '
            "`vybor headband scan` says which there are",
        )
    if 0 < headband.help_clench_s < LEAST_HOLD_S:
        yield Wrong(
            ("headband", "help_clench_s"),
            f"is {headband.help_clench_s:g}, and a clench that chooses lasts nearly as long; "
            f"set {LEAST_HOLD_S:g} or more, or 0: never",
        )


def no_tracker_so(tracker: EyetrackerSettings) -> Iterator[Wrong]:
    """What of an eye tracker could never be followed."""
    if tracker.kind in (TrackerKind.OPENFACE, TrackerKind.RECORDING) and not tracker.where.startswith("/"):
        yield Wrong(
            ("eyetracker", "where"),
            f'is no path that begins with /, but "{tracker.where}", and eyetracker.kind is {tracker.kind}; '
            "name the file",
        )
    for key, other in (("width_px", "height_px"), ("height_px", "width_px")):
        if getattr(tracker, key) and not getattr(tracker, other):
            yield Wrong(("eyetracker", key), f"is set and {other} is not; set both, or neither")


def no_page_that_looks(settings: Settings) -> Iterator[Wrong]:
    """Whether looks are to come from a page that there is none of, or that has nothing to follow eyes with."""
    browser = settings.browser
    if settings.gaze.source is not GazeSource.EYETRACKER or settings.eyetracker.kind is not TrackerKind.WEBGAZER:
        return
    if browser.listen is PanelUse.OFF:
        yield Wrong(("eyetracker", "kind"), "is webgazer, and browser.listen is off; set that to here")
    elif not browser.webgazer.startswith("/"):
        yield Wrong(
            ("eyetracker", "kind"),
            "is webgazer, and browser.webgazer names no folder with a path that begins with /; "
            "`vybor browser --webgazer` says how to fetch it",
        )


def no_way_in(sync: SyncSettings) -> Iterator[Wrong]:
    """Whether nobody could listen where the workstation comes in; of two ports the one whose default mends it."""
    yield from _no_address("sync", sync.address)
    if sync.port == sync.pairing_port:
        usual = SyncSettings()
        key, other = ("port", "pairing_port") if sync.port == usual.pairing_port else ("pairing_port", "port")
        yield Wrong(
            ("sync", key), f"is {sync.port}, as sync.{other} is: both cannot listen there; set another one"
        )


def no_page(settings: Settings) -> Iterator[Wrong]:
    """Whether nobody could listen where a page of the kit is to be."""
    taken = {settings.sync.port: ("sync", "port"), settings.sync.pairing_port: ("sync", "pairing_port")}
    for section, usual in (("panel", PanelSettings().port), ("browser", BrowserSettings().port)):
        page: PanelSettings | BrowserSettings = getattr(settings, section)
        yield from _no_address(section, page.address)
        if other := taken.get(page.port):
            keys, mends = ((section, "port"), ".".join(other))
            if page.port == usual:  # the other one left its own
                keys, mends = other, f"{section}.port"
            yield Wrong(keys, f"is {page.port}, as {mends} is: both cannot listen there; set another one")
        taken.setdefault(page.port, (section, "port"))


def _no_address(section: str, address: str) -> Iterator[Wrong]:
    if address:
        try:
            ip_address(address)
        except ValueError:
            yield Wrong((section, "address"), f'is no address in numbers, such as "192.168.1.20", but "{address}"')


def _strict(read: Understood) -> Settings:
    if read.problems:
        raise SettingsError(read.problems[0])
    return read.settings
