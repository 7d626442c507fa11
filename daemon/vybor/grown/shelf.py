"""Which versions there are, which one is worn, how far it is: what is on the disk before anything is loaded. Pure.

A version that the workstation sent goes this way; each step is written down before it is taken:

    trying      it lies on the kit, and a process of its own looks at it; if that fails: refused
    on trial    it is worn, and counted are starts, choices, and how many of those were taken back
    good        enough of them, and no more taken back than before; else: rolled back

A version is an adapter or a whole model. Serial 0 is the model as it came. Behind what is worn stands the one
before it that was good, and behind all of them the model as it came; which adapter goes with which model is said
in pairs.py. Order is the serial's alone: no clock decides anything.
"""

from collections.abc import Iterable

import msgspec

from vybor.bundles.manifest import OF_NOBODY
from vybor.contracts.messages import Became, GrownState, Trouble
from vybor.grown import pairs
from vybor.grown.counting import Counted, become_usual, begun_anew
from vybor.grown.pairs import answerable, is_model
from vybor.grown.versions import FACTORY, Passed, Place, Run, Shelf, Telling, Version

MOST_TRIES = 2
"""So often a version is looked at; if the kit ends within each, it is refused."""
MOST_CRASHES = 2
"""On trial, after it had worked; before it has answered once is enough."""
MOST_CRASHES_OF_GOOD = 3
"""One behind the other, without an answer between them: then it may have rotted."""
MOST_KEPT = 3
"""Adapters whose files stay beside the one that is worn: 3 MB each."""
MOST_MODELS_KEPT = 1
"""The same of whole models: from 150 MB to some gigabytes each."""
MOST_PASSED = 8
ENDED = "the language model's process ended without warning"
OLD_TEXT = "it learned from text of which something has been deleted since; sync, then retrain and publish again"

# --- a bundle comes -------------------------------------------------------------------------------------------


def came(shelf: Shelf, version: Version) -> Shelf:
    """It lies on the disk, unpacked, and is to be tried."""
    others = tuple(one for one in shelf.versions if one.serial != version.serial)
    shelf = msgspec.structs.replace(shelf, highest=max(shelf.highest, version.serial), versions=others)
    return _with(shelf, version)


def refused(shelf: Shelf, passed: Passed) -> Shelf:
    """A file is no bundle that the kit may use."""
    shelf = msgspec.structs.replace(shelf, passed=(*shelf.passed, passed)[-MOST_PASSED:])
    return _tell(shelf, Became(serial=passed.serial, state=GrownState.REFUSED, reason=passed.reason))


def try_it(shelf: Shelf, serial: int) -> Shelf:
    """It is about to be looked at once more; or it was often enough."""
    version = shelf.version(serial)
    if version is None:
        return shelf
    if version.tries >= MOST_TRIES:
        return failed_trying(shelf, serial, "each time that it was tried, the kit ended within")
    return _with(shelf, msgspec.structs.replace(version, tries=version.tries + 1))


def not_tried(shelf: Shelf, serial: int) -> Shelf:
    """It was not looked at after all: nothing was wanting of its own."""
    if (version := shelf.version(serial)) is None or version.state is not GrownState.TRYING:
        return shelf
    return _with(shelf, msgspec.structs.replace(version, tries=max(0, version.tries - 1)))


def failed_trying(shelf: Shelf, serial: int, reason: str) -> Shelf:
    """It is not put on."""
    version = shelf.version(serial)
    if version is None:
        return shelf
    trouble = Trouble.GROWN_REFUSED
    return _with(shelf, msgspec.structs.replace(version, state=GrownState.REFUSED, trouble=trouble, reason=reason))


def overtaken(shelf: Shelf, serial: int) -> Shelf:
    """A newer one came before this one was put on."""
    if (version := shelf.version(serial)) is None:
        return shelf
    return _with(shelf, msgspec.structs.replace(version, state=GrownState.LEFT, reason="a newer one is worn"))


# --- it is worn, and what comes of that -----------------------------------------------------------------------


def put_on(shelf: Shelf, serial: int) -> Shelf:
    """From now on this one is in use, on trial unless it was good before; FACTORY: the model as it came, alone.

    A whole model wears what goes with it; an adapter is worn on the model that it goes with.
    """
    if pairs.is_in_use(shelf, serial) or (serial == FACTORY == shelf.model == shelf.worn):
        return shelf
    version = shelf.version(serial)
    after = _in_use(shelf, version)
    after = msgspec.structs.replace(_put_down(shelf, after), run=None)
    if version is None or version.state is GrownState.GOOD:
        return after
    fresh = msgspec.structs.replace(
        version, state=GrownState.ON_TRIAL, trouble=None, reason="", starts=0, crashes=0, choices=0, undone=0
    )
    return _with(msgspec.structs.replace(after, counted=begun_anew(after.counted)), fresh)


def unwished(shelf: Shelf) -> Shelf:
    """Somebody wants something else now than what is only tried because they wanted that."""
    for version in shelf.versions:
        if version.state is GrownState.TRYING and version.trouble is Trouble.GROWN_LOST:
            shelf = _with(shelf, msgspec.structs.replace(version, state=GrownState.LEFT))
    return shelf


def wished(shelf: Shelf, serial: int) -> Shelf:
    """Somebody wants this one worn: of one that was found again nobody knows whether it was tried; that is first.

    An adapter is tried on the model that it goes with.
    """
    version = shelf.version(serial)
    if version is None or (version.state, version.trouble) != (GrownState.LEFT, Trouble.GROWN_LOST):
        return put_on(shelf, serial)
    model = None if is_model(version) else pairs.model_for(shelf, version)
    if model is not None and model != shelf.model:
        shelf = put_on(shelf, model)
    return _with(shelf, msgspec.structs.replace(version, state=GrownState.TRYING, tries=0))


def begun(shelf: Shelf, boot: str, serial: int | None = None) -> Shelf:
    """One (else whoever answers for what is in use) is about to be loaded, for the first time in this process."""
    serial = answerable(shelf) if serial is None else serial
    if (version := shelf.version(serial)) is None:
        return msgspec.structs.replace(shelf, run=None)
    counted = _with(shelf, msgspec.structs.replace(version, starts=version.starts + 1))
    return msgspec.structs.replace(counted, run=Run(boot=boot, serial=serial))


def proven(shelf: Shelf, identity: str) -> Shelf:
    """It has answered."""
    version, run = at_stake(shelf), shelf.run
    if version is None or run is None:
        return shelf
    crashes = 0 if version.state is GrownState.GOOD else version.crashes
    shelf = _with(shelf, msgspec.structs.replace(version, identity=identity, crashes=crashes))
    return msgspec.structs.replace(shelf, run=msgspec.structs.replace(run, is_proven=True))


def ended(shelf: Shelf) -> Shelf:
    """The process is asked to end, and does."""
    if shelf.run is None:
        return shelf
    return msgspec.structs.replace(shelf, run=msgspec.structs.replace(shelf.run, has_ended=True))


def judged(shelf: Shelf, boot: str, what: str = ENDED) -> Shelf:
    """The next start, before anything is loaded: whether the last one ended well; if not, back to another one.

    A power cut in the middle of work is nobody's fault. One before the first answer may be: somebody may have
    pulled the plug of a kit that hung. `what` happened otherwise.
    """
    version, run = at_stake(shelf), shelf.run
    if version is None or run is None or run.has_ended or (run.is_proven and run.boot != boot):
        return shelf
    on_trial = version.state is GrownState.ON_TRIAL
    crashes = version.crashes + (0 if run.is_proven and not on_trial else 1)
    shelf = _with(msgspec.structs.replace(shelf, run=None), msgspec.structs.replace(version, crashes=crashes))
    most = MOST_CRASHES_OF_GOOD if not on_trial else MOST_CRASHES if run.is_proven else 1
    if crashes < most:
        return shelf
    how = "while it was worn" if run.is_proven else "before it had answered once"
    return rolled_back(shelf, Trouble.GROWN_STOPPED, f"{what} {how}", serial=version.serial)


def at_stake(shelf: Shelf) -> Version | None:
    """Who answers for the loading that is under way; None: there is none, or it is not in use any more."""
    if shelf.run is None:
        return None
    serial = shelf.run.serial or shelf.worn
    return shelf.version(serial) if pairs.is_in_use(shelf, serial) else None


def rolled_back(
    shelf: Shelf, trouble: Trouble | None, reason: str, state: GrownState | None = None, serial: int = FACTORY
) -> Shelf:
    """Take off one (else whoever answers): back to the one before that was good, or the model as it came."""
    version = shelf.version(serial or answerable(shelf))
    if version is None or not pairs.is_in_use(shelf, version.serial):
        return shelf
    after = pairs.without(shelf, version.serial)
    changed = msgspec.structs.replace(after, run=None, counted=begun_anew(shelf.counted))
    state = state or GrownState.ROLLED_BACK
    changed = _with(changed, msgspec.structs.replace(version, state=state, trouble=trouble, reason=reason))
    return _left(changed, shelf.worn)


def behind(shelf: Shelf, serial: int) -> int:
    """What is gone back to from an adapter, on the model that is loaded."""
    return pairs.behind(shelf, serial, shelf.model)


def counted(shelf: Shelf, counts: Counted) -> Shelf:
    """So many choices since it is worn; before it is on trial they are of others."""
    version = shelf.version(answerable(shelf))
    if version is None or version.state is not GrownState.ON_TRIAL:
        return msgspec.structs.replace(shelf, counted=counts)
    since = counts.since
    version = msgspec.structs.replace(version, choices=since.choices, undone=since.undone)
    return msgspec.structs.replace(_with(shelf, version), counted=counts)


def good(shelf: Shelf) -> Shelf:
    """What is on trial has shown that it is good; its words were those of the model that wears it, too."""
    there = [one for one in (shelf.version(answerable(shelf)), shelf.standing) if one]
    if not there:
        return shelf
    shelf = msgspec.structs.replace(shelf, counted=become_usual(shelf.counted))
    for version in there:
        shelf = _with(shelf, msgspec.structs.replace(version, state=GrownState.GOOD, crashes=0))
    return shelf


# --- something was deleted ------------------------------------------------------------------------------------


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What is left of the record, as the journal tells it."""

    kit: str
    deletions: int
    oldest: Place
    newest: Place

    @property
    def is_bare(self) -> bool:
        """Nothing is; one row may say that nothing is to be learned."""
        return self.oldest in ((0, 0), self.newest)


def is_news(shelf: Shelf, left: Left) -> bool:
    """Whether something was deleted that was not heard of yet."""
    return left.deletions > (shelf.deletions if shelf.kit in ("", left.kit) else 0)


def gone_from(version: Version, left: Left) -> bool:
    """Whether all that it learned from is deleted: nothing is left from before it came."""
    if _knew(version, left):
        return False
    return left.is_bare or (version.kit == left.kit and left.oldest > version.place)


def _knew(version: Version, left: Left) -> bool:
    """Whether nothing was deleted since it was trained; what it knew of another record's says nothing of this."""
    is_counted = version.kit == left.kit and version.deletions >= left.deletions
    return version.kind in OF_NOBODY or not left.deletions or is_counted


def forgotten(shelf: Shelf, left: Left) -> Shelf:
    """What learned from what is gone is taken off and removed; what learned from some of it is marked."""
    reason = "all that it learned from was deleted"
    for version in reversed(shelf.versions):  # from the newest on: what is gone back to may be gone as well
        if version.state is GrownState.REMOVED or _knew(version, left):
            continue
        if not gone_from(version, left):
            shelf = _with(shelf, msgspec.structs.replace(version, is_stale=True))
        elif version.serial == shelf.worn:
            shelf = rolled_back(shelf, None, reason, GrownState.REMOVED, version.serial)
        else:
            removed = msgspec.structs.replace(version, state=GrownState.REMOVED, trouble=None, reason=reason)
            shelf = _with(shelf, removed)
    return msgspec.structs.replace(shelf, deletions=left.deletions, kit=left.kit)


# --- what is kept, and told -----------------------------------------------------------------------------------


def surplus(shelf: Shelf) -> tuple[int, ...]:
    """Versions whose files nobody needs any more."""
    useless = (GrownState.REFUSED, GrownState.REMOVED)
    there = [one for one in shelf.versions if one.has_files and not pairs.is_in_use(shelf, one.serial)]
    gone = [one.serial for one in there if one.state in useless]
    spare = [one for one in there if one.state not in (*useless, GrownState.TRYING)]
    behind = pairs.all_behind(shelf)  # what is gone back to is the last that goes
    spare.sort(key=lambda one: (one.serial in behind, one.serial))
    adapters = [one.serial for one in spare if not is_model(one)]
    models = [one.serial for one in spare if is_model(one)]
    return (*gone, *adapters[:-MOST_KEPT], *models[:-MOST_MODELS_KEPT])


def without_files(shelf: Shelf, serials: Iterable[int]) -> Shelf:
    """Their files are removed."""
    gone = set(serials)
    left = (msgspec.structs.replace(one, has_files=False) if one.serial in gone else one for one in shelf.versions)
    return msgspec.structs.replace(shelf, versions=tuple(left))


def was_told(shelf: Shelf, name: str) -> Shelf:
    """The record has it."""
    return msgspec.structs.replace(shelf, tellings=tuple(one for one in shelf.tellings if one.name != name))


def became(version: Version) -> Became:
    """What became of it so far."""
    return Became(
        serial=version.serial,
        state=version.state,
        reason=version.reason,
        growth=version.growth,
        base=version.base,
        starts=version.starts,
        choices=version.choices,
        undone=version.undone,
        is_stale=version.is_stale,
    )


def _in_use(shelf: Shelf, version: Version | None) -> Shelf:
    """What is loaded and worn once this is put on."""
    if version is None:
        return msgspec.structs.replace(shelf, model=FACTORY, worn=FACTORY)
    if is_model(version):
        return pairs.with_model(shelf, version.serial)
    model = pairs.model_for(shelf, version)
    return msgspec.structs.replace(shelf, model=shelf.model if model is None else model, worn=version.serial)


def _put_down(before: Shelf, after: Shelf) -> Shelf:
    """What was in use until now, and is no more, is not at fault."""
    return _left(_left(after, before.worn), before.model)


def _left(shelf: Shelf, serial: int) -> Shelf:
    """A version that is not in use, if it ever was: on trial any more it is not."""
    version = shelf.version(serial)
    if version is None or pairs.is_in_use(shelf, serial) or version.state is not GrownState.ON_TRIAL:
        return shelf
    return _with(shelf, msgspec.structs.replace(version, state=GrownState.LEFT, reason="another one is worn"))


def _with(shelf: Shelf, version: Version) -> Shelf:
    """With this version as it is now; the record hears of it where that is news."""
    before = shelf.version(version.serial)
    versions = tuple(one for one in shelf.versions if one.serial != version.serial)
    shelf = msgspec.structs.replace(shelf, versions=_in_order((*versions, version)))
    if before and (before.state, before.is_stale) == (version.state, version.is_stale):
        return shelf
    return _tell(shelf, became(version))


def _tell(shelf: Shelf, became_now: Became) -> Shelf:
    telling = Telling(name=f"{shelf.identity}-{shelf.told + 1}", became=became_now)
    return msgspec.structs.replace(shelf, told=shelf.told + 1, tellings=(*shelf.tellings, telling))


def _in_order(versions: Iterable[Version]) -> tuple[Version, ...]:
    return tuple(sorted(versions, key=lambda one: one.serial))
