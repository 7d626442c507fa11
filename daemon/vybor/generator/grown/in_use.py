"""Which whole model is loaded and which adapter it wears: written down before either is loaded."""

from pathlib import Path

from vybor.contracts.messages import GrownState, Trouble
from vybor.generator.grown.kept_shelf import KeptShelf
from vybor.grown import pairs, shelf
from vybor.grown.folder import Folder
from vybor.grown.versions import FACTORY, Shelf, Version


class InUse:
    """The shelf of one kit, and what this process has loaded of it."""

    def __init__(self, folder: Folder, boot: str, model: Path) -> None:
        """`model`: where the model as it came lies. The last start is judged."""
        self._folder = folder
        self._boot = boot
        self._model = model
        self._kept = KeptShelf(folder, boot)
        self._begun = FACTORY
        """The adapter that this process has put on…"""
        self._loaded = FACTORY
        """…and the whole model that it has loaded, or is about to."""

    @property
    def shelf(self) -> Shelf:
        """Which versions there are, and how far each is."""
        return self._kept.now

    @property
    def worn(self) -> int:
        """The serial of the adapter that is to be worn."""
        return self.shelf.worn

    @property
    def revision(self) -> int:
        """Rises when what is worn is to be put on anew, though it is the same."""
        return self._kept.revision

    @property
    def model(self) -> int:
        """The serial of the whole model that is to be loaded; FACTORY: the model as it came."""
        version = self.shelf.standing
        return FACTORY if version is None or self._waits_for_room(version, self._loaded) else version.serial

    @property
    def place(self) -> Path:
        """Where the model lies that is loaded."""
        return self._folder.files(self._loaded) if self._loaded else self._model

    def begin_model(self, now_ns: int) -> int:
        """Which model to load now (it lies at `place`): that it will be is on the disk."""
        version = self.shelf.version(self.model)
        self._loaded = version.serial if version and self._is_begun(version, now_ns) else FACTORY
        return self._loaded

    def model_lost(self, reason: str, now_ns: int) -> None:
        """The whole model cannot be loaded."""
        self._kept.roll_back(Trouble.GROWN_LOST, reason, now_ns, self._loaded)

    def begin(self, base: str, now_ns: int) -> Path | None:
        """What to wear now; that it will be is on the disk. None: nothing."""
        if self._loaded != self.shelf.model:
            return None  # it goes with the model that is to be loaded
        while (version := self.shelf.wearing) and version.base != base:
            reason = f"it was made for the weights {version.base[:12]}, and the kit's model is another one now"
            self._kept.roll_back(Trouble.GROWN_OTHER_BASE, reason, now_ns, version.serial)
        answers = self._answerable
        is_begun = answers is not None and self._is_begun(answers, now_ns)
        if version is None or (version == answers and not is_begun):
            return None
        self._begun = version.serial
        return self._folder.files(version.serial)

    def failed(self, reason: str, now_ns: int) -> None:
        """The model cannot wear it."""
        self._kept.roll_back(Trouble.GROWN_LOST, reason, now_ns, self.shelf.worn)

    def model_failed(self, reason: str, now_ns: int) -> None:
        """The network failed at work: that counts as if the process had ended, since the model is loaded anew."""
        self._kept.change(shelf.judged(self.shelf, self._boot, f"{reason},"), now_ns)

    @property
    def _answerable(self) -> Version | None:
        """Who answers for what is in use."""
        return self.shelf.version(pairs.answerable(self.shelf))

    def _is_begun(self, version: Version, now_ns: int) -> bool:
        """Whether it is on the disk that this one is loaded; if not, it is tried again when there is room."""
        run, before = self.shelf.run, self.shelf
        if run and run.serial == version.serial and version.serial in (self._begun, self._loaded):
            return True
        self._kept.change(shelf.begun(before, self._boot, version.serial), now_ns)
        if self._waits_for_room(version, FACTORY):
            self._kept.now = before
            return False
        return True

    def _waits_for_room(self, version: Version, loaded: int) -> bool:
        """One on trial is not loaded before that can be written down; a good one is."""
        is_new = version.state is GrownState.ON_TRIAL and loaded != version.serial
        return bool(self._kept.unwritten) and is_new
