"""`vybor log delete`: what is meant, whether it is, and what became of it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from vybor.commands import asking
from vybor.commands.records.rows import Said, kept, said_in, understood
from vybor.contracts import messages as m
from vybor.contracts.messages import Scope
from vybor.foundation.clock import Clock
from vybor.foundation.errors import Missing
from vybor.utterances.belonging import Sentences, Speaking

YES = ("yes", "да")
LAST = "last"
EVERYTHING = (
    "everything that was ever chosen and said, what the model learned, the phrases and words that are kept, the "
    "looks, how the EEG usually is"
)


def wished(utterance: str, day: str, runtime: Path, clock: Clock) -> tuple[m.Erase, str]:
    """What is to be deleted, and in words. Raises Missing for a sentence that is not there, or without a kit."""
    if day:
        return m.Erase(request="", scope=Scope.DAY, day=day), f"all that was chosen and said on {day}"
    if not utterance:
        return m.Erase(request="", scope=Scope.EVERYTHING), EVERYTHING
    with asking.reached("journal", "log", runtime, clock) as journal:
        rows = (row for _, row in kept(journal))
        one = (
            last(rows) if utterance == LAST else named([said for row in rows if (said := said_in(row))], utterance)
        )
    erase = m.Erase(request="", scope=Scope.UTTERANCE, session=one.session, number=one.number)
    return erase, f"“{one.text}”"


def last(rows: Iterable[m.KeptRow]) -> Said:
    """What was said last and not taken back. Raises Missing if nothing was."""
    sentences, said = Sentences(), dict[Speaking, Said]()
    for row in rows:
        decision = understood(row)
        if isinstance(decision, m.Decision):
            sentences.tell(decision, (row.boot, row.sequence))
        if one := said_in(row):
            said[Speaking(one.session, one.number)] = one
    found = sentences.last_spoken()
    if found is None:
        raise Missing("nothing was said that was not taken back; there is nothing to delete")
    return said[found.spoken[-1]]


def named(said: Sequence[Said], name: str) -> Said:
    """The sentence of this name. Raises Missing if there is none, or if several begin so."""
    session, colon, number = name.rpartition(":")
    found = [one for one in said if colon and str(one.number) == number and one.session.startswith(session)]
    if not found or not session:
        raise Missing(f"there is no sentence {name}; `vybor log show` has their names, or say last")
    if len(found) > 1:
        raise Missing(
            f"{len(found)} sentences are called {name}…; name more letters of it, as `vybor log show` has it"
        )
    return found[0]


def is_meant(what: str, read: Callable[[], str], say: Callable[[str], None]) -> bool:
    """Ask; anything but a yes is a no."""
    say(f"to be deleted for ever: {what}. Type yes to go on")
    return read().strip().casefold() in YES


def deleted(wish: m.Erase, runtime: Path, clock: Clock, say: Callable[[str], None], patience_s: float) -> str:
    """Have the kit do it. Raises Missing if it is refused, or not done everywhere."""
    with asking.reached("core", "log", runtime, clock) as core:
        reply = core.told(msgspec.structs.replace(wish, request=core.new_request()), say, patience_s)
    if not isinstance(reply, m.Erased):
        raise Missing("the kit is of another version; start it again")
    return told(reply, wish.scope)


def told(erased: m.Erased, scope: m.Scope) -> str:
    """What is gone."""
    if not erased.rows and scope is m.Scope.EVERYTHING:
        done = "the record was empty; phrases, looks, how the EEG usually is and all that was learned are deleted"
    elif not erased.rows:
        done = "there was nothing to delete"
    else:
        done = f"deleted: sentences spoken: {erased.sentences}, rows of the record: {erased.rows}"
    if erased.aside:
        aside = ", ".join(erased.aside)
        done += f"\ndamaged records were set aside and may hold some of it: {aside}; --everything removes them"
    if erased.is_stale:
        done += (
            "\nthe model has learned from it and goes on with that: sync and retrain it on the workstation, "
            "or take off what it learned (`vybor model use factory`)"
        )
    return done
