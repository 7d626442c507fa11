"""What there is of versions: adapters and whole models that the workstation sent, and what is known of each."""

import msgspec

from vybor.bundles.manifest import Kind
from vybor.contracts.messages import Became, GrownState, Trouble
from vybor.grown.counting import Counted

FACTORY = 0
"""The model as it came; also: nothing is worn on a model."""

Place = tuple[int, int]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One of them."""

    serial: int
    kit: str
    """The kit's number when it came: another record had other places."""
    base: str
    """The hash of the weights that it wants, or that a whole model was built from."""
    kind: Kind = Kind.ADAPTER
    name: str = ""
    """Of a whole model."""
    takes_adapters: bool = False
    """Of a whole model: whether something can be worn on it."""
    growth: int = 0
    deletions: int = 0
    """So many deletions were known when it was trained."""
    place: Place = (0, 0)
    """The last row of the record when it came: it has learned from nothing behind that."""
    at: str = ""
    """When it came, by the kit's calendar: for people."""
    state: GrownState = GrownState.TRYING
    trouble: Trouble | None = None
    """What the screen says of it, where something is wrong."""
    reason: str = ""
    identity: str = ""
    """What the record calls the model that wears it."""
    tries: int = 0
    starts: int = 0
    crashes: int = 0
    choices: int = 0
    undone: int = 0
    is_stale: bool = False
    has_files: bool = True
    """Those of old versions make room."""


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is no bundle that the kit may use: it is looked at once."""

    file: str
    """Its name, size and time."""
    serial: int
    """By its name alone."""
    reason: str
    at: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A loading of what is worn, as it is known so far."""

    boot: str
    """The machine's boot: if it is another one by the next start, the power may have gone."""
    serial: int = FACTORY
    """What is at fault if it ends badly; 0: a kit before this one wrote it, and it is what is worn."""
    is_proven: bool = False
    """It has answered."""
    has_ended: bool = False
    """The process was asked to end."""


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What the record has not got yet."""

    name: str
    became: Became


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    identity: str
    """Made once: names of what is told begin with it."""
    form: int = 1
    versions: tuple[Version, ...] = ()
    model: int = FACTORY
    """The whole model that is loaded…"""
    worn: int = FACTORY
    """…and the adapter that it wears."""
    factory: str = ""
    """The hash of the weights that the model as it came was built from; empty: not known yet."""
    highest: int = 0
    """The highest serial that came, signed: an older one is a thing of the past."""
    deletions: int = 0
    """So often something had been deleted when that was last heard…"""
    kit: str = ""
    """…of the record of this kit: one that was begun anew counts from nought. Empty: nothing was heard yet."""
    run: Run | None = None
    counted: Counted = Counted()
    tellings: tuple[Telling, ...] = ()
    told: int = 0
    """Names that were given out."""
    passed: tuple[Passed, ...] = ()

    def version(self, serial: int) -> Version | None:
        """The version of this serial, if there is one."""
        return next((one for one in self.versions if one.serial == serial), None)

    def highest_of(self, kind: Kind) -> int:
        """The highest serial of a kind that came."""
        return max((one.serial for one in self.versions if one.kind is kind), default=0)

    @property
    def wearing(self) -> Version | None:
        """The adapter that is worn; None: none is."""
        return self.version(self.worn)

    @property
    def standing(self) -> Version | None:
        """The whole model that is loaded; None: the model as it came."""
        return self.version(self.model)
