"""What `sync` and the generator ask of the journal, and what they are told: what leaves, for whom, from whom."""

from vybor.contracts import messages as m
from vybor.journal.sealing import Sealing
from vybor.journal.store import Store
from vybor.segments.segment import is_key


def done(sealing: Sealing, command: m.Leave) -> m.Leaving | m.Refused:
    """Do what is asked, and tell. Raises database.Error."""
    leaving = sealing.leaving
    if command.pair and not is_key(command.pair.seals_to):
        return m.Refused(request=command.request, reason="nothing can be sealed to the key of that workstation")
    if command.pair:
        leaving.pair(command.pair.name, command.pair.seals_to, command.pair.verifies_with)
    if command.unpair:
        leaving.unpair()
    if command.agree is not None:
        leaving.agree(command.agree)
    if command.pair or command.unpair or command.agree is not None:
        sealing.tidy_now()
    if command.seal:
        sealing.ask()
    refused = sealing.received(command.receipt) if command.receipt else ""
    return m.Leaving(
        request=command.request,
        kit=sealing.kit,
        verifies_with=sealing.verifies_with,
        sharing=sharing(sealing),
        refused=refused,
    )


def sharing(sealing: Sealing) -> m.Sharing:
    """How what leaves stands."""
    paired = sealing.leaving.paired()
    if paired is None:
        return m.Sharing()
    waiting, unsealed = sealing.leaving.unfetched(), sealing.unsealed(paired)
    return m.Sharing(
        workstation=paired.name,
        agreed=paired.agreed,
        rows=unsealed + sum(one.rows for one in waiting if paired.agreed),  # else deletions, which are among them
        unsealed=unsealed,
        segments=sealing.waiting(),
        synced_at=paired.synced_at,
    )


def paired(store: Store, request: str) -> m.Paired:
    """Whose bundles this kit takes, and what of the record is left. Raises database.Error."""
    known = store.leaving.paired()
    return m.Paired(
        request=request,
        kit=store.kit,
        workstation=known
        and m.Workstation(name=known.name, seals_to=known.seals_to, verifies_with=known.verifies_with),
        deletions=store.epoch,
        oldest=store.oldest,
        newest=store.newest,
    )
