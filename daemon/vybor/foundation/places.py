"""The folders of the kit. systemd names them in its units; elsewhere the XDG folders are used."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vybor.foundation.errors import PlaceError

# sun_path holds 108 bytes with its end; the longest name under `runtime` is `generator.commands`.
PACKAGED = Path("/usr/share/vybor")
"""What the package vybor-factory-model brings."""
GROWN = "grown"
LONGEST_RUNTIME = 107 - len("/generator.commands")


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where things lie."""

    runtime: Path
    """Sockets and locks; empty after a restart of the machine."""
    state: Path
    """What must never be lost: the journal, the kept looks."""
    share: Path
    """What can be built again: `model/`, `words-en.sqlite`, `face_landmarker.task`, the help call."""
    apart: Path | None = None
    """The outbox, where it lies in no process's own folder: the journal writes it, `sync` reads it."""
    sysfs: Path = Path("/sys")
    """What the kernel tells of the machine."""
    came: Path | None = None
    """`arrived`, where it lies in no process's own folder: `sync` writes it, the generator reads it."""

    @property
    def model(self) -> Path:
        """The bundle of the language model."""
        return self.share / "model"

    def words(self, language: str) -> Path:
        """The base word list of a language."""
        return self.share / f"words-{language}.sqlite"

    @property
    def landmarker(self) -> Path:
        """MediaPipe's face landmarker."""
        return self.share / "face_landmarker.task"

    def help_call(self, language: str) -> Path:
        """The pre-rendered call for help."""
        return self.share / f"help-{language}.wav"

    @property
    def journal(self) -> Path:
        """The journal's database."""
        return self.state / "journal.sqlite"

    def own_words(self, language: str) -> Path:
        """The counts of what the person has said in a language."""
        return self.state / f"own-words-{language}.sqlite"

    def own_phrases(self, language: str) -> Path:
        """The phrases that the person keeps in a language, one a line."""
        return self.state / f"phrases-{language}.txt"

    def given_words(self, language: str) -> Path:
        """The words and names that a carer gave in a language, one a line; it goes where phrases go."""
        return self.state / f"phrases-words-{language}.txt"

    @property
    def fitted(self) -> Path:
        """What the person accepted on the screen after a fitting."""
        return self.state / "fitting.json"

    @property
    def usual_eeg(self) -> Path:
        """How the wearer's EEG usually is, which engagement is held against; no sample of it."""
        return self.state / "engagement.json"

    @property
    def owed(self) -> Path:
        """Which deletions were begun and are not done everywhere; no text stands in it."""
        return self.state / "owed.json"

    @property
    def wishes(self) -> Path:
        """Whether nothing is to be learned, and whether the person rests; no text stands in it."""
        return self.state / "wishes.json"

    @property
    def flicker(self) -> Path:
        """Who confirmed that tiles may flicker, and what trials found; no text stands in it."""
        return self.state / "flicker.json"

    @property
    def outbox(self) -> Path:
        """Sealed segments that wait for the workstation."""
        return self.apart or self.state / "outbox"

    @property
    def arrived(self) -> Path:
        """Bundles of the workstation, by their numbers: whole files, of which nobody has checked anything."""
        return self.came or self.state / "arrived"

    @property
    def sync(self) -> Path:
        """The keys that a workstation comes in with, and what it sends."""
        return self.state / "sync"

    @property
    def browser(self) -> Path:
        """The key of the page that is the display, and its certificate."""
        return self.state / "browser"

    @property
    def browser_link(self) -> Path:
        """How that page is opened, while it can be."""
        return self.runtime / "browser.link"

    @property
    def panel(self) -> Path:
        """The certificate of the carer's page."""
        return self.state / "panel"

    @property
    def grown(self) -> Path:
        """What the model learned from its person: the versions that came, and which one is worn."""
        return self.state / GROWN

    @property
    def frames(self) -> Path:
        """What makes sentences from key words: the same of that."""
        return self.state / "frames"

    @property
    def topics(self) -> Path:
        """The generator's index of topic documents."""
        return self.state / "topics.sqlite"

    def folder_of(self, process: str, *names: str) -> Path | None:
        """Where a process keeps any of these, for whoever is not that process; None: they are not there.

        systemd gives each process a folder of its own below `state`. Raises PermissionError where this user may
        not look.
        """
        for folder in (self.state, self.state / process):
            if any(_is_there(folder / name) for name in names):
                return folder
        return None


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        raise
    except OSError:
        return False
    return True


def how_to_get(path: Path) -> str:
    """The remedy for a file of `share` that is missing or damaged: on an installed kit a package brings it."""
    if path.parent.name == GROWN:
        return "publish it again on the workstation (`vybor-workshop publish`)"
    if path.is_relative_to(PACKAGED):
        return "get it with `sudo apt install --reinstall` and the package vybor-factory-model"
    return "make it with `vybor-workshop share --out FOLDER` and name that folder with --share"


def default_places(environ: Mapping[str, str]) -> Places:
    """Places from systemd's variables, else from XDG's, else from XDG's defaults."""
    home = Path(environ.get("HOME", "/"))

    def place(systemd: str, xdg: str, otherwise: Path) -> Path:
        if named := environ.get(systemd):
            return Path(named.partition(":")[0])
        return Path(environ.get(xdg) or otherwise) / "vybor"

    state = place("STATE_DIRECTORY", "XDG_STATE_HOME", home / ".local/state")
    return Places(
        runtime=place("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR", state / "run"),
        state=state,
        share=place("VYBOR_SHARE", "XDG_DATA_HOME", home / ".local/share"),
        apart=Path(environ["VYBOR_OUTBOX"]) if environ.get("VYBOR_OUTBOX") else None,
        sysfs=Path(environ.get("VYBOR_SYSFS") or "/sys"),
        came=Path(environ["VYBOR_ARRIVED"]) if environ.get("VYBOR_ARRIVED") else None,
    )


def usual_settings(environ: Mapping[str, str]) -> Path:
    """Where settings are looked for when none are named: in systemd's folder, else in XDG's."""
    folder = environ.get("CONFIGURATION_DIRECTORY")
    home = Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME", "/")) / ".config")
    return (Path(folder) if folder else home / "vybor") / "vybor.toml"


def settings_file(environ: Mapping[str, str]) -> Path | None:
    """The settings that hold where none are named; None if there is no such file."""
    file = usual_settings(environ)
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return file  # whatever it is: a link into nothing is told, not taken for no settings


def prepare(places: Places, *, writes_state: bool = True) -> None:
    """Make the folders that the kit, or a process that keeps nothing, writes to, for their owner and group alone.

    A state that is there on a card mounted read-only, as one is that wears out, must do: who lives there says what
    cannot be kept, and the person writes on. Raises PlaceError if a folder cannot be made or written to otherwise,
    or if the sockets' path would be too long.
    """
    if len(os.fsencode(places.runtime)) > LONGEST_RUNTIME:
        raise PlaceError(
            f"the folder for sockets, {places.runtime}, has a path of more than {LONGEST_RUNTIME} bytes; "
            "name a shorter one with --runtime"
        )
    for folder in (places.runtime, places.state) if writes_state else (places.runtime,):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o770)
        except OSError as error:
            raise PlaceError(f"the folder {folder} cannot be made ({error.strerror}); name another one") from None
        is_worn = folder == places.state and os.statvfs(folder).f_flag & os.ST_RDONLY
        if not is_worn and not os.access(folder, os.W_OK | os.X_OK):
            raise PlaceError(f"the folder {folder} cannot be written to; mend its owner or name another one")
